/* The table of results of one problem. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "report/parts.h"

#define DIGITS       4 /* of losses and gradients */
#define VALUE_DIGITS 5 /* of parameters */

/* The runs of a problem in the order of the table. */
struct rows {
    const struct orl_report_run **runs; /* owned */
    size_t count;
    bool times, ranked;
};

static void put_column(struct orl_text *text, const char *title, bool numbers)
{
    orl_text_printf(text, "<th scope=\"col\" rowspan=\"2\"%s>%s</th>",
                    numbers ? " class=\"n\"" : "", title);
}

/* The first of the runs that knows the truth. */
static const struct orl_report_run *with_truth(const struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        if (rows->runs[i]->truth)
            return rows->runs[i];
    return NULL;
}

/* Columns follow the first run; another run's parameter is found by its name. */
static size_t parameter_of(const struct orl_report_run *run, const char *name)
{
    size_t p = 0;
    while (p < run->parameter_count && strcmp(run->parameters[p], name) != 0)
        p++;
    return p;
}

static void put_parameter_column(struct orl_text *text, const struct rows *rows, const char *name)
{
    const struct orl_report_run *run = with_truth(rows);
    orl_text_puts(text, "<th scope=\"col\" rowspan=\"2\" class=\"n\">");
    orl_html_parameter(text, name);
    if (run && run->truth_count < 2 && parameter_of(run, name) < run->parameter_count) {
        orl_text_puts(text, "<small>truth ");
        orl_html_number(text, run->truth[parameter_of(run, name)], 7);
        orl_text_puts(text, "</small>");
    }
    orl_text_puts(text, "</th>");
}

static void put_head(struct orl_text *text, const struct rows *rows)
{
    orl_text_puts(text, "<thead>\n<tr>");
    put_column(text, "Optimizer", false);
    if (rows->ranked)
        put_column(text, "Rank", true);
    put_column(text, "Status", false);
    put_column(text, "Steps", true);
    put_column(text, "Final loss", true);
    for (size_t p = 0; p < rows->runs[0]->parameter_count; p++)
        put_parameter_column(text, rows, rows->runs[0]->parameters[p]);
    put_column(text, "Gradient norm", true);
    orl_text_puts(
        text,
        "<th scope=\"colgroup\" colspan=\"3\" class=\"n over\">Steps until loss is at most</th>");
    if (rows->times)
        put_column(text, "Time", true);
    put_column(text, "Files", false);
    orl_text_puts(text, "</tr>\n<tr>");
    for (size_t i = 0; i < ORL_THRESHOLDS; i++)
        orl_text_printf(text, "<th scope=\"col\" class=\"n\">10<sup>\xe2\x88\x92%d</sup></th>",
                        (int)round(-log10(orl_trace_thresholds[i])));
    orl_text_puts(text, "</tr>\n</thead>\n");
}

/* Exactly #rrggbb: it goes into the page as it is. */
static bool is_color(const char *color)
{
    return color && strlen(color) == 7 && color[0] == '#' &&
           strspn(color + 1, "0123456789abcdefABCDEF") == 6;
}

static void put_optimizer(struct orl_text *text, const struct orl_report_run *run)
{
    orl_text_puts(text, "<th scope=\"row\">");
    if (is_color(run->color))
        orl_text_printf(text,
                        "<svg class=\"key\" width=\"10\" height=\"10\" viewBox=\"0 0 10 10\" "
                        "aria-hidden=\"true\">"
                        "<circle cx=\"5\" cy=\"5\" r=\"5\" fill=\"%s\"/></svg>",
                        run->color);
    orl_html_bdi(text, orl_report_run_title(run));
    if (run->details && run->details[0]) {
        orl_text_puts(text, "<small>");
        orl_html_bdi(text, run->details);
        orl_text_puts(text, "</small>");
    } else if (run->hyperparameter_count > 0) {
        orl_text_puts(text, "<small>");
        for (size_t i = 0; i < run->hyperparameter_count; i++) {
            if (!run->hyperparameter_values[i])
                continue;
            orl_text_puts(text, i > 0 ? ", " : "");
            orl_html_text(text, run->hyperparameter_names[i]);
            orl_text_putc(text, ' ');
            orl_html_text(text, run->hyperparameter_values[i]);
        }
        orl_text_puts(text, "</small>");
    }
    orl_text_puts(text, "</th>");
}

/* "=2" where others have it, too: they are neighbours, as ranks order the table. */
static void put_rank(struct orl_text *text, const struct rows *rows, size_t row)
{
    size_t rank = rows->runs[row]->rank;
    bool shared = (row > 0 && rows->runs[row - 1]->rank == rank) ||
                  (row + 1 < rows->count && rows->runs[row + 1]->rank == rank);
    orl_text_puts(text, "<td class=\"n\">");
    if (rank > 0)
        orl_text_printf(text, "%s%zu", shared ? "=" : "", rank);
    else
        orl_text_puts(text, "\xe2\x80\x94");
    orl_text_puts(text, "</td>");
}

static void put_status(struct orl_text *text, const struct orl_report_run *run)
{
    orl_text_printf(text, "<td><span class=\"status %s\">%s", orl_status_name(run->status),
                    orl_status_name(run->status));
    if (run->status == ORL_STATUS_DIVERGED) {
        orl_text_puts(text, " at step ");
        orl_html_integer(text, run->steps);
    }
    orl_text_puts(text, "</span>");
    if (run->failure) {
        orl_text_puts(text, "<small>");
        orl_html_bdi(text, run->failure);
        orl_text_puts(text, "</small>");
    }
    orl_text_puts(text, "</td>");
}

/* A bar: how much of the way from the start to the truth was made. The truth is at WAY_TRUTH of
 * WAY_END; what goes past it has another colour, and what goes past the end of the bar is cut
 * there. */
#define WAY_TRUTH 44.0
#define WAY_END   60.0
static void put_way(struct orl_text *text, const struct orl_report_run *run, size_t p)
{
    double way = run->truth ? run->truth[p] - run->start[p] : 0;
    double made = way != 0 ? (run->values[p] - run->start[p]) / way : NAN;
    char width[ORL_NUMBER_SIZE], percent[ORL_NUMBER_SIZE];
    if (!isfinite(made))
        return;
    double end = fmin(fmax(made, 0) * WAY_TRUTH, WAY_END);
    orl_double_digits(percent, made * 100, 3);
    orl_text_printf(
        text,
        "<svg class=\"way\" width=\"60\" height=\"8\" viewBox=\"0 0 60 8\" aria-hidden=\"true\">"
        "<title>%s %% of the way from the start to the truth</title>"
        "<rect class=\"all\" y=\"2\" width=\"60\" height=\"4\" rx=\"2\"/>",
        percent);
    if (end > WAY_TRUTH) {
        orl_double_digits(width, end, 4);
        orl_text_printf(text, "<rect class=\"past\" y=\"2\" width=\"%s\" height=\"4\" rx=\"2\"/>",
                        width);
    }
    orl_double_digits(width, fmin(end, WAY_TRUTH), 4);
    orl_text_printf(text,
                    "<rect class=\"made\" y=\"2\" width=\"%s\" height=\"4\" rx=\"2\"/>"
                    "<path class=\"truth\" d=\"M44 0v8\"/></svg>",
                    width);
}

static void put_change(struct orl_text *text, double change)
{
    orl_text_puts(text, change > 0 ? "+" : "");
    orl_html_number(text, change, 3);
}

static void put_parameter(struct orl_text *text, const struct orl_report_run *run, size_t p)
{
    enum orl_movement movement = orl_report_movement(run, p);
    double change = run->values[p] - (run->start ? run->start[p] : 0);
    if (movement == ORL_MOVEMENT_NONE) {
        orl_text_puts(text, "<strong>");
        orl_html_number(text, run->start[p], VALUE_DIGITS);
        orl_text_puts(text, "</strong> <em class=\"still\">(unmoved)</em>");
        if (change != 0) {
            orl_text_puts(text, "<small>");
            put_change(text, change);
            orl_text_puts(text, "</small>");
        }
        return;
    }
    if (run->start) {
        orl_html_number(text, run->start[p], VALUE_DIGITS);
        orl_text_puts(text, " \xe2\x86\x92 ");
    }
    orl_text_puts(text, "<strong>");
    orl_html_number(text, run->values[p], VALUE_DIGITS);
    orl_text_puts(text, "</strong>");
    orl_html_error(text, run, p);
    if (movement == ORL_MOVEMENT_HARDLY) {
        orl_text_puts(text, "<small><em class=\"still\">hardly moved:</em> ");
        put_change(text, change);
        orl_text_puts(text, "</small>");
    } else if (run->start) {
        put_way(text, run, p);
    }
}

static void put_parameters(struct orl_text *text, const struct rows *rows,
                           const struct orl_report_run *run)
{
    for (size_t i = 0; i < rows->runs[0]->parameter_count; i++) {
        size_t p = parameter_of(run, rows->runs[0]->parameters[i]);
        orl_text_puts(text, "<td class=\"n\">");
        if (p < run->parameter_count && run->values)
            put_parameter(text, run, p);
        else
            orl_text_puts(text, "\xe2\x80\x94");
        orl_text_puts(text, "</td>");
    }
}

static void put_link(struct orl_text *text, const char *path, const char *what)
{
    if (!path)
        return;
    orl_text_puts(text, "<a href=\"");
    orl_html_path(text, path);
    orl_text_printf(text, "\">%s</a> ", what);
}

static void put_run(struct orl_text *text, const struct rows *rows, size_t row)
{
    const struct orl_report_run *run = rows->runs[row];
    orl_text_puts(text, "<tr>");
    put_optimizer(text, run);
    if (rows->ranked)
        put_rank(text, rows, row);
    put_status(text, run);
    orl_text_puts(text, "<td class=\"n\">");
    orl_html_integer(text, run->steps);
    orl_text_puts(text, "</td><td class=\"n loss\">");
    orl_html_number(text, run->loss, DIGITS);
    orl_text_puts(text, "</td>");
    put_parameters(text, rows, run);
    orl_text_puts(text, "<td class=\"n\">");
    orl_html_number(text, run->gradient_norm, DIGITS);
    orl_text_puts(text, "</td>");
    for (size_t i = 0; i < ORL_THRESHOLDS; i++) {
        orl_text_puts(text, "<td class=\"n\">");
        if (run->steps_to[i] >= 0)
            orl_html_integer(text, run->steps_to[i]);
        else
            orl_text_puts(text, "<span title=\"never\">\xe2\x80\x94</span>");
        orl_text_puts(text, "</td>");
    }
    if (rows->times) {
        orl_text_puts(text, "<td class=\"n\">");
        orl_html_number(text, run->seconds, 3);
        orl_text_puts(text, " s</td>");
    }
    orl_text_puts(text, "<td>");
    put_link(text, run->trace, "trace");
    put_link(text, run->log, "log");
    orl_text_puts(text, "</td></tr>\n");
}

static void put_table(struct orl_text *text, const struct rows *rows, size_t group)
{
    orl_text_printf(text,
                    "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
                    "aria-labelledby=\"problem-%zu-title\">\n"
                    "<table>\n<caption>Every run from its start to its end, ",
                    group + 1);
    if (!rows->ranked || isnan(rows->runs[0]->level)) {
        orl_text_puts(text, "best final loss first");
    } else {
        orl_text_puts(text, "the first to reach a loss of ");
        orl_html_number(text, rows->runs[0]->level, DIGITS);
        orl_text_puts(text, " before the others, then the best final loss");
    }
    orl_text_puts(text, "</caption>\n");
    put_head(text, rows);
    orl_text_puts(text, "<tbody>\n");
    for (size_t i = 0; i < rows->count; i++)
        put_run(text, rows, i);
    orl_text_puts(text, "</tbody>\n</table>\n</div>\n");
}

void orl_html_results(struct orl_text *text, const struct orl_layout_of_report *layout,
                      size_t group)
{
    size_t begin = layout->problems.start[group];
    struct rows rows = {.count = layout->problems.start[group + 1] - begin,
                        .times = layout->report->times};
    struct orl_text unmoved = {0};
    rows.runs = orl_calloc(rows.count, sizeof *rows.runs);
    if (!rows.runs) {
        text->failed = true;
        return;
    }
    for (size_t i = 0; i < rows.count; i++) {
        rows.runs[i] = &layout->report->runs[layout->problems.items[begin + i]];
        rows.ranked = rows.ranked || rows.runs[i]->rank > 0;
    }
    orl_text_printf(text, "<h3 id=\"problem-%zu-title\">", group + 1);
    orl_html_bdi(text, orl_report_problem_title(rows.runs[0]));
    orl_text_puts(text, "</h3>\n");
    orl_report_unmoved_append(&unmoved, rows.runs, rows.count);
    if (unmoved.length > 0) {
        orl_text_puts(text, "<p class=\"finding\">");
        orl_html_bdi(text, unmoved.data);
        orl_text_puts(text, "</p>\n");
    }
    put_table(text, &rows, group);
    orl_html_worth(text, rows.runs[0]);
    text->failed = text->failed || unmoved.failed;
    orl_text_uninit(&unmoved);
    free(rows.runs);
}
