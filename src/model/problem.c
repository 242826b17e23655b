/* Problems: a tape over the data, a loss over the residuals. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/least_squares.h"
#include "model/problem.h"

/* ---- Making ---------------------------------------------------------------------------------- */

static int copy_names(struct orl_problem *p, const struct orl_problem_spec *spec)
{
    p->parameters = orl_calloc(spec->parameter_count, sizeof *p->parameters);
    for (size_t i = 0; p->parameters && i < spec->parameter_count; i++) {
        p->parameters[i] = orl_strdup(spec->parameters[i]);
        p->parameter_count = i + 1;
        if (!p->parameters[i])
            return ORL_ENOMEM;
    }
    return p->parameters ? ORL_OK : ORL_ENOMEM;
}

static double *copy_numbers(const double *numbers, size_t count)
{
    double *copy = numbers ? orl_calloc(count, sizeof *copy) : NULL;
    if (copy)
        memcpy(copy, numbers, count * sizeof *copy);
    return copy;
}

static int copy_loss(struct orl_problem *p, const struct orl_problem_spec *spec)
{
    if (!spec->data)
        return ORL_OK;
    p->loss = spec->loss;
    p->squares = p->loss->squares;
    size_t count = orl_setting_count(p->loss->settings);
    p->loss_settings = orl_calloc(count, sizeof *p->loss_settings);
    if (!p->loss_settings)
        return ORL_ENOMEM;
    for (size_t i = 0; i < count; i++)
        p->loss_settings[i].number =
            spec->loss_settings ? spec->loss_settings[i].number : p->loss->settings[i].initial;
    return ORL_OK;
}

static int copy_spec(struct orl_problem *p, const struct orl_problem_spec *spec)
{
    p->model = orl_strdup(spec->model);
    p->start = copy_numbers(spec->start, spec->parameter_count);
    p->truth_count = !spec->truth ? 0 : spec->truth_count ? spec->truth_count : 1;
    p->truth = copy_numbers(spec->truth, p->truth_count * spec->parameter_count);
    p->domain = copy_numbers(spec->domain, 2 * spec->parameter_count);
    if (!p->model || !p->start || (spec->truth && !p->truth) || (spec->domain && !p->domain) ||
        !(p->shapes = orl_shapes_copy(spec->shapes, spec->shape_count)) ||
        copy_names(p, spec) != ORL_OK || copy_loss(p, spec) != ORL_OK)
        return ORL_ENOMEM;
    p->shape_count = spec->shape_count;
    return ORL_OK;
}

static int compile(struct orl_problem *p, const struct orl_dataset *data,
                   const struct orl_limits *limits, struct orl_error *err)
{
    struct orl_formula_error refused = {0};
    struct tape_names names = {
        .parameters = (const char *const *)p->parameters,
        .parameter_count = p->parameter_count,
        .columns = data ? (const char *const *)data->names : NULL,
        .column_count = data ? data->columns : 0,
        .points = data != NULL,
    };
    int ret = orl_formula_parse(p->model, strlen(p->model), limits, &p->formula, &refused);
    if (ret != ORL_OK)
        return orl_fail(err, ret, "%s", ret == ORL_ENOMEM ? "out of memory" : refused.text);
    ret = orl_tape_compile(p->formula, &names, &p->tape, err);
    names.spread = true;
    if (ret == ORL_OK && data)
        ret = orl_tape_compile(p->formula, &names, &p->spread, err);
    return ret;
}

int orl_problem_create(const struct orl_problem_spec *spec, const struct orl_limits *limits,
                       struct orl_problem **out, struct orl_error *err)
{
    struct orl_problem *p = orl_calloc(1, sizeof *p);
    *out = NULL;
    if (!p || copy_spec(p, spec) != ORL_OK) {
        orl_problem_destroy(&p);
        return orl_fail_memory(err);
    }
    int ret = compile(p, spec->data ? *spec->data : NULL, limits, err);
    if (ret != ORL_OK) {
        orl_problem_destroy(&p);
        return ret;
    }
    if (spec->data) {
        p->data = *spec->data;
        *spec->data = NULL;
    }
    *out = p;
    return ORL_OK;
}

void orl_problem_destroy(struct orl_problem **problem)
{
    struct orl_problem *p = *problem;
    if (!p)
        return;
    for (size_t i = 0; i < p->parameter_count; i++)
        free(p->parameters[i]);
    free(p->parameters);
    free(p->model);
    free(p->start);
    free(p->truth);
    free(p->domain);
    orl_shapes_free(p->shapes, p->shape_count);
    free(p->loss_settings);
    orl_dataset_destroy(&p->data);
    orl_formula_destroy(&p->formula);
    orl_tape_destroy(&p->tape);
    orl_tape_destroy(&p->spread);
    free(p);
    *problem = NULL;
}

size_t orl_problem_parameter_count(const struct orl_problem *problem)
{
    return problem->parameter_count;
}

const char *orl_problem_parameter(const struct orl_problem *problem, size_t index)
{
    return problem->parameters[index];
}

const double *orl_problem_start(const struct orl_problem *problem)
{
    return problem->start;
}

const double *orl_problem_truth(const struct orl_problem *problem)
{
    return problem->truth;
}

const double *orl_problem_truths(const struct orl_problem *problem, size_t *count)
{
    *count = problem->truth_count;
    return problem->truth;
}

const double *orl_problem_domain(const struct orl_problem *problem)
{
    return problem->domain;
}

const struct orl_shape *orl_problem_shapes(const struct orl_problem *problem, size_t *count)
{
    *count = problem->shape_count;
    return problem->shapes;
}

const struct orl_dataset *orl_problem_data(const struct orl_problem *problem)
{
    return problem->data;
}

const struct orl_formula *orl_problem_formula(const struct orl_problem *problem)
{
    return problem->formula;
}

const struct orl_loss_desc *orl_problem_loss(const struct orl_problem *problem)
{
    return problem->loss;
}

int orl_workspace_create(const struct orl_problem *problem, struct orl_workspace **out,
                         struct orl_error *err)
{
    struct orl_workspace *w = orl_calloc(1, sizeof *w);
    *out = NULL;
    if (!w)
        return orl_fail_memory(err);
    int ret = orl_pass_create(problem, &w->pass, err);
    if (ret != ORL_OK)
        orl_workspace_destroy(&w);
    *out = w;
    return ret;
}

void orl_workspace_destroy(struct orl_workspace **workspace)
{
    struct orl_workspace *w = *workspace;
    if (!w)
        return;
    orl_parallel_destroy(&w->parallel);
    orl_pass_destroy(&w->pass);
    free(w);
    *workspace = NULL;
}

/* ---- Evaluating ------------------------------------------------------------------------------ */

static void evaluate_objective(const struct orl_problem *p, struct orl_pass *w, double *loss,
                               double *gradient)
{
    if (loss)
        *loss = w->memory.value[p->tape->root][0];
    if (gradient) {
        orl_tape_seed(p->tape, &w->memory, 1.0);
        orl_tape_finish(p->tape, &w->memory, gradient, p->parameter_count);
    }
}

static double evaluate_blocks(const struct orl_problem *problem, struct orl_pass *w,
                              const uint32_t *rows, size_t total, bool gradient)
{
    double sum = 0.0;
    for (size_t first = 0; first < total; first += ORL_TAPE_BLOCK) {
        size_t count = total - first < ORL_TAPE_BLOCK ? total - first : ORL_TAPE_BLOCK;
        struct orl_block block = orl_block_take(problem, w, rows, first, count);
        orl_tape_forward(problem->tape, &w->memory, w->columns, count);
        sum += orl_block_loss(problem, w, &block, gradient);
        if (gradient)
            orl_tape_backward(problem->tape, &w->memory, w->seed, count);
    }
    return sum;
}

void orl_problem_evaluate(const struct orl_problem *problem, struct orl_workspace *workspace,
                          const double *parameters, const uint32_t *rows, size_t row_count,
                          double *loss, double *gradient)
{
    struct orl_pass *w = &workspace->pass;
    orl_tape_begin(problem->tape, &w->memory, parameters);
    if (!problem->data) {
        evaluate_objective(problem, w, loss, gradient);
        return;
    }
    size_t total = rows ? row_count : problem->data->rows;
    double sum = 0.0, share = problem->loss->mean ? (double)total : 1.0;
    if (rows || total < ORL_CREW_LEAST ||
        !orl_parallel_evaluate(problem, workspace, parameters, &sum, gradient != NULL))
        sum = evaluate_blocks(problem, w, rows, total, gradient != NULL);
    if (loss)
        *loss = sum / share;
    if (!gradient)
        return;
    orl_tape_finish(problem->tape, &w->memory, gradient, problem->parameter_count);
    for (size_t j = 0; j < problem->parameter_count; j++)
        gradient[j] /= share;
}

/* Residuals of a block of points and, where `slopes`, the adjoints of the spread tape. */
static struct orl_block residuals_block(const struct orl_problem *problem, struct orl_pass *w,
                                        size_t first, size_t count, double *residuals, bool slopes)
{
    struct orl_block block = orl_block_take(problem, w, NULL, first, count);
    orl_tape_forward(problem->spread, &w->spread, w->columns, count);
    orl_block_residuals(&block, w->spread.value[problem->spread->root], residuals);
    for (size_t i = 0; slopes && i < count; i++)
        w->seed[i] = block.sigma ? 1.0 / block.sigma[i] : 1.0;
    if (slopes)
        orl_tape_backward(problem->spread, &w->spread, w->seed, count);
    return block;
}

void orl_problem_residuals(const struct orl_problem *problem, struct orl_workspace *workspace,
                           const double *parameters, size_t first, size_t count, double *residuals,
                           double *jacobian)
{
    struct orl_pass *w = &workspace->pass;
    orl_tape_begin(problem->spread, &w->spread, parameters);
    for (size_t done = 0; done < count; done += ORL_TAPE_BLOCK) {
        size_t size = count - done < ORL_TAPE_BLOCK ? count - done : ORL_TAPE_BLOCK;
        struct orl_block block =
            residuals_block(problem, w, first + done, size, residuals + done, jacobian != NULL);
        if (jacobian)
            orl_block_jacobian(problem, w, &block, jacobian + done * problem->parameter_count);
    }
}

bool orl_problem_linearize(const struct orl_problem *problem, struct orl_workspace *workspace,
                           const double *parameters, struct orl_lsq *lsq, double *squares)
{
    struct orl_pass *w = &workspace->pass;
    size_t cells, total = problem->data->rows;
    double *columns = orl_size_mul(problem->parameter_count, ORL_TAPE_BLOCK, &cells)
                          ? orl_calloc(cells, sizeof *columns)
                          : NULL;
    if (!columns)
        return false;
    *squares = 0.0;
    orl_tape_begin(problem->spread, &w->spread, parameters);
    for (size_t first = 0; first < total; first += ORL_TAPE_BLOCK) {
        size_t count = total - first < ORL_TAPE_BLOCK ? total - first : ORL_TAPE_BLOCK;
        struct orl_block block = residuals_block(problem, w, first, count, w->residual, true);
        orl_block_columns(problem, w, &block, columns);
        *squares += orl_dot_lanes(w->residual, w->residual, count);
        orl_lsq_add_columns(lsq, columns, ORL_TAPE_BLOCK, w->residual, count);
    }
    free(columns);
    return true;
}

void orl_problem_predict(const struct orl_problem *problem, struct orl_workspace *workspace,
                         const double *parameters, const double *const *columns, size_t count,
                         double *out)
{
    struct orl_pass *w = &workspace->pass;
    size_t column_count = problem->data ? problem->data->columns : 0;
    orl_tape_begin(problem->tape, &w->memory, parameters);
    for (size_t first = 0; first < count; first += ORL_TAPE_BLOCK) {
        size_t n = count - first < ORL_TAPE_BLOCK ? count - first : ORL_TAPE_BLOCK;
        for (size_t c = 0; c < column_count; c++)
            w->columns[c] = columns[c] + first;
        orl_tape_forward(problem->tape, &w->memory, w->columns, n);
        memcpy(out + first, w->memory.value[problem->tape->root], n * sizeof *out);
    }
}
