/* The header of a table and the row of units below it. For read.c. */
#ifndef ORL_MODEL_HEADER_H
#define ORL_MODEL_HEADER_H

#include "base/csv.h"

/* Whether the field of the header has this name: the same letters, whatever their accents are made
 * of and whatever blanks stand around them; "#x" in the first field is called x, too. */
bool orl_header_is(const struct orl_csv *csv, size_t field, const char *name);
/* What to do where the header, the present record with `width` names, has none of this name: the
 * `skip` that finds a later line, the name in other letters, the names that there are. The table
 * cannot be read on after that. Owned by the caller; NULL when memory is short. */
char *orl_header_hint(struct orl_csv *csv, size_t width, const char *name);
/* Characters that cannot be seen: bidirectional and zero-width controls make a name look like
 * another one; others reach into terminals. */
bool orl_header_hidden(const struct orl_csv_field *field);
/* "(s)", "[s]" and "s" are the unit s; "-", "1" and nothing are none. Moves *unit to its first
 * byte, returns its length. */
size_t orl_unit_trim(const char **unit);

#endif
