#include "batch/foreign.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/csv.h"
#include "base/text.h"

/* The columns of the data file by name, and what the model makes of its own names. */
struct foreign {
    const struct orl_film_request *request;
    struct orl_formula *model, *response;
    char **headers; /* owned */
    size_t header_count;
    struct orl_csv_column *columns;        /* owned: one per header; names borrowed */
    const char **predictors, **parameters; /* owned arrays of borrowed names */
    size_t predictor_count, parameter_count;
    double *start; /* owned: zeros; a film of traces starts nowhere of its own */
};

static void release(struct foreign *f)
{
    for (size_t i = 0; f->headers && i < f->header_count; i++)
        free(f->headers[i]);
    free(f->headers);
    free(f->columns);
    free((void *)f->predictors);
    free((void *)f->parameters);
    free(f->start);
    orl_formula_destroy(&f->model);
    orl_formula_destroy(&f->response);
}

static int parse(const struct orl_film_request *r, const char *option, const char *text,
                 struct orl_formula **out, struct orl_error *err)
{
    struct orl_formula_error refused;
    int ret = orl_formula_parse(text, strlen(text), r->limits, out, &refused);
    if (ret != ORL_EINPUT)
        return ret == ORL_OK ? ret : orl_fail_memory(err);
    return orl_fail(err, ORL_EUSAGE, "%s '%s', at character %zu: %s%s%s", option, text,
                    refused.offset + 1, refused.text, *refused.hint ? "; " : "", refused.hint);
}

static int read_headers(struct foreign *f, struct orl_messages *messages, struct orl_error *err)
{
    const char *path = f->request->data;
    struct orl_csv csv = {0};
    int ret = orl_csv_open(path, path, f->request->limits, messages, &csv);
    int more = ret == ORL_OK ? orl_csv_next(&csv) : ret;
    if (more == 0)
        ret = orl_csv_fault(&csv, NULL, NULL, "the file is empty");
    else if (more < 0)
        ret = more;
    f->headers = more == 1 ? orl_calloc(csv.count, sizeof *f->headers) : NULL;
    f->columns = more == 1 ? orl_calloc(csv.count, sizeof *f->columns) : NULL;
    if (more == 1 && (!f->headers || !f->columns))
        ret = orl_fail_memory(err);
    for (size_t i = 0; ret == ORL_OK && i < csv.count; i++, f->header_count++) {
        f->headers[i] = orl_strdup(csv.fields[i].text);
        f->columns[i] = (struct orl_csv_column){
            .name = f->headers[i], .header = f->headers[i], .position = i + 1};
        if (!f->headers[i])
            ret = orl_fail_memory(err);
    }
    orl_csv_close(&csv);
    return ret;
}

static bool is_header(const struct foreign *f, const char *name)
{
    for (size_t i = 0; i < f->header_count; i++)
        if (strcmp(f->headers[i], name) == 0)
            return true;
    return false;
}

static int sort_names(struct foreign *f, struct orl_error *err)
{
    size_t count = orl_formula_name_count(f->model);
    f->predictors = orl_calloc(count + 1, sizeof *f->predictors);
    f->parameters = orl_calloc(count + 1, sizeof *f->parameters);
    f->start = orl_calloc(count + 1, sizeof *f->start);
    if (!f->predictors || !f->parameters || !f->start)
        return orl_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        const char *name = orl_formula_name(f->model, i);
        double constant;
        if (is_header(f, name))
            f->predictors[f->predictor_count++] = name;
        else if (!orl_constant_find(name, &constant))
            f->parameters[f->parameter_count++] = name;
    }
    if (f->parameter_count == 0)
        return orl_fail(err, ORL_EUSAGE, "--model '%s' has no parameter", f->request->model);
    if (f->request->data && f->predictor_count == 0)
        return orl_fail(err, ORL_EUSAGE, "--model '%s' uses no column of '%s'", f->request->model,
                        f->request->data);
    return ORL_OK;
}

static bool is_predictor(const struct foreign *f, const char *name)
{
    for (size_t i = 0; i < f->predictor_count; i++)
        if (strcmp(f->predictors[i], name) == 0)
            return true;
    return false;
}

/* What the model should meet, where nobody said it. */
static const char *guess_response(const struct foreign *f)
{
    const char *only = NULL;
    for (size_t i = 0; i < f->header_count; i++) {
        if (is_predictor(f, f->headers[i]))
            continue;
        if (strcmp(f->headers[i], "y") == 0)
            return f->headers[i];
        if (only)
            return NULL;
        only = f->headers[i];
    }
    return only;
}

static int read_data(struct foreign *f, struct orl_messages *messages, struct orl_dataset **out,
                     struct orl_error *err)
{
    const struct orl_film_request *r = f->request;
    const char *response = r->response ? r->response : guess_response(f);
    if (!response)
        return orl_fail(err, ORL_EUSAGE,
                        "which column of '%s' should the model meet? --response names it", r->data);
    int ret = parse(r, "--response", response, &f->response, err);
    /* Only what is used is read as numbers. */
    size_t kept = 0;
    for (size_t i = 0; ret == ORL_OK && i < f->header_count; i++) {
        bool used = is_predictor(f, f->headers[i]);
        for (size_t k = 0; k < orl_formula_name_count(f->response); k++)
            used |= strcmp(orl_formula_name(f->response, k), f->headers[i]) == 0;
        if (used)
            f->columns[kept++] = f->columns[i];
    }
    return ret == ORL_OK ? orl_dataset_read(r->data, r->data, f->columns, kept, f->predictors,
                                            f->predictor_count, f->response, NULL, r->limits,
                                            messages, NULL, out)
                         : ret;
}

static int make(struct foreign *f, struct orl_messages *messages, struct orl_problem **out,
                struct orl_error *err)
{
    struct orl_dataset *data = NULL;
    int ret = parse(f->request, "--model", f->request->model, &f->model, err);
    if (ret == ORL_OK && f->request->data)
        ret = read_headers(f, messages, err);
    if (ret == ORL_OK)
        ret = sort_names(f, err);
    if (ret == ORL_OK && f->request->data)
        ret = read_data(f, messages, &data, err);
    struct orl_problem_spec spec = {.model = f->request->model,
                                    .parameters = f->parameters,
                                    .start = f->start,
                                    .parameter_count = f->parameter_count,
                                    .data = data ? &data : NULL,
                                    .loss = orl_loss_find("mse")};
    if (ret == ORL_OK)
        ret = orl_problem_create(&spec, f->request->limits, out, err);
    orl_dataset_destroy(&data);
    return ret;
}

int orl_foreign_problem(const struct orl_film_request *request, struct orl_messages *messages,
                        struct orl_problem **out, struct orl_error *err)
{
    struct foreign f = {.request = request};
    *out = NULL;
    int ret = make(&f, messages, out, err);
    release(&f);
    return ret;
}
