/* A log file being read: forward only, through a buffer that grows to what a record needs; remarks
 * name the file as the user wrote it. */
#ifndef ORL_LOGS_INPUT_H
#define ORL_LOGS_INPUT_H

#include "optreel/base.h"

struct log_input {
    const char *path, *shown; /* borrowed */
    const struct orl_limits *limits;
    struct orl_messages *messages;
    const char *form; /* what the reader found it to be, closer than its format; NULL */
    int fd;
    uint64_t size; /* bytes when it was opened: what is appended later is not read */
    /* The next byte is data[at]; data[fill] has not been read yet. */
    unsigned char *data; /* owned */
    size_t at, fill, capacity;
    uint64_t offset; /* in the file, of data[0] */
    unsigned line;   /* of the line that orl_log_input_line gave last, 1-based */
};

/* Open a regular file. ORL_EINPUT with a message where it cannot be read or is too large. The
 * texts, limits and messages must outlive it. */
int orl_log_input_open(const char *path, const char *shown, const struct orl_limits *limits,
                       struct orl_messages *messages, struct log_input *out);
void orl_log_input_close(struct log_input *in);

/* Have at least `count` bytes at data + at, as far as the file goes; returns how many there are
 * (perhaps more), or a negative code. */
int64_t orl_log_input_want(struct log_input *in, size_t count, struct orl_error *err);
/* Go on by so many bytes, all of which are there. */
void orl_log_input_skip(struct log_input *in, size_t count);
/* Where the next byte stands in the file. */
uint64_t orl_log_input_position(const struct log_input *in);

/* The next line without its line end (LF, CRLF or the \r\r\n of text mode on Windows), 0-terminated
 * and valid until the next call. 1: there is one; 0: the end; negative: a code. */
int orl_log_input_line(struct log_input *in, char **line, size_t *length, struct orl_error *err);

/* Remarks on the file. A fault is ORL_EINPUT. `line` 0: of the whole file. */
int orl_log_fault(const struct log_input *in, unsigned line, const char *hint, const char *format,
                  ...) ORL_PRINTF(4, 5);
void orl_log_warn(const struct log_input *in, unsigned line, const char *format, ...)
    ORL_PRINTF(3, 4);

/* Little-endian numbers, wherever they stand. */
uint16_t orl_log_u16(const unsigned char *bytes);
uint32_t orl_log_u32(const unsigned char *bytes);
uint64_t orl_log_u64(const unsigned char *bytes);

#endif
