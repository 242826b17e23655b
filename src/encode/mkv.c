/* Matroska: lossless RGB. */
#include <math.h>

#include "encode/video.h"

static const char *const codecs[] = {"h264", "ffv1", NULL};
static const char *const speeds[] = {"ultrafast", "superfast", "veryfast", "faster",
                                     "fast",      "medium",    "slow",     "slower",
                                     "veryslow",  "smaller",   NULL};

enum { MKV_CODEC, MKV_SPEED };

static const struct orl_setting settings[] = {
    [MKV_CODEC] =
        {.name = "codec",
         .type = ORL_SETTING_CHOICE,
         .role = ORL_ROLE_CODEC,
         .unit = "1",
         .initial = NAN,
         .choices = codecs,
         .description =
             "how pictures are coded (the first that is there): h264 is small, ffv1 is what "
             "archives know"},
    [MKV_SPEED] = {.name = "speed",
                   .type = ORL_SETTING_CHOICE,
                   .role = ORL_ROLE_SPEED,
                   .unit = "1",
                   .initial = NAN,
                   .choices = speeds,
                   .description =
                       "the encoder's own preset (h264: veryfast): slower is smaller; or smaller: "
                       "more time, groups of up to 10 s"},
    {0},
};

static const struct video_container container = {.muxer = "matroska",
                                                 .demuxer = "matroska",
                                                 .url = "optreel.mkv",
                                                 .time_scale = 1000,
                                                 .options = "cues_to_front=1"};

static int mkv_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                    size_t segment_count, const struct orl_stream *out, struct orl_error *err)
{
    return orl_mux_join(spec, &container, segments, segment_count, out, err);
}

static int mkv_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                      struct orl_output_facts *facts, struct orl_error *err)
{
    return orl_mux_verify(spec, &container, file, facts, err);
}

static const struct orl_format_ops ops = {.check = orl_video_check,
                                          .segment_frames = orl_video_segment_frames,
                                          .segment = orl_video_segment,
                                          .join = mkv_join,
                                          .verify = mkv_verify,
                                          .measured = true,
                                          .cost_of = orl_video_cost,
                                          .estimate_bytes = orl_video_bytes,
                                          .estimate_memory = orl_video_memory};

static const struct orl_codec_desc *const made_as[] = {&orl_codec_h264_rgb, &orl_codec_ffv1, NULL};

const struct orl_format_desc orl_format_mkv = {
    .name = "mkv",
    .extension = ".mkv",
    .title = "Matroska (lossless)",
    .description = "archives: every pixel as it was drawn",
    .home = "archive",
    .settings = settings,
    .codecs = made_as,
    .ops = &ops,
};
