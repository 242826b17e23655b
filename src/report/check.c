/* What was expected of the runs, as the reports tell it. */
#include <math.h>
#include <stdlib.h>

#include "report/parts.h"

char *orl_report_check_value(const struct orl_report_check *check)
{
    char number[ORL_NUMBER_SIZE];
    if (check->words)
        return orl_strdup(check->words);
    if (!isfinite(check->value))
        return orl_strdup(isinf(check->value) ? "never" : "none");
    orl_double_digits(number, check->value, 10);
    return orl_strdup(number);
}

size_t orl_report_checks_count(const struct orl_report *report, enum orl_held held)
{
    size_t count = 0;
    for (size_t i = 0; i < report->check_count; i++)
        count += report->checks[i].held == held;
    return count;
}

void orl_report_checks_tell(struct orl_text *text, const struct orl_report *report)
{
    size_t unmet = orl_report_checks_count(report, ORL_HELD_NO),
           unknown = orl_report_checks_count(report, ORL_HELD_UNKNOWN),
           judged = report->check_count - unknown;
    if (unmet)
        orl_text_printf(text, "%zu of %zu expectations %s not hold", unmet, judged,
                        unmet == 1 ? "does" : "do");
    else if (judged)
        orl_text_printf(text, judged == 1 ? "The expectation holds" : "All %zu expectations hold",
                        judged);
    else
        orl_text_puts(text, "No expectation was judged");
    if (unknown && judged)
        orl_text_printf(text, "; %zu %s not judged", unknown, unknown == 1 ? "was" : "were");
}

static void check_put(struct orl_text *text, const struct orl_report_check *check)
{
    static const char *const words[] = {"no", "yes", "not judged"}, *const kinds[] = {"failed",
                                                                                      "finished",
                                                                                      "waiting"};
    char *value = orl_report_check_value(check);
    orl_text_puts(text, "<tr><th scope=\"row\">");
    orl_html_bdi(text, check->what);
    if (check->line && check->held == ORL_HELD_NO) {
        orl_text_puts(text, "<small>");
        orl_html_bdi(text, check->file);
        orl_text_printf(text, ":%u:%u</small>", check->line, check->column);
    }
    orl_text_printf(text, "</th><td><span class=\"status %s\">%s</span></td><td>",
                    kinds[check->held], words[check->held]);
    if (check->held != ORL_HELD_UNKNOWN)
        orl_html_bdi(text, value ? value : "");
    orl_text_puts(text, "</td></tr>\n");
    text->failed = text->failed || !value;
    free(value);
}

/* What does not hold comes first. */
void orl_html_checks(struct orl_text *text, const struct orl_report *report)
{
    if (report->check_count == 0)
        return;
    orl_text_puts(text, "<section id=\"expectations\" aria-labelledby=\"expectations-title\">\n"
                        "<h2 id=\"expectations-title\">Expectations</h2>\n<p class=\"note\">");
    orl_report_checks_tell(text, report);
    orl_text_puts(text, ".</p>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
                        "aria-label=\"What was expected\">\n<table class=\"plain\">\n<thead>"
                        "<tr><th scope=\"col\">Expected</th><th scope=\"col\">Holds</th><th "
                        "scope=\"col\">Is</th></tr></thead>\n<tbody>\n");
    static const enum orl_held order[] = {ORL_HELD_NO, ORL_HELD_UNKNOWN, ORL_HELD_YES};
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < report->check_count; i++)
            if (report->checks[i].held == order[k])
                check_put(text, &report->checks[i]);
    orl_text_puts(text, "</tbody>\n</table>\n</div>\n</section>\n");
}
