/* What a film tells, as text: its finding, its events, where its runs stand. */
#include "support/told.h"

#include "scene/film/film.h"
#include "scene/film/sequence.h"
#include "scene/film/story.h"
#include "support/stage.h"
#include "support/words.h"

enum { FORMS_MOST = 12, EVENTS_MOST = 32 };

static void told_finding(const struct orl_film *film, struct orl_text *told)
{
    frame_words_append(told, orl_film_finding(film));
}

/* Each time a thousandth of a px narrower than the form before, until the narrowest is too wide. */
static void told_forms(const struct orl_film *film, struct orl_text *told)
{
    const struct view *view = film->whole;
    double width = INFINITY, needs = 0.0;
    for (size_t i = 0; i < FORMS_MOST && width > needs; i++) {
        char *form = orl_finding_make(view, width);
        assert_non_null(form);
        needs = orl_letters_width(view->measure, form, view->size.title, true);
        if (needs <= width) {
            orl_text_puts(told, i ? " | " : "");
            frame_words_append(told, form);
            width = needs - 1e-3;
            needs = 0.0;
        }
        free(form);
    }
    char *last = orl_finding_make(view, 0.0); /* where none has room: the narrowest, said already */
    assert_non_null(last);
    if (orl_letters_width(view->measure, last, view->size.title, true) > width + 1e-3)
        orl_text_printf(told, "; then %s", last);
    free(last);
}

static void told_meaning(const struct orl_film *film, struct orl_text *told)
{
    char *meaning = orl_finding_define(film->whole);
    assert_non_null(meaning);
    frame_words_append(told, meaning);
    free(meaning);
}

static void told_under(const struct orl_film *film, struct orl_text *told)
{
    frame_words_append(told, film->whole->story->under);
}

static void told_closing(const struct orl_film *film, struct orl_text *told)
{
    char *closing = orl_closing_finding(film->whole, 0, film->whole->run_count);
    assert_non_null(closing);
    frame_words_append(told, closing);
    free(closing);
}

static void told_event(const struct orl_event *event, struct orl_text *told)
{
    orl_text_printf(told, "%lld %s ", (long long)event->step, orl_event_names[event->kind]);
    frame_words_append(told, event->text);
}

/* The frames of the event whose words they are. */
static void told_shown(const struct orl_film *film, const char *words, struct orl_text *told)
{
    struct orl_event all[EVENTS_MOST];
    size_t count = orl_film_events(film, all, EVENTS_MOST);
    const char *sentence = strstr(words, "..") ? strchr(words, ' ') : NULL;
    sentence = sentence ? sentence + 1 : words;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i].text, sentence) != 0)
            continue;
        if (all[i].count)
            orl_text_printf(told, "%zu..%zu ", all[i].first_frame,
                            all[i].first_frame + all[i].count);
        frame_words_append(told, sentence);
        return;
    }
}

static void told_step(struct orl_text *told, const char *name, int64_t step)
{
    if (step < 0)
        orl_text_printf(told, "%s -", name);
    else
        orl_text_printf(told, "%s %lld", name, (long long)step);
}

static void told_place(const struct orl_film *film, const char *words, struct orl_text *told)
{
    const struct view *view = film->whole;
    size_t run = 0, length = strcspn(words, ":");
    while (run < view->run_count && (strlen(view->runs[run].title) != length ||
                                     strncmp(view->runs[run].title, words, length) != 0))
        run++;
    if (run == view->run_count)
        fail_msg("no run '%s'", words);
    const struct orl_run_place *p = &view->standing.places[run];
    orl_text_printf(told, "%s: rank %s%zu, ends %.6g", view->runs[run].title, p->shared ? "=" : "",
                    p->rank, p->end);
    told_step(told, ", level", p->level_step);
    for (size_t k = 0; k < ORL_THRESHOLDS; k++)
        told_step(told, k ? "" : ", to", p->steps_to[k]);
    orl_text_printf(told, ", off %.6g%s", p->distance,
                    p->diverged ? ", diverged"
                    : p->astray ? ", astray"
                                : "");
}

static void told_goal(const struct orl_film *film, struct orl_text *told)
{
    const struct orl_standing *s = &film->whole->standing;
    orl_text_puts(told, s->goal ? orl_goal_word(s->goal_kind) : "none");
    for (size_t i = 0; i < s->goals * s->goal_count; i++)
        orl_text_printf(told, " %.6g", s->goal[i]);
    orl_text_printf(told, ", %s %.6g, level %.6g", s->known ? "least" : "least of runs", s->least,
                    s->level);
}

static const char *const kinds[] = {"finding", "forms", "meaning", "event", "events-end", "shown",
                                    "unshown", "place", "goal",    "under", "closing"};
enum { FINDING, FORMS, MEANING, EVENT, EVENTS_END, SHOWN, UNSHOWN, PLACE, GOAL, UNDER, CLOSING };

static size_t told_kind(const char *kind)
{
    size_t i = 0;
    while (i < sizeof kinds / sizeof *kinds && strcmp(kinds[i], kind) != 0)
        i++;
    return i;
}

bool film_told_knows(const char *kind)
{
    return told_kind(kind) < sizeof kinds / sizeof *kinds;
}

bool film_told_holds(const struct orl_film *film, const char *kind, const char *words,
                     size_t *events, struct orl_text *told)
{
    struct orl_event all[EVENTS_MOST];
    size_t what = told_kind(kind), count = orl_film_events(film, all, EVENTS_MOST);
    if (what == FINDING)
        told_finding(film, told);
    else if (what == FORMS)
        told_forms(film, told);
    else if (what == MEANING)
        told_meaning(film, told);
    else if (what == SHOWN || what == UNSHOWN)
        told_shown(film, words, told);
    else if (what == PLACE)
        told_place(film, words, told);
    else if (what == GOAL)
        told_goal(film, told);
    else if (what == GOAL)
        told_goal(film, told);
    else if (what == UNDER)
        told_under(film, told);
    else if (what == CLOSING)
        told_closing(film, told);
    else if (*events < count)
        told_event(&all[(*events)++], told);
    return strcmp(told->data ? told->data : "", words) == 0;
}
