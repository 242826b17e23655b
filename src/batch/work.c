#include "batch/work.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "batch/runs.h"

static const double thresholds[] = {1e-2, 1e-3, 1e-6};

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

/* Write one text file through `write`; its size and hash come back. */
static int write_hashed(struct orl_folder *folder, char *name,
                        int (*write)(void *context, struct orl_sink sink, struct orl_error *err),
                        void *context, int64_t *bytes, char sha256[ORL_SHA256_HEX],
                        struct orl_error *err)
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
    orl_sha256_final_hex(&h.hash, sha256);
    return ret;
}

struct run_context {
    struct worker *worker;
    const struct orl_run_plan *plan;
    const struct orl_problem *problem;
    const struct orl_trace *trace;
    const char *problem_name;
};

static int write_trace(void *context, struct orl_sink sink, struct orl_error *err)
{
    const struct run_context *run = context;
    return orl_trace_write_csv(run->trace, sink, err);
}

static int write_log(void *context, struct orl_sink sink, struct orl_error *err)
{
    const struct run_context *run = context;
    const struct orl_loss_desc *loss = orl_problem_loss(run->problem);
    return orl_trace_write_log(run->trace, run->problem_name, run->plan->optimizer,
                               loss ? loss->label : "objective", sink, err);
}

static int run_tick(void *context, int64_t step)
{
    const struct run_context *run = context;
    orl_worker_progress(run->worker, (double)step / (double)run->plan->steps);
    return run->worker->orphaned;
}

static double norm(const double *vector, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += vector[i] * vector[i];
    return sqrt(sum);
}

static int gather_facts(const struct orl_trace *trace, struct orl_run_facts *facts,
                        struct orl_error *err)
{
    size_t last = trace->rows - 1, count = trace->parameter_count;
    facts->status = trace->status;
    facts->steps = trace->steps;
    facts->seconds = trace->seconds;
    facts->loss = trace->rows && trace->loss ? trace->loss[last] : NAN;
    facts->gradient_norm =
        trace->rows && trace->gradients ? norm(trace->gradients + last * count, count) : NAN;
    facts->values = orl_calloc(count, sizeof *facts->values);
    if (!facts->values)
        return orl_fail_memory(err);
    facts->parameter_count = trace->rows ? count : 0;
    for (size_t i = 0; i < facts->parameter_count; i++)
        facts->values[i] = trace->values[last * count + i];
    for (size_t i = 0; i < ORL_COUNT(thresholds); i++)
        facts->steps_to[i] = trace->loss ? orl_trace_steps_to(trace, thresholds[i]) : -1;
    return ORL_OK;
}

/* The exact solution, where there is one, to compare with. */
static int add_best_fit(const struct orl_problem *problem, struct orl_run_facts *facts,
                        struct orl_error *err)
{
    struct orl_workspace *workspace = NULL;
    if (facts->parameter_count == 0)
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

static int write_run(struct run_context *run, struct orl_text *facts, struct orl_error *err)
{
    struct orl_run_facts f = {0};
    char *trace = orl_batch_trace_name(run->plan), *log = orl_batch_log_name(run->plan);
    struct orl_folder *folder = run->worker->folder;
    int ret = gather_facts(run->trace, &f, err);
    if (ret == ORL_OK)
        ret = add_best_fit(run->problem, &f, err);
    if (ret == ORL_OK)
        ret = write_hashed(folder, trace, write_trace, run, &f.trace_bytes, f.trace_sha256, err);
    if (ret == ORL_OK)
        ret = write_hashed(folder, log, write_log, run, &f.log_bytes, f.log_sha256, err);
    if (ret == ORL_OK)
        orl_run_facts_put(facts, &f);
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
    int ret = orl_stage_problem(worker->stage, plan->problem, &context.problem, err);
    if (ret != ORL_OK)
        return ret;
    ret = orl_batch_run(experiment, order->run, context.problem, &worker->setup.limits, run_tick,
                        &context, &trace, err);
    context.trace = trace;
    if (ret == ORL_OK)
        ret = write_run(&context, facts, err);
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
    orl_worker_progress(s->worker, (double)s->drawn / (double)(s->count ? s->count : 1));
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

static int stream_write(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    return orl_outfile_write(context, bytes, length, err);
}

static int stream_seek(void *context, int64_t position, struct orl_error *err)
{
    return orl_outfile_seek(context, position, err);
}

static int64_t stream_read(void *context, int64_t position, void *bytes, size_t length,
                           struct orl_error *err)
{
    return orl_outfile_read(context, position, bytes, length, err);
}

static int64_t stream_size(void *context)
{
    return orl_outfile_size(context);
}

/* Segments as read-only streams over their descriptors. */
struct segment_files {
    struct worker *worker;
    const char *key;
    size_t level;
};

struct segment_file {
    int fd;
    int64_t size;
};

static int64_t segment_read(void *context, int64_t position, void *bytes, size_t length,
                            struct orl_error *err)
{
    const struct segment_file *file = context;
    for (;;) {
        ssize_t got = pread(file->fd, bytes, length, position);
        if (got >= 0)
            return got;
        if (errno != EINTR)
            return orl_fail(err, ORL_EIO, "cannot read a segment: %s", strerror(errno));
    }
}

static int64_t segment_size(void *context)
{
    return ((const struct segment_file *)context)->size;
}

static void segment_close(void *context, struct orl_stream *stream)
{
    struct segment_file *file = stream->context;
    (void)context;
    if (!file)
        return;
    close(file->fd);
    free(file);
    stream->context = NULL;
}

static int segment_open(void *context, size_t index, struct orl_stream *stream,
                        struct orl_error *err)
{
    const struct segment_files *files = context;
    struct segment_file *file = orl_calloc(1, sizeof *file);
    char *name = orl_batch_segment_name(files->key, files->level, index);
    struct stat status;
    int ret = file && name ? ORL_OK : orl_fail_memory(err);
    if (ret == ORL_OK) {
        file->fd =
            openat(files->worker->folder->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (file->fd < 0)
            ret = orl_fail(err, ORL_EIO, "cannot open the segment '%s': %s", name, strerror(errno));
        else if (fstat(file->fd, &status) != 0 || !S_ISREG(status.st_mode))
            ret = orl_fail(err, ORL_EIO, "the segment '%s' is no regular file", name);
        if (ret != ORL_OK && file->fd >= 0)
            close(file->fd);
    }
    free(name);
    if (ret != ORL_OK) {
        free(file);
        return ret;
    }
    file->size = status.st_size;
    *stream = (struct orl_stream){.context = file, .read = segment_read, .size = segment_size};
    return ORL_OK;
}

static int hash_outfile(struct orl_outfile *file, char hex[ORL_SHA256_HEX], struct orl_error *err)
{
    struct orl_sha256 hash;
    char buffer[65536];
    ssize_t got;
    orl_sha256_init(&hash);
    for (int64_t at = 0; (got = orl_outfile_read(file, at, buffer, sizeof buffer, err)) > 0;
         at += got)
        orl_sha256_update(&hash, buffer, (size_t)got);
    orl_sha256_final_hex(&hash, hex);
    return got < 0 ? (int)got : ORL_OK;
}

static int join_and_verify(struct worker *worker, const struct unit_order *order,
                           const struct orl_output_plan *look, struct orl_outfile *file,
                           struct orl_file_facts *facts, struct orl_error *err)
{
    struct orl_output_spec spec;
    struct orl_output_facts counted = {0};
    struct segment_files files = {worker, order->key, order->level};
    struct orl_segment_source segments = {&files, segment_open, segment_close};
    struct orl_stream stream = {file, stream_write, stream_seek, stream_read, stream_size};
    orl_batch_output_spec(&worker->setup.experiment->films[order->film], look, &spec);
    int ret = orl_encode_join(&spec, &segments, order->segments, &stream, err);
    facts->bytes = orl_outfile_size(file);
    facts->level = order->level;
    if (look->max_bytes > 0 && facts->bytes > look->max_bytes)
        return ret; /* its size is all that counts: it will be made again, smaller */
    if (ret == ORL_OK)
        ret = orl_encode_verify(&spec, &stream, &counted, err);
    if (ret == ORL_OK)
        ret = hash_outfile(file, facts->sha256, err);
    facts->frames = (int64_t)counted.frames;
    facts->seconds = counted.seconds;
    return ret;
}

/* ---- Outputs that are a folder of files ---- */

struct file_taker {
    struct worker *worker;
    const char *path; /* of the output */
    struct orl_sha256 hash;
};

static int take_file(void *context, size_t frame, const void *bytes, size_t size,
                     struct orl_error *err)
{
    struct file_taker *t = context;
    char *name = orl_batch_frame_name(t->path, frame);
    int ret =
        name ? orl_folder_write(t->worker->folder, name, bytes, size, err) : orl_fail_memory(err);
    orl_sha256_update(&t->hash, bytes, size);
    free(name);
    return ret;
}

/* A longer film may have left files behind those of this one. */
static void drop_further_files(struct worker *worker, const char *path, size_t frames)
{
    for (bool there = true; there; frames++) {
        char *name = orl_batch_frame_name(path, frames);
        there = name && unlinkat(worker->folder->fd, name, 0) == 0;
        free(name);
    }
}

static int join_files(struct worker *worker, const struct unit_order *order,
                      const struct orl_output_plan *output, struct orl_file_facts *facts,
                      struct orl_error *err)
{
    struct orl_output_spec spec;
    struct orl_output_facts counted;
    struct file_taker taker = {.worker = worker, .path = output->path};
    struct segment_files files = {worker, order->key, order->level};
    struct orl_segment_source segments = {&files, segment_open, segment_close};
    orl_sha256_init(&taker.hash);
    orl_batch_output_spec(&worker->setup.experiment->films[order->film], output, &spec);
    int ret =
        orl_encode_join_files(&spec, &segments, order->segments, take_file, &taker, &counted, err);
    if (ret != ORL_OK)
        return ret;
    drop_further_files(worker, output->path, counted.frames);
    orl_sha256_final_hex(&taker.hash, facts->sha256);
    facts->bytes = counted.bytes;
    facts->frames = (int64_t)counted.frames;
    facts->seconds = counted.seconds;
    facts->level = order->level;
    if (output->max_bytes > 0 && facts->bytes > output->max_bytes)
        drop_further_files(worker, output->path, 0);
    return ORL_OK;
}

/* A file over its size cap is not kept; its size is told all the same. */
static int do_join(struct worker *worker, const struct unit_order *order, struct orl_text *facts,
                   struct orl_error *err)
{
    const struct orl_film_plan *film = &worker->setup.experiment->films[order->film];
    struct orl_output_plan look;
    struct orl_file_facts f = {0};
    struct orl_outfile *file = NULL;
    char what[ORL_TIGHTENED_SIZE];
    if (orl_batch_look(film, &film->outputs[order->output], order->level, &look, what) != 1)
        return orl_fail(err, ORL_EBUG, "an output has no level %zu", order->level);
    if (orl_format_makes_files(look.format, look.values)) {
        int made = join_files(worker, order, &look, &f, err);
        free(look.values);
        if (made == ORL_OK)
            orl_file_facts_put(facts, &f);
        return made;
    }
    int ret = orl_outfile_create(worker->folder, look.path, &file, err);
    if (ret == ORL_OK)
        ret = join_and_verify(worker, order, &look, file, &f, err);
    if (ret == ORL_OK && (look.max_bytes == 0 || f.bytes <= look.max_bytes))
        ret = orl_outfile_commit(&file, err);
    orl_outfile_abort(&file);
    free(look.values);
    if (ret == ORL_OK)
        orl_file_facts_put(facts, &f);
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
        return do_join(worker, order, facts, err);
    }
    return orl_fail(err, ORL_EBUG, "a worker was given a unit of no kind");
}
