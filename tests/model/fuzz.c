/* Any bytes as a formula: refused with a place inside of it, or evaluated the same way by the tree
 * and by the tape. */
#include <math.h>

#include "optreel/model.h"
#include "orl_fuzz.h"

static void check_refusal(const struct orl_formula_error *error, size_t size)
{
    if (error->offset > size || error->offset + error->length > size + 1 || !error->text[0] ||
        strlen(error->text) >= sizeof error->text)
        abort();
}

/* What is kept of the text is the same formula. */
static void again_check(const struct orl_formula *f, const double *values, double tree)
{
    struct orl_formula *again = NULL;
    struct orl_formula_error error = {0};
    const char *text = orl_formula_text(f);
    fuzz_require(orl_formula_parse(text, strlen(text), &orl_limits_default, &again, &error) ==
                 ORL_OK);
    double value = orl_formula_evaluate(again, values);
    fuzz_require(value == tree || (isnan(value) && isnan(tree)));
    orl_formula_destroy(&again);
}

static void check_value(const char *text, const struct orl_formula *f)
{
    static const double at[] = {0.7, -1.3};
    const char *names[64];
    double values[64], gradient[64], loss;
    size_t count = orl_formula_name_count(f);
    struct orl_problem *p = NULL;
    struct orl_workspace *w = NULL;
    if (count == 0 || count > 64)
        return;
    for (size_t i = 0; i < count; i++) {
        names[i] = orl_formula_name(f, i);
        values[i] = at[i % 2];
    }
    struct orl_problem_spec spec = {
        .model = text, .parameters = names, .start = values, .parameter_count = count};
    if (orl_problem_create(&spec, &orl_limits_default, &p, NULL) != ORL_OK ||
        orl_workspace_create(p, &w, NULL) != ORL_OK)
        abort();
    orl_problem_evaluate(p, w, values, NULL, 0, &loss, gradient);
    double tree = orl_formula_evaluate(f, values);
    again_check(f, values, tree);
    if (!(loss == tree || (isnan(loss) && isnan(tree))))
        abort();
    orl_workspace_destroy(&w);
    orl_problem_destroy(&p);
}

enum { POINTS = 37 }; /* no multiple of a block's lanes */

/* Predictions in blocks, at points of x, are what the tree gives at each. */
static void blocks_check(const struct orl_formula *f, const double *parameters,
                         const char *const *names, size_t count, size_t x)
{
    struct orl_column_spec column = {.name = "x", .from = -2, .to = 3, .count = POINTS};
    const struct orl_noise_spec noise = {0};
    struct orl_dataset *data = NULL;
    struct orl_problem *p = NULL;
    struct orl_workspace *w = NULL;
    double at[POINTS], predicted[POINTS], values[64];
    const double *const columns[] = {at};
    if (orl_dataset_generate(f, names, parameters, count, &column, 1, &noise, 1, &data, NULL) !=
        ORL_OK)
        return;
    struct orl_problem_spec spec = {.model = orl_formula_text(f),
                                    .parameters = names,
                                    .start = parameters,
                                    .parameter_count = count,
                                    .data = &data,
                                    .loss = orl_loss_find("mse")};
    fuzz_require(orl_problem_create(&spec, &orl_limits_default, &p, NULL) == ORL_OK &&
                 orl_workspace_create(p, &w, NULL) == ORL_OK);
    for (size_t i = 0; i < POINTS; i++)
        at[i] = -2.0 + (double)i / 7.0;
    orl_problem_predict(p, w, parameters, columns, POINTS, predicted);
    for (size_t i = 0; i < POINTS; i++) {
        for (size_t k = 0, from = 0; k <= count; k++)
            values[k] = k == x ? at[i] : parameters[from++];
        double tree = orl_formula_evaluate(f, values);
        fuzz_require(predicted[i] == tree || (isnan(predicted[i]) && isnan(tree)));
    }
    orl_workspace_destroy(&w);
    orl_problem_destroy(&p);
}

/* The same formula with its x as a column of data, and all other names as parameters. */
static void check_blocks(const struct orl_formula *f)
{
    const char *names[64];
    double parameters[64];
    size_t count = orl_formula_name_count(f), others = 0, x = SIZE_MAX;
    for (size_t i = 0; i < count && count <= 64; i++) {
        const char *name = orl_formula_name(f, i);
        if (strcmp(name, "x") == 0) {
            x = i;
            continue;
        }
        parameters[others] = others % 2 ? -1.3 : 0.7;
        names[others++] = name;
    }
    if (x != SIZE_MAX && others > 0)
        blocks_check(f, parameters, names, others, x);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct orl_formula *f = NULL;
    struct orl_formula_error error = {0}, remark = {0};
    int ret = orl_formula_parse((const char *)bytes, size, &orl_limits_default, &f, &error);
    if (ret != ORL_OK) {
        check_refusal(&error, size);
        return 0;
    }
    char *pretty = orl_formula_pretty(f);
    if (!pretty)
        abort();
    free(pretty);
    (void)orl_formula_remark(f, &remark);
    check_value(orl_formula_text(f), f);
    check_blocks(f);
    orl_formula_destroy(&f);
    return 0;
}

#ifndef ORL_FUZZER_MAIN
int main(void)
{
    static const char *const seeds[] = {
        "alpha + beta*x + gamma*x^2", "(1-x)^2 + 100*(y-x^2)^2", "a*exp(-k*t) + c",
        "atan2(x, -y)^max(a, 2)",     "sin(cos(tan(x)))/1e-3",   ""};
    static const char *const words[] = {"(",  ")",    "((((((((", "^",   "**",       "-",
                                        "+x", "sin(", "max(",     ",",   "1e",       "1e309",
                                        ".",  "0x1",  "nan",      "inf", "\xce\xb1", "\xff",
                                        "x",  "pi",   " ",        "\n",  "^-16",     "hypot(x,"};
    (void)fuzz_replay("formula");
    return fuzz_run(seeds, sizeof seeds / sizeof *seeds, words, sizeof words / sizeof *words,
                    400000);
}
#endif
