/* Every frame of every film of the built-in experiments, looked at by computation: texts that
 * overlap or leave the frame, marks and words that cannot be seen. With arguments: the same for one
 * experiment, `test_batch_looks FILE [KEY=VALUE...]`. */
#include "orl_test.h"

#include "batch/stage.h"
#include "optreel/experiment.h"

#ifdef ORL_SANITIZED
enum { EVERY = 29 }; /* frames; sanitizers are slow, and the release build looks at all of them */
#else
enum { EVERY = 1 };
#endif

static size_t faults;

static void fault(const struct orl_film_plan *film, const struct orl_output_plan *look,
                  size_t frame, const char *text)
{
    print_error("%s, %dx%d, frame %zu: %s\n", film->name, look->width, look->height, frame, text);
    faults++;
}

static void check_film(struct stage *stage, const struct orl_experiment *e, size_t index,
                       const struct orl_output_plan *look)
{
    const struct orl_film_plan *plan = &e->films[index];
    struct orl_error err = {0};
    if (orl_stage_set(stage, index, NULL, look, &err) != ORL_OK) {
        fault(plan, look, 0, err.text);
        return;
    }
    const struct orl_film *film = orl_stage_scene(stage);
    size_t frames = orl_film_frames(film);
    for (size_t frame = 0; frame < frames;
         frame += frame + EVERY < frames || frame + 1 == frames ? EVERY : frames - 1 - frame)
        if (orl_film_check(film, frame, &err) != ORL_OK) {
            fault(plan, look, frame, err.text);
            return; /* its neighbours have the same */
        }
}

static bool seen_before(const struct orl_film_plan *film, size_t output)
{
    const struct orl_output_plan *a = &film->outputs[output];
    for (size_t i = 0; i < output; i++)
        if (film->outputs[i].width == a->width && film->outputs[i].height == a->height &&
            film->outputs[i].fps_num == a->fps_num)
            return true;
    return false;
}

static void check_experiment(const char *what, const char *const *set, size_t set_count)
{
    struct orl_experiment_source source = {0};
    struct orl_experiment_options options = {.set = set, .set_count = set_count};
    struct orl_messages messages = {0};
    struct orl_experiment *e = NULL;
    struct orl_font *font = NULL;
    struct stage *stage = NULL;
    struct orl_error err = {0};
    int ret = orl_experiment_read(what, &orl_limits_default, &source, &messages);
    if (ret == ORL_OK)
        ret = orl_experiment_load(&source, &options, &orl_limits_default, &messages, &e);
    if (ret != ORL_OK)
        fail_msg("%s: %s", what, messages.count ? messages.items[0].text : "cannot be loaded");
    assert_int_equal(orl_font_create(e->font, &font, &err), ORL_OK);
    assert_int_equal(orl_stage_create(e, &orl_limits_default, NULL, font, &stage, &err), ORL_OK);
    for (size_t f = 0; f < e->film_count; f++)
        for (size_t o = 0; o < e->films[f].output_count; o++)
            if (!seen_before(&e->films[f], o))
                check_film(stage, e, f, &e->films[f].outputs[o]);
    orl_stage_destroy(&stage);
    orl_font_destroy(&font);
    orl_experiment_destroy(&e);
    orl_experiment_source_uninit(&source);
    orl_messages_uninit(&messages);
}

static void built_in_films_can_be_read(void **state)
{
    (void)state;
    for (const struct orl_builtin *b = orl_builtins; b->name; b++)
        check_experiment(b->name, NULL, 0);
    if (faults)
        fail_msg("%zu films have frames that cannot be read", faults);
}

/* The themes and the other shapes of a picture, on one experiment. */
static void in_every_theme_and_shape(void **state)
{
    static const char *const looks[][2] = {
        {"output.theme=dark", "output.size=1080x1080"},
        {"output.theme=print", "output.size=1080x1920"},
        {"output.theme={base: light, background: \"#f7f3e9\"}", "output.size=640x360"},
        {"output.theme=dark", "output.preset=slides"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        check_experiment("kepler", looks[i], 2);
    if (faults)
        fail_msg("%zu films have frames that cannot be read", faults);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(built_in_films_can_be_read),
                                       cmocka_unit_test(in_every_theme_and_shape)};
    if (argc > 1) {
        check_experiment(argv[1], (const char *const *)argv + 2, (size_t)argc - 2);
        printf("%zu films with faults\n", faults);
        return faults > 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
