/* Reels: drawn frames, packed and handed out again. */
#include "batch/reel.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

enum { PICTURES_MOST = 4, BLOCK_BYTES = 4 * ORL_BLOCK_PX * ORL_BLOCK_PX };

void orl_reel_uninit(struct reel *reel)
{
    free(reel->start);
    free(reel->shown);
    free(reel->damage.blocks);
    free(reel->frames);
    free(reel->blocks);
    free(reel->pixels);
    *reel = (struct reel){0};
}

static size_t stride_of(const struct reel *reel)
{
    return 4 * (size_t)reel->width;
}

static int begin(struct reel *reel, const struct orl_image *image, struct orl_error *err)
{
    orl_reel_uninit(reel);
    reel->width = image->width;
    reel->height = image->height;
    reel->damage.columns = ((size_t)image->width + ORL_BLOCK_PX - 1) / ORL_BLOCK_PX;
    reel->damage.rows = ((size_t)image->height + ORL_BLOCK_PX - 1) / ORL_BLOCK_PX;
    reel->damage.blocks = orl_calloc(reel->damage.columns, reel->damage.rows);
    reel->start = orl_calloc(stride_of(reel), (size_t)image->height);
    reel->shown = orl_calloc(stride_of(reel), (size_t)image->height);
    return reel->damage.blocks && reel->start && reel->shown ? ORL_OK : orl_fail_memory(err);
}

/* A block's first byte in a picture of ours, and its size there. */
struct place {
    size_t offset, bytes, rows, x, y;
};

static struct place place_of(const struct reel *reel, size_t block)
{
    size_t x = block % reel->damage.columns * ORL_BLOCK_PX,
           y = block / reel->damage.columns * ORL_BLOCK_PX;
    size_t width = (size_t)reel->width - x, height = (size_t)reel->height - y;
    return (struct place){.offset = y * stride_of(reel) + 4 * x,
                          .bytes = 4 * (width < ORL_BLOCK_PX ? width : ORL_BLOCK_PX),
                          .rows = height < ORL_BLOCK_PX ? height : ORL_BLOCK_PX,
                          .x = x,
                          .y = y};
}

static bool make_room(struct reel *reel, size_t blocks)
{
    size_t all = reel->block_count + blocks, bytes;
    return orl_size_mul(all, BLOCK_BYTES, &bytes) &&
           orl_reserve((void **)&reel->frames, &reel->frames_capacity, reel->count + 1,
                       sizeof *reel->frames) &&
           orl_reserve((void **)&reel->blocks, &reel->blocks_capacity, all, sizeof *reel->blocks) &&
           orl_reserve((void **)&reel->pixels, &reel->pixels_capacity, bytes, 1);
}

static void add_blocks(struct reel *reel, const struct orl_image *image)
{
    for (size_t i = 0; i < reel->damage.columns * reel->damage.rows; i++) {
        if (!image->damage->blocks[i])
            continue;
        struct place p = place_of(reel, i);
        uint8_t *to = reel->pixels + reel->block_count * BLOCK_BYTES;
        for (size_t row = 0; row < p.rows; row++)
            memcpy(to + row * p.bytes, image->pixels + (p.y + row) * image->stride + 4 * p.x,
                   p.bytes);
        reel->blocks[reel->block_count++] = (uint32_t)i;
    }
}

/* The first frame, whole. */
static int keep_first(struct reel *reel, size_t number, const struct orl_image *image,
                      struct orl_error *err)
{
    bool same_size = reel->start && reel->width == image->width && reel->height == image->height;
    int ret = same_size ? ORL_OK : begin(reel, image, err);
    if (ret == ORL_OK && !make_room(reel, 0))
        ret = orl_fail_memory(err);
    reel->count = reel->block_count = 0;
    reel->full = false;
    if (ret != ORL_OK)
        return ret;
    for (size_t y = 0; y < (size_t)image->height; y++)
        memcpy(reel->start + y * stride_of(reel), image->pixels + y * image->stride,
               stride_of(reel));
    reel->frames[0] = (struct reel_frame){0};
    reel->first = number;
    reel->next = number + 1;
    reel->count = 1;
    orl_reel_forget_shown(reel);
    return ORL_OK;
}

int orl_reel_keep(struct reel *reel, size_t number, const struct orl_image *image, bool after,
                  struct orl_error *err)
{
    bool follows = after && reel->count > 0 && number == reel->next &&
                   image->width == reel->width && image->height == reel->height;
    reel->next = number + 1;
    if (!follows)
        return keep_first(reel, number, image, err);
    size_t changed = 0, picture = reel->damage.columns * reel->damage.rows;
    for (size_t i = 0; i < picture; i++)
        changed += image->damage->blocks[i];
    reel->full |= reel->block_count + changed > PICTURES_MOST * picture;
    if (reel->full)
        return ORL_OK;
    if (!make_room(reel, changed))
        return orl_fail_memory(err);
    reel->frames[reel->count++] = (struct reel_frame){reel->block_count, changed};
    add_blocks(reel, image);
    return ORL_OK;
}

bool orl_reel_has(const struct reel *reel, size_t number)
{
    return reel->count > 0 && number >= reel->first && number - reel->first < reel->count;
}

void orl_reel_forget_shown(struct reel *reel)
{
    reel->at = SIZE_MAX;
}

static void paste(struct reel *reel, const struct reel_frame *frame)
{
    for (size_t i = 0; i < frame->block_count; i++) {
        size_t block = reel->blocks[frame->blocks + i];
        const uint8_t *from = reel->pixels + (frame->blocks + i) * BLOCK_BYTES;
        struct place p = place_of(reel, block);
        for (size_t row = 0; row < p.rows; row++)
            memcpy(reel->shown + p.offset + row * stride_of(reel), from + row * p.bytes, p.bytes);
        reel->damage.blocks[block] = 1;
    }
}

void orl_reel_show(struct reel *reel, size_t number, struct orl_image *image)
{
    const size_t blocks = reel->damage.columns * reel->damage.rows;
    bool follows = reel->at != SIZE_MAX && number == reel->at + 1;
    if (!follows) {
        memcpy(reel->shown, reel->start, stride_of(reel) * (size_t)reel->height);
        for (size_t i = reel->first + 1; i < number; i++)
            paste(reel, &reel->frames[i - reel->first]);
    }
    memset(reel->damage.blocks, 0, blocks);
    if (number > reel->first)
        paste(reel, &reel->frames[number - reel->first]);
    if (!follows)
        memset(reel->damage.blocks, 1, blocks);
    reel->at = number;
    *image = (struct orl_image){.pixels = reel->shown,
                                .width = reel->width,
                                .height = reel->height,
                                .stride = stride_of(reel),
                                .damage = &reel->damage};
}

static bool same_block(const struct orl_image *before, const struct orl_image *after, size_t x,
                       size_t y)
{
    size_t width = (size_t)after->width - x,
           bytes = 4 * (width < ORL_BLOCK_PX ? width : ORL_BLOCK_PX);
    for (size_t row = y; row < y + ORL_BLOCK_PX && row < (size_t)after->height; row++)
        if (memcmp(before->pixels + row * before->stride + 4 * x,
                   after->pixels + row * after->stride + 4 * x, bytes) != 0)
            return false;
    return true;
}

void orl_reel_compare(const struct orl_image *before, const struct orl_image *after,
                      struct orl_damage *out)
{
    for (size_t row = 0; row < out->rows; row++)
        for (size_t column = 0; column < out->columns; column++)
            out->blocks[row * out->columns + column] =
                !same_block(before, after, column * ORL_BLOCK_PX, row * ORL_BLOCK_PX);
}
