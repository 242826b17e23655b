/* GIF: one palette for the film, the changed rectangle of each frame, equal neighbours merged,
 * exact delays. */
#include <math.h>
#include <string.h>

#include "encode/gif_read.h"
#include "encode/gif_segment.h"
#include "encode/lzw.h"
#include "encode/pictures.h"

enum { SEGMENT_SECONDS = 5, DELAY_MOST = 65535 };

static const struct orl_setting settings[] = {
    [GIF_COLORS] = {.name = "colors",
                    .type = ORL_SETTING_INTEGER,
                    .unit = "1",
                    .initial = 256,
                    .minimum = 4,
                    .maximum = 256,
                    .description = "colours of the palette, one of them for what has not changed"},
    [GIF_LOOP] = {.name = "loop",
                  .type = ORL_SETTING_INTEGER,
                  .unit = "1",
                  .initial = 0,
                  .minimum = 0,
                  .maximum = 65536,
                  .description = "how often it plays; 0: for ever"},
    [GIF_TOLERANCE] = {.name = "tolerance",
                       .type = ORL_SETTING_REAL,
                       .unit = "1",
                       .initial = 2.5,
                       .minimum = 0,
                       .maximum = 15,
                       .description = "how far (of 255) a blend may stay from its palette colour "
                                      "where that saves bytes, with 256 colours; 0: none"},
    {0},
};

/* Hundredths of a second that a frame stands; rates of GIFs are 100/n. */
static int delay_of(const struct orl_output_spec *spec)
{
    return (int)lround(100.0 * spec->fps_den / spec->fps_num);
}

static int gif_check(const struct orl_output_spec *spec, struct orl_error *err)
{
    int delay = delay_of(spec);
    if (delay < 2 || delay * spec->fps_num != 100 * spec->fps_den)
        return orl_fail(err, ORL_EINPUT, "a GIF has no %d/%d frames per second", spec->fps_num,
                        spec->fps_den);
    return ORL_OK;
}

/* ---- Joining --------------------------------------------------------------------------------- */

struct joiner {
    const struct orl_output_spec *spec;
    const struct orl_stream *out;
    size_t colors; /* 0: nothing is written yet */
    uint8_t rgb[768];
};

static int emit(struct joiner *j, const void *bytes, size_t size, struct orl_error *err)
{
    return j->out->write(j->out->context, bytes, size, err);
}

static void put_word(uint8_t *out, int value)
{
    out[0] = (uint8_t)value;
    out[1] = (uint8_t)(value >> 8);
}

static unsigned table_bits(size_t colors)
{
    unsigned bits = 0;
    while ((size_t)2 << bits < colors)
        bits++;
    return bits;
}

static int write_head(void *context, const struct seg_record *record, struct orl_error *err)
{
    struct joiner *j = context;
    uint8_t head[13] = {'G', 'I', 'F', '8', '9', 'a'};
    uint8_t loop[19] = {0x21, 0xff, 11,  'N', 'E', 'T', 'S', 'C',
                        'A',  'P',  'E', '2', '.', '0', 3,   1};
    int plays = (int)j->spec->values[GIF_LOOP].number;
    if (record->size != 3 * (size_t)record->number || record->size > sizeof j->rgb)
        return orl_fail(err, ORL_FAIL, "a segment's colour table is wrong");
    if (j->colors)
        return j->colors == (size_t)record->number &&
                       memcmp(j->rgb, record->bytes, record->size) == 0
                   ? ORL_OK
                   : orl_fail(err, ORL_FAIL, "segments have different palettes");
    j->colors = (size_t)record->number;
    memcpy(j->rgb, record->bytes, record->size);
    put_word(head + 6, j->spec->width);
    put_word(head + 8, j->spec->height);
    head[10] = (uint8_t)(0xf0 | table_bits(j->colors));
    put_word(loop + 16, plays > 1 ? plays - 1 : 0);
    int ret = emit(j, head, sizeof head, err);
    if (ret == ORL_OK)
        ret = emit(j, j->rgb, record->size, err);
    return ret == ORL_OK && plays != 1 ? emit(j, loop, sizeof loop, err) : ret;
}

/* Graphic control and image descriptor, then the data. `place`: x, y, width, height as words. */
static int write_blocks(struct joiner *j, const uint8_t *place, const void *data, size_t size,
                        int delay, struct orl_error *err)
{
    uint8_t blocks[18] = {
        0x21, 0xf9,          4, 1 << 2 | 1, 0,
        0,    LZW_UNCHANGED, 0, 0x2c}; /* disposal 1: it stays; a transparent index */
    if (j->spec->alpha)                /* disposal 2: it is cleared away, index 0 is clear */
        blocks[3] = 2 << 2 | 1;
    put_word(blocks + 4, delay);
    memcpy(blocks + 9, place, GIF_PLACE_BYTES);
    int ret = emit(j, blocks, sizeof blocks, err);
    return ret == ORL_OK ? emit(j, data, size, err) : ret;
}

/* One pixel that changes nothing, for delays that are longer than a picture can have: the codes
 * clear, 0, end in three bits each.
 */
static int write_filler(struct joiner *j, int delay, struct orl_error *err)
{
    static const uint8_t place[GIF_PLACE_BYTES] = {0, 0, 0, 0, 1, 0, 1, 0};
    static const uint8_t data[] = {2, 2, (4 | LZW_UNCHANGED << 3 | 5 << 6) & 0xff, 5 >> 2, 0};
    return write_blocks(j, place, data, sizeof data, delay, err);
}

static int write_picture(void *context, const uint8_t *bytes, size_t size, size_t start, size_t end,
                         struct orl_error *err)
{
    struct joiner *j = context;
    if (size < GIF_PLACE_BYTES + 2 || !j->colors)
        return orl_fail(err, ORL_FAIL, "a segment holds what it should not");
    int64_t delay = (int64_t)(end - start) * delay_of(j->spec);
    int64_t piece = delay < DELAY_MOST ? delay : DELAY_MOST - DELAY_MOST % delay_of(j->spec);
    int ret =
        write_blocks(j, bytes, bytes + GIF_PLACE_BYTES, size - GIF_PLACE_BYTES, (int)piece, err);
    for (delay -= piece; ret == ORL_OK && delay > 0; delay -= piece) {
        piece = delay < piece ? delay : piece;
        ret = j->spec->alpha ? write_blocks(j, bytes, bytes + GIF_PLACE_BYTES,
                                            size - GIF_PLACE_BYTES, (int)piece, err)
                             : write_filler(j, (int)piece, err);
    }
    return ret;
}

static int gif_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                    size_t segment_count, const struct orl_stream *out, struct orl_error *err)
{
    static const uint8_t trailer = 0x3b;
    struct joiner j = {.spec = spec, .out = out};
    struct picture_sink sink = {&j, GIF_HEAD, GIF_PICTURE, write_head, write_picture};
    int ret = orl_pictures_join(spec, segments, segment_count, &sink, err);
    return ret == ORL_OK ? emit(&j, &trailer, 1, err) : ret;
}

/* ---- Size caps ------------------------------------------------------------------------------- */

enum { LEAST_COLORS = 32 };

/* How often the colours can be halved. */
static size_t color_levels(const struct orl_output_spec *spec)
{
    size_t levels = 0;
    for (int colors = (int)spec->values[GIF_COLORS].number; colors / 2 >= LEAST_COLORS; colors /= 2)
        levels++;
    return levels;
}

/* Fewer colours, then a lower rate, then a smaller size. */
static bool gif_tighten(struct orl_output_spec *spec, struct orl_value *values, size_t level,
                        char what[ORL_TIGHTENED_SIZE])
{
    size_t halvings = color_levels(spec), further = level > halvings ? level - halvings : 0;
    halvings = level < halvings ? level : halvings;
    if (halvings) {
        values[GIF_COLORS].number = (double)((int)values[GIF_COLORS].number >> halvings);
        orl_tightened_add(what, "%d colours", (int)values[GIF_COLORS].number);
    }
    return orl_pictures_tighten(spec, further, what);
}

/* Halving the colours saves at most a fifth. */
static double level_share(const struct orl_output_spec *spec, size_t level)
{
    size_t halvings = color_levels(spec), further = level > halvings ? level - halvings : 0;
    return pow(0.8, (double)(level < halvings ? level : halvings)) * orl_pictures_share(further);
}

/* Levels that cannot be enough are not tried. */
static size_t gif_next_level(const struct orl_output_spec *spec, int64_t first, size_t level,
                             int64_t bytes, int64_t cap)
{
    (void)first;
    size_t next = level + 1, last = color_levels(spec) + PICTURES_LEVELS;
    while (next < last &&
           (double)bytes / level_share(spec, level) * level_share(spec, next) > (double)cap)
        next++;
    return next;
}

/* ---- Reading back ---------------------------------------------------------------------------- */

static int wrong(struct orl_error *err, const char *what)
{
    return orl_fail(err, ORL_FAIL, "the finished GIF is wrong: %s", what);
}

static int check_pictures(struct gif_reader *r, const struct orl_output_spec *spec,
                          struct orl_output_facts *facts, struct orl_error *err)
{
    struct gif_picture p;
    int64_t total = 0;
    int more, ret = ORL_OK;
    while (ret == ORL_OK && (more = orl_gif_next(r, &p, err)) == 1) {
        if (facts->frames == 0 &&
            (p.x || p.y || p.width != spec->width || p.height != spec->height))
            ret = wrong(err, "its first picture is not whole");
        else if (p.delay_cs < 2)
            ret = wrong(err, "a delay");
        else
            ret = orl_gif_check(&p, r->head.colors, err);
        total += p.delay_cs;
        facts->frames++;
    }
    if (ret != ORL_OK || more < 0)
        return ret != ORL_OK ? ret : more;
    facts->seconds = (double)total / 100.0;
    facts->merged = spec->frames > facts->frames ? spec->frames - facts->frames : 0;
    return total == (int64_t)spec->frames * delay_of(spec) ? ORL_OK : wrong(err, "its duration");
}

static int gif_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                      struct orl_output_facts *facts, struct orl_error *err)
{
    struct gif_reader reader;
    int plays = (int)spec->values[GIF_LOOP].number;
    int ret = orl_gif_open(&reader, file, err);
    if (ret == ORL_OK && (reader.head.width != spec->width || reader.head.height != spec->height))
        ret = wrong(err, "its size");
    if (ret == ORL_OK)
        ret = check_pictures(&reader, spec, facts, err);
    if (ret == ORL_OK && reader.head.loops != (plays == 1 ? -1 : plays > 1 ? plays - 1 : 0))
        ret = wrong(err, "how often it plays");
    orl_gif_close(&reader);
    return ret;
}

static uint64_t gif_memory(const struct orl_output_spec *spec)
{
    return (uint64_t)spec->width * (uint64_t)spec->height * 20 +
           (1 << 20); /* two canvases, a sample, six planes of indices */
}

static const struct orl_format_ops ops = {.check = gif_check,
                                          .segment_seconds = SEGMENT_SECONDS,
                                          .segment = orl_gif_segment,
                                          .join = gif_join,
                                          .verify = gif_verify,
                                          .measured = true,
                                          .tighten = gif_tighten,
                                          .next_level = gif_next_level,
                                          .cost = {22e3, 1760.0, 0.7, 1.2, 0.8},
                                          .estimate_memory = gif_memory};

const struct orl_format_desc orl_format_gif = {
    .name = "gif",
    .extension = ".gif",
    .title = "GIF",
    .description = "plays by itself: READMEs, mails, slides",
    .home = "github",
    .settings = settings,
    .centiseconds = true,
    .alpha = true,
    .ops = &ops,
};
