/* Reading traces: our own, and the training logs of others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/csv.h"
#include "base/text.h"
#include "optreel/trace.h"

enum column_kind { COLUMN_SERIES, COLUMN_STEP, COLUMN_LOSS, COLUMN_PARAMETER, COLUMN_GRADIENT };

struct column {
    enum column_kind kind;
    size_t index; /* of the parameter or series */
};

struct reader {
    struct orl_csv csv;
    const struct orl_limits *limits;
    struct orl_messages *messages;
    struct orl_trace *trace;
    struct column *columns;
    size_t column_count, row_capacity;
    bool has_step, has_loss;
};

static int find_name(char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return (int)i;
    return -1;
}

static int classify(struct reader *r, size_t index, const char *name)
{
    struct orl_trace *t = r->trace;
    struct column *c = &r->columns[index];
    int parameter = find_name(t->parameters, t->parameter_count, name);
    int gradient = strncmp(name, "grad_", 5) == 0
                       ? find_name(t->parameters, t->parameter_count, name + 5)
                       : -1;
    *c = (struct column){COLUMN_SERIES, 0};
    if (strcmp(name, "step") == 0) {
        c->kind = COLUMN_STEP;
        r->has_step = true;
    } else if (strcmp(name, "loss") == 0) {
        c->kind = COLUMN_LOSS;
        r->has_loss = true;
    } else if (parameter >= 0) {
        *c = (struct column){COLUMN_PARAMETER, (size_t)parameter};
    } else if (gradient >= 0) {
        *c = (struct column){COLUMN_GRADIENT, (size_t)gradient};
    } else {
        c->index = t->series_count;
        t->series_names[t->series_count] = orl_strdup(name);
        if (!t->series_names[t->series_count++])
            return ORL_ENOMEM;
    }
    return ORL_OK;
}

static bool has_column(const struct reader *r, enum column_kind kind, size_t index)
{
    for (size_t i = 0; i < r->column_count; i++)
        if (r->columns[i].kind == kind && r->columns[i].index == index)
            return true;
    return false;
}

static int check_columns(struct reader *r)
{
    for (size_t i = 0; i < r->trace->parameter_count; i++)
        if (!has_column(r, COLUMN_PARAMETER, i))
            return orl_csv_fault(&r->csv, NULL, NULL, "there is no column for the parameter '%s'",
                                 r->trace->parameters[i]);
    if (!r->has_loss && r->trace->series_count == 0 && r->trace->parameter_count == 0)
        return orl_csv_fault(&r->csv, NULL, NULL, "%s",
                             "there is nothing to plot: no column besides step");
    return ORL_OK;
}

static int read_header(struct reader *r)
{
    int ret = orl_csv_next(&r->csv);
    if (ret <= 0)
        return ret < 0 ? ret : orl_csv_fault(&r->csv, NULL, NULL, "the trace is empty");
    r->column_count = r->csv.count;
    r->columns = orl_calloc(r->column_count, sizeof *r->columns);
    r->trace->series_names = orl_calloc(r->column_count, sizeof *r->trace->series_names);
    if (!r->columns || !r->trace->series_names)
        return ORL_ENOMEM;
    for (size_t i = 0; i < r->column_count; i++) {
        const struct orl_csv_field *field = &r->csv.fields[i];
        for (size_t k = 0; k < i; k++)
            if (strcmp(r->csv.fields[k].text, field->text) == 0)
                return orl_csv_fault(&r->csv, field, NULL, "the column '%s' is there twice",
                                     field->text);
        ret = classify(r, i, field->text);
        if (ret != ORL_OK)
            return ret;
    }
    return check_columns(r);
}

static bool reserve(struct reader *r)
{
    struct orl_trace *t = r->trace;
    size_t wanted = r->row_capacity ? 2 * r->row_capacity : 1024, n = t->parameter_count;
    if (t->rows < r->row_capacity)
        return true;
    struct {
        double **array;
        size_t width;
    } const arrays[] = {
        {&t->loss, r->has_loss ? 1 : 0},
        {&t->values, n},
        {&t->gradients, n},
        {&t->series, t->series_count},
    };
    int64_t *step = orl_realloc_array(t->step, wanted, sizeof *step);
    if (!step)
        return false;
    t->step = step;
    for (size_t i = 0; i < ORL_COUNT(arrays); i++) {
        size_t cells;
        if (arrays[i].width == 0 && arrays[i].array == &t->loss)
            continue;
        if (!orl_size_mul(wanted, arrays[i].width, &cells))
            return false;
        double *grown = orl_realloc_array(*arrays[i].array, cells, sizeof *grown);
        if (!grown)
            return false;
        *arrays[i].array = grown;
    }
    if (r->has_loss) {
        bool *gaps = orl_realloc_array(t->loss_gaps, wanted, sizeof *gaps);
        if (!gaps)
            return false;
        t->loss_gaps = gaps;
    }
    r->row_capacity = wanted;
    return true;
}

static int read_cell(struct reader *r, size_t i, double *value)
{
    const struct orl_csv_field *field = &r->csv.fields[i];
    char word[ORL_QUOTE_SIZE];
    if (field->length == 0 &&
        (r->columns[i].kind == COLUMN_SERIES || r->columns[i].kind == COLUMN_LOSS))
        *value = NAN;
    else if (field->length == 0)
        return orl_csv_fault(&r->csv, field, NULL, "an empty cell");
    else if (orl_text_not_finite(field->text))
        *value = NAN;
    else if (!orl_double_parse(field->text, field->length, value))
        return orl_csv_fault(&r->csv, field, NULL, "'%s' is not a number",
                             orl_utf8_quote(word, field->text, strlen(field->text)));
    return ORL_OK;
}

static int store_step(struct reader *r, size_t i, double value)
{
    struct orl_trace *t = r->trace;
    if (!(value >= 0.0) || value != floor(value))
        return orl_csv_fault(&r->csv, &r->csv.fields[i], NULL,
                             "'%s' is not a step: steps are whole numbers from 0 on",
                             r->csv.fields[i].text);
    if (value > (double)r->limits->steps)
        return orl_csv_fault(&r->csv, &r->csv.fields[i], NULL,
                             "step %s is beyond the limit (--max-steps)", r->csv.fields[i].text);
    t->step[t->rows] = (int64_t)value;
    if (t->rows && t->step[t->rows] <= t->step[t->rows - 1])
        return orl_csv_fault(&r->csv, &r->csv.fields[i], NULL,
                             "step %s does not come after the step before it",
                             r->csv.fields[i].text);
    return ORL_OK;
}

/* Where none was recorded the last one known stands, with a note; before the first: filled at the
 * end. */
static void store_loss(struct reader *r, size_t i, double value, bool *finite)
{
    struct orl_trace *t = r->trace;
    bool gap = r->csv.fields[i].length == 0;
    t->loss_gaps[t->rows] = gap;
    t->loss[t->rows] = !gap ? value : t->rows ? t->loss[t->rows - 1] : (double)NAN;
    *finite &= gap || isfinite(value);
}

static int store(struct reader *r, size_t i, double value, bool *finite)
{
    struct orl_trace *t = r->trace;
    size_t n = t->parameter_count;
    switch (r->columns[i].kind) {
    case COLUMN_STEP:
        return store_step(r, i, value);
    case COLUMN_LOSS:
        store_loss(r, i, value, finite);
        return ORL_OK;
    case COLUMN_PARAMETER:
        t->values[t->rows * n + r->columns[i].index] = value;
        *finite &= isfinite(value);
        return ORL_OK;
    case COLUMN_GRADIENT:
        t->gradients[t->rows * n + r->columns[i].index] = value;
        return ORL_OK;
    case COLUMN_SERIES:
        t->series[t->rows * t->series_count + r->columns[i].index] = isfinite(value) ? value : NAN;
        return ORL_OK;
    }
    return ORL_EBUG;
}

/* One row; *ended tells that it was not finite: the trace ends before it. */
static int read_row(struct reader *r, bool *ended)
{
    bool finite = true;
    int ret = ORL_OK;
    if (r->csv.count != r->column_count)
        return orl_csv_fault(&r->csv, NULL, NULL, "%zu fields where the header has %zu",
                             r->csv.count, r->column_count);
    if (!reserve(r))
        return ORL_ENOMEM;
    r->trace->step[r->trace->rows] = r->trace->rows ? r->trace->step[r->trace->rows - 1] + 1 : 0;
    for (size_t i = 0; ret == ORL_OK && i < r->column_count; i++) {
        double value = NAN;
        ret = read_cell(r, i, &value);
        if (ret == ORL_OK)
            ret = store(r, i, value, &finite);
    }
    *ended = ret == ORL_OK && !finite;
    if (ret == ORL_OK && finite)
        r->trace->rows++;
    return ret;
}

/* A loss, parameters, or at least one number in a series. */
static bool has_numbers(const struct orl_trace *t)
{
    bool some = t->loss || t->parameter_count;
    for (size_t i = 0; !some && i < t->rows * t->series_count; i++)
        some = isfinite(t->series[i]);
    return some;
}

/* The first rows get the first loss; a column without any is none. */
static void fill_losses(struct reader *r)
{
    struct orl_trace *t = r->trace;
    size_t first = 0, gaps = 0;
    for (size_t i = 0; i < t->rows; i++)
        gaps += t->loss_gaps[i];
    while (first < t->rows && t->loss_gaps[first])
        first++;
    for (size_t i = 0; i < first && first < t->rows; i++)
        t->loss[i] = t->loss[first];
    if (first == t->rows && t->rows > 0) {
        free(t->loss);
        t->loss = NULL;
    }
    if (gaps == 0 || !t->loss) {
        free(t->loss_gaps);
        t->loss_gaps = NULL;
    }
}

static int finish(struct reader *r, bool diverged)
{
    struct orl_trace *t = r->trace;
    if (r->has_loss && t->rows > 0)
        fill_losses(r);
    if (t->rows == 0)
        return orl_csv_fault(&r->csv, NULL, NULL,
                             diverged ? "the first row is not finite: there is nothing to draw"
                                      : "the trace has no rows");
    if (!has_numbers(t))
        return orl_csv_fault(&r->csv, NULL, NULL,
                             "no cell holds a finite number: there is nothing to draw");
    bool gradients = t->parameter_count > 0;
    for (size_t i = 0; i < t->parameter_count; i++)
        gradients &= has_column(r, COLUMN_GRADIENT, i);
    if (!gradients) {
        free(t->gradients);
        t->gradients = NULL;
    }
    t->status = diverged ? ORL_STATUS_DIVERGED : ORL_STATUS_FINISHED;
    t->steps = diverged ? t->step[t->rows] : t->step[t->rows - 1];
    if (diverged)
        orl_csv_warn(&r->csv, NULL, "diverged at step %lld: the trace ends before it",
                     (long long)t->steps);
    return ORL_OK;
}

static int read_rows(struct reader *r)
{
    bool ended = false;
    int more = 1, ret = read_header(r);
    while (ret == ORL_OK && !ended && (more = orl_csv_next(&r->csv)) == 1)
        ret = read_row(r, &ended);
    if (ret == ORL_OK && more >= 0)
        ret = finish(r, ended);
    while (ret == ORL_OK && more == 1) /* the rest counts for the digest alone */
        more = orl_csv_next(&r->csv);
    if (ret == ORL_OK && more < 0)
        ret = more;
    if (ret == ORL_OK)
        orl_csv_digest(&r->csv, r->trace->digest);
    return ret;
}

static int copy_parameters(struct reader *r, const char *const *parameters, size_t count)
{
    r->trace->parameters = orl_calloc(count, sizeof *r->trace->parameters);
    if (!r->trace->parameters)
        return ORL_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        r->trace->parameters[i] = orl_strdup(parameters[i]);
        r->trace->parameter_count = i + 1;
        if (!r->trace->parameters[i])
            return ORL_ENOMEM;
    }
    return ORL_OK;
}

int orl_trace_read_csv(const char *path, const char *shown_path, const char *const *parameters,
                       size_t parameter_count, const struct orl_limits *limits,
                       struct orl_messages *messages, struct orl_trace **out)
{
    struct reader r = {.limits = limits, .messages = messages};
    *out = NULL;
    r.trace = orl_calloc(1, sizeof *r.trace);
    int ret = r.trace ? copy_parameters(&r, parameters, parameter_count) : ORL_ENOMEM;
    if (ret == ORL_OK)
        ret = orl_csv_open(path, shown_path, limits, messages, &r.csv);
    if (ret == ORL_OK) {
        orl_csv_hash(&r.csv);
        ret = read_rows(&r);
    }
    if (ret == ORL_OK) {
        *out = r.trace;
        r.trace = NULL;
    } else if (ret == ORL_ENOMEM) {
        (void)orl_messages_add(messages, ORL_SEVERITY_ERROR, NULL, NULL,
                               "out of memory while reading '%s'", shown_path);
    }
    orl_trace_destroy(&r.trace);
    orl_csv_close(&r.csv);
    free(r.columns);
    return ret;
}
