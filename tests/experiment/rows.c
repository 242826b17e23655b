/* Rows of keys: every row that films depend on changes their content key, no other one does, and
 * each has what the parser, the help and the schema take from it. */
#include "orl_test.h"

#include <unistd.h>

#include "base/array.h"
#include "experiment/rows.h"

static const char *const tables[][2] = {
    {"t.csv", "\nx,y,t,u,s\n0,1,0,2,1\n1,2,1,3,1\n2,4,2,4,2\n3,7,3,6,1\n"},
    {"units.csv", "x,y\n-,-\n0,1\n1,2\n2,4\n"},
    {"other.csv", "x,y,s\n0,1,1\n1,3,1\n2,4,2\n3,9,1\n"},
    {"run.csv", "step,loss,a,b\n0,1,0,0\n1,0.25,0.2,0.1\n"},
    {"torch.csv", "step,loss,a,b\n0,1,0,0\n1,0.5,0.1,0.1\n"},
    {"left.csv", "step,batch,loss,mse,acc,f1\n0,0,3,9,0.1,1\n1,10,2,4,0.2,2\n2,20,1,1,0.5,4\n"},
    {"right.jsonl", "{\"step\":0,\"batch\":0,\"loss\":3,\"mse\":2,\"acc\":1,\"f1\":3}\n"
                    "{\"step\":1,\"batch\":5,\"loss\":2,\"mse\":1,\"acc\":2,\"f1\":5}\n"},
};

#define MADE                                                                                       \
    "{model: a + b*x, start: {a: 0, b: 0}, data: {x: {from: 0, to: 1, count: 9}, truth: {a: 1, "   \
    "b: 2}, noise: {sd: 0.1}}}"
#define FILMS "films: [{each: problem, panels: [fit, loss]}]\noutput: {formats: [mp4, png]}\n"

/* Where a key means something: a problem with made data, an objective, a table, a rule of one's
 * own, a film of everything, recorded runs, an expectation. All have p, sgd and one entry of films.
 */
static const char *const bases[] = {
    "problems: {p: " MADE "}\noptimizers: {sgd: {learning_rate: 0.1, batch: 3}, adam: {}}\n" FILMS,
    "problems: {p: {objective: x^2 + y^2, start: {x: 1, y: 2}}}\noptimizers: {sgd: {}}\n"
    "films: [{panels: [surface, loss]}]\n",
    "problems: {p: {model: a + b*x, start: {a: 0, b: 0}, data: {x: [0, 1, 2], y: [1, 2, 4], "
    "s: [1, 1, 2], response: y, sigma: 2*s}}}\noptimizers: {sgd: {}}\n",
    "problems: {p: {model: a + b*x, start: {a: 0, b: 0}, data: {file: t.csv, columns: {x: x, y: y, "
    "s: s}, response: y}}}\n"
    "optimizers: {sgd: {}}\n" FILMS,
    "problems: {p: {model: a + b*x, start: {a: 0, b: 0}, data: {file: units.csv, response: y, "
    "missing: skip}}}\noptimizers: {sgd: {}}\n" FILMS,
    "problems: {p: " MADE "}\noptimizers: {sgd: {state: {m: 0}, hyper: {rate: 0.1}, update: "
    "\"m = m + g; p = p - rate*m\"}}\n" FILMS,
    "problems: {p: " MADE
    "}\noptimizers: {sgd: {}}\nfilms: [{each: experiment, notes: [{step: 1, text: here}]}]\n",
    "problems: {p: " MADE "}\noptimizers: {sgd: {}}\nfilms: [{layout: {columns: [1]}}]\n",
    "problems: {p: " MADE ", other: " MADE "}\noptimizers: {sgd: {}}\n"
    "runs: {add: [{name: torch, problem: p, trace: torch.csv}]}\n" FILMS,
    "problems: {p: " MADE "}\noptimizers: {sgd: {}}\n"
    "films: [{each: experiment, panels: [training]}]\n"
    "runs: {except: [p/sgd], add: [{trace: [left.csv, right.jsonl]}]}\noutput: {formats: [mp4]}\n",
    "problems: {p: " MADE "}\noptimizers: {sgd: {}, adam: {}}\nexpect: [{steps: 1}]\n",
};

static char folder[] = "/tmp/orl_rows_XXXXXX";

static int make_tables(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < ORL_COUNT(tables); i++) {
        char path[80];
        snprintf(path, sizeof path, "%s/%s", folder, tables[i][0]);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(tables[i][1], file);
        fclose(file);
    }
    return 0;
}

static int drop_tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < ORL_COUNT(tables); i++) {
        char path[80];
        snprintf(path, sizeof path, "%s/%s", folder, tables[i][0]);
        unlink(path);
    }
    return rmdir(folder);
}

static struct orl_experiment *load(const char *text, const char *set)
{
    struct orl_experiment_source source = {.name = (char[]){"e"},
                                           .path = (char[]){"e.yaml"},
                                           .folder = folder,
                                           .length = strlen(text)};
    struct orl_experiment_options options = {.set = &set, .set_count = set ? 1 : 0};
    struct orl_messages messages = {0};
    struct orl_experiment *experiment = NULL;
    source.text = strdup(text);
    (void)orl_experiment_load(&source, &options, &orl_limits_default, &messages, &experiment);
    free(source.text);
    if (!experiment && !set)
        fail_msg("%s", messages.items[0].text);
    orl_messages_uninit(&messages);
    return experiment;
}

/* True where a run or a film's first output has another content key. */
static bool differs(const struct orl_experiment *a, const struct orl_experiment *b)
{
    char one[65], other[65];
    bool same = a->run_count == b->run_count && a->film_count == b->film_count;
    for (size_t i = 0; same && i < a->run_count; i++) {
        orl_run_key(a, i, one);
        orl_run_key(b, i, other);
        same = strcmp(one, other) == 0;
    }
    for (size_t i = 0; same && i < a->film_count; i++) {
        orl_output_key(a, i, 0, one);
        orl_output_key(b, i, 0, other);
        same = strcmp(one, other) == 0;
    }
    return !same;
}

/* Values that a row may have. */
static size_t candidates(const struct key *row, char values[8][80])
{
    static const double numbers[] = {1, 2, 0.5, 20, 3};
    const char *name;
    size_t count = 0;
    if (row->example) {
        snprintf(values[count++], 80, "%s", row->example);
        return count;
    }
    for (size_t i = 0; (row->choices || row->choice) && i < 6; i++)
        if ((name = orl_key_choice_name(row, i)))
            snprintf(values[count++], 80, "%s", name);
        else
            break;
    if (row->type == &orl_key_text || row->type == &orl_key_title) {
        snprintf(values[count++], 80, "other");
        snprintf(values[count++], 80, "other.csv");
    } else if (row->type == &orl_key_boolean) {
        snprintf(values[count++], 80, "%s", row->initial != 0.0 ? "false" : "true");
    } else if (row->type == &orl_key_real || row->type == &orl_key_integer ||
               row->type == &orl_key_count || row->type == &orl_key_seed) {
        for (size_t i = 0; i < ORL_COUNT(numbers); i++)
            snprintf(values[count++], 80, "%g", numbers[i]);
    } else if (count == 0) {
        fail_msg("the row '%s' needs an example", row->name);
    }
    return count;
}

static void try_row(const struct key *row, const char *path)
{
    bool wanted = (row->flags & (KEY_RUN | KEY_FILM | KEY_THROUGH)) != 0, loaded = false,
         changed = false;
    char values[8][80], set[400];
    size_t count = candidates(row, values);
    for (size_t b = 0; b < ORL_COUNT(bases); b++) {
        struct orl_experiment *plain = load(bases[b], NULL);
        for (size_t i = 0; i < count; i++) {
            snprintf(set, sizeof set, "%s=%s", path, values[i]);
            struct orl_experiment *other = load(bases[b], set);
            bool differ = other && differs(plain, other);
            if (differ && !wanted)
                fail_msg("%s changes the content key, and its row has no flag", set);
            loaded |= other != NULL;
            changed |= differ;
            orl_experiment_destroy(&other);
        }
        orl_experiment_destroy(&plain);
    }
    if (!loaded)
        fail_msg("no base takes %s", set);
    if (wanted && !changed)
        fail_msg("%s leaves the content key as it is", set);
}

static void try_map(const struct key_map *map, const char *path)
{
    for (const struct key *row = map->rows; row->name; row++) {
        char below[200];
        snprintf(below, sizeof below, "%s%s%s", path, *path ? "." : "", row->name);
        if (row->example || !row->map)
            try_row(row, below);
        if (!row->map)
            continue;
        size_t length = strlen(below);
        snprintf(below + length, sizeof below - length, "%s",
                 row->type == &orl_key_list             ? ".0"
                 : strcmp(row->name, "problems") == 0   ? ".p"
                 : strcmp(row->name, "variants") == 0   ? ".big"
                 : strcmp(row->name, "optimizers") == 0 ? ".sgd"
                                                        : "");
        for (const struct key_map *kind = row->map; kind; kind = kind->or_map)
            try_map(kind, below);
    }
}

static void content_keys(void **state)
{
    (void)state;
    try_map(&orl_experiment_map, "");
}

/* ---- What every row has -----------------------------------------------------------------------
 */

static void check_rows(const struct key_map *map)
{
    for (const struct key *row = map->rows; row->name; row++) {
        if (!row->type || !row->type->schema || !row->type->name)
            fail_msg("the row '%s' in %s has no whole type", row->name, map->what);
        if (!(row->flags & KEY_ELSEWHERE) && (!row->type->read || !row->type->hash))
            fail_msg("the row '%s' in %s cannot be read by its type", row->name, map->what);
        if (!row->description || strlen(row->description) < 8 || strchr(row->description, '\n'))
            fail_msg("the row '%s' in %s needs a description", row->name, map->what);
        for (const struct key *other = map->rows; other < row; other++)
            if (strcmp(other->name, row->name) == 0)
                fail_msg("two rows '%s' in %s", row->name, map->what);
        for (const struct key_map *kind = row->map; kind; kind = kind->or_map)
            check_rows(kind);
    }
}

static void whole_rows(void **state)
{
    (void)state;
    check_rows(&orl_experiment_map);
}

/* Defaults come from the rows. */
static void defaults(void **state)
{
    struct orl_experiment *e = load(bases[0], NULL);
    (void)state;
    assert_int_equal(e->steps, 5000);
    assert_int_equal(e->seed, 1);
    assert_int_equal(e->record_every, 1);
    assert_int_equal(e->record_rows, 100000);
    assert_true(e->poster && e->report_times);
    assert_int_equal(e->max_bytes, -1);
    assert_int_equal(e->films[0].settings->to_step, -1);
    orl_experiment_destroy(&e);
}

/* A key in the wrong map is told where it belongs. */
static void hints(void **state)
{
    static const char *const cases[][2] = {
        {"theme: dark", "did you mean `output.theme`?"},
        {"pace: log", "did you mean `films[].pace`?"},
        {"output: {steps: 5}", "did you mean `steps` at the top of the file?"},
        {"stpes: 5", "did you mean 'steps'?"},
        {"output: {times: false}", "did you mean `report.times`?"},
        {"every: 5", "did you mean `record.every`?"},
    };
    (void)state;
    for (size_t i = 0; i < ORL_COUNT(cases); i++) {
        char text[800];
        struct orl_experiment_source source = {
            .name = (char[]){"e"}, .path = (char[]){"e.yaml"}, .folder = folder, .text = text};
        struct orl_experiment_options options = {0};
        struct orl_messages messages = {0};
        struct orl_experiment *experiment = NULL;
        source.length = (size_t)snprintf(
            text, sizeof text, "problems: {p: " MADE "}\noptimizers: {sgd: {}}\n%s\n", cases[i][0]);
        assert_int_equal(
            orl_experiment_load(&source, &options, &orl_limits_default, &messages, &experiment),
            ORL_EINPUT);
        assert_string_equal(messages.items[0].hint, cases[i][1]);
        orl_messages_uninit(&messages);
    }
}

/* `columns` renames what the model needs; the response and sigma are found by the header without
 * it: points (u, t) with deviations s of t.csv. */
static void headers_beside_columns(void **state)
{
    struct orl_experiment *e =
        load("problems: {p: {model: a + b*x, start: {a: 0, b: 0}, data: {file: t.csv, skip: 1, "
             "columns: {x: u}, response: 2*t, sigma: s}}}\noptimizers: {sgd: {}}\n",
             NULL);
    struct orl_messages messages = {0};
    struct orl_problem *problem = NULL;
    struct orl_error err = {0};
    (void)state;
    assert_int_equal(
        orl_problem_open(&e->problems[0], &orl_limits_default, &messages, &problem, &err), ORL_OK);
    const struct orl_dataset *data = orl_problem_data(problem);
    static const double u[] = {2, 3, 4, 6}, twice[] = {0, 2, 4, 6}, s[] = {1, 1, 2, 1};
    assert_int_equal(data->rows, 4);
    assert_memory_equal(data->values[0], u, sizeof u);
    assert_memory_equal(data->response, twice, sizeof twice);
    assert_memory_equal(data->sigma, s, sizeof s);
    orl_problem_destroy(&problem);
    orl_experiment_destroy(&e);
    orl_messages_uninit(&messages);
}

static struct orl_problem *open_problem(const char *data, struct orl_error *err)
{
    char text[400];
    struct orl_messages messages = {0};
    struct orl_problem *problem = NULL;
    snprintf(text, sizeof text,
             "problems: {p: {model: a + b*x, start: {a: 0, b: 0}, data: {%s}}}\n"
             "optimizers: {sgd: {}}\n",
             data);
    struct orl_experiment *e = load(text, NULL);
    (void)orl_problem_open(&e->problems[0], &orl_limits_default, &messages, &problem, err);
    orl_experiment_destroy(&e);
    orl_messages_uninit(&messages);
    return problem;
}

/* Points listed in the file: what the model does not use is what it should meet. */
static void listed_points(void **state)
{
    struct orl_error err = {0};
    static const double x[] = {5, 1, 2}, y[] = {9, 6, 4}, twice[] = {18, 12, 8}, s[] = {2, 1, 3};
    (void)state;
    struct orl_problem *problem = open_problem("x: [5, 1, 2], y: [9, 6, 4]", &err);
    const struct orl_dataset *data = orl_problem_data(problem);
    assert_int_equal(data->rows, 3);
    assert_int_equal(data->columns, 1);
    assert_string_equal(data->names[0], "x");
    assert_string_equal(data->response_name, "y");
    assert_memory_equal(data->values[0], x, sizeof x);
    assert_memory_equal(data->response, y, sizeof y);
    assert_null(data->sigma);
    orl_problem_destroy(&problem);

    problem = open_problem("y: [9, 6, 4], x: [5, 1, 2], s: [1, 0.5, 1.5], response: 2*y, "
                           "sigma: {column: 2*s, absolute: true}",
                           &err);
    data = orl_problem_data(problem);
    assert_memory_equal(data->response, twice, sizeof twice);
    assert_memory_equal(data->sigma, s, sizeof s);
    assert_true(data->sigma_absolute);
    orl_problem_destroy(&problem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_keys),
        cmocka_unit_test(whole_rows),
        cmocka_unit_test(defaults),
        cmocka_unit_test(hints),
        cmocka_unit_test(headers_beside_columns),
        cmocka_unit_test(listed_points),
    };
    return cmocka_run_group_tests(tests, make_tables, drop_tables);
}
