/* What each column is: the loss, its validation, a learning rate, a metric, or nothing to show. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "logs/sense.h"

const char *orl_log_role_name(enum orl_log_role role)
{
    static const char *const names[] = {"metric", "loss", "validation", "learning rate",
                                        "left out"};
    return names[role];
}

const char *orl_log_no_metric(const char *name)
{
    static const char *const times[] = {"time",    "timestamp", "runtime", "walltime", "elapsed",
                                        "eta",     "duration",  "second",  "seconds",  "secs",
                                        "sec",     "fps",       "date",    "datetime", "hours",
                                        "minutes", "remaining", NULL};
    static const char *const memory[] = {"memory", "mem", "vram", NULL};
    static const char *const machine[] = {"gpu",  "cpu",     "system", "swanlab",
                                          "disk", "network", NULL};
    size_t length = strlen(name);
    if (strncmp(name, "__swanlab__", 11) == 0 || strncmp(name, "system/", 7) == 0 ||
        strncmp(name, "system.", 7) == 0)
        return "of the machine";
    if ((length > 5 && strcmp(name + length - 5, "__MIN") == 0) ||
        (length > 5 && strcmp(name + length - 5, "__MAX") == 0))
        return "the range of another column";
    if (orl_series_has_word(name, times))
        return "a time";
    if (orl_series_has_word(name, memory))
        return "memory";
    return orl_series_has_word(name, machine) ? "of the machine" : NULL;
}

/* ---- Numbers that tell nothing -----------------------------------------------------------------
 */

static bool is_constant(const struct log_series *s)
{
    for (size_t i = 1; i < s->count; i++)
        if (s->value[i] != s->value[0])
            return false;
    return s->count > 1;
}

/* Counts on: whole numbers that never fall, called like something that is counted. */
static bool is_counter(const struct log_series *s)
{
    static const char *const words[] = {
        "step",    "steps",    "timesteps", "iteration", "iterations", "iter",       "epoch",
        "epochs",  "updates",  "tokens",    "flos",      "samples",    "percentage", "batch",
        "batches", "episodes", "episode",   "index",     NULL};
    static const char *const measures[] = {"reward", "rewards", "score", "return",   "returns",
                                           "length", "len",     "acc",   "accuracy", NULL};
    if (!orl_series_has_word(s->name, words) || orl_series_has_word(s->name, measures) ||
        orl_series_is_loss(s->name))
        return false;
    for (size_t i = 1; i < s->count; i++)
        if (!(s->value[i] >= s->value[i - 1]))
            return false;
    return true;
}

static size_t finite_count(const struct log_series *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++)
        count += isfinite(s->value[i]) ? 1 : 0;
    return count;
}

/* ---- Left out ----------------------------------------------------------------------------------
 */

static bool is_wanted(const struct log_sense *sense, const char *name)
{
    const char *list = sense->request->columns;
    for (; list && *list;) {
        size_t length = strcspn(list, ",");
        char *pattern = orl_strndup(list, length);
        bool matches = pattern && orl_glob_match(pattern, name);
        free(pattern);
        if (matches)
            return true;
        list += length + (list[length] == ',');
    }
    return false;
}

/* A word on each of the columns asked for that this run does not have: another may have it. */
static void columns_missing_tell(const struct log_sense *sense, const struct orl_log_run *run)
{
    const char *list = sense->request->columns;
    for (size_t length; list && *list; list += length + (list[length] == ',')) {
        length = strcspn(list, ",");
        char *pattern = orl_strndup(list, length);
        bool found = !pattern || length == 0;
        for (size_t i = 0; !found && i < run->series_count; i++)
            found = orl_glob_match(pattern, run->series[i].name);
        if (!found)
            orl_log_warn(sense->where, 0, "no column is called '%s' (--columns)", pattern);
        free(pattern);
    }
}

/* Stable Baselines' monitor: reward, length and time of each episode. */
static bool is_monitor_time(const struct log_record *record, const char *name)
{
    return record->count == 3 && strcmp(name, "t") == 0 &&
           strcmp(record->series[0].name, "r") == 0 && strcmp(record->series[1].name, "l") == 0;
}

/* Why a column is no series of the film, as far as it stands alone; NULL where it may be one. */
static const char *reason_alone(const struct log_record *record, const struct log_series *s,
                                const char *counter)
{
    if (strcmp(s->name, counter) == 0)
        return "counts the steps";
    if (s->count == 0)
        return s->cells || s->text ? "text" : "without numbers";
    const char *reason = orl_log_no_metric(s->name);
    if (reason || is_monitor_time(record, s->name))
        return reason ? reason : "a time";
    if (is_counter(s))
        return "a counter";
    return NULL;
}

/* What stands beside series of many points as one number: the mean of the whole run, a best value.
 */
static const char *reason_beside(const struct log_series *s, size_t most)
{
    if (s->count == 1 && most > 2)
        return "a single number";
    if (is_constant(s))
        return "does not change";
    return finite_count(s) == 0 ? "no finite number" : NULL;
}

static int leave_out(struct orl_log_series *series, const char *reason, struct orl_error *err)
{
    if (series->reason)
        return ORL_OK;
    series->role = ORL_LOG_LEFT_OUT;
    series->reason = orl_strdup(reason);
    return series->reason ? ORL_OK : orl_fail_memory(err);
}

/* ---- The loss ----------------------------------------------------------------------------------
 */

/* The column that is surest to be the training loss, of those that are not left out; the count
 * where none is. */
static size_t main_loss(const struct log_record *record, const struct orl_log_run *run)
{
    size_t best = run->series_count;
    int least = ORL_SERIES_NO_LOSS;
    for (size_t i = 0; i < run->series_count; i++) {
        int rank = orl_series_loss_rank(run->series[i].name);
        bool many = record->series[i].count > 1 || best == run->series_count;
        if (run->series[i].role != ORL_LOG_LEFT_OUT && rank < least && many) {
            least = rank;
            best = i;
        }
    }
    return best;
}

static int loss_asked_for(const struct log_sense *sense, const struct log_record *record,
                          const struct orl_log_run *run, size_t *out)
{
    const char *wanted = sense->request->loss;
    struct orl_text names = {0};
    for (*out = 0; *out < run->series_count; ++*out)
        if (strcmp(run->series[*out].name, wanted) == 0 && record->series[*out].count > 0)
            return ORL_OK;
    for (size_t i = 0; i < run->series_count && i < 20; i++)
        orl_text_printf(&names, "%s%s", i ? ", " : "the columns are: ", run->series[i].name);
    int ret =
        orl_log_fault(sense->where, 0, names.data, "there is no column '%s' for the loss", wanted);
    orl_text_uninit(&names);
    return ret;
}

/* "test/RMSE" beside "learn/RMSE": the same last part. */
static bool same_measure(const char *a, const char *b)
{
    const char *slash_a = strrchr(a, '/'), *slash_b = strrchr(b, '/');
    return strcasecmp(slash_a ? slash_a + 1 : a, slash_b ? slash_b + 1 : b) == 0;
}

static void give_roles(const struct orl_log_run *run, size_t loss)
{
    struct orl_log_series *main = loss < run->series_count ? &run->series[loss] : NULL;
    int rank = main ? orl_series_loss_rank(main->name) : ORL_SERIES_NO_LOSS;
    for (size_t i = 0; i < run->series_count; i++) {
        struct orl_log_series *s = &run->series[i];
        if (s->role == ORL_LOG_LEFT_OUT)
            continue;
        bool is_loss = orl_series_is_loss(s->name), validation = orl_series_is_validation(s->name);
        if (orl_series_is_rate(s->name))
            s->role = ORL_LOG_RATE;
        else if (validation && main && (is_loss || same_measure(s->name, main->name)))
            s->role = ORL_LOG_VALIDATION;
        else if (is_loss && main && !validation &&
                 (rank >= 3 || orl_series_loss_rank(s->name) <= 2))
            s->role = ORL_LOG_LOSS;
        else
            s->role = ORL_LOG_METRIC;
    }
    if (main) {
        main->role = ORL_LOG_LOSS;
        main->main = true;
    }
}

static int series_init(const struct log_series *from, struct orl_log_series *to,
                       struct orl_error *err)
{
    *to = (struct orl_log_series){.name = orl_strdup(from->name), .points = from->count};
    if (!to->name)
        return orl_fail_memory(err);
    to->not_finite = from->count - finite_count(from);
    if (from->count) {
        to->first_step = from->at[0];
        to->last_step = from->at[from->count - 1];
        to->first = from->value[0];
        to->last = from->value[from->count - 1];
    }
    return ORL_OK;
}

/* A validation loss alone is a loss: some programs log nothing else. */
static size_t validation_loss(const struct orl_log_run *run)
{
    for (size_t i = 0; i < run->series_count; i++)
        if (run->series[i].role != ORL_LOG_LEFT_OUT && orl_series_is_loss(run->series[i].name))
            return i;
    return run->series_count;
}

static int choose_columns(const struct log_sense *sense, struct orl_log_run *run, size_t loss,
                          struct orl_error *err)
{
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && sense->request->columns && i < run->series_count; i++)
        if (i != loss && !is_wanted(sense, run->series[i].name))
            ret = leave_out(&run->series[i], "not among the columns asked for", err);
    return ret;
}

/* A learning rate that does not change is no line, but the run's label. */
static int note_rate(const struct log_record *record, size_t i, struct orl_log_run *run,
                     struct orl_error *err)
{
    char number[ORL_NUMBER_SIZE];
    if (run->details || !orl_series_is_rate(run->series[i].name) ||
        !(record->series[i].value[0] > 0.0) || isinf(record->series[i].value[0]))
        return ORL_OK;
    orl_double_digits(number, record->series[i].value[0], 6);
    run->details = orl_asprintf("learning rate %s", number);
    return run->details ? ORL_OK : orl_fail_memory(err);
}

int orl_log_roles(const struct log_sense *sense, const struct log_record *record,
                  const char *counter, struct orl_log_run *run, struct orl_error *err)
{
    size_t most = 0, loss = 0;
    int ret = ORL_OK;
    run->series = orl_calloc(record->count, sizeof *run->series);
    if (!run->series)
        return orl_fail_memory(err);
    for (; ret == ORL_OK && run->series_count < record->count; run->series_count++) {
        const struct log_series *from = &record->series[run->series_count];
        ret = series_init(from, &run->series[run->series_count], err);
        const char *reason = reason_alone(record, from, counter);
        bool kept = is_wanted(sense, from->name) && from->count > 0;
        if (ret == ORL_OK && reason && !kept)
            ret = leave_out(&run->series[run->series_count], reason, err);
        else if (from->count > most)
            most = from->count;
    }
    if (ret == ORL_OK)
        columns_missing_tell(sense, run);
    if (ret == ORL_OK && sense->request->loss)
        ret = loss_asked_for(sense, record, run, &loss);
    else if (ret == ORL_OK) {
        loss = main_loss(record, run);
        loss = loss < run->series_count ? loss : validation_loss(run);
    }
    if (ret == ORL_OK && loss < run->series_count) { /* asked for: whatever it is called */
        free(run->series[loss].reason);
        run->series[loss].reason = NULL;
        run->series[loss].role = ORL_LOG_LOSS;
    }
    for (size_t i = 0; ret == ORL_OK && i < run->series_count; i++) {
        const char *reason = i == loss || is_wanted(sense, run->series[i].name)
                                 ? NULL
                                 : reason_beside(&record->series[i], most);
        bool shown = run->series[i].role != ORL_LOG_LEFT_OUT;
        if (shown && reason && is_constant(&record->series[i]))
            ret = note_rate(record, i, run, err);
        if (ret == ORL_OK && shown && reason)
            ret = leave_out(&run->series[i], reason, err);
    }
    if (ret == ORL_OK)
        ret = choose_columns(sense, run, loss, err);
    if (ret == ORL_OK)
        give_roles(run, loss);
    return ret;
}
