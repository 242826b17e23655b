#include "base/array.h"

#include <stdlib.h>
#include <string.h>

bool orl_size_mul(size_t a, size_t b, size_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

bool orl_size_add(size_t a, size_t b, size_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

void *orl_calloc(size_t count, size_t size)
{
    return calloc(count ? count : 1, size ? size : 1); /* calloc checks the product itself */
}

void *orl_realloc_array(void *block, size_t count, size_t size)
{
    size_t bytes;
    if (!orl_size_mul(count, size, &bytes))
        return NULL;
    return realloc(block, bytes ? bytes : 1);
}

bool orl_reserve(void **data, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return true;
    size_t wanted = *capacity < 8 ? 8 : *capacity;
    while (wanted < needed)
        if (!orl_size_mul(wanted, 2, &wanted))
            return false;
    void *grown = orl_realloc_array(*data, wanted, size);
    if (!grown)
        return false;
    *data = grown;
    *capacity = wanted;
    return true;
}
