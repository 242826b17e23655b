/* Polylines as cubic curves. */
#include <math.h>

#include "orl_test.h"

#include "draw/cubic.h"

enum { POINTS = 65 };

struct fit {
    struct cubic *pieces;
    size_t count, capacity;
};

static struct fit fit_points(const double *at, size_t count, double slack)
{
    struct fit fit = {0};
    assert_int_equal(orl_cubic_fit(at, count, slack, &fit.pieces, &fit.count, &fit.capacity, NULL),
                     ORL_OK);
    return fit;
}

/* A polynomial up to the third degree is one piece, with the control points of its Bernstein form:
 * of y = x^3 on [0, 1] they are 0 and 0, of y = x^2 they are 0 and 1/3. */
static void polynomials(void **state)
{
    static const double controls[][2] = {{0.0, 100.0 / 3.0}, {0.0, 0.0}};
    (void)state;
    for (int degree = 2; degree <= 3; degree++) {
        double at[2 * POINTS];
        for (size_t i = 0; i < POINTS; i++) {
            double x = (double)i / (POINTS - 1);
            at[2 * i] = 100.0 * x;
            at[2 * i + 1] = 100.0 * pow(x, degree);
        }
        struct fit fit = fit_points(at, POINTS, 0.1);
        assert_int_equal(fit.count, 1);
        assert_false(fit.pieces[0].straight);
        CHECK_NEAR(fit.pieces[0].control[0][0], 100.0 / 3.0, 1e-9);
        CHECK_NEAR(fit.pieces[0].control[1][0], 200.0 / 3.0, 1e-9);
        CHECK_NEAR(fit.pieces[0].control[0][1], controls[degree - 2][0], 1e-9);
        CHECK_NEAR(fit.pieces[0].control[1][1], controls[degree - 2][1], 1e-9);
        CHECK_NEAR(fit.pieces[0].to[1], 100.0, 0.0);
        free(fit.pieces);
    }
}

/* A zigzag keeps its corners: a curve through four of them would wave between. */
static void zigzag(void **state)
{
    double at[2 * 20];
    (void)state;
    for (size_t i = 0; i < 20; i++) {
        at[2 * i] = 3.0 * (double)i;
        at[2 * i + 1] = i % 2 ? 10.0 : 0.0;
    }
    struct fit fit = fit_points(at, 20, 0.1);
    assert_int_equal(fit.count, 19);
    for (size_t i = 0; i < fit.count; i++) {
        assert_true(fit.pieces[i].straight);
        CHECK_NEAR(fit.pieces[i].to[0], at[2 * i + 2], 0.0);
        CHECK_NEAR(fit.pieces[i].to[1], at[2 * i + 3], 0.0);
    }
    free(fit.pieces);
}

/* Points along a line are left out, a turn back along it is not. */
static void straight(void **state)
{
    static const double at[] = {0, 0, 10, 0.02, 30, 0, 60, -0.03, 90, 0, 40, 0};
    (void)state;
    struct fit fit = fit_points(at, 6, 0.1);
    assert_int_equal(fit.count, 2);
    CHECK_NEAR(fit.pieces[0].to[0], 90.0, 0.0);
    CHECK_NEAR(fit.pieces[1].to[0], 40.0, 0.0);
    free(fit.pieces);
    fit = fit_points(at, 1, 0.1);
    assert_int_equal(fit.count, 0);
    free(fit.pieces);
}

/* Three waves: few pieces, none farther from a point than the slack. */
static void waves(void **state)
{
    double at[2 * 301];
    (void)state;
    for (size_t i = 0; i < 301; i++) {
        at[2 * i] = 2.0 * (double)i;
        at[2 * i + 1] = 80.0 * sin((double)i * 6.28318530717958648 / 100.0);
    }
    struct fit fit = fit_points(at, 301, 0.1);
    assert_in_range(fit.count, 6, 24);
    size_t piece = 0;
    const double *from = at;
    for (size_t i = 1; i < 301; i++) {
        double best = INFINITY;
        if (at[2 * i] > fit.pieces[piece].to[0] + 1e-9)
            from = fit.pieces[piece++].to;
        const struct cubic *c = &fit.pieces[piece];
        assert_false(c->straight);
        for (int step = 0; step <= 2000; step++) {
            double t = step / 2000.0, s = 1.0 - t, p[2];
            for (int axis = 0; axis < 2; axis++)
                p[axis] = s * s * s * from[axis] + 3.0 * s * s * t * c->control[0][axis] +
                          3.0 * s * t * t * c->control[1][axis] + t * t * t * c->to[axis];
            best = fmin(best, hypot(p[0] - at[2 * i], p[1] - at[2 * i + 1]));
        }
        assert_true(best <= 0.11);
    }
    assert_int_equal(piece, fit.count - 1);
    free(fit.pieces);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(polynomials), cmocka_unit_test(zigzag),
                                       cmocka_unit_test(straight), cmocka_unit_test(waves)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
