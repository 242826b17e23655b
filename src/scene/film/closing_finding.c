/* What the runs of a problem show at their ends, in words for the closing table. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scene/film/sequence.h"
#include "scene/marks/number.h"

enum { NAMED_MAX = 3 };  /* of more runs that end alike their number is told */
enum { WORTH_MAX = 4 };  /* parameters whose errors are told */
#define EXACT       1e-9 /* short of 1: an R² that leaves nothing open */
#define MOVED_LEAST 0.01 /* of the way to the truth: a parameter that moved less hardly moved */

/* The row of a run that stands at the end of what the film shows. */
static size_t end_row(const struct view *view, size_t run)
{
    return orl_pace_row(view->runs[run].trace, view->pace.to);
}

double orl_end_loss(const struct view *view, size_t run)
{
    const struct orl_trace *trace = view->runs[run].trace;
    double loss = trace->loss ? trace->loss[end_row(view, run)] : NAN;
    return trace->status == ORL_STATUS_DIVERGED || isnan(loss) ? INFINITY : loss;
}

double orl_end_value(const struct view *view, size_t run, size_t parameter)
{
    const struct orl_trace *trace = view->runs[run].trace;
    return trace->values[end_row(view, run) * trace->parameter_count + parameter];
}

/* How far a run ends from a parameter's truth; one that diverged comes near nothing. */
static double distance(const struct view *view, size_t run, size_t parameter, double truth)
{
    return view->runs[run].trace->status == ORL_STATUS_DIVERGED
               ? INFINITY
               : fabs(orl_end_value(view, run, parameter) - truth);
}

/* The run that ends nearest to a parameter's truth. */
static size_t nearest(const struct view *view, size_t first, size_t count, size_t parameter,
                      double truth)
{
    size_t best = first;
    for (size_t i = first; i < first + count; i++)
        if (distance(view, i, parameter, truth) < distance(view, best, parameter, truth))
            best = i;
    return best;
}

/* No run has made more than a small part of a parameter's way. */
static bool stuck(const struct view *view, size_t first, size_t count, size_t parameter,
                  double start, double truth)
{
    size_t ended = 0;
    for (size_t i = first; i < first + count; i++) {
        if (view->runs[i].trace->status == ORL_STATUS_DIVERGED)
            continue;
        ended++;
        if (!(fabs(orl_end_value(view, i, parameter) - start) < MOVED_LEAST * fabs(truth - start)))
            return false;
    }
    return ended > 0;
}

/* "γ hardly moves: it starts at 6, the truth is 8×10⁶, and the nearest run ends at 10.3 (Adam). "
 */
static void tell_stuck(const struct view *view, size_t first, size_t count, struct orl_text *text)
{
    const struct orl_problem *problem = view->runs[first].problem;
    const double *truth = problem ? orl_problem_truth(problem) : NULL,
                 *start = problem ? orl_problem_start(problem) : NULL;
    for (size_t p = 0; truth && p < orl_problem_parameter_count(problem); p++) {
        if (view->runs[first].trace->parameter_count != orl_problem_parameter_count(problem))
            return;
        if (!stuck(view, first, count, p, start[p], truth[p]))
            continue;
        size_t best = nearest(view, first, count, p, truth[p]);
        char from[PEOPLE_SIZE], to[PEOPLE_SIZE], end[PEOPLE_SIZE],
            *name = orl_name_pretty(orl_problem_parameter(problem, p));
        orl_people_short(from, start[p]);
        orl_people_short(to, truth[p]);
        orl_people_figures(end, orl_end_value(view, best, p), 3);
        orl_text_printf(text,
                        "%s hardly moves: it starts at %s, the truth is %s, and the nearest run "
                        "ends at %s (%s). ",
                        name ? name : "", from, to, end, view->runs[best].title);
        text->failed |= !name;
        free(name);
    }
}

/* " Fit: k = 1.499 ± 0.002; residual sd 0.03.": the best run's parameters with their standard
 * errors, where it is a least-squares fit that has arrived and noise leaves them open. */
static void tell_worth(const struct view *view, size_t run, struct orl_text *text)
{
    const struct orl_trace *trace = view->runs[run].trace;
    const struct orl_problem *problem = view->runs[run].problem;
    struct orl_fit *fit = NULL;
    size_t n = trace->parameter_count;
    if (!problem || n != orl_problem_parameter_count(problem) || n > WORTH_MAX ||
        orl_fit_create(problem, trace->values + end_row(view, run) * n, &fit, NULL) != ORL_OK ||
        !fit)
        return;
    bool open = fit->arrived && fit->covariance && fit->r_squared < 1.0 - EXACT;
    for (size_t p = 0; open && p < n; p++) {
        char value[PEOPLE_SIZE], error[PEOPLE_SIZE];
        char *name = orl_name_pretty(orl_problem_parameter(problem, p));
        double se = orl_fit_standard_error(fit, p), now = orl_end_value(view, run, p);
        int digits = 2 + (int)fmax(floor(log10(fabs(now) / se)), 0.0);
        orl_people_figures(value, now, digits < 1 ? 1 : digits > 6 ? 6 : digits);
        orl_people_figures(error, se, 2);
        orl_text_printf(text, "%s%s = %s ± %s", p ? ", " : " Fit: ", name ? name : "", value,
                        error);
        text->failed |= !name;
        free(name);
    }
    if (open) {
        char sd[PEOPLE_SIZE];
        orl_people_figures(sd, fit->residual_sd, 2);
        orl_text_printf(text, "; residual sd %s.", sd);
    }
    orl_fit_destroy(&fit);
}

/* Whose loss at the end is printed like the lowest one: ", Momentum and Nesterov". */
static void name_lowest(const struct view *view, size_t first, size_t count, const char *lowest,
                        struct orl_text *text)
{
    size_t alike[NAMED_MAX] = {0}, found = 0;
    for (size_t i = first; i < first + count; i++) {
        char loss[PEOPLE_SIZE];
        orl_people_figures(loss, orl_end_loss(view, i), 3);
        if (view->runs[i].trace->status == ORL_STATUS_DIVERGED || strcmp(loss, lowest) != 0)
            continue;
        if (found < NAMED_MAX)
            alike[found] = i;
        found++;
    }
    if (found > NAMED_MAX)
        orl_text_printf(text, ", %zu of %zu runs", found, count);
    for (size_t i = 0; found <= NAMED_MAX && i < found; i++)
        orl_text_printf(text, "%s%s",
                        i == 0           ? ", "
                        : i + 1 == found ? " and "
                                         : ", ",
                        view->runs[alike[i]].title);
}

char *orl_closing_finding(const struct view *view, size_t first, size_t count)
{
    struct orl_text text = {0};
    size_t best = first, diverged = 0,
           lowest = orl_standing_lowest(view->runs + first, count, view->pace.to);
    if (lowest != SIZE_MAX)
        best = first + lowest;
    for (size_t i = first; i < first + count; i++)
        diverged += view->runs[i].trace->status == ORL_STATUS_DIVERGED;
    tell_stuck(view, first, count, &text);
    if (isfinite(orl_end_loss(view, best))) {
        char loss[PEOPLE_SIZE];
        orl_people_figures(loss, orl_end_loss(view, best), 3);
        orl_text_printf(&text, "%s %s: %s", count > 1 ? "Lowest" : "Final", view->quantity, loss);
        if (count > 1)
            name_lowest(view, first, count, loss, &text);
        orl_text_putc(&text, '.');
    }
    if (isfinite(orl_end_loss(view, best)))
        tell_worth(view, best, &text);
    bool after = text.length > 0 && text.data[text.length - 1] != ' ';
    if (diverged)
        orl_text_printf(&text, "%s%zu of %zu run%s diverged.", after ? " " : "", diverged, count,
                        count == 1 ? "" : "s");
    return orl_text_take(&text);
}
