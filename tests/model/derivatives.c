/* First and second derivatives at ordinary, zero, overflowing and singular points, against numbers
 * that derivatives.py made from values at 560 digits: finite wherever the true ones are, and right.
 * Each formula is looked at as a model with one data point (blocks, gradient by the loss and by the
 * Jacobian) and as an objective (scalars). */
#include "orl_test.h"

#include "base/text.h"
#include "optreel/model.h"

enum { VALUE, DA, DB, DAA, DAB, DBB, FACTS };
#define TOLERANCE 1e-9 /* relative: a formula's own rounding, far out, is up to 1e-11 */
#define TINY      1e-120

struct row {
    char formula[64];
    double at[3]; /* a, b, x */
    double facts[FACTS];
    bool known[FACTS];
};

static bool row_read(char *line, struct row *r)
{
    char *rest = line, *field = strsep(&rest, ";\n");
    snprintf(r->formula, sizeof r->formula, "%s", field);
    for (size_t i = 0; i < 3 + FACTS; i++) {
        field = strsep(&rest, ";\n");
        if (!field)
            return false;
        double number = 0.0;
        bool known = strcmp(field, "-") != 0;
        if (known && !orl_double_parse(field, strlen(field), &number))
            return false;
        if (i < 3)
            r->at[i] = number;
        else {
            r->facts[i - 3] = number;
            r->known[i - 3] = known;
        }
    }
    return true;
}

/* A value or slope may be what is left of 1, a second derivative the small difference of products
 * of first ones. */
static bool near(const struct row *r, size_t fact, double found)
{
    double expected = r->facts[fact], most = fmax(fabs(r->facts[DA]), fabs(r->facts[DB]));
    return fabs(found - expected) <=
           TOLERANCE * fabs(expected) + TINY + (fact > DB ? 1e-13 * most * most : 1e-15);
}

/* Far out intermediate results of second derivatives underflow: there it is enough that they are
 * finite. */
static bool is_far(const struct row *r)
{
    return fmax(fabs(r->at[0]), fmax(fabs(r->at[1]), fabs(r->at[2]))) > 1e150;
}

static void compare(const struct row *r, const char *way, size_t fact, double found)
{
    static const char *const names[FACTS] = {"value",  "d/da",    "d/db",
                                             "d2/da2", "d2/dadb", "d2/db2"};
    bool lax = fact > DB && is_far(r) && isfinite(found);
    if (r->known[fact] && !lax && !near(r, fact, found))
        fail_msg("%s at a = %g, b = %g, x = %g, %s: %s is %.17g, expected %.17g", r->formula,
                 r->at[0], r->at[1], r->at[2], way, names[fact], found, r->facts[fact]);
}

/* The mean of absolute residuals far above 0: the loss's slope is 1 and its curvature 0, so that
 * its derivatives are the model's. */
static struct orl_problem *problem_make(const struct row *r, bool data)
{
    static const char *const names[] = {"a", "b", "x"};
    struct orl_column_spec column = {.name = "x", .list = &r->at[2], .count = 1};
    struct orl_noise_spec none = {0};
    struct orl_formula *far = NULL;
    struct orl_formula_error refused;
    struct orl_dataset *made = NULL;
    struct orl_problem *problem = NULL;
    struct orl_error err = {0};
    assert_int_equal(orl_formula_parse("-1e303", 6, &orl_limits_default, &far, &refused), ORL_OK);
    if (data)
        assert_int_equal(
            orl_dataset_generate(far, NULL, NULL, 0, &column, 1, &none, 1, &made, &err), ORL_OK);
    orl_formula_destroy(&far);
    struct orl_problem_spec spec = {.model = r->formula,
                                    .parameters = names,
                                    .start = r->at,
                                    .parameter_count = data ? 2 : 3,
                                    .data = data ? &made : NULL,
                                    .loss = orl_loss_find("mae")};
    if (orl_problem_create(&spec, &orl_limits_default, &problem, &err) != ORL_OK)
        fail_msg("%s: %s", r->formula, err.text);
    return problem;
}

/* False where the value itself is out of reach: infinity divided by infinity, on the way to 1. */
static bool row_check(const struct row *r, bool data)
{
    struct orl_problem *p = problem_make(r, data);
    struct orl_workspace *w = NULL;
    struct orl_hessian *h = NULL;
    const char *way = data ? "as a model" : "as an objective";
    size_t n = data ? 2 : 3;
    double loss, gradient[3], matrix[9], value, residual, jacobian[2];
    const double *columns[] = {&r->at[2]};
    assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
    assert_int_equal(orl_hessian_create(p, &h, NULL), ORL_OK);
    orl_problem_evaluate(p, w, r->at, NULL, 0, &loss, gradient);
    bool reached = isfinite(loss);
    orl_hessian_evaluate(p, w, h, r->at, matrix);
    if (data && reached) {
        orl_problem_predict(p, w, r->at, columns, 1, &value);
        compare(r, way, VALUE, value);
        orl_problem_residuals(p, w, r->at, 0, 1, &residual, jacobian);
        compare(r, "in the Jacobian", DA, jacobian[0]);
        compare(r, "in the Jacobian", DB, jacobian[1]);
    }
    const double found[FACTS] = {loss,      gradient[0], gradient[1],
                                 matrix[0], matrix[1],   matrix[n + 1]};
    for (size_t i = data ? DA : VALUE; reached && i < FACTS; i++)
        compare(r, way, i, found[i]);
    orl_hessian_destroy(&h);
    orl_workspace_destroy(&w);
    orl_problem_destroy(&p);
    return reached;
}

static void right_everywhere(void **state)
{
    FILE *file = fopen(ORL_TEST_DIR "/model/derivatives.csv", "r");
    char line[512];
    size_t rows = 0, all = 0;
    (void)state;
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        struct row r;
        assert_true(row_read(line, &r));
        rows += row_check(&r, true) && row_check(&r, false);
        all++;
    }
    fclose(file);
    assert_true(all > 1500 && rows + 10 > all);
}

/* At x = 0 an operand is infinite and the value is not: it no longer depends on the operand. */
static void infinite_operands(void **state)
{
    static const struct {
        const char *formula;
        double value, da;
    } cases[] = {
        {"a*atan(b/x)", 3.1415926535897931, 1.5707963267948966},
        {"a*tanh(b/x)", 2.0, 1.0},
        {"a*erf(b/x)", 2.0, 1.0},
        {"a*sigmoid(b/x)", 2.0, 1.0},
        {"a*exp(-b/x)", 0.0, 0.0},
        {"a/(1+(b/x)^2)", 0.0, 0.0},
        {"a/(1+exp(b/x))", 0.0, 0.0},
        {"a*atan2(b,1/x)", 0.0, 0.0},
        {"a*atan2(1/x,b)", 3.1415926535897931, 1.5707963267948966},
        {"a/hypot(b,1/x)", 0.0, 0.0},
        {"min(a,b/x)", 2.0, 1.0},
        {"a/(1+cosh(b/x))", 0.0, 0.0},
        {"a*(1+b/x)^(-0.5)", 0.0, 0.0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct row r = {.at = {2.0, 3.0, 0.0}, .facts = {cases[i].value, cases[i].da}};
        snprintf(r.formula, sizeof r.formula, "%s", cases[i].formula);
        for (size_t k = 0; k < FACTS; k++)
            r.known[k] = true;
        assert_true(row_check(&r, true));
        assert_true(row_check(&r, false));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_everywhere),
        cmocka_unit_test(infinite_operands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
