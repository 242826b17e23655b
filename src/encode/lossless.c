/* Every pixel as it was drawn: RGB without loss. H.264 finds what moves and stays small; FFV1 is
 * the archivists' format. */
#include "encode/video.h"

/* A quantizer of 0 leaves nothing out. */
static const struct video_option x264_options[] = {
    {"preset", VIDEO_SPEED, NULL},
    {"qp", VIDEO_TEXT, "0"},
    {"x264-params", VIDEO_TEXT, "scenecut=0:open-gop=0:force-cfr=1:bframes=0"},
    {0},
};
/* Version 3, as RFC 9043 has it, with a check sum for each slice. */
static const struct video_option ffv1_options[] = {
    {"level", VIDEO_TEXT, "3"},
    {"slices", VIDEO_TEXT, "4"},
    {"slicecrc", VIDEO_TEXT, "1"},
    {0},
};

static const struct orl_encoder_ops x264 = {.options = x264_options,
                                            .filter = "filter_units",
                                            .option = "remove_types",
                                            .value = "6"},
                                    ffv1 = {.options = ffv1_options};
static const char *const speeds[] = {"ultrafast", "superfast", "veryfast", "faster",   "fast",
                                     "medium",    "slow",      "slower",   "veryslow", NULL};
static const struct orl_encoder_desc x264_encoders[] = {{.name = "libx264rgb",
                                                         .speeds = speeds,
                                                         .speed = "veryfast",
                                                         .smaller = "medium",
                                                         .ops = &x264},
                                                        {0}};
static const struct orl_encoder_desc ffv1_encoders[] = {{.name = "ffv1", .ops = &ffv1}, {0}};
static const struct orl_codec_ops x264_ops = {.id = AV_CODEC_ID_H264,
                                              .pixels = AV_PIX_FMT_BGR0,
                                              .decoded = AV_PIX_FMT_GBRP,
                                              .profile = FF_PROFILE_H264_HIGH_444_PREDICTIVE,
                                              .bytes_per_pixel = 90,
                                              .cost = {60e3, 3000.0, 0.75, 4.0, 0.8}};
static const struct orl_codec_ops ffv1_ops = {.id = AV_CODEC_ID_FFV1,
                                              .pixels = AV_PIX_FMT_BGR0,
                                              .decoded = AV_PIX_FMT_BGR0,
                                              .profile = FF_PROFILE_UNKNOWN,
                                              .bytes_per_pixel = 200,
                                              .cost = {60e3, 38e3, 1.0, 3.0, 1.0}};

const struct orl_codec_desc orl_codec_h264_rgb = {
    .name = "h264", .title = "H.264 RGB", .encoders = x264_encoders, .ops = &x264_ops};
const struct orl_codec_desc orl_codec_ffv1 = {
    .name = "ffv1", .title = "FFV1", .encoders = ffv1_encoders, .ops = &ffv1_ops};
