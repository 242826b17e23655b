/* The stage of a worker: a poster is the film's last frame, and outputs show the same pixels
 * whatever was drawn before. */
#include "orl_test.h"

#include "batch/stage.h"
#include "optreel/experiment.h"

/* A film of which every frame differs: the step stands on it. */
static const char text[] = "steps: 12\n"
                           "problems: {p: {objective: a^2 + 2*b^2, start: {a: 1, b: 1}}}\n"
                           "optimizers: {sgd: {learning_rate: 0.1}}\n"
                           "films: [{each: run, panels: [loss, log], length: 0.4, pace: linear, "
                           "hold: {first: 0, last: 0}}]\n"
                           "output: {formats: [y4m], size: 320x180, fps: 30}\n";

struct fixture {
    struct orl_experiment *experiment;
    struct orl_font *font;
    struct stage *stage;
};

static int fixture_open(void **state)
{
    static struct fixture f;
    static const struct orl_experiment_options none;
    struct orl_experiment_source source = {.name = (char[]){"e"},
                                           .path = (char[]){"e.yaml"},
                                           .folder = (char[]){"."},
                                           .text = strdup(text),
                                           .length = strlen(text)};
    struct orl_messages messages = {0};
    struct orl_error err = {0};
    if (orl_experiment_load(&source, &none, &orl_limits_default, &messages, &f.experiment) !=
            ORL_OK ||
        orl_font_create(NULL, &f.font, &err) != ORL_OK ||
        orl_stage_create(f.experiment, &orl_limits_default, NULL, f.font, &f.stage, &err) !=
            ORL_OK ||
        orl_stage_set(f.stage, 0, NULL, &f.experiment->films[0].outputs[0], &err) != ORL_OK)
        fail_msg("%s%s", messages.count ? messages.items[0].text : "", err.text);
    orl_messages_uninit(&messages);
    free(source.text);
    *state = &f;
    return 0;
}

static int fixture_close(void **state)
{
    struct fixture *f = *state;
    orl_stage_destroy(&f->stage);
    orl_font_destroy(&f->font);
    orl_experiment_destroy(&f->experiment);
    return 0;
}

/* A copy of a frame's pixels; owned by the caller. */
static uint8_t *frame_copy(struct stage *stage, bool poster, size_t number)
{
    struct orl_frame_source source = orl_stage_source(stage, poster);
    struct orl_image image;
    struct orl_error err = {0};
    if (source.frame(source.context, number, &image, &err) != ORL_OK)
        fail_msg("%s", err.text);
    size_t row = 4 * (size_t)image.width;
    uint8_t *copy = malloc(row * (size_t)image.height);
    for (size_t y = 0; y < (size_t)image.height; y++)
        memcpy(copy + y * row, image.pixels + y * image.stride, row);
    return copy;
}

enum { BYTES = 320 * 180 * 4 };

static void a_poster_is_the_last_frame(void **state)
{
    struct fixture *f = *state;
    size_t frames = orl_film_frames(orl_stage_scene(f->stage));
    uint8_t *poster = frame_copy(f->stage, true, 0),
            *last = frame_copy(f->stage, false, frames - 1),
            *before = frame_copy(f->stage, false, frames - 2);
    assert_int_equal(frames, 12);
    assert_memory_equal(poster, last, BYTES);
    assert_memory_not_equal(poster, before, BYTES);
    free(poster);
    free(last);
    free(before);
}

static void frames_do_not_depend_on_those_before(void **state)
{
    struct fixture *f = *state;
    uint8_t *third = frame_copy(f->stage, false, 3);
    free(frame_copy(f->stage, false, 9));
    uint8_t *again = frame_copy(f->stage, false, 3);
    assert_memory_equal(third, again, BYTES);
    free(third);
    free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_poster_is_the_last_frame),
                                       cmocka_unit_test(frames_do_not_depend_on_those_before)};
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
