/* UTF-16 to UTF-8, in pieces: what Excel saves as "Unicode text". */
#ifndef ORL_BASE_UTF16_H
#define ORL_BASE_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct orl_utf16 {
    bool big; /* the high byte of a unit comes first */
    bool odd; /* `byte` is the first half of a unit that goes on in the next piece */
    uint8_t byte;
    uint32_t high; /* a high surrogate that waits for its low one; 0: none */
};

enum { ORL_UTF16_MOST = 3 }; /* bytes of UTF-8 at most from each two of UTF-16, and as many more */

/* True for text that begins with a byte order mark of UTF-16; *state is then ready for its first
 * byte. */
bool orl_utf16_begins(const char *bytes, size_t length, struct orl_utf16 *state);
/* Append the next piece to `out`, which has room for ORL_UTF16_MOST * (length / 2 + 2) bytes;
 * returns how many it took. Byte order marks are left out; halves of surrogate pairs become U+FFFD
 * (Unicode 15, section 3.9). A unit cut at the end of the text is left out. */
size_t orl_utf16_decode(struct orl_utf16 *state, const char *bytes, size_t length, char *out);

#endif
