/* Losses and their gradients: against the tree evaluator, bit by bit, and against differences of
 * it. */
#include "orl_test.h"

#include <sched.h>

#include "optreel/model.h"

static struct orl_problem *make(const char *model, const char *const *parameters, size_t count,
                                const char *loss, size_t points, double noise)
{
    struct orl_formula *f = NULL;
    struct orl_formula_error refused = {0};
    struct orl_error err = {0};
    struct orl_dataset *data = NULL;
    struct orl_problem *problem = NULL;
    double truth[8] = {0.7, 1.3, 0.4, 2.1, 0.9, 1.1, 0.6, 1.7}, start[8] = {0};
    struct orl_column_spec column = {.name = "x", .from = 0.1, .to = 2.0, .count = points};
    struct orl_noise_spec sd = {.sd = noise};
    assert_int_equal(orl_formula_parse(model, strlen(model), &orl_limits_default, &f, &refused),
                     ORL_OK);
    if (points && orl_dataset_generate(f, parameters, truth, count, &column, 1, &sd, 5, &data,
                                       &err) != ORL_OK)
        fail_msg("%s: %s", model, err.text);
    struct orl_problem_spec spec = {.model = model,
                                    .parameters = parameters,
                                    .start = start,
                                    .parameter_count = count,
                                    .data = points ? &data : NULL,
                                    .loss = orl_loss_find(loss)};
    if (orl_problem_create(&spec, &orl_limits_default, &problem, &err) != ORL_OK)
        fail_msg("%s: %s", model, err.text);
    orl_formula_destroy(&f);
    return problem;
}

/* Points (1, 1) and (2, 3) with standard deviations 0.5 and 2. */
static struct orl_problem *make_weighted(const char *model, const char *const *parameters,
                                         size_t count, const char *loss)
{
    static const double x[2] = {1.0, 2.0}, y[2] = {1.0, 3.0}, sigma[2] = {0.5, 2.0};
    static const char *const none[] = {"x"};
    struct orl_formula *f = NULL;
    struct orl_formula_error refused = {0};
    struct orl_error err = {0};
    struct orl_dataset *data = NULL;
    struct orl_problem *problem = NULL;
    double start[8] = {0};
    struct orl_column_spec column = {.name = none[0], .list = x, .count = 2};
    struct orl_noise_spec sd = {0};
    assert_int_equal(orl_formula_parse("x", 1, &orl_limits_default, &f, &refused), ORL_OK);
    assert_int_equal(orl_dataset_generate(f, NULL, NULL, 0, &column, 1, &sd, 1, &data, &err),
                     ORL_OK);
    orl_formula_destroy(&f);
    data->sigma = aligned_alloc(64, 64);
    assert_non_null(data->sigma);
    memcpy(data->response, y, sizeof y);
    memcpy(data->sigma, sigma, sizeof sigma);
    struct orl_problem_spec spec = {.model = model,
                                    .parameters = parameters,
                                    .start = start,
                                    .parameter_count = count,
                                    .data = &data,
                                    .loss = orl_loss_find(loss)};
    if (orl_problem_create(&spec, &orl_limits_default, &problem, &err) != ORL_OK)
        fail_msg("%s: %s", model, err.text);
    return problem;
}

static double loss_at(const struct orl_problem *p, struct orl_workspace *w, const double *x)
{
    double loss;
    orl_problem_evaluate(p, w, x, NULL, 0, &loss, NULL);
    return loss;
}

/* Every function, every loss: the gradient is what fourth-order differences say. */
static void gradients(void **state)
{
    static const char *const names[] = {"a", "b", "c"};
    static const char *const models[] = {
        "a + b*x + c*x^2",
        "a*exp(-b*x) + c",
        "a/(b + x^2) - c/x",
        "(a + x)^b + c",
        "x^a*b^x + c",
        "a*sin(b*x) + cos(c*x)",
        "tan(a*x/4)+b+c",
        "asin(x/(4*b))*a + acos(c/4)",
        "atan(a*x)*b+c",
        "sinh(a*x)+cosh(b*x)+tanh(c*x)",
        "log(a+x)+log10(b+x)+log2(c+x)",
        "log1p(a*x)+expm1(b*x)*c",
        "sqrt(a+x)*b + cbrt(c+x)",
        "abs(a-x)+b*x+c",
        "min(a*x, b)+max(c*x, b)",
        "atan2(a*x, b)+hypot(c, x)",
        "erf(a*x)*b+c",
        "relu(a*x-b)+sigmoid(c*x)*b",
        "softplus(a*x)+floor(b)+sign(c)*a+heaviside(x)*c",
        "a",
        "-a^3/b^-2+c^4",
        "pow(a, b)*x + c^0",
        "a*a*x - (a*x)*(a*x) + b/b + c",
    };
    static const char *const losses[] = {"mse", "sse", "huber", "log-cosh"};
    (void)state;
    for (size_t m = 0; m < sizeof models / sizeof *models; m++)
        for (size_t l = 0; l < sizeof losses / sizeof *losses; l++) {
            struct orl_problem *p = make(models[m], names, 3, losses[l], 300, 0.3);
            struct orl_workspace *w = NULL;
            double x[3] = {0.91, 1.12, 0.63}, gradient[3], loss;
            assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
            orl_problem_evaluate(p, w, x, NULL, 0, &loss, gradient);
            assert_true(loss == loss_at(p, w, x));
            for (size_t j = 0; j < 3; j++) {
                double h = 1e-4, keep = x[j], f[4];
                static const double at[] = {-2, -1, 1, 2};
                for (size_t k = 0; k < 4; k++) {
                    x[j] = keep + at[k] * h;
                    f[k] = loss_at(p, w, x);
                }
                x[j] = keep;
                double slope = (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h);
                if (!(fabs(slope - gradient[j]) <= 2e-6 * (1 + fabs(slope) + fabs(loss))) &&
                    m != 13 && m != 14 && m != 17)
                    fail_msg("%s, %s: d/d%s is %.12g, differences say %.12g", models[m], losses[l],
                             names[j], gradient[j], slope);
                if (m == 13 || m == 14 || m == 17) /* kinks between the points: roughly */
                    assert_true(fabs(slope - gradient[j]) <=
                                0.05 * (1 + fabs(slope)) * (l == 1 ? 300 : 1));
            }
            orl_workspace_destroy(&w);
            orl_problem_destroy(&p);
        }
}

/* The Hessian is what fourth-order differences of the exact gradient say. */
static void second_derivatives(void **state)
{
    static const char *const names[] = {"a", "b", "c"};
    static const char *const models[] = {
        "a + b*x + c*x^2",
        "a*exp(-b*x) + c",
        "a/(b + x^2) - c/x",
        "(a + x)^b + c",
        "x^a*b^x + c",
        "a*sin(b*x) + cos(c*x)",
        "tan(a*x/4)*b+c",
        "asin(x*a/(4*b)) + acos(c*b/4)",
        "atan(a*x)*b+c",
        "sinh(a*x)+cosh(b*x)+tanh(c*x*a)",
        "log(a+x*b)+log10(b+x)+log2(c*a+x)",
        "log1p(a*x)+expm1(b*x)*c",
        "sqrt(a*b+x)*b + cbrt(c+x*a)",
        "atan2(a*x, b*c)+hypot(c*a, x+b)",
        "erf(a*x*b)*c",
        "relu(a*x*b+1)+sigmoid(c*x*b)*b",
        "softplus(a*x*c)+sign(c)*a*b",
        "-a^3/b^-2+c^4*a",
        "pow(a, b*c)*x",
        "max(a*b*x, -1)+min(c*a, 9)+abs(a*b)*c",
    };
    static const char *const losses[] = {"mse", "sse", "huber", "log-cosh"};
    (void)state;
    for (size_t m = 0; m < sizeof models / sizeof *models; m++)
        for (size_t l = 0; l < sizeof losses / sizeof *losses; l++) {
            struct orl_problem *p = make(models[m], names, 3, losses[l], 300, 0.02);
            struct orl_workspace *w = NULL;
            struct orl_hessian *h = NULL;
            double x[3] = {0.71, 1.32, 0.43}, matrix[9], g[4][3], loss;
            static const double at[] = {-2, -1, 1, 2};
            assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
            assert_int_equal(orl_hessian_create(p, &h, NULL), ORL_OK);
            orl_hessian_evaluate(p, w, h, x, matrix);
            for (size_t j = 0; j < 3; j++) {
                double step = 1e-4, keep = x[j];
                for (size_t k = 0; k < 4; k++) {
                    x[j] = keep + at[k] * step;
                    orl_problem_evaluate(p, w, x, NULL, 0, &loss, g[k]);
                }
                x[j] = keep;
                for (size_t k = 0; k < 3; k++) {
                    double slope = (g[0][k] - 8 * g[1][k] + 8 * g[2][k] - g[3][k]) / (12 * step);
                    double bound = 1e-6 * (1 + fabs(slope) + (l == 1 ? 300 : 1)) +
                                   (l == 2 ? 0.05 * (1 + fabs(slope)) : 0); /* Huber's has jumps */
                    if (!(fabs(slope - matrix[3 * j + k]) <= bound))
                        fail_msg("%s, %s: d2/d%s d%s is %.12g, differences say %.12g", models[m],
                                 losses[l], names[j], names[k], matrix[3 * j + k], slope);
                }
            }
            orl_hessian_destroy(&h);
            orl_workspace_destroy(&w);
            orl_problem_destroy(&p);
        }
}

/* Blocks and the tree walk give the same digits. */
static void same_digits(void **state)
{
    static const char *const names[] = {"a", "b", "c"};
    static const char *const models[] = {"a + b*x + c*x^2", "a*exp(-b*x) + c",
                                         "(a+x)^7 - x^-3 + b^c + 2^5",
                                         "hypot(a, x)*sigmoid(b)/(c - 0.1)"};
    (void)state;
    for (size_t m = 0; m < sizeof models / sizeof *models; m++) {
        struct orl_problem *p = make(models[m], names, 3, "mse", 777, 0.0);
        struct orl_workspace *w = NULL;
        const struct orl_dataset *d = orl_problem_data(p);
        const struct orl_formula *f = orl_problem_formula(p);
        const double *columns[] = {d->values[0]}, x[3] = {0.3, 1.7, 0.2};
        double *out = calloc(d->rows, sizeof *out);
        assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
        orl_problem_predict(p, w, x, columns, d->rows, out);
        for (size_t i = 0; i < d->rows; i++) {
            double values[8] = {0};
            for (size_t k = 0; k < orl_formula_name_count(f); k++) {
                const char *name = orl_formula_name(f, k);
                values[k] = *name == 'x' ? d->values[0][i] : x[*name - 'a'];
            }
            double tree = orl_formula_evaluate(f, values);
            assert_memory_equal(&tree, &out[i], sizeof tree);
        }
        free(out);
        orl_workspace_destroy(&w);
        orl_problem_destroy(&p);
    }
}

static void residuals(void **state)
{
    static const char *const names[] = {"a", "b", "c"};
    (void)state;
    struct orl_problem *p = make("a*exp(-b*x) + c", names, 3, "mse", 600, 0.1);
    struct orl_workspace *w = NULL;
    const struct orl_dataset *d = orl_problem_data(p);
    double x[3] = {2.0, 0.5, -1.0}, *r = calloc(600, sizeof *r),
           *jacobian = calloc(1800, sizeof *jacobian), loss, gradient[3], sum[3] = {0}, square = 0;
    assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
    orl_problem_residuals(p, w, x, 0, 301, r, jacobian);
    orl_problem_residuals(p, w, x, 301, 299, r + 301, jacobian + 903);
    orl_problem_evaluate(p, w, x, NULL, 0, &loss, gradient);
    for (size_t i = 0; i < 600; i++) {
        double e = exp(-0.5 * d->values[0][i]);
        CHECK_NEAR(jacobian[3 * i], e, 1e-14);
        CHECK_NEAR(jacobian[3 * i + 1], -2.0 * d->values[0][i] * e, 1e-14);
        CHECK_NEAR(jacobian[3 * i + 2], 1.0, 0);
        square += r[i] * r[i] / 600;
        for (size_t j = 0; j < 3; j++)
            sum[j] += 2.0 * r[i] * jacobian[3 * i + j] / 600;
    }
    CHECK_NEAR(loss, square, 1e-13);
    for (size_t j = 0; j < 3; j++)
        CHECK_NEAR(gradient[j], sum[j], 1e-13);
    free(r);
    free(jacobian);
    orl_workspace_destroy(&w);
    orl_problem_destroy(&p);
}

/* A mini-batch is the problem of its points alone. */
static void batches(void **state)
{
    static const char *const names[] = {"a", "b"};
    (void)state;
    struct orl_problem *p = make("a + b*x", names, 2, "mse", 500, 0.2);
    struct orl_workspace *w = NULL;
    const struct orl_dataset *d = orl_problem_data(p);
    uint32_t rows[] = {3, 499, 17, 100};
    double x[2] = {0.2, -0.4}, loss, gradient[2], by_hand = 0, slope[2] = {0};
    assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
    orl_problem_evaluate(p, w, x, rows, 4, &loss, gradient);
    for (size_t i = 0; i < 4; i++) {
        double at = d->values[0][rows[i]], r = x[0] + x[1] * at - d->response[rows[i]];
        by_hand += r * r / 4;
        slope[0] += 2 * r / 4;
        slope[1] += 2 * r * at / 4;
    }
    CHECK_NEAR(loss, by_hand, 1e-15);
    CHECK_NEAR(gradient[0], slope[0], 1e-15);
    CHECK_NEAR(gradient[1], slope[1], 1e-15);
    orl_workspace_destroy(&w);
    orl_problem_destroy(&p);
}

/* Many points go to several threads: the digits are those of one. */
static void many_points(void **state)
{
    static const char *const names[] = {"a", "b", "c"};
    cpu_set_t all, one;
    double x[3] = {2.0, 0.5, -1.0}, loss[2], gradient[2][3], slope[3] = {0}, square = 0;
    (void)state;
    struct orl_problem *p = make("a*exp(-b*x) + c", names, 3, "mse", 300001, 0.1);
    const struct orl_dataset *d = orl_problem_data(p);
    assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
    CPU_ZERO(&one);
    for (size_t cpu = 0; CPU_COUNT(&one) == 0; cpu++)
        if (CPU_ISSET(cpu, &all))
            CPU_SET(cpu, &one);
    for (int k = 0; k < 2; k++) {
        struct orl_workspace *w = NULL;
        assert_int_equal(sched_setaffinity(0, sizeof all, k ? &one : &all), 0);
        assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
        for (int again = 0; again < 3; again++)
            orl_problem_evaluate(p, w, x, NULL, 0, &loss[k], gradient[k]);
        orl_workspace_destroy(&w);
    }
    assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
    assert_memory_equal(&loss[0], &loss[1], sizeof loss[0]);
    assert_memory_equal(gradient[0], gradient[1], sizeof gradient[0]);
    for (size_t i = 0; i < d->rows; i++) {
        double at = d->values[0][i], e = exp(-0.5 * at), r = 2.0 * e - 1.0 - d->response[i];
        square += r * r / (double)d->rows;
        slope[0] += 2 * r * e / (double)d->rows;
        slope[1] += 2 * r * -2.0 * at * e / (double)d->rows;
        slope[2] += 2 * r / (double)d->rows;
    }
    CHECK_NEAR(loss[0], square, 1e-11);
    for (size_t j = 0; j < 3; j++)
        CHECK_NEAR(gradient[0][j], slope[j], 1e-11);
    orl_problem_destroy(&p);
}

static void objectives(void **state)
{
    static const char *const names[] = {"x", "y"};
    (void)state;
    struct orl_problem *p = make("(1-x)^2 + 100*(y-x^2)^2", names, 2, "mse", 0, 0);
    struct orl_workspace *w = NULL;
    double at[2] = {-1.2, 1}, loss, gradient[2];
    assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
    orl_problem_evaluate(p, w, at, NULL, 0, &loss, gradient);
    CHECK_NEAR(loss, 24.2, 1e-15);
    CHECK_NEAR(gradient[0], -215.6, 1e-14);
    CHECK_NEAR(gradient[1], -88.0, 1e-14);
    assert_null(orl_problem_data(p));
    orl_workspace_destroy(&w);
    orl_problem_destroy(&p);
}

/* Two points with standard deviations of their own, and what follows from them by hand: the
 * residuals are 2/0.5 = 4 and 2/2 = 1. */
static void weights(void **state)
{
    static const char *const names[] = {"a", "b"};
    static const struct {
        const char *loss;
        double value, gradient[2], hessian[3]; /* aa, ab, bb */
    } cases[] = {
        {"sse", 17.0, {18.0, 17.0}, {10.0, 9.0, 8.5}},
        {"mse", 8.5, {9.0, 8.5}, {5.0, 4.5, 4.25}},
        {"mae", 2.5, {1.5, 1.25}, {0.0, 0.0, 0.0}},
        {"huber", 2.0, {1.5, 1.25}, {0.5, 0.25, 0.125}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct orl_problem *p = make_weighted("a*x + b", names, 2, cases[i].loss);
        struct orl_workspace *w = NULL;
        struct orl_hessian *h = NULL;
        double at[2] = {2.0, 1.0}, loss, gradient[2], matrix[4];
        uint32_t second = 1;
        assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
        assert_int_equal(orl_hessian_create(p, &h, NULL), ORL_OK);
        orl_problem_evaluate(p, w, at, NULL, 0, &loss, gradient);
        orl_hessian_evaluate(p, w, h, at, matrix);
        CHECK_NEAR(loss, cases[i].value, 1e-15);
        CHECK_NEAR(gradient[0], cases[i].gradient[0], 1e-15);
        CHECK_NEAR(gradient[1], cases[i].gradient[1], 1e-15);
        CHECK_NEAR(matrix[0], cases[i].hessian[0], 1e-15);
        CHECK_NEAR(matrix[1], cases[i].hessian[1], 1e-15);
        CHECK_NEAR(matrix[2], cases[i].hessian[1], 1e-15);
        CHECK_NEAR(matrix[3], cases[i].hessian[2], 1e-15);
        orl_problem_evaluate(p, w, at, &second, 1, &loss, gradient);
        if (strcmp(cases[i].loss, "sse") == 0) { /* the mini-batch of the second point alone */
            CHECK_NEAR(loss, 1.0, 1e-15);
            CHECK_NEAR(gradient[0], 2.0, 1e-15);
            CHECK_NEAR(gradient[1], 1.0, 1e-15);
        }
        orl_hessian_destroy(&h);
        orl_workspace_destroy(&w);
        orl_problem_destroy(&p);
    }
}

/* Residuals and Jacobian are divided by sigma, too. */
static void weighted_residuals(void **state)
{
    static const char *const names[] = {"a", "b"};
    (void)state;
    struct orl_problem *p = make_weighted("a*x + b", names, 2, "mse");
    struct orl_workspace *w = NULL;
    double at[2] = {2.0, 1.0}, r[2], j[4];
    static const double expected[4] = {2.0, 2.0, 1.0, 0.5};
    assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
    orl_problem_residuals(p, w, at, 0, 2, r, j);
    CHECK_NEAR(r[0], 4.0, 1e-15);
    CHECK_NEAR(r[1], 1.0, 1e-15);
    for (size_t i = 0; i < 4; i++)
        CHECK_NEAR(j[i], expected[i], 1e-15);
    orl_workspace_destroy(&w);
    orl_problem_destroy(&p);
}

/* Of several minima the nearest counts, and the deepest is the least; one that is not finite is
 * none. */
static void several_minima(void **state)
{
    static const char *const names[] = {"x", "y"};
    static const double start[2] = {0.0, 0.0}, minima[] = {3.0, 2.0, -1.0, 0.5, 0.0, -4.0};
    struct orl_problem_spec spec = {.model = "(x+1)^2 + sqrt(y)",
                                    .parameters = names,
                                    .start = start,
                                    .truth = minima,
                                    .truth_count = 3,
                                    .parameter_count = 2};
    struct orl_problem *p = NULL;
    struct orl_workspace *w = NULL;
    size_t count;
    double distance;
    (void)state;
    assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &p, NULL), ORL_OK);
    const double *known = orl_problem_truths(p, &count);
    assert_int_equal(count, 3);
    assert_memory_equal(known, minima, sizeof minima);
    assert_ptr_equal(known, orl_problem_truth(p));
    const double near_second[2] = {-1.0, 1.5}, near_last[2] = {3.0, -4.0}, lost[2] = {NAN, 0.0};
    assert_ptr_equal(orl_nearest_point(known, count, near_second, 2, &distance), known + 2);
    CHECK_NEAR(distance, 1.0, 1e-15);
    assert_ptr_equal(orl_nearest_point(known, count, near_last, 2, &distance), known + 4);
    CHECK_NEAR(distance, 3.0, 1e-15);
    assert_ptr_equal(orl_nearest_point(known, count, lost, 2, &distance), known);
    assert_true(isnan(distance));
    assert_null(orl_nearest_point(NULL, 0, lost, 2, &distance));
    assert_true(isnan(distance));
    assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
    CHECK_NEAR(orl_problem_least(p, w), sqrt(0.5), 1e-15); /* at the second; 17.4, and NaN */
    orl_workspace_destroy(&w);
    orl_problem_destroy(&p);
}

/* Each minimum of a surface is one: no slope, and all of a surface are as deep. */
static void surfaces_are_least_there(void **state)
{
    (void)state;
    for (const struct orl_surface_desc *s = orl_surfaces; s->name; s++) {
        static const char *const names[] = {"x", "y"};
        struct orl_problem_spec spec = {
            .model = s->formula, .parameters = names, .start = s->start, .parameter_count = 2};
        struct orl_problem *p = NULL;
        struct orl_workspace *w = NULL;
        double deepest = NAN;
        assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &p, NULL), ORL_OK);
        assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
        for (size_t k = 0; !isnan(s->minimum[0]) && k <= s->other_count; k++) {
            const double *at = k ? s->others[k - 1] : s->minimum;
            double loss, gradient[2];
            orl_problem_evaluate(p, w, at, NULL, 0, &loss, gradient);
            deepest = k ? deepest : loss;
            if (!(fabs(loss - deepest) < 1e-12) ||
                !(hypot(gradient[0], gradient[1]) < 1e-6 || strcmp(s->name, "ackley") == 0))
                fail_msg("%s, minimum %zu: %g, slope %g, %g", s->name, k, loss, gradient[0],
                         gradient[1]);
        }
        orl_workspace_destroy(&w);
        orl_problem_destroy(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients),
        cmocka_unit_test(second_derivatives),
        cmocka_unit_test(same_digits),
        cmocka_unit_test(residuals),
        cmocka_unit_test(batches),
        cmocka_unit_test(many_points),
        cmocka_unit_test(objectives),
        cmocka_unit_test(weights),
        cmocka_unit_test(weighted_residuals),
        cmocka_unit_test(several_minima),
        cmocka_unit_test(surfaces_are_least_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
