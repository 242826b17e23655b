/* Problems made ready to run. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/read.h"

static int parse(const char *text, const struct orl_limits *limits, struct orl_formula **out,
                 struct orl_error *err)
{
    struct orl_formula_error error = {0};
    int ret = orl_formula_parse(text, strlen(text), limits, out, &error);
    return ret == ORL_OK ? ret : orl_fail(err, ret, "%s", error.text);
}

static bool is_parameter(const struct orl_problem_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->parameter_count; i++)
        if (strcmp(plan->parameters[i], name) == 0)
            return true;
    return false;
}

static int generate(const struct orl_problem_plan *plan, const struct orl_formula *model,
                    struct orl_dataset **out, struct orl_error *err)
{
    return orl_dataset_generate(model, (const char *const *)plan->parameters, plan->truth,
                                plan->parameter_count, plan->columns, plan->column_count,
                                &plan->noise, plan->seed, out, err);
}

static bool is_zero(const uint8_t digest[32])
{
    for (int i = 0; i < 32; i++)
        if (digest[i])
            return false;
    return true;
}

/* The columns that the model uses, as predictors. */
static size_t find_predictors(const struct orl_problem_plan *plan, const struct orl_formula *model,
                              const char **predictors)
{
    size_t count = 0;
    for (size_t i = 0; i < orl_formula_name_count(model); i++) {
        const char *name = orl_formula_name(model, i);
        bool column = false;
        for (size_t c = 0; c < plan->csv_count; c++)
            column |= strcmp(plan->csv_columns[c].name, name) == 0;
        for (size_t c = 0; c < plan->column_count; c++)
            column |= strcmp(plan->columns[c].name, name) == 0;
        if (column && !is_parameter(plan, name))
            predictors[count++] = name;
    }
    return count;
}

static int check_digest(struct orl_problem_plan *plan, const uint8_t digest[32],
                        struct orl_error *err)
{
    if (!is_zero(plan->digest) && memcmp(digest, plan->digest, sizeof plan->digest) != 0)
        return orl_fail(err, ORL_EINPUT, "'%s' changed while the program ran", plan->data_shown);
    memcpy(plan->digest, digest, sizeof plan->digest);
    return ORL_OK;
}

/* What the formulas of data from outside are. */
struct outside {
    struct orl_formula *response, *sigma; /* owned; sigma may be NULL */
    const char **predictors;              /* owned list of borrowed names */
    size_t predictor_count;
};

static void outside_uninit(struct outside *o)
{
    orl_formula_destroy(&o->response);
    orl_formula_destroy(&o->sigma);
    free(o->predictors);
}

static int outside_init(const struct orl_problem_plan *plan, const struct orl_formula *model,
                        const struct orl_limits *limits, struct outside *o, struct orl_error *err)
{
    *o = (struct outside){.predictors =
                              orl_calloc(orl_formula_name_count(model), sizeof *o->predictors)};
    int ret =
        o->predictors ? parse(plan->response, limits, &o->response, err) : orl_fail_memory(err);
    if (ret == ORL_OK && plan->sigma)
        ret = parse(plan->sigma, limits, &o->sigma, err);
    if (ret == ORL_OK)
        o->predictor_count = find_predictors(plan, model, o->predictors);
    return ret;
}

static int read_list(struct orl_problem_plan *plan, const struct outside *o,
                     struct orl_dataset **out, struct orl_error *err)
{
    const struct orl_list_spec spec = {
        .columns = plan->columns,
        .column_count = plan->column_count,
        .predictors = o->predictors,
        .predictor_count = o->predictor_count,
        .response = o->response,
        .sigma = o->sigma,
        .sigma_absolute = plan->sigma_absolute,
    };
    return orl_dataset_list(&spec, out, err);
}

static int read_file(struct orl_problem_plan *plan, const struct outside *o,
                     const struct orl_limits *limits, struct orl_messages *messages,
                     struct orl_dataset **out, struct orl_error *err)
{
    uint8_t digest[32];
    const struct orl_table_spec spec = {
        .path = orl_builtin_path(plan->data_path),
        .shown_path = plan->data_shown,
        .columns = plan->csv_columns,
        .column_count = plan->csv_count,
        .predictors = o->predictors,
        .predictor_count = o->predictor_count,
        .response = o->response,
        .sigma = o->sigma,
        .sigma_absolute = plan->sigma_absolute,
        .skip = plan->skip,
        .units = plan->units,
        .comment = plan->comment ? plan->comment : "#",
        .skip_missing = plan->missing == ORL_MISSING_SKIP,
        .decimal = (enum orl_decimal)plan->decimal,
    };
    int ret = orl_dataset_read(&spec, limits, messages, digest, out);
    if (ret == ORL_OK && (ret = check_digest(plan, digest, err)) != ORL_OK)
        orl_dataset_destroy(out);
    return ret;
}

static int read_outside(struct orl_problem_plan *plan, const struct orl_formula *model,
                        const struct orl_limits *limits, struct orl_messages *messages,
                        struct orl_dataset **out, struct orl_error *err)
{
    struct outside o;
    int ret = outside_init(plan, model, limits, &o, err);
    if (ret == ORL_OK)
        ret = plan->data_kind == ORL_DATA_LISTED ? read_list(plan, &o, out, err)
                                                 : read_file(plan, &o, limits, messages, out, err);
    outside_uninit(&o);
    return ret;
}

bool orl_problem_is_logs(const struct orl_problem_plan *plan)
{
    return !plan->model;
}

int orl_problem_open(struct orl_problem_plan *plan, const struct orl_limits *limits,
                     struct orl_messages *messages, struct orl_problem **out, struct orl_error *err)
{
    struct orl_formula *model = NULL;
    struct orl_dataset *data = NULL;
    *out = NULL;
    if (orl_problem_is_logs(plan))
        return ORL_OK;
    int ret = parse(plan->model, limits, &model, err);
    if (ret == ORL_OK && plan->data_kind == ORL_DATA_GENERATED)
        ret = generate(plan, model, &data, err);
    else if (ret == ORL_OK && plan->data_kind != ORL_DATA_NONE)
        ret = read_outside(plan, model, limits, messages, &data, err);
    struct orl_problem_spec spec = {
        .model = plan->model,
        .parameters = (const char *const *)plan->parameters,
        .start = plan->start,
        .truth = plan->truth,
        .truth_count = plan->truth_count,
        .domain = plan->domain,
        .shapes = plan->shapes,
        .shape_count = plan->shape_count,
        .parameter_count = plan->parameter_count,
        .data = plan->data_kind == ORL_DATA_NONE ? NULL : &data,
        .loss = plan->loss,
        .loss_settings = plan->loss_settings,
    };
    if (ret == ORL_OK)
        ret = orl_problem_create(&spec, limits, out, err);
    orl_dataset_destroy(&data);
    orl_formula_destroy(&model);
    return ret;
}

void orl_problems_free(struct orl_experiment *e)
{
    for (size_t i = 0; i < e->problem_count; i++) {
        struct orl_problem_plan *p = &e->problems[i];
        free(p->bad_start);
        for (size_t k = 0; k < p->parameter_count; k++)
            free(p->parameters[k]);
        for (size_t k = 0; k < p->column_count; k++) {
            free((char *)(uintptr_t)p->columns[k].name);
            free((double *)(uintptr_t)p->columns[k].list);
        }
        for (size_t k = 0; k < p->csv_count; k++) {
            free((char *)(uintptr_t)p->csv_columns[k].name);
            free((char *)(uintptr_t)p->csv_columns[k].header);
        }
        if (p->loss)
            orl_values_free(p->loss_settings, p->loss->settings);
        free(p->name);
        free(p->title);
        free(p->model);
        free(p->parameters);
        free(p->start);
        free(p->truth);
        free(p->columns);
        free(p->data_path);
        free(p->data_shown);
        free(p->csv_columns);
        free(p->response);
        free(p->sigma);
        free(p->comment);
        free(p->domain);
        orl_shapes_free(p->shapes, p->shape_count);
    }
    free(e->problems);
}
