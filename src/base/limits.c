/* The limits, their defaults and their options. */
#include "optreel/base.h"

const struct orl_limits orl_limits_default = {
    .experiment_bytes = 4u << 20,
    .nesting = 64,
    .keys = 10000,
    .name_bytes = 100,
    .title_chars = 500,
    .jobs = 10000,
    .formula_bytes = 64u << 10,
    .formula_depth = 64,
    .formula_nodes = 4096,
    .csv_bytes = UINT64_C(2) << 30,
    .csv_line_bytes = 1u << 20,
    .csv_field_bytes = 64u << 10,
    .csv_columns = 4096,
    .points = 10000000,
    .steps = 1000000000,
    .side_px = 8192,
    .pixels = 33554432,
    .frames = 100000,
    .fps = 240,
    .log_bytes = UINT64_C(2) << 30,
    .log_record_bytes = 64u << 20,
    .log_columns = 10000,
    .log_points = 20000000,
    .log_runs = 1000,
};

#define LIMIT(option, field, description)                                                          \
    {                                                                                              \
        option, description, offsetof(struct orl_limits, field)                                    \
    }

const struct orl_limit_desc orl_limit_descs[] = {
    LIMIT("max-experiment-bytes", experiment_bytes, "bytes of an experiment file"),
    LIMIT("max-nesting", nesting, "levels of nesting in an experiment file"),
    LIMIT("max-keys", keys, "keys of one map in an experiment file"),
    LIMIT("max-name-bytes", name_bytes, "bytes of a name"),
    LIMIT("max-title-chars", title_chars, "characters of a title"),
    LIMIT("max-jobs", jobs, "runs and films of an experiment"),
    LIMIT("max-formula-bytes", formula_bytes, "bytes of a formula"),
    LIMIT("max-formula-depth", formula_depth, "depth of a formula"),
    LIMIT("max-formula-nodes", formula_nodes, "nodes of a formula"),
    LIMIT("max-csv-bytes", csv_bytes, "bytes of a data file"),
    LIMIT("max-csv-line-bytes", csv_line_bytes, "bytes of a line of a data file"),
    LIMIT("max-csv-field-bytes", csv_field_bytes, "bytes of a field of a data file"),
    LIMIT("max-csv-columns", csv_columns, "columns of a data file"),
    LIMIT("max-points", points, "data points"),
    LIMIT("max-steps", steps, "steps of a run"),
    LIMIT("max-side", side_px, "pixels of a picture's side"),
    LIMIT("max-pixels", pixels, "pixels of a picture"),
    LIMIT("max-frames", frames, "frames of a film"),
    LIMIT("max-fps", fps, "frames per second"),
    LIMIT("max-log-bytes", log_bytes, "bytes of a training log"),
    LIMIT("max-log-record-bytes", log_record_bytes, "bytes of a record of a training log"),
    LIMIT("max-log-columns", log_columns, "columns of a training log"),
    LIMIT("max-log-points", log_points, "numbers in a training log"),
    LIMIT("max-log-runs", log_runs, "runs in a training log or a folder of them"),
    {NULL, NULL, 0},
};
