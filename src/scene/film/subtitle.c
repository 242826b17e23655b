/* The line below the title: the model, and how the runs differ. */
#include "scene/film/subtitle.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/letters.h"
#include "scene/marks/number.h"

enum { START_MOST = 3 }; /* numbers of a start that is told */

/* Lines break after the dot, never inside what it separates. */
#define SEPARATOR "\xc2\xa0\xc2\xa0\xc2\xa0·   "

/* An entry of the subtitle, with spaces that do not break but after a comma. */
static void append_entry(struct orl_text *text, const char *entry)
{
    orl_text_puts(text, text->length ? SEPARATOR : "");
    for (const char *p = entry; *p; p++)
        if (*p == ' ' && p > entry && p[-1] != ',')
            orl_text_puts(text, "\xc2\xa0");
        else
            orl_text_putc(text, *p);
}

static bool same_told(const struct orl_film_run *a, const struct orl_film_run *b)
{
    bool same = a->told_count == b->told_count && strcmp(a->details, b->details) == 0;
    for (size_t i = 0; same && i < a->told_count; i++)
        same = orl_told_same(&a->told[i], &b->told[i]);
    return same;
}

static bool all_same(const struct view *view)
{
    for (size_t i = 1; i < view->run_count; i++)
        if (!same_told(&view->runs[i], &view->runs[0]))
            return false;
    return true;
}

/* One of a sweep: its title tells what it has of its own. */
static bool tells_itself(const struct orl_film_run *run)
{
    for (size_t i = 0; i < run->told_count; i++)
        if (run->told[i].swept)
            return true;
    return false;
}

static bool has_told(const struct orl_film_run *run, const struct orl_told *told)
{
    for (size_t i = 0; i < run->told_count; i++)
        if (orl_told_same(&run->told[i], told))
            return true;
    return false;
}

static void append_told(struct orl_text *text, const struct orl_told *told)
{
    orl_text_printf(text, "%s%s%s", told->name, *told->text ? " " : "", told->text);
}

/* "Momentum: learning rate 0.02": what all runs of one sweep have in common. */
static char *describe_common(const struct view *view)
{
    const struct orl_film_run *run = &view->runs[0];
    struct orl_text text = {0};
    orl_text_puts(&text, run->base);
    const char *separator = ": ";
    for (size_t k = 0; k < run->told_count; k++) {
        bool common = true;
        for (size_t i = 1; i < view->run_count; i++)
            common = common && has_told(&view->runs[i], &run->told[k]);
        if (!common)
            continue;
        orl_text_puts(&text, separator);
        append_told(&text, &run->told[k]);
        separator = ", ";
    }
    return orl_text_take(&text);
}

/* The runs of one sweep: what they share, then what each has of its own. */
static bool append_sweep(const struct view *view, struct orl_text *text)
{
    size_t shared = orl_view_shared_words(view, 0, view->run_count);
    if (!shared)
        return false;
    char *common = describe_common(view);
    if (common)
        append_entry(text, common);
    text->failed |= !common;
    free(common);
    for (size_t i = 0; i < view->run_count; i++)
        append_entry(text, view->runs[i].title + shared);
    return true;
}

/* Hyperparameters: once where all runs have the same, else for each run: "SGD: learning rate 0.01
 * ·   Adam: ...". */
static void append_details(const struct view *view, struct orl_text *text)
{
    bool same = all_same(view);
    if (!same && append_sweep(view, text))
        return;
    for (size_t i = 0; i < (same ? 1 : view->run_count); i++) {
        const struct orl_film_run *run = &view->runs[i];
        char *entry = same ? orl_strdup(run->details)
                      : tells_itself(run) || !*run->details
                          ? orl_strdup(run->title)
                          : orl_asprintf("%s: %s", run->title, run->details);
        if (entry && *entry)
            append_entry(text, entry);
        text->failed |= !entry;
        free(entry);
    }
}

/* Runs of one sweep, or with the same first hyperparameter. */
static bool same_group(const struct orl_film_run *a, const struct orl_film_run *b)
{
    bool sweep = tells_itself(a);
    if (sweep != tells_itself(b))
        return false;
    if (sweep)
        return strcmp(a->base, b->base) == 0;
    if (!a->told_count || !b->told_count)
        return strcmp(a->details, b->details) == 0;
    return orl_told_same(&a->told[0], &b->told[0]);
}

/* "learning rate 0.01: SGD, Adagrad", or of a sweep "SGD: 25 runs, lr 0.001 … lr 0.7". */
static char *describe_group(const struct view *view, size_t first)
{
    const struct orl_film_run *run = &view->runs[first], *last = run;
    struct orl_text text = {0};
    size_t count = 1;
    if (run->told_count) {
        append_told(&text, &run->told[0]);
        orl_text_puts(&text, ": ");
    }
    orl_text_puts(&text, run->title);
    for (size_t k = first + 1; k < view->run_count; k++)
        if (same_group(run, &view->runs[k])) {
            orl_text_printf(&text, ", %s", view->runs[k].title);
            last = &view->runs[k];
            count++;
        }
    if (tells_itself(run)) {
        size_t own = strlen(run->base) + strlen(", ");
        orl_text_clear(&text);
        if (count == 1)
            orl_text_puts(&text, run->title);
        else
            orl_text_printf(&text, "%s: %zu runs, %s … %s", run->base, count, run->title + own,
                            last->title + own);
    }
    return orl_text_take(&text);
}

/* Shorter: the runs in groups. */
static void append_groups(const struct view *view, struct orl_text *text)
{
    for (size_t i = 0; i < view->run_count; i++) {
        bool told = false;
        for (size_t k = 0; k < i; k++)
            told |= same_group(&view->runs[i], &view->runs[k]);
        char *group = told ? NULL : describe_group(view, i);
        if (group)
            append_entry(text, group);
        text->failed |= !told && !group;
        free(group);
    }
}

/* "y = α + βx + γx²" unless the title says it. */
static char *describe_model(const struct view *view, const char *title)
{
    const struct orl_problem *problem = view->runs[0].problem;
    char *model = problem ? orl_formula_pretty(orl_problem_formula(problem)) : NULL;
    const struct orl_dataset *data = problem ? orl_problem_data(problem) : NULL;
    char *told = NULL;
    if (!model || (title && strstr(title, model)))
        told = orl_strdup("");
    else if (data)
        told = orl_asprintf("%s = %s", data->response_name ? data->response_name : "y", model);
    else
        told = orl_strdup(model);
    free(model);
    return told;
}

static bool same_problem(const struct view *view)
{
    for (size_t i = 1; i < view->run_count; i++)
        if (view->runs[i].problem != view->runs[0].problem)
            return false;
    return view->runs[0].problem != NULL;
}

/* "all from (−1.2, 1)", where all runs begin at one point that is told in a few numbers; NULL:
 * none. Memory that is short shows in `failed`. */
static char *describe_start(const struct view *view, bool *failed)
{
    const struct orl_trace *trace = view->runs[0].trace;
    struct orl_text text = {0};
    size_t count = trace->parameter_count;
    if (!same_problem(view) || count == 0 || count > START_MOST || trace->step[0] != 0)
        return NULL;
    for (size_t i = 1; i < view->run_count; i++)
        if (view->runs[i].trace->parameter_count != count ||
            memcmp(view->runs[i].trace->values, trace->values, count * sizeof *trace->values) != 0)
            return NULL;
    orl_text_puts(&text, count > 1 ? "all from (" : "all from ");
    for (size_t k = 0; k < count; k++) {
        char number[PEOPLE_SIZE];
        orl_people_short(number, trace->values[k]);
        orl_text_printf(&text, "%s%s", k > 0 ? ", " : "", number);
    }
    orl_text_puts(&text, count > 1 ? ")" : "");
    char *told = orl_text_take(&text);
    *failed |= !told;
    return told;
}

static bool fits_line(const struct view *view, const char *text, double width)
{
    return orl_letters_width(view->measure, text, view->size.text, false) <= width;
}

/* What is told where the settings do not fit: the model, where all begin, and that they have
 * settings of their own; the last of these is dropped first. */
static char *make_brief(const struct view *view, const char *model, double width)
{
    bool failed = false;
    char *start = describe_start(view, &failed), *brief = NULL;
    for (int clauses = 3; !failed && clauses > 0; clauses--) {
        struct orl_text text = {0};
        const char *parts[] = {model, clauses > 1 ? start : NULL,
                               clauses > 2 ? "with settings of their own" : NULL};
        for (size_t i = 0; i < ORL_COUNT(parts); i++)
            if (parts[i] && *parts[i])
                orl_text_printf(&text, "%s%s", text.length ? ", " : "", parts[i]);
        free(brief);
        brief = orl_text_take(&text);
        if (!brief || fits_line(view, brief, width))
            break;
    }
    free(start);
    return brief;
}

/* The first of these that fits into one line: the model and all that was set; the runs by groups of
 * like settings; what is left without the settings. A run alone keeps its settings, in two lines
 * where one is too short. */
char *orl_subtitle_make(const struct view *view, const char *title, double width)
{
    struct orl_text full = {0}, groups = {0};
    char *model = describe_model(view, title);
    orl_text_puts(&full, model ? model : "");
    orl_text_puts(&groups, model ? model : "");
    append_details(view, &full);
    append_groups(view, &groups);
    char *told[] = {orl_text_take(&full), orl_text_take(&groups), NULL}, *made = NULL;
    bool good = model && told[0] && told[1];
    if (good && (all_same(view) || fits_line(view, told[0], width)))
        made = orl_strdup(told[0]);
    else if (good && fits_line(view, told[1], width))
        made = orl_strdup(told[1]);
    else if (good)
        made = make_brief(view, model, width);
    free(told[0]);
    free(told[1]);
    free(model);
    return made;
}

/* A line that ends where an entry does needs no dot. */
void orl_subtitle_drop_dots(char **lines, size_t count)
{
    static const char end[] = "\xc2\xa0\xc2\xa0\xc2\xa0·";
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(lines[i]), dot = strlen(end);
        if (length > dot && strcmp(lines[i] + length - dot, end) == 0)
            lines[i][length - dot] = '\0';
    }
}
