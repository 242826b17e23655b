/* A film as one SVG. Each track is an element (or two, see orl_svg_layers):
 *
 * - what looks the same all the time it is there: as it is, within a group that is made visible and
 *   hidden again; tracks that come and go together share it;
 * - a path that changes: its data is animated;
 * - a dot that moves: it is moved;
 * - a text that changes: glyph by glyph, or as a whole, whichever takes fewer bytes.
 *
 * Where a reader asks for reduced motion, the class "a" (animated) is gone and "z" (its twin, the
 * last looks) is there; groups of the class "y" are visible as at the end, lines of the class "r"
 * as long as at the end. */
#include "encode/svg_motion.h"

#include <string.h>

#include "encode/svg_inner.h"

static bool track_is_always(const struct track *t)
{
    return t->count == 1 && t->keys[0].frame == 0;
}

static bool tracks_come_together(const struct track *a, const struct track *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = a->keys[i].frame == b->keys[i].frame && a->keys[i].shown == b->keys[i].shown;
    return same;
}

/* ---- Comings and goings ---------------------------------------------------------------------- */

static void close_group(struct svg_motion *m)
{
    if (m->group)
        orl_text_puts(&m->body, "</g>\n");
    m->group = NULL;
}

static void open_group(struct svg_motion *m, const struct track *t)
{
    if (m->group && tracks_come_together(m->group, t))
        return;
    close_group(m);
    orl_text_printf(&m->body, "<g class=\"%s\"%s>", orl_svg_last(t) ? "y" : "a",
                    orl_svg_last(t) ? "" : " visibility=\"hidden\"");
    orl_svg_visibility(m, t, &m->body);
    orl_text_putc(&m->body, '\n');
    m->group = t;
}

/* ---- Dots -------------------------------------------------------------------------------------
 */

/* `key` NULL: it is away at the end. */
static int dot_open(struct svg_motion *m, const struct track *t, const struct track_key *key,
                    const char *class, bool moving)
{
    size_t id = 0;
    int at[2], ret = orl_svg_clip_open(m, t);
    if (ret == ORL_OK)
        ret = orl_svg_dot(&m->defs, t, &id, m->err);
    orl_text_printf(&m->body, "<use%s href=\"#m%zu\"", class, id);
    if (!key)
        orl_text_puts(&m->body, " transform=\"translate(" SVG_AWAY ")\"");
    if (!key)
        return ret;
    orl_svg_anchor(t, key, at);
    orl_text_printf(&m->body, moving ? " transform=\"translate(%d %d)\"" : " x=\"%d\" y=\"%d\"",
                    at[0], at[1]);
    return ret;
}

static int dot_still(struct svg_motion *m, const struct track *t, const struct track_key *key,
                     const char *class)
{
    int ret = dot_open(m, t, key, class, false);
    orl_text_puts(&m->body, "/>");
    orl_svg_clip_close(m, t);
    return ret;
}

static int dot_moving(struct svg_motion *m, const struct track *t)
{
    int ret = dot_open(m, t, orl_svg_last(t), " class=\"a\"", true);
    orl_text_putc(&m->body, '>');
    orl_svg_travel(m, t, &m->body);
    orl_text_puts(&m->body, "</use>");
    orl_svg_clip_close(m, t);
    if (ret == ORL_OK && orl_svg_last(t))
        ret = dot_still(m, t, orl_svg_last(t), " class=\"z\"");
    return ret;
}

/* ---- The file -------------------------------------------------------------------------------- */

static bool is_path(const struct track *t)
{
    return t->style.kind != ORL_MARK_DOTS && t->style.kind != ORL_MARK_TEXT;
}

static int write_still(struct svg_motion *m, const struct track *t)
{
    switch (t->style.kind) {
    case ORL_MARK_DOTS:
        return dot_still(m, t, orl_svg_first(t), "");
    case ORL_MARK_TEXT:
        return orl_svg_text_still(m, t, orl_svg_first(t));
    default:
        return orl_svg_path_still(m, t, orl_svg_first(t));
    }
}

static int write_moving(struct svg_motion *m, const struct track *t)
{
    switch (t->style.kind) {
    case ORL_MARK_DOTS:
        return dot_moving(m, t);
    case ORL_MARK_TEXT:
        return orl_svg_text_moving(m, t);
    default:
        return orl_svg_path_moving(m, t);
    }
}

static int write_track(struct svg_motion *m, const struct track *t)
{
    bool steady = orl_svg_is_steady(t);
    if (track_is_always(t) || !steady)
        close_group(m);
    else
        open_group(m, t);
    return steady ? write_still(m, t) : write_moving(m, t);
}

static void write_head(const struct orl_output_spec *spec, struct orl_text *out)
{
    orl_text_printf(out,
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                    "viewBox=\"0 0 %d %d\" fill=\"none\" stroke-linecap=\"round\" "
                    "stroke-linejoin=\"round\" role=\"img\">\n",
                    spec->width, spec->height, SVG_UNITS * spec->width, SVG_UNITS * spec->height);
    if (spec->title) {
        orl_text_puts(out, "<title>");
        orl_text_escape_html(out, spec->title, strlen(spec->title));
        orl_text_puts(out, "</title>\n");
    }
    orl_text_puts(out, "<style>.z{display:none}@media (prefers-reduced-motion:reduce){.a{display:"
                       "none}.z{display:inline}.y{visibility:visible!important}"
                       ".r{stroke-dashoffset:0!important}}</style>\n");
}

static int write_file(struct svg_motion *m, const struct orl_output_spec *spec, struct orl_sink out)
{
    struct orl_text head = {0};
    write_head(spec, &head);
    int ret = orl_svg_defs_write(&m->defs, &m->shapes, &head, m->err);
    if (ret == ORL_OK && (head.failed || m->body.failed || m->value.failed))
        ret = orl_fail_memory(m->err);
    if (ret == ORL_OK)
        ret = out.write(out.context, head.data, head.length, m->err);
    if (ret == ORL_OK)
        ret = out.write(out.context, m->body.data, m->body.length, m->err);
    orl_text_uninit(&head);
    return ret;
}

int orl_svg_motion_write(const struct orl_output_spec *spec, const struct tracks *tracks,
                         struct orl_font *font, int loop, struct orl_sink out,
                         struct orl_error *err)
{
    struct svg_motion m = {.err = err, .defs.outlines = orl_outlines_create(font)};
    int ret = m.defs.outlines ? ORL_OK : orl_fail_memory(err);
    orl_svg_clock_init(&m.clock, spec, loop);
    for (size_t i = 0; ret == ORL_OK && i < tracks->count; i++)
        if (is_path(tracks->items[i]) && !orl_svg_is_steady(tracks->items[i]))
            ret = orl_svg_path_count(&m, tracks->items[i]);
    for (size_t i = 0; ret == ORL_OK && i < tracks->count; i++)
        ret = write_track(&m, tracks->items[i]);
    close_group(&m);
    orl_text_puts(&m.body, "</svg>\n");
    if (ret == ORL_OK)
        ret = write_file(&m, spec, out);
    orl_svg_defs_uninit(&m.defs);
    orl_svg_times_uninit(&m.times);
    orl_svg_shapes_uninit(&m.shapes);
    orl_text_uninit(&m.body);
    orl_text_uninit(&m.value);
    return ret;
}
