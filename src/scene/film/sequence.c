#include "scene/film/sequence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* How long the parts are to each other, and, where the film's length is not given, how long they
 * are: seconds. */
#define OPENING_S 3.0
#define PROBLEM_S 2.5
#define CARD_S    1.7
#define RUN_S     4.5
#define RACE_S    6.0
#define CLOSING_S 7.0

enum { PEERS_MAX = 24 };
enum part_kind { PART_OPENING, PART_PROBLEM, PART_CARD, PART_RUN, PART_RACE, PART_CLOSING };

struct part {
    enum part_kind kind;
    size_t index; /* of the run in film->runs, of the group, or of the closing's page */
    size_t group;
    size_t first, frames;
    char *chapter;         /* owned; NULL: goes on with the chapter before */
    struct orl_film *film; /* owned; NULL for a card */
};

struct sequence {
    char *title; /* owned */
    struct part *parts;
    size_t part_count;
    struct group *groups;
    char **titles; /* owned: of the groups, where they are made here */
    size_t group_count;
    struct closing *closing;
};

static double part_seconds(enum part_kind kind)
{
    static const double seconds[] = {OPENING_S, PROBLEM_S, CARD_S, RUN_S, RACE_S, CLOSING_S};
    return seconds[kind];
}

double orl_sequence_length(size_t run_count, size_t problem_count)
{
    double races = (double)(problem_count < run_count ? problem_count
                                                      : 0); /* a run alone has nobody to race */
    return OPENING_S + (problem_count > 1 ? PROBLEM_S * (double)problem_count : 0.0) +
           (CARD_S + RUN_S) * (double)run_count + RACE_S * races + CLOSING_S;
}

/* ---- Groups ---------------------------------------------------------------------------------- */

static char *made_title(const struct orl_film_run *run)
{
    return run->problem ? orl_formula_pretty(orl_problem_formula(run->problem)) : orl_strdup("");
}

/* Runs on one problem come together, in the order in which their problems come first. */
static int group_runs(struct orl_film *film, const struct orl_film_spec *spec, struct sequence *s,
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
                film->runs[placed] = spec->runs[k];
                film->styles[placed++] = orl_theme_style(film->theme, spec->runs[k].style);
            }
        group->count = placed - group->first;
        if (!(group->finding = orl_closing_finding(film, group->first, group->count)))
            return orl_fail_memory(err);
    }
    return ORL_OK;
}

/* ---- Parts ----------------------------------------------------------------------------------- */

static bool add(struct sequence *s, enum part_kind kind, size_t group, size_t index, char *chapter)
{
    s->parts[s->part_count++] =
        (struct part){.kind = kind, .group = group, .index = index, .chapter = chapter};
    return chapter != NULL;
}

static bool add_group(const struct orl_film *film, struct sequence *s, size_t g)
{
    const struct group *group = &s->groups[g];
    bool good = true, several = s->group_count > 1;
    if (several)
        good = add(s, PART_PROBLEM, g, g, orl_asprintf("Part %zu: %s", g + 1, group->title));
    for (size_t i = group->first; i < group->first + group->count; i++) {
        const char *title = film->runs[i].title;
        good = add(s, PART_CARD, g, i,
                   several ? orl_asprintf("%s: %s", group->title, title) : orl_strdup(title)) &&
               good;
        add(s, PART_RUN, g, i, NULL);
    }
    if (group->count > 1)
        good = add(s, PART_RACE, g, g,
                   several ? orl_asprintf("%s: all together", group->title)
                           : orl_strdup("All together")) &&
               good;
    return good;
}

static int list_parts(const struct orl_film *film, struct sequence *s, struct orl_error *err)
{
    size_t pages = orl_closing_pages(s->closing);
    s->parts = orl_calloc(2 * film->run_count + 2 * s->group_count + 1 + pages, sizeof *s->parts);
    if (!s->parts)
        return orl_fail_memory(err);
    bool good = add(s, PART_OPENING, 0, 0, orl_strdup(*s->title ? s->title : "Title"));
    for (size_t g = 0; g < s->group_count; g++)
        good = add_group(film, s, g) && good;
    for (size_t page = 0; page < pages; page++)
        good = (add(s, PART_CLOSING, 0, page, page ? NULL : orl_strdup("Results")) || page > 0) &&
               good;
    return good ? ORL_OK : orl_fail_memory(err);
}

/* Every part gets its share of the frames, in whole frames, and at least one. */
static int share_frames(struct sequence *s, size_t frames, struct orl_error *err)
{
    double total = 0.0, sum = 0.0;
    if (frames < s->part_count)
        return orl_fail(err, ORL_EINPUT,
                        "the film has %zu frames for its %zu parts; give it more length", frames,
                        s->part_count);
    for (size_t i = 0; i < s->part_count; i++)
        total += part_seconds(s->parts[i].kind);
    for (size_t i = 0; i < s->part_count; i++) {
        size_t least = i ? s->parts[i - 1].first + 1 : 0, most = frames - (s->part_count - i);
        size_t first = (size_t)round((double)frames * sum / total);
        s->parts[i].first = first < least ? least : first > most ? most : first;
        sum += part_seconds(s->parts[i].kind);
    }
    for (size_t i = 0; i < s->part_count; i++)
        s->parts[i].frames =
            (i + 1 < s->part_count ? s->parts[i + 1].first : frames) - s->parts[i].first;
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
static size_t list_peers(const struct orl_film *film, const struct group *group, size_t run,
                         struct orl_film_run *peers)
{
    const struct orl_trace *own = film->runs[run].trace;
    size_t count = 0, stride = (group->count + PEERS_MAX - 1) / PEERS_MAX;
    for (size_t i = group->first; i < group->first + group->count; i += stride) {
        const struct orl_trace *trace = film->runs[i].trace;
        bool alike = trace->parameter_count == own->parameter_count && !trace->loss == !own->loss &&
                     !trace->gradients == !own->gradients &&
                     film->runs[i].problem == film->runs[run].problem;
        if (i != run && alike)
            peers[count++] = film->runs[i];
    }
    return count;
}

static int make_film(const struct orl_film *film, const struct orl_film_spec *spec,
                     const struct sequence *s, struct part *part, struct orl_error *err)
{
    const struct group *group = &s->groups[part->group];
    bool race = part->kind == PART_RACE;
    const struct orl_film_run *runs = film->runs + (race ? group->first : part->index);
    struct orl_panel_spec *panels = orl_calloc(spec->panel_count, sizeof *panels);
    struct orl_film_run *peers = orl_calloc(group->count, sizeof *peers);
    struct orl_film_spec own = *spec;
    char *title = race            ? orl_asprintf("%s: all together", group->title)
                  : *group->title ? orl_asprintf("%s: %s", group->title, runs->title)
                                  : orl_strdup(runs->title);
    int ret = panels && title && peers ? ORL_OK : orl_fail_memory(err);
    own.layout = ORL_LAYOUT_OVERLAY;
    own.title = title;
    own.subtitle = race ? group->finding : NULL;
    own.runs = runs;
    own.run_count = race ? group->count : 1;
    own.peers = peers;
    own.peer_count = race || !peers ? 0 : list_peers(film, group, part->index, peers);
    own.panels = panels;
    own.panel_count = panels ? choose_panels(spec, own.runs, own.run_count, panels) : 0;
    own.length_s = (double)part->frames * spec->fps_den / spec->fps_num;
    own.problem_titles = NULL;
    if (ret == ORL_OK)
        ret = orl_film_create(&own, film->measure, &part->film, err);
    free(panels);
    free(peers);
    free(title);
    return ret;
}

int orl_sequence_create(struct orl_film *film, const struct orl_film_spec *spec,
                        struct orl_error *err)
{
    struct sequence *s = film->sequence = orl_calloc(1, sizeof *s);
    if (!s || !(s->title = orl_strdup(spec->title ? spec->title : "")))
        return orl_fail_memory(err);
    int ret = group_runs(film, spec, s, err);
    if (ret == ORL_OK)
        ret = orl_closing_create(film, s->groups, s->group_count, &s->closing, err);
    if (ret == ORL_OK)
        ret = list_parts(film, s, err);
    if (ret == ORL_OK)
        ret = share_frames(s, film->pace.frames, err);
    for (size_t i = 0; ret == ORL_OK && i < s->part_count; i++)
        if (s->parts[i].kind == PART_RUN || s->parts[i].kind == PART_RACE)
            ret = make_film(film, spec, s, &s->parts[i], err);
    return ret;
}

void orl_sequence_destroy(struct sequence **sequence)
{
    struct sequence *s = *sequence;
    if (!s)
        return;
    for (size_t i = 0; i < s->part_count; i++) {
        orl_film_destroy(&s->parts[i].film);
        free(s->parts[i].chapter);
    }
    for (size_t g = 0; g < s->group_count; g++) {
        free(s->groups[g].finding);
        free(s->titles[g]);
    }
    orl_closing_destroy(&s->closing);
    free(s->groups);
    free(s->titles);
    free(s->parts);
    free(s->title);
    free(s);
    *sequence = NULL;
}

/* ---- Frames ---------------------------------------------------------------------------------- */

size_t orl_sequence_part(const struct sequence *sequence, size_t frame)
{
    size_t low = 0, high = sequence->part_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (sequence->parts[middle].first <= frame)
            low = middle;
        else
            high = middle;
    }
    return low;
}

size_t orl_sequence_part_count(const struct sequence *sequence)
{
    return sequence->part_count;
}

size_t orl_sequence_part_first(const struct sequence *sequence, size_t part)
{
    return sequence->parts[part].first;
}

const struct orl_film *orl_sequence_film(const struct sequence *sequence, size_t part)
{
    return part < sequence->part_count ? sequence->parts[part].film : NULL;
}

const struct orl_film *orl_sequence_film_at(const struct sequence *sequence, size_t frame,
                                            size_t *own)
{
    const struct part *part = &sequence->parts[orl_sequence_part(sequence, frame)];
    *own = frame - part->first;
    return part->film;
}

size_t orl_sequence_chapters(const struct sequence *sequence, struct orl_chapter *out,
                             size_t capacity)
{
    size_t count = 0;
    for (size_t i = 0; i < sequence->part_count; i++) {
        if (!sequence->parts[i].chapter)
            continue;
        if (count < capacity)
            out[count] = (struct orl_chapter){sequence->parts[i].chapter, sequence->parts[i].first};
        count++;
    }
    return capacity && count > capacity ? capacity : count;
}

int64_t orl_sequence_step(const struct sequence *sequence, size_t frame)
{
    const struct part *part = &sequence->parts[orl_sequence_part(sequence, frame)];
    if (part->film)
        return orl_film_step(part->film, frame - part->first);
    bool announces = part->kind == PART_CARD; /* its run comes next */
    return announces ? orl_film_step(part[1].film, 0) : 0;
}

size_t orl_sequence_frame_at(const struct sequence *sequence, int64_t step)
{
    for (size_t i = 0; i < sequence->part_count; i++)
        if (sequence->parts[i].film)
            return sequence->parts[i].first + orl_film_frame_at(sequence->parts[i].film, step);
    return 0;
}

int orl_sequence_still(const struct orl_film *film, size_t part, struct orl_picture *picture,
                       struct orl_error *err)
{
    const struct sequence *s = film->sequence;
    if (part >= s->part_count)
        return orl_fail(err, ORL_EBUG, "there is no part %zu", part);
    const struct part *p = &s->parts[part];
    if (p->film)
        return orl_film_still(p->film, 0, picture, err);
    orl_picture_clear(picture);
    orl_picture_rect(picture, (struct orl_rect){0, 0, film->width, film->height},
                     film->theme->background);
    if (p->kind == PART_OPENING)
        orl_card_opening(film, s->title, s->groups, s->group_count, picture);
    else if (p->kind == PART_PROBLEM)
        orl_card_problem(film, s->groups, s->group_count, p->group, picture);
    else if (p->kind == PART_CARD)
        orl_card_run(film, &s->groups[p->group], p->index, picture);
    else
        orl_closing_page(film, s->closing, p->index, picture);
    return picture->failed ? orl_fail_memory(err) : ORL_OK;
}

int orl_sequence_moving(const struct orl_film *film, size_t frame, struct orl_picture *picture,
                        struct orl_error *err)
{
    const struct sequence *s = film->sequence;
    const struct part *part = &s->parts[orl_sequence_part(s, frame)];
    if (part->film)
        return orl_film_moving(part->film, frame - part->first, picture, err);
    orl_picture_clear(picture); /* a card stands still */
    return ORL_OK;
}
