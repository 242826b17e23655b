/* Lines keep their shape when points that make no difference are left out. */
#include "orl_test.h"

#include "draw/inner.h"

enum { SIDE = 200, POINTS = 400, BYTES = SIDE * SIDE * 4 };

/* Strokes the line with this slack; returns how many points were left. */
static int stroke(const double *at, size_t count, double slack, uint8_t *pixels)
{
    cairo_surface_t *surface =
        cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_RGB24, SIDE, SIDE, SIDE * 4);
    cairo_t *cr = cairo_create(surface);
    int points = 0;
    memset(pixels, 0xff, BYTES);
    orl_path_line(cr, at, count, slack);
    cairo_path_t *path = cairo_copy_path(cr);
    for (int i = 0; i < path->num_data; i += path->data[i].header.length)
        points++;
    cairo_path_destroy(path);
    cairo_set_line_width(cr, 3.0);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_stroke(cr);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return points;
}

static int largest_difference(const double *at, size_t count, int *kept)
{
    static uint8_t exact[BYTES], lean[BYTES];
    int largest = 0;
    assert_true(stroke(at, count, 0.0, exact) >= *kept);
    *kept = stroke(at, count, 0.03, lean);
    for (size_t p = 0; p < BYTES; p++)
        largest = abs(exact[p] - lean[p]) > largest ? abs(exact[p] - lean[p]) : largest;
    return largest;
}

static void arc(void **state)
{
    double at[2 * POINTS];
    int kept = 0;
    (void)state;
    for (size_t i = 0; i < POINTS; i++) {
        at[2 * i] = 100.0 - 80.0 * cos(0.012 * (double)i);
        at[2 * i + 1] = 100.0 + 80.0 * sin(0.012 * (double)i);
    }
    assert_true(largest_difference(at, POINTS, &kept) <=
                12); /* 0.03 px of an edge is 8 levels of 255 */
    assert_true(kept < POINTS / 3);
}

/* Corners, a run back along the line, points that stand still, lifted pens and a lone point stay.
 */
static void corners(void **state)
{
    static const double at[] = {10,    10,    60,  10,  110, 10,  110, 10,  80,  10, 80,  90,
                                80.01, 90.01, 150, 150, NAN, 0,   20,  60,  20,  60, NAN, NAN,
                                40,    180,   180, 180, 120, 180, 150, 180, 150, 100};
    int kept = 0;
    (void)state;
    assert_true(largest_difference(at, sizeof at / sizeof *at / 2, &kept) <= 12);
    assert_int_equal(kept, 12);
}

static void noise(void **state)
{
    double at[2 * POINTS];
    int kept = 0;
    (void)state;
    for (size_t i = 0; i < POINTS; i++) {
        at[2 * i] = 10.0 + 0.45 * (double)i;
        at[2 * i + 1] = 100.0 + 60.0 * sin((double)i * (double)i);
    }
    assert_true(largest_difference(at, POINTS, &kept) <= 12);
}

/* A hundred thousand points on a flat line cost as two. */
static void flat(void **state)
{
    enum { MANY = 100000 };
    static double at[2 * MANY];
    int kept = 0;
    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        at[2 * i] = 10.0 + 180.0 * (double)i / MANY;
        at[2 * i + 1] = 50.0 + 1e-3 * (double)(i % 7);
    }
    assert_true(largest_difference(at, MANY, &kept) <= 12);
    assert_true(kept <= 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(arc), cmocka_unit_test(corners),
                                       cmocka_unit_test(noise), cmocka_unit_test(flat)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
