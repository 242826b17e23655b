/* Rows of long runs: the first ones all, the rest evenly on the scale of log steps. Kept evenly on
 * that of steps, the first rows of a million would lie sixteen steps apart, and what a run does at
 * its beginning would not be seen. */
#include "trace/thinning.h"

#include <math.h>

enum { FIRST_ROWS = 1000, HALVINGS = 60 };

/* Rows from step `dense` to `steps`, both counted in multiples of what is kept, where each is the
 * last one times 1 + growth, but at least one more: one by one up to 1/growth, then evenly. */
static double rows_needed(double dense, double steps, double growth)
{
    double single = fmin(fmax(1.0 / growth, dense), steps);
    return single - dense + log(steps / single) / log1p(growth);
}

/* The least growth whose rows fit. */
static double growth_find(double dense, double steps, double rows)
{
    double low = 1e-12, high = 1.0;
    while (rows_needed(dense, steps, high) > rows)
        high *= 2.0;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = sqrt(low * high);
        *(rows_needed(dense, steps, middle) > rows ? &low : &high) = middle;
    }
    return high;
}

void orl_thinning_init(struct orl_thinning *thinning, int64_t steps, int64_t every, size_t rows)
{
    *thinning = (struct orl_thinning){.every = every, .dense = INT64_MAX, .ratio = 1.0};
    int64_t multiples = steps / every;
    if ((uint64_t)multiples + 2 <= rows)
        return; /* with the last one, which need not be a multiple */
    int64_t first = rows / 2 < FIRST_ROWS ? (int64_t)(rows / 2) : FIRST_ROWS;
    double left = (double)rows - (double)first - 2.0; /* the last row, and what rounding takes */
    thinning->dense = first * every;
    thinning->ratio =
        left >= 1.0 ? 1.0 + growth_find((double)first, (double)multiples, left) : INFINITY;
}

bool orl_thinning_keeps(struct orl_thinning *thinning, int64_t step)
{
    if (step != thinning->next)
        return false;
    double every = (double)thinning->every, next = (double)step;
    if (step + thinning->every >= thinning->dense)
        next = fmin(ceil(fmax(next, every) * thinning->ratio / every) * every, 0x1p62);
    thinning->next = next > (double)step ? (int64_t)next : step + thinning->every;
    return true;
}
