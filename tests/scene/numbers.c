/* Numbers as people write them, axes with their ticks, pacing. */
#include "orl_test.h"

#include "scene/marks/axis.h"

static void numbers(void **state)
{
    char out[PEOPLE_SIZE];
    static const struct {
        double value;
        const char *figures, *brief;
    } cases[] = {
        {24.3456, "24.3", "24.35"},
        {0.0209625, "0.0210", "0.02096"},
        {9.996, "10.0", "9.996"},
        {0, "0", "0"},
        {-1.5, "−1.50", "−1.5"},
        {3.354e-7, "3.35×10⁻⁷", "3.354×10⁻⁷"},
        {8e6, "8.00×10⁶", "8×10⁶"},
        {99999.4, "99\u2009999",
         "99\xe2\x80\x89"
         "999"},
        {123456, "1.23×10⁵", "1.235×10⁵"},
        {1e-310, "1.00×10⁻³¹⁰", "1×10⁻³¹⁰"},
        {1e300, "1.00×10³⁰⁰", "1×10³⁰⁰"},
        {50000, "50\u2009000",
         "50\xe2\x80\x89"
         "000"},
        {-12345.6, "−12\u2009346",
         "−12\xe2\x80\x89"
         "346"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        orl_people_figures(out, cases[i].value, 3);
        assert_string_equal(out, cases[i].figures);
        orl_people_short(out, cases[i].value);
        assert_string_equal(out, cases[i].brief);
    }
    orl_people_fixed(out, -1.23456, 3);
    assert_string_equal(out, "−1.235");
    orl_people_fixed(out, 1e7, 3);
    assert_string_equal(out, "1.000×10⁷");
    orl_people_count(out, 12500);
    assert_string_equal(out, "12\xe2\x80\x89"
                             "500");
    orl_people_count(out, -1234);
    assert_string_equal(out, "−1234");
    orl_people_count(out, INT64_MIN);
    assert_string_equal(out, "−9\u2009223\u2009372\u2009036\u2009854\u2009775\u2009808");
    orl_people_decade(out, -3);
    assert_string_equal(out, "10⁻³");
}

/* Whatever the range: ticks inside, rising, few, with labels that differ. */
static void ticks(void **state)
{
    static const double ranges[][2] = {
        {0, 1},        {-1, 17.3},     {1e-310, 2e-310}, {0, 1e300},    {5, 5},  {1e15, 1e15 + 1},
        {-1e-7, 1e-7}, {0.0209, 24.3}, {1, 1.7},         {1e-12, 1e12}, {3, 40}, {5e-324, 5e-324}};
    (void)state;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        for (int scale = SCALE_LINEAR; scale <= SCALE_LOG1P; scale++)
            for (size_t wanted = 2; wanted <= 8; wanted++) {
                struct axis axis = {.first = 300, .last = 20};
                struct tick found[TICKS_MAX];
                orl_axis_range(&axis, (enum scale)scale, ranges[i][0], ranges[i][1], 0.05);
                assert_true(axis.low < axis.high && isfinite(axis.low) && isfinite(axis.high));
                size_t count = orl_axis_ticks(&axis, wanted, found);
                assert_true(count <= TICKS_MAX);
                if (scale == SCALE_LOG)
                    assert_true(count <= wanted + 1);
                for (size_t k = 0; k < count; k++) {
                    double px = orl_axis_px(&axis, found[k].value);
                    assert_true(px > 19 && px < 301);
                    assert_true(found[k].label[0]);
                    if (k)
                        assert_true(found[k].value > found[k - 1].value);
                }
                CHECK_NEAR(orl_axis_px(&axis, axis.low), 300, 1e-6);
                CHECK_NEAR(orl_axis_px(&axis, axis.high), 20, 1e-6);
            }
}

/* A small range far from 0: labels that tell the ticks apart. */
static void ticks_far_from_zero(void **state)
{
    struct axis axis = {.first = 300, .last = 20};
    struct tick found[TICKS_MAX];
    (void)state;
    orl_axis_range(&axis, SCALE_LINEAR, 1e6, 1e6 + 1, 0.0);
    assert_int_equal(orl_axis_ticks(&axis, 2, found), 3);
    assert_string_equal(found[1].label, "1000000.5");
    orl_axis_range(&axis, SCALE_LINEAR, -1e9 - 2, -1e9, 0.0);
    assert_int_equal(orl_axis_ticks(&axis, 2, found), 3);
    assert_string_equal(found[0].label, "−1000000002");
    orl_axis_range(&axis, SCALE_LINEAR, 1e30, 1e30 * (1 + 2.5e-9), 0.0);
    assert_true(orl_axis_ticks(&axis, 3, found) >= 2);
    assert_true(strstr(found[1].label, "×10³⁰") && strcmp(found[0].label, found[1].label) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers), cmocka_unit_test(ticks),
                                       cmocka_unit_test(ticks_far_from_zero)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
