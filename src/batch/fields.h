/* Lists of fields as one line of text: what supervisor and workers say to each other, and what the
 * manifest holds. Fields are separated by tabs; tab, newline, NUL and backslash inside one are
 * escaped, so any bytes survive. */
#ifndef ORL_BATCH_FIELDS_H
#define ORL_BATCH_FIELDS_H

#include "base/text.h"

/* Add a field to a line: bytes, a string, an integer, a number. A line that has grown too large for
 * memory says so in `failed`. */
void orl_fields_put(struct orl_text *line, const char *bytes, size_t length);
void orl_fields_put_string(struct orl_text *line, const char *string); /* NULL is told from "" */
void orl_fields_put_integer(struct orl_text *line, int64_t value);
void orl_fields_put_number(struct orl_text *line,
                           double value); /* reads back bit by bit, NaN and infinities too */

/* A line taken apart. Zero-initialize; release with orl_fields_uninit. */
struct orl_fields {
    char *storage;   /* owned */
    char **items;    /* owned array; each 0-terminated, in storage */
    size_t *lengths; /* owned */
    size_t count, next;
    bool failed; /* a field was missing or no number */
};

/* Take `length` bytes apart. ORL_ENOMEM, or ORL_FAIL for a broken escape. */
int orl_fields_split(const char *line, size_t length, struct orl_fields *out);
void orl_fields_uninit(struct orl_fields *fields);

/* The next field; a missing one sets `failed` and gives "", 0 or NAN. */
const char *orl_fields_get(struct orl_fields *fields, size_t *length);
const char *orl_fields_get_string(struct orl_fields *fields); /* NULL where NULL was put */
int64_t orl_fields_get_integer(struct orl_fields *fields);
double orl_fields_get_number(struct orl_fields *fields);

/* Send and receive a line over a pipe, with its length before it. ORL_FAIL at the end of the pipe
 * or when it breaks. */
int orl_fields_send(int fd, const struct orl_text *line);
int orl_fields_receive(int fd, struct orl_fields *out);

#endif
