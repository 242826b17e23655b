/* Elements of animated SVGs: what those of all kinds need. */
#include <string.h>

#include "encode/svg_inner.h"

static bool key_looks_like(const struct track_key *a, const struct track_key *b)
{
    return a->count == b->count && a->size == b->size && a->size2 == b->size2 &&
           memcmp(a->points, b->points, 2 * a->count * sizeof *a->points) == 0 &&
           (!a->text || strcmp(a->text, b->text) == 0);
}

const struct track_key *orl_svg_first(const struct track *t)
{
    return &t->keys[0];
}

bool orl_svg_is_steady(const struct track *t)
{
    for (size_t i = 1; i < t->count; i++)
        if (t->keys[i].shown && !key_looks_like(&t->keys[i], orl_svg_first(t)))
            return false;
    return true;
}

const struct track_key *orl_svg_last(const struct track *t)
{
    const struct track_key *last = &t->keys[t->count - 1];
    return last->shown ? last : NULL;
}

const char *orl_svg_value(const struct svg_motion *m)
{
    return m->value.data ? m->value.data : "";
}

void orl_svg_visibility(struct svg_motion *m, const struct track *t, struct orl_text *out)
{
    if (t->keys[0].frame > 0)
        orl_svg_times_add(&m->times, &m->clock, 0, "hidden");
    for (size_t i = 0; i < t->count; i++)
        orl_svg_times_add(&m->times, &m->clock, t->keys[i].frame,
                          t->keys[i].shown ? "visible" : "hidden");
    orl_svg_times_write(&m->times, &m->clock, "visibility", NULL, out);
}

void orl_svg_travel(struct svg_motion *m, const struct track *t, struct orl_text *out)
{
    char place[40];
    int at[2];
    if (t->keys[0].frame > 0)
        orl_svg_times_add(&m->times, &m->clock, 0, SVG_AWAY);
    for (size_t i = 0; i < t->count; i++) {
        if (t->keys[i].shown) {
            orl_svg_anchor(t, &t->keys[i], at);
            snprintf(place, sizeof place, "%d %d", at[0], at[1]);
        }
        orl_svg_times_add(&m->times, &m->clock, t->keys[i].frame,
                          t->keys[i].shown ? place : SVG_AWAY);
    }
    orl_svg_times_write(&m->times, &m->clock, "transform", "translate", out);
}

int orl_svg_clip_open(struct svg_motion *m, const struct track *t)
{
    if (!(t->style.clip.width > 0.0))
        return ORL_OK;
    orl_text_puts(&m->body, "<g");
    int ret = orl_svg_clip(&m->defs, t, &m->body, m->err);
    orl_text_putc(&m->body, '>');
    return ret;
}

void orl_svg_clip_close(struct svg_motion *m, const struct track *t)
{
    if (t->style.clip.width > 0.0)
        orl_text_puts(&m->body, "</g>");
    orl_text_putc(&m->body, '\n');
}
