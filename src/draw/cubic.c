/* Polylines as cubic curves: from each corner as far as one piece stays near all points. */
#include <math.h>

#include "base/array.h"
#include "draw/cubic.h"

enum { FIT_MOST = 256 /* points that one piece may stand for */ };

/* The two Bernstein weights of the control points, and what the ends give. */
static void cubic_weights(double t, double *first, double *second, double *start, double *end)
{
    double s = 1.0 - t;
    *first = 3.0 * s * s * t;
    *second = 3.0 * s * t * t;
    *start = s * s * s;
    *end = t * t * t;
}

/* The control points whose curve is nearest to the inner points, in the sense of least squares. */
static bool cubic_solve(const double *points, size_t count, struct cubic *out)
{
    double aa = 0.0, ab = 0.0, bb = 0.0, right[2][2] = {{0.0}};
    const double *last = points + 2 * (count - 1);
    for (size_t i = 1; i + 1 < count; i++) {
        double a, b, start, end;
        cubic_weights((double)i / (double)(count - 1), &a, &b, &start, &end);
        aa += a * a;
        ab += a * b;
        bb += b * b;
        for (int axis = 0; axis < 2; axis++) {
            double rest = points[2 * i + (size_t)axis] - start * points[axis] - end * last[axis];
            right[0][axis] += a * rest;
            right[1][axis] += b * rest;
        }
    }
    double det = aa * bb - ab * ab;
    if (!(det > 1e-9 * aa * bb))
        return false;
    for (int axis = 0; axis < 2; axis++) {
        out->control[0][axis] = (right[0][axis] * bb - right[1][axis] * ab) / det;
        out->control[1][axis] = (right[1][axis] * aa - right[0][axis] * ab) / det;
        out->to[axis] = last[axis];
    }
    out->straight = false;
    return true;
}

static void cubic_at(const double *from, const struct cubic *c, double t, double at[2])
{
    double a, b, start, end;
    cubic_weights(t, &a, &b, &start, &end);
    for (int axis = 0; axis < 2; axis++)
        at[axis] = start * from[axis] + a * c->control[0][axis] + b * c->control[1][axis] +
                   end * c->to[axis];
}

/* How far `at` is from the line between two points. */
static double cubic_off_chord(const double *one, const double *other, const double at[2])
{
    double x = other[0] - one[0], y = other[1] - one[1], length = hypot(x, y);
    if (length == 0.0)
        return hypot(at[0] - one[0], at[1] - one[1]);
    return fabs(x * (at[1] - one[1]) - y * (at[0] - one[0])) / length;
}

/* Middles are looked at, too: a curve through four corners passes them and waves between them. */
static bool cubic_is_near(const double *points, size_t count, double slack, const struct cubic *c)
{
    double at[2], step = 1.0 / (double)(count - 1);
    for (size_t i = 1; i < count; i++) {
        const double *here = points + 2 * i;
        cubic_at(points, c, (double)i * step, at);
        if (!(hypot(at[0] - here[0], at[1] - here[1]) <= slack))
            return false;
        cubic_at(points, c, ((double)i - 0.5) * step, at);
        if (!(cubic_off_chord(here - 2, here, at) <= 2.0 * slack))
            return false;
    }
    return true;
}

static bool cubic_reaches(const double *points, size_t count, double slack, struct cubic *out)
{
    return count >= 4 && count <= FIT_MOST && cubic_solve(points, count, out) &&
           cubic_is_near(points, count, slack, out);
}

/* A straight piece may leave out points that lie along it, none of them behind its ends. */
static bool cubic_is_straight(const double *points, size_t count, double slack)
{
    const double *last = points + 2 * (count - 1);
    double x = last[0] - points[0], y = last[1] - points[1], length = hypot(x, y), reach = 0.0;
    for (size_t i = 1; i + 1 < count; i++) {
        const double *at = points + 2 * i;
        double along =
            length > 0.0 ? (x * (at[0] - points[0]) + y * (at[1] - points[1])) / length : 0.0;
        if (along < reach || along > length || cubic_off_chord(points, last, at) > slack)
            return false;
        reach = along;
    }
    return true;
}

/* How many points, the first one included, a straight piece reaches. */
static size_t straight_reach(const double *points, size_t count, double slack)
{
    size_t most = count < FIT_MOST ? count : FIT_MOST, reach = 2;
    while (reach < most && cubic_is_straight(points, reach + 1, slack))
        reach++;
    return reach;
}

/* The same for a curve; 0 where it reaches not even four. The reach is doubled as long as that
 * goes well, then halved in between. */
static size_t curve_reach(const double *points, size_t count, double slack, struct cubic *out)
{
    size_t good = 0, most = count < FIT_MOST ? count : FIT_MOST, bad = most + 1;
    struct cubic tried;
    for (size_t next = 4; next <= most; next = next < most && 2 * next > most ? most : 2 * next) {
        if (!cubic_reaches(points, next, slack, &tried)) {
            bad = next;
            break;
        }
        good = next;
        *out = tried;
    }
    while (good && bad - good > 1) {
        size_t next = good + (bad - good) / 2;
        if (cubic_reaches(points, next, slack, &tried)) {
            good = next;
            *out = tried;
        } else {
            bad = next;
        }
    }
    return good;
}

int orl_cubic_fit(const double *points, size_t count, double slack, struct cubic **pieces,
                  size_t *piece_count, size_t *capacity, struct orl_error *err)
{
    for (size_t i = 0; i + 1 < count;) {
        struct cubic piece;
        const double *from = points + 2 * i;
        size_t straight = straight_reach(from, count - i, slack),
               curved = curve_reach(from, count - i, slack, &piece);
        if (curved < straight + 2) { /* a curve costs three points */
            piece = (struct cubic){.straight = true,
                                   .to = {from[2 * (straight - 1)], from[2 * straight - 1]}};
            curved = straight;
        }
        if (!orl_reserve((void **)pieces, capacity, *piece_count + 1, sizeof **pieces))
            return orl_fail_memory(err);
        (*pieces)[(*piece_count)++] = piece;
        i += curved - 1;
    }
    return ORL_OK;
}
