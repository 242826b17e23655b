/* What tells the past of a run: the start on a surface, earlier curves of a fit. */
#include "support/stage.h"

struct path {
    struct orl_film *film;
    struct orl_picture still, first, last;
    double start[2], head[2]; /* px */
    struct orl_problem *problem;
    struct orl_trace *trace;
};

/* The place of the run's marker: of the filled markers that a frame adds, the largest. */
static void head_find(const struct orl_picture *picture, double at[2])
{
    double largest = 0;
    for (size_t i = 0; i < picture->count; i++) {
        const struct orl_mark *m = &picture->marks[i];
        if (m->kind != ORL_MARK_DOTS || m->marker == ORL_MARKER_RING || m->count != 1 ||
            m->size < largest)
            continue;
        largest = m->size;
        memcpy(at, picture->points + 2 * m->first, 2 * sizeof *at);
    }
    assert_true(largest > 0);
}

/* One run down a long bowl, its surface alone in the film. */
static void path_open(struct path *p)
{
    static const double truth[] = {0, 0};
    static const struct orl_panel_spec panel = {.panel = "surface"};
    *p = (struct path){.problem = stage_problem("alpha^2 + 8*beta^2", truth, 0)};
    p->trace = stage_run(p->problem, "sgd", 0.02, 0, 60);
    const struct orl_film_run run = {
        .trace = p->trace, .problem = p->problem, .name = "p/sgd", .title = "SGD", .details = ""};
    struct orl_film_spec spec = stage_spec(&run, 1, &panel, 1, 1280, 720);
    spec.pace = ORL_PACE_LINEAR;
    p->film = stage_film(&spec);
    assert_int_equal(orl_film_still(p->film, 0, &p->still, NULL), ORL_OK);
    assert_int_equal(orl_film_moving(p->film, 0, &p->first, NULL), ORL_OK);
    assert_int_equal(orl_film_moving(p->film, orl_film_frames(p->film) - 1, &p->last, NULL),
                     ORL_OK);
    head_find(&p->first, p->start);
    head_find(&p->last, p->head);
    assert_true(hypot(p->start[0] - p->head[0], p->start[1] - p->head[1]) > 100);
}

static void path_close(struct path *p)
{
    orl_picture_uninit(&p->still);
    orl_picture_uninit(&p->first);
    orl_picture_uninit(&p->last);
    orl_film_destroy(&p->film);
    orl_trace_destroy(&p->trace);
    orl_problem_destroy(&p->problem);
}

/* A closed line all of whose points are as far from there. */
static bool ring_stands_at(const struct orl_picture *picture, const double at[2])
{
    for (size_t i = 0; i < picture->count; i++) {
        const struct orl_mark *m = &picture->marks[i];
        const double *xy = picture->points + 2 * m->first;
        double radius = hypot(xy[0] - at[0], xy[1] - at[1]);
        bool ring = m->kind == ORL_MARK_LINE && m->count > 20 && radius < 12.0;
        for (size_t k = 1; ring && k < m->count; k++)
            ring = fabs(hypot(xy[2 * k] - at[0], xy[2 * k + 1] - at[1]) - radius) < 0.5;
        if (ring)
            return true;
    }
    return false;
}

static void the_start_stays_marked_where_it_was(void **state)
{
    struct path p;
    (void)state;
    path_open(&p);
    assert_true(ring_stands_at(&p.still, p.start) || ring_stands_at(&p.last, p.start));
    path_close(&p);
}

/* How much a line shows on the white page: its width times how dark and how opaque it is. */
static double ink_of(const struct orl_mark *m)
{
    double light = 0.2126 * m->color.r + 0.7152 * m->color.g + 0.0722 * m->color.b;
    return m->size * m->color.a * (1.0 - light);
}

/* The curves of a fit, which are not grey: where they end and how much each shows. */
static size_t curves_find(const struct orl_picture *picture, double ends[8], double ink[8])
{
    size_t count = 0;
    for (size_t i = 0; i < picture->count && count < 8; i++) {
        const struct orl_mark *m = &picture->marks[i];
        if (m->kind != ORL_MARK_LINE || m->count < 5 || fabs(m->color.r - m->color.b) < 0.08)
            continue;
        ends[count] = picture->points[2 * (m->first + m->count - 1) + 1];
        ink[count++] = ink_of(m);
    }
    return count;
}

/* One run of a fit whose right end only rises: a curve that ends higher is a younger one. */
static void earlier_curves_are_paler(void **state)
{
    static const double truth[] = {9, 9, 9};
    static const struct orl_panel_spec panel = {.panel = "fit"};
    struct orl_problem *p = stage_problem("alpha + beta*x + gamma*x^2", truth, 30);
    struct orl_trace *t = stage_run(p, "sgd", 0.01, 0, 80);
    const struct orl_film_run run = {
        .trace = t, .problem = p, .name = "p/sgd", .title = "SGD", .details = ""};
    struct orl_film_spec spec = stage_spec(&run, 1, &panel, 1, 1280, 720);
    struct orl_picture moving = {0};
    double ends[8], ink[8];
    (void)state;
    spec.pace = ORL_PACE_LINEAR;
    struct orl_film *film = stage_film(&spec);
    assert_int_equal(orl_film_moving(film, orl_film_frame_at(film, 40), &moving, NULL), ORL_OK);
    size_t count = curves_find(&moving, ends, ink);
    assert_true(count >= 3);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            if (ends[i] < ends[k] - 1 && !(ink[i] > ink[k]))
                fail_msg("the younger curve, ending at %g, shows %g, the older one %g", ends[i],
                         ink[i], ink[k]);
    orl_picture_uninit(&moving);
    orl_film_destroy(&film);
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
}

/* How many steps of early curves the last frame names, of a run with this rate on a line; those
 * that no axis has. */
static size_t steps_named(double rate, bool said[2])
{
    static const double truth[] = {4, 4};
    static const struct orl_panel_spec panel = {.panel = "fit"};
    static const char *const steps[] = {"step 0", "30"};
    static const char *const names[] = {"alpha", "beta"};
    static const double start[] = {0, 0};
    const struct stage_model model = {.formula = "alpha + beta*x",
                                      .names = names,
                                      .start = start,
                                      .truth = truth,
                                      .count = 2,
                                      .points = 30};
    struct orl_problem *p = stage_problem_make(&model);
    struct orl_trace *t = stage_run(p, "sgd", rate, 0, 400);
    const struct orl_film_run run = {
        .trace = t, .problem = p, .name = "p/sgd", .title = "SGD", .details = ""};
    struct orl_film_spec spec = stage_spec(&run, 1, &panel, 1, 1280, 720);
    struct orl_film *film = stage_film(&spec);
    size_t count = 0;
    for (size_t i = 0; i < 2; i++) {
        said[i] = stage_frame_says(film, orl_film_frames(film) - 1, steps[i]);
        count += said[i];
    }
    assert_false(stage_frame_says(film, 0, "step 0")); /* the run is still there */
    orl_film_destroy(&film);
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
    return count;
}

/* Early curves stay, at log-spaced steps, with these at their ends; a run that jumps to and fro has
 * none. */
static void early_curves_say_their_steps(void **state)
{
    bool said[2];
    (void)state;
    assert_int_equal(steps_named(0.01, said), 2);
    assert_int_equal(steps_named(0.78, said), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(early_curves_say_their_steps),
        cmocka_unit_test(the_start_stays_marked_where_it_was),
        cmocka_unit_test(earlier_curves_are_paler),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
