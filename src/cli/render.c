/* optreel render, run and check. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"
#include "encode/tables.h"
#include "optreel/scene.h"

char *orl_cli_folder(const struct cli_options *options, const char *experiment)
{
    return options->output ? orl_strdup(options->output) : orl_asprintf("output/%s", experiment);
}

/* The file of this very program, for the workers. */
static char *own_program(void)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    return length > 0 && (size_t)length < sizeof path ? orl_strndup(path, (size_t)length)
                                                      : orl_strdup("/proc/self/exe");
}

int orl_cli_load(struct cli_options *options, struct orl_experiment_source *source,
                 struct orl_messages *messages, struct orl_experiment **experiment)
{
    if (!options->operand)
        return orl_cli_usage("an experiment file, or a built-in one: optreel list experiments",
                             "which experiment?"),
               ORL_EUSAGE;
    int ret = orl_experiment_read(options->operand, &options->limits, source, messages);
    if (ret == ORL_OK)
        ret = orl_experiment_load(source, &options->experiment, &options->limits, messages,
                                  experiment);
    return ret;
}

void orl_cli_print_error(int code, const struct orl_error *err)
{
    struct orl_text text = {0};
    if (!err->text[0])
        return;
    orl_text_escape_terminal(&text, err->text, strlen(err->text));
    fprintf(stderr, "optreel: error: %s\n", text.data ? text.data : "");
    if (code == ORL_EBUG)
        fputs("    hint: this is a bug in optreel; please report it\n", stderr);
    orl_text_uninit(&text);
}

/* Words that a shell would break are quoted, so that the report's command can be pasted. */
static void append_word(struct orl_text *text, const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=,:@%+";
    orl_text_putc(text, ' ');
    if (*word && strspn(word, plain) == strlen(word)) {
        orl_text_puts(text, word);
        return;
    }
    orl_text_putc(text, '\'');
    for (const char *p = word; *p; p++)
        if (*p == '\'')
            orl_text_puts(text, "'\\''");
        else
            orl_text_putc(text, *p);
    orl_text_putc(text, '\'');
}

static void append_option(struct orl_text *text, const char *option, const char *value)
{
    if (!value)
        return;
    append_word(text, option);
    append_word(text, value);
}

/* The command that makes the same again: what decides the result, not where it goes or how fast.
 * Folders of the experiment's path are left out: they say nothing to others. */
static char *repeat_command(const struct cli_options *options, bool runs_only)
{
    struct orl_text text = {0};
    const char *slash = strrchr(options->operand, '/');
    orl_text_puts(&text, runs_only ? "optreel run" : "optreel render");
    append_word(&text, slash ? slash + 1 : options->operand);
    append_option(&text, "--only", options->experiment.only);
    append_option(&text, "--formats", options->experiment.formats);
    append_option(&text, "--preset", options->experiment.preset);
    for (size_t i = 0; i < options->experiment.set_count; i++)
        append_option(&text, "--set", options->experiment.set[i]);
    return orl_text_take(&text);
}

int orl_cli_render(struct cli_options *options, bool runs_only, int *signal_number)
{
    struct orl_experiment_source source = {0};
    struct orl_messages messages = {0};
    struct orl_experiment *experiment = NULL;
    struct orl_error err = {0};
    char *folder = NULL, *program = NULL, *command = NULL;
    options->experiment.runs_only = runs_only;
    int ret = orl_cli_load(options, &source, &messages, &experiment);
    orl_messages_print(&messages, stderr);
    size_t told = messages.count;
    if (ret == ORL_OK) {
        folder = orl_cli_folder(options, experiment->name);
        program = own_program();
        command = repeat_command(options, runs_only);
        options->batch.folder = folder;
        options->batch.program = program;
        options->batch.command = command;
        options->batch.results = stdout;
        options->batch.messages = stderr;
        ret = folder && program && command
                  ? orl_batch_render(&source, &options->experiment, experiment, &options->limits,
                                     &options->batch, &messages, signal_number, &err)
                  : orl_fail_memory(&err);
        for (size_t i = told; i < messages.count; i++)
            fprintf(stderr, "optreel: warning: %s\n", messages.items[i].text);
        orl_cli_print_error(ret, &err);
    }
    free(folder);
    free(program);
    free(command);
    orl_experiment_destroy(&experiment);
    orl_experiment_source_uninit(&source);
    orl_messages_uninit(&messages);
    return orl_exit_code(ret);
}

static void print_size(const char *what, uint64_t bytes)
{
    printf("%s about %.1f %s\n", what, (double)bytes / (bytes < 1000000 ? 1e3 : 1e6),
           bytes < 1000000 ? "kB" : "MB");
}

static void print_plan(const struct orl_experiment *experiment, unsigned jobs)
{
    struct orl_estimate estimate;
    printf("%s: %s\n\nruns (%zu)\n", experiment->name, experiment->title, experiment->run_count);
    for (size_t i = 0; i < experiment->run_count; i++)
        printf("  %-36s %lld steps%s%s\n", experiment->runs[i].name,
               (long long)experiment->runs[i].steps, *experiment->runs[i].details ? ", " : "",
               experiment->runs[i].details);
    printf("\nfilms (%zu)\n", experiment->film_count);
    for (size_t f = 0; f < experiment->film_count; f++) {
        const struct orl_film_plan *film = &experiment->films[f];
        printf("  %-36s %zu run%s, %.4g s:", film->name, film->run_count,
               film->run_count == 1 ? "" : "s", film->length_s);
        for (size_t o = 0; o < film->output_count; o++) {
            const struct orl_output_plan *output = &film->outputs[o];
            if (output->poster || output->sidecar)
                printf(" %s", output->path);
            else
                printf(" %s %dx%d %.4g fps %zu frames;", output->format->name, output->width,
                       output->height, (double)output->fps_num / output->fps_den,
                       orl_film_frame_count(film->length_s, output->fps_num, output->fps_den));
        }
        putchar('\n');
    }
    orl_batch_estimate(experiment, jobs, &estimate);
    printf("\n%llu frames in all;", (unsigned long long)estimate.frames);
    print_size(" on the disk", estimate.disk);
    print_size("memory of all workers", estimate.memory);
}

int orl_cli_check(struct cli_options *options)
{
    struct orl_experiment_source source = {0};
    struct orl_messages messages = {0};
    struct orl_experiment *experiment = NULL;
    int ret = orl_cli_load(options, &source, &messages, &experiment);
    orl_messages_print(&messages, stderr);
    if (ret == ORL_OK)
        print_plan(experiment, options->batch.jobs);
    orl_experiment_destroy(&experiment);
    orl_experiment_source_uninit(&source);
    orl_messages_uninit(&messages);
    return orl_exit_code(ret);
}
