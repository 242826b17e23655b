/* When an animated SVG changes, by hand; how long segments are, which level of a cap comes next. */
#include "orl_test.h"

#include "encode/format.h"
#include "encode/svg_times.h"

static void clocks(void **state)
{
    struct svg_clock clock;
    const struct orl_output_spec film = {.frames = 13, .fps_num = 30000, .fps_den = 1001},
                                 round = {.frames = 200, .fps_num = 25, .fps_den = 1};
    (void)state;
    orl_svg_clock_init(&clock, &film, 1);
    assert_int_equal(clock.digits, 2);
    assert_string_equal(clock.attributes, "dur=\"0.433766666667s\" fill=\"freeze\"");
    orl_svg_clock_init(&clock, &round, 0);
    assert_int_equal(clock.digits, 3); /* 1000 are five for each frame */
    assert_string_equal(clock.attributes, "dur=\"8s\" repeatCount=\"indefinite\"");
    orl_svg_clock_init(&clock, &round, 3);
    assert_string_equal(clock.attributes, "dur=\"8s\" repeatCount=\"3\" fill=\"freeze\"");
}

/* Of 13 frames, each a little early: frame 3 at 2.98/13, frame 4 at 3.98/13. */
static void key_times(void **state)
{
    const struct orl_output_spec film = {.frames = 13, .fps_num = 13, .fps_den = 2};
    struct svg_clock clock;
    struct svg_times times = {0};
    struct orl_text out = {0};
    (void)state;
    orl_svg_clock_init(&clock, &film, 1);
    orl_svg_times_add(&times, &clock, 0, "a");
    orl_svg_times_add(&times, &clock, 1, "a");
    orl_svg_times_add(&times, &clock, 3, "b");
    orl_svg_times_add(&times, &clock, 4, "a");
    orl_svg_times_add(&times, &clock, 12, "");
    orl_svg_times_write(&times, &clock, "d", NULL, &out);
    assert_string_equal(out.data, "<animate attributeName=\"d\" calcMode=\"discrete\" dur=\"2s\" "
                                  "fill=\"freeze\" keyTimes=\"0;.22;.3;.92\" values=\"a;b;a;\"/>");
    orl_text_clear(&out);
    orl_svg_times_add(&times, &clock, 0, "a"); /* it was emptied: a first value again */
    orl_svg_times_add(&times, &clock, 5, "a");
    orl_svg_times_write(&times, &clock, "d", NULL, &out);
    assert_int_equal(out.length, 0);
    orl_svg_times_add(&times, &clock, 0, "1,2");
    orl_svg_times_add(&times, &clock, 1, "3,4");
    orl_svg_times_write(&times, &clock, "transform", "translate", &out);
    assert_string_equal(out.data,
                        "<animateTransform attributeName=\"transform\" type=\"translate\" "
                        "calcMode=\"discrete\" dur=\"2s\" fill=\"freeze\" keyTimes=\"0;.07\" "
                        "values=\"1,2;3,4\"/>");
    orl_text_uninit(&out);
    orl_svg_times_uninit(&times);
}

static size_t next_twice(const struct orl_output_spec *spec, int64_t first, size_t level,
                         int64_t bytes, int64_t cap)
{
    (void)spec, (void)first;
    return (size_t)(2 * bytes / cap) + level - 2;
}

static void segments_and_levels(void **state)
{
    const struct orl_format_ops seconds = {.segment_seconds = 4}, whole = {.segment_seconds = 0},
                                jump = {.next_level = next_twice};
    const struct orl_format_desc a = {.ops = &seconds}, b = {.ops = &whole}, c = {.ops = &jump};
    struct orl_output_spec spec = {.format = &a, .frames = 900, .fps_num = 30000, .fps_den = 1001};
    (void)state;
    assert_int_equal(orl_encode_segment_frames(&spec), 119); /* as many as 4 s hold */
    spec.format = &b;
    assert_int_equal(orl_encode_segment_frames(&spec), 900);
    spec.frames = 0;
    assert_int_equal(orl_encode_segment_frames(&spec), 1);
    assert_int_equal(orl_encode_next_level(&spec, 300, 2, 200, 100), 3); /* one after the other */
    spec.format = &c;
    assert_int_equal(orl_encode_next_level(&spec, 300, 2, 300, 100), 6);
    assert_int_equal(orl_encode_next_level(&spec, 300, 2, 100, 100), 3); /* never the same again */
    char what[ORL_TIGHTENED_SIZE] = "x";
    assert_true(orl_encode_tighten(&spec, NULL, 0, what) && !*what);
    assert_false(orl_encode_tighten(&spec, NULL, 1, what));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks),
        cmocka_unit_test(key_times),
        cmocka_unit_test(segments_and_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
