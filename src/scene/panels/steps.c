/* The last update of each run, as arrows from one origin or as a bar for each parameter: where the
 * gradient pointed, where the step before went, and where the run went. Told from the rows of the
 * traces alone. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/marks/scratch.h"
#include "scene/panels/steps.h"

enum { SETTING_PARAMETERS, SETTING_SHOW };
enum { SHOW_AUTO, SHOW_ARROWS, SHOW_BARS };
static const char *const show_choices[] = {"auto", "arrows", "bars", NULL};

static const struct orl_setting steps_settings[] = {
    [SETTING_PARAMETERS] =
        {.name = "parameters",
         .type = ORL_SETTING_NAMES,
         .parameters = true,
         .unit = "1",
         .initial = NAN,
         .minimum = 2,
         .maximum = 2,
         .description = "the two parameters whose plane the arrows lie in; without it the two that "
                        "move most against their size"},
    [SETTING_SHOW] = {.name = "show",
                      .type = ORL_SETTING_CHOICE,
                      .unit = "1",
                      .choices = show_choices,
                      .initial = SHOW_AUTO,
                      .description =
                          "arrows in a plane, or a bar for each parameter; auto: arrows for two "
                          "parameters, for named ones and for races"},
    {0},
};

enum { SAMPLES = 2000, DECADES_MAX = 8 };
#define NOTE_ROOM   1.5  /* below the plot: what the lengths mean */
#define CENTER_DOWN 0.55 /* the name above the rings pushes them down */
#define BAR_MOST    8.0  /* the height of a bar's lane */
#define NAME_HALF   0.3
#define NAMES_MOST  0.25 /* of the panel's width: names of parameters, ... */
#define PLANE_MOST  0.2  /* ... of directions */
#define AXIS_THICK  1.5  /* the line of 0, by the thin ones */
#define NOTE_UP     0.25
#define LANES       0.8 /* of the lane's height: bars, with the rest around them */
#define LANES_TOP   0.1
#define BEFORE_THIN 0.3  /* of its place: the bar of the last step, ... */
#define BAR_THICK   0.82 /* ... and any other */
#define LEAST_WIDE  4.0  /* px */
#define QUANTILE    0.02 /* shorter than those of that share are drawn at the least length */
#define SPARE                                                                                      \
    0.8 /* decades that the shortest of the others keeps, so that a run's last steps are seen, too \
         */
#define LEAST 0.04

/* What placing made. */
static void steps_forget(struct steps *s)
{
    orl_plane_uninit(&s->plane);
    for (size_t i = 0; i < BARS_MAX; i++)
        free(s->names[i]);
    for (int k = 0; k < KINDS; k++)
        free(s->words[k]);
    free(s->note);
    free(s->reach);
    *s = (struct steps){.rules = s->rules, .rule_count = s->rule_count};
}

static void steps_destroy(struct panel *panel)
{
    struct steps *s = panel->state;
    if (!s)
        return;
    steps_forget(s);
    for (size_t i = 0; i < s->rule_count; i++)
        orl_rule_uninit(&s->rules[i]);
    free(s->rules);
    free(s);
    panel->state = NULL;
}

/* ---- Lengths of bars
 * --------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The sizes of one kind over rows that are picked evenly; how many there are. Strays aside; or
 * `early`: of the first updates alone, where all went astray. */
static size_t gather(const struct view *view, const struct steps *s, enum kind kind, bool early,
                     double *sizes)
{
    size_t count = 0, per_run = SAMPLES / view->run_count;
    double limit = orl_surface_loss_limit(view);
    for (size_t r = 0; r < view->run_count; r++) {
        const struct orl_trace *t = view->runs[r].trace;
        for (size_t i = 0; i < (early ? 3 : per_run) && i < t->rows; i++) {
            size_t row = early || t->rows <= per_run
                             ? i
                             : (size_t)((double)i * (double)(t->rows - 1) / (double)per_run);
            if (!early && !orl_surface_row_counts(view, r, row, limit))
                continue;
            for (size_t j = 0; j < s->bars; j++) {
                double size = fabs(orl_steps_component(s, view->runs, r, kind, row, j));
                if (size > 0.0 && isfinite(size) && count < SAMPLES * BARS_MAX)
                    sizes[count++] = size;
            }
        }
    }
    return count;
}

/* One rule for the whole film and for all kinds: the largest has full length, and so many decades
 * below it there is none left. */
static int choose_lengths(const struct view *view, struct steps *s, struct orl_error *err)
{
    double *sizes = orl_calloc(SAMPLES * BARS_MAX, sizeof *sizes), span = 1.0;
    if (!sizes)
        return orl_fail_memory(err);
    for (int k = 0; k < KINDS; k++) {
        size_t count = s->has[k] ? gather(view, s, (enum kind)k, false, sizes) : 0;
        if (!count && s->has[k])
            count = gather(view, s, (enum kind)k, true, sizes);
        if (!count)
            continue;
        qsort(sizes, count, sizeof *sizes, compare);
        s->most = fmax(s->most, sizes[count - 1]);
        span = fmax(span, log10(sizes[count - 1]) -
                              log10(sizes[(size_t)(QUANTILE * (double)(count - 1))]));
    }
    s->decades = (int)fmin(ceil(span + SPARE), DECADES_MAX);
    free(sizes);
    return ORL_OK;
}

/* 0-1: the share of the full length that a size is drawn with. */
static double share_of(const struct steps *s, double size)
{
    if (!(size > 0.0) || !isfinite(size) || !(s->most > 0.0))
        return 0.0;
    double share = 1.0 + (log10(size) - log10(s->most)) / (double)s->decades;
    return fmin(fmax(share, LEAST), 1.0);
}

/* ---- Making ---------------------------------------------------------------------------------- */

static int check_runs(const struct view *view, struct orl_error *err)
{
    const struct orl_trace *first = view->runs[0].trace;
    for (size_t r = 0; r < view->run_count; r++) {
        const struct orl_trace *t = view->runs[r].trace;
        bool same = t->parameter_count == first->parameter_count && t->parameter_count > 0;
        for (size_t j = 0; same && j < t->parameter_count; j++)
            same = strcmp(t->parameters[j], first->parameters[j]) == 0;
        if (!same)
            return orl_fail(err, ORL_EINPUT,
                            "a steps panel needs runs with the same parameters; '%s' has %s",
                            view->runs[r].name, t->parameter_count ? "others" : "none");
    }
    return ORL_OK;
}

static int choose_plane(const struct view *view, struct steps *s, char *const *names, double widest,
                        struct orl_error *err)
{
    const struct plane_choice choice = {.parameters = names, .widest = widest};
    return orl_plane_choose(view, &choice, &s->plane, err);
}

/* As on the surface beside it; without one as on one of its own. */
static void choose_stretch(const struct view *view, struct steps *s)
{
    const struct orl_rect square = {0, 0, 1, 1};
    struct axis axes[2] = {{0}};
    s->stretch = orl_surface_stretch(view, s->plane.pair);
    if (isfinite(s->stretch))
        return;
    orl_plane_ranges(view, &s->plane, NULL, square, false, &axes[0], &axes[1]);
    s->stretch = s->plane.stretch;
}

/* What there is to show of each update. */
static void choose_kinds(const struct view *view, const struct panel *panel, struct steps *s)
{
    const struct orl_trace *t = view->runs[panel->first].trace;
    const struct rule *rule = &s->rules[panel->first];
    bool one = panel->count == 1;
    s->direction = one && !rule->adds && !isfinite(orl_rule_rate(rule, 1));
    s->has[STEP] = t->rows > 1;
    s->has[BEFORE] = one && t->rows > 2;
    s->has[GRADIENT] = one && t->gradients && t->rows > 1 && (s->arrows || !s->direction);
}

static void place(const struct view *view, const struct panel *panel, struct steps *s)
{
    double text = view->size.text;
    struct orl_rect box = panel->box;
    if (!panel->cell.is) /* small multiples say it once for all */
        box.height -= NOTE_ROOM * text;
    if (s->legend)
        orl_steps_place_legend(view, s, &box);
    s->area = box;
    s->middle[0] = box.x + 0.5 * box.width;
    s->middle[1] = box.y + 0.5 * box.height + CENTER_DOWN * text;
    if (!s->arrows)
        return;
    bool beside = s->legend && s->column && s->legend_x > box.x + box.width;
    s->radius = fmax(orl_steps_radius(view, s, box.width, box.height, !beside), NARROWEST_PX);
    if (beside) /* the name at the right needs its room, the left does not */
        s->middle[0] -= 0.5 * orl_letters_width(view->measure, s->plane.names[0], text, false) +
                        NAME_HALF * text;
}

/* What must be known to read the lengths of bars; shorter where there is less room. */
static int make_note(const struct view *view, const struct panel *panel, struct steps *s,
                     struct orl_error *err)
{
    static const char *const forms[] = {
        "logarithmic lengths: each line is a factor 10, the largest "
        "of the film full",
        "log lengths: each line is a factor 10", "log lengths: each line ×10", "log lengths"};
    double text = view->size.text, room = panel->box.width;
    size_t form = 0;
    while (form + 1 < ORL_COUNT(forms) &&
           orl_letters_width(view->measure, forms[form], text, false) > room)
        form++;
    s->note = orl_letters_fit(view->measure, forms[form], text, false, room);
    return s->note ? ORL_OK : orl_fail_memory(err);
}

static int name_bars(const struct view *view, const struct panel *panel, struct steps *s,
                     struct orl_error *err)
{
    const struct orl_trace *t = view->runs[0].trace;
    for (; s->bars < BARS_MAX && s->bars < t->parameter_count; s->bars++) {
        char *name = orl_name_pretty(t->parameters[s->bars]);
        s->names[s->bars] = name ? orl_letters_fit(view->measure, name, view->size.text, true,
                                                   NAMES_MOST * panel->box.width)
                                 : NULL;
        free(name);
        if (!s->names[s->bars])
            return orl_fail_memory(err);
    }
    return ORL_OK;
}

/* As many bars as the box has lines for; one line less where it must say how many there are
 * besides. */
static void count_bars(const struct view *view, struct steps *s)
{
    size_t all = view->runs[0].trace->parameter_count,
           lines = (size_t)fmax(s->area.height / (BAR_LEAST * view->size.text), 2.0);
    if (s->bars < all || s->bars > lines)
        s->bars = s->bars < lines ? s->bars : lines - 1;
    s->more = all - s->bars;
}

static int steps_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    int ret = check_runs(view, err);
    if (ret != ORL_OK)
        return ret;
    struct steps *s = panel->state = orl_calloc(1, sizeof *s);
    if (!s || !(s->rules = orl_calloc(view->run_count, sizeof *s->rules)))
        return orl_fail_memory(err);
    s->rule_count = view->run_count;
    for (size_t i = 0; ret == ORL_OK && i < view->run_count; i++)
        ret = orl_rule_make(&view->runs[i], &s->rules[i], err);
    return ret;
}

static int steps_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct steps *s = panel->state;
    steps_forget(s);
    char *const *names = panel->values ? panel->values[SETTING_PARAMETERS].names : NULL;
    int show = panel->values ? (int)panel->values[SETTING_SHOW].number : SHOW_AUTO;
    size_t n = view->runs[0].trace->parameter_count;
    s->arrows = n >= 2 && (show == SHOW_ARROWS ||
                           (show == SHOW_AUTO && (n == 2 || names || panel->count > 1)));
    choose_kinds(view, panel, s);
    int ret = s->arrows ? choose_plane(view, s, names, PLANE_MOST * panel->box.width, err)
                        : name_bars(view, panel, s, err);
    if (ret == ORL_OK && !s->arrows)
        ret = choose_lengths(view, s, err);
    if (ret == ORL_OK)
        ret = orl_steps_name_kinds(panel, s, err);
    if (ret != ORL_OK)
        return ret;
    s->legend = panel->count == 1 && !panel->cell.is;
    place(view, panel, s);
    if (s->arrows)
        return ORL_OK;
    count_bars(view, s);
    return make_note(view, panel, s, err);
}

static int steps_settle(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct steps *s = panel->state;
    if (!s->arrows)
        return ORL_OK;
    choose_stretch(view, s);
    return orl_steps_choose_reach(view, panel, s, err);
}

/* ---- The still part -------------------------------------------------------------------------- */

/* Where bars stand: between the names and the right edge. */
struct bar_plot {
    double zero, reach, top, height;
};

static struct bar_plot bar_plot(const struct view *view, const struct steps *s)
{
    double widest = 0.0, text = view->size.text;
    for (size_t j = 0; j < s->bars; j++)
        widest = fmax(widest, orl_letters_width(view->measure, s->names[j], text, true));
    double left = s->area.x + widest + EM_WORDS * text,
           width = fmax(s->area.width - widest - EM_WORDS * text, LEAST_WIDE);
    double lines = (double)s->bars + (s->more ? 1.0 : 0.0),
           height = fmin(s->area.height / lines, BAR_MOST * text);
    return (struct bar_plot){left + 0.5 * width, 0.5 * width,
                             s->area.y + 0.5 * (s->area.height - height * lines), height};
}

static void draw_bar_grid(const struct view *view, const struct steps *s,
                          struct orl_picture *picture)
{
    struct bar_plot p = bar_plot(view, s);
    double thin = orl_line_thin(view->size.line), bottom = p.top + p.height * (double)s->bars,
           text = view->size.text;
    for (int d = -s->decades; d <= s->decades; d++) {
        double x = round(p.zero + p.reach * (double)d / (double)s->decades) + 0.5;
        orl_mark_faint(orl_picture_segment(picture, x, p.top, x, bottom,
                                           d ? thin : AXIS_THICK * thin,
                                           d ? view->theme->grid : view->theme->axis));
    }
    for (size_t j = 0; j < s->bars; j++)
        orl_picture_text(picture, s->area.x,
                         p.top + p.height * ((double)j + 0.5) + EM_CENTERED * text, 0.0, text, true,
                         view->theme->ink, s->names[j]);
    char more[32];
    snprintf(more, sizeof more, "… %zu more", s->more);
    if (s->more)
        orl_picture_text(picture, s->area.x, bottom + 0.5 * p.height + EM_CENTERED * text, 0.0,
                         text, false, view->theme->muted, more);
}

static void steps_still(const struct view *view, const struct panel *panel,
                        struct orl_picture *picture)
{
    const struct steps *s = panel->state;
    if (s->arrows)
        orl_steps_draw_rings(view, s, picture);
    else
        draw_bar_grid(view, s, picture);
    orl_steps_draw_legend(view, panel, s, picture);
    if (!panel->cell.is && s->note)
        orl_picture_text(picture, panel->box.x,
                         panel->box.y + panel->box.height - NOTE_UP * view->size.text, 0.0,
                         view->size.text, false, view->theme->muted, s->note);
}

/* ---- The moving part ------------------------------------------------------------------------- */

static void draw_bars(const struct view *view, const struct panel *panel, const struct steps *s,
                      size_t frame, struct orl_picture *picture)
{
    struct bar_plot p = bar_plot(view, s);
    size_t kinds = 0, lanes, lane = 0;
    for (int k = 0; k < KINDS; k++)
        kinds += s->has[k];
    lanes = kinds * panel->count;
    for (size_t run = panel->first; run < panel->first + panel->count; run++)
        for (int k = KINDS - 1; k >= 0; k--) {
            if (!s->has[k])
                continue;
            double height = LANES * p.height / (double)lanes,
                   thick = fmax(1.0, (k == BEFORE ? BEFORE_THIN : BAR_THICK) * height);
            for (size_t j = 0; j < s->bars; j++) {
                double value = orl_steps_component(s, view->runs, run, (enum kind)k,
                                                   orl_view_row(view, run, frame), j);
                double length = p.reach * share_of(s, fabs(value));
                double y = p.top + p.height * ((double)j + LANES_TOP) + height * (double)lane +
                           0.5 * (height - thick);
                if (length > 0.0)
                    orl_steps_bar(
                        view, s,
                        (struct orl_rect){value < 0.0 ? p.zero - length : p.zero, y, length, thick},
                        (enum kind)k, run, picture);
            }
            lane++;
        }
}

static void steps_moving(const struct view *view, const struct panel *panel, size_t frame,
                         struct orl_picture *picture)
{
    const struct steps *s = panel->state;
    size_t row = orl_view_row(view, panel->first, frame);
    if (s->arrows)
        orl_steps_draw_arrows(view, panel, s, frame, picture);
    else
        draw_bars(view, panel, s, frame, picture);
    if (s->arrows && !panel->cell.is)
        orl_steps_draw_ring_note(view, panel, s, frame, picture);
    if (s->legend && s->numbers)
        orl_steps_draw_numbers(view, panel, s, row, picture);
}

static const struct orl_panel_ops steps_ops = {.create = steps_create,
                                               .place = steps_place,
                                               .settle = steps_settle,
                                               .destroy = steps_destroy,
                                               .still = steps_still,
                                               .moving = steps_moving};

const struct orl_panel_desc orl_panel_steps = {
    .name = "steps",
    .title = "Steps",
    .description =
        "the last update, tip to tail: what momentum kept of the step before, the gradient's share "
        "and the step that they add up to; other rules: the step, the one before, the gradient",
    .key = "the step, dashed the one before, grey down the gradient; to one scale",
    .settings = steps_settings,
    .one_problem = true,
    .ops = &steps_ops,
};
