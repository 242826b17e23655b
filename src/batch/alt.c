/* Beside each film what it shows in a sentence or two, for those who do not see it. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "batch/supervisor.h"
#include "report/parts.h"

/* Written only where the folder does not hold it already: the manifest knows it by its content. */
static int write_alt(struct batch *batch, const char *film, const struct orl_text *text, struct orl_error *err)
{
    struct orl_file_facts facts = {.bytes = (int64_t)text->length};
    struct orl_sha256 hash;
    char *name = orl_asprintf("%s.alt.txt", film);
    if (!name)
        return orl_fail_memory(err);
    orl_sha256_init(&hash);
    orl_sha256_update(&hash, text->data, text->length);
    orl_sha256_final_hex(&hash, facts.sha256);
    struct orl_file_facts found;
    int ret = ORL_OK;
    if (!orl_manifest_has_file(batch->manifest, name, facts.sha256, &found)) {
        ret = orl_folder_write(batch->folder, name, text->data, text->length, err);
        if (ret == ORL_OK)
            ret = orl_manifest_add_file(batch->manifest, name, facts.sha256, &facts, err);
    }
    free(name);
    return ret;
}

/* An output of the film that is there; NULL where none is. */
static const struct orl_report_film *made(const struct orl_layout_of_report *layout, size_t group)
{
    for (size_t i = layout->films.start[group]; i < layout->films.start[group + 1]; i++) {
        const struct orl_report_film *film = &layout->report->films[layout->films.items[i]];
        if (!film->failure)
            return film;
    }
    return NULL;
}

int orl_alt_write(struct batch *batch, const struct orl_report *report, struct orl_error *err)
{
    struct orl_layout_of_report layout = {0};
    struct orl_text text = {0};
    int ret = orl_report_arrange(&layout, report) ? ORL_OK : orl_fail_memory(err);
    for (size_t g = 0; ret == ORL_OK && g < layout.films.count; g++) {
        const struct orl_report_film *film = made(&layout, g);
        if (!film)
            continue;
        orl_text_clear(&text);
        orl_report_alt_append(&text, &layout, film);
        orl_text_putc(&text, '\n');
        ret = text.failed ? orl_fail_memory(err) : write_alt(batch, film->name, &text, err);
    }
    orl_text_uninit(&text);
    orl_report_arrange_uninit(&layout);
    return ret;
}
