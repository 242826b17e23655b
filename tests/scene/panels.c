/* Every panel of the table with traces of every kind: nothing but finite marks, no text cut or over
 * another, frames pure. */
#include "support/stage.h"
#include "support/theme.h"

#include "base/text.h"
#include "scene/panels/panel.h"

enum { PARAMETERS_MAX = 12, RUNS = 30, FRAMES = 60 };

static const char long_name[] = "a_name_of_a_hundred_letters_as_someone_may_well_give_to_a_"
                                "parameter_that_matters_a_lot_to_them_here_";

struct kind {
    const char *name;
    size_t parameters, rows;
    double scale;  /* of all numbers */
    bool equal;    /* nothing ever moves */
    bool diverged; /* the last row is followed by one that is not finite */
    bool long_names;
};

static const struct kind kinds[] = {
    {.name = "ordinary", .parameters = 3, .rows = 400, .scale = 1},
    {.name = "tiny", .parameters = 3, .rows = 50, .scale = 1e-300},
    {.name = "small", .parameters = 3, .rows = 50, .scale = 1.2345e-9},
    {.name = "huge", .parameters = 3, .rows = 50, .scale = 1e300},
    {.name = "large", .parameters = 3, .rows = 50, .scale = 1.2345e7},
    {.name = "equal", .parameters = 3, .rows = 50, .scale = 1, .equal = true},
    {.name = "zeros", .parameters = 3, .rows = 50, .scale = 0},
    {.name = "diverged", .parameters = 3, .rows = 7, .scale = 1, .diverged = true},
    {.name = "one row", .parameters = 3, .rows = 1, .scale = 1},
    {.name = "a long name", .parameters = 2, .rows = 50, .scale = 1, .long_names = true},
    {.name = "one parameter", .parameters = 1, .rows = 50, .scale = 1},
    {.name = "twelve parameters", .parameters = 12, .rows = 300, .scale = 1},
};

static const char *parameter_name(const struct kind *kind, size_t index, char buffer[128])
{
    static const char *const greek[] = {"alpha", "beta", "gamma"};
    if (kind->long_names)
        snprintf(buffer, 128, "%.*s%zu", 99, long_name, index);
    else if (index < 3)
        snprintf(buffer, 128, "%s", greek[index]);
    else
        snprintf(buffer, 128, "w%zu", index);
    return buffer;
}

/* A polynomial with data. */
static struct orl_problem *make_problem(const struct kind *kind)
{
    char buffers[PARAMETERS_MAX][128];
    const char *names[PARAMETERS_MAX];
    double truth[PARAMETERS_MAX], start[PARAMETERS_MAX];
    struct orl_text model = {0};
    const char *x = kind->long_names ? long_name : "x";
    for (size_t i = 0; i < kind->parameters; i++) {
        names[i] = parameter_name(kind, i, buffers[i]);
        truth[i] = 1.0 + (double)i;
        start[i] = -1.0;
        orl_text_printf(&model, "%s%s*%s^%zu", i ? " + " : "", names[i], x, i);
    }
    struct orl_problem *p = stage_problem_make(&(struct stage_model){.formula = model.data,
                                                                     .names = names,
                                                                     .start = start,
                                                                     .truth = truth,
                                                                     .count = kind->parameters,
                                                                     .column = x,
                                                                     .points = 40,
                                                                     .noise = 0.1});
    orl_text_uninit(&model);
    return p;
}

static char **make_names(size_t count, const struct kind *kind, bool series)
{
    static const char *const columns[] = {"learning rate", "accuracy"};
    char buffer[128];
    char **names = calloc(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = orl_strdup(series && !kind->long_names ? columns[i % 2]
                                                          : parameter_name(kind, i, buffer));
    return names;
}

/* Values that wander towards the truth, each run in its own way. */
static struct orl_trace *make_trace(const struct kind *kind, size_t run)
{
    struct orl_trace *t = calloc(1, sizeof *t);
    size_t n = kind->parameters, rows = kind->rows;
    t->rows = rows;
    t->parameter_count = n;
    t->parameters = make_names(n, kind, false);
    t->series_count = 2;
    t->series_names = make_names(2, kind, true);
    t->step = calloc(rows, sizeof *t->step);
    t->loss = calloc(rows, sizeof *t->loss);
    t->values = calloc(rows * n, sizeof *t->values);
    t->gradients = calloc(rows * n, sizeof *t->gradients);
    t->series = calloc(rows * 2, sizeof *t->series);
    for (size_t r = 0; r < rows; r++) {
        double time = kind->equal ? 0.0 : (double)r, left = exp(-time / (20.0 + 5.0 * (double)run));
        double swing = kind->diverged ? pow(-40.0, (double)r) : left * cos(0.3 * time);
        t->step[r] = (int64_t)r;
        t->loss[r] = fabs(kind->scale) > 1e150 ? 1e305 * left : kind->scale * (left * left + 1e-9);
        for (size_t i = 0; i < n; i++) {
            t->values[r * n + i] = kind->scale * (1.0 + (double)i - (2.0 + (double)i) * swing);
            t->gradients[r * n + i] = kind->scale * swing * (i % 2 ? -1.0 : 1.0);
        }
        t->series[2 * r] = r % 3 ? NAN : kind->scale * left;
        t->series[2 * r + 1] = kind->scale * 1e4 * (1.0 - left);
    }
    t->status = kind->diverged ? ORL_STATUS_DIVERGED : ORL_STATUS_FINISHED;
    t->steps = (int64_t)(kind->diverged ? rows : rows - 1);
    return t;
}

struct look {
    int width, height;
    double text, line;
    const char *theme;
};
static const struct look looks[] = {
    {1280, 720, 24, 3, "light"}, {640, 360, 12, 2, "dark"}, {1080, 1920, 30, 4, "print"}};

static int make_film(const struct orl_film_run *runs, size_t count, const char *const *panels,
                     size_t panel_count, const struct look *look, struct orl_film **film,
                     struct orl_error *err)
{
    static char text[] = "Words of any length that a person wrote,\nand a second line of them with "
                         "averylongwordthatfitsnowhereatallwhateverthesize.";
    static const struct orl_value words[] = {{.text = text}};
    struct orl_panel_spec specs[4];
    for (size_t i = 0; i < panel_count; i++)
        specs[i] =
            (struct orl_panel_spec){panels[i], strcmp(panels[i], "text") == 0 ? words : NULL};
    struct orl_film_spec spec =
        stage_spec(runs, count, specs, panel_count, look->width, look->height);
    spec.title = "A film with a title that is not short: of many panels";
    spec.text_px = look->text;
    spec.line_px = look->line;
    spec.theme = theme_of(look->theme);
    return orl_film_create(&spec, &stage_measure_wide, film, err);
}

/* The same frame gives the same marks, whatever was asked before. */
static void check_purity(const struct orl_film *film, const char *what)
{
    struct orl_picture one = {0}, two = {0};
    assert_int_equal(orl_film_moving(film, 20, &one, NULL), ORL_OK);
    assert_int_equal(orl_film_moving(film, FRAMES - 1, &two, NULL), ORL_OK);
    assert_int_equal(orl_film_moving(film, 20, &two, NULL), ORL_OK);
    if (one.count != two.count || one.text_length != two.text_length ||
        one.point_count != two.point_count)
        fail_msg("%s: frame 20 is not always the same", what);
    assert_memory_equal(one.points, two.points, one.point_count * sizeof *one.points);
    assert_memory_equal(one.text, two.text, one.text_length);
    orl_picture_uninit(&one);
    orl_picture_uninit(&two);
}

/* A number that is not 0 is not told as one. */
static void check_zeros(const struct orl_film *film, const struct kind *kind, const char *what)
{
    struct orl_picture moving = {0};
    assert_int_equal(orl_film_moving(film, 20, &moving, NULL), ORL_OK);
    for (size_t i = 0; kind->scale > 0.0 && i < moving.count; i++)
        if (moving.marks[i].kind == ORL_MARK_TEXT &&
            strstr(moving.text + moving.marks[i].text, "0.000000"))
            fail_msg("%s: '%s'", what, moving.text + moving.marks[i].text);
    orl_picture_uninit(&moving);
}

static void check_panel(const char *name, const struct kind *kind, const struct orl_film_run *runs,
                        size_t count, bool alone)
{
    const char *const panels[] = {name, strcmp(name, "loss") == 0 ? "parameters" : "loss"};
    char what[256];
    for (size_t l = 0; l < sizeof looks / sizeof *looks; l++) {
        struct orl_film *film = NULL;
        struct orl_error err = {0};
        snprintf(what, sizeof what, "%s%s, %s, %zu runs, %dx%d", name, alone ? "" : " and another",
                 kind->name, count, looks[l].width, looks[l].height);
        if (make_film(runs, count, panels, alone ? 1 : 2, &looks[l], &film, &err) != ORL_OK)
            fail_msg("%s: %s", what, err.text);
        for (size_t f = 0; f < FRAMES; f += f < 20 ? 5 : 13)
            if (orl_film_check(film, f, &err) != ORL_OK)
                fail_msg("%s, frame %zu: %s", what, f, err.text);
        if (orl_film_check(film, FRAMES - 1, &err) != ORL_OK)
            fail_msg("%s, last frame: %s", what, err.text);
        check_purity(film, what);
        check_zeros(film, kind, what);
        orl_film_destroy(&film);
    }
}

static void check_kind(const struct kind *kind)
{
    struct orl_problem *problem = make_problem(kind);
    struct orl_trace *traces[RUNS];
    struct orl_film_run runs[RUNS];
    char titles[RUNS][128];
    for (size_t r = 0; r < RUNS; r++) {
        traces[r] = make_trace(kind, r);
        snprintf(titles[r], sizeof titles[r], kind->long_names ? "%s%zu" : "SGD%.0s, lr %zu",
                 long_name, r);
        runs[r] = (struct orl_film_run){.trace = traces[r],
                                        .problem = problem,
                                        .name = "problem/run",
                                        .title = titles[r],
                                        .details = "learning rate 0.01",
                                        .style = r};
    }
    for (size_t i = 0; orl_panels[i]; i++) {
        if (!orl_panels[i]->ops)
            continue;
        static const size_t counts[] = {1, 3, RUNS};
        for (size_t c = 0; c < 3; c++) {
            check_panel(orl_panels[i]->name, kind, runs, counts[c], true);
            check_panel(orl_panels[i]->name, kind, runs, counts[c], false);
        }
    }
    for (size_t r = 0; r < RUNS; r++)
        orl_trace_destroy(&traces[r]);
    orl_problem_destroy(&problem);
}

static void every_panel_shows_anything(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        check_kind(&kinds[k]);
}

enum { SERIES = 6 };

/* Columns of like size in place of a trace's own two. */
static void make_alike(struct orl_trace *t)
{
    char name[8];
    for (size_t i = 0; i < 2; i++)
        free(t->series_names[i]);
    free(t->series_names);
    free(t->series);
    t->series_count = SERIES;
    t->series_names = calloc(SERIES, sizeof *t->series_names);
    t->series = calloc(t->rows * SERIES, sizeof *t->series);
    for (size_t i = 0; i < SERIES; i++) {
        snprintf(name, sizeof name, "col%zu", i);
        t->series_names[i] = orl_strdup(name);
        for (size_t r = 0; r < t->rows; r++)
            t->series[r * SERIES + i] = 1.0 + (double)i + 0.01 * (double)r;
    }
}

/* However small the panel: no line of a series without its name, and those that are not shown are
 * counted. */
static void series_are_called_by_their_names(void **state)
{
    struct orl_trace *trace = make_trace(&kinds[0], 0);
    struct orl_problem *problem = make_problem(&kinds[0]);
    struct orl_film_run run = {
        .trace = trace, .problem = problem, .name = "problem/run", .title = "SGD", .details = ""};
    const char *const panels[] = {"loss", "series"};
    (void)state;
    make_alike(trace);
    for (size_t l = 0; l < 2 * sizeof looks / sizeof *looks; l++) {
        struct orl_film *film = NULL;
        struct orl_picture still = {0}, moving = {0};
        char words[16];
        size_t named = 0, told = SERIES;
        assert_int_equal(make_film(&run, 1, panels + l % 2, 2 - l % 2, &looks[l / 2], &film, NULL),
                         ORL_OK);
        assert_int_equal(orl_film_still(film, 0, &still, NULL), ORL_OK);
        assert_int_equal(orl_film_moving(film, FRAMES - 1, &moving, NULL), ORL_OK);
        for (size_t i = 0; i < SERIES; i++) {
            snprintf(words, sizeof words, "col%zu", i);
            named += stage_has_text(&still, words) || stage_has_text(&moving, words);
            snprintf(words, sizeof words, "%zu of %d", i, SERIES);
            told = stage_has_text(&still, words) ? i : told;
        }
        assert_int_equal(named, told);
        orl_picture_uninit(&still);
        orl_picture_uninit(&moving);
        orl_film_destroy(&film);
    }
    orl_trace_destroy(&trace);
    orl_problem_destroy(&problem);
}

/* A panel has the functions that it needs and no others. */
static void a_panel_may_do_nothing(void **state)
{
    static const struct orl_panel_ops none;
    static const struct orl_panel_desc desc = {.name = "empty", .ops = &none};
    struct panel panel = {.desc = &desc};
    struct orl_error err = {0};
    (void)state;
    assert_int_equal(orl_panel_create(NULL, &panel, &err), ORL_OK);
    assert_int_equal(orl_panel_place(NULL, &panel, &err), ORL_OK);
    orl_panel_destroy(&panel);
    assert_null(panel.state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_panel_may_do_nothing),
                                       cmocka_unit_test(every_panel_shows_anything),
                                       cmocka_unit_test(series_are_called_by_their_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
