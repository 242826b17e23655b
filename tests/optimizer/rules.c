/* Update rules against their formulas, written down here once more as the papers have them, for one
 * parameter. */
#include "orl_test.h"

#include "optreel/optimizer.h"

enum { STEPS = 200 };

/* The gradient of x^4/4 - x: neither constant nor linear. */
static double slope(double x)
{
    return x * x * x - 1.0;
}

struct state {
    double x, a, b, c;
    int64_t t;
};

struct rule {
    const char *name, *settings; /* "momentum=0.5 form=1" */
    void (*step)(struct state *s);
};

static void sgd(struct state *s)
{
    s->x -= 0.05 * (slope(s->x) + 0.1 * s->x);
}

static void momentum(struct state *s)
{
    s->a = 0.5 * s->a - 0.05 * slope(s->x);
    s->x += s->a;
}

static void damped(struct state *s)
{
    s->a = s->t == 1 ? slope(s->x) : 0.5 * s->a + 0.7 * slope(s->x);
    s->x -= 0.05 * s->a;
}

static void nesterov(struct state *s)
{
    s->a = 0.5 * s->a - 0.05 * slope(s->x + 0.5 * s->a);
    s->x += s->a;
}

static void nesterov_pytorch(struct state *s)
{
    double g = slope(s->x);
    s->a = 0.5 * s->a + g;
    s->x -= 0.05 * (g + 0.5 * s->a);
}

static void adagrad(struct state *s)
{
    double g = slope(s->x);
    s->a += g * g;
    s->x -= 0.05 / (1e-7 + sqrt(s->a)) * g;
}

static void rmsprop(struct state *s)
{
    double g = slope(s->x);
    s->a = 0.9 * s->a + 0.1 * g * g;
    s->x -= 0.05 / sqrt(1e-6 + s->a) * g;
}

static void rmsprop_pytorch(struct state *s)
{
    double g = slope(s->x);
    s->a = 0.9 * s->a + 0.1 * g * g;
    s->b = 0.9 * s->b + 0.1 * g;
    s->c = 0.5 * s->c + g / (sqrt(s->a - s->b * s->b) + 1e-8);
    s->x -= 0.005 * s->c;
}

static void adadelta(struct state *s)
{
    double g = slope(s->x);
    s->a = 0.9 * s->a + 0.1 * g * g;
    double d = sqrt(s->b + 1e-6) / sqrt(s->a + 1e-6) * g;
    s->b = 0.9 * s->b + 0.1 * d * d;
    s->x -= d;
}

static void adam_moments(struct state *s, double g)
{
    s->a = 0.9 * s->a + 0.1 * g;
    s->b = 0.999 * s->b + 0.001 * g * g;
}

static void adam(struct state *s)
{
    adam_moments(s, slope(s->x));
    s->x -= 0.05 * (s->a / (1 - pow(0.9, (double)s->t))) /
            (sqrt(s->b / (1 - pow(0.999, (double)s->t))) + 1e-8);
}

static void adamw(struct state *s)
{
    adam_moments(s, slope(s->x));
    s->x *= 1 - 0.05 * 0.01;
    s->x -= 0.05 * (s->a / (1 - pow(0.9, (double)s->t))) /
            (sqrt(s->b / (1 - pow(0.999, (double)s->t))) + 1e-8);
}

static void adamax(struct state *s)
{
    double g = slope(s->x);
    s->a = 0.9 * s->a + 0.1 * g;
    s->b = fmax(0.999 * s->b, fabs(g) + 1e-8);
    s->x -= 0.05 / (1 - pow(0.9, (double)s->t)) * s->a / s->b;
}

static void rprop(struct state *s)
{
    double g = slope(s->x), sign = g * s->b;
    s->a = s->t == 1 ? 0.05 : fmin(fmax(s->a * (sign > 0 ? 1.2 : sign < 0 ? 0.5 : 1.0), 1e-6), 50);
    if (sign < 0)
        g = 0;
    s->x -= s->a * (double)((g > 0) - (g < 0));
    s->b = g;
}

static void lion(struct state *s)
{
    double g = slope(s->x), u = 0.9 * s->a + (1 - 0.9) * g;
    s->x -= 0.01 * ((u > 0) - (u < 0) + 0.1 * s->x);
    s->a = 0.99 * s->a + (1 - 0.99) * g;
}

static void adabelief(struct state *s)
{
    double g = slope(s->x);
    s->a = 0.9 * s->a + (1 - 0.9) * g;
    s->b = 0.999 * s->b + (1 - 0.999) * pow(g - s->a, 2) + 1e-8;
    s->x -= 0.05 * s->a / (1 - pow(0.9, (double)s->t)) /
            (sqrt(s->b / (1 - pow(0.999, (double)s->t))) + 1e-8);
}

static void yogi(struct state *s)
{
    double g = slope(s->x), q = g * g;
    s->a = 0.9 * s->a + (1 - 0.9) * g;
    s->b += (s->b < q) ? (1 - 0.999) * q : (s->b > q) ? -(1 - 0.999) * q : 0;
    s->x -= 0.01 * s->a / (sqrt(s->b) + 1e-3);
}

static void adan(struct state *s)
{
    static double last, square;
    double g = slope(s->x), d = s->t == 1 ? 0 : g - last, w = g + 0.92 * d;
    s->a = s->t == 1 ? g : 0.98 * s->a + 0.02 * g;
    s->b = s->t <= 2 ? d : 0.92 * s->b + 0.08 * d;
    square = s->t == 1 ? g * g : 0.99 * square + 0.01 * w * w;
    s->x = (s->x - 0.05 / (sqrt(square) + 1e-8) * (s->a + 0.92 * s->b)) / (1 + 0.02 * 0.05);
    last = g;
}

static void warm_up(struct state *s)
{
    s->x -= 0.05 * fmin(1.0, (double)s->t / 100) * slope(s->x);
}

static const struct rule rules[] = {
    {"sgd", "learning_rate=0.05 weight_decay=0.1", sgd},
    {"sgd", "learning_rate=0.05*min(1,step/100)", warm_up},
    {"momentum", "learning_rate=0.05 momentum=0.5", momentum},
    {"momentum", "learning_rate=0.05 momentum=0.5 dampening=0.3", damped},
    {"nesterov", "learning_rate=0.05 momentum=0.5", nesterov},
    {"nesterov", "learning_rate=0.05 momentum=0.5 form=1", nesterov_pytorch},
    {"adagrad", "learning_rate=0.05 epsilon=1e-7", adagrad},
    {"rmsprop", "learning_rate=0.05 decay=0.9 epsilon=1e-6 epsilon_inside=1", rmsprop},
    {"rmsprop", "learning_rate=0.005 decay=0.9 momentum=0.5 centered=1", rmsprop_pytorch},
    {"adadelta", "", adadelta},
    {"adam", "lr=0.05", adam},
    {"adamw", "learning_rate=0.05", adamw},
    {"adamax", "learning_rate=0.05", adamax},
    {"rprop", "learning_rate=0.05", rprop},
    {"lion", "learning_rate=0.01 weight_decay=0.1", lion},
    {"adabelief", "learning_rate=0.05", adabelief},
    {"yogi", "", yogi},
    {"adan", "learning_rate=0.05 weight_decay=0.02", adan},
};

static void apply(const char *text, const struct orl_setting *settings, struct orl_value *values)
{
    char copy[256], *rest = NULL;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *equals = strchr(word, '='), *end;
        *equals = '\0';
        int index = orl_setting_find(settings, word);
        assert_true(index >= 0);
        values[index].number = strtod(equals + 1, &end);
        if (*end)
            values[index].text = strdup(equals + 1);
    }
}

static void follows(const struct rule *rule)
{
    const struct orl_optimizer_desc *desc = orl_optimizer_find(rule->name);
    struct orl_value values[16] = {0}, common[ORL_COMMON_COUNT] = {{0}};
    struct orl_optimizer *optimizer = NULL;
    struct orl_oracle oracle = {.dimension = 1};
    struct orl_error err = {0};
    struct state s = {.x = 2.0};
    double x = 2.0;
    for (size_t i = 0; i < orl_setting_count(desc->settings); i++)
        values[i].number = desc->settings[i].initial;
    apply(rule->settings, desc->settings, values);
    if (orl_optimizer_create(desc, values, common, 1, STEPS, &oracle, &optimizer, &err) != ORL_OK)
        fail_msg("%s: %s", rule->name, err.text);
    for (s.t = 1; s.t <= STEPS; s.t++) {
        double at;
        orl_optimizer_probe(optimizer, &x, &at);
        double g = slope(at);
        assert_int_equal(orl_optimizer_step(optimizer, &x, &g, &err), ORL_OK);
        rule->step(&s);
        if (!(fabs(x - s.x) <= 1e-12))
            fail_msg("%s (%s), step %d: %.17g, the formula says %.17g", rule->name, rule->settings,
                     (int)s.t, x, s.x);
    }
    assert_true(fabs(x - 2.0) > 1e-3); /* it moved */
    orl_optimizer_destroy(&optimizer);
    for (size_t i = 0; i < 16; i++)
        free(values[i].text);
}

static void formulas(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        follows(&rules[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(formulas)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
