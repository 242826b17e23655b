/* The formats of logs. Adding one is a file that ends with its `struct orl_log_format`, and a line
 * in formats.c. */
#ifndef ORL_LOGS_FORMAT_H
#define ORL_LOGS_FORMAT_H

#include "logs/input.h"
#include "logs/record.h"

/* The beginning of a file, from which its format is told. */
struct log_head {
    const unsigned char *bytes; /* 0-terminated after `length` */
    size_t length;
    uint64_t size;    /* of the whole file */
    const char *path; /* its name decides nothing but the name of what is in it */
};

struct orl_log_format {
    const char *name, *title;
    /* True where the content is of this format: the first of the table wins. */
    bool (*recognise)(const struct log_head *head);
    /* Read all runs of the file. ORL_EINPUT with a message in the input's messages, or with *err
     * filled. NULL: the format is known, but not read; */
    int (*read)(struct log_input *in, struct log_records *records, struct orl_error *err);
    const char *hint; /* ... how to export it then */
    /* Of several files of one folder that hold the same run the one of the lowest rank is read. */
    int rank;
    bool folder_is_run; /* all files of this format in one folder are one run, by name */
    /* In a folder that is searched such a file is taken for a log only where a column counts steps
     * or is called a loss: other programs write such files, too. */
    bool common;
};

extern const struct orl_log_format orl_log_table, orl_log_tensorboard_csv, orl_log_wandb_csv,
    orl_log_json, orl_log_events, orl_log_wandb, orl_log_swanlab, orl_log_database,
    orl_log_mlflow_metric, orl_log_lines;

/* The same for a file: its first bytes are read. NULL, too, where it cannot be opened or is no
 * regular file. An empty file is of none. */
const struct orl_log_format *orl_log_recognise_file(const char *path);

#endif
