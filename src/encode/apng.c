/* APNG (the extension of PNG for animations, W3C PNG third edition): every pixel as it was drawn,
 * unchanged ones left alone. */
#include <string.h>

#include "encode/apng_read.h"
#include "encode/pictures.h"
#include "encode/png_pack.h"

enum { SEGMENT_SECONDS = 2, PLACE_BYTES = 17, BLEND_OVER = 1, FCTL_BYTES = 26, DELAY_MOST = 65535 };
enum { SETTING_LOOP };
enum { APNG_PICTURE = 1 };

static const struct orl_setting settings[] = {
    [SETTING_LOOP] = {.name = "loop",
                      .type = ORL_SETTING_INTEGER,
                      .unit = "1",
                      .initial = 0,
                      .minimum = 0,
                      .maximum = 65536,
                      .description = "how often it plays; 0: for ever"},
    {0},
};

/* ---- A segment ------------------------------------------------------------------------------- */

struct maker {
    struct png_packer *packer; /* owned */
    struct orl_text record;
    struct seg_writer seg;
};

/* The rectangle as R G B A; what is to stay is transparent black, which packs best. */
static void fill_rows(const struct picture *p, uint8_t *out)
{
    for (int y = p->y; y < p->y + p->height; y++) {
        const uint8_t *row = p->image->pixels + (size_t)y * p->image->stride;
        for (int x = p->x; x < p->x + p->width; x++, out += 4) {
            const uint8_t *bgrx = row + 4 * x;
            if (p->alpha) {
                orl_picture_straight(bgrx, out);
                continue;
            }
            bool painted = orl_picture_differs(p, x, y);
            out[0] = painted ? bgrx[2] : 0;
            out[1] = painted ? bgrx[1] : 0;
            out[2] = painted ? bgrx[0] : 0;
            out[3] = painted ? 255 : 0;
        }
    }
}

static int take_picture(void *context, const struct picture *p, struct orl_error *err)
{
    struct maker *m = context;
    uint8_t place[PLACE_BYTES];
    const uint8_t *data;
    size_t size;
    uint8_t *rows = orl_png_packer_room(m->packer, p->width, p->height, 4);
    if (!rows)
        return orl_fail_memory(err);
    fill_rows(p, rows);
    int ret = orl_png_packer_pack(m->packer, p->whole, &data, &size, err);
    if (ret != ORL_OK)
        return ret;
    orl_png_put32(place, (uint32_t)p->x);
    orl_png_put32(place + 4, (uint32_t)p->y);
    orl_png_put32(place + 8, (uint32_t)p->width);
    orl_png_put32(place + 12, (uint32_t)p->height);
    place[16] = p->whole || p->alpha ? 0 : BLEND_OVER;
    orl_text_clear(&m->record);
    orl_text_append(&m->record, (const char *)place, sizeof place);
    orl_text_append(&m->record, (const char *)data, size);
    if (m->record.failed)
        return orl_fail_memory(err);
    return orl_seg_record(&m->seg, APNG_PICTURE, (int64_t)p->start, m->record.data,
                          m->record.length, err);
}

static int apng_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                        size_t first, size_t count, struct orl_sink out, struct orl_error *err)
{
    struct maker m = {0};
    int ret = orl_png_packer_create(PNG_LEVEL, &m.packer, err);
    if (ret == ORL_OK)
        ret = orl_seg_begin(&m.seg, out, spec, first, count, err);
    if (ret == ORL_OK)
        ret = orl_pictures_make(spec, source, first, count, take_picture, &m, err);
    if (ret == ORL_OK)
        ret = orl_seg_end(&m.seg, err);
    orl_png_packer_destroy(&m.packer);
    orl_text_uninit(&m.record);
    return ret;
}

/* ---- Joining --------------------------------------------------------------------------------- */

struct joiner {
    const struct orl_output_spec *spec;
    const struct orl_stream *out;
    struct orl_sink sink;
    uint32_t pictures, sequence;
};

static uint32_t plays_of(const struct orl_output_spec *spec)
{
    return (uint32_t)spec->values[SETTING_LOOP].number;
}

/* The longest time up to `frames` frames that is a fraction of two 16-bit numbers. A single frame
 * always is one: rates are. */
static size_t delay_of(const struct orl_output_spec *spec, size_t frames, uint16_t *num,
                       uint16_t *den)
{
    for (;; frames--) {
        uint64_t n = frames * (uint64_t)spec->fps_den, d = (uint64_t)spec->fps_num, a = n, b = d;
        while (b) {
            uint64_t rest = a % b;
            a = b;
            b = rest;
        }
        if ((n / a <= DELAY_MOST && d / a <= DELAY_MOST) || frames == 1) {
            *num = (uint16_t)(n / a);
            *den = (uint16_t)(d / a);
            return frames;
        }
    }
}

static int write_control(struct joiner *j, const uint8_t *place, uint16_t num, uint16_t den,
                         struct orl_error *err)
{
    uint8_t control[FCTL_BYTES] = {0};
    orl_png_put32(control, j->sequence++);
    memcpy(control + 4, place + 8, 8);
    memcpy(control + 12, place, 8);
    control[20] = (uint8_t)(num >> 8);
    control[21] = (uint8_t)num;
    control[22] = (uint8_t)(den >> 8);
    control[23] = (uint8_t)den;
    control[25] = place[16];
    j->pictures++;
    return orl_png_chunk(j->sink, "fcTL", control, sizeof control, NULL, 0, err);
}

static int write_data(struct joiner *j, const uint8_t *data, size_t size, struct orl_error *err)
{
    uint8_t sequence[4];
    if (j->pictures == 1)
        return orl_png_chunk(j->sink, "IDAT", NULL, 0, data, size, err);
    orl_png_put32(sequence, j->sequence++);
    return orl_png_chunk(j->sink, "fdAT", sequence, sizeof sequence, data, size, err);
}

/* One transparent pixel, where a time takes more than one fraction: five zero bytes, stored. */
static int write_filler(struct joiner *j, uint16_t num, uint16_t den, struct orl_error *err)
{
    static const uint8_t place[PLACE_BYTES] = {[11] = 1, [15] = 1, [16] = BLEND_OVER};
    static const uint8_t data[] = {0x78, 0x01, 0x01, 5, 0, 0xfa, 0xff, 0, 0, 0, 0, 0, 0, 5, 0, 1};
    int ret = write_control(j, place, num, den, err);
    return ret == ORL_OK ? write_data(j, data, sizeof data, err) : ret;
}

static int write_picture(void *context, const uint8_t *bytes, size_t size, size_t start, size_t end,
                         struct orl_error *err)
{
    struct joiner *j = context;
    uint16_t num, den;
    if (size <= PLACE_BYTES)
        return orl_fail(err, ORL_FAIL, "a segment holds what it should not");
    start += delay_of(j->spec, end - start, &num, &den);
    int ret = write_control(j, bytes, num, den, err);
    if (ret == ORL_OK)
        ret = write_data(j, bytes + PLACE_BYTES, size - PLACE_BYTES, err);
    while (ret == ORL_OK && start < end) {
        start += delay_of(j->spec, end - start, &num, &den);
        ret = write_filler(j, num, den, err);
    }
    return ret;
}

/* Signature, IHDR and acTL: written first, and once more when the pictures are counted. */
static int write_start(struct joiner *j, struct orl_error *err)
{
    uint8_t header[PNG_HEADER_BYTES], animation[8];
    orl_png_header(header, j->spec->width, j->spec->height, PNG_RGBA);
    orl_png_put32(animation, j->pictures);
    orl_png_put32(animation + 4, plays_of(j->spec));
    int ret = j->out->write(j->out->context, orl_png_signature, sizeof orl_png_signature, err);
    if (ret == ORL_OK)
        ret = orl_png_chunk(j->sink, "IHDR", header, sizeof header, NULL, 0, err);
    return ret == ORL_OK ? orl_png_chunk(j->sink, "acTL", animation, sizeof animation, NULL, 0, err)
                         : ret;
}

static int apng_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                     size_t segment_count, const struct orl_stream *out, struct orl_error *err)
{
    struct joiner j = {.spec = spec, .out = out, .sink = {out->context, out->write}};
    struct picture_sink sink = {
        .context = &j, .picture_type = APNG_PICTURE, .picture = write_picture};
    int ret = write_start(&j, err);
    if (ret == ORL_OK)
        ret = orl_pictures_join(spec, segments, segment_count, &sink, err);
    if (ret == ORL_OK)
        ret = orl_png_chunk(j.sink, "IEND", NULL, 0, NULL, 0, err);
    if (ret == ORL_OK)
        ret = out->seek(out->context, 0, err);
    return ret == ORL_OK ? write_start(&j, err) : ret;
}

/* ---- Size caps ------------------------------------------------------------------------------- */

/* Every pixel stays as it is drawn: only fewer frames and smaller ones help. */
static bool apng_tighten(struct orl_output_spec *spec, struct orl_value *values, size_t level,
                         char what[ORL_TIGHTENED_SIZE])
{
    (void)values;
    return orl_pictures_tighten(spec, level, what);
}

static size_t apng_next_level(const struct orl_output_spec *spec, int64_t first, size_t level,
                              int64_t bytes, int64_t cap)
{
    size_t next = level + 1;
    (void)spec, (void)first;
    while (next < PICTURES_LEVELS &&
           (double)bytes / orl_pictures_share(level) * orl_pictures_share(next) > (double)cap)
        next++;
    return next;
}

/* ---- The rest -------------------------------------------------------------------------------- */

static int apng_check(const struct orl_output_spec *spec, struct orl_error *err)
{
    if (spec->fps_num > DELAY_MOST || spec->fps_den > DELAY_MOST)
        return orl_fail(err, ORL_EINPUT, "an APNG has no %d/%d frames per second", spec->fps_num,
                        spec->fps_den);
    return ORL_OK;
}

static int apng_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                       struct orl_output_facts *facts, struct orl_error *err)
{
    return orl_apng_read(spec, plays_of(spec), file, facts, err);
}

/* Two canvases, the frame before, rows twice, and packed: 20 bytes a pixel were seen at 3840x2160.
 */
static uint64_t apng_memory(const struct orl_output_spec *spec)
{
    return (uint64_t)spec->width * (uint64_t)spec->height * 24 + (4 << 20);
}

static const struct orl_format_ops ops = {.check = apng_check,
                                          .segment_seconds = SEGMENT_SECONDS,
                                          .segment = apng_segment,
                                          .join = apng_join,
                                          .verify = apng_verify,
                                          .measured = true,
                                          .tighten = apng_tighten,
                                          .next_level = apng_next_level,
                                          .cost = {50e3, 4700.0, 0.7, 2.0, 0.8},
                                          .estimate_memory = apng_memory};

const struct orl_format_desc orl_format_apng = {
    .name = "apng",
    .extension = ".apng",
    .title = "Animated PNG",
    .description = "web pages, as a picture: every pixel as it was drawn",
    .home = "github",
    .settings = settings,
    .alpha = true,
    .ops = &ops,
};
