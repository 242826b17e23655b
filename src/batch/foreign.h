/* A problem for traces that others recorded: from a model's formula and a data file alone (optreel
 * film --model --data). */
#ifndef ORL_BATCH_FOREIGN_H
#define ORL_BATCH_FOREIGN_H

#include "optreel/batch.h"

/* Make the problem of `request->model`. With data, the names in the model that are columns of the
 * file are predictors and all others but constants are parameters; the response is
 * `request->response`, or the column y, or the only column that the model does not use. Without
 * data it is an objective, and all its names are its variables. The loss is the mean of squares.
 * ORL_EUSAGE where the formula is at fault, ORL_EINPUT with messages for the file. Release with
 * orl_problem_destroy. */
int orl_foreign_problem(const struct orl_film_request *request, struct orl_messages *messages,
                        struct orl_problem **out, struct orl_error *err);

#endif
