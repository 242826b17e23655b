/* The lower third of a report video. */
#include "scene/film/third.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"

#define STANDS_S   1.2 /* seconds */
#define SHARE_MOST 0.5 /* of its part */
/* Of the text's size. */
#define NAME_SIZE 2.0
#define NAME_LOW  1.2 /* where the footer has no room for larger letters */
#define BAR_WIDTH 0.33
#define BAR_GAP   0.8
#define TEXTS_GAP 1.0
#define TALL_FROM 2.5 /* of the footer: lower ones have the small name */
/* Of the name's size. */
#define DOWN       0.22 /* from its baseline to the footer's lower edge */
#define UP         0.36 /* from its baseline to the middle of its capitals */
#define BAR_HEIGHT 1.05

int orl_third_create(struct view *view, size_t number, size_t count, struct orl_error *err)
{
    struct third *third = view->third = orl_calloc(1, sizeof *third);
    double fps = (double)view->fps_num / view->fps_den;
    if (!third || !(third->place = orl_asprintf("run %zu of %zu", number, count)))
        return orl_fail_memory(err);
    third->frames =
        (size_t)fmin(round(STANDS_S * fps), floor(SHARE_MOST * (double)view->pace.frames));
    return ORL_OK;
}

void orl_third_destroy(struct third **third)
{
    if (*third)
        free((*third)->place);
    free(*third);
    *third = NULL;
}

bool orl_third_stands(const struct view *view, size_t frame)
{
    return view->third && frame < view->third->frames;
}

/* A text that is cut where the room ends. Returns its width. */
static double draw_cut(const struct view *view, const char *text, double size, bool bold,
                       struct orl_color color, double x, double y, double room,
                       struct orl_picture *picture)
{
    char *cut = *text && room > size ? orl_letters_fit(view->measure, text, size, bold, room)
                                     : orl_strdup("");
    double width = cut ? orl_letters_width(view->measure, cut, size, bold) : 0.0;
    if (cut && *cut)
        orl_picture_text(picture, x, y, 0.0, size, bold, color, cut);
    picture->failed |= !cut;
    free(cut);
    return width;
}

void orl_third_draw(const struct view *view, struct orl_picture *picture)
{
    const struct orl_film_run *run = &view->runs[0];
    const struct orl_rect *box = &view->footer_box;
    double text = view->size.text,
           name = (box->height >= TALL_FROM * text ? NAME_SIZE : NAME_LOW) * text,
           y = box->y + box->height - DOWN * name, x = box->x + (BAR_WIDTH + BAR_GAP) * text,
           place = orl_letters_width(view->measure, view->third->place, text, false),
           room = box->x + box->width - place - TEXTS_GAP * text - x;
    orl_picture_rect(picture,
                     (struct orl_rect){box->x, y - (UP + 0.5 * BAR_HEIGHT) * name, BAR_WIDTH * text,
                                       BAR_HEIGHT * name},
                     orl_view_style(view, 0)->color);
    double width = draw_cut(view, run->title, name, true, view->theme->ink, x, y, room, picture) +
                   TEXTS_GAP * text;
    draw_cut(view, run->details, text, false, view->theme->muted, x + width, y, room - width,
             picture);
    orl_picture_text(picture, box->x + box->width, y, 1.0, text, false, view->theme->muted,
                     view->third->place);
}
