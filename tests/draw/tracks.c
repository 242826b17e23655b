/* Marks followed from frame to frame: whatever comes and goes, each frame can be put together again
 * from the tracks, in the order of drawing. */
#include <math.h>

#include "orl_test.h"

#include "draw/tracks.h"
#include "scene/marks/picture.h"

static const struct orl_color red = {1, 0, 0, 1}, blue = {0, 0, 1, 1}, pale = {0, 0, 1, 0.5};

static void take(struct tracks *tracks, const struct orl_picture *moving)
{
    struct orl_picture still = {0};
    struct orl_error err;
    orl_picture_rect(&still, (struct orl_rect){0, 0, 100, 100}, (struct orl_color){1, 1, 1, 1});
    if (orl_tracks_add(tracks, &still, moving, &err) != ORL_OK)
        fail_msg("%s", err.text);
    orl_picture_uninit(&still);
}

/* What a track shows in a frame; NULL: nothing. */
static const struct track_key *shown(const struct track *track, size_t frame)
{
    const struct track_key *found = NULL;
    for (size_t i = 0; i < track->count && track->keys[i].frame <= frame; i++)
        found = &track->keys[i];
    return found && found->shown ? found : NULL;
}

/* The texts and places of a frame, in the order of drawing. */
static void print(const struct tracks *tracks, size_t frame, char *out, size_t size)
{
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < tracks->count; i++) {
        const struct track_key *key = shown(tracks->items[i], frame);
        if (key && length < size)
            length += (size_t)snprintf(out + length, size - length, "%s%.0f,%.0f ",
                                       key->text ? key->text : "", key->points[0], key->points[1]);
    }
}

static void what_stands_still_is_told_once(void **state)
{
    struct tracks tracks = {0};
    (void)state;
    for (int frame = 0; frame < 5; frame++) {
        struct orl_picture moving = {0};
        const double dots[] = {10, 10, 20.0 + frame, 20};
        orl_picture_dots(&moving, dots, 2, 3.0, ORL_MARKER_CIRCLE, red);
        take(&tracks, &moving);
        orl_picture_uninit(&moving);
    }
    assert_int_equal(tracks.count, 3); /* the ground, and a track for each dot */
    assert_int_equal(tracks.items[0]->count, 1);
    assert_int_equal(tracks.items[1]->count, 1);
    assert_int_equal(tracks.items[2]->count, 5);
    CHECK_NEAR(shown(tracks.items[2], 3)->points[0], 23.0, 0.0);
    orl_tracks_uninit(&tracks);
}

/* Texts of one style that come, change, go and trade places: the frames are those that were
 * added. */
static void frames_can_be_put_together_again(void **state)
{
    static const char *const frames[] = {"abc", "abc", "abxc", "bxc", "", "cab", "abc", "c"};
    struct tracks tracks = {0};
    char expected[256], got[256];
    (void)state;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t frame = 0; frame < sizeof frames / sizeof *frames; frame++) {
            struct orl_picture moving = {0};
            size_t length = (size_t)snprintf(expected, sizeof expected, "0,0 ");
            for (size_t i = 0; frames[frame][i]; i++) {
                const char text[] = {frames[frame][i], '\0'};
                double x = 10.0 * text[0] - 900.0, y = text[0] == 'x' ? 50.0 + (double)frame : 50.0;
                orl_picture_text(&moving, x, y, 0.0, 12, false, i % 2 ? red : blue, text);
                length += (size_t)snprintf(expected + length, sizeof expected - length,
                                           "%s%.0f,%.0f ", text, x, y);
            }
            if (pass == 0)
                take(&tracks, &moving);
            print(&tracks, frame, got, sizeof got);
            assert_string_equal(got, expected);
            orl_picture_uninit(&moving);
        }
    }
    orl_tracks_uninit(&tracks);
}

static void a_halo_lies_under_its_line(void **state)
{
    static const double xy[] = {0, 0, 10, 10};
    struct tracks tracks = {0};
    struct orl_picture moving = {0};
    (void)state;
    struct orl_mark *line = orl_picture_line(&moving, xy, 2, 2.0, red);
    line->halo = blue;
    line->halo_px = 1.5;
    take(&tracks, &moving);
    assert_int_equal(tracks.count, 3);
    assert_int_equal(tracks.items[1]->part, TRACK_HALO);
    assert_int_equal(tracks.items[2]->part, TRACK_MARK);
    orl_picture_uninit(&moving);
    orl_tracks_uninit(&tracks);
}

/* A line of `most` points of which the first 4, 8, 12, ... are drawn, frame by frame. `bend` moves
 * the last one away from where the line goes on. */
static void grow(struct tracks *tracks, size_t most, double bend, struct orl_color color)
{
    double xy[2 * 400];
    for (size_t frame = 0; 4 * (frame + 1) <= most; frame++) {
        struct orl_picture moving = {0};
        size_t count = 4 * (frame + 1);
        for (size_t i = 0; i < count; i++) {
            xy[2 * i] = 3.0 * (double)i;
            xy[2 * i + 1] = i % 2 ? 4.0 : 0.0;
        }
        if (count < most)
            xy[2 * count - 1] += bend;
        orl_picture_line(&moving, xy, count, 2.0, color);
        take(tracks, &moving);
        orl_picture_uninit(&moving);
    }
    assert_int_equal(orl_tracks_grow(tracks, NULL), ORL_OK);
}

/* Each step of the zigzag is 5 px long. */
static void a_line_that_grows_reaches_along_its_last_looks(void **state)
{
    struct tracks tracks = {0};
    (void)state;
    grow(&tracks, 40, 0.0, red);
    assert_int_equal(tracks.count, 2);
    assert_non_null(tracks.items[1]->reach);
    for (size_t frame = 0; frame < 10; frame++)
        CHECK_NEAR(tracks.items[1]->reach[frame], 5.0 * (double)(4 * frame + 3), 1e-9);
    orl_tracks_uninit(&tracks);
}

/* The pieces of a frame, put one after the other, are the line as it was drawn. */
static void a_line_that_goes_astray_is_cut(void **state)
{
    struct tracks tracks = {0};
    size_t told = 0;
    (void)state;
    grow(&tracks, 400, 7.0, red);
    assert_true(tracks.count > 10);
    for (size_t frame = 0; frame < 100; frame++) {
        size_t at = 0, count = 4 * (frame + 1);
        for (size_t i = 1; i < tracks.count; i++) {
            const struct track_key *key = shown(tracks.items[i], frame);
            assert_null(tracks.items[i]->reach);
            for (size_t k = 0; key && k < key->count; k++) {
                size_t point = at + k;
                double y =
                    (point % 2 ? 4.0 : 0.0) + (point + 1 == count && count < 400 ? 7.0 : 0.0);
                CHECK_NEAR(key->points[2 * k], 3.0 * (double)point, 0.0);
                CHECK_NEAR(key->points[2 * k + 1], y, 0.0);
            }
            at += key ? key->count - 1 : 0; /* pieces share a point */
        }
        assert_int_equal(at + 1, count);
    }
    for (size_t i = 1; i < tracks.count; i++)
        for (size_t k = 0; k < tracks.items[i]->count; k++)
            told += tracks.items[i]->keys[k].count;
    assert_true(told < 2200); /* all lines whole: 20,200 points */
    orl_tracks_uninit(&tracks);
}

/* Where the ground shines through, pieces would be darker where they overlap. */
static void a_pale_line_is_left_whole(void **state)
{
    struct tracks tracks = {0};
    (void)state;
    grow(&tracks, 80, 7.0, pale);
    assert_int_equal(tracks.count, 2);
    assert_null(tracks.items[1]->reach);
    assert_int_equal(shown(tracks.items[1], 19)->count, 80);
    orl_tracks_uninit(&tracks);
}

static void what_is_not_finite_is_refused(void **state)
{
    static const double xy[] = {NAN, 3};
    struct tracks tracks = {0};
    struct orl_picture still = {0}, moving = {0};
    (void)state;
    orl_picture_dots(&moving, xy, 1, 3.0, ORL_MARKER_RING, red);
    assert_int_equal(orl_tracks_add(&tracks, &still, &moving, NULL), ORL_EBUG);
    orl_picture_uninit(&moving);
    orl_tracks_uninit(&tracks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stands_still_is_told_once),
        cmocka_unit_test(frames_can_be_put_together_again),
        cmocka_unit_test(a_halo_lies_under_its_line),
        cmocka_unit_test(a_line_that_grows_reaches_along_its_last_looks),
        cmocka_unit_test(a_line_that_goes_astray_is_cut),
        cmocka_unit_test(a_pale_line_is_left_whole),
        cmocka_unit_test(what_is_not_finite_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
