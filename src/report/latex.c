/* results.tex: the runs of each problem as a table that fits an A4 page; the rest of what is known
 * of them is in results.csv and results.md. */
#include <math.h>
#include <string.h>

#include "report/parts.h"

enum {
    PARAMETERS_MOST = 5,
    ERRORS_MOST = 3,
    DIGITS = 4,
    ERROR_DIGITS = 2
}; /* a line of A4 holds no more */

void orl_latex_text(struct orl_text *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("&%$#_{}", *text))
            orl_text_putc(out, '\\');
        orl_text_puts(out, *text == '\\'  ? "\\textbackslash{}"
                           : *text == '~' ? "\\textasciitilde{}"
                           : *text == '^' ? "\\textasciicircum{}"
                                          : "");
        if (!strchr("\\~^", *text))
            orl_text_putc(out, *text);
    }
}

/* 1.59e-14 as a power of ten; a dash where there is no number. */
static void latex_figures(struct orl_text *out, double value, int digits)
{
    char text[ORL_NUMBER_SIZE];
    if (!isfinite(value)) {
        orl_text_puts(out, "--");
        return;
    }
    orl_double_digits(text, value, digits);
    char *power = strchr(text, 'e');
    if (power)
        *power++ = '\0';
    orl_text_printf(out, "$%s", text);
    if (power)
        orl_text_printf(out, "\\times10^{%s%s}", *power == '-' ? "-" : "",
                        power + strspn(power, "+-0"));
    orl_text_putc(out, '$');
}

static void latex_number(struct orl_text *out, double value)
{
    latex_figures(out, value, DIGITS);
}

/* alpha is a letter, everything else a word. */
static void latex_name(struct orl_text *out, const char *name)
{
    static const char *const greek[] = {"alpha",   "beta",  "gamma", "delta", "epsilon", "zeta",
                                        "eta",     "theta", "iota",  "kappa", "lambda",  "mu",
                                        "nu",      "xi",    "pi",    "rho",   "sigma",   "tau",
                                        "upsilon", "phi",   "chi",   "psi",   "omega",   NULL};
    for (size_t i = 0; greek[i]; i++)
        if (strcmp(greek[i], name) == 0) {
            orl_text_printf(out, "$\\%s$", name);
            return;
        }
    orl_latex_text(out, name);
}

static size_t parameters_shown(const struct orl_report_run *run)
{
    size_t most = run->fit ? ERRORS_MOST : PARAMETERS_MOST;
    return run->parameter_count < most ? run->parameter_count : most;
}

static void latex_run(struct orl_text *out, const struct orl_report_run *run,
                      const struct orl_report_run *first)
{
    const char *slash = strchr(run->name, '/');
    orl_latex_text(out, run->title && *run->title ? run->title : slash ? slash + 1 : run->name);
    orl_text_printf(out, " & %lld & ", (long long)run->steps);
    if (run->status == ORL_STATUS_DIVERGED)
        orl_text_puts(out, "diverged");
    else
        latex_number(out, run->loss);
    orl_text_puts(out, " & ");
    if (run->steps_to[1] >= 0)
        orl_text_printf(out, "%lld", (long long)run->steps_to[1]);
    else
        orl_text_puts(out, "--");
    for (size_t i = 0; i < parameters_shown(first); i++) {
        double value = NAN, error = NAN;
        for (size_t k = 0; run->values && k < run->parameter_count; k++)
            if (strcmp(run->parameters[k], first->parameters[i]) == 0) {
                value = run->values[k];
                error = run->fit && k < run->fit->count ? orl_fit_standard_error(run->fit, k) : NAN;
            }
        orl_text_puts(out, " & ");
        latex_number(out, value);
        if (isfinite(error)) {
            orl_text_puts(out, " $\\pm$ ");
            latex_figures(out, error, ERROR_DIGITS);
            orl_text_puts(out, run->fit->arrived ? "" : "*");
        }
    }
    orl_text_puts(out, " \\\\\n");
}

static void latex_table(struct orl_text *out, const struct orl_layout_of_report *layout,
                        size_t group)
{
    size_t begin = layout->problems.start[group], end = layout->problems.start[group + 1];
    const struct orl_report_run *first = &layout->report->runs[layout->problems.items[begin]];
    orl_text_puts(out, "% ");
    orl_latex_text(out, orl_report_problem_title(first));
    orl_text_puts(out, "\n{\\footnotesize\\setlength{\\tabcolsep}{3pt}%\n\\begin{tabular}{lrrr");
    for (size_t i = 0; i < parameters_shown(first); i++)
        orl_text_putc(out, 'r');
    orl_text_puts(out, "}\n\\hline\nOptimizer & Steps & Loss & Steps to $10^{-3}$");
    for (size_t i = 0; i < parameters_shown(first); i++) {
        orl_text_puts(out, " & ");
        latex_name(out, first->parameters[i]);
    }
    orl_text_puts(out, " \\\\\n\\hline\n");
    for (size_t i = begin; i < end; i++)
        latex_run(out, &layout->report->runs[layout->problems.items[i]], first);
    orl_text_puts(out, "\\hline\n\\end{tabular}}\n");
    if (first->parameter_count > PARAMETERS_MOST)
        orl_text_printf(out, "%% %zu more parameters are in results.csv\n",
                        first->parameter_count - PARAMETERS_MOST);
    orl_text_putc(out, '\n');
}

bool orl_latex_results(struct orl_text *out, const struct orl_report *report)
{
    struct orl_layout_of_report layout = {0};
    bool good = orl_report_arrange(&layout, report);
    for (size_t g = 0; good && g < layout.problems.count; g++)
        latex_table(out, &layout, g);
    orl_report_arrange_uninit(&layout);
    return good;
}
