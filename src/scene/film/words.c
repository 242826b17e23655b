/* What a frame says in words: where the film stands. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/film/words.h"
#include "scene/marks/number.h"

enum { NAME_CHARS = 20, QUANTITY_CHARS = 16 };

/* Add `text` to a line unless it grows too long. */
static bool fits(char line[ORL_WORDS_SIZE], const char *separator, const char *text)
{
    size_t length = strlen(line), more = strlen(separator) + strlen(text);
    size_t count = orl_utf8_count(line, length) + orl_utf8_count(separator, strlen(separator)) +
                   orl_utf8_count(text, strlen(text));
    if (count > ORL_WORDS_CHARS || length + more >= ORL_WORDS_SIZE)
        return false;
    strcat(strcat(line, separator), text);
    return true;
}

static double loss_at(const struct view *view, size_t run, size_t frame)
{
    const struct orl_trace *trace = view->runs[run].trace;
    return trace->loss ? trace->loss[orl_view_row(view, run, frame)] : NAN;
}

static void add_step(const struct view *view, size_t frame, struct orl_words *out)
{
    char count[PEOPLE_SIZE];
    orl_people_count(count, orl_view_step(view, frame));
    fits(out->line[0], "", "step ");
    fits(out->line[0], "", count);
}

static void add_loss(const struct view *view, size_t run, size_t frame, const char *separator,
                     char line[ORL_WORDS_SIZE])
{
    char number[PEOPLE_SIZE], name[ORL_WORDS_SIZE], whole[ORL_WORDS_SIZE + PEOPLE_SIZE];
    double loss = loss_at(view, run, frame);
    if (!isfinite(loss))
        return;
    orl_people_figures(number, loss, 3);
    orl_utf8_shorten(name, sizeof name, view->quantity, strlen(view->quantity), QUANTITY_CHARS);
    snprintf(whole, sizeof whole, "%s %s", name, number);
    fits(line, separator, whole);
}

/* Where one run stands: its parameters, as many as there is room for; or that it diverged. */
static void tell_run(const struct view *view, size_t frame, struct orl_words *out)
{
    const struct orl_trace *trace = view->runs[0].trace;
    const double *values =
        trace->values ? trace->values + orl_view_row(view, 0, frame) * trace->parameter_count
                      : NULL;
    char number[PEOPLE_SIZE], text[ORL_WORDS_SIZE];
    add_loss(view, 0, frame, ", ", out->line[0]);
    if (orl_view_diverged(view, 0, frame)) {
        orl_people_count(number, trace->steps);
        fits(out->line[1], "diverged at step ", number);
        return;
    }
    for (size_t i = 0; values && i < trace->parameter_count; i++) {
        char *name = orl_name_pretty(trace->parameters[i]);
        orl_people_figures(number, values[i], 4);
        orl_text_bounded(text, sizeof text, "%s = %s", name ? name : "", number);
        free(name);
        if (!fits(out->line[1], *out->line[1] ? ", " : "", text))
            return;
    }
}

/* Who is ahead of a race. */
static void tell_race(const struct view *view, size_t frame, struct orl_words *out)
{
    size_t best = orl_view_leader(view, frame), lost = 0;
    char name[ORL_WORDS_SIZE], text[ORL_WORDS_SIZE];
    for (size_t i = 0; i < view->run_count; i++)
        lost += orl_view_diverged(view, i, frame);
    snprintf(text, sizeof text, "%zu of %zu diverged", lost, view->run_count);
    if (lost)
        fits(out->line[0], ", ", text);
    if (best == SIZE_MAX)
        return;
    const char *title = view->runs[best].title;
    if (orl_utf8_count(title, strlen(title)) > NAME_CHARS)
        title += orl_view_shared_words(view, 0, view->run_count);
    orl_utf8_shorten(name, sizeof name, title, strlen(title), NAME_CHARS);
    fits(out->line[1], "lowest: ", name);
    add_loss(view, best, frame, ", ", out->line[1]);
}

void orl_words_chapter(const struct orl_film *film, size_t frame, char out[ORL_WORDS_SIZE])
{
    size_t part = orl_film_part(film, frame);
    while (film->sequence && part > 0 && !film->parts[part].chapter)
        part--;
    const char *chapter = film->sequence ? film->parts[part].chapter : "";
    orl_utf8_shorten(out, ORL_WORDS_SIZE, chapter, strlen(chapter), ORL_WORDS_CHARS);
}

void orl_words_page(const struct view *page, size_t frame, struct orl_words *out)
{
    add_step(page, frame, out);
    if (page->run_count == 1)
        tell_run(page, frame, out);
    else
        tell_race(page, frame, out);
}

/* A report video tells the chapter, and under it where the run stands; cards have no step. */
void orl_film_words(const struct orl_film *film, size_t frame, struct orl_words *out)
{
    size_t own;
    struct orl_words words = {{"", ""}};
    const struct part *part = orl_film_part_at(film, frame, &own);
    *out = words;
    if (part->page)
        orl_words_page(part->page, own, film->sequence ? &words : out);
    if (!film->sequence)
        return;
    orl_words_chapter(film, frame, out->line[0]);
    memcpy(out->line[1], words.line[0], sizeof out->line[1]);
}
