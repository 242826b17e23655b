/* VP9: profile 0, 8-bit 4:2:0. */
#include "encode/video.h"

/* Constant quality without a rate. Hidden reference pictures are packed with the picture that
 * follows them, so that a packet is a picture. */
static const struct video_option options[] = {
    {"deadline", VIDEO_TEXT, "good"},
    {"cpu-used", VIDEO_SPEED, NULL},
    {"crf", VIDEO_CRF, NULL},
    {"b", VIDEO_TEXT, "0"},
    {"keyint_min", VIDEO_GROUP, NULL},
    {"row-mt", VIDEO_TEXT, "0"},
    {0},
};

static const struct orl_encoder_ops vpx = {.options = options};
static const char *const speeds[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", NULL};
static const struct orl_encoder_desc encoders[] = {
    {.name = "libvpx-vp9", .speeds = speeds, .speed = "4", .smaller = "2", .ops = &vpx}, {0}};
static const struct orl_codec_ops ops = {.id = AV_CODEC_ID_VP9,
                                         .pixels = AV_PIX_FMT_YUV420P,
                                         .decoded = AV_PIX_FMT_YUV420P,
                                         .profile = FF_PROFILE_VP9_0,
                                         .bytes_per_pixel = 170,
                                         .cost = {20e3, 840.0, 0.7, 20.0, 0.8}};

const struct orl_codec_desc orl_codec_vp9 = {.name = "vp9",
                                             .title = "VP9",
                                             .encoders = encoders,
                                             .crf = 32,
                                             .crf_least = 1,
                                             .crf_most = 63,
                                             .ops = &ops};
