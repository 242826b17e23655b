/* What a look at a frame would find wrong, computed: the scene knows where its texts stand and what
 * lies under each mark. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "scene/film/film.h"
#include "scene/marks/metrics.h"

#define CAP_HEIGHT 0.74  /* of letters above their baseline, of their size */
#define DEPTH      0.2   /* and below it */
#define ROUNDING   0.005 /* of a contrast that is told in two digits */
#define SLACK_PX   0.75  /* antialiasing, not overlap */

/* All marks of a frame, still ones first. */
struct frame_marks {
    const struct view *view;
    const struct orl_picture *pictures[2];
    struct text_box {
        struct orl_rect box;
        const char *text;
    } * boxes; /* owned */
    size_t count;
};

static const double *points_of(const struct orl_picture *picture, const struct orl_mark *mark)
{
    return picture->points + 2 * mark->first;
}

/* Where the letters are: from the height of capitals to the depth of a g. The logical box of a line
 * is higher than what is seen. */
static struct orl_rect letters(const struct view *view, const struct orl_picture *picture,
                               const struct orl_mark *mark)
{
    const double *at = points_of(picture, mark);
    double width =
        orl_letters_width(view->measure, picture->text + mark->text, mark->size, mark->bold);
    double above = CAP_HEIGHT * mark->size, below = DEPTH * mark->size;
    if (mark->vertical)
        return (struct orl_rect){at[0] - above, at[1] - (1.0 - mark->align) * width, above + below,
                                 width};
    return (struct orl_rect){at[0] - mark->align * width, at[1] - above, width, above + below};
}

static bool overlap(const struct orl_rect *a, const struct orl_rect *b)
{
    return a->x + a->width > b->x + SLACK_PX && b->x + b->width > a->x + SLACK_PX &&
           a->y + a->height > b->y + SLACK_PX && b->y + b->height > a->y + SLACK_PX;
}

static int check_text(struct frame_marks *f, const struct orl_picture *picture,
                      const struct orl_mark *mark, struct orl_error *err)
{
    const char *text = picture->text + mark->text;
    struct orl_rect box = letters(f->view, picture, mark);
    if (!*text || box.width <= 0.0)
        return ORL_OK;
    if (box.x < -SLACK_PX || box.y < -SLACK_PX || box.x + box.width > f->view->width + SLACK_PX ||
        box.y + box.height > f->view->height + SLACK_PX)
        return orl_fail(err, ORL_FAIL, "'%s' leaves the frame: %.1f,%.1f to %.1f,%.1f", text, box.x,
                        box.y, box.x + box.width, box.y + box.height);
    for (size_t i = 0; i < f->count; i++)
        if (overlap(&f->boxes[i].box, &box))
            return orl_fail(err, ORL_FAIL, "'%s' at %.1f,%.1f overlaps '%s' at %.1f,%.1f", text,
                            box.x, box.y, f->boxes[i].text, f->boxes[i].box.x, f->boxes[i].box.y);
    f->boxes[f->count++] = (struct text_box){box, text};
    return ORL_OK;
}

/* Even-odd rule; a NaN point starts a new outline. */
static bool inside_area(const double *at, size_t count, double x, double y)
{
    bool inside = false;
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
        size_t next = i + 1 < count && !isnan(at[2 * i + 2]) ? i + 1 : start;
        const double *a = at + 2 * i, *b = at + 2 * next;
        if (isnan(a[0])) {
            start = i + 1;
            continue;
        }
        if ((a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
            inside = !inside;
    }
    return inside;
}

static bool covers(const struct orl_picture *picture, const struct orl_mark *mark, double x,
                   double y)
{
    const double *at = points_of(picture, mark);
    const struct orl_rect *clip = &mark->clip;
    if (clip->width > 0.0 &&
        (x < clip->x || y < clip->y || x > clip->x + clip->width || y > clip->y + clip->height))
        return false;
    if (mark->kind == ORL_MARK_RECT)
        return x >= at[0] && y >= at[1] && x <= at[0] + mark->size && y <= at[1] + mark->size2;
    return mark->kind == ORL_MARK_AREA && inside_area(at, mark->count, x, y);
}

/* The colour that fills had made of a place before a mark was drawn. */
static struct orl_color under(const struct frame_marks *f, size_t which, size_t index, double x,
                              double y)
{
    struct orl_color color = f->view->theme->background;
    for (size_t p = 0; p <= which; p++) {
        const struct orl_picture *picture = f->pictures[p];
        size_t end = p == which ? index : picture->count;
        for (size_t i = 0; i < end; i++)
            if ((picture->marks[i].kind == ORL_MARK_RECT ||
                 picture->marks[i].kind == ORL_MARK_AREA) &&
                picture->marks[i].count && covers(picture, &picture->marks[i], x, y))
                color = orl_color_over(picture->marks[i].color, color);
    }
    return color;
}

static int check_contrast(const struct frame_marks *f, size_t which, size_t index,
                          struct orl_error *err)
{
    const struct orl_picture *picture = f->pictures[which];
    const struct orl_mark *mark = &picture->marks[index];
    const double *at = points_of(picture, mark);
    bool text = mark->kind == ORL_MARK_TEXT;
    double x = at[0], y = at[1], wanted = text ? CONTRAST_TEXT : CONTRAST_MARK;
    if (text) {
        struct orl_rect box = letters(f->view, picture, mark);
        x = box.x + 0.5 * box.width;
        y = box.y + 0.5 * box.height;
        wanted = mark->bold ? CONTRAST_MARK : CONTRAST_TEXT;
    } else if (mark->kind == ORL_MARK_RECT) {
        x += 0.5 * mark->size;
        y += 0.5 * mark->size2;
    }
    struct orl_color below = under(f, which, index, x, y),
                     seen = orl_color_over(mark->color, below);
    double reached = orl_contrast(seen, below);
    if (mark->halo.a > 0.5)
        reached = fmax(reached, orl_contrast(seen, orl_color_over(mark->halo, below)));
    if (reached + ROUNDING >= wanted)
        return ORL_OK;
    return orl_fail(err, ORL_FAIL, "%s%s%s has a contrast of %.2f:1 at %.0f,%.0f; %.2g:1 is wanted",
                    text ? "'" : "",
                    text                          ? picture->text + mark->text
                    : mark->kind == ORL_MARK_LINE ? "a line"
                    : mark->kind == ORL_MARK_DOTS ? "a marker"
                                                  : "a fill",
                    text ? "'" : "", reached, x, y, wanted);
}

static int check_finite(const struct orl_picture *picture, const struct orl_mark *mark,
                        struct orl_error *err)
{
    const double *at = points_of(picture, mark);
    bool pen_lifts = mark->kind == ORL_MARK_LINE || mark->kind == ORL_MARK_AREA;
    for (size_t i = 0; i < 2 * mark->count; i++)
        if (!isfinite(at[i]) && !(pen_lifts && isnan(at[i])))
            return orl_fail(err, ORL_FAIL, "a coordinate of a mark is not finite");
    return ORL_OK;
}

static int check_mark(struct frame_marks *f, size_t which, size_t index, struct orl_error *err)
{
    const struct orl_picture *picture = f->pictures[which];
    const struct orl_mark *mark = &picture->marks[index];
    if (mark->count == 0 || (which == 0 && index == 0)) /* the background */
        return ORL_OK;
    int ret = check_finite(picture, mark, err);
    if (ret == ORL_OK && mark->kind == ORL_MARK_TEXT)
        ret = check_text(f, picture, mark, err);
    return ret == ORL_OK && !mark->faint ? check_contrast(f, which, index, err) : ret;
}

int orl_film_check(const struct orl_film *film, size_t frame, struct orl_error *err)
{
    struct orl_picture still = {0}, moving = {0};
    struct frame_marks f = {.view = film->whole, .pictures = {&still, &moving}};
    int ret = orl_film_still(film, orl_film_part(film, frame), &still, err);
    if (ret == ORL_OK)
        ret = orl_film_moving(film, frame, &moving, err);
    if (ret == ORL_OK && !(f.boxes = orl_calloc(still.count + moving.count + 1, sizeof *f.boxes)))
        ret = orl_fail_memory(err);
    for (size_t p = 0; p < 2; p++)
        for (size_t i = 0; ret == ORL_OK && i < f.pictures[p]->count; i++)
            ret = check_mark(&f, p, i, err);
    free(f.boxes);
    orl_picture_uninit(&still);
    orl_picture_uninit(&moving);
    return ret;
}
