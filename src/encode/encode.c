/* The room's door: each call goes to the format. */
#include <stdio.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libimagequant.h>

#include "base/array.h"
#include "encode/format.h"

int orl_encode_check(const struct orl_output_spec *spec, struct orl_error *err)
{
    return spec->format->ops->check ? spec->format->ops->check(spec, err) : ORL_OK;
}

size_t orl_encode_segment_frames(const struct orl_output_spec *spec)
{
    size_t frames = spec->format->ops->segment_frames ? spec->format->ops->segment_frames(spec) : spec->frames;
    return frames ? frames : 1;
}

int orl_encode_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source, size_t first, size_t count,
                       struct orl_sink out, struct orl_error *err)
{
    return spec->format->ops->segment(spec, source, first, count, out, err);
}

int orl_encode_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments, size_t segment_count,
                    const struct orl_stream *out, struct orl_error *err)
{
    return spec->format->ops->join(spec, segments, segment_count, out, err);
}

int orl_encode_verify(const struct orl_output_spec *spec, const struct orl_stream *file, struct orl_output_facts *facts,
                      struct orl_error *err)
{
    *facts = (struct orl_output_facts){.width = spec->width, .height = spec->height, .bytes = file->size(file->context)};
    return spec->format->ops->verify(spec, file, facts, err);
}

uint64_t orl_encode_estimate_bytes(const struct orl_output_spec *spec)
{
    return spec->format->ops->estimate_bytes(spec);
}

uint64_t orl_encode_estimate_memory(const struct orl_output_spec *spec)
{
    return spec->format->ops->estimate_memory(spec);
}

bool orl_encode_tighten(struct orl_output_spec *spec, struct orl_value *values, size_t level, char what[ORL_TIGHTENED_SIZE])
{
    what[0] = '\0';
    return level == 0 || (spec->format->ops->tighten && spec->format->ops->tighten(spec, values, level, what));
}

size_t orl_encode_next_level(const struct orl_output_spec *spec, size_t level, int64_t bytes, int64_t cap)
{
    size_t next = spec->format->ops->next_level ? spec->format->ops->next_level(spec, level, bytes, cap) : 0;
    return next > level ? next : level + 1;
}

static const char *dotted(char buffer[24], unsigned version)
{
    snprintf(buffer, 24, "%u.%u.%u", version >> 16, version >> 8 & 0xff, version & 0xff);
    return buffer;
}

bool orl_encode_library(size_t index, const char **name, const char **version)
{
    static _Thread_local char text[4][24];
    const unsigned quantizer = (unsigned)liq_version();
    switch (index) {
    case 0:
        *name = "libavcodec";
        *version = dotted(text[0], avcodec_version());
        return true;
    case 1:
        *name = "libavformat";
        *version = dotted(text[1], avformat_version());
        return true;
    case 2:
        *name = "libavutil";
        *version = dotted(text[2], avutil_version());
        return true;
    case 3:
        *name = "libimagequant";
        snprintf(text[3], sizeof text[3], "%u.%u.%u", quantizer / 10000, quantizer / 100 % 100, quantizer % 100);
        *version = text[3];
        return true;
    default:
        return false;
    }
}
