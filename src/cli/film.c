/* optreel film: a film from recorded traces. */
#include <stddef.h>
#include <string.h>

#include "cli/cli.h"

static int command_film(struct cli_options *options)
{
    struct orl_messages messages = {0};
    struct orl_error err = {0};
    const char *formats = options->experiment.formats;
    if (options->operand_count == 0)
        return orl_cli_usage("such as: optreel film adam.csv sgd.csv -o race.mp4", "which traces?");
    if (!options->output)
        return orl_cli_usage("such as: -o film.mp4", "where to? -o FILE is missing");
    if (formats && strchr(formats, ','))
        return orl_cli_usage(NULL, "a film of traces has one format, not '%s'", formats);
    if (!options->traces.model && (options->traces.data || options->traces.response))
        return orl_cli_usage("such as: --model \"alpha + beta*x\" --data data.csv",
                             "data without a model: --model is missing");
    struct orl_film_request request = options->traces;
    request.traces = options->operands;
    request.trace_count = options->operand_count;
    request.output = options->output;
    request.format = formats;
    request.preset = options->experiment.preset;
    request.limits = &options->limits;
    request.results = stdout;
    int ret = orl_batch_film(&request, &messages, &err);
    orl_messages_print(&messages, stderr);
    orl_cli_print_error(ret, &err);
    orl_messages_uninit(&messages);
    return orl_exit_code(ret);
}

#define TEXT(member) orl_cli_set_text, .offset = offsetof(struct cli_options, member)

static const struct cli_option film_options[] = {
    {"output", 'o', "FILE", CLI_VALUES_FILE, TEXT(output),
     .description = "the film, such as runs.mp4; - is standard output"},
    {"model", .argument = "FORMULA", .set = TEXT(traces.model),
     .description = "whose parameters are columns of the traces: a fit, losses, the surface"},
    {"data", .argument = "FILE.csv", .value = CLI_VALUES_FILE, .set = TEXT(traces.data),
     .description = "the data of the model; without it the model is an objective"},
    {"response", .argument = "FORMULA", .set = TEXT(traces.response),
     .description = "what the model should meet: a column of the data (default: y)"},
    {"panels", .argument = "LIST", .value = CLI_VALUES_PANEL, .set = TEXT(traces.panels),
     .description = "panels, such as fit,loss,parameters (default: what the traces can feed)"},
    {"theme", .argument = "NAME", .value = CLI_VALUES_THEME, .set = TEXT(traces.theme),
     .description = "light, dark or print"},
    {"force", .set = orl_cli_set_flag, .offset = offsetof(struct cli_options, batch.force),
     .description = "override the estimates"},
    {0},
};

extern const struct cli_command orl_command_film;
const struct cli_command orl_command_film = {
    .name = "film",
    .usage = "TRACE.csv... -o FILE [options]",
    .summary = "a film from recorded traces: any training log",
    .help = "A first film from traces alone: a line for each one's loss or, where it has none, for "
            "each\nof its columns. With --model its parameters are taken from the traces' "
            "columns, losses\nthat are missing are computed, and with --data the fit is shown, "
            "too:\n\n"
            "  optreel film torch.csv -o torch.mp4 --model \"alpha + beta*x\" --data points.csv\n"
            "\nFILE is .mp4, .gif, .png or another format's; - is standard output. See: optreel "
            "help\ntraces.",
    .operands = CLI_ANY_NUMBER,
    .operand = CLI_VALUES_FILE,
    .options = {film_options, orl_cli_formats, orl_cli_talk},
    .needs_media = orl_cli_always,
    .run = command_film,
};
