/* Path data that more than one element shows: each stands in the file once. */
#ifndef ORL_ENCODE_SVG_SHAPES_H
#define ORL_ENCODE_SVG_SHAPES_H

#include "base/text.h"

struct svg_shape {
    char *path; /* owned */
    size_t uses;
    size_t id; /* "p" and this; 0: no element refers to it yet */
};

/* Zero-initialize; release with orl_svg_shapes_uninit. */
struct svg_shapes {
    struct svg_shape *items; /* owned */
    size_t count, capacity;
    size_t *slots; /* owned: hashed, an item's index + 1, or 0 */
    size_t slot_count;
    size_t referred; /* so many have an id */
};
void orl_svg_shapes_uninit(struct svg_shapes *shapes);
/* One more use of `path`; false when memory is short. */
bool orl_svg_shapes_count(struct svg_shapes *shapes, const char *path);
/* NULL where it was never counted. Borrowed until the next count. */
struct svg_shape *orl_svg_shapes_find(struct svg_shapes *shapes, const char *path);
/* The id to refer to; from now on the shape is written. */
size_t orl_svg_shapes_refer(struct svg_shapes *shapes, struct svg_shape *shape);
/* Those that are referred to, as elements of <defs>. */
void orl_svg_shapes_write(const struct svg_shapes *shapes, struct orl_text *out);

#endif
