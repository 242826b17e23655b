/* optreel render and run: everything an experiment asks for. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"

/* The output folder of an experiment: -o, or output/<experiment name>. Owned by the caller. */
static char *output_folder(const struct cli_options *options, const char *experiment)
{
    return options->output ? orl_strdup(options->output) : orl_asprintf("output/%s", experiment);
}

int orl_cli_load(struct cli_options *options, struct orl_experiment_source *source,
                 struct orl_messages *messages, struct orl_experiment **experiment)
{
    if (!options->operand)
        return orl_cli_usage("an experiment file, or a built-in one: optreel list experiments",
                             "which experiment?"),
               ORL_EUSAGE;
    int ret = orl_experiment_read(options->operand, &options->limits, source, messages);
    if (ret == ORL_OK)
        ret = orl_experiment_load(source, &options->experiment, &options->limits, messages,
                                  experiment);
    if (ret == ORL_ENOMEM) /* there may be no message: it would have taken memory */
        (void)orl_cli_no_memory();
    return ret;
}

static void append_option(struct orl_text *text, const char *option, const char *value)
{
    if (!value)
        return;
    orl_text_printf(text, " %s ", option);
    orl_text_quote_shell(text, value);
}

/* The command that makes the same again, from the output folder: its experiment.yaml is the file
 * after --set. What decides the result, not where it goes or how fast. */
static char *repeat_command(const struct cli_options *options, bool runs_only)
{
    struct orl_text text = {0};
    orl_text_puts(&text,
                  runs_only ? "optreel run experiment.yaml" : "optreel render experiment.yaml");
    append_option(&text, "--only", options->experiment.only);
    append_option(&text, "--formats", options->experiment.formats);
    append_option(&text, "--preset", options->experiment.preset);
    return orl_text_take(&text);
}

/* Here, elsewhere, or in words alone. */
static int experiment_do(struct cli_options *options, const struct orl_experiment_source *source,
                         struct orl_experiment *experiment, struct orl_messages *messages,
                         struct orl_error *err)
{
    if (options->elsewhere)
        return orl_cli_submit(options, source, experiment, messages, err);
    if (options->dry_run) {
        orl_cli_plan_print(experiment, options);
        return ORL_OK;
    }
    return orl_batch_render(source, &options->experiment, experiment, &options->limits,
                            &options->batch, messages, &options->signal_number, err);
}

/* Options that do not go together. 0, or the exit code after a message. */
static int options_check(const struct cli_options *options, bool runs_only)
{
    const struct orl_experiment_options *part = &options->experiment;
    if (options->batch.prune && (runs_only || part->only || part->formats || part->preset))
        return orl_cli_usage("use it with optreel render, without --only, --formats, --preset",
                             "--prune wants the whole experiment");
    if (options->batch.shard.count && (options->batch.prune || options->batch.deps))
        return orl_cli_usage("give it to the render that is not cut", "a shard takes no --%s",
                             options->batch.prune ? "prune" : "deps");
    if (options->shards && !options->elsewhere)
        return orl_cli_usage("one of N shards is --shard K/N", "--shards goes with --engine slurm");
    if (options->batch.shard.count && (options->batch.junit || options->batch.baseline))
        return orl_cli_usage("give it to optreel join", "a shard takes no --%s",
                             options->batch.junit ? "junit" : "baseline");
    if (options->output && strcmp(options->output, "-") == 0)
        return orl_cli_usage("one film goes there: optreel film LOG... --formats y4m -o -",
                             "an output folder cannot be standard output");
    return 0;
}

static int experiment_make(struct cli_options *options, bool runs_only)
{
    struct orl_experiment_source source = {0};
    struct orl_messages messages = {0};
    struct orl_experiment *experiment = NULL;
    struct orl_error err = {0};
    char *folder = NULL, *command = NULL;
    int ret = options_check(options, runs_only);
    if (ret)
        return ret;
    options->experiment.runs_only = runs_only;
    ret = orl_cli_load(options, &source, &messages, &experiment);
    orl_messages_print(&messages, stderr);
    orl_cli_annotate(&messages, 0);
    size_t told = messages.count;
    if (ret == ORL_OK) {
        folder = output_folder(options, experiment->name);
        command = repeat_command(options, runs_only);
        options->batch.folder = folder;
        options->batch.program =
            "/proc/self/exe"; /* this very program, whatever becomes of its file */
        options->batch.command = command;
        options->batch.results = stdout;
        options->batch.messages = stderr;
        ret = folder && command ? experiment_do(options, &source, experiment, &messages, &err)
                                : orl_fail_memory(&err);
        orl_cli_print_later(&messages, told);
        orl_cli_annotate(&messages, told);
        orl_cli_print_error(ret, &err);
        if ((ret == ORL_OK || ret == ORL_FAIL) && !options->batch.shard.count)
            orl_cli_open(options, folder, "index.html");
    }
    free(folder);
    free(command);
    orl_experiment_destroy(&experiment);
    orl_experiment_source_uninit(&source);
    orl_messages_uninit(&messages);
    return orl_exit_code(ret);
}

static int command_render(struct cli_options *options)
{
    return experiment_make(options, false);
}

static int command_run(struct cli_options *options)
{
    return experiment_make(options, true);
}

extern const struct cli_command orl_command_render, orl_command_run;
const struct cli_command orl_command_render = {
    .name = "render",
    .usage = "EXPERIMENT [options]",
    .summary = "run everything and make every film",
    .help = "Runs every optimizer on every problem, draws and encodes every film, and leaves it "
            "all in\nthe output folder with a report (index.html) and a summary for programs\n"
            "(summary.json). What is already there and up to date is not made again. A run that "
            "was\nstopped goes on where it was when the same command is given again.",
    .operands = 1,
    .operand = CLI_VALUES_EXPERIMENT,
    .limits = true,
    .options = {orl_cli_make, orl_cli_judge, orl_cli_choose, orl_cli_formats, orl_cli_change,
                orl_cli_sheets, orl_cli_engine, orl_cli_show, orl_cli_talk},
    .run = command_render,
};
const struct cli_command orl_command_run = {
    .name = "run",
    .usage = "EXPERIMENT [options]",
    .summary = "the runs alone: traces, logs, summary",
    .help = "Makes traces, text logs, summary.json and index.html. No films.",
    .operands = 1,
    .operand = CLI_VALUES_EXPERIMENT,
    .limits = true,
    .options = {orl_cli_make, orl_cli_judge, orl_cli_choose, orl_cli_change, orl_cli_engine,
                orl_cli_show, orl_cli_talk},
    .run = command_run,
};
