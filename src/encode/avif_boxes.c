/* The boxes of an AVIF image sequence: AV1 Image File Format (AOM, v1.1.0), HEIF (ISO/IEC 23008-12)
 * and the base format (ISO/IEC 14496-12). libavformat 5.1 writes no loop and no configuration. */
#include "encode/avif_boxes.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "encode/video.h"

struct joiner {
    const struct orl_output_spec *spec;
    const struct orl_stream *out;
    uint32_t *sizes; /* owned: of the pictures */
    uint8_t *keys;   /* owned: 1 where a group begins */
    size_t capacity, key_capacity, count, key_count;
    uint64_t total;         /* bytes of all pictures */
    struct orl_text header; /* the sequence header of AV1: an OBU */
    struct orl_text head;   /* all that stands before the pictures */
    size_t offset_at[2];    /* where in `head` the place of the first picture is to be written */
    size_t offsets;
};

/* ---- Boxes ----------------------------------------------------------------------------------- */

static void put(struct orl_text *text, uint64_t value, int bytes)
{
    while (bytes-- > 0)
        orl_text_putc(text, (char)(value >> (8 * bytes)));
}

static void put_zeros(struct orl_text *text, size_t count)
{
    while (count-- > 0)
        orl_text_putc(text, '\0');
}

static size_t box_begin(struct orl_text *text, const char type[5])
{
    size_t at = text->length;
    put(text, 0, 4);
    orl_text_append(text, type, 4);
    return at;
}

/* A box with a version and flags. */
static size_t full_begin(struct orl_text *text, const char type[5], uint32_t version,
                         uint32_t flags)
{
    size_t at = box_begin(text, type);
    put(text, version << 24 | flags, 4);
    return at;
}

static void write_at(struct orl_text *text, size_t at, uint64_t value)
{
    for (size_t i = 0; !text->failed && i < 4; i++)
        text->data[at + i] = (char)(value >> (24 - 8 * i));
}

static void box_end(struct orl_text *text, size_t at)
{
    write_at(text, at, text->length - at);
}

static void put_offset(struct joiner *j)
{
    j->offset_at[j->offsets++] = j->head.length;
    put(&j->head, 0, 4);
}

/* ---- What the pictures are ------------------------------------------------------------------- */

static bool is_full(const struct joiner *j)
{
    return orl_video_codec(j->spec) == &orl_codec_av1_full;
}

static uint32_t bits_take(const uint8_t *bytes, size_t size, size_t *at, int count)
{
    uint32_t value = 0;
    for (; count > 0; count--, (*at)++)
        value =
            value << 1 | (*at < 8 * size ? (uint32_t)(bytes[*at >> 3] >> (7 - (*at & 7)) & 1) : 0);
    return value;
}

/* seq_level_idx of the sequence header (AV1 5.5.1), as libaom and SVT-AV1 write it: no timing
 * information, one operating point. 31, "any", where it is another. */
static uint32_t level_of(const struct orl_text *header)
{
    enum { ANY = 31 };
    size_t at = 8 + 8; /* the OBU's header and size */
    const uint8_t *b = (const uint8_t *)header->data;
    bits_take(b, header->length, &at, 4); /* profile, still picture */
    bool simple = bits_take(b, header->length, &at, 3) == 0 &&
                  bits_take(b, header->length, &at, 5) == 0; /* of the operating points, less 1 */
    bits_take(b, header->length, &at, 12);
    return simple && header->length > 6 ? bits_take(b, header->length, &at, 5) : ANY;
}

static void put_configuration(struct joiner *j)
{
    struct orl_text *t = &j->head;
    size_t box = box_begin(t, "av1C");
    put(t, 0x81, 1); /* version 1 */
    put(t, (is_full(j) ? 1u : 0u) << 5 | level_of(&j->header), 1);
    put(t, is_full(j) ? 0 : 0x0d, 1); /* 8 bits; 4:2:0 sited left and up */
    put(t, 0, 1);
    orl_text_append(t, j->header.data, j->header.length);
    box_end(t, box);
}

/* Of BT.709 as video is, limited in 4:2:0; pictures of full chroma are sRGB in all 256 steps. */
static void put_colors(struct joiner *j)
{
    enum { BT709 = 1, SRGB = 13 };
    struct orl_text *t = &j->head;
    size_t box = box_begin(t, "colr");
    orl_text_append(t, "nclx", 4);
    put(t, BT709, 2);
    put(t, is_full(j) ? SRGB : BT709, 2);
    put(t, BT709, 2);
    put(t, is_full(j) ? 0x80 : 0, 1);
    box_end(t, box);
}

static void put_handler(struct joiner *j)
{
    size_t box = full_begin(&j->head, "hdlr", 0, 0);
    put(&j->head, 0, 4);
    orl_text_append(&j->head, "pict", 4);
    put_zeros(&j->head, 13);
    box_end(&j->head, box);
}

/* ---- The first picture, for readers that show one -------------------------------------------- */

static void put_properties(struct joiner *j)
{
    struct orl_text *t = &j->head;
    size_t iprp = box_begin(t, "iprp"), ipco = box_begin(t, "ipco");
    size_t ispe = full_begin(t, "ispe", 0, 0);
    put(t, (uint64_t)j->spec->width, 4);
    put(t, (uint64_t)j->spec->height, 4);
    box_end(t, ispe);
    size_t pixi = full_begin(t, "pixi", 0, 0);
    put(t, 0x03080808, 4); /* three channels of 8 bits */
    box_end(t, pixi);
    put_configuration(j);
    put_colors(j);
    box_end(t, ipco);
    size_t ipma = full_begin(t, "ipma", 0, 0);
    put(t, 1, 4);
    put(t, 1, 2);
    put(t, 4, 1);
    put(t, 0x01028304, 4); /* all four; the configuration is essential */
    box_end(t, ipma);
    box_end(t, iprp);
}

static void put_meta(struct joiner *j)
{
    struct orl_text *t = &j->head;
    size_t meta = full_begin(t, "meta", 0, 0);
    put_handler(j);
    size_t pitm = full_begin(t, "pitm", 0, 0);
    put(t, 1, 2);
    box_end(t, pitm);
    size_t iloc = full_begin(t, "iloc", 0, 0);
    put(t, 0x4400, 2); /* offsets and lengths of four bytes */
    put(t, 1, 2);
    put(t, 1, 2);
    put(t, 0, 2); /* in this file */
    put(t, 1, 2);
    put_offset(j);
    put(t, j->sizes[0], 4);
    box_end(t, iloc);
    size_t iinf = full_begin(t, "iinf", 0, 0);
    put(t, 1, 2);
    size_t infe = full_begin(t, "infe", 2, 0);
    put(t, 1, 2);
    put(t, 0, 2);
    orl_text_append(t, "av01", 4);
    put(t, 0, 1);
    box_end(t, infe);
    box_end(t, iinf);
    put_properties(j);
    box_end(t, meta);
}

/* ---- The film -------------------------------------------------------------------------------- */

static void put_matrix(struct orl_text *t)
{
    static const uint32_t matrix[] = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};
    for (size_t i = 0; i < ORL_COUNT(matrix); i++)
        put(t, matrix[i], 4);
}

/* Ticks of fps_num to the second: a frame has fps_den. */
static uint64_t ticks_of(const struct joiner *j)
{
    return (uint64_t)j->spec->frames * (uint64_t)j->spec->fps_den;
}

/* How long it plays with its repeats: all bits set for ever. */
static uint64_t ticks_played(const struct joiner *j)
{
    uint64_t plays = (uint64_t)j->spec->values[AVIF_LOOP].number;
    return plays ? plays * ticks_of(j) : UINT64_MAX;
}

static void put_movie_header(struct joiner *j)
{
    struct orl_text *t = &j->head;
    size_t mvhd = full_begin(t, "mvhd", 1, 0);
    put_zeros(t, 16);
    put(t, (uint64_t)j->spec->fps_num, 4);
    put(t, ticks_played(j), 8);
    put(t, 0x10000, 4); /* rate */
    put(t, 0x100, 2);   /* volume */
    put_zeros(t, 10);
    put_matrix(t);
    put_zeros(t, 24);
    put(t, 2, 4); /* number of the next track */
    box_end(t, mvhd);
}

static void put_track_header(struct joiner *j)
{
    struct orl_text *t = &j->head;
    enum { ENABLED_IN_MOVIE = 3, REPEAT = 1 };
    size_t tkhd = full_begin(t, "tkhd", 1, ENABLED_IN_MOVIE);
    put_zeros(t, 16);
    put(t, 1, 4);
    put(t, 0, 4);
    put(t, ticks_played(j), 8);
    put_zeros(t, 16);
    put_matrix(t);
    put(t, (uint64_t)j->spec->width << 16, 4);
    put(t, (uint64_t)j->spec->height << 16, 4);
    box_end(t, tkhd);
    size_t edts = box_begin(t, "edts");
    size_t elst = full_begin(t, "elst", 1, ticks_played(j) == ticks_of(j) ? 0 : REPEAT);
    put(t, 1, 4);
    put(t, ticks_of(j), 8);
    put(t, 0, 8);
    put(t, 0x10000, 4);
    box_end(t, elst);
    box_end(t, edts);
}

static void put_sample_entry(struct joiner *j)
{
    struct orl_text *t = &j->head;
    size_t stsd = full_begin(t, "stsd", 0, 0);
    put(t, 1, 4);
    size_t av01 = box_begin(t, "av01");
    put_zeros(t, 6);
    put(t, 1, 2);
    put_zeros(t, 16);
    put(t, (uint64_t)j->spec->width, 2);
    put(t, (uint64_t)j->spec->height, 2);
    put(t, 0x480000, 4); /* 72 dots per inch, both ways */
    put(t, 0x480000, 4);
    put(t, 0, 4);
    put(t, 1, 2);
    put_zeros(t, 32);
    put(t, 0x0018ffff, 4); /* depth */
    put_configuration(j);
    put_colors(j);
    size_t ccst = full_begin(t, "ccst", 0, 0);
    put(t, 0x7c000000, 4); /* pictures refer to up to 15 others */
    box_end(t, ccst);
    box_end(t, av01);
    box_end(t, stsd);
}

static void put_samples(struct joiner *j)
{
    struct orl_text *t = &j->head;
    put_sample_entry(j);
    size_t stts = full_begin(t, "stts", 0, 0);
    put(t, 1, 4);
    put(t, j->count, 4);
    put(t, (uint64_t)j->spec->fps_den, 4);
    box_end(t, stts);
    size_t stsc = full_begin(t, "stsc", 0, 0);
    put(t, 1, 4);
    put(t, 1, 4);
    put(t, j->count, 4); /* all in one chunk */
    put(t, 1, 4);
    box_end(t, stsc);
    size_t stsz = full_begin(t, "stsz", 0, 0);
    put(t, 0, 4);
    put(t, j->count, 4);
    for (size_t i = 0; i < j->count; i++)
        put(t, j->sizes[i], 4);
    box_end(t, stsz);
    size_t stco = full_begin(t, "stco", 0, 0);
    put(t, 1, 4);
    put_offset(j);
    box_end(t, stco);
    size_t stss = full_begin(t, "stss", 0, 0);
    put(t, j->key_count, 4);
    for (size_t i = 0; i < j->count; i++)
        if (j->keys[i])
            put(t, i + 1, 4);
    box_end(t, stss);
}

static void put_movie(struct joiner *j)
{
    struct orl_text *t = &j->head;
    size_t moov = box_begin(t, "moov");
    put_movie_header(j);
    size_t trak = box_begin(t, "trak");
    put_track_header(j);
    size_t mdia = box_begin(t, "mdia"), mdhd = full_begin(t, "mdhd", 1, 0);
    put_zeros(t, 16);
    put(t, (uint64_t)j->spec->fps_num, 4);
    put(t, ticks_of(j), 8);
    put(t, 0x55c40000, 4); /* no language */
    box_end(t, mdhd);
    put_handler(j);
    size_t minf = box_begin(t, "minf"), vmhd = full_begin(t, "vmhd", 0, 1);
    put_zeros(t, 8);
    box_end(t, vmhd);
    size_t dinf = box_begin(t, "dinf"), dref = full_begin(t, "dref", 0, 0);
    put(t, 1, 4);
    size_t url = full_begin(t, "url ", 0, 1); /* in this file */
    box_end(t, url);
    box_end(t, dref);
    box_end(t, dinf);
    size_t stbl = box_begin(t, "stbl");
    put_samples(j);
    box_end(t, stbl);
    box_end(t, minf);
    box_end(t, mdia);
    box_end(t, trak);
    box_end(t, moov);
}

/* All that stands before the pictures. */
static int make_head(struct joiner *j, struct orl_error *err)
{
    struct orl_text *t = &j->head;
    size_t ftyp = box_begin(t, "ftyp");
    orl_text_append(t, "avis\0\0\0\0avisavifmsf1miafmif1iso8", 32);
    if (is_full(j))
        orl_text_append(t, "MA1A", 4); /* the advanced profile, of 4:4:4 */
    else
        orl_text_append(t, "MA1B", 4);
    box_end(t, ftyp);
    put_meta(j);
    put_movie(j);
    size_t mdat = box_begin(t, "mdat");
    if (t->failed)
        return orl_fail_memory(err);
    if (t->length + j->total > UINT32_MAX)
        return orl_fail(err, ORL_FAIL, "the AVIF would have more than 4 GiB");
    write_at(t, mdat, 8 + j->total);
    for (size_t i = 0; i < j->offsets; i++)
        write_at(t, j->offset_at[i], t->length);
    return ORL_OK;
}

/* ---- Joining --------------------------------------------------------------------------------- */

/* Samples have no temporal delimiters (AV1 in ISOBMFF, 2.4). */
static size_t delimiter(const struct seg_record *record)
{
    static const uint8_t unit[] = {0x12, 0};
    return record->size >= sizeof unit && memcmp(record->bytes, unit, sizeof unit) == 0
               ? sizeof unit
               : 0;
}

/* SVT-AV1's extra data are a configuration already: four bytes, then the sequence header. */
static int take_header(struct joiner *j, const struct seg_record *record, struct orl_error *err)
{
    size_t skip = record->size > 4 && record->bytes[0] == 0x81 ? 4 : 0;
    const char *bytes = (const char *)record->bytes + skip;
    size_t size = record->size - skip;
    if (!size)
        return orl_fail(err, ORL_FAIL, "a segment has no parameters");
    if (j->header.length && (j->header.length != size || memcmp(j->header.data, bytes, size) != 0))
        return orl_fail(err, ORL_FAIL, "segments were made with different encoder settings");
    if (!j->header.length)
        orl_text_append(&j->header, bytes, size);
    return j->header.failed ? orl_fail_memory(err) : ORL_OK;
}

static int count_record(void *context, size_t segment, const struct seg_record *record,
                        struct orl_error *err)
{
    struct joiner *j = context;
    (void)segment;
    if (record->type == VIDEO_CHAPTER)
        return ORL_OK;
    if (record->type == VIDEO_EXTRADATA)
        return take_header(j, record, err);
    if (!j->header.length || record->number != (int64_t)j->count ||
        (record->type != VIDEO_KEY && record->type != VIDEO_DELTA))
        return orl_fail(err, ORL_FAIL, "frame %zu is missing in the segments", j->count);
    if (!orl_reserve((void **)&j->sizes, &j->capacity, j->count + 1, sizeof *j->sizes) ||
        !orl_reserve((void **)&j->keys, &j->key_capacity, j->count + 1, sizeof *j->keys))
        return orl_fail_memory(err);
    size_t size = record->size - delimiter(record);
    j->keys[j->count] = record->type == VIDEO_KEY;
    j->key_count += record->type == VIDEO_KEY;
    j->sizes[j->count++] = (uint32_t)size;
    j->total += size;
    return ORL_OK;
}

static int copy_record(void *context, size_t segment, const struct seg_record *record,
                       struct orl_error *err)
{
    struct joiner *j = context;
    size_t skip = delimiter(record);
    (void)segment;
    return record->type == VIDEO_KEY || record->type == VIDEO_DELTA
               ? j->out->write(j->out->context, record->bytes + skip, record->size - skip, err)
               : ORL_OK;
}

int orl_avif_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                  size_t segment_count, const struct orl_stream *out, struct orl_error *err)
{
    struct joiner j = {.spec = spec, .out = out};
    int ret = orl_seg_each(spec, segments, segment_count, count_record, &j, err);
    if (ret == ORL_OK && j.count != spec->frames)
        ret = orl_fail(err, ORL_FAIL, "the segments hold %zu frames of %zu", j.count, spec->frames);
    if (ret == ORL_OK)
        ret = make_head(&j, err);
    if (ret == ORL_OK)
        ret = out->write(out->context, j.head.data, j.head.length, err);
    if (ret == ORL_OK)
        ret = orl_seg_each(spec, segments, segment_count, copy_record, &j, err);
    free(j.sizes);
    free(j.keys);
    orl_text_uninit(&j.header);
    orl_text_uninit(&j.head);
    return ret;
}
