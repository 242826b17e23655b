/* Single numbers of rules, worked out by hand: what a step must give at edges that formulas alone
 * leave open (decay, schedules, first steps), and what the modifiers make of it. */
#include "orl_test.h"

#include "optreel/optimizer.h"
#include "support/settings.h"

enum { SETTINGS_MAX = 24 };

/* A rule at work on 0.5 x^2 (or on x alone: slope 1), in `count` parameters that begin at 1. */
struct walk {
    struct orl_optimizer *optimizer;
    struct orl_oracle oracle;
    double x[3];
    size_t count;
    bool linear;
};

static void slope_at(void *context, const double *x, double *loss, double *gradient)
{
    const struct walk *w = context;
    *loss = 0.0;
    for (size_t i = 0; i < w->count; i++) {
        *loss += w->linear ? x[i] : 0.5 * x[i] * x[i];
        if (gradient)
            gradient[i] = w->linear ? 1.0 : x[i];
    }
}

static void walk_begin(struct walk *w, const char *rule, const char *settings, const char *common)
{
    const struct orl_optimizer_desc *desc = orl_optimizer_find(rule);
    struct orl_value values[SETTINGS_MAX] = {0}, shared[ORL_COMMON_COUNT] = {0};
    struct orl_error err = {0};
    assert_non_null(desc);
    settings_apply(settings, desc->settings, values);
    settings_apply(common, orl_optimizer_common, shared);
    w->oracle = (struct orl_oracle){.context = w, .dimension = w->count, .evaluate = slope_at};
    if (orl_optimizer_create(desc, values, shared, w->count, 100, &w->oracle, &w->optimizer,
                             &err) != ORL_OK)
        fail_msg("%s: %s", rule, err.text);
    for (size_t i = 0; i < SETTINGS_MAX; i++)
        free(values[i].text);
}

static void walk_step(struct walk *w)
{
    double at[3], gradient[3], loss;
    orl_optimizer_probe(w->optimizer, w->x, at);
    slope_at(w, at, &loss, gradient);
    assert_int_equal(orl_optimizer_step(w->optimizer, w->x, gradient, NULL), ORL_OK);
}

static double after(const char *rule, const char *settings, const char *common, double start,
                    bool linear, int steps)
{
    struct walk w = {.x = {start}, .count = 1, .linear = linear};
    walk_begin(&w, rule, settings, common);
    for (int i = 0; i < steps; i++)
        walk_step(&w);
    orl_optimizer_destroy(&w.optimizer);
    return w.x[0];
}

/* 0.5 x^2 from 1, rate 0.1, momentum 0.9, decay 1: p1 = 0.8, v1 = -0.2; the gradient at 0.62 is
 * 1.24 with its decay, so that v2 = -0.304, p2 = 0.496 and the interim point 0.2224. */
static void decay_at_the_interim_point(void **state)
{
    const char *settings = "learning_rate=0.1 momentum=0.9 weight_decay=1";
    (void)state;
    CHECK_NEAR(after("nesterov", settings, "", 1, false, 2), 0.496, 1e-15);
    CHECK_NEAR(
        after("nesterov", "learning_rate=0.1 momentum=0.9 weight_decay=1 form=1", "", 1, false, 2),
        0.2224, 1e-15);
}

/* Adan's mean of changes begins with the first change itself. */
static void second_step_of_adan(void **state)
{
    (void)state;
    CHECK_NEAR(after("adan", "learning_rate=0.1", "", 1, false, 1), 0.9, 1e-8);
    CHECK_NEAR(after("adan", "learning_rate=0.1", "", 1, false, 2),
               0.9 - 0.1 / sqrt(0.99652864) * (0.998 - 0.92 * 0.1), 1e-8); /* 0.80924 */
}

/* x from 0 with the schedule 1/step: v = -1, then -0.9 - 0.5. */
static void momentum_under_a_schedule(void **state)
{
    static const char *const settings[] = {"learning_rate=1/step momentum=0.9",
                                           "learning_rate=1/step momentum=0.9 form=1"};
    (void)state;
    CHECK_NEAR(after("momentum", settings[0], "", 0, true, 2), -2.4, 1e-15);
    CHECK_NEAR(after("nesterov", settings[0], "", 0, true, 2), -2.4, 1e-15);
    /* the interim point is ahead by 0.9 v */
    CHECK_NEAR(after("nesterov", settings[1], "", 0, true, 2), -2.4 - 0.9 * 1.4, 1e-15);
}

/* lambda 0 leaves plain SGD, each step with its own rate. */
static void asgd_under_a_schedule(void **state)
{
    double sgd = after("sgd", "learning_rate=0.2/step", "", 1, false, 2);
    (void)state;
    CHECK_NEAR(sgd, 0.8 * 0.9, 1e-15);
    CHECK_NEAR(after("asgd", "learning_rate=0.2/step lambda=0", "", 1, false, 2), sgd, 1e-15);
}

/* u = (0.1, 0.1) from a momentum that still goes the old way in the second parameter: that one
 * waits, and the first goes 2/(1 + 1) as far. */
static void cautious_steps_wait(void **state)
{
    struct walk w = {.x = {1, 1}, .count = 2};
    double gradient[2] = {1, 1};
    (void)state;
    walk_begin(&w, "momentum", "learning_rate=0.1 momentum=0.9", "cautious=1");
    assert_int_equal(orl_optimizer_step(w.optimizer, w.x, gradient, NULL), ORL_OK);
    CHECK_NEAR(w.x[0], 1 - 0.1 * 2.0 / 3.0, 1e-15);
    gradient[1] = -0.5; /* v = (-0.19, -0.04): the second would go up its slope */
    double before[2] = {w.x[0], w.x[1]};
    assert_int_equal(orl_optimizer_step(w.optimizer, w.x, gradient, NULL), ORL_OK);
    CHECK_NEAR(w.x[0], before[0] - 0.19, 1e-15);
    assert_true(w.x[1] == before[1]);
    orl_optimizer_destroy(&w.optimizer);
}

/* The decay of AdamW is no part of the step that waits. */
static void cautious_decay_goes_on(void **state)
{
    struct walk w = {.x = {1}, .count = 1};
    double up = -1e-9, down = 1;
    (void)state;
    walk_begin(&w, "adamw", "learning_rate=0.1 weight_decay=0.5", "cautious=1");
    assert_int_equal(orl_optimizer_step(w.optimizer, w.x, &down, NULL), ORL_OK);
    CHECK_NEAR(w.x[0], 0.95 - 0.05, 1e-8);
    assert_int_equal(orl_optimizer_step(w.optimizer, w.x, &up, NULL), ORL_OK);
    CHECK_NEAR(w.x[0], 0.9 * 0.95, 1e-8);
    orl_optimizer_destroy(&w.optimizer);
}

/* SGD halves x each step; after two of them back to a quarter of the way from 1 to 1/4. */
static void lookahead_goes_back(void **state)
{
    (void)state;
    const char *common = "lookahead=1 lookahead.steps=2 lookahead.rate=0.25";
    CHECK_NEAR(after("sgd", "learning_rate=0.5", common, 1, false, 1), 0.5, 1e-15);
    CHECK_NEAR(after("sgd", "learning_rate=0.5", common, 1, false, 2), 0.8125, 1e-15);
    CHECK_NEAR(after("sgd", "learning_rate=0.5", common, 1, false, 4), 0.8125 * 0.8125, 1e-15);
}

/* At 3, 4 the slope's length is 5: the gradient is taken at 3.3, 4.4. */
static void sam_climbs_first(void **state)
{
    struct walk w = {.x = {3, 4}, .count = 2};
    (void)state;
    walk_begin(&w, "sgd", "learning_rate=0.1 weight_decay=1", "sam=0.5");
    assert_false(orl_optimizer_probes_at_x(w.optimizer));
    walk_step(&w);
    CHECK_NEAR(w.x[0], 3 - 0.1 * (3.3 + 3), 1e-15); /* the decay is that of the parameters */
    CHECK_NEAR(w.x[1], 4 - 0.1 * (4.4 + 4), 1e-15);
    orl_optimizer_destroy(&w.optimizer);
}

/* Who looks at the loss himself, or at signs alone, has no use for what changes the gradient. */
static void what_has_no_meaning(void **state)
{
    static const char *const searching[] = {
        "lbfgs",  "gradient-descent", "conjugate-gradient",
        "newton", "gauss-newton",     "levenberg-marquardt",
    };
    (void)state;
    for (size_t i = 0; i < sizeof searching / sizeof *searching; i++)
        assert_int_equal(orl_optimizer_find(searching[i])->refuses, ORL_REFUSES_ALL);
    assert_int_equal(orl_optimizer_find("rprop")->refuses, ORL_REFUSES_BATCH | ORL_REFUSES_CLIP);
    assert_int_equal(orl_optimizer_find("adam")->refuses, 0);
    const struct orl_optimizer_desc *rprop = orl_optimizer_find("rprop");
    assert_false(rprop->settings[orl_setting_find(rprop->settings, "learning_rate")].schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decay_at_the_interim_point), cmocka_unit_test(second_step_of_adan),
        cmocka_unit_test(momentum_under_a_schedule),  cmocka_unit_test(asgd_under_a_schedule),
        cmocka_unit_test(cautious_steps_wait),        cmocka_unit_test(cautious_decay_goes_on),
        cmocka_unit_test(lookahead_goes_back),        cmocka_unit_test(sam_climbs_first),
        cmocka_unit_test(what_has_no_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
