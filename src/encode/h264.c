/* H.264 for delivery: High, 8-bit 4:2:0, closed groups of at most five seconds. */
#include "encode/x264.h"

static const struct orl_encoder_ops x264 = {.check = orl_x264_check, .encode = orl_x264_segment};
static const char *const speeds[] = {"ultrafast", "superfast", "veryfast", "faster",   "fast",
                                     "medium",    "slow",      "slower",   "veryslow", NULL};
static const struct orl_encoder_desc encoders[] = {
    {.name = "libx264", .speeds = speeds, .ops = &x264, .needed = true}, {0}};
static const struct orl_codec_ops ops = {.id = AV_CODEC_ID_H264,
                                         .pixels = AV_PIX_FMT_YUV420P,
                                         .decoded = AV_PIX_FMT_YUV420P,
                                         .profile = FF_PROFILE_H264_HIGH,
                                         .keys_at_parts = true,
                                         .bytes_per_pixel = 105,
                                         .cost = {18e3, 730.0, 0.6, 1.3, 0.8}};

const struct orl_codec_desc orl_codec_h264 = {.name = "h264",
                                              .title = "H.264",
                                              .encoders = encoders,
                                              .crf = 20,
                                              .crf_least = 1,
                                              .crf_most = 51,
                                              .ops = &ops};
