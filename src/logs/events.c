/* TensorBoard's event files: TFRecord framing (tensorflow/core/lib/io/record_writer.h) around
 * tensorflow.Event messages (tensorflow/core/util/event.proto, framework/summary.proto,
 * framework/tensor.proto). */
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "logs/format.h"
#include "logs/protobuf.h"

enum { HEADER = 12, FOOTER = 4, TAG_MAX = 1024 };

/* Of tensorflow.DataType, those that hold a scalar. */
enum { DT_FLOAT = 1, DT_DOUBLE = 2, DT_INT32 = 3, DT_INT64 = 9, DT_BFLOAT16 = 14, DT_HALF = 19 };

struct events {
    struct log_input *in;
    struct log_records *records;
    struct log_record *record;
    size_t number, bad, first_bad; /* records; those with a wrong checksum */
    uint64_t bad_at;
    int64_t step;
};

/* Checksums are stored so that a checksum of data that hold checksums is none of them. */
static uint32_t masked(uint32_t crc)
{
    return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

static bool checksum_holds(const unsigned char *bytes, size_t length, const unsigned char *crc)
{
    return masked(orl_crc32c(0, bytes, length)) == orl_log_u32(crc);
}

/* A number of 16 bits: half has 5 of them for the exponent (IEEE 754 binary16), bfloat16 8, as
 * float. */
static double number_of_half(uint32_t bits, bool brain)
{
    if (brain)
        return orl_pb_double(&(struct pb_field){.kind = PB_FIXED32, .value = bits << 16});
    int exponent = (int)(bits >> 10 & 31);
    double mantissa = (double)(bits & 1023), sign = bits >> 15 ? -1.0 : 1.0;
    if (exponent == 31)
        return mantissa > 0.0 ? (double)NAN : sign * (double)INFINITY;
    return sign * (exponent ? ldexp(mantissa + 1024.0, exponent - 25) : ldexp(mantissa, -24));
}

/* The only number of a tensor. NaN with false where it has none or several. */
static bool tensor_scalar(struct pb_message tensor, double *value)
{
    struct pb_field field;
    uint64_t type = 0;
    struct pb_message content = {0};
    bool found = false, any = false;
    while (orl_pb_next(&tensor, &field)) {
        if (field.number == 1 && field.kind == PB_VARINT)
            type = field.value;
        else if (field.number == 4 && field.kind == PB_BYTES)
            content = field.bytes;
        else if ((field.number == 5 || field.number == 6) && field.kind != PB_VARINT) {
            size_t size = field.number == 5 ? 4 : 8;
            struct pb_field one = {.kind = size == 4 ? PB_FIXED32 : PB_FIXED64};
            any = true;
            found = field.kind != PB_BYTES || (size_t)(field.bytes.end - field.bytes.at) == size;
            one.value = field.kind != PB_BYTES ? field.value
                        : !found               ? 0
                        : size == 4            ? orl_log_u32(field.bytes.at)
                                               : orl_log_u64(field.bytes.at);
            *value = orl_pb_double(&one);
        } else if ((field.number == 7 || field.number == 10) && field.kind == PB_VARINT) {
            *value = (double)(int64_t)field.value;
            found = any = true;
        }
    }
    size_t size = content.at ? (size_t)(content.end - content.at) : 0;
    if (size == 4 && type == DT_FLOAT)
        *value =
            orl_pb_double(&(struct pb_field){.kind = PB_FIXED32, .value = orl_log_u32(content.at)});
    else if (size == 8 && type == DT_DOUBLE)
        *value =
            orl_pb_double(&(struct pb_field){.kind = PB_FIXED64, .value = orl_log_u64(content.at)});
    else if (size == 2 && (type == DT_HALF || type == DT_BFLOAT16))
        *value = number_of_half(content.at[0] | (uint32_t)content.at[1] << 8, type == DT_BFLOAT16);
    else if (size == 4 && type == DT_INT32)
        *value = (double)(int32_t)orl_log_u32(content.at);
    else if (size == 8 && type == DT_INT64)
        *value = (double)(int64_t)orl_log_u64(content.at);
    else if (!any && size == 0 && (type == DT_FLOAT || type == DT_DOUBLE))
        *value = 0.0; /* proto3 leaves zeros out */
    else
        return found && size == 0;
    return true;
}

/* True where the metadata name a plugin other than the one of scalars. */
static bool metadata_foreign(struct pb_message metadata)
{
    struct pb_field field, name;
    while (orl_pb_next(&metadata, &field))
        while (field.number == 1 && field.kind == PB_BYTES && orl_pb_next(&field.bytes, &name))
            if (name.number == 1 && name.kind == PB_BYTES && name.bytes.end > name.bytes.at)
                return name.bytes.end - name.bytes.at != 7 ||
                       memcmp(name.bytes.at, "scalars", 7) != 0;
    return false;
}

static int value_read(struct events *e, struct pb_message message, struct orl_error *err)
{
    struct pb_field field, tag = {0};
    double value = 0.0;
    bool scalar = false, foreign = false, other = false;
    while (orl_pb_next(&message, &field)) {
        if (field.number == 1 && field.kind == PB_BYTES)
            tag = field;
        else if (field.number == 2 && field.kind == PB_FIXED32) {
            value = orl_pb_double(&field);
            scalar = true;
        } else if (field.number == 8 && field.kind == PB_BYTES)
            scalar = tensor_scalar(field.bytes, &value);
        else if (field.number == 9 && field.kind == PB_BYTES)
            foreign = metadata_foreign(field.bytes);
        else if (field.number >= 4 && field.number <= 6) /* a picture, a histogram, sound */
            other = true;
    }
    size_t length = tag.kind == PB_BYTES ? (size_t)(tag.bytes.end - tag.bytes.at) : 0;
    if (message.broken || !scalar || foreign || other || length == 0 || length > TAG_MAX ||
        memchr(tag.bytes.at, '\0', length))
        return ORL_OK;
    struct log_series *series =
        orl_log_series_get(e->records, e->record, (const char *)tag.bytes.at, length, err);
    if (!series)
        return err->code;
    return orl_log_series_add(e->records, series, e->step, value, err);
}

/* The step may stand behind the summary: two passes. A step that is not there is 0. */
static int event_read(struct events *e, const unsigned char *bytes, size_t length,
                      struct orl_error *err)
{
    struct pb_message message = orl_pb_message(bytes, length);
    struct pb_field field, value;
    int ret = ORL_OK;
    e->step = 0;
    while (orl_pb_next(&message, &field))
        if (field.number == 2 && field.kind == PB_VARINT)
            e->step = (int64_t)field.value;
    message = orl_pb_message(bytes, length);
    while (ret == ORL_OK && orl_pb_next(&message, &field))
        while (ret == ORL_OK && field.number == 5 && field.kind == PB_BYTES &&
               orl_pb_next(&field.bytes, &value))
            if (value.number == 1 && value.kind == PB_BYTES)
                ret = value_read(e, value.bytes, err);
    return ret;
}

/* The next record. 1: there is one; 0: the end, torn or not. */
static int record_read(struct events *e, struct orl_error *err)
{
    struct log_input *in = e->in;
    uint64_t position = orl_log_input_position(in);
    int64_t there = orl_log_input_want(in, HEADER, err);
    if (there <= 0)
        return (int)there;
    uint64_t length = there >= HEADER ? orl_log_u64(in->data + in->at) : 0;
    if (there >= HEADER && !checksum_holds(in->data + in->at, 8, in->data + in->at + 8)) {
        orl_log_warn(in, 0, "record %zu, at byte %llu, has a wrong length: the rest is left out",
                     e->number, (unsigned long long)position);
        return 0;
    }
    if (length > in->limits->log_record_bytes)
        return orl_log_fault(in, 0, NULL, "a record of %llu bytes (--max-log-record-bytes)",
                             (unsigned long long)length);
    size_t whole = HEADER + (size_t)length + FOOTER;
    if (there >= HEADER)
        there = orl_log_input_want(in, whole, err);
    if (there < 0)
        return (int)there;
    if (there < HEADER || (size_t)there < whole) {
        orl_log_warn(in, 0, "the end is cut: %lld bytes after record %zu are left out",
                     (long long)there, e->number);
        return 0;
    }
    const unsigned char *bytes = in->data + in->at + HEADER;
    int ret = ORL_OK;
    if (checksum_holds(bytes, (size_t)length, bytes + length)) {
        ret = event_read(e, bytes, (size_t)length, err);
    } else if (e->bad++ == 0) {
        e->first_bad = e->number;
        e->bad_at = position;
    }
    e->number++;
    orl_log_input_skip(in, whole);
    return ret == ORL_OK ? 1 : ret;
}

static int events_read(struct log_input *in, struct log_records *records, struct orl_error *err)
{
    struct events e = {.in = in, .records = records};
    int more;
    e.record = orl_log_record_get(records, "", err);
    if (!e.record)
        return err->code;
    e.record->stepped = e.record->by_time = true;
    do
        more = record_read(&e, err);
    while (more > 0);
    if (e.bad)
        orl_log_warn(in, 0,
                     "%zu record%s a wrong checksum: left out (the first is record %zu, at byte "
                     "%llu)",
                     e.bad, e.bad == 1 ? " has" : "s have", e.first_bad,
                     (unsigned long long)e.bad_at);
    return more;
}

/* The first record's length has its own checksum: nothing else begins like that. */
static bool events_recognise(const struct log_head *head)
{
    return head->length >= HEADER && checksum_holds(head->bytes, 8, head->bytes + 8);
}

const struct orl_log_format orl_log_events = {
    .name = "tensorboard",
    .title = "TensorBoard event file",
    .recognise = events_recognise,
    .read = events_read,
    .rank = 2,
    .folder_is_run = true,
};
