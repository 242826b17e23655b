/* Every pixel as it was drawn: RGB without loss. H.264 finds what moves and stays small; FFV1 is
 * the archivists' format. */
#include <libavutil/opt.h>

#include "encode/video.h"

/* A quantizer of 0 leaves nothing out. */
static void set_x264(AVCodecContext *c, const struct orl_output_spec *spec,
                     const struct video_settings *settings)
{
    (void)spec;
    av_opt_set(c->priv_data, "preset", settings->speed, 0);
    av_opt_set_int(c->priv_data, "qp", 0, 0);
    av_opt_set(c->priv_data, "x264-params", "scenecut=0:open-gop=0:force-cfr=1:bframes=0", 0);
}

/* Version 3, as RFC 9043 has it, with a check sum for each slice. */
static void set_ffv1(AVCodecContext *c, const struct orl_output_spec *spec,
                     const struct video_settings *settings)
{
    (void)spec, (void)settings;
    c->level = 3;
    c->slices = 4;
    av_opt_set_int(c->priv_data, "slicecrc", 1, 0);
}

static const struct orl_encoder_ops x264 = {.set = set_x264,
                                            .filter = "filter_units",
                                            .option = "remove_types",
                                            .value = "6"},
                                    ffv1 = {.set = set_ffv1};
static const char *const speeds[] = {"ultrafast", "superfast", "veryfast", "faster",   "fast",
                                     "medium",    "slow",      "slower",   "veryslow", NULL};
static const struct orl_encoder_desc x264_encoders[] = {
    {"libx264rgb", speeds, "veryfast", 0, &x264}, {0}};
static const struct orl_encoder_desc ffv1_encoders[] = {{"ffv1", NULL, NULL, 0, &ffv1}, {0}};
static const struct orl_codec_ops x264_ops = {.id = AV_CODEC_ID_H264,
                                              .pixels = AV_PIX_FMT_BGR0,
                                              .decoded = AV_PIX_FMT_GBRP,
                                              .profile = FF_PROFILE_H264_HIGH_444_PREDICTIVE,
                                              .bytes_per_pixel = 90,
                                              .key_share = 2,
                                              .frame_share = 100};
static const struct orl_codec_ops ffv1_ops = {.id = AV_CODEC_ID_FFV1,
                                              .pixels = AV_PIX_FMT_BGR0,
                                              .decoded = AV_PIX_FMT_BGR0,
                                              .profile = FF_PROFILE_UNKNOWN,
                                              .bytes_per_pixel = 200,
                                              .key_share = 4,
                                              .frame_share = 6};

const struct orl_codec_desc orl_codec_h264_rgb = {
    .name = "h264", .title = "H.264 RGB", .encoders = x264_encoders, .ops = &x264_ops};
const struct orl_codec_desc orl_codec_ffv1 = {
    .name = "ffv1", .title = "FFV1", .encoders = ffv1_encoders, .ops = &ffv1_ops};
