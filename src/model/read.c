/* Data sets from CSV files. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/csv.h"
#include "base/text.h"
#include "model/dataset.h"
#include "model/formula.h"

/* Ranges below this lose digits to denormal numbers, on axes at the latest. */
#define TINY_RANGE 1e-290

struct reading {
    const struct orl_csv_column *columns;
    size_t column_count;
    const char *const *predictors;
    size_t predictor_count;
    const struct orl_formula *response;
    const char *sigma;
    const struct orl_limits *limits;
    struct orl_csv csv;
    size_t *fields;   /* owned: per wanted column, its field's index */
    double *numbers;  /* owned: per wanted column, of the present row */
    size_t *bindings; /* owned: per name of the response, its column; SIZE_MAX: a constant */
    double *values;   /* owned: the same names' values */
    size_t *from;     /* owned: per predictor, its column */
    size_t *sizes;    /* owned: rows that each column has room for */
    size_t sigma_from, width, capacity;
    struct orl_dataset *data;
};

static int header_fault(struct reading *r, const char *name)
{
    struct orl_text hint = {0};
    orl_text_puts(&hint, "the columns are: ");
    for (size_t i = 0; i < r->csv.count && i < 12; i++)
        orl_text_printf(&hint, "%s%s", i ? ", " : "", r->csv.fields[i].text);
    orl_text_puts(&hint, r->csv.count > 12 ? ", ..." : "");
    int ret = orl_csv_fault(&r->csv, NULL, hint.failed ? NULL : hint.data,
                            "there is no column '%s'", name);
    orl_text_uninit(&hint);
    return ret;
}

static int find_field(struct reading *r, const struct orl_csv_column *column, size_t *out)
{
    if (!column->header) {
        if (column->position > r->csv.count)
            return orl_csv_fault(&r->csv, NULL, NULL, "there is no column %zu: the file has %zu",
                                 column->position, r->csv.count);
        *out = column->position - 1;
        return ORL_OK;
    }
    size_t found = 0;
    for (size_t i = 0; i < r->csv.count; i++)
        if (strcmp(r->csv.fields[i].text, column->header) == 0) {
            *out = i;
            found++;
        }
    if (found > 1)
        return orl_csv_fault(&r->csv, &r->csv.fields[*out], "name it by its number",
                             "the column '%s' is there twice", column->header);
    return found ? ORL_OK : header_fault(r, column->header);
}

/* Bidirectional and zero-width controls make a name look like another one; others reach into
 * terminals. */
static bool has_hidden(const struct orl_csv_field *field)
{
    for (size_t i = 0; i < field->length;) {
        uint32_t c = 0;
        size_t size = orl_utf8_decode(field->text + i, field->length - i, &c);
        if ((c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
            (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069))
            return true;
        i += size ? size : 1;
    }
    return false;
}

static void check_header(struct reading *r)
{
    for (size_t i = 0; i < r->csv.count; i++)
        if (has_hidden(&r->csv.fields[i]))
            orl_csv_warn(&r->csv, &r->csv.fields[i],
                         "the column's name holds characters that cannot be seen");
}

static size_t column_of(const struct reading *r, const char *name)
{
    size_t i = 0;
    while (i < r->column_count && strcmp(r->columns[i].name, name) != 0)
        i++;
    return i;
}

static int bind(struct reading *r)
{
    for (size_t i = 0; i < r->response->name_count; i++) {
        r->bindings[i] = column_of(r, r->response->names[i].text);
        if (r->bindings[i] == r->column_count &&
            !orl_constant_find(r->response->names[i].text, &r->values[i]))
            return header_fault(r, r->response->names[i].text);
    }
    for (size_t i = 0; i < r->predictor_count; i++)
        if ((r->from[i] = column_of(r, r->predictors[i])) == r->column_count)
            return header_fault(r, r->predictors[i]);
    r->sigma_from = r->sigma ? column_of(r, r->sigma) : 0;
    return r->sigma && r->sigma_from == r->column_count ? header_fault(r, r->sigma) : ORL_OK;
}

static int read_header(struct reading *r)
{
    int ret = orl_csv_next(&r->csv);
    if (ret == 0)
        return orl_csv_fault(&r->csv, NULL, NULL, "the file is empty");
    if (ret < 0)
        return ret;
    r->width = r->csv.count;
    check_header(r);
    ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < r->column_count; i++)
        ret = find_field(r, &r->columns[i], &r->fields[i]);
    return ret == ORL_OK ? bind(r) : ret;
}

static bool resize(struct reading *r, size_t rows)
{
    struct orl_dataset *d = r->data;
    for (size_t c = 0; c < d->columns + 2; c++) {
        double **column = c < d->columns    ? &d->values[c]
                          : c == d->columns ? &d->response
                                            : &d->sigma;
        if (c > d->columns && !r->sigma)
            break;
        double *made = orl_dataset_column_resize(*column, r->sizes[c], rows);
        if (!made)
            return false;
        *column = made;
        r->sizes[c] = rows;
    }
    r->capacity = rows;
    return true;
}

/* Room for one more row in all columns. */
static bool reserve(struct reading *r)
{
    return r->data->rows < r->capacity || resize(r, r->capacity ? 2 * r->capacity : 1024);
}

/* A data set counts its columns' room by its rows: before it is destroyed or handed out, each
 * column is as long as that. */
static void release(struct reading *r)
{
    struct orl_dataset *d = r->data;
    for (size_t c = 0; d && r->sizes && c < d->columns + 2; c++) {
        double **column = c < d->columns    ? &d->values[c]
                          : c == d->columns ? &d->response
                                            : &d->sigma;
        orl_dataset_column_free(*column, r->sizes[c]);
        *column = NULL;
    }
    orl_dataset_destroy(&r->data);
}

static int read_cell(struct reading *r, const struct orl_csv_field *field, double *out)
{
    if (field->length == 0)
        return orl_csv_fault(&r->csv, field, NULL, "an empty cell where a number is needed");
    if (orl_text_not_finite(field->text))
        return orl_csv_fault(&r->csv, field, NULL, "'%s' is no finite number", field->text);
    if (!orl_double_parse(field->text, field->length, out))
        return orl_csv_fault(&r->csv, field,
                             strchr(field->text, ',') ? "decimals are written with a point" : NULL,
                             "'%.80s' is no number", field->text);
    if (!isfinite(*out))
        return orl_csv_fault(&r->csv, field, NULL, "'%.80s' is too large for a number",
                             field->text);
    return ORL_OK;
}

static int read_row(struct reading *r)
{
    struct orl_dataset *d = r->data;
    if (r->csv.count != r->width)
        return orl_csv_fault(&r->csv, r->csv.count > r->width ? &r->csv.fields[r->width] : NULL,
                             NULL, "%zu fields where the header has %zu", r->csv.count, r->width);
    if (d->rows >= r->limits->points)
        return orl_csv_fault(&r->csv, NULL, NULL, "more than %llu points (--max-points)",
                             (unsigned long long)r->limits->points);
    if (!reserve(r))
        return ORL_ENOMEM;
    for (size_t i = 0; i < r->column_count; i++) {
        int ret = read_cell(r, &r->csv.fields[r->fields[i]], &r->numbers[i]);
        if (ret != ORL_OK)
            return ret;
    }
    for (size_t i = 0; i < r->response->name_count; i++)
        if (r->bindings[i] < r->column_count)
            r->values[i] = r->numbers[r->bindings[i]];
    double response = orl_formula_evaluate(r->response, r->values);
    if (!isfinite(response))
        return orl_csv_fault(&r->csv, NULL, NULL, "the response '%s' is not finite here",
                             orl_formula_text(r->response));
    d->response[d->rows] = response;
    for (size_t i = 0; i < r->predictor_count; i++)
        d->values[i][d->rows] = r->numbers[r->from[i]];
    if (r->sigma && !(r->numbers[r->sigma_from] > 0.0))
        return orl_csv_fault(&r->csv, &r->csv.fields[r->fields[r->sigma_from]], NULL,
                             "a standard deviation must be greater than 0");
    if (r->sigma)
        d->sigma[d->rows] = r->numbers[r->sigma_from];
    d->rows++;
    return ORL_OK;
}

static double range_of(const double *values, size_t count)
{
    double low = values[0], high = values[0];
    for (size_t i = 1; i < count; i++) {
        low = values[i] < low ? values[i] : low;
        high = values[i] > high ? values[i] : high;
    }
    return high - low;
}

static void warn_about(struct reading *r)
{
    const struct orl_dataset *d = r->data;
    for (size_t c = 0; c < d->columns; c++)
        if (d->rows > 1 && range_of(d->values[c], d->rows) == 0.0)
            orl_csv_warn(&r->csv, NULL,
                         "all values of '%s' are equal: a fit cannot tell what depends on it",
                         d->names[c]);
    for (size_t c = 0; c <= d->columns; c++) {
        double range = range_of(c < d->columns ? d->values[c] : d->response, d->rows);
        if (range > 0.0 && range < TINY_RANGE)
            orl_csv_warn(&r->csv, NULL,
                         "the values of '%s' span %g only: digits are lost in numbers that small",
                         c < d->columns ? d->names[c] : d->response_name, range);
    }
}

/* The response as the axis names it: the header's own name for a plain column. */
static char *name_response(const struct reading *r)
{
    size_t column = column_of(r, orl_formula_text(r->response));
    const char *header =
        column < r->column_count && r->columns[column].header ? r->columns[column].header : NULL;
    return orl_strdup(header ? header : orl_formula_text(r->response));
}

static int allocate(struct reading *r)
{
    r->fields = orl_calloc(r->column_count, sizeof *r->fields);
    r->numbers = orl_calloc(r->column_count, sizeof *r->numbers);
    r->bindings = orl_calloc(r->response->name_count, sizeof *r->bindings);
    r->values = orl_calloc(r->response->name_count, sizeof *r->values);
    r->from = orl_calloc(r->predictor_count, sizeof *r->from);
    r->sizes = orl_calloc(r->predictor_count + 2, sizeof *r->sizes);
    r->data = orl_dataset_create(0, r->predictor_count, r->predictors);
    if (!r->fields || !r->numbers || !r->bindings || !r->values || !r->from || !r->sizes ||
        !r->data)
        return ORL_ENOMEM;
    r->data->response_name = name_response(r);
    return r->data->response_name ? ORL_OK : ORL_ENOMEM;
}

static int read_all(struct reading *r, uint8_t *digest)
{
    int more, ret;
    if (digest)
        orl_csv_hash(&r->csv);
    ret = read_header(r);
    if (ret != ORL_OK)
        return ret;
    while ((more = orl_csv_next(&r->csv)) == 1)
        if ((ret = read_row(r)) != ORL_OK)
            return ret;
    if (more < 0)
        return more;
    if (r->data->rows == 0)
        return orl_csv_fault(&r->csv, NULL, NULL, "there is a header but no data");
    if (!resize(r, r->data->rows))
        return ORL_ENOMEM;
    warn_about(r);
    if (digest)
        orl_csv_digest(&r->csv, digest);
    return ORL_OK;
}

int orl_dataset_read(const char *path, const char *shown_path, const struct orl_csv_column *columns,
                     size_t column_count, const char *const *predictors, size_t predictor_count,
                     const struct orl_formula *response, const char *sigma,
                     const struct orl_limits *limits, struct orl_messages *messages,
                     uint8_t *digest, struct orl_dataset **out)
{
    struct reading r = {.columns = columns,
                        .column_count = column_count,
                        .predictors = predictors,
                        .predictor_count = predictor_count,
                        .response = response,
                        .sigma = sigma,
                        .limits = limits};
    int ret = allocate(&r);
    if (ret == ORL_OK)
        ret = orl_csv_open(path, shown_path, limits, messages, &r.csv);
    if (ret == ORL_OK)
        ret = read_all(&r, digest);
    if (ret == ORL_ENOMEM)
        (void)orl_messages_add(messages, ORL_SEVERITY_ERROR, NULL, NULL, "out of memory");
    if (ret != ORL_OK)
        release(&r);
    *out = r.data;
    orl_csv_close(&r.csv);
    free(r.fields);
    free(r.numbers);
    free(r.bindings);
    free(r.values);
    free(r.from);
    free(r.sizes);
    return ret;
}
