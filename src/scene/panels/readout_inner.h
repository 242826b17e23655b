/* What placing (readout.c) and drawing (readout_draw.c) the readout share. */
#ifndef ORL_SCENE_READOUT_INNER_H
#define ORL_SCENE_READOUT_INNER_H

#include "scene/panels/readout.h"

enum { COLUMNS = 4 };
#define ORL_READOUT_HEAD                                                                           \
    0.35 /* text sizes: more from the head to the first row than between rows */
#define ORL_READOUT_ARRIVED "arrived" /* at that step */
#define ORL_READOUT_WHEN    "arrived at step"

struct readout {
    struct orl_rect box;
    double columns[COLUMNS]; /* right ends of the number columns; the first is the left end of the
                                names, px */
    double now_width;        /* one run: room for the numbers of `now`, px */
    int last_column;  /* one run: 2 where there is none for the truth either; a race: COLUMNS - 1 */
    int first_column; /* one run: 2 where there is no room for the start */
    double names_x;   /* race: where the names begin */
    double names_width;              /* one run: room for the names, px */
    bool thresholds;                 /* one run: told below the parameters */
    int64_t reached[ORL_THRESHOLDS]; /* one run: step at which each was passed, -1: never */
    size_t rows;                     /* parameters, or runs, that are shown */
    size_t all;                      /* that there are */
    char **names;                    /* owned: all entries, as they fit */
    int *decimals;                   /* owned: of each parameter */
    double rank_x;                   /* race: right end of the ranks, px */
    size_t watched;                  /* race: the parameter that is shown; SIZE_MAX: none */
    char *watched_name;              /* owned */
    bool single; /* race: no parameter is watched, so one column of numbers is enough: the loss, and
                    at the finish the step at which a run arrived */
    bool ends;   /* race: there is room for the first, the second and the last alone */
    bool arrives; /* race: somebody reaches the level, which the last column then tells */
};

/* Whether it tells of several runs; whether all of them have a loss; and the value of a parameter
 * at a row of a run, in model units. */
bool orl_readout_is_race(const struct view *view);
bool orl_readout_has_losses(const struct view *view);
double orl_readout_value(const struct view *view, size_t run, size_t row, size_t parameter);
/* NAN where it is not known. */
double orl_readout_truth(const struct view *view, size_t run, size_t parameter);
/* What the head of that column calls it. Static. */
const char *orl_readout_truth_word(const struct view *view);
/* A number in at most `width` pixels: with `decimals` (-1: three figures), else with fewer figures,
 * else as a power of ten. */
void orl_readout_number(const struct view *view, char out[PEOPLE_SIZE], double value, int decimals,
                        bool bold, double width);

#endif
