/* Films: a list of parts, laid out once; then every frame on its own. */
#include "scene/film/film.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/film/sequence.h"
#include "scene/film/story.h"
#include "scene/panels/panel.h"

size_t orl_film_frames(const struct orl_film *film)
{
    return film->whole->pace.frames;
}

double orl_film_time(const struct orl_film *film, size_t frame)
{
    return (double)frame * film->whole->fps_den / film->whole->fps_num;
}

/* ---- Making ---------------------------------------------------------------------------------- */

/* Most films: one page from the first frame to the last. */
static int film_of_one_page(struct orl_film *film, const struct orl_film_spec *spec,
                            struct orl_error *err)
{
    film->parts = orl_calloc(1, sizeof *film->parts);
    if (!film->parts)
        return orl_fail_memory(err);
    film->part_count = 1;
    film->parts[0] = (struct part){.kind = spec->run_count > 1 ? PART_RACE : PART_RUN,
                                   .frames = orl_film_frames(film),
                                   .page = film->whole};
    return orl_page_lay(film->whole, spec, err);
}

int orl_film_create(const struct orl_film_spec *spec, const struct orl_measure *measure,
                    struct orl_film **out, struct orl_error *err)
{
    struct orl_film *film = *out = orl_calloc(1, sizeof *film);
    if (!film)
        return orl_fail_memory(err);
    int ret = orl_page_create(spec, measure, &film->whole, err);
    if (ret == ORL_OK && spec->layout == ORL_LAYOUT_SEQUENCE)
        ret = orl_sequence_create(film, spec, err);
    else if (ret == ORL_OK)
        ret = film_of_one_page(film, spec, err);
    if (ret != ORL_OK)
        orl_film_destroy(out);
    return ret;
}

void orl_film_destroy(struct orl_film **film)
{
    struct orl_film *f = *film;
    if (!f)
        return;
    for (size_t i = 0; i < f->part_count; i++) {
        if (f->parts[i].page != f->whole)
            orl_page_destroy(&f->parts[i].page);
        free(f->parts[i].chapter);
    }
    orl_sequence_destroy(&f->sequence);
    orl_page_destroy(&f->whole);
    free(f->parts);
    free(f);
    *film = NULL;
}

/* ---- Asking ---------------------------------------------------------------------------------- */

size_t orl_film_part(const struct orl_film *film, size_t frame)
{
    size_t low = 0, high = film->part_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (film->parts[middle].first <= frame)
            low = middle;
        else
            high = middle;
    }
    return low;
}

const struct part *orl_film_part_at(const struct orl_film *film, size_t frame, size_t *own)
{
    const struct part *part = &film->parts[orl_film_part(film, frame)];
    *own = frame - part->first;
    return part;
}

int64_t orl_film_step(const struct orl_film *film, size_t frame)
{
    size_t own;
    const struct part *part = orl_film_part_at(film, frame, &own);
    return part->page ? orl_view_step(part->page, own) : 0;
}

size_t orl_film_frame_at(const struct orl_film *film, int64_t step)
{
    for (size_t i = 0; i < film->part_count; i++)
        if (film->parts[i].page)
            return film->parts[i].first + orl_pace_frame_at(&film->parts[i].page->pace, step);
    return 0;
}

int64_t orl_film_recorded(const struct orl_film *film, int64_t step)
{
    size_t own;
    const struct part *part = orl_film_part_at(film, orl_film_frame_at(film, step), &own);
    int64_t least = step;
    for (size_t i = 0; part->page && i < part->page->run_count; i++) {
        const struct orl_trace *trace = part->page->runs[i].trace;
        int64_t shown = trace->step[orl_pace_row(trace, step)];
        if (trace->step[trace->rows - 1] >= step && shown < least)
            least = shown;
    }
    return least;
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

static void add_fills(const struct view *page, struct orl_color *colors, size_t capacity,
                      size_t *count)
{
    for (size_t p = 0; p < page->panel_count; p++)
        for (size_t i = 0; i < page->panels[p].fill_count; i++)
            add_color(page->panels[p].fills[i], colors, capacity, count);
}

size_t orl_film_colors(const struct orl_film *film, struct orl_color *colors, size_t capacity)
{
    const struct view *whole = film->whole;
    const struct theme *t = whole->theme;
    const struct orl_color fixed[] = {t->background, t->ink,  t->muted, t->axis,
                                      t->grid,       t->data, t->truth};
    size_t count = 0;
    for (size_t i = 0; i < ORL_COUNT(fixed); i++)
        add_color(fixed[i], colors, capacity, &count);
    for (size_t i = 0; i < whole->run_count && i < 2 * THEME_STYLES; i++)
        add_color(orl_view_style(whole, i)->color, colors, capacity, &count);
    for (size_t i = 0; i < film->part_count; i++)
        if (film->parts[i].page)
            add_fills(film->parts[i].page, colors, capacity, &count);
    return count;
}

const char *orl_film_finding(const struct orl_film *film)
{
    const struct story *story = film->whole->story;
    return story ? story->finding : "";
}

size_t orl_film_events(const struct orl_film *film, struct orl_event *out, size_t capacity)
{
    size_t count = 0;
    for (size_t i = 0; i < film->part_count; i++) {
        const struct part *part = &film->parts[i];
        const struct story *story = part->page ? part->page->story : NULL;
        for (size_t k = 0; story && k < story->event_count; k++) {
            const struct event *event = &story->events[k];
            bool of_run = event->run < part->page->run_count;
            if (count < capacity)
                out[count] =
                    (struct orl_event){.step = event->step,
                                       .run = of_run ? part->page->runs[event->run].name : NULL,
                                       .kind = event->kind,
                                       .text = event->text,
                                       .first_frame = part->first + event->first,
                                       .count = event->end - event->first};
            count++;
        }
    }
    return capacity && count > capacity ? capacity : count;
}

/* ---- Frames ---------------------------------------------------------------------------------- */

int orl_film_still(const struct orl_film *film, size_t part, struct orl_picture *picture,
                   struct orl_error *err)
{
    orl_picture_clear(picture);
    if (part >= film->part_count)
        return orl_fail(err, ORL_EBUG, "there is no part %zu", part);
    if (film->parts[part].page) {
        orl_page_still(film->parts[part].page, picture);
    } else {
        orl_page_ground(film->whole, picture);
        orl_sequence_card(film->sequence, film->whole, &film->parts[part], picture);
        orl_page_words_ground(film->whole, picture);
    }
    return picture->failed ? orl_fail_memory(err) : ORL_OK;
}

int orl_film_moving(const struct orl_film *film, size_t frame, struct orl_picture *picture,
                    struct orl_error *err)
{
    size_t own;
    orl_picture_clear(picture);
    if (frame >= orl_film_frames(film))
        return orl_fail(err, ORL_EBUG, "there is no frame %zu", frame);
    const struct part *part = orl_film_part_at(film, frame, &own);
    if (part->page)
        orl_page_moving(part->page, own, picture);
    return picture->failed ? orl_fail_memory(err) : ORL_OK;
}
