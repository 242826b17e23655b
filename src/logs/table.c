/* Tables as text: CSV and TSV in the dialects that training programs write. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "logs/cells.h"
#include "logs/format.h"

/* What a table's column belongs to. */
struct column {
    struct log_record *record; /* borrowed; NULL: the cell is not read */
    char *name;                /* owned */
    bool step;                 /* of a table of several runs: each run gets a copy of it */
};

struct table {
    struct log_input *in;
    struct log_records *records;
    struct log_cells cells;
    struct column *columns; /* owned */
    size_t count;
    char separator;
    char *comment; /* owned: the last comment before the header */
    int64_t row;
    size_t torn; /* the number of the line that is shorter than the others, 0: none */
    size_t short_rows, long_rows, headers;
    bool several; /* runs: W&B's export */
};

static void columns_free(struct table *t)
{
    for (size_t i = 0; t->columns && i < t->count; i++)
        free(t->columns[i].name);
    free(t->columns);
    t->columns = NULL;
    t->count = 0;
}

static void table_uninit(struct table *t)
{
    columns_free(t);
    orl_log_cells_uninit(&t->cells);
    free(t->comment);
}

/* ---- Names ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The second column of a name is "name (2)": nothing is lost, and nothing is drawn twice. */
static char *column_name(const struct table *t, size_t index, const struct log_cell *cell)
{
    size_t same = 1;
    if (cell->length == 0)
        return index == 0 ? orl_strdup("(index)") : orl_asprintf("column %zu", index + 1);
    for (size_t i = 0; i < index; i++)
        same += strcmp(t->cells.items[i].text, cell->text) == 0;
    return same == 1 ? orl_strdup(cell->text) : orl_asprintf("%s (%zu)", cell->text, same);
}

/* The header that stands in the cells. */
static int header_read(struct table *t, struct log_record *record, struct orl_error *err)
{
    columns_free(t);
    t->columns = orl_calloc(t->cells.count, sizeof *t->columns);
    if (!t->columns)
        return orl_fail_memory(err);
    t->count = t->cells.count;
    for (size_t i = 0; i < t->count; i++) {
        t->columns[i] = (struct column){record, column_name(t, i, &t->cells.items[i]), false};
        if (!t->columns[i].name)
            return orl_fail_memory(err);
    }
    t->headers++;
    return ORL_OK;
}

static bool cells_are_numbers(const struct log_cells *cells)
{
    double ignored;
    size_t numbers = 0;
    for (size_t i = 0; i < cells->count; i++) {
        bool number = orl_log_cell_number(&cells->items[i], true, &ignored);
        if (!number && !orl_log_cell_is_gap(&cells->items[i]))
            return false;
        numbers += number;
    }
    return numbers > 0;
}

/* A program that goes on with a file may write its header again, with a column more. */
static bool cells_are_header(const struct table *t)
{
    size_t known = 0;
    double ignored;
    for (size_t i = 0; i < t->cells.count; i++) {
        const struct log_cell *cell = &t->cells.items[i];
        if (orl_log_cell_number(cell, true, &ignored))
            return false;
        for (size_t k = 0; k < t->count; k++)
            if (strcmp(cell->text, t->columns[k].name) == 0) {
                known++;
                break;
            }
    }
    return known > 0 && 2 * known >= t->cells.count;
}

/* ---- Rows ---- */

/* The next line that is neither empty nor a comment, as cells. A file that ends in zeros was being
 * written when the machine went down. */
static int next_row(struct table *t, struct orl_error *err)
{
    char *line;
    size_t length;
    for (;;) {
        int more = orl_log_input_line(t->in, &line, &length, err);
        if (more <= 0)
            return more;
        if (memchr(line, '\0', length)) {
            orl_log_warn(t->in, t->in->line, "zero bytes: the rest is left out");
            return 0;
        }
        if (t->in->line == 1 && length >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
            line += 3;
            length -= 3;
        }
        if (length && *line == '#' && t->count == 0) {
            free(t->comment);
            t->comment = orl_strdup(line + 1);
            if (!t->comment)
                return orl_fail_memory(err);
        }
        if (length == 0 || *line == '#')
            continue;
        if (!t->separator)
            t->separator = orl_log_separator(line, length);
        int ret = orl_log_cells_split(line, length, t->separator, &t->cells, err);
        return ret == ORL_OK ? 1 : ret;
    }
}

/* More cells than names: where as many are empty, a separator was written twice. */
static void drop_empty_cells(struct table *t)
{
    size_t kept = 0, extra = t->cells.count - t->count;
    for (size_t i = 0; i < t->cells.count; i++)
        if (extra > 0 && t->cells.items[i].length == 0)
            extra--;
        else
            t->cells.items[kept++] = t->cells.items[i];
    if (extra > 0)
        t->long_rows++;
    t->cells.count = kept < t->count ? kept : t->count;
}

static int cell_store(struct table *t, const struct column *column, const struct log_cell *cell,
                      struct orl_error *err)
{
    double value;
    if (!column->record || orl_log_cell_is_gap(cell))
        return ORL_OK;
    struct log_series *series =
        orl_log_series_get(t->records, column->record, column->name, strlen(column->name), err);
    if (!series)
        return err->code;
    if (orl_log_cell_number(cell, t->separator == ';', &value))
        return orl_log_series_add(t->records, series, t->row, value, err);
    return orl_log_series_add_word(series, t->row, cell->text, cell->length, err);
}

/* In a table of several runs the steps belong to those that have a value in the row. */
static int step_store(struct table *t, size_t step, struct orl_error *err)
{
    const struct log_record *last = NULL;
    for (size_t i = 0; i < t->count && i < t->cells.count; i++) {
        struct column own = t->columns[step];
        own.record = t->columns[i].record;
        if (t->columns[i].step || !own.record || own.record == last ||
            orl_log_cell_is_gap(&t->cells.items[i]))
            continue;
        last = own.record;
        int ret = cell_store(t, &own, &t->cells.items[step], err);
        if (ret != ORL_OK)
            return ret;
    }
    return ORL_OK;
}

static int row_store(struct table *t, struct orl_error *err)
{
    int ret = ORL_OK;
    if (t->cells.count > t->count)
        drop_empty_cells(t);
    if (t->cells.count < t->count) {
        t->short_rows++;
        t->torn = t->in->line;
    }
    for (size_t i = 0; ret == ORL_OK && i < t->cells.count; i++)
        ret = t->columns[i].step ? step_store(t, i, err)
                                 : cell_store(t, &t->columns[i], &t->cells.items[i], err);
    t->row++;
    return ret;
}

/* The last line, where it is shorter than the header says: its last cell may be half a number. */
static int row_is_torn(struct table *t, struct orl_error *err)
{
    if (t->cells.count >= t->count || t->count < 2)
        return false;
    int64_t more = orl_log_input_want(t->in, 1, err);
    return more < 0 ? (int)more : more == 0;
}

static void tell_remarks(const struct table *t)
{
    if (t->short_rows)
        orl_log_warn(t->in, (unsigned)t->torn, "%zu row%s with fewer cells than the header",
                     t->short_rows, t->short_rows == 1 ? "" : "s");
    if (t->long_rows)
        orl_log_warn(t->in, 0, "%zu row%s with more cells than the header: those are left out",
                     t->long_rows, t->long_rows == 1 ? "" : "s");
    if (t->headers > 1)
        orl_log_warn(t->in, 0, "the header stands there %zu times: the log was continued",
                     t->headers);
}

static int rows_read(struct table *t, struct log_record *record, struct orl_error *err)
{
    int more, ret = ORL_OK;
    while (ret == ORL_OK && (more = next_row(t, err)) != 0) {
        if (more < 0)
            return more;
        int torn = row_is_torn(t, err);
        if (torn < 0)
            return torn;
        if (torn)
            orl_log_warn(t->in, t->in->line, "the last line is cut: it is left out");
        else if (cells_are_header(t))
            ret = header_read(t, record, err);
        else
            ret = row_store(t, err);
    }
    if (record)
        record->rows = t->row;
    tell_remarks(t);
    return ret;
}

/* numpy.savetxt writes its header as a comment; a table without any has its columns counted. */
static int header_make(struct table *t, struct log_record *record, struct orl_error *err)
{
    struct log_cells numbers = t->cells;
    t->cells = (struct log_cells){0};
    int ret = t->comment ? orl_log_cells_split(t->comment, strlen(t->comment), t->separator,
                                               &t->cells, err)
                         : ORL_OK;
    bool named = ret == ORL_OK && t->comment && t->cells.count == numbers.count;
    orl_log_cells_uninit(named ? &(struct log_cells){0} : &t->cells);
    if (ret == ORL_OK && !named) {
        struct orl_text names = {0};
        for (size_t i = 0; i < numbers.count; i++)
            orl_text_printf(&names, "%scolumn %zu", i ? "," : "", i + 1);
        ret = names.failed ? orl_fail_memory(err)
                           : orl_log_cells_split(names.data, names.length, ',', &t->cells, err);
        orl_text_uninit(&names);
    }
    if (ret == ORL_OK)
        ret = header_read(t, record, err);
    orl_log_cells_uninit(&t->cells);
    t->cells = numbers;
    return ret == ORL_OK ? row_store(t, err) : ret;
}

static int table_open(struct table *t, struct orl_error *err)
{
    int more = next_row(t, err);
    if (more < 0)
        return more;
    return more ? 1 : orl_log_fault(t->in, 0, NULL, "nothing logged yet: the table is empty");
}

static int table_read(struct log_input *in, struct log_records *records, struct orl_error *err)
{
    struct table t = {.in = in, .records = records};
    struct log_record *record = orl_log_record_get(records, "", err);
    int ret = record ? table_open(&t, err) : err->code;
    if (ret > 0)
        ret = cells_are_numbers(&t.cells) ? header_make(&t, record, err)
                                          : header_read(&t, record, err);
    /* A header alone has columns, too. */
    for (size_t i = 0; ret == ORL_OK && i < t.count; i++)
        if (!orl_log_series_get(records, record, t.columns[i].name, strlen(t.columns[i].name), err))
            ret = err->code;
    if (ret == ORL_OK)
        ret = rows_read(&t, record, err);
    table_uninit(&t);
    return ret;
}

/* ---- Recognition ---- */

/* The first lines of a head that are neither empty nor comments. */
static size_t head_lines(const struct log_head *head, const char *lines[], size_t lengths[],
                         size_t wanted)
{
    const char *at = (const char *)head->bytes, *end = at + head->length;
    size_t count = 0;
    if (head->length >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    while (at < end && count < wanted) {
        const char *stop = memchr(at, '\n', (size_t)(end - at)), *next = stop ? stop + 1 : end;
        size_t length = (size_t)((stop ? stop : end) - at);
        while (length > 0 && at[length - 1] == '\r')
            length--;
        if (length > 0 && *at != '#') {
            lines[count] = at;
            lengths[count++] = length;
        }
        at = next;
    }
    return count;
}

static bool is_text(const struct log_head *head)
{
    const unsigned char *zero = memchr(head->bytes, '\0', head->length);
    /* Zeros at the end of a line are a crash, elsewhere they are no text. */
    return !zero || (zero > head->bytes + 8 &&
                     memchr(head->bytes, '\n', 4096 < head->length ? 4096 : head->length));
}

/* The cells of the first lines; true where they are those of a table: a header of at least two
 * names or one, and a row of numbers of about that length. */
static bool table_head(const struct log_head *head, struct log_cells *names, struct log_cells *row,
                       size_t *lines)
{
    const char *line[2];
    size_t length[2];
    struct orl_error ignored = {0};
    if (!is_text(head))
        return false;
    *lines = head_lines(head, line, length, 2);
    if (*lines == 0)
        return false;
    char separator = orl_log_separator(line[0], length[0]);
    if (orl_log_cells_split(line[0], length[0], separator, names, &ignored) != ORL_OK)
        return false;
    return *lines < 2 ||
           orl_log_cells_split(line[1], length[1], separator, row, &ignored) == ORL_OK;
}

static bool name_is_word(const struct log_cell *name)
{
    double ignored;
    return name->length > 0 && name->length < 200 && !strpbrk(name->text, "{}<>=") &&
           !orl_log_cell_number(name, false, &ignored);
}

static bool table_recognise(const struct log_head *head)
{
    struct log_cells names = {0}, row = {0};
    size_t lines = 0, words = 0, numbers = 0;
    double ignored;
    bool good = table_head(head, &names, &row, &lines);
    for (size_t i = 0; good && i < names.count; i++)
        words += name_is_word(&names.items[i]);
    for (size_t i = 0; good && i < row.count; i++)
        numbers += orl_log_cell_number(&row.items[i], true, &ignored);
    if (good && cells_are_numbers(&names)) /* no header */
        good = lines < 2 || row.count == names.count;
    else if (good)
        good = words + 2 >= names.count && words > 0 && (names.count > 1 || numbers > 0) &&
               (lines < 2 || (numbers > 0 && row.count + 1 >= names.count));
    orl_log_cells_uninit(&names);
    orl_log_cells_uninit(&row);
    return good;
}

static bool has_name(const struct log_cells *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i].text, name) == 0)
            return true;
    return false;
}

const struct orl_log_format orl_log_table = {
    .name = "table",
    .title = "CSV or TSV table",
    .recognise = table_recognise,
    .read = table_read,
    .common = true,
};

/* ---- TensorBoard's export: a tag a file ---- */

static bool tensorboard_recognise(const struct log_head *head)
{
    struct log_cells names = {0}, row = {0};
    size_t lines = 0;
    bool good = table_head(head, &names, &row, &lines) && names.count == 3 &&
                has_name(&names, "Wall time") && has_name(&names, "Step") &&
                has_name(&names, "Value");
    orl_log_cells_uninit(&names);
    orl_log_cells_uninit(&row);
    return good;
}

/* "run-NAME-tag-TAG.csv": the run and the tag stand in the name of the file alone. Where it was
 * renamed, its name is the tag's. */
static int tensorboard_read(struct log_input *in, struct log_records *records,
                            struct orl_error *err)
{
    const char *base = base_name(in->path), *tag = strstr(base, "-tag-"), *dot = strrchr(base, '.');
    bool named = strncmp(base, "run-", 4) == 0 && tag;
    const char *metric = named ? tag + 5 : base;
    size_t length = dot && dot > metric ? (size_t)(dot - metric) : strlen(metric);
    char *key = named ? orl_strndup(base + 4, (size_t)(tag - base - 4)) : orl_strdup("");
    char *name = orl_strndup(metric, length);
    struct table t = {.in = in, .records = records};
    struct log_record *record = key && name ? orl_log_record_get(records, key, err) : NULL;
    int ret = record ? table_open(&t, err) : orl_fail_memory(err);
    if (ret > 0)
        ret = header_read(&t, record, err);
    for (size_t i = 0; ret == ORL_OK && i < t.count; i++)
        if (strcmp(t.columns[i].name, "Value") == 0) {
            free(t.columns[i].name);
            t.columns[i].name = name;
            name = NULL;
        }
    if (ret == ORL_OK)
        ret = rows_read(&t, record, err);
    if (ret == ORL_OK && named && !record->title)
        record->title = orl_strdup(key);
    free(key);
    free(name);
    table_uninit(&t);
    return ret;
}

const struct orl_log_format orl_log_tensorboard_csv = {
    .name = "tensorboard-csv",
    .title = "TensorBoard's export",
    .recognise = tensorboard_recognise,
    .read = tensorboard_read,
    .folder_is_run = true,
};

/* ---- W&B's export: a column for each run and metric ---- */

/* The last " - ", not inside of a metric: names of runs are what people make of them. */
static const char *wandb_split(const char *name)
{
    const char *found = NULL;
    for (const char *at = name; (at = strstr(at, " - ")) != NULL; at += 3)
        found = at;
    return found;
}

static bool wandb_recognise(const struct log_head *head)
{
    struct log_cells names = {0}, row = {0};
    size_t lines = 0, split = 0, ends = 0;
    bool good = table_head(head, &names, &row, &lines) && names.count >= 2;
    for (size_t i = 1; good && i < names.count; i++) {
        const char *text = names.items[i].text;
        split += wandb_split(text) != NULL;
        ends += strstr(text, "__MIN") || strstr(text, "__MAX");
    }
    bool runs_table = good && has_name(&names, "Name") && has_name(&names, "State");
    good = good && (runs_table || (split + 1 == names.count && (ends > 0 || split > 0)));
    orl_log_cells_uninit(&names);
    orl_log_cells_uninit(&row);
    return good;
}

static int wandb_column(struct table *t, size_t index, struct orl_error *err)
{
    struct column *column = &t->columns[index];
    const char *split = wandb_split(column->name);
    if (!split) {
        column->step = true;
        return ORL_OK;
    }
    char *key = orl_strndup(column->name, (size_t)(split - column->name)),
         *metric = orl_strdup(split + 3);
    column->record = key && metric ? orl_log_record_get(t->records, key, err) : NULL;
    if (column->record && !column->record->title)
        column->record->title = orl_strdup(key);
    free(key);
    free(column->name);
    column->name = metric;
    if (!metric)
        return orl_fail_memory(err);
    return column->record ? ORL_OK : err->code ? err->code : orl_fail_memory(err);
}

static int wandb_csv_read(struct log_input *in, struct log_records *records, struct orl_error *err)
{
    struct table t = {.in = in, .records = records, .several = true};
    int ret = table_open(&t, err);
    if (ret > 0 && has_name(&t.cells, "Name") && has_name(&t.cells, "State"))
        ret = orl_log_fault(in, 1, "export a chart's CSV, or the history: run.history().to_csv()",
                            "this is W&B's table of runs: one row a run, no steps");
    else if (ret > 0)
        ret = header_read(&t, NULL, err);
    for (size_t i = 0; ret == ORL_OK && i < t.count; i++)
        ret = wandb_column(&t, i, err);
    if (ret == ORL_OK)
        ret = rows_read(&t, NULL, err);
    for (size_t i = 0; ret == ORL_OK && i < records->count; i++)
        records->items[i]->rows = t.row;
    table_uninit(&t);
    return ret;
}

const struct orl_log_format orl_log_wandb_csv = {
    .name = "wandb-csv",
    .title = "W&B's export",
    .recognise = wandb_recognise,
    .read = wandb_csv_read,
};
