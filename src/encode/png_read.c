/* Chunks of PNG and APNG files, read back. */
#include "encode/png_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "encode/png_pack.h"
#include "encode/whole.h"

static int bytes_take(struct png_reader *r, void *bytes, size_t size, struct orl_error *err)
{
    int ret = orl_whole_read(r->spec, r->file, r->at, bytes, size, err);
    r->at += (int64_t)size;
    return ret;
}

int orl_png_read_start(struct png_reader *r, struct orl_error *err)
{
    uint8_t signature[8];
    int ret = bytes_take(r, signature, sizeof signature, err);
    return ret == ORL_OK && memcmp(signature, orl_png_signature, sizeof signature) != 0
               ? orl_whole_wrong(r->spec, "its first bytes", err)
               : ret;
}

int orl_png_read_chunk(struct png_reader *r, struct orl_error *err)
{
    uint8_t head[8], check[4];
    int ret = bytes_take(r, head, sizeof head, err);
    if (ret != ORL_OK)
        return ret;
    r->size = orl_png_get32(head);
    memcpy(r->type, head + 4, 4);
    if ((int64_t)r->size > r->file->size(r->file->context) - r->at)
        return orl_whole_wrong(r->spec, "a chunk's length", err);
    if (!orl_reserve((void **)&r->data, &r->capacity, (size_t)r->size + 1, 1))
        return orl_fail_memory(err);
    ret = bytes_take(r, r->data, r->size, err);
    if (ret == ORL_OK)
        ret = bytes_take(r, check, sizeof check, err);
    if (ret == ORL_OK &&
        orl_png_get32(check) != orl_crc32(orl_crc32(0, head + 4, 4), r->data, r->size))
        ret = orl_whole_wrong(r->spec, "a check sum", err);
    return ret;
}

int orl_png_expect_chunk(struct png_reader *r, const char *type, size_t size, struct orl_error *err)
{
    int ret = orl_png_read_chunk(r, err);
    if (ret == ORL_OK && (strcmp(r->type, type) != 0 || r->size != size))
        ret = orl_whole_wrong(r->spec, "a chunk that should not be there", err);
    return ret;
}

void orl_png_reader_uninit(struct png_reader *r)
{
    free(r->data);
    *r = (struct png_reader){0};
}
