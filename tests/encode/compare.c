/* Two films compared: which frame differs first, in how many pixels, by how much. */
#include "orl_test.h"

#include <unistd.h>

#include "encode/compare.h"

enum { WIDE = 16, HIGH = 8, BLACK = 16, WHITE = 235 };

static char paths[2][40] = {"/tmp/optreel-compare-XXXXXX", "/tmp/optreel-compare-XXXXXX"};

static int make_files(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        int fd = mkstemp(paths[i]);
        if (fd < 0 || close(fd) != 0)
            return 1;
    }
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    return unlink(paths[0]) | unlink(paths[1]);
}

/* Black frames at 10 a second; `white` pixels of frame `odd` are white, from row 1 on. */
static void film_write(int which, int width, int frames, int odd, int white)
{
    FILE *file = fopen(paths[which], "wb");
    assert_non_null(file);
    fprintf(file, "YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C444\n", width, HIGH);
    for (int f = 0; f < frames; f++) {
        fputs("FRAME\n", file);
        for (int i = 0; i < width * HIGH; i++)
            fputc(f == odd && i >= width && i < width + white ? WHITE : BLACK, file);
        for (int i = 0; i < 2 * width * HIGH; i++)
            fputc(128, file);
    }
    fclose(file);
}

static void text_write(int which, const char *text)
{
    FILE *file = fopen(paths[which], "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static struct film_difference differ(struct orl_text *picture)
{
    struct film_difference found = {0};
    struct orl_error err = {0};
    if (orl_film_compare(paths[0], paths[1], &found, picture, &err) != ORL_OK)
        fail_msg("%s", err.text);
    return found;
}

static void films_that_are_the_same(void **state)
{
    (void)state;
    film_write(0, WIDE, 3, 1, 5);
    film_write(1, WIDE, 3, 1, 5);
    assert_true(differ(NULL).same);
}

static void the_first_frame_that_differs(void **state)
{
    struct orl_text picture = {0};
    (void)state;
    film_write(0, WIDE, 4, -1, 0);
    film_write(1, WIDE, 4, 2, 5);
    struct film_difference d = differ(&picture);
    assert_true(d.decoded && !d.same);
    assert_int_equal(d.width[0], WIDE);
    assert_int_equal(d.width[1], WIDE);
    assert_int_equal(d.height[0], HIGH);
    assert_int_equal(d.height[1], HIGH);
    assert_int_equal(d.frames[0], 4);
    assert_int_equal(d.frames[1], 4);
    assert_int_equal(d.differing, 1);
    assert_int_equal(d.first, 2);
    CHECK_NEAR(d.first_s, 0.2, 1e-9);
    assert_int_equal(d.pixels, 5);
    assert_true(d.most >= 254);
    assert_memory_equal(picture.data, "\x89PNG\r\n\x1a\n", 8);
    assert_memory_equal(picture.data + 16, "\0\0\0\x30\0\0\0\x08", 8); /* three frames wide */
    orl_text_uninit(&picture);
}

static void a_longer_film_and_a_wider_one(void **state)
{
    (void)state;
    film_write(0, WIDE, 3, -1, 0);
    film_write(1, WIDE, 5, 4, 5);
    struct film_difference d = differ(NULL);
    assert_true(d.decoded && !d.same && d.differing == 0);
    assert_int_equal(d.frames[0], 3);
    assert_int_equal(d.frames[1], 5);
    film_write(1, 2 * WIDE, 3, -1, 0);
    d = differ(NULL);
    assert_true(d.decoded && !d.same && d.frames[0] == 0);
    assert_int_equal(d.width[0], WIDE);
    assert_int_equal(d.width[1], 2 * WIDE);
}

static void what_is_no_film_is_told_by_its_bytes(void **state)
{
    (void)state;
    text_write(0, "words");
    text_write(1, "words");
    assert_true(differ(NULL).same);
    text_write(1, "wordy");
    struct film_difference d = differ(NULL);
    assert_false(d.same || d.decoded);
    text_write(1, "word");
    assert_false(differ(NULL).same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(films_that_are_the_same),
        cmocka_unit_test(the_first_frame_that_differs),
        cmocka_unit_test(a_longer_film_and_a_wider_one),
        cmocka_unit_test(what_is_no_film_is_told_by_its_bytes),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
