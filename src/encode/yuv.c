/* B G R X to Y'CbCr 4:2:0. */
#include "encode/yuv.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/vector.h"

bool orl_yuv_planes_init(struct yuv_planes *planes, int width, int height)
{
    enum { ALIGN = 32 };
    size_t stride = ((size_t)width + ALIGN - 1) / ALIGN * ALIGN,
           rows = ((size_t)height + ORL_BLOCK_PX - 1) / ORL_BLOCK_PX * ORL_BLOCK_PX, luma;
    *planes = (struct yuv_planes){.stride = {(int)stride, (int)stride / 2, (int)stride / 2}};
    if (!orl_size_mul(stride, rows, &luma))
        return false;
    planes->plane[0] = orl_calloc(luma / 2, 3);
    planes->plane[1] = planes->plane[0] ? planes->plane[0] + luma : NULL;
    planes->plane[2] = planes->plane[0] ? planes->plane[1] + luma / 4 : NULL;
    return planes->plane[0] != NULL;
}

void orl_yuv_planes_uninit(struct yuv_planes *planes)
{
    free(planes->plane[0]);
    *planes = (struct yuv_planes){0};
}

/* ITU-R BT.709-6, section 3: Y' = 0.2126 R + 0.7152 G + 0.0722 B, Cb = (B - Y')/1.8556, Cr = (R -
 * Y')/1.5748; 8 bits: Y' from 16 to 235, Cb and Cr from 16 to 240. In 1/65536; the coefficients of
 * a row of Cb and Cr add up to 0, so that greys have no colour at all. */
enum {
    YR = 11966,
    YG = 40254,
    YB = 4064,
    UR = -6596,
    UG = -22189,
    UB = 28785,
    VR = 28784,
    VG = -26145,
    VB = -2639
};

/* Columns x0 ... x1-1 of rows y0 ... y1-1. */
struct area {
    int x0, x1, y0, y1;
};

static uint8_t luma(const uint8_t *p)
{
    return (uint8_t)((YB * p[0] + YG * p[1] + YR * p[2] + (16 << 16) + (1 << 15)) >> 16);
}

ORL_CLONES static void luma_rows(const struct orl_image *image, struct area a, uint8_t *plane,
                                 int stride)
{
    for (int y = a.y0; y < a.y1; y++) {
        const uint8_t *in = image->pixels + (size_t)y * image->stride;
        uint8_t *out = plane + (ptrdiff_t)y * stride;
        for (int x = a.x0; x < a.x1; x++)
            out[x] = luma(in + 4 * x);
    }
}

/* A chroma sample lies on an even column, between two rows: weights 1 2 1 across, 1 1 down. */
ORL_CLONES static void chroma_rows(const struct orl_image *image, struct area a, uint8_t *u,
                                   uint8_t *v, int stride)
{
    for (int y = a.y0; y < a.y1; y += 2) {
        const uint8_t *top = image->pixels + (size_t)y * image->stride, *low = top + image->stride;
        for (int x = a.x0; x < a.x1; x += 2) {
            const int left = 4 * (x ? x - 1 : 0), here = 4 * x, right = 4 * (x + 1);
            int sum[3];
            for (int c = 0; c < 3; c++)
                sum[c] = top[left + c] + low[left + c] + 2 * (top[here + c] + low[here + c]) +
                         top[right + c] + low[right + c];
            const ptrdiff_t at = (ptrdiff_t)(y / 2) * stride + x / 2;
            u[at] = (uint8_t)((UB * sum[0] + UG * sum[1] + UR * sum[2] + (128 << 19) + (1 << 18)) >>
                              19);
            v[at] = (uint8_t)((VB * sum[0] + VG * sum[1] + VR * sum[2] + (128 << 19) + (1 << 18)) >>
                              19);
        }
    }
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

void orl_yuv_convert(const struct orl_image *image, bool all, uint8_t *const planes[3],
                     const int strides[3])
{
    const struct orl_damage *damage = image->damage;
    const struct area whole = {0, image->width, 0, image->height};
    if (all || !damage) {
        luma_rows(image, whole, planes[0], strides[0]);
        chroma_rows(image, whole, planes[1], planes[2], strides[1]);
        return;
    }
    for (size_t row = 0; row < damage->rows; row++) {
        const uint8_t *blocks = damage->blocks + row * damage->columns;
        int y0 = (int)row * ORL_BLOCK_PX, y1 = least(y0 + ORL_BLOCK_PX, image->height);
        for (size_t column = 0; column < damage->columns; column++) {
            size_t end = column;
            while (end < damage->columns && blocks[end])
                end++;
            if (end == column)
                continue;
            int x0 = (int)column * ORL_BLOCK_PX, x1 = least((int)end * ORL_BLOCK_PX, image->width);
            luma_rows(image, (struct area){x0, x1, y0, y1}, planes[0], strides[0]);
            chroma_rows(image, (struct area){x0, least(x1 + 2, image->width), y0, y1}, planes[1],
                        planes[2], strides[1]);
            column = end;
        }
    }
}

/* ---- 4:4:4 ----------------------------------------------------------------------------------- */

/* Y' = 0.2126 R + 0.7152 G + 0.0722 B, Cb and Cr as above, without head room. In 1/65536; rows add
 * up to 1, 0 and 0. */
enum {
    FYR = 13933,
    FYG = 46871,
    FYB = 4732,
    FUR = -7509,
    FUG = -25259,
    FUB = 32768,
    FVR = 32768,
    FVG = -29763,
    FVB = -3005
};

static uint8_t chroma_full(int sum)
{
    int value = (sum + (128 << 16) + (1 << 15)) >> 16;
    return (uint8_t)(value < 255 ? value : 255);
}

ORL_CLONES static void full_rows(const struct orl_image *image, struct area a,
                                 uint8_t *const planes[3], const int strides[3])
{
    for (int y = a.y0; y < a.y1; y++) {
        const uint8_t *p = image->pixels + (size_t)y * image->stride + 4 * (size_t)a.x0;
        uint8_t *luma_row = planes[0] + (ptrdiff_t)y * strides[0],
                *u = planes[1] + (ptrdiff_t)y * strides[1],
                *v = planes[2] + (ptrdiff_t)y * strides[2];
        for (int x = a.x0; x < a.x1; x++, p += 4) {
            luma_row[x] = (uint8_t)((FYB * p[0] + FYG * p[1] + FYR * p[2] + (1 << 15)) >> 16);
            u[x] = chroma_full(FUB * p[0] + FUG * p[1] + FUR * p[2]);
            v[x] = chroma_full(FVB * p[0] + FVG * p[1] + FVR * p[2]);
        }
    }
}

void orl_yuv_convert_full(const struct orl_image *image, bool all, uint8_t *const planes[3],
                          const int strides[3])
{
    const struct orl_damage *damage = image->damage;
    const struct area whole = {0, image->width, 0, image->height};
    if (all || !damage) {
        full_rows(image, whole, planes, strides);
        return;
    }
    for (size_t row = 0; row < damage->rows; row++)
        for (size_t column = 0; column < damage->columns; column++) {
            int x = (int)column * ORL_BLOCK_PX, y = (int)row * ORL_BLOCK_PX;
            struct area block = {x, least(x + ORL_BLOCK_PX, image->width), y,
                                 least(y + ORL_BLOCK_PX, image->height)};
            if (damage->blocks[row * damage->columns + column])
                full_rows(image, block, planes, strides);
        }
}
