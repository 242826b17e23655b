/* What the best fit of a problem is worth, in a sentence below its table. */
#include <math.h>

#include "report/parts.h"

enum { WORTH_DIGITS = 4 };

static void number_put(struct orl_text *text, const char *what, double value)
{
    if (!isfinite(value))
        return;
    orl_text_puts(text, what);
    orl_html_number(text, value, WORTH_DIGITS);
}

/* "30 points (2 rows without a number left out)" */
static void points_put(struct orl_text *text, const struct orl_report_run *run)
{
    orl_html_integer(text, (int64_t)run->points);
    orl_text_puts(text, run->points == 1 ? " point" : " points");
    if (run->missing == 0)
        return;
    orl_text_puts(text, " (");
    orl_html_integer(text, (int64_t)run->missing);
    orl_text_puts(text, run->missing == 1 ? " row without a number left out)"
                                          : " rows without a number left out)");
}

void orl_html_worth(struct orl_text *text, const struct orl_report_run *run)
{
    const struct orl_fit *fit = run->fit;
    if (run->points == 0 || (!fit && run->missing == 0))
        return;
    orl_text_puts(text, "<p class=\"worth\">");
    points_put(text, run);
    if (fit) {
        number_put(text, ", ", fit->degrees_of_freedom);
        orl_text_puts(text, isfinite(fit->degrees_of_freedom) ? " degrees of freedom" : "");
        number_put(text, "; residual standard deviation ", fit->residual_sd);
        number_put(text, ", reduced chi-square ", fit->reduced_chi_square);
        number_put(text, ", R\xc2\xb2 ", fit->r_squared);
        number_put(text, ", AIC ", fit->aic);
        number_put(text, ", BIC ", fit->bic);
        if (fit->covariance)
            orl_text_puts(text, fit->absolute
                                    ? "; \xc2\xb1 is a standard error, by the given deviations"
                                    : "; \xc2\xb1 is a standard error, by the residuals");
        orl_text_puts(text, fit->covariance ? " (* where the run was still on its way)" : "");
    }
    orl_text_puts(text, ".</p>\n");
}

void orl_html_error(struct orl_text *text, const struct orl_report_run *run, size_t parameter)
{
    double error = run->fit && parameter < run->fit->count
                       ? orl_fit_standard_error(run->fit, parameter)
                       : (double)NAN;
    if (!isfinite(error))
        return;
    orl_text_puts(text, " <small class=\"error\">\xc2\xb1 ");
    orl_html_number(text, error, 2);
    orl_text_puts(text, run->fit->arrived ? "</small>" : "*</small>");
}
