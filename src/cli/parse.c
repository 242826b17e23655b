/* Command lines: options and operands, by a subcommand's row. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "cli/cli.h"

enum { NAMES_MAX = 96 };

static const struct orl_limit_desc *limit_find(const struct cli_command *command, const char *name)
{
    for (const struct orl_limit_desc *d = orl_limit_descs; command->limits && d->option; d++)
        if (strcmp(d->option, name) == 0)
            return d;
    return NULL;
}

static int limit_set(struct cli_options *options, const struct orl_limit_desc *limit,
                     const char *value)
{
    int64_t number;
    if (!orl_int64_parse(value, strlen(value), &number) || number < 0)
        return orl_cli_usage(NULL, "--%s takes a whole number, not '%s'", limit->option, value);
    uint64_t bound = (uint64_t)number;
    memcpy((char *)&options->limits + limit->offset, &bound, sizeof bound);
    return 0;
}

static int option_unknown(const struct cli_command *command, const char *name)
{
    const char *names[NAMES_MAX];
    size_t count = 0;
    const struct cli_option *option;
    for (size_t i = 0; (option = orl_cli_option_at(command, i)) && count + 1 < NAMES_MAX; i++)
        if (option->description)
            names[count++] = option->name;
    for (const struct orl_limit_desc *d = orl_limit_descs;
         command->limits && d->option && count + 1 < NAMES_MAX; d++)
        names[count++] = d->option;
    names[count] = NULL;
    const char *near = orl_suggest(name, names);
    char *hint = near ? orl_asprintf("did you mean '--%s'?", near)
                      : orl_asprintf("see: optreel help %s", command->name);
    int ret = orl_cli_usage(hint, "unknown option '--%s'", name);
    free(hint);
    return ret;
}

static void hand_on(struct cli_options *out, const char *name, const char *value)
{
    orl_text_printf(&out->handed_on, " --%s", name);
    if (value) {
        orl_text_putc(&out->handed_on, '=');
        orl_text_quote_shell(&out->handed_on, value);
    }
}

/* --name, --name=value, --name value. *index moves past what was used. */
static int parse_long(int argc, char **argv, int *index, struct cli_options *out)
{
    const char *argument = argv[*index] + 2;
    size_t length = strcspn(argument, "=");
    const char *value = argument[length] == '=' ? argument + length + 1 : NULL;
    char *name = orl_strndup(argument, length);
    if (!name)
        return 4;
    const struct cli_option *option = orl_cli_option_find(out->command, name, 0);
    const struct orl_limit_desc *limit = limit_find(out->command, name);
    bool wants = limit || (option && option->argument);
    int ret = 0;
    if (!option && !limit)
        ret = option_unknown(out->command, name);
    else if (!wants && value)
        ret = orl_cli_usage(NULL, "--%s takes no value", name);
    else if (wants && !value && *index + 1 >= argc)
        ret = orl_cli_usage(NULL, "--%s needs a value", name);
    else if (wants && !value)
        value = argv[++*index];
    if (ret == 0)
        ret = limit ? limit_set(out, limit, value) : option->set(out, option, value);
    if (ret == 0 && (limit || !option->stays))
        hand_on(out, name, value);
    free(name);
    return ret;
}

/* -q, -j4, -j 4, -qv. */
static int parse_letters(int argc, char **argv, int *index, struct cli_options *out)
{
    for (const char *p = argv[*index] + 1; *p; p++) {
        const struct cli_option *option = orl_cli_option_find(out->command, NULL, *p);
        if (!option)
            return orl_cli_usage("see: optreel --help", "unknown option '-%c'", *p);
        if (option->argument) {
            if (!p[1] && *index + 1 >= argc)
                return orl_cli_usage(NULL, "-%c needs a value", *p);
            const char *value = p[1] ? p + 1 : argv[++*index];
            if (!option->stays)
                hand_on(out, option->name, value);
            return option->set(out, option, value);
        }
        int ret = option->set(out, option, NULL);
        if (ret)
            return ret;
        if (!option->stays)
            hand_on(out, option->name, NULL);
    }
    return 0;
}

static int parse_operand(const char *argument, struct cli_options *out)
{
    int most = out->command->operands;
    size_t capacity = out->operand_count;
    if (most == 0)
        return orl_cli_usage(NULL, "%s takes no argument, such as '%s'", out->command->name,
                             argument);
    if (most != CLI_ANY_NUMBER && out->operand_count >= (size_t)most)
        return orl_cli_usage(most == 1 ? "one at a time" : NULL, "'%s' is one name too many",
                             argument);
    if (!orl_reserve((void **)&out->operands, &capacity, out->operand_count + 1,
                     sizeof *out->operands))
        return orl_cli_no_memory();
    out->operands[out->operand_count++] = argument;
    out->operand = out->operands[0];
    return 0;
}

int orl_cli_parse(const struct cli_command *command, int argc, char **argv, struct cli_options *out)
{
    bool options_end = false;
    int ret = 0;
    *out = (struct cli_options){
        .command = command, .frame = -1, .step = -1, .limits = orl_limits_default};
    for (int i = 2; i < argc && ret == 0; i++) {
        const char *argument = argv[i];
        if (!options_end && strcmp(argument, "--") == 0)
            options_end = true;
        else if (!options_end && strncmp(argument, "--", 2) == 0)
            ret = parse_long(argc, argv, &i, out);
        else if (!options_end && argument[0] == '-' && argument[1])
            ret = parse_letters(argc, argv, &i, out);
        else
            ret = parse_operand(argument, out);
    }
    return ret;
}

void orl_cli_options_uninit(struct cli_options *options)
{
    free(options->operands);
    free(options->contact);
    options->operands = NULL;
    options->contact = NULL;
    free((void *)options->experiment.set);
    options->experiment.set = NULL;
    orl_text_uninit(&options->handed_on);
}
