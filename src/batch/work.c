/* What a worker does for each kind of unit. */
#include "batch/work.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "batch/join.h"
#include "batch/runs.h"
#include "batch/story.h"
#include "optreel/scene.h"

#define PROGRESS_EVERY_S 0.2

/* A sink into a file of the output folder that hashes what passes. */
struct hashed_file {
    struct orl_outfile *file;
    struct orl_sha256 hash;
};

static int hashed_write(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    struct hashed_file *h = context;
    orl_sha256_update(&h->hash, bytes, length);
    return orl_outfile_write(h->file, bytes, length, err);
}

/* Write one text file through `write`; its size and digest come back. */
static int write_hashed(struct orl_folder *folder, char *name,
                        int (*write)(void *context, struct orl_sink sink, struct orl_error *err),
                        void *context, int64_t *bytes, uint8_t digest[32], struct orl_error *err)
{
    struct hashed_file h = {0};
    orl_sha256_init(&h.hash);
    if (!name)
        return orl_fail_memory(err);
    int ret = orl_outfile_create(folder, name, &h.file, err);
    if (ret == ORL_OK)
        ret = write(context, (struct orl_sink){&h, hashed_write}, err);
    if (ret == ORL_OK) {
        *bytes = orl_outfile_size(h.file);
        ret = orl_outfile_commit(&h.file, err);
    }
    orl_outfile_abort(&h.file);
    orl_sha256_final(&h.hash, digest);
    return ret;
}

/* Tell how much of the unit is done (0-1); speaks only now and then. */
static void progress_tell(struct worker *worker, double share)
{
    double now = orl_clock_s();
    if (now - worker->told_s < PROGRESS_EVERY_S)
        return;
    worker->told_s = now;
    worker->orphaned |= orl_wire_send_progress(STDOUT_FILENO, share) != ORL_OK;
}

struct run_context {
    struct worker *worker;
    const struct orl_run_plan *plan;
    const struct orl_problem *problem;
    const struct orl_trace *trace;
    const char *problem_name;
    uint8_t digest[32]; /* of the trace's file */
};

static int write_trace(void *context, struct orl_sink sink, struct orl_error *err)
{
    const struct run_context *run = context;
    return orl_trace_write_csv(run->trace, sink, err);
}

static int write_log(void *context, struct orl_sink sink, struct orl_error *err)
{
    const struct run_context *run = context;
    const struct orl_loss_desc *loss = run->problem ? orl_problem_loss(run->problem) : NULL;
    return orl_trace_write_log(run->trace, run->problem_name, run->plan->optimizer,
                               loss ? loss->label : "objective", sink, err);
}

static int run_tick(void *context, int64_t step)
{
    const struct run_context *run = context;
    progress_tell(run->worker, (double)step / (double)run->plan->steps);
    return run->worker->orphaned;
}

/* The exact solution, where there is one, to compare with. */
static int add_best_fit(const struct orl_problem *problem, struct orl_run_facts *facts,
                        struct orl_error *err)
{
    struct orl_workspace *workspace = NULL;
    if (!problem || facts->parameter_count == 0)
        return ORL_OK;
    int ret = orl_workspace_create(problem, &workspace, err);
    facts->best = orl_calloc(facts->parameter_count, sizeof *facts->best);
    if (ret == ORL_OK && !facts->best)
        ret = orl_fail_memory(err);
    if (ret != ORL_OK || !orl_problem_best_fit(problem, workspace, facts->best)) {
        free(facts->best);
        facts->best = NULL;
    }
    orl_workspace_destroy(&workspace);
    return ret;
}

/* What the ranks of the problem's runs are made from. */
static int add_standing(const struct run_context *run, struct orl_run_facts *facts,
                        struct orl_error *err)
{
    const struct orl_film_run one = {.trace = run->trace, .problem = run->problem};
    struct orl_standing standing;
    int ret = orl_standing_create(&one, 1, 1, -1, NAN, &standing, err);
    if (ret == ORL_OK) {
        facts->start = standing.start;
        facts->least = standing.least;
        facts->known = standing.known;
        facts->level_step = standing.places[0].level_step;
        for (size_t i = 0; i < ORL_THRESHOLDS; i++)
            facts->steps_to[i] = standing.places[0].steps_to[i];
    }
    orl_standing_uninit(&standing);
    return ret;
}

/* What its problem has to say: how much data there are, and whether its loss is the recorded one.
 */
static int add_problem(const struct run_context *run, struct orl_run_facts *facts,
                       struct orl_error *err)
{
    const struct orl_dataset *data = orl_problem_data(run->problem);
    facts->points = data ? data->rows : 0;
    facts->missing = data ? data->missing : 0;
    return run->plan->trace_path
               ? orl_trace_find_foreign(run->trace, run->problem, &facts->foreign, err)
               : ORL_OK;
}

static int write_run(struct run_context *run, double tuned, struct orl_text *facts,
                     struct orl_error *err)
{
    struct orl_run_facts f = {0};
    uint8_t log_digest[32];
    char *trace = orl_batch_trace_name(run->plan), *log = orl_batch_log_name(run->plan);
    struct orl_folder *folder = run->worker->folder;
    int ret = orl_run_facts_gather(run->trace, &f, err);
    f.tuned = tuned;
    if (ret == ORL_OK)
        ret = add_best_fit(run->problem, &f, err);
    if (ret == ORL_OK && f.parameter_count > 0)
        ret = orl_fit_create(run->problem, f.values, &f.fit, err);
    if (ret == ORL_OK && run->trace->rows)
        ret = add_standing(run, &f, err);
    if (ret == ORL_OK && run->problem)
        ret = add_problem(run, &f, err);
    if (ret == ORL_OK)
        ret = write_hashed(folder, trace, write_trace, run, &f.trace_bytes, run->digest, err);
    if (ret == ORL_OK)
        ret = write_hashed(folder, log, write_log, run, &f.log_bytes, log_digest, err);
    if (ret == ORL_OK) {
        orl_sha256_hex(run->digest, f.trace_sha256);
        orl_sha256_hex(log_digest, f.log_sha256);
        orl_run_facts_put(facts, &f);
    }
    orl_run_facts_uninit(&f);
    free(trace);
    free(log);
    return ret;
}

static int do_run(struct worker *worker, const struct unit_order *order, struct orl_text *facts,
                  struct orl_error *err)
{
    const struct orl_experiment *experiment = worker->setup.experiment;
    const struct orl_run_plan *plan = &experiment->runs[order->run];
    struct run_context context = {
        .worker = worker, .plan = plan, .problem_name = experiment->problems[plan->problem].name};
    struct orl_trace *trace = NULL;
    double tuned;
    int ret = orl_stage_problem(worker->stage, plan->problem, &context.problem, err);
    if (ret != ORL_OK)
        return ret;
    ret = orl_batch_run(experiment, order->run, context.problem, &worker->setup.limits, run_tick,
                        &context, &trace, &tuned, err);
    context.trace = trace;
    if (ret == ORL_OK)
        ret = write_run(&context, tuned, facts, err);
    if (ret == ORL_OK && !plan->trace_path)
        orl_stage_keep(worker->stage, order->run, &trace, context.digest);
    orl_trace_destroy(&trace);
    return ret;
}

struct segment_context {
    struct worker *worker;
    size_t drawn, count;
};

static void frame_drawn(void *context)
{
    struct segment_context *s = context;
    s->drawn++;
    progress_tell(s->worker, (double)s->drawn / (double)(s->count ? s->count : 1));
}

static int outfile_sink(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    return orl_outfile_write(context, bytes, length, err);
}

static int do_segment(struct worker *worker, const struct unit_order *order, struct orl_error *err)
{
    struct orl_output_spec spec;
    struct orl_frame_source source;
    struct orl_outfile *file = NULL;
    struct segment_context context = {worker, 0, order->count};
    char *name = orl_batch_segment_name(order->key, order->level, order->segment);
    if (!name)
        return orl_fail_memory(err);
    orl_stage_on_frame(worker->stage, frame_drawn, &context);
    int ret = orl_stage_film(worker->stage, order, &spec, &source, err);
    if (ret == ORL_OK && order->output == 0 && order->segment == 0)
        ret = orl_story_keep(worker->folder, worker->setup.experiment->films[order->film].name,
                             orl_stage_scene(worker->stage), err);
    if (ret == ORL_OK)
        ret = orl_outfile_create(worker->folder, name, &file, err);
    if (ret == ORL_OK)
        ret = orl_encode_segment(&spec, &source, order->first, order->count,
                                 (struct orl_sink){file, outfile_sink}, err);
    if (ret == ORL_OK)
        ret = orl_outfile_commit(&file, err);
    orl_outfile_abort(&file);
    orl_stage_on_frame(worker->stage, NULL, NULL);
    free(name);
    return ret;
}

/* Orders come from our own supervisor, but a worker still does not index past its plan. */
static bool fits_plan(const struct orl_experiment *experiment, const struct unit_order *order)
{
    if (order->kind == UNIT_RUN)
        return order->run < experiment->run_count && experiment->runs[order->run].desc;
    return order->film < experiment->film_count &&
           order->output < experiment->films[order->film].output_count &&
           (order->kind == UNIT_JOIN ||
            order->run_count == experiment->films[order->film].run_count);
}

int orl_work_do(struct worker *worker, const struct unit_order *order, struct orl_text *facts,
                struct orl_error *err)
{
    if (!fits_plan(worker->setup.experiment, order))
        return orl_fail(err, ORL_EBUG, "a worker was given a unit that its plan does not have");
    switch (order->kind) {
    case UNIT_RUN:
        return do_run(worker, order, facts, err);
    case UNIT_SEGMENT:
        return do_segment(worker, order, err);
    case UNIT_JOIN:
        return orl_join_do(worker, order, facts, err);
    case UNIT_NONE:
        break;
    }
    return orl_fail(err, ORL_EBUG, "a worker was given a unit of no kind");
}
