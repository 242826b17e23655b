/* Animated WebP (RFC 9649): lossless, every pixel as it was drawn; or lossy, what changed in blocks
 * of 16 pixels. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <webp/encode.h>

#include "base/array.h"
#include "base/text.h"
#include "encode/pictures.h"
#include "encode/webp_read.h"

enum {
    SEGMENT_SECONDS = 2,
    PLACE_BYTES = 16,
    HEAD_BYTES = 44,
    FRAME_BYTES = 24,
    DURATION_MOST = 0xffffff
};
enum { SETTING_LOSSLESS, SETTING_QUALITY, SETTING_LOOP };
enum { WEBP_PICTURE = 1 };
/* libwebp's method and effort. The plain fit film at 800x450, 200 frames, lossless, in seconds of
 * one core: 0/0 6.6 MB in 0.9, 2/20 1.60 MB in 0.8, 2/40 1.15 MB in 1.3, 2/75 1.15 in 1.5,
 * 4/75 1.15 in 2.1. */
enum { METHOD_LOSSLESS = 2, EFFORT_LOSSLESS = 40, METHOD_LOSSY = 4 };

static const struct orl_setting settings[] = {
    [SETTING_LOSSLESS] = {.name = "lossless",
                          .type = ORL_SETTING_BOOLEAN,
                          .unit = "1",
                          .initial = 1,
                          .description = "every pixel as it was drawn; false: with `quality`"},
    [SETTING_QUALITY] = {.name = "quality",
                         .type = ORL_SETTING_REAL,
                         .unit = "1",
                         .initial = 75,
                         .minimum = 0,
                         .maximum = 100,
                         .description =
                             "where it is not lossless: the higher, the better and larger"},
    [SETTING_LOOP] = {.name = "loop",
                      .type = ORL_SETTING_INTEGER,
                      .unit = "1",
                      .initial = 0,
                      .minimum = 0,
                      .maximum = 65535,
                      .description = "how often it plays; 0: for ever"},
    {0},
};

static bool is_lossless(const struct orl_output_spec *spec)
{
    return spec->values[SETTING_LOSSLESS].number != 0.0;
}

/* ---- A segment ------------------------------------------------------------------------------- */

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
    if (is_lossless(spec)) {
        config->lossless = 1;
        config->method = METHOD_LOSSLESS;
        config->quality = EFFORT_LOSSLESS;
    } else {
        config->method = METHOD_LOSSY;
        config->quality = (float)spec->values[SETTING_QUALITY].number;
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
    int step = is_lossless(spec) ? 2 : ORL_BLOCK_PX, right = p->x + p->width,
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
    (is_lossless(m->spec) ? fill_lossless : fill_lossy)(p, &picture);
    bool good = WebPEncode(&m->config, &picture);
    int code = (int)picture.error_code;
    WebPPictureFree(&picture);
    if (!good && (m->record.failed || code == VP8_ENC_ERROR_OUT_OF_MEMORY ||
                  code == VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY))
        return orl_fail_memory(err);
    return good ? ORL_OK : orl_fail(err, ORL_EENV, "libwebp refuses a picture (error %d)", code);
}

static void put_number(uint8_t *out, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

/* libwebp wrote a file of one picture; of its chunks those are kept that an animation's frame may
 * have. */
static size_t keep_chunks(uint8_t *data, size_t size)
{
    size_t fill = PLACE_BYTES;
    for (size_t at = PLACE_BYTES + 12; at + 8 <= size;) {
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
    return fill > PLACE_BYTES ? fill : 0;
}

static int take_picture(void *context, const struct picture *picture, struct orl_error *err)
{
    struct maker *m = context;
    struct picture p = *picture;
    uint8_t place[PLACE_BYTES];
    align(m->spec, &p);
    put_number(place, (uint32_t)p.x, 4);
    put_number(place + 4, (uint32_t)p.y, 4);
    put_number(place + 8, (uint32_t)p.width, 4);
    put_number(place + 12, (uint32_t)p.height, 4);
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

static int webp_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
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

static size_t webp_segment_frames(const struct orl_output_spec *spec)
{
    return orl_pictures_segment_frames(spec, SEGMENT_SECONDS);
}

/* ---- Joining --------------------------------------------------------------------------------- */

struct joiner {
    const struct orl_output_spec *spec;
    const struct orl_stream *out;
    uint64_t size; /* of all chunks after the head */
};

/* One transparent pixel, as libwebp codes it. */
static const uint8_t filler[] = {'V', 'P',  '8',  'L',  13,   0,    0,    0,    0x2f, 0,    0,
                                 0,   0x10, 0x07, 0x10, 0x11, 0x11, 0x88, 0x88, 0xfe, 0x07, 0};

static int write_frame(struct joiner *j, const uint8_t *place, const uint8_t *chunks, size_t size,
                       uint32_t duration_ms, struct orl_error *err)
{
    uint8_t head[FRAME_BYTES] = {'A', 'N', 'M', 'F'};
    put_number(head + 4, (uint32_t)(FRAME_BYTES - 8 + size), 4);
    put_number(head + 8, orl_webp_number(place, 4) / 2, 3);
    put_number(head + 11, orl_webp_number(place + 4, 4) / 2, 3);
    put_number(head + 14, orl_webp_number(place + 8, 4) - 1, 3);
    put_number(head + 17, orl_webp_number(place + 12, 4) - 1, 3);
    put_number(head + 20, duration_ms, 3);
    head[23] = 0; /* it is blended and stays */
    j->size += FRAME_BYTES + size;
    int ret = j->out->write(j->out->context, head, sizeof head, err);
    return ret == ORL_OK ? j->out->write(j->out->context, chunks, size, err) : ret;
}

static int write_picture(void *context, const uint8_t *bytes, size_t size, size_t start, size_t end,
                         struct orl_error *err)
{
    static const uint8_t corner[PLACE_BYTES] = {[8] = 1, [12] = 1};
    struct joiner *j = context;
    uint64_t left = orl_webp_ms(j->spec, end) - orl_webp_ms(j->spec, start),
             piece = left < DURATION_MOST ? left : DURATION_MOST;
    if (size <= PLACE_BYTES)
        return orl_fail(err, ORL_FAIL, "a segment holds what it should not");
    int ret = write_frame(j, bytes, bytes + PLACE_BYTES, size - PLACE_BYTES, (uint32_t)piece, err);
    for (left -= piece; ret == ORL_OK && left > 0; left -= piece) {
        piece = left < DURATION_MOST ? left : DURATION_MOST;
        ret = write_frame(j, corner, filler, sizeof filler, (uint32_t)piece, err);
    }
    return ret;
}

/* RIFF, VP8X and ANIM: written first, and once more when the size is known. */
static int write_start(struct joiner *j, struct orl_error *err)
{
    enum { ANIMATION = 1 << 1, ALPHA = 1 << 4 };
    uint8_t head[HEAD_BYTES] = "RIFF....WEBPVP8X";
    put_number(head + 4, (uint32_t)(HEAD_BYTES - 8 + j->size), 4);
    put_number(head + 16, 10, 4);
    put_number(head + 20, ANIMATION | ALPHA, 4);
    put_number(head + 24, (uint32_t)j->spec->width - 1, 3);
    put_number(head + 27, (uint32_t)j->spec->height - 1, 3);
    memcpy(head + 30, "ANIM", 4);
    put_number(head + 34, 6, 4);
    put_number(head + 38, UINT32_MAX, 4); /* the background: white */
    put_number(head + 42, (uint32_t)j->spec->values[SETTING_LOOP].number, 2);
    return j->out->write(j->out->context, head, sizeof head, err);
}

static int webp_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                     size_t segment_count, const struct orl_stream *out, struct orl_error *err)
{
    struct joiner j = {.spec = spec, .out = out};
    struct picture_sink sink = {
        .context = &j, .picture_type = WEBP_PICTURE, .picture = write_picture};
    int ret = write_start(&j, err);
    if (ret == ORL_OK)
        ret = orl_pictures_join(spec, segments, segment_count, &sink, err);
    if (ret == ORL_OK && j.size > UINT32_MAX - HEAD_BYTES)
        ret = orl_fail(err, ORL_FAIL, "the WebP would have more than 4 GiB");
    if (ret == ORL_OK)
        ret = out->seek(out->context, 0, err);
    return ret == ORL_OK ? write_start(&j, err) : ret;
}

/* ---- Size caps ------------------------------------------------------------------------------- */

/* Lossy at falling quality, as far as that is below what was asked for; then a lower rate, then a
 * smaller size. */
static const double qualities[] = {75, 50, 30};

static size_t quality_levels(const struct orl_output_spec *spec)
{
    size_t levels = 0;
    for (size_t i = 0; i < ORL_COUNT(qualities); i++)
        levels += is_lossless(spec) || qualities[i] < spec->values[SETTING_QUALITY].number;
    return levels;
}

static bool webp_tighten(struct orl_output_spec *spec, struct orl_value *values, size_t level,
                         char what[ORL_TIGHTENED_SIZE])
{
    size_t own = quality_levels(spec), further = level > own ? level - own : 0;
    if (own && level) {
        size_t index = ORL_COUNT(qualities) - own + (level < own ? level : own) - 1;
        values[SETTING_LOSSLESS].number = 0.0;
        values[SETTING_QUALITY].number = qualities[index];
        orl_tightened_add(what, "lossy quality %.3g", qualities[index]);
    }
    return orl_pictures_tighten(spec, further, what);
}

/* ---- The rest -------------------------------------------------------------------------------- */

static int webp_check(const struct orl_output_spec *spec, struct orl_error *err)
{
    WebPConfig config;
    return set_up(&config, spec) ? ORL_OK
                                 : orl_fail(err, ORL_EENV, "libwebp does not take the settings");
}

static int webp_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                       struct orl_output_facts *facts, struct orl_error *err)
{
    return orl_webp_read(spec, (uint32_t)spec->values[SETTING_LOOP].number, file, facts, err);
}

static uint64_t webp_bytes(const struct orl_output_spec *spec)
{
    uint64_t picture = (uint64_t)spec->width * (uint64_t)spec->height;
    return 2000 + picture / 4 + picture / 25 * spec->frames;
}

/* Two canvases, the frame before, the picture, and what libwebp takes: 31 bytes a pixel were seen
 * at 3840x2160. */
static uint64_t webp_memory(const struct orl_output_spec *spec)
{
    return (uint64_t)spec->width * (uint64_t)spec->height * 40 + (8 << 20);
}

static const struct orl_format_ops ops = {.check = webp_check,
                                          .segment_frames = webp_segment_frames,
                                          .segment = webp_segment,
                                          .join = webp_join,
                                          .verify = webp_verify,
                                          .tighten = webp_tighten,
                                          .estimate_bytes = webp_bytes,
                                          .estimate_memory = webp_memory};

const struct orl_format_desc orl_format_webp = {
    .name = "webp",
    .extension = ".webp",
    .title = "Animated WebP",
    .description = "web pages, as a picture: smaller than APNG, lossless or not",
    .home = "web",
    .settings = settings,
    .ops = &ops,
};
