/* Finished films measured: every frame as it is decoded against the frame as it was drawn. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "encode/decode.h"
#include "encode/format.h"

enum { PLANES = 4 /* R, G, B, luma */, LUMA = 3, WINDOW = 8, STRIDE = 4 };

struct meter {
    const struct orl_output_spec *spec;
    const struct orl_frame_source *source;
    uint8_t *drawn[PLANES], *shown[PLANES]; /* owned: of one frame */
    double error[PLANES];                   /* sums of squares */
    double ssim[PLANES];                    /* sums of the frames' */
    double changed_error, changed_pixels;   /* of luma, where a frame changed */
    size_t frames;
};

/* BT.709 luma of sRGB values, rounded. */
static uint8_t luma_of(unsigned r, unsigned g, unsigned b)
{
    return (uint8_t)((2126 * r + 7152 * g + 722 * b + 5000) / 10000);
}

static void planes_fill(const struct meter *m, uint8_t *const planes[PLANES], const uint8_t *pixels,
                        size_t stride, size_t pixel, const int order[3])
{
    size_t width = (size_t)m->spec->width;
    for (size_t y = 0; y < (size_t)m->spec->height; y++)
        for (size_t x = 0; x < width; x++) {
            const uint8_t *p = pixels + y * stride + x * pixel;
            size_t at = y * width + x;
            for (int c = 0; c < 3; c++)
                planes[c][at] = p[order[c]];
            planes[LUMA][at] = luma_of(planes[0][at], planes[1][at], planes[2][at]);
        }
}

static double error_of(const uint8_t *a, const uint8_t *b, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        int gap = a[i] - b[i];
        sum += (uint64_t)(gap * gap);
    }
    return (double)sum;
}

/* One window's index, with the constants of the paper for 8 bits. */
static double window_ssim(const uint8_t *a, const uint8_t *b, size_t width)
{
    int64_t sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0, n = WINDOW * WINDOW;
    for (size_t y = 0; y < WINDOW; y++)
        for (size_t x = 0; x < WINDOW; x++) {
            int p = a[y * width + x], q = b[y * width + x];
            sa += p;
            sb += q;
            saa += p * p;
            sbb += q * q;
            sab += p * q;
        }
    double c1 = 0.01 * 255 * 0.01 * 255 * (double)(n * n),
           c2 = 0.03 * 255 * 0.03 * 255 * (double)(n * (n - 1)),
           covariance = (double)(n * sab - sa * sb),
           variances = (double)(n * saa - sa * sa + n * sbb - sb * sb);
    return (2.0 * (double)(sa * sb) + c1) * (2.0 * covariance + c2) /
           (((double)(sa * sa + sb * sb) + c1) * (variances + c2));
}

static double plane_ssim(const uint8_t *a, const uint8_t *b, size_t width, size_t height)
{
    double sum = 0.0;
    size_t windows = 0;
    for (size_t y = 0; y + WINDOW <= height; y += STRIDE)
        for (size_t x = 0; x + WINDOW <= width; x += STRIDE, windows++) {
            const uint8_t *p = a + y * width + x, *q = b + y * width + x;
            bool same = true;
            for (size_t row = 0; same && row < WINDOW; row++)
                same = memcmp(p + row * width, q + row * width, WINDOW) == 0;
            sum += same ? 1.0 : window_ssim(p, q, width);
        }
    return windows ? sum / (double)windows : 1.0;
}

/* Of the blocks that changed; a film's first frame is new everywhere and says nothing. */
static void changed_add(struct meter *m, const struct orl_damage *damage)
{
    size_t width = (size_t)m->spec->width, height = (size_t)m->spec->height;
    for (size_t i = 0; damage && i < damage->columns * damage->rows; i++) {
        if (!damage->blocks[i])
            continue;
        size_t x = i % damage->columns * ORL_BLOCK_PX, y = i / damage->columns * ORL_BLOCK_PX,
               w = width - x < ORL_BLOCK_PX ? width - x : ORL_BLOCK_PX;
        for (size_t row = y; row < height && row < y + ORL_BLOCK_PX; row++) {
            size_t at = row * width + x;
            m->changed_error += error_of(m->drawn[LUMA] + at, m->shown[LUMA] + at, w);
            m->changed_pixels += (double)w;
        }
    }
}

static int frame_measure(struct meter *m, size_t number, struct orl_error *err)
{
    static const int bgr[3] = {2, 1, 0};
    size_t count = (size_t)m->spec->width * (size_t)m->spec->height;
    struct orl_image image;
    int ret = m->source->frame(m->source->context, number, &image, err);
    if (ret != ORL_OK)
        return ret;
    planes_fill(m, m->drawn, image.pixels, image.stride, 4, bgr);
    for (int p = 0; p < PLANES; p++) {
        m->error[p] += error_of(m->drawn[p], m->shown[p], count);
        m->ssim[p] +=
            plane_ssim(m->drawn[p], m->shown[p], (size_t)m->spec->width, (size_t)m->spec->height);
    }
    if (number > 0)
        changed_add(m, image.damage);
    m->frames++;
    return ORL_OK;
}

static int picture_take(void *context, size_t first, size_t end, const uint8_t *rgb,
                        struct orl_error *err)
{
    static const int order[3] = {0, 1, 2};
    struct meter *m = context;
    int ret = first == m->frames && end <= m->spec->frames
                  ? ORL_OK
                  : orl_fail(err, ORL_FAIL, "the finished film has pictures at other times");
    planes_fill(m, m->shown, rgb, 3 * (size_t)m->spec->width, 3, order);
    for (size_t i = first; ret == ORL_OK && i < end; i++)
        ret = frame_measure(m, i, err);
    return ret;
}

/* ---- Films that libavcodec decodes ----------------------------------------------------------- */

static size_t frame_at(const struct orl_output_spec *spec, double time_s)
{
    return (size_t)llround(fmax(0.0, time_s) * spec->fps_num / spec->fps_den);
}

/* A picture stands until the next one: it is handed over when that is known. */
static int film_decode(const struct orl_output_spec *spec, const struct orl_stream *file,
                       const struct picture_taker *taker, struct orl_error *err)
{
    struct film_reader film;
    size_t bytes = (size_t)spec->width * (size_t)spec->height * FILM_PIXEL, first = 0;
    uint8_t *held = orl_calloc(bytes, 1);
    int ret = held ? orl_film_open(&film, file, err) : orl_fail_memory(err), more = 1;
    if (held && ret == ORL_FAIL)
        orl_fail(err, ORL_FAIL, "the finished film cannot be decoded");
    if (ret == ORL_OK && (film.width != spec->width || film.height != spec->height))
        ret = orl_fail(err, ORL_FAIL, "the finished film has another size");
    while (ret == ORL_OK && (more = orl_film_next(&film, err)) > 0) {
        size_t number = frame_at(spec, film.time_s);
        if (film.frames > 1)
            ret = taker->take(taker->context, first, number, held, err);
        memcpy(held, film.pixels, bytes);
        first = number;
    }
    if (ret == ORL_OK && more < 0)
        ret = more;
    if (ret == ORL_OK)
        ret = taker->take(taker->context, first, spec->frames, held, err);
    if (held)
        orl_film_close(&film);
    free(held);
    return ret;
}

/* ---- All of it ------------------------------------------------------------------------------- */

static double psnr_of(double error, double count)
{
    return error > 0.0 ? 10.0 * log10(255.0 * 255.0 * count / error) : (double)INFINITY;
}

static void quality_tell(const struct meter *m, struct orl_quality *out)
{
    double frames = (double)m->frames,
           count = frames * (double)m->spec->width * (double)m->spec->height;
    out->ssim = (m->ssim[0] + m->ssim[1] + m->ssim[2]) / (3.0 * frames);
    out->ssim_luma = m->ssim[LUMA] / frames;
    out->psnr = psnr_of(m->error[0] + m->error[1] + m->error[2], 3.0 * count);
    out->psnr_luma = psnr_of(m->error[LUMA], count);
    out->psnr_changed =
        m->changed_pixels > 0.0 ? psnr_of(m->changed_error, m->changed_pixels) : (double)NAN;
}

int orl_encode_measure(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                       const struct orl_stream *file, struct orl_quality *out,
                       struct orl_error *err)
{
    const struct orl_format_ops *ops = spec->format->ops;
    struct meter m = {.spec = spec, .source = source};
    const struct picture_taker taker = {&m, picture_take};
    size_t count = (size_t)spec->width * (size_t)spec->height;
    uint8_t *room = orl_calloc(count, 2 * PLANES);
    for (size_t p = 0; room && p < PLANES; p++) {
        m.drawn[p] = room + p * count;
        m.shown[p] = room + (PLANES + p) * count;
    }
    int ret = !room         ? orl_fail_memory(err)
              : ops->decode ? ops->decode(spec, file, &taker, err)
                            : film_decode(spec, file, &taker, err);
    if (ret == ORL_OK && m.frames != spec->frames)
        ret = orl_fail(err, ORL_FAIL, "%zu of %zu frames were decoded", m.frames, spec->frames);
    if (ret == ORL_OK)
        quality_tell(&m, out);
    free(room);
    return ret;
}
