/* Records out of blocks. */
#include "logs/blocks.h"

#include "base/hash.h"

enum { BLOCK = 32768, PIECE_HEADER = 7 };
enum piece { PIECE_FULL = 1, PIECE_FIRST, PIECE_MIDDLE, PIECE_LAST };

void orl_blocks_close(struct block_reader *reader)
{
    orl_text_uninit(&reader->record);
}

/* Bytes up to the end of the block. */
static size_t block_left(const struct block_reader *r)
{
    return BLOCK - (size_t)(orl_log_input_position(r->in) % BLOCK);
}

/* Go on at the next block, or at the end of the file. */
static int block_skip(struct block_reader *r, struct orl_error *err)
{
    size_t left = block_left(r);
    int64_t there = orl_log_input_want(r->in, left, err);
    if (there < 0)
        return (int)there;
    orl_log_input_skip(r->in, (size_t)there < left ? (size_t)there : left);
    return ORL_OK;
}

/* A piece that is not sound: what is left of its block cannot be told apart any more. Zeros are
 * blocks that were laid out before the machine went down. */
static int piece_refuse(struct block_reader *r, bool zeros, struct orl_error *err)
{
    uint64_t before = orl_log_input_position(r->in);
    int ret = block_skip(r, err);
    r->bad += !zeros;
    r->skipped += zeros ? (size_t)(orl_log_input_position(r->in) - before) : 0;
    orl_text_clear(&r->record);
    return ret;
}

/* The next piece. 1: `*type` and its data, which are appended to the record; 0: the end; 2: it was
 * passed over. */
static int piece_next(struct block_reader *r, enum piece *type, struct orl_error *err)
{
    if (block_left(r) < PIECE_HEADER) {
        int ret = block_skip(r, err);
        return ret == ORL_OK ? 2 : ret;
    }
    int64_t there = orl_log_input_want(r->in, PIECE_HEADER, err);
    if (there < PIECE_HEADER)
        return there < 0 ? (int)there : 0;
    const unsigned char *head = r->in->data + r->in->at;
    uint32_t crc = orl_log_u32(head);
    size_t length = orl_log_u16(head + 4);
    int kind = head[6];
    if (kind == 0 && length == 0 && crc == 0) {
        int ret = piece_refuse(r, true, err);
        return ret == ORL_OK ? 2 : ret;
    }
    there = orl_log_input_want(r->in, PIECE_HEADER + length, err);
    if (there < 0)
        return (int)there;
    bool fits = PIECE_HEADER + length <= block_left(r);
    if (fits && (size_t)there < PIECE_HEADER + length)
        return 0;
    head = r->in->data + r->in->at;
    if (!fits || kind < PIECE_FULL || kind > PIECE_LAST ||
        orl_crc32(0, head + 6, length + 1) != crc) {
        int ret = piece_refuse(r, false, err);
        return ret == ORL_OK ? 2 : ret;
    }
    *type = (enum piece)kind;
    if (kind == PIECE_FULL || kind == PIECE_FIRST)
        orl_text_clear(&r->record);
    orl_text_append(&r->record, (const char *)head + PIECE_HEADER, length);
    orl_log_input_skip(r->in, PIECE_HEADER + length);
    return r->record.failed ? orl_fail_memory(err) : 1;
}

int orl_blocks_next(struct block_reader *r, struct orl_error *err)
{
    bool begun = false;
    for (;;) {
        enum piece type = PIECE_FULL;
        int more = piece_next(r, &type, err);
        if (more <= 0)
            return more;
        if (more == 2) {
            begun = false;
            continue;
        }
        if (type == PIECE_FULL || type == PIECE_FIRST)
            begun = true;
        if (r->record.length > r->in->limits->log_record_bytes)
            return orl_log_fault(r->in, 0, NULL, "a record is too long (--max-log-record-bytes)");
        if (begun && (type == PIECE_FULL || type == PIECE_LAST)) {
            r->records++;
            return 1;
        }
    }
}

void orl_blocks_tell(const struct block_reader *r)
{
    if (r->bad)
        orl_log_warn(r->in, 0, "%zu wrong checksum%s: the rest of its block is left out", r->bad,
                     r->bad == 1 ? "" : "s");
    if (r->skipped)
        orl_log_warn(r->in, 0, "%zu bytes of zeros are left out", r->skipped);
}
