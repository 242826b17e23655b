/* Random formulas over the whole list of functions: blocks and the tree walk give the same bits,
 * gradients are what differences say. */
#include "orl_test.h"

#include "base/random.h"
#include "base/text.h"
#include "optreel/model.h"

enum { FORMULAS = 1500, POINTS = 40, PARAMETERS = 3, DEPTH = 4 };

static const char *const names[PARAMETERS] = {"a", "b", "c"};

static void write_formula(struct orl_random *random, struct orl_text *out, int depth)
{
    static const char *const operators[] = {"+", "-", "*", "/", "^"};
    static const char *const leaves[] = {"a", "b", "c", "x", "2", "0.5", "3", "pi", "1e-3", "7.25"};
    size_t functions = 0;
    while (orl_functions[functions].name)
        functions++;
    switch (depth == 0 ? 0 : orl_random_below(random, 5)) {
    case 0:
        orl_text_puts(out, leaves[orl_random_below(random, sizeof leaves / sizeof *leaves)]);
        return;
    case 1:
    case 2:
        orl_text_putc(out, '(');
        write_formula(random, out, depth - 1);
        orl_text_puts(out, operators[orl_random_below(random, 5)]);
        write_formula(random, out, depth - 1);
        orl_text_putc(out, ')');
        return;
    case 3:
        orl_text_puts(out, "(-");
        write_formula(random, out, depth - 1);
        orl_text_putc(out, ')');
        return;
    default: {
        const struct orl_function_desc *f = &orl_functions[orl_random_below(random, functions)];
        orl_text_printf(out, "%s(", f->name);
        for (unsigned i = 0; i < f->arguments; i++) {
            orl_text_puts(out, i ? ", " : "");
            write_formula(random, out, depth - 1);
        }
        orl_text_putc(out, ')');
    }
    }
}

struct subject {
    struct orl_problem *problem;
    struct orl_workspace *workspace;
    const struct orl_formula *formula;
    double x[POINTS];
};

/* y = 0 everywhere, so that the loss is the mean of the squared formula. */
static bool make(const char *text, struct subject *s)
{
    static const double zeros[PARAMETERS];
    struct orl_column_spec column = {.name = "x", .from = 0.3, .to = 1.9, .count = POINTS};
    struct orl_noise_spec none = {0};
    struct orl_formula *zero = NULL;
    struct orl_formula_error refused;
    struct orl_dataset *data = NULL;
    assert_int_equal(orl_formula_parse("0*x", 3, &orl_limits_default, &zero, &refused), ORL_OK);
    assert_int_equal(
        orl_dataset_generate(zero, names, zeros, PARAMETERS, &column, 1, &none, 1, &data, NULL),
        ORL_OK);
    orl_formula_destroy(&zero);
    memcpy(s->x, data->values[0], sizeof s->x);
    struct orl_problem_spec spec = {.model = text,
                                    .parameters = names,
                                    .start = zeros,
                                    .parameter_count = PARAMETERS,
                                    .data = &data,
                                    .loss = orl_loss_find("mse")};
    assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &s->problem, NULL), ORL_OK);
    assert_int_equal(orl_workspace_create(s->problem, &s->workspace, NULL), ORL_OK);
    s->formula = orl_problem_formula(s->problem);
    return true;
}

static double tree_at(const struct subject *s, const double *p, double x)
{
    double values[8] = {0};
    for (size_t i = 0; i < orl_formula_name_count(s->formula); i++) {
        const char *name = orl_formula_name(s->formula, i);
        if (strcmp(name, "x") == 0)
            values[i] = x;
        else if (!orl_constant_find(name, &values[i]))
            values[i] = p[*name - 'a'];
    }
    return orl_formula_evaluate(s->formula, values);
}

static void same_bits(const struct subject *s, const double *p, const char *text)
{
    const double *columns[] = {s->x};
    double out[POINTS];
    orl_problem_predict(s->problem, s->workspace, p, columns, POINTS, out);
    for (size_t i = 0; i < POINTS; i++) {
        double tree = tree_at(s, p, s->x[i]);
        if (memcmp(&tree, &out[i], sizeof tree) != 0 && !(isnan(tree) && isnan(out[i])))
            fail_msg("%s at %g: the tree says %.17g, the blocks %.17g", text, s->x[i], tree,
                     out[i]);
    }
}

static double loss_near(const struct subject *s, double *p, size_t j, double step)
{
    double loss, keep = p[j];
    p[j] = keep + step;
    orl_problem_evaluate(s->problem, s->workspace, p, NULL, 0, &loss, NULL);
    p[j] = keep;
    return loss;
}

static double difference(const struct subject *s, double *p, size_t j, double h)
{
    return (loss_near(s, p, j, -2 * h) - 8 * loss_near(s, p, j, -h) + 8 * loss_near(s, p, j, h) -
            loss_near(s, p, j, 2 * h)) /
           (12 * h);
}

/* Where differences of two widths agree the function is smooth there, and the gradient has to
 * agree, too. Returns how often that was so. */
static int same_slopes(const struct subject *s, double *p, const char *text)
{
    double loss, gradient[PARAMETERS];
    int compared = 0;
    orl_problem_evaluate(s->problem, s->workspace, p, NULL, 0, &loss, gradient);
    if (!isfinite(loss) || loss > 1e12)
        return 0;
    for (size_t j = 0; j < PARAMETERS; j++) {
        double wide = difference(s, p, j, 2e-3), narrow = difference(s, p, j, 1e-3),
               scale = 1e-9 + fabs(narrow) + fabs(loss);
        if (!isfinite(wide) || !(fabs(wide - narrow) <= 1e-7 * scale))
            continue;
        if (!(fabs(gradient[j] - narrow) <= 1e-5 * scale))
            fail_msg("%s: d/d%s is %.12g, differences say %.12g", text, names[j], gradient[j],
                     narrow);
        compared++;
    }
    return compared;
}

static void random_formulas(void **state)
{
    struct orl_random random;
    int compared = 0;
    (void)state;
    orl_random_init(&random, 2024, 0);
    for (int i = 0; i < FORMULAS; i++) {
        struct orl_text text = {0};
        struct subject s = {0};
        write_formula(&random, &text, DEPTH);
        make(text.data, &s);
        for (int k = 0; k < 2; k++) {
            double p[PARAMETERS] = {0.2 + orl_random_uniform(&random),
                                    0.6 + orl_random_uniform(&random),
                                    0.4 + 0.5 * orl_random_uniform(&random)};
            same_bits(&s, p, text.data);
            compared += same_slopes(&s, p, text.data);
        }
        orl_workspace_destroy(&s.workspace);
        orl_problem_destroy(&s.problem);
        orl_text_uninit(&text);
    }
    assert_true(compared > FORMULAS); /* most of them can be compared */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_formulas)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
