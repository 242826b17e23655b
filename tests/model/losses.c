/* Losses by hand: rho, slope and curvature at a few residuals; which are means, which squares. */
#include "orl_test.h"

#include "optreel/model.h"

static void values(void **state)
{
    static const struct {
        const char *name;
        double delta, r, rho, slope, curvature; /* delta 0: the default */
    } cases[] = {
        {"mse", 0, 3, 9, 6, 2},
        {"mse", 0, -3, 9, -6, 2},
        {"sse", 0, -0.5, 0.25, -1, 2},
        {"mae", 0, 3, 3, 1, 0},
        {"mae", 0, -3, 3, -1, 0},
        {"mae", 0, 0, 0, 0, 0},
        {"huber", 0, 0.5, 0.125, 0.5, 1},
        {"huber", 0, 3, 2.5, 1, 0},
        {"huber", 0, -3, 2.5, -1, 0},
        {"huber", 2, 3, 4, 2, 0},
        {"huber", 2, -1, 0.5, -1, 1},
        {"huber", 2, 2, 2, 2, 1},
        {"huber", 0.5, 4, 1.875, 0.5, 0},
        {"log-cosh", 0, 1, 0.43378083048302711, 0.76159415595576489, 0.41997434161402607},
        {"log-cosh", 0, -1, 0.43378083048302711, -0.76159415595576489, 0.41997434161402607},
        {"log-cosh", 0, 1000, 999.30685281944005, 1, 0},
        {"log-cosh", 0, -1000, 999.30685281944005, -1, 0},
        {"log-cosh", 0, 0, 0, 0, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct orl_loss_desc *loss = orl_loss_find(cases[i].name);
        const struct orl_value delta = {.number = cases[i].delta};
        const struct orl_value *settings = cases[i].delta > 0 ? &delta : NULL;
        double rho[3], slope[3], r = cases[i].r, residuals[] = {r, r, r};
        CHECK_NEAR(loss->rho(r, settings), cases[i].rho, 1e-15);
        CHECK_NEAR(loss->slope(r, settings), cases[i].slope, 1e-15);
        CHECK_NEAR(loss->curvature(r, settings), cases[i].curvature, 1e-15);
        loss->block(residuals, rho, slope, 3, settings);
        for (size_t k = 0; k < 3; k++) {
            CHECK_NEAR(rho[k], cases[i].rho, 1e-15);
            CHECK_NEAR(slope[k], cases[i].slope, 1e-15);
        }
    }
}

static void means_and_squares(void **state)
{
    static const struct {
        const char *name, *label;
        bool mean, squares;
    } cases[] = {{"mse", "MSE", true, true},
                 {"sse", "SSE", false, true},
                 {"mae", "MAE", true, false},
                 {"huber", "Huber loss", true, false},
                 {"log-cosh", "log-cosh loss", true, false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct orl_loss_desc *loss = orl_losses[i];
        assert_string_equal(loss->name, cases[i].name);
        assert_ptr_equal(loss, orl_loss_find(cases[i].name));
        assert_string_equal(loss->label, cases[i].label);
        assert_int_equal(loss->mean, cases[i].mean);
        assert_int_equal(loss->squares, cases[i].squares);
    }
    assert_null(orl_losses[sizeof cases / sizeof *cases]);
    assert_null(orl_loss_find("MSE"));
    assert_true(orl_loss_find("huber")->settings[0].initial == 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values),
                                       cmocka_unit_test(means_and_squares)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
