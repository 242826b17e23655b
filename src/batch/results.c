/* What is told at the end: lines on standard output, summary.json, index.html. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "batch/expect.h"
#include "batch/ranks.h"
#include "batch/story.h"
#include "batch/supervisor.h"
#include "batch/upkeep.h"
#include "optreel/report.h"
#include "optreel/scene.h"

void orl_results_line(struct batch *batch, const struct output_job *job)
{
    const struct orl_output_plan *output = orl_job_output(batch, job);
    struct orl_text line = {0};
    char quality[ORL_QUALITY_SIZE] = "";
    const char *file = batch->options->file, *folder = file ? file : batch->options->folder;
    if (output->sidecar)
        return;
    orl_text_escape_terminal(&line, folder, strlen(folder));
    if (job->facts.measured)
        orl_report_quality(quality, &job->facts.quality);
    orl_text_printf(&line, "%s%s  %lld bytes  %zu frame%s  %.2f s%s%s%s\n", file ? "" : "/",
                    file ? "" : output->path, (long long)job->facts.bytes, job->frames,
                    job->frames == 1 ? "" : "s", output->poster ? 0.0 : job->facts.seconds,
                    *quality ? "  " : "", quality,
                    job->state == JOB_CACHED ? "  (up to date)" : "");
    orl_event_file(batch, job);
    if (!line.failed)
        orl_tell_result(batch, line.data);
    orl_text_uninit(&line);
}

static int worse(int a, int b)
{
    return orl_exit_code(a) >= orl_exit_code(b) ? a : b;
}

/* Only then does it help to know how much is needed and how much is free. */
static bool space_ended(const char *text)
{
    return strstr(text, strerror(ENOSPC)) || strstr(text, strerror(EDQUOT));
}

void orl_results_space(const struct batch *batch, struct orl_error *err)
{
    size_t length = strlen(err->text);
    if (!batch->disk_told && space_ended(err->text))
        snprintf(err->text + length, sizeof err->text - length,
                 "; about %.1f MB are needed in all, %.1f MB are free",
                 (double)batch->estimate.disk_most / 1e6,
                 (double)orl_disk_free(batch->options->folder) / 1e6);
}

void orl_results_failure(struct batch *batch, const char *what, int code, const char *text)
{
    /* Of a unit's codes only these three are told apart at the end; a refusal that shows this late
     * is a failure like others. */
    int kind = code == ORL_EIO                          ? ORL_EIO
               : code == ORL_EENV || code == ORL_ENOMEM ? ORL_EENV
               : code == ORL_EBUG                       ? ORL_EBUG
                                                        : ORL_FAIL;
    batch->worst = worse(batch->worst, kind);
    orl_tell(batch, "optreel: error: %s: %s\n", what, text);
    orl_event_failure(batch, what, kind, text);
    if (kind != ORL_EIO || batch->disk_told || !space_ended(text))
        return;
    batch->disk_told = true;
    orl_tell(batch, "    hint: about %.1f MB are needed in all, %.1f MB are free in '%s'\n",
             (double)batch->estimate.disk_most / 1e6,
             (double)orl_disk_free(batch->options->folder) / 1e6, batch->options->folder);
}

/* ---- The report: everything it points to is kept in lists that are freed together. */

struct keep {
    char **strings;
    size_t count, capacity;
    bool failed;
};

static const char *keep(struct keep *k, char *string)
{
    if (!string ||
        !orl_reserve((void **)&k->strings, &k->capacity, k->count + 1, sizeof *k->strings)) {
        free(string);
        k->failed = true;
        return "";
    }
    return k->strings[k->count++] = string;
}

static void keep_uninit(struct keep *k)
{
    for (size_t i = 0; i < k->count; i++)
        free(k->strings[i]);
    free(k->strings);
}

static const char *setting_text(struct keep *k, const struct orl_setting *setting,
                                const struct orl_value *value)
{
    char buffer[ORL_NUMBER_SIZE];
    if (value->text)
        return value->text;
    if (setting->type == ORL_SETTING_BOOLEAN)
        return value->number != 0.0 ? "true" : "false";
    if (setting->type == ORL_SETTING_CHOICE)
        return setting->choices[(size_t)value->number];
    if (isnan(value->number))
        return NULL; /* the rule decides */
    orl_double_short(buffer, value->number);
    return keep(k, orl_strdup(buffer));
}

static void describe_settings(struct keep *k, const struct orl_run_plan *plan, double tuned,
                              struct orl_report_run *run, const char **names, const char **values)
{
    size_t own = orl_setting_count(plan->desc->settings),
           common = orl_setting_count(orl_optimizer_common);
    run->hyperparameter_names = names;
    run->hyperparameter_values = values;
    for (size_t i = 0; i < own + common; i++) {
        bool extra = i >= own;
        const struct orl_setting *setting =
            extra ? &orl_optimizer_common[i - own] : &plan->desc->settings[i];
        const struct orl_value *value = extra ? &plan->common[i - own] : &plan->values[i];
        if (extra && !value->text && value->number == setting->initial)
            continue; /* batch and clip are told where they do something */
        names[run->hyperparameter_count] = setting->name;
        struct orl_value chosen = {.number = tuned};
        bool found = setting->tunable && plan->tune.trials > 0;
        values[run->hyperparameter_count++] = setting_text(k, setting, found ? &chosen : value);
    }
}

struct report_memory {
    struct keep keep;
    struct orl_report_run *runs;
    struct orl_report_film *films;
    struct orl_report_version *versions;
    const char **names;    /* hyperparameter names, then values, of all runs */
    const char **run_refs; /* run names of all films */
    const char **beside;   /* paths of what stands beside the films */
    size_t beside_count;
    const char **warnings;
    struct film_story *stories; /* of each film of the experiment */
    size_t story_count;
    struct judgement judgement;
};

enum { SETTINGS_MAX = 32 };

static void describe_run(struct batch *batch, size_t index, struct report_memory *m)
{
    struct orl_run_plan *plan = &batch->experiment->runs[index];
    const struct orl_problem_plan *problem = &batch->experiment->problems[plan->problem];
    const struct run_job *job = &batch->runs[index];
    bool known = job->state == JOB_DONE || job->state == JOB_CACHED;
    struct orl_report_run *run = &m->runs[index];
    *run = (struct orl_report_run){
        .name = plan->name,
        .problem = orl_problem_is_logs(problem) ? NULL : problem->name,
        .problem_title = problem->title,
        .optimizer = plan->optimizer,
        .kind = plan->desc->name,
        .title = plan->title,
        .repeat = plan->repeat > 0 ? plan->repeat_name : NULL,
        .status = known ? job->facts.status : ORL_STATUS_FAILED,
        .steps = known ? job->facts.steps : 0,
        .loss = known ? job->facts.loss : NAN,
        .gradient_norm = known ? job->facts.gradient_norm : NAN,
        .parameter_count = problem->parameter_count,
        .parameters = (const char *const *)problem->parameters,
        .values = known && job->facts.parameter_count == problem->parameter_count
                      ? job->facts.values
                      : NULL,
        .start = problem->start,
        .best_fit = known && job->facts.parameter_count == problem->parameter_count
                        ? job->facts.best
                        : NULL,
        .points = known ? job->facts.points : 0,
        .missing = known ? job->facts.missing : 0,
        .fit = known ? job->facts.fit : NULL,
        .steps_to = {-1, -1, -1},
        .level = NAN,
        .level_step = -1,
        .seconds = known ? job->facts.seconds : 0.0,
        .trace = job->trace,
        .log = job->log,
        .failure = known          ? NULL
                   : job->failure ? job->failure
                                  : "not run",
    };
    run->truth = run->values ? orl_nearest_point(problem->truth, problem->truth_count, run->values,
                                                 problem->parameter_count, NULL)
                             : problem->truth;
    run->truth_count = problem->truth_count;
    if (known)
        memcpy(run->steps_to, job->facts.steps_to, sizeof run->steps_to);
    double tuned = known ? job->facts.tuned : (double)NAN;
    run->tune = plan->tune;
    if (!orl_run_tell_tuned(plan, tuned))
        m->keep.failed = true;
    run->details = plan->details;
    describe_settings(&m->keep, plan, tuned, run, m->names + 2 * index * SETTINGS_MAX,
                      m->names + (2 * index + 1) * SETTINGS_MAX);
}

/* The poster of a film, once it exists. */
static const char *poster_of(const struct batch *batch, size_t film)
{
    for (size_t i = 0; i < batch->output_count; i++) {
        const struct output_job *job = &batch->outputs[i];
        const struct orl_output_plan *output = orl_job_output(batch, job);
        if (job->film == film && output->poster && !output->sidecar &&
            (job->state == JOB_DONE || job->state == JOB_CACHED))
            return orl_job_output(batch, job)->path;
    }
    return NULL;
}

/* The captions of a film, as they stand in the folder; NULL where it has none that a page can
 * carry.
 */
static const char *captions_of(const struct batch *batch, size_t film, struct keep *k)
{
    enum { CAPTIONS_MOST = 1 << 18 };
    for (size_t i = 0; i < batch->output_count; i++) {
        const struct output_job *job = &batch->outputs[i];
        const struct orl_output_plan *output = orl_job_output(batch, job);
        bool there = job->state == JOB_DONE || job->state == JOB_CACHED;
        if (job->film != film || !there || !output->format->captions)
            continue;
        char *path = orl_asprintf("%s/%s", batch->options->folder, output->path), *text = NULL;
        size_t length = 0;
        if (path && orl_file_read(path, CAPTIONS_MOST, &text, &length, NULL) != ORL_OK)
            text = NULL;
        free(path);
        return text ? keep(k, text) : NULL;
    }
    return NULL;
}

/* What stands beside a film, told with its first output: sidecars that are there, and its words,
 * which are written wherever one of its outputs is. A film's outputs follow each other. */
static void add_beside(const struct batch *batch, size_t first, struct report_memory *m,
                       struct orl_report_film *film)
{
    bool any = false;
    film->beside = m->beside + m->beside_count;
    while (first > 0 && batch->outputs[first - 1].film == batch->outputs[first].film)
        first--; /* of all that it has, whether or not that one is told of */
    for (size_t i = first;
         i < batch->output_count && batch->outputs[i].film == batch->outputs[first].film; i++) {
        const struct output_job *job = &batch->outputs[i];
        const struct orl_output_plan *output = orl_job_output(batch, job);
        bool there = job->state == JOB_DONE || job->state == JOB_CACHED;
        if (there && output->sidecar)
            m->beside[m->beside_count++] = output->path;
        if (orl_beside_has_tex(batch, job))
            m->beside[m->beside_count++] = keep(&m->keep, orl_asprintf("%s.tex", film->name));
        any |= there && !output->sidecar;
    }
    if (any)
        m->beside[m->beside_count++] = keep(&m->keep, orl_asprintf("%s.alt.txt", film->name));
    film->beside_count = (size_t)(m->beside + m->beside_count - film->beside);
}

/* Sidecars are told of by the film that they stand beside. */
static void describe_film(struct batch *batch, size_t index, struct report_memory *m, size_t *count,
                          size_t *ref)
{
    const struct output_job *job = &batch->outputs[index];
    const struct orl_film_plan *film = orl_job_film(batch, job);
    const struct orl_output_plan *output = orl_job_output(batch, job);
    bool there = job->state == JOB_DONE || job->state == JOB_CACHED;
    if (output->sidecar || job->state == JOB_ELSEWHERE)
        return;
    m->films[(*count)++] = (struct orl_report_film){
        .name = film->name,
        .title = film->title,
        .format = output->format->name,
        .path = output->path,
        .run_count = film->run_count,
        .runs = m->run_refs + *ref,
        .poster = poster_of(batch, job->film),
        .bytes = there ? job->facts.bytes : 0,
        .sha256 = there ? job->facts.sha256 : NULL,
        .width = job->width,
        .height = job->height,
        .fps_num = job->fps_num,
        .fps_den = job->fps_den,
        .frames = job->frames,
        .seconds = output->poster ? 0.0 : (double)job->frames * job->fps_den / job->fps_num,
        .finding = m->stories[job->film].finding,
        .places = m->stories[job->film].places,
        .events = m->stories[job->film].events,
        .event_count = m->stories[job->film].count,
        .cached = job->state == JOB_CACHED,
        .quality = there && job->facts.measured ? &job->facts.quality : NULL,
        .failure = there          ? NULL
                   : job->failure ? job->failure
                                  : "not made",
    };
    if (*count == 1 || m->films[*count - 2].name != film->name) { /* the first that is told of */
        add_beside(batch, index, m, &m->films[*count - 1]);
        m->films[*count - 1].captions = captions_of(batch, job->film, &m->keep);
    }
    for (size_t r = 0; r < film->run_count; r++)
        m->run_refs[(*ref)++] = batch->experiment->runs[film->runs[r]].name;
}

static bool allocate(const struct batch *batch, struct report_memory *m)
{
    size_t refs = 0, runs = batch->experiment->run_count;
    for (size_t i = 0; i < batch->output_count; i++)
        refs += orl_job_film(batch, &batch->outputs[i])->run_count;
    m->runs = orl_calloc(runs, sizeof *m->runs);
    m->films = orl_calloc(batch->output_count, sizeof *m->films);
    m->story_count = batch->experiment->film_count;
    m->stories = orl_calloc(m->story_count + 1, sizeof *m->stories);
    m->versions = orl_calloc(batch->version_count, sizeof *m->versions);
    m->names = orl_calloc(runs, 2 * SETTINGS_MAX * sizeof *m->names);
    m->run_refs = orl_calloc(refs, sizeof *m->run_refs);
    m->warnings = orl_calloc(batch->messages->count, sizeof *m->warnings);
    m->beside = orl_calloc(
        batch->output_count,
        3 * sizeof *m->beside); /* at most two texts for each film, which has an output or more */
    return m->stories && m->beside && m->runs && m->films && m->versions && m->names &&
           m->run_refs && m->warnings;
}

/* Leave out what was not asked for and is not there. */
static size_t runs_told(const struct batch *batch, struct orl_report_run *runs)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->experiment->run_count; i++)
        if (batch->runs[i].state != JOB_ELSEWHERE)
            runs[count++] = runs[i];
    return count;
}

static size_t gather_warnings(struct batch *batch, struct report_memory *m)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->messages->count; i++) {
        const struct orl_message *message = &batch->messages->items[i];
        if (message->severity != ORL_SEVERITY_WARNING)
            continue;
        char *text = !message->file ? orl_strdup(message->text)
                     : message->line
                         ? orl_asprintf("%s:%u: %s", message->file, message->line, message->text)
                         : orl_asprintf("%s: %s", message->file, message->text);
        m->warnings[count++] = keep(&m->keep, text);
    }
    return count;
}

static int write_tables(struct batch *batch, const struct orl_report *report, struct orl_error *err)
{
    static const char *const names[] = {[ORL_RESULTS_CSV] = "results.csv",
                                        [ORL_RESULTS_MARKDOWN] = "results.md",
                                        [ORL_RESULTS_LATEX] = "results.tex",
                                        [ORL_RESULTS_SUMMARY] = "summary.md"};
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < ORL_COUNT(names); i++) {
        char *text = orl_report_results(report, (enum orl_results_format)i);
        ret = text ? orl_folder_write(batch->store.folder, names[i], text, strlen(text), err)
                   : orl_fail_memory(err);
        free(text);
    }
    return ret;
}

static int write_report(struct batch *batch, const struct orl_report *report, struct orl_error *err)
{
    static const struct {
        const char *name;
        char *(*make)(const struct orl_report *report);
    } files[] = {{"summary.json", orl_report_summary}, {"index.html", orl_report_html}};
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < ORL_COUNT(files); i++) {
        char *text = files[i].make(report); /* of thousands of films it is large: one at a time */
        ret = text ? orl_folder_write(batch->store.folder, files[i].name, text, strlen(text), err)
                   : orl_fail_memory(err);
        free(text);
    }
    return ret;
}

/* A file of its own, which fails by its own name. */
static int junit_deliver(struct batch *batch, const struct orl_report *report,
                         struct orl_error *err)
{
    struct orl_error own = {0};
    const char *file = batch->options->junit;
    char *text = orl_report_junit(report, batch->options->strict);
    int ret = text ? orl_upkeep_deliver(file, text, strlen(text), &own) : orl_fail_memory(&own);
    free(text);
    if (ret == ORL_EIO) {
        orl_results_failure(batch, file, ret, own.text);
        return ORL_OK;
    }
    return ret == ORL_OK ? ORL_OK : orl_fail(err, ret, "%s", own.text);
}

/* Everything that is made of the report. */
static int report_deliver(struct batch *batch, const struct orl_report *report,
                          struct orl_error *err)
{
    int ret = write_report(batch, report, err);
    if (ret == ORL_OK)
        ret = write_tables(batch, report, err);
    if (ret == ORL_OK)
        ret = orl_beside_write(batch, report, err);
    if (ret == ORL_OK)
        ret = orl_embedding_write(batch, report, err);
    return ret == ORL_OK && batch->options->junit ? junit_deliver(batch, report, err) : ret;
}

int orl_results_report(struct batch *batch, struct orl_error *err)
{
    struct report_memory m = {0};
    int ret = allocate(batch, &m) ? ORL_OK : orl_fail_memory(err);
    if (ret == ORL_OK) {
        size_t ref = 0, films = 0;
        for (size_t i = 0; i < batch->experiment->run_count; i++)
            describe_run(batch, i, &m);
        ret = orl_ranks_describe(batch, m.runs, err);
        if (ret == ORL_OK)
            ret = orl_expect_judge(batch, m.runs, &m.judgement, err);
        for (size_t i = 0; i < m.story_count; i++)
            orl_story_fetch(batch->store.folder, batch->experiment->films[i].name, &m.stories[i]);
        for (size_t i = 0; i < batch->output_count; i++)
            describe_film(batch, i, &m, &films, &ref);
        for (size_t i = 0; i < batch->version_count; i++)
            m.versions[i] =
                (struct orl_report_version){batch->versions[i].name, batch->versions[i].version};
        struct orl_report report = {
            .experiment = batch->experiment->name,
            .title = batch->experiment->title,
            .description = batch->experiment->description,
            .command = batch->options->command,
            .versions = m.versions,
            .version_count = batch->version_count,
            .runs = m.runs,
            .run_count = runs_told(batch, m.runs),
            .films = m.films,
            .film_count = films,
            .warnings = m.warnings,
            .warning_count = gather_warnings(batch, &m),
            .checks = m.judgement.checks,
            .check_count = m.judgement.count,
            .slides = batch->experiment->preset && batch->experiment->preset->slides,
            .snippets = batch->experiment->preset && batch->experiment->preset->snippets,
            .times = batch->experiment->report_times,
            .seconds = orl_clock_s() - batch->start_s,
        };
        if (ret == ORL_OK)
            ret = orl_baseline_judge(batch, &report, &m.judgement, err);
        report.checks = m.judgement.checks;
        report.check_count = m.judgement.count;
        if (ret == ORL_OK)
            ret = m.keep.failed ? orl_fail_memory(err) : report_deliver(batch, &report, err);
    }
    keep_uninit(&m.keep);
    orl_judgement_uninit(&m.judgement);
    free(m.runs);
    free(m.films);
    free(m.versions);
    free(m.names);
    free(m.run_refs);
    free(m.beside);
    free(m.warnings);
    for (size_t i = 0; m.stories && i < m.story_count; i++)
        orl_story_release(&m.stories[i]);
    free(m.stories);
    return ret;
}
