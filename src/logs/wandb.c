/* `.wandb` files: records of wandb/proto/wandb_internal.proto in blocks. */
#include <string.h>

#include "base/text.h"
#include "logs/blocks.h"
#include "logs/format.h"
#include "logs/json.h"
#include "logs/protobuf.h"

enum { RECORD_HISTORY = 2, RECORD_CONFIG = 5, RECORD_RUN = 17 };

struct wandb {
    struct log_records *records;
    struct log_record *record;
    struct orl_text name;
};

static bool field_is(const struct pb_field *field, uint32_t number)
{
    return field->number == number && field->kind == PB_BYTES;
}

static size_t bytes_length(const struct pb_message *bytes)
{
    return (size_t)(bytes->end - bytes->at);
}

/* {1 key, 2 nested_key*, 16 value_json}: the name goes to w->name; returns the value. */
static struct pb_message item_read(struct wandb *w, struct pb_message item)
{
    struct pb_field field;
    struct pb_message value = {0}, key = {0};
    orl_text_clear(&w->name);
    while (orl_pb_next(&item, &field)) {
        if (field_is(&field, 1))
            key = field.bytes;
        else if (field_is(&field, 2)) {
            if (w->name.length)
                orl_text_putc(&w->name, '.');
            orl_text_append(&w->name, (const char *)field.bytes.at, bytes_length(&field.bytes));
        } else if (field_is(&field, 16))
            value = field.bytes;
    }
    if (w->name.length == 0 && key.at)
        orl_text_append(&w->name, (const char *)key.at, bytes_length(&key));
    return value;
}

/* A number in JSON; "NaN" and "Infinity" may stand in quotes. */
static bool json_number(struct pb_message json, double *value)
{
    const char *text = (const char *)json.at;
    size_t length = text ? bytes_length(&json) : 0;
    if (length >= 2 && text[0] == '"' && text[length - 1] == '"') {
        text++;
        length -= 2;
    }
    return length > 0 && orl_log_number(text, length, value);
}

static int history_read(struct wandb *w, struct pb_message history, struct orl_error *err)
{
    struct pb_message again = history;
    struct pb_field field, inner;
    int64_t step = w->record->rows;
    double value;
    bool told = false;
    /* Where the step is: in field 2, 0 when that is empty; `_step` among the items wins. */
    while (orl_pb_next(&again, &field)) {
        if (field_is(&field, 2) && !told) {
            step = 0;
            while (orl_pb_next(&field.bytes, &inner))
                if (inner.number == 1 && inner.kind == PB_VARINT)
                    step = (int64_t)inner.value;
        } else if (field_is(&field, 1)) {
            struct pb_message json = item_read(w, field.bytes);
            if (w->name.length == 5 && memcmp(w->name.data, "_step", 5) == 0 &&
                json_number(json, &value) && value >= 0.0 && value < 9e15) {
                step = (int64_t)value;
                told = true;
            }
        }
    }
    w->record->rows = step + 1;
    while (orl_pb_next(&history, &field)) {
        if (!field_is(&field, 1))
            continue;
        struct pb_message json = item_read(w, field.bytes);
        if (w->name.failed)
            return orl_fail_memory(err);
        if (w->name.length == 0 || w->name.data[0] == '_' || !json_number(json, &value))
            continue;
        struct log_series *series =
            orl_log_series_get(w->records, w->record, w->name.data, w->name.length, err);
        int ret = series ? orl_log_series_add(w->records, series, step, value, err) : err->code;
        if (ret != ORL_OK)
            return ret;
    }
    return ORL_OK;
}

/* Items of a configuration: the learning rate is what runs are told apart by. */
static void config_read(struct wandb *w, struct pb_message config)
{
    struct pb_field field;
    double value;
    while (orl_pb_next(&config, &field)) {
        if (!field_is(&field, 1))
            continue;
        struct pb_message json = item_read(w, field.bytes);
        if (w->name.length && !w->record->details &&
            (strcmp(w->name.data, "learning_rate") == 0 || strcmp(w->name.data, "lr") == 0) &&
            json_number(json, &value)) {
            char number[ORL_NUMBER_SIZE];
            orl_double_short(number, value);
            w->record->details = orl_asprintf("learning rate %s", number);
        }
    }
}

static int run_read(struct wandb *w, struct pb_message run, struct orl_error *err)
{
    struct pb_field field;
    struct pb_message id = {0}, name = {0};
    while (orl_pb_next(&run, &field)) {
        if (field_is(&field, 1))
            id = field.bytes;
        else if (field_is(&field, 8))
            name = field.bytes;
        else if (field_is(&field, 4))
            config_read(w, field.bytes);
    }
    if (!name.at || name.at == name.end)
        name = id;
    if (!name.at || w->record->title)
        return ORL_OK;
    w->record->title = orl_strndup((const char *)name.at, bytes_length(&name));
    return w->record->title ? ORL_OK : orl_fail_memory(err);
}

static int record_read(struct wandb *w, const struct orl_text *bytes, struct orl_error *err)
{
    struct pb_message record = orl_pb_message(bytes->data, bytes->length);
    struct pb_field field;
    int ret = ORL_OK;
    while (ret == ORL_OK && orl_pb_next(&record, &field)) {
        if (field_is(&field, RECORD_HISTORY))
            ret = history_read(w, field.bytes, err);
        else if (field_is(&field, RECORD_RUN))
            ret = run_read(w, field.bytes, err);
        else if (field_is(&field, RECORD_CONFIG))
            config_read(w, field.bytes);
    }
    return ret;
}

static int wandb_read(struct log_input *in, struct log_records *records, struct orl_error *err)
{
    struct block_reader blocks = {.in = in};
    struct wandb w = {.records = records, .record = orl_log_record_get(records, "", err)};
    int more = w.record ? 1 : err->code;
    if (w.record) {
        w.record->stepped = true;
        orl_log_input_want(in, BLOCKS_HEADER, err);
        orl_log_input_skip(in, BLOCKS_HEADER);
    }
    while (more > 0 && (more = orl_blocks_next(&blocks, err)) > 0) {
        int ret = record_read(&w, &blocks.record, err);
        more = ret == ORL_OK ? 1 : ret;
    }
    orl_blocks_tell(&blocks);
    orl_blocks_close(&blocks);
    orl_text_uninit(&w.name);
    return more;
}

/* ":W&B", a magic number, version 0. */
static bool wandb_recognise(const struct log_head *head)
{
    return head->length >= BLOCKS_HEADER && memcmp(head->bytes, ":W&B", 4) == 0 &&
           orl_log_u16(head->bytes + 4) == 0xbee1;
}

const struct orl_log_format orl_log_wandb = {
    .name = "wandb",
    .title = "W&B run file",
    .recognise = wandb_recognise,
    .read = wandb_read,
    .rank = 1,
};
