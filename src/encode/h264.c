/* H.264 for delivery: High, 8-bit 4:2:0, closed groups of two seconds. */
#include <string.h>

#include <libavutil/opt.h>

#include "encode/video.h"

enum { REFS_MOST = 4 };

/* x264's slow presets use more reference pictures than delivery allows. */
static void limit_references(AVCodecContext *c, const char *speed)
{
    static const char *const many[] = {"slow", "slower", "veryslow", NULL};
    for (size_t i = 0; many[i]; i++)
        if (strcmp(many[i], speed) == 0)
            c->refs = REFS_MOST;
}

/* High profile without B-frames: decoding order is display order, so that a file has no edit list and starts at 0 in every player.
 * With pictures this still B-frames save next to nothing. x264 finds the lowest level that size, rate and references allow. */
static void set_x264(AVCodecContext *c, const struct orl_output_spec *spec, const struct video_settings *settings)
{
    (void)spec;
    c->profile = FF_PROFILE_H264_HIGH;
    av_opt_set(c->priv_data, "preset", settings->speed, 0);
    av_opt_set_double(c->priv_data, "crf", settings->crf, 0);
    av_opt_set(c->priv_data, "profile", "high", 0);
    /* A group has one key: x264 adds none at what it takes for a cut. The 8x8 transform makes even ultrafast High.
     */
    av_opt_set(c->priv_data, "x264-params", "scenecut=0:open-gop=0:force-cfr=1:bframes=0:8x8dct=1", 0);
    limit_references(c, settings->speed);
}

/* The filter drops the SEI that names x264's version and settings. */
static const struct orl_encoder_ops x264 = {.set = set_x264, .filter = "filter_units", .option = "remove_types", .value = "6"};
static const char *const speeds[] = {"ultrafast", "superfast", "veryfast", "faster",   "fast",
                                     "medium",    "slow",      "slower",   "veryslow", NULL};
static const struct orl_encoder_desc encoders[] = {{"libx264", speeds, "veryfast", 0, &x264}, {0}};
static const struct orl_codec_ops ops = {
    .id = AV_CODEC_ID_H264, .pixels = AV_PIX_FMT_YUV420P, .decoded = AV_PIX_FMT_YUV420P, .profile = FF_PROFILE_H264_HIGH};

const struct orl_codec_desc orl_codec_h264 = {
    .name = "h264", .title = "H.264", .encoders = encoders, .crf = 20, .crf_least = 1, .crf_most = 51, .ops = &ops};
