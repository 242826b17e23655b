/* WebM: VP9 or AV1. */
#include <math.h>

#include "encode/video.h"

static const char *const codecs[] = {"vp9", "av1", NULL};
static const char *const speeds[] = {"0", "1", "2",  "3",  "4",  "5",       "6", "7",
                                     "8", "9", "10", "11", "12", "smaller", NULL};

enum { WEBM_CODEC, WEBM_CRF, WEBM_SPEED };

static const struct orl_setting settings[] = {
    [WEBM_CODEC] = {.name = "codec",
                    .type = ORL_SETTING_CHOICE,
                    .role = ORL_ROLE_CODEC,
                    .unit = "1",
                    .initial = 0,
                    .choices = codecs,
                    .description =
                        "how pictures are coded: vp9 plays in every browser, av1 is smaller"},
    [WEBM_CRF] = {.name = "crf",
                  .type = ORL_SETTING_INTEGER,
                  .role = ORL_ROLE_CRF,
                  .unit = "1",
                  .initial = NAN,
                  .minimum = 1,
                  .maximum = 63,
                  .description = "quality (vp9: 32, av1: 30): lower is better and larger"},
    [WEBM_SPEED] =
        {.name = "speed",
         .type = ORL_SETTING_CHOICE,
         .role = ORL_ROLE_SPEED,
         .unit = "1",
         .initial = NAN,
         .choices = speeds,
         .description =
             "the encoder's own preset (vp9: 4, av1: 10): lower is slower and smaller; or "
             "smaller: more time, groups of up to 10 s"},
    {0},
};

/* Matroska's clock ticks in milliseconds. */
static const struct video_container container = {.muxer = "webm",
                                                 .demuxer = "webm",
                                                 .url = "optreel.webm",
                                                 .time_scale = 1000,
                                                 .options = "cues_to_front=1"};

static int webm_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                     size_t segment_count, const struct orl_stream *out, struct orl_error *err)
{
    return orl_mux_join(spec, &container, segments, segment_count, out, err);
}

static int webm_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                       struct orl_output_facts *facts, struct orl_error *err)
{
    return orl_mux_verify(spec, &container, file, facts, err);
}

static const struct orl_format_ops ops = {.check = orl_video_check,
                                          .segment_frames = orl_video_segment_frames,
                                          .segment = orl_video_segment,
                                          .join = webm_join,
                                          .verify = webm_verify,
                                          .measured = true,
                                          .cost_of = orl_video_cost,
                                          .estimate_bytes = orl_video_bytes,
                                          .estimate_memory = orl_video_memory,
                                          .tighten = orl_video_tighten,
                                          .next_level = orl_video_next_level};

static const struct orl_codec_desc *const made_as[] = {&orl_codec_vp9, &orl_codec_av1, NULL};

const struct orl_format_desc orl_format_webm = {
    .name = "webm",
    .extension = ".webm",
    .title = "WebM (VP9)",
    .description = "web pages, smaller than MP4",
    .home = "web",
    .settings = settings,
    .codecs = made_as,
    .ops = &ops,
};
