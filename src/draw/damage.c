/* Which blocks of a frame are touched: never too few, seldom too many. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "draw/inner.h"

int orl_damage_init(struct orl_damage *damage, int width, int height, struct orl_error *err)
{
    damage->columns = ((size_t)width + ORL_BLOCK_PX - 1) / ORL_BLOCK_PX;
    damage->rows = ((size_t)height + ORL_BLOCK_PX - 1) / ORL_BLOCK_PX;
    damage->blocks = orl_calloc(damage->columns, damage->rows);
    return damage->blocks ? ORL_OK : orl_fail_memory(err);
}

void orl_damage_uninit(struct orl_damage *damage)
{
    free(damage->blocks);
    *damage = (struct orl_damage){0};
}

void orl_damage_set_all(struct orl_damage *damage, uint8_t value)
{
    memset(damage->blocks, value, damage->columns * damage->rows);
}

/* The block that a coordinate lies in, kept within 0 … count. */
static size_t block_of(double at, size_t count)
{
    double block = floor(at / ORL_BLOCK_PX);
    if (!(block > 0.0))
        return 0;
    return block >= (double)count ? count : (size_t)block;
}

/* Mark every block that the rectangle (x0,y0)-(x1,y1), in px, meets; parts outside the picture
 * count nothing. */
static void damage_add(struct orl_damage *damage, double x0, double y0, double x1, double y1)
{
    if (!(x1 >= 0.0) || !(y1 >= 0.0) || !(x1 >= x0) || !(y1 >= y0))
        return;
    size_t left = block_of(x0, damage->columns), right = block_of(x1, damage->columns);
    size_t top = block_of(y0, damage->rows), bottom = block_of(y1, damage->rows);
    if (left >= damage->columns || top >= damage->rows)
        return;
    right = right < damage->columns ? right : damage->columns - 1;
    bottom = bottom < damage->rows ? bottom : damage->rows - 1;
    for (size_t row = top; row <= bottom; row++)
        memset(damage->blocks + row * damage->columns + left, 1, right - left + 1);
}

/* The same, cut to a mark's clip (whose edge may be antialiased: a pixel more on each side). */
static void add_clipped(struct orl_damage *damage, const struct orl_mark *mark, double x0,
                        double y0, double x1, double y1)
{
    if (mark->clip.width > 0.0) {
        x0 = fmax(x0, mark->clip.x - 1.0);
        y0 = fmax(y0, mark->clip.y - 1.0);
        x1 = fmin(x1, mark->clip.x + mark->clip.width + 1.0);
        y1 = fmin(y1, mark->clip.y + mark->clip.height + 1.0);
    }
    damage_add(damage, x0, y0, x1, y1);
}

/* A line by pieces no longer than a block, so that a steep line does not mark its whole bounding
 * box. */
static void add_segment(struct orl_damage *damage, const struct orl_mark *mark, const double *a,
                        const double *b, double reach)
{
    double longer = fmax(fabs(b[0] - a[0]), fabs(b[1] - a[1]));
    if (!isfinite(longer))
        return;
    int pieces = longer > 1e5 ? 1 : (int)(longer / ORL_BLOCK_PX) + 1;
    for (int i = 0; i < pieces; i++) {
        double t0 = (double)i / pieces, t1 = (double)(i + 1) / pieces;
        double x0 = a[0] + t0 * (b[0] - a[0]), x1 = a[0] + t1 * (b[0] - a[0]);
        double y0 = a[1] + t0 * (b[1] - a[1]), y1 = a[1] + t1 * (b[1] - a[1]);
        add_clipped(damage, mark, fmin(x0, x1) - reach, fmin(y0, y1) - reach, fmax(x0, x1) + reach,
                    fmax(y0, y1) + reach);
    }
}

static void add_text(struct orl_damage *damage, struct orl_font *font,
                     const struct orl_picture *picture, const struct orl_mark *mark)
{
    struct text_line *line;
    double left, top, reach = 2.0 + mark->halo_px;
    if (!orl_text_place(font, picture, mark, &left, &top, &line))
        return;
    double x0 = left + fmin(0.0, line->ink.x),
           x1 = left + fmax(line->extent.width, (double)(line->ink.x + line->ink.width));
    double y0 = top + fmin(0.0, line->ink.y);
    double y1 = top + fmax(line->extent.ascent + line->extent.descent,
                           (double)(line->ink.y + line->ink.height));
    if (mark->vertical) { /* turned about the anchor, reading upwards: (dx, dy) goes to (dy, -dx) */
        const double *at = picture->points + 2 * mark->first;
        double ax = at[0], ay = at[1];
        add_clipped(damage, mark, ax + (y0 - ay) - reach, ay - (x1 - ax) - reach,
                    ax + (y1 - ay) + reach, ay - (x0 - ax) + reach);
        return;
    }
    add_clipped(damage, mark, x0 - reach, y0 - reach, x1 + reach, y1 + reach);
}

static void add_area(struct orl_damage *damage, const struct orl_picture *picture,
                     const struct orl_mark *mark)
{
    double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    const double *at = picture->points + 2 * mark->first;
    for (size_t i = 0; i < mark->count; i++) {
        x0 = fmin(x0, at[2 * i]);
        x1 = fmax(x1, at[2 * i]);
        y0 = fmin(y0, at[2 * i + 1]);
        y1 = fmax(y1, at[2 * i + 1]);
    }
    add_clipped(damage, mark, x0 - 1.0, y0 - 1.0, x1 + 1.0, y1 + 1.0);
}

void orl_damage_add_mark(struct orl_damage *damage, struct orl_font *font,
                         const struct orl_picture *picture, const struct orl_mark *mark)
{
    const double *at = picture->points + 2 * mark->first;
    switch (mark->kind) {
    case ORL_MARK_RECT:
        add_clipped(damage, mark, at[0] - 1.0, at[1] - 1.0, at[0] + mark->size + 1.0,
                    at[1] + mark->size2 + 1.0);
        break;
    case ORL_MARK_LINE:
        for (size_t i = 0; i < mark->count; i++)
            add_segment(damage, mark, at + 2 * i, at + 2 * (i + 1 < mark->count ? i + 1 : i),
                        0.5 * mark->size + mark->halo_px + 1.5);
        break;
    case ORL_MARK_DOTS:
        for (size_t i = 0; i < mark->count; i++)
            add_segment(damage, mark, at + 2 * i, at + 2 * i,
                        1.5 * mark->size + 2.2 * mark->halo_px + 1.5);
        break;
    case ORL_MARK_TEXT:
        add_text(damage, font, picture, mark);
        break;
    case ORL_MARK_AREA:
        add_area(damage, picture, mark);
        break;
    }
}
