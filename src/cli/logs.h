/* Logs on the command line. */
#ifndef ORL_CLI_LOGS_H
#define ORL_CLI_LOGS_H

#include "cli/cli.h"
#include "optreel/logs.h"

/* True where the operands are logs, no experiment: several, a folder, or a file of a known kind
 * that has none of an experiment's keys at the top. */
bool orl_cli_names_logs(const struct cli_options *options);

/* Read the operands as logs and print what is in them. Returns the exit code. */
int orl_cli_check_logs(struct cli_options *options);

#endif
