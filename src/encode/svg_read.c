/* SVG files read back, tag by tag, with no more memory than a tag's longest word. */
#include "encode/svg_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "encode/whole.h"

enum { WORD = 64, TAG = 512 };

struct svg_reader {
    const struct orl_output_spec *spec;
    double seconds;
    int64_t depth, elements;
    char tag[TAG]; /* the tag that is being read, cut where it is longer */
    size_t length;
    char last; /* its last character */
    bool inside, quoted;
    const char *fault; /* the first */
    uint8_t *changes;  /* owned: of each frame */
    /* of the tag's attributes */
    char name[WORD], value[WORD]; /* value: since its last semicolon, cut where it is longer */
    size_t name_length, value_length;
    size_t key_times, values;
    double last_time, duration;
};

static void svg_fault(struct svg_reader *r, const char *fault)
{
    if (!r->fault)
        r->fault = fault;
}

/* ---- Attributes ------------------------------------------------------------------------------ */

static void svg_take_time(struct svg_reader *r)
{
    double time;
    if (!orl_double_parse(r->value, r->value_length, &time) || !(time < 1.0) ||
        (r->key_times ? time <= r->last_time : time != 0.0)) {
        svg_fault(r, "key times do not rise from 0");
        return;
    }
    size_t frame = (size_t)floor(time * (double)r->spec->frames + 0.5);
    if (frame < r->spec->frames)
        r->changes[frame] = 1;
    r->last_time = time;
}

/* What stands between two semicolons of an attribute, or between its quotes. */
static void svg_take_item(struct svg_reader *r)
{
    if (strcmp(r->name, "keyTimes") == 0) {
        svg_take_time(r);
        r->key_times++;
    } else if (strcmp(r->name, "values") == 0) {
        if (r->value_length == 0)
            svg_fault(r, "an animation has an empty value");
        r->values++;
    } else if (strcmp(r->name, "dur") == 0 && r->value_length > 1 &&
               r->value[r->value_length - 1] == 's') {
        if (!orl_double_parse(r->value, r->value_length - 1, &r->duration))
            r->duration = 0.0;
    }
    r->value_length = 0;
}

static void svg_take_in_tag(struct svg_reader *r, char c)
{
    if (c == '"') {
        if (r->quoted)
            svg_take_item(r);
        r->quoted = !r->quoted;
        r->name[r->name_length] = '\0';
        r->name_length = 0;
        r->value_length = 0;
    } else if (r->quoted && c == ';') {
        svg_take_item(r);
    } else if (r->quoted) {
        if (r->value_length + 1 < WORD)
            r->value[r->value_length++] = c;
    } else if (c == ' ' || c == '\n') {
        r->name_length = 0;
    } else if (c != '=' && r->name_length + 1 < WORD) {
        r->name[r->name_length++] = c;
    }
}

/* ---- Tags ------------------------------------------------------------------------------------ */

static void svg_end_animation(struct svg_reader *r)
{
    if (r->seconds <= 0.0)
        svg_fault(r, "a picture that stands still is animated");
    else if (r->key_times == 0 || r->key_times != r->values)
        svg_fault(r, "an animation has not as many values as key times");
    else if (fabs(r->duration - r->seconds) > 1e-6 * r->seconds)
        svg_fault(r, "an animation is not as long as the film");
}

static void svg_end_tag(struct svg_reader *r)
{
    char size[2][64];
    bool closing = r->tag[0] == '/', empty = r->last == '/',
         remark = r->tag[0] == '?' || r->tag[0] == '!';
    r->tag[r->length] = '\0';
    if (remark)
        return;
    if (!closing && r->elements++ == 0) {
        for (int px = 0; px < 2; px++)
            snprintf(size[px], sizeof size[px], " width=\"%d%s\" height=\"%d%s\"", r->spec->width,
                     px ? "px" : "", r->spec->height, px ? "px" : "");
        if (strncmp(r->tag, "svg ", 4) != 0 ||
            (!strstr(r->tag, size[0]) && !strstr(r->tag, size[1])))
            svg_fault(r, "it is not an SVG of the right size");
    } else if (r->depth < 1) {
        svg_fault(r, "something stands beside its root");
    }
    if (!closing && strncmp(r->tag, "animate", 7) == 0)
        svg_end_animation(r);
    r->depth += closing ? -1 : empty ? 0 : 1;
}

static void svg_take(struct svg_reader *r, char c)
{
    if (c == '<') {
        if (r->inside)
            svg_fault(r, "a tag begins within another");
        r->inside = true;
        r->quoted = false;
        r->length = r->name_length = r->value_length = 0;
        r->key_times = r->values = 0;
        r->duration = r->last_time = 0.0;
        r->last = '\0';
    } else if (r->inside && c == '>' && !r->quoted) {
        r->inside = false;
        svg_end_tag(r);
    } else if (r->inside) {
        r->last = c;
        if (r->length + 1 < TAG)
            r->tag[r->length++] = c;
        svg_take_in_tag(r, c);
    }
}

static int svg_read(struct svg_reader *r, const struct orl_stream *file, struct orl_error *err)
{
    static const char end[] = "</svg>\n";
    char piece[8192], last[sizeof end] = "";
    int64_t at = 0, got, tail = file->size(file->context) - (int64_t)sizeof end + 1;
    int ret = tail < 0 ? orl_whole_wrong(r->spec, "it is cut short", err)
                       : orl_whole_read(r->spec, file, tail, last, sizeof end - 1, err);
    if (ret != ORL_OK)
        return ret;
    if (strcmp(last, end) != 0)
        return orl_whole_wrong(r->spec, "it is cut short", err);
    while ((got = file->read(file->context, at, piece, sizeof piece, err)) > 0) {
        for (int64_t i = 0; i < got; i++)
            svg_take(r, piece[i]);
        at += got;
    }
    if (got == 0 && (r->inside || r->depth != 0 || r->elements == 0))
        svg_fault(r, "its tags do not close");
    if (got == 0 && r->fault)
        return orl_whole_wrong(r->spec, r->fault, err);
    return got < 0 ? (int)got : ORL_OK;
}

int orl_svg_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                   double seconds, size_t *pictures, struct orl_error *err)
{
    struct svg_reader reader = {.spec = spec, .seconds = seconds};
    reader.changes = orl_calloc(spec->frames, 1);
    if (!reader.changes)
        return orl_fail_memory(err);
    int ret = svg_read(&reader, file, err);
    *pictures = 1;
    for (size_t i = 1; i < spec->frames; i++)
        *pictures += reader.changes[i];
    free(reader.changes);
    return ret;
}
