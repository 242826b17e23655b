/* What a format does, and the tools that formats share. */
#ifndef ORL_ENCODE_FORMAT_H
#define ORL_ENCODE_FORMAT_H

#include "encode/tables.h"
#include "optreel/encode.h"

/* Takes the pictures of a film that is decoded, in order: `rgb` (3*width bytes a row) stands for
 * the frames first … end-1. */
struct picture_taker {
    void *context;
    int (*take)(void *context, size_t first, size_t end, const uint8_t *rgb, struct orl_error *err);
};

/* What a film costs in a format, measured on films of plots of 640×360, for estimates: bytes of the
 * first frame and of each further one (half and twice as many are common), milliseconds of one
 * core that a frame takes, drawn and encoded, and by what powers of the pixels both grow. */
struct orl_format_cost {
    double first, frame, power;
    double frame_ms, time_power;
};
/* The bytes of a file, by its size and number of frames. Pure. */
uint64_t orl_format_bytes(const struct orl_output_spec *spec, const struct orl_format_cost *cost);

/* The functions of optreel/encode.h, for one format. NULL: see the default in encode.c. */
struct orl_format_ops {
    int (*check)(const struct orl_output_spec *spec, struct orl_error *err);
    size_t (*segment_frames)(const struct orl_output_spec *spec);
    int segment_seconds; /* where segment_frames is NULL; 0: the film is one segment. Of videos: a
                            group of their own length */
    int (*segment)(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                   size_t first, size_t count, struct orl_sink out, struct orl_error *err);
    int (*join)(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                size_t segment_count, const struct orl_stream *out, struct orl_error *err);
    int (*verify)(const struct orl_output_spec *spec, const struct orl_stream *file,
                  struct orl_output_facts *facts, struct orl_error *err);
    bool measured; /* its files can be compared with the frames as drawn */
    /* Hands over the pictures of a finished film; NULL: libavcodec decodes them. */
    int (*decode)(const struct orl_output_spec *spec, const struct orl_stream *file,
                  const struct picture_taker *taker, struct orl_error *err);
    struct orl_format_cost cost;
    const struct orl_format_cost *(*cost_of)(
        const struct orl_output_spec *spec); /* where it follows the settings; NULL: `cost` */
    uint64_t (*estimate_bytes)(const struct orl_output_spec *spec); /* NULL: by the cost */
    uint64_t (*estimate_memory)(const struct orl_output_spec *spec);
    /* Both NULL where the format cannot be made smaller. `level` is 1 or more; next_level may be
     * NULL alone: one after the other.
     */
    bool (*tighten)(struct orl_output_spec *spec, struct orl_value *values, size_t level,
                    char what[ORL_TIGHTENED_SIZE]);
    size_t (*next_level)(const struct orl_output_spec *spec, int64_t first, size_t level,
                         int64_t bytes, int64_t cap);
};

/* ---- Segment files: records with a type, closed by a check sum ------------------------------- */

struct seg_writer {
    struct orl_sink out;
    uint32_t crc;
};
/* Start a segment of frames first … first+count-1. */
int orl_seg_begin(struct seg_writer *w, struct orl_sink out, const struct orl_output_spec *spec,
                  size_t first, size_t count, struct orl_error *err);
/* A record: `type` is the format's own (not 0), `number` too. */
int orl_seg_record(struct seg_writer *w, uint32_t type, int64_t number, const void *bytes,
                   size_t size, struct orl_error *err);
int orl_seg_end(struct seg_writer *w, struct orl_error *err);

struct seg_record {
    uint32_t type;
    int64_t number;
    uint8_t
        *bytes; /* owned by the reader, valid until the next record; followed by 64 zero bytes */
    size_t size;
};

struct seg_reader {
    const struct orl_stream *stream;
    int64_t at;
    uint32_t crc;
    size_t first, count, index;
    uint8_t *buffer; /* owned */
    size_t capacity;
};
/* ORL_FAIL where it is not segment `index` of this output, with the right first frame. */
int orl_seg_open(struct seg_reader *r, const struct orl_stream *stream,
                 const struct orl_output_spec *spec, size_t index, struct orl_error *err);
/* 1: *record is filled; 0: the end, and the check sum is right; negative: ORL_FAIL (damaged),
 * ORL_ENOMEM, or what the stream says.
 */
int orl_seg_next(struct seg_reader *r, struct seg_record *record, struct orl_error *err);
void orl_seg_close(struct seg_reader *r);

/* Call `take` for each record of each segment, in order. */
int orl_seg_each(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                 size_t segment_count,
                 int (*take)(void *context, size_t segment, const struct seg_record *record,
                             struct orl_error *err),
                 void *context, struct orl_error *err);

#endif
