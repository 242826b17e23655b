/* What a film tells, kept and fetched: the same finding and the same events; what is torn is no
 * story. */
#include "batch/story.h"

#include "base/text.h"
#include "support/race.h"

static char folder_path[] = "/tmp/orl-story-XXXXXX";

static int setup(void **state)
{
    struct orl_error err = {0};
    strcpy(folder_path, "/tmp/orl-story-XXXXXX");
    return mkdtemp(folder_path) && orl_folder_open(folder_path, false, false,
                                                   (struct orl_folder **)state, &err) == ORL_OK
               ? 0
               : -1;
}

static int teardown(void **state)
{
    char *command = orl_asprintf("rm -rf '%s'", folder_path);
    int ret = system(command);
    free(command);
    orl_folder_close((struct orl_folder **)state);
    return ret;
}

static void what_is_kept_is_fetched(void **state)
{
    struct orl_folder *folder = *state;
    struct race race;
    race_open(&race, 4);
    struct orl_event events[32];
    struct orl_error err = {0};
    struct film_story story;
    size_t count = orl_film_events(race.film, events, 32);
    assert_true(count > 0 && orl_film_finding(race.film)[0]);
    assert_int_equal(orl_story_keep(folder, "race", race.film, &err), ORL_OK);
    orl_story_fetch(folder, "race", &story);
    assert_string_equal(story.finding, orl_film_finding(race.film));
    assert_int_equal(story.count, count);
    assert_non_null(story.places);
    assert_string_equal(story.places,
                        "0 step 0\n0.3 step 1\n0.56667 step 7\n0.83333 step 33\n1.1 step 148\n"
                        "1.3667 step 657\n1.6333 step 2000");
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(story.events[i].step, events[i].step);
        assert_int_equal(story.events[i].kind, events[i].kind);
        assert_string_equal(story.events[i].text, events[i].text);
        assert_true(!events[i].run == !story.events[i].run);
        if (events[i].run)
            assert_string_equal(story.events[i].run, events[i].run);
    }
    orl_story_release(&story);
    race_close(&race);
}

static void story_is_empty(struct orl_folder *folder, const char *bytes)
{
    struct orl_error err = {0};
    struct film_story story;
    assert_int_equal(orl_folder_write(folder, ".optreel/torn.story", bytes, strlen(bytes), &err),
                     ORL_OK);
    orl_story_fetch(folder, "torn", &story);
    assert_null(story.finding);
    assert_int_equal(story.count, 0);
}

static void what_is_torn_is_no_story(void **state)
{
    struct orl_folder *folder = *state;
    struct film_story story;
    orl_story_fetch(folder, "absent", &story);
    assert_null(story.finding);
    story_is_empty(folder, "");
    story_is_empty(folder, "2\tA finding\t0 step 0\t5\trun\t1\tone event");
    story_is_empty(folder, "-1\tA finding\t0 step 0");
    story_is_empty(folder, "1\tA finding\t0 step 0\t5\trun\t999\ta kind that there is not");
    story_is_empty(folder, "1000000000\tA finding\t0 step 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_kept_is_fetched, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_torn_is_no_story, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
