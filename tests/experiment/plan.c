/* What a plan works out itself: holds of short films, formats of presets. */
#include "orl_test.h"

#include "optreel/optreel.h"

static struct orl_experiment *plan_load_with(const char *films,
                                             const struct orl_experiment_options *options)
{
    char text[1024];
    struct orl_experiment_source source = {
        .name = (char[]){"e"}, .path = (char[]){"e.yaml"}, .folder = (char[]){"."}, .text = text};
    struct orl_messages messages = {0};
    struct orl_experiment *e = NULL;
    snprintf(text, sizeof text,
             "problems: {p: {objective: a^2, start: {a: 1}}}\n"
             "optimizers: {sgd: {learning_rate: 0.1}}\n%s\n",
             films);
    source.length = strlen(text);
    if (orl_experiment_load(&source, options, &orl_limits_default, &messages, &e) != ORL_OK)
        fail_msg("%s", messages.items[0].text);
    orl_messages_uninit(&messages);
    return e;
}

static struct orl_experiment *plan_load(const char *films)
{
    static const struct orl_experiment_options none;
    return plan_load_with(films, &none);
}

/* A film of a second cannot stand still for 2.7 of them: what moves keeps its share. */
static void holds_leave_room_for_what_moves(void **state)
{
    (void)state;
    struct orl_experiment *e = plan_load("films: [{each: run, panels: [loss], length: 1}]");
    const struct orl_film_plan *f = &e->films[0];
    assert_true(f->hold_first_s > 0 && f->hold_last_s > f->hold_first_s);
    assert_true(f->hold_first_s + f->hold_last_s <= 0.6 * f->length_s);
    orl_experiment_destroy(&e);
}

static void holds_of_long_films_are_the_presets(void **state)
{
    (void)state;
    struct orl_experiment *e = plan_load("films: [{each: run, panels: [loss], length: 20}]");
    CHECK_NEAR(e->films[0].hold_first_s, 0.7, 1e-12);
    CHECK_NEAR(e->films[0].hold_last_s, 2.0, 1e-12);
    CHECK_NEAR(e->films[0].length_s, 20.0, 1e-12);
    orl_experiment_destroy(&e);
}

static void holds_that_are_given_are_kept(void **state)
{
    (void)state;
    struct orl_experiment *e =
        plan_load("films: [{each: run, panels: [loss], length: 4, hold: {first: 1.5, last: 0.5}}]");
    CHECK_NEAR(e->films[0].hold_first_s, 1.5, 1e-12);
    CHECK_NEAR(e->films[0].hold_last_s, 0.5, 1e-12);
    orl_experiment_destroy(&e);
}

/* "mp4 gif": the formats of a film's outputs, in order, without posters and what stands beside. */
static void formats_are(const char *file, const struct orl_experiment_options *options,
                        const char *wanted)
{
    char found[128] = "";
    struct orl_experiment *e = plan_load_with(file, options);
    for (size_t i = 0; i < e->films[0].output_count; i++) {
        const struct orl_output_plan *o = &e->films[0].outputs[i];
        if (o->poster || o->sidecar)
            continue;
        struct orl_table_row row;
        for (size_t k = 0; orl_table_at(ORL_TABLE_FORMATS, k, &row); k++)
            if (orl_format_find(row.name) == o->format)
                snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s",
                         *found ? " " : "", row.name);
    }
    assert_string_equal(found, wanted);
    orl_experiment_destroy(&e);
}

static void a_preset_brings_its_formats(void **state)
{
    static const char file[] = "films: [{each: run, panels: [loss]}]\n"
                               "output: {formats: {mp4: {crf: 1}, gif: {}}}";
    static const char *const set[] = {"output.formats=[gif]"};
    (void)state;
    formats_are(file, &(struct orl_experiment_options){0}, "mp4 gif");
    formats_are(file, &(struct orl_experiment_options){.preset = "beamer"}, "pdf");
    formats_are(file, &(struct orl_experiment_options){.preset = "archive"}, "mkv framemd5");
    formats_are(file, &(struct orl_experiment_options){.preset = "github"}, "gif");
    formats_are(file, &(struct orl_experiment_options){.preset = "slides", .formats = "webm"},
                "webm");
    formats_are(file,
                &(struct orl_experiment_options){.preset = "slides", .set = set, .set_count = 1},
                "gif");
}

/* A switch is told where it is on, by its name alone; one that is off is not told. */
static void switches_are_told_where_they_are_on(void **state)
{
    const struct orl_experiment_options options = {
        .set = (const char *const[]){"optimizers.on={kind: adam, amsgrad: true}",
                                     "optimizers.off={kind: adam, amsgrad: false}"},
        .set_count = 2};
    (void)state;
    struct orl_experiment *e = plan_load_with("films: []", &options);
    assert_int_equal(e->run_count, 3);
    assert_string_equal(e->runs[1].details, "learning rate 0.001, amsgrad");
    assert_string_equal(e->runs[2].details, "learning rate 0.001");
    orl_experiment_destroy(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_leave_room_for_what_moves),
        cmocka_unit_test(holds_of_long_films_are_the_presets),
        cmocka_unit_test(holds_that_are_given_are_kept),
        cmocka_unit_test(switches_are_told_where_they_are_on),
        cmocka_unit_test(a_preset_brings_its_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
