/* The keys of an entry of `expect`, and the types of their values. */
#include "experiment/rows.h"
#include "experiment/schema.h"

#define PLAIN_NUMBER "[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?"
#define COMPARISON                                                                                 \
    "^ *((<=?|>=?|≤|≥) *" PLAIN_NUMBER "|" PLAIN_NUMBER " *(±|\\+-|\\+/-) *" PLAIN_NUMBER ") *$"
#define COMPARISON_OR_WHOLE "^ *[0-9]+ *$|" COMPARISON

static void comparison_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_type(json, "string");
    orl_schema_text(json, "pattern", COMPARISON);
}

/* Steps and ranks may be whole numbers, too. */
static void count_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_type(json, "string integer");
    orl_json_key(json, "minimum");
    orl_json_integer(json, 0);
    orl_schema_text(json, "pattern", COMPARISON_OR_WHOLE);
}

static void map_schema(struct orl_json *json, const struct key_type *of)
{
    orl_schema_type(json, "object");
    orl_json_key(json, "minProperties");
    orl_json_integer(json, 1);
    orl_json_key(json, "additionalProperties");
    orl_json_open(json, '{');
    of->schema(json, NULL);
    orl_json_close(json, '}');
}

static void comparisons_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    map_schema(json, &orl_key_comparison);
}

static void counts_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    map_schema(json, &orl_key_count_comparison);
}

const struct key_type orl_key_comparison = {.name = "a comparison", .schema = comparison_schema};
const struct key_type orl_key_count_comparison = {.name = "a comparison, or a whole number",
                                                  .schema = count_schema};
const struct key_type orl_key_comparisons = {.name = "comparisons by name",
                                             .schema = comparisons_schema};
const struct key_type orl_key_count_comparisons = {.name = "comparisons by loss",
                                                   .schema = counts_schema};

/* In the order of enum orl_status, but that a run that failed is no result. */
const char *const orl_expect_statuses[] = {"finished", "converged", "diverged", NULL};

static const struct key expect_rows[] = {
    {.name = "run",
     .type = &orl_key_text,
     .flags = KEY_ELSEWHERE,
     .description = "which runs: an optimizer, or problem/optimizer, with * and ?; default: all",
     .example = "p/*"},
    {.name = "problem",
     .type = &orl_key_text,
     .flags = KEY_ELSEWHERE,
     .description = "which problems' runs, with * and ?; default: of all problems",
     .example = "p*"},
    {.name = "loss",
     .type = &orl_key_comparison,
     .flags = KEY_ELSEWHERE,
     .description = "at the end: \"< 1e-3\", \"<= 0.5\", \"> 0\", \">= 1\", \"0.2 ± 0.01\"",
     .example = "\"< 1e-3\""},
    {.name = "parameters",
     .type = &orl_key_comparisons,
     .flags = KEY_ELSEWHERE,
     .description = "at the end, by parameter: {alpha: \"3 ± 0.1\"}",
     .example = "{a: 1 ± 0.1}"},
    {.name = "steps_to",
     .type = &orl_key_count_comparisons,
     .flags = KEY_ELSEWHERE,
     .description = "the first step at a loss (above a known minimum), by that loss: {1e-2: \"< "
                    "500\"}; never is more than any number",
     .example = "{1e-2: < 500}"},
    {.name = "steps",
     .type = &orl_key_count_comparison,
     .flags = KEY_ELSEWHERE,
     .description = "how many the run made",
     .example = "5000"},
    {.name = "gradient_norm",
     .type = &orl_key_comparison,
     .flags = KEY_ELSEWHERE,
     .description = "at the end",
     .example = "\"< 1e-6\""},
    {.name = "rank",
     .type = &orl_key_count_comparison,
     .flags = KEY_ELSEWHERE,
     .description = "among the runs of its problem: 1, \"<= 3\"",
     .example = "1"},
    {.name = "level_step",
     .type = &orl_key_count_comparison,
     .flags = KEY_ELSEWHERE,
     .description = "the step at the level by which runs rank; never is more than any number",
     .example = "\"< 100\""},
    {.name = "status",
     .type = &orl_key_status,
     .flags = KEY_ELSEWHERE,
     .choices = orl_expect_statuses,
     .description = "how the run ended",
     .example = "finished"},
    {.name = "order",
     .type = &orl_key_names,
     .flags = KEY_ELSEWHERE,
     .minimum = 2,
     .maximum = 1000,
     .description = "optimizers, with * and ?, each at least as good in the standing of its "
                    "problem as the next",
     .example = "[sgd, adam]"},
    {0},
};
const struct key_map orl_expect_map = {
    .what = "an expectation", .topic = "expect", .rows = expect_rows};

static void status_schema(struct orl_json *json, const struct key *key)
{
    orl_schema_choices(json, key);
}

const struct key_type orl_key_status = {.name = "a status", .schema = status_schema};
