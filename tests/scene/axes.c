/* What `axes` ask of a panel: labels, limits, bands about the fit, error bars. */
#include "support/stage.h"

#include "scene/panels/axes.h"

enum { POINTS = 21 };
static const char *const names[] = {"alpha", "beta"};

/* The still of a fit with these settings of the panel ("band", ...), ended by NULL. */
struct asked {
    const char *setting;
    double number;
    const char *text;
};

static void still_of(const char *formula, const struct asked *asked, const char *kind,
                     struct orl_picture *still)
{
    static const double start[] = {0, 0}, truth[] = {3, 5};
    const struct stage_model model = {.formula = formula,
                                      .names = names,
                                      .start = start,
                                      .truth = truth,
                                      .count = 2,
                                      .points = POINTS,
                                      .noise = 0.2};
    struct orl_problem *p = stage_problem_make(&model);
    struct orl_trace *trace = stage_run(p, "levenberg-marquardt", NAN, 0, 20);
    const struct orl_film_run run = {
        .trace = trace, .problem = p, .name = "p/o", .title = "Run", .details = ""};
    const struct orl_panel_desc *desc = orl_panel_find(kind);
    struct orl_value *values = orl_values_default(desc->settings);
    for (; asked->setting; asked++) {
        int at = orl_setting_find(desc->settings, asked->setting);
        assert_true(at >= 0);
        values[at].number = asked->number;
        values[at].text = asked->text ? strdup(asked->text) : NULL;
    }
    const struct orl_panel_spec panel = {.panel = kind, .values = values};
    struct orl_film_spec spec = stage_spec(&run, 1, &panel, 1, 1280, 720);
    struct orl_film *film = stage_film(&spec);
    assert_int_equal(orl_film_still(film, 0, still, NULL), ORL_OK);
    orl_film_destroy(&film);
    orl_values_free(values, desc->settings);
    orl_trace_destroy(&trace);
    orl_problem_destroy(&p);
}

static size_t count_of(const struct orl_picture *picture, enum orl_mark_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < picture->count; i++)
        count += picture->marks[i].kind == kind;
    return count;
}

static size_t count_dashed(const struct orl_picture *picture, enum orl_dash dash)
{
    size_t count = 0;
    for (size_t i = 0; i < picture->count; i++)
        count += picture->marks[i].kind == ORL_MARK_LINE && picture->marks[i].dash == dash;
    return count;
}

/* Height of the n-th area at its left end, px. */
static double height_at_left(const struct orl_picture *picture, size_t n)
{
    for (size_t i = 0; i < picture->count; i++) {
        const struct orl_mark *mark = &picture->marks[i];
        const double *points = picture->points + 2 * mark->first;
        if (mark->kind == ORL_MARK_AREA && n-- == 0) {
            CHECK_NEAR(points[0], points[2 * mark->count - 2], 1e-9); /* there and back */
            return points[2 * mark->count - 1] - points[1];
        }
    }
    fail_msg("there are fewer areas");
    return NAN;
}

/* For a line the widths have closed formulas: of the variance s^2 of the residuals the confidence
 * band has 1/n + (x - mean)^2 / sum (x - mean)^2, at the left end of 21 points 0.17749, and the
 * prediction band 1 more. */
static void bands_of_a_line(void **state)
{
    static const struct asked both[] = {{"band", 0.95, NULL}, {"prediction", 0.95, NULL}, {0}},
                              wider[] = {{"band", 0.99, NULL}, {0}}, none[] = {{0}};
    struct orl_picture still = {0};
    double mean = 0.5, sum = 0.0;
    (void)state;
    for (int i = 0; i < POINTS; i++)
        sum += (i / 20.0 - mean) * (i / 20.0 - mean);
    double share = 1.0 / POINTS + mean * mean / sum;
    still_of("alpha + beta*x", both, "fit", &still);
    assert_int_equal(count_of(&still, ORL_MARK_AREA), 2);
    double prediction = height_at_left(&still, 0), band = height_at_left(&still, 1);
    CHECK_NEAR(prediction / band, sqrt((share + 1.0) / share), 1e-6);
    assert_true(stage_has_text(&still, "95 % band, prediction"));
    assert_int_equal(count_dashed(&still, ORL_DASH_DOTTED), 1);
    still_of("alpha + beta*x", none, "fit", &still);
    assert_int_equal(count_of(&still, ORL_MARK_AREA), 0);
    assert_int_equal(count_dashed(&still, ORL_DASH_DOTTED), 0);
    still_of("alpha + beta*x", wider, "fit", &still);
    assert_true(stage_has_text(&still, "99 % band"));
    orl_picture_uninit(&still);
}

/* Where the data do not tell the parameters apart there is no band, but a best fit. */
static void no_band_without_rank(void **state)
{
    static const struct asked band[] = {{"band", 0.95, NULL}, {0}};
    struct orl_picture still = {0};
    (void)state;
    still_of("alpha*x + beta*x", band, "fit", &still);
    assert_int_equal(count_of(&still, ORL_MARK_AREA), 0);
    assert_false(stage_has_text(&still, "95 % band"));
    orl_picture_uninit(&still);
}

/* Labels stand in place of the data's names; dots outside the limits are not drawn. */
static void labels_and_limits(void **state)
{
    static const struct asked plain[] = {{0}},
                              own[] = {{"x.label", 0, "dose (mol)"},
                                       {"y.label", 0, "response"},
                                       {"x.from", 0.5, NULL},
                                       {0}},
                              loss[] = {{"y.label", 0, "MSE"}, {"y.from", 1e-3, NULL}, {0}},
                              plane[] = {{"x.label", 0, "first"},
                                         {"x.from", 0, NULL},
                                         {"x.to", 8, NULL},
                                         {0}};
    struct orl_picture still = {0};
    (void)state;
    still_of("exp(alpha) + beta*x", plain, "fit", &still);
    size_t dots = count_of(&still, ORL_MARK_DOTS);
    assert_false(stage_has_text(&still, "dose (mol)"));
    still_of("exp(alpha) + beta*x", own, "fit", &still);
    assert_true(stage_has_text(&still, "dose (mol)") && stage_has_text(&still, "response"));
    assert_false(stage_has_text(&still, "0.4")); /* a tick left of the limit */
    assert_true(stage_has_text(&still, "0.6"));
    assert_true(dots >= count_of(&still, ORL_MARK_DOTS));
    still_of("alpha + beta*x", loss, "loss", &still);
    assert_true(stage_has_text(&still, "MSE") && stage_has_text(&still, "10\xe2\x81\xbb\xc2\xb3"));
    still_of("alpha + beta*x", plane, "surface", &still);
    assert_true(stage_has_text(&still, "first"));
    orl_picture_uninit(&still);
}

/* One end alone may be given; limits that hold nothing, or have no place on a log axis, are none.
 */
static void limits_that_hold(void **state)
{
    static const struct limits {
        double from, to, low, high;
        enum scale scale;
    } cases[] = {{NAN, NAN, 1, 9, SCALE_LINEAR}, {2, NAN, 2, 9, SCALE_LINEAR},
                 {NAN, 20, 1, 20, SCALE_LINEAR}, {-5, 5, -5, 5, SCALE_LINEAR},
                 {5, 2, 1, 9, SCALE_LINEAR},     {10, NAN, 1, 9, SCALE_LINEAR},
                 {0, 5, 1, 5, SCALE_LOG},        {INFINITY, 5, 1, 5, SCALE_LINEAR}};
    const struct orl_panel_desc *desc = orl_panel_find("surface");
    struct orl_value *values = orl_values_default(desc->settings);
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct axis axis = {.scale = cases[i].scale, .low = 1, .high = 9};
        const struct panel panel = {.desc = desc, .values = values};
        values[orl_setting_find(desc->settings, "y.from")].number = cases[i].from;
        values[orl_setting_find(desc->settings, "y.to")].number = cases[i].to;
        orl_panel_limit(&panel, "x", &axis); /* of the other axis nothing is said */
        assert_true(axis.low == 1 && axis.high == 9);
        orl_panel_limit(&panel, "y", &axis);
        if (axis.low != cases[i].low || axis.high != cases[i].high)
            fail_msg("case %zu: %g to %g", i, axis.low, axis.high);
    }
    orl_values_free(values, desc->settings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bands_of_a_line),
        cmocka_unit_test(no_band_without_rank),
        cmocka_unit_test(labels_and_limits),
        cmocka_unit_test(limits_that_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
