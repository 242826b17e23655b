/* Bands about a best fit: which is which, where they lie, and what is said of them. */
#include <math.h>

#include "scene/tables.h"
#include "support/settings.h"
#include "support/stage.h"

/* The parts of the fit panel's still. */
struct found {
    struct orl_picture picture;
    const struct orl_mark *areas[4], *ghost;
    size_t count;
};

/* `run` begins at 3, -1 and stays there: what is drawn is the best fit's own. */
static void find(struct found *f, double band, double prediction, bool best)
{
    static const char *const names[] = {"alpha", "beta"};
    static const double start[] = {3, -1}, truth[] = {2, 5};
    struct orl_problem *p = stage_problem_make(&(struct stage_model){.formula = "alpha + beta*x",
                                                                     .names = names,
                                                                     .start = start,
                                                                     .truth = truth,
                                                                     .count = 2,
                                                                     .points = 20,
                                                                     .noise = 0.5});
    struct orl_trace *trace = stage_run(p, "sgd", 0.1, 0, 40);
    const struct orl_film_run run = {
        .trace = trace, .problem = p, .name = "p/o", .title = "Run", .details = ""};
    struct orl_value values[24] = {0};
    char settings[80];
    snprintf(settings, sizeof settings, "band=%g prediction=%g best_fit=%d", band, prediction,
             best);
    settings_apply(settings, orl_panel_find("fit")->settings, values);
    const struct orl_panel_spec panel = {.panel = "fit", .values = values};
    const struct orl_film_spec spec = stage_spec(&run, 1, &panel, 1, 1280, 720);
    struct orl_film *film = stage_film(&spec);
    *f = (struct found){0};
    assert_int_equal(orl_film_still(film, 0, &f->picture, NULL), ORL_OK);
    for (size_t i = 0; i < f->picture.count; i++) {
        const struct orl_mark *mark = &f->picture.marks[i];
        if (mark->kind == ORL_MARK_AREA && mark->count > 20 && f->count < 4)
            f->areas[f->count++] = mark;
        if (mark->kind == ORL_MARK_LINE && mark->dash == ORL_DASH_DOTTED)
            f->ghost = mark;
    }
    orl_film_destroy(&film);
    orl_trace_destroy(&trace);
    orl_problem_destroy(&p);
}

/* The height of the dotted line at a place; it is straight. */
static double ghost_at(const struct found *f, double x)
{
    const double *a = f->picture.points + 2 * f->ghost->first, *b = a + 2 * (f->ghost->count - 1);
    return a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]);
}

/* Half of a band at the k-th of its places: as far above the best fit as below it. */
static double half_of(const struct found *f, const struct orl_mark *area, size_t k)
{
    const double *at = f->picture.points + 2 * area->first, *up = at + 2 * k,
                 *low = at + 2 * (area->count - 1 - k);
    assert_true(up[0] == low[0] && up[1] < low[1]);
    assert_true(fabs((up[1] + low[1]) / 2 - ghost_at(f, up[0])) < 0.6);
    return (low[1] - up[1]) / 2;
}

/* Predictions, paler and wider, lie below the confidence band; both are narrowest in the middle.
 * For 20 points with a scatter of s about a line the variance in the middle is s^2/20 and s^2 +
 * s^2/20: with the same share the bands are as 1 to the root of 21. */
static void predictions_lie_outside(void **state)
{
    struct found f;
    (void)state;
    find(&f, 0.95, 0.95, false);
    assert_int_equal(f.count, 2);
    assert_non_null(f.ghost);
    const struct orl_mark *outer = f.areas[0], *inner = f.areas[1];
    size_t places = inner->count / 2, middle = places / 2;
    assert_int_equal(outer->count, inner->count);
    assert_true(outer->color.a < inner->color.a);
    CHECK_NEAR(half_of(&f, outer, middle) / half_of(&f, inner, middle), sqrt(21), 0.05);
    for (size_t k = 0; k < places; k++)
        assert_true(half_of(&f, outer, k) > half_of(&f, inner, k));
    assert_true(half_of(&f, inner, 0) > 1.5 * half_of(&f, inner, middle));
    assert_true(half_of(&f, inner, places - 1) > 1.5 * half_of(&f, inner, middle));
    orl_picture_uninit(&f.picture);
}

static void the_key_tells_the_shares(void **state)
{
    static const struct {
        double band, prediction;
        bool best;
        size_t areas;
        const char *words;
    } cases[] = {
        {0.95, 0.95, false, 2, "95 % band, prediction"},
        {0.95, 0.9, false, 2, "95 % band, 90 % prediction"},
        {0.5, NAN, false, 1, "50 % band"},
        {NAN, 0.9, false, 1, "90 % prediction"},
        {NAN, NAN, true, 0, "best fit"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct found f;
        find(&f, cases[i].band, cases[i].prediction, cases[i].best);
        assert_int_equal(f.count, cases[i].areas);
        assert_non_null(f.ghost);
        if (!stage_has_text(&f.picture, cases[i].words))
            fail_msg("'%s' is not there", cases[i].words);
        orl_picture_uninit(&f.picture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(predictions_lie_outside),
                                       cmocka_unit_test(the_key_tells_the_shares)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
