/* optreel film: a film from recorded traces. The runs become an experiment in memory, which takes
 * the road of `optreel render`. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "batch/unit.h"
#include "cli/cli.h"

static int options_check(const struct cli_options *o)
{
    const char *formats = o->experiment.formats;
    if (o->operand_count == 0)
        return orl_cli_usage("such as: optreel film lightning_logs/ -o race.mp4", "which traces?");
    for (size_t i = 0; i < o->operand_count; i++)
        if (strcmp(o->operands[i], "-") == 0)
            return orl_cli_usage("write it to a file first, such as: train.py | tee train.log",
                                 "a log is read from a file or a folder, not from '-'");
    if (!o->output)
        return orl_cli_usage("such as: -o film.mp4", "where to? -o FILE is missing");
    if (formats && strchr(formats, ','))
        return orl_cli_usage(NULL, "a film of traces has one format, not '%s'", formats);
    if (!o->traces.model && (o->traces.data || o->traces.response))
        return orl_cli_usage("such as: --model \"alpha + beta*x\" --data data.csv",
                             "data without a model: --model is missing");
    return 0;
}

/* "some/where/adam.csv" -> "adam". */
static char *stem_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path,
               *dot = strrchr(base, '.');
    return orl_strndup(base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
}

/* The options of the experiment: one format, as the file's name or --formats says, and nothing
 * beside it. */
static int choices_make(const struct cli_options *o, struct orl_experiment_options *choices,
                        struct orl_error *err)
{
    const struct orl_format_desc *format;
    int ret = orl_format_of_file(o->output, o->experiment.formats, NULL, &format, err);
    if (ret != ORL_OK)
        return ret;
    *choices = o->experiment;
    choices->formats = format->name;
    choices->preset = o->experiment.preset ? o->experiment.preset : format->home;
    choices->bare = true;
    choices->only = NULL; /* it chose the runs */
    return ORL_OK;
}

/* What is wrong with the experiment itself came with the options. */
static int fault_code(int ret, const struct orl_messages *messages)
{
    for (size_t i = 0; ret == ORL_EINPUT && i < messages->count; i++) {
        const struct orl_message *m = &messages->items[i];
        if (m->severity == ORL_SEVERITY_ERROR && m->file && strcmp(m->file, ORL_RECORDED_PATH) == 0)
            return ORL_EUSAGE;
    }
    return ret;
}

static int film_make(struct cli_options *o, const struct orl_recorded_request *request,
                     struct orl_messages *messages, struct orl_error *err)
{
    struct orl_experiment_source source = {0};
    struct orl_experiment_options choices;
    struct orl_experiment *experiment = NULL;
    int ret = choices_make(o, &choices, err);
    if (ret == ORL_OK)
        ret = orl_experiment_of_runs(request, &source, messages, err);
    if (ret == ORL_OK)
        ret = fault_code(orl_experiment_load(&source, &choices, &o->limits, messages, &experiment),
                         messages);
    orl_messages_print(messages, stderr);
    size_t told = messages->count;
    o->batch.file = o->output;
    o->batch.program = "/proc/self/exe";
    o->batch.results = stdout;
    o->batch.messages = stderr;
    if (ret == ORL_OK)
        ret = orl_batch_render(&source, &choices, experiment, &o->limits, &o->batch, messages,
                               &o->signal_number, err);
    orl_cli_print_later(messages, told);
    orl_experiment_destroy(&experiment);
    orl_experiment_source_uninit(&source);
    return ret;
}

/* Keep the runs that --only names; how many there are. */
static size_t runs_choose(const struct cli_options *o, struct orl_recorded_run *runs)
{
    size_t kept = 0;
    if (!o->traces.model) /* logs: their own names count */
        return o->operand_count;
    for (size_t i = 0; i < o->operand_count; i++)
        if (!o->experiment.only || orl_glob_match(o->experiment.only, runs[i].name))
            runs[kept++] = runs[i];
    return kept;
}

static int command_film(struct cli_options *o)
{
    struct orl_messages messages = {0};
    struct orl_error err = {0};
    int code = options_check(o), ret = ORL_OK;
    if (code)
        return code;
    char **stems = orl_calloc(o->operand_count, sizeof *stems);
    struct orl_recorded_run *runs = orl_calloc(o->operand_count, sizeof *runs);
    if (!stems || !runs)
        ret = orl_fail_memory(&err);
    for (size_t i = 0; ret == ORL_OK && i < o->operand_count; i++) {
        stems[i] = stem_of(o->operands[i]);
        runs[i] = (struct orl_recorded_run){stems[i], stems[i], o->operands[i]};
        if (!stems[i])
            ret = orl_fail_memory(&err);
    }
    struct orl_recorded_request request = o->traces;
    request.runs = runs;
    request.run_count = ret == ORL_OK ? runs_choose(o, runs) : 0;
    request.limits = &o->limits;
    request.step = o->logs.step;
    request.loss = o->logs.loss;
    request.columns = o->logs.columns;
    request.only = o->experiment.only;
    if (ret == ORL_OK && request.run_count == 0)
        ret = orl_fail(&err, ORL_EUSAGE, "no run is called '%s'", o->experiment.only);
    if (ret == ORL_OK)
        ret = film_make(o, &request, &messages, &err);
    orl_cli_print_error(ret, &err);
    for (size_t i = 0; stems && i < o->operand_count; i++)
        free(stems[i]);
    free(stems);
    free(runs);
    orl_messages_uninit(&messages);
    if (ret == ORL_OK && strcmp(o->output, "-") != 0)
        orl_cli_open(o, NULL, o->output);
    return orl_exit_code(ret);
}

#define TEXT(member) orl_cli_set_text, .offset = offsetof(struct cli_options, member)
#define FLAG(member) orl_cli_set_flag, .offset = offsetof(struct cli_options, member)

static const struct cli_option film_options[] = {
    {"output", 'o', "FILE", CLI_VALUES_FILE, TEXT(output),
     .description = "the film, such as runs.mp4; - is standard output"},
    {"model", .argument = "FORMULA", .set = TEXT(traces.model),
     .description = "whose parameters are columns of the traces: a fit, losses, the surface"},
    {"data", .argument = "FILE.csv", .value = CLI_VALUES_FILE, .set = TEXT(traces.data),
     .description = "the data of the model; without it the model is an objective"},
    {"response", .argument = "FORMULA", .set = TEXT(traces.response),
     .description = "what the model should meet: a column of the data (default: y)"},
    {"panels", .argument = "LIST", .value = CLI_VALUES_PANEL, .set = TEXT(traces.panels),
     .description = "panels, such as fit,loss,parameters (default: what the traces can feed)"},
    {"title", .argument = "TEXT", .set = TEXT(traces.title),
     .description = "what the film is called (default: the file's name, or how many there are)"},
    {"pace", .argument = "NAME", .set = TEXT(traces.pace),
     .description = "how time follows the steps: linear, log, motion (default: log)"},
    {"length", .argument = "SECONDS", .set = TEXT(traces.length),
     .description = "of the film, holds included (default: 10)"},
    {"axes", .argument = "SETTINGS", .set = TEXT(traces.axes),
     .description = "settings of panels, as in an experiment file: \"loss: {scale: linear}\""},
    {"step", .argument = "COLUMN", .set = TEXT(logs.step),
     .description = "the column that counts the steps (default: step, epoch and the like)"},
    {"loss", .argument = "COLUMN", .set = TEXT(logs.loss),
     .description = "the column that is the loss (default: loss, train_loss and the like)"},
    {"columns", .argument = "LIST", .set = TEXT(logs.columns),
     .description = "these columns beside the loss and no others, with * and ?"},
    {"smooth", .argument = "N", .set = TEXT(traces.smooth),
     .description = "a mean over N points, drawn over the losses"},
    {"theme", .argument = "NAME", .value = CLI_VALUES_THEME, .set = TEXT(traces.theme),
     .description = "light, dark or print"},
    {"force", .set = FLAG(batch.force), .description = "override the estimates"},
    {"strict", .set = FLAG(batch.strict), .description = "a warning or a diverged run fails"},
    {0},
};

extern const struct cli_command orl_command_film;
const struct cli_command orl_command_film = {
    .name = "film",
    .usage = "LOG... -o FILE [options]",
    .summary = "a film from training logs and recorded traces",
    .help = "A film of what other programs recorded: training logs of any known kind, files and "
            "folders.\nAll runs that are found share their axes: losses of training and of "
            "validation together,\nlearning rates and other columns beside them. See: optreel help "
            "logs.\n\n"
            "  optreel film lightning_logs/ runs/ -o race.mp4\n\n"
            "With --model the columns of a CSV file that are its parameters are taken for those, "
            "losses\nthat are missing are computed, and with --data the fit is shown, too:\n\n"
            "  optreel film torch.csv -o torch.mp4 --model \"alpha + beta*x\" --data points.csv\n"
            "\nFILE is .mp4, .gif, .png or another format's; - is standard output.",
    .operands = CLI_ANY_NUMBER,
    .operand = CLI_VALUES_FILE,
    .limits = true,
    .options = {film_options, orl_cli_choose, orl_cli_change, orl_cli_formats, orl_cli_show,
                orl_cli_talk},
    .run = command_film,
};
