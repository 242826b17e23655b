/* Frames of a segment as pictures of an animated WebP, by libwebp: the rectangle that changed, with
 * what did not change left transparent. */
#include "encode/webp_segment.h"

#include <string.h>

#include <webp/encode.h>

#include "base/text.h"
#include "encode/pictures.h"
#include "encode/webp_read.h"

/* libwebp's method and effort. The plain fit film at 800x450, 200 frames, lossless, in seconds of
 * one core: 0/0 6.6 MB in 0.9, 2/20 1.60 MB in 0.8, 2/40 1.15 MB in 1.3, 2/75 1.15 in 1.5,
 * 4/75 1.15 in 2.1. */
enum { METHOD_LOSSLESS = 2, EFFORT_LOSSLESS = 40, METHOD_LOSSY = 4 };

struct maker {
    const struct orl_output_spec *spec;
    WebPConfig config;
    struct orl_text record;
    struct seg_writer seg;
};

static bool set_up(WebPConfig *config, const struct orl_output_spec *spec)
{
    if (!WebPConfigInit(config))
        return false;
    if (orl_webp_is_lossless(spec)) {
        config->lossless = 1;
        config->method = METHOD_LOSSLESS;
        config->quality = EFFORT_LOSSLESS;
    } else {
        config->method = METHOD_LOSSY;
        config->quality = (float)spec->values[WEBP_QUALITY].number;
        config->alpha_quality = 100;
    }
    return WebPValidateConfig(config);
}

static int collect(const uint8_t *data, size_t size, const WebPPicture *picture)
{
    struct orl_text *text = picture->custom_ptr;
    orl_text_append(text, (const char *)data, size);
    return !text->failed;
}

/* Places of pictures are even; in lossy ones blocks of 16 pixels are painted or left alone as a
 * whole. */
static void align(const struct orl_output_spec *spec, struct picture *p)
{
    int step = orl_webp_is_lossless(spec) ? 2 : ORL_BLOCK_PX, right = p->x + p->width,
        lower = p->y + p->height;
    p->x -= p->x % step;
    p->y -= p->y % step;
    if (step > 2) {
        right = right + step - 1 - (right + step - 1) % step;
        lower = lower + step - 1 - (lower + step - 1) % step;
    }
    p->width = (right < spec->width ? right : spec->width) - p->x;
    p->height = (lower < spec->height ? lower : spec->height) - p->y;
}

static bool block_differs(const struct picture *p, int x0, int y0)
{
    for (int y = y0; y < y0 + ORL_BLOCK_PX && y < p->image->height; y++)
        for (int x = x0; x < x0 + ORL_BLOCK_PX && x < p->image->width; x++)
            if (orl_picture_differs(p, x, y))
                return true;
    return false;
}

static uint32_t pixel(const struct picture *p, int x, int y)
{
    const uint8_t *bgrx = p->image->pixels + (size_t)y * p->image->stride + 4 * (size_t)x;
    return 0xff000000u | (uint32_t)bgrx[2] << 16 | (uint32_t)bgrx[1] << 8 | bgrx[0];
}

/* What is to stay is transparent black. */
static void fill_lossless(const struct picture *p, WebPPicture *out)
{
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++)
            out->argb[y * out->argb_stride + x] =
                orl_picture_differs(p, p->x + x, p->y + y) ? pixel(p, p->x + x, p->y + y) : 0;
}

/* What is to stay is transparent and looks as it does: a block next to it is coded from what it
 * borders on. */
static void fill_lossy(const struct picture *p, WebPPicture *out)
{
    for (int y0 = 0; y0 < p->height; y0 += ORL_BLOCK_PX)
        for (int x0 = 0; x0 < p->width; x0 += ORL_BLOCK_PX) {
            uint32_t mask = block_differs(p, p->x + x0, p->y + y0) ? UINT32_MAX : 0x00ffffffu;
            for (int y = y0; y < y0 + ORL_BLOCK_PX && y < p->height; y++)
                for (int x = x0; x < x0 + ORL_BLOCK_PX && x < p->width; x++)
                    out->argb[y * out->argb_stride + x] = pixel(p, p->x + x, p->y + y) & mask;
        }
}

static int encode_picture(struct maker *m, const struct picture *p, struct orl_error *err)
{
    WebPPicture picture;
    if (!WebPPictureInit(&picture))
        return orl_fail(err, ORL_EENV,
                        "libwebp has another version than this program was built for");
    picture.use_argb = 1;
    picture.width = p->width;
    picture.height = p->height;
    picture.writer = collect;
    picture.custom_ptr = &m->record;
    if (!WebPPictureAlloc(&picture))
        return orl_fail_memory(err);
    (orl_webp_is_lossless(m->spec) ? fill_lossless : fill_lossy)(p, &picture);
    bool good = WebPEncode(&m->config, &picture);
    int code = (int)picture.error_code;
    WebPPictureFree(&picture);
    if (!good && (m->record.failed || code == VP8_ENC_ERROR_OUT_OF_MEMORY ||
                  code == VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY))
        return orl_fail_memory(err);
    return good ? ORL_OK : orl_fail(err, ORL_EENV, "libwebp refuses a picture (error %d)", code);
}

/* libwebp wrote a file of one picture; of its chunks those are kept that an animation's frame may
 * have. */
static size_t keep_chunks(uint8_t *data, size_t size)
{
    size_t fill = WEBP_PLACE_BYTES;
    for (size_t at = WEBP_PLACE_BYTES + 12; at + 8 <= size;) {
        size_t length = 8 + ((size_t)orl_webp_number(data + at + 4, 4) + 1) / 2 * 2;
        if (length > size - at)
            return 0;
        if (memcmp(data + at, "ALPH", 4) == 0 || memcmp(data + at, "VP8", 3) == 0) {
            bool wanted = data[at + 3] != 'X';
            if (wanted)
                memmove(data + fill, data + at, length);
            fill += wanted ? length : 0;
        }
        at += length;
    }
    return fill > WEBP_PLACE_BYTES ? fill : 0;
}

static int take_picture(void *context, const struct picture *picture, struct orl_error *err)
{
    struct maker *m = context;
    struct picture p = *picture;
    uint8_t place[WEBP_PLACE_BYTES];
    align(m->spec, &p);
    orl_webp_put(place, (uint32_t)p.x, 4);
    orl_webp_put(place + 4, (uint32_t)p.y, 4);
    orl_webp_put(place + 8, (uint32_t)p.width, 4);
    orl_webp_put(place + 12, (uint32_t)p.height, 4);
    orl_text_clear(&m->record);
    orl_text_append(&m->record, (const char *)place, sizeof place);
    int ret = encode_picture(m, &p, err);
    size_t size = ret == ORL_OK ? keep_chunks((uint8_t *)m->record.data, m->record.length) : 0;
    if (ret == ORL_OK && !size)
        ret = orl_fail(err, ORL_EENV, "libwebp wrote what nobody asked for");
    return ret == ORL_OK
               ? orl_seg_record(&m->seg, WEBP_PICTURE, (int64_t)p.start, m->record.data, size, err)
               : ret;
}

int orl_webp_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                     size_t first, size_t count, struct orl_sink out, struct orl_error *err)
{
    struct maker m = {.spec = spec};
    int ret = set_up(&m.config, spec)
                  ? ORL_OK
                  : orl_fail(err, ORL_EENV, "libwebp does not take the settings");
    if (ret == ORL_OK)
        ret = orl_seg_begin(&m.seg, out, spec, first, count, err);
    if (ret == ORL_OK)
        ret = orl_pictures_make(spec, source, first, count, take_picture, &m, err);
    if (ret == ORL_OK)
        ret = orl_seg_end(&m.seg, err);
    orl_text_uninit(&m.record);
    return ret;
}

int orl_webp_check(const struct orl_output_spec *spec, struct orl_error *err)
{
    WebPConfig config;
    return set_up(&config, spec) ? ORL_OK
                                 : orl_fail(err, ORL_EENV, "libwebp does not take the settings");
}
