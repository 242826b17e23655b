/* Axes: from values to pixels, with few, nice ticks. Frozen for a whole film. */
#ifndef ORL_SCENE_AXIS_H
#define ORL_SCENE_AXIS_H

#include "scene/marks/number.h"
#include "scene/marks/picture.h"

enum scale {
    SCALE_LINEAR,
    SCALE_LOG,    /* of positive values */
    SCALE_LOG1P,  /* log(1 + v), for steps: 0 has its place */
    SCALE_SYMLOG, /* asinh(v / linear): linear about 0, logarithmic far from it on both sides */
};

struct axis {
    enum scale scale;
    double low, high;   /* values, low < high */
    double first, last; /* their pixels; for y first is below: first > last */
    double linear;      /* SCALE_SYMLOG: values smaller than this are spread evenly */
};

struct tick {
    double value;
    char label[PEOPLE_SIZE];
};

enum { TICKS_MAX = 16 };

/* Make a range hold all values that are finite. */
void orl_axis_widen(double *low, double *high, const double *values, size_t count);

/* Widen a range that is empty, not finite or in the wrong order, so that it can be an axis; and by
 * `pad` of its length on both sides. For SCALE_LOG the padding is in decades and low must come out
 * positive. */
void orl_axis_range(struct axis *axis, enum scale scale, double low, double high, double pad);

/* The same for SCALE_SYMLOG: `linear` is the size from which on values are spread by their
 * logarithm. */
void orl_axis_symlog(struct axis *axis, double low, double high, double linear, double pad);

/* The pixel of a value. Values that have no place (log of 0, NaN) give NaN; far ones are kept
 * within a million pixels. */
double orl_axis_px(const struct axis *axis, double value);
/* The value at a pixel. */
double orl_axis_value(const struct axis *axis, double px);

/* At most about `wanted` ticks (and never more than TICKS_MAX) inside the range. Returns their
 * number. */
size_t orl_axis_ticks(const struct axis *axis, size_t wanted, struct tick ticks[TICKS_MAX]);

#endif
