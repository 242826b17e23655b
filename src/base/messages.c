/* Messages with their places: kept, sorted by who adds them, and shown. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/io.h"
#include "base/text.h"

enum { KEPT_MAX = 1000, SHOWN_MAX = 20, SOURCE_MAX = 4096, WINDOW = 120 };

static void message_uninit(struct orl_message *message)
{
    free(message->file);
    free(message->text);
    free(message->source);
    free(message->hint);
}

/* A very long source line is kept only around the place that is meant, so that a message stays a
 * message. */
static char *copy_source(const struct orl_place *place)
{
    size_t length = place->source_length > SOURCE_MAX ? SOURCE_MAX : place->source_length;
    while (length < place->source_length && length > 0 &&
           ((unsigned char)place->source[length] & 0xc0) == 0x80)
        length--; /* not within a character */
    return orl_strndup(place->source, length);
}

static bool fill(struct orl_message *message, const struct orl_place *place, const char *hint)
{
    bool ok = true;
    if (place && place->file)
        ok &= (message->file = orl_strdup(place->file)) != NULL;
    if (place && place->source)
        ok &= (message->source = copy_source(place)) != NULL;
    if (hint)
        ok &= (message->hint = orl_strdup(hint)) != NULL;
    message->line = place ? place->line : 0;
    message->column = place ? place->column : 0;
    return ok;
}

/* Bytes that are no UTF-8 become U+FFFD. `text` is taken; NULL when memory is short. */
static char *text_mend(char *text)
{
    struct orl_text mended = {0};
    size_t length = text ? strlen(text) : 0;
    if (!text || orl_utf8_valid(text, length))
        return text;
    for (size_t i = 0; i < length;) {
        uint32_t c;
        size_t size = orl_utf8_decode(text + i, length - i, &c);
        orl_text_append(&mended, size ? text + i : "\xef\xbf\xbd", size ? size : 3);
        i += size ? size : 1;
    }
    free(text);
    return orl_text_take(&mended);
}

int orl_messages_vadd(struct orl_messages *messages, enum orl_severity severity,
                      const struct orl_place *place, const char *hint, const char *format,
                      va_list arguments)
{
    int result = severity == ORL_SEVERITY_ERROR ? ORL_EINPUT : ORL_OK;
    if (severity == ORL_SEVERITY_ERROR)
        messages->errors++;
    else
        messages->warnings++;
    if (messages->count >= KEPT_MAX)
        return result;
    if (!orl_reserve((void **)&messages->items, &messages->capacity, messages->count + 1,
                     sizeof *messages->items))
        return ORL_ENOMEM;
    struct orl_message message = {.severity = severity};
    message.text = text_mend(orl_vasprintf(format, arguments));
    if (!fill(&message, place, hint) || !message.text) {
        message_uninit(&message);
        return ORL_ENOMEM;
    }
    messages->items[messages->count++] = message;
    return result;
}

int orl_messages_add(struct orl_messages *messages, enum orl_severity severity,
                     const struct orl_place *place, const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int ret = orl_messages_vadd(messages, severity, place, hint, format, arguments);
    va_end(arguments);
    return ret;
}

int orl_messages_fail(const struct orl_messages *messages, int code, struct orl_error *err)
{
    char where[40] = "";
    for (size_t i = 0; i < messages->count; i++) {
        const struct orl_message *m = &messages->items[i];
        if (m->severity != ORL_SEVERITY_ERROR)
            continue;
        if (m->line && m->column)
            snprintf(where, sizeof where, ":%u:%u", m->line, m->column);
        else if (m->line)
            snprintf(where, sizeof where, ":%u", m->line);
        return orl_fail(err, code, "%s%s%s%s%s%s", m->file ? m->file : "", where,
                        m->file ? ": " : "", m->text, m->hint ? "; " : "", m->hint ? m->hint : "");
    }
    return orl_fail(err, code, "input refused");
}

static void escape(struct orl_text *out, const char *string)
{
    orl_text_escape_terminal(out, string, strlen(string));
}

/* The source line and the caret under the column. Tabs count as one column and show as one space,
 * so that the caret stands right.
 */
static void print_source(struct orl_text *out, const struct orl_message *message)
{
    size_t length = strlen(message->source), begin = 0, caret = 0, column = 1;
    size_t at = 0; /* byte offset of the column */
    while (at < length && column < message->column) {
        uint32_t c;
        size_t size = orl_utf8_decode(message->source + at, length - at, &c);
        at += size ? size : 1;
        column++;
    }
    if (at > WINDOW)
        for (begin = at - WINDOW / 2;
             begin < at && ((unsigned char)message->source[begin] & 0xc0) == 0x80;)
            begin++;
    size_t end = length - begin > 2 * (size_t)WINDOW ? begin + 2 * (size_t)WINDOW : length;
    while (end < length && ((unsigned char)message->source[end] & 0xc0) == 0x80)
        end++;
    orl_text_puts(out, begin ? "    …" : "    ");
    caret = 4 + (begin ? 1 : 0);
    for (size_t i = begin; i < end;) {
        uint32_t c;
        size_t size = orl_utf8_decode(message->source + i, end - i, &c);
        size_t before = out->length;
        if (message->source[i] == '\t')
            orl_text_putc(out, ' ');
        else
            orl_text_escape_terminal(out, message->source + i, size ? size : 1);
        if (i < at)
            caret += orl_utf8_count(out->data + before, out->length - before);
        i += size ? size : 1;
    }
    orl_text_puts(out, end < length ? "…\n" : "\n");
    for (size_t i = 0; i < caret; i++)
        orl_text_putc(out, ' ');
    orl_text_puts(out, "^\n");
}

static void print_one(struct orl_text *out, const struct orl_message *message)
{
    if (message->file) {
        escape(out, message->file);
        if (message->line)
            orl_text_printf(out, ":%u", message->line);
        if (message->line && message->column)
            orl_text_printf(out, ":%u", message->column);
        orl_text_puts(out, ": ");
    } else {
        orl_text_puts(out, "optreel: ");
    }
    orl_text_puts(out, message->severity == ORL_SEVERITY_ERROR ? "error: " : "warning: ");
    escape(out, message->text);
    orl_text_putc(out, '\n');
    if (message->source && message->column)
        print_source(out, message);
    if (message->hint) {
        orl_text_puts(out, "    hint: ");
        escape(out, message->hint);
        orl_text_putc(out, '\n');
    }
}

static void print_kind(struct orl_text *out, const struct orl_messages *messages,
                       enum orl_severity severity, size_t total)
{
    size_t shown = 0;
    for (size_t i = 0; i < messages->count && shown < SHOWN_MAX; i++) {
        if (messages->items[i].severity != severity)
            continue;
        print_one(out, &messages->items[i]);
        shown++;
    }
    if (total > shown)
        orl_text_printf(out, "and %zu more %s\n", total - shown,
                        severity == ORL_SEVERITY_ERROR ? "errors" : "warnings");
}

void orl_messages_print(const struct orl_messages *messages, FILE *out)
{
    struct orl_text text = {0};
    print_kind(&text, messages, ORL_SEVERITY_ERROR, messages->errors);
    print_kind(&text, messages, ORL_SEVERITY_WARNING, messages->warnings);
    if (text.length)
        orl_stream_say(out, text.data, text.length, 1.0);
    orl_text_uninit(&text);
}

void orl_messages_uninit(struct orl_messages *messages)
{
    for (size_t i = 0; i < messages->count; i++)
        message_uninit(&messages->items[i]);
    free(messages->items);
    *messages = (struct orl_messages){0};
}

void orl_messages_excuse(struct orl_messages *messages, size_t from)
{
    for (size_t i = from; i < messages->count; i++)
        if (messages->items[i].severity == ORL_SEVERITY_ERROR) {
            messages->items[i].severity = ORL_SEVERITY_WARNING;
            messages->errors--;
            messages->warnings++;
        }
}
