/* Frames as PNG in memory, without an experiment, a worker or a file: prints how large each is.
 *
 *     cc frames.c $(pkg-config --cflags --libs optreel) && ./a.out */
#include <optreel/optreel.h>
#include <stdio.h>

static int sink_count(void *sum, const void *bytes, size_t length, struct orl_error *err)
{
    (void)bytes, (void)err;
    *(size_t *)sum += length;
    return ORL_OK;
}

/* A run of Adam with its usual settings on Rosenbrock's valley. */
static int run_make(struct orl_problem **valley, struct orl_trace **trace, struct orl_error *err)
{
    static const char *const names[] = {"x", "y"};
    static const double start[] = {-1.2, 1};
    struct orl_problem_spec problem = {.model = "(1-x)^2 + 100*(y-x^2)^2",
                                       .parameters = names,
                                       .start = start,
                                       .parameter_count = 2};
    const struct orl_optimizer_desc *adam = orl_optimizer_find("adam");
    struct orl_value *values = orl_values_default(adam->settings);
    int ret = orl_problem_create(&problem, &orl_limits_default, valley, err);
    struct orl_run_spec run = {.problem = *valley,
                               .optimizer = adam,
                               .settings = values,
                               .steps = 500,
                               .record_every = 1,
                               .record_rows = 1000};
    if (ret == ORL_OK)
        ret = orl_trace_run(&run, trace, err);
    orl_values_free(values, adam->settings);
    return ret;
}

int main(void)
{
    struct orl_problem *valley = NULL;
    struct orl_trace *trace = NULL;
    struct orl_font *font = NULL;
    struct orl_film *film = NULL;
    struct orl_canvas *canvas = NULL;
    struct orl_picture picture = {0};
    struct orl_image image;
    struct orl_error err = {0};
    int ret = run_make(&valley, &trace, &err);
    struct orl_film_run shown = {
        .trace = trace, .problem = valley, .name = "valley/adam", .title = "Adam", .details = ""};
    struct orl_panel_spec panels[] = {{"surface", NULL}, {"loss", NULL}};
    struct orl_film_spec spec = {.title = "Down the valley",
                                 .runs = &shown,
                                 .run_count = 1,
                                 .panels = panels,
                                 .panel_count = 2,
                                 .length_s = 1,
                                 .to_step = -1,
                                 .width = 640,
                                 .height = 360,
                                 .fps_num = 10,
                                 .fps_den = 1,
                                 .text_px = 12,
                                 .line_px = 2,
                                 .theme = {.base = "dark"}};
    if (ret == ORL_OK)
        ret = orl_font_create(NULL, &font, &err);
    if (ret == ORL_OK)
        ret = orl_film_create(&spec, orl_font_measure(font), &film, &err);
    if (ret == ORL_OK)
        ret = orl_canvas_create(spec.width, spec.height, false, font, &canvas, &err);
    if (ret == ORL_OK && (ret = orl_film_still(film, 0, &picture, &err)) == ORL_OK)
        ret = orl_canvas_still(canvas, &picture, &err);
    for (size_t i = 0; ret == ORL_OK && i < orl_film_frames(film); i++) {
        size_t bytes = 0;
        if ((ret = orl_film_moving(film, i, &picture, &err)) == ORL_OK)
            ret = orl_canvas_frame(canvas, &picture, &image, &err);
        if (ret == ORL_OK)
            ret = orl_image_write_png(&image, (struct orl_sink){&bytes, sink_count}, &err);
        printf("frame %zu, step %lld: %zu bytes\n", i, (long long)orl_film_step(film, i), bytes);
    }
    if (ret != ORL_OK)
        fprintf(stderr, "frames: %s\n", err.text);
    orl_picture_uninit(&picture);
    orl_canvas_destroy(&canvas);
    orl_film_destroy(&film);
    orl_font_destroy(&font);
    orl_trace_destroy(&trace);
    orl_problem_destroy(&valley);
    return orl_exit_code(ret);
}
