/* What happens in a batch as lines of JSON on standard error: --progress json. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "batch/supervisor.h"

static bool is_wanted(const struct batch *batch)
{
    return batch->options->progress == ORL_PROGRESS_JSON && batch->options->messages;
}

static void string_put(struct orl_text *line, const char *key, const char *value)
{
    orl_text_printf(line, ", \"%s\": \"", key);
    orl_text_escape_json(line, value, strlen(value));
    orl_text_putc(line, '"');
}

static void number_put(struct orl_text *line, const char *key, double value)
{
    char number[ORL_NUMBER_SIZE];
    orl_double_short(number, value);
    orl_text_printf(line, ", \"%s\": %s", key, isfinite(value) ? number : "null");
}

/* An event that nobody reads within a second is lost, as every message is. */
static void line_send(struct batch *batch, struct orl_text *line)
{
    orl_text_puts(line, "}\n");
    if (!line->failed)
        batch->deaf = !orl_stream_say(batch->options->messages, line->data, line->length,
                                      batch->deaf ? 0.0 : 1.0);
    orl_text_uninit(line);
}

void orl_event_run(struct batch *batch, size_t run)
{
    static const char *const names[] = {[ORL_STATUS_FINISHED] = "finished",
                                        [ORL_STATUS_CONVERGED] = "converged",
                                        [ORL_STATUS_DIVERGED] = "diverged",
                                        [ORL_STATUS_FAILED] = "failed"};
    const struct orl_run_facts *facts = &batch->runs[run].facts;
    struct orl_text line = {0};
    if (!is_wanted(batch))
        return;
    orl_text_puts(&line, "{\"event\": \"run\"");
    string_put(&line, "name", batch->experiment->runs[run].name);
    string_put(&line, "status", names[facts->status]);
    number_put(&line, "steps", (double)facts->steps);
    number_put(&line, "loss", facts->loss);
    number_put(&line, "seconds", facts->seconds);
    line_send(batch, &line);
}

void orl_event_file(struct batch *batch, const struct output_job *job)
{
    const struct orl_output_plan *output = orl_job_output(batch, job);
    struct orl_text line = {0};
    if (!is_wanted(batch))
        return;
    orl_text_puts(&line, "{\"event\": \"file\"");
    string_put(&line, "film", orl_job_film(batch, job)->name);
    string_put(&line, "format", output->format->name);
    string_put(&line, "path", output->path);
    number_put(&line, "bytes", (double)job->facts.bytes);
    string_put(&line, "sha256", job->facts.sha256);
    number_put(&line, "frames", (double)job->frames);
    orl_text_printf(&line, ", \"cached\": %s", job->state == JOB_CACHED ? "true" : "false");
    line_send(batch, &line);
}

void orl_event_failure(struct batch *batch, const char *what, int code, const char *text)
{
    struct orl_text line = {0};
    if (!is_wanted(batch))
        return;
    orl_text_puts(&line, "{\"event\": \"failure\"");
    string_put(&line, "what", what);
    number_put(&line, "code", orl_exit_code(code));
    string_put(&line, "text", text);
    line_send(batch, &line);
}

void orl_event_end(struct batch *batch, int code)
{
    struct orl_text line = {0};
    if (!is_wanted(batch))
        return;
    orl_text_puts(&line, "{\"event\": \"end\"");
    number_put(&line, "code", orl_exit_code(code));
    number_put(&line, "seconds", orl_clock_s() - batch->start_s);
    line_send(batch, &line);
}
