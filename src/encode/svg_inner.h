/* What the files that write animated SVGs share. */
#ifndef ORL_ENCODE_SVG_INNER_H
#define ORL_ENCODE_SVG_INNER_H

#include "encode/svg_marks.h"
#include "encode/svg_shapes.h"
#include "encode/svg_times.h"

#define SVG_AWAY "-99999 0" /* where something that moves is while it is not there */

/* A file in the making. */
struct svg_motion {
    struct svg_defs defs;
    struct svg_clock clock;
    struct svg_times times;
    struct svg_shapes shapes;
    struct orl_text body, value;
    const struct track *group; /* whose comings and goings the open group has; NULL: none is */
    struct orl_error *err;
};

/* ---- svg_tracks.c: what elements of all kinds need */

/* A track begins with what it shows. */
const struct track_key *orl_svg_first(const struct track *t);
/* What it shows at the end; NULL: nothing. */
const struct track_key *orl_svg_last(const struct track *t);
/* It looks the same whenever it is there. */
bool orl_svg_is_steady(const struct track *t);
/* The text that was put together last. */
const char *orl_svg_value(const struct svg_motion *m);
/* The animation of its being there, and that of its place (or its being away) by anchors. */
void orl_svg_visibility(struct svg_motion *m, const struct track *t, struct orl_text *out);
void orl_svg_travel(struct svg_motion *m, const struct track *t, struct orl_text *out);
/* A clip must stand outside of what moves: a group about it, where there is a clip. */
int orl_svg_clip_open(struct svg_motion *m, const struct track *t);
void orl_svg_clip_close(struct svg_motion *m, const struct track *t);

/* ---- Elements: what looks the same whenever it is there, and what moves, with its twin */

/* svg_paths.c: lines, areas, rectangles. The shapes of all that moves are counted before anything
 * is written. */
int orl_svg_path_count(struct svg_motion *m, const struct track *t);
int orl_svg_path_still(struct svg_motion *m, const struct track *t, const struct track_key *key);
int orl_svg_path_moving(struct svg_motion *m, const struct track *t);

/* svg_texts.c */
int orl_svg_text_still(struct svg_motion *m, const struct track *t, const struct track_key *key);
int orl_svg_text_moving(struct svg_motion *m, const struct track *t);

#endif
