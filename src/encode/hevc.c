/* HEVC: Main, 8-bit 4:2:0, tagged hvc1, which is what Apple's players ask for. */
#include "encode/video.h"

/* One thread of its own and no pool: the same bytes on every machine. No B-frames, as with H.264;
 * no SEI that names the version. */
static const struct video_option options[] = {
    {"profile", VIDEO_TEXT, "main"},
    {"preset", VIDEO_SPEED, NULL},
    {"crf", VIDEO_CRF, NULL},
    {"x265-params", VIDEO_TEXT,
     "log-level=none:info=0:pools=none:frame-threads=1:wpp=0:bframes=0:scenecut=0:open-gop=0:"
     "repeat-headers=0"},
    {0},
};
static const struct orl_encoder_ops x265 = {.options = options};
static const char *const speeds[] = {"ultrafast", "superfast", "veryfast", "faster",   "fast",
                                     "medium",    "slow",      "slower",   "veryslow", NULL};
static const struct orl_encoder_desc encoders[] = {
    {.name = "libx265", .speeds = speeds, .speed = "fast", .smaller = "slow", .ops = &x265}, {0}};
static const struct orl_codec_ops ops = {.id = AV_CODEC_ID_HEVC,
                                         .pixels = AV_PIX_FMT_YUV420P,
                                         .decoded = AV_PIX_FMT_YUV420P,
                                         .profile = FF_PROFILE_HEVC_MAIN,
                                         .tag = MKTAG('h', 'v', 'c', '1'),
                                         .bytes_per_pixel = 170,
                                         .cost = {18e3, 730.0, 0.6, 8.0, 0.8}};

const struct orl_codec_desc orl_codec_hevc = {.name = "hevc",
                                              .title = "HEVC",
                                              .encoders = encoders,
                                              .crf = 20,
                                              .crf_least = 1,
                                              .crf_most = 51,
                                              .ops = &ops};
