/* When what an SVG shows changes: SMIL animations with discrete key times (SMIL 3.0, 12; SVG 1.1,
 * 19). */
#ifndef ORL_ENCODE_SVG_TIMES_H
#define ORL_ENCODE_SVG_TIMES_H

#include "base/text.h"
#include "optreel/encode.h"

/* How all animations of a file go: as long as the film, so and so often. */
struct svg_clock {
    size_t frames;
    int digits;           /* of a key time behind its point: a fifth of a frame can be told */
    char attributes[128]; /* dur, repeatCount, fill */
};
/* `loop`: how often it plays, 0 for ever. */
void orl_svg_clock_init(struct svg_clock *clock, const struct orl_output_spec *spec, int loop);

/* An attribute's values over the film. Zero-initialize; release with orl_svg_times_uninit. */
struct svg_times {
    struct orl_text keys, values, last;
    size_t count;
};
/* From `frame` on it is `value` (without a semicolon); what it is already is not said again. The
 * first frame is 0. A key time lies a little before its frame begins, so that a player that asks
 * for the frame's own time sees it. */
void orl_svg_times_add(struct svg_times *times, const struct svg_clock *clock, size_t frame,
                       const char *value);
/* The animation: `<animate attributeName="d" …/>`, or with `type` the animateTransform of that
 * type; nothing where it has one value. Appends to `out`, and empties `times`. */
void orl_svg_times_write(struct svg_times *times, const struct svg_clock *clock,
                         const char *attribute, const char *type, struct orl_text *out);
void orl_svg_times_uninit(struct svg_times *times);

#endif
