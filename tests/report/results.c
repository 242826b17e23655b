/* The table of runs as CSV, Markdown and LaTeX: the right number in each column, and users' text
 * quoted as each of them asks. */
#include "orl_test.h"

#include "report/sample.h"

static struct orl_report_run odd_run(const char *name)
{
    static const char *const parameters[] = {"alpha"};
    static const double values[] = {4}, truth[] = {1};
    return (struct orl_report_run){.name = name,
                                   .problem = "p, \"q\"",
                                   .optimizer = "o",
                                   .kind = "sgd",
                                   .status = ORL_STATUS_CONVERGED,
                                   .steps = 17,
                                   .loss = 0.25,
                                   .gradient_norm = 0.5,
                                   .parameter_count = 1,
                                   .parameters = parameters,
                                   .values = values,
                                   .truth = truth,
                                   .steps_to = {3, 5, -1},
                                   .seconds = 2};
}

/* The text of a line, from 0; in `line`. */
static void line_of(const char *text, int number, char line[512])
{
    while (number-- > 0)
        text = strchr(text, '\n') + 1;
    snprintf(line, 512, "%.*s", (int)strcspn(text, "\n"), text);
}

static void csv_doubles_quotes(void **state)
{
    struct orl_report_run run = odd_run("p/say \"hi\", twice");
    struct orl_report report = {.runs = &run, .run_count = 1};
    char *csv = orl_report_results(&report, ORL_RESULTS_CSV), line[512];
    (void)state;
    line_of(csv, 1, line);
    const char *wanted = "\"p, \"\"q\"\"\",\"say \"\"hi\"\", twice\",sgd,converged,17,0.25,0.5,";
    if (strncmp(line, wanted, strlen(wanted)) != 0)
        fail_msg("%s", line);
    free(csv);
}

/* Value of a named column, counted from the head; the cells here hold no commas. */
static void column_of(const char *csv, const char *name, char out[64])
{
    char head[512], row[512];
    line_of(csv, 0, head);
    line_of(csv, 1, row);
    char *h = head, *r = row;
    for (char *cell = strsep(&h, ","); cell; cell = strsep(&h, ",")) {
        char *value = strsep(&r, ",");
        if (strcmp(cell, name) == 0) {
            snprintf(out, 64, "%s", value ? value : "?");
            return;
        }
    }
    fail_msg("no column %s", name);
}

static void each_column_holds_its_number(void **state)
{
    static const char *const wanted[][2] = {
        {"steps", "17"},        {"loss", "0.25"},        {"gradient_norm", "0.5"},
        {"steps_to_1e-2", "3"}, {"steps_to_1e-3", "5"},  {"steps_to_1e-6", ""},
        {"alpha", "4"},         {"status", "converged"}, {"distance_to_truth", "3"}};
    struct orl_report_run run = odd_run("p/o");
    struct orl_report report = {.runs = &run, .run_count = 1};
    char value[64];
    (void)state;
    run.problem = "p";
    char *csv = orl_report_results(&report, ORL_RESULTS_CSV);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        column_of(csv, wanted[i][0], value);
        if (strcmp(value, wanted[i][1]) != 0)
            fail_msg("%s is '%s', not '%s'", wanted[i][0], value, wanted[i][1]);
    }
    free(csv);
}

/* Standard errors stand behind the parameters, then what the whole fit is worth; on a page an error
 * stands beside its value, with a star where the run was still on its way. */
static void fits_have_columns(void **state)
{
    static const char *const wanted[][2] = {{"alpha", "4"},
                                            {"alpha_se", "0.5"},
                                            {"residual_sd", "0.375"},
                                            {"degrees_of_freedom", "31"},
                                            {"reduced_chi_square", "37"},
                                            {"r_squared", "0.625"},
                                            {"aic", "41"},
                                            {"bic", "-43"},
                                            {"arrived", "false"}};
    double covariance[] = {0.25};
    struct orl_fit fit = {.points = 32,
                          .count = 1,
                          .degrees_of_freedom = 31,
                          .residual_sd = 0.375,
                          .reduced_chi_square = 37,
                          .r_squared = 0.625,
                          .aic = 41,
                          .bic = -43,
                          .covariance = covariance};
    struct orl_report_run run = odd_run("p/o");
    struct orl_report report = {.runs = &run, .run_count = 1};
    char value[64];
    (void)state;
    run.problem = "p";
    run.fit = &fit;
    char *csv = orl_report_results(&report, ORL_RESULTS_CSV),
         *latex = orl_report_results(&report, ORL_RESULTS_LATEX);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        column_of(csv, wanted[i][0], value);
        if (strcmp(value, wanted[i][1]) != 0)
            fail_msg("%s is '%s', not '%s'", wanted[i][0], value, wanted[i][1]);
    }
    assert_non_null(strstr(latex, "$\\pm$ $0.5$* \\\\"));
    assert_non_null(strstr(latex, "\\multicolumn{5}{l}{* still on its way"));
    fit.arrived = true;
    free(latex);
    latex = orl_report_results(&report, ORL_RESULTS_LATEX);
    assert_non_null(strstr(latex, "$\\pm$ $0.5$ \\\\"));
    assert_null(strstr(latex, "still on its way"));
    free(csv);
    free(latex);
}

static void markdown_and_latex_escape_what_they_must(void **state)
{
    struct orl_report_run run = odd_run("p/a_b|c&d αω²⁻⁴é");
    struct orl_report report = {.runs = &run, .run_count = 1};
    char *markdown = orl_report_results(&report, ORL_RESULTS_MARKDOWN),
         *latex = orl_report_results(&report, ORL_RESULTS_LATEX);
    (void)state;
    assert_non_null(strstr(markdown, "a\\_b\\|c&d αω²⁻⁴é"));
    assert_non_null(strstr(latex, "a\\_b\\ensuremath{|}c\\&d \\ensuremath{\\alpha}"
                                  "\\ensuremath{\\omega}\\ensuremath{^2}\\ensuremath{^-}"
                                  "\\ensuremath{^4}é & 17 & $0.25$ & 5 & $4$ "));
    assert_non_null(strstr(latex, "Optimizer & Steps & Loss & Steps to $10^{-3}$ & $\\alpha$ "));
    free(markdown);
    free(latex);
}

/* Training logs have no problem: one rank of theirs is shared, and is no problem's. */
static void runs_without_a_problem_rank_among_each_other(void **state)
{
    struct orl_report_run runs[3] = {odd_run("one"), odd_run("two"), odd_run("p/three")};
    struct orl_report report = {.runs = runs, .run_count = 3};
    (void)state;
    runs[0].rank = runs[1].rank = runs[2].rank = 1;
    runs[0].problem = runs[1].problem = NULL;
    char *summary = orl_report_results(&report, ORL_RESULTS_SUMMARY);
    assert_non_null(strstr(summary, "| one | =1 | "));
    assert_non_null(strstr(summary, "| two | =1 | "));
    assert_non_null(strstr(summary, "| p/three | 1 | "));
    free(summary);
}

/* The alt text names the lowest of the three losses that the run reached, and its step. */
static void alt_text_names_the_lowest_level_and_its_step(void **state)
{
    static const struct {
        int64_t steps_to[3];
        const char *words;
    } cases[] = {{{11, -1, -1}, "reaches loss 1e-2 at step 11 "},
                 {{11, 22, -1}, "reaches loss 1e-3 at step 22 "},
                 {{11, 22, 33}, "reaches loss 1e-6 at step 33 "}};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct sample s;
        sample_fill(&s);
        memcpy(s.runs[0].steps_to, cases[i].steps_to, sizeof cases[i].steps_to);
        char *alt = orl_report_alt(&s.report, &s.films[0]);
        if (!strstr(alt, cases[i].words))
            fail_msg("'%s' is not in: %s", cases[i].words, alt);
        free(alt);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_doubles_quotes),
        cmocka_unit_test(each_column_holds_its_number),
        cmocka_unit_test(fits_have_columns),
        cmocka_unit_test(markdown_and_latex_escape_what_they_must),
        cmocka_unit_test(runs_without_a_problem_rank_among_each_other),
        cmocka_unit_test(alt_text_names_the_lowest_level_and_its_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
