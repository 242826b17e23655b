/* Vectors: lengths where squares overflow or vanish, and what is not finite. */
#include "orl_test.h"

#include "base/vector.h"

static void lengths(void **state)
{
    static const double plain[] = {3, -4}, huge[] = {3e200, 4e200}, tiny[] = {-3e-200, 4e-200};
    (void)state;
    CHECK_NEAR(orl_vector_norm(plain, 2), 5, 1e-15);
    CHECK_NEAR(orl_vector_norm(huge, 2) / 1e200, 5, 1e-15);
    CHECK_NEAR(orl_vector_norm(tiny, 2) / 1e-200, 5, 1e-15);
    assert_true(orl_vector_norm(plain, 0) == 0);
    assert_true(orl_dot(plain, plain, 2) == 25);
}

static void what_is_not_finite(void **state)
{
    static const double good[] = {1e308, -1e308}, bad[] = {1, INFINITY}, worse[] = {NAN, 1};
    (void)state;
    assert_true(orl_vector_finite(good, 2));
    assert_false(orl_vector_finite(bad, 2));
    assert_false(orl_vector_finite(worse, 2));
    assert_true(isinf(orl_vector_norm(bad, 2)) && isnan(orl_vector_norm(worse, 2)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lengths),
                                       cmocka_unit_test(what_is_not_finite)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
