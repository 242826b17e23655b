/* Making data sets, for the files of this room. */
#ifndef ORL_MODEL_DATASET_H
#define ORL_MODEL_DATASET_H

#include "optreel/model.h"

/* A data set with its names and no numbers yet; NULL when memory is short. */
struct orl_dataset *orl_dataset_create(size_t rows, size_t columns, const char *const *names);
/* Room for `rows` numbers, aligned to 64 bytes, not cleared; NULL when memory is short. Release with free. */
double *orl_dataset_column(size_t rows);

#endif
