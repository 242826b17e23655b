/* Reading traces: our own, and the training logs of others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/io.h"
#include "base/text.h"
#include "optreel/trace.h"

enum column_kind { COLUMN_SERIES, COLUMN_STEP, COLUMN_LOSS, COLUMN_PARAMETER, COLUMN_GRADIENT };

struct column {
    enum column_kind kind;
    size_t index; /* of the parameter or series */
};

struct reader {
    const char *shown;
    const struct orl_limits *limits;
    struct orl_messages *messages;
    struct orl_trace *trace;
    char *bytes;
    size_t length, at;
    unsigned line;
    const char *line_start;
    size_t line_length;
    char **fields; /* of the present line, in `storage` */
    size_t *lengths, *columns_at;
    size_t field_count, field_capacity;
    struct orl_text storage;
    struct column *columns;
    size_t column_count, row_capacity;
    bool has_step, has_loss;
};

static int refuse(struct reader *r, size_t column, const char *hint, const char *text, const char *what)
{
    struct orl_place place = { r->shown, r->line, (unsigned)column, r->line_start, r->line_length };
    return orl_messages_add(r->messages, ORL_SEVERITY_ERROR, &place, hint, text, what);
}

static bool next_line(struct reader *r)
{
    if (r->at >= r->length)
        return false;
    const char *start = r->bytes + r->at, *end = memchr(start, '\n', r->length - r->at);
    size_t size = end ? (size_t)(end - start) : r->length - r->at;
    r->at += size + (end != NULL);
    if (size && start[size - 1] == '\r')
        size--;
    r->line++;
    r->line_start = start;
    r->line_length = size;
    return true;
}

static bool add_field(struct reader *r, size_t begin, size_t column)
{
    size_t capacity = r->field_capacity, other = r->field_capacity, third = r->field_capacity;
    size_t needed = r->field_count + 1;
    if (!orl_reserve((void **)&r->fields, &capacity, needed, sizeof *r->fields) ||
        !orl_reserve((void **)&r->lengths, &other, needed, sizeof *r->lengths) ||
        !orl_reserve((void **)&r->columns_at, &third, needed, sizeof *r->columns_at))
        return false;
    r->field_capacity = capacity;
    r->lengths[r->field_count] = r->storage.length - begin;
    r->columns_at[r->field_count] = column;
    r->fields[r->field_count++] = (char *)(uintptr_t)begin; /* an offset until the line is whole: the storage may move */
    orl_text_putc(&r->storage, '\0');
    return !r->storage.failed;
}

/* Take the present line apart. Quoted fields may hold commas and doubled quotes, not line ends (no trace has such). */
static int split(struct reader *r)
{
    const char *p = r->line_start, *end = p + r->line_length;
    orl_text_clear(&r->storage);
    r->field_count = 0;
    for (bool more = true; more;) {
        size_t begin = r->storage.length, column = orl_utf8_count(r->line_start, (size_t)(p - r->line_start)) + 1;
        if (p < end && *p == '"') {
            for (p++;; p++) {
                if (p >= end)
                    return refuse(r, column, NULL, "%s", "a quoted field does not end");
                if (*p == '"' && (p + 1 >= end || p[1] != '"'))
                    break;
                p += *p == '"';
                orl_text_putc(&r->storage, *p);
            }
            p++;
        }
        while (p < end && *p != ',') {
            if (*p == '"')
                return refuse(r, column, NULL, "%s", "a quote inside a field");
            orl_text_putc(&r->storage, *p++);
        }
        if (!add_field(r, begin, column))
            return orl_messages_add(r->messages, ORL_SEVERITY_ERROR, NULL, NULL, "out of memory"), ORL_ENOMEM;
        if (r->field_count > r->limits->csv_columns)
            return refuse(r, column, NULL, "%s", "too many columns (--max-csv-columns)");
        more = p < end;
        p += more;
        if (more && p == end) { /* a comma at the very end: one more, empty field */
            if (!add_field(r, r->storage.length, (size_t)(p - r->line_start) + 1))
                return ORL_ENOMEM;
            more = false;
        }
    }
    for (size_t i = 0; i < r->field_count; i++)
        r->fields[i] = r->storage.data + (uintptr_t)r->fields[i];
    return ORL_OK;
}

static const char *trimmed(char *field, size_t *length)
{
    while (*length && (*field == ' ' || *field == '\t')) {
        field++;
        (*length)--;
    }
    while (*length && (field[*length - 1] == ' ' || field[*length - 1] == '\t'))
        field[--(*length)] = '\0';
    return field;
}

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
    int gradient = strncmp(name, "grad_", 5) == 0 ? find_name(t->parameters, t->parameter_count, name + 5) : -1;
    *c = (struct column){ COLUMN_SERIES, 0 };
    if (strcmp(name, "step") == 0) {
        c->kind = COLUMN_STEP;
        r->has_step = true;
    } else if (strcmp(name, "loss") == 0) {
        c->kind = COLUMN_LOSS;
        r->has_loss = true;
    } else if (parameter >= 0) {
        *c = (struct column){ COLUMN_PARAMETER, (size_t)parameter };
    } else if (gradient >= 0) {
        *c = (struct column){ COLUMN_GRADIENT, (size_t)gradient };
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
            return refuse(r, 1, NULL, "there is no column for the parameter '%s'", r->trace->parameters[i]);
    if (!r->has_loss && r->trace->series_count == 0 && r->trace->parameter_count == 0)
        return refuse(r, 1, NULL, "%s", "there is nothing to plot: no column besides step");
    return ORL_OK;
}

static int read_header(struct reader *r)
{
    do
        if (!next_line(r))
            return refuse(r, 0, NULL, "%s", "the trace is empty");
    while (r->line_length == 0);
    int ret = split(r);
    if (ret != ORL_OK)
        return ret;
    r->column_count = r->field_count;
    r->columns = orl_calloc(r->column_count, sizeof *r->columns);
    r->trace->series_names = orl_calloc(r->column_count, sizeof *r->trace->series_names);
    if (!r->columns || !r->trace->series_names)
        return ORL_ENOMEM;
    for (size_t i = 0; i < r->column_count; i++) {
        size_t length = r->lengths[i];
        const char *name = trimmed(r->fields[i], &length);
        for (size_t k = 0; k < i; k++)
            if (strcmp(r->fields[k], name) == 0)
                return refuse(r, r->columns_at[i], NULL, "the column '%s' is there twice", name);
        if (!orl_utf8_valid(name, length))
            return refuse(r, r->columns_at[i], NULL, "%s", "a column's name is no UTF-8");
        ret = classify(r, i, name);
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
    struct { double **array; size_t width; } const arrays[] = {
        { &t->loss, r->has_loss ? 1 : 0 }, { &t->values, n }, { &t->gradients, n }, { &t->series, t->series_count },
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
    r->row_capacity = wanted;
    return true;
}

/* Infinities and NaN are written in many ways by those who meet them. */
static bool not_finite(const char *text)
{
    static const char *const words[] = { "nan", "+nan", "-nan", "inf", "+inf", "-inf", "infinity", "-infinity", "nan(ind)", "-nan(ind)", "#n/a" };
    char lower[16];
    size_t i = 0;
    for (; text[i] && i < sizeof lower - 1; i++)
        lower[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a' : text[i]);
    lower[i] = '\0';
    for (size_t k = 0; k < ORL_COUNT(words); k++)
        if (strcmp(lower, words[k]) == 0)
            return true;
    return false;
}

static int read_cell(struct reader *r, size_t i, double *value)
{
    size_t length = r->lengths[i];
    const char *text = trimmed(r->fields[i], &length);
    if (length == 0 && r->columns[i].kind == COLUMN_SERIES) {
        *value = NAN;
        return ORL_OK;
    }
    if (not_finite(text))
        *value = NAN;
    else if (!orl_double_parse(text, length, value))
        return refuse(r, r->columns_at[i], NULL, length ? "'%s' is no number" : "%san empty cell", length ? text : "");
    return ORL_OK;
}

static int store_step(struct reader *r, size_t i, double value)
{
    struct orl_trace *t = r->trace;
    if (!(value >= 0.0) || value != floor(value))
        return refuse(r, r->columns_at[i], NULL, "'%s' is no step: a whole number from 0 on", r->fields[i]);
    if (value > (double)r->limits->steps)
        return refuse(r, r->columns_at[i], NULL, "step %s is beyond the limit (--max-steps)", r->fields[i]);
    t->step[t->rows] = (int64_t)value;
    if (t->rows && t->step[t->rows] <= t->step[t->rows - 1])
        return refuse(r, r->columns_at[i], NULL, "step %s does not come after the step before it", r->fields[i]);
    return ORL_OK;
}

static int store(struct reader *r, size_t i, double value, bool *finite)
{
    struct orl_trace *t = r->trace;
    size_t n = t->parameter_count;
    switch (r->columns[i].kind) {
    case COLUMN_STEP:
        return store_step(r, i, value);
    case COLUMN_LOSS:
        t->loss[t->rows] = value;
        *finite &= isfinite(value);
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
    int ret = split(r);
    bool finite = true;
    if (ret != ORL_OK)
        return ret;
    if (r->field_count != r->column_count) {
        char *text = orl_asprintf("%zu fields where the header has %zu", r->field_count, r->column_count);
        ret = refuse(r, 1, NULL, "%s", text ? text : "");
        free(text);
        return ret;
    }
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

static int finish(struct reader *r, bool diverged)
{
    struct orl_trace *t = r->trace;
    struct orl_place place = { r->shown, r->line, 1, r->line_start, r->line_length };
    if (t->rows == 0)
        return refuse(r, 1, NULL, "%s", diverged ? "the first row is not finite: there is nothing to draw" : "the trace has no rows");
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
        orl_messages_add(r->messages, ORL_SEVERITY_WARNING, &place, NULL, "diverged at step %lld: the trace ends before it", (long long)t->steps);
    return ORL_OK;
}

static int read_rows(struct reader *r)
{
    bool ended = false;
    int ret = read_header(r);
    while (ret == ORL_OK && !ended && next_line(r))
        if (r->line_length > 0)
            ret = read_row(r, &ended);
    return ret == ORL_OK ? finish(r, ended) : ret;
}

/* What is no text is told by its first bytes. */
static int check_bytes(struct reader *r)
{
    const unsigned char *b = (const unsigned char *)r->bytes;
    struct orl_place place = { r->shown, 1, 1, NULL, 0 };
    if (r->length >= 2 && b[0] == 0x1f && b[1] == 0x8b)
        return orl_messages_add(r->messages, ORL_SEVERITY_ERROR, &place, "unpack it first", "this is a gzip file, no text");
    if (memchr(r->bytes, '\0', r->length))
        return orl_messages_add(r->messages, ORL_SEVERITY_ERROR, &place, NULL, "this is no text: it holds NUL bytes");
    if (r->length >= 3 && memcmp(r->bytes, "\xef\xbb\xbf", 3) == 0)
        r->at = 3;
    return ORL_OK;
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

int orl_trace_read_csv(const char *path, const char *shown_path, const char *const *parameters, size_t parameter_count,
                       const struct orl_limits *limits, struct orl_messages *messages, struct orl_trace **out)
{
    struct reader r = { .shown = shown_path, .limits = limits, .messages = messages };
    struct orl_error err = { 0 };
    *out = NULL;
    int ret = orl_file_read(path, limits->csv_bytes, &r.bytes, &r.length, &err);
    if (ret != ORL_OK)
        return orl_messages_add(messages, ORL_SEVERITY_ERROR, NULL, NULL, "%s", err.text), ret;
    r.trace = orl_calloc(1, sizeof *r.trace);
    ret = r.trace ? copy_parameters(&r, parameters, parameter_count) : ORL_ENOMEM;
    if (ret == ORL_OK)
        ret = check_bytes(&r);
    if (ret == ORL_OK)
        ret = read_rows(&r);
    if (ret == ORL_OK) {
        *out = r.trace;
        r.trace = NULL;
    } else if (ret == ORL_ENOMEM) {
        orl_messages_add(messages, ORL_SEVERITY_ERROR, NULL, NULL, "out of memory while reading '%s'", shown_path);
    }
    orl_trace_destroy(&r.trace);
    orl_text_uninit(&r.storage);
    free(r.bytes);
    free(r.fields);
    free(r.lengths);
    free(r.columns_at);
    free(r.columns);
    return ret;
}
