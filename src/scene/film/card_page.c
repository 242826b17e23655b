/* The page of the preset card. */
#include "scene/film/card_page.h"

#include <stdlib.h>

#include "scene/film/story.h"

#define PLATE_UP 0.25 /* of the plate above the footer */

/* In text sizes. */
#define HEADING_HEIGHT 2.375
#define HEADING_BASE   1.56
#define HEADING_MARGIN 1.0
#define EDGE           0.75
#define PLATE_HEIGHT   1.6
#define PLATE_PAD      0.5
#define PLATE_BASE     0.52
#define WORD_GAP       0.5
#define PLATE_SHARE    0.94 /* of the page's colour in a plate */

struct orl_rect orl_card_page_place(struct view *view, bool to_the_edge)
{
    double text = view->size.text, top = HEADING_HEIGHT * text, width = view->width,
           height = view->height;
    view->title_box =
        (struct orl_rect){HEADING_MARGIN * text, 0.0, width - 2.0 * HEADING_MARGIN * text, top};
    view->footer_box = (struct orl_rect){EDGE * text, height - (EDGE + PLATE_HEIGHT) * text,
                                         width - 2.0 * EDGE * text, PLATE_HEIGHT * text};
    if (to_the_edge)
        return (struct orl_rect){0.0, top, width, height - top};
    return (struct orl_rect){HEADING_MARGIN * text, top, width - 2.0 * HEADING_MARGIN * text,
                             view->footer_box.y - PLATE_UP * text - top};
}

void orl_card_page_heading(const struct view *view, const char *title, struct orl_picture *picture)
{
    const char *finding = view->story ? view->story->finding : "";
    double size = view->size.title, room = view->title_box.width;
    bool fits = *finding && orl_letters_width(view->measure, finding, size, true) <= room;
    char *line = orl_letters_fit(view->measure, fits ? finding : title, size, true, room);
    if (line && *line)
        orl_picture_text(picture, view->title_box.x, HEADING_BASE * view->size.text, 0.0, size,
                         true, view->theme->ink, line);
    picture->failed |= !line;
    free(line);
}

void orl_card_page_step(const struct view *view, size_t frame, struct orl_picture *picture)
{
    char number[PEOPLE_SIZE], widest[PEOPLE_SIZE];
    double text = view->size.text, x = view->footer_box.x, y = view->footer_box.y,
           word = orl_letters_width(view->measure, "step", text, false);
    double base = y + (PLATE_HEIGHT - PLATE_BASE) * text;
    struct orl_color plate = view->theme->background;
    orl_people_count(number, view->run_count == 1
                                 ? view->runs[0].trace->step[orl_view_row(view, 0, frame)]
                                 : orl_view_step(view, frame));
    orl_people_count(widest, view->pace.to);
    double width = word + (2.0 * PLATE_PAD + WORD_GAP) * text +
                   orl_letters_width(view->measure, widest, text, true);
    plate.a = PLATE_SHARE;
    orl_mark_faint(
        orl_picture_rect(picture, (struct orl_rect){x, y, width, PLATE_HEIGHT * text}, plate));
    orl_picture_text(picture, x + PLATE_PAD * text, base, 0.0, text, false, view->theme->muted,
                     "step");
    orl_picture_text(picture, x + (PLATE_PAD + WORD_GAP) * text + word, base, 0.0, text, true,
                     view->theme->ink, number);
}
