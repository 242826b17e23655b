/* One picture, encoded in memory and put into its place: complete or absent. */
#include "batch/single.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/io.h"
#include "base/text.h"
#include "batch/scratch.h"
#include "batch/signals.h"

struct orl_value *orl_single_values(const struct orl_format_desc *format)
{
    size_t count = orl_setting_count(format->settings);
    struct orl_value *values = orl_calloc(count, sizeof *values);
    for (size_t i = 0; values && i < count; i++)
        values[i].number = format->settings[i].initial;
    return values;
}

/* ---- Segments, in memory --------------------------------------------------------------------- */

void orl_single_uninit(struct single *single)
{
    for (size_t i = 0; single->segments && i < single->count; i++)
        orl_text_uninit(&single->segments[i]);
    free(single->segments);
    *single = (struct single){0};
}

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
    const struct single *single = context;
    (void)err;
    *stream = (struct orl_stream){
        .context = &single->segments[index], .read = text_read, .size = text_size};
    return ORL_OK;
}

static void close_segment(void *context, struct orl_stream *stream)
{
    (void)context, (void)stream;
}

int orl_single_encode(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                      struct single *out, struct orl_error *err)
{
    size_t length = orl_encode_segment_frames(spec);
    out->count = (spec->frames + length - 1) / length;
    out->segments = orl_calloc(out->count, sizeof *out->segments);
    int ret = out->segments ? ORL_OK : orl_fail_memory(err);
    for (size_t i = 0; ret == ORL_OK && i < out->count; i++) {
        size_t first = i * length, left = spec->frames - first;
        ret = orl_encode_segment(spec, source, first, left < length ? left : length,
                                 (struct orl_sink){&out->segments[i], text_write}, err);
    }
    return ret;
}

/* ---- The file ---------------------------------------------------------------------------------
 */

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

/* Join and read back, in the folder for work. */
static int file_make(const struct orl_output_spec *spec, const struct single *single,
                     const char *folder_path, const char *name, struct orl_output_facts *facts,
                     struct orl_error *err)
{
    struct orl_segment_source kept = {(void *)single, open_segment, close_segment};
    struct orl_folder *folder = NULL;
    struct orl_outfile *file = NULL;
    int ret = orl_folder_open(folder_path, true, true, &folder, err);
    if (ret == ORL_OK)
        ret = orl_outfile_create(folder, name, &file, err);
    struct orl_stream stream = {file, file_write, file_seek, file_read, file_size};
    if (ret == ORL_OK)
        ret = orl_encode_join(spec, &kept, single->count, &stream, err);
    if (ret == ORL_OK)
        ret = orl_encode_verify(spec, &stream, facts, err);
    if (ret == ORL_OK)
        ret = orl_outfile_commit(&file, err);
    orl_outfile_abort(&file);
    orl_folder_close(&folder);
    return ret;
}

int orl_single_write(const struct orl_output_spec *spec, const struct single *single,
                     const char *output, struct orl_output_facts *facts, struct orl_error *err)
{
    static const char name[] = "still";
    struct signals signals = {.fd = -1};
    struct scratch scratch = {0};
    int ret = orl_signals_take(&signals, err); /* none may come between the file and its name */
    if (ret == ORL_OK)
        ret = orl_scratch_make(&scratch, output, err);
    if (ret == ORL_OK)
        ret = file_make(spec, single, scratch.path, name, facts, err);
    if (ret == ORL_OK)
        ret = orl_scratch_deliver(&scratch, name, output, err);
    orl_scratch_remove(&scratch);
    orl_signals_restore(&signals);
    return ret;
}
