/* The comparison of two films, frame by frame. */
#include "encode/compare.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "encode/decode.h"
#include "encode/png_pack.h"

enum { CHUNK = 1 << 16 };
#define SAME_TIME_S 0.0005

/* A file with its film. */
struct reader {
    int fd; /* -1: not open */
    int64_t size;
    struct orl_stream stream;
    struct film_reader film;
};

static void reader_close(struct reader *r)
{
    orl_film_close(&r->film);
    if (r->fd >= 0)
        close(r->fd);
}

/* ---- Files ----------------------------------------------------------------------------------- */

static int64_t stream_read(void *context, int64_t position, void *bytes, size_t length,
                           struct orl_error *err)
{
    const struct reader *r = context;
    ssize_t got = pread(r->fd, bytes, length, (off_t)position);
    return got >= 0 ? (int64_t)got : orl_fail(err, ORL_EINPUT, "the file cannot be read");
}

static int64_t stream_size(void *context)
{
    return ((const struct reader *)context)->size;
}

static int file_open(struct reader *r, const char *path, struct orl_error *err)
{
    struct stat status;
    r->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (r->fd < 0 || fstat(r->fd, &status) != 0 || !S_ISREG(status.st_mode))
        return orl_fail(err, ORL_EINPUT, "'%s' cannot be read", path);
    r->size = (int64_t)status.st_size;
    r->stream = (struct orl_stream){.context = r, .read = stream_read, .size = stream_size};
    return ORL_OK;
}

static int bytes_compare(const struct reader *a, const struct reader *b, bool *same,
                         struct orl_error *err)
{
    uint8_t left[CHUNK], right[CHUNK];
    *same = a->size == b->size;
    for (int64_t at = 0; *same && at < a->size; at += CHUNK) {
        ssize_t one = pread(a->fd, left, sizeof left, (off_t)at),
                other = pread(b->fd, right, sizeof right, (off_t)at);
        if (one <= 0 || other <= 0)
            return orl_fail(err, ORL_EINPUT, "a film cannot be read");
        *same = one == other && memcmp(left, right, (size_t)one) == 0;
    }
    return ORL_OK;
}

/* ---- The picture of a difference ------------------------------------------------------------- */

static int text_collect(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    struct orl_text *text = context;
    orl_text_append(text, bytes, length);
    return text->failed ? orl_fail_memory(err) : ORL_OK;
}

/* A row of a, of b, and of both: what is the same pale and grey, what differs black to red. */
static void row_fill(const struct film_reader *a, const struct film_reader *b, int y, uint8_t *out)
{
    size_t bytes = (size_t)a->width * FILM_PIXEL;
    const uint8_t *left = a->pixels + (size_t)y * bytes, *right = b->pixels + (size_t)y * bytes;
    memcpy(out, left, bytes);
    memcpy(out + bytes, right, bytes);
    out += 2 * bytes;
    for (int x = 0; x < a->width; x++, left += FILM_PIXEL, right += FILM_PIXEL, out += FILM_PIXEL) {
        bool same = memcmp(left, right, FILM_PIXEL) == 0;
        uint8_t grey = (uint8_t)(191 + (left[0] + left[1] + left[2]) / 12);
        out[0] = same ? grey : 214;
        out[1] = same ? grey : 0;
        out[2] = same ? grey : 0;
    }
}

static int picture_make(const struct film_reader *a, const struct film_reader *b,
                        struct orl_text *out, struct orl_error *err)
{
    struct orl_sink sink = {out, text_collect};
    struct png_packer *packer = NULL;
    uint8_t header[PNG_HEADER_BYTES], *rows;
    const uint8_t *data;
    size_t size;
    int width = 3 * a->width, ret = orl_png_packer_create(PNG_LEVEL, &packer, err);
    if (ret != ORL_OK)
        return ret;
    rows = orl_png_packer_room(packer, width, a->height, FILM_PIXEL);
    for (int y = 0; rows && y < a->height; y++)
        row_fill(a, b, y, rows + (size_t)y * (size_t)width * FILM_PIXEL);
    orl_png_header(header, width, a->height, PNG_RGB);
    ret = rows ? orl_png_packer_pack(packer, true, &data, &size, err) : orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = text_collect(out, orl_png_signature, sizeof orl_png_signature, err);
    if (ret == ORL_OK)
        ret = orl_png_chunk(sink, "IHDR", header, sizeof header, NULL, 0, err);
    if (ret == ORL_OK)
        ret = orl_png_chunk(sink, "IDAT", NULL, 0, data, size, err);
    if (ret == ORL_OK)
        ret = orl_png_chunk(sink, "IEND", NULL, 0, NULL, 0, err);
    orl_png_packer_destroy(&packer);
    return ret;
}

/* ---- Comparing ------------------------------------------------------------------------------- */

static size_t pixels_differ(const struct film_reader *a, const struct film_reader *b, int *most)
{
    size_t count = 0, pixels = (size_t)a->width * (size_t)a->height;
    *most = 0;
    if (memcmp(a->pixels, b->pixels, pixels * FILM_PIXEL) == 0)
        return 0;
    for (size_t i = 0; i < pixels; i++) {
        int gap = 0;
        for (size_t c = FILM_PIXEL * i; c < FILM_PIXEL * (i + 1); c++)
            gap = abs(a->pixels[c] - b->pixels[c]) > gap ? abs(a->pixels[c] - b->pixels[c]) : gap;
        count += gap > 0;
        *most = gap > *most ? gap : *most;
    }
    return count;
}

static int frames_compare(struct film_reader *a, struct film_reader *b, struct film_difference *out,
                          struct orl_text *picture, struct orl_error *err)
{
    bool pictured = false;
    int one, other = 0;
    while ((one = orl_film_next(a, err)) >= 0 && (other = orl_film_next(b, err)) >= 0 &&
           (one || other)) {
        if (!one || !other)
            continue; /* the rest of the longer one is counted */
        int most;
        size_t pixels = pixels_differ(a, b, &most);
        if (pixels == 0 && fabs(a->time_s - b->time_s) < SAME_TIME_S)
            continue;
        if (out->differing++ == 0) {
            out->first = a->frames - 1;
            out->first_s = a->time_s;
            out->pixels = pixels;
            out->most = most;
        }
        int ret = pixels > 0 && picture && !pictured ? picture_make(a, b, picture, err) : ORL_OK;
        pictured |= pixels > 0;
        if (ret != ORL_OK)
            return ret;
    }
    out->frames[0] = a->frames;
    out->frames[1] = b->frames;
    out->same = out->differing == 0 && a->frames == b->frames;
    return one < 0 ? one : other < 0 ? other : ORL_OK;
}

static int films_compare(struct reader *left, struct reader *right, struct film_difference *out,
                         struct orl_text *picture, struct orl_error *err)
{
    struct film_reader *a = &left->film, *b = &right->film;
    int one = orl_film_open(a, &left->stream, err),
        other = one == ORL_OK ? orl_film_open(b, &right->stream, err) : one;
    if (one == ORL_FAIL || other == ORL_FAIL)
        return ORL_OK; /* told by their bytes */
    if (one != ORL_OK || other != ORL_OK)
        return one != ORL_OK ? one : other;
    out->decoded = true;
    out->width[0] = a->width;
    out->width[1] = b->width;
    out->height[0] = a->height;
    out->height[1] = b->height;
    if (a->width != b->width || a->height != b->height)
        return ORL_OK;
    return frames_compare(a, b, out, picture, err);
}

int orl_film_compare(const char *a, const char *b, struct film_difference *out,
                     struct orl_text *picture, struct orl_error *err)
{
    struct reader one = {.fd = -1}, other = {.fd = -1};
    *out = (struct film_difference){0};
    int ret = file_open(&one, a, err);
    if (ret == ORL_OK)
        ret = file_open(&other, b, err);
    if (ret == ORL_OK)
        ret = bytes_compare(&one, &other, &out->same, err);
    if (ret == ORL_OK && !out->same)
        ret = films_compare(&one, &other, out, picture, err);
    reader_close(&one);
    reader_close(&other);
    return ret;
}
