/* optreel frame: a still of a film. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "cli/cli.h"

static int check_options(const struct cli_options *o)
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
static int64_t find_film(const struct orl_experiment *experiment, const char *name)
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

static int make(struct cli_options *options, struct orl_experiment *experiment, const char *format,
                struct orl_messages *messages)
{
    struct orl_error err = {0};
    int64_t film = find_film(experiment, options->film);
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
    for (size_t i = told; i < messages->count; i++)
        fprintf(stderr, "optreel: warning: %s\n", messages->items[i].text);
    orl_cli_print_error(ret, &err);
    return ret;
}

int orl_cli_frame(struct cli_options *options)
{
    struct orl_experiment_source source = {0};
    struct orl_messages messages = {0};
    struct orl_experiment *experiment = NULL;
    const char *format = options->experiment.formats;
    int code = check_options(options);
    if (code)
        return code;
    options->experiment.formats = NULL; /* the film keeps its own, and with them its rate */
    int ret = orl_cli_load(options, &source, &messages, &experiment);
    orl_messages_print(&messages, stderr);
    if (ret == ORL_OK)
        ret = make(options, experiment, format, &messages);
    orl_experiment_destroy(&experiment);
    orl_experiment_source_uninit(&source);
    orl_messages_uninit(&messages);
    return orl_exit_code(ret);
}
