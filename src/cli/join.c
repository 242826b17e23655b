/* optreel join: what shards made becomes the films and their report. */
#include <stddef.h>
#include <stdio.h>

#include "cli/cli.h"

static int folder_join(struct cli_options *options, bool report_only)
{
    struct orl_messages messages = {0};
    struct orl_error err = {0};
    if (!options->operand)
        return orl_cli_usage("such as: optreel join output/assignment", "which output folder?");
    options->batch.folder = options->operand;
    options->batch.program = "/proc/self/exe";
    options->batch.results = stdout;
    options->batch.messages = stderr;
    options->batch.report_only = report_only;
    int ret = orl_batch_join(&options->batch, &messages, &options->signal_number, &err);
    orl_messages_print(&messages, stderr);
    orl_cli_annotate(&messages, 0);
    orl_cli_print_error(ret, &err);
    orl_messages_uninit(&messages);
    if (ret == ORL_OK || ret == ORL_FAIL)
        orl_cli_open(options, options->operand, "index.html");
    return orl_exit_code(ret);
}

static int command_join(struct cli_options *options)
{
    return folder_join(options, false);
}

static int command_report(struct cli_options *options)
{
    return folder_join(options, true);
}

#define FLAG(member) orl_cli_set_flag, .offset = offsetof(struct cli_options, member)

static const struct cli_option join_options[] = {
    {"wait", .set = FLAG(batch.wait), .description = "wait for an output folder that is in use"},
    {0},
};

extern const struct cli_command orl_command_join, orl_command_report;
const struct cli_command orl_command_join = {
    .name = "join",
    .usage = "DIR [options]",
    .summary = "put together what shards made, and write the report",
    .help = "After all shards of a batch (optreel render EXPERIMENT --shard K/N -o DIR) have "
            "ended:\ntheir segments become files, which are read back, and the report is written. "
            "Nothing is\nrun or drawn again, but for files with a size cap that they do not meet. "
            "Where segments\nare missing the files that want them are named, and the exit code is "
            "1: run those shards\nagain, then join again.",
    .operands = 1,
    .operand = CLI_VALUES_FOLDER,
    .options = {join_options, orl_cli_judge, orl_cli_choose, orl_cli_show, orl_cli_talk},
    .run = command_join,
};

const struct cli_command orl_command_report = {
    .name = "report",
    .usage = "DIR [options]",
    .summary = "rebuild summary.json, results and index.html from what an output folder holds",
    .help = "The report of a folder that optreel made, from its plan and its manifest. Nothing is "
            "run,\ndrawn or put together; what is missing is told as missing.",
    .operands = 1,
    .operand = CLI_VALUES_FOLDER,
    .options = {join_options, orl_cli_judge, orl_cli_show, orl_cli_talk},
    .run = command_report,
};
