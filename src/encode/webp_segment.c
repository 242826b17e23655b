/* Frames of a segment as pictures of an animated WebP, by libwebp: the rectangle that changed, with
 * what did not change left transparent.
 *
 * Lossless pictures have every pixel as it was drawn. Lossy ones have the colours of one palette,
 * as a GIF has, and are packed without further loss (VP8L) or with loss (VP8), whichever is
 * smaller: text and lines stay sharp, and a WebP comes out smaller than the GIF. */
#include "encode/webp_segment.h"

#include <stdlib.h>
#include <string.h>

#include <webp/encode.h>

#include "base/array.h"
#include "base/text.h"
#include "encode/indexed.h"
#include "encode/pictures.h"
#include "encode/webp_read.h"

/* libwebp's method and effort. The plain fit film at 800x450, 200 frames, lossless, in seconds of
 * one core: 0/0 6.6 MB in 0.9, 2/20 1.60 MB in 0.8, 2/40 1.15 MB in 1.3, 2/75 1.15 in 1.5,
 * 4/75 1.15 in 2.1. */
enum { METHOD_LOSSLESS = 2, EFFORT_LOSSLESS = 40, METHOD_LOSSY = 4 };

/* VP8 softens lines: it has to save a tenth. It seldom does at the usual quality, and more often
 * the lower it is. */
#define LOSSY_SHARE 0.9

struct maker {
    const struct orl_output_spec *spec;
    WebPConfig lossless, lossy;
    const struct palette *palette;   /* borrowed; NULL where all is lossless */
    struct orl_text record, further; /* a picture; the same another way */
    struct seg_writer seg;
};

/* Where a picture stands. */
struct place {
    int x, y, width, height;
};

static bool set_up(struct maker *m)
{
    if (!WebPConfigInit(&m->lossless) || !WebPConfigInit(&m->lossy))
        return false;
    m->lossless.lossless = 1;
    m->lossless.method = METHOD_LOSSLESS;
    m->lossless.quality = EFFORT_LOSSLESS;
    m->lossy.method = METHOD_LOSSY;
    m->lossy.quality = (float)m->spec->values[WEBP_QUALITY].number;
    m->lossy.alpha_quality = 100;
    return WebPValidateConfig(&m->lossless) && WebPValidateConfig(&m->lossy);
}

/* ---- One picture ----------------------------------------------------------------------------- */

static int collect(const uint8_t *data, size_t size, const WebPPicture *picture)
{
    struct orl_text *text = picture->custom_ptr;
    orl_text_append(text, (const char *)data, size);
    return !text->failed;
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

static int open_picture(WebPPicture *out, const struct place *place, struct orl_error *err)
{
    if (!WebPPictureInit(out))
        return orl_fail(err, ORL_EENV,
                        "libwebp has another version than this program was built for");
    out->use_argb = 1;
    out->width = place->width;
    out->height = place->height;
    return WebPPictureAlloc(out) ? ORL_OK : orl_fail_memory(err);
}

/* The record of a picture whose pixels are filled in. */
static int encode_picture(const WebPConfig *config, WebPPicture *picture, const struct place *place,
                          struct orl_text *record, struct orl_error *err)
{
    uint8_t head[WEBP_PLACE_BYTES];
    orl_webp_put(head, (uint32_t)place->x, 4);
    orl_webp_put(head + 4, (uint32_t)place->y, 4);
    orl_webp_put(head + 8, (uint32_t)place->width, 4);
    orl_webp_put(head + 12, (uint32_t)place->height, 4);
    orl_text_clear(record);
    orl_text_append(record, (const char *)head, sizeof head);
    picture->writer = collect;
    picture->custom_ptr = record;
    bool good = WebPEncode(config, picture);
    int code = (int)picture->error_code;
    if (!good && (record->failed || code == VP8_ENC_ERROR_OUT_OF_MEMORY ||
                  code == VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY))
        return orl_fail_memory(err);
    if (!good)
        return orl_fail(err, ORL_EENV, "libwebp refuses a picture (error %d)", code);
    record->length = keep_chunks((uint8_t *)record->data, record->length);
    return record->length ? ORL_OK
                          : orl_fail(err, ORL_EENV, "libwebp wrote a file of an unknown kind");
}

static int write_record(struct maker *m, size_t start, const struct orl_text *record,
                        struct orl_error *err)
{
    return orl_seg_record(&m->seg, WEBP_PICTURE, (int64_t)start, record->data, record->length, err);
}

/* ---- Lossless -------------------------------------------------------------------------------- */

static uint32_t pixel(const struct picture *p, int x, int y)
{
    const uint8_t *bgrx = p->image->pixels + (size_t)y * p->image->stride + 4 * (size_t)x;
    uint8_t rgba[4];
    if (p->alpha) {
        orl_picture_straight(bgrx, rgba);
        return (uint32_t)rgba[3] << 24 | (uint32_t)rgba[0] << 16 | (uint32_t)rgba[1] << 8 | rgba[2];
    }
    return 0xff000000u | (uint32_t)bgrx[2] << 16 | (uint32_t)bgrx[1] << 8 | bgrx[0];
}

/* What is to stay is transparent black; with alpha the whole rectangle is painted. Places of
 * pictures are even. */
static int take_lossless(void *context, const struct picture *p, struct orl_error *err)
{
    struct maker *m = context;
    const struct place place = {p->x & ~1, p->y & ~1, p->width + (p->x & 1),
                                p->height + (p->y & 1)};
    WebPPicture out;
    int ret = open_picture(&out, &place, err);
    if (ret != ORL_OK)
        return ret;
    for (int y = 0; y < place.height; y++)
        for (int x = 0; x < place.width; x++)
            out.argb[y * out.argb_stride + x] =
                p->alpha || orl_picture_differs(p, place.x + x, place.y + y)
                    ? pixel(p, place.x + x, place.y + y)
                    : 0;
    ret = encode_picture(&m->lossless, &out, &place, &m->record, err);
    WebPPictureFree(&out);
    return ret == ORL_OK ? write_record(m, p->start, &m->record, err) : ret;
}

/* ---- Lossy ----------------------------------------------------------------------------------- */

/* Fewer colours, and more of them left as they stand, for less quality: at 75 as the GIF of the
 * preset github. */
static size_t colors_of(const struct orl_output_spec *spec)
{
    double quality = spec->values[WEBP_QUALITY].number;
    return quality > 90 ? 256 : quality > 60 ? 128 : quality > 30 ? 64 : 32;
}

static double tolerance_of(const struct orl_output_spec *spec)
{
    return (100.0 - spec->values[WEBP_QUALITY].number) / 10.0;
}

static uint32_t color_of(const struct palette *palette, uint8_t index)
{
    const uint8_t *rgb = palette->rgb + 3 * (size_t)index;
    return 0xff000000u | (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
}

/* Fill the picture: what is marked is painted, the rest transparent. VP8 codes a block from what it
 * borders on, so there the rest looks as it does. */
static void fill_indices(const struct maker *m, const struct indexed_picture *p,
                         const uint8_t *painted, uint32_t rest, WebPPicture *out)
{
    size_t i = 0;
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++, i++)
            out->argb[y * out->argb_stride + x] =
                color_of(m->palette, p->wanted[i]) & (painted[i] ? UINT32_MAX : rest);
}

/* VP8 paints whole blocks. */
static void mark_block(const struct indexed_picture *p, int x0, int y0, uint8_t *painted)
{
    int x1 = x0 + ORL_BLOCK_PX < p->width ? x0 + ORL_BLOCK_PX : p->width,
        y1 = y0 + ORL_BLOCK_PX < p->height ? y0 + ORL_BLOCK_PX : p->height;
    bool any = false;
    for (int y = y0; y < y1; y++)
        any = any ||
              memchr(p->changed + (size_t)y * (size_t)p->width + (size_t)x0, 1, (size_t)(x1 - x0));
    for (int y = y0; y < y1; y++)
        memset(painted + (size_t)y * (size_t)p->width + (size_t)x0, any, (size_t)(x1 - x0));
}

static void show(const struct indexed_picture *p, const uint8_t *painted)
{
    for (size_t i = 0; i < (size_t)p->width * (size_t)p->height; i++)
        p->shown[i] = painted[i] ? p->wanted[i] : p->shown[i];
}

static int begin_indexed(void *context, const struct palette *palette,
                         const struct lzw_choice *choice, struct orl_error *err)
{
    struct maker *m = context;
    (void)choice, (void)err;
    m->palette = palette;
    return ORL_OK;
}

/* Encode the picture one way into a record. */
static int encode_indexed(const struct maker *m, const WebPConfig *config,
                          const struct indexed_picture *p, const uint8_t *painted,
                          struct orl_text *record, struct orl_error *err)
{
    const struct place place = {p->x, p->y, p->width, p->height};
    uint32_t rest = config->lossless ? 0 : 0x00ffffffu;
    WebPPicture out;
    int ret = open_picture(&out, &place, err);
    if (ret != ORL_OK)
        return ret;
    fill_indices(m, p, painted, rest, &out);
    ret = encode_picture(config, &out, &place, record, err);
    WebPPictureFree(&out);
    return ret;
}

static int take_indexed(void *context, const struct indexed_picture *p, struct orl_error *err)
{
    struct maker *m = context;
    uint8_t *blocks = orl_calloc((size_t)p->width, (size_t)p->height);
    if (!blocks)
        return orl_fail_memory(err);
    for (int y = 0; y < p->height; y += ORL_BLOCK_PX)
        for (int x = 0; x < p->width; x += ORL_BLOCK_PX)
            mark_block(p, x, y, blocks);
    int ret = encode_indexed(m, &m->lossless, p, p->changed, &m->record, err);
    if (ret == ORL_OK && !p->exact)
        ret = encode_indexed(m, &m->lossy, p, blocks, &m->further, err);
    bool lossy = !p->exact && (double)m->further.length < LOSSY_SHARE * (double)m->record.length;
    show(p, lossy ? blocks : p->changed);
    free(blocks);
    return ret == ORL_OK ? write_record(m, p->start, lossy ? &m->further : &m->record, err) : ret;
}

/* ---- A segment ------------------------------------------------------------------------------- */

int orl_webp_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                     size_t first, size_t count, struct orl_sink out, struct orl_error *err)
{
    struct maker m = {.spec = spec};
    const struct indexed_sink sink = {&m, ORL_BLOCK_PX, begin_indexed, take_indexed};
    int ret = set_up(&m) ? ORL_OK : orl_fail(err, ORL_EENV, "libwebp does not take the settings");
    if (ret == ORL_OK)
        ret = orl_seg_begin(&m.seg, out, spec, first, count, err);
    if (ret == ORL_OK)
        ret = orl_webp_is_lossless(spec)
                  ? orl_pictures_make(spec, source, first, count, take_lossless, &m, err)
                  : orl_indexed_make(spec, source, first, count, colors_of(spec),
                                     tolerance_of(spec), &sink, err);
    if (ret == ORL_OK)
        ret = orl_seg_end(&m.seg, err);
    orl_text_uninit(&m.record);
    orl_text_uninit(&m.further);
    return ret;
}

int orl_webp_check(const struct orl_output_spec *spec, struct orl_error *err)
{
    struct maker m = {.spec = spec};
    return set_up(&m) ? ORL_OK : orl_fail(err, ORL_EENV, "libwebp does not take the settings");
}
