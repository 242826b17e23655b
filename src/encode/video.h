/* Films by libavcodec's encoders: frames of one segment to packets, packets of all segments to a
 * file, the file read back. What a format adds is its codecs, its container and their settings.
 *
 * Every segment is one closed group of pictures that starts with a key frame; no packet is shown
 * before an earlier one, so a packet's number is its frame's. */
#ifndef ORL_ENCODE_VIDEO_H
#define ORL_ENCODE_VIDEO_H

#include <libavcodec/avcodec.h>

#include "encode/format.h"

/* Record types of a segment. Extra data come before the first packet, chapters (in the first
 * segment) before them. */
enum { VIDEO_EXTRADATA = 1, VIDEO_KEY, VIDEO_DELTA, VIDEO_CHAPTER };

/* Among the choices of `speed`: more time for fewer bytes, and groups of up to ten seconds. */
#define VIDEO_SMALLER "smaller"

/* The index of 420 among the choices of `chroma`. */
enum { VIDEO_CHROMA_420 = 1 };

struct video_settings {
    int crf;
    const char *speed; /* the encoder's own preset name; NULL where it has none, or where the
                          encoder's usual effort is no preset */
    bool smaller;      /* VIDEO_SMALLER is asked for */
    size_t group;      /* frames of a group of pictures, at most */
};

/* An option of an encoder as libavcodec knows it. Its value is `text`, or what the output's
 * settings say. */
enum video_option_from { VIDEO_TEXT, VIDEO_SPEED, VIDEO_CRF, VIDEO_GROUP };
struct video_option {
    const char *name; /* NULL ends a list */
    enum video_option_from from;
    const char *text; /* VIDEO_TEXT: the value */
};

/* How an encoder is set up, beyond what all have. */
struct orl_encoder_ops {
    const struct video_option *options;
    const char *quiet; /* a variable of the environment that is set to 0 where it is not set, since
                          the encoder greets on standard error otherwise; NULL: none */
    const char *filter, *option,
        *value; /* a bitstream filter over its packets and that filter's one option; NULL: none */
    bool waits; /* closing it waits until it was told that no frame follows, after at least one */
    /* An encoder that is driven without libavcodec has these two instead: are the settings taken;
     * and a segment's frames, written into a segment that was begun and whose chapters are written,
     * parameters first. */
    int (*check)(const struct orl_output_spec *spec, const struct video_settings *settings,
                 struct orl_error *err);
    int (*encode)(const struct orl_output_spec *spec, const struct video_settings *settings,
                  const struct orl_frame_source *source, struct seg_writer *segment, size_t first,
                  size_t count, struct orl_error *err);
};

/* What its files are like. */
struct orl_codec_ops {
    enum AVCodecID id;
    enum AVPixelFormat pixels;  /* as the encoder takes them: YUV420P, or BGR0 as they are drawn */
    enum AVPixelFormat decoded; /* as a decoder gives them */
    int profile;                /* FF_PROFILE_UNKNOWN: any */
    uint32_t tag;               /* of the codec in MP4; 0: the muxer's own */
    bool srgb; /* YUV of the pixels as they are, in all 256 steps; else BT.709 as video is */
    bool keys_at_parts; /* a group begins at each part of the film, too, within a segment */
    /* For estimates, measured on films of plots from 720p to 4K: what a worker takes at most
     * besides its own, with the frames that it keeps. */
    unsigned memory_mb, bytes_per_pixel;
    struct orl_format_cost cost; /* at the codec's usual quality; key frames within the film count
                                    as frames */
};

/* A container. */
struct video_container {
    const char *muxer, *demuxer; /* libavformat's names */
    const char *url;             /* tells the muxer its brand by the extension; never opened */
    int time_scale;              /* ticks per second that pictures are timed in */
    const char *options;         /* of the muxer: "key=value:key=value" */
};

/* The functions of struct orl_format_ops that all such formats share. `codec` is a setting of
 * theirs, or they have one codec. */
int orl_video_check(const struct orl_output_spec *spec, struct orl_error *err) ORL_LATE;
/* Groups of at most five seconds; ten where `speed` is `smaller`. */
size_t orl_video_segment_frames(const struct orl_output_spec *spec);
int orl_video_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                      size_t first, size_t count, struct orl_sink out,
                      struct orl_error *err) ORL_LATE;
const struct orl_format_cost *orl_video_cost(const struct orl_output_spec *spec);
uint64_t orl_video_bytes(const struct orl_output_spec *spec);
uint64_t orl_video_memory(const struct orl_output_spec *spec);
/* A CRF higher for each level. */
bool orl_video_tighten(struct orl_output_spec *spec, struct orl_value *values, size_t level,
                       char what[ORL_TIGHTENED_SIZE]);
size_t orl_video_next_level(const struct orl_output_spec *spec, int64_t first, size_t level,
                            int64_t bytes, int64_t cap);

/* What `speed` says; NULL where the format has no such setting or nothing is said. */
const char *orl_video_speed(const struct orl_output_spec *spec);
/* Whether `speed` is `smaller`. */
bool orl_video_smaller(const struct orl_output_spec *spec);
/* The codec that the output's settings choose; where they leave it open, the first that can be made
 * here. */
const struct orl_codec_desc *orl_video_codec(const struct orl_output_spec *spec);
/* The first of a format's codecs that can be made here; the first of all where none can. */
const struct orl_codec_desc *orl_encoder_first(const struct orl_output_spec *spec) ORL_LATE;
/* The quality that the settings ask for, or else the codec's usual one. */
int orl_video_crf(const struct orl_output_spec *spec, const struct orl_codec_desc *codec);

/* mux.c, readback.c: join and verify of a container. */
int orl_mux_join(const struct orl_output_spec *spec, const struct video_container *container,
                 const struct orl_segment_source *segments, size_t segment_count,
                 const struct orl_stream *out, struct orl_error *err) ORL_LATE;
int orl_mux_verify(const struct orl_output_spec *spec, const struct video_container *container,
                   const struct orl_stream *file, struct orl_output_facts *facts,
                   struct orl_error *err) ORL_LATE;
/* When frame `frame` is shown, in ticks of `scale` to the second. */
int64_t orl_mux_tick(const struct orl_output_spec *spec, int64_t frame, int scale);

/* The codecs, a file each. */
extern const struct orl_codec_desc orl_codec_h264, orl_codec_hevc, orl_codec_av1, orl_codec_vp9,
    orl_codec_h264_rgb, orl_codec_ffv1, orl_codec_av1_full, orl_codec_av1_svt;

#endif
