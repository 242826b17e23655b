/* The command line's rows: each subcommand has what help and parsing want, and options take what
 * they say they take. */
#include "orl_test.h"

#include <unistd.h>

#include "cli/cli.h"

enum { WORDS = 8 };

/* Parse "optreel NAME ..." with the words that follow. */
static int parse(const char *command, const char *const *words, struct cli_options *out)
{
    static char copies[WORDS + 2][64];
    char *argv[WORDS + 2] = {copies[0], copies[1]};
    int count = 2;
    snprintf(copies[0], sizeof *copies, "optreel");
    snprintf(copies[1], sizeof *copies, "%s", command);
    for (; words[count - 2]; count++) {
        snprintf(copies[count], sizeof *copies, "%s", words[count - 2]);
        argv[count] = copies[count];
    }
    return orl_cli_parse(orl_cli_command_find(command), count, argv, out);
}

#define WORDS_OF(...) ((const char *const[]){__VA_ARGS__, NULL})

static void every_command_has_its_help(void **state)
{
    (void)state;
    for (size_t i = 0; orl_cli_commands[i]; i++) {
        const struct cli_command *c = orl_cli_commands[i];
        struct cli_options options;
        assert_ptr_equal(orl_cli_command_find(c->name), c);
        if (!c->run)
            continue;
        assert_true(c->usage && c->summary && c->help && *c->help);
        assert_int_equal(parse(c->name, WORDS_OF("--help"), &options), 0);
        assert_true(options.help);
        orl_cli_options_uninit(&options);
        assert_int_equal(parse(c->name, WORDS_OF("-h"), &options), 0);
        assert_true(options.help);
        orl_cli_options_uninit(&options);
    }
}

static void no_option_hides_another(void **state)
{
    (void)state;
    for (size_t i = 0; orl_cli_commands[i]; i++) {
        const struct cli_option *option;
        for (size_t k = 0; (option = orl_cli_option_at(orl_cli_commands[i], k)) != NULL; k++) {
            assert_non_null(option->set);
            if (orl_cli_option_find(orl_cli_commands[i], option->name, 0) != option)
                fail_msg("%s: --%s is there twice", orl_cli_commands[i]->name, option->name);
            if (option->letter &&
                orl_cli_option_find(orl_cli_commands[i], NULL, option->letter) != option)
                fail_msg("%s: -%c is there twice", orl_cli_commands[i]->name, option->letter);
        }
    }
}

static void values_in_every_form(void **state)
{
    struct cli_options o;
    (void)state;
    assert_int_equal(parse("render", WORDS_OF("-j4", "-qv", "e.yaml", "--set", "a.b=1"), &o), 0);
    assert_int_equal(o.batch.jobs, 4);
    assert_true(o.batch.quiet && o.batch.verbose && !o.batch.force);
    assert_string_equal(o.operand, "e.yaml");
    assert_int_equal(o.experiment.set_count, 1);
    assert_string_equal(o.experiment.set[0], "a.b=1");
    orl_cli_options_uninit(&o);
    assert_int_equal(
        parse("run", WORDS_OF("--jobs=3", "-o", "out", "--max-steps", "77", "--", "-e"), &o), 0);
    assert_int_equal(o.batch.jobs, 3);
    assert_string_equal(o.output, "out");
    assert_int_equal(o.limits.steps, 77);
    assert_int_equal(o.limits.frames, orl_limits_default.frames);
    assert_string_equal(o.operand, "-e");
    orl_cli_options_uninit(&o);
    assert_int_equal(parse("frame", WORDS_OF("e", "--step=12", "--contact", "4x3"), &o), 0);
    assert_true(o.step == 12 && o.frame == -1);
    assert_true(o.columns == 4 && o.rows == 3);
    orl_cli_options_uninit(&o);
    assert_int_equal(parse("render", WORDS_OF("e", "--contact", "5x2"), &o), 0);
    assert_string_equal(o.experiment.set[0], "output.contact=5x2");
    orl_cli_options_uninit(&o);
}

/* Each of these is exit code 2. */
static void wrong_values_are_refused(void **state)
{
    static const struct {
        const char *command, *words[3];
    } wrong[] = {
        {"render", {"-j", "0"}},
        {"render", {"--jobs=1025"}},
        {"render", {"-j", "-1"}},
        {"render", {"-j", "many"}},
        {"render", {"--jobs"}},
        {"render", {"--no-such"}},
        {"render", {"-x"}},
        {"render", {"--force=yes"}},
        {"render", {"one", "two"}},
        {"render", {"--set", "novalue"}},
        {"render", {"--set", "=1"}},
        {"render", {"--timeout", "0"}},
        {"render", {"--timeout", "inf"}},
        {"render", {"--progress", "some"}},
        {"render", {"--contact", "4"}},
        {"render", {"--contact", "0x3"}},
        {"render", {"--contact", "3x21"}},
        {"render", {"--max-steps", "-3"}},
        {"render", {"-o", ""}},
        {"frame", {"--step", "-1"}},
        {"frame", {"--frame", "1.5"}},
        {"list", {"--max-steps", "3"}},
        {"schema", {"something"}},
        {"help", {"one", "two"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct cli_options options;
        int code = parse(wrong[i].command, wrong[i].words, &options);
        if (code != 2)
            fail_msg("%s %s %s: exit code %d", wrong[i].command, wrong[i].words[0],
                     wrong[i].words[1] ? wrong[i].words[1] : "", code);
        orl_cli_options_uninit(&options);
    }
}

static void the_ends_of_a_range_are_taken(void **state)
{
    struct cli_options o;
    (void)state;
    assert_int_equal(parse("render", WORDS_OF("-j", "1", "--contact", "20x20"), &o), 0);
    assert_true(o.batch.jobs == 1 && o.columns == 20 && o.rows == 20);
    orl_cli_options_uninit(&o);
    assert_int_equal(parse("render", WORDS_OF("-j1024", "--timeout", "0.5"), &o), 0);
    assert_true(o.batch.jobs == 1024 && o.batch.timeout_s == 0.5);
    orl_cli_options_uninit(&o);
}

static void every_subject_has_a_title_and_a_page(void **state)
{
    const char *title, *name;
    size_t length, count = 0;
    (void)state;
    for (; (name = orl_cli_topic_at(count, &title, &length)) != NULL; count++) {
        assert_true(length > 4 && length <= 62);
        assert_true(strlen(title) > length + 40 || strchr(title, '@'));
        assert_null(orl_cli_command_find(name));
        assert_int_equal(orl_cli_help_print(name), 0);
    }
    assert_true(count >= 10);
    assert_int_equal(orl_cli_help_print("nonsense"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_has_its_help),
        cmocka_unit_test(no_option_hides_another),
        cmocka_unit_test(values_in_every_form),
        cmocka_unit_test(wrong_values_are_refused),
        cmocka_unit_test(the_ends_of_a_range_are_taken),
        cmocka_unit_test(every_subject_has_a_title_and_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
