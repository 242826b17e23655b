/* optreel man: the manual page, made from the rows of subcommands, options and subjects. */
#include <string.h>

#include "base/embedded.h"
#include "base/text.h"
#include "cli/cli.h"

/* Text for roff: a backslash, a hyphen and a dot or quote at the beginning of a line mean
 * something there. */
static void man_text(const char *text, size_t length)
{
    bool begins = true;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (begins && (c == '.' || c == '\''))
            fputs("\\&", stdout);
        begins = c == '\n';
        if (c == '\\')
            fputs("\\e", stdout);
        else if (c == '-')
            fputs("\\-", stdout);
        else
            putchar(c);
    }
}

static void man_string(const char *text)
{
    man_text(text, strlen(text));
}

static void man_option(const struct cli_option *option)
{
    if (!option->description)
        return;
    fputs(".TP\n.B ", stdout);
    if (option->letter)
        printf("\\-%c, ", option->letter);
    fputs("\\-\\-", stdout);
    man_string(option->name);
    if (option->argument) {
        fputs(" \\fI", stdout);
        man_string(option->argument);
        fputs("\\fR", stdout);
    }
    putchar('\n');
    man_string(option->description);
    putchar('\n');
}

static void man_command(const struct cli_command *command)
{
    const struct cli_option *option;
    printf(".SS optreel ");
    man_string(command->name);
    putchar(' ');
    man_string(command->usage);
    fputs("\n.nf\n", stdout);
    man_string(command->help);
    fputs("\n.fi\n", stdout);
    for (size_t i = 0; (option = orl_cli_option_at(command, i)) != NULL; i++)
        if (option->set && strcmp(option->name, "help") != 0 &&
            strcmp(option->name, "version") != 0)
            man_option(option);
}

static int command_man(struct cli_options *options)
{
    const char *title, *name;
    size_t length;
    (void)options;
    printf(".TH OPTREEL 1 \"\" \"optreel %s\" \"User Commands\"\n", ORL_VERSION);
    puts(".SH NAME\noptreel \\- films of optimizers fitting curves\n.SH SYNOPSIS");
    puts(".B optreel\n.I COMMAND\n[\\fIARGUMENT\\fR...] [\\fIOPTION\\fR...]");
    puts(".SH DESCRIPTION\nTurns an experiment file into films that show how optimizers fit a "
         "curve.\nEvery command takes \\-\\-help and \\-\\-version.\n.SH COMMANDS");
    for (size_t i = 0; orl_cli_commands[i]; i++)
        if (orl_cli_commands[i]->run)
            man_command(orl_cli_commands[i]);
    puts(".SH SUBJECTS\n.B optreel help\n.I SUBJECT\nexplains");
    for (size_t i = 0; (name = orl_cli_topic_at(i, &title, &length)) != NULL; i++) {
        fputs(".TP\n.B ", stdout);
        man_string(name);
        putchar('\n');
        man_text(title, length);
        putchar('\n');
    }
    puts(".SH EXIT STATUS\n.nf");
    orl_cli_topic_body_print("exit-codes", man_text);
    puts(".fi");
    return 0;
}

extern const struct cli_command orl_command_man;
const struct cli_command orl_command_man = {
    .name = "man",
    .usage = "",
    .summary = "print the manual page",
    .help = "To read it: optreel man | man -l -",
    .run = command_man,
};
