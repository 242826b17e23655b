/* Pictures as pixels: colours where the marks say, frames that depend on nothing before them,
 * damage that misses nothing. */
#include "orl_test.h"

#include "base/random.h"
#include "base/text.h"
#include "optreel/draw.h"
#include "scene/marks/picture.h"

enum { WIDTH = 200, HEIGHT = 120 };

static const struct orl_color white = {1, 1, 1, 1}, blue = {0, 0, 1, 1}, red = {1, 0, 0, 1};

struct stage {
    struct orl_font *font;
    struct orl_canvas *canvas;
    struct orl_picture still, moving;
};

static void open_stage(struct stage *s)
{
    struct orl_error err = {0};
    *s = (struct stage){0};
    if (orl_font_create(NULL, &s->font, &err) != ORL_OK ||
        orl_canvas_create(WIDTH, HEIGHT, false, s->font, &s->canvas, &err) != ORL_OK)
        fail_msg("%s", err.text);
    orl_picture_rect(&s->still, (struct orl_rect){0, 0, WIDTH, HEIGHT}, white);
    orl_picture_segment(&s->still, 10.5, 0, 10.5, HEIGHT, 1, red);
    assert_int_equal(orl_canvas_still(s->canvas, &s->still, &err), ORL_OK);
}

static void close_stage(struct stage *s)
{
    orl_picture_uninit(&s->still);
    orl_picture_uninit(&s->moving);
    orl_canvas_destroy(&s->canvas);
    orl_font_destroy(&s->font);
}

/* A frame with a dot, a line and a word that wander. */
static struct orl_image draw(struct stage *s, int frame)
{
    struct orl_image image;
    struct orl_error err = {0};
    const double dot[] = {20 + 3.0 * frame, 60.3};
    char word[32];
    snprintf(word, sizeof word, "step %d", frame * frame);
    orl_picture_clear(&s->moving);
    orl_picture_dots(&s->moving, dot, 1, 6, ORL_MARKER_CIRCLE, blue);
    orl_picture_segment(&s->moving, 30, 10 + frame, 190, 100 - 2 * frame, 2, red);
    orl_picture_text(&s->moving, 190, 115, 1.0, 12, frame % 2, blue, word);
    if (orl_canvas_frame(s->canvas, &s->moving, &image, &err) != ORL_OK)
        fail_msg("%s", err.text);
    return image;
}

static uint32_t pixel(const struct orl_image *image, int x, int y)
{
    const uint8_t *p = image->pixels + (size_t)y * image->stride + 4 * (size_t)x;
    return (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static void colors(void **state)
{
    struct stage s;
    (void)state;
    open_stage(&s);
    struct orl_image image = draw(&s, 0);
    assert_true(image.width == WIDTH && image.height == HEIGHT);
    assert_int_equal(pixel(&image, 20, 60), 0x0000ff);
    assert_int_equal(pixel(&image, 10, 30), 0xff0000);
    assert_int_equal(pixel(&image, 150, 5), 0xffffff);
    close_stage(&s);
}

/* What lies under a ring with a halo does not show within it. */
static void ring(void **state)
{
    struct stage s;
    struct orl_image image;
    struct orl_error err = {0};
    const double at[] = {100.5, 60.5};
    (void)state;
    open_stage(&s);
    orl_picture_segment(&s.moving, 60, 60.5, 100.5, 60.5, 5, red);
    struct orl_mark *mark = orl_picture_dots(&s.moving, at, 1, 8, ORL_MARKER_RING, blue);
    mark->halo = white;
    mark->halo_px = 1;
    assert_int_equal(orl_canvas_frame(s.canvas, &s.moving, &image, &err), ORL_OK);
    assert_int_equal(pixel(&image, 80, 60), 0xff0000);
    assert_int_equal(pixel(&image, 94, 60), 0x0000ff);
    for (int x = 98; x <= 102; x++)
        assert_int_equal(pixel(&image, x, 60), 0xffffff);
    close_stage(&s);
}

/* The hexagon lies on its side (corners left and right); the triangle that points down is broad
 * above and narrow below, the other way round than the one that points up. */
static void markers_have_their_shapes(void **state)
{
    struct stage s;
    struct orl_image image;
    struct orl_error err = {0};
    const double hexagon[] = {30.5, 60.5}, down[] = {70.5, 60.5}, up[] = {110.5, 60.5};
    (void)state;
    open_stage(&s);
    orl_picture_dots(&s.moving, hexagon, 1, 10, ORL_MARKER_HEXAGON, blue);
    orl_picture_dots(&s.moving, down, 1, 10, ORL_MARKER_TRIANGLE_DOWN, red);
    orl_picture_dots(&s.moving, up, 1, 10, ORL_MARKER_TRIANGLE, red);
    assert_int_equal(orl_canvas_frame(s.canvas, &s.moving, &image, &err), ORL_OK);
    assert_int_equal(pixel(&image, 39, 60), 0x0000ff);     /* its right corner */
    assert_int_not_equal(pixel(&image, 39, 67), 0x0000ff); /* no square */
    assert_int_equal(pixel(&image, 34, 68), 0x0000ff);     /* flat below */
    assert_int_equal(pixel(&image, 78, 54), 0xff0000);     /* broad above */
    assert_int_not_equal(pixel(&image, 78, 67), 0xff0000);
    assert_int_equal(pixel(&image, 70, 70), 0xff0000);  /* its tip */
    assert_int_equal(pixel(&image, 118, 67), 0xff0000); /* broad below */
    assert_int_not_equal(pixel(&image, 118, 54), 0xff0000);
    close_stage(&s);
}

static void copy(const struct orl_image *image, uint8_t *to)
{
    for (int y = 0; y < HEIGHT; y++)
        memcpy(to + (size_t)y * WIDTH * 4, image->pixels + (size_t)y * image->stride, WIDTH * 4);
}

/* In any order the same pixels; and each difference lies in a damaged block. */
static void purity_and_damage(void **state)
{
    static const int order[] = {0, 1, 2, 3, 9, 4, 4, 20, 1, 0, 11, 19, 2};
    static uint8_t alone[WIDTH * HEIGHT * 4], now[WIDTH * HEIGHT * 4], before[WIDTH * HEIGHT * 4];
    struct stage s, fresh;
    (void)state;
    open_stage(&s);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        struct orl_image image = draw(&s, order[i]);
        copy(&image, now);
        assert_int_equal(image.damage->columns, (WIDTH + 15) / 16);
        assert_int_equal(image.damage->rows, (HEIGHT + 15) / 16);
        size_t damaged = 0;
        for (size_t b = 0; b < image.damage->columns * image.damage->rows; b++)
            damaged += image.damage->blocks[b];
        assert_true(i > 0 ? damaged < image.damage->columns * image.damage->rows
                          : damaged == image.damage->columns * image.damage->rows);
        for (size_t p = 0; i > 0 && p < WIDTH * HEIGHT; p++)
            if (memcmp(now + 4 * p, before + 4 * p, 3) != 0)
                assert_true(
                    image.damage->blocks[p / WIDTH / 16 * image.damage->columns + p % WIDTH / 16]);
        memcpy(before, now, sizeof now);
        open_stage(&fresh);
        struct orl_image other = draw(&fresh, order[i]);
        copy(&other, alone);
        for (size_t p = 0; p < WIDTH * HEIGHT; p++)
            assert_memory_equal(alone + 4 * p, now + 4 * p, 3);
        close_stage(&fresh);
    }
    close_stage(&s);
}

static double somewhere(struct orl_random *rng, double most)
{
    return -20.0 + orl_random_uniform(rng) * (most + 40.0);
}

/* A mark of any kind, anywhere, half of them see-through; the same for the same seed. */
static void any_mark(struct orl_picture *picture, uint64_t seed)
{
    struct orl_random rng;
    orl_random_init(&rng, seed, 0);
    double at[40], size = 1.0 + 5.0 * orl_random_uniform(&rng);
    for (size_t i = 0; i < 40; i++)
        at[i] = somewhere(&rng, i % 2 ? HEIGHT : WIDTH);
    const struct orl_color color = {orl_random_uniform(&rng), orl_random_uniform(&rng),
                                    orl_random_uniform(&rng), seed % 2 ? 1.0 : 0.4};
    struct orl_mark *mark = NULL;
    switch (seed % 5) {
    case 0:
        mark = orl_picture_line(picture, at, 2 + seed % 18, size, color);
        break;
    case 1:
        mark =
            orl_picture_dots(picture, at, 1 + seed % 7, size, (enum orl_marker)(seed % 6), color);
        break;
    case 2:
        mark = orl_picture_text(picture, at[0], at[1], 0.5, 8.0 + size, seed % 2, color,
                                seed % 3 ? "−12.50e7" : "Größe");
        break;
    case 3:
        mark = orl_picture_rect(picture, (struct orl_rect){at[0], at[1], 5.0 * size, 30.0}, color);
        break;
    default:
        mark = orl_picture_segment(picture, at[0], at[1], at[2], at[3], size, color);
    }
    if (seed % 7 == 0)
        mark->clip = (struct orl_rect){20, 20, 90, 70};
    if (seed % 11 == 0) {
        mark->halo = white;
        mark->halo_px = 2;
    }
}

/* What is drawn over a frame that shares some of its marks is what is drawn afresh, to the last
 * bit; what is called undamaged is the same, and a block that is called damaged is not. */
static void some_marks_change(void **state)
{
    static uint8_t now[WIDTH * HEIGHT * 4], alone[WIDTH * HEIGHT * 4], before[WIDTH * HEIGHT * 4];
    uint64_t seeds[6] = {1, 2, 3, 4, 5, 6};
    struct stage s, fresh;
    struct orl_random rng;
    struct orl_error err = {0};
    (void)state;
    orl_random_init(&rng, 5, 0);
    open_stage(&s);
    open_stage(&fresh);
    for (int frame = 0; frame < 400; frame++) {
        struct orl_image image, other;
        size_t marks = 3 + (size_t)(orl_random_uniform(&rng) * 4.0);
        seeds[(size_t)(orl_random_uniform(&rng) * 6.0)] =
            (uint64_t)(orl_random_uniform(&rng) * 1e6);
        orl_picture_clear(&s.moving);
        for (size_t i = 0; i < marks; i++)
            any_mark(&s.moving, seeds[i]);
        assert_int_equal(orl_canvas_frame(s.canvas, &s.moving, &image, &err), ORL_OK);
        copy(&image, now);
        assert_int_equal(orl_canvas_still(fresh.canvas, &fresh.still, &err), ORL_OK);
        assert_int_equal(orl_canvas_frame(fresh.canvas, &s.moving, &other, &err), ORL_OK);
        copy(&other, alone);
        uint8_t differs[((WIDTH + 15) / 16) * ((HEIGHT + 15) / 16)] = {0};
        for (size_t p = 0; p < WIDTH * HEIGHT; p++) {
            assert_memory_equal(alone + 4 * p, now + 4 * p, 3);
            if (memcmp(now + 4 * p, before + 4 * p, 4) != 0)
                differs[p / WIDTH / 16 * image.damage->columns + p % WIDTH / 16] = 1;
        }
        if (frame > 0)
            assert_memory_equal(differs, image.damage->blocks, sizeof differs);
        memcpy(before, now, sizeof now);
    }
    close_stage(&s);
    close_stage(&fresh);
}

static void not_finite(void **state)
{
    struct stage s;
    struct orl_image image;
    struct orl_error err = {0};
    const double nowhere[] = {NAN, 3};
    (void)state;
    open_stage(&s);
    orl_picture_dots(&s.moving, nowhere, 1, 6, ORL_MARKER_CIRCLE, blue);
    assert_int_equal(orl_canvas_frame(s.canvas, &s.moving, &image, &err), ORL_EBUG);
    close_stage(&s);
}

/* Tabular digits: a number is as wide as any other of its length. And Greek and mathematics are
 * there. */
static void fonts(void **state)
{
    struct orl_font *font = NULL;
    struct orl_extent a, b;
    struct orl_error err = {0};
    (void)state;
    assert_int_equal(orl_font_create(NULL, &font, &err), ORL_OK);
    const struct orl_measure *m = orl_font_measure(font);
    m->text(m->context, "1111.1", 20, false, &a);
    m->text(m->context, "8880.0", 20, false, &b);
    CHECK_NEAR(a.width, b.width, 1e-9);
    assert_true(a.width > 40 && a.width < 100 && a.ascent > 10 && a.descent > 0);
    m->text(m->context, "−12,345.60", 20, true,
            &a); /* glyph by glyph, and as Pango lays it out among words */
    m->text(m->context, "−12,345.60 e", 20, true, &b);
    CHECK_NEAR(a.ascent, b.ascent, 1e-9);
    CHECK_NEAR(a.descent, b.descent, 1e-9);
    struct orl_extent tail;
    m->text(m->context, "e", 20, true, &tail);
    assert_true(b.width > a.width + tail.width && b.width < a.width + tail.width + 10);
    m->text(m->context, "αβγ⁻⁶≤→∂", 20, true, &a);
    assert_true(a.width > 60);
    assert_non_null(orl_font_file(font, 0));
    orl_font_destroy(&font);
    assert_int_equal(orl_font_create("/nonexistent/font.ttf", &font, &err), ORL_EENV);
    assert_non_null(strstr(err.text, "/nonexistent/font.ttf"));
}

static int collect(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    (void)err;
    orl_text_append(context, bytes, length);
    return ORL_OK;
}

static int refuse(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    (void)context, (void)bytes, (void)length;
    return orl_fail(err, ORL_EIO, "full");
}

static void png(void **state)
{
    struct stage s;
    struct orl_text one = {0}, two = {0};
    struct orl_error err = {0};
    (void)state;
    open_stage(&s);
    struct orl_image image = draw(&s, 3);
    assert_int_equal(orl_image_write_png(&image, (struct orl_sink){&one, collect}, &err), ORL_OK);
    assert_int_equal(orl_image_write_png(&image, (struct orl_sink){&two, collect}, &err), ORL_OK);
    assert_int_equal(one.length, two.length);
    assert_memory_equal(one.data, two.data, one.length);
    assert_memory_equal(one.data, "\x89PNG\r\n\x1a\n", 8);
    assert_int_equal(orl_image_write_png(&image, (struct orl_sink){NULL, refuse}, &err), ORL_EIO);
    orl_text_uninit(&one);
    orl_text_uninit(&two);
    close_stage(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colors),
        cmocka_unit_test(ring),
        cmocka_unit_test(markers_have_their_shapes),
        cmocka_unit_test(purity_and_damage),
        cmocka_unit_test(some_marks_change),
        cmocka_unit_test(not_finite),
        cmocka_unit_test(fonts),
        cmocka_unit_test(png),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
