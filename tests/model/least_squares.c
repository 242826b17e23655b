/* The triangle of least squares: rows one at a time and by blocks of columns agree, with entries of
 * any size. */
#include "orl_test.h"

#include "base/random.h"
#include "model/least_squares.h"

enum { UNKNOWNS = 3, BLOCK = 40, BLOCKS = 4, POINTS = BLOCK * BLOCKS };

/* Rows of random entries, the j-th column of size size[j]; the right side is of size size[3]. */
static void fill(double rows[POINTS][UNKNOWNS], double right[POINTS], const double *size)
{
    struct orl_random random;
    orl_random_init(&random, 3, 0);
    for (size_t i = 0; i < POINTS; i++) {
        for (size_t j = 0; j < UNKNOWNS; j++)
            rows[i][j] = size[j] * (orl_random_uniform(&random) - 0.3);
        right[i] = size[UNKNOWNS] * orl_random_normal(&random);
    }
}

static void add_blocks(struct orl_lsq *lsq, double rows[POINTS][UNKNOWNS], const double *right)
{
    double columns[UNKNOWNS * BLOCK], sides[BLOCK];
    for (size_t first = 0; first < POINTS; first += BLOCK) {
        for (size_t i = 0; i < BLOCK; i++) {
            for (size_t j = 0; j < UNKNOWNS; j++)
                columns[j * BLOCK + i] = rows[first + i][j];
            sides[i] = right[first + i];
        }
        orl_lsq_add_columns(lsq, columns, BLOCK, sides, BLOCK);
    }
}

static void ways_agree(void **state)
{
    static const double sizes[][UNKNOWNS + 1] = {
        {1, 1, 1, 1},
        {1e-160, 1, 1e160, 1},
        {1e-170, 1e-165, 1e-160, 1e-160},
        {1e155, 1e158, 1e160, 1e150},
    };
    double rows[POINTS][UNKNOWNS], right[POINTS];
    (void)state;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        struct orl_lsq single = {0}, blocks = {0};
        double x[UNKNOWNS], y[UNKNOWNS], sum = 0.0;
        assert_true(orl_lsq_init(&single, UNKNOWNS) && orl_lsq_init(&blocks, UNKNOWNS));
        fill(rows, right, sizes[k]);
        for (size_t i = 0; i < POINTS; i++)
            orl_lsq_add(&single, rows[i], right[i]);
        add_blocks(&blocks, rows, right);
        assert_true(orl_lsq_solve(&single, x) && orl_lsq_solve(&blocks, y));
        for (size_t j = 0; j < UNKNOWNS; j++) {
            CHECK_NEAR(y[j] / x[j], 1.0, 1e-12);
            CHECK_NEAR(blocks.scale[j] / single.scale[j], 1.0, 1e-13);
        }
        for (size_t i = 0; k == 0 && i < POINTS; i++) {
            double left = right[i] - rows[i][0] * x[0] - rows[i][1] * x[1] - rows[i][2] * x[2];
            sum += left * left;
        }
        if (k == 0)
            CHECK_NEAR(blocks.rest, sum, 1e-12);
        orl_lsq_uninit(&single);
        orl_lsq_uninit(&blocks);
    }
}

/* What is no number spreads and is not taken for one; a column of zeros is dependent. */
static void odd_columns(void **state)
{
    double rows[POINTS][UNKNOWNS], right[POINTS], x[UNKNOWNS];
    static const double size[] = {1, 1, 1, 1};
    (void)state;
    for (int odd = 0; odd < 2; odd++) {
        struct orl_lsq lsq = {0};
        assert_true(orl_lsq_init(&lsq, UNKNOWNS));
        fill(rows, right, size);
        for (size_t i = 0; i < POINTS; i++)
            rows[i][1] = odd ? (double)NAN : 0.0;
        add_blocks(&lsq, rows, right);
        assert_false(orl_lsq_solve(&lsq, x));
        assert_true(odd ? isnan(lsq.scale[1]) : lsq.scale[1] == 0.0);
        orl_lsq_uninit(&lsq);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_agree),
        cmocka_unit_test(odd_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
