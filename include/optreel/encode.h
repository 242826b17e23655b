/* Encoding: frames to packets (a segment at a time, with one thread), packets to files, files read
 * back. No libav type shows here.
 *
 * An output is cut into segments of a fixed number of frames. Each segment is encoded on its own
 * into a segment file; joining puts segments in order into the final file. So the bytes do not
 * depend on who encoded what. */
#ifndef OPTREEL_ENCODE_H
#define OPTREEL_ENCODE_H

#include "optreel/draw.h"

ORL_BEGIN_DECLS

/* A format; its name, settings and so on are a row of ORL_TABLE_FORMATS (tables.h). */
struct orl_format_desc;
/* By name ("mp4"); NULL where there is none. */
const struct orl_format_desc *orl_format_find(const char *name);
/* Its settings, for orl_values_default and orl_output_spec.values. */
const struct orl_setting *orl_format_settings(const struct orl_format_desc *format);

/* One output: a film in one format. All borrowed. */
struct orl_output_spec {
    const struct orl_format_desc *format;
    const struct orl_value *values; /* parallel to format->settings */
    int width, height;
    int fps_num, fps_den;
    bool alpha; /* frames have alpha, and the file is to have it (a format's `alpha`) */
    size_t frames;
    double hold_last_s; /* how much of the end is a held frame (information only) */
    const struct orl_color
        *colors; /* colours that the film uses, the background first; may be NULL */
    size_t color_count;
    const char *name, *title; /* of the film, for what a file says of itself */
    /* Chapters by first frame, the first at 0; the formats that have chapters tell them. Only the
     * making of segments needs them. */
    const struct orl_chapter *chapters;
    size_t chapter_count;
};

/* Frames on demand, in any order. */
struct orl_frame_source {
    void *context;
    /* Make frame `number` (0 … frames-1). The image stays valid until the next call; its damage is
     * against the call before. */
    int (*frame)(void *context, size_t number, struct orl_image *image, struct orl_error *err);
    /* For vector formats, the pictures before they are drawn: what all frames share, and what frame
     * `number` adds to it. Each is valid until the next call of any of these. */
    size_t (*part)(
        void *context,
        size_t number); /* the film's part that frame `number` stands on; NULL: there is one */
    int (*still)(void *context, size_t number, const struct orl_picture **picture,
                 struct orl_error *err);
    int (*moving)(void *context, size_t number, const struct orl_picture **picture,
                  struct orl_error *err);
    struct orl_font *font; /* borrowed: draws them */
    void (*words)(void *context, size_t number,
                  struct orl_words *out); /* for captions: what the frame says */
};

/* A seekable file in the making, or one to read, as callbacks. */
struct orl_stream {
    void *context;
    int (*write)(void *context, const void *bytes, size_t length, struct orl_error *err);
    int (*seek)(void *context, int64_t position, struct orl_error *err);
    /* Read from an absolute position; count, 0 at the end, or a negative code. */
    int64_t (*read)(void *context, int64_t position, void *bytes, size_t length,
                    struct orl_error *err);
    int64_t (*size)(void *context);
};

/* What is needed before any work: the encoder is there and takes the settings. ORL_EENV with the
 * encoder's name and what is there instead; ORL_EINPUT for settings that do not fit (odd sides
 * cannot come here). */
int orl_encode_check(const struct orl_output_spec *spec, struct orl_error *err);

/* Frames per segment of this output: a function of the spec alone. Never 0; formats made in one
 * piece return spec->frames. */
size_t orl_encode_segment_frames(const struct orl_output_spec *spec);

/* Encode frames first … first+count-1 and write them as a segment to `out` (sequential writes
 * only). One thread. */
int orl_encode_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                       size_t first, size_t count, struct orl_sink out, struct orl_error *err);

/* Reads the segment file of index `index`. */
struct orl_segment_source {
    void *context;
    /* Open segment `index`: a stream to read from, closed by `close`. */
    int (*open)(void *context, size_t index, struct orl_stream *stream, struct orl_error *err);
    void (*close)(void *context, struct orl_stream *stream);
};

/* What a finished file holds, as counted by reading it back. */
struct orl_output_facts {
    size_t frames;  /* pictures in the file (equal neighbours may be merged in GIF) */
    double seconds; /* total duration */
    int width, height;
    int64_t bytes;
    size_t merged; /* frames that were merged into their neighbours */
};

/* Join segments 0 … segment_count-1 into the final file. A failure of header, trailer, flush or
 * write fails it. Also writes stills (format->still): then the one segment holds the file's bytes.
 */
int orl_encode_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                    size_t segment_count, const struct orl_stream *out, struct orl_error *err);

/* The same for outputs that are many files (orl_format_makes_files): each file's bytes, read back
 * and found whole, go to `take` in the order of the frames. Fills `facts` (bytes of all). */
int orl_encode_join_files(const struct orl_output_spec *spec,
                          const struct orl_segment_source *segments, size_t segment_count,
                          int (*take)(void *context, size_t frame, const void *bytes, size_t size,
                                      struct orl_error *err),
                          void *context, struct orl_output_facts *facts, struct orl_error *err);

/* Read the finished file back and check it against the spec: opens, right size, codec and pixel
 * format, frame count, duration within half a frame, every frame's data present. ORL_FAIL with the
 * reason where something is off. */
int orl_encode_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                      struct orl_output_facts *facts, struct orl_error *err);

/* True where a format's files can be measured: videos and moving pictures. */
bool orl_encode_measures(const struct orl_format_desc *format);
/* Decode all of a finished file and compare it with the source's frames, which are asked for in
 * order. ORL_FAIL where it cannot be decoded. */
int orl_encode_measure(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                       const struct orl_stream *file, struct orl_quality *out,
                       struct orl_error *err);

/* ---- Size caps (output.max_size): an output that came out too large is made again at the next
 * level. */

enum { ORL_TIGHTENED_SIZE = 120 };
/* Level 0 is the output as it was asked for, each further one is smaller. Changes `spec` (size,
 * rate) and `values` (a copy that spec->values points to) from what was asked for to what `level`
 * has, and says in `what` how it differs: "CRF 27", "64 colours, 12.5 frames per second". The
 * caller counts the frames anew. False where there is no such level. Pure. */
bool orl_encode_tighten(struct orl_output_spec *spec, struct orl_value *values, size_t level,
                        char what[ORL_TIGHTENED_SIZE]);
/* The level to try after `level` made `bytes` where `cap` are allowed: level+1 or more. `spec` is
 * as it was asked for, `first` what level 0 made. Pure. */
size_t orl_encode_next_level(const struct orl_output_spec *spec, int64_t first, size_t level,
                             int64_t bytes, int64_t cap);

/* Estimates for plans: bytes of the output file, of a film of plots mostly within a factor of two;
 * seconds that a core of a common machine takes to draw and encode it; and, rather too many, bytes
 * of memory of one worker. */
uint64_t orl_encode_estimate_bytes(const struct orl_output_spec *spec);
double orl_encode_estimate_seconds(const struct orl_output_spec *spec);
uint64_t orl_encode_estimate_memory(const struct orl_output_spec *spec);

/* Encoders that the formats can use: name, whether this libavcodec has it. Returns false past the
 * last. */
bool orl_encoder_at(size_t index, const char **name, const char **format, bool *present);
/* Library versions for summaries and cache keys; NULL past the last: "libavcodec" "59.37.100", ...
 */
bool orl_encode_library(size_t index, const char **name, const char **version);

ORL_END_DECLS

#endif
