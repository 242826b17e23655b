/* The first error of a job as a sentence, and the exit code of each kind. */
#include <stdarg.h>
#include <string.h>

#include "optreel/base.h"

/* A text that was cut ends with "…" after its last whole character. */
static void text_end(char *text, size_t size)
{
    static const char more[] = "…";
    size_t at = size - sizeof more;
    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
        at--;
    memcpy(text + at, more, sizeof more);
}

int orl_fail(struct orl_error *err, int code, const char *format, ...)
{
    if (!err || err->code != ORL_OK)
        return code;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof err->text)
        text_end(err->text, sizeof err->text);
    err->code = code;
    return code;
}

int orl_fail_memory(struct orl_error *err)
{
    return orl_fail(err, ORL_ENOMEM, "out of memory");
}

int orl_exit_code(int code)
{
    switch (code) {
    case ORL_OK:
        return 0;
    case ORL_EUSAGE:
        return 2;
    case ORL_EINPUT:
        return 3;
    case ORL_EENV:
    case ORL_ENOMEM:
        return 4;
    case ORL_EIO:
        return 5;
    case ORL_EBUSY:
        return 6;
    case ORL_EBUG:
        return 70;
    case ORL_ELEFT:
        return 75;
    default:
        return 1;
    }
}
