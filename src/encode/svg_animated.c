/* Animated SVG: one vector file for pages, drawn from the film's marks, played by SMIL. */
#include <stdlib.h>

#include "base/array.h"
#include "encode/pictures.h"
#include "encode/svg_motion.h"
#include "encode/svg_read.h"
#include "encode/whole.h"

enum { SVG_LOOP };

static const struct orl_setting settings[] = {
    [SVG_LOOP] = {.name = "loop",
                  .type = ORL_SETTING_INTEGER,
                  .unit = "1",
                  .initial = 1,
                  .minimum = 0,
                  .maximum = 65535,
                  .description = "how often it plays; 0: for ever"},
    {0},
};

/* A picture of one's own: a source's are valid until the next one is asked for. */
static bool picture_copy(struct orl_picture *to, const struct orl_picture *from)
{
    orl_picture_uninit(to);
    *to = (struct orl_picture){.count = from->count,
                               .point_count = from->point_count,
                               .text_length = from->text_length,
                               .failed = from->failed};
    to->marks = orl_calloc(from->count, sizeof *to->marks);
    to->points = orl_calloc(from->point_count, sizeof *to->points);
    to->text = orl_calloc(from->text_length, 1);
    if (!to->marks || !to->points || !to->text)
        return false;
    for (size_t i = 0; i < from->count; i++)
        to->marks[i] = from->marks[i];
    for (size_t i = 0; i < from->point_count; i++)
        to->points[i] = from->points[i];
    for (size_t i = 0; i < from->text_length; i++)
        to->text[i] = from->text[i];
    return true;
}

static int take_frames(const struct orl_frame_source *source, size_t count, struct tracks *tracks,
                       struct orl_picture *still, struct orl_error *err)
{
    const struct orl_picture *picture;
    size_t shown = SIZE_MAX;
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < count; i++) {
        size_t part = source->part ? source->part(source->context, i) : 0;
        if (part != shown)
            ret = source->still(source->context, i, &picture, err);
        if (ret == ORL_OK && part != shown && !picture_copy(still, picture))
            ret = orl_fail_memory(err);
        shown = part;
        if (ret == ORL_OK)
            ret = source->moving(source->context, i, &picture, err);
        if (ret == ORL_OK)
            ret = orl_tracks_add(tracks, still, picture, err);
    }
    return ret == ORL_OK ? orl_tracks_grow(tracks, err) : ret;
}

static int svg_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                       size_t first, size_t count, struct orl_sink out, struct orl_error *err)
{
    struct tracks tracks = {0};
    struct orl_picture still = {0};
    struct whole *whole = orl_calloc(1, sizeof *whole);
    int loop = (int)spec->values[SVG_LOOP].number;
    int ret = whole ? take_frames(source, count, &tracks, &still, err) : orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = orl_whole_begin(whole, out, spec, first, count, err);
    if (ret == ORL_OK)
        ret = orl_svg_motion_write(spec, &tracks, source->font, loop, orl_whole_sink(whole), err);
    if (ret == ORL_OK)
        ret = orl_whole_end(whole, err);
    orl_tracks_uninit(&tracks);
    orl_picture_uninit(&still);
    free(whole);
    return ret;
}

static int svg_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                      struct orl_output_facts *facts, struct orl_error *err)
{
    facts->seconds = (double)spec->frames * spec->fps_den / spec->fps_num;
    int ret = orl_svg_verify(spec, file, facts->seconds, &facts->frames, err);
    facts->merged = spec->frames - facts->frames;
    return ret;
}

static bool svg_tighten(struct orl_output_spec *spec, struct orl_value *values, size_t level,
                        char what[ORL_TIGHTENED_SIZE])
{
    (void)values;
    what[0] = '\0';
    return level <= 2 && orl_pictures_tighten(spec, level, what); /* a lower rate: of lines, size
                                                                      costs nothing */
}

/* What a frame adds: a few curves and numbers. */
enum { FRAME_MEMORY = 1 << 15 };

static uint64_t svg_memory(const struct orl_output_spec *spec)
{
    return (16 << 20) + (uint64_t)spec->frames * FRAME_MEMORY;
}

static const struct orl_format_ops ops = {.segment = svg_segment,
                                          .join = orl_whole_join,
                                          .verify = svg_verify,
                                          .tighten = svg_tighten,
                                          .cost = {40e3, 690.0, 0.3, 0.3, 0.0},
                                          .estimate_memory = svg_memory};

const struct orl_format_desc orl_format_svg_animated = {
    .name = "svg-animated",
    .extension = ".animated.svg",
    .title = "Animated SVG",
    .description = "web pages and READMEs, as a picture: sharp at any size, a tenth of the GIF",
    .home = "github",
    .settings = settings,
    .alpha = true,
    .ops = &ops,
};
