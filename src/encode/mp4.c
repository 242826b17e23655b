/* MP4: H.264, HEVC or AV1, index in front. */
#include <math.h>

#include "encode/video.h"

static const char *const codecs[] = {"h264", "hevc", "av1", NULL};
static const char *const speeds[] = {
    "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower",
    "veryslow",  "smaller",   "0",        "1",      "2",    "3",      "4",    "5",
    "6",         "7",         "8",        "9",      "10",   "11",     "12",   NULL};

enum { MP4_CODEC, MP4_CRF, MP4_SPEED };

static const struct orl_setting settings[] = {
    [MP4_CODEC] = {.name = "codec",
                   .type = ORL_SETTING_CHOICE,
                   .role = ORL_ROLE_CODEC,
                   .unit = "1",
                   .initial = 0,
                   .choices = codecs,
                   .description =
                       "how pictures are coded: h264 plays everywhere, hevc and av1 are smaller"},
    [MP4_CRF] = {.name = "crf",
                 .type = ORL_SETTING_INTEGER,
                 .role = ORL_ROLE_CRF,
                 .unit = "1",
                 .initial = NAN,
                 .minimum = 1,
                 .maximum = 63,
                 .description =
                     "quality (h264, hevc: 20, av1: 30): for h264 17 cannot be told from the "
                     "drawing, 23 is good, 30 is rough"},
    [MP4_SPEED] = {.name = "speed",
                   .type = ORL_SETTING_CHOICE,
                   .role = ORL_ROLE_SPEED,
                   .unit = "1",
                   .initial = NAN,
                   .choices = speeds,
                   .description = "the encoder's own preset (hevc: fast, av1: 10; h264 has an "
                                  "effort of its own): slower is "
                                  "smaller; or smaller: more time, groups of up to 10 s"},
    {0},
};

static const struct video_container container = {
    .muxer = "mp4",
    .demuxer = "mp4",
    .url = "optreel.mp4",
    .time_scale = 90000,
    .options = "movflags=+faststart+write_colr:video_track_timescale=90000"};

static int mp4_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                    size_t segment_count, const struct orl_stream *out, struct orl_error *err)
{
    return orl_mux_join(spec, &container, segments, segment_count, out, err);
}

static int mp4_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                      struct orl_output_facts *facts, struct orl_error *err)
{
    return orl_mux_verify(spec, &container, file, facts, err);
}

static const struct orl_format_ops ops = {.check = orl_video_check,
                                          .segment_frames = orl_video_segment_frames,
                                          .segment = orl_video_segment,
                                          .join = mp4_join,
                                          .verify = mp4_verify,
                                          .measured = true,
                                          .cost_of = orl_video_cost,
                                          .estimate_bytes = orl_video_bytes,
                                          .estimate_memory = orl_video_memory,
                                          .tighten = orl_video_tighten,
                                          .next_level = orl_video_next_level};

static const struct orl_codec_desc *const made_as[] = {&orl_codec_h264, &orl_codec_hevc,
                                                       &orl_codec_av1, NULL};

const struct orl_format_desc orl_format_mp4 = {
    .name = "mp4",
    .extension = ".mp4",
    .title = "MP4 (H.264)",
    .description = "plays everywhere: browsers, slides, chats",
    .home = "web",
    .settings = settings,
    .codecs = made_as,
    .ops = &ops,
};
