/* SQLite files in memory, with the write-ahead log put in (sqlite.org/fileformat2.html, section 4).
 */
#include "logs/database.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

enum { WAL_HEADER = 32, FRAME_HEADER = 24, PAGE_LEAST = 512, PAGE_MOST = 65536 };

struct image {
    unsigned char *bytes; /* owned, by sqlite3_malloc64 */
    size_t size, capacity;
};

static uint32_t big_u32(const unsigned char *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static bool image_reserve(struct image *image, size_t size)
{
    if (size <= image->capacity)
        return true;
    unsigned char *grown = sqlite3_realloc64(image->bytes, size);
    if (!grown)
        return false;
    memset(grown + image->capacity, 0, size - image->capacity);
    image->bytes = grown;
    image->capacity = size;
    return true;
}

static int image_read(struct log_input *in, struct image *image, struct orl_error *err)
{
    if (!image_reserve(image, (size_t)in->size + 1))
        return orl_fail_memory(err);
    while (image->size < in->size) {
        int64_t there = orl_log_input_want(in, 1, err);
        if (there <= 0)
            return (int)there;
        size_t left = (size_t)in->size - image->size,
               part = (size_t)there < left ? (size_t)there : left;
        memcpy(image->bytes + image->size, in->data + in->at, part);
        image->size += part;
        orl_log_input_skip(in, part);
    }
    return ORL_OK;
}

/* ---- The write-ahead log ---- */

struct wal {
    struct log_input in;
    bool big; /* the order of the checksum's words */
    uint32_t page, salt[2], sum[2];
};

/* The checksum of the format, over whole pairs of words. */
static void wal_sum(struct wal *wal, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i + 8 <= length; i += 8) {
        uint32_t x = wal->big ? big_u32(bytes + i) : orl_log_u32(bytes + i),
                 y = wal->big ? big_u32(bytes + i + 4) : orl_log_u32(bytes + i + 4);
        wal->sum[0] += x + wal->sum[1];
        wal->sum[1] += y + wal->sum[0];
    }
}

static bool wal_begin(struct wal *wal, struct orl_error *err)
{
    if (orl_log_input_want(&wal->in, WAL_HEADER, err) < WAL_HEADER)
        return false;
    const unsigned char *head = wal->in.data + wal->in.at;
    uint32_t magic = big_u32(head);
    wal->big = magic & 1;
    wal->page = big_u32(head + 8);
    wal->salt[0] = big_u32(head + 16);
    wal->salt[1] = big_u32(head + 20);
    wal_sum(wal, head, 24);
    bool good = (magic | 1) == 0x377f0683u && wal->page >= PAGE_LEAST && wal->page <= PAGE_MOST &&
                wal->sum[0] == big_u32(head + 24) && wal->sum[1] == big_u32(head + 28);
    orl_log_input_skip(&wal->in, WAL_HEADER);
    return good;
}

/* The next frame, as long as it belongs to this log and is whole; NULL at the end. */
static const unsigned char *wal_frame(struct wal *wal, struct orl_error *err)
{
    size_t size = FRAME_HEADER + wal->page;
    int64_t there = orl_log_input_want(&wal->in, size, err);
    if (there < 0 || (size_t)there < size)
        return NULL;
    const unsigned char *frame = wal->in.data + wal->in.at;
    if (big_u32(frame + 8) != wal->salt[0] || big_u32(frame + 12) != wal->salt[1])
        return NULL;
    wal_sum(wal, frame, 8);
    wal_sum(wal, frame + FRAME_HEADER, wal->page);
    if (wal->sum[0] != big_u32(frame + 16) || wal->sum[1] != big_u32(frame + 20) ||
        big_u32(frame) == 0)
        return NULL;
    orl_log_input_skip(&wal->in, size);
    return frame;
}

/* How many frames are committed: what follows the last commit does not count. */
static size_t wal_committed(const struct log_input *like, const char *path, struct orl_error *err)
{
    struct wal wal = {0};
    size_t frames = 0, committed = 0;
    const unsigned char *frame;
    if (orl_log_input_open(path, like->shown, like->limits, like->messages, &wal.in) != ORL_OK)
        return 0;
    if (wal_begin(&wal, err))
        while ((frame = wal_frame(&wal, err)) != NULL) {
            frames++;
            if (big_u32(frame + 4))
                committed = frames;
        }
    orl_log_input_close(&wal.in);
    return committed;
}

static int wal_apply(const struct log_input *like, const char *path, size_t frames,
                     struct image *image, struct orl_error *err)
{
    struct wal wal = {0};
    int ret = orl_log_input_open(path, like->shown, like->limits, like->messages, &wal.in);
    bool good = ret == ORL_OK && wal_begin(&wal, err);
    for (size_t i = 0; good && ret == ORL_OK && i < frames; i++) {
        const unsigned char *frame = wal_frame(&wal, err);
        uint64_t end = frame ? (uint64_t)big_u32(frame) * wal.page : 0;
        if (!frame)
            break;
        if (end > like->limits->log_bytes)
            ret = orl_log_fault(like, 0, NULL, "the database is too large (--max-log-bytes)");
        else if (!image_reserve(image, (size_t)end))
            ret = orl_fail_memory(err);
        else
            memcpy(image->bytes + end - wal.page, frame + FRAME_HEADER, wal.page);
        if (ret == ORL_OK && end > image->size)
            image->size = (size_t)end;
        uint64_t pages = big_u32(frame + 4); /* a commit tells how large the database is then */
        if (ret == ORL_OK && pages && pages * wal.page <= image->size)
            image->size = (size_t)(pages * wal.page);
    }
    orl_log_input_close(&wal.in);
    return ret;
}

static int image_add_wal(struct log_input *in, struct image *image, struct orl_error *err)
{
    struct orl_messages quiet = {0};
    struct log_input like = *in;
    char *path = orl_asprintf("%s-wal", in->path);
    if (!path)
        return orl_fail_memory(err);
    like.messages = &quiet; /* most databases have none: no fault */
    size_t frames = wal_committed(&like, path, err);
    like.messages = in->messages;
    int ret = frames ? wal_apply(&like, path, frames, image, err) : ORL_OK;
    orl_messages_uninit(&quiet);
    free(path);
    return ret;
}

/* ---- The database ---- */

int orl_log_database_open(struct log_input *in, sqlite3 **out, struct orl_error *err)
{
    struct image image = {0};
    *out = NULL;
    int ret = image_read(in, &image, err);
    if (ret == ORL_OK)
        ret = image_add_wal(in, &image, err);
    if (ret == ORL_OK && image.size >= 100) /* no log any more: it is all here */
        image.bytes[18] = image.bytes[19] = 1;
    if (ret == ORL_OK && sqlite3_open(":memory:", out) != SQLITE_OK)
        ret = orl_fail_memory(err);
    if (ret != ORL_OK) {
        sqlite3_free(image.bytes);
        return ret;
    }
    sqlite3_limit(*out, SQLITE_LIMIT_LENGTH, 1 << 26);
    int code = sqlite3_deserialize(*out, "main", image.bytes, (sqlite3_int64)image.size,
                                   (sqlite3_int64)image.capacity,
                                   SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY);
    return code == SQLITE_OK ? ORL_OK : orl_log_fault(in, 0, NULL, "%s", sqlite3_errstr(code));
}

int orl_log_database_each(struct log_input *in, sqlite3 *db, const char *sql,
                          int (*row)(void *context, sqlite3_stmt *row, struct orl_error *err),
                          void *context, struct orl_error *err)
{
    sqlite3_stmt *statement = NULL;
    int ret = ORL_OK, code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    while (ret == ORL_OK && code == SQLITE_OK) {
        int step = sqlite3_step(statement);
        if (step == SQLITE_DONE)
            break;
        if (step == SQLITE_ROW)
            ret = row(context, statement, err);
        else
            code = step;
    }
    if (ret == ORL_OK && code != SQLITE_OK)
        ret = orl_log_fault(in, 0, NULL, "%s", sqlite3_errmsg(db));
    sqlite3_finalize(statement);
    return ret;
}

bool orl_log_database_has(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    bool found = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
                 sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_finalize(statement);
    return found;
}
