/* The first error of a job as a sentence, and the exit code of each kind. */
#include <stdarg.h>

#include "base/text.h"

int orl_fail(struct orl_error *err, int code, const char *format, ...)
{
    if (!err || err->code != ORL_OK)
        return code;
    va_list arguments;
    va_start(arguments, format);
    orl_text_vbounded(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
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
