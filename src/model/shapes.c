/* Shapes: groups of parameters that form matrices. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "optreel/model.h"

struct orl_shape *orl_shapes_copy(const struct orl_shape *shapes, size_t count)
{
    struct orl_shape *copy = orl_calloc(count, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++) {
        size_t cells = shapes[i].rows * shapes[i].columns;
        copy[i] = shapes[i];
        copy[i].name = orl_strdup(shapes[i].name);
        copy[i].parameters = orl_calloc(cells, sizeof *copy[i].parameters);
        if (!copy[i].name || !copy[i].parameters) {
            orl_shapes_free(copy, i + 1);
            return NULL;
        }
        memcpy(copy[i].parameters, shapes[i].parameters, cells * sizeof *copy[i].parameters);
    }
    return copy;
}

void orl_shapes_free(struct orl_shape *shapes, size_t count)
{
    for (size_t i = 0; shapes && i < count; i++) {
        free(shapes[i].name);
        free(shapes[i].parameters);
    }
    free(shapes);
}
