/* A page of plots: its runs, its panels and what stands around them, laid out once. */
#include "scene/film/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "scene/film/caption.h"
#include "scene/film/foot.h"
#include "scene/film/grid.h"
#include "scene/film/layout.h"
#include "scene/film/pace.h"
#include "scene/film/slot.h"
#include "scene/film/story.h"
#include "scene/film/third.h"
#include "scene/marks/metrics.h"
#include "scene/marks/scratch.h"
#include "scene/panels/panel.h"
#include "scene/panels/readout.h"

enum { SIDE_BY_SIDE = 4 }; /* so many runs stand in one row, over all of the width */
#define LEAST_TEXT_PX 8.0
#define WIDTH_IN_TEXT 53.0 /* the text of a film without a preset, by the width ... */
#define TEXT_IN_LINES 8.0  /* ... and its lines by the text */

static int64_t last_step(const struct orl_film_run *runs, size_t count)
{
    int64_t last = 0;
    for (size_t i = 0; i < count; i++) {
        const struct orl_trace *trace = runs[i].trace;
        if (trace->rows && trace->step[trace->rows - 1] > last)
            last = trace->step[trace->rows - 1];
    }
    return last;
}

static int copy_runs(struct view *view, const struct orl_film_spec *spec, struct orl_error *err)
{
    view->loss = !spec->quantity;
    view->quantity = spec->quantity ? spec->quantity : "loss";
    view->run_count = spec->run_count;
    view->axis_count = spec->run_count + spec->peer_count;
    view->runs = orl_calloc(view->axis_count, sizeof *view->runs);
    view->styles = orl_calloc(view->axis_count, sizeof *view->styles);
    view->workspaces = orl_calloc(view->axis_count, sizeof *view->workspaces);
    if (!view->runs || !view->styles || !view->workspaces)
        return orl_fail_memory(err);
    for (size_t i = 0; i < view->axis_count; i++) {
        bool shown = i < spec->run_count;
        view->runs[i] = shown ? spec->runs[i] : spec->peers[i - spec->run_count];
        view->styles[i] = orl_theme_style(view->theme, view->runs[i].style);
        view->dashed |= view->styles[i].dash != ORL_DASH_SOLID;
        if (!view->runs[i].trace->rows)
            return orl_fail(err, ORL_EINPUT, "the run '%s' has no finite row to show",
                            view->runs[i].name);
        bool evaluates =
            view->runs[i].problem && spec->layout != ORL_LAYOUT_SEQUENCE; /* whose parts do so */
        int ret = evaluates ? orl_workspace_create(view->runs[i].problem, &view->workspaces[i], err)
                            : ORL_OK;
        if (ret != ORL_OK)
            return ret;
    }
    return ORL_OK;
}

/* Whom the film sets in front by hand. */
static int copy_highlight(struct view *view, const struct orl_film_spec *spec,
                          struct orl_error *err)
{
    if (!spec->highlight)
        return ORL_OK;
    view->highlight = orl_calloc(spec->run_count, sizeof *view->highlight);
    if (!view->highlight)
        return orl_fail_memory(err);
    memcpy(view->highlight, spec->highlight, spec->run_count * sizeof *view->highlight);
    return ORL_OK;
}

#define CARD_TITLE 1.125 /* of the text's size */

static void choose_sizes(struct view *view, const struct orl_film_spec *spec)
{
    double text =
        spec->text_px > 0 ? spec->text_px : fmax(LEAST_TEXT_PX, spec->width / WIDTH_IN_TEXT);
    view->size = (struct sizes){.title = round((spec->card ? CARD_TITLE : TITLE_TO_TEXT) * text),
                                .text = text,
                                .line = spec->line_px > 0 ? spec->line_px : text / TEXT_IN_LINES,
                                .margin_x = round(PAGE_MARGIN * spec->width),
                                .margin_y = round(PAGE_MARGIN * spec->height),
                                .gap = round(EM_PANELS * text)};
    view->size.below = fmax(view->size.margin_y, round(spec->clear_below * spec->height));
}

/* Small multiples are of the first panel that can be shown for each run on its own; of a table or
 * of words there is but one. */
static size_t multiplied(const struct orl_film_spec *spec)
{
    for (size_t i = 0;
         spec->layout == ORL_LAYOUT_GRID && spec->run_count > 1 && i < spec->panel_count; i++) {
        const struct orl_panel_desc *desc = orl_panel_find(spec->panels[i].panel);
        if (desc && !desc->whole)
            return i;
    }
    return SIZE_MAX;
}

static int list_panel(struct view *view, const struct orl_panel_spec *spec, size_t cells,
                      struct orl_error *err)
{
    const struct orl_panel_desc *desc = orl_panel_find(spec->panel);
    if (!desc)
        return orl_fail(err, ORL_EINPUT, "there is no panel '%s'", spec->panel);
    for (size_t k = 0; k < cells; k++)
        view->panels[view->panel_count++] =
            (struct panel){.desc = desc,
                           .values = spec->values,
                           .first = cells > 1 ? k : 0,
                           .count = cells > 1 ? 1 : view->run_count};
    return ORL_OK;
}

/* The panels that are asked for; small multiples, one for each run, before the others. */
static int list_panels(struct view *view, const struct orl_film_spec *spec, size_t *cells,
                       struct orl_error *err)
{
    size_t many = multiplied(spec);
    *cells = many < spec->panel_count ? view->run_count : 1;
    if (spec->panel_count > PLACES_MAX)
        return orl_fail(err, ORL_EINPUT, "%zu panels are too many for one film", spec->panel_count);
    view->panels = orl_calloc(spec->panel_count - 1 + *cells, sizeof *view->panels);
    if (!view->panels)
        return orl_fail_memory(err);
    int ret = *cells > 1 ? list_panel(view, &spec->panels[many], *cells, err) : ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < spec->panel_count; i++)
        if (i != many)
            ret = list_panel(view, &spec->panels[i], 1, err);
    return ret;
}

/* A table among the panels tells what the readout would. */
static bool wants_readout(const struct view *view)
{
    if (view->card)
        return false;
    for (size_t i = 0; i < view->panel_count; i++)
        if (view->panels[i].desc->replaces_readout)
            return false;
    return true;
}

static void ask_wishes(const struct view *view, size_t cells, struct wish *wishes)
{
    for (size_t i = cells > 1 ? cells : 0; i < view->panel_count; i++) {
        const struct panel *panel = &view->panels[i];
        if (panel->desc->wants)
            panel->desc->wants(view, panel, &wishes[i - cells + 1].width,
                               &wishes[i - cells + 1].height);
    }
}

static int place_panels(struct view *view, const struct orl_film_spec *spec, size_t cells,
                        struct orl_error *err)
{
    struct orl_rect boxes[PLACES_MAX], readout;
    struct wish wishes[PLACES_MAX] = {{0}};
    int ret = ORL_OK;
    ask_wishes(view, cells, wishes);
    struct layout layout = {.body = orl_caption_place(view),
                            .text = view->size.text,
                            .gap = view->size.gap,
                            .panels = spec->panel_count,
                            .wishes = wishes,
                            .wide_main =
                                orl_view_is_compact(view) || (cells > 1 && cells <= SIDE_BY_SIDE),
                            .cells = cells,
                            .readout_width = orl_readout_width(view),
                            .readout_height = wants_readout(view) ? orl_readout_height(view) : 0.0,
                            .columns = spec->columns,
                            .rows = spec->rows,
                            .column_count = cells > 1 ? 0 : spec->column_count,
                            .row_count = spec->row_count};
    orl_layout_place(&layout, boxes, &readout);
    orl_grid_destroy(&view->grid);
    orl_readout_destroy(&view->readout);
    if (cells > 1)
        ret = orl_grid_create(view, boxes[0], spec->column_count, err);
    for (size_t i = cells > 1 ? cells : 0; ret == ORL_OK && i < view->panel_count; i++) {
        view->panels[i].box = boxes[i - cells + 1];
        ret = orl_panel_place(view, &view->panels[i], err);
    }
    return ret == ORL_OK && readout.width > 0.0
               ? orl_readout_create(view, readout, &view->readout, err)
               : ret;
}

/* Nothing in the film tells which line is whose. */
static bool lacks_names(const struct view *view)
{
    bool named =
        view->card || view->run_count == 1 || view->grid || view->readout || !wants_readout(view);
    for (size_t i = 0; i < view->panel_count; i++)
        named |= view->panels[i].names_runs;
    return !named;
}

/* Every panel is made once; where the page turns out to need a key, all are placed anew with a
 * little less room. */
static int make_panels(struct view *view, const struct orl_film_spec *spec, struct orl_error *err)
{
    size_t cells;
    int ret = list_panels(view, spec, &cells, err);
    for (size_t i = 0; ret == ORL_OK && i < view->panel_count; i++)
        ret = orl_panel_create(view, &view->panels[i], err);
    if (ret == ORL_OK)
        ret = place_panels(view, spec, cells, err);
    if (ret != ORL_OK || !lacks_names(view))
        return ret;
    orl_caption_add_key(view);
    return place_panels(view, spec, cells, err);
}

static enum orl_pace choose_pace(const struct orl_film_spec *spec)
{
    const struct orl_panel_desc *first =
        spec->panel_count ? orl_panel_find(spec->panels[0].panel) : NULL;
    if (spec->pace != ORL_PACE_AUTO)
        return spec->pace;
    return first && first->place_in_plane ? ORL_PACE_MOTION : ORL_PACE_LOG;
}

/* The parameter by its name, where all runs shown have it at one place. */
static size_t find_watched(const struct view *view, const char *name)
{
    size_t found = SIZE_MAX;
    for (size_t run = 0; name && run < view->run_count; run++) {
        const struct orl_trace *trace = view->runs[run].trace;
        size_t p = 0;
        while (p < trace->parameter_count && strcmp(trace->parameters[p], name) != 0)
            p++;
        if (p == trace->parameter_count || (run > 0 && p != found))
            return SIZE_MAX;
        found = p;
    }
    return found;
}

static int set_up(struct view *view, const struct orl_film_spec *spec, struct orl_error *err)
{
    view->width = spec->width;
    view->height = spec->height;
    view->fps_num = spec->fps_num;
    view->fps_den = spec->fps_den;
    view->card = spec->card;
    view->pace_kind = choose_pace(spec);
    if (spec->run_count == 0 || spec->panel_count == 0)
        return orl_fail(err, ORL_EINPUT, "a film needs at least one run and one panel");
    int ret = copy_runs(view, spec, err);
    if (ret == ORL_OK)
        ret = copy_highlight(view, spec, err);
    if (ret != ORL_OK)
        return ret;
    view->watched = find_watched(view, spec->watched);
    choose_sizes(view, spec);
    int64_t last = last_step(spec->runs, spec->run_count),
            peers = last_step(spec->peers, spec->peer_count);
    view->axis_to = last > peers ? last : peers;
    view->axis_to =
        spec->to_step >= 0 && spec->to_step < view->axis_to ? spec->to_step : view->axis_to;
    ret = orl_pace_init(&view->pace, view->pace_kind,
                        orl_film_frame_count(spec->length_s, spec->fps_num, spec->fps_den),
                        spec->hold_first_s, spec->hold_last_s,
                        (double)spec->fps_num / spec->fps_den, spec->from_step,
                        spec->to_step >= 0 && spec->to_step < last ? spec->to_step : last, err);
    return ret == ORL_OK
               ? orl_standing_create(view->runs, view->run_count, view->axis_count, view->pace.to,
                                     spec->level ? *spec->level : NAN, &view->standing, err)
               : ret;
}

int orl_page_create(const struct orl_film_spec *spec, const struct orl_measure *measure,
                    struct view **out, struct orl_error *err)
{
    struct view *view = *out = orl_calloc(1, sizeof *view);
    if (!view)
        return orl_fail_memory(err);
    view->measure = measure;
    view->theme = &view->own_theme;
    int ret = orl_theme_make(&spec->theme, &view->own_theme, err);
    return ret == ORL_OK ? set_up(view, spec, err) : ret;
}

/* Which run each frame's sentence is about: panels may show more of it. */
static int tell_frames(struct view *view, struct orl_error *err)
{
    view->told = orl_calloc(view->pace.frames, sizeof *view->told);
    if (!view->told)
        return orl_fail_memory(err);
    for (size_t frame = 0; frame < view->pace.frames; frame++) {
        const struct event *event = orl_story_event(view->story, frame);
        view->told[frame] =
            event && event->run < view->run_count ? (uint32_t)event->run : UINT32_MAX;
    }
    return ORL_OK;
}

int orl_page_lay(struct view *view, const struct orl_film_spec *spec, struct orl_error *err)
{
    int ret = orl_foot_create(view, spec, &view->foot, err);
    if (ret == ORL_OK)
        ret = orl_caption_create(view, spec, err);
    if (ret == ORL_OK)
        ret = make_panels(view, spec, err);
    if (ret == ORL_OK)
        ret = orl_pace_follow(view, view->pace_kind, err);
    if (ret == ORL_OK)
        orl_pace_show(&view->pace, spec->still_step);
    for (size_t i = 0; ret == ORL_OK && i < view->panel_count; i++)
        if (view->panels[i].desc->ops->settle)
            ret = view->panels[i].desc->ops->settle(view, &view->panels[i], err);
    if (ret == ORL_OK)
        ret = orl_story_create(view, spec, &view->story, err);
    return ret == ORL_OK ? tell_frames(view, err) : ret;
}

void orl_page_destroy(struct view **view)
{
    struct view *v = *view;
    if (!v)
        return;
    for (size_t i = 0; i < v->panel_count; i++)
        orl_panel_destroy(&v->panels[i]);
    orl_story_destroy(&v->story);
    orl_readout_destroy(&v->readout);
    orl_grid_destroy(&v->grid);
    orl_pace_uninit(&v->pace);
    orl_standing_uninit(&v->standing);
    for (size_t i = 0; v->workspaces && i < v->axis_count; i++)
        orl_workspace_destroy(&v->workspaces[i]);
    free(v->panels);
    free(v->workspaces);
    free(v->styles);
    free(v->runs);
    free(v->highlight);
    free(v->told);
    orl_caption_destroy(&v->caption);
    orl_foot_destroy(&v->foot);
    orl_third_destroy(&v->third);
    free(v);
    *view = NULL;
}

void orl_page_ground(const struct view *view, struct orl_picture *picture)
{
    struct orl_color color = view->theme->background;
    color.a = view->theme->transparent ? 0.0 : color.a;
    orl_picture_rect(picture, (struct orl_rect){0, 0, view->width, view->height}, color);
}

/* Nobody knows what a page without a background will lie on: every word brings its own ground. */
#define WORD_HALO 0.16 /* of the letters' size */
void orl_page_words_ground(const struct view *view, struct orl_picture *picture)
{
    for (size_t i = 0; view->theme->transparent && i < picture->count; i++) {
        struct orl_mark *mark = &picture->marks[i];
        if (mark->kind != ORL_MARK_TEXT || mark->halo.a > 0.0)
            continue;
        mark->halo = view->theme->background;
        mark->halo_px = WORD_HALO * mark->size;
    }
}

void orl_page_still(const struct view *view, struct orl_picture *picture)
{
    orl_page_ground(view, picture);
    orl_caption_still(view, picture);
    orl_foot_still(view, view->foot, picture);
    for (size_t i = 0; i < view->panel_count; i++)
        if (view->panels[i].desc->ops->still)
            view->panels[i].desc->ops->still(view, &view->panels[i], picture);
    if (view->grid)
        orl_grid_still(view, view->grid, picture);
    if (view->readout)
        orl_readout_still(view, view->readout, picture);
    orl_page_words_ground(view, picture);
    orl_scratch_rest(picture);
}

void orl_page_moving(const struct view *view, size_t frame, struct orl_picture *picture)
{
    for (size_t i = 0; i < view->panel_count; i++)
        if (view->panels[i].desc->ops->moving)
            view->panels[i].desc->ops->moving(view, &view->panels[i], frame, picture);
    if (view->grid)
        orl_grid_moving(view, view->grid, frame, picture);
    if (view->readout)
        orl_readout_moving(view, view->readout, frame, picture);
    orl_slot_draw(view, view->story, frame, picture);
    orl_caption_moving(view, frame, picture);
    orl_page_words_ground(view, picture);
    orl_scratch_rest(picture);
}
