#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "cli/cli.h"

enum option_id {
    OPTION_OUTPUT,
    OPTION_JOBS,
    OPTION_ONLY,
    OPTION_FORMATS,
    OPTION_PRESET,
    OPTION_SET,
    OPTION_FORCE,
    OPTION_STRICT,
    OPTION_FAIL_FAST,
    OPTION_TIMEOUT,
    OPTION_WAIT,
    OPTION_QUIET,
    OPTION_VERBOSE,
    OPTION_PROGRESS,
    OPTION_JSON,
    OPTION_FILM,
    OPTION_FRAME,
    OPTION_STEP,
    OPTION_CONTACT,
    OPTION_MODEL,
    OPTION_DATA,
    OPTION_RESPONSE,
    OPTION_PANELS,
    OPTION_THEME,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_LATER, /* of the contract, not there yet */
};

struct option_desc {
    const char *name; /* without the dashes; NULL where only a letter exists */
    char letter;      /* 0 where only a name exists */
    const char *argument;
    int commands; /* which subcommands take it */
    enum option_id id;
    const char *description;
};

enum { MAKE = CLI_RENDER | CLI_RUN, PLAN = CLI_RENDER | CLI_RUN | CLI_CHECK, ALL = 511 };

static const struct option_desc option_descs[] = {
    {"output", 'o', "DIR", MAKE, OPTION_OUTPUT, "output folder (default: output/<experiment>)"},
    {"output", 'o', "FILE", CLI_FILM, OPTION_OUTPUT, "the film, such as runs.mp4; - is standard output"},
    {"output", 'o', "FILE", CLI_FRAME, OPTION_OUTPUT, "the still: .png, .svg or .pdf; - is standard output"},
    {"film", 0, "NAME", CLI_FRAME, OPTION_FILM, "which film; needed where the experiment has several"},
    {"frame", 0, "N", CLI_FRAME, OPTION_FRAME, "its frame number N, from 0, at the film's own rate"},
    {"step", 0, "N", CLI_FRAME, OPTION_STEP, "the first frame that shows step N or a later one"},
    {"contact", 0, "COLUMNSxROWS", CLI_FRAME, OPTION_CONTACT,
     "in place of one frame, a sheet of frames from the first step to the last"},
    {"contact", 0, "COLUMNSxROWS", CLI_RENDER | CLI_CHECK, OPTION_CONTACT,
     "beside each film a contact sheet: frames from the first step to the last"},
    {"model", 0, "FORMULA", CLI_FILM, OPTION_MODEL, "whose parameters are columns of the traces: a fit, losses, the surface"},
    {"data", 0, "FILE.csv", CLI_FILM, OPTION_DATA, "the data of the model; without it the model is an objective"},
    {"response", 0, "FORMULA", CLI_FILM, OPTION_RESPONSE, "what the model should meet: a column of the data (default: y)"},
    {"panels", 0, "LIST", CLI_FILM, OPTION_PANELS, "panels, such as fit,loss,parameters (default: what the traces can feed)"},
    {"theme", 0, "NAME", CLI_FILM, OPTION_THEME, "light, dark or print"},
    {"jobs", 'j', "N", MAKE | CLI_CHECK, OPTION_JOBS, "worker processes (default: one per core)"},
    {"only", 0, "GLOB", PLAN, OPTION_ONLY, "only runs and films whose name matches"},
    {"formats", 0, "LIST", CLI_RENDER | CLI_CHECK | CLI_FILM, OPTION_FORMATS, "output formats, such as mp4,gif"},
    {"formats", 0, "NAME", CLI_FRAME, OPTION_FORMATS, "png, svg or pdf, whatever the file is called"},
    {"preset", 0, "NAME", CLI_RENDER | CLI_CHECK | CLI_FILM | CLI_FRAME, OPTION_PRESET,
     "output preset, in place of the file's preset, size, rate and format settings"},
    {"set", 0, "KEY=VALUE", PLAN | CLI_FRAME, OPTION_SET,
     "change a value of the experiment, such as optimizers.sgd.learning_rate=0.1"},
    {"force", 0, NULL, MAKE | CLI_FILM, OPTION_FORCE, "remake everything, whatever is there; override the estimates"},
    {"strict", 0, NULL, MAKE, OPTION_STRICT, "a warning or a diverged run fails"},
    {"strict", 0, NULL, CLI_FRAME, OPTION_STRICT, "a warning fails"},
    {"fail-fast", 0, NULL, MAKE, OPTION_FAIL_FAST, "start nothing more after the first failure"},
    {"timeout", 0, "SECONDS", MAKE, OPTION_TIMEOUT, "longest time of a unit of work"},
    {"wait", 0, NULL, MAKE, OPTION_WAIT, "wait for an output folder that is in use"},
    {"progress", 0, "auto|always|never|json", MAKE | CLI_FILM, OPTION_PROGRESS, "how progress is shown"},
    {"quiet", 'q', NULL, MAKE | CLI_FILM | CLI_FRAME, OPTION_QUIET, "no progress and no closing line"},
    {"verbose", 'v', NULL, MAKE | CLI_FILM, OPTION_VERBOSE, "say more"},
    {"json", 0, NULL, CLI_LIST, OPTION_JSON, "as JSON"},
    {"shard", 0, "K/N", MAKE, OPTION_LATER, NULL},
    {"engine", 0, "local|slurm", MAKE, OPTION_LATER, NULL},
    {"help", 'h', NULL, ALL, OPTION_HELP, "this help"},
    {"version", 0, NULL, ALL, OPTION_VERSION, "the version"},
};

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

void orl_cli_print_options(enum cli_command command)
{
    for (size_t i = 0; i < ORL_COUNT(option_descs); i++) {
        const struct option_desc *d = &option_descs[i];
        char name[64];
        if (!(d->commands & (int)command) || !d->description)
            continue;
        snprintf(name, sizeof name, "--%s%s%s", d->name, d->argument ? " " : "", d->argument ? d->argument : "");
        printf("  %c%c%c %-34s %s\n", d->letter ? '-' : ' ', d->letter ? d->letter : ' ', d->letter ? ',' : ' ', name,
               d->description);
    }
    if (command & (MAKE | CLI_FRAME))
        printf("      %-34s %s\n", "--max-… N", "a limit on input; see: optreel help limits");
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

static int set_count(const struct option_desc *d, const char *value, int64_t *out)
{
    return orl_int64_parse(value, strlen(value), out) && *out >= 0 ? 0 : bad_value(d, value, "a whole number from 0");
}

static int set_contact(struct cli_options *o, const struct option_desc *d, const char *value)
{
    const char *x = strchr(value, 'x');
    int64_t columns, rows;
    if (!x || !orl_int64_parse(value, (size_t)(x - value), &columns) || !orl_int64_parse(x + 1, strlen(x + 1), &rows) ||
        columns < 1 || columns > 20 || rows < 1 || rows > 20)
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

static int apply(struct cli_options *o, const struct option_desc *d, const char *value)
{
    switch (d->id) {
    case OPTION_OUTPUT:
        o->output = value;
        return *value ? 0 : bad_value(d, value, "a folder");
    case OPTION_JOBS:
        return set_jobs(o, d, value);
    case OPTION_ONLY:
        o->experiment.only = value;
        return 0;
    case OPTION_MODEL:
        o->traces.model = value;
        return 0;
    case OPTION_DATA:
        o->traces.data = value;
        return 0;
    case OPTION_RESPONSE:
        o->traces.response = value;
        return 0;
    case OPTION_PANELS:
        o->traces.panels = value;
        return 0;
    case OPTION_THEME:
        o->traces.theme = value;
        return 0;
    case OPTION_FORMATS:
        o->experiment.formats = value;
        return 0;
    case OPTION_PRESET:
        o->experiment.preset = value;
        return 0;
    case OPTION_SET:
        return add_set(o, d, value);
    case OPTION_FORCE:
        o->batch.force = true;
        return 0;
    case OPTION_STRICT:
        o->batch.strict = true;
        return 0;
    case OPTION_FAIL_FAST:
        o->batch.fail_fast = true;
        return 0;
    case OPTION_TIMEOUT:
        return set_timeout(o, d, value);
    case OPTION_WAIT:
        o->batch.wait = true;
        return 0;
    case OPTION_QUIET:
        o->batch.quiet = true;
        return 0;
    case OPTION_VERBOSE:
        o->batch.verbose = true;
        return 0;
    case OPTION_PROGRESS:
        return set_progress(o, d, value);
    case OPTION_JSON:
        o->json = true;
        return 0;
    case OPTION_FILM:
        o->film = value;
        return 0;
    case OPTION_FRAME:
        return set_count(d, value, &o->frame);
    case OPTION_STEP:
        return set_count(d, value, &o->step);
    case OPTION_CONTACT:
        return set_contact(o, d, value);
    case OPTION_HELP:
        o->help = true;
        return 0;
    case OPTION_VERSION:
        o->version = true;
        return 0;
    case OPTION_LATER:
        return orl_cli_usage(NULL, "--%s is not supported yet", d->name);
    }
    return 70;
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
    for (const struct orl_limit_desc *d = orl_limit_descs; d->option && count + 1 < ORL_COUNT(names); d++)
        names[count++] = d->option;
    names[count] = NULL;
    const char *near = orl_suggest(name, names);
    char *hint = near ? orl_asprintf("did you mean '--%s'?", near) : orl_strdup("see: optreel --help");
    int ret = orl_cli_usage(hint, "unknown option '--%s'", name);
    free(hint);
    return ret;
}

static const struct option_desc *find_option(enum cli_command command, const char *name, char letter)
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
static int parse_long(enum cli_command command, char **argv, int argc, int *index, struct cli_options *out)
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
        ret = limit ? set_limit(out, limit, value) : apply(out, d, value);
    free(name);
    return ret;
}

/* -q, -j4, -j 4, -qv. */
static int parse_letters(enum cli_command command, char **argv, int argc, int *index, struct cli_options *out)
{
    for (const char *p = argv[*index] + 1; *p; p++) {
        const struct option_desc *d = find_option(command, NULL, *p);
        if (!d)
            return orl_cli_usage("see: optreel --help", "unknown option '-%c'", *p);
        if (!d->argument) {
            int ret = apply(out, d, NULL);
            if (ret)
                return ret;
            continue;
        }
        if (!p[1] && *index + 1 >= argc)
            return orl_cli_usage(NULL, "-%c needs a value", *p);
        return apply(out, d, p[1] ? p + 1 : argv[++*index]);
    }
    return 0;
}

static int add_operand(struct cli_options *out, const char *argument)
{
    size_t capacity = out->operand_count;
    if (!orl_reserve((void **)&out->operands, &capacity, out->operand_count + 1, sizeof *out->operands))
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
