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

void orl_progress_start(struct progress *progress, const struct orl_batch_options *options)
{
    struct winsize size = {0};
    const char *term = getenv("TERM");
    *progress = (struct progress){.mode = options->progress, .start_s = orl_clock_s()};
    progress->shown_s = progress->start_s;
    if (!options->messages || options->progress == ORL_PROGRESS_NEVER ||
        (options->quiet && options->progress == ORL_PROGRESS_AUTO))
        return;
    progress->out = options->messages;
    progress->terminal = progress->mode != ORL_PROGRESS_JSON && isatty(fileno(options->messages)) &&
                         term && strcmp(term, "dumb") != 0;
    progress->columns = 80;
    if (progress->terminal && ioctl(fileno(options->messages), TIOCGWINSZ, &size) == 0 &&
        size.ws_col > 20)
        progress->columns = size.ws_col;
}

static double share_of(const struct progress_state *s)
{
    double whole = s->frames + RUN_FRAMES * (double)s->runs;
    double done = s->frames_done + RUN_FRAMES * (double)s->runs_done;
    return whole > 0 ? done / whole : 1.0;
}

static void describe(const struct progress *progress, const struct progress_state *s, double now,
                     struct orl_text *line)
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

static void show_bar(struct progress *progress, const struct progress_state *s, double now)
{
    struct orl_text line = {0};
    size_t filled = (size_t)(share_of(s) * BAR_CELLS + 0.5);
    orl_text_putc(&line, '[');
    for (size_t i = 0; i < BAR_CELLS; i++)
        orl_text_putc(&line, i < filled ? '#' : '-');
    orl_text_puts(&line, "] ");
    describe(progress, s, now, &line);
    if (line.length > progress->columns - 1)
        line.length = progress->columns - 1;
    fprintf(progress->out, "\r%.*s\x1b[K", (int)line.length, line.data ? line.data : "");
    fflush(progress->out);
    progress->line_open = true;
    orl_text_uninit(&line);
}

static void show_json(struct progress *progress, const struct progress_state *s, double now)
{
    fprintf(progress->out,
            "{\"progress\": %.4f, \"runs\": %zu, \"runs_done\": %zu, \"frames\": %.0f, "
            "\"frames_done\": %.0f, \"files\": %zu, "
            "\"files_done\": %zu, \"seconds\": %.1f}\n",
            share_of(s), s->runs, s->runs_done, s->frames, s->frames_done, s->outputs,
            s->outputs_done, now - progress->start_s);
    fflush(progress->out);
}

void orl_progress_show(struct progress *progress, const struct progress_state *state)
{
    double now = orl_clock_s();
    double every =
        progress->terminal || progress->mode == ORL_PROGRESS_JSON ? BAR_EVERY_S : LINE_EVERY_S;
    if (!progress->out || now - progress->shown_s < every)
        return;
    progress->shown_s = now;
    if (progress->mode == ORL_PROGRESS_JSON) {
        show_json(progress, state, now);
    } else if (progress->terminal) {
        show_bar(progress, state, now);
    } else {
        struct orl_text line = {0};
        describe(progress, state, now, &line);
        fprintf(progress->out, "optreel: %s\n", line.data ? line.data : "");
        fflush(progress->out);
        orl_text_uninit(&line);
    }
}

void orl_progress_clear(struct progress *progress)
{
    if (!progress->line_open)
        return;
    fputs("\r\x1b[K", progress->out);
    fflush(progress->out);
    progress->line_open = false;
}
