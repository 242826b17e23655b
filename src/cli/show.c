/* optreel show: a built-in experiment, as its author wrote it. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"

enum { NAMES_MAX = 64 };

const struct orl_builtin *orl_cli_builtin(const char *name)
{
    const char *names[NAMES_MAX] = {0};
    size_t count = 0;
    for (const struct orl_builtin *b = orl_builtins; b->name; b++) {
        if (name && strcmp(b->name, name) == 0)
            return b;
        if (count + 1 < NAMES_MAX)
            names[count++] = b->name;
    }
    char *hint = orl_suggest_hint(name ? name : "", names);
    if (name)
        orl_cli_usage(hint, "'%s' is not a built-in experiment", name);
    else
        orl_cli_usage(hint, "which built-in experiment?");
    free(hint);
    return NULL;
}

static int command_show(struct cli_options *options)
{
    const struct orl_builtin *builtin = orl_cli_builtin(options->operand);
    if (!builtin)
        return 2;
    fwrite(builtin->text, 1, builtin->length, stdout);
    return 0;
}

extern const struct cli_command orl_command_show;
const struct cli_command orl_command_show = {
    .name = "show",
    .usage = "BUILTIN",
    .summary = "print a built-in experiment",
    .help = "Prints the file of a built-in experiment (optreel list experiments). To change one: "
            "optreel\nnew NAME --from BUILTIN.",
    .operands = 1,
    .operand = CLI_VALUES_BUILTIN,
    .run = command_show,
};
