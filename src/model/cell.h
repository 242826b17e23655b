/* Numbers in cells of tables, as people and programs write them. */
#ifndef ORL_MODEL_CELL_H
#define ORL_MODEL_CELL_H

#include "base/csv.h"
#include "optreel/model.h"

/* What is known of a table's numbers so far. Zero-initialize. */
struct cell_reader {
    enum orl_decimal decimal;
    bool skip_missing;
    bool first_row;                /* below the header: perhaps units */
    bool points_seen, commas_seen; /* decimals of that kind, where nothing is said */
    bool digits_told;              /* a number with more digits than a double keeps */
};

/* The number of a cell: 1. 0: there is none, and rows that lack one are left out. ORL_EINPUT with a
 * message that says what to write. A number too small for a double is 0, with a warning. */
int orl_cell_read(struct cell_reader *reader, struct orl_csv *csv,
                  const struct orl_csv_field *field, double *out);
/* Without blanks at both ends, among them those that do not break; its length. */
size_t orl_cell_trim(const char **text);

#endif
