/* Frames as pictures of one palette: the rectangle that changed, as indices, with what did not
 * change marked.
 *
 * Where the tolerance allows it a pixel may take an index that is near its own; only the colours
 * that the film names are exact. The last picture of a segment is exact everywhere, so that the
 * next segment, made elsewhere, knows what it starts from. */
#include "encode/indexed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

struct maker {
    const struct orl_output_spec *spec;
    const struct indexed_sink *sink;
    struct palette palette;
    struct lzw_choice choice;
    uint8_t *now, *next,
        *shown; /* owned: indices of the picture to be made, of the frame at hand, on the screen */
    struct orl_damage blocks,
        fresh; /* owned: where `now` differs from the picture before, and `next` from `now` */
    uint8_t *wanted, *changed, *there; /* owned: a rectangle of them */
};

struct box {
    int x0, y0, x1, y1; /* x1, y1: behind the last */
};

/* ---- Colours --------------------------------------------------------------------------------- */

static double distance(const uint8_t *a, const uint8_t *b)
{
    double sum = 0.0;
    for (int i = 0; i < 3; i++)
        sum += (double)((a[i] - b[i]) * (a[i] - b[i]));
    return sum;
}

static void add_near(struct lzw_choice *choice, size_t wanted, size_t index)
{
    uint8_t *near = choice->near[wanted], error = choice->error[wanted][index];
    size_t at = choice->near_count[wanted];
    if (at == LZW_NEAR && choice->error[wanted][near[at - 1]] <= error)
        return;
    at -= at == LZW_NEAR;
    for (; at > 0 && choice->error[wanted][near[at - 1]] > error; at--)
        near[at] = near[at - 1];
    near[at] = (uint8_t)index;
    if (choice->near_count[wanted] < LZW_NEAR)
        choice->near_count[wanted]++;
}

/* The tolerance is meant for 256 colours; fewer lie further apart. */
static void choose_near(struct lzw_choice *choice, const struct palette *palette, double tolerance)
{
    double limit = tolerance * tolerance * PALETTE_MOST / (double)palette->count;
    memset(choice, 0, sizeof *choice);
    memset(choice->error, LZW_FAR, sizeof choice->error);
    for (size_t i = 1; i < palette->count; i++) {
        choice->error[i][i] = 0;
        for (size_t j = 1; j < palette->count; j++) {
            double square = distance(palette->rgb + 3 * i, palette->rgb + 3 * j);
            if (i != j && !palette->fixed[i] && square <= limit)
                choice->error[i][j] = (uint8_t)fmin(fmax(square, 1.0), LZW_FAR - 1);
        }
        add_near(choice, i, i);
        for (size_t j = 1; j < palette->count; j++)
            if (i != j && choice->error[i][j] != LZW_FAR)
                add_near(choice, i, j);
    }
}

/* ---- Pictures -------------------------------------------------------------------------------- */

/* Whether a pixel that shows `shown` has to be painted to be `wanted`. */
static bool must_change(const struct maker *m, uint8_t wanted, uint8_t shown, bool exact)
{
    return wanted != shown && (exact || m->choice.error[wanted][shown] == LZW_FAR);
}

/* Grow the box by what must change in a block. */
static void add_block(const struct maker *m, int x0, int y0, bool exact, struct box *box)
{
    int x1 = x0 + ORL_BLOCK_PX < m->spec->width ? x0 + ORL_BLOCK_PX : m->spec->width;
    int y1 = y0 + ORL_BLOCK_PX < m->spec->height ? y0 + ORL_BLOCK_PX : m->spec->height;
    for (int y = y0; y < y1; y++) {
        const uint8_t *now = m->now + (size_t)y * (size_t)m->spec->width,
                      *shown = m->shown + (size_t)y * (size_t)m->spec->width;
        if (memcmp(now + x0, shown + x0, (size_t)(x1 - x0)) == 0)
            continue;
        for (int x = x0; x < x1; x++)
            if (must_change(m, now[x], shown[x], exact)) {
                box->x0 = x < box->x0 ? x : box->x0;
                box->x1 = x + 1 > box->x1 ? x + 1 : box->x1;
                box->y0 = y < box->y0 ? y : box->y0;
                box->y1 = y + 1 > box->y1 ? y + 1 : box->y1;
            }
    }
}

/* Grow the box to whole steps. */
static void align_box(const struct maker *m, int step, struct box *box)
{
    box->x0 -= box->x0 % step;
    box->y0 -= box->y0 % step;
    box->x1 = (box->x1 + step - 1) / step * step;
    box->y1 = (box->y1 + step - 1) / step * step;
    box->x1 = box->x1 < m->spec->width ? box->x1 : m->spec->width;
    box->y1 = box->y1 < m->spec->height ? box->y1 : m->spec->height;
}

/* Where there is no tolerance, what was let pass before counts too. */
static bool find_box(const struct maker *m, bool exact, struct box *box)
{
    *box = (struct box){m->spec->width, m->spec->height, 0, 0};
    for (size_t row = 0; row < m->blocks.rows; row++)
        for (size_t column = 0; column < m->blocks.columns; column++)
            if (exact || m->blocks.blocks[row * m->blocks.columns + column])
                add_block(m, (int)column * ORL_BLOCK_PX, (int)row * ORL_BLOCK_PX, exact, box);
    return box->x1 > 0;
}

/* Mark what must change in `count` pixels; the largest index among them. */
static uint8_t mark_changed(struct maker *m, size_t at, size_t count, bool exact)
{
    uint8_t most = 0;
    for (size_t i = at; i < at + count; i++) {
        bool changed = must_change(m, m->wanted[i], m->there[i], exact);
        m->changed[i] = changed;
        most = changed && m->wanted[i] > most ? m->wanted[i] : most;
    }
    return most;
}

/* The box as rows without gaps, what changes marked. Returns the largest index that is needed. */
static uint8_t gather(struct maker *m, const struct box *box, bool all, bool exact)
{
    uint8_t most = all ? (uint8_t)(m->palette.count - 1) : 0;
    size_t width = (size_t)(box->x1 - box->x0), to = 0;
    memset(m->changed, all, width * (size_t)(box->y1 - box->y0));
    for (int y = box->y0; y < box->y1; y++, to += width) {
        size_t from = (size_t)y * (size_t)m->spec->width + (size_t)box->x0;
        const uint8_t *blocks = m->blocks.blocks + (size_t)(y / ORL_BLOCK_PX) * m->blocks.columns;
        memcpy(m->wanted + to, m->now + from, width);
        memcpy(m->there + to, m->shown + from, width);
        for (int x = box->x0, end; !all && x < box->x1; x = end) {
            end = (x / ORL_BLOCK_PX + 1) * ORL_BLOCK_PX;
            end = end < box->x1 ? end : box->x1;
            if (exact || blocks[x / ORL_BLOCK_PX]) {
                uint8_t here =
                    mark_changed(m, to + (size_t)(x - box->x0), (size_t)(end - x), exact);
                most = here > most ? here : most;
            }
        }
    }
    return most;
}

static void scatter(struct maker *m, const struct box *box)
{
    size_t width = (size_t)(box->x1 - box->x0);
    for (int y = box->y0; y < box->y1; y++)
        memcpy(m->shown + (size_t)y * (size_t)m->spec->width + (size_t)box->x0,
               m->there + (size_t)(y - box->y0) * width, width);
}

/* Give away what turns `shown` into `now`, if anything does. `all`: nothing is shown yet. */
static int give_picture(struct maker *m, size_t start, bool all, bool exact, struct orl_error *err)
{
    const bool alpha = m->spec->alpha; /* the picture before is cleared away */
    struct box box = {0, 0, m->spec->width, m->spec->height};
    if (alpha)
        memset(m->shown, 0, (size_t)m->spec->width * (size_t)m->spec->height);
    if (!all && !find_box(m, exact || alpha, &box)) {
        if (!alpha)
            return ORL_OK;
        box = (struct box){0, 0, 1, 1};
    }
    align_box(m, m->sink->step, &box);
    uint8_t most = gather(m, &box, all && !alpha, exact || alpha);
    const struct indexed_picture picture = {.start = start,
                                            .x = box.x0,
                                            .y = box.y0,
                                            .width = box.x1 - box.x0,
                                            .height = box.y1 - box.y0,
                                            .wanted = m->wanted,
                                            .changed = m->changed,
                                            .shown = m->there,
                                            .most = most,
                                            .exact = exact};
    int ret = m->sink->picture(m->sink->context, &picture, err);
    scatter(m, &box);
    return ret;
}

/* ---- A segment ------------------------------------------------------------------------------- */

/* The indices of a frame go to `next`, the blocks in which it differs from `now` are marked in
 * `fresh`. */
static int take_frame(struct maker *m, const struct orl_frame_source *source, size_t number,
                      bool all, bool *changed, struct orl_error *err)
{
    struct orl_image image;
    int ret = source->frame(source->context, number, &image, err);
    if (ret == ORL_OK)
        *changed = orl_palette_apply(&m->palette, &image, all, m->next, &m->fresh);
    return ret;
}

/* The frame at hand becomes the picture to be made. */
static void promote(struct maker *m)
{
    size_t width = (size_t)m->spec->width, height = (size_t)m->spec->height;
    for (size_t y = 0; y < height; y++) {
        const uint8_t *blocks = m->fresh.blocks + y / ORL_BLOCK_PX * m->fresh.columns;
        for (size_t column = 0; column < m->fresh.columns; column++) {
            size_t x = column * ORL_BLOCK_PX,
                   count = width - x < ORL_BLOCK_PX ? width - x : ORL_BLOCK_PX;
            if (blocks[column])
                memcpy(m->now + y * width + x, m->next + y * width + x, count);
        }
    }
    struct orl_damage swap = m->blocks;
    m->blocks = m->fresh;
    m->fresh = swap;
    memset(m->fresh.blocks, 0, m->fresh.rows * m->fresh.columns);
}

/* A frame waits until another one follows: if none does, it is the segment's last and is made
 * exactly. The frame before the segment is what stands there at first. */
static int give_frames(struct maker *m, const struct orl_frame_source *source, size_t first,
                       size_t count, struct orl_error *err)
{
    size_t start = first ? first - 1 : 0;
    bool waiting = !first, changed;
    int ret = take_frame(m, source, start, true, &changed, err);
    promote(m);
    if (first)
        memcpy(m->shown, m->now, (size_t)m->spec->width * (size_t)m->spec->height);
    for (size_t number = start + 1; ret == ORL_OK && number < first + count; number++) {
        ret = take_frame(m, source, number, false, &changed, err);
        if (ret != ORL_OK || !changed)
            continue;
        if (waiting)
            ret = give_picture(m, start, start == 0, false, err);
        promote(m);
        start = number;
        waiting = true;
    }
    return ret == ORL_OK && waiting ? give_picture(m, start, start == 0, true, err) : ret;
}

static int make_room(struct maker *m, struct orl_error *err)
{
    uint8_t **const planes[] = {&m->now, &m->next, &m->shown, &m->wanted, &m->changed, &m->there};
    for (size_t i = 0; i < ORL_COUNT(planes); i++) {
        *planes[i] = orl_calloc((size_t)m->spec->width, (size_t)m->spec->height);
        if (!*planes[i])
            return orl_fail_memory(err);
    }
    struct orl_damage *const maps[] = {&m->blocks, &m->fresh};
    for (size_t i = 0; i < ORL_COUNT(maps); i++) {
        maps[i]->columns = ((size_t)m->spec->width + ORL_BLOCK_PX - 1) / ORL_BLOCK_PX;
        maps[i]->rows = ((size_t)m->spec->height + ORL_BLOCK_PX - 1) / ORL_BLOCK_PX;
        maps[i]->blocks = orl_calloc(maps[i]->columns, maps[i]->rows);
        if (!maps[i]->blocks)
            return orl_fail_memory(err);
    }
    return ORL_OK;
}

static void free_maker(struct maker *m)
{
    uint8_t *const planes[] = {m->now, m->next, m->shown, m->wanted, m->changed, m->there};
    for (size_t i = 0; i < ORL_COUNT(planes); i++)
        free(planes[i]);
    free(m->blocks.blocks);
    free(m->fresh.blocks);
    orl_palette_uninit(&m->palette);
    free(m);
}

int orl_indexed_make(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                     size_t first, size_t count, size_t colors, double tolerance,
                     const struct indexed_sink *sink, struct orl_error *err)
{
    struct maker *m = orl_calloc(1, sizeof *m);
    if (!m)
        return orl_fail_memory(err);
    m->spec = spec;
    m->sink = sink;
    int ret = make_room(m, err);
    if (ret == ORL_OK)
        ret = orl_palette_make(&m->palette, spec, source, colors, err);
    if (ret == ORL_OK) {
        choose_near(&m->choice, &m->palette, tolerance);
        ret = sink->begin(sink->context, &m->palette, &m->choice, err);
    }
    if (ret == ORL_OK)
        ret = give_frames(m, source, first, count, err);
    free_maker(m);
    return ret;
}
