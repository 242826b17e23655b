/* Data sets from tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/csv.h"
#include "base/text.h"
#include "model/cell.h"
#include "model/dataset.h"
#include "model/formula.h"
#include "model/header.h"

/* Ranges below this lose digits to denormal numbers, on axes at the latest. */
#define TINY_RANGE 1e-290

/* A formula over the columns: the response, or sigma. */
struct expression {
    const struct orl_formula *formula; /* NULL: not wanted */
    size_t *bindings;                  /* owned: per name, its column; SIZE_MAX: a constant */
    double *values;                    /* owned: the names' values */
};

struct reading {
    const struct orl_table_spec *spec;
    const struct orl_limits *limits;
    struct orl_csv csv;
    struct cell_reader cells;
    size_t *fields;  /* owned: per wanted column, its field's index; SIZE_MAX: the file has none */
    double *numbers; /* owned: per wanted column, of the present row */
    struct expression response, sigma;
    char **headers;          /* owned: per wanted column, as axes name it */
    const char **predictors; /* owned list: those that the file has */
    size_t predictor_count;
    size_t *from;  /* owned: per predictor, its column */
    size_t *sizes; /* owned: rows that each column has room for */
    size_t width, capacity;
    size_t row_names; /* 1: a name of the row stands before its numbers, without a header */
    bool rows_seen;
    size_t missing;        /* rows that were left out */
    unsigned missing_line; /* the first of them */
    struct orl_dataset *data;
};

static int header_fault(struct reading *r, const char *name)
{
    unsigned line = r->csv.line;
    char *hint = orl_header_hint(&r->csv, r->width, name);
    r->csv.line = line;
    int ret = orl_csv_fault(&r->csv, NULL, hint, "there is no column '%s'", name);
    free(hint);
    return ret;
}

static int find_field(struct reading *r, const struct orl_csv_column *column, size_t *out)
{
    size_t found = 0;
    *out = SIZE_MAX;
    if (!column->header) {
        if (column->position > r->width)
            return orl_csv_fault(&r->csv, NULL, NULL, "there is no column %zu: the file has %zu",
                                 column->position, r->width);
        *out = column->position - 1;
        return ORL_OK;
    }
    for (size_t i = 0; i < r->width; i++)
        if (orl_header_is(&r->csv, i, column->header)) {
            *out = i;
            found++;
        }
    if (found > 1)
        return orl_csv_fault(&r->csv, &r->csv.fields[*out], "name it by its number",
                             "the column '%s' is there twice", column->header);
    return found || column->optional ? ORL_OK : header_fault(r, column->header);
}

static void check_header(struct reading *r)
{
    for (size_t i = 0; i < r->width; i++)
        if (orl_header_hidden(&r->csv.fields[i]))
            orl_csv_warn(&r->csv, &r->csv.fields[i],
                         "the column's name holds characters that cannot be seen");
}

/* The wanted column of a name; SIZE_MAX where the file has none. */
static size_t column_of(const struct reading *r, const char *name)
{
    for (size_t i = 0; i < r->spec->column_count; i++)
        if (strcmp(r->spec->columns[i].name, name) == 0 && r->fields[i] != SIZE_MAX)
            return i;
    return SIZE_MAX;
}

static int expression_bind(struct reading *r, struct expression *e)
{
    for (size_t i = 0; e->formula && i < e->formula->name_count; i++) {
        const char *name = e->formula->names[i].text;
        e->bindings[i] = column_of(r, name);
        if (e->bindings[i] == SIZE_MAX && !orl_constant_find(name, &e->values[i]))
            return header_fault(r, name);
    }
    return ORL_OK;
}

static int bind(struct reading *r)
{
    int ret = expression_bind(r, &r->response);
    if (ret == ORL_OK)
        ret = expression_bind(r, &r->sigma);
    for (size_t i = 0; ret == ORL_OK && i < r->spec->predictor_count; i++) {
        const char *name = r->spec->predictors[i];
        double constant;
        size_t column = column_of(r, name);
        if (column == SIZE_MAX && !orl_constant_find(name, &constant))
            return header_fault(r, name);
        if (column == SIZE_MAX)
            continue;
        r->from[r->predictor_count] = column;
        r->predictors[r->predictor_count++] = name;
    }
    return ret;
}

/* The header's name for the axes. */
static char *label_make(const struct reading *r, size_t field)
{
    const char *name = r->csv.fields[field].text;
    name += field == 0 && *name == '#' && name[1]; /* as orl_header_is */
    size_t length = orl_cell_trim(&name);
    char *cut = orl_strndup(name, length), *made = cut ? orl_utf8_compose(cut) : NULL;
    free(cut);
    return made;
}

static int headers_take(struct reading *r)
{
    for (size_t i = 0; i < r->spec->column_count; i++)
        if (r->fields[i] != SIZE_MAX && !(r->headers[i] = label_make(r, r->fields[i])))
            return ORL_ENOMEM;
    return ORL_OK;
}

static int read_header(struct reading *r)
{
    int ret = orl_csv_next(&r->csv);
    if (ret == 0 && r->spec->skip)
        return orl_csv_fault(&r->csv, NULL, NULL,
                             "the file has no line below the %zu that `skip` leaves out",
                             r->spec->skip);
    if (ret == 0)
        return orl_csv_fault(&r->csv, NULL, NULL, "the file is empty");
    if (ret < 0)
        return ret;
    r->width = r->csv.count;
    while (r->width > 1 && r->csv.fields[r->width - 1].length == 0)
        r->width--; /* a delimiter at the end names no column */
    check_header(r);
    ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < r->spec->column_count; i++)
        ret = find_field(r, &r->spec->columns[i], &r->fields[i]);
    if (ret == ORL_OK)
        ret = headers_take(r);
    return ret == ORL_OK ? bind(r) : ret;
}

/* The present record's field of a wanted column; NULL: the file has none, or the row is too short.
 */
static const struct orl_csv_field *field_of(const struct reading *r, size_t column)
{
    size_t at = r->fields[column] == SIZE_MAX ? SIZE_MAX : r->fields[column] + r->row_names;
    return at < r->csv.count ? &r->csv.fields[at] : NULL;
}

/* A row of numbers taken for units would be lost without a word; a unit of 1 is none. */
static bool are_numbers(const struct reading *r)
{
    double value;
    bool more = false;
    for (size_t i = 0; i < r->csv.count; i++) {
        const struct orl_csv_field *field = &r->csv.fields[i];
        if (!orl_double_parse(field->text, field->length, &value))
            return false;
        more |= value != 1.0;
    }
    return more;
}

/* The row of units, below the header. */
static int read_units(struct reading *r)
{
    int ret = orl_csv_next(&r->csv);
    if (ret == 0)
        return orl_csv_fault(&r->csv, NULL, NULL, "there is no row of units below the header");
    if (ret > 0 && are_numbers(r))
        return orl_csv_fault(&r->csv, NULL, "without a row of units leave `units: true` out",
                             "this row holds numbers, no units");
    for (size_t i = 0; ret > 0 && i < r->spec->column_count; i++) {
        const struct orl_csv_field *field = field_of(r, i);
        if (!field)
            continue;
        const char *unit = field->text;
        size_t length = orl_unit_trim(&unit);
        char *label = length ? orl_asprintf("%s (%.*s)", r->headers[i], (int)length, unit) : NULL;
        if (length && !label)
            return ORL_ENOMEM;
        if (label) {
            free(r->headers[i]);
            r->headers[i] = label;
        }
    }
    return ret > 0 ? ORL_OK : ret;
}

static bool resize(struct reading *r, size_t rows)
{
    struct orl_dataset *d = r->data;
    for (size_t c = 0; c < d->columns + 2; c++) {
        double **column = c < d->columns    ? &d->values[c]
                          : c == d->columns ? &d->response
                                            : &d->sigma;
        if (c > d->columns && !r->sigma.formula)
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

static double expression_value(const struct reading *r, const struct expression *e)
{
    for (size_t i = 0; i < e->formula->name_count; i++)
        if (e->bindings[i] != SIZE_MAX)
            e->values[i] = r->numbers[e->bindings[i]];
    return orl_formula_evaluate(e->formula, e->values);
}

/* A line of delimiters alone, as spreadsheets leave below a table, or a ruled one: "|---|---|". */
static bool is_empty(const struct reading *r)
{
    for (size_t i = 0; i < r->csv.count; i++) {
        const struct orl_csv_field *field = &r->csv.fields[i];
        bool ruled = field->length >= 3 && strspn(field->text, "-=+:") == field->length;
        if (field->length && !ruled)
            return false;
    }
    return true;
}

/* R and pandas write names of the rows, or their numbers from 0 or 1 on, without a header. Anything
 * else that is one too many is a fault. */
static bool has_row_name(const struct reading *r, size_t count)
{
    const struct orl_csv_field *first = &r->csv.fields[0];
    double value;
    if (count != r->width + 1)
        return false;
    if (r->rows_seen)
        return r->row_names;
    bool number = orl_double_parse(first->text, first->length, &value);
    return first->quoted || (r->csv.separator != ',' && (!number || value == 0.0 || value == 1.0));
}

static int check_width(struct reading *r)
{
    size_t count = r->csv.count;
    while (count > r->width && r->csv.fields[count - 1].length == 0)
        count--; /* a delimiter at the end of a row begins no field */
    if (!r->rows_seen)
        r->row_names = has_row_name(r, count);
    r->rows_seen = true;
    count -= has_row_name(r, count);
    if (count == r->width || (count < r->width && r->spec->skip_missing))
        return ORL_OK;
    const char *hint = count < r->width ? "`missing: skip` leaves rows without a number out"
                       : r->csv.separator == ','
                           ? "with decimal commas the columns are separated by semicolons"
                       : r->csv.separator == ' ' ? "a value with blanks in it stands in quotes"
                                                 : NULL;
    return orl_csv_fault(&r->csv, count > r->width ? &r->csv.fields[r->width] : NULL, hint,
                         "%zu field%s where the header has %zu", count, count == 1 ? "" : "s",
                         r->width);
}

/* The numbers of a row: 1; 0: one is missing, and the row is left out. */
static int read_numbers(struct reading *r)
{
    for (size_t i = 0; i < r->spec->column_count; i++) {
        if (r->fields[i] == SIZE_MAX)
            continue;
        int ret = orl_cell_read(&r->cells, &r->csv, field_of(r, i), &r->numbers[i]);
        if (ret != 1)
            return ret;
    }
    return 1;
}

/* A formula's value is refused: what it was made of is told, and its column is pointed at where it
 * is one alone. */
static int expression_fault(struct reading *r, const struct expression *e, const char *what,
                            const char *must)
{
    struct orl_text hint = {0};
    const char *text = orl_formula_text(e->formula);
    size_t column = column_of(r, text);
    for (size_t i = 0; column == SIZE_MAX && i < e->formula->name_count; i++)
        orl_text_printf(&hint, "%s%s is %g", i ? ", " : "", e->formula->names[i].text,
                        e->values[i]);
    char *made = hint.length ? orl_text_take(&hint) : NULL;
    int ret = orl_csv_fault(&r->csv, column != SIZE_MAX ? field_of(r, column) : NULL, made,
                            "%s '%s' %s", what, text, must);
    free(made);
    orl_text_uninit(&hint);
    return ret;
}

static int keep_row(struct reading *r)
{
    struct orl_dataset *d = r->data;
    double response = expression_value(r, &r->response),
           sigma = r->sigma.formula ? expression_value(r, &r->sigma) : 1.0;
    if (d->rows >= r->limits->points)
        return orl_csv_fault(&r->csv, NULL, NULL, "more than %llu points (--max-points)",
                             (unsigned long long)r->limits->points);
    if (!reserve(r))
        return ORL_ENOMEM;
    if (!isfinite(response))
        return expression_fault(r, &r->response, "the response", "is not finite here");
    if (!(sigma > 0.0) || !isfinite(sigma))
        return expression_fault(r, &r->sigma, "the standard deviation",
                                "must be greater than 0 in every row");
    d->response[d->rows] = response;
    for (size_t i = 0; i < r->predictor_count; i++)
        d->values[i][d->rows] = r->numbers[r->from[i]];
    if (r->sigma.formula)
        d->sigma[d->rows] = sigma;
    d->rows++;
    return ORL_OK;
}

/* A row that repeats the header: files were put together, or a second table begins. */
static bool is_header_again(const struct reading *r)
{
    bool words = false;
    double value;
    for (size_t i = 0; i < r->spec->column_count; i++) {
        const struct orl_csv_field *field = r->fields[i] == SIZE_MAX ? NULL : field_of(r, i);
        if (!field)
            continue;
        const char *header = r->spec->columns[i].header;
        words |= field->length && !orl_double_parse(field->text, field->length, &value);
        if (!orl_header_is(&r->csv, (size_t)(field - r->csv.fields),
                           header ? header : r->headers[i]))
            return false;
    }
    return words;
}

static int read_row(struct reading *r)
{
    if ((r->csv.count > 1 || r->width > 1) && is_empty(r))
        return ORL_OK;
    int ret = check_width(r);
    if (ret != ORL_OK)
        return ret;
    if (is_header_again(r))
        return orl_csv_fault(&r->csv, NULL, "a second table goes into a file of its own",
                             "the header is there again");
    r->cells.first_row = r->data->rows + r->missing == 0 && !r->spec->units;
    ret = read_numbers(r);
    if (ret == 1)
        return keep_row(r);
    if (ret == 0 && r->missing++ == 0)
        r->missing_line = r->csv.line;
    return ret;
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

/* Rows and lines that are no data are counted, so that nothing is lost without a word. */
static void warn_left_out(struct reading *r)
{
    if (r->missing)
        orl_csv_warn_line(&r->csv, r->missing_line,
                          "%zu row%s without a number %s left out, the first in line %u",
                          r->missing, r->missing == 1 ? "" : "s", r->missing == 1 ? "was" : "were",
                          r->missing_line);
    if (r->csv.comments)
        orl_csv_warn_line(&r->csv, r->csv.comment_line,
                          "%zu comment line%s among the data %s left out", r->csv.comments,
                          r->csv.comments == 1 ? "" : "s", r->csv.comments == 1 ? "was" : "were");
}

static void warn_about(struct reading *r)
{
    const struct orl_dataset *d = r->data;
    warn_left_out(r);
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
    size_t column = column_of(r, orl_formula_text(r->response.formula));
    return orl_strdup(column != SIZE_MAX && r->spec->columns[column].header
                          ? r->headers[column]
                          : orl_formula_text(r->response.formula));
}

/* Columns are called as the header calls them; a name of its own alone, as films write it. */
static bool label_columns(struct reading *r)
{
    struct orl_dataset *d = r->data;
    for (size_t i = 0; i < d->columns; i++) {
        const char *header = r->headers[r->from[i]];
        if (strcmp(header, d->names[i]) == 0)
            continue;
        size_t name = strlen(d->names[i]);
        char *label =
            strncmp(header, d->names[i], name) == 0 && strncmp(header + name, " (", 2) == 0
                ? orl_asprintf("%s%s", d->labels[i], header + name)
                : orl_strdup(header);
        if (!label)
            return false;
        free(d->labels[i]);
        d->labels[i] = label;
    }
    d->response_name = name_response(r);
    return d->response_name != NULL;
}

static bool expression_allocate(struct expression *e, const struct orl_formula *formula)
{
    e->formula = formula;
    e->bindings = orl_calloc(formula ? formula->name_count : 0, sizeof *e->bindings);
    e->values = orl_calloc(formula ? formula->name_count : 0, sizeof *e->values);
    return e->bindings && e->values;
}

static int allocate(struct reading *r)
{
    const struct orl_table_spec *spec = r->spec;
    r->fields = orl_calloc(spec->column_count, sizeof *r->fields);
    r->numbers = orl_calloc(spec->column_count, sizeof *r->numbers);
    r->headers = orl_calloc(spec->column_count, sizeof *r->headers);
    r->predictors = orl_calloc(spec->predictor_count, sizeof *r->predictors);
    r->from = orl_calloc(spec->predictor_count, sizeof *r->from);
    r->sizes = orl_calloc(spec->predictor_count + 2, sizeof *r->sizes);
    bool good = r->fields && r->numbers && r->headers && r->predictors && r->from && r->sizes;
    good = expression_allocate(&r->response, spec->response) && good;
    return expression_allocate(&r->sigma, spec->sigma) && good ? ORL_OK : ORL_ENOMEM;
}

/* Header, units, and the data set for what the file has. */
static int read_head(struct reading *r)
{
    int ret = read_header(r);
    if (ret == ORL_OK && r->spec->units)
        ret = read_units(r);
    if (ret != ORL_OK)
        return ret;
    r->data = orl_dataset_create(0, r->predictor_count, r->predictors);
    if (!r->data)
        return ORL_ENOMEM;
    r->data->sigma_absolute = r->spec->sigma_absolute;
    return label_columns(r) ? ORL_OK : ORL_ENOMEM;
}

static int read_all(struct reading *r, uint8_t *digest)
{
    int more, ret;
    if (digest)
        orl_csv_hash(&r->csv);
    ret = read_head(r);
    if (ret != ORL_OK)
        return ret;
    while ((more = orl_csv_next(&r->csv)) == 1)
        if ((ret = read_row(r)) != ORL_OK)
            return ret;
    if (more < 0)
        return more;
    if (r->data->rows == 0)
        return orl_csv_fault(&r->csv, NULL, NULL,
                             r->missing ? "no row has all of its numbers"
                                        : "there is a header but no data");
    if (!resize(r, r->data->rows))
        return ORL_ENOMEM;
    r->data->missing = r->missing;
    warn_about(r);
    if (digest)
        orl_csv_digest(&r->csv, digest);
    return ORL_OK;
}

static void reading_uninit(struct reading *r)
{
    orl_csv_close(&r->csv);
    for (size_t i = 0; r->headers && i < r->spec->column_count; i++)
        free(r->headers[i]);
    free(r->headers);
    free(r->fields);
    free(r->numbers);
    free(r->response.bindings);
    free(r->response.values);
    free(r->sigma.bindings);
    free(r->sigma.values);
    free(r->predictors);
    free(r->from);
    free(r->sizes);
}

int orl_dataset_read(const struct orl_table_spec *spec, const struct orl_limits *limits,
                     struct orl_messages *messages, uint8_t *digest, struct orl_dataset **out)
{
    struct reading r = {.spec = spec,
                        .limits = limits,
                        .cells = {.decimal = spec->decimal, .skip_missing = spec->skip_missing}};
    const struct orl_csv_dialect dialect = {.skip = spec->skip, .comment = spec->comment};
    int ret = allocate(&r);
    if (ret == ORL_OK)
        ret = orl_csv_open(spec->path, spec->shown_path, limits, messages, &r.csv);
    if (ret == ORL_OK) {
        orl_csv_read_as(&r.csv, &dialect);
        ret = read_all(&r, digest);
    }
    if (ret == ORL_ENOMEM)
        (void)orl_messages_add(messages, ORL_SEVERITY_ERROR, NULL, NULL, "out of memory");
    if (ret != ORL_OK)
        release(&r);
    *out = r.data;
    reading_uninit(&r);
    return ret;
}
