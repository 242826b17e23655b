/* `.swanlab` files: W&B's blocks under another header. Version 1 (swanlab 0.6) holds a JSON object
 * a record, version 2 (0.7) protocol buffers. */
#include <string.h>

#include "base/text.h"
#include "logs/blocks.h"
#include "logs/format.h"
#include "logs/json.h"
#include "logs/protobuf.h"

enum { RECORD_SCALAR = 13 };

/* What a JSON record says, as far as it is looked at. */
struct told {
    bool scalar, has_value;
    double value, step, index;
};

struct swanlab {
    struct log_records *records;
    struct log_record *record;
    int version;
    struct told told;
    struct orl_text path, key;
};

static int scalar_add(struct swanlab *s, const char *key, size_t length, int64_t step, double value,
                      struct orl_error *err)
{
    if (length == 0)
        return ORL_OK;
    struct log_series *series = orl_log_series_get(s->records, s->record, key, length, err);
    return series ? orl_log_series_add(s->records, series, step, value, err) : err->code;
}

/* {1 key, 2 step, 5 value {1 double}}: what is 0 is not there. */
static int scalar_read(struct swanlab *s, struct pb_message scalar, struct orl_error *err)
{
    struct pb_field field, inner;
    struct pb_message key = {0};
    int64_t step = 0;
    double value = 0.0;
    bool found = false;
    while (orl_pb_next(&scalar, &field)) {
        if (field.number == 1 && field.kind == PB_BYTES)
            key = field.bytes;
        else if (field.number == 2 && field.kind == PB_VARINT)
            step = (int64_t)field.value;
        else if (field.number == 5 && field.kind == PB_BYTES) {
            found = true;
            while (orl_pb_next(&field.bytes, &inner))
                if (inner.number == 1)
                    value = orl_pb_double(&inner);
        }
    }
    if (!found || !key.at)
        return ORL_OK;
    return scalar_add(s, (const char *)key.at, (size_t)(key.end - key.at), step, value, err);
}

static int buffers_read(struct swanlab *s, const struct orl_text *bytes, struct orl_error *err)
{
    struct pb_message record = orl_pb_message(bytes->data, bytes->length);
    struct pb_field field;
    int ret = ORL_OK;
    while (ret == ORL_OK && orl_pb_next(&record, &field))
        if (field.number == RECORD_SCALAR && field.kind == PB_BYTES)
            ret = scalar_read(s, field.bytes, err);
    return ret;
}

static int member_note(void *context, const char *path, int token, const struct json_reader *json,
                       struct orl_error *err)
{
    struct swanlab *s = context;
    double number;
    bool numeric = orl_json_token_number(json, token, &number);
    (void)err;
    if (token == JSON_STRING && strcmp(path, "model_type") == 0) {
        s->told.scalar = strcmp(json->text.data, "Scalar") == 0;
    } else if (token == JSON_STRING && strcmp(path, "data.key") == 0) {
        orl_text_clear(&s->key);
        orl_text_append(&s->key, json->text.data, json->text.length);
    } else if (numeric && strcmp(path, "data.metric.data") == 0) {
        s->told.value = number;
        s->told.has_value = true;
    } else if (numeric && strcmp(path, "data.step") == 0) {
        s->told.step = number;
    } else if (numeric && strcmp(path, "data.metric.index") == 0) {
        s->told.index = number;
    }
    return ORL_OK;
}

static int object_read(struct swanlab *s, const struct orl_text *bytes, struct orl_error *err)
{
    struct json_reader json;
    s->told = (struct told){.step = -1.0, .index = -1.0};
    orl_json_read_text(&json, bytes->data, bytes->length);
    orl_text_clear(&s->path);
    orl_text_clear(&s->key);
    int ret = orl_json_next(&json, err);
    if (ret == JSON_OBJECT)
        ret = orl_json_members(&json, &s->path, member_note, s, err);
    orl_json_read_close(&json);
    if (ret < 0)
        return ret;
    double step = s->told.step >= 0.0 ? s->told.step : s->told.index;
    if (!s->told.scalar || !s->told.has_value || !(step >= 0.0 && step < 9e15))
        return ORL_OK;
    return scalar_add(s, s->key.data, s->key.length, (int64_t)step, s->told.value, err);
}

static int swanlab_read(struct log_input *in, struct log_records *records, struct orl_error *err)
{
    struct block_reader blocks = {.in = in};
    struct swanlab s = {.records = records, .record = orl_log_record_get(records, "", err)};
    int64_t there = orl_log_input_want(in, BLOCKS_HEADER, err);
    int more = s.record && there >= BLOCKS_HEADER ? 1 : err->code;
    if (more > 0) {
        s.record->stepped = true;
        s.version = in->data[in->at + 6];
        orl_log_input_skip(in, BLOCKS_HEADER);
        if (s.version < 1 || s.version > 2)
            more = orl_log_fault(in, 0, "versions 1 and 2 are known",
                                 "version %d of SwanLab's files is not known", s.version);
    }
    while (more > 0 && (more = orl_blocks_next(&blocks, err)) > 0) {
        int ret = s.version == 2 ? buffers_read(&s, &blocks.record, err)
                                 : object_read(&s, &blocks.record, err);
        more = ret == ORL_OK ? 1 : ret;
    }
    orl_blocks_tell(&blocks);
    orl_blocks_close(&blocks);
    orl_text_uninit(&s.path);
    orl_text_uninit(&s.key);
    return more;
}

/* ":SWL", a magic number, the version. */
static bool swanlab_recognise(const struct log_head *head)
{
    return head->length >= BLOCKS_HEADER && memcmp(head->bytes, ":SWL", 4) == 0;
}

const struct orl_log_format orl_log_swanlab = {
    .name = "swanlab",
    .title = "SwanLab run file",
    .recognise = swanlab_recognise,
    .read = swanlab_read,
    .rank = 1,
};
