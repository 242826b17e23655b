/* optreel completion: what shells complete, made from the rows of subcommands and options. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "cli/cli.h"
#include "optreel/tables.h"

/* The words of a kind of value on one line, blanks between them; nothing for files and for what
 * cannot be listed. */
static void words_append(struct orl_text *out, enum cli_values values, const char *argument)
{
    static const struct {
        enum cli_values values;
        enum orl_table table;
    } tables[] = {
        {CLI_VALUES_EXPERIMENT, ORL_TABLE_EXPERIMENTS}, {CLI_VALUES_BUILTIN, ORL_TABLE_EXPERIMENTS},
        {CLI_VALUES_FORMAT, ORL_TABLE_FORMATS},         {CLI_VALUES_PRESET, ORL_TABLE_PRESETS},
        {CLI_VALUES_THEME, ORL_TABLE_THEMES},           {CLI_VALUES_PANEL, ORL_TABLE_PANELS}};
    struct orl_table_row row;
    for (size_t t = 0; t < ORL_COUNT(tables); t++)
        for (size_t i = 0; tables[t].values == values && orl_table_at(tables[t].table, i, &row);
             i++)
            orl_text_printf(out, "%s ", row.name);
    for (size_t i = 0; values == CLI_VALUES_LIST && orl_cli_list_at(i); i++)
        orl_text_printf(out, "%s ", orl_cli_list_at(i));
    for (size_t i = 0; values == CLI_VALUES_TOPIC && orl_cli_topic_at(i, NULL, NULL); i++)
        orl_text_printf(out, "%s ", orl_cli_topic_at(i, NULL, NULL));
    for (size_t i = 0; values == CLI_VALUES_TOPIC && orl_cli_commands[i]; i++)
        if (orl_cli_commands[i]->run)
            orl_text_printf(out, "%s ", orl_cli_commands[i]->name);
    if (values == CLI_VALUES_SHELL)
        orl_text_puts(out, "bash zsh fish");
    for (const char *p = argument; values == CLI_VALUES_CHOICE && *p; p++)
        orl_text_putc(out, *p == '|' ? ' ' : *p);
}

/* The same; "" where there are none. Owned by the caller. */
static char *words_of(enum cli_values values, const char *argument)
{
    struct orl_text text = {0};
    orl_text_puts(&text, "");
    words_append(&text, values, argument ? argument : "");
    while (text.length > 0 && text.data[text.length - 1] == ' ')
        text.data[--text.length] = '\0';
    return orl_text_take(&text);
}

static bool takes_files(enum cli_values values)
{
    return values == CLI_VALUES_FILE || values == CLI_VALUES_EXPERIMENT;
}

static void bash_values(enum cli_values values, const char *argument)
{
    char *words = words_of(values, argument);
    if (*words)
        printf("COMPREPLY+=($(compgen -W \"%s\" -- \"$word\")); ", words);
    if (takes_files(values))
        printf("COMPREPLY+=($(compgen -f -- \"$word\")); ");
    if (values == CLI_VALUES_FOLDER)
        printf("COMPREPLY+=($(compgen -d -- \"$word\")); ");
    free(words);
}

static void bash_command(const struct cli_command *command)
{
    const struct cli_option *option;
    printf("    %s)\n        case $before in\n", command->name);
    for (size_t i = 0; (option = orl_cli_option_at(command, i)) != NULL; i++) {
        if (!option->argument || !option->description)
            continue;
        printf("            --%s%s%c) ", option->name, option->letter ? "|-" : "",
               option->letter ? option->letter : ' ');
        bash_values(option->value, option->argument);
        puts("return ;;");
    }
    fputs("        esac\n        case $word in\n            -*) COMPREPLY=($(compgen -W \"",
          stdout);
    for (size_t i = 0; (option = orl_cli_option_at(command, i)) != NULL; i++)
        if (option->description)
            printf("--%s ", option->name);
    fputs("\" -- \"$word\")) ;;\n            *) ", stdout);
    bash_values(command->operand, NULL);
    puts(": ;;\n        esac ;;");
}

static void completion_bash(void)
{
    puts("# Completion of optreel for bash; from: optreel completion bash");
    puts("_optreel()\n{\n    local word=${COMP_WORDS[COMP_CWORD]} "
         "before=${COMP_WORDS[COMP_CWORD-1]}\n    COMPREPLY=()\n"
         "    if ((COMP_CWORD == 1)); then");
    fputs("        COMPREPLY=($(compgen -W \"", stdout);
    for (size_t i = 0; orl_cli_commands[i]; i++)
        if (orl_cli_commands[i]->run)
            printf("%s ", orl_cli_commands[i]->name);
    puts("--help --version\" -- \"$word\"))\n        return\n    fi\n    case ${COMP_WORDS[1]} in");
    for (size_t i = 0; orl_cli_commands[i]; i++)
        if (orl_cli_commands[i]->run)
            bash_command(orl_cli_commands[i]);
    puts("    esac\n}\ncomplete -o filenames -F _optreel optreel");
}

/* In single quotes of zsh and fish, where [ ] : mean something to _arguments. */
static void quoted(const char *text, const char *special)
{
    for (; *text; text++)
        if (*text == '\'')
            fputs("'\\''", stdout);
        else if (strchr(special, *text))
            printf("\\%c", *text);
        else
            putchar(*text);
}

static void zsh_values(enum cli_values values, const char *argument)
{
    char *words = words_of(values, argument);
    if (values == CLI_VALUES_EXPERIMENT)
        printf("{_alternative \"words\\:built-in\\:(%s)\" \"files\\:file\\:_files\"}", words);
    else if (*words)
        printf("(%s)", words);
    else if (values == CLI_VALUES_FILE)
        fputs("_files", stdout);
    else if (values == CLI_VALUES_FOLDER)
        fputs("_files -/", stdout);
    free(words);
}

static void zsh_option(const struct cli_option *option)
{
    if (!option->description)
        return;
    for (int form = option->letter ? 0 : 1; form < 2; form++) {
        fputs("                '", stdout);
        if (form == 0)
            printf("-%c", option->letter);
        else
            printf("--%s", option->name);
        putchar('[');
        quoted(option->description, "[]:");
        putchar(']');
        if (option->argument) {
            putchar(':');
            quoted(option->argument, "[]:");
            putchar(':');
            zsh_values(option->value, option->argument);
        }
        puts("' \\");
    }
}

static void completion_zsh(void)
{
    puts("#compdef optreel\n# Completion of optreel for zsh; from: optreel completion zsh\n"
         "_optreel()\n{\n    if ((CURRENT == 2)); then\n        local -a commands=(");
    for (size_t i = 0; orl_cli_commands[i]; i++) {
        if (!orl_cli_commands[i]->run)
            continue;
        printf("            '%s:", orl_cli_commands[i]->name);
        quoted(orl_cli_commands[i]->summary, ":");
        puts("'");
    }
    puts("        )\n        _describe command commands\n        return\n    fi\n"
         "    local name=$words[2]\n    shift words\n    ((CURRENT--))\n    case $name in");
    for (size_t i = 0; orl_cli_commands[i]; i++) {
        const struct cli_command *command = orl_cli_commands[i];
        const struct cli_option *option;
        if (!command->run)
            continue;
        printf("        %s)\n            _arguments \\\n", command->name);
        for (size_t k = 0; (option = orl_cli_option_at(command, k)) != NULL; k++)
            zsh_option(option);
        fputs("                '*:argument:", stdout);
        zsh_values(command->operand, NULL);
        puts("' ;;");
    }
    puts("    esac\n}\n_optreel \"$@\"");
}

static void fish_option(const struct cli_command *command, const struct cli_option *option)
{
    if (!option->description)
        return;
    char *words = words_of(option->value, option->argument);
    printf("complete -c optreel -n '__fish_seen_subcommand_from %s' -l %s", command->name,
           option->name);
    if (option->letter)
        printf(" -s %c", option->letter);
    fputs(" -d '", stdout);
    quoted(option->description, "");
    putchar('\'');
    if (option->argument && *words)
        printf(" -x -a '%s'", words);
    else if (option->argument)
        fputs(takes_files(option->value) || option->value == CLI_VALUES_FOLDER ? " -r" : " -x",
              stdout);
    putchar('\n');
    free(words);
}

static void completion_fish(void)
{
    puts("# Completion of optreel for fish; from: optreel completion fish\n"
         "complete -c optreel -n __fish_use_subcommand -f");
    for (size_t i = 0; orl_cli_commands[i]; i++) {
        const struct cli_command *command = orl_cli_commands[i];
        const struct cli_option *option;
        if (!command->run)
            continue;
        printf("complete -c optreel -n __fish_use_subcommand -a %s -d '", command->name);
        quoted(command->summary, "");
        puts("'");
        for (size_t k = 0; (option = orl_cli_option_at(command, k)) != NULL; k++)
            fish_option(command, option);
        char *words = words_of(command->operand, NULL);
        if (*words)
            printf("complete -c optreel -n '__fish_seen_subcommand_from %s' %s -a '%s'\n",
                   command->name, takes_files(command->operand) ? "" : "-f", words);
        free(words);
    }
}

static int command_completion(struct cli_options *options)
{
    static const struct {
        const char *shell;
        void (*print)(void);
    } shells[] = {{"bash", completion_bash}, {"zsh", completion_zsh}, {"fish", completion_fish}};
    for (size_t i = 0; options->operand && i < ORL_COUNT(shells); i++)
        if (strcmp(shells[i].shell, options->operand) == 0) {
            shells[i].print();
            return 0;
        }
    if (options->operand)
        return orl_cli_usage("one of: bash, zsh, fish", "there is no completion for '%s'",
                             options->operand);
    return orl_cli_usage("one of: bash, zsh, fish", "for which shell?");
}

extern const struct cli_command orl_command_completion;
const struct cli_command orl_command_completion = {
    .name = "completion",
    .usage = "bash|zsh|fish",
    .summary = "print what a shell completes",
    .help = "For a session:  source <(optreel completion bash)\n"
            "For all:        optreel completion bash > ~/.local/share/bash-completion/completions/"
            "optreel\n"
            "                optreel completion zsh  > a folder of $fpath, as _optreel\n"
            "                optreel completion fish > ~/.config/fish/completions/optreel.fish",
    .operands = 1,
    .operand = CLI_VALUES_SHELL,
    .run = command_completion,
};
