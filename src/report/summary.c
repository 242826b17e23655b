/* summary.json: the report for machines. The names of its members are the contract of the design,
 * to the letter. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "report/parts.h"

static void put_string(struct orl_json *json, const char *key, const char *value)
{
    orl_json_key(json, key);
    orl_json_string(json, value);
}

static void put_number(struct orl_json *json, const char *key, double value)
{
    orl_json_key(json, key);
    orl_json_number(json, value);
}

static void put_integer(struct orl_json *json, const char *key, int64_t value)
{
    orl_json_key(json, key);
    orl_json_integer(json, value);
}

/* A setting came as text: numbers and booleans become such again, names and formulas stay text. */
static void put_setting(struct orl_json *json, const char *key, const char *value)
{
    double number;
    int64_t whole;
    orl_json_key(json, key);
    if (value && orl_int64_parse(value, strlen(value), &whole))
        orl_json_integer(json, whole);
    else if (value && orl_double_parse(value, strlen(value), &number) && isfinite(number))
        orl_json_number(json, number);
    else if (value && (strcmp(value, "true") == 0 || strcmp(value, "false") == 0))
        orl_json_bool(json, value[0] == 't');
    else
        orl_json_string(json, value);
}

/* Parameters by name; empty where there are no values at all. */
static void put_vector(struct orl_json *json, const char *key, const struct orl_report_run *run,
                       const double *values)
{
    orl_json_key(json, key);
    orl_json_open(json, '{');
    for (size_t i = 0; values && i < run->parameter_count; i++)
        put_number(json, run->parameters[i], values[i]);
    orl_json_close(json, '}');
}

static void put_steps_to(struct orl_json *json, const struct orl_report_run *run)
{
    orl_json_key(json, "steps_to");
    orl_json_open(json, '{');
    for (size_t i = 0; i < ORL_THRESHOLDS; i++) {
        orl_json_key(json, orl_trace_threshold_names[i]);
        if (run->steps_to[i] < 0)
            orl_json_null(json);
        else
            orl_json_integer(json, run->steps_to[i]);
    }
    orl_json_close(json, '}');
}

/* Beside the learning rate that was chosen: what it was chosen from. */
static void put_tune(struct orl_json *json, const struct orl_tune *tune)
{
    orl_json_key(json, "tuned");
    if (tune->trials == 0) {
        orl_json_null(json);
        return;
    }
    orl_json_open(json, '{');
    put_number(json, "from", tune->from);
    put_number(json, "to", tune->to);
    put_integer(json, "trials", tune->trials);
    orl_json_close(json, '}');
}

/* Names without a number where there is no covariance. */
static void put_standard_errors(struct orl_json *json, const struct orl_report_run *run)
{
    orl_json_key(json, "standard_errors");
    if (!run->fit->covariance) {
        orl_json_null(json);
        return;
    }
    orl_json_open(json, '{');
    for (size_t i = 0; i < run->fit->count && i < run->parameter_count; i++)
        put_number(json, run->parameters[i], orl_fit_standard_error(run->fit, i));
    orl_json_close(json, '}');
}

static void put_matrix(struct orl_json *json, const char *key, const struct orl_fit *fit,
                       double (*cell)(const struct orl_fit *fit, size_t j, size_t k))
{
    orl_json_key(json, key);
    if (!fit->covariance) {
        orl_json_null(json);
        return;
    }
    orl_json_open(json, '[');
    for (size_t j = 0; j < fit->count; j++) {
        orl_json_open(json, '[');
        for (size_t k = 0; k < fit->count; k++)
            orl_json_number(json, cell(fit, j, k));
        orl_json_close(json, ']');
    }
    orl_json_close(json, ']');
}

static double covariance_cell(const struct orl_fit *fit, size_t j, size_t k)
{
    return fit->covariance[j * fit->count + k];
}

static void put_fit(struct orl_json *json, const struct orl_report_run *run)
{
    const struct orl_fit *fit = run->fit;
    orl_json_key(json, "fit");
    if (!fit) {
        orl_json_null(json);
        return;
    }
    orl_json_open(json, '{');
    put_standard_errors(json, run);
    put_matrix(json, "covariance", fit, covariance_cell);
    put_matrix(json, "correlations", fit, orl_fit_correlation);
    put_number(json, "residual_sd", fit->residual_sd);
    put_number(json, "degrees_of_freedom", fit->degrees_of_freedom);
    put_number(json, "reduced_chi_square", fit->reduced_chi_square);
    put_number(json, "r_squared", fit->r_squared);
    put_number(json, "aic", fit->aic);
    put_number(json, "bic", fit->bic);
    put_number(json, "condition", fit->condition);
    orl_json_key(json, "arrived");
    orl_json_bool(json, fit->arrived);
    orl_json_close(json, '}');
}

static void put_run(struct orl_json *json, const struct orl_report_run *run, bool times)
{
    orl_json_open(json, '{');
    put_string(json, "name", run->name);
    put_string(json, "problem", run->problem);
    put_string(json, "optimizer", run->optimizer);
    put_string(json, "kind", run->kind);
    orl_json_key(json, "hyperparameters");
    orl_json_open(json, '{');
    for (size_t i = 0; i < run->hyperparameter_count; i++)
        put_setting(json, run->hyperparameter_names[i], run->hyperparameter_values[i]);
    orl_json_close(json, '}');
    put_tune(json, &run->tune);
    put_string(json, "status", orl_status_name(run->status));
    put_integer(json, "steps", run->steps);
    put_number(json, "loss", run->loss);
    put_vector(json, "parameters", run, run->values);
    put_number(json, "gradient_norm", run->gradient_norm);
    if (run->truth)
        put_vector(json, "truth", run, run->truth);
    else
        put_string(json, "truth", NULL);
    put_number(json, "distance_to_truth", orl_report_distance(run, run->truth));
    if (run->best_fit)
        put_vector(json, "best_fit", run, run->best_fit);
    else
        put_string(json, "best_fit", NULL);
    put_number(json, "distance_to_best_fit", orl_report_distance(run, run->best_fit));
    put_integer(json, "points", (int64_t)run->points);
    put_integer(json, "missing", (int64_t)run->missing);
    put_fit(json, run);
    put_steps_to(json, run);
    if (run->rank)
        put_integer(json, "rank", (int64_t)run->rank);
    else
        put_string(json, "rank", NULL);
    put_number(json, "level", run->level);
    if (run->level_step >= 0)
        put_integer(json, "level_step", run->level_step);
    else
        put_string(json, "level_step", NULL);
    if (times)
        put_number(json, "seconds", run->seconds);
    put_string(json, "trace", run->trace);
    put_string(json, "log", run->log);
    if (run->failure)
        put_string(json, "failure", run->failure);
    orl_json_close(json, '}');
}

static void put_events(struct orl_json *json, const struct orl_report_film *film)
{
    orl_json_key(json, "events");
    orl_json_open(json, '[');
    for (size_t i = 0; i < film->event_count; i++) {
        orl_json_open(json, '{');
        put_integer(json, "step", film->events[i].step);
        put_string(json, "run", film->events[i].run);
        put_string(json, "kind", orl_event_names[film->events[i].kind]);
        put_string(json, "text", film->events[i].text);
        orl_json_close(json, '}');
    }
    orl_json_close(json, ']');
}

/* dB of what is the same are infinite: null, as SSIM 1 says it all. */
static void put_quality(struct orl_json *json, const struct orl_quality *quality)
{
    if (!quality)
        return;
    put_number(json, "ssim", quality->ssim);
    put_number(json, "ssim_luma", quality->ssim_luma);
    put_number(json, "psnr", quality->psnr);
    put_number(json, "psnr_luma", quality->psnr_luma);
    put_number(json, "psnr_changed", quality->psnr_changed);
}

static void put_film(struct orl_json *json, const struct orl_report_film *film, bool times)
{
    orl_json_open(json, '{');
    put_string(json, "name", film->name);
    orl_json_key(json, "runs");
    orl_json_open(json, '[');
    for (size_t i = 0; i < film->run_count; i++)
        orl_json_string(json, film->runs[i]);
    orl_json_close(json, ']');
    put_string(json, "format", film->format);
    put_string(json, "path", film->path);
    put_integer(json, "bytes", film->bytes);
    put_string(json, "sha256", film->sha256);
    put_integer(json, "width", film->width);
    put_integer(json, "height", film->height);
    put_number(json, "fps",
               film->fps_den > 0 ? (double)film->fps_num / (double)film->fps_den : NAN);
    put_integer(json, "frames", film->frames > INT64_MAX ? INT64_MAX : (int64_t)film->frames);
    put_number(
        json, "seconds",
        film->seconds); /* how long the film is, not how long it took: it stays without times */
    if (times) {
        orl_json_key(json, "cached");
        orl_json_bool(json, film->cached);
    }
    put_quality(json, film->quality);
    put_string(json, "finding", film->finding);
    put_events(json, film);
    if (film->failure)
        put_string(json, "failure", film->failure);
    orl_json_close(json, '}');
}

/* held is null where it was not judged, the value where it is no number and no word: never. */
static void put_check(struct orl_json *json, const struct orl_report_check *check)
{
    orl_json_open(json, '{');
    put_string(json, "what", check->what);
    orl_json_key(json, "held");
    if (check->held == ORL_HELD_UNKNOWN)
        orl_json_null(json);
    else
        orl_json_bool(json, check->held == ORL_HELD_YES);
    if (check->words)
        put_string(json, "value", check->words);
    else
        put_number(json, "value", check->value);
    orl_json_close(json, '}');
}

static void put_checks(struct orl_json *json, const char *key, const struct orl_report *report,
                       bool baseline)
{
    orl_json_key(json, key);
    orl_json_open(json, '[');
    for (size_t i = 0; i < report->check_count; i++)
        if (report->checks[i].baseline == baseline)
            put_check(json, &report->checks[i]);
    orl_json_close(json, ']');
}

static void put_lists(struct orl_json *json, const struct orl_report *report)
{
    orl_json_key(json, "runs");
    orl_json_open(json, '[');
    for (size_t i = 0; i < report->run_count; i++)
        put_run(json, &report->runs[i], report->times);
    orl_json_close(json, ']');
    orl_report_repeats_put(json, report);
    orl_json_key(json, "films");
    orl_json_open(json, '[');
    for (size_t i = 0; i < report->film_count; i++)
        put_film(json, &report->films[i], report->times);
    orl_json_close(json, ']');
    put_checks(json, "expect", report, false);
    put_checks(json, "baseline", report, true);
    orl_json_key(json, "warnings");
    orl_json_open(json, '[');
    for (size_t i = 0; i < report->warning_count; i++)
        orl_json_string(json, report->warnings[i]);
    orl_json_close(json, ']');
}

char *orl_report_summary(const struct orl_report *report)
{
    struct orl_text text = {0};
    struct orl_json json = {.out = &text, .first = true};
    orl_json_open(&json, '{');
    put_integer(&json, "schema", 1);
    put_string(&json, "experiment", report->experiment);
    orl_json_key(&json, "versions");
    orl_json_open(&json, '{');
    for (size_t i = 0; i < report->version_count; i++)
        put_string(&json, report->versions[i].name, report->versions[i].version);
    orl_json_close(&json, '}');
    put_lists(&json, report);
    if (report->times)
        put_number(&json, "seconds", report->seconds);
    orl_json_close(&json, '}');
    return orl_text_take(&text);
}
