/* libav under our rules. */
#include "encode/av.h"

#include <errno.h>

enum { BUFFER_BYTES = 1 << 16 };

int orl_av_fail(struct orl_error *err, int code, const char *what, int averror)
{
    char text[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(averror, text, sizeof text);
    return orl_fail(err, averror == AVERROR(ENOMEM) ? ORL_ENOMEM : code, "%s: %s", what, text);
}

static int remember(struct av_file *file, int code)
{
    if (file->code == ORL_OK)
        file->code = code;
    return AVERROR(EIO);
}

static int read_packet(void *opaque, uint8_t *bytes, int size)
{
    struct av_file *file = opaque;
    int64_t got =
        file->stream->read(file->stream->context, file->at, bytes, (size_t)size, &file->err);
    if (got < 0)
        return remember(file, (int)got);
    file->at += got;
    return got ? (int)got : AVERROR_EOF;
}

static int write_packet(void *opaque, uint8_t *bytes, int size)
{
    struct av_file *file = opaque;
    int ret = file->stream->write(file->stream->context, bytes, (size_t)size, &file->err);
    if (ret != ORL_OK)
        return remember(file, ret);
    file->at += size;
    return size;
}

static int64_t seek(void *opaque, int64_t offset, int whence)
{
    struct av_file *file = opaque;
    int64_t size = file->stream->size(file->stream->context);
    if (whence == AVSEEK_SIZE)
        return size;
    int64_t to = whence == SEEK_SET   ? offset
                 : whence == SEEK_CUR ? file->at + offset
                                      : size + offset;
    if (to < 0)
        return AVERROR(EINVAL);
    if (file->io && file->io->write_flag) {
        int ret = file->stream->seek(file->stream->context, to, &file->err);
        if (ret != ORL_OK)
            return remember(file, ret);
    }
    file->at = to;
    return to;
}

int orl_av_file_open(struct av_file *file, const struct orl_stream *stream, bool writable,
                     struct orl_error *err)
{
    *file = (struct av_file){.stream = stream};
    uint8_t *buffer = av_malloc(BUFFER_BYTES);
    if (buffer)
        file->io = avio_alloc_context(buffer, BUFFER_BYTES, writable, file, read_packet,
                                      writable ? write_packet : NULL, seek);
    if (file->io)
        return ORL_OK;
    av_free(buffer);
    return orl_fail_memory(err);
}

void orl_av_file_close(struct av_file *file)
{
    if (!file->io)
        return;
    av_freep(&file->io->buffer);
    avio_context_free(&file->io);
}

int orl_av_file_fail(const struct av_file *file, struct orl_error *err, int code, const char *what,
                     int averror)
{
    if (file->code != ORL_OK)
        return orl_fail(err, file->code, "%s", file->err.text[0] ? file->err.text : what);
    return orl_av_fail(err, code, what, averror);
}
