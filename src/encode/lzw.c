/* GIF's LZW with a choice: a tree of phrases, walked as far as the pixels let it. */
#include "encode/lzw.h"

#include <string.h>

enum { ACTIVE = 32, LONG_GAP = 24, NOT_WORTH_CLEARING = 400 };

/* A phrase that fits the pixels so far. */
struct match {
    uint16_t phrase;
    uint8_t first; /* its first index */
    uint32_t error;
};

struct search {
    const struct lzw_choice *choice;
    const struct lzw_pixels *pixels;
    bool exact;
};

/* ---- Bits ------------------------------------------------------------------------------------ */

static void flush_block(struct lzw *z)
{
    z->block[0] = (uint8_t)z->block_size;
    orl_text_append(z->out, (const char *)z->block, z->block_size + 1);
    z->block_size = 0;
}

static void put_byte(struct lzw *z)
{
    z->block[++z->block_size] = (uint8_t)z->held;
    z->held >>= 8;
    z->held_bits -= z->held_bits < 8 ? z->held_bits : 8;
    if (z->block_size == 255)
        flush_block(z);
}

static void put_code(struct lzw *z, unsigned code)
{
    z->held |= code << z->held_bits;
    z->held_bits += z->width;
    while (z->held_bits >= 8)
        put_byte(z);
}

static void put_end(struct lzw *z)
{
    put_code(z, z->clear + 1);
    if (z->held_bits)
        put_byte(z);
    if (z->block_size)
        flush_block(z);
    orl_text_putc(z->out, '\0');
}

/* ---- The dictionary -------------------------------------------------------------------------- */

static void start_dictionary(struct lzw *z)
{
    put_code(z, z->clear);
    memset(z->child, 0, sizeof z->child);
    z->next = z->clear + 2;
    z->width = z->least + 1;
    z->before = -1;
    z->longest_run = 1;
    z->run[1] = LZW_UNCHANGED;
}

static void add_phrase(struct lzw *z, unsigned parent, uint8_t symbol)
{
    unsigned code = z->next++;
    z->symbol[code] = symbol;
    z->parent[code] = (uint16_t)parent;
    z->child[code] = 0;
    z->sibling[code] = z->child[parent];
    z->child[parent] = (uint16_t)code;
    if (symbol == LZW_UNCHANGED && parent == z->run[z->longest_run])
        z->run[++z->longest_run] = (uint16_t)code;
}

/* ---- The longest phrase ---------------------------------------------------------------------- */

/* How bad `symbol` is for pixel `at`; LZW_FAR: it does not fit. */
static inline uint8_t fit(const struct search *s, size_t at, uint8_t symbol)
{
    const struct lzw_pixels *p = s->pixels;
    if (symbol == LZW_UNCHANGED)
        return p->changed[at] ? LZW_FAR : s->choice->error[p->wanted[at]][p->shown[at]];
    uint8_t error = s->choice->error[p->wanted[at]][symbol];
    return s->exact && error ? LZW_FAR : error;
}

static size_t unchanged_from(const struct lzw_pixels *p, size_t at)
{
    const uint8_t *end = memchr(p->changed + at, 1, p->count - at);
    return end ? (size_t)(end - p->changed) - at : p->count - at;
}

/* Phrases of one pixel. */
static size_t start_matches(const struct lzw *z, const struct search *s, size_t at,
                            struct match *matches)
{
    size_t count = 0;
    uint8_t wanted = s->pixels->wanted[at], choices = s->exact ? 1 : s->choice->near_count[wanted];
    if (!s->pixels->changed[at])
        matches[count++] = (struct match){LZW_UNCHANGED, LZW_UNCHANGED, fit(s, at, LZW_UNCHANGED)};
    for (uint8_t i = 0; i < choices; i++) {
        uint8_t near = s->choice->near[wanted][i];
        if (near < z->clear)
            matches[count++] = (struct match){near, near, s->choice->error[wanted][near]};
    }
    return count;
}

/* Phrases that are one pixel longer than a match; also the one that comes into being with the
 * phrase that is looked for. */
static size_t lengthen(const struct lzw *z, const struct search *s, size_t at,
                       const struct match *m, struct match *longer, size_t count)
{
    bool coming = m->phrase == z->next;
    for (unsigned code = coming ? 0 : z->child[m->phrase]; code && count < ACTIVE;
         code = z->sibling[code]) {
        uint8_t error = fit(s, at, z->symbol[code]);
        if (error != LZW_FAR)
            longer[count++] = (struct match){(uint16_t)code, m->first, m->error + error};
    }
    if (m->phrase == z->before && !coming && z->next < LZW_CODES && count < ACTIVE) {
        uint8_t error = fit(s, at, m->first);
        if (error != LZW_FAR)
            longer[count++] = (struct match){(uint16_t)z->next, m->first, m->error + error};
    }
    return count;
}

/* A long gap is crossed by the longest run of unchanged pixels that there is, without a search. Its
 * length, 0: no long gap. */
static size_t cross_gap(const struct lzw *z, size_t gap, struct match *best, bool *whole)
{
    size_t run = z->longest_run;
    bool coming = z->before == z->run[run] && z->next < LZW_CODES;
    *whole = gap >= run + coming && run + coming > LONG_GAP;
    if (*whole) {
        *best = (struct match){coming ? (uint16_t)z->next : z->run[run], LZW_UNCHANGED, 0};
        return run + coming;
    }
    if (gap <= LONG_GAP)
        return 0;
    size_t length = gap < run ? gap : run;
    *best = (struct match){z->run[length], LZW_UNCHANGED, 0};
    return length;
}

/* The longest phrase for the pixels from `at`, of equally long ones the most exact. */
static size_t find_longest(const struct lzw *z, const struct search *s, size_t at,
                           struct match *best)
{
    struct match sets[2][ACTIVE], *now = sets[0], *longer = sets[1];
    size_t gap = s->pixels->changed[at] ? 0 : unchanged_from(s->pixels, at), count = 1;
    bool whole;
    size_t length = cross_gap(z, gap, &now[0], &whole);
    if (whole) {
        *best = now[0];
        return length;
    }
    if (!length) {
        count = start_matches(z, s, at, now);
        length = 1;
    }
    for (; at + length < s->pixels->count; length++) {
        size_t found = 0;
        for (size_t i = 0; i < count && found < ACTIVE; i++)
            found = lengthen(z, s, at + length, &now[i], longer, found);
        if (!found)
            break;
        struct match *swap = now;
        now = longer;
        longer = swap;
        count = found;
    }
    *best = now[0];
    for (size_t i = 1; i < count; i++)
        if (now[i].error < best->error)
            *best = now[i];
    return length;
}

/* What stands there once the phrase is painted: from its end to its start, or to the unchanged
 * pixels that it starts with. */
static void paint(const struct lzw *z, unsigned phrase, uint8_t *shown, size_t length)
{
    for (; length > 0 && !(length <= z->longest_run && z->run[length] == phrase); length--) {
        uint8_t symbol = phrase < z->clear ? (uint8_t)phrase : z->symbol[phrase];
        if (symbol != LZW_UNCHANGED)
            shown[length - 1] = symbol;
        phrase = phrase < z->clear ? phrase : z->parent[phrase];
    }
}

static bool worth_clearing(const struct lzw_pixels *p, size_t at)
{
    size_t changed = 0;
    for (size_t i = at; i < p->count && changed < NOT_WORTH_CLEARING; i++)
        changed += p->changed[i];
    return changed >= NOT_WORTH_CLEARING;
}

void orl_lzw_write(struct lzw *z, const struct lzw_choice *choice, bool exact, unsigned least,
                   const struct lzw_pixels *pixels, struct orl_text *out)
{
    struct search search = {choice, pixels, exact};
    bool kept = false; /* the full dictionary serves to the end */
    z->out = out;
    z->held = z->held_bits = z->block_size = 0;
    z->least = least;
    z->clear = 1u << least;
    z->width = least + 1;
    orl_text_putc(out, (char)least);
    start_dictionary(z);
    for (size_t at = 0; at < pixels->count;) {
        struct match best;
        size_t length = find_longest(z, &search, at, &best);
        if (z->before >= 0 && z->next < LZW_CODES)
            add_phrase(z, (unsigned)z->before, best.first);
        put_code(z, best.phrase);
        paint(z, best.phrase, pixels->shown + at, length);
        at += length;
        z->before = best.phrase;
        if (z->next >= 1u << z->width && z->width < 12)
            z->width++;
        if (z->next < LZW_CODES || kept)
            continue;
        kept = !worth_clearing(pixels, at);
        if (!kept)
            start_dictionary(z);
    }
    put_end(z);
}
