/* Words of the author's, wrapped. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "scene/panels/panel.h"

#define UNDER       0.05 /* of a line, below the last */
#define WANTS_WIDE  1.3
#define LINE_HEIGHT 1.36 /* of the text size */
enum { LINES_MAX = 60 };

enum { SETTING_TEXT };
static const struct orl_setting text_settings[] = {
    [SETTING_TEXT] = {.name = "text",
                      .type = ORL_SETTING_TEXT,
                      .role = ORL_ROLE_WORDS,
                      .unit = "1",
                      .description = "what it says; a line break begins a new line"},
    {0},
};

struct words {
    char *lines[LINES_MAX]; /* owned */
    size_t count;
    double scale; /* of the text against the film's: alone in a film it is larger where there is
                     room */
};

static void drop_lines(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->lines[i]);
    words->count = 0;
}

static void text_destroy(struct panel *panel)
{
    struct words *words = panel->state;
    if (words)
        drop_lines(words);
    free(words);
    panel->state = NULL;
}

static const char *text_of(const struct panel *panel)
{
    const char *text = panel->values ? panel->values[SETTING_TEXT].text : NULL;
    return text ? text : "";
}

/* Lines that the text takes in a width, LINES_MAX at most; the lines themselves into `words`. */
static size_t wrap_all(const struct view *view, const char *text, double width, struct words *words)
{
    drop_lines(words);
    return words->count = orl_letters_wrap(view->measure, text, view->size.text, false, width,
                                           LINES_MAX, words->lines);
}

static size_t lines_in(const struct view *view, double height)
{
    double room = floor(height / (LINE_HEIGHT * view->size.text));
    return room < 1.0 ? 1 : room > LINES_MAX ? LINES_MAX : (size_t)room;
}

static int text_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    (void)view;
    struct words *words = orl_calloc(1, sizeof *words);
    panel->state = words;
    if (!words)
        return orl_fail_memory(err);
    if (!*text_of(panel))
        return orl_fail(err, ORL_EINPUT, "a text panel needs words: axes: {text: {text: ...}}");
    return ORL_OK;
}

static int text_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    static const double scales[] = {1.4, 1.25, 1.12, 1.0};
    struct words *words = panel->state;
    size_t room = 0;
    for (size_t i = view->panel_count > 1 ? ORL_COUNT(scales) - 1 : 0; i < ORL_COUNT(scales); i++) {
        struct view own = orl_view_with_text(view, words->scale = scales[i]);
        room = lines_in(&own, panel->box.height);
        if (wrap_all(&own, text_of(panel), panel->box.width, words) <= room)
            return words->count ? ORL_OK : orl_fail_memory(err);
    }
    drop_lines(
        words); /* too long for the panel: the last line that has room ends with an ellipsis */
    words->count = orl_letters_wrap(view->measure, text_of(panel), view->size.text, false,
                                    panel->box.width, room, words->lines);
    return words->count ? ORL_OK : orl_fail_memory(err);
}

#define WIDTH_LEAST 11.0 /* in text sizes */
#define WIDTH_MOST  22.0
#define SHAPE       1.7 /* width by height that a text should have */

static void text_wants(const struct view *view, const struct panel *panel, double *width,
                       double *height)
{
    struct words words = {.count = 0};
    double text = view->size.text;
    double whole =
        orl_letters_width(view->measure, text_of(panel), text, false); /* were it one line */
    *width =
        fmin(fmax(sqrt(SHAPE * whole * LINE_HEIGHT * text), WIDTH_LEAST * text), WIDTH_MOST * text);
    *height = LINE_HEIGHT * text * ((double)wrap_all(view, text_of(panel), *width, &words) + UNDER);
    if (view->panel_count == 1) { /* then rather beside the readout than above it */
        *width = WANTS_WIDE * WIDTH_MOST * text;
        *height = view->height;
    }
    drop_lines(&words);
}

static void text_still(const struct view *view, const struct panel *panel,
                       struct orl_picture *picture)
{
    const struct words *words = panel->state;
    double text = words->scale * view->size.text;
    for (size_t i = 0; i < words->count; i++)
        orl_picture_text(picture, panel->box.x,
                         panel->box.y + text * (1.0 + LINE_HEIGHT * (double)i), 0.0, text, false,
                         view->theme->ink, words->lines[i]);
}

static const struct orl_panel_ops text_ops = {
    .create = text_create, .place = text_place, .destroy = text_destroy, .still = text_still};

const struct orl_panel_desc orl_panel_text = {
    .name = "text",
    .title = "Text",
    .description = "words",
    .settings = text_settings,
    .wants = text_wants,
    .whole = true,
    .ops = &text_ops,
};
