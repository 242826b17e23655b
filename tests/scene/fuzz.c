/* Any bytes as runs and a film of them: refused, or frames whose marks all have a place, and which
 * are the same whenever they are asked for. */
#include <math.h>

#include "optreel/scene.h"
#include "orl_fuzz.h"
#include "scene/tables.h"

enum { RUNS = 5, ROWS = 24, PANELS = 5, NAMES = 3, MARKS_MOST = 200000 };
#define FAR 1e7 /* px: no mark lies farther off the frame */

struct bytes {
    const uint8_t *at;
    size_t left;
};

static unsigned take(struct bytes *b)
{
    if (b->left == 0)
        return 0;
    b->left--;
    return *b->at++;
}

/* Numbers of all sizes, the ends among them. */
static double number(struct bytes *b)
{
    static const double ends[] = {0.0,    -0.0, 1e308,    -1e308,  5e-324,
                                  1e-300, 1e16, 9e15 + 1, 1.0 / 3, -7.0};
    unsigned kind = take(b);
    if (kind >= 246)
        return ends[kind - 246];
    return ((double)take(b) - 128.0) *
           pow(10.0, kind < 200 ? (int)(kind % 5) - 3 : (int)kind - 220);
}

static void text_measure(void *context, const char *utf8, double size_px, bool bold,
                         struct orl_extent *out)
{
    size_t count = 0;
    (void)context;
    for (; *utf8; utf8++)
        count += ((unsigned char)*utf8 & 0xc0) != 0x80;
    *out = (struct orl_extent){(double)count * size_px * (bold ? 0.57 : 0.54), 0.9 * size_px,
                               0.3 * size_px};
}

/* A line through data, a plain function, or (NULL) none: what training logs have. */
static struct orl_problem *problem_make(unsigned kind, const char *const *names, size_t count)
{
    static const char *const formulas[] = {"a + b*x + c*x^2", "a^2 + 10*b^2 + (a*b - c)^2"};
    static const double start[] = {3, -1, 6}, truth[] = {1, 2, 0.5};
    struct orl_column_spec column = {.name = "x", .from = 0, .to = 1, .count = 9};
    const struct orl_noise_spec noise = {.sd = 0.1};
    struct orl_dataset *data = NULL;
    struct orl_formula *f = NULL;
    struct orl_formula_error refused;
    struct orl_problem *p = NULL;
    if (kind % 3 == 2 || count != NAMES)
        return NULL;
    const char *formula = formulas[kind % 3];
    if (kind % 3 == 0) {
        fuzz_require(orl_formula_parse(formula, strlen(formula), &orl_limits_default, &f,
                                       &refused) == ORL_OK);
        fuzz_require(orl_dataset_generate(f, names, truth, count, &column, 1, &noise, 1, &data,
                                          NULL) == ORL_OK);
        orl_formula_destroy(&f);
    }
    struct orl_problem_spec spec = {.model = formula,
                                    .parameters = names,
                                    .start = start,
                                    .truth = data ? truth : NULL,
                                    .parameter_count = count,
                                    .data = data ? &data : NULL,
                                    .loss = orl_loss_find("mse")};
    fuzz_require(orl_problem_create(&spec, &orl_limits_default, &p, NULL) == ORL_OK);
    return p;
}

static struct orl_trace *trace_make(struct bytes *b, const char *const *names, size_t count)
{
    struct orl_trace *t = calloc(1, sizeof *t);
    unsigned kind = take(b);
    size_t rows = 1 + take(b) % ROWS;
    *t = (struct orl_trace){.rows = rows,
                            .parameter_count = count,
                            .parameters = calloc(count + 1, sizeof *t->parameters),
                            .step = calloc(rows, sizeof *t->step),
                            .loss = kind & 1 ? calloc(rows, sizeof *t->loss) : NULL,
                            .values = calloc(rows * count + 1, sizeof *t->values),
                            .gradients =
                                kind & 2 ? calloc(rows * count + 1, sizeof *t->gradients) : NULL,
                            .gradient_norm = 1.0,
                            .status = kind & 4 ? ORL_STATUS_DIVERGED : ORL_STATUS_FINISHED};
    for (size_t i = 0; i < count; i++)
        t->parameters[i] = strdup(names[i]);
    for (size_t i = 0; i < rows; i++) {
        t->step[i] = i ? t->step[i - 1] + 1 + (take(b) >> (kind & 8 ? 0 : 6)) : 0;
        if (t->loss)
            t->loss[i] = number(b);
        for (size_t k = 0; k < count; k++)
            t->values[i * count + k] = number(b);
        for (size_t k = 0; t->gradients && k < count; k++)
            t->gradients[i * count + k] = number(b);
    }
    if (kind & 16) {
        t->series_count = 1;
        t->series_names = calloc(1, sizeof *t->series_names);
        t->series_names[0] = strdup("accuracy");
        t->series = calloc(rows, sizeof *t->series);
        for (size_t i = 0; i < rows; i++)
            t->series[i] = take(b) % 7 ? number(b) : (double)NAN;
    }
    t->steps = t->step[rows - 1] + (t->status == ORL_STATUS_DIVERGED);
    return t;
}

static void picture_check(const struct orl_picture *picture)
{
    fuzz_require(!picture->failed && picture->count < MARKS_MOST);
    for (size_t i = 0; i < picture->count; i++) {
        const struct orl_mark *mark = &picture->marks[i];
        bool lifts = mark->kind == ORL_MARK_LINE || mark->kind == ORL_MARK_AREA;
        fuzz_require(isfinite(mark->size) && mark->size >= 0.0 && isfinite(mark->size2));
        fuzz_require(2 * (mark->first + mark->count) <= picture->point_count);
        for (size_t k = 2 * mark->first; k < 2 * (mark->first + mark->count); k++)
            fuzz_require(fabs(picture->points[k]) < FAR || (lifts && isnan(picture->points[k])));
        fuzz_require(mark->kind != ORL_MARK_TEXT || mark->text < picture->text_length);
    }
}

static void frame_check(const struct orl_film *film, size_t frame)
{
    struct orl_picture picture = {0}, again = {0};
    fuzz_require(orl_film_still(film, orl_film_part(film, frame), &picture, NULL) == ORL_OK);
    picture_check(&picture);
    fuzz_require(orl_film_moving(film, frame, &picture, NULL) == ORL_OK);
    picture_check(&picture);
    fuzz_require(orl_film_moving(film, frame, &again, NULL) == ORL_OK);
    fuzz_require(again.count == picture.count && again.point_count == picture.point_count);
    fuzz_require(again.point_count == 0 || memcmp(again.points, picture.points,
                                                  again.point_count * sizeof *again.points) == 0);
    orl_picture_uninit(&again);
    orl_picture_uninit(&picture);
}

static void film_check(struct bytes *b, const struct orl_film_run *runs, size_t count)
{
    static const struct orl_measure measure = {NULL, text_measure};
    static const int sizes[][2] = {{64, 64}, {320, 180}, {180, 320}, {640, 360}};
    struct orl_panel_spec panels[PANELS];
    struct orl_value *values[PANELS];
    size_t all = 0, panel_count = 1 + take(b) % PANELS;
    while (orl_panels[all])
        all++;
    for (size_t i = 0; i < panel_count; i++) {
        const struct orl_panel_desc *panel = orl_panels[take(b) % all];
        values[i] = orl_values_default(panel->settings);
        panels[i] = (struct orl_panel_spec){panel->name, values[i]};
    }
    const int *size = sizes[take(b) % 4];
    unsigned how = take(b);
    struct orl_film_spec spec = {.title = "any film",
                                 .runs = runs,
                                 .run_count = count,
                                 .panels = panels,
                                 .panel_count = panel_count,
                                 .layout = (enum orl_layout)(how % 3),
                                 .pace = (enum orl_pace)(how / 3 % 5),
                                 .card = how & 128,
                                 .length_s = 1,
                                 .hold_first_s = 0.1,
                                 .hold_last_s = 0.2,
                                 .to_step = -1,
                                 .width = size[0],
                                 .height = size[1],
                                 .fps_num = 10,
                                 .fps_den = 1,
                                 .text_px = 9,
                                 .line_px = 1,
                                 .theme = {.base = "light"}};
    struct orl_film *film = NULL;
    struct orl_error err = {0};
    int ret = orl_film_create(&spec, &measure, &film, &err);
    fuzz_require((ret == ORL_OK) == (film != NULL) && (ret == ORL_OK || err.text[0]));
    fuzz_require(ret == ORL_OK || ret == ORL_EINPUT);
    size_t frames = film ? orl_film_frames(film) : 0;
    for (size_t frame = 0; frame < frames; frame += 3)
        frame_check(film, frame);
    if (frames)
        frame_check(film, frames - 1);
    orl_film_destroy(&film);
    for (size_t i = 0; i < panel_count; i++)
        orl_values_free(values[i], orl_panel_find(panels[i].panel)->settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const names[NAMES] = {"a", "b", "c"}, *const titles[RUNS] = {
                                                                 "SGD", "Adam", "x", "a long name",
                                                                 "Adam (learning rate 0.1)"};
    struct bytes b = {bytes, size};
    struct orl_trace *traces[RUNS];
    struct orl_film_run runs[RUNS];
    unsigned kind = take(&b);
    size_t count = 1 + kind / 4 % RUNS, parameters = kind % 4 == 3 ? kind / 32 % NAMES : NAMES;
    struct orl_problem *problem = problem_make(kind, names, parameters);
    for (size_t i = 0; i < count; i++) {
        traces[i] = trace_make(&b, names, parameters);
        runs[i] = (struct orl_film_run){.trace = traces[i],
                                        .problem = problem,
                                        .name = titles[i],
                                        .title = titles[i],
                                        .details = "",
                                        .style = i};
    }
    film_check(&b, runs, count);
    for (size_t i = 0; i < count; i++)
        orl_trace_destroy(&traces[i]);
    orl_problem_destroy(&problem);
    return 0;
}

FUZZ_SEEDS("@\x03\x05 abcdefghijklmnopqrstuvwxyz", "D\x0b\x18 0123456789012345678901234567890123",
           "B\x13\x07zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "\x01\x03\x11\xff\xf7\xfa\xf9\xf8 film")
FUZZ_WORDS("\xf6", "\xf8\xf8", "\xff", "\x01", "aaaa", "\xfa\xfa\xfa", "\x80\x80", "\xdc\xff")
FUZZ_MAIN("scene", 1500)
