/* Memory with checked sizes; every allocation can be made to fail. */
#include "base/array.h"

#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

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
    if (orl_fault_strikes(ORL_FAULT_MEMORY, NULL))
        return NULL;
    return calloc(count ? count : 1, size ? size : 1); /* calloc checks the product itself */
}

void *orl_realloc_array(void *block, size_t count, size_t size)
{
    size_t bytes;
    if (!orl_size_mul(count, size, &bytes) || orl_fault_strikes(ORL_FAULT_MEMORY, NULL))
        return NULL;
    return realloc(block, bytes ? bytes : 1);
}

void *orl_malloc_lines(size_t bytes)
{
    enum { LINE = 64 };
    if (!orl_size_add(bytes, LINE - 1, &bytes) || orl_fault_strikes(ORL_FAULT_MEMORY, NULL))
        return NULL;
    return aligned_alloc(LINE, bytes ? bytes / LINE * LINE : LINE);
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
