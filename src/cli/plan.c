/* What an experiment would make: runs, films, estimates. */
#include "cli/cli.h"
#include "encode/tables.h"
#include "optreel/scene.h"

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
        printf("  %-36s %lld steps%s%s\n", experiment->runs[i].name,
               (long long)experiment->runs[i].steps, *experiment->runs[i].details ? ", " : "",
               experiment->runs[i].details);
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
}
