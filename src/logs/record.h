/* What the files of one run hold, before it is made sense of: columns of numbers, each number with
 * the row or the step at which it stands. Readers fill it, sense.c makes a trace of it. */
#ifndef ORL_LOGS_RECORD_H
#define ORL_LOGS_RECORD_H

#include "optreel/base.h"

enum { LOG_WORDS = 8 }; /* a column of more different words is text */

/* One column. */
struct log_series {
    char *name;    /* owned */
    int64_t *at;   /* owned: the row of each value, or its step where the record is stepped */
    double *value; /* owned: may be NaN or infinite */
    size_t count, capacity;
    /* Cells that are no numbers: which of the words stands in which row. */
    char *words[LOG_WORDS]; /* owned */
    size_t word_count;
    int64_t *word_at; /* owned */
    uint8_t *word;    /* owned */
    size_t cells, word_capacity, word_kind_capacity;
    bool text; /* there were more words than that */
};

/* One run. */
struct log_record {
    char *key;     /* owned: what tells it from other runs of its file; "" */
    char *title;   /* owned: as people called it; NULL */
    char *details; /* owned: of its configuration; NULL */
    bool stepped;  /* `at` is the step, not the row */
    bool by_time;  /* the points of each series are in the order of time */
    int64_t rows;
    struct log_series *series; /* owned */
    size_t count, capacity;
    uint32_t *index;         /* owned: hash table of positions in `series`, plus 1 */
    size_t index_size, last; /* the series that was asked for last */
};

/* All runs of a source. Zero-initialize; release with orl_log_records_uninit. */
struct log_records {
    struct log_record **items; /* owned */
    size_t count, capacity;
    const struct orl_limits *limits; /* borrowed */
    size_t points;
};
void orl_log_records_uninit(struct log_records *records);

/* The run of that key, made where there is none. NULL after a failure: too many runs, no memory. */
struct log_record *orl_log_record_get(struct log_records *records, const char *key,
                                      struct orl_error *err);
/* The column of that name, made where there is none. NULL after a failure. */
struct log_series *orl_log_series_get(struct log_records *records, struct log_record *record,
                                      const char *name, size_t length, struct orl_error *err);
/* Add a number, or a word, to a column. */
int orl_log_series_add(struct log_records *records, struct log_series *series, int64_t at,
                       double value, struct orl_error *err);
int orl_log_series_add_word(struct log_series *series, int64_t at, const char *word, size_t length,
                            struct orl_error *err);
/* A number as a log has it: decimal, or a way to write NaN and infinities. False where it is none.
 */
bool orl_log_number(const char *text, size_t length, double *value);

#endif
