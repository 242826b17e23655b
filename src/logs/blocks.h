/* LevelDB's log format (leveldb/doc/log_format.md), as W&B and SwanLab use it: records in pieces
 * over blocks of 32 KiB that are counted from the beginning of the file, behind a header of their
 * own; the checksum is a plain CRC-32 over the type and the data. */
#ifndef ORL_LOGS_BLOCKS_H
#define ORL_LOGS_BLOCKS_H

#include "base/text.h"
#include "logs/input.h"

enum { BLOCKS_HEADER = 7 };

struct block_reader {
    struct log_input *in;
    struct orl_text record;       /* owned: the last one given */
    size_t records, bad, skipped; /* records given, pieces with a wrong checksum, bytes of zeros */
};
void orl_blocks_close(struct block_reader *reader);

/* The next record in `record`. 1: there is one; 0: the end, torn or not; negative: a code. */
int orl_blocks_next(struct block_reader *reader, struct orl_error *err);
/* Warn of what was left out. */
void orl_blocks_tell(const struct block_reader *reader);

#endif
