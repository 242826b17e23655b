/* Marks followed from frame to frame. The marks of a frame and the tracks so far are two lists in
 * drawing order; they are aligned as two texts are that are compared (the longest common
 * subsequence, with a score for how much alike two entries are), so the order of drawing holds in
 * every frame. */
#include "draw/tracks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* How much alike a mark and a track are. A track that would be started anew costs nothing, so any
 * likeness is better than none. */
enum {
    LIKE_NOT = 0,
    LIKE_STYLE = 2,
    LIKE_SHOWN = 4,
    LIKE_WORDS = 3,
    LIKE_PLACE = 2,
    LIKE_ALL = 16
};
enum { CELLS_MOST = 1 << 24 /* of the table that aligns; beyond that the nearest fit is taken */ };

/* A mark of the frame that is added; of dots one. */
struct seen {
    const struct orl_picture *picture;
    const struct orl_mark *mark;
    enum track_part part;
    size_t first, count; /* its points in the picture */
};

struct track_scratch {
    struct seen *seen;
    size_t seen_count, seen_capacity;
    size_t *match; /* of each mark: its track; SIZE_MAX: a new one */
    size_t match_capacity;
    uint8_t *moves;
    size_t move_capacity;
    int *scores;
    size_t score_capacity;
    struct track **merged;
    size_t merged_capacity;
};

static void key_uninit(struct track_key *key)
{
    free(key->points);
    free(key->text);
}

void orl_track_destroy(struct track *track)
{
    for (size_t i = 0; track && i < track->count; i++)
        key_uninit(&track->keys[i]);
    if (track) {
        free(track->keys);
        free(track->reach);
    }
    free(track);
}

void orl_tracks_uninit(struct tracks *tracks)
{
    struct track_scratch *s = tracks->scratch;
    for (size_t i = 0; i < tracks->count; i++)
        orl_track_destroy(tracks->items[i]);
    free(tracks->items);
    if (s) {
        free(s->seen);
        free(s->match);
        free(s->moves);
        free(s->scores);
        free(s->merged);
    }
    free(s);
    *tracks = (struct tracks){0};
}

/* ---- What a frame shows ---------------------------------------------------------------------- */

static bool seen_is_finite(const struct seen *seen)
{
    const struct orl_mark *m = seen->mark;
    const double *at = seen->picture->points + 2 * seen->first;
    bool pen_may_lift = m->kind == ORL_MARK_LINE || m->kind == ORL_MARK_AREA;
    for (size_t i = 0; i < 2 * seen->count; i++)
        if (!isfinite(at[i]) && !(pen_may_lift && isnan(at[i])))
            return false;
    return isfinite(m->size) && isfinite(m->size2) && isfinite(m->halo_px) && isfinite(m->clip.x) &&
           isfinite(m->clip.y) && isfinite(m->clip.width) && isfinite(m->clip.height);
}

static int seen_add(struct track_scratch *s, struct seen seen, struct orl_error *err)
{
    if (!seen_is_finite(&seen))
        return orl_fail(err, ORL_EBUG, "a coordinate to draw is not finite");
    if (!orl_reserve((void **)&s->seen, &s->seen_capacity, s->seen_count + 1, sizeof *s->seen))
        return orl_fail_memory(err);
    s->seen[s->seen_count++] = seen;
    return ORL_OK;
}

/* The halo of a line or a text is a mark under it; that of dots belongs to each dot. */
static int seen_add_mark(struct track_scratch *s, const struct orl_picture *picture,
                         const struct orl_mark *mark, struct orl_error *err)
{
    struct seen seen = {picture, mark, TRACK_MARK, mark->first, mark->count};
    bool dots = mark->kind == ORL_MARK_DOTS,
         halo = (mark->kind == ORL_MARK_LINE || mark->kind == ORL_MARK_TEXT) &&
                mark->halo.a > 0.0 && mark->halo_px > 0.0;
    int ret = ORL_OK;
    if (halo) {
        struct seen under = seen;
        under.part = TRACK_HALO;
        ret = seen_add(s, under, err);
    }
    for (size_t i = 0; ret == ORL_OK && dots && i < mark->count; i++)
        ret = seen_add(s, (struct seen){picture, mark, TRACK_MARK, mark->first + i, 1}, err);
    return ret == ORL_OK && !dots && mark->count ? seen_add(s, seen, err) : ret;
}

static int seen_add_picture(struct track_scratch *s, const struct orl_picture *picture,
                            struct orl_error *err)
{
    int ret = picture->failed ? orl_fail_memory(err) : ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < picture->count; i++)
        ret = seen_add_mark(s, picture, &picture->marks[i], err);
    return ret;
}

/* ---- How much alike -------------------------------------------------------------------------- */

static bool style_is_same(const struct track *track, const struct seen *seen)
{
    struct orl_mark one = track->style, other = *seen->mark;
    one.first = other.first = one.count = other.count = one.text = other.text = 0;
    if (one.kind == ORL_MARK_RECT)
        one.size = other.size = one.size2 = other.size2 = 0.0;
    /* The room that makes marks clears their padding. */
    return track->part == seen->part && memcmp(&one, &other, sizeof one) == 0;
}

static const double *seen_points(const struct seen *seen)
{
    return seen->picture->points + 2 * seen->first;
}

static const char *seen_text(const struct seen *seen)
{
    return seen->mark->kind == ORL_MARK_TEXT ? seen->picture->text + seen->mark->text : NULL;
}

static bool key_is_seen(const struct track_key *key, const struct seen *seen)
{
    const char *text = seen_text(seen);
    return key->shown && key->count == seen->count && key->size == seen->mark->size &&
           key->size2 == seen->mark->size2 &&
           memcmp(key->points, seen_points(seen), 2 * key->count * sizeof *key->points) == 0 &&
           (!text || strcmp(key->text, text) == 0);
}

static int likeness(const struct track *track, const struct seen *seen)
{
    if (!style_is_same(track, seen))
        return LIKE_NOT;
    const struct track_key *last = &track->keys[track->count - 1];
    if (!last->shown)
        return LIKE_STYLE;
    if (key_is_seen(last, seen))
        return LIKE_ALL;
    const char *text = seen_text(seen);
    const double *at = seen_points(seen);
    return LIKE_SHOWN + (text && strcmp(last->text, text) == 0 ? LIKE_WORDS : 0) +
           (last->points[0] == at[0] && last->points[1] == at[1] ? LIKE_PLACE : 0);
}

/* ---- Alignment ------------------------------------------------------------------------------- */

enum { MOVE_MATCH, MOVE_NEW, MOVE_SKIP };

/* Of the marks first … first+n-1 and the tracks first … first+m-1 (their ends alike are matched
 * already). */
static bool align_best(const struct tracks *tracks, struct track_scratch *s, size_t first, size_t n,
                       size_t m)
{
    size_t width = m + 1;
    if (!orl_reserve((void **)&s->moves, &s->move_capacity, (n + 1) * width, 1) ||
        !orl_reserve((void **)&s->scores, &s->score_capacity, 2 * width, sizeof *s->scores))
        return false;
    int *above = s->scores, *row = s->scores + width;
    memset(above, 0, width * sizeof *above);
    for (size_t i = 1; i <= n; i++) {
        row[0] = 0;
        for (size_t j = 1; j <= m; j++) {
            int like = likeness(tracks->items[first + j - 1], &s->seen[first + i - 1]),
                match = like ? above[j - 1] + like : -1;
            bool is_new = above[j] > row[j - 1];
            int other = is_new ? above[j] : row[j - 1];
            row[j] = match >= other ? match : other;
            s->moves[i * width + j] = match >= other ? MOVE_MATCH : is_new ? MOVE_NEW : MOVE_SKIP;
        }
        int *swap = above;
        above = row;
        row = swap;
    }
    for (size_t i = n, j = m; i > 0;) {
        uint8_t move = j ? s->moves[i * width + j] : MOVE_NEW;
        if (move != MOVE_SKIP)
            s->match[first + --i] = move == MOVE_MATCH ? first + j - 1 : SIZE_MAX;
        j -= move != MOVE_NEW;
    }
    return true;
}

/* Each mark to the next track that it fits. */
static void align_next(const struct tracks *tracks, struct track_scratch *s, size_t first, size_t n,
                       size_t m)
{
    enum { LOOK_AHEAD = 64 };
    size_t from = first, end = first + m;
    for (size_t i = first; i < first + n; i++) {
        size_t j = from, most = from + LOOK_AHEAD < end ? from + LOOK_AHEAD : end;
        while (j < most && likeness(tracks->items[j], &s->seen[i]) < LIKE_SHOWN)
            j++;
        s->match[i] = j < most ? j : SIZE_MAX;
        from = j < most ? j + 1 : from;
    }
}

static bool align(const struct tracks *tracks, struct track_scratch *s)
{
    size_t n = s->seen_count, m = tracks->count, first = 0, last = 0;
    if (!orl_reserve((void **)&s->match, &s->match_capacity, n + 1, sizeof *s->match))
        return false;
    while (first < n && first < m && likeness(tracks->items[first], &s->seen[first]) == LIKE_ALL) {
        s->match[first] = first;
        first++;
    }
    while (last < n - first && last < m - first &&
           likeness(tracks->items[m - 1 - last], &s->seen[n - 1 - last]) == LIKE_ALL) {
        s->match[n - 1 - last] = m - 1 - last;
        last++;
    }
    n -= first + last;
    m -= first + last;
    if (n < CELLS_MOST / (m + 1))
        return align_best(tracks, s, first, n, m);
    align_next(tracks, s, first, n, m);
    return true;
}

/* ---- Keys ------------------------------------------------------------------------------------ */

bool orl_track_key(struct track *track, struct track_key key)
{
    if (!orl_reserve((void **)&track->keys, &track->capacity, track->count + 1,
                     sizeof *track->keys))
        return false;
    track->keys[track->count++] = key;
    return true;
}

bool orl_track_look(struct track *track, size_t frame, const struct track_key *like,
                    const double *points, size_t count, const char *text)
{
    struct track_key key = {.frame = frame,
                            .shown = true,
                            .size = like->size,
                            .size2 = like->size2,
                            .count = count,
                            .points = orl_calloc(count, 2 * sizeof *key.points),
                            .text = text ? orl_strdup(text) : NULL};
    if (key.points)
        memcpy(key.points, points, 2 * count * sizeof *points);
    if (key.points && (!text || key.text) && orl_track_key(track, key))
        return true;
    key_uninit(&key);
    return false;
}

static bool track_show(struct track *track, size_t frame, const struct seen *seen)
{
    const struct track_key like = {.size = seen->mark->size, .size2 = seen->mark->size2};
    if (track->count && key_is_seen(&track->keys[track->count - 1], seen))
        return true;
    return orl_track_look(track, frame, &like, seen_points(seen), seen->count, seen_text(seen));
}

static bool track_hide(struct track *track, size_t frame)
{
    return !track->keys[track->count - 1].shown ||
           orl_track_key(track, (struct track_key){.frame = frame});
}

static struct track *track_start(size_t frame, const struct seen *seen)
{
    struct track *track = orl_calloc(1, sizeof *track);
    if (!track)
        return NULL;
    track->part = seen->part;
    track->style = *seen->mark;
    if (track_show(track, frame, seen))
        return track;
    orl_track_destroy(track);
    return NULL;
}

/* The tracks with the new ones among them, each before the track that comes next. */
static bool tracks_update(struct tracks *tracks, struct track_scratch *s)
{
    size_t next = 0, made = 0, frame = tracks->frames;
    bool good = orl_reserve((void **)&s->merged, &s->merged_capacity,
                            tracks->count + s->seen_count + 1, sizeof *s->merged);
    for (size_t i = 0; good && i < s->seen_count; i++) {
        size_t match = s->match[i];
        if (match == SIZE_MAX) {
            struct track *track = track_start(frame, &s->seen[i]);
            good = track != NULL;
            if (good)
                s->merged[made++] = track;
            continue;
        }
        while (good && next < match) {
            good = track_hide(tracks->items[next], frame);
            s->merged[made++] = tracks->items[next++];
        }
        good = good && track_show(tracks->items[match], frame, &s->seen[i]);
        s->merged[made++] = tracks->items[next++];
    }
    while (next < tracks->count) {
        good = good && track_hide(tracks->items[next], frame);
        s->merged[made++] = tracks->items[next++];
    }
    struct track **items = tracks->items;
    size_t capacity = tracks->capacity;
    tracks->items = s->merged;
    tracks->capacity = s->merged_capacity;
    tracks->count = made;
    s->merged = items;
    s->merged_capacity = capacity;
    return good;
}

int orl_tracks_add(struct tracks *tracks, const struct orl_picture *still,
                   const struct orl_picture *moving, struct orl_error *err)
{
    if (!tracks->scratch && !(tracks->scratch = orl_calloc(1, sizeof *tracks->scratch)))
        return orl_fail_memory(err);
    struct track_scratch *s = tracks->scratch;
    s->seen_count = 0;
    int ret = seen_add_picture(s, still, err);
    if (ret == ORL_OK)
        ret = seen_add_picture(s, moving, err);
    if (ret == ORL_OK && (!align(tracks, s) || !tracks_update(tracks, s)))
        ret = orl_fail_memory(err);
    tracks->frames++;
    return ret;
}
