/* Where a batch is done: here, or by Slurm as an array of shards and a job that joins them. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "cli/cli.h"

/* Without --shards a task for so many frames, and no more tasks than that. */
enum { FRAMES_OF_A_TASK = 2000, TASKS_MAX = 16 };

static int option_set_engine(struct cli_options *options, const struct cli_option *option,
                             const char *value)
{
    options->elsewhere = strcmp(value, "slurm") == 0;
    return options->elsewhere || strcmp(value, "local") == 0
               ? 0
               : orl_cli_refuse_value(option, value, "local or slurm");
}

int orl_cli_set_shards(struct cli_options *options, const struct cli_option *option,
                       const char *value)
{
    if (!orl_int64_parse(value, strlen(value), &options->shards) || options->shards < 1 ||
        options->shards > ORL_SHARDS_MAX)
        return orl_cli_refuse_value(option, value, "a number from 1 to 1000000");
    return 0;
}

static int option_set_at_once(struct cli_options *options, const struct cli_option *option,
                              const char *value)
{
    if (!orl_int64_parse(value, strlen(value), &options->slurm.at_once) ||
        options->slurm.at_once < 1)
        return orl_cli_refuse_value(option, value, "a number from 1");
    return 0;
}

/* What stands in a line of a job script stands there alone. */
static int option_set_word(struct cli_options *options, const struct cli_option *option,
                           const char *value)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.,:+@/";
    if (!*value || strspn(value, plain) != strlen(value))
        return orl_cli_refuse_value(option, value, "a word of letters, digits and -_.,:+@/");
    return orl_cli_set_text(options, option, value);
}

#define SLURM(member)                                                                              \
    .set = option_set_word, .offset = offsetof(struct cli_options, slurm.member), .stays = true

const struct cli_option orl_cli_engine[] = {
    {"engine", .argument = "local|slurm", .value = CLI_VALUES_CHOICE, .set = option_set_engine,
     .stays = true,
     .description = "do it here, or submit an array of shards and a join to Slurm (sbatch)"},
    {"dry-run", .set = orl_cli_set_flag, .offset = offsetof(struct cli_options, dry_run),
     .stays = true, .description = "print the plan, or with --engine slurm the jobs; make nothing"},
    {"shards", .argument = "N", .set = orl_cli_set_shards, .stays = true,
     .description = "into how many tasks --engine slurm cuts it"},
    {"slurm-account", .argument = "NAME", SLURM(account), .description = "account of the jobs"},
    {"slurm-partition", .argument = "NAME", SLURM(partition),
     .description = "partition of the jobs"},
    {"slurm-time", .argument = "TIME", SLURM(time),
     .description = "time limit of a task, such as 2:00:00"},
    {"slurm-mem", .argument = "SIZE", SLURM(memory), .description = "memory of a task, such as 2G"},
    {"slurm-at-once", .argument = "N", .set = option_set_at_once, .stays = true,
     .description = "so many tasks at a time"},
    {0},
};

/* Absolute, links resolved as far as it exists; the output folder may be new. Owned. */
static char *path_absolute(const char *path, const char *here)
{
    char *real = realpath(path, NULL);
    return real ? real : path[0] == '/' ? orl_strdup(path) : orl_asprintf("%s/%s", here, path);
}

/* "PROGRAM render EXPERIMENT [options]" and "PROGRAM join FOLDER", for a shell in the current
 * folder. */
static void commands_make(const struct cli_options *options, const char *program,
                          const char *folder, struct orl_text *render, struct orl_text *join)
{
    orl_text_quote_shell(render, program);
    orl_text_printf(render, " %s ", options->command->name);
    orl_text_quote_shell(render, options->operand);
    orl_text_puts(render, " --output=");
    orl_text_quote_shell(render, folder);
    orl_text_append(render, options->handed_on.data, options->handed_on.length);
    orl_text_puts(render, " --wait");
    if (options->batch.jobs)
        orl_text_printf(render, " --jobs=%u", options->batch.jobs);
    orl_text_quote_shell(join, program);
    orl_text_puts(join, " join ");
    orl_text_quote_shell(join, folder);
    orl_text_puts(join, options->batch.strict ? " --wait --strict" : " --wait");
}

static size_t tasks_choose(const struct cli_options *options,
                           const struct orl_experiment *experiment)
{
    struct orl_estimate estimate;
    if (options->shards)
        return (size_t)options->shards;
    orl_batch_estimate(experiment, options->batch.jobs, &estimate);
    uint64_t tasks = estimate.frames / FRAMES_OF_A_TASK + 1;
    return tasks < TASKS_MAX ? (size_t)tasks : TASKS_MAX;
}

static int usage_check(const struct cli_options *options, struct orl_error *err)
{
    const struct orl_batch_options *batch = &options->batch;
    const char *odd = batch->shard.count ? "shard"
                      : batch->prune     ? "prune"
                      : batch->deps      ? "deps"
                      : batch->junit     ? "junit"
                      : batch->baseline  ? "baseline"
                                         : NULL;
    if (odd)
        return orl_fail(err, ORL_EUSAGE, "--engine slurm takes no --%s", odd);
    if (strcmp(options->operand, "-") == 0)
        return orl_fail(err, ORL_EUSAGE,
                        "the tasks of --engine slurm read the experiment themselves: name a file");
    return ORL_OK;
}

int orl_cli_submit(struct cli_options *options, const struct orl_experiment_source *source,
                   struct orl_experiment *experiment, struct orl_messages *messages,
                   struct orl_error *err)
{
    struct orl_text render = {0}, join = {0};
    int ret = usage_check(options, err);
    if (ret != ORL_OK)
        return ret;
    char *here = realpath(".", NULL), *program = realpath("/proc/self/exe", NULL);
    char *folder = here ? path_absolute(options->batch.folder, here) : NULL;
    if (here && program && folder)
        commands_make(options, program, folder, &render, &join);
    if (!here || !program || !folder || render.failed || join.failed || options->handed_on.failed)
        ret = orl_fail_memory(err);
    else if (strchr(here, '\n') || strchr(render.data, '\n'))
        ret = orl_fail(err, ORL_EUSAGE, "a path or value with a line break cannot be submitted");
    options->slurm.tasks = tasks_choose(options, experiment);
    options->slurm.cores = options->batch.jobs;
    options->slurm.folder = here;
    options->slurm.render = render.data;
    options->slurm.join = join.data;
    options->batch.slurm = &options->slurm;
    if (ret == ORL_OK && options->dry_run) {
        char *script = orl_slurm_script(&options->slurm, experiment->name, folder);
        ret = script ? ORL_OK : orl_fail_memory(err);
        if (script)
            fputs(script, stdout);
        free(script);
    } else if (ret == ORL_OK) {
        ret = orl_batch_render(source, &options->experiment, experiment, &options->limits,
                               &options->batch, messages, &options->signal_number, err);
    }
    orl_text_uninit(&render);
    orl_text_uninit(&join);
    free(folder);
    free(program);
    free(here);
    return ret;
}
