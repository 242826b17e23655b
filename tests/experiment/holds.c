/* Holds of short films, and other lengths that a plan works out itself. */
#include "orl_test.h"

#include "optreel/experiment.h"

static struct orl_experiment *plan_load(const char *films)
{
    static const struct orl_experiment_options none;
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
    if (orl_experiment_load(&source, &none, &orl_limits_default, &messages, &e) != ORL_OK)
        fail_msg("%s", messages.items[0].text);
    orl_messages_uninit(&messages);
    return e;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_leave_room_for_what_moves),
        cmocka_unit_test(holds_of_long_films_are_the_presets),
        cmocka_unit_test(holds_that_are_given_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
