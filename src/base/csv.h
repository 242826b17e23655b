/* Tables as text: RFC 4180, a record at a time, with limits and positions. Comma, tab, semicolon,
 * bar or blanks, as the header and the line below it show, or as a line "sep=;" says; LF, CRLF or
 * CR; UTF-8, whose byte order mark is skipped, or UTF-16 with one, and so are empty lines and,
 * before the header, lines that begin with '#'. */
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

/* What a table is like besides. Zero-initialize. */
struct orl_csv_dialect {
    size_t skip;         /* lines before the header */
    const char *comment; /* lines that begin with it, blanks before it or not, are left out, also
                            below the header (counted); "": none, and then a header may begin with
                            '#'; NULL: "#", before the header alone */
};

/* A table being read. Only `fields`, `count`, `line`, `comments` and `separator` are for others. */
struct orl_csv {
    struct orl_csv_field *fields; /* of the present record; valid until the next one */
    size_t count;
    unsigned line;         /* where the record starts, 1-based */
    size_t comments;       /* lines below the header that were left out */
    unsigned comment_line; /* the first of them */
    char separator; /* ',', ';', '|', a tab, or ' ' for any number of blanks; known from the header
                       on */
    struct csv_reader *reader;
};

/* Open a table. ORL_EINPUT with a message where the file is missing, too large, or no table
 * (filekind.h). `shown` is the path as messages name it; it, limits and messages must outlive
 * the table. */
int orl_csv_open(const char *path, const char *shown, const struct orl_limits *limits,
                 struct orl_messages *messages, struct orl_csv *csv);
/* Say what the table is like, right after it was opened. `dialect` must outlive it. */
void orl_csv_read_as(struct orl_csv *csv, const struct orl_csv_dialect *dialect);
/* The next of the following 100 lines that holds a word, as a field does; 0: none. The table cannot
 * be read on after that. */
unsigned orl_csv_find_line(struct orl_csv *csv, const char *word);
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
/* A warning about a line that is no longer there to be shown. */
void orl_csv_warn_line(struct orl_csv *csv, unsigned line, const char *format, ...)
    ORL_PRINTF(3, 4);
/* Close; a table that was never opened (zeros) is fine. */
void orl_csv_close(struct orl_csv *csv);

/* True for the ways in which programs and people write that a value is not there: nothing, NA, n/a,
 * NaN, null, none, -, ?, #DIV/0! and the like. */
bool orl_text_is_missing(const char *text);
/* True for the ways in which programs write infinities and NaN. */
bool orl_text_not_finite(const char *text);

#endif
