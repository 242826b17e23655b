/* Captions: title and subtitle above, step counter, loss, note and progress line below. */
#include "scene/film/caption.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/film/sequence.h"
#include "scene/marks/letters.h"

enum { LINES_MAX = 2, SUBTITLE_MAX = 3 };
#define TALL                                                                                       \
    28.0 /* in text sizes: from that height of a frame on a subtitle may have a third line rather  \
            than lose settings */

struct caption {
    char *title[LINES_MAX], *subtitle[SUBTITLE_MAX]; /* owned */
    size_t title_lines, subtitle_lines;
    size_t key_lines; /* 0: the film needs no key */
};

static double content_width(const struct view *view)
{
    return view->width - 2.0 * view->size.margin_x;
}

/* Lines break after the dot, never inside what it separates. */
#define SEPARATOR "\xc2\xa0\xc2\xa0\xc2\xa0·   "

/* An entry of the subtitle, with spaces that do not break but after a comma. */
static void append_entry(struct orl_text *text, const char *entry)
{
    orl_text_puts(text, text->length ? SEPARATOR : "");
    for (const char *p = entry; *p; p++)
        if (*p == ' ' && p > entry && p[-1] != ',')
            orl_text_puts(text, "\xc2\xa0");
        else
            orl_text_putc(text, *p);
}

static bool same_told(const struct orl_film_run *a, const struct orl_film_run *b)
{
    bool same = a->told_count == b->told_count && strcmp(a->details, b->details) == 0;
    for (size_t i = 0; same && i < a->told_count; i++)
        same = orl_told_same(&a->told[i], &b->told[i]);
    return same;
}

static bool all_same(const struct view *view)
{
    for (size_t i = 1; i < view->run_count; i++)
        if (!same_told(&view->runs[i], &view->runs[0]))
            return false;
    return true;
}

/* One of a sweep: its title tells what it has of its own. */
static bool tells_itself(const struct orl_film_run *run)
{
    for (size_t i = 0; i < run->told_count; i++)
        if (run->told[i].swept)
            return true;
    return false;
}

static bool has_told(const struct orl_film_run *run, const struct orl_told *told)
{
    for (size_t i = 0; i < run->told_count; i++)
        if (orl_told_same(&run->told[i], told))
            return true;
    return false;
}

static void append_told(struct orl_text *text, const struct orl_told *told)
{
    orl_text_printf(text, "%s%s%s", told->name, *told->text ? " " : "", told->text);
}

/* "Momentum: learning rate 0.02": what all runs of one sweep have in common. */
static char *describe_common(const struct view *view)
{
    const struct orl_film_run *run = &view->runs[0];
    struct orl_text text = {0};
    orl_text_puts(&text, run->base);
    const char *separator = ": ";
    for (size_t k = 0; k < run->told_count; k++) {
        bool common = true;
        for (size_t i = 1; i < view->run_count; i++)
            common = common && has_told(&view->runs[i], &run->told[k]);
        if (!common)
            continue;
        orl_text_puts(&text, separator);
        append_told(&text, &run->told[k]);
        separator = ", ";
    }
    return orl_text_take(&text);
}

/* The runs of one sweep: what they share, then what each has of its own. */
static bool append_sweep(const struct view *view, struct orl_text *text)
{
    size_t shared = orl_view_shared_words(view, 0, view->run_count);
    if (!shared)
        return false;
    char *common = describe_common(view);
    if (common)
        append_entry(text, common);
    text->failed |= !common;
    free(common);
    for (size_t i = 0; i < view->run_count; i++)
        append_entry(text, view->runs[i].title + shared);
    return true;
}

/* Hyperparameters: once where all runs have the same, else for each run: "SGD: learning rate 0.01
 * ·   Adam: ...". */
static void append_details(const struct view *view, struct orl_text *text)
{
    bool same = all_same(view);
    if (!same && append_sweep(view, text))
        return;
    for (size_t i = 0; i < (same ? 1 : view->run_count); i++) {
        const struct orl_film_run *run = &view->runs[i];
        char *entry = same ? orl_strdup(run->details)
                      : tells_itself(run) || !*run->details
                          ? orl_strdup(run->title)
                          : orl_asprintf("%s: %s", run->title, run->details);
        if (entry && *entry)
            append_entry(text, entry);
        text->failed |= !entry;
        free(entry);
    }
}

/* Runs of one sweep, or with the same first hyperparameter. */
static bool same_group(const struct orl_film_run *a, const struct orl_film_run *b)
{
    bool sweep = tells_itself(a);
    if (sweep != tells_itself(b))
        return false;
    if (sweep)
        return strcmp(a->base, b->base) == 0;
    if (!a->told_count || !b->told_count)
        return strcmp(a->details, b->details) == 0;
    return orl_told_same(&a->told[0], &b->told[0]);
}

/* "learning rate 0.01: SGD, Adagrad", or of a sweep "SGD: 25 runs, lr 0.001 … lr 0.7". */
static char *describe_group(const struct view *view, size_t first)
{
    const struct orl_film_run *run = &view->runs[first], *last = run;
    struct orl_text text = {0};
    size_t count = 1;
    if (run->told_count) {
        append_told(&text, &run->told[0]);
        orl_text_puts(&text, ": ");
    }
    orl_text_puts(&text, run->title);
    for (size_t k = first + 1; k < view->run_count; k++)
        if (same_group(run, &view->runs[k])) {
            orl_text_printf(&text, ", %s", view->runs[k].title);
            last = &view->runs[k];
            count++;
        }
    if (tells_itself(run)) {
        size_t own = strlen(run->base) + strlen(", ");
        orl_text_clear(&text);
        if (count == 1)
            orl_text_puts(&text, run->title);
        else
            orl_text_printf(&text, "%s: %zu runs, %s … %s", run->base, count, run->title + own,
                            last->title + own);
    }
    return orl_text_take(&text);
}

/* Shorter: the runs in groups. */
static void append_groups(const struct view *view, struct orl_text *text)
{
    for (size_t i = 0; i < view->run_count; i++) {
        bool told = false;
        for (size_t k = 0; k < i; k++)
            told |= same_group(&view->runs[i], &view->runs[k]);
        char *group = told ? NULL : describe_group(view, i);
        if (group)
            append_entry(text, group);
        text->failed |= !told && !group;
        free(group);
    }
}

/* "y = α + βx + γx²" unless the title says it. */
static char *describe_model(const struct view *view, const char *title)
{
    const struct orl_problem *problem = view->runs[0].problem;
    char *model = problem ? orl_formula_pretty(orl_problem_formula(problem)) : NULL;
    const struct orl_dataset *data = problem ? orl_problem_data(problem) : NULL;
    char *told = NULL;
    if (!model || (title && strstr(title, model)))
        told = orl_strdup("");
    else if (data)
        told = orl_asprintf("%s = %s", data->response_name ? data->response_name : "y", model);
    else
        told = orl_strdup(model);
    free(model);
    return told;
}

static size_t subtitle_most(const struct view *view)
{
    return view->height >= TALL * view->size.text ? SUBTITLE_MAX : LINES_MAX;
}

static bool fits_lines(const struct view *view, const char *text, size_t lines)
{
    char *made[SUBTITLE_MAX + 1] = {0};
    size_t count = text ? orl_letters_wrap(view->measure, text, view->size.text, false,
                                           content_width(view), lines + 1, made)
                        : SUBTITLE_MAX + 1;
    for (size_t i = 0; i < SUBTITLE_MAX + 1; i++)
        free(made[i]);
    return count <= lines;
}

/* The model, then what was set: in full where that fits into two lines, else by groups where those
 * do; else in as many as there may be. */
static char *make_subtitle(const struct view *view, const char *title)
{
    struct orl_text full = {0}, groups = {0};
    char *model = describe_model(view, title);
    orl_text_puts(&full, model ? model : "");
    orl_text_puts(&groups, model ? model : "");
    append_details(view, &full);
    append_groups(view, &groups);
    free(model);
    char *one = orl_text_take(&full), *other = orl_text_take(&groups);
    bool whole =
        all_same(view) || fits_lines(view, one, LINES_MAX) ||
        (!fits_lines(view, other, LINES_MAX) && fits_lines(view, one, subtitle_most(view)));
    free(whole ? other : one);
    return whole ? one : other;
}

/* A line that ends where an entry does needs no dot. */
static void drop_dots(char **lines, size_t count)
{
    static const char end[] = "\xc2\xa0\xc2\xa0\xc2\xa0·";
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(lines[i]), dot = strlen(end);
        if (length > dot && strcmp(lines[i] + length - dot, end) == 0)
            lines[i][length - dot] = '\0';
    }
}

void orl_caption_destroy(struct caption **caption)
{
    struct caption *c = *caption;
    for (size_t i = 0; c && i < LINES_MAX; i++)
        free(c->title[i]);
    for (size_t i = 0; c && i < SUBTITLE_MAX; i++)
        free(c->subtitle[i]);
    free(c);
    *caption = NULL;
}

int orl_caption_create(struct view *view, const struct orl_film_spec *spec, struct orl_error *err)
{
    struct caption *caption = view->caption = orl_calloc(1, sizeof *caption);
    char *subtitle = spec->subtitle ? orl_strdup(spec->subtitle) : make_subtitle(view, spec->title);
    const char *title = spec->title ? spec->title : "";
    if (caption && subtitle) {
        caption->title_lines = orl_letters_wrap(view->measure, title, view->size.title, true,
                                                content_width(view), LINES_MAX, caption->title);
        caption->subtitle_lines =
            orl_letters_wrap(view->measure, subtitle, view->size.text, false, content_width(view),
                             subtitle_most(view), caption->subtitle);
        drop_dots(caption->subtitle, caption->subtitle_lines);
    }
    bool good = caption && subtitle && (caption->title_lines || !*title) &&
                (caption->subtitle_lines || !*subtitle);
    free(subtitle);
    return good ? ORL_OK : orl_fail_memory(err);
}

#define TITLE_LINE    1.15 /* of the title's size */
#define SUBTITLE_LINE 1.3  /* of the text's size, as are the others */
#define KEY_LINE      1.4
#define SWATCH        1.7
#define SWATCH_GAP    0.4
#define KEY_GAP       1.2
#define NAME_MOST     0.4 /* of the width that there is: of a name in the key */

/* ---- The key: each run's line and name ------------------------------------------------------- */

static void draw_key_entry(const struct view *view, size_t run, double x, double y, double width,
                           struct orl_picture *picture)
{
    double text = view->size.text, before = (SWATCH + SWATCH_GAP) * text;
    char *name =
        orl_letters_fit(view->measure, view->runs[run].title, text, true, width - before + 0.5);
    orl_view_swatch(view, run, x, y - 0.34 * text, SWATCH * text, picture);
    if (name)
        orl_picture_text(picture, x + before, y, 0.0, text, true, orl_view_style(view, run)->color,
                         name);
    picture->failed |= !name;
    free(name);
}

/* Draws it, or, without a picture, counts its lines. What has no room in the last line is told by
 * its number. */
static size_t lay_key(const struct view *view, double x0, double y, struct orl_picture *picture)
{
    double text = view->size.text, x = x0, end = x0 + content_width(view);
    double more = KEY_GAP * text + orl_letters_width(view->measure, "and 8888 more", text, false);
    size_t lines = 1;
    for (size_t i = 0; i < view->run_count; i++) {
        double whole = (SWATCH + SWATCH_GAP) * text +
                       orl_letters_width(view->measure, view->runs[i].title, text, true);
        double width = fmin(whole, NAME_MOST * content_width(view));
        if (x + width > end && lines < LINES_MAX) {
            x = x0;
            y += KEY_LINE * text;
            lines++;
        }
        if (x + width + (i + 1 < view->run_count && lines == LINES_MAX ? more : 0.0) > end &&
            x > x0) {
            char words[32];
            snprintf(words, sizeof words, "and %zu more", view->run_count - i);
            if (picture)
                orl_picture_text(picture, x, y, 0.0, text, false, view->theme->muted, words);
            break;
        }
        if (picture)
            draw_key_entry(view, i, x, y, width, picture);
        x += width + KEY_GAP * text;
    }
    return lines;
}

void orl_caption_add_key(struct view *view)
{
    view->caption->key_lines = lay_key(view, 0.0, 0.0, NULL);
}

/* ---- Places ---------------------------------------------------------------------------------- */

/* Of title and subtitle, px. */
static double heading_height(const struct view *view)
{
    const struct caption *caption = view->caption;
    size_t titles = caption->title_lines ? caption->title_lines : 1;
    return view->size.title * TITLE_LINE * (double)titles +
           view->size.text * (1.45 + SUBTITLE_LINE * (caption->subtitle_lines > 1
                                                          ? (double)caption->subtitle_lines - 1.0
                                                          : 0.0));
}

struct orl_rect orl_caption_place(struct view *view)
{
    double x = view->size.margin_x, width = content_width(view), text = view->size.text,
           footer = text * 1.75;
    double height = heading_height(view) + KEY_LINE * text * (double)view->caption->key_lines;
    view->title_box = (struct orl_rect){x, view->size.margin_y, width, height};
    view->footer_box =
        (struct orl_rect){x, view->height - view->size.margin_y - footer, width, footer};
    double top = view->title_box.y + height + 0.45 * text;
    return (struct orl_rect){x, top, width, view->footer_box.y - 0.35 * text - top};
}

static void draw_title(const struct view *view, struct orl_picture *picture)
{
    const struct caption *caption = view->caption;
    const struct orl_rect *box = &view->title_box;
    double y = box->y + view->size.title * 0.95, text = view->size.text;
    for (size_t i = 0; i < caption->title_lines; i++)
        orl_picture_text(picture, box->x, y + view->size.title * TITLE_LINE * (double)i, 0.0,
                         view->size.title, true, view->theme->ink, caption->title[i]);
    y = box->y +
        view->size.title * TITLE_LINE * (double)(caption->title_lines ? caption->title_lines : 1) +
        1.05 * text;
    for (size_t i = 0; i < caption->subtitle_lines; i++)
        orl_picture_text(picture, box->x, y + text * SUBTITLE_LINE * (double)i, 0.0, text, false,
                         view->theme->muted, caption->subtitle[i]);
    if (caption->key_lines)
        lay_key(view, box->x, box->y + heading_height(view) + text, picture);
}

static double footer_baseline(const struct view *view)
{
    return view->footer_box.y + 1.0 * view->size.text;
}

static double progress_y(const struct view *view)
{
    return view->footer_box.y + view->footer_box.height - 0.5 * view->size.line;
}

/* What the pace leaves out; on the last frame, how it ended. */
static void describe_pace(const struct view *view, char *out, size_t size)
{
    int64_t steps = view->pace.to - view->pace.from;
    size_t moving = view->pace.frames - view->pace.hold_first - view->pace.hold_last;
    if (view->pace_kind == ORL_PACE_LOG && steps > 1)
        snprintf(out, size, "log pace: later frames skip more steps");
    else if (view->pace_kind == ORL_PACE_MOTION && steps > 1)
        snprintf(out, size, "motion pace: frames skip steps that move little");
    else if (view->pace_kind == ORL_PACE_LOSS && steps > 1)
        snprintf(out, size, "loss pace: equal steps of log loss");
    else if ((size_t)steps > 2 * moving)
        snprintf(out, size, "shown: one step in %lld",
                 (long long)((steps + (int64_t)moving / 2) / (int64_t)moving));
    else
        snprintf(out, size, "every step is shown");
}

/* A table tells the order at the finish. */
static bool ranks_runs(const struct view *view)
{
    bool ranks = view->readout;
    for (size_t i = 0; i < view->panel_count; i++)
        ranks |= view->panels[i].desc->replaces_readout;
    return ranks;
}

/* The title, in at most `width` px, of the run with the lowest loss at the end; empty where there
 * is none. Owned by the caller. */
static char *winner(const struct view *view, double width)
{
    size_t first = view->standing.order[0];
    const struct orl_run_place *place = &view->standing.places[first];
    return place->diverged || !isfinite(place->end) ? orl_strdup("")
                                                    : orl_view_fit_title(view, first, width);
}

static void describe_finish(const struct view *view, size_t diverged, char *out, size_t size)
{
    char *name = winner(view, 0.3 * content_width(view));
    bool named = !ranks_runs(view) && name && *name;
    int length = snprintf(out, size, "finish: %s%s", named ? "lowest loss " : "ranked by loss",
                          named ? name : "");
    if (diverged && length > 0 && (size_t)length < size)
        snprintf(out + length, size - (size_t)length, ", %zu diverged", diverged);
    free(name);
}

static void describe_end(const struct view *view, char *out, size_t size)
{
    char count[PEOPLE_SIZE];
    size_t diverged = 0;
    for (size_t i = 0; i < view->run_count; i++)
        diverged += view->runs[i].trace->status == ORL_STATUS_DIVERGED;
    *out = '\0';
    if (view->run_count > 1 && view->loss)
        describe_finish(view, diverged, out, size);
    if (view->run_count > 1)
        return;
    const struct orl_trace *trace = view->runs[0].trace;
    orl_people_count(count, trace->steps);
    if (diverged)
        snprintf(out, size, "diverged at step %s", count);
    else
        snprintf(out, size, "%s after %s steps",
                 trace->status == ORL_STATUS_CONVERGED ? "converged" : "end", count);
}

void orl_caption_still(const struct view *view, struct orl_picture *picture)
{
    const struct theme *theme = view->theme;
    double text = view->size.text, y = progress_y(view);
    draw_title(view, picture);
    orl_picture_text(picture, view->footer_box.x, footer_baseline(view), 0.0, text, false,
                     theme->muted, "step");
    orl_mark_faint(orl_picture_segment(picture, view->footer_box.x, y,
                                       view->footer_box.x + view->footer_box.width, y,
                                       view->size.line, theme->grid));
}

/* Right end of the step's number: room for the largest one. */
static double step_right(const struct view *view)
{
    char widest[PEOPLE_SIZE];
    double text = view->size.text;
    orl_people_count(widest, view->pace.to);
    return view->footer_box.x + orl_letters_width(view->measure, "step", text, false) + 0.6 * text +
           orl_letters_width(view->measure, widest, text, true);
}

static void draw_progress(const struct view *view, size_t frame, struct orl_picture *picture)
{
    /* As far as the step that is shown: frames that show the same are the same, and cost their
     * encoders nothing. */
    size_t since = orl_pace_frame_at(&view->pace, orl_view_step(view, frame));
    double share = orl_view_step(view, frame) >= view->pace.to ? 1.0
                                                               : orl_pace_share(&view->pace, since),
           y = progress_y(view);
    if (share > 0.0)
        orl_picture_segment(picture, view->footer_box.x, y,
                            view->footer_box.x + share * view->footer_box.width, y, view->size.line,
                            view->theme->axis);
}

/* The widest loss that a footer shows. */
static double room_for_loss(const struct view *view)
{
    return orl_letters_width(view->measure, "8.88×10⁻³⁰⁸", view->size.text, true);
}

/* What matters most of the note, in two words. */
static void shorten_note(const struct view *view, size_t frame, char *out, size_t size)
{
    static const char *const paces[] = {"", "log pace", "motion pace", "loss pace"};
    bool diverged = view->run_count == 1 && view->runs[0].trace->status == ORL_STATUS_DIVERGED;
    if (!orl_view_is_last(view, frame))
        snprintf(out, size, "%s", paces[view->pace_kind]);
    else if (view->run_count > 1) {
        char *name = winner(view, 0.3 * content_width(view));
        snprintf(out, size, "%s", ranks_runs(view) || !name ? "ranked by loss" : name);
        free(name);
    } else
        snprintf(out, size, "%s", diverged ? "diverged" : "end");
}

void orl_caption_moving(const struct view *view, size_t frame, struct orl_picture *picture)
{
    char text[160], number[PEOPLE_SIZE];
    double size = view->size.text, y = footer_baseline(view), right = step_right(view);
    size_t row = orl_view_row(view, 0, frame);
    double told = right; /* how far to the right the numbers reach */
    orl_people_count(number, view->run_count == 1 ? view->runs[0].trace->step[row]
                                                  : orl_view_step(view, frame));
    orl_picture_text(picture, right, y, 1.0, size, true, view->theme->ink, number);
    if (view->run_count == 1 && view->runs[0].trace->loss) {
        orl_people_figures(number, view->runs[0].trace->loss[row], 3);
        orl_picture_text(picture, right + 1.8 * size, y, 0.0, size, false, view->theme->muted,
                         view->quantity);
        orl_picture_text(picture,
                         right + 2.4 * size +
                             orl_letters_width(view->measure, view->quantity, size, false),
                         y, 0.0, size, true, view->theme->ink, number);
        told += 2.4 * size + orl_letters_width(view->measure, view->quantity, size, false) +
                room_for_loss(view);
    }
    if (orl_view_is_last(view, frame))
        describe_end(view, text, sizeof text);
    else
        describe_pace(view, text, sizeof text);
    double end = view->footer_box.x + view->footer_box.width;
    if (end - orl_letters_width(view->measure, text, size, true) <
        told + size) /* narrow pictures have no room for it */
        shorten_note(view, frame, text, sizeof text);
    bool last = orl_view_is_last(view, frame);
    char *note =
        orl_letters_fit(view->measure, text, size, last, fmax(end - told - 0.5 * size, 0.0));
    if (note)
        orl_picture_text(picture, end, y, 1.0, size, last,
                         last ? view->theme->ink : view->theme->muted, note);
    picture->failed |= !note;
    free(note);
    draw_progress(view, frame, picture);
}
