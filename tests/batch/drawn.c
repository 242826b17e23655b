/* Draws an experiment's films without encoding them: what a frame costs, and the frames themselves
 * for other programs to encode.
 *
 *   drawn EXPERIMENT FOLDER [FILE]
 *
 * FOLDER is where `optreel run EXPERIMENT` left its traces. A line of JSON for each film: its
 * frames, the CPU time of a frame after the first in ms (median and mean), the share of its blocks
 * that are damaged, and how many frames differ from the one before. FILE gets the raw frames of the
 * first film, B G R X. For scripts/bench and end-to-end tests; no test by itself. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/text.h"
#include "batch/stage.h"

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static size_t damaged(const struct orl_damage *damage)
{
    size_t count = 0;
    for (size_t i = 0; i < damage->columns * damage->rows; i++)
        count += damage->blocks[i];
    return count;
}

static int write_raw(const struct orl_image *image, FILE *raw)
{
    for (int y = 0; raw && y < image->height; y++)
        if (fwrite(image->pixels + (size_t)y * image->stride, 4, (size_t)image->width, raw) !=
            (size_t)image->width)
            return ORL_EIO;
    return ORL_OK;
}

static int draw_frames(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                       const char *name, FILE *raw, struct orl_error *err)
{
    double *seconds = orl_calloc(spec->frames, sizeof *seconds), sum = 0.0, blocks = 0.0;
    size_t changed = 0;
    int ret = seconds ? ORL_OK : orl_fail_memory(err);
    for (size_t i = 0; ret == ORL_OK && i < spec->frames; i++) {
        struct orl_image image;
        double start = cpu_s();
        ret = source->frame(source->context, i, &image, err);
        seconds[i] = cpu_s() - start;
        if (ret != ORL_OK)
            break;
        if (write_raw(&image, raw) != ORL_OK)
            ret = orl_fail(err, ORL_EIO, "the raw frames cannot be written");
        size_t count = damaged(image.damage);
        blocks += i ? (double)count / (double)(image.damage->columns * image.damage->rows) : 0.0;
        changed += count > 0;
        sum += i ? seconds[i] : 0.0;
    }
    double rest = spec->frames > 1 ? (double)(spec->frames - 1) : 1.0;
    if (ret == ORL_OK) {
        qsort(seconds + 1, spec->frames - 1, sizeof *seconds, by_size);
        printf("{\"film\": \"%s\", \"width\": %d, \"height\": %d, \"frames\": %zu, \"changed\": "
               "%zu, \"median_ms\": %.4f, "
               "\"mean_ms\": %.4f, \"damage\": %.5f}\n",
               name, spec->width, spec->height, spec->frames, changed,
               1e3 * seconds[spec->frames / 2], 1e3 * sum / rest, blocks / rest);
    }
    free(seconds);
    return ret;
}

/* The first output of the film that is no still. */
static bool moving_output(const struct orl_film_plan *film, size_t *output)
{
    for (*output = 0; *output < film->output_count; (*output)++)
        if (!film->outputs[*output].format->still)
            return true;
    return false;
}

/* What a supervisor knows of a run whose trace lies in the folder. */
static int facts_read(const struct orl_experiment *experiment, size_t run, const char *folder,
                      struct orl_run_facts *facts, struct orl_error *err)
{
    const struct orl_problem_plan *problem = &experiment->problems[experiment->runs[run].problem];
    struct orl_messages messages = {0};
    struct orl_trace *trace = NULL;
    char *name = orl_batch_trace_name(&experiment->runs[run]);
    char *path = name ? orl_asprintf("%s/%s", folder, name) : NULL;
    int ret =
        path ? orl_trace_read_csv(path, name, (const char *const *)problem->parameters,
                                  problem->parameter_count, &orl_limits_default, &messages, &trace)
             : ORL_ENOMEM;
    if (ret == ORL_OK)
        orl_sha256_hex(trace->digest, facts->trace_sha256);
    else
        orl_messages_fail(&messages, ret, err);
    facts->status = ORL_STATUS_FINISHED;
    facts->steps = experiment->runs[run].steps;
    orl_messages_uninit(&messages);
    orl_trace_destroy(&trace);
    free(path);
    free(name);
    return ret;
}

static int draw_film(struct stage *stage, const struct orl_experiment *experiment, size_t film,
                     const char *folder, FILE *raw, struct orl_error *err)
{
    struct unit_order order = {
        .kind = UNIT_SEGMENT, .film = film, .run_count = experiment->films[film].run_count};
    struct orl_run_facts *facts = orl_calloc(order.run_count, sizeof *facts);
    const struct orl_run_facts **places = orl_calloc(order.run_count, sizeof *places);
    struct orl_output_spec spec;
    struct orl_frame_source source;
    int ret = facts && places ? ORL_OK : orl_fail_memory(err);
    for (size_t i = 0; ret == ORL_OK && i < order.run_count; i++) {
        ret = facts_read(experiment, experiment->films[film].runs[i], folder, &facts[i], err);
        places[i] = &facts[i];
    }
    order.facts = places;
    if (ret == ORL_OK && moving_output(&experiment->films[film], &order.output)) {
        ret = orl_stage_film(stage, &order, &spec, &source, err);
        if (ret == ORL_OK)
            ret = draw_frames(&spec, &source, experiment->films[film].name, raw, err);
    }
    free(facts);
    free(places);
    return ret;
}

static int draw_all(struct orl_experiment *experiment, const struct orl_limits *limits,
                    const char *path, FILE *raw, struct orl_error *err)
{
    struct orl_folder *folder = NULL;
    struct orl_font *font = NULL;
    struct stage *stage = NULL;
    int ret = orl_folder_open(path, false, true, &folder, err);
    if (ret == ORL_OK)
        ret = orl_font_create(experiment->font, &font, err);
    if (ret == ORL_OK)
        ret = orl_stage_create(experiment, limits, folder, font, &stage, err);
    for (size_t f = 0; ret == ORL_OK && f < experiment->film_count; f++)
        ret = draw_film(stage, experiment, f, path, f ? NULL : raw, err);
    orl_stage_destroy(&stage);
    orl_font_destroy(&font);
    orl_folder_close(&folder);
    return ret;
}

int main(int argc, char **argv)
{
    const struct orl_limits limits = orl_limits_default;
    struct orl_messages messages = {0};
    struct orl_experiment_source source = {0};
    const struct orl_experiment_options options = {0};
    struct orl_experiment *experiment = NULL;
    struct orl_error err = {0};
    if (argc < 3 || argc > 4)
        return fprintf(stderr, "usage: drawn EXPERIMENT FOLDER [FILE]\n"), 2;
    FILE *raw = argc > 3 ? fopen(argv[3], "wb") : NULL;
    int ret = argc > 3 && !raw ? orl_fail(&err, ORL_EIO, "cannot write '%s'", argv[3]) : ORL_OK;
    if (ret == ORL_OK)
        ret = orl_experiment_read(argv[1], &limits, &source, &messages);
    if (ret == ORL_OK)
        ret = orl_experiment_load(&source, &options, &limits, &messages, &experiment);
    if (ret == ORL_OK)
        ret = draw_all(experiment, &limits, argv[2], raw, &err);
    if (raw && fclose(raw) != 0 && ret == ORL_OK)
        ret = orl_fail(&err, ORL_EIO, "the raw frames cannot be written");
    if (ret != ORL_OK)
        fprintf(stderr, "drawn: %s\n",
                err.text[0]      ? err.text
                : messages.count ? messages.items[0].text
                                 : "failed");
    orl_experiment_destroy(&experiment);
    orl_experiment_source_uninit(&source);
    orl_messages_uninit(&messages);
    return orl_exit_code(ret);
}
