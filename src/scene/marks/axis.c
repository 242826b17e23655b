/* Axes: ticks, labels, and the way from values to pixels. */
#include "scene/marks/axis.h"

#include <math.h>
#include <string.h>

#include "scene/marks/metrics.h"

#define MOST_LOG      1e300    /* beyond, log(1 + v) of an axis is no value */
#define PAD_LOW       (-307.6) /* decades: what a logarithmic axis may be padded to */
#define PAD_HIGH      308.2
#define WHOLE_FROM    0.1   /* a logarithmic axis of no value begins here */
#define ROUNDING      1e-12 /* of an axis' values: the least length that it may have */
#define AROUND        0.1   /* of a value that is alone: on both its sides */
#define SYMLOG_LEAST  1e-14 /* of the largest value: the least that is spread evenly */
#define POWERS_FROM   1e5   /* numbers from this on, ... */
#define POWERS_BELOW  1e-3  /* ... and below this, are powers of ten */
#define GROUPED_MOST  1e12
#define BELOW_DECADES 3.0 /* of a symmetric axis: how many may be added near 0 */
#define NEAR_ZERO     0.6 /* and how much closer they may stand */
#define PX_MAX        1e6
#define LEAST_LOG     1e-307 /* that a logarithmic axis shows: below, doubles lose digits */

static double forward(const struct axis *axis, double value)
{
    switch (axis->scale) {
    case SCALE_SYMLOG:
        return asinh(value / axis->linear);
    case SCALE_LOG:
        return value > 0.0 ? log10(value) : NAN;
    case SCALE_LOG1P:
        return value > -1.0 ? log10(1.0 + value) : NAN;
    case SCALE_LINEAR:
        break;
    }
    return value;
}

static double backward(const struct axis *axis, double place)
{
    switch (axis->scale) {
    case SCALE_SYMLOG:
        return axis->linear * sinh(place);
    case SCALE_LOG:
        return pow(10.0, place);
    case SCALE_LOG1P:
        return pow(10.0, place) - 1.0;
    case SCALE_LINEAR:
        break;
    }
    return place;
}

/* Values are kept where sums and products of them stay finite. */
static double tame(double value)
{
    return value > MOST_LOG ? MOST_LOG : value < -MOST_LOG ? -MOST_LOG : value;
}

void orl_axis_widen(double *low, double *high, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i])) {
            *low = fmin(*low, values[i]);
            *high = fmax(*high, values[i]);
        }
}

void orl_axis_range(struct axis *axis, enum scale scale, double low, double high, double pad)
{
    if (!(low <= high) || !isfinite(low) || !isfinite(high)) {
        low = scale == SCALE_LOG ? WHOLE_FROM : 0.0;
        high = 1.0;
    }
    axis->scale = scale;
    if (scale == SCALE_LOG) { /* nothing is summed: up to the largest double there is */
        double from = forward(axis, fmax(low, LEAST_LOG)),
               to = forward(axis, fmax(high, LEAST_LOG));
        if (to - from < 0.5) {
            from -= 0.5;
            to += 0.5;
        }
        axis->low = backward(axis, fmax(from - pad * (to - from), PAD_LOW));
        axis->high = backward(axis, fmin(to + pad * (to - from), PAD_HIGH));
        return;
    }
    low = tame(low);
    high = tame(high);
    double length = high - low, least = fmax(fmax(fabs(low), fabs(high)) * ROUNDING, LEAST_NORMAL);
    if (length < least) { /* all values alike: a range around them */
        double largest = fmax(fabs(low), fabs(high)),
               around = largest > 0.0 ? fmax(AROUND * largest, LEAST_NORMAL) : 1.0;
        low -= around;
        high += around;
        length = high - low;
    }
    axis->low = low - pad * length;
    axis->high = high + pad * length;
    if (scale == SCALE_LOG1P && axis->low <= -1.0)
        axis->low = 0.0;
    if (scale == SCALE_LOG1P && !(forward(axis, axis->high) - forward(axis, axis->low) >
                                  NEARLY)) /* 1 swallows so small a range */
        axis->high = 2.0 * axis->low + 1.0;
}

void orl_axis_symlog(struct axis *axis, double low, double high, double linear, double pad)
{
    orl_axis_range(axis, SCALE_LINEAR, low, high, 0.0);
    double largest = fmax(fabs(axis->low), fabs(axis->high));
    axis->scale = SCALE_SYMLOG;
    axis->linear = fmin(fmax(fabs(linear), fmax(SYMLOG_LEAST * largest, 1.0 / MOST_VALUE)),
                        largest); /* further down there is rounding alone */
    double from = forward(axis, axis->low), to = forward(axis, axis->high),
           more = pad * (to - from);
    axis->low = fmax(backward(axis, from - more), -MOST_VALUE);
    axis->high = fmin(backward(axis, to + more), MOST_VALUE);
}

double orl_axis_px(const struct axis *axis, double value)
{
    double a = forward(axis, axis->low), b = forward(axis, axis->high), v = forward(axis, value);
    if (isnan(v))
        return NAN;
    double px = axis->first + (v - a) / (b - a) * (axis->last - axis->first);
    return px > PX_MAX ? PX_MAX : px < -PX_MAX ? -PX_MAX : px;
}

double orl_axis_value(const struct axis *axis, double px)
{
    double a = forward(axis, axis->low), b = forward(axis, axis->high);
    return backward(axis, a + (px - axis->first) / (axis->last - axis->first) * (b - a));
}

static size_t add_tick(struct tick *ticks, size_t count, double value)
{
    if (count >= TICKS_MAX)
        return count;
    ticks[count].value = value;
    ticks[count].label[0] = '\0';
    return count + 1;
}

enum { DIGITS_MAX = 13 }; /* of ticks: an axis is never finer than that, see orl_axis_range */

static bool labels_differ(const struct tick *ticks, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (strcmp(ticks[i - 1].label, ticks[i].label) == 0)
            return false;
    return true;
}

/* Labels of evenly spaced ticks: all with the same number of decimals, or all as powers of ten,
 * with as many digits as tell them apart; a small range far from 0 is written out, where that is
 * shorter. */
static void label_linear(struct tick *ticks, size_t count, double step)
{
    double largest = 0.0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(ticks[i].value));
    int decimals = (int)ceil(-log10(step) - NEARLY);
    bool powers =
        largest >= POWERS_FROM || (largest < POWERS_BELOW && largest > 0.0) || decimals > 6;
    for (size_t i = 0; i < count; i++)
        if (powers)
            orl_people_short(ticks[i].label, ticks[i].value);
        else
            orl_people_fixed(ticks[i].label, ticks[i].value, decimals > 0 ? decimals : 0);
    int digits = 2;
    for (; digits <= DIGITS_MAX && !labels_differ(ticks, count); digits++)
        for (size_t i = 0; i < count; i++)
            orl_people_power(ticks[i].label, ticks[i].value, digits);
    if (digits > 5 && largest < GROUPED_MOST && decimals <= 6)
        for (size_t i = 0; i < count; i++)
            orl_people_plain(ticks[i].label, ticks[i].value, decimals > 0 ? decimals : 0);
}

static size_t linear_ticks(const struct axis *axis, size_t wanted, struct tick *ticks)
{
    double rough = (axis->high - axis->low) / (double)(wanted > 1 ? wanted : 1);
    double unit = pow(10.0, floor(log10(rough))), part = rough / unit;
    double step = unit * (part <= 1.0 ? 1 : part <= 2.0 ? 2 : part <= 5 ? 5 : 10);
    size_t count = 0;
    double first = ceil(axis->low / step - NEARLY);
    for (double k = first; k * step <= axis->high + NEARLY * step && count < TICKS_MAX; k += 1.0) {
        double value = k * step;
        count = add_tick(ticks, count, fabs(value) < NEARLY * step ? 0.0 : value);
        if (k + 1.0 == k)
            break;
    }
    label_linear(ticks, count, step);
    return count;
}

/* Powers of ten with every stride-th exponent from `first` on. */
static size_t decade_ticks(int first, int to, int stride, struct tick *ticks)
{
    size_t count = 0;
    for (int e = first; e <= to && count < TICKS_MAX; e += stride) {
        count = add_tick(ticks, count, pow(10.0, e));
        orl_people_decade(ticks[count - 1].label, e);
    }
    return count;
}

/* Less than two decades: 1, 2, 5, thinned to what is wanted. */
static size_t fine_log_ticks(const struct axis *axis, int from, int to, size_t wanted,
                             struct tick *ticks)
{
    size_t count = 0, kept = 0;
    for (int e = from - 1; e <= to + 1; e++)
        for (int m = 1; m <= 5; m += m == 1 ? 1 : 3) {
            double value = m * pow(10.0, e);
            if (value < axis->low || value > axis->high || count >= TICKS_MAX)
                continue;
            count = add_tick(ticks, count, value);
            orl_people_short(ticks[count - 1].label, value);
        }
    size_t stride = count > wanted ? (count + wanted - 1) / wanted : 1;
    for (size_t i = 0; i < count; i += stride)
        ticks[kept++] = ticks[i];
    return kept;
}

static size_t log_ticks(const struct axis *axis, size_t wanted, struct tick *ticks)
{
    static const int strides[] = {1, 2, 3, 5, 10, 20, 50, 100, 200};
    int from = (int)ceil(log10(axis->low) - NEARLY), to = (int)floor(log10(axis->high) + NEARLY);
    int decades = to - from + 1, stride = 1;
    wanted = wanted > 2 ? wanted : 2;
    if (decades < 2)
        return fine_log_ticks(axis, from, to, wanted, ticks);
    for (size_t i = 0; i < sizeof strides / sizeof *strides; i++) {
        stride = strides[i];
        if ((decades + stride - 1) / stride <= (int)wanted)
            break;
    }
    int first =
        from + ((-from % stride) + stride) % stride; /* whole multiples, where two of them fit */
    return decade_ticks(first + stride <= to ? first : from, to, stride, ticks);
}

static size_t log1p_ticks(const struct axis *axis, struct tick *ticks)
{
    size_t count = 0;
    if (axis->low <= 0.0)
        count = add_tick(ticks, count, 0.0);
    for (double value = 1.0; value <= axis->high * (1.0 + NEARLY) && count < TICKS_MAX - 1;
         value *= 10.0)
        if (value >= axis->low)
            count = add_tick(ticks, count, value);
    for (size_t i = 0; i < count; i++)
        if (ticks[i].value >= POWERS_FROM)
            orl_people_decade(ticks[i].label, (int)(log10(ticks[i].value) + 0.5));
        else
            orl_people_count(ticks[i].label, (int64_t)ticks[i].value);
    return count;
}

static void label_symlog(struct tick *tick)
{
    char *label = tick->label;
    if (tick->value == 0.0)
        orl_people_short(label, 0.0);
    else
        orl_people_decade(label, (int)lround(log10(fabs(tick->value))));
    if (tick->value < 0.0) {
        memmove(label + 3, label, strlen(label) + 1);
        memcpy(label, "\xe2\x88\x92", 3); /* U+2212 */
    }
}

/* 0, and on both sides of it the powers of ten from the exponent `from` down, `stride` apart, as
 * far as they are `gap` away from 0: on the scale asinh(v / linear). */
static size_t signed_decades(const struct axis *axis, double from, double stride, double gap,
                             struct tick *ticks)
{
    double sizes[TICKS_MAX];
    size_t count = 0, found = 0;
    for (double e = from; found < TICKS_MAX / 2 - 1; e -= stride) {
        if (asinh(pow(10.0, e) / axis->linear) < gap && found > 0)
            break;
        sizes[found++] = pow(10.0, e);
    }
    for (size_t i = 0; i < 2 * found + 1; i++) {
        double size = i == found ? 0.0 : sizes[i < found ? i : 2 * found - i],
               value = i < found ? -size : size;
        if (value >= axis->low && value <= axis->high)
            count = add_tick(ticks, count, value);
    }
    return count;
}

/* As many decades apart as leaves about `wanted` of them; from the largest power of ten on, or from
 * the next one where more of those lie on the axis. */
static size_t symlog_ticks(const struct axis *axis, size_t wanted, struct tick *ticks)
{
    double largest = fmax(fabs(axis->low), fabs(axis->high)),
           length = forward(axis, axis->high) - forward(axis, axis->low);
    double least = length / (double)(wanted > 1 ? wanted : 1),
           stride = fmax(1.0, ceil(least / log(10.0)));
    double from = floor(log10(largest) + NEARLY);
    struct tick next[TICKS_MAX];
    size_t count = signed_decades(axis, from, stride, NEAR_ZERO * least, ticks);
    for (double e = from - 1.0;
         e >= from - BELOW_DECADES && asinh(pow(10.0, e) / axis->linear) >= NEAR_ZERO * least;
         e -= 1.0) {
        size_t more = signed_decades(axis, e, stride, NEAR_ZERO * least, next);
        if (more > count)
            memcpy(ticks, next, sizeof next);
        count = more > count ? more : count;
    }
    for (size_t i = 0; i < count; i++)
        label_symlog(&ticks[i]);
    return count >= 2 ? count : linear_ticks(axis, wanted, ticks);
}

static size_t make_ticks(const struct axis *axis, size_t wanted, struct tick *ticks)
{
    switch (axis->scale) {
    case SCALE_LOG:
        return log_ticks(axis, wanted, ticks);
    case SCALE_LOG1P:
        return log1p_ticks(axis, ticks);
    case SCALE_SYMLOG:
        return symlog_ticks(axis, wanted, ticks);
    case SCALE_LINEAR:
        break;
    }
    return linear_ticks(axis, wanted, ticks);
}

size_t orl_axis_ticks(const struct axis *axis, size_t wanted, struct tick ticks[TICKS_MAX])
{
    size_t count = make_ticks(axis, wanted, ticks);
    for (size_t more = wanted + 1; count < 2 && more < 6; more++) /* one alone tells no scale */
        count = make_ticks(axis, more, ticks);
    return count;
}
