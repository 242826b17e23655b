/* A first film from traces alone: optreel film. Small enough to be made here, in one process. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "batch/foreign.h"
#include "batch/single.h"
#include "optreel/batch.h"
#include "scene/tables.h"

#define LENGTH_S 10.0
enum { COLORS_MAX = 256, RUNS_MAX = 64, PANELS_MAX = 8, SETTINGS_MAX = 16 };

struct quick {
    const struct orl_film_request *request;
    struct orl_problem *problem; /* owned; NULL without a model */
    struct orl_trace **traces;   /* owned */
    size_t trace_count;
    char *titles[RUNS_MAX]; /* owned: of each trace */
    char *title;            /* owned: the film's */
    bool losses;            /* each trace has them */
    struct orl_font *font;
    struct orl_film *film;
    struct orl_canvas *canvas;
    struct orl_picture picture;
    struct orl_color colors[COLORS_MAX];
    struct orl_value *values; /* of the format */
    struct orl_output_spec spec;
    bool still;
};

/* ---- Lines ----------------------------------------------------------------------------------- */

/* "some/where/adam.csv" -> "adam". */
static char *stem(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path,
               *dot = strrchr(base, '.');
    return orl_strndup(base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
}

/* The columns of a trace that are the model's parameters must all be there. */
static int read_trace(struct quick *q, const char *path, struct orl_messages *messages,
                      struct orl_trace **out, struct orl_error *err)
{
    const char *names[4096];
    size_t count = q->problem ? orl_problem_parameter_count(q->problem) : 0;
    for (size_t i = 0; i < count && i < ORL_COUNT(names); i++)
        names[i] = orl_problem_parameter(q->problem, i);
    int ret = orl_trace_read_csv(path, path, names, count, q->request->limits, messages, out);
    return ret == ORL_OK && q->problem ? orl_trace_complete(*out, q->problem, err) : ret;
}

static int read_traces(struct quick *q, struct orl_messages *messages, struct orl_error *err)
{
    const struct orl_film_request *r = q->request;
    if (r->trace_count > RUNS_MAX)
        return orl_fail(err, ORL_EINPUT, "more than %d traces in one film", RUNS_MAX);
    q->traces = orl_calloc(r->trace_count, sizeof *q->traces);
    if (!q->traces)
        return orl_fail_memory(err);
    q->losses = true;
    for (size_t i = 0; i < r->trace_count; i++) {
        q->titles[i] = stem(r->traces[i]);
        q->trace_count = i + 1;
        int ret = q->titles[i] ? read_trace(q, r->traces[i], messages, &q->traces[i], err)
                               : orl_fail_memory(err);
        if (ret != ORL_OK)
            return ret;
        q->losses &= q->traces[i]->loss != NULL;
    }
    return ORL_OK;
}

/* ---- The film -------------------------------------------------------------------------------- */

static int choose_format(struct quick *q, const struct orl_preset_desc **preset,
                         struct orl_error *err)
{
    const struct orl_film_request *r = q->request;
    const struct orl_format_desc *format;
    int ret =
        orl_single_format(r->output, r->format, ".mp4, .gif, .png, .svg or .pdf", &format, err);
    if (ret != ORL_OK)
        return ret;
    *preset = orl_preset_find(r->preset ? r->preset : format->home);
    if (!*preset)
        return orl_fail(err, ORL_EUSAGE, "unknown preset '%s'", r->preset);
    q->values = orl_single_values(format);
    if (!q->values)
        return orl_fail_memory(err);
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

static int add_panel(struct orl_panel_spec *panels, size_t *count, const char *name, size_t length,
                     struct orl_value *defaults, struct orl_error *err)
{
    char *copy = orl_strndup(name, length);
    const struct orl_panel_desc *desc = copy ? orl_panel_find(copy) : NULL;
    int ret = ORL_OK;
    if (!copy)
        ret = orl_fail_memory(err);
    else if (!desc || !desc->ops)
        ret = orl_fail(err, ORL_EUSAGE, "unknown panel '%s'; see: optreel list panels", copy);
    else if (*count == PANELS_MAX)
        ret = orl_fail(err, ORL_EUSAGE, "more than %d panels", PANELS_MAX);
    free(copy);
    if (ret != ORL_OK)
        return ret;
    defaults += *count * SETTINGS_MAX;
    for (size_t i = 0; i < orl_setting_count(desc->settings) && i < SETTINGS_MAX; i++)
        defaults[i].number = desc->settings[i].initial;
    panels[(*count)++] = (struct orl_panel_spec){desc->name, defaults};
    return ORL_OK;
}

/* The panels that were asked for, or all that the traces can feed. */
static int choose_panels(const struct quick *q, const struct orl_film_run *runs,
                         struct orl_panel_spec *panels, size_t *count, struct orl_value *defaults,
                         struct orl_error *err)
{
    static const char *const usual[] = {"fit", "surface", "loss", "parameters", "series"};
    const char *chosen = q->request->panels;
    bool data = q->problem && orl_problem_data(q->problem);
    int ret = ORL_OK;
    *count = 0;
    for (size_t i = 0; ret == ORL_OK && !chosen && i < ORL_COUNT(usual); i++) {
        const struct orl_panel_desc *desc = orl_panel_find(usual[i]);
        bool needless = (i == 0 && !data) || (i == 1 && (data || !q->problem)) || (i == 3 && !data);
        if (!needless && (!desc->suits || desc->suits(runs, q->trace_count)))
            ret = add_panel(panels, count, usual[i], strlen(usual[i]), defaults, err);
    }
    for (; ret == ORL_OK && chosen; chosen = *chosen ? chosen + 1 : NULL) {
        size_t length = strcspn(chosen, ",");
        ret = add_panel(panels, count, chosen, length, defaults, err);
        chosen += length;
    }
    if (ret == ORL_OK && *count == 0)
        ret = orl_fail(err, ORL_EINPUT, "these traces hold nothing to show but steps");
    return ret;
}

static int lay_out(struct quick *q, const struct orl_preset_desc *preset, struct orl_error *err)
{
    struct orl_film_run runs[RUNS_MAX];
    struct orl_value defaults[PANELS_MAX * SETTINGS_MAX] = {{0}};
    struct orl_panel_spec panels[PANELS_MAX];
    size_t panel_count;
    q->title = q->trace_count == 1 ? stem(q->request->traces[0])
                                   : orl_asprintf("%zu traces", q->trace_count);
    q->spec.title = q->title;
    for (size_t i = 0; i < q->trace_count; i++)
        runs[i] =
            (struct orl_film_run){q->traces[i], q->problem, q->titles[i], q->titles[i], "", i};
    int ret = choose_panels(q, runs, panels, &panel_count, defaults, err);
    if (ret != ORL_OK)
        return ret;
    struct orl_film_spec spec = {.title = q->title,
                                 .subtitle = q->problem ? NULL : "",
                                 .quantity = q->losses ? NULL : "value",
                                 .runs = runs,
                                 .run_count = q->trace_count,
                                 .panels = panels,
                                 .panel_count = panel_count,
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
                                 .theme = q->request->theme ? q->request->theme : "light"};
    ret = q->title ? orl_font_create(NULL, &q->font, err) : orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = orl_film_create(&spec, orl_font_measure(q->font), &q->film, err);
    if (ret == ORL_OK) {
        q->spec.color_count = orl_film_colors(q->film, q->colors, COLORS_MAX);
        q->spec.frames = q->still ? 1 : orl_film_frames(q->film);
    }
    return ret;
}

static int raise_canvas(struct quick *q, struct orl_error *err)
{
    int ret = orl_canvas_create(q->spec.width, q->spec.height, q->font, &q->canvas, err);
    if (ret == ORL_OK)
        ret = orl_film_still(q->film, 0, &q->picture, err);
    return ret == ORL_OK ? orl_canvas_still(q->canvas, &q->picture, err) : ret;
}

static int show_still(void *context, size_t number, const struct orl_picture **picture,
                      struct orl_error *err)
{
    struct quick *q = context;
    (void)number; /* there is one part */
    *picture = &q->picture;
    return orl_film_still(q->film, 0, &q->picture, err);
}

static int show_moving(void *context, size_t number, const struct orl_picture **picture,
                       struct orl_error *err)
{
    struct quick *q = context;
    *picture = &q->picture;
    return orl_film_moving(q->film, q->still ? orl_film_frames(q->film) - 1 : number, &q->picture,
                           err);
}

static int make_frame(void *context, size_t number, struct orl_image *image, struct orl_error *err)
{
    struct quick *q = context;
    const struct orl_picture *moving;
    int ret = q->canvas ? ORL_OK : raise_canvas(q, err);
    if (ret == ORL_OK)
        ret = show_moving(q, number, &moving, err);
    return ret == ORL_OK ? orl_canvas_frame(q->canvas, moving, image, err) : ret;
}

int orl_batch_film(const struct orl_film_request *request, struct orl_messages *messages,
                   struct orl_error *err)
{
    struct quick q = {.request = request};
    struct orl_output_facts facts = {0};
    const struct orl_preset_desc *preset = NULL;
    int ret = choose_format(&q, &preset, err);
    if (ret == ORL_OK && request->model)
        ret = orl_foreign_problem(request, messages, &q.problem, err);
    if (ret == ORL_OK)
        ret = read_traces(&q, messages, err);
    if (ret == ORL_OK)
        ret = lay_out(&q, preset, err);
    struct orl_frame_source source = {&q, make_frame, NULL, show_still, show_moving, q.font, NULL};
    if (ret == ORL_OK)
        ret = orl_single_write(&q.spec, &source, request->output, &facts, err);
    if (ret == ORL_OK && strcmp(request->output, "-") != 0 && request->results)
        fprintf(request->results, "%s  %lld bytes  %zu frame%s  %.2f s\n", request->output,
                (long long)facts.bytes, q.spec.frames, q.spec.frames == 1 ? "" : "s",
                facts.seconds);
    orl_canvas_destroy(&q.canvas);
    orl_film_destroy(&q.film);
    orl_font_destroy(&q.font);
    orl_picture_uninit(&q.picture);
    for (size_t i = 0; i < q.trace_count; i++) {
        free(q.titles[i]);
        orl_trace_destroy(&q.traces[i]);
    }
    orl_problem_destroy(&q.problem);
    free(q.traces);
    free(q.title);
    free(q.values);
    return ret;
}
