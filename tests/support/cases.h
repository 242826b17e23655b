/* Small cases of films in plain text: tests/scene/meaning.txt says how they are written. */
#ifndef ORL_TESTS_CASES_H
#define ORL_TESTS_CASES_H

#include "optreel/scene.h"

enum {
    CASE_RUNS = 16,
    CASE_PANELS = 4,
    CASE_PARAMETERS = 6,
    CASE_ROWS = 64,
    CASE_POINTS = 3,
    CASE_NOTES = 4,
    CASE_SETTINGS = 32
};

/* A case while it is read: lines fill it, the first `frame` makes its film. */
struct film_case {
    const char *path;
    unsigned line; /* of the file */
    char name[128];
    char formula[256];
    char parameters[CASE_PARAMETERS][32];
    size_t parameter_count;
    double start[CASE_PARAMETERS], truth[CASE_POINTS * CASE_PARAMETERS];
    size_t truths;
    double noise; /* of the data */
    bool sum;     /* the loss is the sum of squares, not their mean */
    size_t points;
    char titles[CASE_RUNS][128], names[CASE_RUNS][64], details[CASE_RUNS][128];
    char settings[CASE_RUNS][64];
    struct orl_told told[CASE_RUNS]; /* of each run, where it has a setting */
    bool has_told[CASE_RUNS];
    struct orl_trace *traces[CASE_RUNS]; /* owned */
    size_t runs;
    char panels[CASE_PANELS][32];
    struct orl_value values[CASE_PANELS][CASE_SETTINGS];
    bool has_values[CASE_PANELS];
    double column[3][CASE_ROWS]; /* data by hand: x, y, sigma */
    size_t column_rows[3];
    size_t panel_count;
    char title[128], subtitle[128], note[128], credit[128], watched[64]; /* "": none is given */
    char quantity[64];
    struct orl_note notes[CASE_NOTES];
    char note_words[CASE_NOTES][128];
    size_t note_count;
    bool no_events, highlights, highlight[CASE_RUNS];
    int64_t from_step, to_step;
    double level; /* by which runs rank; NAN: by the rule */
    enum orl_pace pace;
    enum orl_layout layout;
    double length_s, hold_first_s, hold_last_s;
    int width, height;
    struct orl_problem *problem; /* owned; NULL where the case has no formula */
    struct orl_film *film;       /* owned */
    struct orl_film_run shown[CASE_RUNS];
    size_t events; /* of the film that were compared */
    size_t frame;  /* that is looked at */
    size_t checks; /* facts that held or did not, over all cases */
    size_t faults; /* those that did not; each was printed with its line */
};

/* Reads and checks all cases of a file. Returns the number of facts that do not hold, each printed
 * with file and line; `checks` counts all facts. A line that cannot be read fails the test. */
size_t cases_run(const char *path, size_t *checks);

#endif
