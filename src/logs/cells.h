/* Lines as cells. A log is read whatever its writer did to it: nothing here refuses a line, as
 * base/csv.h does with data that were meant for us. */
#ifndef ORL_LOGS_CELLS_H
#define ORL_LOGS_CELLS_H

#include "optreel/base.h"

struct log_cell {
    const char *text; /* without quotes and the blanks around it; 0-terminated */
    size_t length;
};

/* Cells of one line. Zero-initialize; release with orl_log_cells_uninit. */
struct log_cells {
    struct log_cell *items; /* owned; their text lies in `text` */
    size_t count, capacity;
    char *text; /* owned */
    size_t text_capacity;
};
void orl_log_cells_uninit(struct log_cells *cells);

/* Split a line. `separator` ' ' stands for runs of blanks. */
int orl_log_cells_split(const char *line, size_t length, char separator, struct log_cells *out,
                        struct orl_error *err);
/* The character that separates the cells of a header: a tab, a comma or a semicolon outside of
 * quotes, the first of these that there is; ' ' where there is none, but blanks. */
char orl_log_separator(const char *line, size_t length);
/* A cell that says that there is no value: empty, _, NA, None and the like. */
bool orl_log_cell_is_gap(const struct log_cell *cell);
/* A number, also in per cent, also with a decimal comma where `comma`. */
bool orl_log_cell_number(const struct log_cell *cell, bool comma, double *value);

#endif
