/* What there is, by name: the rows of all tables in one form, for lists, help and choosers. Static
 * data: threads may read it at any time. */
#ifndef OPTREEL_TABLES_H
#define OPTREEL_TABLES_H

#include "optreel/base.h"

ORL_BEGIN_DECLS

enum orl_table {
    ORL_TABLE_EXPERIMENTS, /* built in */
    ORL_TABLE_OPTIMIZERS,
    ORL_TABLE_LOSSES,
    ORL_TABLE_SURFACES, /* classical objectives */
    ORL_TABLE_PANELS,
    ORL_TABLE_FORMATS,
    ORL_TABLE_PRESETS,
    ORL_TABLE_THEMES,
    ORL_TABLE_FUNCTIONS, /* of formulas */
    ORL_TABLES
};

struct orl_table_row {
    const char *name;                   /* as experiment files say it */
    const char *title;                  /* "Adam"; NULL where there is none */
    const char *description;            /* one line; or NULL */
    const char *source;                 /* paper and equation; NULL where there is none */
    const struct orl_setting *settings; /* NULL where it has none */
    bool supported;                     /* false: known by name alone */
};

/* What a table is called: "optimizers". NULL beyond the last. */
const char *orl_table_name(enum orl_table table);
/* The table of that name; ORL_TABLES where there is none. */
enum orl_table orl_table_named(const char *name);
/* The index-th row, all of it borrowed for ever; false past the last. */
bool orl_table_at(enum orl_table table, size_t index, struct orl_table_row *out);
/* The row of that name; false where there is none. */
bool orl_table_find(enum orl_table table, const char *name, struct orl_table_row *out);

ORL_END_DECLS

#endif
