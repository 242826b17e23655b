/* The newer rules where their formulas divide by nothing, know nothing yet, or must not act: a
 * gradient of 0, a first step, curvature that is not known. And their defaults, as papers have
 * them. */
#include "orl_test.h"

#include "optimizer/matrix.h"
#include "optreel/model.h"
#include "optreel/optimizer.h"
#include "support/settings.h"

enum { N = 4, SETTINGS_MAX = 24 };

/* Loss, gradient and Hessian as a test wants them. */
struct scene {
    double loss, gradient[N], diagonal[2];
    int hessians; /* that were asked for */
    bool broken;
};

static void scene_evaluate(void *context, const double *x, double *loss, double *gradient)
{
    const struct scene *s = context;
    (void)x;
    *loss = s->loss;
    if (gradient)
        memcpy(gradient, s->gradient, sizeof s->gradient);
}

static int scene_hessian(void *context, const double *x, double *matrix)
{
    struct scene *s = context;
    (void)x;
    for (int i = 0; i < N * N; i++)
        matrix[i] = i % (N + 1) == 0 ? s->diagonal[s->hessians > 0] : 0;
    s->hessians++;
    return s->broken ? ORL_EDIVERGED : ORL_OK;
}

/* W is {a, b; c, d}: all four parameters. */
static size_t places[N] = {0, 1, 2, 3};
static char shape_name[] = "W";
static const struct orl_shape shape = {shape_name, 2, 2, places};

static struct orl_optimizer *rule_make(const char *rule, const char *settings, const char *common,
                                       struct scene *scene)
{
    static struct orl_oracle oracle;
    const struct orl_optimizer_desc *desc = orl_optimizer_find(rule);
    struct orl_value values[SETTINGS_MAX] = {0}, shared[ORL_COMMON_COUNT] = {0};
    struct orl_optimizer *made = NULL;
    struct orl_error err = {0};
    oracle = (struct orl_oracle){.context = scene,
                                 .dimension = N,
                                 .shape_count = 1,
                                 .shapes = &shape,
                                 .evaluate = scene_evaluate,
                                 .hessian = scene_hessian};
    settings_apply(settings, desc->settings, values);
    settings_apply(common, orl_optimizer_common, shared);
    if (orl_optimizer_create(desc, values, shared, N, 100, &oracle, &made, &err) != ORL_OK)
        fail_msg("%s: %s", rule, err.text);
    settings_free(values, SETTINGS_MAX);
    return made;
}

/* Some steps with gradients that are given, all from the same scene. */
static void steps_make(const char *rule, const char *settings, const char *common,
                       struct scene *scene, const double gradients[][N], int steps, double *x)
{
    struct orl_optimizer *made = rule_make(rule, settings, common, scene);
    for (int i = 0; i < steps; i++)
        if (orl_optimizer_step(made, x, gradients[i], NULL) != ORL_OK)
            fail_msg("%s (%s): step %d", rule, settings, i + 1);
    orl_optimizer_destroy(&made);
}

/* Without an epsilon a parameter that has no slope stays where it is: 0/0 is nobody's step. */
static void no_slope_no_step(void **state)
{
    static const char *const rules[][2] = {
        {"signum", "learning_rate=0.1"},
        {"adopt", "learning_rate=0.1 epsilon=0"},
        {"ademamix", "learning_rate=0.1 epsilon=0"},
        {"schedule-free-adamw", "learning_rate=0.1 epsilon=0"},
        {"prodigy", "d0=0.1 epsilon=0"},
        {"mars", "learning_rate=0.1 epsilon=0 weight_decay=0"},
        {"lamb", "learning_rate=0.1 epsilon=0 weight_decay=0"},
    };
    static const double gradients[][N] = {{0, 1, 0, -2}, {0, 1, 0, -2}, {0, 1, 0, -2}};
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct scene scene = {0};
        double x[N] = {3, 1, -2, 0.5};
        steps_make(rules[i][0], rules[i][1], "", &scene, gradients, 3, x);
        if (!(x[0] == 3 && x[2] == -2 && x[1] < 1 && x[3] > 0.5))
            fail_msg("%s: %g %g %g %g", rules[i][0], x[0], x[1], x[2], x[3]);
    }
}

/* Nothing is known of the way, the length, the basis: x stays as it is. */
static void nothing_known_no_step(void **state)
{
    static const char *const rules[][2] = {
        {"lamb", "learning_rate=0.1 epsilon=0 weight_decay=0"},
        {"soap", "learning_rate=0.1 epsilon=0 weight_decay=0"},
        {"prodigy", "d0=1 weight_decay=0.5"},
        {"polyak", "target=-1"},
        {"barzilai-borwein", ""},
    };
    static const double gradients[3][N] = {{0}};
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct scene scene = {.loss = 1};
        double x[N] = {3, 1, -2, 0.5};
        steps_make(rules[i][0], rules[i][1], "", &scene, gradients, 3, x);
        if (!(x[0] == 3 && x[1] == 1 && x[2] == -2 && x[3] == 0.5))
            fail_msg("%s: %g %g %g %g", rules[i][0], x[0], x[1], x[2], x[3]);
    }
}

/* Below its target Polyak's rule does not go up again. */
static void polyak_stays_below_its_target(void **state)
{
    static const double gradients[][N] = {{1, 0, 0, 0}};
    struct scene scene = {.loss = 0.5};
    double x[N] = {3};
    (void)state;
    steps_make("polyak", "target=0.75", "", &scene, gradients, 1, x);
    assert_true(x[0] == 3);
    steps_make("polyak", "target=0.25", "", &scene, gradients, 1, x);
    CHECK_NEAR(x[0], 2.75, 1e-15);
}

/* Parameters that are all 0 have no size that the step could follow: LAMB's trust is 1. */
static void lamb_leaves_the_origin(void **state)
{
    static const double gradients[][N] = {{1, -1, 1, 1}};
    struct scene scene = {0};
    double x[N] = {0};
    (void)state;
    steps_make("lamb", "learning_rate=0.1 epsilon=0 weight_decay=0", "", &scene, gradients, 1, x);
    CHECK_NEAR(x[0], -0.1, 1e-15);
    CHECK_NEAR(x[1], 0.1, 1e-15);
}

/* The first gradient has no change that would correct it: two that are alike make two steps of the
 * rate. */
static void mars_begins_uncorrected(void **state)
{
    static const double gradients[][N] = {{0.1, 0, 0, 0}, {0.1, 0, 0, 0}};
    struct scene scene = {0};
    double x[N] = {0};
    (void)state;
    steps_make("mars", "learning_rate=0.01 epsilon=0 weight_decay=0", "", &scene, gradients, 2, x);
    CHECK_NEAR(x[0], -0.02, 1e-15);
}

/* Where the rate begins at 0 there is nothing to be averaged yet; then steps count by its square:
 * rates of 0, 0.1, 0.2 have weights of 0, 1 and 4. z goes from 0 to -0.1 to -0.3, the average from
 * -0.1 to -0.1/5 - 4 * 0.3/5. */
static void free_steps_count_by_squares(void **state)
{
    static const double gradients[][N] = {{1, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 0, 0}};
    struct scene scene = {0};
    double x[N] = {0};
    (void)state;
    steps_make("schedule-free-sgd", "learning_rate=0.1*(step-1)", "", &scene, gradients, 1, x);
    assert_true(x[0] == 0);
    steps_make("schedule-free-sgd", "learning_rate=0.1*(step-1)", "", &scene, gradients, 3, x);
    CHECK_NEAR(x[0], -0.02 - 0.24, 1e-15);
}

/* Curvature that is not finite leaves its mean as it was: 1, by which 0.1 is divided twice. */
static void sophia_keeps_what_is_known(void **state)
{
    static const double gradients[][N] = {{0.1, 0, 0, 0}, {0.1, 0, 0, 0}};
    static const char settings[] = "learning_rate=1 beta1=0 beta2=0 rho=1 epsilon=0 interval=1";
    struct scene scene = {.diagonal = {1, NAN}};
    double x[N] = {0};
    (void)state;
    steps_make("sophia", settings, "", &scene, gradients, 2, x);
    assert_int_equal(scene.hessians, 2);
    CHECK_NEAR(x[0], -0.2, 1e-15);
    struct scene broken = {.diagonal = {1, 1}, .broken = true};
    struct orl_optimizer *made = rule_make("sophia", settings, "", &broken);
    assert_int_equal(orl_optimizer_step(made, x, gradients[0], NULL), ORL_EDIVERGED);
    orl_optimizer_destroy(&made);
}

/* Two of four parameters move against their slopes: they move by 4/3 of their steps. One without a
 * slope does not count. */
static void cautious_counts_what_moves_down(void **state)
{
    static const double gradients[][N] = {{1, 0, 0, -2}};
    struct scene scene = {0};
    double x[N] = {0};
    (void)state;
    steps_make("sgd", "learning_rate=0.3", "cautious=1", &scene, gradients, 1, x);
    CHECK_NEAR(x[0], -0.4, 1e-15);
    CHECK_NEAR(x[3], 0.8, 1e-15);
    assert_true(x[1] == 0 && x[2] == 0);
}

/* At a stationary point, and where the slope is not finite, nothing leads up. */
static void sam_stays_where_nothing_leads_up(void **state)
{
    const double slopes[] = {0, INFINITY};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct scene scene = {.gradient = {slopes[i]}};
        struct orl_optimizer *made = rule_make("sgd", "", "sam=0.1", &scene);
        double x[N] = {3, 1, -2, 0.5}, at[N];
        orl_optimizer_probe(made, x, at);
        assert_memory_equal(x, at, sizeof x);
        orl_optimizer_destroy(&made);
    }
}

/* A gradient that is shorter than `clip` stays as long as it is. */
static void clipping_does_not_lengthen(void **state)
{
    static const double gradients[][N] = {{0.3, 0, 0, -0.4}};
    struct scene scene = {0};
    double x[N] = {0};
    (void)state;
    steps_make("sgd", "learning_rate=1", "clip=10", &scene, gradients, 1, x);
    CHECK_NEAR(x[0], -0.3, 1e-15);
    CHECK_NEAR(x[3], 0.4, 1e-15);
}

/* Means that forget at different speeds: after the second gradient, which is the first one again,
 * the mean is (1 - beta1) g, the square (1 - beta2) g^2, and the correction takes both away. */
static void soap_corrects_both_means(void **state)
{
    static const double gradients[][N] = {{2, 0, 0, 1}, {2, 0, 0, 1}};
    struct scene scene = {0};
    double x[N] = {0};
    (void)state;
    steps_make("soap", "learning_rate=0.1 beta1=0.5 beta2=0.75 epsilon=0 weight_decay=0", "",
               &scene, gradients, 2, x);
    CHECK_NEAR(x[0], -0.1, 1e-14);
    CHECK_NEAR(x[3], -0.1, 1e-14);
}

/* Without Nesterov's look ahead Muon turns the mean itself: from diag(1, 0) and diag(0, 1) with a
 * half of the old one it is diag(1/4, 1/2), not the second gradient alone, whose first entry is
 * 0. */
static void muon_without_nesterov(void **state)
{
    static const double gradients[][N] = {{1, 0, 0, 0}, {0, 0, 0, 1}};
    double mean[N] = {0.25, 0, 0, 0.5}, first[N] = {0.5, 0, 0, 0}, scratch[64], x[N] = {0};
    struct scene scene = {0};
    (void)state;
    orl_matrix_schulz(mean, 2, 2, 5, scratch);
    orl_matrix_schulz(first, 2, 2, 5, scratch);
    steps_make("muon", "learning_rate=1 momentum=0.5 nesterov=0 weight_decay=0", "", &scene,
               gradients, 2, x);
    CHECK_NEAR(x[0], -first[0] - mean[0], 1e-14);
    CHECK_NEAR(x[3], -mean[3], 1e-14);
    assert_true(mean[0] > 0.5);
}

/* Of a matrix that is a triangle already nothing is left to be reflected away; the vector of the
 * reflection must not vanish there. */
static void householder_of_a_triangle(void **state)
{
    double a[9] = {2, 1, 3, 0, -4, 1, 0, 0, 5}, q[9], scratch[3];
    (void)state;
    orl_matrix_orthogonal(a, 3, q, scratch);
    for (int i = 0; i < 9; i++)
        CHECK_NEAR(fabs(q[i]), i % 4 == 0 ? 1 : 0, 1e-15);
}

/* What the papers recommend, or their programs begin with. */
static void defaults(void **state)
{
    static const struct {
        const char *rule, *setting;
        double value;
    } cases[] = {
        {"signum", "learning_rate", 1e-4},
        {"signum", "momentum", 0.9},
        {"adopt", "learning_rate", 1e-3},
        {"adopt", "beta2", 0.9999},
        {"adopt", "epsilon", 1e-6},
        {"ademamix", "beta3", 0.9999},
        {"ademamix", "alpha", 5},
        {"ademamix", "epsilon", 1e-8},
        {"schedule-free-sgd", "learning_rate", 1},
        {"schedule-free-sgd", "momentum", 0.9},
        {"schedule-free-adamw", "learning_rate", 0.0025},
        {"prodigy", "learning_rate", 1},
        {"prodigy", "d0", 1e-6},
        {"dog", "learning_rate", 1},
        {"mars", "learning_rate", 3e-3},
        {"mars", "gamma", 0.025},
        {"sophia", "learning_rate", 1e-4},
        {"sophia", "beta1", 0.965},
        {"sophia", "rho", 0.04},
        {"sophia", "interval", 10},
        {"polyak", "learning_rate", 1},
        {"barzilai-borwein", "learning_rate", 0.01},
        {"lamb", "learning_rate", 0.001},
        {"lamb", "epsilon", 1e-6},
        {"muon", "learning_rate", 0.02},
        {"muon", "momentum", 0.95},
        {"muon", "nesterov", 1},
        {"shampoo", "learning_rate", 0.1},
        {"shampoo", "epsilon", 1e-4},
        {"soap", "learning_rate", 0.003},
        {"soap", "beta1", 0.95},
        {"soap", "interval", 10},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct orl_optimizer_desc *desc = orl_optimizer_find(cases[i].rule);
        int at = orl_setting_find(desc->settings, cases[i].setting);
        if (at < 0 || desc->settings[at].initial != cases[i].value)
            fail_msg("%s: %s is %g", cases[i].rule, cases[i].setting,
                     at < 0 ? NAN : desc->settings[at].initial);
    }
}

/* Schedule-Free's answer is no place that steps begin at: nothing else may move it. */
static void free_rules_refuse_modifiers(void **state)
{
    static const char *const rules[] = {"schedule-free-sgd", "schedule-free-adamw"};
    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(orl_optimizer_find(rules[i])->refuses,
                         ORL_REFUSES_CAUTIOUS | ORL_REFUSES_LOOKAHEAD);
    assert_int_equal(orl_optimizer_find("polyak")->refuses, ORL_REFUSES_CLIP | ORL_REFUSES_SAM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_slope_no_step),
        cmocka_unit_test(nothing_known_no_step),
        cmocka_unit_test(polyak_stays_below_its_target),
        cmocka_unit_test(lamb_leaves_the_origin),
        cmocka_unit_test(mars_begins_uncorrected),
        cmocka_unit_test(free_steps_count_by_squares),
        cmocka_unit_test(sophia_keeps_what_is_known),
        cmocka_unit_test(cautious_counts_what_moves_down),
        cmocka_unit_test(sam_stays_where_nothing_leads_up),
        cmocka_unit_test(clipping_does_not_lengthen),
        cmocka_unit_test(soap_corrects_both_means),
        cmocka_unit_test(muon_without_nesterov),
        cmocka_unit_test(householder_of_a_triangle),
        cmocka_unit_test(defaults),
        cmocka_unit_test(free_rules_refuse_modifiers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
