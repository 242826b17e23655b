#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "cli/cli.h"

struct option_desc {
    const char *name; /* without the dashes; NULL where only a letter exists */
    char letter;      /* 0 where only a name exists */
    const char *argument;
    int commands; /* which subcommands take it */
    /* Take the value (NULL: none); returns 0, or the exit code. */
    int (*set)(struct cli_options *o, const struct option_desc *d, const char *value);
    const char *description; /* NULL: of the contract, not there yet */
    size_t offset; /* in struct cli_options, of what set_text, set_flag and set_count set; else 0 */
};

enum { MAKE = CLI_RENDER | CLI_RUN, PLAN = CLI_RENDER | CLI_RUN | CLI_CHECK, ALL = 511 };

int orl_cli_usage(const char *hint, const char *format, ...)
{
    struct orl_text text = {0};
    va_list arguments;
    char buffer[1024];
    va_start(arguments, format);
    vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    orl_text_escape_terminal(&text, buffer, strlen(buffer));
    fprintf(stderr, "optreel: error: %s\n", text.data ? text.data : "");
    if (hint)
        fprintf(stderr, "    hint: %s\n", hint);
    orl_text_uninit(&text);
    return 2;
}

static int bad_value(const struct option_desc *d, const char *value, const char *wanted)
{
    return orl_cli_usage(NULL, "--%s takes %s, not '%s'", d->name, wanted, value);
}

static int set_jobs(struct cli_options *o, const struct option_desc *d, const char *value)
{
    int64_t jobs;
    if (!orl_int64_parse(value, strlen(value), &jobs) || jobs < 1 || jobs > 1024)
        return bad_value(d, value, "a number from 1 to 1024");
    o->batch.jobs = (unsigned)jobs;
    return 0;
}

static int set_progress(struct cli_options *o, const struct option_desc *d, const char *value)
{
    static const char *const names[] = {"auto", "always", "never", "json"};
    for (size_t i = 0; i < ORL_COUNT(names); i++)
        if (strcmp(value, names[i]) == 0) {
            o->batch.progress = (enum orl_progress)i;
            return 0;
        }
    return bad_value(d, value, "auto, always, never or json");
}

static int add_set(struct cli_options *o, const struct option_desc *d, const char *value)
{
    if (!strchr(value, '=') || *value == '=')
        return bad_value(d, value, "KEY=VALUE");
    size_t count = o->experiment.set_count;
    const char **grown = orl_realloc_array((void *)o->experiment.set, count + 1, sizeof *grown);
    if (!grown)
        return 4;
    grown[count] = value;
    o->experiment.set = grown;
    o->experiment.set_count = count + 1;
    return 0;
}

static int set_count(struct cli_options *o, const struct option_desc *d, const char *value)
{
    int64_t count;
    if (!orl_int64_parse(value, strlen(value), &count) || count < 0)
        return bad_value(d, value, "a whole number from 0");
    memcpy((char *)o + d->offset, &count, sizeof count);
    return 0;
}

static int set_contact(struct cli_options *o, const struct option_desc *d, const char *value)
{
    const char *x = strchr(value, 'x');
    int64_t columns, rows;
    if (!x || !orl_int64_parse(value, (size_t)(x - value), &columns) ||
        !orl_int64_parse(x + 1, strlen(x + 1), &rows) || columns < 1 || columns > 20 || rows < 1 ||
        rows > 20)
        return bad_value(d, value, "columns and rows from 1 to 20, such as 4x3");
    o->columns = (int)columns;
    o->rows = (int)rows;
    if (!(d->commands & CLI_RENDER))
        return 0;
    free(o->contact);
    o->contact = orl_asprintf("output.contact=%s", value);
    return o->contact ? add_set(o, d, o->contact) : 4;
}

static int set_timeout(struct cli_options *o, const struct option_desc *d, const char *value)
{
    double seconds;
    if (!orl_double_parse(value, strlen(value), &seconds) || !(seconds > 0) || isinf(seconds))
        return bad_value(d, value, "seconds above 0");
    o->batch.timeout_s = seconds;
    return 0;
}

static int set_output(struct cli_options *o, const struct option_desc *d, const char *value)
{
    o->output = value;
    return *value ? 0 : bad_value(d, value, "a folder");
}

static int set_text(struct cli_options *o, const struct option_desc *d, const char *value)
{
    memcpy((char *)o + d->offset, &value, sizeof value);
    return 0;
}

static int set_flag(struct cli_options *o, const struct option_desc *d, const char *value)
{
    const bool on = true;
    (void)value;
    memcpy((char *)o + d->offset, &on, sizeof on);
    return 0;
}

static int refuse(struct cli_options *o, const struct option_desc *d, const char *value)
{
    (void)o, (void)value;
    return orl_cli_usage(NULL, "--%s is not supported yet", d->name);
}

#define AT(member) offsetof(struct cli_options, member)

static const struct option_desc option_descs[] = {
    {"output", 'o', "DIR", MAKE, set_output, "output folder (default: output/<experiment>)", 0},
    {"output", 'o', "FILE", CLI_FILM, set_output,
     "the film, such as runs.mp4; - is standard output", 0},
    {"output", 'o', "FILE", CLI_FRAME, set_output,
     "the still: .png, .svg or .pdf; - is standard output", 0},
    {"film", 0, "NAME", CLI_FRAME, set_text, "which film; needed where the experiment has several",
     AT(film)},
    {"frame", 0, "N", CLI_FRAME, set_count, "its frame number N, from 0, at the film's own rate",
     AT(frame)},
    {"step", 0, "N", CLI_FRAME, set_count, "the first frame that shows step N or a later one",
     AT(step)},
    {"contact", 0, "COLUMNSxROWS", CLI_FRAME, set_contact,
     "in place of one frame, a sheet of frames from the first step to the last", 0},
    {"contact", 0, "COLUMNSxROWS", CLI_RENDER | CLI_CHECK, set_contact,
     "beside each film a contact sheet: frames from the first step to the last", 0},
    {"model", 0, "FORMULA", CLI_FILM, set_text,
     "whose parameters are columns of the traces: a fit, losses, the surface", AT(traces.model)},
    {"data", 0, "FILE.csv", CLI_FILM, set_text,
     "the data of the model; without it the model is an objective", AT(traces.data)},
    {"response", 0, "FORMULA", CLI_FILM, set_text,
     "what the model should meet: a column of the data (default: y)", AT(traces.response)},
    {"panels", 0, "LIST", CLI_FILM, set_text,
     "panels, such as fit,loss,parameters (default: what the traces can feed)", AT(traces.panels)},
    {"theme", 0, "NAME", CLI_FILM, set_text, "light, dark or print", AT(traces.theme)},
    {"jobs", 'j', "N", MAKE | CLI_CHECK, set_jobs, "worker processes (default: one per core)", 0},
    {"only", 0, "GLOB", PLAN, set_text, "only runs and films whose name matches",
     AT(experiment.only)},
    {"formats", 0, "LIST", CLI_RENDER | CLI_CHECK | CLI_FILM, set_text,
     "output formats, such as mp4,gif", AT(experiment.formats)},
    {"formats", 0, "NAME", CLI_FRAME, set_text, "png, svg or pdf, whatever the file is called",
     AT(experiment.formats)},
    {"preset", 0, "NAME", CLI_RENDER | CLI_CHECK | CLI_FILM | CLI_FRAME, set_text,
     "output preset, in place of the file's preset, size, rate and format settings",
     AT(experiment.preset)},
    {"set", 0, "KEY=VALUE", PLAN | CLI_FRAME, add_set,
     "change a value of the experiment, such as optimizers.sgd.learning_rate=0.1", 0},
    {"force", 0, NULL, MAKE | CLI_FILM, set_flag,
     "remake everything, whatever is there; override the estimates", AT(batch.force)},
    {"strict", 0, NULL, MAKE, set_flag, "a warning or a diverged run fails", AT(batch.strict)},
    {"strict", 0, NULL, CLI_FRAME, set_flag, "a warning fails", AT(batch.strict)},
    {"fail-fast", 0, NULL, MAKE, set_flag, "start nothing more after the first failure",
     AT(batch.fail_fast)},
    {"timeout", 0, "SECONDS", MAKE, set_timeout, "longest time of a unit of work", 0},
    {"wait", 0, NULL, MAKE, set_flag, "wait for an output folder that is in use", AT(batch.wait)},
    {"progress", 0, "auto|always|never|json", MAKE | CLI_FILM, set_progress,
     "how progress is shown", 0},
    {"quiet", 'q', NULL, MAKE | CLI_FILM | CLI_FRAME, set_flag, "no progress and no closing line",
     AT(batch.quiet)},
    {"verbose", 'v', NULL, MAKE | CLI_FILM, set_flag, "say more", AT(batch.verbose)},
    {"json", 0, NULL, CLI_LIST, set_flag, "as JSON", AT(json)},
    {"shard", 0, "K/N", MAKE, refuse, NULL, 0},
    {"engine", 0, "local|slurm", MAKE, refuse, NULL, 0},
    {"help", 'h', NULL, ALL, set_flag, "this help", AT(help)},
    {"version", 0, NULL, ALL, set_flag, "the version", AT(version)},
};

void orl_cli_print_options(enum cli_command command)
{
    for (size_t i = 0; i < ORL_COUNT(option_descs); i++) {
        const struct option_desc *d = &option_descs[i];
        char name[64];
        if (!(d->commands & (int)command) || !d->description)
            continue;
        snprintf(name, sizeof name, "--%s%s%s", d->name, d->argument ? " " : "",
                 d->argument ? d->argument : "");
        printf("  %c%c%c %-34s %s\n", d->letter ? '-' : ' ', d->letter ? d->letter : ' ',
               d->letter ? ',' : ' ', name, d->description);
    }
    if (command & (MAKE | CLI_FRAME))
        printf("      %-34s %s\n", "--max-… N", "a limit on input; see: optreel help limits");
}

static int set_limit(struct cli_options *o, const struct orl_limit_desc *d, const char *value)
{
    int64_t number;
    if (!orl_int64_parse(value, strlen(value), &number) || number < 0)
        return orl_cli_usage(NULL, "--%s takes a whole number, not '%s'", d->option, value);
    uint64_t limit = (uint64_t)number;
    memcpy((char *)&o->limits + d->offset, &limit, sizeof limit);
    return 0;
}

static int unknown_option(enum cli_command command, const char *name)
{
    const char *names[ORL_COUNT(option_descs) + 64];
    size_t count = 0;
    for (size_t i = 0; i < ORL_COUNT(option_descs); i++)
        if (option_descs[i].commands & (int)command && option_descs[i].description)
            names[count++] = option_descs[i].name;
    for (const struct orl_limit_desc *d = orl_limit_descs;
         d->option && count + 1 < ORL_COUNT(names); d++)
        names[count++] = d->option;
    names[count] = NULL;
    const char *near = orl_suggest(name, names);
    char *hint =
        near ? orl_asprintf("did you mean '--%s'?", near) : orl_strdup("see: optreel --help");
    int ret = orl_cli_usage(hint, "unknown option '--%s'", name);
    free(hint);
    return ret;
}

static const struct option_desc *find_option(enum cli_command command, const char *name,
                                             char letter)
{
    for (size_t i = 0; i < ORL_COUNT(option_descs); i++) {
        const struct option_desc *d = &option_descs[i];
        if (d->commands & (int)command && (name ? strcmp(d->name, name) == 0 : d->letter == letter))
            return d;
    }
    return NULL;
}

static const struct orl_limit_desc *find_limit(const char *name)
{
    for (const struct orl_limit_desc *d = orl_limit_descs; d->option; d++)
        if (strcmp(d->option, name) == 0)
            return d;
    return NULL;
}

/* --name, --name=value, --name value. *index moves past what was used. */
static int parse_long(enum cli_command command, char **argv, int argc, int *index,
                      struct cli_options *out)
{
    const char *argument = argv[*index] + 2;
    size_t length = strcspn(argument, "=");
    const char *value = argument[length] == '=' ? argument + length + 1 : NULL;
    char *name = orl_strndup(argument, length);
    if (!name)
        return 4;
    const struct option_desc *d = find_option(command, name, 0);
    const struct orl_limit_desc *limit = command & (PLAN | CLI_FRAME) ? find_limit(name) : NULL;
    int ret = 0;
    if (!d && !limit)
        ret = unknown_option(command, name);
    else if (d && !d->argument && value)
        ret = orl_cli_usage(NULL, "--%s takes no value", name);
    else if ((limit || d->argument) && !value && *index + 1 >= argc)
        ret = orl_cli_usage(NULL, "--%s needs a value", name);
    else if ((limit || d->argument) && !value)
        value = argv[++*index];
    if (ret == 0)
        ret = limit ? set_limit(out, limit, value) : d->set(out, d, value);
    free(name);
    return ret;
}

/* -q, -j4, -j 4, -qv. */
static int parse_letters(enum cli_command command, char **argv, int argc, int *index,
                         struct cli_options *out)
{
    for (const char *p = argv[*index] + 1; *p; p++) {
        const struct option_desc *d = find_option(command, NULL, *p);
        if (!d)
            return orl_cli_usage("see: optreel --help", "unknown option '-%c'", *p);
        if (!d->argument) {
            int ret = d->set(out, d, NULL);
            if (ret)
                return ret;
            continue;
        }
        if (!p[1] && *index + 1 >= argc)
            return orl_cli_usage(NULL, "-%c needs a value", *p);
        return d->set(out, d, p[1] ? p + 1 : argv[++*index]);
    }
    return 0;
}

static int add_operand(struct cli_options *out, const char *argument)
{
    size_t capacity = out->operand_count;
    if (!orl_reserve((void **)&out->operands, &capacity, out->operand_count + 1,
                     sizeof *out->operands))
        return orl_cli_usage(NULL, "out of memory");
    out->operands[out->operand_count++] = argument;
    out->operand = out->operands[0];
    return 0;
}

int orl_cli_parse(enum cli_command command, int argc, char **argv, struct cli_options *out)
{
    bool options_end = false;
    *out = (struct cli_options){.frame = -1, .step = -1, .limits = orl_limits_default};
    for (int i = 2; i < argc; i++) {
        const char *argument = argv[i];
        int ret = 0;
        if (!options_end && strcmp(argument, "--") == 0)
            options_end = true;
        else if (!options_end && strncmp(argument, "--", 2) == 0)
            ret = parse_long(command, argv, argc, &i, out);
        else if (!options_end && argument[0] == '-' && argument[1])
            ret = parse_letters(command, argv, argc, &i, out);
        else if (out->operand && command != CLI_FILM)
            ret = orl_cli_usage("one at a time", "'%s' is one name too many", argument);
        else
            ret = add_operand(out, argument);
        if (ret)
            return ret;
    }
    return 0;
}

void orl_cli_options_uninit(struct cli_options *options)
{
    free(options->operands);
    free(options->contact);
    options->operands = NULL;
    free((void *)options->experiment.set);
    options->experiment.set = NULL;
}
