/* What films tell: the cases of sentences.txt, traces in numbers and the sentences that follow.
 * With a file as argument: the cases of that one. */
#include "support/stage.h"

#include "support/cases.h"

static const char *file = ORL_TEST_DIR "/scene/sentences.txt";

static void films_tell_what_traces_hold(void **state)
{
    size_t checks = 0;
    (void)state;
    size_t faults = cases_run(file, &checks);
    assert_true(checks > 0);
    if (faults)
        fail_msg("%zu of %zu facts do not hold", faults, checks);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(films_tell_what_traces_hold)};
    file = argc > 1 ? argv[1] : file;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
