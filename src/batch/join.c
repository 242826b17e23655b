/* A unit that joins: the segments of an output become its file, which is read back, counted and
 * hashed before it gets its name. */
#include "batch/join.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/fault.h"

static int stream_write(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    return orl_outfile_write(context, bytes, length, err);
}

static int stream_seek(void *context, int64_t position, struct orl_error *err)
{
    return orl_outfile_seek(context, position, err);
}

static int64_t stream_read(void *context, int64_t position, void *bytes, size_t length,
                           struct orl_error *err)
{
    return orl_outfile_read(context, position, bytes, length, err);
}

static int64_t stream_size(void *context)
{
    return orl_outfile_size(context);
}

/* Segments as read-only streams over their descriptors. */
struct segment_files {
    struct worker *worker;
    const char *key;
    size_t level;
};

struct segment_file {
    int fd;
    int64_t size;
};

static int64_t segment_read(void *context, int64_t position, void *bytes, size_t length,
                            struct orl_error *err)
{
    const struct segment_file *file = context;
    for (;;) {
        ssize_t got = orl_sys_pread(file->fd, bytes, length, position);
        if (got >= 0)
            return got;
        if (errno != EINTR)
            return orl_fail(err, ORL_EIO, "cannot read a segment: %s", strerror(errno));
    }
}

static int64_t segment_size(void *context)
{
    return ((const struct segment_file *)context)->size;
}

static void segment_close(void *context, struct orl_stream *stream)
{
    struct segment_file *file = stream->context;
    (void)context;
    if (!file)
        return;
    close(file->fd);
    free(file);
    stream->context = NULL;
}

static int segment_open(void *context, size_t index, struct orl_stream *stream,
                        struct orl_error *err)
{
    const struct segment_files *files = context;
    struct segment_file *file = orl_calloc(1, sizeof *file);
    char *name = orl_batch_segment_name(files->key, files->level, index);
    struct stat status;
    int ret = file && name ? ORL_OK : orl_fail_memory(err);
    if (ret == ORL_OK) {
        file->fd =
            openat(files->worker->folder->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (file->fd < 0)
            ret = orl_fail(err, ORL_EIO, "cannot open the segment '%s': %s", name, strerror(errno));
        else if (fstat(file->fd, &status) != 0 || !S_ISREG(status.st_mode))
            ret = orl_fail(err, ORL_EIO, "the segment '%s' is not a regular file", name);
        if (ret != ORL_OK && file->fd >= 0)
            close(file->fd);
    }
    free(name);
    if (ret != ORL_OK) {
        free(file);
        return ret;
    }
    file->size = status.st_size;
    *stream = (struct orl_stream){.context = file, .read = segment_read, .size = segment_size};
    return ORL_OK;
}

static int hash_outfile(struct orl_outfile *file, char hex[ORL_SHA256_HEX], struct orl_error *err)
{
    struct orl_sha256 hash;
    char buffer[65536];
    ssize_t got;
    orl_sha256_init(&hash);
    for (int64_t at = 0; (got = orl_outfile_read(file, at, buffer, sizeof buffer, err)) > 0;
         at += got)
        orl_sha256_update(&hash, buffer, (size_t)got);
    orl_sha256_final_hex(&hash, hex);
    return got < 0 ? (int)got : ORL_OK;
}

static int join_and_verify(struct worker *worker, const struct unit_order *order,
                           const struct orl_output_plan *look, struct orl_outfile *file,
                           struct orl_file_facts *facts, struct orl_error *err)
{
    struct orl_output_spec spec;
    struct orl_output_facts counted = {0};
    struct segment_files files = {worker, order->key, order->level};
    struct orl_segment_source segments = {&files, segment_open, segment_close};
    struct orl_stream stream = {file, stream_write, stream_seek, stream_read, stream_size};
    orl_batch_output_spec(&worker->setup.experiment->films[order->film], look, &spec);
    int ret = orl_encode_join(&spec, &segments, order->segments, &stream, err);
    facts->bytes = orl_outfile_size(file);
    facts->level = order->level;
    if (look->max_bytes > 0 && facts->bytes > look->max_bytes)
        return ret; /* its size is all that counts: it will be made again, smaller */
    if (ret == ORL_OK)
        ret = orl_encode_verify(&spec, &stream, &counted, err);
    if (ret == ORL_OK && order->measure) {
        struct orl_frame_source source;
        ret = orl_stage_film(worker->stage, order, &spec, &source, err);
        if (ret == ORL_OK)
            ret = orl_encode_measure(&spec, &source, &stream, &facts->quality, err);
        facts->measured = ret == ORL_OK;
    }
    if (ret == ORL_OK)
        ret = hash_outfile(file, facts->sha256, err);
    facts->frames = (int64_t)counted.frames;
    facts->seconds = counted.seconds;
    return ret;
}

/* ---- Outputs that are a folder of files ---- */

struct file_taker {
    struct orl_outfolder *folder;
    struct orl_sha256 hash;
};

static int take_file(void *context, size_t frame, const void *bytes, size_t size,
                     struct orl_error *err)
{
    struct file_taker *t = context;
    char *name = orl_batch_frame_name("", frame);
    int ret =
        name ? orl_outfolder_add(t->folder, name + 1, bytes, size, err) : orl_fail_memory(err);
    orl_sha256_update(&t->hash, bytes, size);
    free(name);
    return ret;
}

static int join_files(struct worker *worker, const struct unit_order *order,
                      const struct orl_output_plan *output, struct orl_file_facts *facts,
                      struct orl_error *err)
{
    struct orl_output_spec spec;
    struct orl_output_facts counted;
    struct file_taker taker = {0};
    struct segment_files files = {worker, order->key, order->level};
    struct orl_segment_source segments = {&files, segment_open, segment_close};
    orl_sha256_init(&taker.hash);
    orl_batch_output_spec(&worker->setup.experiment->films[order->film], output, &spec);
    int ret = orl_outfolder_create(worker->folder, output->path, &taker.folder, err);
    if (ret == ORL_OK)
        ret = orl_encode_join_files(&spec, &segments, order->segments, take_file, &taker, &counted,
                                    err);
    if (ret == ORL_OK) {
        orl_sha256_final_hex(&taker.hash, facts->sha256);
        facts->bytes = counted.bytes;
        facts->frames = (int64_t)counted.frames;
        facts->seconds = counted.seconds;
        facts->level = order->level;
    }
    if (ret == ORL_OK && (output->max_bytes == 0 || facts->bytes <= output->max_bytes))
        ret = orl_outfolder_commit(&taker.folder, err);
    orl_outfolder_abort(&taker.folder);
    return ret;
}

/* A file over its size cap is not kept; its size is told all the same. */
int orl_join_do(struct worker *worker, const struct unit_order *order, struct orl_text *facts,
                struct orl_error *err)
{
    const struct orl_film_plan *film = &worker->setup.experiment->films[order->film];
    struct orl_output_plan look;
    struct orl_file_facts f = {0};
    struct orl_outfile *file = NULL;
    char what[ORL_TIGHTENED_SIZE];
    if (orl_batch_look(film, &film->outputs[order->output], order->level, &look, what) != 1)
        return orl_fail(err, ORL_EBUG, "an output has no level %zu", order->level);
    if (orl_format_makes_files(look.format, look.values)) {
        int made = join_files(worker, order, &look, &f, err);
        free(look.values);
        if (made == ORL_OK)
            orl_file_facts_put(facts, &f);
        return made;
    }
    int ret = orl_outfile_create(worker->folder, look.path, &file, err);
    if (ret == ORL_OK)
        ret = join_and_verify(worker, order, &look, file, &f, err);
    if (ret == ORL_OK && (look.max_bytes == 0 || f.bytes <= look.max_bytes))
        ret = orl_outfile_commit(&file, err);
    orl_outfile_abort(&file);
    free(look.values);
    if (ret == ORL_OK)
        orl_file_facts_put(facts, &f);
    return ret;
}
