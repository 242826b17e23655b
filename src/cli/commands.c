/* The table of subcommands. A new one is a file that ends with its row, and a line here. */
#include <string.h>

#include "cli/cli.h"

/* clang-format off: a line for each */
extern const struct cli_command orl_command_render, orl_command_run, orl_command_film,
    orl_command_frame, orl_command_check, orl_command_new, orl_command_show, orl_command_list,
    orl_command_schema, orl_command_doctor, orl_command_man, orl_command_completion,
    orl_command_help, orl_command_join, orl_command_report, orl_command_diff;

const struct cli_command *const orl_cli_commands[] = {
    &orl_command_render,
    &orl_command_run,
    &orl_command_film,
    &orl_command_frame,
    &orl_command_check,
    &orl_command_join,
    &orl_command_report,
    &orl_command_diff,
    &orl_command_new,
    &orl_command_show,
    &orl_command_list,
    &orl_command_schema,
    &orl_command_doctor,
    &orl_command_man,
    &orl_command_completion,
    &orl_command_help,
    NULL,
};
/* clang-format on */

const struct cli_command *orl_cli_command_find(const char *name)
{
    for (size_t i = 0; orl_cli_commands[i]; i++)
        if (strcmp(orl_cli_commands[i]->name, name) == 0)
            return orl_cli_commands[i];
    return NULL;
}

bool orl_cli_always(const struct cli_options *options)
{
    (void)options;
    return true;
}
