/* The room's door for those who plan: lengths of segments, estimates, how an output is made
 * smaller. Each call goes to the format. */
#include <math.h>

#include "encode/format.h"

#define COST_PIXELS (640.0 * 360.0)

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

static const struct orl_format_cost *cost_of(const struct orl_output_spec *spec)
{
    const struct orl_format_ops *ops = spec->format->ops;
    return ops->cost_of ? ops->cost_of(spec) : &ops->cost;
}

static double scale_of(const struct orl_output_spec *spec, double power)
{
    return pow((double)spec->width * spec->height / COST_PIXELS, power);
}

uint64_t orl_format_bytes(const struct orl_output_spec *spec, const struct orl_format_cost *cost)
{
    double further = spec->frames > 1 ? (double)(spec->frames - 1) : 0.0;
    double bytes = (cost->first + further * cost->frame) * scale_of(spec, cost->power);
    return bytes < 0x1p63 ? (uint64_t)bytes : UINT64_MAX;
}

uint64_t orl_encode_estimate_bytes(const struct orl_output_spec *spec)
{
    const struct orl_format_ops *ops = spec->format->ops;
    return ops->estimate_bytes ? ops->estimate_bytes(spec) : orl_format_bytes(spec, cost_of(spec));
}

double orl_encode_estimate_seconds(const struct orl_output_spec *spec)
{
    const struct orl_format_cost *cost = cost_of(spec);
    return 1e-3 * cost->frame_ms * scale_of(spec, cost->time_power) * (double)spec->frames;
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
