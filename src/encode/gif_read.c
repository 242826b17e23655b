/* GIF read back. */
#include "encode/gif_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

enum {
    CODES = 4096,
    IMAGE = 0x2c,
    EXTENSION = 0x21,
    TRAILER = 0x3b,
    GRAPHIC_CONTROL = 0xf9,
    APPLICATION = 0xff
};

static int broken(struct orl_error *err, const char *what)
{
    return orl_fail(err, ORL_FAIL, "the GIF is broken: %s", what);
}

static int take(struct gif_reader *r, uint8_t *bytes, size_t size, struct orl_error *err)
{
    for (size_t got = 0; got < size;) {
        if (r->at < r->chunk_at || r->at >= r->chunk_at + (int64_t)r->chunk_fill) {
            int64_t n = r->stream->read(r->stream->context, r->at, r->chunk, sizeof r->chunk, err);
            if (n <= 0)
                return n < 0 ? (int)n : broken(err, "it ends too early");
            r->chunk_at = r->at;
            r->chunk_fill = (size_t)n;
        }
        size_t offset = (size_t)(r->at - r->chunk_at), n = r->chunk_fill - offset;
        n = n < size - got ? n : size - got;
        memcpy(bytes + got, r->chunk + offset, n);
        r->at += (int64_t)n;
        got += n;
    }
    return ORL_OK;
}

static int word(const uint8_t *bytes)
{
    return bytes[0] | bytes[1] << 8;
}

int orl_gif_open(struct gif_reader *r, const struct orl_stream *stream, struct orl_error *err)
{
    uint8_t head[13];
    *r = (struct gif_reader){.stream = stream, .head.loops = -1};
    int ret = take(r, head, sizeof head, err);
    if (ret != ORL_OK)
        return ret;
    if (memcmp(head, "GIF89a", 6) != 0 || !(head[10] & 0x80))
        return broken(err, "no GIF89a with a global colour table");
    r->head.width = word(head + 6);
    r->head.height = word(head + 8);
    r->head.colors = (size_t)2 << (head[10] & 7);
    return take(r, r->head.rgb, 3 * r->head.colors, err);
}

/* Sub-blocks up to the empty one, kept as they are behind what `data` holds already. */
static int take_blocks(struct gif_reader *r, struct orl_error *err)
{
    for (;;) {
        if (!orl_reserve((void **)&r->data, &r->capacity, r->size + 256, 1))
            return orl_fail_memory(err);
        uint8_t *block = r->data + r->size;
        int ret = take(r, block, 1, err);
        if (ret != ORL_OK)
            return ret;
        r->size++;
        if (!*block)
            return ORL_OK;
        ret = take(r, block + 1, *block, err);
        if (ret != ORL_OK)
            return ret;
        r->size += *block;
    }
}

static int take_extension(struct gif_reader *r, struct gif_picture *p, struct orl_error *err)
{
    uint8_t label;
    int ret = take(r, &label, 1, err);
    r->size = 0;
    if (ret == ORL_OK)
        ret = take_blocks(r, err);
    if (ret != ORL_OK)
        return ret;
    const uint8_t *data = r->data;
    if (label == GRAPHIC_CONTROL && r->size == 6 && data[0] == 4) {
        p->delay_cs = word(data + 2);
        p->transparent = data[1] & 1 ? data[4] : -1;
        p->disposal = data[1] >> 2 & 7;
    } else if (label == APPLICATION && r->size == 17 && memcmp(data + 1, "NETSCAPE2.0", 11) == 0) {
        r->head.loops = word(data + 14);
    } else {
        return broken(err, "an extension that nobody asked for");
    }
    return ORL_OK;
}

static int take_picture(struct gif_reader *r, struct gif_picture *p, struct orl_error *err)
{
    uint8_t head[9];
    int ret = take(r, head, sizeof head, err);
    if (ret != ORL_OK)
        return ret;
    p->x = word(head);
    p->y = word(head + 2);
    p->width = word(head + 4);
    p->height = word(head + 6);
    if (head[8] != 0)
        return broken(err, "a local colour table or interlacing");
    if (p->width < 1 || p->height < 1 || p->x + p->width > r->head.width ||
        p->y + p->height > r->head.height)
        return broken(err, "a picture reaches out of the frame");
    r->size = 0;
    if (!orl_reserve((void **)&r->data, &r->capacity, 1, 1))
        return orl_fail_memory(err);
    ret = take(r, r->data, 1, err);
    r->size = 1;
    if (ret == ORL_OK)
        ret = take_blocks(r, err);
    p->data = r->data;
    p->size = r->size;
    return ret == ORL_OK ? 1 : ret;
}

int orl_gif_next(struct gif_reader *r, struct gif_picture *picture, struct orl_error *err)
{
    *picture = (struct gif_picture){.transparent = -1};
    for (;;) {
        uint8_t kind;
        int ret = take(r, &kind, 1, err);
        if (ret != ORL_OK)
            return ret;
        if (kind == IMAGE)
            return take_picture(r, picture, err);
        if (kind == TRAILER)
            return r->at == r->stream->size(r->stream->context)
                       ? 0
                       : broken(err, "something follows its end");
        if (kind != EXTENSION)
            return broken(err, "an unknown block");
        ret = take_extension(r, picture, err);
        if (ret != ORL_OK)
            return ret;
    }
}

void orl_gif_close(struct gif_reader *r)
{
    free(r->data);
    r->data = NULL;
}

/* ---- LZW ------------------------------------------------------------------------------------- */

struct bits {
    const uint8_t *data;
    size_t size, at, left; /* left: bytes of the present sub-block */
    uint32_t hold;
    unsigned held;
};

static int next_code(struct bits *b, unsigned width)
{
    while (b->held < width) {
        if (!b->left) {
            if (b->at >= b->size || !b->data[b->at])
                return -1;
            b->left = b->data[b->at++];
        }
        b->hold |= (uint32_t)b->data[b->at++] << b->held;
        b->held += 8;
        b->left--;
    }
    int code = (int)(b->hold & ((1u << width) - 1));
    b->hold >>= width;
    b->held -= width;
    return code;
}

/* Of each phrase what counts: how long it is, its first index, its largest. */
struct phrases {
    uint8_t first[CODES], most[CODES];
    uint16_t length[CODES];
};

static void start_phrases(struct phrases *p, unsigned clear)
{
    for (unsigned i = 0; i < clear; i++) {
        p->first[i] = p->most[i] = (uint8_t)i;
        p->length[i] = 1;
    }
}

static void add_phrase(struct phrases *p, unsigned code, unsigned last, unsigned known)
{
    p->first[code] = p->first[last];
    p->most[code] = p->most[last] > p->first[known] ? p->most[last] : p->first[known];
    p->length[code] = (uint16_t)(p->length[last] + 1);
}

static const char *check_codes(struct phrases *p, struct bits *b, unsigned least, size_t pixels,
                               size_t colors)
{
    const unsigned clear = 1u << least, end = clear + 1;
    unsigned width = least + 1, next = clear + 2;
    int last = -1;
    size_t count = 0;
    start_phrases(p, clear);
    for (;;) {
        int got = next_code(b, width);
        if (got < 0)
            return "its data end too early";
        unsigned code = (unsigned)got;
        if (code == end)
            return count == pixels ? NULL : "a picture has too few pixels";
        if (code == clear) {
            width = least + 1;
            next = clear + 2;
            last = -1;
            continue;
        }
        if (code > next || (code == next && last < 0) || (code == next && next >= CODES))
            return "a code that cannot be";
        if (last >= 0 && next < CODES) {
            add_phrase(p, next, (unsigned)last, code == next ? (unsigned)last : code);
            next++;
        }
        if (p->most[code] >= colors)
            return "an index beyond the colour table";
        count += p->length[code];
        if (count > pixels)
            return "a picture has too many pixels";
        last = (int)code;
        if (next == 1u << width && width < 12)
            width++;
    }
}

int orl_gif_check(const struct gif_picture *picture, size_t colors, struct orl_error *err)
{
    struct bits bits = {.data = picture->data, .size = picture->size, .at = 1};
    unsigned least = picture->data[0];
    struct phrases phrases;
    size_t pixels = (size_t)picture->width * (size_t)picture->height;
    const char *fault = least < 2 || least > 8
                            ? "its least code size"
                            : check_codes(&phrases, &bits, least, pixels, colors);
    return fault ? broken(err, fault) : ORL_OK;
}
