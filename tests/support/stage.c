/* Problems, traces and films for tests. */
#include "support/stage.h"

#include "base/text.h"

static size_t characters_of(const char *utf8)
{
    size_t count = 0;
    for (; *utf8; utf8++)
        count += ((unsigned char)*utf8 & 0xc0) != 0x80;
    return count;
}

static void measure_half(void *context, const char *utf8, double size_px, bool bold,
                         struct orl_extent *out)
{
    (void)context;
    *out = (struct orl_extent){(double)characters_of(utf8) * size_px * (bold ? 0.55 : 0.5),
                               0.9 * size_px, 0.3 * size_px};
}

static void measure_wide(void *context, const char *utf8, double size_px, bool bold,
                         struct orl_extent *out)
{
    (void)context;
    *out = (struct orl_extent){(double)characters_of(utf8) * size_px * (bold ? 0.57 : 0.54),
                               0.9 * size_px, 0.3 * size_px};
}

const struct orl_measure stage_measure = {NULL, measure_half};
const struct orl_measure stage_measure_wide = {NULL, measure_wide};

static struct orl_dataset *stage_data_make(const struct stage_model *m)
{
    struct orl_column_spec column = {
        .name = m->column ? m->column : "x", .from = 0, .to = 1, .count = m->points};
    struct orl_noise_spec noise = {.sd = m->noise};
    struct orl_formula *f = NULL;
    struct orl_formula_error refused;
    struct orl_dataset *made = NULL;
    assert_int_equal(
        orl_formula_parse(m->formula, strlen(m->formula), &orl_limits_default, &f, &refused),
        ORL_OK);
    assert_int_equal(
        orl_dataset_generate(f, m->names, m->truth, m->count, &column, 1, &noise, 1, &made, NULL),
        ORL_OK);
    orl_formula_destroy(&f);
    return made;
}

struct orl_problem *stage_problem_make(const struct stage_model *m)
{
    struct orl_dataset *data = m->points ? stage_data_make(m) : NULL;
    struct orl_problem *p = NULL;
    struct orl_error err = {0};
    struct orl_problem_spec spec = {.model = m->formula,
                                    .parameters = m->names,
                                    .start = m->start,
                                    .truth = m->truth,
                                    .truth_count = m->truth_count,
                                    .parameter_count = m->count,
                                    .data = data ? &data : NULL,
                                    .loss = orl_loss_find(m->loss ? m->loss : "mse")};
    if (orl_problem_create(&spec, &orl_limits_default, &p, &err) != ORL_OK)
        fail_msg("%s: %s", m->formula, err.text);
    return p;
}

struct orl_problem *stage_problem(const char *formula, const double *truth, size_t points)
{
    static const char *const names[] = {"alpha", "beta", "gamma"};
    static const double start[] = {3, -1, 6};
    return stage_problem_make(&(struct stage_model){.formula = formula,
                                                    .names = names,
                                                    .start = start,
                                                    .truth = truth,
                                                    .count = points ? 3 : 2,
                                                    .points = points});
}

struct orl_trace *stage_run(const struct orl_problem *p, const char *optimizer, double rate,
                            size_t batch, int64_t steps)
{
    const struct orl_optimizer_desc *desc = orl_optimizer_find(optimizer);
    struct orl_value values[16] = {{0}}, common[8] = {{0}};
    struct orl_trace *trace = NULL;
    assert_non_null(desc);
    for (size_t i = 0; desc->settings[i].name; i++)
        values[i].number =
            strcmp(desc->settings[i].name, "learning_rate") == 0 ? rate : desc->settings[i].initial;
    common[ORL_COMMON_BATCH].number = (double)batch;
    struct orl_run_spec spec = {.problem = p,
                                .optimizer = desc,
                                .settings = values,
                                .common = common,
                                .steps = steps,
                                .record_every = 1,
                                .record_rows = 100000,
                                .seed = 1};
    assert_int_equal(orl_trace_run(&spec, &trace, NULL), ORL_OK);
    return trace;
}

struct orl_trace *stage_trace(size_t rows, const char *const *names, size_t count)
{
    struct orl_trace *t = calloc(1, sizeof *t);
    *t = (struct orl_trace){.rows = rows,
                            .parameter_count = count,
                            .parameters = calloc(count + 1, sizeof *t->parameters),
                            .step = calloc(rows, sizeof *t->step),
                            .loss = calloc(rows, sizeof *t->loss),
                            .values = calloc(rows * count + 1, sizeof *t->values),
                            .steps = (int64_t)rows - 1};
    for (size_t i = 0; i < rows; i++)
        t->step[i] = (int64_t)i;
    for (size_t i = 0; i < count; i++)
        t->parameters[i] = orl_strdup(names[i]);
    return t;
}

struct orl_film_spec stage_spec(const struct orl_film_run *runs, size_t count,
                                const struct orl_panel_spec *panels, size_t panel_count, int width,
                                int height)
{
    double scale = fmin(width / 1280.0, height / 720.0);
    return (struct orl_film_spec){.title = "a film of several runs",
                                  .runs = runs,
                                  .run_count = count,
                                  .panels = panels,
                                  .panel_count = panel_count,
                                  .pace = ORL_PACE_LOG,
                                  .length_s = 2,
                                  .hold_first_s = 0.2,
                                  .hold_last_s = 0.4,
                                  .to_step = -1,
                                  .width = width,
                                  .height = height,
                                  .fps_num = 30,
                                  .fps_den = 1,
                                  .text_px = 24 * scale,
                                  .line_px = 3 * scale,
                                  .theme = {.base = "light"}};
}

struct orl_film *stage_film(const struct orl_film_spec *spec)
{
    struct orl_film *film = NULL;
    struct orl_error err = {0};
    if (orl_film_create(spec, &stage_measure, &film, &err) != ORL_OK)
        fail_msg("%dx%d: %s", spec->width, spec->height, err.text);
    return film;
}

bool stage_has_text(const struct orl_picture *picture, const char *text)
{
    for (size_t i = 0; i < picture->count; i++)
        if (picture->marks[i].kind == ORL_MARK_TEXT &&
            strstr(picture->text + picture->marks[i].text, text))
            return true;
    return false;
}

bool stage_frame_says(const struct orl_film *film, size_t frame, const char *text)
{
    struct orl_picture still = {0}, moving = {0};
    assert_int_equal(orl_film_still(film, orl_film_part(film, frame), &still, NULL), ORL_OK);
    assert_int_equal(orl_film_moving(film, frame, &moving, NULL), ORL_OK);
    bool says = stage_has_text(&still, text) || stage_has_text(&moving, text);
    orl_picture_uninit(&still);
    orl_picture_uninit(&moving);
    return says;
}

void stage_sweep(struct orl_film_run *run, struct orl_told *told, const char *base,
                 const char *name, const char *text)
{
    *told = (struct orl_told){strcmp(name, "lr") == 0 ? "learning rate" : name, name, text, 1};
    run->base = base;
    run->told = told;
    run->told_count = 1;
}
