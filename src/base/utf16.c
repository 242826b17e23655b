/* UTF-16 to UTF-8, in pieces. */
#include "base/utf16.h"

#include <string.h>

#define REPLACEMENT 0xfffdu
#define MARK        0xfeffu

bool orl_utf16_begins(const char *bytes, size_t length, struct orl_utf16 *state)
{
    bool little = length >= 2 && memcmp(bytes, "\xff\xfe", 2) == 0;
    bool big = length >= 2 && memcmp(bytes, "\xfe\xff", 2) == 0;
    bool wider = length >= 4 && memcmp(bytes, "\xff\xfe\0\0", 4) == 0; /* UTF-32 */
    *state = (struct orl_utf16){.big = big};
    return (little && !wider) || big;
}

static char *point_put(char *out, uint32_t point)
{
    static const uint8_t first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    int size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (int i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    out[0] = (char)(first[size] | point);
    return out + size;
}

static char *unit_put(struct orl_utf16 *s, uint32_t unit, char *out)
{
    bool high = unit >= 0xd800 && unit < 0xdc00, low = unit >= 0xdc00 && unit < 0xe000;
    uint32_t before = s->high;
    s->high = high ? unit : 0;
    if (before && low)
        return point_put(out, 0x10000 + ((before - 0xd800) << 10) + (unit - 0xdc00));
    if (before)
        out = point_put(out, REPLACEMENT);
    if (high || unit == MARK)
        return out;
    return point_put(out, low ? REPLACEMENT : unit);
}

size_t orl_utf16_decode(struct orl_utf16 *state, const char *bytes, size_t length, char *out)
{
    char *end = out;
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = (uint8_t)bytes[i];
        if (state->odd)
            end = unit_put(state,
                           state->big ? (uint32_t)state->byte << 8 | byte
                                      : (uint32_t)byte << 8 | state->byte,
                           end);
        state->byte = byte;
        state->odd = !state->odd;
    }
    return (size_t)(end - out);
}
