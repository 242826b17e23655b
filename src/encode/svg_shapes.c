/* Path data by its text: a table with open addressing. */
#include "encode/svg_shapes.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

void orl_svg_shapes_uninit(struct svg_shapes *shapes)
{
    for (size_t i = 0; i < shapes->count; i++)
        free(shapes->items[i].path);
    free(shapes->items);
    free(shapes->slots);
    *shapes = (struct svg_shapes){0};
}

/* FNV-1a. */
static size_t shape_hash(const char *path)
{
    uint64_t hash = UINT64_C(1469598103934665603);
    for (const char *p = path; *p; p++)
        hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
    return (size_t)(hash ^ hash >> 32);
}

/* Its slot, or the empty one where it would stand. */
static size_t *shape_slot(const struct svg_shapes *shapes, const char *path)
{
    size_t i = shape_hash(path) & (shapes->slot_count - 1);
    while (shapes->slots[i] && strcmp(shapes->items[shapes->slots[i] - 1].path, path) != 0)
        i = (i + 1) & (shapes->slot_count - 1);
    return &shapes->slots[i];
}

/* At most half of the slots are taken. */
static bool shapes_make_room(struct svg_shapes *shapes)
{
    if (2 * (shapes->count + 1) <= shapes->slot_count)
        return true;
    size_t count = shapes->slot_count ? 2 * shapes->slot_count : 256;
    size_t *slots = orl_calloc(count, sizeof *slots);
    if (!slots)
        return false;
    free(shapes->slots);
    shapes->slots = slots;
    shapes->slot_count = count;
    for (size_t i = 0; i < shapes->count; i++)
        *shape_slot(shapes, shapes->items[i].path) = i + 1;
    return true;
}

struct svg_shape *orl_svg_shapes_find(struct svg_shapes *shapes, const char *path)
{
    size_t at = shapes->slot_count ? *shape_slot(shapes, path) : 0;
    return at ? &shapes->items[at - 1] : NULL;
}

bool orl_svg_shapes_count(struct svg_shapes *shapes, const char *path)
{
    struct svg_shape *shape = orl_svg_shapes_find(shapes, path);
    if (!shape) {
        if (!shapes_make_room(shapes) || !orl_reserve((void **)&shapes->items, &shapes->capacity,
                                                      shapes->count + 1, sizeof *shapes->items))
            return false;
        shape = &shapes->items[shapes->count];
        *shape = (struct svg_shape){.path = orl_strdup(path)};
        if (!shape->path)
            return false;
        *shape_slot(shapes, path) = ++shapes->count;
    }
    shape->uses++;
    return true;
}

size_t orl_svg_shapes_refer(struct svg_shapes *shapes, struct svg_shape *shape)
{
    if (!shape->id)
        shape->id = ++shapes->referred;
    return shape->id;
}

void orl_svg_shapes_write(const struct svg_shapes *shapes, struct orl_text *out)
{
    for (size_t i = 0; i < shapes->count; i++)
        if (shapes->items[i].id)
            orl_text_printf(out, "<path id=\"p%zu\" d=\"%s\"/>\n", shapes->items[i].id,
                            shapes->items[i].path);
}
