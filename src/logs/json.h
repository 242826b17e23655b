/* A streaming reader of JSON as training programs write it: one value, or one a line; NaN and
 * Infinity may stand bare (Python's json writes them so, which no library of Debian reads while it
 * streams); a broken line costs that line. */
#ifndef ORL_LOGS_JSON_H
#define ORL_LOGS_JSON_H

#include "base/text.h"
#include "logs/input.h"

enum json_token {
    JSON_END, /* of the text */
    JSON_OBJECT,
    JSON_OBJECT_END,
    JSON_ARRAY,
    JSON_ARRAY_END,
    JSON_KEY,    /* `text` */
    JSON_STRING, /* `text` */
    JSON_NUMBER, /* `number`; null is NaN with `null` */
    JSON_TRUE,
    JSON_FALSE,
    JSON_BROKEN, /* the value so far is void; what follows is the next top-level value, from the
                    next line on */
};

enum { JSON_DEPTH = 64 };

/* Where the bytes come from: a file, or a text of known length. */
struct json_reader {
    struct log_input *in; /* borrowed; NULL: */
    const char *bytes;    /* borrowed */
    size_t length, at;
    unsigned line;        /* 1-based */
    bool at_line_end;     /* the last byte was one */
    unsigned broken_line; /* of JSON_BROKEN */
    unsigned depth;
    bool object[JSON_DEPTH]; /* of each level: an object, else an array */
    bool after_value;        /* at this level: a comma or the end must follow */
    bool after_key, after_comma;
    bool lines; /* a value ends with its line: a line end within it breaks it */
    struct orl_text text;
    double number;
    bool null;
    const char *why; /* of JSON_BROKEN */
};

/* Begin to read a file, or `length` bytes that stay where they are. Release with
 * orl_json_read_close, which leaves the file to its owner. */
void orl_json_read_open(struct json_reader *reader, struct log_input *in);
void orl_json_read_text(struct json_reader *reader, const char *bytes, size_t length);
void orl_json_read_close(struct json_reader *reader);
/* The next token, or a negative code (no memory, a file that cannot be read). */
int orl_json_next(struct json_reader *reader, struct orl_error *err);
/* Read the rest of the value whose first token was given last. JSON_BROKEN where it breaks, else
 * JSON_END. */
int orl_json_skip(struct json_reader *reader, int token, struct orl_error *err);

/* Visit the scalars of an object, after its opening brace: names of nested objects are joined by
 * dots in `path`, lists are passed over. `token` tells what the reader holds. ORL_OK, JSON_BROKEN,
 * or what a visit that failed gave. */
typedef int orl_json_visit(void *context, const char *path, int token,
                           const struct json_reader *reader, struct orl_error *err);
int orl_json_members(struct json_reader *reader, struct orl_text *path, orl_json_visit *visit,
                     void *context, struct orl_error *err);
/* The number of a token, also where it stands in quotes. False where it is none. */
bool orl_json_token_number(const struct json_reader *reader, int token, double *value);

/* Whether a text, which ends with a 0 byte, may be JSON by its first bytes: an object or a list. */
bool orl_json_begins(const char *text);

#endif
