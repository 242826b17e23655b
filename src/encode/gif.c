/* GIF: one palette for the film, the changed rectangle of each frame, equal neighbours merged, exact delays. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cgif.h>

#include "base/array.h"
#include "base/text.h"
#include "encode/format.h"
#include "encode/gif_read.h"
#include "encode/palette.h"

enum { SEGMENT_SECONDS = 5, DELAY_MOST = 65535 };
enum { SETTING_COLORS, SETTING_LOOP };
enum { GIF_HEAD = 1, GIF_PICTURE };

static const struct orl_setting settings[] = {
    [SETTING_COLORS] = {.name = "colors",
                        .type = ORL_SETTING_INTEGER,
                        .unit = "1",
                        .initial = 256,
                        .minimum = 4,
                        .maximum = 256,
                        .description = "colours of the palette, one of them for what has not changed"},
    [SETTING_LOOP] = {.name = "loop",
                      .type = ORL_SETTING_INTEGER,
                      .unit = "1",
                      .initial = 0,
                      .minimum = 0,
                      .maximum = 65536,
                      .description = "how often it plays; 0: for ever"},
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
        return orl_fail(err, ORL_EINPUT, "a GIF has no %d/%d frames per second", spec->fps_num, spec->fps_den);
    return ORL_OK;
}

static size_t gif_segment_frames(const struct orl_output_spec *spec)
{
    size_t frames = (size_t)SEGMENT_SECONDS * (size_t)spec->fps_num / (size_t)spec->fps_den;
    return frames ? frames : 1;
}

/* ---- A segment ----------------------------------------------------------------------------------------------------------- */

struct maker {
    const struct orl_output_spec *spec;
    struct palette palette;
    CGIF *gif;
    struct orl_text made;          /* what cgif wrote */
    uint8_t *frame, *shown;        /* owned: indices of the present frame, and of the picture before */
    size_t *starts, picture_count; /* owned: the frame at which each picture begins */
};

static int collect(void *context, const uint8_t *bytes, const size_t length)
{
    struct maker *m = context;
    orl_text_append(&m->made, (const char *)bytes, length);
    return m->made.failed ? -1 : 0;
}

static int open_gif(struct maker *m, struct orl_error *err)
{
    int plays = (int)m->spec->values[SETTING_LOOP].number;
    CGIF_Config config = {
        .pGlobalPalette = m->palette.rgb,
        .attrFlags = CGIF_ATTR_IS_ANIMATED | (plays == 1 ? CGIF_ATTR_NO_LOOP : 0),
        .width = (uint16_t)m->spec->width,
        .height = (uint16_t)m->spec->height,
        .numGlobalPaletteEntries = (uint16_t)m->palette.count,
        .numLoops = (uint16_t)(plays > 1 ? plays - 1 : 0),
        .pWriteFn = collect,
        .pContext = m,
    };
    m->gif = cgif_newgif(&config);
    return m->gif ? ORL_OK : orl_fail_memory(err);
}

static int add_picture(struct maker *m, size_t start, struct orl_error *err)
{
    CGIF_FrameConfig config = {
        .pImageData = m->frame,
        .genFlags = CGIF_FRAME_GEN_USE_TRANSPARENCY | CGIF_FRAME_GEN_USE_DIFF_WINDOW,
        .delay = 2, /* the true one is known when the next picture begins, in the file that is joined */
    };
    if (cgif_addframe(m->gif, &config) != CGIF_OK)
        return orl_fail(err, ORL_EENV, "cgif refuses a frame");
    memcpy(m->shown, m->frame, (size_t)m->spec->width * (size_t)m->spec->height);
    m->starts[m->picture_count++] = start;
    return ORL_OK;
}

/* The frames, and before them the one that the segment before ends with: so the first picture, too, is a difference. */
static int add_frames(struct maker *m, const struct orl_frame_source *source, size_t first, size_t count, struct orl_error *err)
{
    size_t pixels = (size_t)m->spec->width * (size_t)m->spec->height, begin = first ? first - 1 : 0;
    for (size_t number = begin; number < first + count; number++) {
        struct orl_image image;
        int ret = source->frame(source->context, number, &image, err);
        if (ret != ORL_OK)
            return ret;
        orl_palette_apply(&m->palette, &image, number == begin, m->frame);
        if (number != begin && memcmp(m->frame, m->shown, pixels) == 0)
            continue;
        ret = add_picture(m, number, err);
        if (ret != ORL_OK)
            return ret;
    }
    int closed = cgif_close(m->gif);
    m->gif = NULL;
    return closed == CGIF_OK && !m->made.failed ? ORL_OK : orl_fail(err, ORL_EENV, "cgif failed to write a frame");
}

static int64_t read_made(void *context, int64_t position, void *bytes, size_t length, struct orl_error *err)
{
    const struct orl_text *made = context;
    (void)err;
    size_t left = position < (int64_t)made->length ? made->length - (size_t)position : 0, n = left < length ? left : length;
    memcpy(bytes, made->data + position, n);
    return (int64_t)n;
}

static int64_t size_made(void *context)
{
    return (int64_t)((const struct orl_text *)context)->length;
}

static void put_word(uint8_t *out, int value)
{
    out[0] = (uint8_t)value;
    out[1] = (uint8_t)(value >> 8);
}

/* A picture as its segment keeps it: place, transparency, data. */
static int record_picture(struct seg_writer *w, const struct gif_picture *p, size_t start, struct orl_text *buffer,
                          struct orl_error *err)
{
    uint8_t head[10];
    put_word(head, p->x);
    put_word(head + 2, p->y);
    put_word(head + 4, p->width);
    put_word(head + 6, p->height);
    put_word(head + 8, p->transparent);
    orl_text_clear(buffer);
    orl_text_append(buffer, (const char *)head, sizeof head);
    orl_text_append(buffer, (const char *)p->data, p->size);
    if (buffer->failed)
        return orl_fail_memory(err);
    return orl_seg_record(w, GIF_PICTURE, (int64_t)start, buffer->data, buffer->length, err);
}

/* Take apart what cgif wrote; the frame before the segment is left out. */
static int write_pictures(struct maker *m, struct seg_writer *w, size_t first, struct orl_error *err)
{
    struct orl_stream stream = {.context = &m->made, .read = read_made, .size = size_made};
    struct gif_reader reader;
    struct gif_picture picture;
    struct orl_text buffer = {0};
    int more = 1, ret = orl_gif_open(&reader, &stream, err);
    if (ret == ORL_OK)
        ret = orl_seg_record(w, GIF_HEAD, (int64_t)reader.head.colors, reader.head.rgb, 3 * reader.head.colors, err);
    for (size_t i = 0; ret == ORL_OK && (more = orl_gif_next(&reader, &picture, err)) == 1; i++) {
        if (i >= m->picture_count || picture.disposal > 1)
            ret = orl_fail(err, ORL_EENV, "cgif wrote what nobody asked for");
        else if (m->starts[i] >= first)
            ret = record_picture(w, &picture, m->starts[i], &buffer, err);
    }
    orl_gif_close(&reader);
    orl_text_uninit(&buffer);
    return ret == ORL_OK && more < 0 ? more : ret;
}

static int gif_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source, size_t first, size_t count,
                       struct orl_sink out, struct orl_error *err)
{
    struct maker m = {.spec = spec};
    struct seg_writer w;
    size_t pixels = (size_t)spec->width * (size_t)spec->height;
    m.frame = orl_calloc(pixels, 1);
    m.shown = orl_calloc(pixels, 1);
    m.starts = orl_calloc(count + 1, sizeof *m.starts);
    int ret = m.frame && m.shown && m.starts ? ORL_OK : orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = orl_palette_make(&m.palette, spec, source, (size_t)spec->values[SETTING_COLORS].number - 1, err);
    if (ret == ORL_OK)
        ret = open_gif(&m, err);
    if (ret == ORL_OK)
        ret = add_frames(&m, source, first, count, err);
    if (ret == ORL_OK)
        ret = orl_seg_begin(&w, out, spec, first, count, err);
    if (ret == ORL_OK)
        ret = write_pictures(&m, &w, first, err);
    if (ret == ORL_OK)
        ret = orl_seg_end(&w, err);
    if (m.gif)
        (void)cgif_close(m.gif);
    orl_palette_uninit(&m.palette);
    orl_text_uninit(&m.made);
    free(m.frame);
    free(m.shown);
    free(m.starts);
    return ret;
}

/* ---- Joining ------------------------------------------------------------------------------------------------------------- */

struct joiner {
    const struct orl_output_spec *spec;
    const struct orl_stream *out;
    size_t colors; /* 0: nothing is written yet */
    uint8_t rgb[768];
    struct orl_text pending; /* a picture that waits for its delay */
    int64_t start;           /* its first frame */
    bool waiting;
};

static int emit(struct joiner *j, const void *bytes, size_t size, struct orl_error *err)
{
    return j->out->write(j->out->context, bytes, size, err);
}

static unsigned table_bits(size_t colors)
{
    unsigned bits = 0;
    while ((size_t)2 << bits < colors)
        bits++;
    return bits;
}

static int write_head(struct joiner *j, const struct seg_record *record, struct orl_error *err)
{
    uint8_t head[13] = {'G', 'I', 'F', '8', '9', 'a'};
    uint8_t loop[19] = {0x21, 0xff, 11, 'N', 'E', 'T', 'S', 'C', 'A', 'P', 'E', '2', '.', '0', 3, 1};
    int plays = (int)j->spec->values[SETTING_LOOP].number;
    if (record->size != 3 * (size_t)record->number || record->size > sizeof j->rgb)
        return orl_fail(err, ORL_FAIL, "a segment's colour table is wrong");
    if (j->colors)
        return j->colors == (size_t)record->number && memcmp(j->rgb, record->bytes, record->size) == 0
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

/* Graphic control and image descriptor, then the data: place and transparency in `head` as record_picture wrote them. */
static int write_blocks(struct joiner *j, const uint8_t *head, const void *data, size_t size, int delay, struct orl_error *err)
{
    uint8_t blocks[18] = {0x21, 0xf9, 4};
    int transparent = head[8] | head[9] << 8;
    bool has = transparent != 0xffff;
    blocks[3] = (uint8_t)(1 << 2 | has); /* disposal 1: leave it */
    put_word(blocks + 4, delay);
    blocks[6] = (uint8_t)(has ? transparent : 0);
    blocks[8] = 0x2c;
    memcpy(blocks + 9, head, 8);
    int ret = emit(j, blocks, sizeof blocks, err);
    return ret == ORL_OK ? emit(j, data, size, err) : ret;
}

/* One pixel that changes nothing, for delays that are longer than a picture can have. */
static int write_filler(struct joiner *j, int delay, struct orl_error *err)
{
    unsigned least = table_bits(j->colors) + 1, clear, width;
    least = least < 2 ? 2 : least;
    clear = 1u << least;
    width = least + 1;
    unsigned index = (unsigned)j->colors - 1;
    uint32_t bits = clear | index << width | (clear + 1) << 2 * width;
    uint8_t size = (uint8_t)((3 * width + 7) / 8);
    uint8_t head[10] = {0, 0, 0, 0, 1, 0, 1, 0, (uint8_t)index, 0};
    uint8_t data[7] = {(uint8_t)least, size, (uint8_t)bits, (uint8_t)(bits >> 8), (uint8_t)(bits >> 16), (uint8_t)(bits >> 24), 0};
    data[2 + size] = 0;
    return write_blocks(j, head, data, 3u + size, delay, err);
}

static int flush(struct joiner *j, int64_t end, struct orl_error *err)
{
    if (!j->waiting)
        return ORL_OK;
    int64_t delay = (end - j->start) * delay_of(j->spec);
    int64_t piece = delay < DELAY_MOST ? delay : DELAY_MOST - DELAY_MOST % delay_of(j->spec);
    const uint8_t *bytes = (const uint8_t *)j->pending.data;
    int ret = write_blocks(j, bytes, bytes + 10, j->pending.length - 10, (int)piece, err);
    for (delay -= piece; ret == ORL_OK && delay > 0; delay -= piece) {
        piece = delay < piece ? delay : piece;
        ret = write_filler(j, (int)piece, err);
    }
    j->waiting = false;
    return ret;
}

static int take_record(void *context, size_t segment, const struct seg_record *record, struct orl_error *err)
{
    struct joiner *j = context;
    (void)segment;
    if (record->type == GIF_HEAD)
        return write_head(j, record, err);
    bool in_order = record->number >= 0 && record->number < (int64_t)j->spec->frames && (!j->waiting || record->number > j->start);
    if (record->type != GIF_PICTURE || record->size < 12 || !j->colors || !in_order)
        return orl_fail(err, ORL_FAIL, "a segment holds what it should not");
    int ret = flush(j, record->number, err);
    if (ret != ORL_OK)
        return ret;
    orl_text_clear(&j->pending);
    orl_text_append(&j->pending, (const char *)record->bytes, record->size);
    j->start = record->number;
    j->waiting = true;
    return j->pending.failed ? orl_fail_memory(err) : ORL_OK;
}

static int gif_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments, size_t segment_count,
                    const struct orl_stream *out, struct orl_error *err)
{
    static const uint8_t trailer = 0x3b;
    struct joiner j = {.spec = spec, .out = out};
    int ret = orl_seg_each(spec, segments, segment_count, take_record, &j, err);
    if (ret == ORL_OK)
        ret = flush(&j, (int64_t)spec->frames, err);
    if (ret == ORL_OK)
        ret = emit(&j, &trailer, 1, err);
    orl_text_uninit(&j.pending);
    return ret;
}

/* ---- Reading back -------------------------------------------------------------------------------------------------------- */

static int wrong(struct orl_error *err, const char *what)
{
    return orl_fail(err, ORL_FAIL, "the finished GIF is wrong: %s", what);
}

static int check_pictures(struct gif_reader *r, const struct orl_output_spec *spec, uint8_t *indices,
                          struct orl_output_facts *facts, struct orl_error *err)
{
    struct gif_picture p;
    int64_t total = 0;
    int more, ret = ORL_OK;
    while (ret == ORL_OK && (more = orl_gif_next(r, &p, err)) == 1) {
        if (facts->frames == 0 && (p.x || p.y || p.width != spec->width || p.height != spec->height))
            ret = wrong(err, "its first picture is not whole");
        else if (p.delay_cs < 2)
            ret = wrong(err, "a delay");
        else
            ret = orl_gif_decode(&p, r->head.colors, indices, err);
        total += p.delay_cs;
        facts->frames++;
    }
    if (ret != ORL_OK || more < 0)
        return ret != ORL_OK ? ret : more;
    facts->seconds = (double)total / 100.0;
    facts->merged = spec->frames > facts->frames ? spec->frames - facts->frames : 0;
    return total == (int64_t)spec->frames * delay_of(spec) ? ORL_OK : wrong(err, "its duration");
}

static int gif_verify(const struct orl_output_spec *spec, const struct orl_stream *file, struct orl_output_facts *facts,
                      struct orl_error *err)
{
    struct gif_reader reader;
    int plays = (int)spec->values[SETTING_LOOP].number;
    uint8_t *indices = orl_calloc((size_t)spec->width * (size_t)spec->height, 1);
    if (!indices)
        return orl_fail_memory(err);
    int ret = orl_gif_open(&reader, file, err);
    if (ret == ORL_OK && (reader.head.width != spec->width || reader.head.height != spec->height))
        ret = wrong(err, "its size");
    if (ret == ORL_OK)
        ret = check_pictures(&reader, spec, indices, facts, err);
    if (ret == ORL_OK && reader.head.loops != (plays == 1 ? -1 : plays > 1 ? plays - 1 : 0))
        ret = wrong(err, "how often it plays");
    orl_gif_close(&reader);
    free(indices);
    return ret;
}

static uint64_t gif_bytes(const struct orl_output_spec *spec)
{
    uint64_t picture = (uint64_t)spec->width * (uint64_t)spec->height;
    return 2000 + picture / 4 + picture / 50 * spec->frames;
}

static uint64_t gif_memory(const struct orl_output_spec *spec)
{
    return (uint64_t)spec->width * (uint64_t)spec->height * 16;
}

static const struct orl_format_ops ops = {.check = gif_check,
                                          .segment_frames = gif_segment_frames,
                                          .segment = gif_segment,
                                          .join = gif_join,
                                          .verify = gif_verify,
                                          .estimate_bytes = gif_bytes,
                                          .estimate_memory = gif_memory};

const struct orl_format_desc orl_format_gif = {
    .name = "gif",
    .extension = ".gif",
    .title = "GIF",
    .description = "plays by itself: READMEs, mails, slides",
    .home = "github",
    .settings = settings,
    .centiseconds = true,
    .ops = &ops,
};
