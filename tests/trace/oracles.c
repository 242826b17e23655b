/* Other people's solvers as oracles: GSL's multifit_nlinear and NLopt's SLSQP on the same problems,
 * from the same starts. */
#include "orl_test.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <nlopt.h>

#include "optreel/trace.h"

enum { PARAMETERS_MAX = 4, POINTS = 80 };

struct sample {
    const char *model;
    size_t count;
    const char *names[PARAMETERS_MAX];
    double truth[PARAMETERS_MAX], start[PARAMETERS_MAX], from, to;
};

static const struct sample samples[] = {
    {"a*exp(-k*x) + c", 3, {"a", "k", "c"}, {3, 0.4, 0.5}, {1, 0.1, 0}, 0, 12},
    {"a/(1 + exp(-(x - m)/s))", 3, {"a", "m", "s"}, {5, 3, 0.7}, {4, 2.5, 1}, 0, 8},
    {"a*exp(-(x - m)^2/(2*s^2)) + c",
     4,
     {"a", "m", "s", "c"},
     {4, 2, 0.6, 1},
     {3, 1.7, 0.8, 0.5},
     0,
     5},
    {"v*x/(k + x)", 2, {"v", "k"}, {6, 1.5}, {4, 1}, 0.1, 9},
    {"a*sin(w*x + f) + b*x",
     4,
     {"a", "w", "f", "b"},
     {2, 1.7, 0.4, 0.3},
     {1.5, 1.65, 0.2, 0.2},
     0,
     9},
};

struct fit {
    const struct orl_problem *problem;
    struct orl_workspace *workspace;
};

static struct orl_problem *make(const struct sample *s)
{
    struct orl_column_spec column = {.name = "x", .from = s->from, .to = s->to, .count = POINTS};
    struct orl_noise_spec noise = {.sd = 0.1};
    struct orl_formula *f = NULL;
    struct orl_formula_error refused;
    struct orl_dataset *data = NULL;
    struct orl_problem *p = NULL;
    assert_int_equal(
        orl_formula_parse(s->model, strlen(s->model), &orl_limits_default, &f, &refused), ORL_OK);
    assert_int_equal(
        orl_dataset_generate(f, s->names, s->truth, s->count, &column, 1, &noise, 11, &data, NULL),
        ORL_OK);
    struct orl_problem_spec spec = {.model = s->model,
                                    .parameters = s->names,
                                    .start = s->start,
                                    .parameter_count = s->count,
                                    .data = &data,
                                    .loss = orl_loss_find("sse")};
    assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &p, NULL), ORL_OK);
    orl_formula_destroy(&f);
    return p;
}

static void ours(const struct orl_problem *p, const char *optimizer, double line_search,
                 int64_t steps, double *out)
{
    const struct orl_optimizer_desc *desc = orl_optimizer_find(optimizer);
    struct orl_value values[8] = {{0}}, common[ORL_COMMON_COUNT] = {{0}};
    struct orl_trace *trace = NULL;
    struct orl_run_spec spec = {.problem = p,
                                .optimizer = desc,
                                .settings = values,
                                .common = common,
                                .steps = steps,
                                .record_every = 1,
                                .record_rows = 100};
    for (size_t i = 0; i < orl_setting_count(desc->settings); i++)
        values[i].number = strcmp(desc->settings[i].name, "line_search") == 0
                               ? line_search
                               : desc->settings[i].initial;
    assert_int_equal(orl_trace_run(&spec, &trace, NULL), ORL_OK);
    memcpy(out, trace->values + (trace->rows - 1) * trace->parameter_count,
           trace->parameter_count * sizeof *out);
    orl_trace_destroy(&trace);
}

/* GSL differentiates by itself: its answer owes nothing to our derivatives. */
static int gsl_residuals(const gsl_vector *x, void *context, gsl_vector *f)
{
    struct fit *fit = context;
    double at[PARAMETERS_MAX], residuals[POINTS];
    for (size_t j = 0; j < x->size; j++)
        at[j] = gsl_vector_get(x, j);
    orl_problem_residuals(fit->problem, fit->workspace, at, 0, POINTS, residuals, NULL);
    for (size_t i = 0; i < POINTS; i++)
        gsl_vector_set(f, i, residuals[i]); /* a column of a matrix, sometimes */
    return GSL_SUCCESS;
}

static void by_gsl(struct fit *fit, const struct sample *s, double *out)
{
    gsl_multifit_nlinear_parameters parameters = gsl_multifit_nlinear_default_parameters();
    size_t rows = orl_problem_data(fit->problem)->rows;
    gsl_multifit_nlinear_workspace *w =
        gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &parameters, rows, s->count);
    gsl_multifit_nlinear_fdf fdf = {.f = gsl_residuals, .n = rows, .p = s->count, .params = fit};
    gsl_vector_const_view start = gsl_vector_const_view_array(s->start, s->count);
    int info;
    assert_int_equal(gsl_multifit_nlinear_init(&start.vector, &fdf, w), GSL_SUCCESS);
    gsl_multifit_nlinear_driver(500, 1e-14, 1e-14, 0, NULL, NULL, &info, w);
    for (size_t j = 0; j < s->count; j++)
        out[j] = gsl_vector_get(w->x, j);
    gsl_multifit_nlinear_free(w);
}

static double nlopt_loss(unsigned count, const double *x, double *gradient, void *context)
{
    struct fit *fit = context;
    double loss;
    (void)count;
    orl_problem_evaluate(fit->problem, fit->workspace, x, NULL, 0, &loss, gradient);
    return loss;
}

static void by_nlopt(struct fit *fit, const struct sample *s, double *out)
{
    nlopt_opt opt = nlopt_create(NLOPT_LD_SLSQP, (unsigned)s->count);
    double least, low[PARAMETERS_MAX], high[PARAMETERS_MAX];
    for (size_t j = 0; j < s->count;
         j++) { /* its first step is as long as the gradient: it is kept from flying away */
        low[j] = fmin(s->start[j], s->truth[j]) - 1;
        high[j] = fmax(s->start[j], s->truth[j]) + 1;
    }
    memcpy(out, s->start, s->count * sizeof *out);
    nlopt_set_lower_bounds(opt, low);
    nlopt_set_upper_bounds(opt, high);
    nlopt_set_min_objective(opt, nlopt_loss, fit);
    nlopt_set_maxeval(opt, 20000);
    nlopt_set_xtol_rel(opt, 1e-14);
    nlopt_optimize(opt, out, &least);
    nlopt_destroy(opt);
}

static void agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const struct sample *s = &samples[i];
        struct fit fit = {.problem = make(s)};
        double gsl[PARAMETERS_MAX], nlopt[PARAMETERS_MAX], mine[PARAMETERS_MAX];
        static const struct {
            const char *name;
            double line_search;
            int64_t steps;
        } solvers[] = {{"levenberg-marquardt", 0, 100},
                       {"gauss-newton", 0, 100},
                       {"newton", 0, 200},
                       {"lbfgs", 1, 2000}};
        assert_int_equal(orl_workspace_create(fit.problem, &fit.workspace, NULL), ORL_OK);
        by_gsl(&fit, s, gsl);
        by_nlopt(&fit, s, nlopt);
        for (size_t k = 0; k < sizeof solvers / sizeof *solvers; k++) {
            ours(fit.problem, solvers[k].name, solvers[k].line_search, solvers[k].steps, mine);
            for (size_t j = 0; j < s->count; j++)
                if (!(fabs(mine[j] - gsl[j]) <= 2e-6 * (1 + fabs(gsl[j]))) ||
                    !(fabs(mine[j] - nlopt[j]) <= 2e-5 * (1 + fabs(nlopt[j]))))
                    fail_msg("%s, %s: %s is %.12g; GSL %.12g, NLopt %.12g", s->model,
                             solvers[k].name, s->names[j], mine[j], gsl[j], nlopt[j]);
        }
        struct orl_problem *made = (struct orl_problem *)(uintptr_t)fit.problem;
        orl_workspace_destroy(&fit.workspace);
        orl_problem_destroy(&made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
