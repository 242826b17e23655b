/* Fields of protocol buffers, one after the other: enough of the wire format for what loggers
 * write (protobuf.dev/programming-guides/encoding). Unknown fields are passed over. */
#ifndef ORL_LOGS_PROTOBUF_H
#define ORL_LOGS_PROTOBUF_H

#include "optreel/base.h"

enum { PB_VARINT = 0, PB_FIXED64 = 1, PB_BYTES = 2, PB_FIXED32 = 5 };

/* A message that is walked through; `at` moves. Borrows its bytes. */
struct pb_message {
    const unsigned char *at, *end;
    bool broken; /* a length or number that goes beyond the end */
};

/* One field of it. */
struct pb_field {
    uint32_t number;
    int kind;
    uint64_t value; /* of a number: its bits */
    struct pb_message bytes;
};

/* `length` bytes as a message, not copied: they must outlive it. */
struct pb_message orl_pb_message(const void *bytes, size_t length);
/* The next field; false at the end, or where the message is broken. */
bool orl_pb_next(struct pb_message *message, struct pb_field *field);
/* The bits of a fixed32 or fixed64 field as what they stand for. */
double orl_pb_double(const struct pb_field *field);

#endif
