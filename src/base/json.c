/* The JSON writer. */
#include "base/json.h"

#include <math.h>
#include <string.h>

static void start_value(struct orl_json *json)
{
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    if (json->depth == 0)
        return;
    orl_text_puts(json->out, json->first ? "\n" : ",\n");
    for (unsigned i = 0; i < json->depth; i++)
        orl_text_puts(json->out, "  ");
    json->first = false;
}

void orl_json_open(struct orl_json *json, char bracket)
{
    start_value(json);
    orl_text_putc(json->out, bracket);
    json->depth++;
    json->first = true;
}

void orl_json_close(struct orl_json *json, char bracket)
{
    json->depth--;
    if (!json->first) {
        orl_text_putc(json->out, '\n');
        for (unsigned i = 0; i < json->depth; i++)
            orl_text_puts(json->out, "  ");
    }
    orl_text_putc(json->out, bracket);
    json->first = false;
    if (json->depth == 0)
        orl_text_putc(json->out, '\n');
}

static void quoted(struct orl_json *json, const char *value)
{
    orl_text_putc(json->out, '"');
    orl_text_escape_json(json->out, value, strlen(value));
    orl_text_putc(json->out, '"');
}

void orl_json_key(struct orl_json *json, const char *key)
{
    start_value(json);
    quoted(json, key);
    orl_text_puts(json->out, ": ");
    json->after_key = true;
}

void orl_json_string(struct orl_json *json, const char *value)
{
    if (!value) {
        orl_json_null(json);
        return;
    }
    start_value(json);
    quoted(json, value);
}

void orl_json_number(struct orl_json *json, double value)
{
    char buffer[ORL_NUMBER_SIZE];
    if (!isfinite(value)) {
        orl_json_null(json);
        return;
    }
    start_value(json);
    orl_double_short(buffer, value);
    orl_text_puts(json->out, buffer);
}

void orl_json_integer(struct orl_json *json, int64_t value)
{
    start_value(json);
    orl_text_printf(json->out, "%lld", (long long)value);
}

void orl_json_bool(struct orl_json *json, bool value)
{
    start_value(json);
    orl_text_puts(json->out, value ? "true" : "false");
}

void orl_json_null(struct orl_json *json)
{
    start_value(json);
    orl_text_puts(json->out, "null");
}
