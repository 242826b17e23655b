/* The losses that a training program logged, as the panels `training` and `values` show them: of
 * each run the one that the trace holds, others that share its panel, and those of validation. */
#ifndef ORL_SCENE_RECORDED_H
#define ORL_SCENE_RECORDED_H

#include "scene/panels/view.h"

struct recorded_line {
    size_t run;
    const char *name; /* borrowed: "train_loss"; "loss" where the log does not say */
    bool main;        /* the trace's own loss */
    bool validation;
    const double *values; /* borrowed: of the first row; the trace's loss has its gaps filled */
    size_t stride;
    const bool *gaps; /* borrowed: rows without a value; NULL: NaN tells */
};

enum { RECORDED_LINES = 64 };

/* Lines of a run, the main one first; returns how many there are, at most `capacity` written. */
size_t orl_recorded_lines(const struct view *view, size_t run, struct recorded_line *out,
                          size_t capacity);
/* The value at a row; NaN where none was recorded. */
double orl_recorded_value(const struct recorded_line *line, size_t row);
/* True where a column of a log is drawn with the losses, so that no other panel need. */
bool orl_recorded_is_loss(const struct orl_film_run *run, size_t series);

#endif
