/* AV1: Main, 8-bit 4:2:0. SVT-AV1 is several times faster than libaom at the same size and quality.
 */
#include "encode/video.h"

/* One logical processor: SVT-AV1's bytes do not depend on it, its memory does. Keys where we place
 * them alone. */
static const struct video_option svt_options[] = {
    {"preset", VIDEO_SPEED, NULL},
    {"crf", VIDEO_CRF, NULL},
    {"svtav1-params", VIDEO_TEXT, "lp=1:scd=0"},
    {0},
};
/* Constant quality without a rate. */
static const struct video_option aom_options[] = {
    {"cpu-used", VIDEO_SPEED, NULL},   {"crf", VIDEO_CRF, NULL},    {"b", VIDEO_TEXT, "0"},
    {"keyint_min", VIDEO_GROUP, NULL}, {"row-mt", VIDEO_TEXT, "0"}, {0},
};

static const struct orl_encoder_ops svt = {.options = svt_options,
                                           .quiet = "SVT_LOG",
                                           .waits = true},
                                    aom = {.options = aom_options};
static const char *const svt_speeds[] = {"0", "1", "2", "3",  "4",  "5",  "6",
                                         "7", "8", "9", "10", "11", "12", NULL};
static const char *const aom_speeds[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", NULL};
static const struct orl_encoder_desc encoders[] = {
    {.name = "libsvtav1",
     .speeds = svt_speeds,
     .speed = "10",
     .smaller = "6",
     .side_least = 64,
     .ops = &svt},
    {.name = "libaom-av1", .speeds = aom_speeds, .speed = "6", .smaller = "4", .ops = &aom},
    {0}};
static const struct orl_codec_ops ops = {.id = AV_CODEC_ID_AV1,
                                         .pixels = AV_PIX_FMT_YUV420P,
                                         .decoded = AV_PIX_FMT_YUV420P,
                                         .profile = FF_PROFILE_AV1_MAIN,
                                         .memory_mb = 260,
                                         .bytes_per_pixel = 140,
                                         .cost = {14e3, 540.0, 0.6, 45.0, 0.8}};

/* Pictures, not video: chroma as sharp as luma costs 8 % and is worth 8 dB. libaom finds by itself
 * that plots are screen content. Measured at 800x450, 200 frames of a fit (CRF 30): cpu-used 8 has
 * 120 kB at 52.0 dB in 11 s of one core, its realtime usage 204 kB at 47.7 dB in 3 s. */
static const char *const full_speeds[] = {"8", NULL};
static const struct orl_encoder_desc full_encoders[] = {
    {.name = "libaom-av1", .speeds = full_speeds, .speed = "8", .smaller = "6", .ops = &aom}, {0}};
static const struct orl_codec_ops full_ops = {.id = AV_CODEC_ID_AV1,
                                              .pixels = AV_PIX_FMT_YUV444P,
                                              .decoded = AV_PIX_FMT_YUV444P,
                                              .profile = FF_PROFILE_AV1_HIGH,
                                              .srgb = true,
                                              .memory_mb = 260,
                                              .bytes_per_pixel = 200,
                                              .cost = {14e3, 540.0, 0.6, 45.0, 0.8}};
/* libaom's 4:2:0 at the same speed. */
static const struct orl_codec_desc plain = {.name = "libaom",
                                            .title = "AV1 4:2:0",
                                            .encoders = full_encoders,
                                            .crf = 33,
                                            .crf_least = 1,
                                            .crf_most = 63,
                                            .ops = &ops,
                                            .fresh_process = true};
const struct orl_codec_desc orl_codec_av1_full = {.name = "libaom",
                                                  .title = "AV1 4:4:4",
                                                  .encoders = full_encoders,
                                                  .crf = 33,
                                                  .crf_least = 1,
                                                  .crf_most = 63,
                                                  .ops = &full_ops,
                                                  .subsampled = &plain,
                                                  .fresh_process = true};
/* SVT-AV1 alone, for formats that choose the encoder by name. */
static const struct orl_encoder_desc svt_encoders[] = {{.name = "libsvtav1",
                                                        .speeds = svt_speeds,
                                                        .speed = "10",
                                                        .smaller = "6",
                                                        .side_least = 64,
                                                        .ops = &svt},
                                                       {0}};
const struct orl_codec_desc orl_codec_av1_svt = {.name = "svt",
                                                 .title = "AV1 4:2:0",
                                                 .encoders = svt_encoders,
                                                 .crf = 30,
                                                 .crf_least = 1,
                                                 .crf_most = 63,
                                                 .ops = &ops,
                                                 .fresh_process = true};

const struct orl_codec_desc orl_codec_av1 = {.name = "av1",
                                             .title = "AV1",
                                             .encoders = encoders,
                                             .crf = 30,
                                             .crf_least = 1,
                                             .crf_most = 63,
                                             .ops = &ops,
                                             .fresh_process = true};
