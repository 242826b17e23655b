/* Steps: the column that counts them, and what becomes of a count that goes back. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "logs/sense.h"

static const char *last_part(const char *name)
{
    const char *found = name;
    for (const char *p = name; *p; p++)
        if (*p == '/' || *p == '.')
            found = p + 1;
    return found;
}

static bool ends_with(const char *text, const char *end)
{
    size_t a = strlen(text), b = strlen(end);
    return a >= b && strcasecmp(text + a - b, end) == 0;
}

/* How a name ranks as the counter of steps; -1: it is none. The order is the contract's. */
static int step_rank(const char *name)
{
    static const char *const ranked[] = {
        "step",       "global_step", "_step",      "current_steps", "*total_timesteps",
        "timesteps",  "timestep",    "train_step", "training_step", "iteration",
        "iterations", "iter",        "n_iter",     "epoch",         "epochs",
        "round",      "episode",     "(index)",    "unnamed: 0",
    };
    const char *part = last_part(name);
    for (size_t i = 0; i < ORL_COUNT(ranked); i++)
        if (*ranked[i] == '*' ? ends_with(part, ranked[i] + 1) : strcasecmp(part, ranked[i]) == 0)
            return (int)i;
    return -1;
}

bool orl_log_counts_steps(const char *name)
{
    return step_rank(name) >= 0;
}

enum { RANK_OF_WHOLE = 3 }; /* ranks below: a step is a whole number, or the log is refused */

static bool is_epoch(const char *name)
{
    const char *part = last_part(name);
    return strcasecmp(part, "epoch") == 0 || strcasecmp(part, "epochs") == 0;
}

/* Numbers that can count: whole, and not all the same. */
static bool all_whole(const struct log_series *series)
{
    for (size_t i = 0; i < series->count; i++)
        if (!(fabs(series->value[i]) < 9e15) || series->value[i] != floor(series->value[i]))
            return false;
    return true;
}

static bool all_equal(const struct log_series *series)
{
    for (size_t i = 1; i < series->count; i++)
        if (series->value[i] != series->value[0])
            return false;
    return true;
}

/* ---- The column ---- */

static int step_fault(const struct log_sense *sense, const struct log_series *series)
{
    for (size_t i = 0; i < series->count; i++)
        if (series->value[i] != floor(series->value[i]) || !(fabs(series->value[i]) < 9e15)) {
            char number[ORL_NUMBER_SIZE];
            orl_double_short(number, series->value[i]);
            return orl_log_fault(sense->where, 0, "--step names another column",
                                 "the column '%s' does not count steps: %s is not a whole number",
                                 series->name, number);
        }
    return ORL_OK;
}

static int step_asked_for(const struct log_sense *sense, struct log_record *record,
                          struct log_series **out)
{
    const char *wanted = sense->request->step;
    struct orl_text names = {0};
    for (size_t i = 0; i < record->count && !*out; i++)
        if (strcmp(record->series[i].name, wanted) == 0 && record->series[i].count > 0)
            *out = &record->series[i];
    if (*out)
        return step_fault(sense, *out);
    for (size_t i = 0; i < record->count && i < 20; i++)
        orl_text_printf(&names, "%s%s", i ? ", " : "the columns are: ", record->series[i].name);
    int ret = orl_log_fault(sense->where, 0, names.data, "there is no column '%s' to count steps",
                            wanted);
    orl_text_uninit(&names);
    return ret;
}

/* Where no column has a name of the contract: the first that grows with every number and says in
 * its name that it counts ("training_iteration", "num_env_steps"). */
static struct log_series *step_like(struct log_record *record)
{
    static const char *const words[] = {"step", "iter", "epoch", "update"};
    for (size_t w = 0; w < ORL_COUNT(words); w++)
        for (size_t i = 0; i < record->count; i++) {
            struct log_series *s = &record->series[i];
            bool grows = s->count > 1 && strcasestr(last_part(s->name), words[w]) && all_whole(s) &&
                         !orl_log_no_metric(s->name);
            for (size_t k = 1; grows && k < s->count; k++)
                grows = s->value[k] > s->value[k - 1];
            if (grows && s->count >= (size_t)record->rows)
                return s;
        }
    return NULL;
}

/* *out stays NULL where rows are counted. */
static int step_choose(const struct log_sense *sense, struct log_record *record,
                       struct log_series **out)
{
    int best = INT32_MAX;
    *out = NULL;
    if (sense->request->step)
        return step_asked_for(sense, record, out);
    for (size_t i = 0; i < record->count; i++) {
        struct log_series *series = &record->series[i];
        int rank = step_rank(series->name);
        if (rank < 0 || rank >= best || series->count == 0 ||
            (series->count > 1 && all_equal(series)))
            continue;
        if (!all_whole(series)) {
            if (rank < RANK_OF_WHOLE)
                return step_fault(sense, series);
            continue; /* an epoch of fractions counts nothing */
        }
        best = rank;
        *out = series;
    }
    if (!*out)
        *out = step_like(record);
    return ORL_OK;
}

#define NO_STEP INT64_MIN

/* The step of each row: a row without one has that of the row before it. NO_STEP: none yet. */
static int64_t *row_steps(const struct log_record *record, const struct log_series *counter)
{
    int64_t *steps = orl_calloc((size_t)record->rows + 1, sizeof *steps), last = NO_STEP;
    size_t next = 0;
    if (!steps)
        return NULL;
    for (int64_t row = 0; row < record->rows; row++) {
        while (counter && next < counter->count && counter->at[next] <= row)
            last = (int64_t)counter->value[next++];
        steps[row] = counter ? last : row;
    }
    return steps;
}

/* ---- A counter within epochs ------------------------------------------------------------------
 */

static const struct log_series *epoch_series(const struct log_record *record,
                                             const struct log_series *counter)
{
    for (size_t i = 0; i < record->count; i++)
        if (&record->series[i] != counter && is_epoch(record->series[i].name) &&
            record->series[i].count > 0)
            return &record->series[i];
    return NULL;
}

/* True where the count falls while the epoch grows, from one number to the next of some series. */
static bool counter_is_nested(const struct log_record *record, const int64_t *steps,
                              const double *epochs)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct log_series *s = &record->series[i];
        for (size_t k = 1; !orl_log_no_metric(s->name) && k < s->count; k++)
            if (steps[s->at[k]] != NO_STEP && steps[s->at[k]] < steps[s->at[k - 1]] &&
                epochs[s->at[k]] > epochs[s->at[k - 1]])
                return true;
    }
    return false;
}

/* Number on: each epoch begins where the one before it ended. */
static void number_on(int64_t rows, int64_t *steps, const double *epochs)
{
    double epoch = (double)NAN;
    int64_t offset = 0, highest = -1;
    for (int64_t row = 0; row < rows; row++) {
        if (!isfinite(epochs[row]) || steps[row] == NO_STEP)
            continue;
        if (isfinite(epoch) && epochs[row] > epoch) {
            int64_t least = INT64_MAX;
            for (int64_t k = row; k < rows && !(epochs[k] > epochs[row]); k++)
                least = steps[k] != NO_STEP && steps[k] < least ? steps[k] : least;
            offset = highest + 1 - least;
        }
        epoch = isfinite(epoch) && epoch > epochs[row] ? epoch : epochs[row];
        steps[row] += offset;
        highest = steps[row] > highest ? steps[row] : highest;
    }
}

static int unnest(const struct log_sense *sense, const struct log_record *record,
                  const struct log_series *counter, int64_t *steps, struct orl_error *err)
{
    const struct log_series *epoch = counter ? epoch_series(record, counter) : NULL;
    if (!epoch)
        return ORL_OK;
    double *epochs = orl_calloc((size_t)record->rows + 1, sizeof *epochs), last = (double)NAN;
    if (!epochs)
        return orl_fail_memory(err);
    size_t next = 0;
    for (int64_t row = 0; row < record->rows; row++) {
        while (next < epoch->count && epoch->at[next] <= row)
            last = epoch->value[next++];
        epochs[row] = last;
    }
    if (counter_is_nested(record, steps, epochs)) {
        number_on(record->rows, steps, epochs);
        orl_log_warn(sense->where, 0, "'%s' begins again with every %s: it is numbered on",
                     counter->name, epoch->name);
    }
    free(epochs);
    return ORL_OK;
}

/* ---- Each series by itself --------------------------------------------------------------------
 */

/* What was found in the series of a run, for one remark each. */
struct back {
    size_t series;    /* that began again */
    size_t most;      /* times, at most */
    int64_t from, to; /* the first time of the first series */
    bool passes;      /* they begin at their first step again */
    size_t several;   /* series with several values at every step */
    size_t per_step;
};

static size_t find_step(const struct log_series *s, size_t count, int64_t step)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->at[middle] < step)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Numbers that were written late: up to the next that is beyond all that was they fall, and none
 * has a step that was there. What begins again rises. */
static bool is_late(const struct log_series *s, size_t i, size_t kept)
{
    enum { LATE_MOST = 64 };
    for (size_t k = i; k < s->count && k - i < LATE_MOST; k++) {
        if (s->at[k] > s->at[kept - 1])
            return true;
        size_t place = find_step(s, kept, s->at[k]);
        if (s->at[place] == s->at[k] || (k > i && s->at[k] >= s->at[k - 1]))
            return false;
    }
    return false;
}

struct point {
    int64_t at;
    double value;
};

static int by_step(const void *a, const void *b)
{
    const struct point *one = a, *other = b;
    return (one->at > other->at) - (one->at < other->at);
}

/* A series in no order, newest first or as many workers wrote it: most often it goes back, and no
 * step comes twice. Then it is sorted. */
static int series_sort(struct log_series *s, struct orl_error *err)
{
    size_t backs = 0;
    bool once = true;
    for (size_t i = 1; i < s->count; i++)
        backs += s->at[i] < s->at[i - 1];
    if (backs < 3 || backs < s->count / 4)
        return ORL_OK;
    struct point *points = orl_calloc(s->count, sizeof *points);
    if (!points)
        return orl_fail_memory(err);
    for (size_t i = 0; i < s->count; i++)
        points[i] = (struct point){s->at[i], s->value[i]};
    qsort(points, s->count, sizeof *points, by_step);
    for (size_t i = 1; i < s->count; i++)
        once &= points[i].at != points[i - 1].at;
    for (size_t i = 0; once && i < s->count; i++) {
        s->at[i] = points[i].at;
        s->value[i] = points[i].value;
    }
    free(points);
    return ORL_OK;
}

static void series_insert(struct log_series *s, size_t place, size_t kept, int64_t step,
                          double value)
{
    memmove(s->at + place + 1, s->at + place, (kept - place) * sizeof *s->at);
    memmove(s->value + place + 1, s->value + place, (kept - place) * sizeof *s->value);
    s->at[place] = step;
    s->value[place] = value;
}

/* Make a series rise: the last value of a step stands; what goes back over steps that were there
 * begins again there. */
static void series_rise(struct log_series *s, struct back *back)
{
    size_t kept = 0, times = 0, same = 0;
    int64_t first = s->count ? s->at[0] : 0, from = 0, to = 0;
    bool passes = true;
    for (size_t i = 0; i < s->count; i++) {
        int64_t step = s->at[i];
        double value = s->value[i];
        if (kept == 0 || step > s->at[kept - 1]) {
            s->at[kept] = step;
            s->value[kept++] = value;
        } else if (step == s->at[kept - 1]) {
            same++;
            s->value[kept - 1] = value;
        } else {
            size_t place = find_step(s, kept, step);
            bool had = s->at[place] == step;
            if (!had && is_late(s, i, kept)) {
                series_insert(s, place, kept++, step, value);
                continue;
            }
            if (times++ == 0) {
                from = s->at[kept - 1];
                to = step;
            }
            passes &= step == first;
            s->at[place] = step;
            s->value[place] = value;
            kept = place + 1;
        }
    }
    if (times && back->series++ == 0) {
        back->from = from;
        back->to = to;
        back->passes = passes;
    }
    back->most = times > back->most ? times : back->most;
    if (kept > 1 && same >= kept && s->count % kept == 0) {
        back->several++;
        back->per_step = s->count / kept;
    }
    s->count = kept;
}

static void tell_back(const struct log_sense *sense, const struct back *back)
{
    if (back->series && back->passes)
        orl_log_warn(sense->where, 0,
                     "the steps begin again %zu time%s: the last of %zu passes is shown",
                     back->most, back->most == 1 ? "" : "s", back->most + 1);
    else if (back->series && back->most == 1)
        orl_log_warn(sense->where, 0, "begins again from step %lld (it was at %lld): a resumed run",
                     (long long)back->to, (long long)back->from);
    else if (back->series)
        orl_log_warn(sense->where, 0,
                     "begins again %zu times, first from step %lld (it was at %lld): a resumed run",
                     back->most, (long long)back->to, (long long)back->from);
    if (back->several)
        orl_log_warn(sense->where, 0, "%zu series ha%s %zu values at every step: the last counts",
                     back->several, back->several == 1 ? "s" : "ve", back->per_step);
}

/* Times and the like have no say in what is a step back. */
static int rows_to_steps(struct log_record *record, const int64_t *steps)
{
    for (size_t i = 0; i < record->count; i++) {
        struct log_series *s = &record->series[i];
        size_t kept = 0;
        for (size_t k = 0; k < s->count; k++) {
            int64_t step = steps[s->at[k]];
            if (step == NO_STEP)
                continue;
            s->at[kept] = step;
            s->value[kept++] = s->value[k];
        }
        s->count = kept;
    }
    return ORL_OK;
}

/* All numbers of all series at one step: nobody counted. Their order is the order of time. */
static bool count_by_order(struct log_record *record)
{
    int64_t step = 0;
    bool any = false, several = false;
    for (size_t i = 0; i < record->count; i++)
        for (size_t k = 0; k < record->series[i].count; k++) {
            if (any && record->series[i].at[k] != step)
                return false;
            step = record->series[i].at[k];
            any = true;
            several |= k > 0;
        }
    for (size_t i = 0; several && i < record->count; i++)
        for (size_t k = 0; k < record->series[i].count; k++)
            record->series[i].at[k] = (int64_t)k;
    return several;
}

static int check_range(const struct log_sense *sense, const struct log_record *record)
{
    int64_t least = 0, most = 0;
    for (size_t i = 0; i < record->count; i++)
        for (size_t k = 0; k < record->series[i].count; k++) {
            int64_t at = record->series[i].at[k];
            least = at < least ? at : least;
            most = at > most ? at : most;
        }
    if (most > (int64_t)sense->limits->steps || least < -(int64_t)sense->limits->steps)
        return orl_log_fault(sense->where, 0, NULL, "step %lld is beyond the limit (--max-steps)",
                             (long long)(least < 0 ? least : most));
    return least < 0 ? orl_log_fault(sense->where, 0, "steps are counted from 0",
                                     "step %lld is below 0", (long long)least)
                     : ORL_OK;
}

int orl_log_steps(const struct log_sense *sense, struct log_record *record, char **step_name,
                  struct orl_error *err)
{
    struct back back = {0};
    struct log_series *counter = NULL;
    int ret = ORL_OK;
    if (!record->stepped) {
        ret = step_choose(sense, record, &counter);
        int64_t *steps = ret == ORL_OK ? row_steps(record, counter) : NULL;
        if (ret == ORL_OK && !steps)
            ret = orl_fail_memory(err);
        if (ret == ORL_OK)
            ret = unnest(sense, record, counter, steps, err);
        if (ret == ORL_OK)
            ret = rows_to_steps(record, steps);
        free(steps);
    }
    if (ret != ORL_OK)
        return ret;
    bool ordered = record->stepped && count_by_order(record);
    if (ordered)
        orl_log_warn(sense->where, 0,
                     "every number stands at the same step: they are counted in "
                     "the order of time");
    ret = check_range(sense, record);
    for (size_t i = 0; ret == ORL_OK && i < record->count; i++) {
        struct back unheard = {0};
        const char *name = record->series[i].name;
        bool voice = step_rank(name) < 0 && !orl_log_no_metric(name);
        ret = series_sort(&record->series[i], err);
        if (ret == ORL_OK)
            series_rise(&record->series[i], voice ? &back : &unheard);
    }
    tell_back(sense, &back);
    *step_name = orl_strdup(counter           ? counter->name
                            : ordered         ? "(order of time)"
                            : record->stepped ? "step"
                                              : "(row)");
    record->stepped = true;
    return ret == ORL_OK && !*step_name ? orl_fail_memory(err) : ret;
}
