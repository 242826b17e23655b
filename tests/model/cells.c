/* Cells of tables: which number a text is, and what is said, with which hint, of one that is none;
 * headers, units and missing rows. */
#include "orl_test.h"

#include <unistd.h>

#include "base/text.h"
#include "optreel/model.h"

static char path[] = "/tmp/optreel-cells-XXXXXX";

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 || close(fd) != 0;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

/* How a table is read that differs from the usual. */
struct ways {
    enum orl_decimal decimal;
    bool units, skip_missing;
};

/* "rows 2: 1 2 | 3 4" (x and y of each row), or "LINE:COLUMN TEXT / HINT" of the first message,
 * after the rows where it is a warning. */
static void told_of(const char *text, struct ways ways, struct orl_text *told)
{
    const struct orl_csv_column columns[] = {{.name = "x", .header = "x"},
                                             {.name = "y", .header = "y"}};
    const char *const predictors[] = {"x"};
    struct orl_formula *response = NULL;
    struct orl_formula_error refused;
    struct orl_messages messages = {0};
    struct orl_dataset *data = NULL;
    uint8_t digest[32];
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    assert_int_equal(orl_formula_parse("y", 1, &orl_limits_default, &response, &refused), ORL_OK);
    const struct orl_table_spec spec = {.path = path,
                                        .shown_path = "d.csv",
                                        .columns = columns,
                                        .column_count = 2,
                                        .predictors = predictors,
                                        .predictor_count = 1,
                                        .response = response,
                                        .units = ways.units,
                                        .skip_missing = ways.skip_missing,
                                        .decimal = ways.decimal};
    orl_dataset_read(&spec, &orl_limits_default, &messages, digest, &data);
    if (data)
        orl_text_printf(told, "rows %zu:", data->rows);
    for (size_t i = 0; data && i < data->rows; i++)
        orl_text_printf(told, "%s %.15g %.15g", i ? " |" : "", data->values[0][i],
                        data->response[i]);
    if (data && ways.units)
        orl_text_printf(told, " of %s, %s", data->labels[0], data->response_name);
    if (messages.count)
        orl_text_printf(told, "%s%u:%u %s%s%s", data ? "; " : "", messages.items[0].line,
                        messages.items[0].column, messages.items[0].text,
                        messages.items[0].hint ? " / " : "",
                        messages.items[0].hint ? messages.items[0].hint : "");
    orl_messages_uninit(&messages);
    orl_formula_destroy(&response);
    orl_dataset_destroy(&data);
}

struct cell_case {
    const char *text;
    struct ways ways;
    const char *told;
};

static void check(const struct cell_case *cases, size_t count)
{
    size_t faults = 0;
    for (size_t i = 0; i < count; i++) {
        struct orl_text told = {0};
        told_of(cases[i].text, cases[i].ways, &told);
        if (strcmp(told.data ? told.data : "", cases[i].told) != 0) {
            print_error("%s\nis: %s\nnot: %s\n", cases[i].text, told.data ? told.data : "",
                        cases[i].told);
            faults++;
        }
        orl_text_uninit(&told);
    }
    assert_int_equal(faults, 0);
}

#define CHECK(cases) check((cases), sizeof(cases) / sizeof *(cases))
#define COMMA                                                                                      \
    {                                                                                              \
        ORL_DECIMAL_COMMA, false, false                                                            \
    }
#define POINT                                                                                      \
    {                                                                                              \
        ORL_DECIMAL_POINT, false, false                                                            \
    }
#define AUTO                                                                                       \
    {                                                                                              \
        ORL_DECIMAL_AUTO, false, false                                                             \
    }
#define UNITS                                                                                      \
    {                                                                                              \
        ORL_DECIMAL_AUTO, true, false                                                              \
    }
#define SKIP                                                                                       \
    {                                                                                              \
        ORL_DECIMAL_AUTO, false, true                                                              \
    }

static void decimals(void **state)
{
    static const struct cell_case cases[] = {
        {"x;y\n1,5;2\n3;4,25\n", AUTO, "rows 2: 1.5 2 | 3 4.25"},
        {"x;y\n1,234;2\n3;4\n", COMMA, "rows 2: 1.234 2 | 3 4"},
        {"x,y\n\"1,5\",2\n3,4\n", AUTO, "rows 2: 1.5 2 | 3 4"},
        {"x,y\n\"1,234\",2\n3,4\n", COMMA, "rows 2: 1.234 2 | 3 4"},
        {"x,y\n\"1,234\",2\n3,4\n", AUTO,
         "2:1 '1,234' is not a number / numbers have no thousands separators; `decimal: comma` "
         "reads 1,234 as 1.234"},
        {"x;y\n1,234,567;2\n", AUTO,
         "2:1 '1,234,567' is not a number / numbers have no thousands separators"},
        {"x;y\n1.234,5;2\n", AUTO,
         "2:1 '1.234,5' is not a number / numbers have no thousands separators"},
        {"x;y\n123.456;2\n0;1\n", AUTO, "rows 2: 123.456 2 | 0 1"},
        {"x;y\n1 234;2\n", AUTO,
         "2:1 '1 234' is not a number / numbers have no thousands separators"},
        {"x;y\n1'234;2\n", AUTO,
         "2:1 '1'234' is not a number / numbers have no thousands separators"},
        {"x;y\n123,456;2\n", POINT,
         "2:1 '123,456' is not a number / numbers have no thousands separators; `decimal: comma` "
         "reads 1,234 as 1.234"},
        {"x;y\n1_000;2\n", AUTO,
         "2:1 '1_000' is not a number / numbers have no thousands separators"},
        {"x;y\n1,5;2\n", POINT, "2:1 '1,5' is not a number / `decimal: comma` reads 1,5 as 1.5"},
        {"x;y\n1.5;2\n", COMMA,
         "2:1 '1.5' is not a number / `decimal: point` or `decimal: comma` says how decimals are "
         "written"},
        {"x;y\n1,5;2.5\n", AUTO,
         "2:5 '2.5': the table has decimal points and decimal commas / `decimal: point` or "
         "`decimal: comma` says which is meant"},
        {"x;y\n1.5;2,5\n", AUTO,
         "2:5 '2,5': the table has decimal points and decimal commas / `decimal: point` or "
         "`decimal: comma` says which is meant"},
        {"x;y\n1,5;2,5\n1.25;0\n", AUTO,
         "3:1 '1.25': the table has decimal points and decimal commas / `decimal: point` or "
         "`decimal: comma` says which is meant"},
    };
    (void)state;
    CHECK(cases);
}

static void cells_without_a_number(void **state)
{
    static const struct cell_case cases[] = {
        {"x,y\n0,2024-05-01\n", AUTO,
         "2:3 '2024-05-01' is not a number / a date or time is written as a number: seconds, days, "
         "2024.33"},
        {"x,y\n0,12:30\n", AUTO,
         "2:3 '12:30' is not a number / a date or time is written as a number: seconds, days, "
         "2024.33"},
        {"x,y\n0,1-2\n", AUTO,
         "2:3 '1-2' is not a number / a number stands alone in its cell, without units, marks or "
         "remarks"},
        {"x,y\n0,\xe2\x88\x92"
         "5\n",
         AUTO, "2:3 '−5' is not a number / the minus sign is written -"},
        {"x,y\n0,1.5D-3\n", AUTO,
         "2:3 '1.5D-3' is not a number / the exponent is written with e, as in 1.5e-3"},
        {"x,y\n0,0x10\n", AUTO, "2:3 '0x10' is not a number / numbers are decimal: 16, not 0x10"},
        {"x,y\n0,0X10\n", AUTO, "2:3 '0X10' is not a number / numbers are decimal: 16, not 0x10"},
        {"x,y\n0,5%\n", AUTO, "2:3 '5%' is not a number / 5% is written 0.05"},
        {"x,y\n0,5 mV\n", AUTO,
         "2:3 '5 mV' is not a number / a number stands alone in its cell, without units, marks or "
         "remarks"},
        {"x,y\n0,<0.1\n", AUTO,
         "2:3 '<0.1' is not a number / a number stands alone in its cell, without units, marks or "
         "remarks"},
        {"x,y\n0,abcd5\n", AUTO,
         "2:3 'abcd5' is not a number / a number stands alone in its cell, without units, marks or "
         "remarks"},
        {"x,y\n0,abcde5\n", AUTO,
         "2:3 'abcde5' is not a number / where this row holds units, `units: true` says so; `skip: "
         "N` leaves N lines out before the header"},
        {"x,y\n0,1\n1,abcde\n", AUTO,
         "3:3 'abcde' is not a number / `missing: skip` leaves out rows with NA, NaN, null, - or "
         "nothing"},
        {"x,y\n0,1\nend,2\n", AUTO,
         "3:1 'end' is not a number / `comment: \"end\"` leaves lines out that begin so; `missing: "
         "skip` rows with NA, - or nothing"},
        {"x,y\n0,1\nend,2\n", SKIP,
         "3:1 'end' is not a number / `comment: \"end\"` leaves lines out that begin so"},
        {"x,y\n0,1\n1,\n", AUTO,
         "3:3 an empty cell where a number is needed / `missing: skip` leaves such rows out"},
        {"x,y\n0,1\n1,NA\n", AUTO,
         "3:3 'NA' is not a finite number / `missing: skip` leaves such rows out"},
        {"x,y\n0,1\n1,inf\n", SKIP,
         "3:3 'inf' is not a finite number / a fit needs finite numbers; `missing: skip` leaves "
         "rows with "
         "NA out"},
        {"x,y\n0,1\n1,\n2,NA\n3,4\n", SKIP,
         "rows 2: 0 1 | 3 4; 3:1 2 rows without a number were left out, the first in line 3"},
        {"x,y\n0,1\n1,1e-400\n", AUTO,
         "rows 2: 0 1 | 1 0; 3:3 '1e-400' is too small for a number: it counts as 0"},
        {"x,y\n0,1\n1,0e-400\n", AUTO, "rows 2: 0 1 | 1 0"},
        {"x,y\n0,1e400\n", AUTO,
         "2:3 '1e400' is too large for a number / numbers go to 1.8e308: take larger units"},
        {"x,y\n\xc2\xa0"
         "0\xe2\x80\xaf,\t1 \n1,2\n",
         AUTO, "rows 2: 0 1 | 1 2"},
    };
    (void)state;
    CHECK(cases);
}

#define GIVES "; `columns: {x: \"Header\"}` gives one this name"

static void headers(void **state)
{
    static const struct cell_case cases[] = {
        {"#x,y\n0,1\n1,2\n", AUTO,
         "2:1 the header is missing: these are numbers / the header must not begin with '#'; "
         "`comment: null` reads such lines"},
        {"X,y\n0,1\n", AUTO,
         "1:1 there is no column 'x' / did you mean 'X'? Capitals count; `columns: {x: "
         "\"Header\"}` gives a header another name"},
        {"a,b\n0,1\n", AUTO,
         "1:1 there is no column 'x' / the columns are: a, b; `columns: {x: \"Header\"}` gives one "
         "this name"},
        {"a,b,c,d,e,f,g,h,i,j,k,l\n0,1,2,3,4,5,6,7,8,9,10,11\n", AUTO,
         "1:1 there is no column 'x' / the columns are: a, b, c, d, e, f, g, h, i, j, k, l; "
         "`columns: {x: \"Header\"}` gives one this name"},
        {"a,b,c,d,e,f,g,h,i,j,k,l,m\n0,1,2,3,4,5,6,7,8,9,10,11,12\n", AUTO,
         "1:1 there is no column 'x' / the columns are: a, b, c, d, e, f, g, h, i, j, k, l, ...; "
         "`columns: {x: \"Header\"}` gives one this name"},
        {"made today\nby us\nx,y\n0,1\n", AUTO,
         "1:1 there is no column 'x' / the header seems to stand in line 3: `skip: 2`"},
        {"x,y,a\x7f\n0,0,1\n1,1,1\n", AUTO,
         "rows 2: 0 0 | 1 1; 1:5 the column's name holds characters that cannot be seen"},
        {"x,y,a\xc2\xa0"
         "b\n0,0,1\n1,1,1\n",
         AUTO, "rows 2: 0 0 | 1 1"},
        {"x,y,a\xe2\x80\x8b\n0,0,1\n1,1,1\n", AUTO,
         "rows 2: 0 0 | 1 1; 1:5 the column's name holds characters that cannot be seen"},
        {"x,y,a\xe2\x80\xaa\n0,0,1\n1,1,1\n", AUTO,
         "rows 2: 0 0 | 1 1; 1:5 the column's name holds characters that cannot be seen"},
        {"x,y,a\xe2\x81\xa9\n0,0,1\n1,1,1\n", AUTO,
         "rows 2: 0 0 | 1 1; 1:5 the column's name holds characters that cannot be seen"},
        {"x,y,\"a\nb\"\n0,0,1\n1,1,1\n", AUTO, "rows 2: 0 0 | 1 1"},
    };
    (void)state;
    CHECK(cases);
}

static void units(void **state)
{
    static const struct cell_case cases[] = {
        {"x,y\ns,(mV)\n0,1\n1,2\n", UNITS, "rows 2: 0 1 | 1 2 of x (s), y (mV)"},
        {"x,y\n[m], V \n0,1\n1,2\n", UNITS, "rows 2: 0 1 | 1 2 of x (m), y (V)"},
        {"x,y\n-,1\n0,1\n1,2\n", UNITS, "rows 2: 0 1 | 1 2 of x, y"},
        {"x,y\n,(\n0,1\n1,2\n", UNITS, "rows 2: 0 1 | 1 2 of x, y (()"},
        {"x,y\n0,1\n1,2\n", UNITS,
         "2:1 this row holds numbers, no units / without a row of units leave `units: true` out"},
        {"x,y\n", UNITS, "2:1 there is no row of units below the header"},
        {"x,y\ns,mV\n0,1\n", AUTO,
         "2:1 's' is not a number / where this row holds units, `units: true` says so; `skip: N` "
         "leaves N lines out before the header"},
        {"x,y\n0,1\ns,mV\n", AUTO,
         "3:1 's' is not a number / `comment: \"s\"` leaves lines out that begin so; `missing: "
         "skip` rows with NA, - or nothing"},
    };
    (void)state;
    CHECK(cases);
}

static void widths(void **state)
{
    static const struct cell_case cases[] = {
        {"x,y,\n0,1,\n1,2\n", AUTO, "rows 2: 0 1 | 1 2"},
        {"x y\n0 1\n1 2 3\n", AUTO,
         "3:5 3 fields where the header has 2 / a value with blanks in it stands in quotes"},
        {"x,y\n0,1\n1,2,5\n", AUTO,
         "3:5 3 fields where the header has 2 / with decimal commas the columns are separated by "
         "semicolons"},
        {"x\ty\n0\t1\n1\n", AUTO,
         "3:1 1 field where the header has 2 / `missing: skip` leaves rows without a number out"},
        {"x\ty\n0\t1\n1\n2\t3\n", SKIP,
         "rows 2: 0 1 | 2 3; 3:1 1 row without a number was left out, the first in line 3"},
        {"x\ty\n0\t5\t1\n1\t6\t2\n", AUTO, "rows 2: 5 1 | 6 2"},
        {"x\ty\n1\t5\t1\n2\t6\t2\n", AUTO, "rows 2: 5 1 | 6 2"},
        {"x\ty\n2\t5\t1\n", AUTO, "2:5 3 fields where the header has 2"},
        {"x,y\n\"a\",5,1\n\"b\",6,2\n", AUTO, "rows 2: 5 1 | 6 2"},
        {"x,y\n0,1\n,,\n1,2\n---,---\n", AUTO, "rows 2: 0 1 | 1 2"},
    };
    (void)state;
    CHECK(cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals), cmocka_unit_test(cells_without_a_number),
        cmocka_unit_test(headers),  cmocka_unit_test(units),
        cmocka_unit_test(widths),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
