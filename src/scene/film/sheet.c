/* Contact sheets: frames of a film on one picture, each small but readable. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "scene/film/words.h"
#include "scene/marks/number.h"

#define LABEL_UP    9.0  /* px: from a picture up to the baseline of its step */
#define NO_WIDTH_PX 1e-6 /* a damage without area is still in order */

/* Frames are shown so that their text is this high, at most as large as they are: 12 px are what
 * the smallest preset has. */
#define FRAME_TEXT_PX 12.0
enum { MARGIN = 24, GAP = 20, LABEL = 26, LABEL_TEXT = 16 };

static double scale_of(double text_px)
{
    return text_px > FRAME_TEXT_PX ? FRAME_TEXT_PX / text_px : 1.0;
}

void orl_sheet_size(int width, int height, double text_px, int columns, int rows, int *sheet_width,
                    int *sheet_height)
{
    double scale = scale_of(text_px);
    int w = (int)round(width * scale), h = (int)round(height * scale);
    *sheet_width = 2 * MARGIN + columns * w + (columns - 1) * GAP;
    *sheet_height = 2 * MARGIN + rows * (LABEL + h) + (rows - 1) * GAP;
}

/* Of a report video: frames evenly apart, up to the closing table. */
static size_t even_frame(const struct orl_film *film, size_t index, size_t count)
{
    size_t last = film->parts[film->part_count - 1].first;
    return (index * last + (count - 1) / 2) / (count - 1);
}

/* And of a run's or a race's part that only one frame is of, the last one, which says how it ended.
 */
static size_t sequence_frame(const struct orl_film *film, size_t index, size_t count)
{
    size_t frame = even_frame(film, index, count), part = orl_film_part(film, frame), own;
    bool alone =
        (index == 0 || orl_film_part(film, even_frame(film, index - 1, count)) != part) &&
        (index + 1 == count || orl_film_part(film, even_frame(film, index + 1, count)) != part);
    bool card = !orl_film_part_at(film, frame, &own)->page;
    return card || !alone ? frame : film->parts[part + 1].first - 1;
}

size_t orl_film_sheet_frame(const struct orl_film *film, size_t index, size_t count)
{
    if (film->sequence && count > 1)
        return sequence_frame(film, index, count);
    const struct pace *pace = &film->whole->pace;
    size_t moving = pace->frames - pace->hold_first - pace->hold_last;
    if (count < 2 || moving < 2)
        return index + 1 < count ? 0 : pace->frames - 1;
    return pace->hold_first + (index * (moving - 1) + (count - 1) / 2) / (count - 1);
}

static struct orl_rect within(struct orl_rect a, struct orl_rect b)
{
    double x0 = fmax(a.x, b.x), y0 = fmax(a.y, b.y);
    double x1 = fmin(a.x + a.width, b.x + b.width), y1 = fmin(a.y + a.height, b.y + b.height);
    return (struct orl_rect){x0, y0, fmax(x1 - x0, NO_WIDTH_PX),
                             fmax(y1 - y0, 0.0)}; /* of no width would be no clip at all */
}

static bool make_room(struct orl_picture *to, const struct orl_picture *from)
{
    to->failed |= from->failed ||
                  !orl_reserve((void **)&to->marks, &to->capacity, to->count + from->count,
                               sizeof *to->marks) ||
                  !orl_reserve((void **)&to->points, &to->point_capacity,
                               to->point_count + from->point_count, sizeof *to->points) ||
                  !orl_reserve((void **)&to->text, &to->text_capacity,
                               to->text_length + from->text_length, 1);
    return !to->failed;
}

static void shrink_mark(struct orl_mark *mark, struct orl_rect cell, double scale)
{
    struct orl_rect *clip = &mark->clip;
    mark->size *= scale;
    mark->size2 *= scale;
    mark->halo_px *= scale;
    if (clip->width > 0.0)
        *clip = within((struct orl_rect){cell.x + scale * clip->x, cell.y + scale * clip->y,
                                         scale * clip->width, scale * clip->height},
                       cell);
    else
        *clip = cell;
}

/* Add all of `from` to `to`, made smaller, inside a cell. */
static void place(struct orl_picture *to, const struct orl_picture *from, struct orl_rect cell,
                  double scale)
{
    if (!make_room(to, from))
        return;
    for (size_t i = 0; i < from->count; i++) {
        struct orl_mark *mark = &to->marks[to->count + i];
        memcpy(mark, &from->marks[i], sizeof *mark);
        mark->first += to->point_count / 2;
        mark->text += to->text_length;
        shrink_mark(mark, cell, scale);
    }
    for (size_t i = 0; i < from->point_count; i++)
        to->points[to->point_count + i] = (i % 2 ? cell.y : cell.x) + scale * from->points[i];
    if (from->text_length)
        memcpy(to->text + to->text_length, from->text, from->text_length);
    to->count += from->count;
    to->point_count += from->point_count;
    to->text_length += from->text_length;
}

/* A hairline around a cell, so that frames of the sheet's own colour are told apart. */
static void outline(const struct orl_film *film, struct orl_rect c, struct orl_picture *sheet)
{
    const double corners[] = {c.x - 0.5,           c.y - 0.5,
                              c.x + c.width + 0.5, c.y - 0.5,
                              c.x + c.width + 0.5, c.y + c.height + 0.5,
                              c.x - 0.5,           c.y + c.height + 0.5,
                              c.x - 0.5,           c.y - 0.5};
    orl_mark_faint(orl_picture_line(sheet, corners, 5, 1.0, film->whole->theme->grid));
}

/* The step; in a report video the chapter before it, and on its cards that alone. */
static void label(const struct orl_film *film, size_t frame, struct orl_rect cell,
                  struct orl_picture *sheet)
{
    char count[PEOPLE_SIZE], chapter[ORL_WORDS_SIZE], text[ORL_WORDS_SIZE + PEOPLE_SIZE + 8];
    size_t own;
    bool card = !orl_film_part_at(film, frame, &own)->page;
    orl_words_chapter(film, frame, chapter);
    orl_people_count(count, orl_film_step(film, frame));
    if (card)
        snprintf(text, sizeof text, "%s", chapter);
    else
        snprintf(text, sizeof text, "%s%sstep %s", chapter, *chapter ? ", " : "", count);
    orl_picture_text(sheet, cell.x, cell.y - LABEL_UP, 0.0, LABEL_TEXT, true,
                     film->whole->theme->ink, text);
}

int orl_film_sheet(const struct orl_film *film, int columns, int rows, struct orl_picture *sheet,
                   struct orl_error *err)
{
    struct orl_picture still = {0}, moving = {0};
    double scale = scale_of(film->whole->size.text);
    size_t count = (size_t)columns * (size_t)rows;
    int width, height;
    orl_sheet_size(film->whole->width, film->whole->height, film->whole->size.text, columns, rows,
                   &width, &height);
    orl_picture_clear(sheet);
    orl_picture_rect(sheet, (struct orl_rect){0, 0, width, height}, film->whole->theme->background);
    int ret = ORL_OK;
    struct orl_rect cell = {0, 0, round(film->whole->width * scale),
                            round(film->whole->height * scale)};
    for (size_t i = 0; ret == ORL_OK && i < count; i++) {
        size_t frame = orl_film_sheet_frame(film, i, count);
        if (i > 0 && frame == orl_film_sheet_frame(film, i - 1, count))
            continue; /* a film of fewer frames leaves the cell empty */
        cell.x = MARGIN + (cell.width + GAP) * (double)(i % (size_t)columns);
        cell.y = MARGIN + LABEL + (cell.height + LABEL + GAP) * (double)(i / (size_t)columns);
        ret = orl_film_still(film, orl_film_part(film, frame), &still, err);
        if (ret == ORL_OK)
            ret = orl_film_moving(film, frame, &moving, err);
        place(sheet, &still, cell, scale);
        place(sheet, &moving, cell, scale);
        outline(film, cell, sheet);
        label(film, frame, cell, sheet);
    }
    orl_picture_uninit(&still);
    orl_picture_uninit(&moving);
    return ret == ORL_OK && sheet->failed ? orl_fail_memory(err) : ret;
}
