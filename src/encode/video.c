/* Films by libavcodec's encoders, before anything is encoded: which codec and quality the settings
 * choose, how long a group is, estimates, and how a film is made smaller. */
#include "encode/video.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { GROUP_SECONDS = 5, SMALLER_GROUP_SECONDS = 10 };

/* ---- Settings -------------------------------------------------------------------------------- */

const struct orl_codec_desc *orl_video_codec(const struct orl_output_spec *spec)
{
    const struct orl_format_desc *format = spec->format;
    double codec = orl_format_number(format, spec->values, ORL_ROLE_CODEC),
           chroma = orl_format_number(format, spec->values, ORL_ROLE_CHROMA);
    bool asked = orl_setting_of(format->settings, ORL_ROLE_CODEC) >= 0;
    if (asked && isnan(codec))
        return orl_encoder_first ? orl_encoder_first(spec) : format->codecs[0];
    const struct orl_codec_desc *chosen = format->codecs[asked ? (size_t)codec : 0];
    return chroma == VIDEO_CHROMA_420 && chosen->subsampled ? chosen->subsampled : chosen;
}

int orl_video_crf(const struct orl_output_spec *spec, const struct orl_codec_desc *codec)
{
    double crf = orl_format_number(spec->format, spec->values, ORL_ROLE_CRF);
    return isnan(crf) ? codec->crf : (int)crf;
}

const char *orl_video_speed(const struct orl_output_spec *spec)
{
    int place = orl_setting_of(spec->format->settings, ORL_ROLE_SPEED);
    double speed = place >= 0 ? spec->values[place].number : NAN;
    return isnan(speed) ? NULL : spec->format->settings[place].choices[(size_t)speed];
}

bool orl_video_smaller(const struct orl_output_spec *spec)
{
    const char *speed = orl_video_speed(spec);
    return speed && strcmp(speed, VIDEO_SMALLER) == 0;
}

size_t orl_video_segment_frames(const struct orl_output_spec *spec)
{
    int own = spec->format->ops->segment_seconds;
    int64_t seconds = own                       ? own
                      : orl_video_smaller(spec) ? SMALLER_GROUP_SECONDS
                                                : GROUP_SECONDS,
            frames = seconds * spec->fps_num / spec->fps_den;
    return frames > 0 ? (size_t)frames : 1;
}

/* ---- Size caps ------------------------------------------------------------------------------- */

bool orl_video_tighten(struct orl_output_spec *spec, struct orl_value *values, size_t level,
                       char what[ORL_TIGHTENED_SIZE])
{
    const struct orl_codec_desc *codec = orl_video_codec(spec);
    int crf = orl_video_crf(spec, codec),
        place = orl_setting_of(spec->format->settings, ORL_ROLE_CRF);
    if (place < 0 || level > (size_t)codec->crf_most || crf + (int)level > codec->crf_most)
        return false;
    values[place].number = crf + (int)level;
    snprintf(what, ORL_TIGHTENED_SIZE, "CRF %d instead of %d", crf + (int)level, crf);
    return true;
}

/* Films of plots halve at about 8 CRF of x264 and x265 and 12 of the codecs that count to 63; once
 * a second size is known, its slope counts. The last CRF is tried before giving up. */
size_t orl_video_next_level(const struct orl_output_spec *spec, int64_t first, size_t level,
                            int64_t bytes, int64_t cap)
{
    const struct orl_codec_desc *codec = orl_video_codec(spec);
    double halves = codec->crf_most / 6.0 + 1e-9,
           most = codec->crf_most - orl_video_crf(spec, codec);
    if (level > 0 && first > bytes)
        halves = fmin((double)level / log2((double)first / (double)bytes), most);
    double next = (double)level + fmax(1.0, ceil(halves * log2((double)bytes / (double)cap) - 0.5));
    return next > most && (double)level < most ? (size_t)most : (size_t)next;
}

/* ---- Estimates ------------------------------------------------------------------------------- */

/* Below the codec's usual CRF files double about every eighth of its scale. */
const struct orl_format_cost *orl_video_cost(const struct orl_output_spec *spec)
{
    return &orl_video_codec(spec)->ops->cost;
}

uint64_t orl_video_bytes(const struct orl_output_spec *spec)
{
    const struct orl_codec_desc *codec = orl_video_codec(spec);
    uint64_t bytes = orl_format_bytes(spec, &codec->ops->cost);
    int better = codec->crf - orl_video_crf(spec, codec);
    return better > 0 ? (uint64_t)((double)bytes * exp2(8.0 * better / codec->crf_most)) : bytes;
}

uint64_t orl_video_memory(const struct orl_output_spec *spec)
{
    const struct orl_codec_ops *ops = orl_video_codec(spec)->ops;
    return ((uint64_t)ops->memory_mb << 20) +
           (uint64_t)spec->width * (uint64_t)spec->height * ops->bytes_per_pixel;
}
