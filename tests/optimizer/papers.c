/* Rules written down a second time, from their papers, in plain arrays: 1,000 steps of both agree
 * to 1e-10. */
#include "orl_test.h"

#include "optreel/model.h"
#include "optreel/optimizer.h"
#include "support/settings.h"

enum { N = 4, STEPS = 1000, SETTINGS_MAX = 24 };

/* sum of w x^4/4 - x with w = 1, 2, 3, 4, and neighbours that pull: no rule is at home there. */
static void hill(void *context, const double *x, double *loss, double *gradient)
{
    (void)context;
    *loss = 0;
    for (int i = 0; i < N; i++) {
        double w = i + 1, left = i > 0 ? x[i - 1] : 0, right = i < N - 1 ? x[i + 1] : 0;
        *loss += w * x[i] * x[i] * x[i] * x[i] / 4 - x[i] + 0.05 * x[i] * right;
        if (gradient)
            gradient[i] = w * x[i] * x[i] * x[i] - 1 + 0.05 * (left + right);
    }
}

static int hill_hessian(void *context, const double *x, double *matrix)
{
    (void)context;
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++)
            matrix[i * N + k] = i == k ? 3 * (i + 1) * x[i] * x[i] : abs(i - k) == 1 ? 0.05 : 0;
    return ORL_OK;
}

static const double start[N] = {2, -1, 0.5, 1.5};

/* What a paper's algorithm keeps. t counts from 1. */
struct paper {
    double t, x[N], a[N], b[N], c[N], d[N], p, q, r;
};

static void slope(const double *x, double *g)
{
    double ignored;
    hill(NULL, x, &ignored, g);
}

static double length(const double *v)
{
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += v[i] * v[i];
    return sqrt(sum);
}

static double sign(double v)
{
    return v > 0 ? 1 : v < 0 ? -1 : 0;
}

static void signum(struct paper *s)
{
    double g[N];
    slope(s->x, g);
    for (int i = 0; i < N; i++) {
        double pull = g[i] + 0.1 * s->x[i];
        s->a[i] = 0.9 * s->a[i] + (1 - 0.9) * pull;
        s->x[i] -= 0.002 * sign(s->a[i]);
    }
}

static void adopt(struct paper *s)
{
    double g[N];
    slope(s->x, g);
    for (int i = 0; i < N; i++) {
        if (s->t == 1) {
            s->b[i] = g[i] * g[i];
            continue;
        }
        double most = pow(s->t - 1, 0.25), c = g[i] / fmax(sqrt(s->b[i]), 1e-6);
        c = c > most ? most : c < -most ? -most : c;
        s->a[i] = 0.9 * s->a[i] + (1 - 0.9) * c;
        s->x[i] -= 0.01 * s->a[i];
        s->b[i] = 0.9999 * s->b[i] + (1 - 0.9999) * g[i] * g[i];
    }
}

static void mix(struct paper *s, double beta1, double alpha, double beta3)
{
    double g[N];
    slope(s->x, g);
    for (int i = 0; i < N; i++) {
        s->a[i] = beta1 * s->a[i] + (1 - beta1) * g[i];
        s->b[i] = beta3 * s->b[i] + (1 - beta3) * g[i];
        s->c[i] = 0.999 * s->c[i] + (1 - 0.999) * g[i] * g[i];
        double fast = s->a[i] / (1 - pow(beta1, s->t)), square = s->c[i] / (1 - pow(0.999, s->t));
        s->x[i] -= 0.002 * ((fast + alpha * s->b[i]) / (sqrt(square) + 1e-8) + 0.1 * s->x[i]);
    }
}

static void ademamix(struct paper *s)
{
    mix(s, 0.9, 5, 0.9999);
}

/* From no mean at all (beta1 = 0) the slow one grows as from 1e-8. */
static void mix_warm(struct paper *s, double beta1)
{
    double share = fmin(s->t / 400, 1), from = log(fmax(beta1, 1e-8)), to = log(0.9999);
    mix(s, beta1, fmin(share * 5, 5),
        fmin(exp(from * to / ((1 - share) * to + share * from)), 0.9999));
}

static void ademamix_warm(struct paper *s)
{
    mix_warm(s, 0.9);
}

static void ademamix_warm_alone(struct paper *s)
{
    mix_warm(s, 0);
}

static void mars(struct paper *s)
{
    double g[N], c[N];
    slope(s->x, g);
    for (int i = 0; i < N; i++) {
        c[i] = g[i] + 0.025 * (0.95 / (1 - 0.95)) * (s->t == 1 ? 0 : g[i] - s->d[i]);
        s->d[i] = g[i];
    }
    double most = fmax(length(c), 1);
    for (int i = 0; i < N; i++) {
        double k = c[i] / most;
        s->a[i] = 0.95 * s->a[i] + (1 - 0.95) * k;
        s->b[i] = 0.99 * s->b[i] + (1 - 0.99) * k * k;
        double u = s->a[i] / (1 - pow(0.95, s->t)) / (sqrt(s->b[i] / (1 - pow(0.99, s->t))) + 1e-8);
        s->x[i] -= 0.0008 * (u + 0.02 * s->x[i]);
    }
}

static void lamb(struct paper *s)
{
    double g[N], u[N];
    slope(s->x, g);
    for (int i = 0; i < N; i++) {
        s->a[i] = 0.9 * s->a[i] + (1 - 0.9) * g[i];
        s->b[i] = 0.999 * s->b[i] + (1 - 0.999) * g[i] * g[i];
        u[i] = s->a[i] / (1 - pow(0.9, s->t)) / (sqrt(s->b[i] / (1 - pow(0.999, s->t))) + 1e-6);
        u[i] += 0.01 * s->x[i];
    }
    double trust = length(s->x) / length(u);
    for (int i = 0; i < N; i++)
        s->x[i] -= 0.005 * trust * u[i];
}

static void sophia(struct paper *s)
{
    double g[N];
    slope(s->x, g);
    for (int i = 0; i < N; i++) {
        if ((int)s->t % 10 == 1)
            s->b[i] = 0.99 * s->b[i] + (1 - 0.99) * 3 * (i + 1) * s->x[i] * s->x[i];
        s->a[i] = 0.965 * s->a[i] + (1 - 0.965) * g[i];
        s->x[i] -= 0.01 * 0.05 * s->x[i];
        s->x[i] -= 0.01 * sign(s->a[i]) * fmin(fabs(s->a[i]) / (0.04 * s->b[i] + 1e-15), 1);
    }
}

/* z in a, x itself is the answer. The rate falls as 1/(1 + t/100): weights count its largest. */
static void free_sgd(struct paper *s)
{
    double y[N], g[N], rate = 0.05 / (1 + s->t / 100);
    for (int i = 0; i < N; i++) {
        s->a[i] = s->t == 1 ? s->x[i] : s->a[i];
        y[i] = (1 - 0.9) * s->a[i] + 0.9 * s->x[i];
    }
    slope(y, g);
    s->p = fmax(s->p, rate);
    s->q += s->p * s->p;
    double c = s->p * s->p / s->q;
    for (int i = 0; i < N; i++) {
        s->a[i] -= rate * (g[i] + 0.1 * y[i]);
        s->x[i] = (1 - c) * s->x[i] + c * s->a[i];
    }
}

static void free_adamw(struct paper *s)
{
    double y[N], g[N], rate = 0.02;
    for (int i = 0; i < N; i++) {
        s->a[i] = s->t == 1 ? s->x[i] : s->a[i];
        y[i] = (1 - 0.9) * s->a[i] + 0.9 * s->x[i];
    }
    slope(y, g);
    for (int i = 0; i < N; i++) {
        s->b[i] = 0.999 * s->b[i] + (1 - 0.999) * g[i] * g[i];
        s->a[i] -=
            rate * g[i] / (sqrt(s->b[i] / (1 - pow(0.999, s->t))) + 1e-8) + rate * 0.1 * y[i];
        s->x[i] = (1 - 1 / s->t) * s->x[i] + 1 / s->t * s->a[i];
    }
}

/* d in p, r in q; the start in a, m in b, v in c, s in d. */
static void prodigy_with(struct paper *s, double rate, double b3, bool corrected)
{
    const double d0 = 1e-6;
    double g[N], inner = 0, size = 0;
    slope(s->x, g);
    s->p = s->t == 1 ? d0 : s->p;
    double b = corrected ? sqrt(1 - pow(0.999, s->t)) / (1 - pow(0.9, s->t)) : 1,
           step = s->p * b * rate;
    for (int i = 0; i < N; i++) {
        s->a[i] = s->t == 1 ? s->x[i] : s->a[i];
        inner += g[i] * (s->a[i] - s->x[i]);
        s->b[i] = 0.9 * s->b[i] + (1 - 0.9) * s->p * g[i];
        s->c[i] = 0.999 * s->c[i] + (1 - 0.999) * s->p * s->p * g[i] * g[i];
        s->d[i] = b3 * s->d[i] + s->p / d0 * step * g[i];
        size += fabs(s->d[i]);
    }
    s->q = b3 * s->q + s->p / d0 * step * inner;
    s->p = fmax(s->p, s->q / size);
    for (int i = 0; i < N; i++)
        s->x[i] -= step * 0.01 * s->x[i];
    for (int i = 0; i < N; i++)
        s->x[i] -= step * s->b[i] / (sqrt(s->c[i]) + s->p * 1e-8);
}

static void prodigy(struct paper *s)
{
    prodigy_with(s, 1, sqrt(0.999), false);
}

static void prodigy_corrected(struct paper *s)
{
    prodigy_with(s, 0.1, sqrt(0.999), true);
}

static void prodigy_forgetful(struct paper *s)
{
    prodigy_with(s, 0.1, 0.9, false);
}

static void dog_with(struct paper *s, double rate)
{
    double g[N], way[N];
    slope(s->x, g);
    for (int i = 0; i < N; i++) {
        s->a[i] = s->t == 1 ? s->x[i] : s->a[i];
        way[i] = s->x[i] - s->a[i];
    }
    s->p = fmax(s->t == 1 ? 1e-6 * (1 + length(s->x)) : s->p, length(way));
    s->q += length(g) * length(g);
    for (int i = 0; i < N; i++)
        s->x[i] -= rate * s->p / sqrt(s->q + 1e-8) * g[i];
}

static void dog(struct paper *s)
{
    dog_with(s, 1);
}

static void dog_faster(struct paper *s)
{
    dog_with(s, 1.5);
}

static void polyak(struct paper *s)
{
    double g[N], loss;
    hill(NULL, s->x, &loss, g);
    for (int i = 0; i < N; i++)
        s->x[i] -= (loss + 1.5) / pow(length(g), 2) * 0.3 * g[i];
}

/* The last point in a, its gradient in b. */
static void borwein(struct paper *s, bool is_short)
{
    double g[N], ss = 0, sy = 0, yy = 0;
    slope(s->x, g);
    for (int i = 0; i < N; i++) {
        ss += (s->x[i] - s->a[i]) * (s->x[i] - s->a[i]);
        sy += (s->x[i] - s->a[i]) * (g[i] - s->b[i]);
        yy += (g[i] - s->b[i]) * (g[i] - s->b[i]);
    }
    s->p = s->t > 1 && sy > 0 ? (is_short ? sy / yy : ss / sy) : 0.01;
    for (int i = 0; i < N; i++) {
        s->a[i] = s->x[i];
        s->b[i] = g[i];
        s->x[i] -= s->p * g[i];
    }
}

static void borwein_long(struct paper *s)
{
    borwein(s, false);
}

static void borwein_short(struct paper *s)
{
    borwein(s, true);
}

/* The modifiers around momentum: u = -v. */
static void cautious(struct paper *s)
{
    double g[N];
    int count = 0;
    slope(s->x, g);
    for (int i = 0; i < N; i++) {
        s->a[i] = 0.5 * s->a[i] - 0.0003 * g[i];
        count += -s->a[i] * g[i] > 0;
    }
    for (int i = 0; i < N; i++)
        s->x[i] += -s->a[i] * g[i] > 0 ? s->a[i] * N / (count + 1) : 0;
}

static void sam(struct paper *s)
{
    double g[N], up[N];
    slope(s->x, g);
    for (int i = 0; i < N; i++)
        up[i] = s->x[i] + 0.05 * g[i] / length(g);
    slope(up, g);
    for (int i = 0; i < N; i++) {
        s->a[i] = 0.5 * s->a[i] - 0.0003 * g[i];
        s->x[i] += s->a[i];
    }
}

static void lookahead(struct paper *s)
{
    double g[N];
    slope(s->x, g);
    for (int i = 0; i < N; i++) {
        s->b[i] = s->t == 1 ? s->x[i] : s->b[i];
        s->a[i] = 0.9 * s->a[i] - 0.01 * g[i];
        s->x[i] += s->a[i];
        if ((int)s->t % 5 == 0)
            s->x[i] = s->b[i] = s->b[i] + 0.5 * (s->x[i] - s->b[i]);
    }
}

static const struct {
    const char *rule, *settings, *common;
    void (*step)(struct paper *s);
} papers[] = {
    {"signum", "learning_rate=0.002 weight_decay=0.1", "", signum},
    {"adopt", "learning_rate=0.01", "", adopt},
    {"ademamix", "learning_rate=0.002 weight_decay=0.1", "", ademamix},
    {"ademamix", "learning_rate=0.002 weight_decay=0.1 warmup=400", "", ademamix_warm},
    {"ademamix", "learning_rate=0.002 weight_decay=0.1 warmup=400 beta1=0", "",
     ademamix_warm_alone},
    {"mars", "learning_rate=0.0008 weight_decay=0.02", "", mars},
    {"lamb", "learning_rate=0.005", "", lamb},
    {"sophia", "learning_rate=0.01 weight_decay=0.05", "", sophia},
    {"schedule-free-sgd", "learning_rate=0.05/(1+step/100) weight_decay=0.1", "", free_sgd},
    {"schedule-free-adamw", "learning_rate=0.02 weight_decay=0.1", "", free_adamw},
    {"prodigy", "weight_decay=0.01", "", prodigy},
    {"prodigy", "learning_rate=0.1 weight_decay=0.01 bias_correction=1", "", prodigy_corrected},
    {"prodigy", "learning_rate=0.1 weight_decay=0.01 beta3=0.9", "", prodigy_forgetful},
    {"dog", "", "", dog},
    {"dog", "learning_rate=1.5", "", dog_faster},
    {"polyak", "learning_rate=0.3 target=-1.5", "", polyak},
    {"barzilai-borwein", "", "", borwein_long},
    {"barzilai-borwein", "form=1", "", borwein_short},
    {"momentum", "learning_rate=0.0003 momentum=0.5", "cautious=1", cautious},
    {"momentum", "learning_rate=0.0003 momentum=0.5", "sam=0.05", sam},
    {"momentum", "", "lookahead=1", lookahead},
};

static void follow(size_t k)
{
    static const struct orl_oracle oracle = {
        .dimension = N, .evaluate = hill, .hessian = hill_hessian};
    const struct orl_optimizer_desc *desc = orl_optimizer_find(papers[k].rule);
    struct orl_value values[SETTINGS_MAX] = {0}, common[ORL_COMMON_COUNT] = {0};
    struct orl_optimizer *optimizer = NULL;
    struct orl_error err = {0};
    struct paper paper = {0};
    double x[N], at[N], g[N], moved = 0;
    memcpy(x, start, sizeof x);
    memcpy(paper.x, start, sizeof x);
    settings_apply(papers[k].settings, desc->settings, values);
    settings_apply(papers[k].common, orl_optimizer_common, common);
    if (orl_optimizer_create(desc, values, common, N, STEPS, &oracle, &optimizer, &err) != ORL_OK)
        fail_msg("%s: %s", papers[k].rule, err.text);
    for (int t = 1; t <= STEPS; t++) {
        orl_optimizer_probe(optimizer, x, at);
        slope(at, g);
        assert_int_equal(orl_optimizer_step(optimizer, x, g, NULL), ORL_OK);
        paper.t = t;
        papers[k].step(&paper);
        for (int i = 0; i < N; i++) {
            moved = fmax(moved, fabs(x[i] - start[i]));
            if (!(fabs(x[i] - paper.x[i]) <= 1e-10))
                fail_msg("%s (%s), step %d, parameter %d: %.17g, the paper says %.17g",
                         papers[k].rule, papers[k].settings, t, i, x[i], paper.x[i]);
        }
    }
    assert_true(moved > 0.1);
    orl_optimizer_destroy(&optimizer);
    settings_free(values, SETTINGS_MAX);
}

static void second_implementations(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof papers / sizeof *papers; k++)
        follow(k);
}

/* Where the curvature is negative Sophia's steps have full length, down the slope. */
static void sophia_goes_down_from_ridges(void **state)
{
    (void)state;
    struct orl_oracle oracle = {.dimension = N, .evaluate = hill, .hessian = hill_hessian};
    struct orl_value values[SETTINGS_MAX] = {0};
    struct orl_optimizer *optimizer = NULL;
    double x[N] = {0, 0, 0, 0}, g[N] = {1, -1, 0, 2};
    settings_apply("learning_rate=0.1 epsilon=0", orl_optimizer_find("sophia")->settings, values);
    assert_int_equal(orl_optimizer_create(orl_optimizer_find("sophia"), values, NULL, N, 10,
                                          &oracle, &optimizer, NULL),
                     ORL_OK);
    assert_int_equal(orl_optimizer_step(optimizer, x, g, NULL), ORL_OK);
    const double expected[N] = {-0.1, 0.1, 0, -0.1}; /* h = 0 everywhere: signs alone */
    for (int i = 0; i < N; i++)
        CHECK_NEAR(x[i], expected[i], 1e-15);
    orl_optimizer_destroy(&optimizer);
}

static int ridge_hessian(void *context, const double *x, double *matrix)
{
    (void)context, (void)x;
    for (int i = 0; i < N * N; i++)
        matrix[i] = i % (N + 1) == 0 ? -1 : 0;
    return ORL_OK;
}

/* One step from x with a gradient that is given. */
static void step_given(const char *rule, const char *settings, const struct orl_oracle *oracle,
                       const double gradients[][N], int steps, double *x)
{
    const struct orl_optimizer_desc *desc = orl_optimizer_find(rule);
    struct orl_value values[SETTINGS_MAX] = {0};
    struct orl_optimizer *optimizer = NULL;
    settings_apply(settings, desc->settings, values);
    assert_int_equal(orl_optimizer_create(desc, values, NULL, N, 10, oracle, &optimizer, NULL),
                     ORL_OK);
    for (int i = 0; i < steps; i++)
        assert_int_equal(orl_optimizer_step(optimizer, x, gradients[i], NULL), ORL_OK);
    orl_optimizer_destroy(&optimizer);
}

/* On a ridge the slope would lead up by its curvature: the step is down, at full length. */
static void sophia_does_not_divide_by_negative_curvature(void **state)
{
    static const struct orl_oracle ridge = {.dimension = N, .hessian = ridge_hessian};
    static const double gradients[][N] = {{1, -1, 0, 2}};
    double x[N] = {0};
    (void)state;
    step_given("sophia", "learning_rate=0.1", &ridge, gradients, 1, x);
    CHECK_NEAR(x[0], -0.1, 1e-15);
    CHECK_NEAR(x[1], 0.1, 1e-15);
}

/* ADOPT's first gradient only begins the mean square; the second, a hundred times as large, is cut
 * to 1. */
static void adopt_cuts_what_is_new(void **state)
{
    static const struct orl_oracle none = {.dimension = N};
    static const double gradients[][N] = {{1, 1, 1, 1}, {100, -100, 0.5, 0}};
    double x[N] = {0};
    (void)state;
    step_given("adopt", "learning_rate=1", &none, gradients, 1, x);
    assert_true(x[0] == 0);
    x[0] = 0;
    step_given("adopt", "learning_rate=1", &none, gradients, 2, x);
    CHECK_NEAR(x[0], -0.1, 1e-15);
    CHECK_NEAR(x[1], 0.1, 1e-15);
    CHECK_NEAR(x[2], -0.05, 1e-15);
}

/* Where the slope falls along the way no parabola fits: Barzilai and Borwein's step has its first
 * length. */
static void borwein_without_a_parabola(void **state)
{
    static const struct orl_oracle none = {.dimension = N};
    static const double gradients[][N] = {{1, 0, 0, 0}, {2, 0, 0, 0}};
    double x[N] = {0};
    (void)state;
    step_given("barzilai-borwein", "learning_rate=0.01", &none, gradients, 2, x);
    CHECK_NEAR(x[0], -0.01 - 0.02, 1e-15);
}

/* Without a target Polyak's rule aims at the loss of the known minimum. */
static void polyak_aims_at_the_minimum(void **state)
{
    struct orl_oracle oracle = {.dimension = N, .evaluate = hill, .least = -2};
    struct orl_value values[SETTINGS_MAX] = {0};
    struct orl_optimizer *optimizer = NULL;
    double x[N] = {1, 1, 1, 1}, g[N] = {2, 0, 0, 0}, loss;
    (void)state;
    hill(NULL, x, &loss, NULL);
    settings_apply("", orl_optimizer_find("polyak")->settings, values);
    assert_int_equal(orl_optimizer_create(orl_optimizer_find("polyak"), values, NULL, N, 10,
                                          &oracle, &optimizer, NULL),
                     ORL_OK);
    assert_int_equal(orl_optimizer_step(optimizer, x, g, NULL), ORL_OK);
    CHECK_NEAR(x[0], 1 - (loss + 2) / 4 * 2, 1e-15);
    orl_optimizer_destroy(&optimizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(second_implementations),
        cmocka_unit_test(sophia_goes_down_from_ridges),
        cmocka_unit_test(sophia_does_not_divide_by_negative_curvature),
        cmocka_unit_test(adopt_cuts_what_is_new),
        cmocka_unit_test(borwein_without_a_parabola),
        cmocka_unit_test(polyak_aims_at_the_minimum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
