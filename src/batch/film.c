/* A first film from traces alone: optreel film. Small enough to be made here, in one process. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/io.h"
#include "base/text.h"
#include "encode/tables.h"
#include "optreel/batch.h"
#include "optreel/encode.h"

#define LENGTH_S 10.0
enum { COLORS_MAX = 256, RUNS_MAX = 64 };

struct quick {
    const struct orl_film_request *request;
    struct orl_trace **traces; /* owned */
    size_t trace_count;
    /* One line each: a trace's loss, or one of its series as if it were a loss. */
    struct orl_trace views[RUNS_MAX];
    char *titles[RUNS_MAX];    /* owned */
    double *columns[RUNS_MAX]; /* owned: a series of its own; NULL */
    size_t run_count;
    bool losses;
    struct orl_font *font;
    struct orl_film *film;
    struct orl_canvas *canvas;
    struct orl_picture picture;
    struct orl_color colors[COLORS_MAX];
    struct orl_value *values; /* of the format */
    struct orl_output_spec spec;
    struct orl_text *segments; /* owned */
    size_t segment_count;
    bool still;
};

/* ---- Lines --------------------------------------------------------------------------------------------------------------- */

/* "some/where/adam.csv" -> "adam". */
static char *stem(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path, *dot = strrchr(base, '.');
    return orl_strndup(base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
}

static int add_line(struct quick *q, const struct orl_trace *trace, double *column, char *title, struct orl_error *err)
{
    if (q->run_count >= RUNS_MAX || !title) {
        free(title);
        free(column);
        return title ? orl_fail(err, ORL_EINPUT, "more than %d lines in one film", RUNS_MAX) : orl_fail_memory(err);
    }
    q->views[q->run_count] = *trace;
    if (column)
        q->views[q->run_count].loss = column;
    q->columns[q->run_count] = column;
    q->titles[q->run_count++] = title;
    return ORL_OK;
}

static int add_series(struct quick *q, const struct orl_trace *trace, const char *path, struct orl_error *err)
{
    for (size_t s = 0; s < trace->series_count; s++) {
        double *column = orl_calloc(trace->rows, sizeof *column), last = 0.0;
        if (!column)
            return orl_fail_memory(err);
        for (size_t i = 0; i < trace->rows; i++) { /* where a cell is empty the last value stands on */
            double value = trace->series[i * trace->series_count + s];
            last = column[i] = value == value ? value : last;
        }
        char *name = stem(path), *title = q->trace_count > 1 && name ? orl_asprintf("%s %s", name, trace->series_names[s])
                                                                     : orl_strdup(trace->series_names[s]);
        free(name);
        int ret = add_line(q, trace, column, title, err);
        if (ret != ORL_OK)
            return ret;
    }
    return ORL_OK;
}

static int read_traces(struct quick *q, struct orl_messages *messages, struct orl_error *err)
{
    const struct orl_film_request *r = q->request;
    q->traces = orl_calloc(r->trace_count, sizeof *q->traces);
    if (!q->traces)
        return orl_fail_memory(err);
    q->trace_count = r->trace_count;
    q->losses = true;
    for (size_t i = 0; i < r->trace_count; i++) {
        int ret = orl_trace_read_csv(r->traces[i], r->traces[i], NULL, 0, r->limits, messages, &q->traces[i]);
        if (ret != ORL_OK)
            return ret;
        q->losses &= q->traces[i]->loss != NULL;
    }
    for (size_t i = 0; i < r->trace_count; i++) {
        int ret = q->traces[i]->loss ? add_line(q, q->traces[i], NULL, stem(r->traces[i]), err)
                                     : add_series(q, q->traces[i], r->traces[i], err);
        if (ret != ORL_OK)
            return ret;
    }
    return ORL_OK;
}

/* ---- The film ------------------------------------------------------------------------------------------------------------ */

static int choose_format(struct quick *q, const struct orl_preset_desc **preset, struct orl_error *err)
{
    const struct orl_film_request *r = q->request;
    const char *dot = strrchr(r->output, '.');
    const struct orl_format_desc *format = NULL;
    for (size_t i = 0; orl_formats[i]; i++)
        if (r->format ? strcmp(orl_formats[i]->name, r->format) == 0 : dot && strcmp(orl_formats[i]->extension, dot) == 0)
            format = orl_formats[i];
    if (!format)
        return orl_fail(err, ORL_EUSAGE,
                        r->format ? "unknown format '%s'" : "'%s' tells no format: name it .mp4, .gif or .png, or give --formats",
                        r->format ? r->format : r->output);
    if (!format->ops)
        return orl_fail(err, ORL_EINPUT, "the format '%s' is not supported yet", format->name);
    *preset = orl_preset_find(r->preset ? r->preset : format->home);
    if (!*preset)
        return orl_fail(err, ORL_EUSAGE, "unknown preset '%s'", r->preset);
    size_t count = orl_setting_count(format->settings);
    q->values = orl_calloc(count, sizeof *q->values);
    if (!q->values)
        return orl_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        q->values[i].number = format->settings[i].initial;
    q->still = format->still;
    q->spec = (struct orl_output_spec){.format = format,
                                       .values = q->values,
                                       .width = (*preset)->width,
                                       .height = (*preset)->height,
                                       .fps_num = (*preset)->fps_num,
                                       .fps_den = (*preset)->fps_den,
                                       .colors = q->colors};
    orl_format_rate(format, &q->spec.fps_num, &q->spec.fps_den);
    return orl_encode_check(&q->spec, err);
}

static int lay_out(struct quick *q, const struct orl_preset_desc *preset, struct orl_error *err)
{
    struct orl_film_run runs[RUNS_MAX];
    struct orl_value none[8] = {{0}};
    const struct orl_panel_spec panel = {"loss", none};
    char *name = stem(q->request->traces[0]),
         *title = q->trace_count == 1 ? orl_strdup(name ? name : "") : orl_asprintf("%zu traces", q->trace_count);
    for (size_t i = 0; i < q->run_count; i++)
        runs[i] = (struct orl_film_run){&q->views[i], NULL, q->titles[i], q->titles[i], "", i};
    struct orl_film_spec spec = {.title = title,
                                 .subtitle = "",
                                 .quantity = q->losses ? NULL : "value",
                                 .runs = runs,
                                 .run_count = q->run_count,
                                 .panels = &panel,
                                 .panel_count = 1,
                                 .pace = ORL_PACE_LOG,
                                 .length_s = LENGTH_S,
                                 .hold_first_s = preset->hold_first_s,
                                 .hold_last_s = preset->hold_last_s,
                                 .to_step = -1,
                                 .width = preset->width,
                                 .height = preset->height,
                                 .fps_num = q->spec.fps_num,
                                 .fps_den = q->spec.fps_den,
                                 .text_px = preset->text_px,
                                 .line_px = preset->line_px,
                                 .theme = "light"};
    int ret = title ? orl_font_create(NULL, &q->font, err) : orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = orl_film_create(&spec, orl_font_measure(q->font), &q->film, err);
    if (ret == ORL_OK)
        ret = orl_canvas_create(preset->width, preset->height, q->font, &q->canvas, err);
    if (ret == ORL_OK)
        ret = orl_film_still(q->film, &q->picture, err);
    if (ret == ORL_OK)
        ret = orl_canvas_still(q->canvas, &q->picture, err);
    if (ret == ORL_OK) {
        q->spec.color_count = orl_film_colors(q->film, q->colors, COLORS_MAX);
        q->spec.frames = q->still ? 1 : orl_film_frames(q->film);
    }
    free(name);
    free(title);
    return ret;
}

static int make_frame(void *context, size_t number, struct orl_image *image, struct orl_error *err)
{
    struct quick *q = context;
    int ret = orl_film_moving(q->film, q->still ? orl_film_frames(q->film) - 1 : number, &q->picture, err);
    return ret == ORL_OK ? orl_canvas_frame(q->canvas, &q->picture, image, err) : ret;
}

static int text_write(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    orl_text_append(context, bytes, length);
    return ((struct orl_text *)context)->failed ? orl_fail_memory(err) : ORL_OK;
}

static int64_t text_read(void *context, int64_t position, void *bytes, size_t length, struct orl_error *err)
{
    const struct orl_text *text = context;
    (void)err;
    size_t left = position < (int64_t)text->length ? text->length - (size_t)position : 0, n = left < length ? left : length;
    memcpy(bytes, text->data + position, n);
    return (int64_t)n;
}

static int64_t text_size(void *context)
{
    return (int64_t)((const struct orl_text *)context)->length;
}

static int encode(struct quick *q, struct orl_error *err)
{
    struct orl_frame_source source = {q, make_frame};
    size_t length = orl_encode_segment_frames(&q->spec);
    q->segment_count = (q->spec.frames + length - 1) / length;
    q->segments = orl_calloc(q->segment_count, sizeof *q->segments);
    if (!q->segments)
        return orl_fail_memory(err);
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < q->segment_count; i++) {
        size_t first = i * length, left = q->spec.frames - first;
        ret = orl_encode_segment(&q->spec, &source, first, left < length ? left : length,
                                 (struct orl_sink){&q->segments[i], text_write}, err);
    }
    return ret;
}

/* ---- The file ------------------------------------------------------------------------------------------------------------ */

static int open_segment(void *context, size_t index, struct orl_stream *stream, struct orl_error *err)
{
    struct quick *q = context;
    (void)err;
    *stream = (struct orl_stream){.context = &q->segments[index], .read = text_read, .size = text_size};
    return ORL_OK;
}

static void close_segment(void *context, struct orl_stream *stream)
{
    (void)context, (void)stream;
}

static int file_write(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    return orl_outfile_write(context, bytes, length, err);
}

static int file_seek(void *context, int64_t position, struct orl_error *err)
{
    return orl_outfile_seek(context, position, err);
}

static int64_t file_read(void *context, int64_t position, void *bytes, size_t length, struct orl_error *err)
{
    return orl_outfile_read(context, position, bytes, length, err);
}

static int64_t file_size(void *context)
{
    return orl_outfile_size(context);
}

static int write_to(struct quick *q, struct orl_outfile *file, struct orl_output_facts *facts, struct orl_error *err)
{
    struct orl_segment_source segments = {q, open_segment, close_segment};
    struct orl_stream stream = {file, file_write, file_seek, file_read, file_size};
    int ret = orl_encode_join(&q->spec, &segments, q->segment_count, &stream, err);
    return ret == ORL_OK ? orl_encode_verify(&q->spec, &stream, facts, err) : ret;
}

/* Pass a finished file on to standard output. */
static int pass_on(struct orl_outfile *file, struct orl_error *err)
{
    char piece[1 << 14];
    ssize_t got;
    for (int64_t at = 0; (got = orl_outfile_read(file, at, piece, sizeof piece, err)) > 0; at += got)
        if (fwrite(piece, 1, (size_t)got, stdout) != (size_t)got)
            return orl_fail(err, ORL_EIO, "standard output cannot be written");
    return got < 0 ? (int)got : fflush(stdout) == 0 ? ORL_OK : orl_fail(err, ORL_EIO, "standard output cannot be written");
}

static int write_file(struct quick *q, struct orl_output_facts *facts, struct orl_error *err)
{
    const char *output = q->request->output, *slash = strrchr(output, '/');
    bool standard = strcmp(output, "-") == 0;
    char *folder_path = standard ? orl_strdup("/tmp")
                        : slash  ? orl_strndup(output, slash == output ? 1 : (size_t)(slash - output))
                                 : orl_strdup(".");
    struct orl_folder *folder = NULL;
    struct orl_outfile *file = NULL;
    int ret = folder_path ? orl_folder_open(folder_path, false, true, &folder, err) : orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = orl_outfile_create(folder, standard ? "optreel" : slash ? slash + 1 : output, &file, err);
    if (ret == ORL_OK)
        ret = write_to(q, file, facts, err);
    if (ret == ORL_OK)
        ret = standard ? pass_on(file, err) : orl_outfile_commit(&file, err);
    orl_outfile_abort(&file);
    orl_folder_close(&folder);
    char *state = folder_path ? orl_asprintf("%s/.optreel", folder_path) : NULL;
    if (state)
        rmdir(state); /* only if nothing else lies in it */
    free(state);
    free(folder_path);
    return ret;
}

int orl_batch_film(const struct orl_film_request *request, struct orl_messages *messages, struct orl_error *err)
{
    struct quick q = {.request = request};
    struct orl_output_facts facts = {0};
    const struct orl_preset_desc *preset = NULL;
    int ret = choose_format(&q, &preset, err);
    if (ret == ORL_OK)
        ret = read_traces(&q, messages, err);
    if (ret == ORL_OK)
        ret = lay_out(&q, preset, err);
    if (ret == ORL_OK)
        ret = encode(&q, err);
    if (ret == ORL_OK)
        ret = write_file(&q, &facts, err);
    if (ret == ORL_OK && strcmp(request->output, "-") != 0 && request->results)
        fprintf(request->results, "%s  %lld bytes  %zu frame%s  %.2f s\n", request->output, (long long)facts.bytes, q.spec.frames,
                q.spec.frames == 1 ? "" : "s", facts.seconds);
    orl_canvas_destroy(&q.canvas);
    orl_film_destroy(&q.film);
    orl_font_destroy(&q.font);
    orl_picture_uninit(&q.picture);
    for (size_t i = 0; i < q.run_count; i++) {
        free(q.titles[i]);
        free(q.columns[i]);
    }
    for (size_t i = 0; i < q.trace_count; i++)
        orl_trace_destroy(&q.traces[i]);
    for (size_t i = 0; i < q.segment_count; i++)
        orl_text_uninit(&q.segments[i]);
    free(q.segments);
    free(q.traces);
    free(q.values);
    return ret;
}
