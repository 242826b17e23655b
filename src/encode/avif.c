/* Animated AVIF: AV1 in colours as sharp as its luma (4:4:4), as a picture for pages. */
#include <math.h>

#include "encode/avif_boxes.h"
#include "encode/video.h"

static const char *const codecs[] = {"libaom", "svt", NULL}, *const chromas[] = {"444", "420",
                                                                                 NULL};

static const struct orl_setting settings[] = {
    [AVIF_CODEC] = {.name = "codec",
                    .type = ORL_SETTING_CHOICE,
                    .role = ORL_ROLE_CODEC,
                    .unit = "1",
                    .initial = 0,
                    .choices = codecs,
                    .description = "which encoder of AV1: libaom is smaller, svt (4:2:0) quicker"},
    [AVIF_CRF] = {.name = "crf",
                  .type = ORL_SETTING_INTEGER,
                  .role = ORL_ROLE_CRF,
                  .unit = "1",
                  .initial = 33,
                  .minimum = 1,
                  .maximum = 63,
                  .description = "quality: lower is better and larger"},
    [AVIF_CHROMA] = {.name = "chroma",
                     .type = ORL_SETTING_CHOICE,
                     .role = ORL_ROLE_CHROMA,
                     .unit = "1",
                     .initial = NAN,
                     .choices = chromas,
                     .description = "444: colours as sharp as brightness (libaom does so where "
                                    "nothing is said); 420: at half of the resolution"},
    [AVIF_LOOP] = {.name = "loop",
                   .type = ORL_SETTING_INTEGER,
                   .unit = "1",
                   .initial = 0,
                   .minimum = 0,
                   .maximum = 65535,
                   .description = "how often it plays; 0: for ever"},
    {0},
};

static int avif_check(const struct orl_output_spec *spec, struct orl_error *err)
{
    const struct orl_codec_desc *codec = orl_video_codec(spec);
    double chroma = spec->values[AVIF_CHROMA].number;
    bool full = chroma == 0.0; /* NaN: nothing is said */
    if (full && codec == &orl_codec_av1_svt)
        return orl_fail(err, ORL_EINPUT, "avif: svt encodes chroma 420 alone; libaom has 444");
    return orl_video_check(spec, err);
}

/* Nobody seeks in a picture, and of a surface's film the key frames are half of the bytes. */
enum { GROUP_SECONDS = 10 };

/* Ticks that every frame rate is whole in. */
static int avif_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                       struct orl_output_facts *facts, struct orl_error *err)
{
    const struct video_container container = {.demuxer = "mov", .time_scale = spec->fps_num};
    return orl_mux_verify(spec, &container, file, facts, err);
}

static const struct orl_format_ops ops = {.check = avif_check,
                                          .segment_frames = orl_video_segment_frames,
                                          .segment_seconds = GROUP_SECONDS,
                                          .segment = orl_video_segment,
                                          .join = orl_avif_join,
                                          .verify = avif_verify,
                                          .measured = true,
                                          .cost_of = orl_video_cost,
                                          .estimate_bytes = orl_video_bytes,
                                          .estimate_memory = orl_video_memory,
                                          .tighten = orl_video_tighten,
                                          .next_level = orl_video_next_level};

static const struct orl_codec_desc *const made_as[] = {&orl_codec_av1_full, &orl_codec_av1_svt,
                                                       NULL};

const struct orl_format_desc orl_format_avif = {
    .name = "avif",
    .extension = ".avif",
    .title = "Animated AVIF",
    .description = "READMEs and web pages, as a picture: a quarter of the GIF's bytes",
    .home = "github",
    .settings = settings,
    .codecs = made_as,
    .ops = &ops,
};
