/* Expectations, judged on the runs that were made. */
#include "batch/expect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "batch/ranks.h"

/* What facts are judged by. */
struct judge {
    struct batch *batch;
    const struct orl_report_run *runs; /* parallel to the experiment's */
};

/* Some of the runs were not asked for. */
static bool batch_is_part(const struct batch *batch)
{
    return batch->choices && batch->choices->only;
}

/* NULL where it was not made, or not asked for now. */
static const struct orl_report_run *run_find(const struct judge *judge, const char *name)
{
    for (size_t i = 0; i < judge->batch->experiment->run_count; i++)
        if (strcmp(judge->runs[i].name, name) == 0)
            return judge->runs[i].status == ORL_STATUS_FAILED || judge->batch->runs[i].beside
                       ? NULL
                       : &judge->runs[i];
    return NULL;
}

/* A step that is never reached is later than any. */
static double step_of(int64_t step)
{
    return step < 0 ? (double)INFINITY : (double)step;
}

/* The first step at or below a loss: exact for those that runs watch, else the first recorded one.
 */
static double step_at(const struct judge *judge, const struct orl_report_run *run, double threshold)
{
    const struct batch *batch = judge->batch;
    size_t index = (size_t)(run - judge->runs);
    const struct orl_run_facts *facts = &batch->runs[index].facts;
    const struct orl_problem_plan *problem =
        &batch->experiment->problems[batch->experiment->runs[index].problem];
    bool above = problem->data_kind == ORL_DATA_NONE && problem->truth && facts->known;
    for (size_t i = 0; i < ORL_THRESHOLDS; i++)
        if (orl_trace_thresholds[i] == threshold)
            return step_of(run->steps_to[i]);
    return step_of(orl_ranks_trace_step(batch, index, threshold + (above ? facts->least : 0.0)));
}

static double parameter_of(const struct orl_report_run *run, const char *name)
{
    for (size_t i = 0; run->values && i < run->parameter_count; i++)
        if (strcmp(run->parameters[i], name) == 0)
            return run->values[i];
    return NAN;
}

static double value_of(const struct judge *judge, const struct orl_expectation *fact,
                       const struct orl_report_run *run)
{
    switch (fact->quantity) {
    case ORL_QUANTITY_LOSS:
        return run->loss;
    case ORL_QUANTITY_GRADIENT_NORM:
        return run->gradient_norm;
    case ORL_QUANTITY_STEPS:
        return (double)run->steps;
    case ORL_QUANTITY_RANK:
        return run->rank ? (double)run->rank : (double)NAN;
    case ORL_QUANTITY_LEVEL_STEP:
        return step_of(run->level_step);
    case ORL_QUANTITY_STEPS_TO:
        return step_at(judge, run, fact->threshold);
    case ORL_QUANTITY_PARAMETER:
        return parameter_of(run, fact->parameter);
    case ORL_QUANTITY_STATUS:
    case ORL_QUANTITY_ORDER:
        break;
    }
    return NAN;
}

/* NaN holds nothing. */
static bool relation_holds(const struct orl_expectation *fact, double value)
{
    switch (fact->relation) {
    case ORL_RELATION_BELOW:
        return value < fact->value;
    case ORL_RELATION_AT_MOST:
        return value <= fact->value;
    case ORL_RELATION_ABOVE:
        return value > fact->value;
    case ORL_RELATION_AT_LEAST:
        return value >= fact->value;
    case ORL_RELATION_NEAR:
        break;
    }
    return fabs(value - fact->value) <= fact->tolerance;
}

/* One run's number or status. The numbers of a run that diverged are those of before it did: they
 * hold nothing. */
static int run_judge(const struct judge *judge, const struct orl_expectation *fact,
                     const struct orl_report_run *run, struct orl_report_check *check)
{
    bool status = fact->quantity == ORL_QUANTITY_STATUS,
         diverged = run->status == ORL_STATUS_DIVERGED;
    if (status ||
        (diverged && fact->quantity != ORL_QUANTITY_STEPS && fact->quantity != ORL_QUANTITY_RANK)) {
        check->held = status && run->status == fact->status ? ORL_HELD_YES : ORL_HELD_NO;
        check->words = diverged && !status
                           ? orl_asprintf("diverged at step %lld", (long long)run->steps)
                           : orl_strdup(orl_status_name(run->status));
        return check->words ? ORL_OK : ORL_ENOMEM;
    }
    bool among = fact->quantity == ORL_QUANTITY_RANK || fact->quantity == ORL_QUANTITY_LEVEL_STEP;
    if (among && batch_is_part(judge->batch))
        return ORL_OK; /* the other runs of its problem decide it, too */
    double value = value_of(judge, fact, run);
    check->held = relation_holds(fact, value) ? ORL_HELD_YES : ORL_HELD_NO;
    check->value = value;
    return ORL_OK;
}

struct place {
    const char *name;
    size_t rank, wanted;
};

static int place_compare(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->wanted < y->wanted ? -1 : x->wanted > y->wanted;
}

/* The better first, equal ranks with = between them: "sgd = nesterov, momentum". */
static char *places_tell(struct place *places, size_t count)
{
    struct orl_text text = {0};
    qsort(places, count, sizeof *places, place_compare);
    for (size_t i = 0; i < count; i++) {
        const char *slash = strchr(places[i].name, '/');
        orl_text_puts(&text, i == 0 ? "" : places[i].rank == places[i - 1].rank ? " = " : ", ");
        orl_text_puts(&text, slash ? slash + 1 : places[i].name);
    }
    return orl_text_take(&text);
}

/* None of a later place ranks before one of an earlier place. Nothing is known where one of them
 * was not made. */
static int order_judge(const struct judge *judge, const struct orl_expectation *fact,
                       struct orl_report_check *check)
{
    struct place *places = orl_calloc(fact->run_count, sizeof *places);
    bool known = places != NULL, held = true;
    for (size_t i = 0; known && i < fact->run_count; i++) {
        const struct orl_report_run *run = run_find(judge, fact->runs[i]);
        known = run && run->rank;
        if (known)
            places[i] = (struct place){fact->runs[i], run->rank, fact->places[i]};
        for (size_t k = 0; known && k < i; k++)
            held =
                held && !(places[k].wanted < places[i].wanted && places[k].rank > places[i].rank);
    }
    check->held = !known ? ORL_HELD_UNKNOWN : held ? ORL_HELD_YES : ORL_HELD_NO;
    check->words = known ? places_tell(places, fact->run_count) : NULL;
    bool made = places && (!known || check->words);
    free(places);
    return made ? ORL_OK : ORL_ENOMEM;
}

static int fact_judge(const struct judge *judge, const struct orl_expectation *fact,
                      struct orl_report_check *check)
{
    *check = (struct orl_report_check){.what = fact->what,
                                       .held = ORL_HELD_UNKNOWN,
                                       .value = NAN,
                                       .file = fact->line ? judge->batch->experiment->path : NULL,
                                       .line = fact->line,
                                       .column = fact->column};
    if (fact->quantity == ORL_QUANTITY_ORDER)
        return order_judge(judge, fact, check);
    const struct orl_report_run *run = run_find(judge, fact->runs[0]);
    return run ? run_judge(judge, fact, run, check) : ORL_OK;
}

/* An error where the expectation stands, as a fault of the file would be told. */
static int failure_tell(struct batch *batch, const struct orl_report_check *check)
{
    struct orl_place place = {.file = check->file, .line = check->line, .column = check->column};
    char *value = orl_report_check_value(check);
    if (!value)
        return ORL_ENOMEM;
    if (check->line)
        place.source = orl_text_line(batch->source->text, batch->source->length, check->line,
                                     &place.source_length);
    int ret = orl_messages_add(batch->messages, ORL_SEVERITY_ERROR, check->file ? &place : NULL,
                               NULL, "expected %s; got %s", check->what, value);
    free(value);
    return ret == ORL_ENOMEM ? ret : ORL_OK;
}

int orl_expect_judge(struct batch *batch, const struct orl_report_run *runs, struct judgement *out,
                     struct orl_error *err)
{
    const struct orl_experiment *e = batch->experiment;
    const struct judge judge = {batch, runs};
    *out = (struct judgement){.checks = orl_calloc(e->expectation_count + 1, sizeof *out->checks)};
    int ret = out->checks ? ORL_OK : ORL_ENOMEM;
    for (size_t i = 0; ret == ORL_OK && i < e->expectation_count; i++) {
        struct orl_report_check *check = &out->checks[out->count++];
        ret = fact_judge(&judge, &e->expectations[i], check);
        if (ret == ORL_OK && check->held == ORL_HELD_NO) {
            batch->unmet++;
            ret = failure_tell(batch, check);
        }
    }
    for (size_t i = 0; i < out->count; i++)
        batch->expected += out->checks[i].held != ORL_HELD_UNKNOWN;
    return ret == ORL_OK ? ret : orl_fail_memory(err);
}

/* ---- The baseline ---------------------------------------------------------------------------- */

/* Among the runs that were asked for: the folder's others stand beside them. */
static bool is_planned(const struct batch *batch, const char *name)
{
    for (size_t i = 0; i < batch->experiment->run_count; i++)
        if (strcmp(batch->experiment->runs[i].name, name) == 0)
            return !batch->runs[i].beside;
    return false;
}

/* A run of before: its numbers now, or whether it is missing, which is a fault only where all runs
 * were asked for. */
static int before_judge(struct batch *batch, const struct summary_item *before,
                        const struct summary *now, struct orl_report_check *check)
{
    const struct summary_item *item = orl_summary_find(now->runs, now->run_count, before->name);
    struct orl_text words = {0};
    bool planned = is_planned(batch, before->name), part = batch_is_part(batch);
    double tolerance =
        batch->options->tolerance > 0.0 ? batch->options->tolerance : ORL_TOLERANCE_USUAL;
    check->value = NAN;
    check->baseline = true;
    check->file = batch->options->baseline;
    check->held = ORL_HELD_NO;
    if (!planned && part)
        check->held = ORL_HELD_UNKNOWN;
    else if (!planned || !item)
        orl_text_puts(&words, "no such run");
    else if (orl_summary_compare(before, item, tolerance, part ? SUMMARY_ALONE : SUMMARY_RESULTS,
                                 &words) == 0)
        check->held = ORL_HELD_YES;
    if (check->held == ORL_HELD_YES)
        orl_text_puts(&words, "as before");
    check->words = check->held == ORL_HELD_UNKNOWN ? NULL : orl_text_take(&words);
    orl_text_uninit(&words);
    return check->words || check->held == ORL_HELD_UNKNOWN ? ORL_OK : ORL_ENOMEM;
}

static int before_all(struct batch *batch, const struct summary *now, struct judgement *out)
{
    const struct summary *before = batch->baseline;
    struct orl_report_check *grown =
        orl_realloc_array(out->checks, out->count + before->run_count + 1, sizeof *grown);
    out->checks = grown ? grown : out->checks;
    out->whats = orl_calloc(before->run_count + 1, sizeof *out->whats);
    int ret = grown && out->whats ? ORL_OK : ORL_ENOMEM;
    for (size_t i = 0; ret == ORL_OK && i < before->run_count; i++) {
        struct orl_report_check *check = &out->checks[out->count++];
        char *what = orl_asprintf("%s: as in the baseline", before->runs[i].name);
        out->whats[out->what_count++] = what;
        *check = (struct orl_report_check){.what = what};
        ret = what ? before_judge(batch, &before->runs[i], now, check) : ORL_ENOMEM;
        batch->expected += check->held != ORL_HELD_UNKNOWN;
        if (ret == ORL_OK && check->held == ORL_HELD_NO) {
            batch->unmet++;
            ret = failure_tell(batch, check);
        }
    }
    return ret;
}

int orl_baseline_judge(struct batch *batch, const struct orl_report *report, struct judgement *out,
                       struct orl_error *err)
{
    struct summary now = {0};
    if (!batch->baseline)
        return ORL_OK;
    char *text = orl_report_summary(report);
    int ret = text ? orl_summary_parse("summary.json", text, strlen(text), &now, err) : ORL_ENOMEM;
    if (ret == ORL_OK)
        ret = before_all(batch, &now, out);
    orl_summary_uninit(&now);
    free(text);
    return ret == ORL_ENOMEM ? orl_fail_memory(err) : ret;
}

void orl_judgement_uninit(struct judgement *judgement)
{
    for (size_t i = 0; i < judgement->what_count; i++)
        free(judgement->whats[i]);
    free(judgement->whats);
    for (size_t i = 0; i < judgement->count; i++)
        free((char *)judgement->checks[i].words);
    free(judgement->checks);
    *judgement = (struct judgement){0};
}
