/* A JSON writer: indented, stable, with numbers as text that reads back the same. */
#ifndef ORL_BASE_JSON_H
#define ORL_BASE_JSON_H

#include "base/text.h"

/* Zero-initialize with the text to append to. Commas, newlines and indentation come by themselves.
 */
struct orl_json {
    struct orl_text *out; /* borrowed */
    unsigned depth;
    bool first;     /* nothing written yet at this level */
    bool after_key; /* a value must follow */
};

void orl_json_open(struct orl_json *json, char bracket);  /* '{' or '[' */
void orl_json_close(struct orl_json *json, char bracket); /* '}' or ']' */
void orl_json_key(struct orl_json *json, const char *key);
void orl_json_string(struct orl_json *json, const char *value); /* NULL writes null */
void orl_json_number(struct orl_json *json, double value);      /* not finite: null */
void orl_json_integer(struct orl_json *json, int64_t value);
void orl_json_bool(struct orl_json *json, bool value);
void orl_json_null(struct orl_json *json);

#endif
