/* The exact look-ahead: changed blocks of frames that are drawn but not yet encoded, in a ring. */
#include "encode/ahead.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* Whole pictures that the ring has room for: with the usual tenth of a picture that changes from
 * frame to frame that is more than a segment. */
enum { RING_PICTURES = 16, HALF_PX = ORL_BLOCK_PX / 2 };
enum { LUMA_BYTES = ORL_BLOCK_PX * ORL_BLOCK_PX, CHROMA_BYTES = HALF_PX * HALF_PX };
enum { BLOCK_BYTES = LUMA_BYTES + 2 * CHROMA_BYTES };

int orl_ahead_init(struct ahead *a, const struct orl_output_spec *spec,
                   const struct orl_frame_source *source, size_t first, size_t count,
                   struct orl_error *err)
{
    const size_t side = ORL_BLOCK_PX;
    *a = (struct ahead){.source = source,
                        .first = first,
                        .count = count,
                        .columns = ((size_t)spec->width + side - 1) / side,
                        .rows = ((size_t)spec->height + side - 1) / side};
    size_t blocks = a->columns * a->rows;
    a->capacity = blocks * (count < RING_PICTURES ? count : RING_PICTURES);
    a->frames = orl_calloc(count, sizeof *a->frames);
    a->changes = orl_calloc(a->capacity, sizeof *a->changes);
    a->pixels = orl_calloc(a->capacity, BLOCK_BYTES);
    a->newest = orl_calloc(blocks, sizeof *a->newest);
    a->next = orl_calloc(blocks, sizeof *a->next);
    bool good = a->frames && a->changes && a->pixels && a->newest && a->next;
    for (int i = 0; good && i < 2; i++)
        good = orl_yuv_planes_init(&a->seen[i], spec->width, spec->height);
    good = good && orl_yuv_planes_init(&a->shown, spec->width, spec->height);
    return good ? ORL_OK : orl_fail_memory(err);
}

void orl_ahead_uninit(struct ahead *a)
{
    orl_yuv_planes_uninit(&a->seen[0]);
    orl_yuv_planes_uninit(&a->seen[1]);
    orl_yuv_planes_uninit(&a->shown);
    free(a->frames);
    free(a->changes);
    free(a->pixels);
    free(a->newest);
    free(a->next);
    *a = (struct ahead){0};
}

/* ---- Blocks ---------------------------------------------------------------------------------- */

/* Where a block begins in plane `p`. */
static uint8_t *block_at(const struct ahead *a, const struct yuv_planes *planes, int p,
                         size_t block)
{
    size_t side = p ? HALF_PX : ORL_BLOCK_PX;
    return planes->plane[p] + block / a->columns * side * (size_t)planes->stride[p] +
           block % a->columns * side;
}

static bool block_equals(const struct ahead *a, size_t block)
{
    for (int p = 0; p < 3; p++) {
        size_t side = p ? HALF_PX : ORL_BLOCK_PX, stride = (size_t)a->seen[0].stride[p];
        const uint8_t *now = block_at(a, &a->seen[0], p, block),
                      *old = block_at(a, &a->seen[1], p, block);
        for (size_t y = 0; y < side; y++)
            if (memcmp(now + y * stride, old + y * stride, side) != 0)
                return false;
    }
    return true;
}

static void block_copy(const struct ahead *a, const struct yuv_planes *from, struct yuv_planes *to,
                       size_t block)
{
    for (int p = 0; p < 3; p++) {
        size_t side = p ? HALF_PX : ORL_BLOCK_PX, stride = (size_t)from->stride[p];
        const uint8_t *in = block_at(a, from, p, block);
        uint8_t *out = block_at(a, to, p, block);
        for (size_t y = 0; y < side; y++)
            memcpy(out + y * stride, in + y * stride, side);
    }
}

static void block_pack(const struct ahead *a, size_t block, uint8_t *out)
{
    for (int p = 0; p < 3; p++) {
        size_t side = p ? HALF_PX : ORL_BLOCK_PX, stride = (size_t)a->seen[0].stride[p];
        const uint8_t *in = block_at(a, &a->seen[0], p, block);
        for (size_t y = 0; y < side; y++, out += side)
            memcpy(out, in + y * stride, side);
    }
}

static void block_unpack(struct ahead *a, size_t block, const uint8_t *in)
{
    for (int p = 0; p < 3; p++) {
        size_t side = p ? HALF_PX : ORL_BLOCK_PX, stride = (size_t)a->shown.stride[p];
        uint8_t *out = block_at(a, &a->shown, p, block);
        for (size_t y = 0; y < side; y++, in += side)
            memcpy(out + y * stride, in, side);
    }
}

/* ---- Drawing ahead --------------------------------------------------------------------------- */

static void change_add(struct ahead *a, struct ahead_frame *frame, size_t block)
{
    size_t number = frame->end++, oldest = a->taken ? a->frames[a->taken - 1].end : 0,
           before = a->newest[block];
    if (before > oldest)
        a->changes[(before - 1) % a->capacity].until = (uint32_t)a->drawn;
    a->changes[number % a->capacity] = (struct ahead_change){(uint32_t)block, 0};
    block_pack(a, block, a->pixels + number % a->capacity * BLOCK_BYTES);
    block_copy(a, &a->seen[0], &a->seen[1], block);
    a->newest[block] = number + 1;
}

/* A changed pixel also changes the chroma sample to its right, which may be the next block's. */
static bool may_differ(const struct orl_damage *damage, size_t block)
{
    return !damage || damage->blocks[block] ||
           (block % damage->columns && damage->blocks[block - 1]);
}

static int frame_draw(struct ahead *a, struct orl_error *err)
{
    struct ahead_frame *frame = &a->frames[a->drawn];
    struct orl_image image;
    size_t number = a->first + a->drawn;
    bool whole = a->drawn == 0;
    int ret = a->source->frame(a->source->context, number, &image, err);
    if (ret != ORL_OK)
        return ret;
    orl_yuv_convert(&image, whole, a->seen[0].plane, a->seen[0].stride);
    *frame = (struct ahead_frame){.end = whole ? 0 : frame[-1].end, .key = whole};
    if (!whole && a->source->part)
        frame->key = a->source->part(a->source->context, number) !=
                     a->source->part(a->source->context, number - 1);
    for (size_t block = 0; block < a->columns * a->rows; block++)
        if (whole || (may_differ(image.damage, block) && !block_equals(a, block)))
            change_add(a, frame, block);
    a->drawn++;
    return ORL_OK;
}

/* Draw on while the ring has room for a whole picture. */
static int draw_ahead(struct ahead *a, struct orl_error *err)
{
    int ret = ORL_OK;
    while (ret == ORL_OK && a->drawn < a->count) {
        size_t oldest = a->taken ? a->frames[a->taken - 1].end : 0,
               newest = a->drawn ? a->frames[a->drawn - 1].end : 0;
        if (newest - oldest + a->columns * a->rows > a->capacity)
            break;
        ret = frame_draw(a, err);
    }
    return ret;
}

/* ---- Taking ---------------------------------------------------------------------------------- */

/* Where the group that frame `index` is in ends, as far as it is drawn. */
static size_t group_end(const struct ahead *a, size_t index)
{
    size_t end = index + 1;
    while (end < a->drawn && !a->frames[end].key)
        end++;
    return end;
}

/* At a key each block is coded, whether it changed or not: all lives are looked up. */
static void life_of_all(struct ahead *a, size_t index, size_t end, uint32_t *life)
{
    size_t blocks = a->columns * a->rows;
    for (size_t block = 0; block < blocks; block++)
        a->next[block] = (uint32_t)end;
    for (size_t frame = end; frame-- > index + 1;)
        for (size_t i = a->frames[frame - 1].end; i < a->frames[frame].end; i++)
            a->next[a->changes[i % a->capacity].block] = (uint32_t)frame;
    for (size_t block = 0; block < blocks; block++)
        life[block] = a->next[block] - (uint32_t)index;
}

int orl_ahead_next(struct ahead *a, enum ahead_kind *kind, uint8_t *changed, uint32_t *life,
                   struct orl_error *err)
{
    int ret = draw_ahead(a, err);
    if (ret != ORL_OK)
        return ret;
    size_t index = a->taken, begin = index ? a->frames[index - 1].end : 0,
           end = group_end(a, index);
    const struct ahead_frame *frame = &a->frames[index];
    memset(changed, 0, a->columns * a->rows);
    for (size_t i = begin; i < frame->end; i++) {
        const struct ahead_change *change = &a->changes[i % a->capacity];
        size_t until = change->until && change->until < end ? change->until : end;
        block_unpack(a, change->block, a->pixels + i % a->capacity * BLOCK_BYTES);
        changed[change->block] = 1;
        life[change->block] = (uint32_t)(until - index);
    }
    if (frame->key)
        life_of_all(a, index, end, life);
    *kind = frame->key ? AHEAD_KEY : frame->end > begin ? AHEAD_DELTA : AHEAD_HELD;
    a->taken++;
    return ORL_OK;
}
