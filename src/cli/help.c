/* optreel help: a page for each subcommand, made from its row, and for each subject, a file of
 * topics/ with the tables that it names. */
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "base/text.h"
#include "cli/cli.h"
#include "scene/tables.h"

enum { TOPICS_MAX = 128 };

extern const struct orl_embedded orl_cli_topics[]; /* made by the build from topics/ */

const char *orl_cli_topic_at(size_t index, const char **title, size_t *title_length)
{
    const struct orl_embedded *topic = &orl_cli_topics[index];
    if (topic->name && title) {
        *title = topic->text;
        *title_length = strcspn(topic->text, "\n");
    }
    return topic->name;
}

void orl_cli_topic_body_print(const char *topic, void (*take)(const char *text, size_t length))
{
    for (const struct orl_embedded *t = orl_cli_topics; t->name; t++) {
        size_t title = strcspn(t->text, "\n");
        const char *body = t->text + title + strspn(t->text + title, "\n");
        if (strcmp(t->name, topic) == 0)
            take(body, strlen(body));
    }
}

static void help_print_option(const struct cli_option *option)
{
    char name[64];
    if (!option->description)
        return;
    snprintf(name, sizeof name, "--%s%s%s", option->name, option->argument ? " " : "",
             option->argument ? option->argument : "");
    printf("  %c%c%c %-32s %s\n", option->letter ? '-' : ' ', option->letter ? option->letter : ' ',
           option->letter ? ',' : ' ', name, option->description);
}

static void help_print_command(const struct cli_command *command)
{
    const struct cli_option *option;
    printf("optreel %s %s\n\n%s\n\n", command->name, command->usage, command->help);
    for (size_t i = 0; (option = orl_cli_option_at(command, i)) != NULL; i++)
        help_print_option(option);
    if (command->limits)
        printf("      %-34s %s\n", "--max-… N", "a limit on input; see: optreel help limits");
}

static void help_print_limits(void)
{
    for (const struct orl_limit_desc *d = orl_limit_descs; d->option; d++) {
        uint64_t value;
        memcpy(&value, (const char *)&orl_limits_default + d->offset, sizeof value);
        printf("  --%-24s %12llu  %s\n", d->option, (unsigned long long)value, d->description);
    }
}

static void help_print_keys(const char *part)
{
    char *text = orl_experiment_keys(part);
    fputs(text ? text : "", stdout);
    free(text);
}

/* A line "@NAME" of a subject stands for a table: the limits, the roles of a theme's colours, the
 * keys of a part of the experiment file ("@keys films"), or what `optreel list NAME` lists, and
 * "@NAME+" for one with all settings. */
static void help_print_table(const char *name, size_t length)
{
    char list[64];
    bool settings = length > 0 && name[length - 1] == '+';
    snprintf(list, sizeof list, "%.*s", (int)(length - (settings ? 1 : 0)), name);
    if (strcmp(list, "limits") == 0)
        help_print_limits();
    else if (strcmp(list, "roles") == 0)
        for (const struct orl_theme_role *role = orl_theme_roles; role->name; role++)
            printf("  %-22s %s\n", role->name, role->description);
    else if (strncmp(list, "keys ", 5) == 0)
        help_print_keys(list + 5);
    else
        orl_cli_list_print(list, settings);
}

static void help_print_topic(const struct orl_embedded *topic)
{
    for (const char *line = topic->text; *line;) {
        size_t length = strcspn(line, "\n");
        if (*line == '@')
            help_print_table(line + 1, length - 1);
        else
            printf("%.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

/* What a command's usage begins with: up to its options. */
static int help_operands_length(const char *usage)
{
    const char *bracket = strstr(usage, " ["), *option = strstr(usage, " --");
    const char *end = option && (!bracket || option < bracket) ? option : bracket;
    return end ? (int)(end - usage) : (int)strlen(usage);
}

static void help_print_all(void)
{
    fputs("optreel: films of optimizers fitting curves\n\n", stdout);
    for (size_t i = 0; orl_cli_commands[i]; i++)
        if (orl_cli_commands[i]->run)
            printf("  optreel %-10s %-20.*s %s\n", orl_cli_commands[i]->name,
                   help_operands_length(orl_cli_commands[i]->usage), orl_cli_commands[i]->usage,
                   orl_cli_commands[i]->summary);
    fputs("\n`optreel help COMMAND` has its options. `optreel help SUBJECT` explains\n\n", stdout);
    for (const struct orl_embedded *topic = orl_cli_topics; topic->name; topic++)
        printf("  %-13s %.*s\n", topic->name, (int)strcspn(topic->text, "\n"), topic->text);
    fputs("\nAn experiment is a file, or the name of a built-in one. To begin with:\n\n"
          "  optreel render assignment      into output/assignment/; open its index.html\n",
          stdout);
}

static int help_refuse(const char *topic)
{
    const char *names[TOPICS_MAX] = {0};
    size_t count = 0;
    for (size_t i = 0; orl_cli_commands[i] && count + 1 < TOPICS_MAX; i++)
        if (orl_cli_commands[i]->run)
            names[count++] = orl_cli_commands[i]->name;
    for (size_t i = 0; orl_cli_topics[i].name && count + 1 < TOPICS_MAX; i++)
        names[count++] = orl_cli_topics[i].name;
    const char *near = orl_suggest(topic, names);
    char *hint = near ? orl_asprintf("did you mean '%s'?", near) : orl_strdup("see: optreel help");
    int ret = orl_cli_usage(hint, "there is no help on '%s'", topic);
    free(hint);
    return ret;
}

int orl_cli_help_print(const char *topic)
{
    if (!topic) {
        help_print_all();
        return 0;
    }
    const struct cli_command *command = orl_cli_command_find(topic);
    if (command && command->run) {
        help_print_command(command);
        return 0;
    }
    for (const struct orl_embedded *t = orl_cli_topics; t->name; t++)
        if (strcmp(t->name, topic) == 0) {
            help_print_topic(t);
            return 0;
        }
    return help_refuse(topic);
}

static int command_help(struct cli_options *options)
{
    return orl_cli_help_print(options->operand);
}

extern const struct cli_command orl_command_help;
const struct cli_command orl_command_help = {
    .name = "help",
    .usage = "[COMMAND|SUBJECT]",
    .summary = "explain a command or a subject",
    .help = "Without an argument: the list of both.",
    .operands = 1,
    .operand = CLI_VALUES_TOPIC,
    .run = command_help,
};
