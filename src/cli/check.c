/* optreel check: the plan of an experiment, without making anything. */
#include <stddef.h>

#include "cli/cli.h"
#include "cli/logs.h"
#include "encode/tables.h"
#include "optreel/scene.h"

static void plan_size_print(const char *what, uint64_t bytes)
{
    printf("%s about %.1f %s\n", what, (double)bytes / (bytes < 1000000 ? 1e3 : 1e6),
           bytes < 1000000 ? "kB" : "MB");
}

static void plan_print(const struct orl_experiment *experiment, unsigned jobs)
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
    orl_batch_estimate(experiment, jobs, &estimate);
    printf("\n%llu frames in all;", (unsigned long long)estimate.frames);
    plan_size_print(" on the disk", estimate.disk);
    plan_size_print("memory of all workers", estimate.memory);
}

static int command_check(struct cli_options *options)
{
    struct orl_experiment_source source = {0};
    struct orl_messages messages = {0};
    struct orl_experiment *experiment = NULL;
    if (orl_cli_names_logs(options))
        return orl_cli_check_logs(options);
    int ret = orl_cli_load(options, &source, &messages, &experiment);
    orl_messages_print(&messages, stderr);
    if (ret == ORL_OK)
        plan_print(experiment, options->batch.jobs);
    orl_experiment_destroy(&experiment);
    orl_experiment_source_uninit(&source);
    orl_messages_uninit(&messages);
    return orl_exit_code(ret);
}

#define TEXT(member) orl_cli_set_text, .offset = offsetof(struct cli_options, member)

static const struct cli_option check_options[] = {
    {"step", .argument = "COLUMN", .set = TEXT(logs.step),
     .description = "of logs: the column that counts the steps"},
    {"loss", .argument = "COLUMN", .set = TEXT(logs.loss),
     .description = "of logs: the column that is the loss"},
    {"columns", .argument = "LIST", .set = TEXT(logs.columns),
     .description = "of logs: these columns and no others"},
    {0},
};

extern const struct cli_command orl_command_check;
const struct cli_command orl_command_check = {
    .name = "check",
    .usage = "EXPERIMENT|LOG... [options]",
    .summary = "check it and print the plan: runs, films, frames, estimates",
    .help = "Reads the experiment and its data, and prints what render would make. Nothing is "
            "written.\n\nOf training logs, files or folders of any known kind, it prints what was "
            "found in them:\nruns, columns, steps, gaps, what is left out and why. See: optreel "
            "help logs.",
    .operands = CLI_ANY_NUMBER,
    .operand = CLI_VALUES_EXPERIMENT,
    .limits = true,
    .options = {check_options, orl_cli_choose, orl_cli_formats, orl_cli_change, orl_cli_sheets},
    .run = command_check,
};
