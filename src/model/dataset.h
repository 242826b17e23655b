/* Making data sets, for the files of this room. */
#ifndef ORL_MODEL_DATASET_H
#define ORL_MODEL_DATASET_H

#include "optreel/model.h"

/* A data set with its names and no numbers yet; NULL when memory is short. */
struct orl_dataset *orl_dataset_create(size_t rows, size_t columns, const char *const *names);
/* A column: room for `rows` numbers, aligned to 64 bytes, not cleared; NULL when memory is short.
 * Large ones are mappings of their own, which grow without a copy and go back to the system at
 * once. `rows` must be the same when it is resized or freed. */
double *orl_dataset_column(size_t rows);
/* Keeps what fits; NULL when memory is short, and then the old column still stands. */
double *orl_dataset_column_resize(double *column, size_t rows, size_t new_rows);
void orl_dataset_column_free(double *column, size_t rows);

#endif
