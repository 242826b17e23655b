/* Progress: the bar, plain lines, JSON lines. */
#include "batch/progress.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"

#define BAR_EVERY_S  0.1
#define LINE_EVERY_S 5.0
enum { BAR_CELLS = 24, RUN_FRAMES = 20 }; /* a run weighs about as much as so many frames */

/* The width of the terminal; COLUMNS counts first, as for other programs. */
static unsigned columns_of(FILE *terminal)
{
    struct winsize size = {0};
    const char *said = getenv("COLUMNS");
    int64_t columns;
    if (said && orl_int64_parse(said, strlen(said), &columns) && columns > 20 && columns < 10000)
        return (unsigned)columns;
    if (ioctl(fileno(terminal), TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
        return size.ws_col;
    return 80;
}

/* A bar needs a line that can be written again: a terminal that is not called dumb. It has no
 * colours, so NO_COLOR asks for nothing. */
static bool takes_bar(FILE *out)
{
    const char *term = getenv("TERM");
    return isatty(fileno(out)) && term && *term && strcmp(term, "dumb") != 0;
}

void orl_progress_start(struct progress *progress, const struct orl_batch_options *options)
{
    *progress = (struct progress){.mode = options->progress, .start_s = orl_clock_s()};
    progress->shown_s = progress->start_s;
    if (!options->messages || options->progress == ORL_PROGRESS_NEVER ||
        (options->quiet && options->progress == ORL_PROGRESS_AUTO))
        return;
    progress->out = options->messages;
    progress->terminal = progress->mode != ORL_PROGRESS_JSON && takes_bar(progress->out);
    progress->columns = progress->terminal ? columns_of(progress->out) : 80;
}

static double share_of(const struct progress_state *s)
{
    double whole = s->frames + RUN_FRAMES * (double)s->runs;
    double done = s->frames_done + RUN_FRAMES * (double)s->runs_done;
    return whole > 0 ? done / whole : 1.0;
}

static void state_describe(const struct progress *progress, const struct progress_state *s,
                           double now, struct orl_text *line)
{
    double share = share_of(s), elapsed = now - progress->start_s;
    if (s->runs)
        orl_text_printf(line, "%3.0f %%  runs %zu/%zu", 100 * share, s->runs_done, s->runs);
    else
        orl_text_printf(line, "%3.0f %%", 100 * share);
    if (s->outputs)
        orl_text_printf(line, "  frames %.0f/%.0f  files %zu/%zu", s->frames_done, s->frames,
                        s->outputs_done, s->outputs);
    if (share > 0.01 && elapsed > 0.5) {
        long left = (long)(elapsed / share * (1 - share) + 0.5);
        orl_text_printf(line, "  ETA %ld:%02ld", left / 60, left % 60);
    }
}

/* A line that nobody reads now is none: the next one tells the same. */
static void line_offer(struct progress *progress, const struct orl_text *line)
{
    if (!line->failed)
        orl_stream_say(progress->out, line->data, line->length, 0.0);
}

static void bar_draw(const struct progress *progress, const struct progress_state *s, double now,
                     struct orl_text *line)
{
    size_t filled = (size_t)(share_of(s) * BAR_CELLS + 0.5);
    orl_text_puts(line, "\r[");
    for (size_t i = 0; i < BAR_CELLS; i++)
        orl_text_putc(line, i < filled ? '#' : '-');
    orl_text_puts(line, "] ");
    state_describe(progress, s, now, line);
    if (line->length > progress->columns) /* the \r takes no column, the last one stays free */
        line->length = progress->columns;
    orl_text_puts(line, "\x1b[K");
}

static void json_write(const struct progress *progress, const struct progress_state *s, double now,
                       struct orl_text *line)
{
    orl_text_printf(line,
                    "{\"event\": \"progress\", \"progress\": %.4f, \"runs\": %zu, \"runs_done\": "
                    "%zu, \"frames\": %.0f, "
                    "\"frames_done\": %.0f, \"files\": %zu, \"files_done\": %zu, "
                    "\"seconds\": %.1f}\n",
                    share_of(s), s->runs, s->runs_done, s->frames, s->frames_done, s->outputs,
                    s->outputs_done, now - progress->start_s);
}

bool orl_progress_due(const struct progress *progress)
{
    double every =
        progress->terminal || progress->mode == ORL_PROGRESS_JSON ? BAR_EVERY_S : LINE_EVERY_S;
    return progress->out && orl_clock_s() - progress->shown_s >= every;
}

void orl_progress_show(struct progress *progress, const struct progress_state *state)
{
    double now = orl_clock_s();
    struct orl_text line = {0};
    if (!orl_progress_due(progress))
        return;
    progress->shown_s = now;
    if (progress->mode == ORL_PROGRESS_JSON) {
        json_write(progress, state, now, &line);
    } else if (progress->terminal) {
        bar_draw(progress, state, now, &line);
        progress->line_open = true;
    } else {
        orl_text_puts(&line, "optreel: ");
        state_describe(progress, state, now, &line);
        orl_text_putc(&line, '\n');
    }
    line_offer(progress, &line);
    orl_text_uninit(&line);
}

void orl_progress_clear(struct progress *progress)
{
    static const char clear[] = "\r\x1b[K";
    if (progress->line_open)
        orl_stream_say(progress->out, clear, sizeof clear - 1, 0.0);
    progress->line_open = false;
}
