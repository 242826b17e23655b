/* What a frame changes against the one that stands on the canvas: marks are compared, and only
 * those that changed, or that share a block with one that did, are drawn again. Blocks are restored
 * and drawn whole, so the pixels are those of a frame drawn afresh.
 */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/vector.h"
#include "draw/inner.h"

static bool keep(void **to, size_t *capacity, const void *from, size_t count, size_t size)
{
    if (!orl_reserve(to, capacity, count, size))
        return false;
    if (count)
        memcpy(*to, from, count * size);
    return true;
}

int orl_shown_keep(struct shown *shown, const struct orl_picture *picture, struct orl_error *err)
{
    struct orl_picture *p = &shown->picture;
    p->count = picture->count;
    p->point_count = picture->point_count;
    p->text_length = picture->text_length;
    bool kept =
        keep((void **)&p->marks, &p->capacity, picture->marks, picture->count, sizeof *p->marks) &&
        keep((void **)&p->points, &p->point_capacity, picture->points, picture->point_count,
             sizeof *p->points) &&
        keep((void **)&p->text, &p->text_capacity, picture->text, picture->text_length, 1);
    return kept ? ORL_OK : orl_fail_memory(err);
}

void orl_shown_uninit(struct shown *shown)
{
    orl_picture_uninit(&shown->picture);
    free(shown->redraw);
    *shown = (struct shown){0};
}

static bool same_mark(const struct orl_picture *a, const struct orl_mark *x,
                      const struct orl_picture *b, const struct orl_mark *y)
{
    struct orl_mark one = *x, other = *y;
    one.first = other.first = one.text = other.text = 0;
    if (memcmp(&one, &other, sizeof one) != 0) /* the room that makes marks clears their padding */
        return false;
    if (memcmp(a->points + 2 * x->first, b->points + 2 * y->first,
               2 * x->count * sizeof *a->points) != 0)
        return false;
    return x->kind != ORL_MARK_TEXT || strcmp(a->text + x->text, b->text + y->text) == 0;
}

ORL_CLONES static bool meets(const struct orl_damage *a, const struct orl_damage *b)
{
    uint8_t common = 0; /* without a way out of the loop it is made of vectors */
    for (size_t i = 0; i < a->columns * a->rows; i++)
        common |= a->blocks[i] & b->blocks[i];
    return common;
}

ORL_CLONES static void add(struct orl_damage *to, const struct orl_damage *from)
{
    for (size_t i = 0; i < to->columns * to->rows; i++)
        to->blocks[i] |= from->blocks[i];
}

/* Marks that changed, appeared or went away: their blocks, old and new. */
static bool find_changed(struct shown *shown, struct orl_font *font, const struct orl_picture *next,
                         struct orl_damage *region)
{
    const struct orl_picture *last = &shown->picture;
    size_t most = next->count > last->count ? next->count : last->count;
    bool changed = false;
    for (size_t i = 0; i < most; i++) {
        const struct orl_mark *old = i < last->count ? &last->marks[i] : NULL,
                              *new = i < next->count ? &next->marks[i] : NULL;
        bool same = old && new &&same_mark(last, old, next, new);
        if (new)
            shown->redraw[i] = !same;
        if (same)
            continue;
        changed = true;
        if (old && old->count)
            orl_damage_add_mark(region, font, last, old);
        if (new &&new->count)
            orl_damage_add_mark(region, font, next, new);
    }
    return changed;
}

/* A mark that shares a block with what is drawn again must be drawn again, too, with all its
 * blocks, until no more are drawn in. */
static void draw_in(struct shown *shown, struct orl_font *font, const struct orl_picture *next,
                    struct orl_damage *region, struct orl_damage *scratch)
{
    for (bool grown = true; grown;) {
        grown = false;
        for (size_t i = 0; i < next->count; i++) {
            if (shown->redraw[i] || !next->marks[i].count)
                continue;
            orl_damage_set_all(scratch, 0);
            orl_damage_add_mark(scratch, font, next, &next->marks[i]);
            if (!meets(region, scratch))
                continue;
            add(region, scratch);
            shown->redraw[i] = 1;
            grown = true;
        }
    }
}

int orl_shown_compare(struct shown *shown, struct orl_font *font, const struct orl_picture *next,
                      struct orl_damage *region, struct orl_damage *scratch, bool *changed,
                      struct orl_error *err)
{
    if (!orl_reserve((void **)&shown->redraw, &shown->redraw_capacity, next->count + 1, 1))
        return orl_fail_memory(err);
    orl_damage_set_all(region, 0);
    *changed = find_changed(shown, font, next, region);
    if (*changed)
        draw_in(shown, font, next, region, scratch);
    return ORL_OK;
}
