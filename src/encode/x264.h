/* H.264 by libx264 itself: it takes hints about blocks that did not change, which libavcodec 5.1
 * has no word for. */
#ifndef ORL_ENCODE_X264_H
#define ORL_ENCODE_X264_H

#include "encode/video.h"

/* As orl_video_check and orl_video_segment, into a segment that was begun. */
int orl_x264_check(const struct orl_output_spec *spec, const struct video_settings *settings,
                   struct orl_error *err) ORL_LATE;
int orl_x264_segment(const struct orl_output_spec *spec, const struct video_settings *settings,
                     const struct orl_frame_source *source, struct seg_writer *segment,
                     size_t first, size_t count, struct orl_error *err) ORL_LATE;
/* As text for cache keys: "0.164.3095 baee400". */
const char *orl_x264_version(void);

#endif
