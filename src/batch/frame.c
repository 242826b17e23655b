/* A still of a film: optreel frame. The runs that it needs are made and drawn as workers do it, by
 * a copy of this process that may write nothing and sends what it made: logs and fonts are files of
 * others. This process puts the file into its place. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "base/confine.h"
#include "base/text.h"
#include "batch/fields.h"
#include "batch/guard.h"
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
    int64_t shown;                /* its step */
    struct orl_value *values;     /* of the format */
    struct orl_output_spec spec;
    struct sheet sheet;
    struct single made;
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
    /* At its end a film tells what came of it: that frame is meant, not the one before. */
    s->frame = r->frame >= 0     ? (size_t)r->frame
               : r->step == last ? frames - 1
                                 : orl_film_frame_at(film, r->step);
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

/* The film on stage, and the frame that is wanted. */
static int still_stage(struct still *s, const struct orl_film_plan *plan,
                       const struct orl_output_plan *look, struct orl_error *err)
{
    const struct orl_frame_request *r = s->request;
    int ret = orl_font_create(r->experiment->font, &s->font, err);
    if (ret == ORL_OK)
        ret = check_font(s, plan, err);
    if (ret == ORL_OK)
        ret = orl_guard_files(r->experiment, s->font, NULL, err);
    if (ret == ORL_OK)
        ret = orl_stage_create(r->experiment, r->limits, NULL, s->font, &s->stage, err);
    if (ret == ORL_OK && r->frame < 0 && !r->columns)
        orl_stage_still(s->stage, r->step);
    if (ret == ORL_OK)
        ret = orl_stage_set(s->stage, r->film, NULL, look, err);
    return ret == ORL_OK ? choose_frame(s, plan, err) : ret;
}

static int still_draw(struct still *s, const struct orl_film_plan *plan,
                      const struct orl_output_plan *look, struct orl_error *err)
{
    const struct orl_frame_request *r = s->request;
    int ret = still_stage(s, plan, look, err);
    if (ret != ORL_OK)
        return ret;
    struct orl_frame_source source = {s,       frame_image, NULL, frame_still, frame_moving,
                                      s->font, NULL};
    if (r->columns) {
        s->sheet = (struct sheet){.film = orl_stage_scene(s->stage),
                                  .font = s->font,
                                  .columns = r->columns,
                                  .rows = r->rows,
                                  .width = s->spec.width,
                                  .height = s->spec.height};
        source = orl_sheet_source(&s->sheet);
    }
    s->film = orl_stage_source(s->stage, false);
    s->shown = orl_film_step(orl_stage_scene(s->stage), s->frame);
    return orl_single_encode(&s->spec, &source, &s->made, err);
}

/* ---- The copy that draws --------------------------------------------------------------------- */

static int made_send(int fd, const struct still *s, int code, size_t told,
                     const struct orl_error *err)
{
    struct orl_text line = {0};
    orl_fields_put_integer(&line, code);
    orl_fields_put_string(&line, err->text);
    orl_fields_put_integer(&line, (int64_t)(s->messages->count - told));
    for (size_t i = told; i < s->messages->count; i++)
        orl_fields_put_string(&line, s->messages->items[i].text);
    orl_fields_put_integer(&line, (int64_t)s->frame);
    orl_fields_put_integer(&line, s->shown);
    size_t count = code == ORL_OK ? s->made.count : 0;
    orl_fields_put_integer(&line, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        orl_fields_put(&line, s->made.segments[i].data, s->made.segments[i].length);
    int sent = orl_fields_send(fd, &line);
    orl_text_uninit(&line);
    return sent;
}

static int made_read(struct still *s, struct orl_fields *fields, struct orl_error *err)
{
    int code = (int)orl_fields_get_integer(fields);
    const char *text = orl_fields_get(fields, NULL);
    if (code != ORL_OK)
        orl_fail(err, code, "%s", text);
    for (int64_t left = orl_fields_get_integer(fields); !fields->failed && left > 0; left--)
        orl_messages_add(s->messages, ORL_SEVERITY_WARNING, NULL, NULL, "%s",
                         orl_fields_get(fields, NULL));
    s->frame = (size_t)orl_fields_get_integer(fields);
    s->shown = orl_fields_get_integer(fields);
    int64_t count = orl_fields_get_integer(fields);
    if (fields->failed || count < 0 || (uint64_t)count > fields->count)
        return orl_fail(err, ORL_EBUG, "what was drawn could not be read");
    s->made.segments = orl_calloc((size_t)count, sizeof *s->made.segments);
    s->made.count = s->made.segments ? (size_t)count : 0;
    bool good = s->made.segments != NULL;
    for (size_t i = 0; i < s->made.count; i++) {
        size_t length;
        const char *bytes = orl_fields_get(fields, &length);
        orl_text_append(&s->made.segments[i], bytes, length);
        good = good && !s->made.segments[i].failed;
    }
    return good ? code : orl_fail_memory(err);
}

/* What the copy sent; without a word it has died. */
static int made_receive(struct still *s, int fd, pid_t pid, struct orl_error *err)
{
    struct orl_fields fields;
    int status = 0, received = orl_fields_receive(fd, &fields);
    close(fd);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    int ret = received == ORL_OK       ? made_read(s, &fields, err)
              : received == ORL_ENOMEM ? orl_fail_memory(err)
              : WIFSIGNALED(status)
                  ? orl_fail(err, ORL_EENV, "what draws the still ended by signal %d (%s)",
                             WTERMSIG(status), strsignal(WTERMSIG(status)))
                  : orl_fail(err, ORL_EENV, "what draws the still ended without a word");
    orl_fields_uninit(&fields);
    return ret;
}

static void still_release(struct still *s)
{
    orl_sheet_uninit(&s->sheet);
    orl_stage_destroy(&s->stage);
    orl_font_destroy(&s->font);
    orl_single_uninit(&s->made);
    free(s->values);
}

static int still_make(struct still *s, const struct orl_film_plan *plan,
                      const struct orl_output_plan *look, struct orl_error *err)
{
    int ends[2];
    if (pipe(ends) != 0)
        return orl_fail(err, ORL_EENV, "no pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        size_t told = s->messages->count;
        close(ends[0]);
        orl_confine_life();
        (void)orl_confine_calls(); /* where there are no filters: optreel doctor tells */
        int code = still_draw(s, plan, look, err);
        code = made_send(ends[1], s, code, told, err);
        _exit(code == ORL_OK ? 0 : 1);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return orl_fail(err, ORL_EENV, "no process to draw in: %s", strerror(errno));
    }
    return made_receive(s, ends[0], pid, err);
}

/* ---- The file -------------------------------------------------------------------------------- */

static int still_write(struct still *s, struct orl_error *err)
{
    const struct orl_frame_request *r = s->request;
    struct orl_output_facts facts = {0};
    int ret = orl_single_write(&s->spec, &s->made, r->output, &facts, err);
    if (ret == ORL_OK && r->results && strcmp(r->output, "-") != 0) {
        fprintf(r->results, "%s  %lld bytes  1 frame  0.00 s", r->output, (long long)facts.bytes);
        if (!r->columns)
            fprintf(r->results, "  (frame %zu, step %lld)", s->frame, (long long)s->shown);
        fputc('\n', r->results);
    }
    return ret;
}

int orl_batch_frame(const struct orl_frame_request *request, struct orl_messages *messages,
                    struct orl_error *err)
{
    struct still s = {.request = request, .messages = messages};
    struct orl_error own = {0};
    const struct orl_film_plan *plan = &request->experiment->films[request->film];
    const struct orl_format_desc *format;
    err = err ? err : &own;
    int ret =
        orl_format_of_file(request->output, request->format, ".png, .svg or .pdf", &format, err);
    if (ret == ORL_OK && !format->picture)
        ret = orl_fail(err, ORL_EUSAGE, "a still is PNG, SVG or PDF, not %s", format->title);
    if (ret != ORL_OK)
        return ret;
    const struct orl_output_plan look = choose_look(request, plan, format);
    ret = prepare(&s, plan, &look, format, err);
    if (ret == ORL_OK)
        ret = still_make(&s, plan, &look, err);
    if (ret == ORL_OK)
        ret = still_write(&s, err);
    still_release(&s);
    return ret;
}
