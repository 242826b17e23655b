/* The whole of an experiment in the report, though a part of it was asked for. */
#include "batch/whole.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* Formats of a plan's films, as --formats takes them, behind those that are there already. */
static void formats_add(struct orl_text *list, const struct orl_experiment *experiment)
{
    for (size_t f = 0; f < experiment->film_count; f++)
        for (size_t o = 0; o < experiment->films[f].output_count; o++) {
            const struct orl_output_plan *output = &experiment->films[f].outputs[o];
            if (!output->poster && !output->sidecar)
                orl_text_printf(list, "%s%s", list->length ? "," : "", output->format->name);
        }
}

/* Load it as it was asked for, with these formats and all runs and films. NULL where it cannot be:
 * what was not asked for may have its faults. */
static struct orl_experiment *plan_load(const struct batch *batch, const char *formats)
{
    struct orl_experiment_options options = *batch->choices;
    struct orl_messages ignored = {0};
    struct orl_experiment *whole = NULL;
    options.only = NULL;
    options.formats = formats;
    if (orl_experiment_load(batch->source, &options, batch->limits, &ignored, &whole) != ORL_OK)
        orl_experiment_destroy(&whole);
    orl_messages_uninit(&ignored);
    return whole;
}

/* With the formats that were asked for and those of the file. */
static struct orl_experiment *plan_widen(const struct batch *batch)
{
    struct orl_text formats = {0};
    if (!batch->choices->formats)
        return plan_load(batch, NULL);
    struct orl_experiment *own = plan_load(batch, NULL), *whole = NULL;
    if (own)
        formats_add(&formats, own); /* the first of them decides what posters are like */
    formats_add(&formats, batch->experiment);
    if (own && formats.length && !formats.failed)
        whole = plan_load(batch, formats.data);
    orl_experiment_destroy(&own);
    orl_text_uninit(&formats);
    return whole;
}

/* How the batch's runs ended. False where the two plans do not know a run as the same. */
static bool run_overlay(const struct batch *batch, const char *name, struct run_job *job)
{
    for (size_t i = 0; i < batch->experiment->run_count; i++) {
        const struct run_job *now = &batch->runs[i];
        if (strcmp(batch->experiment->runs[i].name, name) != 0)
            continue;
        bool made = now->state == JOB_DONE || now->state == JOB_CACHED,
             held = job->state == JOB_CACHED;
        job->state = made ? now->state : held ? JOB_CACHED : JOB_FAILED;
        job->failure = now->failure ? orl_strdup(now->failure) : NULL;
        return held || !made;
    }
    job->beside = true;
    job->state = job->state == JOB_CACHED ? JOB_CACHED : JOB_ELSEWHERE;
    return true;
}

/* The batch's outputs are as it knows them: a poster follows the formats that were asked for. */
static void output_overlay(const struct batch *batch, const char *path, struct output_job *job)
{
    for (size_t i = 0; i < batch->output_count; i++) {
        const struct output_job *now = &batch->outputs[i];
        if (strcmp(orl_job_output(batch, now)->path, path) != 0)
            continue;
        job->state = now->state;
        job->facts = now->facts;
        job->width = now->width;
        job->height = now->height;
        job->fps_num = now->fps_num;
        job->fps_den = now->fps_den;
        job->frames = now->frames;
        job->failure = now->failure ? orl_strdup(now->failure) : NULL;
        return;
    }
    job->state = job->state == JOB_CACHED ? JOB_CACHED : JOB_ELSEWHERE;
}

/* What the folder holds of the whole plan. False where the two plans do not go together: what was
 * made is not found, or would not be told. */
static bool whole_look(struct batch *whole, const struct batch *batch)
{
    struct orl_error ignored = {0};
    bool good =
        orl_jobs_make(whole, &ignored) == ORL_OK && orl_jobs_skip(whole, &ignored) == ORL_OK;
    for (size_t i = 0; good && i < whole->experiment->run_count; i++)
        good = run_overlay(batch, whole->experiment->runs[i].name, &whole->runs[i]);
    for (size_t i = 0; good && i < whole->output_count; i++)
        output_overlay(batch, orl_job_output(whole, &whole->outputs[i])->path, &whole->outputs[i]);
    return good && whole->output_count >= batch->output_count &&
           whole->experiment->run_count >= batch->experiment->run_count;
}

int orl_whole_report(struct batch *batch, struct orl_error *err)
{
    const struct orl_experiment_options *c = batch->choices;
    struct orl_batch_options options = *batch->options;
    struct batch whole = *batch;
    struct orl_experiment *experiment =
        c && !c->runs_only && (c->only || c->formats) ? plan_widen(batch) : NULL;
    if (!experiment)
        return orl_results_report(batch, err);
    options.force = false; /* what was not asked for was not remade */
    whole.options = &options;
    whole.experiment = experiment;
    whole.runs = NULL;
    whole.outputs = NULL;
    whole.output_count = 0;
    bool told = whole_look(&whole, batch);
    int ret = told ? orl_results_report(&whole, err) : ORL_OK;
    whole.versions = NULL; /* the batch's own */
    whole.version_count = 0;
    orl_jobs_free(&whole);
    batch->worst = whole.worst;
    batch->disk_told = whole.disk_told;
    batch->expected = whole.expected;
    batch->unmet = whole.unmet;
    batch->deaf = whole.deaf;
    batch->results = whole.results;
    batch->results_lost = whole.results_lost;
    orl_experiment_destroy(&experiment);
    return told ? ret : orl_results_report(batch, err);
}
