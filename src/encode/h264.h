/* H.264 for delivery: frames of one segment to packets. */
#ifndef ORL_ENCODE_H264_H
#define ORL_ENCODE_H264_H

#include "optreel/encode.h"

/* Record types of an H.264 segment. */
enum { H264_EXTRADATA = 1, H264_KEY, H264_DELTA };

struct h264_settings {
    int crf;
    const char *speed; /* x264's own preset name */
};

/* ORL_EENV where this libavcodec has no libx264 or it does not take the settings. */
int orl_h264_check(const struct orl_output_spec *spec, const struct h264_settings *settings, struct orl_error *err);
/* Frames of a segment: two seconds, one group of pictures. */
size_t orl_h264_segment_frames(const struct orl_output_spec *spec);
int orl_h264_segment(const struct orl_output_spec *spec, const struct h264_settings *settings,
                     const struct orl_frame_source *source, size_t first, size_t count, struct orl_sink out, struct orl_error *err);

#endif
