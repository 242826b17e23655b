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

/* Numbers of the order: two for each frame, in as many bits as there can be. Two bytes, so that a
 * slice's data keep their place within bytes. */
enum { ORDER_BITS = 16 };

static uint32_t order_of(const struct h264_held *held)
{
    return 2 * held->shown & ((1u << ORDER_BITS) - 1);
}

/* Read a sequence parameter set up to the kind of order; false where it is another than x264's. */
static bool read_sps(struct h264_held *held, struct bits *b)
{
    bool good = (get(b, 8) & 31) == NAL_SPS && get(b, 8) == 100; /* High */
    get(b, 16);                                                  /* constraints, level */
    good = good && get_ue(b) == 0 && get_ue(b) == 1 && get_ue(b) == 0 &&
           get_ue(b) == 0;         /* id, 4:2:0, 8 bits */
    good = good && get(b, 2) == 0; /* no matrices */
    held->number_bits = (int)get_ue(b) + 4;
    return good && held->number_bits <= 16;
}

int orl_h264_held_init(struct h264_held *held, const uint8_t *sps, size_t size, int width,
                       int height, uint8_t out[H264_SPS_BYTES], size_t *length,
                       struct orl_error *err)
{
    uint8_t raw[64], changed[64] = {0};
    size_t start = start_code(sps, size), left = size - start,
           end = left > sizeof raw - 2 ? 0 : unescape(sps + start, left, raw);
    *held = (struct h264_held){.macroblocks =
                                   (size_t)((width + 15) / 16) * (size_t)((height + 15) / 16)};
    struct bits in = {raw, 0, 8 * end}, to = {changed, 0, 8 * sizeof changed};
    bool good = end > 0 && read_sps(held, &in);
    size_t order = in.at;
    good = good && get_ue(&in) == 2; /* shown in the order they are decoded */
    if (!good)
        return orl_fail(err, ORL_FAIL,
                        "libx264 writes a stream that held frames cannot be put into");
    size_t rest = in.at, last = 8 * end - 1; /* the last bit that is set closes the set */
    while (!(raw[last >> 3] >> (7 - (last & 7)) & 1))
        last--;
    for (in.at = 8; in.at < order;)
        put(&to, get(&in, 1), 1);
    put_ue(&to, 0);
    put_ue(&to, ORDER_BITS - 4);
    for (in.at = rest; in.at < last;)
        put(&to, get(&in, 1), 1);
    *length = finish(&to, raw[0], out);
    return ORL_OK;
}

size_t orl_h264_held_parameters(uint8_t out[H264_HELD_BYTES])
{
    uint8_t raw[16] = {0};
    struct bits b = {raw, 0, 0};
    put_ue(&b, OWN_PARAMETERS);
    put_ue(&b, 0); /* of the sequence's parameters */
    put(&b, 0, 2); /* CAVLC, in which skipped macroblocks are a number; one order of both fields */
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

/* Put the place in the order in at bit `at` of a raw slice that has room for it: what stands behind
 * moves on by two bytes. */
static void insert_order(uint8_t *raw, size_t size, size_t at, uint32_t order)
{
    size_t byte = at >> 3;
    memmove(raw + byte + ORDER_BITS / 8, raw + byte, size - byte);
    struct bits b = {raw, at, 8 * (size + ORDER_BITS / 8)};
    put(&b, order, ORDER_BITS);
}

int orl_h264_held_slice(struct h264_held *held, const uint8_t *slice, size_t size, uint8_t *out,
                        size_t *length, struct orl_error *err)
{
    size_t start = start_code(slice, size), head = start + 1;
    int kind = start && size > start ? slice[start] & 31 : 0;
    if (kind != NAL_SLICE && kind != NAL_IDR)
        return orl_fail(err, ORL_EBUG, "libx264 wrote no slice");
    if (kind == NAL_IDR)
        held->next_number = held->shown = 0;
    /* The raw slice stands at the end of `out` while it is escaped into its beginning: it grows by
     * half at most. */
    uint8_t *raw = out + size / 2 + 16;
    size_t raw_size = unescape(slice + head, size - head, raw);
    struct bits b = {raw, 0, 8 * raw_size};
    uint32_t mask = (1u << held->number_bits) - 1;
    bool good = get_ue(&b) == 0; /* from the first macroblock */
    get_ue(&b);                  /* the kind of slice */
    good = good && get_ue(&b) == 0 && get(&b, held->number_bits) == (held->next_number & mask);
    if (kind == NAL_IDR)
        get_ue(&b); /* the IDR picture's number */
    if (!good || b.at >= b.end)
        return orl_fail(err, ORL_EBUG, "libx264 wrote a slice that cannot follow a held frame");
    insert_order(raw, raw_size, b.at, order_of(held));
    memcpy(out, slice, head);
    *length = head + escape(raw, raw_size + ORDER_BITS / 8, out + head);
    held->next_number++;
    held->shown++;
    return ORL_OK;
}

size_t orl_h264_held_repeat(struct h264_held *held, uint8_t out[H264_HELD_BYTES])
{
    uint8_t raw[24] = {0};
    struct bits b = {raw, 0, 0};
    put_ue(&b, 0);              /* from the first macroblock */
    put_ue(&b, 5);              /* P, as all of the picture */
    put_ue(&b, OWN_PARAMETERS); /* with the parameters that stand for repeats */
    put(&b, held->next_number & ((1u << held->number_bits) - 1), held->number_bits);
    put(&b, order_of(held), ORDER_BITS);
    put(&b, 0, 2);                           /* one reference, the last one */
    put_ue(&b, 0);                           /* quantizer */
    put_ue(&b, 1);                           /* not deblocked */
    put_ue(&b, (uint32_t)held->macroblocks); /* all skipped */
    held->shown++;
    return finish(&b, NAL_SLICE, out); /* nal_ref_idc 0: no reference */
}
