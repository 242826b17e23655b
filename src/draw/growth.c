/* Lines that grow at their end: told by how far they reach along their last looks where that is all
 * that changes, else cut into pieces. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "draw/tracks.h"

/* ---- Reach ----------------------------------------------------------------------------------- */

/* How far a line may be from the one that stands for it: what is left out of curves on their way
 * (rows between pixels) is of that size. */
#define NEAR_PX 0.25

/* A walk along the last looks of a line. */
struct walk {
    const struct track_key *along;
    size_t segment; /* from point `segment` to the next */
    double length;  /* up to the beginning of that segment, px */
};

static double distance_to(const double *from, const double *to, const double *at, double *along)
{
    double x = to[0] - from[0], y = to[1] - from[1], length = hypot(x, y),
           t = length > 0.0 ? ((at[0] - from[0]) * x + (at[1] - from[1]) * y) / length : 0.0;
    *along = t < 0.0 ? 0.0 : t > length ? length : t;
    double share = length > 0.0 ? *along / length : 0.0;
    return hypot(from[0] + share * x - at[0], from[1] + share * y - at[1]);
}

/* On to the first segment that passes the point `to`, over corners that the line from `from` to it
 * passes, too. */
static bool walk_on(struct walk *walk, const double *from, const double *to, double *reach)
{
    double along, unused;
    for (;;) {
        const double *corner = walk->along->points + 2 * walk->segment, *next = corner + 2;
        if (distance_to(corner, next, to, &along) <= NEAR_PX) {
            *reach = walk->length + along;
            return true;
        }
        if (walk->segment + 2 >= walk->along->count ||
            distance_to(from, to, next, &unused) > NEAR_PX)
            return false;
        walk->length += hypot(next[0] - corner[0], next[1] - corner[1]);
        walk->segment++;
    }
}

/* How far along the last looks a key reaches; negative: it goes another way. */
static double key_reach(const struct track_key *last, const struct track_key *key)
{
    struct walk walk = {.along = last};
    double reach = 0.0;
    const double *at = key->points;
    if (last->count < 2 || hypot(at[0] - last->points[0], at[1] - last->points[1]) > NEAR_PX)
        return -1.0;
    for (size_t i = 1; i < key->count; i++)
        if (isnan(at[2 * i]) || !walk_on(&walk, at + 2 * i - 2, at + 2 * i, &reach))
            return -1.0;
    return reach;
}

static const struct track_key *last_shown(const struct track *t)
{
    for (size_t i = t->count; i-- > 0;)
        if (t->keys[i].shown)
            return &t->keys[i];
    return NULL;
}

/* Fills track->reach where that tells all keys; false where memory is short. */
static bool find_reach(struct track *t)
{
    const struct track_key *last = last_shown(t);
    double *reach = orl_calloc(t->count, sizeof *reach);
    bool good = last && reach;
    for (size_t i = 0; good && i < last->count; i++)
        good = !isnan(last->points[2 * i]) && !isnan(last->points[2 * i + 1]);
    for (size_t i = 0; good && i < t->count; i++) {
        reach[i] = t->keys[i].shown ? key_reach(last, &t->keys[i]) : 0.0;
        good = reach[i] >= 0.0;
    }
    t->reach = good ? reach : NULL;
    if (!good)
        free(reach);
    return reach != NULL;
}

/* ---- Pieces ---------------------------------------------------------------------------------- */

/* A piece is cut off when the line has grown by so many points; shorter ones cost more than they
 * save. */
enum { GROWN = 10 };

static size_t common_points(const struct track_key *a, const struct track_key *b)
{
    size_t most = a->count < b->count ? a->count : b->count, i = 0;
    while (i < most && memcmp(a->points + 2 * i, b->points + 2 * i, 2 * sizeof *a->points) == 0)
        i++;
    return i;
}

static bool track_grows(const struct track *t)
{
    const struct orl_color *c = t->part == TRACK_HALO ? &t->style.halo : &t->style.color;
    return t->style.kind == ORL_MARK_LINE && t->count > 2 && c->a >= 1.0 &&
           (t->part == TRACK_HALO || t->style.dash == ORL_DASH_SOLID);
}

/* Of each key the points that it shares with all keys to come, until the line is hidden. */
static size_t *shared_points(const struct track *t)
{
    size_t *shared = orl_calloc(t->count, sizeof *shared);
    for (size_t i = t->count; shared && i-- > 0;) {
        const struct track_key *key = &t->keys[i], *next = key + 1;
        shared[i] = !key->shown ? 0 : key->count;
        if (key->shown && i + 1 < t->count && next->shown) {
            size_t common = common_points(key, next);
            shared[i] = common < shared[i + 1] ? common : shared[i + 1];
        }
    }
    return shared;
}

/* The next key at which the track is not there. */
static size_t hidden_from(const struct track *t, size_t key)
{
    while (key < t->count && t->keys[key].shown)
        key++;
    return key;
}

/* The points from … to of a key, as a track that stands from there until the line is hidden. */
static struct track *cut_piece(const struct track *t, size_t key, size_t from, size_t to)
{
    struct track *piece = orl_calloc(1, sizeof *piece);
    size_t end = hidden_from(t, key);
    const struct track_key *at = &t->keys[key];
    if (!piece)
        return NULL;
    piece->part = t->part;
    piece->style = t->style;
    if (orl_track_look(piece, at->frame, at, at->points + 2 * from, to - from + 1, NULL) &&
        (end == t->count || orl_track_key(piece, (struct track_key){.frame = t->keys[end].frame})))
        return piece;
    orl_track_destroy(piece);
    return NULL;
}

static void key_drop_points(struct track_key *key, size_t count)
{
    key->count -= count;
    memmove(key->points, key->points + 2 * count, 2 * key->count * sizeof *key->points);
}

static bool item_add(struct tracks *to, struct track *track)
{
    if (!track ||
        !orl_reserve((void **)&to->items, &to->capacity, to->count + 1, sizeof *to->items))
        return false;
    to->items[to->count++] = track;
    return true;
}

/* The pieces of a track go to `to`; what is left of its keys begins where the last piece ends. */
static bool cut_track(struct track *t, struct tracks *to)
{
    size_t *shared = shared_points(t), base = 0;
    bool good = shared != NULL;
    for (size_t i = 0; good && i < t->count; i++) {
        struct track_key *key = &t->keys[i];
        if (!key->shown || (i > 0 && !t->keys[i - 1].shown))
            base = 0;
        if (key->shown && shared[i] > base + GROWN && !isnan(key->points[2 * (shared[i] - 1)]) &&
            hidden_from(t, i) > i + 1) {
            struct track *piece = cut_piece(t, i, base, shared[i] - 1);
            good = item_add(to, piece);
            if (!good)
                orl_track_destroy(piece);
            base = shared[i] - 1;
        }
        shared[i] = base; /* points are dropped when all keys were compared */
    }
    for (size_t i = 0; good && i < t->count; i++) {
        if (t->keys[i].shown)
            key_drop_points(&t->keys[i], shared[i]);
    }
    free(shared);
    return good;
}

int orl_tracks_grow(struct tracks *tracks, struct orl_error *err)
{
    struct tracks cut = {.frames = tracks->frames};
    bool good = true;
    for (size_t i = 0; i < tracks->count; i++) {
        struct track *track = tracks->items[i];
        if (track_grows(track))
            good = good && find_reach(track) && (track->reach || cut_track(track, &cut));
        if (!item_add(&cut, track)) {
            orl_track_destroy(track);
            good = false;
        }
    }
    free(tracks->items);
    tracks->items = cut.items;
    tracks->count = cut.count;
    tracks->capacity = cut.capacity;
    return good ? ORL_OK : orl_fail_memory(err);
}
