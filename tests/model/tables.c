/* Tables as people have them: what programs, spreadsheets and instruments write. */
#include "orl_test.h"

#include <unistd.h>

#include "base/array.h"
#include "base/filekind.h"
#include "optreel/model.h"

static char path[] = "/tmp/orl_tables_XXXXXX";

/* A table with columns x and y (or their positions), how it is to be read, and what comes of it. */
struct table {
    const char *what, *text;
    struct orl_table_spec spec;
    double x[4], y[4];
    size_t rows;                      /* 0: it is refused */
    const char *x_label, *y_label;    /* NULL: x, y */
    const char *place, *words, *hint; /* of the message; hint NULL: any */
};

static const struct table tables[] = {
    {.what = "Excel, German: semicolons, decimal commas, BOM, CRLF",
     .text = "\xef\xbb\xbfx;y\r\n0,5;1,25\r\n1,5;2,5\r\n",
     .rows = 2,
     .x = {0.5, 1.5},
     .y = {1.25, 2.5}},
    {.what = "Excel: a line that names the separator",
     .text = "sep=;\nx;y\n1;2\n",
     .rows = 1,
     .x = {1},
     .y = {2}},
    {.what = "the same in quotes, for commas",
     .text = "\"sep=,\"\nx,y\n1,2\n",
     .rows = 1,
     .x = {1},
     .y = {2}},
    {.what = "tabs and decimal commas",
     .text = "x\ty\n0,5\t-1,5e3\n",
     .rows = 1,
     .x = {0.5},
     .y = {-1500}},
    {.what = "columns aligned with blanks",
     .text = "   x       y\n   1.0   2.0\n  10.0  20.0  \n",
     .rows = 2,
     .x = {1, 10},
     .y = {2, 20}},
    {.what = "blanks and tabs mixed", .text = "x \t y\n1\t 2\n", .rows = 1, .x = {1}, .y = {2}},
    {.what = "a delimiter at the end of every row but the header",
     .text = "x,y\n1,2,\n2,4,\n",
     .rows = 2,
     .x = {1, 2},
     .y = {2, 4}},
    {.what = "a delimiter at the end of the header, too",
     .text = "x;y;\n1;2;\n2;4\n",
     .rows = 2,
     .x = {1, 2},
     .y = {2, 4}},
    {.what = "lines of delimiters below the table",
     .text = "x;y\n1;2\n;\n;;\n",
     .rows = 1,
     .x = {1},
     .y = {2}},
    {.what = "line ends of all kinds",
     .text = "x,y\r1,2\n2,4\r\n3,6\r",
     .rows = 3,
     .x = {1, 2, 3},
     .y = {2, 4, 6}},
    {.what = "an oscilloscope's preamble",
     .text = "Model,DSO-X 2002A\nMemory,1000\n\nx,y\n0,1\n1,2\n",
     .spec = {.skip = 3},
     .rows = 2,
     .x = {0, 1},
     .y = {1, 2}},
    {.what = "a preamble that nobody told",
     .text = "Model,DSO-X 2002A\nMemory,1000\nx,y\n0,1\n",
     .place = "1:1",
     .words = "no column 'x'",
     .hint = "`skip: 2`"},
    {.what = "a row of units",
     .text = "x,y\ns,[V]\n1,2\n",
     .spec = {.units = true},
     .rows = 1,
     .x = {1},
     .y = {2},
     .x_label = "x (s)",
     .y_label = "y (V)"},
    {.what = "units that are none",
     .text = "x,y\n-,1\n1,2\n",
     .spec = {.units = true},
     .rows = 1,
     .x = {1},
     .y = {2}},
    {.what = "a row of units that nobody told",
     .text = "x,y\ns,V\n1,2\n",
     .place = "2:1",
     .words = "'s' is not a number",
     .hint = "`units: true`"},
    {.what = "comments among the data",
     .text = "# head\nx,y\n1,2\n# pause\n2,4\n",
     .spec = {.comment = "#"},
     .rows = 2,
     .x = {1, 2},
     .y = {2, 4}},
    {.what = "comments of another kind",
     .text = "% head\nx,y\n1,2\n% pause\n",
     .spec = {.comment = "%"},
     .rows = 1,
     .x = {1},
     .y = {2}},
    {.what = "no comments at all: a header may begin with #",
     .text = "#x,y\n1,2\n",
     .spec = {.comment = ""},
     .rows = 1,
     .x = {1},
     .y = {2}},
    {.what = "the header of gnuplot and numpy, where no line is a comment",
     .text = "# x y\n1 2\n3 6\n",
     .spec = {.comment = ""},
     .rows = 2,
     .x = {1, 3},
     .y = {2, 6}},
    {.what = "a column that is called #",
     .text = "# y x\n7 2 1\n",
     .spec = {.comment = ""},
     .rows = 1,
     .x = {1},
     .y = {2}},
    {.what = "the same header where nobody told",
     .text = "# x y\n1 2\n3 4\n",
     .place = "2:1",
     .words = "the header is missing",
     .hint = "`comment: null`"},
    {.what = "comments with blanks before them",
     .text = "x,y\n1,2\n   # pause\n2,4\n",
     .spec = {.comment = "#"},
     .rows = 2,
     .x = {1, 2},
     .y = {2, 4}},
    {.what = "bars between the columns", .text = "x|y\n1|2\n", .rows = 1, .x = {1}, .y = {2}},
    {.what = "a table of Markdown",
     .text = "| x | y |\n|---|:--|\n| 1 | 2 |\n",
     .rows = 1,
     .x = {1},
     .y = {2}},
    {.what = "R's write.table: names of the rows have no header",
     .text = "\"x\" \"y\"\n\"1\" 5 6\n\"2\" 7 8\n",
     .rows = 2,
     .x = {5, 7},
     .y = {6, 8}},
    {.what = "R's write.table, with commas",
     .text = "\"x\",\"y\"\n\"a\",5,6\n",
     .rows = 1,
     .x = {5},
     .y = {6}},
    {.what = "pandas' print: numbers of the rows from 0 on",
     .text = "     x    y\n0  5.0  6.0\n1  7.0  8.0\n",
     .rows = 2,
     .x = {5, 7},
     .y = {6, 8}},
    {.what = "a third number that is no row's name",
     .text = "x y\n5 6 7\n",
     .place = "2:5",
     .words = "3 fields where the header has 2"},
    {.what = "a later row with one more",
     .text = "x\ty\n5\t6\n1\t5\t6\n",
     .place = "3:5",
     .words = "3 fields where the header has 2"},
    {.what = "aligned columns with the line ends of old Macs",
     .text = "x  y\r1  2\r",
     .rows = 1,
     .x = {1},
     .y = {2}},
    {.what = "numbers where units are told",
     .text = "x,y\n1,2\n2,4\n",
     .spec = {.units = true},
     .place = "2:1",
     .words = "numbers, no units",
     .hint = "`units: true`"},
    {.what = "more lines left out than there are",
     .text = "x,y\n1,2\n",
     .spec = {.skip = 9},
     .place = "3:1",
     .words = "no line below the 9 that `skip` leaves out"},
    {.what = "the header left out",
     .text = "x,y\n1,2\n",
     .spec = {.skip = 1},
     .place = "2:1",
     .words = "the header is missing",
     .hint = "`skip` leaves out lines before the header"},
    {.what = "no header, decimal commas",
     .text = "0,5;1,5\n1,5;2,5\n",
     .place = "1:1",
     .words = "the header is missing"},
    {.what = "a name in capitals",
     .text = "X,y\n1,2\n",
     .place = "1:1",
     .words = "no column 'x'",
     .hint = "did you mean 'X'?"},
    {.what = "ways to say nothing",
     .text = "x,y\n1,.\n2,?\n3,#DIV/0!\n4,n.a.\n5,<NA>\n6,1.#QNAN\n7,NaT\n8,2\n9,*\n",
     .spec = {.skip_missing = true},
     .rows = 1,
     .x = {8},
     .y = {2}},
    {.what = "one of them where rows are not left out",
     .text = "x,y\n1,2\n2,?\n",
     .place = "3:3",
     .words = "'?' is not a finite number",
     .hint = "`missing: skip`"},
    {.what = "a limit of detection",
     .text = "x,y\n1,<0.1\n",
     .place = "2:3",
     .words = "'<0.1' is not a number",
     .hint = "stands alone in its cell"},
    {.what = "a date",
     .text = "x,y\n2024-05-01,1\n",
     .place = "2:1",
     .words = "'2024-05-01' is not a number",
     .hint = "a date or time"},
    {.what = "a time of day",
     .text = "x,y\n12:30,1\n",
     .place = "2:1",
     .words = "'12:30' is not a number",
     .hint = "a date or time"},
    {.what = "a difference that is no date",
     .text = "x,y\n1-2,1\n",
     .place = "2:1",
     .words = "'1-2' is not a number",
     .hint = "stands alone in its cell"},
    {.what = "thousands with underscores",
     .text = "x,y\n1_000,1\n",
     .place = "2:1",
     .words = "'1_000' is not a number",
     .hint = "no thousands separators"},
    {.what = "hexadecimal",
     .text = "x,y\n0x10,1\n",
     .place = "2:1",
     .words = "'0x10' is not a number",
     .hint = "decimal"},
    {.what = "a row of totals",
     .text = "x,y\n1,2\ntotal,9\n",
     .place = "3:1",
     .words = "'total' is not a number",
     .hint = "`comment: \"total\"`"},
    {.what = "a remark in another column",
     .text = "x,y\n1,2\n2,broken\n",
     .place = "3:3",
     .words = "'broken' is not a number",
     .hint = "`missing: skip`"},
    {.what = "UTF-16 with nothing in it", .text = "\xfe\xff", .place = "1:1", .words = "empty"},
    {.what = "JSON", .text = "[{\"x\": 1}]", .place = "1:1", .words = "JSON", .hint = "CSV"},
    {.what = "a web page", .text = "<html>", .place = "1:1", .words = "web page", .hint = "CSV"},
    {.what = "missing values left out",
     .text = "x,y\n1,NA\n2,4\n3,\nNaN,1\n-,2\nnull,2\nN/A,1\n4,8\n#N/A,2\n",
     .spec = {.skip_missing = true},
     .rows = 2,
     .x = {2, 4},
     .y = {4, 8}},
    {.what = "a missing value",
     .text = "x,y\n1,2\n2,NA\n",
     .place = "3:3",
     .words = "'NA' is not a finite number",
     .hint = "`missing: skip`"},
    {.what = "an infinity is not missing",
     .text = "x,y\n1,inf\n",
     .spec = {.skip_missing = true},
     .place = "2:3",
     .words = "'inf' is not a finite number"},
    {.what = "rows cut short",
     .text = "x,y\n1,2\n2\n3,6\n",
     .spec = {.skip_missing = true},
     .rows = 2,
     .x = {1, 3},
     .y = {2, 6}},
    {.what = "nothing but missing values",
     .text = "x,y\n1,NA\n",
     .spec = {.skip_missing = true},
     .place = "3:1",
     .words = "no row has all of its numbers"},
    {.what = "blanks that do not break",
     .text = "x,y\n\xc2\xa0"
             "1,2\xe2\x80\xaf\n",
     .rows = 1,
     .x = {1},
     .y = {2}},
    {.what = "decimals in quotes",
     .text = "x,y\n\"0,5\",\"1,25\"\n",
     .rows = 1,
     .x = {0.5},
     .y = {1.25}},
    {.what = "thousands in quotes",
     .text = "x,y\n1,\"1,234.5\"\n",
     .place = "2:3",
     .words = "'1,234.5' is not a number",
     .hint = "thousands separators"},
    {.what = "thousands that might be decimals",
     .text = "x,y\n1,\"1,234\"\n",
     .place = "2:3",
     .words = "'1,234' is not a number",
     .hint = "reads 1,234 as 1.234"},
    {.what = "the same, where it is said",
     .text = "x,y\n1,\"1,234\"\n",
     .spec = {.decimal = ORL_DECIMAL_COMMA},
     .rows = 1,
     .x = {1},
     .y = {1.234}},
    {.what = "thousands of Germany",
     .text = "x;y\n1;1.234,5\n",
     .place = "2:3",
     .words = "'1.234,5' is not a number",
     .hint = "thousands separators"},
    {.what = "thousands with blanks",
     .text = "x;y\n1;1 234\n",
     .place = "2:3",
     .words = "'1 234' is not a number",
     .hint = "thousands separators"},
    {.what = "decimal commas that separate",
     .text = "x,y\n0,5,1,5\n",
     .place = "2:5",
     .words = "4 fields where the header has 2",
     .hint = "semicolons"},
    {.what = "points and commas in one table",
     .text = "x;y\n0.5;1,5\n",
     .place = "2:5",
     .words = "decimal points and decimal commas",
     .hint = "`decimal: point`"},
    {.what = "points where commas are said",
     .text = "x;y\n0.5;1\n",
     .spec = {.decimal = ORL_DECIMAL_COMMA},
     .place = "2:1",
     .words = "'0.5' is not a number"},
    {.what = "commas where points are said",
     .text = "x;y\n0,5;1\n",
     .spec = {.decimal = ORL_DECIMAL_POINT},
     .place = "2:1",
     .words = "'0,5' is not a number",
     .hint = "`decimal: comma`"},
    {.what = "a minus sign of typography",
     .text = "x,y\n1,\xe2\x88\x92"
             "2\n",
     .place = "2:3",
     .words = "is not a number",
     .hint = "written -"},
    {.what = "exponents of Fortran",
     .text = "x,y\n1,1.5D-3\n",
     .place = "2:3",
     .words = "'1.5D-3' is not a number",
     .hint = "with e"},
    {.what = "names with commas between semicolons",
     .text = "x;y;a, b\n1;2;3\n",
     .rows = 1,
     .x = {1},
     .y = {2}},
};

static void check_message(const struct table *t, const struct orl_messages *messages)
{
    char where[64];
    if (messages->errors != 1)
        fail_msg("%s: %zu errors", t->what, messages->errors);
    const struct orl_message *m = &messages->items[messages->count - 1];
    snprintf(where, sizeof where, "%u:%u", m->line, m->column);
    if (strcmp(where, t->place) != 0 || !strstr(m->text, t->words))
        fail_msg("%s: '%s' at %s, not '%s' at %s", t->what, m->text, where, t->words, t->place);
    if (t->hint && (!m->hint || !strstr(m->hint, t->hint)))
        fail_msg("%s: the hint is '%s'", t->what, m->hint ? m->hint : "");
}

static void check_data(const struct table *t, const struct orl_dataset *d,
                       const struct orl_messages *messages)
{
    if (!d)
        fail_msg("%s: %s", t->what, messages->items[0].text);
    if (d->rows != t->rows)
        fail_msg("%s: %zu rows", t->what, d->rows);
    for (size_t i = 0; i < d->rows; i++)
        if (d->values[0][i] != t->x[i] || d->response[i] != t->y[i])
            fail_msg("%s: row %zu holds %g, %g", t->what, i, d->values[0][i], d->response[i]);
    assert_string_equal(d->labels[0], t->x_label ? t->x_label : "x");
    assert_string_equal(d->response_name, t->y_label ? t->y_label : "y");
}

static struct orl_dataset *read_table(const char *text, struct orl_table_spec spec,
                                      struct orl_messages *messages)
{
    static const struct orl_csv_column columns[] = {{.name = "x", .header = "x"},
                                                    {.name = "y", .header = "y"}};
    static const char *const predictors[] = {"x"};
    struct orl_formula *response = NULL;
    struct orl_formula_error refused;
    struct orl_dataset *data = NULL;
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    assert_int_equal(orl_formula_parse("y", 1, &orl_limits_default, &response, &refused), ORL_OK);
    spec.path = path;
    spec.shown_path = "d.csv";
    spec.columns = spec.columns ? spec.columns : columns;
    spec.column_count = 2;
    spec.predictors = predictors;
    spec.predictor_count = 1;
    spec.response = response;
    (void)orl_dataset_read(&spec, &orl_limits_default, messages, NULL, &data);
    orl_formula_destroy(&response);
    return data;
}

static void as_people_have_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < ORL_COUNT(tables); i++) {
        const struct table *t = &tables[i];
        struct orl_messages messages = {0};
        struct orl_dataset *d = read_table(t->text, t->spec, &messages);
        if (t->rows)
            check_data(t, d, &messages);
        else
            check_message(t, &messages);
        orl_dataset_destroy(&d);
        orl_messages_uninit(&messages);
    }
}

/* What is left out is counted, with the line of the first. */
static void counted(void **state)
{
    struct orl_messages messages = {0};
    struct orl_table_spec spec = {.skip_missing = true, .comment = "#"};
    struct orl_dataset *d = read_table("x,y\n1,2\n2,\n# a\n3,NA\n4,9\n# b\n", spec, &messages);
    (void)state;
    assert_non_null(d);
    assert_int_equal(messages.warnings, 2);
    assert_string_equal(messages.items[0].text,
                        "2 rows without a number were left out, the first in line 3");
    assert_int_equal(messages.items[0].line, 3);
    assert_string_equal(messages.items[1].text, "2 comment lines among the data were left out");
    assert_int_equal(messages.items[1].line, 4);
    orl_dataset_destroy(&d);
    orl_messages_uninit(&messages);
}

/* A header with its accents apart, as a Mac writes it, is found by its name as a keyboard does. */
static void accents(void **state)
{
    static const struct orl_csv_column columns[] = {{.name = "x",
                                                     .header = "Gr\xc3\xb6\xc3\x9f"
                                                               "e (m)"},
                                                    {.name = "y", .header = "y"}};
    struct orl_messages messages = {0};
    struct orl_table_spec spec = {.columns = columns};
    struct orl_dataset *d = read_table("Gro\xcc\x88\xc3\x9f"
                                       "e (m),y\n1,2\n",
                                       spec, &messages);
    (void)state;
    assert_non_null(d);
    assert_string_equal(d->labels[0], "Gr\xc3\xb6\xc3\x9f"
                                      "e (m)");
    orl_dataset_destroy(&d);
    orl_messages_uninit(&messages);
}

/* 1e-400 is 0 for a computer: it says so. */
static void too_small(void **state)
{
    struct orl_messages messages = {0};
    struct orl_dataset *d =
        read_table("x,y\n0,1e-400\n1,0.0\n", (struct orl_table_spec){0}, &messages);
    (void)state;
    assert_non_null(d);
    assert_string_equal(messages.items[0].text,
                        "'1e-400' is too small for a number: it counts as 0");
    orl_dataset_destroy(&d);
    orl_messages_uninit(&messages);
}

/* Files that are no text are told by their first bytes, NUL bytes among them. */
static void kinds_told(void **state)
{
    static const struct {
        const char *bytes, *what;
    } kinds[] = {{"x\0,\0y\0\n\0", "UTF-16"},         {"\0x\0,\0y\0\n", "UTF-16"},
                 {"\xff\xfe\0\0x\0\0", "UTF-32"},     {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel"},
                 {"PAR1\x15\x04\x15\x10", "Parquet"}, {"\x89HDF\r\n\x1a\n", "HDF5"}};
    (void)state;
    for (size_t i = 0; i < ORL_COUNT(kinds); i++) {
        const struct orl_filekind *kind = orl_filekind_find(kinds[i].bytes, 8);
        if (!kind || !strstr(kind->what, kinds[i].what))
            fail_msg("%s: %s", kinds[i].what, kind ? kind->what : "a table");
    }
    assert_null(orl_filekind_find("x,y\n1,2\n", 8));
}

/* A sigma of 0 and a logarithm of 0 tell what they were made of. */
static void expressions_refused(void **state)
{
    static const struct orl_csv_column columns[] = {{.name = "x", .header = "x"},
                                                    {.name = "y", .header = "y"}};
    struct orl_messages messages = {0};
    struct orl_formula *sigma = NULL;
    struct orl_formula_error refused;
    struct orl_table_spec spec = {.columns = columns};
    (void)state;
    assert_int_equal(orl_formula_parse("sqrt(x)", 7, &orl_limits_default, &sigma, &refused),
                     ORL_OK);
    spec.sigma = sigma;
    assert_null(read_table("x,y\n1,2\n0,4\n", spec, &messages));
    assert_string_equal(messages.items[0].text,
                        "the standard deviation 'sqrt(x)' must be greater than 0 in every row");
    assert_int_equal(messages.items[0].line, 3);
    assert_string_equal(messages.items[0].hint, "x is 0");
    orl_formula_destroy(&sigma);
    orl_messages_uninit(&messages);
}

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int drop_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_people_have_them),
        cmocka_unit_test(counted),
        cmocka_unit_test(accents),
        cmocka_unit_test(too_small),
        cmocka_unit_test(kinds_told),
        cmocka_unit_test(expressions_refused),
    };
    return cmocka_run_group_tests(tests, make_file, drop_file);
}
