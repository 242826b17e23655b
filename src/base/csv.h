/* Tables as text: RFC 4180, a record at a time, with limits and positions. Comma, tab or semicolon,
 * as the header line shows; LF or CRLF; a UTF-8 byte order mark is skipped, and so are empty lines
 * and, before the header, lines that begin with '#'. */
#ifndef ORL_BASE_CSV_H
#define ORL_BASE_CSV_H

#include "optreel/base.h"

struct orl_csv_field {
    const char
        *text; /* 0-terminated, without quotes; blanks around an unquoted field are cut off */
    size_t length;
    size_t offset; /* where it starts in the record, in bytes */
    bool quoted;
};

/* A table being read. Only `fields`, `count` and `line` are for others. */
struct orl_csv {
    struct orl_csv_field *fields; /* of the present record; valid until the next one */
    size_t count;
    unsigned line; /* where the record starts, 1-based */
    struct csv_reader *reader;
};

/* Open a table. ORL_EINPUT with a message where the file is missing, too large, or no text (gzip,
 * PNG, UTF-16, ...). `shown` is the path as messages name it; it, limits and messages must outlive
 * the table. */
int orl_csv_open(const char *path, const char *shown, const struct orl_limits *limits,
                 struct orl_messages *messages, struct orl_csv *csv);
/* Read the next record; the first is the header. 1: there is one; 0: the end; negative: ORL_EINPUT
 * with a message, or ORL_ENOMEM.
 */
int orl_csv_next(struct orl_csv *csv);
/* A message at a field of the present record (NULL: at the record). Returns ORL_EINPUT. */
int orl_csv_fault(struct orl_csv *csv, const struct orl_csv_field *field, const char *hint,
                  const char *format, ...) ORL_PRINTF(4, 5);
void orl_csv_warn(struct orl_csv *csv, const struct orl_csv_field *field, const char *format, ...)
    ORL_PRINTF(3, 4);
/* SHA-256 of all bytes, for a table that orl_csv_hash was called for right after it was opened;
 * only after orl_csv_next returned 0.
 */
void orl_csv_hash(struct orl_csv *csv);
void orl_csv_digest(struct orl_csv *csv, uint8_t digest[32]);
/* Close; a table that was never opened (zeros) is fine. */
void orl_csv_close(struct orl_csv *csv);

/* True for the ways in which programs write infinities and NaN. */
bool orl_text_not_finite(const char *text);

#endif
