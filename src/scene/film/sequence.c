/* The report video: which parts it has, and how its frames are spread over them. */
#include "scene/film/sequence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/film/third.h"
#include "scene/panels/panel.h"

/* How long the parts are to each other, and, where the film's length is not given, how long they
 * are: seconds. */
#define OPENING_S 2.3
#define PROBLEM_S 1.5
#define RACE_S    6.0
#define CLOSING_S 4.0
/* What ends a problem, its race or its only run, stands so much of its part at least: it tells the
 * finding. */
#define END_HOLD 0.22
/* A run's part: as long as the story allows, and never so short that its film is rushed. */
#define STORY_S     58.0
#define RUN_LEAST_S 2.0
#define RUN_MOST_S  4.5

enum { PEERS_MAX = 24 };

struct sequence {
    char *title; /* owned */
    struct group *groups;
    char **titles; /* owned: of the groups, where they are made here */
    size_t group_count;
    struct closing *closing;
};

/* What all parts but those of the runs take. */
static double told_seconds(size_t run_count, size_t problem_count)
{
    double races = (double)(problem_count < run_count ? problem_count
                                                      : 0); /* a run alone has nobody to race */
    return OPENING_S + (problem_count > 1 ? PROBLEM_S * (double)problem_count : 0.0) +
           RACE_S * races + CLOSING_S;
}

static double run_seconds(size_t run_count, size_t problem_count)
{
    double each = (STORY_S - told_seconds(run_count, problem_count)) / (double)run_count;
    return fmin(RUN_MOST_S, fmax(RUN_LEAST_S, each));
}

static double part_seconds(const struct orl_film *film, enum part_kind kind)
{
    const double seconds[] = {[PART_OPENING] = OPENING_S,
                              [PART_PROBLEM] = PROBLEM_S,
                              [PART_RUN] =
                                  run_seconds(film->whole->run_count, film->sequence->group_count),
                              [PART_RACE] = RACE_S,
                              [PART_CLOSING] = CLOSING_S};
    return seconds[kind];
}

double orl_sequence_length(size_t run_count, size_t problem_count)
{
    return told_seconds(run_count, problem_count) +
           run_seconds(run_count, problem_count) * (double)run_count;
}

/* ---- Groups ---------------------------------------------------------------------------------- */

static char *made_title(const struct orl_film_run *run)
{
    return run->problem ? orl_formula_pretty(orl_problem_formula(run->problem)) : orl_strdup("");
}

/* Runs on one problem come together, in the order in which their problems come first. */
static int group_runs(struct view *view, const struct orl_film_spec *spec, struct sequence *s,
                      struct orl_error *err)
{
    size_t placed = 0;
    s->groups = orl_calloc(spec->run_count, sizeof *s->groups);
    s->titles = orl_calloc(spec->run_count, sizeof *s->titles);
    if (!s->groups || !s->titles)
        return orl_fail_memory(err);
    for (size_t i = 0; i < spec->run_count; i++) {
        bool taken = false;
        for (size_t k = 0; k < i; k++)
            taken |= spec->runs[k].problem == spec->runs[i].problem;
        if (taken)
            continue;
        struct group *group = &s->groups[s->group_count];
        group->first = placed;
        if (spec->problem_titles)
            group->title = spec->problem_titles[i];
        else if (!(group->title = s->titles[s->group_count] = made_title(&spec->runs[i])))
            return orl_fail_memory(err);
        s->group_count++;
        for (size_t k = i; k < spec->run_count; k++)
            if (spec->runs[k].problem == spec->runs[i].problem) {
                view->runs[placed] = spec->runs[k];
                view->styles[placed++] = orl_theme_style(view->theme, spec->runs[k].style);
            }
        group->count = placed - group->first;
        int ret = orl_standing_create(view->runs + group->first, group->count, group->count,
                                      view->pace.to, NAN, &group->standing, err);
        if (ret != ORL_OK)
            return ret;
        if (!(group->finding = orl_closing_finding(view, group->first, group->count)))
            return orl_fail_memory(err);
    }
    return ORL_OK;
}

/* ---- Parts ----------------------------------------------------------------------------------- */

static bool add_part(struct orl_film *film, enum part_kind kind, size_t group, size_t index,
                     char *chapter)
{
    film->parts[film->part_count++] =
        (struct part){.kind = kind, .group = group, .index = index, .chapter = chapter};
    return chapter != NULL;
}

static bool add_group(struct orl_film *film, size_t g)
{
    const struct sequence *s = film->sequence;
    const struct group *group = &s->groups[g];
    bool good = true, several = s->group_count > 1;
    if (several)
        good =
            add_part(film, PART_PROBLEM, g, g, orl_asprintf("Part %zu: %s", g + 1, group->title));
    for (size_t i = group->first; i < group->first + group->count; i++) {
        const char *title = film->whole->runs[i].title;
        good =
            add_part(film, PART_RUN, g, i,
                     several ? orl_asprintf("%s: %s", group->title, title) : orl_strdup(title)) &&
            good;
    }
    if (group->count > 1)
        good = add_part(film, PART_RACE, g, g,
                        several ? orl_asprintf("%s: all together", group->title)
                                : orl_strdup("All together")) &&
               good;
    return good;
}

static int list_parts(struct orl_film *film, struct orl_error *err)
{
    const struct sequence *s = film->sequence;
    size_t pages = orl_closing_pages(s->closing);
    film->parts =
        orl_calloc(film->whole->run_count + 2 * s->group_count + 1 + pages, sizeof *film->parts);
    if (!film->parts)
        return orl_fail_memory(err);
    bool good = add_part(film, PART_OPENING, 0, 0, orl_strdup(*s->title ? s->title : "Title"));
    for (size_t g = 0; g < s->group_count; g++)
        good = add_group(film, g) && good;
    for (size_t page = 0; page < pages; page++)
        good = (add_part(film, PART_CLOSING, 0, page, page ? NULL : orl_strdup("Results")) ||
                page > 0) &&
               good;
    return good ? ORL_OK : orl_fail_memory(err);
}

/* Every part gets its share of the frames, in whole frames, and at least one. */
static int share_frames(struct orl_film *film, struct orl_error *err)
{
    struct part *parts = film->parts;
    const size_t frames = film->whole->pace.frames, count = film->part_count;
    double total = 0.0, sum = 0.0;
    if (frames < count)
        return orl_fail(err, ORL_EINPUT,
                        "the film has %zu frames for its %zu parts; give it more length", frames,
                        count);
    for (size_t i = 0; i < count; i++)
        total += part_seconds(film, parts[i].kind);
    for (size_t i = 0; i < count; i++) {
        size_t least = i ? parts[i - 1].first + 1 : 0, most = frames - (count - i);
        size_t first = (size_t)round((double)frames * sum / total);
        parts[i].first = first < least ? least : first > most ? most : first;
        sum += part_seconds(film, parts[i].kind);
    }
    for (size_t i = 0; i < count; i++)
        parts[i].frames = (i + 1 < count ? parts[i + 1].first : frames) - parts[i].first;
    return ORL_OK;
}

/* The panels that these runs can feed: runs of different problems need not all have data. Where
 * there are none the loss is shown.
 */
static size_t choose_panels(const struct orl_film_spec *spec, const struct orl_film_run *runs,
                            size_t count, struct orl_panel_spec *panels)
{
    size_t chosen = 0;
    for (size_t i = 0; i < spec->panel_count; i++) {
        const struct orl_panel_desc *desc = orl_panel_find(spec->panels[i].panel);
        if (!desc || !desc->suits || desc->suits(runs, count))
            panels[chosen++] = spec->panels[i];
    }
    if (!chosen)
        panels[chosen++] = (struct orl_panel_spec){"loss", NULL};
    return chosen;
}

/* Other runs on the same problem from which a run's film takes its axes, too: those that its panels
 * can read like its own; of very many some, evenly picked, the same for all, for what a film costs
 * grows with them. Returns their number. */
static size_t list_peers(const struct view *view, const struct group *group, size_t run,
                         struct orl_film_run *peers)
{
    const struct orl_trace *own = view->runs[run].trace;
    size_t count = 0, stride = (group->count + PEERS_MAX - 1) / PEERS_MAX;
    for (size_t i = group->first; i < group->first + group->count; i += stride) {
        const struct orl_trace *trace = view->runs[i].trace;
        bool alike = trace->parameter_count == own->parameter_count && !trace->loss == !own->loss &&
                     !trace->gradients == !own->gradients &&
                     view->runs[i].problem == view->runs[run].problem;
        if (i != run && alike)
            peers[count++] = view->runs[i];
    }
    return count;
}

static int make_page(const struct view *view, const struct orl_film_spec *spec,
                     const struct sequence *s, struct part *part, struct orl_error *err)
{
    const struct group *group = &s->groups[part->group];
    bool race = part->kind == PART_RACE;
    const struct orl_film_run *runs = view->runs + (race ? group->first : part->index);
    struct orl_panel_spec *panels = orl_calloc(spec->panel_count, sizeof *panels);
    struct orl_film_run *peers = orl_calloc(group->count, sizeof *peers);
    struct orl_film_spec own = *spec;
    char *title = race            ? orl_asprintf("%s: all together", group->title)
                  : *group->title ? orl_asprintf("%s: %s", group->title, runs->title)
                                  : orl_strdup(runs->title);
    int ret = panels && title && peers ? ORL_OK : orl_fail_memory(err);
    own.layout = ORL_LAYOUT_OVERLAY;
    own.title = title;
    own.subtitle = race ? NULL : runs->details;
    own.finding = NULL;
    own.highlight = NULL;
    own.notes = NULL;
    own.note_count = 0;
    own.runs = runs;
    own.run_count = race ? group->count : 1;
    own.peers = peers;
    own.peer_count = race || !peers ? 0 : list_peers(view, group, part->index, peers);
    own.panels = panels;
    own.panel_count = panels ? choose_panels(spec, own.runs, own.run_count, panels) : 0;
    own.length_s = (double)part->frames * spec->fps_den / spec->fps_num;
    if (race || group->count == 1)
        own.hold_last_s = fmax(own.hold_last_s, END_HOLD * own.length_s);
    else
        own.headline = ORL_HEADLINE_NONE; /* it would stand too short a time to be read */
    own.problem_titles = NULL;
    if (ret == ORL_OK)
        ret = orl_page_create(&own, view->measure, &part->page, err);
    if (ret == ORL_OK && !race)
        ret = orl_third_create(part->page, part->index + 1, view->run_count, err);
    if (ret == ORL_OK)
        ret = orl_page_lay(part->page, &own, err);
    free(panels);
    free(peers);
    free(title);
    return ret;
}

int orl_sequence_create(struct orl_film *film, const struct orl_film_spec *spec,
                        struct orl_error *err)
{
    struct sequence *s = film->sequence = orl_calloc(1, sizeof *s);
    struct view *whole = film->whole;
    if (!s || !(s->title = orl_strdup(spec->title ? spec->title : "")))
        return orl_fail_memory(err);
    int ret = group_runs(whole, spec, s, err);
    if (ret == ORL_OK)
        ret = orl_closing_create(whole, s->groups, s->group_count, &s->closing, err);
    if (ret == ORL_OK)
        ret = list_parts(film, err);
    if (ret == ORL_OK)
        ret = share_frames(film, err);
    for (size_t i = 0; ret == ORL_OK && i < film->part_count; i++)
        if (film->parts[i].kind == PART_RUN || film->parts[i].kind == PART_RACE)
            ret = make_page(whole, spec, s, &film->parts[i], err);
    return ret;
}

void orl_sequence_destroy(struct sequence **sequence)
{
    struct sequence *s = *sequence;
    if (!s)
        return;
    for (size_t g = 0; s->groups && s->titles && g < s->group_count; g++) {
        free(s->groups[g].finding);
        orl_standing_uninit(&s->groups[g].standing);
        free(s->titles[g]);
    }
    orl_closing_destroy(&s->closing);
    free(s->groups);
    free(s->titles);
    free(s->title);
    free(s);
    *sequence = NULL;
}

void orl_sequence_card(const struct sequence *s, const struct view *view, const struct part *part,
                       struct orl_picture *picture)
{
    if (part->kind == PART_OPENING)
        orl_card_opening(view, s->title, s->groups, s->group_count, picture);
    else if (part->kind == PART_PROBLEM)
        orl_card_problem(view, s->groups, s->group_count, part->group, picture);
    else
        orl_closing_page(view, s->closing, part->index, picture);
}
