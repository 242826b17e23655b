/* Rules of one's own: the built-in first-order rules, written as such, go the same way; and what is
 * wrong is told where it stands.
 */
#include "orl_test.h"

#include "optreel/model.h"
#include "optreel/optimizer.h"

enum { STEPS = 300, DIMENSION = 300 /* more than a block */, HYPER_MAX = 6 };

struct own {
    const char *built_in, *settings; /* "form=1" */
    const char *hyper, *state, *update;
};

static const struct own rules[] = {
    {"sgd", "learning_rate=0.02 weight_decay=0.1", "lr=0.02 wd=0.1", "", "p = p - lr*(g + wd*p)"},
    {"momentum", "learning_rate=0.02 momentum=0.8", "lr=0.02 m=0.8", "v=0",
     "v = m*v - lr*g; p = p + v"},
    {"momentum", "learning_rate=0.02 momentum=0.8 dampening=0.4 weight_decay=0.1", "lr=0.02 m=0.8",
     "b=0", "d = g + 0.1*p; b = m*b + (1 - 0.4*heaviside(step - 1.5))*d; p = p - lr*b"},
    /* p is the interim point here: the place where the gradient is taken */
    {"nesterov", "learning_rate=0.02 momentum=0.8", "lr=0.02 m=0.8", "v=0",
     "q = p - m*v; v = m*v - lr*g; p = q + v + m*v"},
    {"nesterov", "learning_rate=0.02 momentum=0.8 form=1", "lr=0.02 m=0.8", "b=0",
     "b = m*b + g\np = p - lr*(g + m*b)"},
    {"adagrad", "learning_rate=0.1", "lr=0.1 eps=1e-7", "r=0",
     "r = r + g^2\n\np = p - lr*g/(eps + sqrt(r))"},
    {"rmsprop", "learning_rate=0.01 centered=1 momentum=0.5", "lr=0.01 a=0.99 eps=1e-8",
     "v=0 m=0 u=0",
     "v = a*v + (1-a)*g^2; m = a*m + (1-a)*g; w = sqrt(v - m^2) + eps; u = 0.5*u + g/w; p = p - "
     "lr*u"},
    {"rmsprop", "learning_rate=0.01 epsilon=1e-6 epsilon_inside=1", "lr=0.01 a=0.99 eps=1e-6",
     "v=0", "v = a*v + (1-a)*g^2; p = p - lr*g/sqrt(eps + v)"},
    {"adagrad", "learning_rate=0.1 learning_rate_decay=0.01 initial_accumulator=0.3",
     "lr=0.1 eps=1e-7", "r=0.3", "r = r + g^2; p = p - lr/(1 + 0.01*(step - 1))*g/(eps + sqrt(r))"},
    {"rmsprop", "learning_rate=0.01", "lr=0.01 a=0.99 eps=1e-8", "v=0",
     "v = a*v + (1-a)*g^2; p = p - lr*g/(sqrt(v) + eps)"},
    {"adadelta", "", "rho=0.9 eps=1e-6", "v=0 d=0",
     "v = rho*v + (1-rho)*g^2; u = sqrt(d+eps)/sqrt(v+eps)*g; d = rho*d + (1-rho)*u^2; p = p - u"},
    {"adam", "learning_rate=0.02", "lr=0.02 b=0.9 c=0.999", "m=0 v=0",
     "m = b*m + (1-b)*g; v = c*v + (1-c)*g^2; p = p - lr*(m/(1-b^step))/(sqrt(v/(1-c^step)) + "
     "1e-8)"},
    {"adam", "learning_rate=0.02 amsgrad=1", "lr=0.02 b=0.9 c=0.999", "m=0 v=0 w=0",
     "m = b*m + (1-b)*g; v = c*v + (1-c)*g^2; w = max(w, v); p = p - "
     "lr*(m/(1-b^step))/(sqrt(w)/sqrt(1-c^step) + 1e-8)"},
    {"adamw", "learning_rate=0.02", "lr=0.02 b=0.9 c=0.999", "m=0 v=0",
     "p = p*(1 - lr*0.01); m = b*m + (1-b)*g; v = c*v + (1-c)*g^2; p = p - "
     "lr*(m/(1-b^step))/(sqrt(v/(1-c^step)) + 1e-8)"},
    {"adamax", "learning_rate=0.02", "lr=0.02 b=0.9 c=0.999", "m=0 u=0",
     "m = b*m + (1-b)*g; u = max(c*u, abs(g) + 1e-8); p = p - lr/(1-b^step)*m/u"},
    {"nadam", "learning_rate=0.02", "lr=0.02 b=0.9 c=0.999", "m=0 v=0 q=1",
     "k = b*(1-0.5*0.96^(step*0.004)); n = b*(1-0.5*0.96^((step+1)*0.004)); q = q*k; m = b*m + "
     "(1-b)*g; v = c*v + (1-c)*g^2;"
     "d = sqrt(v/(1-c^step)) + 1e-8; p = p - lr*(1-k)/(1-q)*g/d - lr*n/(1-q*n)*m/d"},
    {"radam", "learning_rate=0.02 beta2=0.99", "lr=0.02 b=0.9 c=0.99", "m=0 v=0",
     "m = b*m + (1-b)*g; v = c*v + (1-c)*g^2; n = 2/(1-c) - 1; r = n - 2*step*c^step/(1-c^step); "
     "on = heaviside(r - 5); q = max(r, "
     "5);"
     "k = sqrt((q-4)*(q-2)*n/((n-4)*(n-2)*q)); p = p - lr*m/(1-b^step)*(1 - on + "
     "on*k*sqrt(1-c^step)/(sqrt(v) + 1e-8))"},
    {"asgd", "learning_rate=0.05 lambda=0.01 alpha=0.6", "lr=0.05 l=0.01", "",
     "eta = lr/(1 + l*lr*(step - 1))^(0.6*heaviside(step - 1.5)); p = p*(1 - l*eta) - eta*g"},
    {"rprop", "learning_rate=0.05 step_max=0.3", "a=0.5 b=1.2", "last=0 size=0.05",
     "s = sign(g*last); size = min(max(size*(1 + (b-1)*relu(s) - (1-a)*relu(-s)), 1e-6), 0.3); "
     "last = g*heaviside(s + 0.5);"
     "p = p - sign(last)*size"},
    {"adan", "learning_rate=0.01 weight_decay=0.1", "lr=0.01", "m=0 v=0 n=0 last=0",
     "t = heaviside(step - 1.5); d = t*(g - last); u = g + 0.92*d; m = t*(0.98*m + 0.02*g) + "
     "(1-t)*g; w = heaviside(step - 2.5); v = w*(0.92*v + 0.08*d) + (1-w)*d;"
     "n = t*(0.99*n + 0.01*u^2) + (1-t)*g^2; p = (p - lr/(sqrt(n) + 1e-8)*(m + 0.92*v))/(1 + "
     "0.1*lr); last = g"},
    {"lion", "learning_rate=0.01 weight_decay=0.1", "lr=0.01", "m=0",
     "p = p - lr*(sign(0.9*m + 0.1*g) + 0.1*p); m = 0.99*m + 0.01*g"},
    {"adabelief", "learning_rate=0.02", "lr=0.02", "m=0 s=0",
     "m = 0.9*m + 0.1*g; s = 0.999*s + 0.001*(g-m)^2 + 1e-8; p = p - "
     "lr*(m/(1-0.9^step))/(sqrt(s/(1-0.999^step)) + 1e-8)"},
    {"yogi", "", "lr=0.01", "m=0 v=0",
     "m = 0.9*m + 0.1*g; v = v - 0.001*sign(v - g^2)*g^2; p = p - lr*m/(sqrt(v) + 1e-3)"},
    {"signum", "learning_rate=0.01 weight_decay=0.1", "lr=0.01", "m=0",
     "m = 0.9*m + (1-0.9)*(g + 0.1*p); p = p - lr*sign(m)"},
    {"adopt", "learning_rate=0.01", "lr=0.01", "m=0 v=0",
     "on = heaviside(step - 1.5); k = sqrt(sqrt(step - 1)); d = on*max(sqrt(v), 1e-6) + 1 - on; "
     "m = 0.9*m + (1-0.9)*on*min(max(g/d, -k), k); p = p - lr*m; "
     "v = on*(0.9999*v + (1-0.9999)*g^2) + (1-on)*g^2"},
    {"ademamix", "learning_rate=0.01 weight_decay=0.1", "lr=0.01", "m=0 n=0 v=0",
     "p = p*(1 - lr*0.1); m = 0.9*m + (1-0.9)*g; n = 0.9999*n + (1-0.9999)*g; v = 0.999*v + "
     "(1-0.999)*g^2; p = p - lr*(m/(1-0.9^step) + 5*n)/(sqrt(v/(1-0.999^step)) + 1e-8)"},
    {"sgd", "learning_rate=0.02*min(1,step/50)*cos(pi/2*step/steps)", "lr=0", "",
     "lr1 = 0.02*min(1,step/50)*cos(pi/2*step/steps); p = p - lr1*g"},
};

/* Words "name=value" into lists; returns their number. The names point into `copy`. */
static size_t take(const char *text, char *copy, size_t size, const char **names, double *values)
{
    size_t count = 0;
    char *rest = NULL;
    snprintf(copy, size, "%s", text);
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *equals = strchr(word, '=');
        *equals = '\0';
        names[count] = word;
        values[count++] = strtod(equals + 1, NULL);
    }
    return count;
}

static struct orl_optimizer *built_in(const struct own *own)
{
    static const struct orl_oracle oracle = {.dimension = DIMENSION};
    const struct orl_optimizer_desc *desc = orl_optimizer_find(own->built_in);
    struct orl_value values[16] = {{0}}, common[ORL_COMMON_COUNT] = {{0}};
    struct orl_optimizer *made = NULL;
    char copy[256], *rest = NULL, *end;
    for (size_t i = 0; i < orl_setting_count(desc->settings); i++)
        values[i].number = desc->settings[i].initial;
    snprintf(copy, sizeof copy, "%s", own->settings);
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *equals = strchr(word, '=');
        *equals = '\0';
        int index = orl_setting_find(desc->settings, word);
        assert_true(index >= 0);
        values[index].number = strtod(equals + 1, &end);
        values[index].text = *end ? equals + 1 : NULL;
    }
    assert_int_equal(
        orl_optimizer_create(desc, values, common, DIMENSION, STEPS, &oracle, &made, NULL), ORL_OK);
    return made;
}

static int compile(const struct own *own, const struct orl_optimizer_desc **desc,
                   struct orl_formula_error *error)
{
    char hyper[256], state[256];
    const char *hyper_names[HYPER_MAX], *state_names[HYPER_MAX];
    double hyper_values[HYPER_MAX], state_values[HYPER_MAX];
    struct orl_rule_spec spec = {.hyper_names = hyper_names,
                                 .hyper_values = hyper_values,
                                 .state_names = state_names,
                                 .state_initial = state_values,
                                 .update = own->update};
    spec.hyper_count = take(own->hyper, hyper, sizeof hyper, hyper_names, hyper_values);
    spec.state_count = take(own->state, state, sizeof state, state_names, state_values);
    return orl_rule_create(&spec, &orl_limits_default, desc, error);
}

static void slope(const double *x, double *g)
{
    for (int i = 0; i < DIMENSION; i++)
        g[i] = x[i] * x[i] * x[i] * (i % 3 + 1) - 1.0;
}

static void same_way(const struct own *own)
{
    static const struct orl_oracle oracle = {.dimension = DIMENSION};
    const struct orl_optimizer_desc *desc = NULL;
    struct orl_formula_error error = {0};
    struct orl_optimizer *mine = NULL, *theirs = built_in(own);
    struct orl_value values[HYPER_MAX] = {{0}}, common[ORL_COMMON_COUNT] = {{0}};
    static const double begin[3] = {2, -1, 0.5};
    double x[DIMENSION], y[DIMENSION], at[DIMENSION], g[DIMENSION];
    for (int i = 0; i < DIMENSION; i++)
        x[i] = y[i] = begin[i % 3] * (1 + 1e-4 * i);
    if (compile(own, &desc, &error) != ORL_OK)
        fail_msg("%s: %s", own->update, error.text);
    for (size_t i = 0; i < orl_setting_count(desc->settings); i++)
        values[i].number = desc->settings[i].initial;
    assert_int_equal(
        orl_optimizer_create(desc, values, common, DIMENSION, STEPS, &oracle, &mine, NULL), ORL_OK);
    for (int step = 1; step <= STEPS; step++) {
        slope(x, g);
        assert_int_equal(orl_optimizer_step(mine, x, g, NULL), ORL_OK);
        orl_optimizer_probe(theirs, y, at);
        slope(at, g);
        assert_int_equal(orl_optimizer_step(theirs, y, g, NULL), ORL_OK);
        orl_optimizer_probe(theirs, y, at);
        for (int i = 0; i < DIMENSION; i++)
            if (!(fabs(x[i] - at[i]) <= 1e-11))
                fail_msg("%s, step %d: %.17g, the built-in rule %.17g", own->built_in, step, x[i],
                         at[i]);
    }
    assert_true(fabs(x[0] - 2) > 1e-3);
    orl_optimizer_destroy(&mine);
    orl_optimizer_destroy(&theirs);
    orl_rule_destroy(&desc);
}

static void built_in_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        same_way(&rules[i]);
}

/* No first-order rule of the table is left out; those that search, or use curvature, are no rules
 * of that kind, nor are those that begin where the parameters do or look at all of them at once. */
static void all_of_them(void **state)
{
    static const char *const others[] = {
        "schedule-free-sgd", "schedule-free-adamw", "mars", "lamb", "prodigy", "dog", "polyak",
        "barzilai-borwein"};
    (void)state;
    for (size_t k = 0; orl_optimizers[k]; k++) {
        bool found = orl_optimizers[k]->create != NULL;
        for (size_t i = 0; !found && i < sizeof rules / sizeof *rules; i++)
            found = strcmp(rules[i].built_in, orl_optimizers[k]->name) == 0;
        for (size_t i = 0; !found && i < sizeof others / sizeof *others; i++)
            found = strcmp(others[i], orl_optimizers[k]->name) == 0;
        if (!found)
            fail_msg("%s is not written as a rule of one's own", orl_optimizers[k]->name);
    }
}

static void faults(void **state)
{
    static const struct {
        const char *update;
        size_t offset;
        const char *words;
    } cases[] = {
        {"p = p - lr*q", 11, "'q' is unknown"},
        {"v = v + g\np = p - lr*sine(v)", 21, "sine"},
        {"g = 1; p = g", 0, "cannot be assigned"},
        {"lr = lr/2; p = p - lr*g", 0, "stays as it is"},
        {"v = g", 0, "never moves"},
        {"p - lr*g", 0, "NAME = FORMULA"},
        {"p == 1", 0, "NAME = FORMULA"},
        {"p = p - w; w = g", 8, "'w' is unknown"},
        {"", 0, "never moves"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct own own = {.hyper = "lr=0.1", .state = "v=0", .update = cases[i].update};
        const struct orl_optimizer_desc *desc = NULL;
        struct orl_formula_error error = {0};
        assert_int_equal(compile(&own, &desc, &error), ORL_EINPUT);
        assert_null(desc);
        if (error.offset != cases[i].offset || !strstr(error.text, cases[i].words))
            fail_msg("'%s' at %zu: %s", cases[i].update, error.offset, error.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(built_in_rules),
                                       cmocka_unit_test(all_of_them), cmocka_unit_test(faults)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
