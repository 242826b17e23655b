/* optreel check: the plan of an experiment, without making anything. */
#include <stddef.h>

#include "cli/cli.h"
#include "cli/logs.h"

/* The experiment that is the operand now. */
static int experiment_check(struct cli_options *options)
{
    struct orl_experiment_source source = {0};
    struct orl_messages messages = {0};
    struct orl_experiment *experiment = NULL;
    int ret = orl_cli_load(options, &source, &messages, &experiment);
    orl_messages_print(&messages, stderr);
    orl_cli_annotate(&messages, 0);
    if (ret == ORL_OK)
        orl_cli_plan_print(experiment, options);
    orl_experiment_destroy(&experiment);
    orl_experiment_source_uninit(&source);
    orl_messages_uninit(&messages);
    return orl_exit_code(ret);
}

/* Several experiments one after the other; the highest exit code tells of all. */
static int command_check(struct cli_options *options)
{
    int worst = 0;
    if (orl_cli_names_logs(options))
        return orl_cli_check_logs(options);
    for (size_t i = 0; i == 0 || i < options->operand_count; i++) {
        if (i > 0)
            putchar('\n');
        options->operand = options->operand_count ? options->operands[i] : NULL;
        int code = experiment_check(options);
        worst = code > worst ? code : worst;
    }
    return worst;
}

#define TEXT(member) orl_cli_set_text, .offset = offsetof(struct cli_options, member)

static const struct cli_option check_options[] = {
    {"step", .argument = "COLUMN", .set = TEXT(logs.step),
     .description = "of logs: the column that counts the steps"},
    {"loss", .argument = "COLUMN", .set = TEXT(logs.loss),
     .description = "of logs: the column that is the loss"},
    {"columns", .argument = "LIST", .set = TEXT(logs.columns),
     .description = "of logs: these columns and no others"},
    {"shards", .argument = "N", .set = orl_cli_set_shards,
     .description = "tell how well the work can be cut into so many shards"},
    {"output", 'o', "DIR", CLI_VALUES_FOLDER, TEXT(output),
     .description = "with --shards: the folder whose files tell how long they took"},
    {0},
};

extern const struct cli_command orl_command_check;
const struct cli_command orl_command_check = {
    .name = "check",
    .usage = "EXPERIMENT...|LOG... [options]",
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
