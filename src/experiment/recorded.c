/* An experiment made of recorded runs: its text, written from what a command line says (optreel
 * film), so that everything that experiments can do is there for them, too. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/csv.h"
#include "base/text.h"
#include "optreel/experiment.h"
#include "scene/tables.h"

#define FILM_NAME    "film"
#define PROBLEM_NAME "model"

/* What is known before the text is written. */
struct recorded {
    const struct orl_recorded_request *request;
    struct orl_messages *messages;
    struct orl_text text;
    struct orl_formula *model, *response; /* NULL where there is none */
    char **headers;                       /* owned: of the data file */
    size_t header_count;
    const char **parameters; /* owned list: names of the model that are no columns or constants */
    size_t parameter_count;
    struct orl_trace *first; /* the first trace: where its run starts is where the problem does */
};

static void recorded_release(struct recorded *r)
{
    for (size_t i = 0; i < r->header_count; i++)
        free(r->headers[i]);
    free(r->headers);
    free((void *)r->parameters);
    orl_trace_destroy(&r->first);
    orl_formula_destroy(&r->model);
    orl_formula_destroy(&r->response);
    orl_text_uninit(&r->text);
}

/* ---- The model ------------------------------------------------------------------------------- */

static int formula_parse(const struct orl_recorded_request *request, const char *option,
                         const char *text, struct orl_formula **out, struct orl_error *err)
{
    struct orl_formula_error refused;
    int ret = orl_formula_parse(text, strlen(text), request->limits, out, &refused);
    if (ret != ORL_EINPUT)
        return ret == ORL_OK ? ret : orl_fail_memory(err);
    return orl_fail(err, ORL_EUSAGE, "%s '%s', at character %zu: %s%s%s", option, text,
                    refused.offset + 1, refused.text, *refused.hint ? "; " : "", refused.hint);
}

static int headers_read(struct recorded *r, struct orl_error *err)
{
    const char *path = r->request->data;
    struct orl_csv csv = {0};
    int ret = orl_csv_open(path, path, r->request->limits, r->messages, &csv);
    int more = ret == ORL_OK ? orl_csv_next(&csv) : ret;
    if (more == 0)
        ret = orl_csv_fault(&csv, NULL, NULL, "the file is empty");
    else if (more < 0)
        ret = more;
    r->headers = more == 1 ? orl_calloc(csv.count, sizeof *r->headers) : NULL;
    if (more == 1 && !r->headers)
        ret = orl_fail_memory(err);
    for (size_t i = 0; ret == ORL_OK && i < csv.count; i++) {
        r->headers[i] = orl_strdup(csv.fields[i].text);
        if (!r->headers[r->header_count++])
            ret = orl_fail_memory(err);
    }
    orl_csv_close(&csv);
    return ret;
}

static bool is_header(const struct recorded *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (strcmp(r->headers[i], name) == 0)
            return true;
    return false;
}

static bool is_used(const struct orl_formula *formula, const char *name)
{
    for (size_t i = 0; i < orl_formula_name_count(formula); i++)
        if (strcmp(orl_formula_name(formula, i), name) == 0)
            return true;
    return false;
}

/* The names of the model that are no columns of the data and no constants are its parameters. */
static int names_sort(struct recorded *r, struct orl_error *err)
{
    size_t count = orl_formula_name_count(r->model), columns = 0;
    r->parameters = orl_calloc(count + 1, sizeof *r->parameters);
    if (!r->parameters)
        return orl_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        const char *name = orl_formula_name(r->model, i);
        double constant;
        if (is_header(r, name))
            columns++;
        else if (!orl_constant_find(name, &constant))
            r->parameters[r->parameter_count++] = name;
    }
    if (r->parameter_count == 0)
        return orl_fail(err, ORL_EUSAGE, "--model '%s' has no parameter", r->request->model);
    if (r->request->data && columns == 0)
        return orl_fail(err, ORL_EUSAGE, "--model '%s' uses no column of '%s'", r->request->model,
                        r->request->data);
    return ORL_OK;
}

/* What the model should meet, where nobody said it: the column y, or the only one left. */
static const char *response_guess(const struct recorded *r)
{
    const char *only = NULL;
    for (size_t i = 0; i < r->header_count; i++) {
        if (is_used(r->model, r->headers[i]))
            continue;
        if (strcmp(r->headers[i], "y") == 0)
            return r->headers[i];
        if (only)
            return NULL;
        only = r->headers[i];
    }
    return only;
}

static int model_read(struct recorded *r, const char **response, struct orl_error *err)
{
    const struct orl_recorded_request *q = r->request;
    *response = NULL;
    if (!q->model)
        return ORL_OK;
    int ret = formula_parse(q, "--model", q->model, &r->model, err);
    if (ret == ORL_OK && q->data)
        ret = headers_read(r, err);
    if (ret == ORL_OK)
        ret = names_sort(r, err);
    if (ret != ORL_OK || !q->data)
        return ret;
    *response = q->response ? q->response : response_guess(r);
    if (!*response)
        return orl_fail(err, ORL_EUSAGE,
                        "which column of '%s' should the model meet? --response names it", q->data);
    return formula_parse(q, "--response", *response, &r->response, err);
}

static int first_read(struct recorded *r)
{
    const char *path = r->request->runs[0].trace;
    return r->model ? orl_trace_read_csv(path, path, r->parameters, r->parameter_count,
                                         r->request->limits, r->messages, &r->first)
                    : ORL_OK;
}

/* ---- The text -------------------------------------------------------------------------------- */

static void quoted_put(struct orl_text *text, const char *string)
{
    orl_text_putc(text, '"');
    orl_text_escape_json(text, string, strlen(string));
    orl_text_putc(text, '"');
}

static void key_put(struct orl_text *text, const char *key, const char *string)
{
    orl_text_puts(text, key);
    orl_text_puts(text, ": ");
    quoted_put(text, string);
}

static void data_write(struct recorded *r, const char *response)
{
    struct orl_text *text = &r->text;
    bool any = false;
    orl_text_puts(text, "    data:\n      ");
    key_put(text, "file", r->request->data);
    orl_text_puts(text, "\n      ");
    key_put(text, "response", response);
    orl_text_puts(text, "\n      columns: {");
    for (size_t i = 0; i < r->header_count; i++) {
        if (!is_used(r->model, r->headers[i]) && !is_used(r->response, r->headers[i]))
            continue; /* only what is used is read as numbers */
        orl_text_puts(text, any ? ", " : "");
        quoted_put(text, r->headers[i]);
        orl_text_puts(text, ": ");
        quoted_put(text, r->headers[i]);
        any = true;
    }
    orl_text_puts(text, "}\n");
}

static void problem_write(struct recorded *r, const char *response)
{
    struct orl_text *text = &r->text;
    char number[ORL_NUMBER_SIZE];
    if (!r->model)
        return;
    orl_text_puts(text, "problems:\n  " PROBLEM_NAME ":\n    ");
    key_put(text, r->request->data ? "model" : "objective", r->request->model);
    orl_text_puts(text, "\n    start: {");
    for (size_t i = 0; i < r->parameter_count; i++) {
        orl_double_exact(number, r->first->values[i]);
        orl_text_printf(text, "%s%s: %s", i ? ", " : "", r->parameters[i], number);
    }
    orl_text_puts(text, "}\n");
    if (r->request->data)
        data_write(r, response);
}

/* A name of the characters that names take, unlike the first `index` ones. */
static void name_write(struct recorded *r, size_t index)
{
    const struct orl_recorded_run *run = &r->request->runs[index];
    size_t same = 1;
    for (size_t i = 0; i < index; i++)
        same += strcasecmp(r->request->runs[i].name, run->name) == 0;
    orl_text_puts(&r->text, "    - {name: \"");
    for (const char *p = run->name; *p && p - run->name < 80; p++) {
        bool inner = p > run->name && strchr(".-", *p);
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || *p == '_';
        orl_text_putc(&r->text, plain || inner ? *p : p > run->name ? '-' : '_');
    }
    if (same > 1)
        orl_text_printf(&r->text, ".%zu", same);
    orl_text_putc(&r->text, '"');
}

/* "a,b" as a list. */
static void list_put(struct orl_text *text, const char *key, const char *list)
{
    orl_text_printf(text, ", %s: [", key);
    for (const char *p = list; p; p = *p ? p + 1 : NULL) {
        size_t length = strcspn(p, ",");
        char *item = orl_strndup(p, length);
        orl_text_puts(text, p == list ? "" : ", ");
        quoted_put(text, item ? item : "");
        text->failed |= !item;
        free(item);
        p += length;
    }
    orl_text_putc(text, ']');
}

/* Without a model all that was named are logs: one entry, whose runs have the logs' own names. */
static void logs_write(struct recorded *r)
{
    const struct orl_recorded_request *q = r->request;
    struct orl_text *text = &r->text;
    orl_text_puts(text, "runs:\n  add:\n    - {trace: [");
    for (size_t i = 0; i < q->run_count; i++) {
        orl_text_puts(text, i ? ", " : "");
        quoted_put(text, q->runs[i].trace);
    }
    orl_text_putc(text, ']');
    if (q->step) {
        orl_text_puts(text, ", ");
        key_put(text, "step", q->step);
    }
    if (q->loss) {
        orl_text_puts(text, ", ");
        key_put(text, "loss", q->loss);
    }
    if (q->columns)
        list_put(text, "columns", q->columns);
    if (q->only)
        list_put(text, "runs", q->only);
    if (q->smooth)
        orl_text_printf(text, ", smooth: %s", q->smooth);
    orl_text_puts(text, "}\n");
}

static void runs_write(struct recorded *r)
{
    struct orl_text *text = &r->text;
    orl_text_puts(text, "runs:\n  add:\n");
    for (size_t i = 0; i < r->request->run_count; i++) {
        name_write(r, i);
        orl_text_puts(text, ", problem: " PROBLEM_NAME ", ");
        key_put(text, "trace", r->request->runs[i].trace);
        orl_text_puts(text, ", ");
        key_put(text, "title", r->request->runs[i].title);
        orl_text_puts(text, "}\n");
    }
}

/* The panels that were asked for, or those that the model makes possible; without a model the
 * experiment's own choice by what was recorded. */
static int panels_write(struct recorded *r, struct orl_error *err)
{
    const char *list = r->request->panels;
    if (!list && r->model)
        list = r->request->data ? "fit,loss,parameters" : "surface,loss";
    if (!list)
        return ORL_OK;
    orl_text_puts(&r->text, "    panels: [");
    for (const char *p = list; p; p = *p ? p + 1 : NULL) {
        size_t length = strcspn(p, ",");
        char *name = orl_strndup(p, length);
        const struct orl_panel_desc *desc = name ? orl_panel_find(name) : NULL;
        int ret = ORL_OK;
        if (!name)
            ret = orl_fail_memory(err);
        else if (!desc)
            ret = orl_fail(err, ORL_EUSAGE, "unknown panel '%s'; see: optreel list panels", name);
        free(name);
        if (ret != ORL_OK)
            return ret;
        orl_text_puts(&r->text, p == list ? "" : ", ");
        quoted_put(&r->text, desc->name);
        p += length;
    }
    orl_text_puts(&r->text, "]\n");
    return ORL_OK;
}

static int film_write(struct recorded *r, struct orl_error *err)
{
    const struct orl_recorded_request *q = r->request;
    struct orl_text *text = &r->text;
    orl_text_puts(text, "films:\n  - each: experiment\n    name: " FILM_NAME "\n"
                        "    layout: overlay\n");
    orl_text_printf(text, "    pace: %s\n", q->pace ? q->pace : q->model ? "log" : "linear");
    orl_text_printf(text, "    length: %s\n", q->length ? q->length : "10");
    if (q->axes)
        orl_text_printf(text, "    axes: {%s}\n", q->axes);
    int ret = panels_write(r, err);
    if (q->theme) {
        orl_text_puts(text, "output:\n  ");
        key_put(text, "theme", q->theme);
        orl_text_putc(text, '\n');
    }
    return ret;
}

/* A film of logs is called by its runs, which are not known yet. */
static void title_write(struct recorded *r)
{
    const struct orl_recorded_request *q = r->request;
    if (!q->title && !q->model)
        return;
    char many[40];
    snprintf(many, sizeof many, "%zu traces", q->run_count);
    key_put(&r->text, "title", q->title ? q->title : q->run_count == 1 ? q->runs[0].title : many);
    orl_text_putc(&r->text, '\n');
}

/* An option's value goes into the text as it is: it must not end its line. */
static int values_check(const struct orl_recorded_request *q, struct orl_error *err)
{
    const char *const values[] = {q->pace, q->length, q->axes, q->smooth};
    for (size_t i = 0; i < ORL_COUNT(values); i++)
        if (values[i] && strpbrk(values[i], "\n\r#"))
            return orl_fail(err, ORL_EUSAGE, "'%s' is not a value of this option", values[i]);
    return ORL_OK;
}

int orl_experiment_of_runs(const struct orl_recorded_request *request,
                           struct orl_experiment_source *out, struct orl_messages *messages,
                           struct orl_error *err)
{
    struct recorded r = {.request = request, .messages = messages};
    const char *response;
    *out = (struct orl_experiment_source){0};
    int ret = values_check(request, err);
    if (ret == ORL_OK)
        ret = model_read(&r, &response, err);
    if (ret == ORL_OK)
        ret = first_read(&r);
    if (ret == ORL_OK) {
        title_write(&r);
        problem_write(&r, response);
        if (r.model)
            runs_write(&r);
        else
            logs_write(&r);
        ret = film_write(&r, err);
    }
    if (ret == ORL_OK) {
        out->name = orl_strdup(FILM_NAME);
        out->path = orl_strdup(ORL_RECORDED_PATH);
        out->folder = orl_strdup(".");
        out->length = r.text.length;
        out->text = orl_text_take(&r.text);
        if (!out->name || !out->path || !out->folder || !out->text)
            ret = orl_fail_memory(err);
    }
    if (ret != ORL_OK)
        orl_experiment_source_uninit(out);
    recorded_release(&r);
    return ret;
}
