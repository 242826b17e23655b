/* What there is to do, and what is done already. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "batch/media.h"
#include "batch/supervisor.h"

const struct orl_film_plan *orl_job_film(const struct batch *batch, const struct output_job *job)
{
    return &batch->experiment->films[job->film];
}

const struct orl_output_plan *orl_job_output(const struct batch *batch,
                                             const struct output_job *job)
{
    return &batch->experiment->films[job->film].outputs[job->output];
}

bool orl_job_measured(const struct batch *batch, const struct output_job *job)
{
    const struct orl_output_plan *output = orl_job_output(batch, job);
    return batch->options->measure && !output->poster && !output->columns && !output->sidecar &&
           orl_encode_measures(output->format) && !output->transparent;
}

int orl_jobs_level(struct batch *batch, struct output_job *job, size_t level)
{
    const struct orl_film_plan *film = orl_job_film(batch, job);
    struct orl_output_plan look;
    struct orl_output_spec spec;
    char what[ORL_TIGHTENED_SIZE];
    int found = orl_batch_look(film, orl_job_output(batch, job), level, &look, what);
    if (found != 1)
        return found;
    memcpy(job->tightened, what, sizeof what);
    orl_batch_output_spec(film, &look, &spec);
    job->level = level;
    job->width = spec.width;
    job->height = spec.height;
    job->fps_num = spec.fps_num;
    job->fps_den = spec.fps_den;
    job->frames = spec.frames;
    job->segment_frames = orl_encode_segment_frames(&spec);
    job->segment_count = (job->frames + job->segment_frames - 1) / job->segment_frames;
    job->segments_done = 0;
    free(look.values);
    free(job->segments);
    free(job->crashes);
    job->segments = orl_calloc(job->segment_count, sizeof *job->segments);
    job->crashes = orl_calloc(job->segment_count + 1, sizeof *job->crashes);
    return job->segments && job->crashes ? 1 : ORL_ENOMEM;
}

static int make_output(struct batch *batch, size_t film, size_t output, struct output_job *job,
                       struct orl_error *err)
{
    job->film = film;
    job->output = output;
    int found = orl_jobs_level(batch, job, 0);
    job->planned_frames = orl_job_output(batch, job)->sidecar ? 1 : job->frames;
    return found == 1 ? ORL_OK : orl_fail_memory(err);
}

int orl_jobs_make(struct batch *batch, struct orl_error *err)
{
    const struct orl_experiment *experiment = batch->experiment;
    for (size_t f = 0; f < experiment->film_count; f++)
        batch->output_count += experiment->films[f].output_count;
    batch->runs = orl_calloc(experiment->run_count, sizeof *batch->runs);
    batch->outputs = orl_calloc(batch->output_count, sizeof *batch->outputs);
    if (!batch->runs || !batch->outputs)
        return orl_fail_memory(err);
    for (size_t i = 0; i < experiment->run_count; i++) {
        batch->runs[i].trace = orl_batch_trace_name(&experiment->runs[i]);
        batch->runs[i].log = orl_batch_log_name(&experiment->runs[i]);
        if (!batch->runs[i].trace || !batch->runs[i].log)
            return orl_fail_memory(err);
    }
    size_t next = 0;
    for (size_t f = 0; f < experiment->film_count; f++)
        for (size_t o = 0; o < experiment->films[f].output_count; o++) {
            int ret = make_output(batch, f, o, &batch->outputs[next++], err);
            if (ret != ORL_OK)
                return ret;
        }
    return ORL_OK;
}

void orl_jobs_free(struct batch *batch)
{
    for (size_t i = 0; batch->runs && i < batch->experiment->run_count; i++) {
        orl_run_facts_uninit(&batch->runs[i].facts);
        free(batch->runs[i].trace);
        free(batch->runs[i].log);
        free(batch->runs[i].failure);
    }
    for (size_t i = 0; batch->outputs && i < batch->output_count; i++) {
        free(batch->outputs[i].segments);
        free(batch->outputs[i].crashes);
        free(batch->outputs[i].failure);
    }
    for (size_t i = 0; i < batch->version_count; i++) {
        free(batch->versions[i].name);
        free(batch->versions[i].version);
    }
    free(batch->runs);
    free(batch->outputs);
    free(batch->versions);
}

static int hash_file(const char *path, struct orl_sha256 *hash, struct orl_error *err)
{
    char *bytes;
    size_t length;
    int ret = orl_file_read(path, UINT64_C(1) << 30, &bytes, &length, err);
    if (ret != ORL_OK)
        return ORL_EENV;
    orl_sha256_update(hash, bytes, length);
    free(bytes);
    return ORL_OK;
}

/* The program and its media module count by their bytes: rebuilt, they may draw otherwise under the
 * same version number. */
static int hash_program(const struct batch *batch, char hex[ORL_SHA256_HEX], struct orl_error *err)
{
    struct orl_sha256 hash;
    char *module;
    int ret = orl_media_find(batch->options->program, &module, err);
    orl_sha256_init(&hash);
    if (ret == ORL_OK)
        ret = hash_file(batch->options->program, &hash, err);
    if (ret == ORL_OK)
        ret = hash_file(module, &hash, err);
    orl_sha256_final_hex(&hash, hex);
    free(module);
    return ret;
}

static void run_key(const struct batch *batch, size_t run, const char *program,
                    char hex[ORL_SHA256_HEX])
{
    struct orl_sha256 hash;
    char plan[ORL_SHA256_HEX];
    orl_run_key(batch->experiment, run, plan);
    orl_sha256_init(&hash);
    orl_sha256_string(&hash, program);
    orl_sha256_string(&hash, plan);
    orl_sha256_string(&hash, batch->experiment->runs[run].name); /* stands in the log */
    orl_sha256_final_hex(&hash, hex);
}

static void output_key(const struct batch *batch, const struct output_job *job,
                       char hex[ORL_SHA256_HEX])
{
    struct orl_sha256 hash;
    char plan[ORL_SHA256_HEX];
    const struct orl_film_plan *film = orl_job_film(batch, job);
    orl_output_key(batch->experiment, job->film, job->output, plan);
    orl_sha256_init(&hash);
    orl_sha256_string(&hash, plan);
    for (size_t i = 0; i < batch->version_count; i++) {
        orl_sha256_string(&hash, batch->versions[i].name);
        orl_sha256_string(&hash, batch->versions[i].version);
    }
    for (size_t i = 0; i < film->run_count; i++)
        orl_sha256_string(&hash, batch->runs[film->runs[i]].key);
    if (orl_job_output(batch, job)->format->dated)
        orl_sha256_string(&hash, getenv("SOURCE_DATE_EPOCH"));
    orl_sha256_final_hex(&hash, hex);
}

/* Segments that an earlier run finished before it was stopped. */
static void segments_find(struct batch *batch, struct output_job *job)
{
    for (size_t s = 0; s < job->segment_count; s++)
        if (orl_store_has_segment(&batch->store, job->key, job->level, s)) {
            job->segments[s] = JOB_CACHED;
            job->segments_done++;
            job->reused = true;
        }
}

int orl_jobs_skip(struct batch *batch, struct orl_error *err)
{
    char program[ORL_SHA256_HEX];
    int ret = hash_program(batch, program, err);
    bool force = batch->options->force;
    for (size_t i = 0; ret == ORL_OK && i < batch->experiment->run_count; i++) {
        struct run_job *job = &batch->runs[i];
        run_key(batch, i, program, job->key);
        if (!force && orl_manifest_has_run(batch->store.manifest, job->trace, job->log, job->key,
                                           &job->facts))
            job->state = JOB_CACHED;
    }
    for (size_t i = 0; ret == ORL_OK && i < batch->output_count; i++) {
        struct output_job *job = &batch->outputs[i];
        output_key(batch, job, job->key);
        bool there =
            !force && orl_manifest_has_file(batch->store.manifest, orl_job_output(batch, job)->path,
                                            job->key, &job->facts);
        if (there && (job->facts.measured || !orl_job_measured(batch, job)))
            job->state = JOB_CACHED;
        else if (!force)
            segments_find(batch, job);
        if (job->state == JOB_CACHED && orl_jobs_level(batch, job, job->facts.level) != 1)
            return orl_fail(err, ORL_EBUG, "the manifest knows a level of '%s' that there is not",
                            orl_job_output(batch, job)->path);
    }
    return ret;
}

static int name_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of the segments of an output that is not there yet: without their folder, owned. */
static bool names_add(const struct output_job *job, char ***names, size_t *count, size_t *capacity)
{
    for (size_t s = 0; s < job->segment_count; s++) {
        char *path = orl_batch_segment_name(job->key, job->level, s);
        char *name = path ? orl_strdup(strrchr(path, '/') + 1) : NULL;
        free(path);
        if (!name || !orl_reserve((void **)names, capacity, *count + 1, sizeof **names)) {
            free(name);
            return false;
        }
        (*names)[(*count)++] = name;
    }
    return true;
}

void orl_jobs_sweep_segments(struct batch *batch)
{
    char **names = NULL;
    size_t count = 0, capacity = 0;
    bool known = true;
    for (size_t i = 0; known && i < batch->output_count; i++) {
        const struct output_job *job = &batch->outputs[i];
        if (job->state != JOB_DONE && job->state != JOB_CACHED)
            known = names_add(job, &names, &count, &capacity);
    }
    if (count)
        qsort(names, count, sizeof *names, name_compare);
    if (known) /* else: what is left lies there until the next time */
        orl_store_keep_segments(&batch->store, names, count);
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}
