/* Content keys: what decides a run's numbers and an output's pixels, as a hash. Rows with KEY_RUN
 * or KEY_FILM enter by themselves; here is what is made of the others. */
#include <string.h>

#include "base/hash.h"
#include "encode/tables.h"
#include "experiment/rows.h"
#include "scene/tables.h"

static void hash_values(struct orl_sha256 *hash, const struct orl_setting *settings,
                        const struct orl_value *values)
{
    for (size_t i = 0; settings && settings[i].name; i++) {
        orl_sha256_string(hash, settings[i].name);
        orl_sha256_number(hash, values[i].number);
        orl_sha256_string(hash, values[i].text);
        for (char **name = values[i].names; name && *name; name++)
            orl_sha256_string(hash, *name);
    }
}

static void hash_numbers(struct orl_sha256 *hash, const double *numbers, size_t count)
{
    orl_sha256_number(hash, numbers ? (double)count : -1.0);
    for (size_t i = 0; numbers && i < count; i++)
        orl_sha256_number(hash, numbers[i]);
}

static void hash_columns(struct orl_sha256 *hash, const struct orl_problem_plan *p)
{
    for (size_t i = 0; i < p->column_count; i++) {
        const struct orl_column_spec *c = &p->columns[i];
        orl_sha256_string(hash, c->name);
        hash_numbers(hash, c->list, c->count);
        orl_sha256_number(hash, c->from);
        orl_sha256_number(hash, c->to);
        orl_sha256_number(hash, (double)c->count);
        orl_sha256_number(hash, c->random);
    }
    for (size_t i = 0; i < p->csv_count; i++) {
        orl_sha256_string(hash, p->csv_columns[i].name);
        orl_sha256_string(hash, p->csv_columns[i].header);
        orl_sha256_number(hash, (double)p->csv_columns[i].position);
        orl_sha256_number(hash, p->csv_columns[i].optional);
    }
}

static void hash_problem(struct orl_sha256 *hash, const struct orl_problem_plan *p)
{
    orl_sha256_string(hash, p->name);
    orl_sha256_string(hash, p->model);
    for (size_t i = 0; i < p->parameter_count; i++)
        orl_sha256_string(hash, p->parameters[i]);
    hash_numbers(hash, p->start, p->parameter_count);
    hash_numbers(hash, p->truth, (p->truth_count ? p->truth_count : 1) * p->parameter_count);
    hash_numbers(hash, p->domain, p->domain ? 2 * p->parameter_count : 0);
    for (size_t i = 0; i < p->shape_count; i++) {
        orl_sha256_number(hash, (double)p->shapes[i].rows);
        for (size_t k = 0; k < p->shapes[i].rows * p->shapes[i].columns; k++)
            orl_sha256_number(hash, (double)p->shapes[i].parameters[k]);
    }
    orl_sha256_string(hash, p->loss->name);
    hash_values(hash, p->loss->settings, p->loss_settings);
    orl_sha256_number(hash, p->data_kind);
    hash_columns(hash, p);
    orl_sha256_number(hash, p->noise.sd);
    orl_sha256_number(hash, p->noise.outliers);
    orl_sha256_update(hash, &p->seed, sizeof p->seed);
    orl_sha256_string(hash, p->response);
    if (p->data_kind == ORL_DATA_FILE)
        orl_keys_hash(hash, &orl_table_map, p, KEY_RUN);
    else if (p->data_kind == ORL_DATA_LISTED)
        orl_keys_hash(hash, &orl_listed_map, p, KEY_RUN);
    orl_sha256_update(hash, p->digest, sizeof p->digest);
}

void orl_run_key(const struct orl_experiment *experiment, size_t run, char hex[65])
{
    const struct orl_run_plan *r = &experiment->runs[run];
    struct orl_sha256 hash;
    orl_sha256_init(&hash);
    orl_sha256_string(&hash, "run " ORL_VERSION);
    orl_sha256_string(&hash, r->name);
    hash_problem(&hash, &experiment->problems[r->problem]);
    orl_sha256_string(&hash, r->desc ? r->desc->name : NULL);
    orl_sha256_string(&hash, r->desc ? r->desc->rule : NULL); /* of a rule of one's own: its text */
    orl_sha256_update(&hash, r->state_digest, sizeof r->state_digest);
    hash_values(&hash, r->desc ? r->desc->settings : NULL, r->values);
    hash_values(&hash, orl_optimizer_common, r->common);
    orl_sha256_number(&hash, r->tune.from);
    orl_sha256_number(&hash, r->tune.to);
    orl_sha256_number(&hash, (double)r->tune.trials);
    if (r->tune.trials > 0)
        orl_sha256_update(&hash, &experiment->seed, sizeof experiment->seed);
    orl_sha256_string(&hash, r->trace_shown);
    orl_sha256_update(&hash, r->trace_digest, sizeof r->trace_digest);
    orl_sha256_update(&hash, &r->steps, sizeof r->steps);
    orl_sha256_update(&hash, &r->seed, sizeof r->seed);
    orl_keys_hash(&hash, &orl_experiment_map, experiment, KEY_RUN);
    orl_sha256_final_hex(&hash, hex);
}

/* What is told of a run; a tuned rate follows from the run's own key, before and after it is known.
 */
static void hash_told(struct orl_sha256 *hash, const struct orl_run_plan *run)
{
    for (size_t i = 0; i < run->told_count; i++) {
        orl_sha256_string(hash, run->told[i].name);
        if (run->tune.trials == 0 || i != run->tuned_told)
            orl_sha256_string(hash, run->told[i].text);
    }
}

static void hash_film(struct orl_sha256 *hash, const struct orl_experiment *e,
                      const struct orl_film_plan *f)
{
    orl_keys_hash(hash, &orl_film_map, f->settings, KEY_FILM);
    orl_sha256_string(hash, f->title);
    for (size_t i = 0; i < f->run_count; i++) {
        const struct orl_run_plan *run = &e->runs[f->runs[i]];
        char key[ORL_SHA256_HEX];
        orl_run_key(e, f->runs[i], key);
        orl_sha256_string(hash, key);
        orl_sha256_string(hash, e->problems[run->problem].title);
        orl_sha256_string(hash, run->title);
        hash_told(hash, run);
        orl_sha256_string(hash, run->loss_name);
        orl_sha256_number(hash, (double)run->smooth);
        orl_sha256_number(hash, (double)run->style);
    }
    for (size_t i = 0; i < f->panel_count; i++) {
        orl_sha256_string(hash, f->panels[i].desc->name);
        hash_values(hash, f->panels[i].desc->settings, f->panels[i].values);
    }
    orl_sha256_string(hash, f->watched ? f->watched : "");
    orl_sha256_number(hash, f->layout);
    orl_sha256_number(hash, (double)f->grid.column_count);
    for (size_t i = 0; i < f->grid.column_count; i++)
        orl_sha256_number(hash, f->grid.columns[i]);
    for (size_t i = 0; i < f->grid.row_count; i++)
        orl_sha256_number(hash, f->grid.rows[i]);
    orl_sha256_number(hash, f->pace);
    orl_sha256_number(hash, f->length_s);
    orl_sha256_number(hash, f->hold_first_s);
    orl_sha256_number(hash, f->hold_last_s);
    orl_sha256_update(hash, &f->from_step, sizeof f->from_step);
    orl_sha256_update(hash, &f->to_step, sizeof f->to_step);
}

void orl_output_key(const struct orl_experiment *experiment, size_t film, size_t output,
                    char hex[65])
{
    const struct orl_film_plan *f = &experiment->films[film];
    const struct orl_output_plan *o = &f->outputs[output];
    struct orl_sha256 hash;
    orl_sha256_init(&hash);
    orl_sha256_string(&hash, "output " ORL_VERSION);
    orl_sha256_number(&hash, o->look ? (double)o->look->panels_most : 0.0);
    orl_sha256_number(&hash, o->look ? o->look->clear_below : 0.0);
    orl_sha256_number(&hash, o->look && o->look->card ? 1.0 : 0.0);
    hash_film(&hash, experiment, f);
    orl_sha256_string(&hash, o->format->name);
    hash_values(&hash, o->format->settings, o->values);
    orl_sha256_number(&hash, o->width);
    orl_sha256_number(&hash, o->height);
    orl_sha256_number(&hash, o->fps_num);
    orl_sha256_number(&hash, o->fps_den);
    orl_sha256_number(&hash, o->text_px);
    orl_sha256_number(&hash, o->line_px);
    orl_sha256_number(&hash, o->poster);
    orl_sha256_number(&hash, o->columns);
    orl_sha256_number(&hash, o->rows);
    orl_sha256_number(&hash, (double)o->max_bytes);
    orl_sha256_number(&hash, o->chapters);
    orl_keys_hash(&hash, &orl_experiment_map, experiment, KEY_FILM);
    orl_sha256_final_hex(&hash, hex);
}
