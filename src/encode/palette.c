/* The palette of a film, and pixels as its indices. */
#include "encode/palette.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <libimagequant.h>

#include "base/array.h"
#include "encode/pictures.h"

enum { SAMPLES = 8, CACHE_BITS = 14, CACHE_SIZE = 1 << CACHE_BITS };

/* ---- Counting colours ------------------------------------------------------------------------ */

struct counted {
    uint32_t color; /* 0xRRGGBB */
    uint32_t count; /* 0: a free place */
    uint32_t moved; /* of them, where something changed */
};

struct counter {
    struct counted *places; /* owned */
    size_t size, used;      /* size is a power of two */
    bool alpha;             /* frames have it */
    bool failed;
};

static size_t place_of(const struct counter *c, uint32_t color)
{
    size_t at = (color * 0x9e3779b1u) >> 8 & (c->size - 1);
    while (c->places[at].count && c->places[at].color != color)
        at = (at + 1) & (c->size - 1);
    return at;
}

static void grow(struct counter *c)
{
    struct counter bigger = {.size = c->size ? 2 * c->size : 4096};
    bigger.places = orl_calloc(bigger.size, sizeof *bigger.places);
    if (!bigger.places) {
        c->failed = true;
        return;
    }
    for (size_t i = 0; i < c->size; i++)
        if (c->places[i].count)
            bigger.places[place_of(&bigger, c->places[i].color)] = c->places[i];
    bigger.used = c->used;
    free(c->places);
    *c = bigger;
}

static uint32_t color_of(const uint8_t *bgrx)
{
    return (uint32_t)bgrx[2] << 16 | (uint32_t)bgrx[1] << 8 | bgrx[0];
}

/* An index is clear or a colour: what is more clear than not has none. */
enum { CLEAR = 1 << 24 };
static uint32_t color_seen(const uint8_t *pixel, bool alpha)
{
    uint8_t rgba[4];
    if (!alpha)
        return color_of(pixel);
    if (pixel[3] < 128)
        return CLEAR;
    orl_picture_straight(pixel, rgba);
    return (uint32_t)rgba[0] << 16 | (uint32_t)rgba[1] << 8 | rgba[2];
}

static void count_color(struct counter *c, uint32_t color, uint32_t times, bool moved)
{
    if (color == CLEAR)
        return;
    if (2 * c->used >= c->size)
        grow(c);
    if (c->failed)
        return;
    size_t at = place_of(c, color);
    if (!c->places[at].count) {
        c->places[at].color = color;
        c->used++;
    }
    uint32_t sum = c->places[at].count + times;
    c->places[at].count = sum < times ? UINT32_MAX : sum;
    c->places[at].moved += moved ? times : 0;
}

static void count_run(struct counter *c, const uint8_t *pixels, int width, bool moved)
{
    uint32_t last = color_seen(pixels, c->alpha), times = 0;
    for (int x = 0; x < width; x++) {
        uint32_t color = color_seen(pixels + 4 * x, c->alpha);
        if (color != last) {
            count_color(c, last, times, moved);
            last = color;
            times = 0;
        }
        times++;
    }
    count_color(c, last, times, moved);
}

/* A pixel's fourth byte says nothing: it depends on what was drawn there before. */
static bool pixels_differ(const uint8_t *a, const uint8_t *b, int count)
{
    uint8_t difference = 0;
    for (int i = 0; i < 4 * count; i += 4)
        difference |= (uint8_t)((a[i] ^ b[i]) | (a[i + 1] ^ b[i + 1]) | (a[i + 2] ^ b[i + 2]));
    return difference != 0;
}

/* The end of the run of chunks from x that all differ from the sample before, or all do not. */
static int run_end(const uint8_t *row, const uint8_t *before, int width, int x, bool *moved)
{
    enum { CHUNK = 16 };
    int end = x;
    *moved = false;
    while (end < width) {
        int next = end + CHUNK < width ? end + CHUNK : width;
        bool differs = pixels_differ(row + 4 * end, before + 4 * end, next - end);
        if (end == x)
            *moved = differs;
        else if (differs != *moved)
            break;
        end = next;
    }
    return end;
}

/* `before` holds the sample before, and then this one. */
static void count_image(struct counter *c, const struct orl_image *image, bool first,
                        uint8_t *before)
{
    for (int y = 0; y < image->height; y++) {
        const uint8_t *row = image->pixels + (size_t)y * image->stride;
        uint8_t *old = before + 4 * (size_t)y * (size_t)image->width;
        for (int x = 0; x < image->width;) {
            bool moved = false;
            int end = first ? image->width : run_end(row, old, image->width, x, &moved);
            count_run(c, row + 4 * x, end - x, moved);
            x = end;
        }
        memcpy(old, row, 4 * (size_t)image->width);
    }
}

static int compare_counts(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return x->color < y->color ? -1 : x->color > y->color;
}

/* ---- Choosing -------------------------------------------------------------------------------- */

static void put_color(struct palette *p, uint32_t color)
{
    uint8_t *to = p->rgb + 3 * p->count++;
    to[0] = (uint8_t)(color >> 16);
    to[1] = (uint8_t)(color >> 8);
    to[2] = (uint8_t)color;
}

static uint32_t spec_color(const struct orl_color *c)
{
    return (uint32_t)lround(c->r * 255) << 16 | (uint32_t)lround(c->g * 255) << 8 |
           (uint32_t)lround(c->b * 255);
}

static liq_color liq_of(uint32_t color)
{
    return (liq_color){(unsigned char)(color >> 16), (unsigned char)(color >> 8),
                       (unsigned char)color, 255};
}

static uint8_t nearest(const struct palette *p, uint32_t color)
{
    int r = (int)(color >> 16), g = (int)(color >> 8 & 0xff), b = (int)(color & 0xff),
        best = INT32_MAX;
    size_t found = 1;
    for (size_t i = 1; i < p->count; i++) {
        int dr = p->rgb[3 * i] - r, dg = p->rgb[3 * i + 1] - g, db = p->rgb[3 * i + 2] - b,
            distance = dr * dr + dg * dg + db * db;
        if (distance < best) {
            best = distance;
            found = i;
        }
    }
    return (uint8_t)found;
}

/* More colours than places: libimagequant takes the counted colours; those that the film names come
 * out as they are. */
static bool quantize(struct palette *p, const struct orl_output_spec *spec,
                     const struct counted *colors, size_t count, size_t most)
{
    liq_attr *attr = liq_attr_create();
    liq_histogram *histogram = attr ? liq_histogram_create(attr) : NULL;
    liq_histogram_entry *entries = orl_calloc(count, sizeof *entries);
    liq_result *result = NULL;
    bool good = histogram && entries && liq_set_max_colors(attr, (int)most) == LIQ_OK &&
                liq_set_speed(attr, 3) == LIQ_OK;
    for (size_t i = 0; good && i < count; i++)
        entries[i] = (liq_histogram_entry){liq_of(colors[i].color), colors[i].count};
    good = good && liq_histogram_add_colors(histogram, attr, entries, (int)count, 0) == LIQ_OK;
    for (size_t i = 0; good && i < spec->color_count && i < most / 2; i++)
        if (spec->colors[i].a >= 1.0)
            good = liq_histogram_add_fixed_color(histogram, liq_of(spec_color(&spec->colors[i])),
                                                 0) == LIQ_OK;
    good = good && liq_histogram_quantize(histogram, attr, &result) == LIQ_OK;
    const liq_palette *made = good ? liq_get_palette(result) : NULL;
    for (unsigned i = 0; made && i < made->count && p->count <= most; i++)
        put_color(p, (uint32_t)made->entries[i].r << 16 | (uint32_t)made->entries[i].g << 8 |
                         made->entries[i].b);
    if (result)
        liq_result_destroy(result);
    if (histogram)
        liq_histogram_destroy(histogram);
    if (attr)
        liq_attr_destroy(attr);
    free(entries);
    return made != NULL && p->count > 1;
}

struct place {
    uint64_t moved;
    uint8_t rgb[3];
    bool fixed;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->moved != y->moved)
        return x->moved < y->moved ? 1 : -1;
    return memcmp(x->rgb, y->rgb, sizeof x->rgb);
}

static bool is_named(const struct orl_output_spec *spec, const uint8_t rgb[3])
{
    uint32_t color = (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
    for (size_t i = 0; i < spec->color_count; i++)
        if (spec->colors[i].a >= 1.0 && spec_color(&spec->colors[i]) == color)
            return true;
    return false;
}

/* Those that move most first, so that most pictures get along with small indices, which take fewer
 * bits. */
static void put_in_order(struct palette *p, const struct orl_output_spec *spec,
                         const struct counted *colors, size_t count)
{
    struct place places[PALETTE_MOST] = {{0}};
    for (size_t i = 0; i < count; i++)
        if (colors[i].moved)
            places[nearest(p, colors[i].color)].moved += colors[i].moved;
    for (size_t i = 1; i < p->count; i++) {
        memcpy(places[i].rgb, p->rgb + 3 * i, 3);
        places[i].fixed = is_named(spec, places[i].rgb);
    }
    qsort(places + 1, p->count - 1, sizeof *places, compare_places);
    for (size_t i = 1; i < p->count; i++) {
        memcpy(p->rgb + 3 * i, places[i].rgb, 3);
        p->fixed[i] = places[i].fixed;
    }
}

static int choose(struct palette *p, const struct orl_output_spec *spec, struct counter *c,
                  size_t most, struct orl_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < c->size; i++)
        if (c->places[i].count)
            c->places[count++] = c->places[i];
    qsort(c->places, count, sizeof *c->places, compare_counts);
    p->count = 1;
    if (count < most)
        for (size_t i = 0; i < count; i++)
            put_color(p, c->places[i].color);
    else if (!quantize(p, spec, c->places, count, most - 1))
        return orl_fail(err, ORL_EENV, "libimagequant found no palette");
    put_in_order(p, spec, c->places, count);
    return ORL_OK;
}

struct palette_cache {
    uint32_t color[CACHE_SIZE]; /* 0xRRGGBB + 1; 0: free */
    uint8_t index[CACHE_SIZE];
};

int orl_palette_make(struct palette *palette, const struct orl_output_spec *spec,
                     const struct orl_frame_source *source, size_t most, struct orl_error *err)
{
    struct counter counter = {.alpha = spec->alpha};
    int ret = ORL_OK;
    uint8_t *before = orl_calloc((size_t)spec->width * (size_t)spec->height, 4);
    *palette =
        (struct palette){.alpha = spec->alpha, .cache = orl_calloc(1, sizeof *palette->cache)};
    if (!before || !palette->cache)
        ret = orl_fail_memory(err);
    for (size_t i = 0; ret == ORL_OK && i < SAMPLES; i++) {
        struct orl_image image;
        ret = source->frame(source->context, (spec->frames - 1) * i / (SAMPLES - 1), &image, err);
        if (ret == ORL_OK)
            count_image(&counter, &image, i == 0, before);
    }
    for (size_t i = 0; ret == ORL_OK && i < spec->color_count; i++)
        if (spec->colors[i].a >= 1.0)
            count_color(&counter, spec_color(&spec->colors[i]), 1, false);
    if (ret == ORL_OK && counter.failed)
        ret = orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = choose(palette, spec, &counter, most, err);
    free(counter.places);
    free(before);
    if (ret != ORL_OK)
        orl_palette_uninit(palette);
    return ret;
}

void orl_palette_uninit(struct palette *palette)
{
    free(palette->cache);
    *palette = (struct palette){0};
}

/* ---- Applying -------------------------------------------------------------------------------- */

/* Each colour has one place in the cache; a newcomer takes it over. */
static uint8_t look_up(struct palette *p, uint32_t color)
{
    size_t at = (color * 0x9e3779b1u) >> (32 - CACHE_BITS);
    if (color == CLEAR)
        return 0;
    if (p->cache->color[at] != color + 1) {
        p->cache->color[at] = color + 1;
        p->cache->index[at] = nearest(p, color);
    }
    return p->cache->index[at];
}

static bool apply_block(struct palette *p, const struct orl_image *image, int x0, int x1, int y0,
                        int y1, uint8_t *indices)
{
    uint32_t last = UINT32_MAX;
    uint8_t index = 0, difference = 0;
    for (int y = y0; y < y1; y++) {
        const uint8_t *row = image->pixels + (size_t)y * image->stride;
        uint8_t *out = indices + (size_t)y * (size_t)image->width;
        for (int x = x0; x < x1; x++) {
            uint32_t color = color_seen(row + 4 * x, p->alpha);
            if (color != last) {
                last = color;
                index = look_up(p, color);
            }
            difference |= (uint8_t)(out[x] ^ index);
            out[x] = index;
        }
    }
    return difference != 0;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

bool orl_palette_apply(struct palette *palette, const struct orl_image *image, bool all,
                       uint8_t *indices, struct orl_damage *changed)
{
    const struct orl_damage *damage = all ? NULL : image->damage;
    bool any = false;
    for (size_t row = 0; row < changed->rows; row++)
        for (size_t column = 0; column < changed->columns; column++) {
            int x0 = (int)column * ORL_BLOCK_PX, y0 = (int)row * ORL_BLOCK_PX;
            size_t block = row * changed->columns + column;
            if (damage && !damage->blocks[block])
                continue;
            if (!apply_block(palette, image, x0, least(x0 + ORL_BLOCK_PX, image->width), y0,
                             least(y0 + ORL_BLOCK_PX, image->height), indices))
                continue;
            changed->blocks[block] = 1;
            any = true;
        }
    return any;
}
