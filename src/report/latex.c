/* results.tex: the runs of each problem as a table that fits an A4 page; the rest of what is known
 * of them is in results.csv and results.md. */
#include <math.h>
#include <string.h>

#include "report/parts.h"

enum {
    LEADING = 4, /* columns before the parameters */
    PARAMETERS_MOST = 5,
    ERRORS_MOST = 3,
    DIGITS = 4,
    ERROR_DIGITS = 2
}; /* a line of A4 holds no more */

/* What titles hold beyond ASCII and pdflatex does not know; Latin letters it knows. */
static const struct {
    uint32_t c;
    const char *tex;
} latex_characters[] = {
    {0x00b2, "\\ensuremath{^2}"},
    {0x00b3, "\\ensuremath{^3}"},
    {0x00b7, "\\ensuremath{\\cdot}"},
    {0x00b9, "\\ensuremath{^1}"},
    {0x00d7, "\\ensuremath{\\times}"},
    {0x00b1, "\\ensuremath{\\pm}"},
    {0x0393, "\\ensuremath{\\Gamma}"},
    {0x0394, "\\ensuremath{\\Delta}"},
    {0x0398, "\\ensuremath{\\Theta}"},
    {0x039b, "\\ensuremath{\\Lambda}"},
    {0x03a0, "\\ensuremath{\\Pi}"},
    {0x03a3, "\\ensuremath{\\Sigma}"},
    {0x03a6, "\\ensuremath{\\Phi}"},
    {0x03a8, "\\ensuremath{\\Psi}"},
    {0x03a9, "\\ensuremath{\\Omega}"},
    {0x03c2, "\\ensuremath{\\varsigma}"},
    {0x2009, "\\,"},
    {0x202f, "\\,"},
    {0x2013, "--"},
    {0x2014, "---"},
    {0x2018, "`"},
    {0x2019, "'"},
    {0x201c, "``"},
    {0x201d, "''"},
    {0x2026, "\\ldots{}"},
    {0x2070, "\\ensuremath{^0}"},
    {0x207b, "\\ensuremath{^-}"},
    {0x2192, "\\ensuremath{\\rightarrow}"},
    {0x2202, "\\ensuremath{\\partial}"},
    {0x2207, "\\ensuremath{\\nabla}"},
    {0x2212, "\\ensuremath{-}"},
    {0x221a, "\\ensuremath{\\surd}"},
    {0x221e, "\\ensuremath{\\infty}"},
    {0x2248, "\\ensuremath{\\approx}"},
    {0x2260, "\\ensuremath{\\ne}"},
    {0x2264, "\\ensuremath{\\le}"},
    {0x2265, "\\ensuremath{\\ge}"},
};

/* Small Greek letters from alpha on, as Unicode has them; omicron is an o, as in TeX. */
static const char *const latex_greek[] = {
    "alpha", "beta",   "gamma",   "delta", "epsilon", "zeta", "eta",  "theta", "iota",
    "kappa", "lambda", "mu",      "nu",    "xi",      NULL,   "pi",   "rho",   NULL,
    "sigma", "tau",    "upsilon", "phi",   "chi",     "psi",  "omega"};
enum {
    ALPHA = 0x03b1,
    SUPERSCRIPT_4 = 0x2074,
    SUBSCRIPT_0 = 0x2080,
    GREEK = sizeof latex_greek / sizeof *latex_greek
};

/* A character beyond ASCII: false where TeX reads it as it is. */
static bool latex_character(struct orl_text *out, uint32_t c)
{
    if (c >= ALPHA && c < ALPHA + GREEK && latex_greek[c - ALPHA])
        orl_text_printf(out, "\\ensuremath{\\%s}", latex_greek[c - ALPHA]);
    else if (c >= SUPERSCRIPT_4 && c <= SUPERSCRIPT_4 + 5)
        orl_text_printf(out, "\\ensuremath{^%u}", (unsigned)(c - SUPERSCRIPT_4 + 4));
    else if (c >= SUBSCRIPT_0 && c <= SUBSCRIPT_0 + 9)
        orl_text_printf(out, "\\ensuremath{_%u}", (unsigned)(c - SUBSCRIPT_0));
    else {
        for (size_t i = 0; i < sizeof latex_characters / sizeof *latex_characters; i++)
            if (latex_characters[i].c == c) {
                orl_text_puts(out, latex_characters[i].tex);
                return true;
            }
        return false;
    }
    return true;
}

/* A mark that LaTeX would take for its own; NULL: the character is no such mark. */
static const char *latex_mark(char c)
{
    return c == '\\'  ? "\\textbackslash{}"
           : c == '~' ? "\\textasciitilde{}"
           : c == '^' ? "\\textasciicircum{}"
           : c == '<' ? "\\ensuremath{<}"
           : c == '>' ? "\\ensuremath{>}"
           : c == '|' ? "\\ensuremath{|}"
           : c == '"' ? "{\\char34}"
                      : NULL;
}

void orl_latex_text(struct orl_text *out, const char *text)
{
    for (size_t length = strlen(text), i = 0, size; i < length; i += size) {
        uint32_t c = 0;
        size = orl_utf8_decode(text + i, length - i, &c);
        size = size ? size : 1;
        const char *mark = latex_mark(text[i]);
        if (mark)
            orl_text_puts(out, mark);
        else if (size == 1 || !latex_character(out, c)) {
            if (strchr("&%$#_{}", text[i]))
                orl_text_putc(out, '\\');
            orl_text_append(out, text + i, size);
        }
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
    for (size_t i = 0; i < GREEK; i++)
        if (latex_greek[i] && strcmp(latex_greek[i], name) == 0) {
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

/* The table in the largest of three sizes in which it is no wider than the line; one that is too
 * wide in each is scaled down, where the document has the package graphicx. */
static void latex_fit(struct orl_text *out)
{
    orl_text_puts(out, "\\setbox0\\hbox{\\footnotesize\\orltable}%\n"
                       "\\ifdim\\wd0>\\linewidth\\setbox0\\hbox{\\scriptsize\\orltable}\\fi\n"
                       "\\ifdim\\wd0>\\linewidth\\setbox0\\hbox{\\tiny\\orltable}\\fi\n"
                       "\\par\\noindent\\ifdim\\wd0>\\linewidth\\ifx\\resizebox\\undefined\\box0 "
                       "\\else\n\\resizebox{\\linewidth}{!}{\\box0}\\fi\\else\\box0 "
                       "\\fi\\par\\endgroup\n");
}

/* What the star behind an error says, where one stands in the table. */
static void latex_star(struct orl_text *out, const struct orl_layout_of_report *layout,
                       size_t group, size_t columns)
{
    for (size_t i = layout->problems.start[group]; i < layout->problems.start[group + 1]; i++) {
        const struct orl_fit *fit = layout->report->runs[layout->problems.items[i]].fit;
        if (!fit || fit->arrived)
            continue;
        orl_text_printf(out,
                        "\\multicolumn{%zu}{l}{* still on its way: the error is that of the place "
                        "where it stands} \\\\\n",
                        columns);
        return;
    }
}

static void latex_table(struct orl_text *out, const struct orl_layout_of_report *layout,
                        size_t group)
{
    size_t begin = layout->problems.start[group], end = layout->problems.start[group + 1];
    const struct orl_report_run *first = &layout->report->runs[layout->problems.items[begin]];
    orl_text_puts(out, "% ");
    orl_latex_text(out, orl_report_problem_title(first));
    orl_text_puts(out, "\n\\begingroup\\setlength{\\tabcolsep}{3pt}\\def\\orltable{%\n"
                       "\\begin{tabular}{lrrr");
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
    orl_text_puts(out, "\\hline\n");
    latex_star(out, layout, group, LEADING + parameters_shown(first));
    orl_text_puts(out, "\\end{tabular}}%\n");
    latex_fit(out);
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
