/* Bands about the middle of several runs: where they lie, how far they have come. */
#include <math.h>

#include "support/stage.h"

enum { ROWS = 41 };

/* Losses fall from 1 to 0.2; the quartiles lie 0.1 around them, the extremes 0.2 and, from step 20
 * on, one run is lost. */
static struct orl_trace *middle(bool spread)
{
    static const char *const names[] = {"a"};
    struct orl_trace *t = stage_trace(ROWS, names, 1);
    t->spread = spread ? calloc(ROWS, ORL_SPREAD * sizeof *t->spread) : NULL;
    for (size_t i = 0; i < ROWS; i++) {
        t->loss[i] = 1 - 0.02 * (double)i;
        for (int k = 0; spread && k < ORL_SPREAD; k++)
            t->spread[i * ORL_SPREAD + (size_t)k] =
                t->loss[i] + (const double[]){-0.2, -0.1, 0.1, 0.2}[k];
        if (spread && i >= 20)
            t->spread[i * ORL_SPREAD + ORL_SPREAD_GREATEST] = (double)INFINITY;
    }
    return t;
}

struct band {
    double left, right, top, bottom;
};

/* The bands of a frame, in drawing order; returns how many. */
static size_t bands_of(const struct orl_film *film, size_t frame, struct band *bands, size_t most)
{
    struct orl_picture picture = {0};
    size_t count = 0;
    assert_int_equal(orl_film_moving(film, frame, &picture, NULL), ORL_OK);
    for (size_t m = 0; m < picture.count; m++) {
        const struct orl_mark *mark = &picture.marks[m];
        if (mark->kind != ORL_MARK_AREA || mark->count < 8 || count == most)
            continue;
        struct band *b = &bands[count++];
        *b = (struct band){INFINITY, -INFINITY, INFINITY, -INFINITY};
        for (size_t i = 0; i < mark->count; i++) {
            const double *at = picture.points + 2 * (mark->first + i);
            assert_true(isfinite(at[0]) && isfinite(at[1]));
            b->left = fmin(b->left, at[0]);
            b->right = fmax(b->right, at[0]);
            b->top = fmin(b->top, at[1]);
            b->bottom = fmax(b->bottom, at[1]);
        }
    }
    orl_picture_uninit(&picture);
    return count;
}

static struct orl_film *film_of(struct orl_film_run *run)
{
    static const struct orl_panel_spec panels[] = {{"loss", NULL}};
    struct orl_film_spec spec = stage_spec(run, 1, panels, 1, 800, 450);
    spec.pace = ORL_PACE_LINEAR;
    return stage_film(&spec);
}

static void bands_grow_with_the_line(void **state)
{
    static const char *const names[] = {"a"};
    static const double start[] = {0};
    struct orl_problem *p = stage_problem_make(
        &(struct stage_model){.formula = "a^2", .names = names, .start = start, .count = 1});
    struct orl_trace *trace = middle(true), *plain = middle(false);
    struct orl_film_run runs[] = {
        {.trace = trace, .problem = p, .name = "p/o", .title = "o", .details = ""},
        {.trace = plain, .problem = p, .name = "p/o", .title = "o", .details = ""}};
    struct orl_film *film = film_of(&runs[0]), *alone = film_of(&runs[1]);
    struct band early[4], late[4];
    (void)state;
    size_t frames = orl_film_frames(film);
    assert_int_equal(bands_of(film, frames / 3, early, 4), 2);
    assert_int_equal(bands_of(film, frames - 1, late, 4), 2);
    assert_true(late[0].right > early[0].right + 50); /* they have come further */
    assert_true(late[0].left == early[0].left);
    for (int i = 0; i < 2; i++) /* the extremes hold the quartiles, and reach further */
        assert_true((i ? late : early)[0].top < (i ? late : early)[1].top &&
                    (i ? late : early)[0].bottom > (i ? late : early)[1].bottom);
    assert_true(late[0].top > 0 && late[0].bottom < 450); /* a lost run ends at the plot's edge */
    assert_int_equal(bands_of(alone, frames - 1, late, 4), 0);
    orl_film_destroy(&film);
    orl_film_destroy(&alone);
    orl_trace_destroy(&trace);
    orl_trace_destroy(&plain);
    orl_problem_destroy(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bands_grow_with_the_line)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
