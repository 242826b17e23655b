/* Facts as rows: a field of the struct is a field of the line. */
#include "batch/facts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/vector.h"

enum fact_type {
    FACT_END,
    FACT_INTEGER, /* int64_t */
    FACT_NUMBER,  /* double */
    FACT_HASH,    /* char[ORL_SHA256_HEX] */
    FACT_SIZE,    /* size_t */
    FACT_STATUS,  /* enum orl_status */
    FACT_BOOL,
};

struct fact {
    enum fact_type type;
    size_t offset;
};

#define OF_RUN(member)  offsetof(struct orl_run_facts, member)
#define OF_FIT(member)  offsetof(struct orl_fit, member)
#define OF_FILE(member) offsetof(struct orl_file_facts, member)

/* The parameters follow: whether there is a best fit, the values, the best fit; then the fit. */
static const struct fact run_rows[] = {
    {FACT_STATUS, OF_RUN(status)},        {FACT_INTEGER, OF_RUN(steps)},
    {FACT_NUMBER, OF_RUN(loss)},          {FACT_NUMBER, OF_RUN(gradient_norm)},
    {FACT_NUMBER, OF_RUN(tuned)},         {FACT_INTEGER, OF_RUN(steps_to[0])},
    {FACT_INTEGER, OF_RUN(steps_to[1])},  {FACT_INTEGER, OF_RUN(steps_to[2])},
    {FACT_NUMBER, OF_RUN(start)},         {FACT_NUMBER, OF_RUN(least)},
    {FACT_INTEGER, OF_RUN(known)},        {FACT_INTEGER, OF_RUN(level_step)},
    {FACT_INTEGER, OF_RUN(foreign.step)}, {FACT_NUMBER, OF_RUN(foreign.recorded)},
    {FACT_NUMBER, OF_RUN(foreign.model)}, {FACT_SIZE, OF_RUN(points)},
    {FACT_SIZE, OF_RUN(missing)},         {FACT_NUMBER, OF_RUN(seconds)},
    {FACT_HASH, OF_RUN(trace_sha256)},    {FACT_INTEGER, OF_RUN(trace_bytes)},
    {FACT_HASH, OF_RUN(log_sha256)},      {FACT_INTEGER, OF_RUN(log_bytes)},
    {FACT_SIZE, OF_RUN(parameter_count)}, {FACT_END, 0},
};

/* Whether there is a covariance follows, and its upper half. */
static const struct fact fit_rows[] = {
    {FACT_SIZE, OF_FIT(points)},
    {FACT_SIZE, OF_FIT(count)},
    {FACT_NUMBER, OF_FIT(degrees_of_freedom)},
    {FACT_NUMBER, OF_FIT(residual_sd)},
    {FACT_NUMBER, OF_FIT(reduced_chi_square)},
    {FACT_NUMBER, OF_FIT(r_squared)},
    {FACT_NUMBER, OF_FIT(aic)},
    {FACT_NUMBER, OF_FIT(bic)},
    {FACT_NUMBER, OF_FIT(condition)},
    {FACT_BOOL, OF_FIT(arrived)},
    {FACT_BOOL, OF_FIT(absolute)},
    {FACT_END, 0},
};

static const struct fact file_rows[] = {
    {FACT_INTEGER, OF_FILE(bytes)},
    {FACT_HASH, OF_FILE(sha256)},
    {FACT_INTEGER, OF_FILE(frames)},
    {FACT_NUMBER, OF_FILE(seconds)},
    {FACT_NUMBER, OF_FILE(work_s)},
    {FACT_SIZE, OF_FILE(level)},
    {FACT_BOOL, OF_FILE(measured)},
    {FACT_NUMBER, OF_FILE(quality.ssim)},
    {FACT_NUMBER, OF_FILE(quality.ssim_luma)},
    {FACT_NUMBER, OF_FILE(quality.psnr)},
    {FACT_NUMBER, OF_FILE(quality.psnr_luma)},
    {FACT_NUMBER, OF_FILE(quality.psnr_changed)},
    {FACT_END, 0},
};

static void rows_put(struct orl_text *line, const struct fact *rows, const void *facts)
{
    for (const struct fact *row = rows; row->type != FACT_END; row++) {
        const char *at = (const char *)facts + row->offset;
        switch (row->type) {
        case FACT_INTEGER:
            orl_fields_put_integer(line, *(const int64_t *)(const void *)at);
            break;
        case FACT_NUMBER:
            orl_fields_put_number(line, *(const double *)(const void *)at);
            break;
        case FACT_HASH:
            orl_fields_put_string(line, at);
            break;
        case FACT_SIZE:
            orl_fields_put_integer(line, (int64_t) * (const size_t *)(const void *)at);
            break;
        case FACT_STATUS:
            orl_fields_put_integer(line, *(const enum orl_status *)(const void *)at);
            break;
        case FACT_BOOL:
            orl_fields_put_integer(line, *(const bool *)(const void *)at);
            break;
        case FACT_END:
            break;
        }
    }
}

static void rows_get(struct orl_fields *fields, const struct fact *rows, void *facts)
{
    for (const struct fact *row = rows; row->type != FACT_END; row++) {
        char *at = (char *)facts + row->offset;
        switch (row->type) {
        case FACT_INTEGER:
            *(int64_t *)(void *)at = orl_fields_get_integer(fields);
            break;
        case FACT_NUMBER:
            *(double *)(void *)at = orl_fields_get_number(fields);
            break;
        case FACT_HASH:
            snprintf(at, ORL_SHA256_HEX, "%s", orl_fields_get(fields, NULL));
            break;
        case FACT_SIZE:
            *(size_t *)(void *)at = (size_t)orl_fields_get_integer(fields);
            break;
        case FACT_STATUS:
            *(enum orl_status *)(void *)at = (enum orl_status)orl_fields_get_integer(fields);
            break;
        case FACT_BOOL:
            *(bool *)(void *)at = orl_fields_get_integer(fields) != 0;
            break;
        case FACT_END:
            break;
        }
    }
}

void orl_run_facts_uninit(struct orl_run_facts *facts)
{
    free(facts->values);
    free(facts->best);
    orl_fit_destroy(&facts->fit);
    *facts = (struct orl_run_facts){0};
}

static void numbers_put(struct orl_text *line, const double *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        orl_fields_put_number(line, numbers[i]);
}

static void fit_put(struct orl_text *line, const struct orl_fit *fit)
{
    rows_put(line, fit_rows, fit);
    orl_fields_put_integer(line, fit->covariance != NULL);
    for (size_t j = 0; fit->covariance && j < fit->count; j++)
        numbers_put(line, fit->covariance + j * fit->count + j, fit->count - j);
}

void orl_run_facts_put(struct orl_text *line, const struct orl_run_facts *facts)
{
    rows_put(line, run_rows, facts);
    orl_fields_put_integer(line, facts->best != NULL);
    numbers_put(line, facts->values, facts->parameter_count);
    if (facts->best)
        numbers_put(line, facts->best, facts->parameter_count);
    orl_fields_put_integer(line, facts->fit != NULL);
    if (facts->fit)
        fit_put(line, facts->fit);
}

/* `count` numbers, owned by the caller; NULL when memory is short. */
static double *numbers_get(struct orl_fields *fields, size_t count)
{
    double *numbers = orl_calloc(count, sizeof *numbers);
    for (size_t i = 0; numbers && i < count; i++)
        numbers[i] = orl_fields_get_number(fields);
    return numbers;
}

/* NULL where the fields are no such fit (fields->failed) or memory is short. */
static struct orl_fit *fit_get(struct orl_fields *fields)
{
    struct orl_fit *fit = orl_calloc(1, sizeof *fit);
    size_t cells = 0;
    if (!fit)
        return NULL;
    rows_get(fields, fit_rows, fit);
    size_t n = fit->count;
    bool covariance = orl_fields_get_integer(fields) != 0;
    fields->failed |= covariance && (n > fields->count || !orl_size_mul(n, n, &cells) ||
                                     cells / 2 > fields->count);
    if (covariance && !fields->failed)
        fit->covariance = orl_calloc(cells, sizeof *fit->covariance);
    for (size_t j = 0; fit->covariance && j < n; j++)
        for (size_t k = j; k < n; k++)
            fit->covariance[j * n + k] = fit->covariance[k * n + j] = orl_fields_get_number(fields);
    if (fields->failed || (covariance && !fit->covariance))
        orl_fit_destroy(&fit);
    return fit;
}

int orl_run_facts_get(struct orl_fields *fields, struct orl_run_facts *facts)
{
    *facts = (struct orl_run_facts){0};
    rows_get(fields, run_rows, facts);
    bool best = orl_fields_get_integer(fields) != 0;
    size_t count = facts->parameter_count;
    if (fields->failed || count > fields->count) { /* more numbers than the line has fields */
        *facts = (struct orl_run_facts){0};
        return ORL_FAIL;
    }
    facts->values = numbers_get(fields, count);
    facts->best = best ? numbers_get(fields, count) : NULL;
    bool fit = orl_fields_get_integer(fields) != 0;
    facts->fit = fit && !fields->failed ? fit_get(fields) : NULL;
    bool memory = facts->values && (facts->best || !best) && (facts->fit || !fit || fields->failed);
    if (fields->failed || !memory)
        orl_run_facts_uninit(facts);
    return !memory ? ORL_ENOMEM : fields->failed ? ORL_FAIL : ORL_OK;
}

void orl_file_facts_put(struct orl_text *line, const struct orl_file_facts *facts)
{
    rows_put(line, file_rows, facts);
}

int orl_file_facts_get(struct orl_fields *fields, struct orl_file_facts *facts)
{
    rows_get(fields, file_rows, facts);
    return fields->failed ? ORL_FAIL : ORL_OK;
}

/* ---- From a trace ---------------------------------------------------------------------------- */

int orl_run_facts_gather(const struct orl_trace *trace, struct orl_run_facts *facts,
                         struct orl_error *err)
{
    size_t last = trace->rows - 1, count = trace->parameter_count;
    facts->tuned = NAN;
    facts->status = trace->status;
    facts->steps = trace->steps;
    facts->seconds = trace->seconds;
    facts->loss = trace->rows && trace->loss ? trace->loss[last] : NAN;
    facts->gradient_norm = !trace->rows || !trace->gradients ? (double)NAN
                           : trace->watched
                               ? trace->gradient_norm
                               : orl_vector_norm(trace->gradients + last * count, count);
    facts->values = orl_calloc(count, sizeof *facts->values);
    if (!facts->values)
        return orl_fail_memory(err);
    facts->parameter_count = trace->rows ? count : 0;
    for (size_t i = 0; i < facts->parameter_count; i++)
        facts->values[i] = trace->values[last * count + i];
    for (size_t i = 0; i < ORL_THRESHOLDS; i++)
        facts->steps_to[i] = trace->loss ? orl_trace_steps_to(trace, orl_trace_thresholds[i]) : -1;
    facts->start = facts->least = NAN;
    facts->known = 0;
    facts->level_step = -1;
    facts->foreign.step = -1;
    return ORL_OK;
}
