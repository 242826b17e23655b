/* What an experiment would make: runs, films, estimates. */
#include <stdlib.h>

#include "base/text.h"
#include "cli/cli.h"
#include "encode/tables.h"
#include "optreel/scene.h"

static void plan_time_print(const char *what, double seconds)
{
    if (seconds < 90.0)
        printf("%s about %.2g s", what, seconds < 1.0 ? 1.0 : seconds);
    else if (seconds < 5400.0)
        printf("%s about %.2g min", what, seconds / 60.0);
    else
        printf("%s about %.3g h", what, seconds / 3600.0);
}

/* How well it can be cut, where that is asked. */
static void plan_shards_print(const struct orl_experiment *experiment,
                              const struct cli_options *options)
{
    struct orl_efficiency e;
    char *folder =
        options->output ? orl_strdup(options->output) : orl_asprintf("output/%s", experiment->name);
    if (options->shards && folder &&
        orl_batch_efficiency(experiment, folder, (size_t)options->shards, &e, NULL) == ORL_OK) {
        printf("%lld shards: %.0f %% efficient;", (long long)options->shards, 100.0 * e.share);
        plan_time_print(" one process takes", e.whole_s);
        plan_time_print(", the longest shard", e.longest_s);
        printf(" (times of %zu of %zu files are measured)\n", e.measured, e.files);
    }
    free(folder);
}

static void plan_size_print(const char *what, uint64_t bytes)
{
    printf("%s about %.1f %s\n", what, (double)bytes / (bytes < 1000000 ? 1e3 : 1e6),
           bytes < 1000000 ? "kB" : "MB");
}

void orl_cli_plan_print(const struct orl_experiment *experiment, const struct cli_options *options)
{
    struct orl_estimate estimate;
    printf("%s: %s\n\nruns (%zu)\n", experiment->name, experiment->title, experiment->run_count);
    for (size_t i = 0; i < experiment->run_count; i++)
        printf("  %-36s %lld step%s%s%s\n", experiment->runs[i].name,
               (long long)experiment->runs[i].steps, experiment->runs[i].steps == 1 ? "" : "s",
               *experiment->runs[i].details ? ", " : "", experiment->runs[i].details);
    printf("\nfilms (%zu)\n", experiment->film_count);
    for (size_t f = 0; f < experiment->film_count; f++) {
        const struct orl_film_plan *film = &experiment->films[f];
        printf("  %-36s %zu run%s, %.4g s:", film->name, film->run_count,
               film->run_count == 1 ? "" : "s", film->length_s);
        for (size_t o = 0; o < film->output_count; o++) {
            const struct orl_output_plan *output = &film->outputs[o];
            if (output->poster || output->sidecar)
                printf(" %s", output->path);
            else
                printf(" %s %dx%d %.4g fps %zu frames;", output->format->name, output->width,
                       output->height, (double)output->fps_num / output->fps_den,
                       orl_film_frame_count(film->length_s, output->fps_num, output->fps_den));
        }
        putchar('\n');
    }
    orl_batch_estimate(experiment, options->batch.jobs, &estimate);
    printf("\n%llu frames in all;", (unsigned long long)estimate.frames);
    plan_size_print(" on the disk", estimate.disk);
    plan_size_print("memory of all workers", estimate.memory);
    unsigned jobs = options->batch.jobs ? options->batch.jobs : orl_batch_cores();
    plan_time_print("time", estimate.seconds);
    printf(" with %u worker%s\n", jobs, jobs == 1 ? "" : "s");
    plan_shards_print(experiment, options);
}
