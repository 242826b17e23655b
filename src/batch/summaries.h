/* Two summary.json compared: with one of before (--baseline), or with another folder's (optreel
 * diff). */
#ifndef ORL_BATCH_SUMMARIES_H
#define ORL_BATCH_SUMMARIES_H

#include "base/text.h"

#define ORL_TOLERANCE_USUAL 1e-9 /* relative to the larger of two numbers */

/* A scalar of a run or film: "loss", "parameters.alpha". */
struct summary_value {
    char *path;    /* owned */
    char *words;   /* owned: a text, true, false; NULL: a number */
    double number; /* NAN: null */
};

struct summary_item {
    char *name; /* owned: a run's, or a film's path */
    size_t count, capacity;
    struct summary_value *values; /* owned */
};

/* Zero-initialize; release with orl_summary_uninit. */
struct summary {
    size_t run_count, run_capacity, film_count, film_capacity;
    struct summary_item *runs, *films; /* owned */
};

/* `shown` names it in messages. ORL_EINPUT where it is no summary of ours. */
int orl_summary_parse(const char *shown, const char *text, size_t length, struct summary *out,
                      struct orl_error *err);
/* The same of a file. ORL_EINPUT where it cannot be read. */
int orl_summary_read(const char *path, struct summary *out, struct orl_error *err);
void orl_summary_uninit(struct summary *summary);

/* The one of that name; NULL. */
const struct summary_item *orl_summary_find(const struct summary_item *items, size_t count,
                                            const char *name);

/* What of a run is compared. Times never are. */
enum summary_scope {
    SUMMARY_ALL,
    SUMMARY_RESULTS, /* what runs came to, not how they were set up */
    SUMMARY_ALONE,   /* ... but for what the other runs of their problem decide, too */
};
/* Append how a run differs from that of before, at most six values of it: "loss 0.5, was 0.4; rank
 * 2, was 1". Ranks differ whatever the tolerance. Returns how many values differ. */
size_t orl_summary_compare(const struct summary_item *before, const struct summary_item *now,
                           double tolerance, enum summary_scope scope, struct orl_text *out);

#endif
