/* A JUnit file: what a CI's page of tests shows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/parts.h"

/* A test of the suite: passed, failed with a reason, or skipped. */
struct junit_case {
    const char *group, *name;
    const char *failure; /* NULL: none */
    const char *skipped; /* NULL: it was done */
    const char *file;    /* where it stands; NULL */
    unsigned line;
};

struct junit {
    struct orl_text cases;
    size_t count, failures, skipped;
};

static void junit_attribute(struct orl_text *out, const char *name, const char *value)
{
    orl_text_printf(out, " %s=\"", name);
    orl_text_escape_html(out, value ? value : "", strlen(value ? value : ""));
    orl_text_putc(out, '"');
}

static void junit_put(struct junit *junit, const struct junit_case *test)
{
    struct orl_text *out = &junit->cases;
    orl_text_puts(out, "    <testcase");
    junit_attribute(out, "classname", test->group);
    junit_attribute(out, "name", test->name);
    if (test->file) {
        junit_attribute(out, "file", test->file);
        orl_text_printf(out, " line=\"%u\"", test->line);
    }
    if (test->failure || test->skipped) {
        orl_text_puts(out, test->failure ? "><failure" : "><skipped");
        junit_attribute(out, "message", test->failure ? test->failure : test->skipped);
        orl_text_puts(out, "/></testcase>\n");
    } else {
        orl_text_puts(out, "/>\n");
    }
    junit->count++;
    junit->failures += test->failure != NULL;
    junit->skipped += !test->failure && test->skipped;
}

static const char *run_failure(const struct orl_report_run *run, bool strict)
{
    if (run->status == ORL_STATUS_FAILED)
        return run->failure ? run->failure : "failed";
    return strict && run->status == ORL_STATUS_DIVERGED ? "diverged" : NULL;
}

static void junit_check(struct junit *junit, const struct orl_report_check *check)
{
    char *value = orl_report_check_value(check),
         *failure = value && check->held == ORL_HELD_NO
                        ? orl_asprintf("expected %s; got %s", check->what, value)
                        : NULL;
    junit_put(junit,
              &(struct junit_case){.group = check->baseline ? "baseline" : "expect",
                                   .name = check->what,
                                   .failure = failure,
                                   .skipped = check->held == ORL_HELD_UNKNOWN ? "not judged" : NULL,
                                   .file = check->line ? check->file : NULL,
                                   .line = check->line});
    junit->cases.failed |= !value || (check->held == ORL_HELD_NO && !failure);
    free(value);
    free(failure);
}

char *orl_report_junit(const struct orl_report *report, bool strict)
{
    struct junit junit = {0};
    struct orl_text out = {0};
    for (size_t i = 0; i < report->run_count; i++)
        junit_put(&junit, &(struct junit_case){.group = "runs",
                                               .name = report->runs[i].name,
                                               .failure = run_failure(&report->runs[i], strict)});
    for (size_t i = 0; i < report->film_count; i++)
        junit_put(&junit, &(struct junit_case){.group = "films",
                                               .name = report->films[i].path,
                                               .failure = report->films[i].failure});
    for (size_t i = 0; i < report->check_count; i++)
        junit_check(&junit, &report->checks[i]);
    orl_text_puts(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite");
    junit_attribute(&out, "name", report->experiment);
    orl_text_printf(&out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
                    junit.count, junit.failures, junit.skipped);
    orl_text_append(&out, junit.cases.data ? junit.cases.data : "", junit.cases.length);
    orl_text_puts(&out, "  </testsuite>\n</testsuites>\n");
    out.failed |= junit.cases.failed;
    orl_text_uninit(&junit.cases);
    return orl_text_take(&out);
}
