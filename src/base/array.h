/* Memory with checked sizes. All blocks are the caller's, freed with free(). Any thread. */
#ifndef ORL_BASE_ARRAY_H
#define ORL_BASE_ARRAY_H

#include "optreel/base.h"

/* calloc/realloc whose product is checked; NULL on overflow or when memory is short. A count of 0
 * gives a small valid block. */
void *orl_calloc(size_t count, size_t size);
void *orl_realloc_array(void *block, size_t count, size_t size);

/* A block that begins at a cache line (64 bytes, the widest vectors, too), its size rounded up to
 * whole ones; its bytes are not set. NULL when memory is short. Free with free(). */
void *orl_malloc_lines(size_t bytes);

/* Make room for `needed` elements of `size` bytes in a growing array (doubling). False when memory
 * is short or the size overflows; the array is then unchanged. */
bool orl_reserve(void **data, size_t *capacity, size_t needed, size_t size);

/* *out = a*b, a+b in size_t; false on overflow. */
bool orl_size_mul(size_t a, size_t b, size_t *out);
bool orl_size_add(size_t a, size_t b, size_t *out);

#define ORL_COUNT(array) (sizeof(array) / sizeof *(array))

#endif
