/* What a process that reads the files of others and draws may touch. */
#include "batch/guard.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/confine.h"
#include "base/text.h"

/* A database has files beside it. */
static const char *const endings[] = {"", "-wal", "-shm"};

int orl_guard_files(const struct orl_experiment *e, const struct orl_font *font,
                    const char *writable, struct orl_error *err)
{
    const size_t kinds = ORL_COUNT(endings);
    size_t fonts = 0, count = 0;
    while (font && orl_font_file(font, fonts))
        fonts++;
    const char **readable = orl_calloc(e->input_count * kinds + fonts + 1, sizeof *readable);
    char **named = orl_calloc(e->input_count * kinds + 1, sizeof *named);
    bool good = readable && named;
    for (size_t i = 0; good && i < e->input_count * kinds; i++) {
        named[i] = orl_asprintf("%s%s", e->inputs[i / kinds].path, endings[i % kinds]);
        readable[count++] = named[i];
        good = named[i] != NULL;
    }
    for (size_t i = 0; good && i < fonts; i++)
        readable[count++] = orl_font_file(font, i);
    if (good)
        readable[count++] = e->folder;
    if (good)
        (void)orl_confine_files(writable, readable, count);
    for (size_t i = 0; named && i < e->input_count * kinds; i++)
        free(named[i]);
    free(named);
    free(readable);
    return good ? ORL_OK : orl_fail_memory(err);
}
