/* optreel schema: the JSON Schema of experiment files. */
#include <stdlib.h>

#include "cli/cli.h"

static int command_schema(struct cli_options *options)
{
    char *text = orl_experiment_schema();
    (void)options;
    if (!text)
        return 4;
    fputs(text, stdout);
    free(text);
    return 0;
}

extern const struct cli_command orl_command_schema;
const struct cli_command orl_command_schema = {
    .name = "schema",
    .usage = "",
    .summary = "print the JSON Schema of experiment files",
    .help = "For editors that check and complete YAML.",
    .run = command_schema,
};
