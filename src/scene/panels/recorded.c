/* Which columns of a log are its losses. */
#include "scene/panels/recorded.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static const char *loss_name(const struct orl_film_run *run)
{
    return run->trace->loss_name ? run->trace->loss_name : "loss";
}

/* "test/RMSE" beside "learn/RMSE". */
static bool is_same_measure(const char *a, const char *b)
{
    const char *slash_a = strrchr(a, '/'), *slash_b = strrchr(b, '/');
    return strcasecmp(slash_a ? slash_a + 1 : a, slash_b ? slash_b + 1 : b) == 0;
}

bool orl_recorded_is_loss(const struct orl_film_run *run, size_t series)
{
    const char *name = run->trace->series_names[series], *main = loss_name(run);
    bool loss = orl_series_is_loss(name);
    if (!run->trace->loss)
        return false;
    if (orl_series_is_validation(name))
        return loss || is_same_measure(name, main);
    return loss && (orl_series_loss_rank(main) >= 3 || orl_series_loss_rank(name) <= 2);
}

size_t orl_recorded_lines(const struct view *view, size_t run, struct recorded_line *out,
                          size_t capacity)
{
    const struct orl_film_run *of = &view->runs[run];
    const struct orl_trace *t = of->trace;
    size_t count = 0;
    if (t->loss && count++ < capacity)
        out[0] = (struct recorded_line){run, loss_name(of), true, false, t->loss, 1, t->loss_gaps};
    for (size_t i = 0; i < t->series_count; i++)
        if (orl_recorded_is_loss(of, i) && count++ < capacity)
            out[count - 1] =
                (struct recorded_line){run,           t->series_names[i],
                                       false,         orl_series_is_validation(t->series_names[i]),
                                       t->series + i, t->series_count,
                                       NULL};
    return count < capacity ? count : capacity;
}

double orl_recorded_value(const struct recorded_line *line, size_t row)
{
    return line->gaps && line->gaps[row] ? (double)NAN : line->values[row * line->stride];
}
