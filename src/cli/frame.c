/* optreel frame: a still of a film. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "cli/cli.h"

static int frame_options_check(const struct cli_options *o)
{
    int which = (o->frame >= 0) + (o->step >= 0) + (o->columns > 0);
    if (!o->output)
        return orl_cli_usage("such as: -o still.png", "where to? -o FILE is missing");
    if (which == 0)
        return orl_cli_usage("--frame N counts from 0; --step N takes the frame that shows step N; "
                             "--contact 4x3 makes a sheet",
                             "which frame? --frame, --step or --contact is missing");
    if (which > 1)
        return orl_cli_usage(NULL, "--frame, --step and --contact: one of them");
    if (o->experiment.formats && strchr(o->experiment.formats, ','))
        return orl_cli_usage(NULL, "a still has one format, not '%s'", o->experiment.formats);
    return 0;
}

/* The film that --film names, or the only one; -1 after a message. */
static int64_t film_find(const struct orl_experiment *experiment, const char *name)
{
    const char **names = orl_calloc(experiment->film_count + 1, sizeof *names);
    int64_t found = !name && experiment->film_count == 1 ? 0 : -1;
    for (size_t i = 0; names && i < experiment->film_count; i++) {
        names[i] = experiment->films[i].name;
        if (name && strcmp(names[i], name) == 0)
            found = (int64_t)i;
    }
    if (found < 0) {
        char *hint = names ? orl_suggest_hint(name ? name : "", names) : NULL;
        if (name)
            orl_cli_usage(hint, "no film is called '%s'", name);
        else
            orl_cli_usage(hint, "which film? --film NAME is missing");
        free(hint);
    }
    free(names);
    return found;
}

static int frame_make(struct cli_options *options, struct orl_experiment *experiment,
                      const char *format, struct orl_messages *messages)
{
    struct orl_error err = {0};
    int64_t film = film_find(experiment, options->film);
    if (film < 0)
        return ORL_EUSAGE;
    struct orl_frame_request request = {.experiment = experiment,
                                        .film = (size_t)film,
                                        .frame = options->frame,
                                        .step = options->step,
                                        .columns = options->columns,
                                        .rows = options->rows,
                                        .output = options->output,
                                        .format = format,
                                        .limits = &options->limits,
                                        .strict = options->batch.strict,
                                        .results = options->batch.quiet ? NULL : stdout};
    size_t told = messages->count;
    int ret = options->batch.strict && messages->warnings > 0
                  ? orl_fail(&err, ORL_FAIL, "there were warnings, and --strict counts them")
                  : orl_batch_frame(&request, messages, &err);
    orl_cli_print_later(messages, told);
    orl_cli_print_error(ret, &err);
    return ret;
}

static int command_frame(struct cli_options *options)
{
    struct orl_experiment_source source = {0};
    struct orl_messages messages = {0};
    struct orl_experiment *experiment = NULL;
    const char *format = options->experiment.formats;
    int code = frame_options_check(options);
    if (code)
        return code;
    options->experiment.formats = NULL; /* the film keeps its own, and with them its rate */
    int ret = orl_cli_load(options, &source, &messages, &experiment);
    orl_messages_print(&messages, stderr);
    if (ret == ORL_OK)
        ret = frame_make(options, experiment, format, &messages);
    if (ret == ORL_OK && strcmp(options->output, "-") != 0)
        orl_cli_open(options, NULL, options->output);
    orl_experiment_destroy(&experiment);
    orl_experiment_source_uninit(&source);
    orl_messages_uninit(&messages);
    return orl_exit_code(ret);
}

#define TEXT(member)  orl_cli_set_text, .offset = offsetof(struct cli_options, member)
#define COUNT(member) orl_cli_set_count, .offset = offsetof(struct cli_options, member)
#define FLAG(member)  orl_cli_set_flag, .offset = offsetof(struct cli_options, member)

static const struct cli_option frame_options[] = {
    {"output", 'o', "FILE", CLI_VALUES_FILE, TEXT(output),
     .description = "the still: .png, .svg or .pdf; - is standard output"},
    {"film", .argument = "NAME", .set = TEXT(film),
     .description = "which film; needed where the experiment has several"},
    {"frame", .argument = "N", .set = COUNT(frame),
     .description = "its frame number N, from 0, at the film's own rate"},
    {"step", .argument = "N", .set = COUNT(step),
     .description = "the film at step N, also where its frames pass over it"},
    {"contact", .argument = "COLUMNSxROWS", .set = orl_cli_set_sheet,
     .description = "in place of one frame, a sheet of frames from the first step to the last"},
    {"formats", .argument = "NAME", .value = CLI_VALUES_FORMAT, .set = TEXT(experiment.formats),
     .description = "png, svg or pdf, whatever the file is called"},
    {"preset", .argument = "NAME", .value = CLI_VALUES_PRESET, .set = TEXT(experiment.preset),
     .description =
         "output preset, in place of the file's preset, formats, sizes, rates and settings"},
    {"strict", .set = FLAG(batch.strict), .description = "a warning fails"},
    {"quiet", 'q', .set = FLAG(batch.quiet), .description = "no closing line"},
    {0},
};

extern const struct cli_command orl_command_frame;
const struct cli_command orl_command_frame = {
    .name = "frame",
    .usage = "EXPERIMENT --film NAME (--frame N | --step N | --contact 4x3) -o FILE",
    .summary = "a still of a film: one frame, or a contact sheet",
    .help = "A still of a film, without making the film: the runs that it needs are made, one "
            "frame is\ndrawn. FILE is .png, .svg or .pdf. The names of films: optreel check.",
    .operands = 1,
    .operand = CLI_VALUES_EXPERIMENT,
    .limits = true,
    .options = {frame_options, orl_cli_change, orl_cli_show},
    .needs_media = orl_cli_always,
    .run = command_frame,
};
