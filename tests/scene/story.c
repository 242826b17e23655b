/* What films tell: the finding as a sentence, and events at their steps. */
#include <math.h>

#include "support/stage.h"

enum { ROWS = 11, MOST = 6 };

struct field {
    struct orl_problem *problem;
    struct orl_trace *traces[MOST];
    struct orl_film_run runs[MOST];
    size_t count;
    struct orl_film *film;
};

static const char *const names[] = {"alpha", "beta"};
static const char *const titles[] = {"SGD", "Momentum", "Adam", "Newton", "Lion", "Adan"};

/* Runs over steps 0 to 10 that start at (0, 0) with a loss of 8. */
static void field_make(struct field *f, struct orl_problem *problem, size_t count)
{
    *f = (struct field){.problem = problem, .count = count};
    for (size_t i = 0; i < count; i++) {
        f->traces[i] = stage_trace(ROWS, names, 2);
        f->traces[i]->steps = ROWS - 1;
        for (size_t row = 0; row < ROWS; row++)
            f->traces[i]->loss[row] = 8.0 - 0.1 * (double)row;
        f->runs[i] = (struct orl_film_run){.trace = f->traces[i],
                                           .problem = problem,
                                           .name = titles[i],
                                           .title = titles[i],
                                           .details = "",
                                           .style = i};
    }
}

/* From a step on a run has this loss. */
static void drop_to(struct field *f, size_t run, size_t step, double loss)
{
    for (size_t row = step; row < ROWS; row++)
        f->traces[run]->loss[row] = loss;
}

static struct orl_film_spec spec_of(struct field *f)
{
    static const struct orl_panel_spec panels[] = {{"loss", NULL}};
    struct orl_film_spec spec = stage_spec(f->runs, f->count, panels, 1, 1280, 720);
    spec.length_s = 12.0;
    spec.pace = ORL_PACE_LINEAR;
    spec.title = "A bowl";
    return spec;
}

static void field_film(struct field *f)
{
    struct orl_film_spec spec = spec_of(f);
    f->film = stage_film(&spec);
}

static void field_release(struct field *f)
{
    orl_film_destroy(&f->film);
    for (size_t i = 0; i < f->count; i++)
        orl_trace_destroy(&f->traces[i]);
    orl_problem_destroy(&f->problem);
}

/* Its least loss, 0, lies at (10, 2). */
static struct orl_problem *bowl(void)
{
    static const double goal[] = {10, 2};
    return stage_problem("(alpha-10)^2 + (beta-2)^2", goal, 0);
}

static void finds(struct field *f, const char *finding)
{
    field_film(f);
    assert_string_equal(orl_film_finding(f->film), finding);
    assert_true(stage_frame_says(f->film, orl_film_frames(f->film) - 1, finding));
    assert_false(stage_frame_says(f->film, 0, finding)); /* told when it has happened */
    field_release(f);
}

static void arrivals(void **state)
{
    struct field f;
    (void)state;
    field_make(&f, bowl(), 3);
    drop_to(&f, 1, 4, 0.0);
    drop_to(&f, 2, 7, 1e-9);
    finds(&f, "Momentum arrives in 4 steps, Adam in 7; SGD never does");
    field_make(&f, bowl(), 3);
    drop_to(&f, 1, 4, 0.0);
    finds(&f, "Momentum arrives in 4 steps, the others never do");
    field_make(&f, bowl(), 2);
    drop_to(&f, 0, 4, 0.0);
    drop_to(&f, 1, 4, 1e-12); /* later digits decide nothing */
    finds(&f, "SGD and Momentum arrive in 4 steps");
    field_make(&f, bowl(), 1);
    drop_to(&f, 0, 6, 0.0);
    finds(&f, "SGD arrives in 6 steps");
}

static void endings(void **state)
{
    struct field f;
    (void)state;
    field_make(&f, NULL, 3);
    drop_to(&f, 1, 5, 0.5);
    drop_to(&f, 2, 5, 3.0);
    finds(&f, "Momentum ends lowest, loss 0.500; SGD at 7.00");
    field_make(&f, NULL, 3);
    drop_to(&f, 1, 5, 0.5);
    drop_to(&f, 2, 5, 0.5);
    finds(&f, "Momentum and Adam end lowest, loss 0.500; SGD at 7.00");
    field_make(&f, NULL, 4);
    for (size_t i = 0; i < 4; i++)
        drop_to(&f, i, 3 + i, 0.37 + 1e-5 * (double)i);
    finds(&f, "All four end alike, loss 0.370");
    field_make(&f, NULL, 2);
    drop_to(&f, 1, 5, 0.5);
    f.traces[0]->status = ORL_STATUS_DIVERGED;
    finds(&f, "Momentum ends lowest, loss 0.500; SGD diverges");
    field_make(&f, NULL, 1);
    f.traces[0]->status = ORL_STATUS_DIVERGED;
    f.traces[0]->steps = 11;
    finds(&f, "SGD diverges at step 11");
}

static void a_parameter_that_nobody_brings_home(void **state)
{
    struct field f;
    (void)state;
    field_make(&f, bowl(), 3);
    for (size_t i = 0; i < 3; i++)
        for (size_t row = 0; row < ROWS; row++) {
            f.traces[i]->values[2 * row] = 0.001 * (double)row; /* 0.1 % of alpha's way */
            f.traces[i]->values[2 * row + 1] = 0.2 * (double)row;
        }
    finds(&f, "None of the three brings α anywhere near 10");
}

static void a_headline_of_ones_own(void **state)
{
    struct field f;
    (void)state;
    field_make(&f, bowl(), 2);
    struct orl_film_spec spec = spec_of(&f);
    spec.finding = "Look at this";
    spec.headline = ORL_HEADLINE_FIRST;
    f.film = stage_film(&spec);
    assert_true(stage_frame_says(f.film, 0, "Look at this"));
    orl_film_destroy(&f.film);
    spec.headline = ORL_HEADLINE_NONE;
    f.film = stage_film(&spec);
    assert_string_equal(orl_film_finding(f.film), "");
    assert_false(stage_frame_says(f.film, orl_film_frames(f.film) - 1, "Look at this"));
    assert_true(stage_frame_says(f.film, orl_film_frames(f.film) - 1, "A bowl"));
    field_release(&f);
}

/* The event of a kind; fails where there is none. */
static struct orl_event event_of(const struct orl_film *film, enum orl_event_kind kind,
                                 const char *run)
{
    struct orl_event events[32];
    size_t count = orl_film_events(film, events, 32);
    for (size_t i = 0; i < count; i++)
        if (events[i].kind == kind && (!run || (events[i].run && !strcmp(events[i].run, run))))
            return events[i];
    fail_msg("no %s of %s", orl_event_names[kind], run ? run : "anybody");
    return events[0];
}

static bool has_event(const struct orl_film *film, enum orl_event_kind kind)
{
    struct orl_event events[32];
    size_t count = orl_film_events(film, events, 32);
    for (size_t i = 0; i < count; i++)
        if (events[i].kind == kind)
            return true;
    return false;
}

static void events(void **state)
{
    struct field f;
    (void)state;
    field_make(&f, bowl(), 3);
    drop_to(&f, 0, 2, 5.0);  /* in front from step 2 on */
    drop_to(&f, 1, 5, 0.05); /* then Momentum, which is below 1 % at once */
    drop_to(&f, 1, 8, 0.0);
    for (size_t row = 6; row < ROWS; row++) /* 4 % past the goal along alpha */
        f.traces[1]->values[2 * row] = 10.4;
    drop_to(&f, 2, 9, 1000.0);
    field_film(&f);
    struct orl_event e = event_of(f.film, ORL_EVENT_START, NULL);
    assert_string_equal(e.text, "Three start together; loss 8.00");
    e = event_of(f.film, ORL_EVENT_GOAL, "Momentum");
    assert_int_equal(e.step, 8);
    assert_string_equal(e.text, "Momentum arrives at the minimum");
    e = event_of(f.film, ORL_EVENT_OVERSHOOT, "Momentum");
    assert_int_equal(e.step, 6);
    e = event_of(f.film, ORL_EVENT_LEAVES, "Adam");
    assert_int_equal(e.step, 9);
    e = event_of(f.film, ORL_EVENT_LEAD, "Momentum");
    assert_int_equal(e.step, 5);
    e = event_of(f.film, ORL_EVENT_THRESHOLD, "Momentum");
    assert_int_equal(e.step, 5);
    assert_false(has_event(f.film, ORL_EVENT_DIVERGED));
    field_release(&f);
}

/* The last end of a way just short of 3 % past the goal is no overshoot. */
static void no_overshoot(void **state)
{
    struct field f;
    (void)state;
    field_make(&f, bowl(), 1);
    f.traces[0]->values[2 * 9] = 10.29;
    field_film(&f);
    assert_false(has_event(f.film, ORL_EVENT_OVERSHOOT));
    field_release(&f);
}

/* Each sentence stands for 1.2 s, never two at once, the next at least 1.5 s after the one before,
 * and nothing but the finding at the end. */
static void one_at_a_time(void **state)
{
    struct field f;
    struct orl_event told[32];
    (void)state;
    field_make(&f, bowl(), 6);
    for (size_t i = 0; i < 6; i++)
        drop_to(&f, i, 1 + i, 0.0);
    field_film(&f);
    size_t count = orl_film_events(f.film, told, 32), shown = 0, before = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        if (!told[i].count)
            continue;
        assert_int_equal(told[i].count, 36); /* 1.2 s at 30 frames a second */
        if (before != SIZE_MAX)
            assert_true(told[i].first_frame >= told[before].first_frame + 45);
        assert_true(stage_frame_says(f.film, told[i].first_frame, told[i].text));
        assert_false(stage_frame_says(f.film, told[i].first_frame + 36, told[i].text));
        before = i;
        shown++;
    }
    assert_true(shown >= 3 && shown < count); /* what has no room is a dot on the ruler alone */
    field_release(&f);
}

static void notes_and_silence(void **state)
{
    static const struct orl_note notes[] = {{5, 1, "look here", 0.0}};
    struct field f;
    (void)state;
    field_make(&f, bowl(), 2);
    struct orl_film_spec spec = spec_of(&f);
    spec.no_events = true;
    spec.notes = notes;
    spec.note_count = 1;
    f.film = stage_film(&spec);
    struct orl_event e[4];
    assert_int_equal(orl_film_events(f.film, e, 4), 1);
    assert_true(e[0].step == 5 && e[0].kind == ORL_EVENT_NOTE && !strcmp(e[0].run, "Momentum"));
    assert_true(stage_frame_says(f.film, orl_film_frame_at(f.film, 5), "look here"));
    field_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrivals),
        cmocka_unit_test(endings),
        cmocka_unit_test(a_parameter_that_nobody_brings_home),
        cmocka_unit_test(a_headline_of_ones_own),
        cmocka_unit_test(events),
        cmocka_unit_test(no_overshoot),
        cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(notes_and_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
