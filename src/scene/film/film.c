/* Films: laid out once, then every frame on its own. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/film/caption.h"
#include "scene/film/grid.h"
#include "scene/film/layout.h"
#include "scene/film/readout.h"
#include "scene/film/sequence.h"
#include "scene/panels/panel.h"

size_t orl_film_frame_count(double length_s, int fps_num, int fps_den)
{
    double frames = round(length_s * fps_num / fps_den);
    return frames < 1.0 ? 1 : frames > 1e9 ? (size_t)1e9 : (size_t)frames;
}

size_t orl_film_frames(const struct orl_film *film)
{
    return film->pace.frames;
}

int64_t orl_film_step(const struct orl_film *film, size_t frame)
{
    return film->sequence ? orl_sequence_step(film->sequence, frame)
                          : orl_pace_step(&film->pace, frame);
}

size_t orl_film_frame_at(const struct orl_film *film, int64_t step)
{
    size_t low = 0, high = film->pace.frames - 1;
    if (film->sequence)
        return orl_sequence_frame_at(film->sequence, step);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (orl_film_step(film, middle) >= step)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

size_t orl_film_row(const struct orl_film *film, size_t run, size_t frame)
{
    int64_t step = orl_film_step(film, frame), from = film->pace.from, steps = film->pace.to - from;
    if (run >= film->run_count && steps > 0)
        step = from +
               (int64_t)((double)(step - from) / (double)steps * (double)(film->axis_to - from));
    return orl_pace_row(film->runs[run].trace, step);
}

bool orl_film_run_ended(const struct orl_film *film, size_t run, size_t frame)
{
    const struct orl_trace *trace = film->runs[run].trace;
    return orl_film_row(film, run, frame) + 1 == trace->rows;
}

bool orl_film_is_last(const struct orl_film *film, size_t frame)
{
    return frame + film->pace.hold_last + 1 >= film->pace.frames;
}

const struct style *orl_film_style(const struct orl_film *film, size_t run)
{
    return &film->styles[run];
}

struct orl_film orl_film_with_text(const struct orl_film *film, double scale)
{
    struct orl_film larger = *film;
    larger.size.text *= scale;
    larger.size.line *= scale;
    return larger;
}

double orl_film_text_width(const struct orl_film *film, const char *text, double size, bool bold)
{
    struct orl_extent extent = {0};
    film->measure->text(film->measure->context, text, size, bold, &extent);
    return extent.width;
}

char *orl_film_fit_text(const struct orl_film *film, const char *text, double size, bool bold,
                        double width)
{
    size_t length = strlen(text);
    if (orl_film_text_width(film, text, size, bold) <= width)
        return orl_strdup(text);
    while (length > 0) {
        do /* back by one character */
            length--;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80);
        char *shorter = orl_asprintf("%.*s…", (int)length, text);
        if (!shorter || orl_film_text_width(film, shorter, size, bold) <= width)
            return shorter;
        free(shorter);
    }
    return orl_strdup("");
}

static void add_color(struct orl_color color, struct orl_color *colors, size_t capacity,
                      size_t *count)
{
    for (size_t i = 0; i < *count; i++)
        if (memcmp(&colors[i], &color, sizeof color) == 0)
            return;
    if (*count < capacity)
        colors[(*count)++] = color;
}

static void add_fills(const struct orl_film *film, struct orl_color *colors, size_t capacity,
                      size_t *count)
{
    for (size_t p = 0; p < film->panel_count; p++)
        for (size_t i = 0; i < film->panels[p].fill_count; i++)
            add_color(film->panels[p].fills[i], colors, capacity, count);
}

size_t orl_film_colors(const struct orl_film *film, struct orl_color *colors, size_t capacity)
{
    const struct theme *t = film->theme;
    const struct orl_color fixed[] = {t->background, t->ink,  t->muted, t->axis,
                                      t->grid,       t->data, t->truth};
    size_t count = 0;
    for (size_t i = 0; i < ORL_COUNT(fixed); i++)
        add_color(fixed[i], colors, capacity, &count);
    for (size_t i = 0; i < film->run_count && i < 2 * THEME_STYLES; i++)
        add_color(orl_film_style(film, i)->color, colors, capacity, &count);
    add_fills(film, colors, capacity, &count);
    for (size_t part = 0; film->sequence && part < orl_sequence_part_count(film->sequence); part++)
        if (orl_sequence_film(film->sequence, part))
            add_fills(orl_sequence_film(film->sequence, part), colors, capacity, &count);
    return count;
}

size_t orl_film_shared_words(const struct orl_film *film, size_t begin, size_t count)
{
    const char *first = film->runs[begin].title;
    size_t length = strlen(first), end = 0;
    for (size_t run = begin + 1; run < begin + count; run++) {
        size_t same = 0;
        while (same < length && first[same] == film->runs[run].title[same])
            same++;
        length = same;
    }
    for (size_t i = 0; count > 1 && i + 1 < length; i++)
        if ((first[i] == ',' || first[i] == ':') && first[i + 1] == ' ')
            end = i + 2;
    return end;
}

/* A name that was cut to `cut` (with its ellipsis): does another run's begin with the same letters?
 */
static bool is_ambiguous(const struct orl_film *film, size_t run, size_t from, const char *cut)
{
    size_t kept = strlen(cut) > strlen("…") ? strlen(cut) - strlen("…") : 0;
    for (size_t i = 0; i < film->run_count; i++)
        if (i != run && strncmp(film->runs[i].title + from, cut, kept) == 0)
            return true;
    return false;
}

static size_t character_start(const char *text, size_t at)
{
    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
        at--;
    return at;
}

/* Where a name departs from all others, from the beginning of that word on. */
static const char *own_words(const struct orl_film *film, size_t run, size_t from)
{
    const char *name = film->runs[run].title + from;
    size_t most = 0;
    for (size_t i = 0; i < film->run_count; i++) {
        const char *other = film->runs[i].title + from;
        size_t same = 0;
        while (name[same] && name[same] == other[same])
            same++;
        most = i != run && same > most ? same : most;
    }
    do /* the letter before belongs to it: "long" and "longer" depart behind it */
        most -= most > 0;
    while (most > 0 && name[most] != ' ');
    return name + most;
}

/* "mom… 0.95": its own words, or as much of the end as takes about half of the room, and what fits
 * of the beginning. */
static char *fit_ends(const struct orl_film *film, size_t run, size_t from, double width)
{
    double size = film->size.text;
    const char *name = film->runs[run].title + from, *tail = own_words(film, run, from);
    while (*tail && orl_film_text_width(film, tail, size, true) > 0.6 * width)
        do
            tail++;
        while (((unsigned char)*tail & 0xc0) == 0x80);
    for (size_t length = (size_t)(tail - name); length > 0;) {
        length = character_start(name, length - 1);
        bool space = length > 0 && name[length - 1] == ' ';
        char *shorter = space ? NULL : orl_asprintf("%.*s…%s", (int)length, name, tail);
        if (!space && (!shorter || orl_film_text_width(film, shorter, size, true) <= width))
            return shorter;
        free(shorter);
    }
    return orl_film_fit_text(film, name, size, true, width);
}

enum { CROWD = 8 }; /* more runs than that need not say each what all have in common */

char *orl_film_fit_name(const struct orl_film *film, size_t run, double width)
{
    double size = film->size.text;
    size_t longest = run, from = 0;
    for (size_t i = 0; i < film->run_count; i++)
        longest = strlen(film->runs[i].title) > strlen(film->runs[longest].title) ? i : longest;
    if (film->run_count > CROWD ||
        orl_film_text_width(film, film->runs[longest].title, size, true) > width)
        from = orl_film_shared_words(film, 0, film->run_count);
    const char *name = film->runs[run].title + from;
    char *fitted = orl_film_fit_text(film, name, size, true, width);
    if (!fitted || strcmp(fitted, name) == 0 || !is_ambiguous(film, run, from, fitted))
        return fitted;
    free(fitted);
    return fit_ends(film, run, from, width);
}

char *orl_film_fit_title(const struct orl_film *film, size_t run, double width)
{
    bool fits = orl_film_text_width(film, film->runs[run].title, film->size.text, true) <= width;
    return fits ? orl_strdup(film->runs[run].title) : orl_film_fit_name(film, run, width);
}

double orl_film_widest_name(const struct orl_film *film, double most)
{
    double size = film->size.text, all = 0.0, own = 0.0;
    size_t shared = orl_film_shared_words(film, 0, film->run_count);
    for (size_t i = 0; i < film->run_count; i++) {
        all = fmax(all, orl_film_text_width(film, film->runs[i].title, size, true));
        own = fmax(own, orl_film_text_width(film, film->runs[i].title + shared, size, true));
    }
    return all > most ? own : all;
}

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

static int copy_runs(struct orl_film *film, const struct orl_film_spec *spec, struct orl_error *err)
{
    film->loss = !spec->quantity;
    film->quantity = spec->quantity ? spec->quantity : "loss";
    film->run_count = spec->run_count;
    film->axis_count = spec->run_count + spec->peer_count;
    film->runs = orl_calloc(film->axis_count, sizeof *film->runs);
    film->styles = orl_calloc(film->axis_count, sizeof *film->styles);
    film->workspaces = orl_calloc(film->axis_count, sizeof *film->workspaces);
    if (!film->runs || !film->styles || !film->workspaces)
        return orl_fail_memory(err);
    for (size_t i = 0; i < film->axis_count; i++) {
        bool shown = i < spec->run_count;
        film->runs[i] = shown ? spec->runs[i] : spec->peers[i - spec->run_count];
        film->styles[i] = orl_theme_style(film->theme, film->runs[i].style);
        if (!film->runs[i].trace->rows)
            return orl_fail(err, ORL_EINPUT, "the run '%s' has no finite row to show",
                            film->runs[i].name);
        bool evaluates =
            film->runs[i].problem && spec->layout != ORL_LAYOUT_SEQUENCE; /* whose parts do so */
        int ret = evaluates ? orl_workspace_create(film->runs[i].problem, &film->workspaces[i], err)
                            : ORL_OK;
        if (ret != ORL_OK)
            return ret;
    }
    return ORL_OK;
}

static void choose_sizes(struct orl_film *film, const struct orl_film_spec *spec)
{
    double text = spec->text_px > 0 ? spec->text_px : fmax(8.0, spec->width / 53.0);
    film->size = (struct sizes){.title = round(1.45 * text),
                                .text = text,
                                .line = spec->line_px > 0 ? spec->line_px : text / 8.0,
                                .margin_x = round(0.05 * spec->width),
                                .margin_y = round(0.05 * spec->height),
                                .gap = round(1.1 * text)};
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

static int list_panel(struct orl_film *film, const struct orl_panel_spec *spec, size_t cells,
                      struct orl_error *err)
{
    const struct orl_panel_desc *desc = orl_panel_find(spec->panel);
    if (!desc || !desc->ops)
        return orl_fail(err, ORL_EINPUT, "the panel '%s' is not supported yet", spec->panel);
    for (size_t k = 0; k < cells; k++)
        film->panels[film->panel_count++] =
            (struct panel){.desc = desc,
                           .values = spec->values,
                           .first = cells > 1 ? k : 0,
                           .count = cells > 1 ? 1 : film->run_count};
    return ORL_OK;
}

/* The panels that are asked for; small multiples, one for each run, before the others. */
static int list_panels(struct orl_film *film, const struct orl_film_spec *spec, size_t *cells,
                       struct orl_error *err)
{
    size_t many = multiplied(spec);
    *cells = many < spec->panel_count ? film->run_count : 1;
    if (spec->panel_count > PLACES_MAX)
        return orl_fail(err, ORL_EINPUT, "%zu panels are too many for one film", spec->panel_count);
    film->panels = orl_calloc(spec->panel_count - 1 + *cells, sizeof *film->panels);
    if (!film->panels)
        return orl_fail_memory(err);
    int ret = *cells > 1 ? list_panel(film, &spec->panels[many], *cells, err) : ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < spec->panel_count; i++)
        if (i != many)
            ret = list_panel(film, &spec->panels[i], 1, err);
    return ret;
}

/* A table among the panels tells what the readout would. */
static bool wants_readout(const struct orl_film *film)
{
    for (size_t i = 0; i < film->panel_count; i++)
        if (film->panels[i].desc->replaces_readout)
            return false;
    return true;
}

static void ask_wishes(const struct orl_film *film, size_t cells, struct wish *wishes)
{
    for (size_t i = cells > 1 ? cells : 0; i < film->panel_count; i++) {
        const struct panel *panel = &film->panels[i];
        if (panel->desc->wants)
            panel->desc->wants(film, panel, &wishes[i - cells + 1].width,
                               &wishes[i - cells + 1].height);
    }
}

static int place_panels(struct orl_film *film, const struct orl_film_spec *spec, size_t cells,
                        struct orl_error *err)
{
    struct orl_rect boxes[PLACES_MAX], readout;
    struct wish wishes[PLACES_MAX] = {{0}};
    int ret = ORL_OK;
    ask_wishes(film, cells, wishes);
    struct layout layout = {.body = orl_caption_place(film),
                            .text = film->size.text,
                            .gap = film->size.gap,
                            .panels = spec->panel_count,
                            .wishes = wishes,
                            .cells = cells,
                            .readout_width = orl_readout_width(film),
                            .readout_height = wants_readout(film) ? orl_readout_height(film) : 0.0,
                            .columns = spec->columns,
                            .rows = spec->rows,
                            .column_count = cells > 1 ? 0 : spec->column_count,
                            .row_count = spec->row_count};
    orl_layout_place(&layout, boxes, &readout);
    if (cells > 1)
        ret = orl_grid_create(film, boxes[0], spec->column_count, err);
    for (size_t i = cells > 1 ? cells : 0; ret == ORL_OK && i < film->panel_count; i++) {
        film->panels[i].box = boxes[i - cells + 1];
        ret = film->panels[i].desc->ops->create(film, &film->panels[i], err);
    }
    return ret == ORL_OK && readout.width > 0.0
               ? orl_readout_create(film, readout, &film->readout, err)
               : ret;
}

/* Nothing in the film tells which line is whose. */
static bool lacks_names(const struct orl_film *film)
{
    bool named = film->run_count == 1 || film->grid || film->readout || !wants_readout(film);
    for (size_t i = 0; i < film->panel_count; i++)
        named |= film->panels[i].names_runs;
    return !named;
}

static int make_panels(struct orl_film *film, const struct orl_film_spec *spec,
                       struct orl_error *err)
{
    size_t cells;
    int ret = list_panels(film, spec, &cells, err);
    if (ret == ORL_OK)
        ret = place_panels(film, spec, cells, err);
    if (ret != ORL_OK || !lacks_names(film))
        return ret;
    orl_caption_add_key(film); /* and the panels have a little less room */
    for (size_t i = 0; i < film->panel_count; i++)
        film->panels[i].desc->ops->destroy(&film->panels[i]);
    return place_panels(film, spec, cells, err);
}

static int build(struct orl_film *film, const struct orl_film_spec *spec, struct orl_error *err)
{
    film->width = spec->width;
    film->height = spec->height;
    film->fps_num = spec->fps_num;
    film->fps_den = spec->fps_den;
    film->pace_kind = spec->pace;
    if (spec->run_count == 0 || spec->panel_count == 0)
        return orl_fail(err, ORL_EINPUT, "a film needs at least one run and one panel");
    int ret = copy_runs(film, spec, err);
    if (ret != ORL_OK)
        return ret;
    choose_sizes(film, spec);
    int64_t last = last_step(spec->runs, spec->run_count),
            peers = last_step(spec->peers, spec->peer_count);
    film->axis_to = last > peers ? last : peers;
    film->axis_to =
        spec->to_step >= 0 && spec->to_step < film->axis_to ? spec->to_step : film->axis_to;
    ret = orl_pace_init(
        &film->pace, spec->pace, orl_film_frame_count(spec->length_s, spec->fps_num, spec->fps_den),
        spec->hold_first_s, spec->hold_last_s, (double)spec->fps_num / spec->fps_den,
        spec->from_step, spec->to_step >= 0 && spec->to_step < last ? spec->to_step : last, err);
    if (ret != ORL_OK)
        return ret;
    if (spec->layout == ORL_LAYOUT_SEQUENCE)
        return orl_sequence_create(film, spec, err);
    ret = orl_caption_create(film, spec, err);
    if (ret == ORL_OK)
        ret = make_panels(film, spec, err);
    return ret == ORL_OK ? orl_pace_follow(film, spec->pace, err) : ret;
}

int orl_film_create(const struct orl_film_spec *spec, const struct orl_measure *measure,
                    struct orl_film **out, struct orl_error *err)
{
    struct orl_film *film = orl_calloc(1, sizeof *film);
    *out = film;
    if (!film)
        return orl_fail_memory(err);
    film->measure = measure;
    film->theme = &film->own_theme;
    int ret = orl_theme_make(spec->theme ? spec->theme : "light", &film->own_theme, err);
    if (ret == ORL_OK)
        ret = build(film, spec, err);
    if (ret != ORL_OK)
        orl_film_destroy(out);
    return ret;
}

void orl_film_destroy(struct orl_film **film)
{
    struct orl_film *f = *film;
    if (!f)
        return;
    for (size_t i = 0; i < f->panel_count; i++)
        f->panels[i].desc->ops->destroy(&f->panels[i]);
    orl_readout_destroy(&f->readout);
    orl_grid_destroy(&f->grid);
    orl_sequence_destroy(&f->sequence);
    orl_pace_uninit(&f->pace);
    for (size_t i = 0; f->workspaces && i < f->axis_count; i++)
        orl_workspace_destroy(&f->workspaces[i]);
    free(f->panels);
    free(f->workspaces);
    free(f->styles);
    free(f->runs);
    orl_caption_destroy(&f->caption);
    free(f);
    *film = NULL;
}

size_t orl_film_part(const struct orl_film *film, size_t frame)
{
    return film->sequence ? orl_sequence_part(film->sequence, frame) : 0;
}

size_t orl_film_chapters(const struct orl_film *film, struct orl_chapter *out, size_t capacity)
{
    return film->sequence ? orl_sequence_chapters(film->sequence, out, capacity) : 0;
}

int orl_film_still(const struct orl_film *film, size_t part, struct orl_picture *picture,
                   struct orl_error *err)
{
    if (film->sequence)
        return orl_sequence_still(film, part, picture, err);
    orl_picture_clear(picture);
    if (part != 0)
        return orl_fail(err, ORL_EBUG, "there is no part %zu", part);
    orl_picture_rect(picture, (struct orl_rect){0, 0, film->width, film->height},
                     film->theme->background);
    orl_caption_still(film, picture);
    for (size_t i = 0; i < film->panel_count; i++)
        film->panels[i].desc->ops->still(film, &film->panels[i], picture);
    if (film->grid)
        orl_grid_still(film, film->grid, picture);
    if (film->readout)
        orl_readout_still(film, film->readout, picture);
    return picture->failed ? orl_fail_memory(err) : ORL_OK;
}

int orl_film_moving(const struct orl_film *film, size_t frame, struct orl_picture *picture,
                    struct orl_error *err)
{
    orl_picture_clear(picture);
    if (frame >= film->pace.frames)
        return orl_fail(err, ORL_EBUG, "there is no frame %zu", frame);
    if (film->sequence)
        return orl_sequence_moving(film, frame, picture, err);
    for (size_t i = 0; i < film->panel_count; i++)
        film->panels[i].desc->ops->moving(film, &film->panels[i], frame, picture);
    if (film->grid)
        orl_grid_moving(film, film->grid, frame, picture);
    if (film->readout)
        orl_readout_moving(film, film->readout, frame, picture);
    orl_caption_moving(film, frame, picture);
    return picture->failed ? orl_fail_memory(err) : ORL_OK;
}
