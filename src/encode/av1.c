/* AV1: Main, 8-bit 4:2:0. SVT-AV1 is several times faster than libaom at the same size and quality.
 */
#include <stdlib.h>

#include <libavutil/opt.h>

#include "encode/video.h"

/* One logical processor: SVT-AV1's bytes do not depend on it, its memory does. Keys where we place
 * them alone. */
static void set_svt(AVCodecContext *c, const struct orl_output_spec *spec,
                    const struct video_settings *settings)
{
    (void)spec;
    setenv("SVT_LOG", "0",
           0); /* it greets on standard error otherwise, and has no other way to be told */
    av_opt_set(c->priv_data, "preset", settings->speed, 0);
    av_opt_set_int(c->priv_data, "crf", settings->crf, 0);
    av_opt_set(c->priv_data, "svtav1-params", "lp=1:scd=0", 0);
}

static void set_aom(AVCodecContext *c, const struct orl_output_spec *spec,
                    const struct video_settings *settings)
{
    (void)spec;
    c->keyint_min = c->gop_size;
    c->bit_rate = 0;
    av_opt_set(c->priv_data, "cpu-used", settings->speed, 0);
    av_opt_set_int(c->priv_data, "crf", settings->crf, 0);
    av_opt_set_int(c->priv_data, "row-mt", 0, 0);
}

static const struct orl_encoder_ops svt = {.set = set_svt, .waits = true}, aom = {.set = set_aom};
static const char *const svt_speeds[] = {"0", "1", "2", "3",  "4",  "5",  "6",
                                         "7", "8", "9", "10", "11", "12", NULL};
static const char *const aom_speeds[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", NULL};
static const struct orl_encoder_desc encoders[] = {
    {"libsvtav1", svt_speeds, "10", 64, &svt}, {"libaom-av1", aom_speeds, "6", 0, &aom}, {0}};
static const struct orl_codec_ops ops = {.id = AV_CODEC_ID_AV1,
                                         .pixels = AV_PIX_FMT_YUV420P,
                                         .decoded = AV_PIX_FMT_YUV420P,
                                         .profile = FF_PROFILE_AV1_MAIN,
                                         .memory_mb = 260,
                                         .bytes_per_pixel = 140,
                                         .key_share = 10,
                                         .frame_share = 400};

const struct orl_codec_desc orl_codec_av1 = {.name = "av1",
                                             .title = "AV1",
                                             .encoders = encoders,
                                             .crf = 30,
                                             .crf_least = 1,
                                             .crf_most = 63,
                                             .ops = &ops,
                                             .fresh_process = true};
