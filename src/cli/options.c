/* Options that several subcommands take: their rows, and what takes their values. */
#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "cli/cli.h"

int orl_cli_refuse_value(const struct cli_option *option, const char *value, const char *wanted)
{
    return orl_cli_usage(NULL, "--%s takes %s, not '%s'", option->name, wanted, value);
}

int orl_cli_set_text(struct cli_options *options, const struct cli_option *option,
                     const char *value)
{
    memcpy((char *)options + option->offset, &value, sizeof value);
    return *value ? 0 : orl_cli_usage(NULL, "--%s is empty", option->name);
}

int orl_cli_set_flag(struct cli_options *options, const struct cli_option *option,
                     const char *value)
{
    const bool on = true;
    (void)value;
    memcpy((char *)options + option->offset, &on, sizeof on);
    return 0;
}

int orl_cli_set_count(struct cli_options *options, const struct cli_option *option,
                      const char *value)
{
    int64_t count;
    if (!orl_int64_parse(value, strlen(value), &count) || count < 0)
        return orl_cli_refuse_value(option, value, "a whole number from 0");
    memcpy((char *)options + option->offset, &count, sizeof count);
    return 0;
}

int orl_cli_set_sheet(struct cli_options *options, const struct cli_option *option,
                      const char *value)
{
    const char *x = strchr(value, 'x');
    int64_t columns, rows;
    if (!x || !orl_int64_parse(value, (size_t)(x - value), &columns) ||
        !orl_int64_parse(x + 1, strlen(x + 1), &rows) || columns < 1 || columns > 20 || rows < 1 ||
        rows > 20)
        return orl_cli_refuse_value(option, value, "columns and rows from 1 to 20, such as 4x3");
    options->columns = (int)columns;
    options->rows = (int)rows;
    return 0;
}

static int option_set_jobs(struct cli_options *options, const struct cli_option *option,
                           const char *value)
{
    int64_t jobs;
    if (!orl_int64_parse(value, strlen(value), &jobs) || jobs < 1 || jobs > 1024)
        return orl_cli_refuse_value(option, value, "a number from 1 to 1024");
    options->batch.jobs = (unsigned)jobs;
    return 0;
}

static int option_set_progress(struct cli_options *options, const struct cli_option *option,
                               const char *value)
{
    static const char *const names[] = {"auto", "always", "never", "json"};
    for (size_t i = 0; i < ORL_COUNT(names); i++)
        if (strcmp(value, names[i]) == 0) {
            options->batch.progress = (enum orl_progress)i;
            return 0;
        }
    return orl_cli_refuse_value(option, value, "auto, always, never or json");
}

static int option_add_set(struct cli_options *options, const struct cli_option *option,
                          const char *value)
{
    if (!strchr(value, '=') || *value == '=')
        return orl_cli_refuse_value(option, value, "KEY=VALUE");
    size_t count = options->experiment.set_count;
    const char **grown =
        orl_realloc_array((void *)options->experiment.set, count + 1, sizeof *grown);
    if (!grown)
        return 4;
    grown[count] = value;
    options->experiment.set = grown;
    options->experiment.set_count = count + 1;
    return 0;
}

/* The sheet as a setting of the experiment. */
static int option_set_contact(struct cli_options *options, const struct cli_option *option,
                              const char *value)
{
    int ret = orl_cli_set_sheet(options, option, value);
    if (ret)
        return ret;
    free(options->contact);
    options->contact = orl_asprintf("output.contact=%s", value);
    return options->contact ? option_add_set(options, option, options->contact) : 4;
}

static int option_set_timeout(struct cli_options *options, const struct cli_option *option,
                              const char *value)
{
    double seconds;
    if (!orl_double_parse(value, strlen(value), &seconds) || !(seconds > 0) || isinf(seconds))
        return orl_cli_refuse_value(option, value, "seconds above 0");
    options->batch.timeout_s = seconds;
    return 0;
}

int orl_cli_set_tolerance(struct cli_options *options, const struct cli_option *option,
                          const char *value)
{
    double tolerance;
    if (!orl_double_parse(value, strlen(value), &tolerance) || !(tolerance >= 0.0) ||
        tolerance >= 1.0)
        return orl_cli_refuse_value(option, value, "a number from 0, below 1, such as 1e-6");
    options->batch.tolerance = tolerance > 0.0 ? tolerance : DBL_MIN;
    return 0;
}

/* K/N, or what the variables of an array job say. */
static int option_set_shard(struct cli_options *options, const struct cli_option *option,
                            const char *value)
{
    const char *slash = strchr(value, '/'), *system;
    struct orl_error err = {0};
    int64_t index, count;
    if (strcmp(value, "auto") == 0) {
        if (orl_shard_from_environment(&options->batch.shard, &system, &err) != ORL_OK)
            return orl_cli_usage(NULL, "%s", err.text);
        fprintf(stderr, "optreel: shard %zu of %zu, from %s\n", options->batch.shard.index,
                options->batch.shard.count, system);
        return 0;
    }
    if (!slash || !orl_int64_parse(value, (size_t)(slash - value), &index) ||
        !orl_int64_parse(slash + 1, strlen(slash + 1), &count) || count < 1 ||
        count > ORL_SHARDS_MAX || index < 1 || index > count)
        return orl_cli_refuse_value(option, value, "K/N with K from 1 to N, or auto");
    options->batch.shard = (struct orl_shard){.index = (size_t)index, .count = (size_t)count};
    return 0;
}

#define TEXT(member) orl_cli_set_text, .offset = offsetof(struct cli_options, member)
#define FLAG(member) orl_cli_set_flag, .offset = offsetof(struct cli_options, member)

const struct cli_option orl_cli_common[] = {
    {"help", 'h', .set = FLAG(help), .description = "this help"},
    {"version", .set = FLAG(version), .description = "the version"},
    {0},
};

const struct cli_option orl_cli_choose[] = {
    {"only", .argument = "GLOB", .set = TEXT(experiment.only),
     .description = "only runs and films whose name matches"},
    {"jobs", 'j', "N", .set = option_set_jobs, .stays = true,
     .description = "worker processes (default: one per core)"},
    {0},
};

const struct cli_option orl_cli_change[] = {
    {"set", .argument = "KEY=VALUE", .set = option_add_set,
     .description = "change a value of the experiment, such as optimizers.sgd.learning_rate=0.1"},
    {"allow-outside", .set = FLAG(experiment.allow_outside),
     .description = "the experiment may name files that lie outside of its folder"},
    {0},
};

const struct cli_option orl_cli_formats[] = {
    {"formats", .argument = "LIST", .value = CLI_VALUES_FORMAT, .set = TEXT(experiment.formats),
     .description = "output formats, such as mp4,gif"},
    {"preset", .argument = "NAME", .value = CLI_VALUES_PRESET, .set = TEXT(experiment.preset),
     .description =
         "output preset, in place of the file's preset, formats, sizes, rates and settings"},
    {0},
};

const struct cli_option orl_cli_sheets[] = {
    {"contact", .argument = "COLUMNSxROWS", .set = option_set_contact,
     .description = "beside each film a contact sheet: frames from the first step to the last"},
    {0},
};

const struct cli_option orl_cli_make[] = {
    {"output", 'o', "DIR", CLI_VALUES_FOLDER, TEXT(output), .stays = true,
     .description = "output folder (default: output/<experiment>)"},
    {"force", .set = FLAG(batch.force),
     .description = "remake everything, whatever is there; override the estimates"},
    {"measure", .set = FLAG(batch.measure),
     .description = "decode every film again and tell how near it is to its frames (SSIM, PSNR)"},
    {"fail-fast", .set = FLAG(batch.fail_fast),
     .description = "start nothing more after the first failure"},
    {"timeout", .argument = "SECONDS", .set = option_set_timeout,
     .description = "longest time of a unit of work"},
    {"wait", .set = FLAG(batch.wait), .stays = true,
     .description = "wait for an output folder that is in use"},
    {"shard", .argument = "K/N|auto", .set = option_set_shard,
     .description = "make the K-th of N shares alone; optreel join puts them together"},
    {"prune", .set = FLAG(batch.prune),
     .description = "remove files that the experiment no longer makes"},
    {"deps", .argument = "FILE", .value = CLI_VALUES_FILE, .set = TEXT(batch.deps),
     .description = "write a make rule: all outputs : all inputs"},
    {0},
};

const struct cli_option orl_cli_judge[] = {
    {"strict", .set = FLAG(batch.strict), .description = "a warning or a diverged run fails"},
    {"junit", .argument = "FILE", .value = CLI_VALUES_FILE, .set = TEXT(batch.junit),
     .description = "write a JUnit file: a test for each run, film file and expectation"},
    {"baseline", .argument = "SUMMARY.json", .value = CLI_VALUES_FILE, .set = TEXT(batch.baseline),
     .description = "expect what another time gave: numbers within --tolerance, ranks, statuses"},
    {"tolerance", .argument = "REL", .set = orl_cli_set_tolerance,
     .description = "of numbers against another time's, relative to the larger; default: 1e-9"},
    {0},
};

const struct cli_option orl_cli_show[] = {
    {"open", .set = FLAG(open), .description = "show what was made when it is done (xdg-open)"},
    {0},
};

const struct cli_option orl_cli_talk[] = {
    {"progress", .argument = "auto|always|never|json", .value = CLI_VALUES_CHOICE,
     .set = option_set_progress, .description = "how progress is shown"},
    {"quiet", 'q', .set = FLAG(batch.quiet), .description = "no progress and no closing line"},
    {"verbose", 'v', .set = FLAG(batch.verbose), .description = "say more"},
    {0},
};

const struct cli_option *orl_cli_option_at(const struct cli_command *command, size_t index)
{
    for (size_t g = 0; g <= CLI_GROUPS; g++) {
        const struct cli_option *group = g < CLI_GROUPS ? command->options[g] : NULL;
        bool last = !group;
        for (group = last ? orl_cli_common : group; group->name; group++)
            if (index-- == 0)
                return group;
        if (last)
            break;
    }
    return NULL;
}

const struct cli_option *orl_cli_option_find(const struct cli_command *command, const char *name,
                                             char letter)
{
    const struct cli_option *option;
    for (size_t i = 0; (option = orl_cli_option_at(command, i)) != NULL; i++)
        if (name ? strcmp(option->name, name) == 0 : option->letter == letter)
            return option;
    return NULL;
}
