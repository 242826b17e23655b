/* The runs of an experiment: every optimizer on every problem, every value of a sweep. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/rows.h"

enum {
    FILE_NAME_BYTES = 200
}; /* file systems take 255, extensions and our own suffixes included */

/* "learning_rate" -> "learning rate", "lookahead.steps" -> "lookahead steps". */
static void append_words(struct orl_text *text, const char *name)
{
    for (; *name; name++)
        orl_text_putc(text, *name == '_' || *name == '.' ? ' ' : *name);
}

/* "1e-07" as "10⁻⁷". */
static void append_pretty(struct orl_text *text, const char *number)
{
    struct orl_formula *formula = NULL;
    struct orl_formula_error refused;
    char *pretty = NULL;
    if (orl_formula_parse(number, strlen(number), &orl_limits_default, &formula, &refused) ==
        ORL_OK)
        pretty = orl_formula_pretty(formula);
    orl_text_puts(text, pretty ? pretty : number);
    free(pretty);
    orl_formula_destroy(&formula);
}

/* As it is read, or, `shown`, as it stands on films and in the report. */
static void append_value(struct orl_text *text, const struct orl_setting *setting,
                         const struct orl_value *value, bool shown)
{
    char number[ORL_NUMBER_SIZE];
    if (value->text && shown)
        append_pretty(text, value->text);
    else if (value->text)
        orl_text_puts(text, value->text);
    else if (setting->type == ORL_SETTING_CHOICE)
        orl_text_puts(text, setting->choices[(size_t)value->number]);
    else if (setting->type == ORL_SETTING_BOOLEAN)
        orl_text_puts(text, value->number != 0.0 ? "true" : "false");
    else if (orl_double_short(number, value->number) && shown && strchr(number, 'e'))
        append_pretty(text, number);
    else
        orl_text_puts(text, number);
}

static const struct orl_setting *setting_of(const struct optimizer_entry *entry,
                                            const struct sweep *sweep)
{
    return sweep->common ? &orl_optimizer_common[sweep->setting]
                         : &entry->desc->settings[sweep->setting];
}

/* The number of a schedule among those of its list, from 1. */
static size_t schedule_number(const struct sweep *sweep, size_t index)
{
    size_t number = 0;
    for (size_t i = 0; i <= index; i++)
        number += sweep->values[i].text != NULL;
    return number;
}

/* "@learning_rate=0.01,batch=#1": what a sweep adds to names. */
static void append_sweeps(struct orl_text *text, const struct optimizer_entry *entry,
                          const size_t *choice)
{
    for (size_t s = 0; s < entry->sweep_count; s++) {
        const struct sweep *sweep = &entry->sweeps[s];
        const struct orl_setting *setting = setting_of(entry, sweep);
        orl_text_printf(text, "%s%s=", s ? "," : "@", setting->name);
        if (sweep->values[choice[s]].text)
            orl_text_printf(text, "#%zu", schedule_number(sweep, choice[s]));
        else
            append_value(text, setting, &sweep->values[choice[s]], false);
    }
}

/* The place of a setting among the sweeps, from 1; 0: it is none. */
static unsigned sweep_of(const struct optimizer_entry *entry, bool common, size_t setting)
{
    for (size_t s = 0; s < entry->sweep_count; s++)
        if (entry->sweeps[s].common == common && (size_t)entry->sweeps[s].setting == setting)
            return (unsigned)s + 1;
    return 0;
}

static bool told_add(struct orl_run_plan *run, const struct orl_setting *setting,
                     const struct orl_value *value, unsigned swept)
{
    struct orl_text name = {0}, text = {0};
    append_words(&name, setting->name);
    if (setting->type != ORL_SETTING_BOOLEAN || swept)
        append_value(&text, setting, value, true);
    struct orl_told told = {.name = orl_text_take(&name), .text = orl_text_take(&text)};
    told.swept = swept;
    const char *brief = setting->brief ? setting->brief : told.name;
    told.brief = brief ? orl_strdup(brief) : NULL;
    run->told[run->told_count++] = told;
    return told.name && told.text && told.brief;
}

/* "middle of 20": what stands on films for all of them. */
static bool told_add_repeats(struct orl_run_plan *run, size_t repeats)
{
    struct orl_told told = {.name = orl_strdup("middle of"),
                            .brief = orl_strdup("middle of"),
                            .text = orl_asprintf("%zu", repeats)};
    run->told[run->told_count++] = told;
    return told.name && told.brief && told.text;
}

/* A tuned rate: "0.0123 (best of 60)", or, before the trials, where it is looked for. */
static char *tuned_text(const struct orl_tune *tune, double rate)
{
    struct orl_text text = {0};
    char number[ORL_NUMBER_SIZE];
    snprintf(number, sizeof number, "%.3g", rate);
    if (isnan(rate))
        orl_text_printf(&text, "from %g to %g", tune->from, tune->to);
    else if (strchr(number, 'e'))
        append_pretty(&text, number);
    else
        orl_text_puts(&text, number);
    orl_text_printf(&text, " (best of %lld)", (long long)tune->trials);
    return orl_text_take(&text);
}

bool orl_run_tell_tuned(struct orl_run_plan *run, double rate)
{
    struct orl_told *told = run->tune.trials > 0 ? &run->told[run->tuned_told] : NULL;
    char *text = told ? tuned_text(&run->tune, rate) : NULL;
    if (!told)
        return true;
    if (!text)
        return false;
    free((char *)(uintptr_t)told->text);
    told->text = text;
    free(run->details);
    run->details = orl_told_text(run->told, run->told_count);
    return run->details != NULL;
}

/* What the file sets, and what is told in any case. */
static bool tell_run(struct orl_run_plan *run, const struct optimizer_entry *entry)
{
    size_t own = orl_setting_count(entry->desc->settings),
           shared = orl_setting_count(orl_optimizer_common);
    run->told = orl_calloc(own + shared + 1, sizeof *run->told);
    bool good = run->told != NULL;
    for (size_t i = 0; good && i < own + shared; i++) {
        bool common = i >= own;
        size_t index = common ? i - own : i;
        const struct orl_setting *setting =
            common ? &orl_optimizer_common[index] : &entry->desc->settings[index];
        const struct orl_value *value = common ? &run->common[index] : &run->values[index];
        bool given = common ? entry->common_given[index] : entry->given[index];
        unsigned swept = sweep_of(entry, common, index);
        if (!common && setting->tunable)
            run->tuned_told = run->told_count;
        if ((given || setting->always) &&
            (setting->type != ORL_SETTING_BOOLEAN || value->number != 0.0 || swept))
            good = told_add(run, setting, value, swept);
    }
    return good && (run->repeat == 0 || told_add_repeats(run, entry->repeat));
}

/* "Adam, lr 0.01": titles stand beside curves. */
static char *title_run(const struct orl_run_plan *run, const struct optimizer_entry *entry)
{
    struct orl_text text = {0};
    orl_text_puts(&text, run->base);
    for (unsigned place = 1; place <= entry->sweep_count; place++)
        for (size_t i = 0; i < run->told_count; i++)
            if (run->told[i].swept == place)
                orl_text_printf(&text, ", %s %s", run->told[i].brief, run->told[i].text);
    return orl_text_take(&text);
}

static bool name_run(struct loader *l, struct orl_run_plan *run,
                     const struct optimizer_entry *entry, const size_t *choice)
{
    const char *before = entry->sweep_count ? "," : "@";
    const char *problem = l->experiment->problems[run->problem].name;
    const char *title = entry->title                                     ? entry->title
                        : orl_optimizer_find(entry->name) == entry->desc ? entry->desc->title
                                                                         : entry->name;
    struct orl_text name = {0}, file = {0};
    orl_text_printf(&name, "%s/%s", problem, entry->name);
    append_sweeps(&name, entry, choice);
    orl_text_printf(&file, "%s-%s", problem, entry->name);
    append_sweeps(&file, entry, choice);
    if (run->repeat > 0) {
        run->repeat_name = name.data ? orl_strdup(name.data) : NULL;
        run->repeat_file = file.data ? orl_strdup(file.data) : NULL;
        orl_text_printf(&name, "%srepeat=%zu", before, run->repeat);
        orl_text_printf(&file, "%srepeat=%zu", before, run->repeat);
    }
    run->name = orl_text_take(&name);
    run->file_name = orl_text_take(&file);
    run->base = orl_strdup(title);
    run->optimizer = orl_strdup(entry->name);
    bool told = run->base && tell_run(run, entry);
    run->title = told ? title_run(run, entry) : NULL;
    run->details = told ? orl_told_text(run->told, run->told_count) : NULL;
    told = told && orl_run_tell_tuned(run, (double)NAN);
    if (!told || (run->repeat > 0 && !(run->repeat_name && run->repeat_file)) || !run->name ||
        !run->file_name || !run->title || !run->details || !run->optimizer)
        return orl_read_no_memory(l);
    if (strlen(run->file_name) > FILE_NAME_BYTES)
        return orl_read_fault(l, entry->key, "shorter names, or fewer hyperparameters in one sweep",
                              "the run's name '%s' is too long for a file", run->name);
    return true;
}

static bool copy_value(struct orl_value *to, const struct orl_value *from)
{
    free(to->text);
    to->number = from->number;
    to->text = from->text ? orl_strdup(from->text) : NULL;
    return !from->text || to->text;
}

/* Settings against each other: limits of each are checked already. */
static bool check_settings(struct loader *l, const struct orl_run_plan *run,
                           const struct optimizer_entry *entry)
{
    size_t count = orl_setting_count(run->desc->settings);
    struct orl_error err = {0};
    double *numbers = orl_calloc(count, sizeof *numbers);
    if (!numbers)
        return orl_read_no_memory(l);
    for (size_t i = 0; i < count; i++)
        numbers[i] = run->values[i].text ? run->desc->settings[i].initial : run->values[i].number;
    int ret = run->desc->check ? run->desc->check(numbers, &err) : ORL_OK;
    free(numbers);
    return ret == ORL_OK || orl_read_fault(l, entry->key, NULL, "%s: %s", run->name, err.text);
}

/* Seeds that have nothing in common; the first repeat has the experiment's own. */
static uint64_t repeat_seed(uint64_t seed, size_t repeat)
{
    return repeat > 1 ? seed ^ (uint64_t)(repeat - 1) * 0x9e3779b97f4a7c15u : seed;
}

static bool make_run(struct loader *l, size_t problem, const struct optimizer_entry *entry,
                     const size_t *choice, size_t style, size_t repeat)
{
    struct orl_experiment *e = l->experiment;
    struct orl_run_plan *run = &e->runs[e->run_count++];
    *run = (struct orl_run_plan){.problem = problem,
                                 .desc = entry->desc,
                                 .steps = e->steps,
                                 .seed = repeat_seed(e->seed, repeat),
                                 .repeat = repeat,
                                 .group = e->run_count - (repeat > 0 ? repeat : 1),
                                 .style = style};
    memcpy(run->state_digest, entry->state_digest, sizeof run->state_digest);
    run->values = orl_values_copy(entry->values, entry->desc->settings);
    run->common = orl_values_copy(entry->common, orl_optimizer_common);
    run->tune = entry->tune;
    if (!run->values || !run->common)
        return orl_read_no_memory(l);
    for (size_t s = 0; s < entry->sweep_count; s++) {
        const struct sweep *sweep = &entry->sweeps[s];
        struct orl_value *to = sweep->common ? run->common : run->values;
        if (!copy_value(&to[sweep->setting], &sweep->values[choice[s]]))
            return orl_read_no_memory(l);
    }
    return name_run(l, run, entry, choice) && check_settings(l, run, entry);
}

/* All combinations of an entry's sweeps on one problem; the last list runs fastest. */
static bool make_runs(struct loader *l, size_t problem, const struct optimizer_entry *entry,
                      size_t *style)
{
    size_t *choice = orl_calloc(entry->sweep_count, sizeof *choice);
    if (!choice)
        return orl_read_no_memory(l);
    bool good = true;
    for (uint64_t n = 0; n < entry->combinations; n++) {
        uint64_t rest = n;
        for (size_t s = entry->sweep_count; s-- > 0; rest /= entry->sweeps[s].count)
            choice[s] = (size_t)(rest % entry->sweeps[s].count);
        for (size_t k = 1; k <= entry->repeat; k++)
            good &= make_run(l, problem, entry, choice, *style, entry->repeat > 1 ? k : 0);
        ++*style;
    }
    free(choice);
    return good;
}

static bool count_runs(struct loader *l, uint64_t *total)
{
    *total = 0;
    for (size_t i = 0; i < l->optimizer_count; i++) {
        uint64_t runs;
        bool over = __builtin_mul_overflow(l->optimizers[i].combinations,
                                           (uint64_t)l->experiment->problem_count, &runs);
        over |= __builtin_mul_overflow(runs, (uint64_t)l->optimizers[i].repeat, &runs);
        over |= __builtin_add_overflow(*total, runs, total);
        if (over || *total > l->source.limits->jobs)
            return orl_read_fault(l, l->optimizers[i].node, NULL,
                                  "this makes more than %llu runs (--max-jobs)",
                                  (unsigned long long)l->source.limits->jobs);
    }
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcasecmp((*(const struct orl_run_plan *const *)a)->file_name,
                      (*(const struct orl_run_plan *const *)b)->file_name);
}

static const struct yaml_node *key_of_run(const struct loader *l, const struct orl_run_plan *run)
{
    if (run->trace_path)
        return orl_yaml_get(orl_yaml_get(l->root, "runs"), "add");
    for (size_t i = 0; i < l->optimizer_count; i++)
        if (strcmp(l->optimizers[i].name, run->optimizer) == 0)
            return l->optimizers[i].key;
    return l->root;
}

/* Two runs must not share a file: a-b/c and a/b-c would. */
static bool check_file_names(struct loader *l)
{
    struct orl_experiment *e = l->experiment;
    const struct orl_run_plan **sorted = orl_calloc(e->run_count, sizeof *sorted);
    if (!sorted)
        return orl_read_no_memory(l);
    for (size_t i = 0; i < e->run_count; i++)
        sorted[i] = &e->runs[i];
    qsort(sorted, e->run_count, sizeof *sorted, compare_names);
    bool good = true;
    for (size_t i = 0; good && i + 1 < e->run_count; i++)
        if (compare_names(&sorted[i], &sorted[i + 1]) == 0)
            good = orl_read_fault(l, key_of_run(l, sorted[i + 1]), NULL,
                                  "the runs %s and %s would share the file name '%s'",
                                  sorted[i]->name, sorted[i + 1]->name, sorted[i]->file_name);
    free(sorted);
    return good;
}

static void free_run(struct orl_run_plan *run)
{
    if (run->desc)
        orl_values_free(run->values, run->desc->settings);
    orl_values_free(run->common, orl_optimizer_common);
    free(run->name);
    free(run->file_name);
    free(run->title);
    for (size_t i = 0; i < run->told_count; i++) {
        free((char *)(uintptr_t)run->told[i].name);
        free((char *)(uintptr_t)run->told[i].brief);
        free((char *)(uintptr_t)run->told[i].text);
    }
    free(run->told);
    free(run->base);
    free(run->repeat_name);
    free(run->repeat_file);
    free(run->details);
    free(run->optimizer);
    free(run->trace_path);
    free(run->trace_shown);
    free(run->log);
    free(run->loss_name);
}

static void drop_runs(struct orl_experiment *e, const struct yaml_node *pattern, size_t *dropped)
{
    size_t kept = 0;
    for (size_t i = 0; i < e->run_count; i++) {
        if (orl_glob_match(pattern->text, e->runs[i].name)) {
            free_run(&e->runs[i]);
            ++*dropped;
        } else {
            e->runs[kept++] = e->runs[i];
        }
    }
    e->run_count = kept;
}

static bool read_except(struct loader *l, const struct yaml_node *except)
{
    bool list = except->kind == YAML_LIST; /* a single one stands alone, too */
    for (size_t i = 0; i < (list ? except->count : 1); i++) {
        const struct yaml_node *run = list ? except->items[i] : except;
        size_t dropped = 0;
        if (!orl_read_kind(l, run, YAML_SCALAR, "a run"))
            return false;
        drop_runs(l->experiment, run, &dropped);
        if (!dropped)
            return orl_read_fault(l, run,
                                  "runs are called problem/optimizer; * stands for anything",
                                  "there is no run '%s'", run->text);
    }
    bool left = l->experiment->run_count > 0 || orl_yaml_get(orl_yaml_get(l->root, "runs"), "add");
    return left || orl_read_fault(l, except, NULL, "no run is left");
}

/* Methods that work on squares need data and a loss made of them. Checked of the runs that are
 * left. */
static bool check_problems(struct loader *l)
{
    bool good = true;
    for (size_t i = 0; i < l->experiment->run_count; i++) {
        const struct orl_run_plan *run = &l->experiment->runs[i];
        const struct orl_problem_plan *problem = &l->experiment->problems[run->problem];
        bool squares = problem->data_kind != ORL_DATA_NONE && problem->loss->squares;
        if (run->desc->shapes && problem->shape_count == 0)
            good = orl_read_fault(l, key_of_run(l, run),
                                  "such as shapes: {W: [[a, b], [c, d]]}, or leave the run out "
                                  "with runs: {except: [...]}",
                                  "%s: %s works on matrices, and the problem has no shapes",
                                  run->name, run->desc->name);
        if (run->desc->squares && !squares)
            good = orl_read_fault(
                l, key_of_run(l, run), "leave the run out with runs: {except: [...]}",
                "%s: %s needs data and the loss mse or sse", run->name, run->desc->name);
    }
    return good;
}

static bool select_runs(struct loader *l, const struct yaml_node *runs)
{
    if (!orl_read_kind(l, runs, YAML_MAP, "runs") || !orl_keys_known(l, runs, &orl_runs_map))
        return false;
    const struct yaml_node *except = orl_yaml_get(runs, "except"), *add = orl_yaml_get(runs, "add");
    return (!except || read_except(l, except)) &&
           (!add || (orl_load_traces(l, add) && check_file_names(l)));
}

bool orl_load_runs(struct loader *l)
{
    struct orl_experiment *e = l->experiment;
    const struct yaml_node *runs = orl_yaml_get(l->root, "runs");
    uint64_t total;
    if (!count_runs(l, &total))
        return false;
    e->runs = orl_calloc((size_t)total, sizeof *e->runs);
    if (!e->runs)
        return orl_read_no_memory(l);
    bool good = true;
    for (size_t p = 0; p < e->problem_count; p++) {
        size_t style = 0;
        for (size_t i = 0; i < l->optimizer_count; i++)
            good &= make_runs(l, p, &l->optimizers[i], &style);
    }
    if (!good || !check_file_names(l))
        return false;
    return (!runs || select_runs(l, runs)) && check_problems(l);
}

void orl_runs_free(struct orl_experiment *e)
{
    for (size_t i = 0; i < e->run_count; i++)
        free_run(&e->runs[i]);
    free(e->runs);
    orl_recorded_free(e);
}

void orl_runs_keep(struct orl_experiment *e, const bool *keep, size_t *renumbered)
{
    size_t kept = 0;
    for (size_t i = 0; i < e->run_count; i++) {
        renumbered[i] = kept;
        if (keep[i])
            e->runs[kept++] = e->runs[i];
        else
            free_run(&e->runs[i]);
    }
    e->run_count = kept;
}
