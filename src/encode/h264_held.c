/* H.264 frames that repeat the one before. */
#include "encode/h264_held.h"

#include <string.h>

enum { NAL_SLICE = 1, NAL_IDR = 5, NAL_SPS = 7, NAL_PPS = 8, OWN_PARAMETERS = 1 };

/* ---- Bits ------------------------------------------------------------------------------------ */

struct bits {
    uint8_t *bytes;
    size_t at, end; /* in bits */
};

static uint32_t get(struct bits *b, int count)
{
    uint32_t value = 0;
    for (; count > 0; count--, b->at++)
        value = value << 1 |
                (b->at < b->end ? (uint32_t)(b->bytes[b->at >> 3] >> (7 - (b->at & 7)) & 1) : 0);
    return value;
}

static void put(struct bits *b, uint32_t value, int count)
{
    for (; count > 0; count--, b->at++) {
        uint8_t mask = (uint8_t)(0x80 >> (b->at & 7));
        b->bytes[b->at >> 3] =
            (uint8_t)((b->bytes[b->at >> 3] & ~mask) | (value >> (count - 1) & 1 ? mask : 0));
    }
}

/* Exp-Golomb, 9.1. */
static uint32_t get_ue(struct bits *b)
{
    int zeros = 0;
    while (zeros < 31 && b->at < b->end && get(b, 1) == 0)
        zeros++;
    return (1u << zeros) - 1 + get(b, zeros);
}

static void put_ue(struct bits *b, uint32_t value)
{
    int length = 0;
    while ((value + 1) >> length > 1)
        length++;
    put(b, 0, length);
    put(b, value + 1, length + 1);
}

/* ---- Units: a start code, a byte that tells the kind, and a payload without three bytes that look
 * like a start code ---- */

static size_t start_code(const uint8_t *unit, size_t size)
{
    if (size > 4 && unit[0] == 0 && unit[1] == 0 && unit[2] == 0 && unit[3] == 1)
        return 4;
    return size > 3 && unit[0] == 0 && unit[1] == 0 && unit[2] == 1 ? 3 : 0;
}

/* The payload without the bytes that keep start codes out; `out` has room for `size`. */
static size_t unescape(const uint8_t *payload, size_t size, uint8_t *out)
{
    size_t length = 0;
    for (size_t i = 0, zeros = 0; i < size; i++) {
        if (zeros >= 2 && payload[i] == 3) {
            zeros = 0;
            continue;
        }
        out[length++] = payload[i];
        zeros = payload[i] ? 0 : zeros + 1;
    }
    return length;
}

static size_t escape(const uint8_t *raw, size_t size, uint8_t *out)
{
    size_t length = 0;
    for (size_t i = 0, zeros = 0; i < size; i++) {
        if (zeros == 2 && raw[i] <= 3) {
            out[length++] = 3;
            zeros = 0;
        }
        out[length++] = raw[i];
        zeros = raw[i] ? 0 : zeros + 1;
    }
    return length;
}

/* A unit of ours: start code, kind, `b` closed by a 1 and zeros. */
static size_t finish(struct bits *b, uint8_t kind, uint8_t *out)
{
    static const uint8_t start[] = {0, 0, 0, 1};
    put(b, 1, 1);
    put(b, 0, (int)(-b->at & 7));
    memcpy(out, start, sizeof start);
    out[4] = kind;
    return 5 + escape(b->bytes, b->at >> 3, out + 5);
}

/* ---- The stream ------------------------------------------------------------------------------ */

int orl_h264_held_init(struct h264_held *held, const uint8_t *sps, size_t size, int width,
                       int height, struct orl_error *err)
{
    uint8_t raw[64];
    size_t start = start_code(sps, size),
           length = size - start > sizeof raw ? sizeof raw : size - start;
    *held = (struct h264_held){.macroblocks =
                                   (size_t)((width + 15) / 16) * (size_t)((height + 15) / 16)};
    struct bits b = {raw, 0, 8 * unescape(sps + start, length, raw)};
    bool good = (get(&b, 8) & 31) == NAL_SPS && get(&b, 8) == 100; /* High */
    get(&b, 16);                                                   /* constraints, level */
    good = good && get_ue(&b) == 0 && get_ue(&b) == 1 && get_ue(&b) == 0 &&
           get_ue(&b) == 0;         /* id, 4:2:0, 8 bits */
    good = good && get(&b, 2) == 0; /* no matrices */
    held->number_bits = (int)get_ue(&b) + 4;
    good = good && held->number_bits <= 16 &&
           get_ue(&b) == 2;         /* shown in the order they are decoded */
    good = good && get_ue(&b) == 1; /* one reference picture */
    return good ? ORL_OK
                : orl_fail(err, ORL_FAIL,
                           "libx264 writes a stream that held frames cannot be put into");
}

size_t orl_h264_held_parameters(uint8_t out[H264_HELD_BYTES])
{
    uint8_t raw[16] = {0};
    struct bits b = {raw, 0, 0};
    put_ue(&b, OWN_PARAMETERS);
    put_ue(&b, 0); /* of the sequence's parameters */
    put(&b, 0, 2); /* CAVLC, in which skipped macroblocks are a number; no order of fields */
    put_ue(&b, 0); /* one group of slices */
    put_ue(&b, 0); /* one reference */
    put_ue(&b, 0);
    put(&b, 0, 3); /* no weights */
    put_ue(&b, 0); /* quantizers: there is nothing to quantize */
    put_ue(&b, 0);
    put_ue(&b, 0);
    put(&b, 4, 3); /* slices say whether they are deblocked */
    return finish(&b, 3 << 5 | NAL_PPS, out);
}

int orl_h264_held_renumber(struct h264_held *held, const uint8_t *slice, size_t size, uint8_t *out,
                           size_t *length, struct orl_error *err)
{
    size_t start = start_code(slice, size);
    int kind = start && size > start ? slice[start] & 31 : 0;
    if (kind != NAL_SLICE && kind != NAL_IDR)
        return orl_fail(err, ORL_EBUG, "libx264 wrote no slice");
    if (kind == NAL_IDR)
        held->inserted = held->last = 0;
    if (kind == NAL_IDR || held->inserted == 0) {
        memcpy(out, slice, *length = size);
        held->last += kind == NAL_SLICE;
        return ORL_OK;
    }
    /* The raw slice stands at the end of `out` while it is escaped into its beginning: it grows by
     * half at most. */
    size_t head = start + 1;
    uint8_t *raw = out + size / 2 + 16;
    struct bits b = {raw, 0, 8 * unescape(slice + head, size - head, raw)};
    uint32_t mask = (1u << held->number_bits) - 1;
    bool good = get_ue(&b) == 0 && get_ue(&b) % 5 == 0 &&
                get_ue(&b) == 0; /* first macroblock, P, the encoder's parameters */
    struct bits number = b;
    uint32_t moved = (get(&b, held->number_bits) + held->inserted) & mask;
    good = good && moved == ((held->last + 1) & mask);
    if (get(&b, 1))
        get_ue(&b);
    if (!good ||
        get(&b, 1)) /* references in an order of the encoder's own count by frame numbers */
        return orl_fail(err, ORL_EBUG, "libx264 wrote a slice that cannot follow a held frame");
    put(&number, moved, held->number_bits);
    memcpy(out, slice, head);
    *length = head + escape(raw, b.end >> 3, out + head);
    held->last++;
    return ORL_OK;
}

size_t orl_h264_held_repeat(struct h264_held *held, uint8_t out[H264_HELD_BYTES])
{
    uint8_t raw[24] = {0};
    struct bits b = {raw, 0, 0};
    held->inserted++;
    held->last++;
    put_ue(&b, 0);              /* from the first macroblock */
    put_ue(&b, 5);              /* P, as all of the picture */
    put_ue(&b, OWN_PARAMETERS); /* with the parameters that stand for repeats */
    put(&b, held->last & ((1u << held->number_bits) - 1), held->number_bits);
    put(&b, 0, 2);                           /* one reference, the last picture */
    put(&b, 0, 1);                           /* which it takes the place of */
    put_ue(&b, 0);                           /* quantizer */
    put_ue(&b, 1);                           /* not deblocked */
    put_ue(&b, (uint32_t)held->macroblocks); /* all skipped */
    return finish(&b, 2 << 5 | NAL_SLICE, out);
}
