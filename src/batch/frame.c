/* A still of a film: optreel frame. The runs that it needs are made here, and nothing of them is
 * written. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "batch/sheet.h"
#include "batch/single.h"
#include "batch/stage.h"
#include "optreel/batch.h"

struct still {
    const struct orl_frame_request *request;
    struct orl_messages *messages; /* borrowed */
    struct orl_font *font;
    struct stage *stage;
    struct orl_frame_source film; /* the film's own frames */
    size_t frame;                 /* the one that is shown */
    struct orl_value *values;     /* of the format */
    struct orl_output_spec spec;
    struct sheet sheet;
};

/* ---- A frame --------------------------------------------------------------------------------- */

static int frame_image(void *context, size_t number, struct orl_image *image, struct orl_error *err)
{
    struct still *s = context;
    (void)number;
    return s->film.frame(s->film.context, s->frame, image, err);
}

static int frame_still(void *context, size_t number, const struct orl_picture **picture,
                       struct orl_error *err)
{
    struct still *s = context;
    (void)number;
    return s->film.still(s->film.context, s->frame, picture, err);
}

static int frame_moving(void *context, size_t number, const struct orl_picture **picture,
                        struct orl_error *err)
{
    struct still *s = context;
    (void)number;
    return s->film.moving(s->film.context, s->frame, picture, err);
}

/* ---- Which ----------------------------------------------------------------------------------- */

static const struct orl_output_plan *find_output(const struct orl_film_plan *film,
                                                 const struct orl_format_desc *format)
{
    for (size_t i = 0; i < film->output_count; i++)
        if (!film->outputs[i].sidecar &&
            (format ? film->outputs[i].format == format : !film->outputs[i].poster))
            return &film->outputs[i];
    return NULL;
}

/* The still looks like the film's output of the same format where it has one, else like the film;
 * frames are counted at the film's own rate in either case. */
static struct orl_output_plan choose_look(const struct orl_frame_request *request,
                                          const struct orl_film_plan *film,
                                          const struct orl_format_desc *format)
{
    const struct orl_output_plan *own = find_output(film, NULL), *same = find_output(film, format);
    own = own ? own : &film->outputs[0];
    struct orl_output_plan look = same ? *same : *own;
    look.fps_num = own->fps_num;
    look.fps_den = own->fps_den;
    look.transparent = request->experiment->theme.transparent && format->alpha && !request->columns;
    return look;
}

/* Something that the user should know of the still: a failure where warnings are. */
static int still_warn(struct still *s, const char *text, struct orl_error *err)
{
    if (s->request->strict)
        return orl_fail(err, ORL_FAIL, "%s (--strict)", text);
    orl_messages_add(s->messages, ORL_SEVERITY_WARNING, NULL, NULL, "%s", text);
    return ORL_OK;
}

static int check_step(struct still *s, const struct orl_film *film, struct orl_error *err)
{
    long long step = (long long)s->request->step,
              shown = (long long)orl_film_recorded(film, s->request->step);
    char text[128];
    if (shown == step)
        return ORL_OK;
    snprintf(text, sizeof text,
             "not every run recorded step %lld: the still shows the last step before, such as %lld",
             step, shown);
    return still_warn(s, text, err);
}

static int choose_frame(struct still *s, const struct orl_film_plan *plan, struct orl_error *err)
{
    const struct orl_frame_request *r = s->request;
    const struct orl_film *film = orl_stage_scene(s->stage);
    size_t frames = orl_film_frames(film);
    int64_t last = orl_film_step(film, frames - 1);
    if (r->columns)
        return ORL_OK;
    if (r->frame >= 0 && (uint64_t)r->frame >= frames)
        return orl_fail(err, ORL_EUSAGE,
                        "'%s' has no frame %lld: its %zu frames count from 0 to %zu", plan->name,
                        (long long)r->frame, frames, frames - 1);
    if (r->frame < 0 && r->step > last)
        return orl_fail(err, ORL_EUSAGE, "'%s' has no step %lld: it ends at step %lld", plan->name,
                        (long long)r->step, (long long)last);
    s->frame = r->frame >= 0 ? (size_t)r->frame : orl_film_frame_at(film, r->step);
    return r->frame >= 0 ? ORL_OK : check_step(s, film, err);
}

static int prepare(struct still *s, const struct orl_film_plan *plan,
                   const struct orl_output_plan *look, const struct orl_format_desc *format,
                   struct orl_error *err)
{
    const struct orl_frame_request *r = s->request;
    s->values = orl_single_values(format);
    if (!s->values)
        return orl_fail_memory(err);
    s->spec = (struct orl_output_spec){.format = format,
                                       .values = s->values,
                                       .width = look->width,
                                       .height = look->height,
                                       .fps_num = look->fps_num,
                                       .fps_den = look->fps_den,
                                       .alpha = look->transparent,
                                       .frames = 1,
                                       .name = plan->name,
                                       .title = plan->title};
    if (r->columns)
        orl_sheet_size(look->width, look->height, look->text_px, r->columns, r->rows,
                       &s->spec.width, &s->spec.height);
    if ((uint64_t)s->spec.width > r->limits->side_px ||
        (uint64_t)s->spec.height > r->limits->side_px)
        return orl_fail(
            err, ORL_EUSAGE,
            "a sheet of %dx%d frames has %dx%d pixels; at most %llu to a side (--max-side-px)",
            r->columns, r->rows, s->spec.width, s->spec.height,
            (unsigned long long)r->limits->side_px);
    return orl_encode_check(&s->spec, err);
}

/* What the fonts cannot show of the words that will stand on the still. */
static int check_font(struct still *s, const struct orl_film_plan *plan, struct orl_error *err)
{
    const struct orl_experiment *e = s->request->experiment;
    char text[256];
    bool found = orl_font_substituted(s->font, text, sizeof text) ||
                 orl_font_lacks(s->font, plan->title, text, sizeof text);
    for (size_t i = 0; !found && i < plan->run_count; i++)
        found = orl_font_lacks(s->font, e->runs[plan->runs[i]].title, text, sizeof text);
    return found ? still_warn(s, text, err) : ORL_OK;
}

static int make(struct still *s, struct orl_error *err)
{
    const struct orl_frame_request *r = s->request;
    const struct orl_film_plan *plan = &r->experiment->films[r->film];
    const struct orl_format_desc *format;
    struct orl_output_facts facts = {0};
    int ret = orl_format_of_file(r->output, r->format, ".png, .svg or .pdf", &format, err);
    if (ret == ORL_OK && !format->picture)
        ret = orl_fail(err, ORL_EUSAGE, "a still is PNG, SVG or PDF, not %s", format->title);
    if (ret != ORL_OK)
        return ret;
    const struct orl_output_plan look = choose_look(r, plan, format);
    ret = prepare(s, plan, &look, format, err);
    if (ret == ORL_OK)
        ret = orl_font_create(r->experiment->font, &s->font, err);
    if (ret == ORL_OK)
        ret = check_font(s, plan, err);
    if (ret == ORL_OK)
        ret = orl_stage_create(r->experiment, r->limits, NULL, s->font, &s->stage, err);
    if (ret == ORL_OK && r->frame < 0 && !r->columns)
        orl_stage_still(s->stage, r->step);
    if (ret == ORL_OK)
        ret = orl_stage_set(s->stage, r->film, NULL, &look, err);
    if (ret == ORL_OK)
        ret = choose_frame(s, plan, err);
    if (ret != ORL_OK)
        return ret;
    struct orl_frame_source source = {s,       frame_image, NULL, frame_still, frame_moving,
                                      s->font, NULL};
    if (r->columns) {
        s->sheet = (struct sheet){orl_stage_scene(s->stage),
                                  s->font,
                                  r->columns,
                                  r->rows,
                                  s->spec.width,
                                  s->spec.height,
                                  {0},
                                  NULL};
        source = orl_sheet_source(&s->sheet);
    }
    s->film = orl_stage_source(s->stage, false);
    ret = orl_single_write(&s->spec, &source, r->output, &facts, err);
    if (ret == ORL_OK && r->results && strcmp(r->output, "-") != 0) {
        fprintf(r->results, "%s  %lld bytes  1 frame  0.00 s", r->output, (long long)facts.bytes);
        if (!r->columns)
            fprintf(r->results, "  (frame %zu, step %lld)", s->frame,
                    (long long)orl_film_step(orl_stage_scene(s->stage), s->frame));
        fputc('\n', r->results);
    }
    return ret;
}

int orl_batch_frame(const struct orl_frame_request *request, struct orl_messages *messages,
                    struct orl_error *err)
{
    struct still s = {.request = request, .messages = messages};
    int ret = make(&s, err);
    orl_sheet_uninit(&s.sheet);
    orl_stage_destroy(&s.stage);
    orl_font_destroy(&s.font);
    free(s.values);
    return ret;
}
