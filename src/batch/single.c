#include "batch/single.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/io.h"
#include "base/text.h"

int orl_single_format(const char *output, const char *name, const char *such_as,
                      const struct orl_format_desc **out, struct orl_error *err)
{
    const char *slash = strrchr(output, '/'), *dot = strrchr(slash ? slash : output, '.');
    *out = NULL;
    for (size_t i = 0; orl_formats[i]; i++)
        if (name ? strcmp(orl_formats[i]->name, name) == 0
                 : dot && strcmp(orl_formats[i]->extension, dot) == 0)
            *out = orl_formats[i];
    if (!*out && name)
        return orl_fail(err, ORL_EUSAGE, "unknown format '%s'", name);
    if (!*out)
        return orl_fail(err, ORL_EUSAGE, "'%s' tells no format: name it %s, or give --formats",
                        output, such_as);
    return (*out)->ops
               ? ORL_OK
               : orl_fail(err, ORL_EINPUT, "the format '%s' is not supported yet", (*out)->name);
}

struct orl_value *orl_single_values(const struct orl_format_desc *format)
{
    size_t count = orl_setting_count(format->settings);
    struct orl_value *values = orl_calloc(count, sizeof *values);
    for (size_t i = 0; values && i < count; i++)
        values[i].number = format->settings[i].initial;
    return values;
}

/* ---- Segments, in memory --------------------------------------------------------------------- */

struct segments {
    struct orl_text *items; /* owned */
    size_t count;
};

static int text_write(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    orl_text_append(context, bytes, length);
    return ((struct orl_text *)context)->failed ? orl_fail_memory(err) : ORL_OK;
}

static int64_t text_read(void *context, int64_t position, void *bytes, size_t length,
                         struct orl_error *err)
{
    const struct orl_text *text = context;
    (void)err;
    size_t left = position < (int64_t)text->length ? text->length - (size_t)position : 0,
           n = left < length ? left : length;
    memcpy(bytes, text->data + position, n);
    return (int64_t)n;
}

static int64_t text_size(void *context)
{
    return (int64_t)((const struct orl_text *)context)->length;
}

static int open_segment(void *context, size_t index, struct orl_stream *stream,
                        struct orl_error *err)
{
    struct segments *segments = context;
    (void)err;
    *stream = (struct orl_stream){
        .context = &segments->items[index], .read = text_read, .size = text_size};
    return ORL_OK;
}

static void close_segment(void *context, struct orl_stream *stream)
{
    (void)context, (void)stream;
}

static int encode(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                  struct segments *segments, struct orl_error *err)
{
    size_t length = orl_encode_segment_frames(spec);
    segments->count = (spec->frames + length - 1) / length;
    segments->items = orl_calloc(segments->count, sizeof *segments->items);
    int ret = segments->items ? ORL_OK : orl_fail_memory(err);
    for (size_t i = 0; ret == ORL_OK && i < segments->count; i++) {
        size_t first = i * length, left = spec->frames - first;
        ret = orl_encode_segment(spec, source, first, left < length ? left : length,
                                 (struct orl_sink){&segments->items[i], text_write}, err);
    }
    return ret;
}

/* The whole file into `stream`, and read back. Raw frames go there as they are made: they would not
 * fit into memory. */
static int make(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                const struct orl_stream *stream, struct orl_output_facts *facts,
                struct orl_error *err)
{
    struct segments segments = {0};
    struct orl_segment_source kept = {&segments, open_segment, close_segment};
    int ret = orl_encode_streams(spec)
                  ? orl_encode_stream(spec, source,
                                      (struct orl_sink){stream->context, stream->write}, err)
                  : encode(spec, source, &segments, err);
    if (ret == ORL_OK && !orl_encode_streams(spec))
        ret = orl_encode_join(spec, &kept, segments.count, stream, err);
    if (ret == ORL_OK)
        ret = orl_encode_verify(spec, stream, facts, err);
    for (size_t i = 0; segments.items && i < segments.count; i++)
        orl_text_uninit(&segments.items[i]);
    free(segments.items);
    return ret;
}

/* ---- A file in its folder -------------------------------------------------------------------- */

static int file_write(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    return orl_outfile_write(context, bytes, length, err);
}

static int file_seek(void *context, int64_t position, struct orl_error *err)
{
    return orl_outfile_seek(context, position, err);
}

static int64_t file_read(void *context, int64_t position, void *bytes, size_t length,
                         struct orl_error *err)
{
    return orl_outfile_read(context, position, bytes, length, err);
}

static int64_t file_size(void *context)
{
    return orl_outfile_size(context);
}

static int write_file(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                      const char *output, struct orl_output_facts *facts, struct orl_error *err)
{
    const char *slash = strrchr(output, '/');
    char *path = slash ? orl_strndup(output, slash == output ? 1 : (size_t)(slash - output))
                       : orl_strdup(".");
    struct orl_folder *folder = NULL;
    struct orl_outfile *file = NULL;
    int ret = path ? orl_folder_open(path, false, true, &folder, err) : orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = orl_outfile_create(folder, slash ? slash + 1 : output, &file, err);
    struct orl_stream stream = {file, file_write, file_seek, file_read, file_size};
    if (ret == ORL_OK)
        ret = make(spec, source, &stream, facts, err);
    if (ret == ORL_OK)
        ret = orl_outfile_commit(&file, err);
    orl_outfile_abort(&file);
    orl_folder_close(&folder);
    char *state = path ? orl_asprintf("%s/.optreel", path) : NULL;
    if (state)
        rmdir(state); /* only if nothing else lies in it */
    free(state);
    free(path);
    return ret;
}

/* ---- A file without a name, whose bytes go on to a pipe or a device -------------------------- */

struct nameless {
    FILE *file;
    int64_t position, size;
};

static int nameless_write(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    struct nameless *n = context;
    for (const char *from = bytes; length > 0;) {
        ssize_t wrote = pwrite(fileno(n->file), from, length, n->position);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return orl_fail(err, ORL_EIO, "cannot write a temporary file: %s",
                            strerror(wrote ? errno : ENOSPC));
        from += wrote;
        length -= (size_t)wrote;
        n->position += wrote;
    }
    n->size = n->position > n->size ? n->position : n->size;
    return ORL_OK;
}

static int nameless_seek(void *context, int64_t position, struct orl_error *err)
{
    (void)err;
    ((struct nameless *)context)->position = position;
    return ORL_OK;
}

static int64_t nameless_read(void *context, int64_t position, void *bytes, size_t length,
                             struct orl_error *err)
{
    const struct nameless *n = context;
    for (;;) {
        ssize_t got = pread(fileno(n->file), bytes, length, position);
        if (got >= 0 || errno != EINTR)
            return got >= 0 ? got
                            : orl_fail(err, ORL_EIO, "cannot read a temporary file: %s",
                                       strerror(errno));
    }
}

static int64_t nameless_size(void *context)
{
    return ((const struct nameless *)context)->size;
}

static int pass_on(struct nameless *n, FILE *to, const char *shown, struct orl_error *err)
{
    char piece[1 << 14];
    int64_t got;
    for (int64_t at = 0; (got = nameless_read(n, at, piece, sizeof piece, err)) > 0; at += got)
        if (fwrite(piece, 1, (size_t)got, to) != (size_t)got)
            return orl_fail(err, ORL_EIO, "%s cannot be written: %s", shown, strerror(errno));
    if (got < 0)
        return (int)got;
    return fflush(to) == 0
               ? ORL_OK
               : orl_fail(err, ORL_EIO, "%s cannot be written: %s", shown, strerror(errno));
}

static int pipe_write(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    return fwrite(bytes, 1, length, context) == length
               ? ORL_OK
               : orl_fail(err, ORL_EIO, "the output cannot be written: %s", strerror(errno));
}

/* Frames go on as they are made; what was written cannot be read back. */
static int stream_to(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                     FILE *to, const char *shown, struct orl_output_facts *facts,
                     struct orl_error *err)
{
    int ret = orl_encode_stream(spec, source, (struct orl_sink){to, pipe_write}, err);
    *facts = (struct orl_output_facts){.frames = spec->frames};
    if (ret == ORL_OK && fflush(to) != 0)
        ret = orl_fail(err, ORL_EIO, "%s cannot be written: %s", shown, strerror(errno));
    return ret;
}

static int make_and_pass_on(const struct orl_output_spec *spec,
                            const struct orl_frame_source *source, FILE *to, const char *shown,
                            struct orl_output_facts *facts, struct orl_error *err)
{
    struct nameless n = {.file = tmpfile()};
    struct orl_stream stream = {&n, nameless_write, nameless_seek, nameless_read, nameless_size};
    int ret = n.file ? ORL_OK
                     : orl_fail(err, ORL_EIO, "cannot make a temporary file: %s", strerror(errno));
    if (ret == ORL_OK)
        ret = make(spec, source, &stream, facts, err);
    if (ret == ORL_OK)
        ret = pass_on(&n, to, shown, err);
    if (n.file)
        fclose(n.file);
    return ret;
}

static int write_elsewhere(const struct orl_output_spec *spec,
                           const struct orl_frame_source *source, const char *output,
                           struct orl_output_facts *facts, struct orl_error *err)
{
    bool standard = strcmp(output, "-") == 0;
    const char *shown = standard ? "standard output" : output;
    FILE *to = standard ? stdout : fopen(output, "we");
    if (!to)
        return orl_fail(err, ORL_EIO, "cannot open '%s': %s", output, strerror(errno));
    int ret = orl_encode_streams(spec) ? stream_to(spec, source, to, shown, facts, err)
                                       : make_and_pass_on(spec, source, to, shown, facts, err);
    if (!standard && fclose(to) != 0 && ret == ORL_OK)
        ret = orl_fail(err, ORL_EIO, "%s cannot be written: %s", output, strerror(errno));
    return ret;
}

/* Standard output, or something that is there and is neither a regular file nor a folder. */
static bool is_elsewhere(const char *output)
{
    struct stat status;
    return strcmp(output, "-") == 0 ||
           (stat(output, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode));
}

int orl_single_write(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                     const char *output, struct orl_output_facts *facts, struct orl_error *err)
{
    return is_elsewhere(output) ? write_elsewhere(spec, source, output, facts, err)
                                : write_file(spec, source, output, facts, err);
}
