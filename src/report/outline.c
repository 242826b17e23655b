/* The report in short, for machines that run others: summary.md for a job's page or a comment, and
 * a JUnit file. */
#include <math.h>
#include <string.h>

#include "report/parts.h"

enum { ROWS_MOST = 150, FILMS_MOST = 100, WARNINGS_MOST = 50 }; /* well below 64 kB */

/* Within a cell: no bar and no markup of a user's. */
static void outline_text(struct orl_text *out, const char *text, size_t most)
{
    for (size_t i = 0; text && text[i] && i < most; i++) {
        if (strchr("\\`*_|<>[]", text[i]))
            orl_text_putc(out, '\\');
        orl_text_putc(out, text[i] == '\n' || text[i] == '\r' ? ' ' : text[i]);
    }
}

static void outline_more(struct orl_text *out, size_t count, size_t most, const char *what)
{
    if (count > most)
        orl_text_printf(out, "\nand %zu more %s\n", count - most, what);
}

static void outline_runs(struct orl_text *out, const struct orl_report *report)
{
    char number[ORL_NUMBER_SIZE];
    orl_text_puts(out, "\n| Run | Status | Steps | Loss |\n|---|---|--:|--:|\n");
    for (size_t i = 0; i < report->run_count && i < ROWS_MOST; i++) {
        const struct orl_report_run *run = &report->runs[i];
        orl_double_digits(number, run->loss, 4);
        orl_text_puts(out, "| ");
        outline_text(out, run->name, 120);
        orl_text_printf(out, " | %s | %lld | %s |\n", orl_status_name(run->status),
                        (long long)run->steps, isfinite(run->loss) ? number : "");
    }
    outline_more(out, report->run_count, ROWS_MOST, "runs");
}

static void outline_films(struct orl_text *out, const struct orl_report *report)
{
    if (report->film_count)
        orl_text_puts(out, "\n| Film | Format | Size |\n|---|---|--:|\n");
    for (size_t i = 0; i < report->film_count && i < FILMS_MOST; i++) {
        const struct orl_report_film *film = &report->films[i];
        orl_text_puts(out, "| ");
        outline_text(out, film->path ? film->path : film->name, 120);
        orl_text_printf(out, " | %s | ", film->format);
        if (film->failure)
            outline_text(out, film->failure, 200);
        else
            orl_text_printf(out, "%.1f kB", (double)film->bytes / 1e3);
        orl_text_puts(out, " |\n");
    }
    outline_more(out, report->film_count, FILMS_MOST, "films");
}

void orl_outline_markdown(struct orl_text *out, const struct orl_report *report)
{
    orl_text_puts(out, "## ");
    outline_text(out, report->title && *report->title ? report->title : report->experiment, 200);
    orl_text_puts(out, "\n");
    outline_runs(out, report);
    outline_films(out, report);
    for (size_t i = 0; i < report->warning_count && i < WARNINGS_MOST; i++) {
        orl_text_puts(out, i == 0 ? "\nWarnings:\n\n* " : "* ");
        outline_text(out, report->warnings[i], 300);
        orl_text_putc(out, '\n');
    }
    outline_more(out, report->warning_count, WARNINGS_MOST, "warnings");
}

static void junit_attribute(struct orl_text *out, const char *name, const char *value)
{
    orl_text_printf(out, " %s=\"", name);
    orl_text_escape_html(out, value ? value : "", strlen(value ? value : ""));
    orl_text_putc(out, '"');
}

/* A test: passed, or failed with a reason. */
static void junit_case(struct orl_text *out, const char *group, const char *name,
                       const char *failure)
{
    orl_text_puts(out, "    <testcase");
    junit_attribute(out, "classname", group);
    junit_attribute(out, "name", name);
    if (!failure) {
        orl_text_puts(out, "/>\n");
        return;
    }
    orl_text_puts(out, "><failure");
    junit_attribute(out, "message", failure);
    orl_text_puts(out, "/></testcase>\n");
}

static const char *junit_run_failure(const struct orl_report_run *run, bool strict)
{
    if (run->status == ORL_STATUS_FAILED)
        return run->failure ? run->failure : "failed";
    return strict && run->status == ORL_STATUS_DIVERGED ? "diverged" : NULL;
}

char *orl_report_junit(const struct orl_report *report, bool strict)
{
    struct orl_text out = {0};
    size_t failures = 0;
    for (size_t i = 0; i < report->run_count; i++)
        failures += junit_run_failure(&report->runs[i], strict) != NULL;
    for (size_t i = 0; i < report->film_count; i++)
        failures += report->films[i].failure != NULL;
    orl_text_puts(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite");
    junit_attribute(&out, "name", report->experiment);
    orl_text_printf(&out, " tests=\"%zu\" failures=\"%zu\">\n",
                    report->run_count + report->film_count, failures);
    for (size_t i = 0; i < report->run_count; i++)
        junit_case(&out, "runs", report->runs[i].name, junit_run_failure(&report->runs[i], strict));
    for (size_t i = 0; i < report->film_count; i++)
        junit_case(&out, "films", report->films[i].path, report->films[i].failure);
    orl_text_puts(&out, "  </testsuite>\n</testsuites>\n");
    return orl_text_take(&out);
}
