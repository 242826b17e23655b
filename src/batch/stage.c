/* The stage: what a worker opens for a unit, and keeps for the next. */
#include "batch/stage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "batch/reel.h"
#include "batch/repeats.h"
#include "batch/runs.h"
#include "batch/settings.h"
#include "batch/sheet.h"
#include "batch/shelf.h"
#include "optreel/scene.h"
#include "scene/tables.h"

enum { COLORS_MAX = 256 };

struct stage {
    struct orl_experiment *experiment;
    const struct orl_limits *limits;
    struct orl_folder *folder;
    struct orl_font *font;
    struct orl_problem **problems; /* owned: problem_count, each made when first needed */
    /* the film on stage */
    const struct orl_film_plan *plan;
    struct orl_output_plan
        look; /* size, rate and text of the film on stage (its pointers are not used) */
    struct orl_output_plan
        output;                 /* as orl_stage_film was asked for it last; its values are owned */
    struct orl_trace **traces;  /* owned: of the film's runs */
    struct orl_run_rule *rules; /* owned: the same */
    struct shelf shelf;         /* of runs that are not in the film, but were in another */
    struct repeats repeats;     /* of those of which the film shows the middle */
    int64_t still_step;         /* as orl_stage_still was told */
    struct orl_film *film;
    struct orl_canvas *canvas;
    struct orl_picture picture;
    size_t part; /* of the film: the one whose still part the canvas has; SIZE_MAX: none */
    struct orl_color colors[COLORS_MAX];
    size_t color_count;
    struct orl_chapter *chapters; /* owned */
    size_t chapter_count;
    bool poster;
    struct sheet sheet; /* of the film on stage */
    struct reel reel; /* the frames drawn last, where another output of the film wants them, too */
    bool keep;        /* put what is drawn on it */
    bool given_by_reel;    /* the frame given last came from it */
    struct orl_image last; /* the frame given last, as long as its pixels are there; pixels NULL:
                              there is none */
    size_t last_number;
    size_t canvas_number;      /* the frame that the canvas drew last; SIZE_MAX: none */
    struct orl_damage between; /* blocks owned: what the frame given last and this one differ in,
                                  where neither source knows */
    void (*drawn)(void *context);
    void *drawn_context;
};

int orl_stage_create(struct orl_experiment *experiment, const struct orl_limits *limits,
                     struct orl_folder *folder, struct orl_font *font, struct stage **out,
                     struct orl_error *err)
{
    struct stage *stage = orl_calloc(1, sizeof *stage);
    *out = stage;
    if (!stage)
        return orl_fail_memory(err);
    stage->experiment = experiment;
    stage->limits = limits;
    stage->folder = folder;
    stage->font = font;
    stage->problems = orl_calloc(experiment->problem_count, sizeof *stage->problems);
    if (!stage->problems || orl_shelf_init(&stage->shelf, experiment->run_count, err) != ORL_OK)
        orl_stage_destroy(out);
    return *out ? ORL_OK : orl_fail_memory(err);
}

/* Take down the film, keep the problems and the traces. */
static void clear_film(struct stage *stage)
{
    orl_sheet_uninit(&stage->sheet);
    orl_canvas_destroy(&stage->canvas);
    stage->last = (struct orl_image){0};
    orl_film_destroy(&stage->film);
    for (size_t i = 0; stage->traces && stage->plan && i < stage->plan->run_count; i++) {
        if (stage->folder) /* as it was read: from its file */
            orl_shelf_put(&stage->shelf, stage->plan->runs[i], stage->traces[i]);
        else
            orl_trace_destroy(&stage->traces[i]);
    }
    orl_repeats_uninit(&stage->repeats);
    free(stage->traces);
    free(stage->rules);
    free(stage->chapters);
    stage->traces = NULL;
    stage->rules = NULL;
    stage->chapters = NULL;
    stage->chapter_count = 0;
    stage->plan = NULL;
}

void orl_stage_destroy(struct stage **stage)
{
    struct stage *s = *stage;
    if (!s)
        return;
    clear_film(s);
    orl_shelf_uninit(&s->shelf);
    free(s->output.values);
    orl_picture_uninit(&s->picture);
    orl_reel_uninit(&s->reel);
    free(s->between.blocks);
    for (size_t i = 0; s->problems && i < s->experiment->problem_count; i++)
        orl_problem_destroy(&s->problems[i]);
    free(s->problems);
    free(s);
    *stage = NULL;
}

int orl_stage_problem(struct stage *stage, size_t problem, const struct orl_problem **out,
                      struct orl_error *err)
{
    struct orl_messages messages = {0};
    int ret = ORL_OK;
    if (!stage->problems[problem]) {
        ret = orl_problem_open(&stage->experiment->problems[problem], stage->limits, &messages,
                               &stage->problems[problem], err);
        if (ret != ORL_OK)
            orl_messages_fail(&messages, ret, err);
    }
    orl_messages_uninit(&messages);
    *out = stage->problems[problem];
    return ret;
}

/* What a trace that is read back does not have, so that a film shows the same of both. */
static void trace_forget(struct orl_trace *trace)
{
    free(trace->used);
    trace->used = NULL;
    trace->seconds = trace->gradient_norm = 0.0;
    trace->watched = false;
    trace->reached_count = 0;
}

void orl_stage_keep(struct stage *stage, size_t run, struct orl_trace **trace,
                    const uint8_t digest[32])
{
    trace_forget(*trace);
    memcpy((*trace)->digest, digest, sizeof(*trace)->digest);
    orl_shelf_put(&stage->shelf, run, *trace);
    *trace = NULL;
}

static bool digest_matches(const uint8_t digest[32], const char hex[ORL_SHA256_HEX])
{
    char own[ORL_SHA256_HEX];
    orl_sha256_hex(digest, own);
    return strcmp(own, hex) == 0;
}

static int read_trace(struct stage *stage, size_t run, const struct orl_run_facts *facts,
                      struct orl_trace **out, struct orl_error *err)
{
    const struct orl_run_plan *plan = &stage->experiment->runs[run];
    const struct orl_problem_plan *problem = &stage->experiment->problems[plan->problem];
    struct orl_messages messages = {0};
    *out = orl_shelf_take(&stage->shelf, run);
    if (*out && digest_matches((*out)->digest, facts->trace_sha256))
        return ORL_OK;
    orl_trace_destroy(out);
    char *name = orl_batch_trace_name(plan);
    char *path = name ? orl_asprintf("%s/%s", stage->folder->path, name) : NULL;
    int ret = ORL_ENOMEM;
    if (path)
        ret = orl_trace_read_csv(path, name, (const char *const *)problem->parameters,
                                 problem->parameter_count, stage->limits, &messages, out);
    if (ret != ORL_OK)
        orl_messages_fail(&messages, ret == ORL_EINPUT ? ORL_EIO : ret, err);
    if (ret == ORL_OK && !digest_matches((*out)->digest, facts->trace_sha256)) {
        orl_trace_destroy(out);
        ret = orl_fail(err, ORL_EIO, "'%s' is not as it was written", name);
    }
    if (ret == ORL_OK) {
        (*out)->status = facts->status;
        (*out)->steps = facts->steps;
    }
    orl_messages_uninit(&messages);
    free(path);
    free(name);
    return ret;
}

/* Without a folder that holds traces the run is made here and now. */
static int get_trace(struct stage *stage, size_t run, const struct orl_run_facts *const *facts,
                     size_t index, const struct orl_problem *problem, struct orl_trace **out,
                     double *tuned, struct orl_error *err)
{
    if (stage->folder) {
        *tuned = facts[index]->tuned;
        return read_trace(stage, run, facts[index], out, err);
    }
    int ret =
        orl_batch_run(stage->experiment, run, problem, stage->limits, NULL, NULL, out, tuned, err);
    if (ret == ORL_OK)
        trace_forget(*out);
    return ret;
}

/* What the columns of a trace do not tell. */
static int name_loss(struct orl_trace *trace, const struct orl_run_plan *plan,
                     struct orl_error *err)
{
    trace->smooth = plan->smooth;
    free(trace->loss_name);
    trace->loss_name = plan->loss_name ? orl_strdup(plan->loss_name) : NULL;
    return plan->loss_name && !trace->loss_name ? orl_fail_memory(err) : ORL_OK;
}

static int gather_runs(struct stage *stage, const struct orl_run_facts *const *facts,
                       struct orl_film_run *runs, struct orl_error *err)
{
    for (size_t i = 0; i < stage->plan->run_count; i++) {
        size_t index = stage->plan->runs[i];
        struct orl_run_plan *plan = &stage->experiment->runs[index];
        double tuned;
        int ret = orl_stage_problem(stage, plan->problem, &runs[i].problem, err);
        if (ret == ORL_OK)
            ret =
                get_trace(stage, index, facts, i, runs[i].problem, &stage->traces[i], &tuned, err);
        if (ret == ORL_OK && !orl_run_tell_tuned(plan, tuned))
            ret = orl_fail_memory(err);
        if (ret != ORL_OK)
            return ret;
        ret = name_loss(stage->traces[i], plan, err);
        if (ret != ORL_OK)
            return ret;
        runs[i].trace = stage->traces[i];
        runs[i].name = plan->name;
        runs[i].title = plan->title;
        runs[i].details = plan->details;
        runs[i].base = plan->base;
        runs[i].told = plan->told;
        runs[i].told_count = plan->told_count;
        stage->rules[i] = (struct orl_run_rule){plan->desc, plan->values, tuned, plan->steps};
        runs[i].rule = &stage->rules[i];
        runs[i].style = plan->style;
    }
    return ORL_OK;
}

/* Runs without a problem: what was recorded tells all that is known of them. */
static bool is_log(const struct orl_film_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (runs[i].problem)
            return false;
    return true;
}

static bool has_losses(const struct orl_film_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!runs[i].trace->loss)
            return false;
    return true;
}

/* NULL: made from the model and the runs; of logs there is nothing to make it from. */
static const char *subtitle_of(const struct orl_film_settings *settings, bool log)
{
    const char *own = settings->subtitle;
    if (own && strcmp(own, "auto") != 0)
        return strcmp(own, "none") == 0 ? "" : own;
    return log ? "" : NULL;
}

static int lay_out(struct stage *stage, const struct orl_film_run *runs, const size_t *plans,
                   size_t count, struct orl_panel_spec *panels, struct orl_error *err)
{
    const struct orl_film_plan *plan = stage->plan;
    size_t most = stage->look.look ? stage->look.look->panels_most : 0;
    const char **problems = orl_calloc(count, sizeof *problems);
    if (!problems)
        return orl_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        problems[i] = stage->experiment->problems[stage->experiment->runs[plans[i]].problem].title;
    for (size_t i = 0; i < plan->panel_count; i++)
        panels[i] = (struct orl_panel_spec){plan->panels[i].desc->name, plan->panels[i].values};
    struct orl_film_spec spec = {
        .title = plan->title,
        .subtitle = subtitle_of(plan->settings, is_log(runs, count)),
        .watched = plan->watched,
        .note = plan->settings->note,
        .credit = plan->settings->credit.text,
        .quantity = has_losses(runs, count) ? NULL : "value",
        .runs = runs,
        .run_count = count,
        .problem_titles = problems,
        .panels = panels,
        .panel_count = most && most < plan->panel_count ? most : plan->panel_count,
        .card = stage->look.look && stage->look.look->card,
        .clear_below = stage->look.look ? stage->look.look->clear_below : 0.0,
        .layout = (enum orl_layout)plan->layout,
        .columns = plan->grid.columns,
        .rows = plan->grid.rows,
        .column_count = plan->grid.column_count,
        .row_count = plan->grid.row_count,
        .pace = (enum orl_pace)plan->pace,
        .length_s = plan->length_s,
        .hold_first_s = plan->hold_first_s,
        .hold_last_s = plan->hold_last_s,
        .from_step = plan->from_step,
        .to_step = plan->to_step,
        .still_step = stage->still_step,
        .width = stage->look.width,
        .height = stage->look.height,
        .fps_num = stage->look.fps_num,
        .fps_den = stage->look.fps_den,
        .text_px = stage->look.text_px,
        .line_px = stage->look.line_px,
        .theme = stage->experiment->theme,
    };
    spec.theme.transparent = stage->look.transparent;
    bool *highlight = NULL;
    struct orl_note *notes = NULL;
    int ret = orl_stage_story(plan->settings, runs, &spec, &highlight, &notes, err);
    if (ret == ORL_OK)
        ret = orl_film_create(&spec, orl_font_measure(stage->font), &stage->film, err);
    free(highlight);
    free(notes);
    free(problems);
    return ret;
}

/* The canvas gets the still part that a frame stands on, unless it has it. */
static int show_part(struct stage *stage, size_t frame, struct orl_error *err)
{
    size_t part = orl_film_part(stage->film, frame);
    if (part == stage->part)
        return ORL_OK;
    stage->part = SIZE_MAX;
    int ret = orl_film_still(stage->film, part, &stage->picture, err);
    if (ret == ORL_OK)
        ret = orl_canvas_still(stage->canvas, &stage->picture, err);
    if (ret == ORL_OK)
        stage->part = part;
    return ret;
}

static int raise_canvas(struct stage *stage, struct orl_error *err)
{
    stage->part = stage->canvas_number = SIZE_MAX;
    return orl_canvas_create(stage->look.width, stage->look.height, stage->look.transparent,
                             stage->font, &stage->canvas, err);
}

static int list_chapters(struct stage *stage, struct orl_error *err)
{
    stage->chapter_count = orl_film_chapters(stage->film, NULL, 0);
    stage->chapters = orl_calloc(stage->chapter_count, sizeof *stage->chapters);
    if (!stage->chapters)
        return orl_fail_memory(err);
    orl_film_chapters(stage->film, stage->chapters, stage->chapter_count);
    return ORL_OK;
}

static int build(struct stage *stage, const struct orl_run_facts *const *facts,
                 struct orl_error *err)
{
    size_t count = stage->plan->run_count;
    struct orl_film_run *runs = orl_calloc(count, sizeof *runs);
    size_t *plans = orl_calloc(count, sizeof *plans); /* of what is shown */
    struct orl_panel_spec *panels = orl_calloc(stage->plan->panel_count, sizeof *panels);
    stage->traces = orl_calloc(count, sizeof *stage->traces);
    stage->rules = orl_calloc(count, sizeof *stage->rules);
    int ret =
        runs && panels && plans && stage->traces && stage->rules ? ORL_OK : orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = gather_runs(stage, facts, runs, err);
    if (ret == ORL_OK) {
        memcpy(plans, stage->plan->runs, count * sizeof *plans);
        ret = orl_repeats_merge(stage->experiment, runs, plans, &count, &stage->repeats, err);
    }
    if (ret == ORL_OK)
        ret = lay_out(stage, runs, plans, count, panels, err);
    if (ret == ORL_OK)
        ret = list_chapters(stage, err);
    stage->color_count =
        ret == ORL_OK ? orl_film_colors(stage->film, stage->colors, COLORS_MAX) : 0;
    free(runs);
    free(plans);
    free(panels);
    return ret;
}

static bool on_stage(const struct stage *stage, const struct orl_film_plan *plan,
                     const struct orl_output_plan *look)
{
    const struct orl_output_plan *now = &stage->look;
    return stage->plan == plan && now->width == look->width && now->height == look->height &&
           now->fps_num == look->fps_num && now->fps_den == look->fps_den &&
           now->transparent == look->transparent && now->text_px == look->text_px &&
           now->line_px == look->line_px && now->look == look->look;
}

/* A poster's only frame is the film's last. */
static size_t frame_of(const struct stage *stage, size_t number)
{
    return stage->poster ? orl_film_frames(stage->film) - 1 : number;
}

static int show_moving(void *context, size_t number, const struct orl_picture **picture,
                       struct orl_error *err)
{
    struct stage *stage = context;
    *picture = &stage->picture;
    int ret = orl_film_moving(stage->film, frame_of(stage, number), &stage->picture, err);
    if (stage->drawn)
        stage->drawn(stage->drawn_context);
    return ret;
}

static size_t part_of(void *context, size_t number)
{
    const struct stage *stage = context;
    return orl_film_part(stage->film, frame_of(stage, number));
}

static int show_still(void *context, size_t number, const struct orl_picture **picture,
                      struct orl_error *err)
{
    struct stage *stage = context;
    *picture = &stage->picture;
    return orl_film_still(stage->film, part_of(stage, number), &stage->picture, err);
}

static void say_words(void *context, size_t number, struct orl_words *out)
{
    const struct stage *stage = context;
    orl_film_caption(stage->film, frame_of(stage, number), out);
}

static int draw_frame(struct stage *stage, size_t number, struct orl_image *image,
                      struct orl_error *err)
{
    const struct orl_picture *moving;
    int ret = stage->canvas ? ORL_OK : raise_canvas(stage, err); /* vector formats do without */
    bool after = number > 0 && stage->canvas_number == number - 1;
    if (ret == ORL_OK)
        ret = show_part(stage, frame_of(stage, number), err);
    if (ret == ORL_OK)
        ret = show_moving(stage, number, &moving, err);
    if (ret == ORL_OK)
        ret = orl_canvas_frame(stage->canvas, moving, image, err);
    stage->canvas_number = ret == ORL_OK ? number : SIZE_MAX;
    return ret == ORL_OK && stage->keep ? orl_reel_keep(&stage->reel, number, image, after, err)
                                        : ret;
}

/* Damage is against the frame given before; where that one came from elsewhere, pixels are
 * compared. So it is the same whoever drew which frames: encoders decide by it. */
static int compare_with_last(struct stage *stage, size_t number, struct orl_image *image,
                             struct orl_error *err)
{
    struct orl_damage *d = &stage->between;
    const struct orl_image *last = &stage->last;
    size_t count = image->damage->columns * image->damage->rows;
    if (d->columns != image->damage->columns || d->rows != image->damage->rows) {
        free(d->blocks);
        *d = (struct orl_damage){orl_calloc(count, 1), image->damage->columns, image->damage->rows};
        if (!d->blocks) {
            d->columns = 0;
            return orl_fail_memory(err);
        }
    }
    bool follows = last->pixels && number == stage->last_number + 1 &&
                   last->width == image->width && last->height == image->height &&
                   part_of(stage, number) == part_of(stage, number - 1);
    if (follows)
        orl_reel_compare(last, image, d);
    else
        memset(d->blocks, 1, count);
    image->damage = d;
    return ORL_OK;
}

static int make_frame(void *context, size_t number, struct orl_image *image, struct orl_error *err)
{
    struct stage *stage = context;
    bool by_reel = !stage->poster && orl_reel_has(&stage->reel, number),
         turned = stage->given_by_reel != by_reel;
    int ret = ORL_OK;
    if (turned && by_reel)
        orl_reel_forget_shown(&stage->reel);
    if (by_reel) {
        orl_reel_show(&stage->reel, number, image);
        if (stage->drawn)
            stage->drawn(stage->drawn_context);
    } else {
        ret = draw_frame(stage, number, image, err);
    }
    if (ret == ORL_OK && turned)
        ret = compare_with_last(stage, number, image, err);
    stage->last = ret == ORL_OK ? *image : (struct orl_image){0};
    stage->last_number = number;
    stage->given_by_reel = by_reel;
    return ret;
}

void orl_stage_still(struct stage *stage, int64_t step)
{
    stage->still_step = step;
}

int orl_stage_set(struct stage *stage, size_t film, const struct orl_run_facts *const *facts,
                  const struct orl_output_plan *look, struct orl_error *err)
{
    const struct orl_film_plan *plan = &stage->experiment->films[film];
    if (on_stage(stage, plan, look))
        return ORL_OK;
    clear_film(stage);
    orl_reel_uninit(&stage->reel);
    stage->plan = plan;
    stage->look = *look;
    int ret = build(stage, facts, err);
    if (ret != ORL_OK)
        clear_film(stage);
    return ret;
}

const struct orl_film *orl_stage_scene(const struct stage *stage)
{
    return stage->film;
}

struct orl_frame_source orl_stage_source(struct stage *stage, bool poster)
{
    stage->poster = poster;
    return (struct orl_frame_source){stage,       make_frame,  part_of,  show_still,
                                     show_moving, stage->font, say_words};
}

int orl_stage_film(struct stage *stage, const struct unit_order *order,
                   struct orl_output_spec *spec, struct orl_frame_source *source,
                   struct orl_error *err)
{
    const struct orl_film_plan *plan = &stage->experiment->films[order->film];
    struct orl_output_plan *output = &stage->output;
    char what[ORL_TIGHTENED_SIZE];
    free(output->values);
    int found = orl_batch_look(plan, &plan->outputs[order->output], order->level, output, what);
    if (found != 1)
        return found == 0 ? orl_fail(err, ORL_EBUG, "an output has no level %zu", order->level)
                          : orl_fail_memory(err);
    int ret = orl_stage_set(stage, order->film, order->facts, output, err);
    orl_batch_output_spec(plan, output, spec);
    spec->colors = stage->colors;
    spec->color_count = stage->color_count;
    spec->chapters = stage->chapters;
    spec->chapter_count = output->chapters ? stage->chapter_count : 0;
    *source = orl_stage_source(stage, output->poster);
    stage->keep = order->keep && !output->poster && !output->columns;
    if (ret == ORL_OK && output->columns) {
        orl_sheet_uninit(&stage->sheet);
        stage->sheet = (struct sheet){stage->film,  stage->font, output->columns,
                                      output->rows, spec->width, spec->height,
                                      {0},          NULL};
        *source = orl_sheet_source(&stage->sheet);
    }
    return ret;
}

void orl_stage_on_frame(struct stage *stage, void (*drawn)(void *context), void *context)
{
    stage->drawn = drawn;
    stage->drawn_context = context;
}
