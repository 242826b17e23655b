/* What is drawn: the cases of drawn.txt, traces in numbers and the marks that follow.
 * With a file as argument: the cases of that one. */
#include "support/stage.h"

#include "support/cases.h"

static const char *file = ORL_TEST_DIR "/scene/drawn.txt";

static void marks_lie_where_traces_say(void **state)
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(marks_lie_where_traces_say)};
    file = argc > 1 ? argv[1] : file;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
