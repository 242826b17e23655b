/* Texts as elements of an animated SVG: glyph by glyph, or as a whole, whichever takes fewer
 * bytes. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "encode/svg_inner.h"

static bool anchor_stays(const struct track *t)
{
    int first[2], at[2];
    orl_svg_anchor(t, orl_svg_first(t), first);
    for (size_t i = 1; i < t->count; i++) {
        if (t->keys[i].shown)
            orl_svg_anchor(t, &t->keys[i], at);
        if (t->keys[i].shown && (at[0] != first[0] || at[1] != first[1]))
            return false;
    }
    return true;
}

/* The glyphs of one key of a text. */
struct line {
    struct svg_glyph *glyphs; /* owned */
    size_t count, capacity;
};

static void write_glyph(const struct svg_glyph *glyph, struct orl_text *out)
{
    if (glyph->glyph == SIZE_MAX)
        return;
    orl_text_puts(out, "<use href=\"#");
    orl_svg_glyph_id(glyph->glyph, out);
    orl_text_printf(out, "\" x=\"%d\"/>", glyph->x);
}

static void write_line(const struct line *line, struct orl_text *out)
{
    for (size_t i = 0; i < line->count; i++)
        write_glyph(&line->glyphs[i], out);
}

/* `<g class fill transform>`, open; `at` NULL: the place is animated outside of it. */
static void text_open(struct svg_motion *m, const struct track *t, const int *at, const char *class)
{
    orl_text_printf(&m->body, "<g%s", class);
    orl_svg_paint(t, 0, &m->body);
    orl_text_puts(&m->body, " transform=\"");
    if (at)
        orl_text_printf(&m->body, "translate(%d %d)", at[0], at[1]);
    orl_svg_text_scale(t, &m->body);
    orl_text_puts(&m->body, "\">");
}

/* A text as it is at one key. */
static int text_line(struct svg_motion *m, const struct track *t, const struct track_key *key,
                     const char *class)
{
    struct line line = {0};
    int at[2],
        ret = orl_svg_text(&m->defs, t, key, &line.glyphs, &line.count, &line.capacity, m->err);
    orl_svg_anchor(t, key, at);
    text_open(m, t, at, class);
    write_line(&line, &m->body);
    orl_text_puts(&m->body, "</g>");
    free(line.glyphs);
    return ret;
}

int orl_svg_text_still(struct svg_motion *m, const struct track *t, const struct track_key *key)
{
    int ret = orl_svg_clip_open(m, t);
    if (ret == ORL_OK)
        ret = text_line(m, t, key, "");
    orl_svg_clip_close(m, t);
    return ret;
}

/* The glyph in place `slot` of a line; from the right where texts end at their anchor, so that the
 * digits of a number keep their places. */
static const struct svg_glyph *glyph_in(const struct track *t, const struct line *line, size_t slot)
{
    static const struct svg_glyph none = {SIZE_MAX, 0};
    if (slot >= line->count)
        return &none;
    return &line->glyphs[t->style.align == 1.0 ? line->count - 1 - slot : slot];
}

static void write_slot(struct svg_motion *m, const struct track *t, const struct line *lines,
                       size_t slot, struct orl_text *out)
{
    struct svg_times places = {0};
    char number[16] = "0";
    for (size_t i = 0; i < t->count; i++) {
        const struct svg_glyph *glyph = glyph_in(t, &lines[i], slot);
        if (!t->keys[i].shown)
            continue;
        orl_text_clear(&m->value);
        orl_text_putc(&m->value, '#');
        if (glyph->glyph == SIZE_MAX)
            orl_text_puts(&m->value, "n0");
        else
            orl_svg_glyph_id(glyph->glyph, &m->value);
        orl_svg_times_add(&m->times, &m->clock, i ? t->keys[i].frame : 0, orl_svg_value(m));
        if (glyph->glyph == SIZE_MAX) /* it stays where it was, unseen */
            continue;
        snprintf(number, sizeof number, "%d", glyph->x);
        orl_svg_times_add(&places, &m->clock, places.count ? t->keys[i].frame : 0, number);
    }
    orl_text_printf(out, "<use href=\"%s\" x=\"%s\">", orl_svg_value(m), number);
    orl_svg_times_write(&m->times, &m->clock, "href", NULL, out);
    orl_svg_times_write(&places, &m->clock, "x", NULL, out);
    orl_text_puts(out, "</use>");
    orl_svg_times_uninit(&places);
}

static bool slot_is_steady(const struct track *t, const struct line *lines, size_t slot)
{
    const struct svg_glyph *first = glyph_in(t, &lines[0], slot);
    for (size_t i = 1; i < t->count; i++) {
        const struct svg_glyph *glyph = glyph_in(t, &lines[i], slot);
        if (t->keys[i].shown && (glyph->glyph != first->glyph || glyph->x != first->x))
            return false;
    }
    return true;
}

/* Glyph by glyph. */
static void write_slots(struct svg_motion *m, const struct track *t, const struct line *lines,
                        struct orl_text *out)
{
    size_t slots = 0;
    for (size_t i = 0; i < t->count; i++)
        slots = lines[i].count > slots ? lines[i].count : slots;
    for (size_t slot = 0; slot < slots; slot++) {
        if (slot_is_steady(t, lines, slot))
            write_glyph(glyph_in(t, &lines[0], slot), out);
        else
            write_slot(m, t, lines, slot, out);
    }
}

static bool said_before(const struct track *t, size_t key)
{
    for (size_t i = 0; i < key; i++)
        if (t->keys[i].shown && strcmp(t->keys[i].text, t->keys[key].text) == 0)
            return true;
    return false;
}

/* Each text as a whole, visible while it stands. `alone`: the last one stays where motion is
 * reduced; else a twin stands for all. */
static void write_wholes(struct svg_motion *m, const struct track *t, const struct line *lines,
                         bool alone, struct orl_text *out)
{
    for (size_t i = 0; i < t->count; i++) {
        if (!t->keys[i].shown || said_before(t, i))
            continue;
        const char *text = t->keys[i].text;
        const struct track_key *last = orl_svg_last(t);
        bool stays = last && strcmp(last->text, text) == 0;
        orl_text_printf(out, "<g%s%s>",
                        !alone  ? ""
                        : stays ? " class=\"y\""
                                : " class=\"a\"",
                        stays ? "" : " visibility=\"hidden\"");
        if (i > 0 || (alone && t->keys[0].frame > 0))
            orl_svg_times_add(&m->times, &m->clock, 0, "hidden");
        for (size_t k = i; k < t->count; k++) {
            bool here = t->keys[k].shown && strcmp(t->keys[k].text, text) == 0;
            orl_svg_times_add(&m->times, &m->clock, k || alone ? t->keys[k].frame : 0,
                              here ? "visible" : "hidden");
        }
        orl_svg_times_write(&m->times, &m->clock, "visibility", NULL, out);
        write_line(&lines[i], out);
        orl_text_puts(out, "</g>");
    }
}

static int make_lines(struct svg_motion *m, const struct track *t, struct line *lines)
{
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < t->count; i++)
        if (t->keys[i].shown)
            ret = orl_svg_text(&m->defs, t, &t->keys[i], &lines[i].glyphs, &lines[i].count,
                               &lines[i].capacity, m->err);
    return ret;
}

/* Animated glyph by glyph, or each text as a whole: what `line`s take fewer bytes for. */
struct words {
    struct orl_text slots, wholes;
};

static bool words_as_wholes(const struct words *words)
{
    return words->wholes.length < words->slots.length;
}

static void words_end(struct svg_motion *m, struct words *words)
{
    const struct orl_text *least = words_as_wholes(words) ? &words->wholes : &words->slots;
    if (least->data)
        orl_text_append(&m->body, least->data, least->length);
    m->body.failed |= words->slots.failed || words->wholes.failed;
    orl_text_uninit(&words->slots);
    orl_text_uninit(&words->wholes);
}

/* A text that changes where it is. Each whole tells when it is there; glyphs need a group that
 * does, and a twin. */
static int text_in_place(struct svg_motion *m, const struct track *t, const struct line *lines)
{
    const struct track_key *last = orl_svg_last(t);
    struct words words = {.slots = {0}};
    int at[2];
    write_slots(m, t, lines, &words.slots);
    write_wholes(m, t, lines, true, &words.wholes);
    bool wholes = words_as_wholes(&words);
    orl_svg_anchor(t, orl_svg_first(t), at);
    text_open(m, t, at, wholes ? "" : last ? " class=\"a\"" : " class=\"a\" visibility=\"hidden\"");
    if (!wholes)
        orl_svg_visibility(m, t, &m->body);
    words_end(m, &words);
    orl_text_puts(&m->body, "</g>");
    return wholes || !last ? ORL_OK : text_line(m, t, last, " class=\"z\"");
}

static int text_on_the_way(struct svg_motion *m, const struct track *t, const struct line *lines)
{
    const struct track_key *last = orl_svg_last(t);
    struct words words = {.slots = {0}};
    int at[2];
    orl_text_puts(&m->body, "<g class=\"a\" transform=\"translate(");
    if (last)
        orl_svg_anchor(t, last, at);
    if (last)
        orl_text_printf(&m->body, "%d %d)\">", at[0], at[1]);
    else
        orl_text_puts(&m->body, SVG_AWAY ")\">");
    orl_svg_travel(m, t, &m->body);
    text_open(m, t, NULL, "");
    write_slots(m, t, lines, &words.slots);
    write_wholes(m, t, lines, false, &words.wholes);
    words_end(m, &words);
    orl_text_puts(&m->body, "</g></g>");
    return last ? text_line(m, t, last, " class=\"z\"") : ORL_OK;
}

int orl_svg_text_moving(struct svg_motion *m, const struct track *t)
{
    struct line *lines = orl_calloc(t->count, sizeof *lines);
    int ret = lines ? make_lines(m, t, lines) : orl_fail_memory(m->err);
    if (ret == ORL_OK)
        ret = orl_svg_clip_open(m, t);
    if (ret == ORL_OK)
        ret = anchor_stays(t) ? text_in_place(m, t, lines) : text_on_the_way(m, t, lines);
    if (ret == ORL_OK)
        orl_svg_clip_close(m, t);
    for (size_t i = 0; lines && i < t->count; i++)
        free(lines[i].glyphs);
    free(lines);
    return ret;
}
