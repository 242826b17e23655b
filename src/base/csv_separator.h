/* What separates the fields of a table, as its first lines show. For csv.c. */
#ifndef ORL_BASE_CSV_SEPARATOR_H
#define ORL_BASE_CSV_SEPARATOR_H

#include <stdbool.h>
#include <stddef.h>

/* A blank or a tab. */
bool orl_is_blank(char c);
/* The fields that a line has between separators outside quotes; between runs of blanks for ' '. */
size_t orl_separator_fields(const char *line, size_t length, char separator);
/* The character that the header and the line below it have equally often, of tab, semicolon, bar
 * and comma; else the one that the header has; else ' ' for columns aligned with blanks, which may
 * have names of the rows before them; else a comma. */
char orl_separator_find(const char *header, size_t length, const char *below, size_t below_length);
/* "sep=;", which spreadsheets write first; quotes may stand around it. */
bool orl_separator_told(const char *line, size_t length, char *out);

#endif
