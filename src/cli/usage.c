/* Errors of the command line itself, on standard error. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/text.h"
#include "cli/cli.h"

#define PATIENCE_S 1.0 /* with a reader who does not read */

int orl_cli_no_memory(void)
{
    static const char text[] = "optreel: error: out of memory\n";
    orl_stream_say(stderr, text, sizeof text - 1, PATIENCE_S);
    return orl_exit_code(ORL_ENOMEM);
}

int orl_cli_usage(const char *hint, const char *format, ...)
{
    struct orl_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    char *line = orl_vasprintf(format, arguments);
    va_end(arguments);
    if (!line)
        return orl_cli_no_memory();
    orl_text_puts(&text, "optreel: error: ");
    orl_text_escape_terminal(&text, line, strlen(line));
    orl_text_putc(&text, '\n');
    if (hint)
        orl_text_printf(&text, "    hint: %s\n", hint);
    bool told = !text.failed;
    if (told)
        orl_stream_say(stderr, text.data, text.length, PATIENCE_S);
    orl_text_uninit(&text);
    free(line);
    return told ? 2 : orl_cli_no_memory();
}

void orl_cli_warn(const char *format, ...)
{
    struct orl_text text = {0};
    va_list arguments;
    char *line;
    va_start(arguments, format);
    int length = vasprintf(&line, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    orl_text_puts(&text, "optreel: warning: ");
    orl_text_escape_terminal(&text, line, (size_t)length);
    orl_text_putc(&text, '\n');
    if (!text.failed)
        orl_stream_say(stderr, text.data, text.length, PATIENCE_S);
    orl_text_uninit(&text);
    free(line);
}

void orl_cli_print_error(int code, const struct orl_error *err)
{
    struct orl_text text = {0};
    if (!err->text[0])
        return;
    orl_text_puts(&text, "optreel: error: ");
    orl_text_escape_terminal(&text, err->text, strlen(err->text));
    orl_text_putc(&text, '\n');
    if (code == ORL_EBUG)
        orl_text_puts(&text, "    hint: this is a bug in optreel; please report it\n");
    if (text.failed)
        (void)orl_cli_no_memory();
    else
        orl_stream_say(stderr, text.data, text.length, PATIENCE_S);
    orl_text_uninit(&text);
}

void orl_cli_print_later(const struct orl_messages *messages, size_t told)
{
    struct orl_messages later = {.items = messages->items + told, .count = messages->count - told};
    for (size_t i = 0; i < later.count; i++) {
        later.errors += later.items[i].severity == ORL_SEVERITY_ERROR;
        later.warnings += later.items[i].severity == ORL_SEVERITY_WARNING;
    }
    if (later.count)
        orl_messages_print(&later, stderr);
}

/* As a runner of GitHub reads it: within a property : and , are escaped, too. */
static void annotation_text(const char *text, bool property)
{
    for (; *text; text++)
        if (*text == '%' || *text == '\r' || *text == '\n' ||
            (property && (*text == ':' || *text == ',')))
            fprintf(stderr, "%%%02X", (unsigned)(unsigned char)*text);
        else
            putc(*text, stderr);
}

void orl_cli_annotate(const struct orl_messages *messages, size_t first)
{
    const char *actions = getenv("GITHUB_ACTIONS");
    if (!actions || strcmp(actions, "true") != 0)
        return;
    for (size_t i = first; i < messages->count; i++) {
        const struct orl_message *m = &messages->items[i];
        fputs(m->severity == ORL_SEVERITY_ERROR ? "::error " : "::warning ", stderr);
        if (m->file) {
            fputs("file=", stderr);
            annotation_text(m->file, true);
            if (m->line)
                fprintf(stderr, ",line=%u,col=%u", m->line, m->column);
        }
        fputs("::", stderr);
        annotation_text(m->text, false);
        putc('\n', stderr);
    }
}
