/* Walking through protocol buffers. */
#include "logs/protobuf.h"

#include <math.h>
#include <string.h>

#include "logs/input.h"

struct pb_message orl_pb_message(const void *bytes, size_t length)
{
    const unsigned char *begin = bytes;
    return (struct pb_message){.at = begin, .end = begin + length};
}

static bool varint_take(struct pb_message *m, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (m->at == m->end)
            return false;
        unsigned char byte = *m->at++;
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

static bool field_take(struct pb_message *m, struct pb_field *field)
{
    size_t left;
    switch (field->kind) {
    case PB_VARINT:
        return varint_take(m, &field->value);
    case PB_FIXED64:
        left = (size_t)(m->end - m->at);
        field->value = left >= 8 ? orl_log_u64(m->at) : 0;
        m->at += left >= 8 ? 8 : left;
        return left >= 8;
    case PB_FIXED32:
        left = (size_t)(m->end - m->at);
        field->value = left >= 4 ? orl_log_u32(m->at) : 0;
        m->at += left >= 4 ? 4 : left;
        return left >= 4;
    case PB_BYTES:
        if (!varint_take(m, &field->value) || field->value > (uint64_t)(m->end - m->at))
            return false;
        field->bytes = (struct pb_message){.at = m->at, .end = m->at + field->value};
        m->at += field->value;
        return true;
    default: /* groups have been out of use since 2008 */
        return false;
    }
}

bool orl_pb_next(struct pb_message *m, struct pb_field *field)
{
    uint64_t tag;
    if (m->at == m->end || m->broken)
        return false;
    *field = (struct pb_field){0};
    bool good = varint_take(m, &tag) && tag >> 3 > 0 && tag >> 3 <= UINT32_MAX;
    if (good) {
        field->number = (uint32_t)(tag >> 3);
        field->kind = (int)(tag & 7);
        good = field_take(m, field);
    }
    m->broken = !good;
    return good;
}

double orl_pb_double(const struct pb_field *field)
{
    if (field->kind == PB_FIXED32) {
        uint32_t bits = (uint32_t)field->value;
        float value;
        memcpy(&value, &bits, sizeof value);
        return (double)value;
    }
    double value = (double)NAN;
    if (field->kind == PB_FIXED64)
        memcpy(&value, &field->value, sizeof value);
    return value;
}
