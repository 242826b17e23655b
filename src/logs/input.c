/* Bytes and lines of a log file. */
#include "logs/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"

enum { CHUNK = 1 << 16 };

int orl_log_fault(const struct log_input *in, unsigned line, const char *hint, const char *format,
                  ...)
{
    struct orl_place place = {.file = in->shown, .line = line};
    va_list arguments;
    va_start(arguments, format);
    int ret = orl_messages_vadd(in->messages, ORL_SEVERITY_ERROR, &place, hint, format, arguments);
    va_end(arguments);
    return ret;
}

void orl_log_warn(const struct log_input *in, unsigned line, const char *format, ...)
{
    struct orl_place place = {.file = in->shown, .line = line};
    va_list arguments;
    va_start(arguments, format);
    (void)orl_messages_vadd(in->messages, ORL_SEVERITY_WARNING, &place, NULL, format, arguments);
    va_end(arguments);
}

int orl_log_input_open(const char *path, const char *shown, const struct orl_limits *limits,
                       struct orl_messages *messages, struct log_input *out)
{
    struct stat status;
    *out = (struct log_input){
        .path = path, .shown = shown, .limits = limits, .messages = messages, .fd = -1};
    /* O_NONBLOCK: a named pipe must not hold the search up. */
    out->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (out->fd < 0 || fstat(out->fd, &status) != 0) {
        int ret = orl_log_fault(out, 0, NULL, "%s",
                                errno == ENOENT ? "there is no such file" : strerror(errno));
        orl_log_input_close(out);
        return ret;
    }
    out->size = (uint64_t)status.st_size;
    int ret = ORL_OK;
    if (!S_ISREG(status.st_mode))
        ret = orl_log_fault(out, 0, NULL, "this is not a regular file");
    else if (out->size > limits->log_bytes)
        ret = orl_log_fault(out, 0, NULL, "the file has %llu bytes; at most %llu (--max-log-bytes)",
                            (unsigned long long)out->size, (unsigned long long)limits->log_bytes);
    if (ret != ORL_OK)
        orl_log_input_close(out);
    return ret;
}

void orl_log_input_close(struct log_input *in)
{
    if (in->fd >= 0)
        close(in->fd);
    free(in->data);
    in->data = NULL;
    in->fd = -1;
}

uint64_t orl_log_input_position(const struct log_input *in)
{
    return in->offset + in->at;
}

/* Move what is left to the front and make room for `count` bytes and a terminator. */
static bool input_make_room(struct log_input *in, size_t count)
{
    size_t left = in->fill - in->at, needed;
    if (in->at > 0) {
        memmove(in->data, in->data + in->at, left);
        in->offset += in->at;
        in->at = 0;
        in->fill = left;
    }
    return orl_size_add(count > CHUNK ? count : CHUNK, 1, &needed) &&
           orl_reserve((void **)&in->data, &in->capacity, needed, 1);
}

int64_t orl_log_input_want(struct log_input *in, size_t count, struct orl_error *err)
{
    if (in->fill - in->at >= count)
        return (int64_t)(in->fill - in->at);
    if (!input_make_room(in, count))
        return orl_fail_memory(err);
    while (in->fill < count && in->offset + in->fill < in->size) {
        uint64_t left = in->size - in->offset - in->fill;
        size_t room = in->capacity - 1 - in->fill;
        ssize_t got = read(in->fd, in->data + in->fill, left < room ? (size_t)left : room);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return orl_log_fault(in, 0, NULL, "%s", strerror(errno));
        if (got == 0) /* it became shorter while it was read */
            break;
        in->fill += (size_t)got;
    }
    return (int64_t)in->fill;
}

void orl_log_input_skip(struct log_input *in, size_t count)
{
    in->at += count;
}

int orl_log_input_line(struct log_input *in, char **line, size_t *length, struct orl_error *err)
{
    size_t searched = 0;
    for (;;) {
        int64_t there = orl_log_input_want(in, searched + 1, err);
        if (there < 0)
            return (int)there;
        unsigned char *begin = in->data + in->at,
                      *end = (size_t)there > searched
                                 ? memchr(begin + searched, '\n', (size_t)there - searched)
                                 : NULL;
        bool last = !end && (size_t)there == searched;
        if (last && there == 0)
            return 0;
        searched = (size_t)there;
        if (searched > in->limits->log_record_bytes)
            return orl_log_fault(in, in->line + 1, NULL,
                                 "the line is too long (--max-log-record-bytes)");
        if (!end && !last)
            continue;
        size_t size = end ? (size_t)(end - begin) : searched;
        orl_log_input_skip(in, size + (end != NULL));
        in->line++;
        while (size > 0 && begin[size - 1] == '\r')
            size--;
        begin[size] = '\0';
        *line = (char *)begin;
        *length = size;
        return 1;
    }
}

uint16_t orl_log_u16(const unsigned char *b)
{
    return (uint16_t)(b[0] | b[1] << 8);
}

uint32_t orl_log_u32(const unsigned char *b)
{
    return (uint32_t)orl_log_u16(b) | (uint32_t)orl_log_u16(b + 2) << 16;
}

uint64_t orl_log_u64(const unsigned char *b)
{
    return (uint64_t)orl_log_u32(b) | (uint64_t)orl_log_u32(b + 4) << 32;
}
