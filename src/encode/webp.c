/* Animated WebP (RFC 9649): in the colours of a palette, as a GIF and smaller; or lossless, every
 * pixel as it was drawn. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "encode/pictures.h"
#include "encode/webp_read.h"
#include "encode/webp_segment.h"

enum {
    SEGMENT_SECONDS = 2,
    HEAD_BYTES = 44,
    FRAME_BYTES = 24,
    DURATION_MOST = 0xffffff,
    NOT_BLENDED = 1 << 1
};

static const struct orl_setting settings[] = {
    [WEBP_LOSSLESS] = {.name = "lossless",
                       .type = ORL_SETTING_BOOLEAN,
                       .unit = "1",
                       .initial = 0,
                       .description = "every pixel as it was drawn; false: with `quality`"},
    [WEBP_QUALITY] = {.name = "quality",
                      .type = ORL_SETTING_REAL,
                      .unit = "1",
                      .initial = 75,
                      .minimum = 0,
                      .maximum = 100,
                      .description = "where it is not lossless: 75 has the colours of a GIF of "
                                     "128, higher is better and larger"},
    [WEBP_LOOP] = {.name = "loop",
                   .type = ORL_SETTING_INTEGER,
                   .unit = "1",
                   .initial = 0,
                   .minimum = 0,
                   .maximum = 65535,
                   .description = "how often it plays; 0: for ever"},
    {0},
};

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
                       uint32_t duration_ms, bool over, struct orl_error *err)
{
    uint8_t head[FRAME_BYTES] = {'A', 'N', 'M', 'F'};
    orl_webp_put(head + 4, (uint32_t)(FRAME_BYTES - 8 + size), 4);
    orl_webp_put(head + 8, orl_webp_number(place, 4) / 2, 3);
    orl_webp_put(head + 11, orl_webp_number(place + 4, 4) / 2, 3);
    orl_webp_put(head + 14, orl_webp_number(place + 8, 4) - 1, 3);
    orl_webp_put(head + 17, orl_webp_number(place + 12, 4) - 1, 3);
    orl_webp_put(head + 20, duration_ms, 3);
    head[23] = over ? 0 : NOT_BLENDED; /* it stays */
    j->size += FRAME_BYTES + size;
    int ret = j->out->write(j->out->context, head, sizeof head, err);
    return ret == ORL_OK ? j->out->write(j->out->context, chunks, size, err) : ret;
}

static int write_picture(void *context, const uint8_t *bytes, size_t size, size_t start, size_t end,
                         struct orl_error *err)
{
    static const uint8_t corner[WEBP_PLACE_BYTES] = {[8] = 1, [12] = 1};
    struct joiner *j = context;
    uint64_t left = orl_webp_ms(j->spec, end) - orl_webp_ms(j->spec, start),
             piece = left < DURATION_MOST ? left : DURATION_MOST;
    if (size <= WEBP_PLACE_BYTES)
        return orl_fail(err, ORL_FAIL, "a segment holds what it should not");
    int ret = write_frame(j, bytes, bytes + WEBP_PLACE_BYTES, size - WEBP_PLACE_BYTES,
                          (uint32_t)piece, !j->spec->alpha, err);
    for (left -= piece; ret == ORL_OK && left > 0; left -= piece) {
        piece = left < DURATION_MOST ? left : DURATION_MOST;
        ret = write_frame(j, corner, filler, sizeof filler, (uint32_t)piece, true, err);
    }
    return ret;
}

/* RIFF, VP8X and ANIM: written first, and once more when the size is known. */
static int write_start(struct joiner *j, struct orl_error *err)
{
    enum { ANIMATION = 1 << 1, ALPHA = 1 << 4 };
    uint8_t head[HEAD_BYTES] = "RIFF....WEBPVP8X";
    orl_webp_put(head + 4, (uint32_t)(HEAD_BYTES - 8 + j->size), 4);
    orl_webp_put(head + 16, 10, 4);
    orl_webp_put(head + 20, ANIMATION | ALPHA, 4);
    orl_webp_put(head + 24, (uint32_t)j->spec->width - 1, 3);
    orl_webp_put(head + 27, (uint32_t)j->spec->height - 1, 3);
    memcpy(head + 30, "ANIM", 4);
    orl_webp_put(head + 34, 6, 4);
    orl_webp_put(head + 38, UINT32_MAX, 4); /* the background: white */
    orl_webp_put(head + 42, (uint32_t)j->spec->values[WEBP_LOOP].number, 2);
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
    for (size_t i = 0; !spec->alpha && i < ORL_COUNT(qualities); i++)
        levels += orl_webp_is_lossless(spec) || qualities[i] < spec->values[WEBP_QUALITY].number;
    return levels;
}

static bool webp_tighten(struct orl_output_spec *spec, struct orl_value *values, size_t level,
                         char what[ORL_TIGHTENED_SIZE])
{
    size_t own = quality_levels(spec), further = level > own ? level - own : 0;
    if (own && level) {
        size_t index = ORL_COUNT(qualities) - own + (level < own ? level : own) - 1;
        values[WEBP_LOSSLESS].number = 0.0;
        values[WEBP_QUALITY].number = qualities[index];
        orl_tightened_add(what, "lossy quality %.3g", qualities[index]);
    }
    return orl_pictures_tighten(spec, further, what);
}

/* ---- The rest -------------------------------------------------------------------------------- */

static int webp_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                       struct orl_output_facts *facts, struct orl_error *err)
{
    return orl_webp_read(spec, (uint32_t)spec->values[WEBP_LOOP].number, file, facts, err);
}

static const struct orl_format_cost *webp_cost(const struct orl_output_spec *spec)
{
    static const struct orl_format_cost lossy = {14e3, 1480.0, 0.62, 9.0, 0.8},
                                        lossless = {22e3, 1760.0, 0.7, 9.0, 0.8};
    return orl_webp_is_lossless(spec) ? &lossless : &lossy;
}

/* Two canvases, the frame before, the picture, and what libwebp takes: 31 bytes a pixel were seen
 * at 3840x2160. */
static uint64_t webp_memory(const struct orl_output_spec *spec)
{
    return (uint64_t)spec->width * (uint64_t)spec->height * 40 + (8 << 20);
}

static const struct orl_format_ops ops = {.check = orl_webp_check,
                                          .segment_seconds = SEGMENT_SECONDS,
                                          .segment = orl_webp_segment,
                                          .join = webp_join,
                                          .verify = webp_verify,
                                          .measured = true,
                                          .decode = orl_webp_decode,
                                          .tighten = webp_tighten,
                                          .cost_of = webp_cost,
                                          .estimate_memory = webp_memory};

const struct orl_format_desc orl_format_webp = {
    .name = "webp",
    .extension = ".webp",
    .title = "Animated WebP",
    .description = "READMEs and web pages, as a picture: a GIF in fewer bytes, or lossless",
    .home = "github",
    .settings = settings,
    .alpha = true,
    .ops = &ops,
};
