/* The exact look-ahead: which blocks a frame changes, and how long each stays as it is. */
#include "orl_test.h"

#include "encode/ahead.h"
#include "encode/format.h"

enum { COLUMNS = 4, ROWS = 3, BLOCKS = COLUMNS * ROWS, FRAMES_MAX = 200 };
enum { WIDTH = COLUMNS * 16, HEIGHT = ROWS * 16 - 6 }; /* the lowest row of blocks is cut */

/* Frames of grey blocks. Damage is as the stage gives it: never too little, here sometimes more. */
struct scene {
    uint8_t grey[FRAMES_MAX][BLOCKS];
    size_t part[FRAMES_MAX];
    bool all_damaged; /* though not all of it changed */
    uint8_t pixels[WIDTH * HEIGHT * 4], blocks[BLOCKS];
    struct orl_damage damage;
};

static int scene_draw(void *context, size_t number, struct orl_image *image, struct orl_error *err)
{
    struct scene *s = context;
    (void)err;
    for (size_t y = 0; y < HEIGHT; y++)
        for (size_t x = 0; x < WIDTH; x++)
            memset(s->pixels + (y * WIDTH + x) * 4, s->grey[number][y / 16 * COLUMNS + x / 16], 4);
    for (size_t i = 0; i < BLOCKS; i++)
        s->blocks[i] = s->all_damaged || !number || s->grey[number][i] != s->grey[number - 1][i];
    s->damage = (struct orl_damage){s->blocks, COLUMNS, ROWS};
    *image = (struct orl_image){s->pixels, WIDTH, HEIGHT, WIDTH * 4, &s->damage};
    return ORL_OK;
}

static size_t scene_part(void *context, size_t number)
{
    return ((struct scene *)context)->part[number];
}

struct seen {
    enum ahead_kind kind[FRAMES_MAX];
    uint8_t changed[FRAMES_MAX][BLOCKS];
    uint32_t life[FRAMES_MAX][BLOCKS];
};

/* All frames of a segment; each must show the grey that was drawn. */
static void look(struct scene *s, size_t first, size_t count, struct seen *seen)
{
    const struct orl_output_spec spec = {.width = WIDTH, .height = HEIGHT};
    const struct orl_frame_source source = {.context = s, .frame = scene_draw, .part = scene_part};
    struct orl_error err = {0};
    struct ahead ahead;
    assert_int_equal(orl_ahead_init(&ahead, &spec, &source, first, count, &err), ORL_OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(
            orl_ahead_next(&ahead, &seen->kind[i], seen->changed[i], seen->life[i], &err), ORL_OK);
        for (size_t b = 0; b < BLOCKS; b++) {
            size_t at = b / COLUMNS * 16 * (size_t)ahead.shown.stride[0] + b % COLUMNS * 16;
            int expected = 16 + (219 * s->grey[first + i][b] + 127) / 255;
            assert_true(abs(ahead.shown.plane[0][at] - expected) <= 1);
        }
    }
    orl_ahead_uninit(&ahead);
}

static void a_block_lives_until_it_changes(void **state)
{
    static struct scene s;
    static struct seen seen;
    (void)state;
    memset(&s, 0, sizeof s);
    for (size_t i = 0; i < 10; i++)
        s.grey[i][5] = i < 4 ? 0 : i < 7 ? 100 : 200; /* changes at 4 and 7 */
    look(&s, 0, 10, &seen);
    assert_int_equal(seen.kind[0], AHEAD_KEY);
    assert_int_equal(seen.life[0][5], 4);
    assert_int_equal(seen.life[0][6], 10); /* to the end of the segment */
    assert_int_equal(seen.kind[1], AHEAD_HELD);
    assert_int_equal(seen.kind[4], AHEAD_DELTA);
    assert_int_equal(seen.changed[4][5], 1);
    assert_int_equal(seen.changed[4][6], 0);
    assert_int_equal(seen.life[4][5], 3);
    assert_int_equal(seen.life[7][5], 3);
}

static void more_damage_than_change_is_no_change(void **state)
{
    static struct scene s;
    static struct seen seen;
    (void)state;
    memset(&s, 0, sizeof s);
    s.all_damaged = true;
    s.grey[3][0] = s.grey[4][0] = 50;
    look(&s, 0, 5, &seen);
    assert_int_equal(seen.kind[2], AHEAD_HELD);
    assert_int_equal(seen.kind[3], AHEAD_DELTA);
    for (size_t b = 0; b < BLOCKS; b++)
        assert_int_equal(seen.changed[3][b], b == 0);
    assert_int_equal(seen.kind[4], AHEAD_HELD);
}

static void a_part_begins_a_group(void **state)
{
    static struct scene s;
    static struct seen seen;
    (void)state;
    memset(&s, 0, sizeof s);
    for (size_t i = 6; i < 20; i++)
        s.part[i] = 1;
    for (size_t i = 9; i < 20; i++)
        s.grey[i][2] = 80;
    look(&s, 2, 10, &seen); /* frames 2 to 11 */
    assert_int_equal(seen.kind[0], AHEAD_KEY);
    assert_int_equal(seen.kind[3], AHEAD_HELD);
    assert_int_equal(seen.kind[4], AHEAD_KEY);
    assert_int_equal(seen.life[0][7], 4); /* it never changes, but the next group codes it anew */
    assert_int_equal(seen.life[4][2], 3);
    assert_int_equal(seen.life[4][7], 6);
}

/* Where everything changes all the time, not all of a segment is known ahead: what is told is true
 * all the same, and never too long. */
static void what_is_not_known_is_not_told(void **state)
{
    static struct scene s;
    static struct seen seen;
    (void)state;
    memset(&s, 0, sizeof s);
    for (size_t i = 0; i < FRAMES_MAX; i++)
        for (size_t b = 1; b < BLOCKS; b++)
            s.grey[i][b] = (uint8_t)(i * 37 + b);
    look(&s, 0, FRAMES_MAX, &seen);
    assert_true(seen.life[0][0] >= 8 && seen.life[0][0] < FRAMES_MAX);
    for (size_t i = 0; i < FRAMES_MAX; i++)
        assert_int_equal(seen.life[i][7], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_block_lives_until_it_changes),
                                       cmocka_unit_test(more_damage_than_change_is_no_change),
                                       cmocka_unit_test(a_part_begins_a_group),
                                       cmocka_unit_test(what_is_not_known_is_not_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
