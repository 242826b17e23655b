/* A set of runs and the messages about them as bytes, from the process that reads to the one that
 * asked. What comes back is checked like any other input. */
#ifndef ORL_LOGS_PACK_H
#define ORL_LOGS_PACK_H

#include "base/text.h"
#include "optreel/logs.h"

/* What the reading process answers. */
struct log_answer {
    int code;                     /* of orl_log_read_here */
    struct orl_error err;         /* the same */
    struct orl_messages messages; /* owned */
    struct orl_log_set *set;      /* owned; may be NULL */
};

/* Append an answer; out->failed tells that memory was short. */
void orl_log_pack(const struct log_answer *answer, struct orl_text *out);
/* ORL_EENV where the bytes are no answer. */
int orl_log_unpack(const char *bytes, size_t length, struct log_answer *out, struct orl_error *err);

#endif
