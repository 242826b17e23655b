/* The room's door for those who plan: lengths of segments, estimates, how an output is made
 * smaller. Each call goes to the format. */
#include "encode/format.h"

size_t orl_encode_segment_frames(const struct orl_output_spec *spec)
{
    const struct orl_format_ops *ops = spec->format->ops;
    size_t frames = spec->frames;
    if (ops->segment_frames)
        frames = ops->segment_frames(spec);
    else if (ops->segment_seconds)
        frames = (size_t)ops->segment_seconds * (size_t)spec->fps_num / (size_t)spec->fps_den;
    return frames ? frames : 1;
}

uint64_t orl_encode_estimate_bytes(const struct orl_output_spec *spec)
{
    return spec->format->ops->estimate_bytes(spec);
}

uint64_t orl_encode_estimate_memory(const struct orl_output_spec *spec)
{
    return spec->format->ops->estimate_memory(spec);
}

bool orl_encode_tighten(struct orl_output_spec *spec, struct orl_value *values, size_t level,
                        char what[ORL_TIGHTENED_SIZE])
{
    what[0] = '\0';
    return level == 0 ||
           (spec->format->ops->tighten && spec->format->ops->tighten(spec, values, level, what));
}

size_t orl_encode_next_level(const struct orl_output_spec *spec, int64_t first, size_t level,
                             int64_t bytes, int64_t cap)
{
    size_t next = spec->format->ops->next_level
                      ? spec->format->ops->next_level(spec, first, level, bytes, cap)
                      : 0;
    return next > level ? next : level + 1;
}
