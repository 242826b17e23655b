/* The keys of a problem and of its data. */
#include <math.h>

#include "experiment/rows.h"

#define AT(field) .offset = offsetof(struct orl_problem_plan, field)
static const struct key problem_rows[] = {
    {.name = "title",
     .type = &orl_key_title,
     .flags = KEY_THROUGH,
     AT(title),
     .description = "on films, in place of the formula"},
    {.name = "model",
     .type = &orl_key_formula,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .description = "the formula that is fitted to data",
     .example = "a + 2*b*x"},
    {.name = "objective",
     .type = &orl_key_formula,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .description = "a function to minimise, without data, or the name of a surface",
     .example = "x^2 + 2*y^2"},
    {.name = "start",
     .type = &orl_key_numbers,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .description = "where every run begins: a number for each parameter",
     .example = "{a: 5, b: 6}"},
    {.name = "loss",
     .type = &orl_key_loss,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .description = "what is minimised: a loss, or a map of its kind and settings",
     .example = "{kind: huber, delta: 0.5}"},
    {.name = "data",
     .type = &orl_key_either,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .map = &orl_made_map,
     .description = "points, made from a truth, listed here or read from a file"},
    {.name = "minimum",
     .type = &orl_key_points,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .description = "where an objective is known to be least: a point, or a list of points",
     .example = "{x: 1, y: 1}"},
    {.name = "domain",
     .type = &orl_key_domain,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .description = "what is shown of an objective: [from, to] by parameter",
     .example = "{x: [-3, 3], y: [-3, 3]}"},
    {.name = "shapes",
     .type = &orl_key_shapes,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .description = "parameters that form matrices, for muon, shampoo and soap: their rows by name",
     .example = "{W: [[a, b]]}"},
    {0},
};
const struct key_map orl_problem_map = {
    .what = "a problem", .topic = "problems", .rows = problem_rows};

static const struct key noise_rows[] = {
    {.name = "sd",
     .type = &orl_key_real,
     .flags = KEY_THROUGH,
     .offset = offsetof(struct orl_noise_spec, sd),
     .maximum = 1e300,
     .description = "standard deviation of what is added to the points"},
    {.name = "outliers",
     .type = &orl_key_real,
     .flags = KEY_THROUGH,
     .offset = offsetof(struct orl_noise_spec, outliers),
     .maximum = 1,
     .description = "share of points whose noise is ten times as large"},
    {0},
};
static const struct key_map noise_map = {.what = "noise", .rows = noise_rows};

static const struct key made_rows[] = {
    {.name = "truth",
     .type = &orl_key_numbers,
     .flags = KEY_REQUIRED | KEY_THROUGH | KEY_ELSEWHERE,
     .description = "the values that the data are made from",
     .example = "{a: 7, b: 8}"},
    {.name = "noise",
     .type = &orl_key_brief,
     .flags = KEY_THROUGH,
     AT(noise),
     .map = &noise_map,
     .description = "a standard deviation, or a map"},
    {.name = "seed",
     .type = &orl_key_seed,
     .flags = KEY_THROUGH,
     AT(seed),
     .description =
         "of the noise and of random points; default: one of its own, from the experiment's "
         "seed and the problem's name"},
    {0},
};

/* Columns are read once it is known which the model uses. */
static bool column_later(struct loader *l, const struct yaml_node *key,
                         const struct yaml_node *node, void *object)
{
    (void)l, (void)key, (void)node, (void)object;
    return true;
}

static const struct key column_row = {.name = "x", .type = &orl_key_column};
const struct key_map orl_made_map = {.what = "data",
                                     .or_map = &orl_listed_map,
                                     .topic = "data",
                                     .rows = made_rows,
                                     .other = column_later,
                                     .named = &column_row};

static const struct key sigma_rows[] = {
    {.name = "column",
     .type = &orl_key_formula,
     .flags = KEY_RUN,
     AT(sigma),
     .description = "the column, or formula of columns",
     .example = "2*s"},
    {.name = "absolute",
     .type = &orl_key_boolean,
     .flags = KEY_RUN,
     AT(sigma_absolute),
     .description = "true: standard errors are of these deviations as they are; false: of what "
                    "the residuals tell, with these as weights"},
    {0},
};
static const struct key_map sigma_map = {.what = "sigma", .rows = sigma_rows};

/* Of listed points and of a table alike. */
#define SIGMA_ROW                                                                                  \
    {                                                                                              \
        .name = "sigma", .type = &orl_key_brief, .flags = KEY_RUN, .map = &sigma_map,              \
        .description =                                                                             \
            "the column, or formula of columns, with each point's standard deviation; or "         \
            "a map",                                                                               \
        .example = "s"                                                                             \
    }

static const struct key listed_rows[] = {
    {.name = "response",
     .type = &orl_key_formula,
     .flags = KEY_RUN,
     AT(response),
     .description = "the column, or formula of columns, that the model should meet; default: the "
                    "one that the model does not use",
     .example = "2*y"},
    SIGMA_ROW,
    {0},
};
static const struct key list_row = {.name = "x", .type = &orl_key_list_of_numbers};
const struct key_map orl_listed_map = {.what = "data",
                                       .or_map = &orl_table_map,
                                       .topic = "data",
                                       .rows = listed_rows,
                                       .other = column_later,
                                       .named = &list_row};

static const char *const missing_names[] = {"refuse", "skip", NULL};         /* enum orl_missing */
static const char *const decimal_names[] = {"auto", "point", "comma", NULL}; /* orl_decimal */

static const struct key table_rows[] = {
    {.name = "file",
     .type = &orl_key_text,
     .flags = KEY_REQUIRED | KEY_THROUGH,
     AT(data_shown),
     .description = "a table: CSV and the like, from the experiment file's folder on"},
    {.name = "columns",
     .type = &orl_key_columns,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .description = "names in the formulas: headers, or positions from 1; others are headers",
     .example = "{x: t, y: u}"},
    {.name = "response",
     .type = &orl_key_formula,
     .flags = KEY_REQUIRED | KEY_THROUGH,
     AT(response),
     .description = "the column, or formula of columns, that the model should meet",
     .example = "2*y"},
    SIGMA_ROW,
    {.name = "skip",
     .type = &orl_key_count,
     .flags = KEY_RUN,
     AT(skip),
     .maximum = 1000000,
     .description = "lines before the header",
     .example = "1"},
    {.name = "units",
     .type = &orl_key_boolean,
     .flags = KEY_RUN,
     AT(units),
     .description = "true: the row below the header holds units, which axes show"},
    {.name = "comment",
     .type = &orl_key_word,
     .flags = KEY_RUN,
     AT(comment),
     .description = "lines that begin with it are left out; default: #; null: none",
     .example = "\"%\""},
    {.name = "missing",
     .type = &orl_key_choice,
     .flags = KEY_RUN,
     AT(missing),
     .choices = missing_names,
     .description = "what becomes of a row without a number (nothing, NA, NaN, null, -) in a "
                    "column that is read"},
    {.name = "decimal",
     .type = &orl_key_choice,
     .flags = KEY_RUN,
     AT(decimal),
     .choices = decimal_names,
     .description = "auto: a decimal comma where commas do not separate the columns"},
    {0},
};
const struct key_map orl_table_map = {.what = "data", .topic = "data", .rows = table_rows};
#undef AT
