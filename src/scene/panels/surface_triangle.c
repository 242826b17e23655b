/* The step triangle on a surface: what momentum kept of the last step, the gradient's share, and
 * between them the step itself, which is the path's last piece. To scale, tip to tail. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/panels/arrow.h"
#include "scene/panels/rule.h"
#include "scene/panels/surface.h"

/* In text sizes. */
#define SHORTEST 1.67 /* a shorter step has no triangle */
#define APART    0.45 /* of words from their arrow */
#define RISE     0.72 /* of letters over the baseline */
#define FALL     0.22

#define SIDE_CASING 0.125
#define PUSHED      1.17 /* lines: the width of the gradient's share */

enum { STANDS = 4 }; /* frames that a step is seen: on one that stands shorter no word is read */

/* ---- Making ---------------------------------------------------------------------------------- */

static int name_sides(struct triangle *t, const struct rule *rule, struct orl_error *err)
{
    char number[PEOPLE_SIZE];
    t->keeps = rule->keeps;
    orl_people_short(number, rule->keeps);
    t->kept = orl_asprintf("%s × last step", number);
    orl_people_short(number, rule->factor);
    t->pushed = isfinite(rule->factor) ? orl_asprintf("−%s × gradient", number)
                                       : orl_strdup("−rate × gradient");
    return t->kept && t->pushed ? ORL_OK : orl_fail_memory(err);
}

int orl_triangle_make(const struct view *view, size_t run, struct triangle *triangle,
                      struct orl_error *err)
{
    struct rule rule;
    *triangle = (struct triangle){0};
    int ret = orl_rule_make(&view->runs[run], &rule, err);
    if (ret == ORL_OK && rule.adds && rule.keeps > 0.0)
        ret = name_sides(triangle, &rule, err);
    orl_rule_uninit(&rule);
    return ret;
}

void orl_triangle_uninit(struct triangle *triangle)
{
    free(triangle->kept);
    free(triangle->pushed);
    *triangle = (struct triangle){0};
}

/* ---- Drawing --------------------------------------------------------------------------------- */

/* Three rows that follow each other, for the step and the one before it. */
static bool has_corners(const struct paths *paths, size_t run, size_t row, double xy[3][2])
{
    const struct orl_trace *trace = paths->view->runs[run].trace;
    if (row < 2 || trace->step[row] != trace->step[row - 1] + 1 ||
        trace->step[row - 1] != trace->step[row - 2] + 1)
        return false;
    for (size_t i = 0; i < 3; i++) {
        paths->row_px(paths->context, run, row - 2 + i, xy[i]);
        if (!isfinite(xy[i][0]) || !isfinite(xy[i][1]) ||
            (i && !orl_rect_holds(&paths->area, xy[i])))
            return false;
    }
    return true;
}

static bool is_free(const struct view *view, const struct triangle_ground *ground,
                    const struct orl_rect *box, const struct orl_picture *picture)
{
    for (size_t i = 0; i < ground->block_count; i++)
        if (orl_rect_overlap(box, &ground->blocks[i]) > 0.0)
            return false;
    for (size_t i = 0; i < picture->count; i++) {
        const struct orl_mark *mark = &picture->marks[i];
        const double *at = picture->points + 2 * mark->first;
        if (mark->kind != ORL_MARK_TEXT)
            continue;
        double width =
            orl_letters_width(view->measure, picture->text + mark->text, mark->size, mark->bold);
        const struct orl_rect word = {at[0] - mark->align * width, at[1] - RISE * mark->size, width,
                                      (RISE + FALL) * mark->size};
        if (orl_rect_overlap(box, &word) > 0.0)
            return false;
    }
    return true;
}

/* Beside the middle of a side, on the one away from the third corner, where there is room; else on
 * the other one, else nowhere. */
static void draw_word(const struct paths *paths, const struct triangle_ground *ground,
                      const double a[2], const double b[2], const double third[2], const char *word,
                      struct orl_color color, struct orl_picture *picture)
{
    const struct view *view = paths->view;
    double text = view->size.text, width = orl_letters_width(view->measure, word, text, false),
           middle[] = {0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])};
    double nx = a[1] - b[1], ny = b[0] - a[0], length = hypot(nx, ny);
    if (!(length > 0.0))
        return;
    double side = (third[0] - middle[0]) * nx + (third[1] - middle[1]) * ny > 0.0 ? -1.0 : 1.0;
    for (int try = 0; try < 2; try++, side = -side) {
        double dx = side * nx / length, dy = side * ny / length;
        double x = middle[0] + APART * text * dx - (dx < 0.0 ? width : 0.0),
               y = middle[1] + APART * text * dy;
        if (fabs(dx) < 0.5) /* above or below a flat side */
            x = middle[0] - 0.5 * width;
        struct orl_rect box = {x, y - 0.5 * (RISE + FALL) * text, width, (RISE + FALL) * text};
        if (fabs(dy) > 0.5)
            box.y = dy < 0.0 ? y - (RISE + FALL) * text : y;
        const double low[] = {box.x, box.y}, high[] = {box.x + box.width, box.y + box.height};
        if (!orl_rect_holds(&paths->area, low) || !orl_rect_holds(&paths->area, high) ||
            !is_free(view, ground, &box, picture))
            continue;
        struct orl_mark *mark =
            orl_picture_text(picture, box.x, box.y + RISE * text, 0.0, text, false, color, word);
        if (mark) {
            mark->halo = paths->casing;
            mark->halo_px = SIDE_CASING * text;
        }
        return;
    }
}

/* The frames around this one that show the same step are enough to read a word. */
static bool stands(const struct view *view, size_t frame)
{
    size_t count = 1, last = view->pace.frames - 1;
    int64_t step = orl_view_step(view, frame);
    for (size_t f = frame; f > 0 && count < STANDS && orl_view_step(view, f - 1) == step; f--)
        count++;
    for (size_t f = frame; f < last && count < STANDS && orl_view_step(view, f + 1) == step; f++)
        count++;
    return count >= STANDS;
}

void orl_triangle_draw(const struct triangle *triangle, const struct paths *paths,
                       const struct triangle_ground *ground, size_t run, size_t frame,
                       struct orl_picture *picture)
{
    const struct view *view = paths->view;
    double xy[3][2], corner[2], text = view->size.text, line = view->size.line;
    size_t row = orl_view_row(view, run, frame);
    if (!triangle->kept || !has_corners(paths, run, row, xy) ||
        hypot(xy[2][0] - xy[1][0], xy[2][1] - xy[1][1]) < SHORTEST * text)
        return;
    for (int a = 0; a < 2; a++) /* the plane is flat, so shares of steps are shares of pixels */
        corner[a] = xy[1][a] + triangle->keeps * (xy[1][a] - xy[0][a]);
    if (!orl_rect_holds(&paths->area, corner))
        return;
    const struct arrow kept = {line, view->theme->muted, ORL_DASH_DASHED, paths->casing},
                       pushed = {PUSHED * line, view->theme->ink, ORL_DASH_SOLID, paths->casing};
    orl_arrow_draw(view, &kept, xy[1], corner, picture);
    orl_arrow_draw(view, &pushed, corner, xy[2], picture);
    if (!stands(view, frame))
        return;
    draw_word(paths, ground, xy[1], corner, xy[2], triangle->kept, view->theme->muted, picture);
    draw_word(paths, ground, corner, xy[2], xy[1], triangle->pushed, view->theme->ink, picture);
}
