/* Lines, areas and rectangles as elements of an animated SVG, in whichever way is shortest: what
 * only moves is moved; a line that grows is uncovered along its length; shapes that come again and
 * again (the trail of a curve) stand in the file once and are referred to; else the path data is
 * animated. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "encode/svg_inner.h"

#define NOTHING "M0 0"

/* The path data of each key. */
struct paths {
    char **texts; /* owned, each too; NULL where the track is hidden */
    size_t count;
};

static void paths_free(struct paths *paths)
{
    for (size_t i = 0; paths->texts && i < paths->count; i++)
        free(paths->texts[i]);
    free(paths->texts);
}

static int path_value(struct svg_motion *m, const struct track *t, const struct track_key *key,
                      bool exact)
{
    orl_text_clear(&m->value);
    return orl_svg_path(&m->defs, t, key, exact, &m->value, m->err);
}

static int paths_make(struct svg_motion *m, const struct track *t, struct paths *out)
{
    int ret = ORL_OK;
    *out = (struct paths){orl_calloc(t->count, sizeof *out->texts), t->count};
    if (!out->texts)
        return orl_fail_memory(m->err);
    for (size_t i = 0; ret == ORL_OK && i < t->count; i++) {
        if (!t->keys[i].shown)
            continue;
        ret = path_value(m, t, &t->keys[i], false);
        out->texts[i] = ret == ORL_OK ? orl_strdup(orl_svg_value(m)) : NULL;
        if (ret == ORL_OK && !out->texts[i])
            ret = orl_fail_memory(m->err);
    }
    return ret;
}

/* `<path class d paint clip`, still open. */
static int path_open(struct svg_motion *m, const struct track *t, int layer, const char *class,
                     const char *path)
{
    orl_text_printf(&m->body, "<path%s d=\"%s\"", class, path);
    orl_svg_paint(t, layer, &m->body);
    return orl_svg_clip(&m->defs, t, &m->body, m->err);
}

static int path_line(struct svg_motion *m, const struct track *t, const struct track_key *key,
                     bool exact, const char *class)
{
    int ret = path_value(m, t, key, exact);
    for (int layer = 0; ret == ORL_OK && layer < orl_svg_layers(t); layer++) {
        ret = path_open(m, t, layer, class, orl_svg_value(m));
        orl_text_puts(&m->body, "/>\n");
    }
    return ret;
}

int orl_svg_path_still(struct svg_motion *m, const struct track *t, const struct track_key *key)
{
    return path_line(m, t, key, t->style.kind == ORL_MARK_AREA, ""); /* areas meet */
}

/* ---- Lines that grow ------------------------------------------------------------------------- */

/* One dash as long as the line, and a gap that is longer, pushed along it. Its length is said in
 * the file: what rounding makes of it does not matter then. */
enum { GAP_MORE = 200 };

static int path_grow(struct svg_motion *m, const struct track *t)
{
    const struct track_key *looks = NULL;
    char offset[16] = "";
    double most = 0.0;
    for (size_t i = 0; i < t->count; i++)
        looks = t->keys[i].shown ? &t->keys[i] : looks;
    for (size_t i = 1; i < looks->count; i++)
        most += hypot(looks->points[2 * i] - looks->points[2 * i - 2],
                      looks->points[2 * i + 1] - looks->points[2 * i - 1]);
    int whole = (int)ceil(SVG_UNITS * most);
    int ret = path_value(m, t, looks, true);
    if (ret == ORL_OK)
        ret =
            path_open(m, t, 0, orl_svg_last(t) ? " class=\"r\"" : " class=\"a\"", orl_svg_value(m));
    snprintf(offset, sizeof offset, "%d", whole + GAP_MORE / 2); /* all of it lies in the gap */
    if (t->keys[0].frame > 0)
        orl_svg_times_add(&m->times, &m->clock, 0, offset);
    for (size_t i = 0; i < t->count; i++) {
        int covered =
            t->keys[i].shown ? whole - (int)lround(SVG_UNITS * t->reach[i]) : whole + GAP_MORE / 2;
        snprintf(offset, sizeof offset, "%d", covered);
        orl_svg_times_add(&m->times, &m->clock, t->keys[i].frame, offset);
    }
    orl_text_printf(&m->body,
                    " pathLength=\"%d\" stroke-dasharray=\"%d %d\" stroke-dashoffset=\"%s\">",
                    whole, whole, whole + GAP_MORE, offset);
    orl_svg_times_write(&m->times, &m->clock, "stroke-dashoffset", NULL, &m->body);
    orl_text_puts(&m->body, "</path>\n");
    return ret;
}

/* ---- What only moves ------------------------------------------------------------------------- */

/* Path data behind its first place: it is relative to that. */
static const char *path_tail(const char *path, int at[2])
{
    char *end;
    at[0] = (int)strtol(path + 1, &end, 10);
    at[1] = (int)strtol(end, &end, 10);
    return end;
}

static bool paths_only_move(const struct paths *paths)
{
    int at[2];
    const char *tail = path_tail(paths->texts[0], at);
    for (size_t i = 1; i < paths->count; i++)
        if (paths->texts[i] && strcmp(path_tail(paths->texts[i], at), tail) != 0)
            return false;
    return strchr(tail, 'M') == NULL;
}

static int path_travel(struct svg_motion *m, const struct track *t, int layer,
                       const struct paths *paths)
{
    char place[32] = "";
    int at[2], ret = orl_svg_clip_open(m, t);
    for (size_t i = 0; i < t->count; i++) {
        if (i == 0 && t->keys[0].frame > 0)
            orl_svg_times_add(&m->times, &m->clock, 0, SVG_AWAY);
        if (paths->texts[i])
            path_tail(paths->texts[i], at);
        if (paths->texts[i])
            snprintf(place, sizeof place, "%d %d", at[0], at[1]);
        else
            snprintf(place, sizeof place, "%s", SVG_AWAY);
        orl_svg_times_add(&m->times, &m->clock, t->keys[i].frame, place);
    }
    orl_text_printf(&m->body, "<path class=\"a\" d=\"M0 0%s\" transform=\"translate(%s)\"",
                    path_tail(paths->texts[0], at), place);
    orl_svg_paint(t, layer, &m->body);
    orl_text_putc(&m->body, '>');
    orl_svg_times_write(&m->times, &m->clock, "transform", "translate", &m->body);
    orl_text_puts(&m->body, "</path>");
    orl_svg_clip_close(m, t);
    return ret;
}

/* ---- Shapes that come again ------------------------------------------------------------------ */

enum { REFERENCE_BYTES = 5, DEFINITION_BYTES = 22 };

/* Whether it takes fewer bytes to refer to the shapes than to say them. */
static bool paths_come_again(struct svg_motion *m, const struct paths *paths)
{
    size_t own = 0, shared = 100;
    for (size_t i = 0; i < paths->count; i++) {
        const struct svg_shape *shape =
            paths->texts[i] ? orl_svg_shapes_find(&m->shapes, paths->texts[i]) : NULL;
        if (!shape)
            continue;
        size_t length = strlen(paths->texts[i]);
        own += length;
        shared += REFERENCE_BYTES + (length + DEFINITION_BYTES) / shape->uses;
    }
    return shared < own;
}

static int path_refer(struct svg_motion *m, const struct track *t, int layer,
                      const struct paths *paths)
{
    char name[32] = "#n0";
    for (size_t i = 0; i < t->count; i++) {
        struct svg_shape *shape =
            paths->texts[i] ? orl_svg_shapes_find(&m->shapes, paths->texts[i]) : NULL;
        if (i == 0 && t->keys[0].frame > 0)
            orl_svg_times_add(&m->times, &m->clock, 0, name);
        if (shape)
            snprintf(name, sizeof name, "#p%zu", orl_svg_shapes_refer(&m->shapes, shape));
        else
            snprintf(name, sizeof name, "#n0");
        orl_svg_times_add(&m->times, &m->clock, t->keys[i].frame, name);
    }
    orl_text_printf(&m->body, "<use class=\"a\" href=\"%s\"", name);
    orl_svg_paint(t, layer, &m->body);
    int ret = orl_svg_clip(&m->defs, t, &m->body, m->err);
    orl_text_putc(&m->body, '>');
    orl_svg_times_write(&m->times, &m->clock, "href", NULL, &m->body);
    orl_text_puts(&m->body, "</use>\n");
    return ret;
}

int orl_svg_path_count(struct svg_motion *m, const struct track *t)
{
    struct paths paths = {0};
    int ret = t->reach ? ORL_OK : paths_make(m, t, &paths);
    for (size_t i = 0; ret == ORL_OK && i < paths.count; i++)
        if (paths.texts[i] && !orl_svg_shapes_count(&m->shapes, paths.texts[i]))
            ret = orl_fail_memory(m->err);
    paths_free(&paths);
    return ret;
}

/* ---- All others ------------------------------------------------------------------------------ */

static int path_change(struct svg_motion *m, const struct track *t, int layer,
                       const struct paths *paths)
{
    const char *last = paths->texts[t->count - 1];
    int ret = path_open(m, t, layer, " class=\"a\"", last ? last : NOTHING);
    orl_text_putc(&m->body, '>');
    if (t->keys[0].frame > 0)
        orl_svg_times_add(&m->times, &m->clock, 0, NOTHING);
    for (size_t i = 0; i < t->count; i++)
        orl_svg_times_add(&m->times, &m->clock, t->keys[i].frame,
                          paths->texts[i] ? paths->texts[i] : NOTHING);
    orl_svg_times_write(&m->times, &m->clock, "d", NULL, &m->body);
    orl_text_puts(&m->body, "</path>\n");
    return ret;
}

int orl_svg_path_moving(struct svg_motion *m, const struct track *t)
{
    struct paths paths = {0};
    if (t->reach)
        return path_grow(m, t);
    int ret = paths_make(m, t, &paths);
    for (int layer = 0; ret == ORL_OK && layer < orl_svg_layers(t); layer++) {
        if (paths_only_move(&paths))
            ret = path_travel(m, t, layer, &paths);
        else if (paths_come_again(m, &paths))
            ret = path_refer(m, t, layer, &paths);
        else
            ret = path_change(m, t, layer, &paths);
    }
    if (ret == ORL_OK && orl_svg_last(t))
        ret = path_line(m, t, orl_svg_last(t), false, " class=\"z\"");
    paths_free(&paths);
    return ret;
}
