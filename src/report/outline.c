/* summary.md: the report in short, for a job's page or a comment. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/parts.h"

/* A comment may have 65,536 characters. A part ends once the text is longer than its bound; a row
 * has at most a few kB. */
enum {
    CHECKS_END = 20000,
    RUNS_END = 34000,
    WARNINGS_END = 44000,
    FILMS_END = 58000,
    NAME_MOST = 120,
    TEXT_MOST = 300,
};

/* Within a cell: no bar and no markup of a user's, no name that would call somebody. */
static void outline_text(struct orl_text *out, const char *text, size_t most)
{
    size_t length = text ? strlen(text) : 0, end = length < most ? length : most;
    while (end < length && end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80)
        end--; /* not within a character */
    for (size_t i = 0; i < end; i++) {
        if (strchr("\\`*_|<>[]#@~", text[i]))
            orl_text_putc(out, '\\');
        orl_text_putc(out, text[i] == '\n' || text[i] == '\r' ? ' ' : text[i]);
    }
    orl_text_puts(out, end < length ? "…" : "");
}

static void outline_more(struct orl_text *out, size_t shown, size_t count, const char *what)
{
    if (shown < count)
        orl_text_printf(out, "\nand %zu more %s\n", count - shown, what);
}

static void check_row(struct orl_text *out, const struct orl_report_check *check)
{
    static const char *const signs[] = {"**no**", "yes", "not judged"};
    char *value = orl_report_check_value(check);
    orl_text_puts(out, "| ");
    outline_text(out, check->what, TEXT_MOST);
    orl_text_printf(out, " | %s | ", signs[check->held]);
    outline_text(out, check->held == ORL_HELD_UNKNOWN ? "" : value, TEXT_MOST);
    orl_text_puts(out, " |\n");
    out->failed = out->failed || !value;
    free(value);
}

/* What does not hold comes first. */
static void outline_checks(struct orl_text *out, const struct orl_report *report)
{
    static const enum orl_held order[] = {ORL_HELD_NO, ORL_HELD_UNKNOWN, ORL_HELD_YES};
    size_t shown = 0;
    if (report->check_count == 0)
        return;
    orl_text_puts(out, "\n**");
    orl_report_checks_tell(out, report);
    orl_text_puts(out, ".**\n\n| Expected | Holds | Is |\n|---|---|---|\n");
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < report->check_count && out->length < CHECKS_END; i++)
            if (report->checks[i].held == order[k]) {
                check_row(out, &report->checks[i]);
                shown++;
            }
    outline_more(out, shown, report->check_count, "expectations");
}

/* Runs without a problem (training logs) rank among each other. */
static bool outline_rivals(const struct orl_report_run *a, const struct orl_report_run *b)
{
    return a->problem && b->problem ? strcmp(a->problem, b->problem) == 0
                                    : a->problem == b->problem;
}

/* Among the runs of its problem; "=2" where others have it, too. */
static void outline_rank(struct orl_text *out, const struct orl_report *report,
                         const struct orl_report_run *run)
{
    bool shared = false;
    for (size_t i = 0; i < report->run_count && run->rank > 0 && !shared; i++)
        shared = &report->runs[i] != run && report->runs[i].rank == run->rank &&
                 outline_rivals(&report->runs[i], run);
    orl_text_puts(out, " | ");
    if (run->rank > 0)
        orl_text_printf(out, "%s%zu", shared ? "=" : "", run->rank);
}

static void outline_runs(struct orl_text *out, const struct orl_report *report)
{
    char number[ORL_NUMBER_SIZE];
    size_t i = 0;
    orl_text_puts(out, "\n| Run | Rank | Status | Steps | Loss |\n|---|--:|---|--:|--:|\n");
    for (; i < report->run_count && out->length < RUNS_END; i++) {
        const struct orl_report_run *run = &report->runs[i];
        orl_double_digits(number, run->loss, 4);
        orl_text_puts(out, "| ");
        outline_text(out, run->name, NAME_MOST);
        outline_rank(out, report, run);
        orl_text_printf(out, " | %s | %lld | %s |\n", orl_status_name(run->status),
                        (long long)run->steps, isfinite(run->loss) ? number : "");
    }
    outline_more(out, i, report->run_count, "runs");
}

static void outline_warnings(struct orl_text *out, const struct orl_report *report)
{
    size_t i = 0;
    for (; i < report->warning_count && out->length < WARNINGS_END; i++) {
        orl_text_puts(out, i == 0 ? "\nWarnings:\n\n* " : "* ");
        outline_text(out, report->warnings[i], TEXT_MOST);
        orl_text_putc(out, '\n');
    }
    outline_more(out, i, report->warning_count, "warnings");
}

static void outline_films(struct orl_text *out, const struct orl_report *report)
{
    size_t i = 0;
    if (report->film_count)
        orl_text_puts(out, "\n| Film | Format | Size |\n|---|---|--:|\n");
    for (; i < report->film_count && out->length < FILMS_END; i++) {
        const struct orl_report_film *film = &report->films[i];
        orl_text_puts(out, "| ");
        outline_text(out, film->path ? film->path : film->name, NAME_MOST);
        orl_text_printf(out, " | %s | ", film->format);
        if (film->failure)
            outline_text(out, film->failure, TEXT_MOST);
        else
            orl_text_printf(out, "%.1f kB", (double)film->bytes / 1e3);
        orl_text_puts(out, " |\n");
    }
    outline_more(out, i, report->film_count, "films");
}

void orl_outline_markdown(struct orl_text *out, const struct orl_report *report)
{
    orl_text_puts(out, "## ");
    outline_text(out, report->title && *report->title ? report->title : report->experiment,
                 TEXT_MOST);
    orl_text_puts(out, "\n");
    outline_checks(out, report);
    outline_runs(out, report);
    outline_warnings(out, report);
    outline_films(out, report);
}
