/* GIF's LZW with a choice, against a decoder written for this test from the specification. */
#include "orl_test.h"

#include "encode/lzw.h"

enum { COLORS = 40, PIXELS = 30000 };

struct decoder {
    const uint8_t *data;
    size_t at;
    int prefix[4096];
    uint8_t suffix[4096];
};

/* The sub-blocks' bytes in one piece. */
static size_t unblock(const uint8_t *data, size_t size, uint8_t *out)
{
    size_t at = 1, fill = 0;
    while (at < size && data[at]) {
        memcpy(out + fill, data + at + 1, data[at]);
        fill += data[at];
        at += data[at] + 1u;
    }
    assert_int_equal(at + 1, size); /* it ends with the empty one */
    return fill;
}

static unsigned take(struct decoder *d, unsigned width)
{
    unsigned code = 0;
    for (unsigned i = 0; i < width; i++, d->at++)
        code |= (unsigned)(d->data[d->at / 8] >> (d->at % 8) & 1) << i;
    return code;
}

static size_t phrase(const struct decoder *d, int code, uint8_t *out)
{
    uint8_t back[4096];
    size_t length = 0;
    for (; code >= 0; code = d->prefix[code])
        back[length++] = d->suffix[code];
    for (size_t i = 0; i < length; i++)
        out[i] = back[length - 1 - i];
    return length;
}

static size_t decode(const uint8_t *bytes, size_t size, uint8_t *out)
{
    static uint8_t stream[4 * PIXELS];
    static struct decoder d;
    unsigned least = bytes[0], clear = 1u << least, next = 0, width = least + 1, code;
    size_t length = unblock(bytes, size, stream), fill = 0;
    int last = -1;
    d = (struct decoder){.data = stream};
    for (unsigned i = 0; i < clear; i++) {
        d.prefix[i] = -1;
        d.suffix[i] = (uint8_t)i;
    }
    while ((code = take(&d, width)) != clear + 1) {
        assert_true(d.at <= 8 * length);
        if (code == clear) {
            next = clear + 2;
            width = least + 1;
            last = -1;
            continue;
        }
        uint8_t text[4096];
        assert_true(code < next || (code == next && last >= 0));
        size_t count = phrase(&d, code < next ? (int)code : last, text);
        if (last >= 0 && next < 4096) {
            d.prefix[next] = last;
            d.suffix[next++] = text[0];
        }
        count = phrase(&d, (int)code, out + fill);
        fill += count;
        last = (int)code;
        if (next == 1u << width && width < 12)
            width++;
    }
    return fill;
}

static uint8_t wanted[PIXELS], changed[PIXELS], before[PIXELS], shown[PIXELS], out[PIXELS + 4096];

/* Indices i and j are near where they differ by 1. */
static void make_choice(struct lzw_choice *choice, bool near)
{
    memset(choice, 0, sizeof *choice);
    memset(choice->error, LZW_FAR, sizeof choice->error);
    for (int i = 1; i < COLORS; i++)
        for (int j = i, step = 0; step < 3; j = i + (step == 0 ? 1 : -1), step++)
            if (j >= 1 && j < COLORS && (near || j == i)) {
                choice->error[i][j] = j == i ? 0 : 1;
                choice->near[i][choice->near_count[i]++] = (uint8_t)j;
            }
}

/* Stripes and noise over an older picture: `busy` of 100 pixels differ. */
static void make_pixels(const struct lzw_choice *choice, unsigned seed, unsigned busy)
{
    uint32_t state = seed * 2654435761u + 1;
    for (size_t i = 0; i < PIXELS; i++) {
        state = state * 1664525u + 1013904223u;
        before[i] = (uint8_t)(1 + i / 700 % (COLORS - 1));
        wanted[i] = state >> 8 & 1 ? before[i] : (uint8_t)(1 + (state >> 16) % (COLORS - 1));
        if ((state >> 9) % 100 >= busy)
            wanted[i] = before[i];
        changed[i] = choice->error[wanted[i]][before[i]] == LZW_FAR;
    }
    memcpy(shown, before, sizeof shown);
}

/* What comes out of the decoder, laid over the older picture, is what the writer says is shown, and
 * what was wanted. */
static size_t round_trip(const struct lzw_choice *choice, bool exact, unsigned least)
{
    static struct lzw lzw;
    struct orl_text text = {0};
    struct lzw_pixels pixels = {PIXELS, wanted, changed, shown};
    orl_lzw_write(&lzw, choice, exact, least, &pixels, &text);
    assert_false(text.failed);
    assert_int_equal(decode((const uint8_t *)text.data, text.length, out), PIXELS);
    for (size_t i = 0; i < PIXELS; i++) {
        uint8_t stands = out[i] == LZW_UNCHANGED ? before[i] : out[i];
        assert_int_equal(stands, shown[i]);
        assert_true(choice->error[wanted[i]][stands] <= (exact ? 0 : 1));
        assert_true(out[i] != LZW_UNCHANGED || !changed[i]);
    }
    size_t length = text.length;
    orl_text_uninit(&text);
    return length;
}

static void decodes(void **state)
{
    static struct lzw_choice choice;
    (void)state;
    for (unsigned near = 0; near < 2; near++) {
        make_choice(&choice, near);
        for (unsigned busy = 0; busy <= 100; busy += 20)
            for (unsigned least = 6; least <= 8; least++) {
                make_pixels(&choice, busy + least, busy);
                round_trip(&choice, !near, least);
            }
    }
}

/* The freedom to choose is worth bytes, and a gap costs next to nothing. */
static void saves(void **state)
{
    static struct lzw_choice strict, loose;
    (void)state;
    make_choice(&strict, false);
    make_choice(&loose, true);
    make_pixels(&strict, 5, 60);
    size_t plain = round_trip(&strict, true, 6);
    make_pixels(&loose, 5, 60);
    assert_true(round_trip(&loose, false, 6) < plain * 9 / 10);
    make_pixels(&strict, 5, 0);
    assert_true(round_trip(&strict, true, 6) <
                400); /* codes that grow by a pixel each: about sqrt(2 * pixels) of them */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(decodes), cmocka_unit_test(saves)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
