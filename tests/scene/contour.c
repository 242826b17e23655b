/* What a surface is made of: contours where the maths says, planes that hold what they say. */
#include <math.h>

#include "orl_test.h"

#include "scene/marks/contour.h"
#include "scene/marks/pca.h"
#include "scene/marks/picture.h"

/* ---- Contours -------------------------------------------------------------------------------- */

static struct field make_field(size_t columns, size_t rows, double (*f)(double x, double y))
{
    struct field field = {
        columns, rows, {100, 50, 400, 300}, calloc(columns * rows, sizeof(double))};
    assert_non_null(field.values);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++)
            field.values[r * columns + c] = f(100 + 400.0 * (double)c / (double)(columns - 1),
                                              50 + 300.0 * (double)r / (double)(rows - 1));
    return field;
}

/* By the shoelace formula, every loop with its sign. */
static double area_of(const struct outline *o)
{
    double sum = 0.0;
    for (size_t i = 0, start = 0; i < o->count; i++) {
        const double *a = o->xy + 2 * i;
        if (isnan(a[0])) {
            start = i + 1;
            continue;
        }
        const double *b = i + 1 < o->count && !isnan(a[2]) ? a + 2 : o->xy + 2 * start;
        sum += 0.5 * (a[0] * b[1] - b[0] * a[1]);
    }
    return fabs(sum);
}

static double bowl(double x, double y)
{
    return (x - 300) * (x - 300) + (y - 200) * (y - 200);
}

static void a_bowls_contour_is_a_circle(void **state)
{
    struct field field = make_field(97, 73, bowl);
    struct outline o = {0};
    (void)state;
    for (double radius = 10; radius <= 140; radius += 13) {
        assert_int_equal(orl_contour_below(&field, radius * radius, 0.1, &o, NULL), ORL_OK);
        assert_true(o.count >= 8);
        for (size_t i = 0; i < o.count; i++)
            assert_true(fabs(hypot(o.xy[2 * i] - 300, o.xy[2 * i + 1] - 200) - radius) < 1.0);
        assert_true(fabs(sqrt(area_of(&o) / 3.14159265358979) - radius) < 0.5);
    }
    orl_outline_uninit(&o);
    free(field.values);
}

/* Rising levels hold more and more, and the last all of it: nested fills leave no gap. */
static void bands_are_nested_and_cover_all(void **state)
{
    struct field field = make_field(41, 31, bowl);
    struct outline o = {0};
    double last = 0.0;
    (void)state;
    for (double level = 100; level < 60000; level *= 1.7) {
        assert_int_equal(orl_contour_below(&field, level, 0.1, &o, NULL), ORL_OK);
        assert_true(area_of(&o) > last);
        last = area_of(&o);
    }
    assert_int_equal(orl_contour_below(&field, INFINITY, 0.1, &o, NULL), ORL_OK);
    assert_true(fabs(area_of(&o) - 402.0 * 302.0) <
                3.0); /* a pixel beyond each edge; the corners are cut there */
    orl_outline_uninit(&o);
    free(field.values);
}

static double saddle_with_hole(double x, double y)
{
    return hypot(x - 200, y - 120) < 40 ? NAN : (x - 300) * (y - 200);
}

static void holes_stay_holes(void **state)
{
    struct field field = make_field(101, 76, saddle_with_hole);
    struct outline o = {0};
    (void)state;
    assert_int_equal(orl_contour_below(&field, INFINITY, 0.1, &o, NULL), ORL_OK);
    double loops =
        402.0 * 302.0 - 3.14159265358979 * 40 * 40; /* the hole runs the other way round */
    assert_true(fabs(area_of(&o) - loops) < 400.0);
    for (size_t i = 0; i < o.count; i++)
        assert_true(isnan(o.xy[2 * i]) || hypot(o.xy[2 * i] - 200, o.xy[2 * i + 1] - 120) > 36.0);
    assert_int_equal(orl_contour_below(&field, 0.0, 0.1, &o, NULL),
                     ORL_OK); /* through the saddle's middle */
    assert_true(o.count > 8);
    orl_outline_uninit(&o);
    free(field.values);
}

static double huge(double x, double y)
{
    return x < 300 ? -1e308 : y < 200 ? 1e308 : INFINITY;
}

static void huge_and_equal_values(void **state)
{
    struct field field = make_field(9, 9, huge);
    struct outline o = {0};
    (void)state;
    for (double level = -1e308; level <= 1e308; level += 5e307) {
        assert_int_equal(orl_contour_below(&field, level, 0.1, &o, NULL), ORL_OK);
        for (size_t i = 0; i < 2 * o.count; i++)
            assert_true(isnan(o.xy[i]) || (o.xy[i] >= 48 && o.xy[i] <= 502));
    }
    for (size_t i = 0; i < 81; i++)
        field.values[i] = 7.0;
    assert_int_equal(orl_contour_below(&field, 6.9, 0.1, &o, NULL), ORL_OK);
    assert_int_equal(o.count, 0);
    assert_int_equal(orl_contour_below(&field, 7.0, 0.1, &o, NULL), ORL_OK);
    assert_true(o.count >= 4);
    orl_outline_uninit(&o);
    free(field.values);
}

/* What is left out lies within the tolerance of what is kept, and a beginning is thinned alike
 * whatever follows. */
static void lines_are_thinned_within_the_tolerance(void **state)
{
    enum { COUNT = 5000 };
    static double xy[2 * COUNT];
    static size_t kept[COUNT], fewer[COUNT];
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        double t = (double)i / 400.0;
        xy[2 * i] = 40 * t * cos(t);
        xy[2 * i + 1] = 30 * t * sin(1.3 * t);
    }
    size_t count = orl_polyline_thin(xy, COUNT, 0.25, kept);
    assert_true(count > 20 && count < COUNT / 10);
    for (size_t k = 0; k + 1 < count; k++)
        for (size_t i = kept[k]; i <= kept[k + 1]; i++) {
            const double *a = xy + 2 * kept[k], *b = xy + 2 * kept[k + 1], *p = xy + 2 * i;
            double length = hypot(b[0] - a[0], b[1] - a[1]);
            double off =
                fabs((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])) / length;
            assert_true(off <= 0.2501);
        }
    size_t part = orl_polyline_thin(xy, COUNT / 2, 0.25, fewer);
    assert_memory_equal(kept, fewer, (part - 1) * sizeof *kept);
}

/* ---- Planes ---------------------------------------------------------------------------------- */

static void points_on_a_line_and_on_a_plane(void **state)
{
    static const double a[] = {3, -4, 0, 1e-3, 12}, b[] = {4, 3, 1, 0, 0},
                        at[] = {1e6, -5, 0, 7, 1};
    (void)state;
    for (int plane = 0; plane < 2; plane++) {
        struct pca pca;
        assert_int_equal(orl_pca_init(&pca, 5, NULL), ORL_OK);
        for (int i = 0; i < 500; i++) {
            double p[5];
            for (int j = 0; j < 5; j++)
                p[j] = at[j] + cos(i) * a[j] + (plane ? sin(3 * i) * b[j] : 0.0);
            orl_pca_add(&pca, p, i % 2 ? 1.0 : 0.5);
        }
        orl_pca_finish(&pca);
        double across = 0.0, length[2] = {0};
        for (int j = 0; j < 5; j++) {
            across += pca.axes[0][j] * pca.axes[1][j];
            length[0] += pca.axes[0][j] * pca.axes[0][j];
            length[1] += pca.axes[1][j] * pca.axes[1][j];
        }
        assert_true(fabs(across) < 1e-12 && fabs(length[0] - 1) < 1e-12 &&
                    fabs(length[1] - 1) < 1e-12);
        assert_true(fabs(pca.share[0] + pca.share[1] - 1.0) < 1e-9);
        assert_true(plane ? pca.share[1] > 0.05 : pca.share[1] < 1e-9);
        if (!plane)
            for (int j = 0; j < 5; j++)
                assert_true(fabs(pca.axes[0][j] - a[j] / 13.0 * (13.0 / sqrt(169.0 + 1e-6))) <
                            1e-6);
        orl_pca_uninit(&pca);
    }
}

/* Three directions of variances 9, 4 and 1: the plane holds 13/14. */
static void a_plane_holds_the_share_that_it_says(void **state)
{
    struct pca pca;
    (void)state;
    assert_int_equal(orl_pca_init(&pca, 3, NULL), ORL_OK);
    for (int k = 0; k < 8; k++) {
        const double p[] = {k & 1 ? 3 : -3, k & 2 ? 2 : -2, k & 4 ? 1 : -1};
        orl_pca_add(&pca, p, 1.0);
    }
    orl_pca_finish(&pca);
    assert_true(fabs(pca.share[0] - 9.0 / 14) < 1e-12 && fabs(pca.share[1] - 4.0 / 14) < 1e-9);
    assert_true(fabs(pca.axes[0][0] - 1) < 1e-9 && fabs(pca.axes[1][1] - 1) < 1e-6);
    orl_pca_uninit(&pca);
}

static void points_that_do_not_move(void **state)
{
    static const double p[] = {1, 2, 3};
    struct pca pca;
    (void)state;
    assert_int_equal(orl_pca_init(&pca, 3, NULL), ORL_OK);
    for (int k = 0; k < 4; k++)
        orl_pca_add(&pca, p, 1.0);
    orl_pca_finish(&pca);
    assert_true(pca.share[0] == 1.0 && pca.share[1] == 0.0);
    for (int j = 0; j < 3; j++)
        assert_true(isfinite(pca.axes[0][j]) && isfinite(pca.axes[1][j]) &&
                    fabs(pca.mean[j] - p[j]) < 1e-12);
    orl_pca_uninit(&pca);
}

/* Two squares of 4 px that overlap by 1 x 2 px; squares that only touch share nothing. A point on
 * the edge is held, one a hair outside is not, nor is NaN. */
static void rectangles(void **state)
{
    const struct orl_rect a = {0, 0, 4, 4}, b = {3, 2, 4, 4}, beside = {4, 0, 4, 4};
    const double edge[] = {4, 0}, out[] = {4.001, 2}, above[] = {2, -0.001}, lost[] = {NAN, 2};
    (void)state;
    assert_true(orl_rect_overlap(&a, &b) == 2.0 && orl_rect_overlap(&b, &a) == 2.0);
    assert_true(orl_rect_overlap(&a, &beside) == 0.0);
    assert_true(orl_rect_holds(&a, edge));
    assert_false(orl_rect_holds(&a, out) || orl_rect_holds(&a, above) || orl_rect_holds(&a, lost));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rectangles),
        cmocka_unit_test(a_bowls_contour_is_a_circle),
        cmocka_unit_test(bands_are_nested_and_cover_all),
        cmocka_unit_test(holes_stay_holes),
        cmocka_unit_test(huge_and_equal_values),
        cmocka_unit_test(lines_are_thinned_within_the_tolerance),
        cmocka_unit_test(points_on_a_line_and_on_a_plane),
        cmocka_unit_test(a_plane_holds_the_share_that_it_says),
        cmocka_unit_test(points_that_do_not_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
