/* Every entry of the table: its settings make sense, it makes progress, it stops at what is not
 * finite. */
#include "orl_test.h"

#include "optreel/model.h"
#include "optreel/optimizer.h"
#include "support/settings.h"

static void bowl(void *context, const double *x, double *loss, double *gradient)
{
    (void)context;
    *loss = 0.5 * (x[0] * x[0] + 10 * x[1] * x[1]);
    if (gradient) {
        gradient[0] = x[0];
        gradient[1] = 10 * x[1];
    }
}

/* Residuals whose squares add up to twice the bowl. */
static void bowl_residuals(void *context, const double *x, size_t first, size_t count,
                           double *residuals, double *jacobian)
{
    (void)context;
    assert_true(first == 0 && count == 2);
    residuals[0] = x[0];
    residuals[1] = sqrt(10) * x[1];
    if (jacobian)
        memcpy(jacobian, (const double[]){1, 0, 0, sqrt(10)}, 4 * sizeof *jacobian);
}

static int bowl_hessian(void *context, const double *x, double *matrix)
{
    (void)context, (void)x;
    memcpy(matrix, (const double[]){1, 0, 0, 10}, 4 * sizeof *matrix);
    return ORL_OK;
}

static char shape_name[] = "W";
static size_t shape_parameters[] = {0, 1};
static const struct orl_shape row = {shape_name, 1, 2, shape_parameters};

/* Rules whose rate is a factor of a length that they find: the usual one is meant for them. */
static bool finds_its_rate(const char *name)
{
    static const char *const names[] = {"adadelta", "lbfgs", "dog", "prodigy", "polyak"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static struct orl_optimizer *make(const struct orl_optimizer_desc *desc, double rate, double clip)
{
    static const struct orl_oracle oracle = {.dimension = 2,
                                             .shape_count = 1,
                                             .shapes = &row,
                                             .evaluate = bowl,
                                             .residual_count = 2,
                                             .residuals = bowl_residuals,
                                             .hessian = bowl_hessian};
    struct orl_value values[16] = {0},
                     common[ORL_COMMON_COUNT] = {[ORL_COMMON_CLIP] = {.number = clip}};
    struct orl_optimizer *optimizer = NULL;
    struct orl_error err = {0};
    for (size_t i = 0; i < orl_setting_count(desc->settings); i++)
        values[i].number = desc->settings[i].initial;
    int index = orl_setting_find(desc->settings, "learning_rate");
    if (index >= 0 && rate > 0)
        values[index].number = rate;
    if (orl_optimizer_create(desc, values, common, 2, 1000, &oracle, &optimizer, &err) != ORL_OK)
        fail_msg("%s: %s", desc->name, err.text);
    return optimizer;
}

static void entries(void **state)
{
    (void)state;
    for (size_t i = 0; orl_optimizers[i]; i++) {
        const struct orl_optimizer_desc *d = orl_optimizers[i];
        assert_true(d->title && d->description && d->source && d->rule && d->update);
        assert_ptr_equal(orl_optimizer_find(d->name), d);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(orl_optimizers[k]->name, d->name);
        assert_true(orl_setting_count(d->settings) <= 16);
        check_settings(d->settings);
    }
    check_settings(orl_optimizer_common);
    assert_null(orl_optimizer_find("adma"));
}

static void progress(void **state)
{
    (void)state;
    for (size_t i = 0; orl_optimizers[i]; i++) {
        const char *name = orl_optimizers[i]->name;
        struct orl_optimizer *optimizer =
            make(orl_optimizers[i], finds_its_rate(name) ? 0 : 0.02, 0);
        double x[2] = {3, -2}, at[2], g[2], loss, start;
        bowl(NULL, x, &start, NULL);
        for (int step = 0; step < 1000; step++) {
            orl_optimizer_probe(optimizer, x, at);
            bowl(NULL, at, &loss, g);
            assert_int_equal(orl_optimizer_step(optimizer, x, g, NULL), ORL_OK);
        }
        bowl(NULL, x, &loss, NULL);
        if (!(loss < 0.9 * start))
            fail_msg("%s: from %g to %g", orl_optimizers[i]->name, start, loss);
        orl_optimizer_destroy(&optimizer);
    }
}

/* What uses curvature is at the bottom of a parabola in one step; what searches along lines is
 * there soon. */
static void curvature(void **state)
{
    static const struct {
        const char *name;
        int steps;
        double loss;
    } cases[] = {
        {"newton", 1, 1e-28},
        {"gauss-newton", 1, 1e-28},
        {"levenberg-marquardt", 12, 1e-20},
        {"conjugate-gradient", 12, 1e-10},
        {"gradient-descent", 200, 1e-10},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct orl_optimizer *optimizer = make(orl_optimizer_find(cases[i].name), 0, 0);
        double x[2] = {3, -2}, g[2], loss;
        for (int step = 0; step < cases[i].steps; step++) {
            bowl(NULL, x, &loss, g);
            assert_int_equal(orl_optimizer_step(optimizer, x, g, NULL), ORL_OK);
        }
        bowl(NULL, x, &loss, NULL);
        if (!(loss < cases[i].loss))
            fail_msg("%s: %g after %d steps", cases[i].name, loss, cases[i].steps);
        orl_optimizer_destroy(&optimizer);
    }
}

static void divergence(void **state)
{
    (void)state;
    for (size_t i = 0; orl_optimizers[i]; i++) {
        struct orl_optimizer *optimizer = make(orl_optimizers[i], 0, 0);
        struct orl_error err = {0};
        double x[2] = {3, -2}, bad[2] = {NAN, 1};
        assert_int_equal(orl_optimizer_step(optimizer, x, bad, &err), ORL_EDIVERGED);
        assert_true(x[0] == 3 && x[1] == -2);
        orl_optimizer_destroy(&optimizer);
    }
}

static void clipping(void **state)
{
    struct orl_optimizer *optimizer = make(orl_optimizer_find("sgd"), 1.0, 0.5);
    double x[2] = {0, 0}, g[2] = {30, 40};
    (void)state;
    assert_int_equal(orl_optimizer_step(optimizer, x, g, NULL), ORL_OK);
    CHECK_NEAR(x[0], -0.3, 1e-15);
    CHECK_NEAR(x[1], -0.4, 1e-15);
    orl_optimizer_destroy(&optimizer);
}

/* Settings that others ask for by what they are have that role, and no others have. */
static void roles(void **state)
{
    static const struct {
        const char *name;
        enum orl_setting_role role;
    } roles[] = {{"learning_rate", ORL_ROLE_RATE},
                 {"weight_decay", ORL_ROLE_DECAY},
                 {"momentum", ORL_ROLE_MOMENTUM}};
    (void)state;
    for (size_t i = 0; orl_optimizers[i]; i++)
        for (size_t k = 0; k < sizeof roles / sizeof *roles; k++)
            assert_int_equal(orl_setting_find(orl_optimizers[i]->settings, roles[k].name),
                             orl_setting_of(orl_optimizers[i]->settings, roles[k].role));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roles),     cmocka_unit_test(entries),    cmocka_unit_test(progress),
        cmocka_unit_test(curvature), cmocka_unit_test(divergence), cmocka_unit_test(clipping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
