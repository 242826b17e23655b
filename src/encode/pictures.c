/* Animated pictures: which frames differ from the one before, how their segments are joined, how
 * they are made smaller. */
#include "encode/pictures.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "encode/tables.h"

/* ---- Making ---------------------------------------------------------------------------------- */

struct box {
    int x0, y0, x1, y1; /* x1, y1: behind the last */
};

/* Grow the box by what differs in a block. */
static void add_block(const struct picture *p, int x0, int y0, struct box *box)
{
    int x1 = x0 + ORL_BLOCK_PX < p->image->width ? x0 + ORL_BLOCK_PX : p->image->width;
    int y1 = y0 + ORL_BLOCK_PX < p->image->height ? y0 + ORL_BLOCK_PX : p->image->height;
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++)
            if (orl_picture_differs(p, x, y)) {
                box->x0 = x < box->x0 ? x : box->x0;
                box->x1 = x + 1 > box->x1 ? x + 1 : box->x1;
                box->y0 = y < box->y0 ? y : box->y0;
                box->y1 = y + 1 > box->y1 ? y + 1 : box->y1;
            }
}

static bool is_damaged(const struct orl_image *image, int x, int y)
{
    const struct orl_damage *damage = image->damage;
    return !damage ||
           damage
               ->blocks[(size_t)(y / ORL_BLOCK_PX) * damage->columns + (size_t)(x / ORL_BLOCK_PX)];
}

static bool find_box(struct picture *p)
{
    struct box box = {p->image->width, p->image->height, 0, 0};
    for (int y = 0; y < p->image->height; y += ORL_BLOCK_PX)
        for (int x = 0; x < p->image->width; x += ORL_BLOCK_PX)
            if (is_damaged(p->image, x, y))
                add_block(p, x, y, &box);
    p->x = box.x0;
    p->y = box.y0;
    p->width = box.x1 - box.x0;
    p->height = box.y1 - box.y0;
    return p->width > 0;
}

/* Keep what the picture changed. */
static void keep(const struct picture *p, uint8_t *before)
{
    for (int y = p->y; y < p->y + p->height; y++)
        memcpy(before + ((size_t)y * (size_t)p->image->width + (size_t)p->x) * 4,
               p->image->pixels + (size_t)y * p->image->stride + 4 * (size_t)p->x,
               4 * (size_t)p->width);
}

int orl_pictures_make(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                      size_t first, size_t count,
                      int (*take)(void *context, const struct picture *picture,
                                  struct orl_error *err),
                      void *context, struct orl_error *err)
{
    size_t begin = first ? first - 1 : 0;
    uint8_t *before = orl_calloc((size_t)spec->width * (size_t)spec->height, 4);
    int ret = before ? ORL_OK : orl_fail_memory(err);
    for (size_t number = begin; ret == ORL_OK && number < first + count; number++) {
        struct orl_image image;
        ret = source->frame(source->context, number, &image, err);
        if (ret != ORL_OK)
            break;
        struct picture p = {.start = number,
                            .image = &image,
                            .before = before,
                            .width = spec->width,
                            .height = spec->height,
                            .whole = number == 0,
                            .alpha = spec->alpha};
        if (number > begin && !find_box(&p))
            continue;
        if (number >= first)
            ret = take(context, &p, err);
        keep(&p, before);
    }
    free(before);
    return ret;
}

/* ---- Joining --------------------------------------------------------------------------------- */

struct joiner {
    const struct orl_output_spec *spec;
    const struct picture_sink *sink;
    struct orl_text pending; /* a picture that waits for its end */
    size_t start;            /* its first frame */
    bool waiting;
};

static int flush(struct joiner *j, size_t end, struct orl_error *err)
{
    if (!j->waiting)
        return ORL_OK;
    j->waiting = false;
    return j->sink->picture(j->sink->context, (const uint8_t *)j->pending.data, j->pending.length,
                            j->start, end, err);
}

static int take_record(void *context, size_t segment, const struct seg_record *record,
                       struct orl_error *err)
{
    struct joiner *j = context;
    (void)segment;
    if (j->sink->head_type && record->type == j->sink->head_type)
        return j->sink->head(j->sink->context, record, err);
    bool in_order = record->number >= 0 && record->number < (int64_t)j->spec->frames &&
                    (j->waiting ? (size_t)record->number > j->start : record->number == 0);
    if (record->type != j->sink->picture_type || !in_order)
        return orl_fail(err, ORL_FAIL, "a segment holds what it should not");
    int ret = flush(j, (size_t)record->number, err);
    if (ret != ORL_OK)
        return ret;
    orl_text_clear(&j->pending);
    orl_text_append(&j->pending, (const char *)record->bytes, record->size);
    j->start = (size_t)record->number;
    j->waiting = true;
    return j->pending.failed ? orl_fail_memory(err) : ORL_OK;
}

int orl_pictures_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                      size_t segment_count, const struct picture_sink *sink, struct orl_error *err)
{
    struct joiner j = {.spec = spec, .sink = sink};
    int ret = orl_seg_each(spec, segments, segment_count, take_record, &j, err);
    if (ret == ORL_OK)
        ret = j.waiting ? flush(&j, spec->frames, err)
                        : orl_fail(err, ORL_FAIL, "there is no picture");
    orl_text_uninit(&j.pending);
    return ret;
}

/* ---- Size caps ------------------------------------------------------------------------------- */

void orl_tightened_add(char what[ORL_TIGHTENED_SIZE], const char *format, ...)
{
    size_t length = strlen(what);
    va_list list;
    if (length && length + 2 < ORL_TIGHTENED_SIZE)
        length += (size_t)snprintf(what + length, ORL_TIGHTENED_SIZE - length, ", ");
    va_start(list, format);
    orl_text_vbounded(what + length, ORL_TIGHTENED_SIZE - length, format, list);
    va_end(list);
}

static int common_divisor(int a, int b)
{
    while (b) {
        int rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Rates are numbers of at most six digits. */
static void lower_rate(struct orl_output_spec *spec, int num, int den)
{
    int n = spec->fps_num * num, d = spec->fps_den * den, divisor = common_divisor(n, d);
    spec->fps_num = n / divisor;
    spec->fps_den = d / divisor;
    orl_format_rate(spec->format, &spec->fps_num, &spec->fps_den);
}

/* Sides stay even and near their ratio. */
static int shrink(int side, int num, int den)
{
    int shorter = (side * num / den + 1) / 2 * 2;
    return shorter > 16 ? shorter : 16;
}

bool orl_pictures_tighten(struct orl_output_spec *spec, size_t level, char what[ORL_TIGHTENED_SIZE])
{
    if (level > PICTURES_LEVELS)
        return false;
    if (level >= 1) {
        lower_rate(spec, level == 1 ? 5 : 1, level == 1 ? 8 : 2);
        orl_tightened_add(what, "%.4g frames per second", (double)spec->fps_num / spec->fps_den);
    }
    if (level >= 3) {
        spec->width = shrink(spec->width, level == 3 ? 4 : 3, 5);
        spec->height = shrink(spec->height, level == 3 ? 4 : 3, 5);
        orl_tightened_add(what, "%dx%d", spec->width, spec->height);
    }
    return true;
}

double orl_pictures_share(size_t level)
{
    static const double shares[PICTURES_LEVELS + 1] = {1.0, 0.6, 0.45, 0.3, 0.2};
    return shares[level < PICTURES_LEVELS ? level : PICTURES_LEVELS];
}
