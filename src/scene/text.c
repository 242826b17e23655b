/* Words of the author's, wrapped. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "scene/wrap.h"

#define LINE_HEIGHT 1.36 /* of the text size */
enum { LINES_MAX = 60 };

static const struct orl_setting text_settings[] = {
    {.name = "text", .type = ORL_SETTING_TEXT, .unit = "1", .description = "what it says; a line break begins a new line"},
    {0},
};

struct words {
    char *lines[LINES_MAX]; /* owned */
    size_t count;
};

static void text_destroy(struct panel *panel)
{
    struct words *words = panel->state;
    for (size_t i = 0; words && i < words->count; i++)
        free(words->lines[i]);
    free(words);
    panel->state = NULL;
}

static int text_create(const struct orl_film *film, struct panel *panel, struct orl_error *err)
{
    struct words *words = orl_calloc(1, sizeof *words);
    const char *text = panel->values ? panel->values[0].text : NULL;
    panel->state = words;
    if (!words)
        return orl_fail_memory(err);
    if (!text || !*text)
        return orl_fail(err, ORL_EINPUT, "a text panel needs words: axes: {text: {text: ...}}");
    double room = floor(panel->box.height / (LINE_HEIGHT * film->size.text));
    words->count = orl_wrap(film, text, film->size.text, false, panel->box.width,
                            room < 1.0         ? 1
                            : room > LINES_MAX ? LINES_MAX
                                               : (size_t)room,
                            words->lines);
    return words->count ? ORL_OK : orl_fail_memory(err);
}

static void text_still(const struct orl_film *film, const struct panel *panel, struct orl_picture *picture)
{
    const struct words *words = panel->state;
    for (size_t i = 0; i < words->count; i++)
        orl_picture_text(picture, panel->box.x, panel->box.y + film->size.text * (1.0 + LINE_HEIGHT * (double)i), 0.0,
                         film->size.text, false, film->theme->ink, words->lines[i]);
}

static void text_moving(const struct orl_film *film, const struct panel *panel, size_t frame, struct orl_picture *picture)
{
    (void)film, (void)panel, (void)frame, (void)picture; /* words stand still */
}

static const struct orl_panel_ops text_ops = {text_create, text_destroy, text_still, text_moving};

const struct orl_panel_desc orl_panel_text = {
    .name = "text",
    .title = "Text",
    .description = "words",
    .settings = text_settings,
    .ops = &text_ops,
};
