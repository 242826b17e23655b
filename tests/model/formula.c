/* Formulas: what is accepted and refused, where, and what they are worth. */
#include "orl_test.h"

#include "base/text.h"
#include "optreel/model.h"

static struct orl_formula *parse(const char *text)
{
    struct orl_formula *f = NULL;
    struct orl_formula_error error = {0};
    if (orl_formula_parse(text, strlen(text), &orl_limits_default, &f, &error) != ORL_OK)
        fail_msg("'%s': %s", text, error.text);
    return f;
}

/* The value with x = 2, y = 3. */
static double value_of(const char *text)
{
    struct orl_formula *f = parse(text);
    double values[16] = {0};
    for (size_t i = 0; i < orl_formula_name_count(f); i++) {
        const char *name = orl_formula_name(f, i);
        if (!orl_constant_find(name, &values[i]))
            values[i] = strcmp(name, "x") == 0 ? 2.0 : 3.0;
    }
    double value = orl_formula_evaluate(f, values);
    orl_formula_destroy(&f);
    return value;
}

static void values(void **state)
{
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"2^3^2", 512},
        {"-x^2", -4},
        {"x*-2", -4},
        {"--x", 2},
        {"2^-1", 0.5},
        {"1-2-3", -4},
        {"12/2/3", 2},
        {".5*x", 1},
        {"1.5e1+x", 17},
        {"max(x,y)-min(x,y)", 1},
        {"pow(x,y)", 8},
        {"hypot(x,y)^2", 13},
        {"sign(-y)", -1},
        {"floor(-0.5)", -1},
        {"heaviside(0)", 0.5},
        {"relu(-x)", 0},
        {"sigmoid(0)", 0.5},
        {"softplus(0)", 0.69314718055994529},
        {"log(e)", 1},
        {"cos(pi)", -1},
        {"atan2(1, 1)", 0.78539816339744828},
        {"erf(0.5)", 0.52049987781304652},
        {"expm1(1e-10)", 1.00000000005e-10},
        {"cbrt(27)", 3},
        {"x - y*2 + 10/4", -1.5},
        {"+x", 2},
        {"  x  ", 2},
        {"log10(1000)", 3},
        {"log2(8)", 3},
        {"abs(-x)^y", 8},
        {"x^0", 1},
        {"x^16", 65536},
        {"x^-3", 0.125},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_NEAR(value_of(cases[i].text), cases[i].value, 1e-15);
}

/* Values that are numbers are not called infinite: sinh and cosh up to 710.47, log1p everywhere. */
static void extremes(void **state)
{
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"sinh(710)", 1.1169973830808555e308},      {"cosh(710)", 1.1169973830808555e308},
        {"sinh(-710.25)", -1.4342530302495123e308}, {"cosh(-710.25)", 1.4342530302495123e308},
        {"sinh(709.5)", 6.7749315965731642e307},    {"log1p(3e307)", 707.99223583784013},
        {"log1p(1.7e308)", 709.72683689322824},     {"log1p(1e301)", 693.07811299120775},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!(fabs(value_of(cases[i].text) / cases[i].value - 1.0) < 1e-15))
            fail_msg("%s is %.17g", cases[i].text, value_of(cases[i].text));
    assert_true(isinf(value_of("sinh(711)")) && value_of("sinh(-711)") < 0.0);
}

static void refused(const char *text, size_t offset, const char *words, const char *hint)
{
    struct orl_formula *f = NULL;
    struct orl_formula_error error = {0};
    assert_int_equal(orl_formula_parse(text, strlen(text), &orl_limits_default, &f, &error),
                     ORL_EINPUT);
    assert_null(f);
    if (error.offset != offset || !strstr(error.text, words) || (hint && !strstr(error.hint, hint)))
        fail_msg("'%s': at %zu: '%s' (%s)", text, error.offset, error.text, error.hint);
}

static void refusals(void **state)
{
    (void)state;
    refused("x**2", 1, "**", "^");
    refused("sine(x)", 0, "sine", "sin");
    refused("2 x", 2, "x", NULL);
    refused("max(x)", 0, "max", NULL);
    refused("x=1", 1, "=", NULL);
    refused("(x", 0, "(", NULL);
    refused("x+", 1, "ends after", NULL);
    refused("", 0, "empty", NULL);
    refused("1e999", 0, "large", NULL);
    refused("x + \xd1\x85", 4, "", NULL);
}

/* The list that stands beside this file: its first column says what becomes of the formula in the
 * last one. */
static void listed(void **state)
{
    (void)state;
    FILE *in = fopen(ORL_TEST_DIR "/model/formulas.txt", "r");
    char *line = NULL;
    size_t size = 0, seen = 0;
    ssize_t length;
    assert_non_null(in);
    while ((length = getline(&line, &size, in)) > 0) {
        if (line[0] == '#')
            continue;
        if (line[length - 1] == '\n')
            line[--length] = '\0';
        char *reason = strchr(line, '\t'), *text = strchr(reason + 1, '\t') + 1;
        struct orl_formula *f = NULL;
        struct orl_formula_error error = {0}, remark = {0};
        *reason++ = '\0';
        bool accept = strcmp(line, "accept") == 0;
        int ret = orl_formula_parse(text, (size_t)(line + length - text), &orl_limits_default, &f,
                                    &error);
        bool unbound = false;
        for (size_t i = 0; ret == ORL_OK && i < orl_formula_name_count(f); i++) {
            double ignored;
            const char *name = orl_formula_name(f, i);
            unbound |= strcmp(name, "x") != 0 && strcmp(name, "y") != 0 &&
                       !orl_constant_find(name, &ignored);
        }
        if ((ret == ORL_OK && !unbound) != accept)
            fail_msg("%.60s (%.40s): %s", text, reason, ret == ORL_OK ? "accepted" : error.text);
        if (accept && strstr(reason, "warn"))
            assert_int_equal(orl_formula_remark(f, &remark),
                             strstr(reason, "accept + warn") != NULL);
        orl_formula_destroy(&f);
        seen++;
    }
    free(line);
    fclose(in);
    assert_true(seen >= 40);
}

static void pretty(void **state)
{
    static const struct {
        const char *text, *pretty;
    } cases[] = {
        {"alpha + beta*x + gamma*x^2", "α + βx + γx²"},
        {"(1-x)^2 + 100*(y-x^2)^2", "(1 − x)² + 100(y − x²)²"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct orl_formula *f = parse(cases[i].text);
        char *text = orl_formula_pretty(f);
        assert_string_equal(text, cases[i].pretty);
        free(text);
        orl_formula_destroy(&f);
    }
}

static void linear(void **state)
{
    static const char *const names[] = {"a", "b"};
    static const struct {
        const char *text;
        bool linear;
    } cases[] = {
        {"a + b*x^2", true}, {"a*b", false}, {"a*exp(-x) + b/x", true},
        {"exp(a)*x", false}, {"a^2", false}, {"-a - x*b", true},
        {"x/b", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct orl_formula *f = parse(cases[i].text);
        assert_int_equal(orl_formula_is_linear(f, names, 2), cases[i].linear);
        orl_formula_destroy(&f);
    }
}

/* A long name is quoted with an ellipsis and its message goes on behind it, whole. */
static void long_names_are_quoted(void **state)
{
    struct orl_formula *f = NULL;
    struct orl_formula_error error;
    char text[400], longest[101];
    (void)state;
    memset(text, 'n', 300);
    strcpy(text + 300, "(x)");
    assert_int_equal(orl_formula_parse(text, strlen(text), &orl_limits_default, &f, &error),
                     ORL_EINPUT);
    assert_non_null(strstr(error.text, "nnn…'"));
    assert_non_null(strstr(error.hint, "shows the functions"));
    memset(longest, 'm', 100);
    longest[100] = '\0';
    snprintf(text, sizeof text, "x %s", longest); /* as long as names may be */
    assert_int_equal(orl_formula_parse(text, strlen(text), &orl_limits_default, &f, &error),
                     ORL_EINPUT);
    snprintf(text, sizeof text, "an operator is missing before '%s'", longest);
    assert_string_equal(error.text, text);
    snprintf(text, sizeof text, "a product is written with '*': x*%s", longest);
    assert_string_equal(error.hint, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_names_are_quoted),
        cmocka_unit_test(values),
        cmocka_unit_test(extremes),
        cmocka_unit_test(refusals),
        cmocka_unit_test(listed),
        cmocka_unit_test(pretty),
        cmocka_unit_test(linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
