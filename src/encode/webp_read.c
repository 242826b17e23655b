/* Animated WebP read back: its chunks by us, its pictures by libwebp. */
#include "encode/webp_read.h"

#include <stdlib.h>
#include <string.h>

#include <webp/decode.h>

#include "base/array.h"
#include "encode/whole.h"

enum { HEAD_BYTES = 44, FRAME_BYTES = 24 };

struct reader {
    const struct orl_output_spec *spec;
    const struct orl_stream *file;
    int64_t at;
    uint8_t *data;   /* owned: a picture's chunks */
    uint8_t *pixels; /* owned: a picture */
    size_t capacity, pictures;
    uint64_t time_ms;
    /* of the picture that was read last */
    uint32_t x, y, width, height;
    bool over; /* it is laid over what stands there */
};

static int wrong(const struct reader *r, const char *what, struct orl_error *err)
{
    return orl_whole_wrong(r->spec, what, err);
}

static int bytes_take(struct reader *r, void *bytes, size_t size, struct orl_error *err)
{
    int ret = orl_whole_read(r->spec, r->file, r->at, bytes, size, err);
    r->at += (int64_t)size;
    return ret;
}

static int read_head(struct reader *r, uint32_t plays, struct orl_error *err)
{
    uint8_t head[HEAD_BYTES];
    int ret = bytes_take(r, head, sizeof head, err);
    if (ret != ORL_OK)
        return ret;
    if (memcmp(head, "RIFF", 4) != 0 || memcmp(head + 8, "WEBPVP8X", 8) != 0 ||
        memcmp(head + 30, "ANIM", 4) != 0)
        return wrong(r, "its head", err);
    if ((int64_t)orl_webp_number(head + 4, 4) + 8 != r->file->size(r->file->context))
        return wrong(r, "its length", err);
    if (orl_webp_number(head + 24, 3) + 1 != (uint32_t)r->spec->width ||
        orl_webp_number(head + 27, 3) + 1 != (uint32_t)r->spec->height)
        return wrong(r, "its size", err);
    return orl_webp_number(head + 42, 2) == plays ? ORL_OK : wrong(r, "how often it plays", err);
}

static int decode(struct reader *r, size_t size, int width, int height, struct orl_error *err)
{
    WebPBitstreamFeatures features;
    size_t room = (size_t)r->spec->width * (size_t)r->spec->height * 4;
    if (WebPGetFeatures(r->data, size, &features) != VP8_STATUS_OK || features.width != width ||
        features.height != height)
        return wrong(r, "a picture's size", err);
    return WebPDecodeBGRAInto(r->data, size, r->pixels, room, width * 4)
               ? ORL_OK
               : wrong(r, "a picture's data", err);
}

static int read_picture(struct reader *r, struct orl_error *err)
{
    uint8_t head[FRAME_BYTES];
    int ret = bytes_take(r, head, sizeof head, err);
    if (ret != ORL_OK)
        return ret;
    size_t size = orl_webp_number(head + 4, 4) - (FRAME_BYTES - 8);
    uint32_t x = 2 * orl_webp_number(head + 8, 3), y = 2 * orl_webp_number(head + 11, 3),
             width = (uint32_t)r->spec->width, height = (uint32_t)r->spec->height,
             w = orl_webp_number(head + 14, 3) + 1, h = orl_webp_number(head + 17, 3) + 1;
    if (memcmp(head, "ANMF", 4) != 0 || (int64_t)size > r->file->size(r->file->context) - r->at)
        return wrong(r, "a chunk that should not be there", err);
    if (x > width || w > width - x || y > height || h > height - y)
        return wrong(r, "a picture reaches out of the frame", err);
    if (r->pictures == 0 && (w != width || h != height))
        return wrong(r, "its first picture is not whole", err);
    if (!orl_reserve((void **)&r->data, &r->capacity, size + 1, 1))
        return orl_fail_memory(err);
    ret = bytes_take(r, r->data, size, err);
    r->time_ms += orl_webp_number(head + 20, 3);
    r->x = x;
    r->y = y;
    r->width = w;
    r->height = h;
    r->over = !(head[23] & 2);
    r->pictures++;
    return ret == ORL_OK ? decode(r, size, (int)w, (int)h, err) : ret;
}

int orl_webp_read(const struct orl_output_spec *spec, uint32_t plays, const struct orl_stream *file,
                  struct orl_output_facts *facts, struct orl_error *err)
{
    struct reader r = {.spec = spec,
                       .file = file,
                       .pixels = orl_calloc((size_t)spec->width * (size_t)spec->height, 4)};
    int ret = r.pixels ? read_head(&r, plays, err) : orl_fail_memory(err);
    while (ret == ORL_OK && r.at < file->size(file->context))
        ret = read_picture(&r, err);
    if (ret == ORL_OK && (!r.pictures || r.time_ms != orl_webp_ms(spec, spec->frames)))
        ret = wrong(&r, "its duration", err);
    facts->frames = r.pictures;
    facts->seconds = (double)r.time_ms / 1000.0;
    facts->merged = spec->frames > r.pictures ? spec->frames - r.pictures : 0;
    free(r.pixels);
    free(r.data);
    return ret;
}

/* The picture that was read last, on a screen of RGB. */
static void picture_lay(const struct reader *r, uint8_t *screen)
{
    for (uint32_t y = 0; y < r->height; y++)
        for (uint32_t x = 0; x < r->width; x++) {
            const uint8_t *from = r->pixels + 4 * ((size_t)y * r->width + x);
            uint8_t *to = screen + 3 * ((size_t)(r->y + y) * (size_t)r->spec->width + r->x + x);
            unsigned alpha = r->over ? from[3] : 255;
            for (int c = 0; c < 3; c++)
                to[c] = (uint8_t)((from[2 - c] * alpha + to[c] * (255 - alpha) + 127) / 255);
        }
}

int orl_webp_decode(const struct orl_output_spec *spec, const struct orl_stream *file,
                    const struct picture_taker *taker, struct orl_error *err)
{
    size_t pixels = (size_t)spec->width * (size_t)spec->height, first = 0;
    uint8_t *screen = orl_calloc(pixels, 3);
    struct reader r = {
        .spec = spec, .file = file, .at = HEAD_BYTES, .pixels = orl_calloc(pixels, 4)};
    int ret = r.pixels && screen ? ORL_OK : orl_fail_memory(err);
    while (ret == ORL_OK && r.at < file->size(file->context)) {
        ret = read_picture(&r, err);
        if (ret != ORL_OK)
            break;
        size_t end = (size_t)((r.time_ms * (uint64_t)spec->fps_num +
                               UINT64_C(500) * (uint64_t)spec->fps_den) /
                              (UINT64_C(1000) * (uint64_t)spec->fps_den));
        picture_lay(&r, screen);
        if (end > first)
            ret = taker->take(taker->context, first, end, screen, err);
        first = end > first ? end : first;
    }
    free(screen);
    free(r.pixels);
    free(r.data);
    return ret;
}
