/* A reel shows what was put on it, with the damage that a canvas would tell. */
#include "orl_test.h"

#include "base/random.h"
#include "batch/reel.h"

enum { WIDTH = 72, HEIGHT = 50, COLUMNS = 5, ROWS = 4, FRAMES = 30, BYTES = WIDTH * HEIGHT * 4 };

struct drawn {
    uint8_t pixels[FRAMES][BYTES], blocks[FRAMES][COLUMNS * ROWS];
};

/* Each frame changes some blocks of the one before; `share` of all. */
static void draw(struct drawn *d, double share)
{
    struct orl_random random;
    orl_random_init(&random, 3, 0);
    memset(d, 0, sizeof *d);
    memset(d->blocks[0], 1, sizeof d->blocks[0]);
    for (size_t f = 1; f < FRAMES; f++) {
        memcpy(d->pixels[f], d->pixels[f - 1], BYTES);
        for (size_t b = 0; b < COLUMNS * ROWS; b++)
            d->blocks[f][b] = orl_random_uniform(&random) < share;
        for (size_t p = 0; p < WIDTH * HEIGHT; p++)
            if (d->blocks[f][p / WIDTH / 16 * COLUMNS + p % WIDTH / 16])
                d->pixels[f][4 * p + p % 3] = (uint8_t)orl_random_bits(&random);
    }
}

static void keep_as(struct reel *reel, struct drawn *d, size_t frame, size_t number, bool after)
{
    struct orl_error err = {0};
    struct orl_damage damage = {d->blocks[frame], COLUMNS, ROWS};
    const struct orl_image image = {d->pixels[frame], WIDTH, HEIGHT, WIDTH * 4, &damage};
    assert_int_equal(orl_reel_keep(reel, number, &image, after, &err), ORL_OK);
}

static void keep(struct reel *reel, struct drawn *d, size_t frame, size_t number)
{
    keep_as(reel, d, frame, number, true);
}

static void check(struct reel *reel, const struct drawn *d, size_t frame, size_t number,
                  bool follows)
{
    struct orl_image image;
    assert_true(orl_reel_has(reel, number));
    orl_reel_show(reel, number, &image);
    assert_true(image.width == WIDTH && image.height == HEIGHT && image.stride == WIDTH * 4);
    assert_memory_equal(image.pixels, d->pixels[frame], BYTES);
    for (size_t b = 0; b < COLUMNS * ROWS; b++)
        assert_int_equal(image.damage->blocks[b], follows ? d->blocks[frame][b] : 1);
}

/* Between two frames of the reel the canvas drew another one: the damage tells nothing of the frame
 * before. */
static void a_frame_drawn_in_between_begins_a_new_reel(void **state)
{
    static struct drawn d;
    struct reel reel = {0};
    (void)state;
    draw(&d, 0.1);
    for (size_t f = 0; f < 5; f++)
        keep(&reel, &d, f, f);
    memset(d.blocks[5], 0, sizeof d.blocks[5]);
    keep_as(&reel, &d, 5, 5, false);
    assert_false(orl_reel_has(&reel, 4));
    check(&reel, &d, 5, 5, false);
    orl_reel_uninit(&reel);
}

static void shows_what_was_kept(void **state)
{
    static const size_t order[] = {5, 6, 7, 3, 3, 4, 29, 0, 1, 2};
    static struct drawn d;
    struct reel reel = {0};
    (void)state;
    draw(&d, 0.1);
    assert_false(orl_reel_has(&reel, 0));
    for (size_t f = 0; f < FRAMES; f++)
        keep(&reel, &d, f, 100 + f);
    assert_false(orl_reel_has(&reel, 99) || orl_reel_has(&reel, 100 + FRAMES));
    for (int round = 0; round < 2; round++)
        for (size_t f = 0; f < FRAMES; f++)
            check(&reel, &d, f, 100 + f, f > 0);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        check(&reel, &d, order[i], 100 + order[i], i > 0 && order[i] == order[i - 1] + 1);
    orl_reel_forget_shown(&reel);
    check(&reel, &d, 3, 103, false);
    keep(&reel, &d, 0, 7); /* a frame that does not follow starts a new reel */
    assert_false(orl_reel_has(&reel, 100));
    check(&reel, &d, 0, 7, false);
    orl_reel_uninit(&reel);
}

/* What changes as a whole in every frame is soon too much: the frames before that stay. */
static void is_bounded(void **state)
{
    static struct drawn d;
    struct reel reel = {0};
    size_t kept = 0;
    (void)state;
    draw(&d, 1.1);
    for (size_t f = 0; f < FRAMES; f++)
        keep(&reel, &d, f, f);
    while (orl_reel_has(&reel, kept))
        kept++;
    assert_int_equal(kept, 5);
    assert_true(reel.pixels_capacity < 16 * (size_t)BYTES);
    for (size_t f = 0; f < kept; f++)
        check(&reel, &d, f, f, f > 0);
    orl_reel_uninit(&reel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(shows_what_was_kept),
                                       cmocka_unit_test(a_frame_drawn_in_between_begins_a_new_reel),
                                       cmocka_unit_test(is_bounded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
