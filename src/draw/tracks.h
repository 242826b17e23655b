/* What stands in a film for how long: the marks of its frames, followed from frame to frame. For
 * vector files that play by themselves. No Cairo type here. */
#ifndef ORL_DRAW_TRACKS_H
#define ORL_DRAW_TRACKS_H

#include "optreel/scene.h"

/* What a mark is drawn as: with its halo as a track of its own under it, so that each track is one
 * fill or one stroke. */
enum track_part { TRACK_MARK, TRACK_HALO };

/* A mark's looks from a frame on. */
struct track_key {
    size_t frame;
    bool shown; /* false: it is not there, and the rest says nothing */
    double size, size2;
    double *points; /* owned: x,y pairs, px */
    size_t count;
    char *text; /* owned; NULL for all kinds but text */
};

/* A mark of one style through the film. Dots are a track each. */
struct track {
    enum track_part part;
    struct orl_mark style;  /* of its points, its text and a rectangle's size the keys tell */
    struct track_key *keys; /* owned, by frame; before the first it is not there */
    size_t count, capacity;
    double *reach; /* owned: of each key how far the line goes along its last looks, px; NULL: its
                      keys tell their own */
};

/* Zero-initialize; release with orl_tracks_uninit. */
struct tracks {
    struct track **items; /* owned: in drawing order, the same in every frame */
    size_t count, capacity;
    size_t frames; /* so many were added */
    struct track_scratch *scratch;
};

/* Add the next frame: its still and its moving picture. Marks become tracks in such a way that what
 * stands unchanged stays in its track, and tracks keep the order of drawing. ORL_ENOMEM; ORL_EBUG
 * where a coordinate is not finite (a line's points may be NaN: the pen is lifted). */
int orl_tracks_add(struct tracks *tracks, const struct orl_picture *still,
                   const struct orl_picture *moving, struct orl_error *err);
void orl_tracks_uninit(struct tracks *tracks);

/* What to do with lines that grow at their end; a curve of a thousand points that grows in each
 * frame would be told a thousand times. Where a line always reaches along its last looks, within a
 * quarter of a px, track->reach says how far; else it is cut into pieces of which all but the last
 * stand still. Opaque solid lines alone: pieces overlap in a point. Call it once, after the last
 * frame. */
int orl_tracks_grow(struct tracks *tracks, struct orl_error *err);

/* ---- For the functions above */

/* Add a key; false when memory is short. */
bool orl_track_key(struct track *track, struct track_key key);
/* Add a key of copied points; `like` has its sizes. */
bool orl_track_look(struct track *track, size_t frame, const struct track_key *like,
                    const double *points, size_t count, const char *text);
void orl_track_destroy(struct track *track);

#endif
