/* Errors of the command line itself, on standard error. */
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"

int orl_cli_usage(const char *hint, const char *format, ...)
{
    struct orl_text text = {0};
    va_list arguments;
    char buffer[1024];
    va_start(arguments, format);
    vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    orl_text_escape_terminal(&text, buffer, strlen(buffer));
    fprintf(stderr, "optreel: error: %s\n", text.data ? text.data : "");
    if (hint)
        fprintf(stderr, "    hint: %s\n", hint);
    orl_text_uninit(&text);
    return 2;
}

void orl_cli_print_error(int code, const struct orl_error *err)
{
    struct orl_text text = {0};
    if (!err->text[0])
        return;
    orl_text_escape_terminal(&text, err->text, strlen(err->text));
    fprintf(stderr, "optreel: error: %s\n", text.data ? text.data : "");
    if (code == ORL_EBUG)
        fputs("    hint: this is a bug in optreel; please report it\n", stderr);
    orl_text_uninit(&text);
}
