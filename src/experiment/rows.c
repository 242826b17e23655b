/* Every key of an experiment file, map by map. To add one: a row here, a field where it is kept,
 * and the code that uses it; see CONTRIBUTING.md. */
#include "experiment/rows.h"

#include <math.h>

#include "scene/tables.h"

/* A number without a limit of its own. */
#define ANY_LEAST (-1.7976931348623157e308)
#define ANY_MOST  1.7976931348623157e308

/* ---- Choices from tables ----------------------------------------------------------------------
 */

static const char *preset_name(size_t i)
{
    return orl_presets[i].name;
}

/* ---- The top of the file ----------------------------------------------------------------------
 */

#define AT(field) .offset = offsetof(struct orl_experiment, field)

static const struct key record_rows[] = {
    {.name = "every",
     .type = &orl_key_integer,
     .flags = KEY_RUN,
     AT(record_every),
     .initial = 1,
     .minimum = 1,
     .limit = KEY_LIMIT(steps),
     .unit = "steps",
     .description = "keep the rows whose step is a multiple of this, and the last one"},
    {.name = "rows",
     .type = &orl_key_count,
     .flags = KEY_RUN,
     AT(record_rows),
     .initial = 100000,
     .minimum = 2,
     .maximum = 10000000,
     .description = "most rows of a trace; of a longer one the first min(1000, rows/2) are kept, "
                    "the rest evenly on the scale of log steps"},
    {0},
};
static const struct key_map record_map = {.what = "record", .rows = record_rows};

static const struct key stop_rows[] = {
    {.name = "loss",
     .type = &orl_key_real,
     .flags = KEY_RUN,
     AT(stop.loss),
     .maximum = 1e300,
     .unit = "loss",
     .description = "end a run whose loss is below this; 0: never"},
    {.name = "gradient",
     .type = &orl_key_real,
     .flags = KEY_RUN,
     AT(stop.gradient),
     .maximum = 1e300,
     .description = "end a run whose gradient has a norm below this; 0: never"},
    {.name = "change",
     .type = &orl_key_real,
     .flags = KEY_RUN,
     AT(stop.change),
     .maximum = 1e300,
     .description = "end a run whose parameters change by less than this; 0: never"},
    {0},
};
static const struct key_map stop_map = {.what = "stop", .rows = stop_rows};

static const struct key report_rows[] = {
    {.name = "times",
     .type = &orl_key_boolean,
     AT(report_times),
     .initial = 1,
     .description = "false: summary.json, results.* and index.html tell no times, so that they "
                    "are the same each time"},
    {0},
};
static const struct key_map report_map = {.what = "report", .rows = report_rows};

/* No flags: what a variant makes are outputs of their own, with content keys of their own. */
static const struct key variant_rows[] = {
    {.name = "preset",
     .type = &orl_key_choice,
     .flags = KEY_ELSEWHERE,
     .choice = preset_name,
     .description = "its size, rate, quality and, where none are given, its formats",
     .example = "square"},
    {.name = "formats",
     .type = &orl_key_formats,
     .flags = KEY_ELSEWHERE,
     .description = "default: those of the preset, else those of the films themselves",
     .example = "[gif]"},
    {.name = "size",
     .type = &orl_key_size,
     .flags = KEY_ELSEWHERE,
     .unit = "px",
     .description = "WIDTHxHEIGHT, both even",
     .example = "640x360"},
    {.name = "fps",
     .type = &orl_key_rate,
     .flags = KEY_ELSEWHERE,
     .unit = "1/s",
     .description = "frames per second",
     .example = "25"},
    {0},
};
const struct key_map orl_variant_map = {
    .what = "a variant", .topic = "output", .rows = variant_rows};

static const struct key output_rows[] = {
    {.name = "formats",
     .type = &orl_key_formats,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .description = "a format, a list of them, or a map with settings for each",
     .example = "{mp4: {crf: 30}, gif: {colors: 16}}"},
    {.name = "preset",
     .type = &orl_key_choice,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .choice = preset_name,
     .description = "a named set of formats, size, rate and quality",
     .example = "draft"},
    {.name = "size",
     .type = &orl_key_size,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .unit = "px",
     .description = "WIDTHxHEIGHT, both even",
     .example = "640x360"},
    {.name = "fps",
     .type = &orl_key_rate,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .unit = "1/s",
     .description = "frames per second, such as 30 or 30000/1001",
     .example = "25"},
    {.name = "theme",
     .type = &orl_key_theme,
     .flags = KEY_FILM,
     AT(theme),
     .description = "a theme's name, or a map: a base and colours in place of its own",
     .example = "dark"},
    {.name = "max_size",
     .type = &orl_key_bytes,
     .flags = KEY_THROUGH | KEY_PRESET,
     AT(max_bytes),
     .initial = -1,
     .unit = "bytes",
     .description = "no file may be larger, such as 5 MB; 0: any size",
     .example = "5 MB"},
    {.name = "font",
     .type = &orl_key_file,
     .flags = KEY_FILM,
     AT(font),
     .description = "a font file; null: the default",
     .example = "font.ttf"},
    {.name = "poster",
     .type = &orl_key_boolean,
     AT(poster),
     .initial = 1,
     .description = "the last frame as a PNG beside each film"},
    {.name = "contact",
     .type = &orl_key_cells,
     .flags = KEY_ELSEWHERE,
     .description = "COLUMNSxROWS: a contact sheet beside each film",
     .example = "4x3"},
    {.name = "variants",
     .type = &orl_key_by_name,
     .flags = KEY_ELSEWHERE,
     .map = &orl_variant_map,
     .description = "the same films again in other sizes, as FILM.VARIANT.EXTENSION",
     .example = "{square: {preset: square}}"},
    {0},
};
const struct key_map orl_output_map = {.what = "output", .topic = "output", .rows = output_rows};

static const struct key runs_rows[] = {
    {.name = "except",
     .type = &orl_key_names,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .minimum = 0,
     .maximum = 10000,
     .description = "runs to leave out: problem/optimizer, with * and ?",
     .example = "[p/adam]"},
    {.name = "add",
     .type = &orl_key_list,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .map = &orl_recorded_map,
     .description = "runs that were recorded elsewhere",
     .example = "[{name: torch, problem: p, trace: torch.csv}]"},
    {0},
};
const struct key_map orl_runs_map = {.what = "runs", .topic = "runs", .rows = runs_rows};

static const struct key experiment_rows[] = {
    {.name = "name",
     .type = &orl_key_text,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .description = "what its folder is called; default: the file's name",
     .example = "fits"},
    {.name = "title",
     .type = &orl_key_title,
     AT(title),
     .flags = KEY_THROUGH,
     .description = "what the experiment is called; default: its name"},
    {.name = "description",
     .type = &orl_key_text,
     AT(description),
     .description = "free text for the report"},
    {.name = "steps",
     .type = &orl_key_integer,
     .flags = KEY_THROUGH,
     AT(steps),
     .initial = 5000,
     .minimum = 1,
     .limit = KEY_LIMIT(steps),
     .description = "updates of each run"},
    {.name = "seed",
     .type = &orl_key_seed,
     .flags = KEY_THROUGH,
     AT(seed),
     .initial = 1,
     .description = "for everything random that has no seed of its own"},
    {.name = "record",
     .type = &orl_key_map,
     .flags = KEY_RUN,
     .map = &record_map,
     .description = "which rows of a trace are kept"},
    {.name = "stop",
     .type = &orl_key_map,
     .flags = KEY_RUN,
     .map = &stop_map,
     .description = "when a run ends before its last step"},
    {.name = "problems",
     .type = &orl_key_by_name,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .map = &orl_problem_map,
     .description = "models with data and a loss, or functions to minimise"},
    {.name = "optimizers",
     .type = &orl_key_optimizers,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .map = &orl_optimizer_map,
     .description = "update rules and their hyperparameters"},
    {.name = "runs",
     .type = &orl_key_map,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .map = &orl_runs_map,
     .description = "default: every optimizer on every problem"},
    {.name = "films",
     .type = &orl_key_list,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .map = &orl_film_map,
     .description = "default: one film for each run"},
    {.name = "expect",
     .type = &orl_key_list,
     .flags = KEY_ELSEWHERE,
     .map = &orl_expect_map,
     .description = "what must hold when the runs have ended; exit code 1 where it does not"},
    {.name = "report",
     .type = &orl_key_map,
     .map = &report_map,
     .description = "what stands in the report"},
    {.name = "output",
     .type = &orl_key_map,
     .flags = KEY_FILM,
     .map = &orl_output_map,
     .description = "what the films are made into"},
    {0},
};
const struct key_map orl_experiment_map = {
    .what = "an experiment", .topic = "experiment", .rows = experiment_rows};
#undef AT

/* ---- Recorded runs: runs.add ------------------------------------------------------------------
 */

#define AT(field) .offset = offsetof(struct orl_recorded_settings, field)
static const struct key recorded_rows[] = {
    {.name = "name",
     .type = &orl_key_text,
     .flags = KEY_THROUGH,
     AT(name),
     .description = "what the run is called, beside its problem; of several in a log, the "
                    "beginning of their names; a log's own names where it is left out"},
    {.name = "problem",
     .type = &orl_key_text,
     .flags = KEY_THROUGH,
     AT(problem),
     .description = "the problem that it worked on; without one it is a log alone"},
    {.name = "trace",
     .type = &orl_key_names,
     .flags = KEY_REQUIRED | KEY_THROUGH,
     AT(trace),
     .count_offset = offsetof(struct orl_recorded_settings, trace_count),
     .minimum = 1,
     .maximum = 10000,
     .description = "a CSV file with a row for each step, or training logs: files and folders",
     .example = "run.csv"},
    {.name = "title",
     .type = &orl_key_title,
     .flags = KEY_THROUGH,
     AT(title),
     .description = "on films, in place of the name"},
    {.name = "step",
     .type = &orl_key_text,
     .flags = KEY_THROUGH,
     AT(step),
     .description = "of a log: the column that counts the steps",
     .example = "batch"},
    {.name = "loss",
     .type = &orl_key_text,
     .flags = KEY_THROUGH,
     AT(loss),
     .description = "of a log: the column that is the loss",
     .example = "mse"},
    {.name = "columns",
     .type = &orl_key_names,
     .flags = KEY_THROUGH,
     AT(columns),
     .count_offset = offsetof(struct orl_recorded_settings, column_count),
     .minimum = 0,
     .maximum = 1000,
     .description = "of a log: these columns and no others, with * and ?",
     .example = "[acc]"},
    {.name = "runs",
     .type = &orl_key_names,
     .flags = KEY_THROUGH,
     AT(runs),
     .count_offset = offsetof(struct orl_recorded_settings, run_count),
     .minimum = 0,
     .maximum = 1000,
     .description = "of a log with several runs: these, with * and ?",
     .example = "[\"l*\"]"},
    {.name = "smooth",
     .type = &orl_key_integer,
     .flags = KEY_THROUGH,
     AT(smooth),
     .maximum = 1000000,
     .unit = "points",
     .description = "a mean over so many points, drawn over the losses; 0: none",
     .example = "5"},
    {0},
};
const struct key_map orl_recorded_map = {.what = "a run",
                                         .topic = "runs",
                                         .rows = recorded_rows,
                                         .size = sizeof(struct orl_recorded_settings)};
#undef AT

/* ---- Optimizers -------------------------------------------------------------------------------
 */

static const struct key tune_rows[] = {
    {.name = "tune",
     .type = &orl_key_range,
     .flags = KEY_REQUIRED | KEY_THROUGH | KEY_ELSEWHERE,
     .description = "the least rate and the largest one that are tried",
     .example = "[0.001, 1]"},
    {.name = "trials",
     .type = &orl_key_integer,
     .flags = KEY_THROUGH,
     .offset = offsetof(struct orl_tune, trials),
     .initial = ORL_TRIALS_USUAL,
     .minimum = 1,
     .maximum = 10000,
     .description = "how many rates are tried, between the two evenly on a logarithmic scale"},
    {0},
};
const struct key_map orl_tune_map = {
    .what = "a learning rate", .topic = "optimizers", .rows = tune_rows};

#define AT(field) .offset = offsetof(struct optimizer_entry, field)
static const struct key optimizer_rows[] = {
    {.name = "kind",
     .type = &orl_key_text,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .description = "the update rule, where the name does not say it",
     .example = "momentum"},
    {.name = "title",
     .type = &orl_key_title,
     .flags = KEY_THROUGH,
     AT(title),
     .description = "on films, in place of the rule's name"},
    {.name = "repeat",
     .type = &orl_key_count,
     .flags = KEY_THROUGH,
     AT(repeat),
     .initial = 1,
     .minimum = 1,
     .maximum = 1000,
     .description = "with batch: so many runs with seeds of their own, shown as their middle"},
    {.name = "state",
     .type = &orl_key_state,
     .flags = KEY_OWN_RULE | KEY_THROUGH | KEY_ELSEWHERE,
     .description = "of a rule of your own: what it keeps from step to step, and where that "
                    "starts",
     .example = "{m: 1}"},
    {.name = "hyper",
     .type = &orl_key_hyper,
     .flags = KEY_OWN_RULE | KEY_THROUGH | KEY_ELSEWHERE,
     .description = "of a rule of your own: its hyperparameters",
     .example = "{rate: 0.2}"},
    {.name = "update",
     .type = &orl_key_formula,
     .flags = KEY_OWN_RULE | KEY_THROUGH | KEY_ELSEWHERE,
     .description = "a rule of your own: assignments, in order, for each parameter",
     .example = "\"m = m + g; p = p - 2*rate*m\""},
    {0},
};
const struct key_map orl_optimizer_map = {
    .what = "an optimizer", .topic = "optimizers", .rows = optimizer_rows};
#undef AT
