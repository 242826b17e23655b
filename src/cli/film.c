/* optreel film: a film from traces. */
#include <string.h>

#include "cli/cli.h"

int orl_cli_film(struct cli_options *options)
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
