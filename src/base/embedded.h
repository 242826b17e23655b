/* Files that are compiled into the program; orl_embed in CMakeLists.txt makes tables of them. */
#ifndef ORL_BASE_EMBEDDED_H
#define ORL_BASE_EMBEDDED_H

#include <stddef.h>

struct orl_embedded {
    const char *name; /* of the file, without folder and extension; NULL ends a table */
    const char *text; /* its bytes, and a 0 behind them */
    size_t length;    /* without that 0 */
};

#endif
