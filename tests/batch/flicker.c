/* Nothing on a film flashes: every frame of every film of the built-in experiments, drawn small, is
 * compared with the two before it, and the film with itself as it plays again (WCAG 2.2, success
 * criterion 2.3.1). With arguments: the same for one experiment, `test_batch_flicker FILE
 * [KEY=VALUE...]`. */
#include "orl_test.h"

#include "batch/stage.h"
#include "optreel/experiment.h"

#ifdef ORL_SANITIZED
enum { FILMS = 7 }; /* every so many of them; the release build looks at all */
#else
enum { FILMS = 1 };
#endif

enum {
    WIDTH = 320,
    HEIGHT = 180,
    PIXELS = WIDTH * HEIGHT,
    CHANGE = 26,  /* of 255: a tenth of the greatest luminance */
    SIDE = 10,    /* px: a field of the picture turns ... */
    OF_FIELD = 5, /* ... where so many of its pixels do */
    FIELDS = PIXELS / (SIDE * SIDE),
    FLASHES = 3, /* in a second: a flash is two turns */
    MOST = 64    /* fields side by side that flash more often: a comb of lines over a small plot */
};

/* Where the luminance of each pixel turned: it goes up or down from there, so far to `extreme`. */
struct flicker {
    uint8_t extreme[PIXELS];
    bool rises[PIXELS];
    uint64_t turns[FIELDS];    /* of each field, the last frames in which it turned: bits */
    size_t worst, worst_frame; /* the most fields that flashed within any second */
};

static size_t faults;

static void luma_of(const struct orl_image *image, uint8_t *luma)
{
    for (size_t y = 0; y < (size_t)image->height; y++)
        for (size_t x = 0; x < (size_t)image->width; x++) {
            const uint8_t *p = image->pixels + y * image->stride + 4 * x;
            luma[y * (size_t)image->width + x] =
                (uint8_t)((19 * p[0] + 183 * p[1] + 54 * p[2]) / 256);
        }
}

/* Take a frame in; returns the fields that turned in it. The first one turns nothing. */
static size_t frame_take(struct flicker *f, const uint8_t luma[PIXELS], bool first)
{
    uint8_t turned[FIELDS] = {0};
    size_t count = 0;
    for (size_t i = 0; i < PIXELS; i++) {
        int on = f->rises[i] ? luma[i] - f->extreme[i] : f->extreme[i] - luma[i];
        if (first || on >= 0) {
            f->extreme[i] = luma[i];
        } else if (on <= -CHANGE) {
            f->extreme[i] = luma[i];
            f->rises[i] = !f->rises[i];
            turned[i / WIDTH / SIDE * (WIDTH / SIDE) + i % WIDTH / SIDE]++;
        }
    }
    for (size_t i = 0; i < FIELDS; i++) {
        bool turns = turned[i] >= OF_FIELD;
        f->turns[i] = f->turns[i] << 1 | turns;
        count += turns;
    }
    return count;
}

/* A field and all that touch it, at sides or corners; each is counted once. */
static size_t patch_count(bool *flashes, size_t field)
{
    enum { COLUMNS = WIDTH / SIDE, ROWS = HEIGHT / SIDE };
    size_t column = field % COLUMNS, row = field / COLUMNS, count = 1;
    flashes[field] = false;
    for (size_t r = row ? row - 1 : 0; r <= row + 1 && r < ROWS; r++)
        for (size_t c = column ? column - 1 : 0; c <= column + 1 && c < COLUMNS; c++)
            if (flashes[r * COLUMNS + c])
                count += patch_count(flashes, r * COLUMNS + c);
    return count;
}

/* The largest patch of fields that turned more often in the last frames than FLASHES allow. */
static size_t flash_count(const struct flicker *f, size_t frames)
{
    bool flashes[FIELDS];
    size_t most = 0;
    for (size_t i = 0; i < FIELDS; i++)
        flashes[i] =
            __builtin_popcountll(f->turns[i] & ((UINT64_C(1) << frames) - 1)) > 2 * FLASHES;
    for (size_t i = 0; i < FIELDS; i++) {
        size_t patch = flashes[i] ? patch_count(flashes, i) : 0;
        most = patch > most ? patch : most;
    }
    return most;
}

static void film_watch(const struct orl_frame_source *source, size_t frames, size_t second,
                       struct flicker *f)
{
    struct orl_error err = {0};
    struct orl_image image;
    static uint8_t luma[PIXELS];
    for (size_t n = 0; n < frames + second; n++) { /* it plays again */
        if (source->frame(source->context, n % frames, &image, &err) != ORL_OK)
            fail_msg("%s", err.text);
        assert_int_equal(image.width, WIDTH);
        assert_int_equal(image.height, HEIGHT);
        luma_of(&image, luma);
        frame_take(f, luma, n == 0);
        size_t measure = flash_count(f, second);
        if (measure > f->worst) {
            f->worst = measure;
            f->worst_frame = n;
        }
    }
}

static void check_film(struct stage *stage, const struct orl_experiment *e, size_t index)
{
    const struct orl_film_plan *plan = &e->films[index];
    const struct orl_output_plan *look = &plan->outputs[0];
    struct orl_error err = {0};
    static struct flicker f;
    f = (struct flicker){.worst = 0};
    if (orl_stage_set(stage, index, NULL, look, &err) != ORL_OK)
        fail_msg("%s: %s", plan->name, err.text);
    struct orl_frame_source source = orl_stage_source(stage, false);
    film_watch(&source, orl_film_frames(orl_stage_scene(stage)),
               (size_t)(look->fps_num / look->fps_den), &f);
    if (getenv("ORL_FLICKER"))
        print_message("%s: %zu fields at frame %zu\n", plan->name, f.worst, f.worst_frame);
    if (f.worst > MOST) {
        print_error("%s: %zu fields flash more than %d times in the second before frame %zu\n",
                    plan->name, f.worst, FLASHES, f.worst_frame);
        faults++;
    }
}

static void check_experiment(const char *what, const char *const *set, size_t set_count)
{
    struct orl_experiment_source source = {0};
    struct orl_experiment_options options = {.set = set, .set_count = set_count};
    struct orl_messages messages = {0};
    struct orl_experiment *e = NULL;
    struct orl_font *font = NULL;
    struct stage *stage = NULL;
    struct orl_error err = {0};
    int ret = orl_experiment_read(what, &orl_limits_default, &source, &messages);
    if (ret == ORL_OK)
        ret = orl_experiment_load(&source, &options, &orl_limits_default, &messages, &e);
    if (ret != ORL_OK)
        fail_msg("%s: %s", what, messages.count ? messages.items[0].text : "cannot be loaded");
    assert_int_equal(orl_font_create(e->font, &font, &err), ORL_OK);
    assert_int_equal(orl_stage_create(e, &orl_limits_default, NULL, font, &stage, &err), ORL_OK);
    for (size_t film = 0; film < e->film_count; film += FILMS)
        check_film(stage, e, film);
    orl_stage_destroy(&stage);
    orl_font_destroy(&font);
    orl_experiment_destroy(&e);
    orl_experiment_source_uninit(&source);
    orl_messages_uninit(&messages);
}

static const char *const small[] = {"output.preset=draft", "output.formats=[mp4]",
                                    "output.size=320x180", "output.fps=30"};

static void built_in_films_do_not_flash(void **state)
{
    (void)state;
    for (const struct orl_builtin *b = orl_builtins; b->name; b++)
        check_experiment(b->name, small, sizeof small / sizeof *small);
    if (faults)
        fail_msg("%zu films flash", faults);
}

/* The measure itself: a sixth of the picture that goes on and off. */
static void a_flash_is_found(void **state)
{
    static struct flicker f;
    static uint8_t dark[PIXELS], lit[PIXELS];
    (void)state;
    memset(lit, 255, PIXELS / 6);
    frame_take(&f, dark, true);
    for (size_t i = 0; i < 2 * FLASHES; i++) { /* two frames lit, two frames dark */
        assert_int_equal(frame_take(&f, i % 2 ? dark : lit, false), FIELDS / 6);
        assert_int_equal(frame_take(&f, i % 2 ? dark : lit, false), 0);
    }
    assert_int_equal(flash_count(&f, 30), 0);
    frame_take(&f, lit, false);
    frame_take(&f, dark, false);
    assert_int_equal(flash_count(&f, 30), FIELDS / 6);
    assert_int_equal(flash_count(&f, 10), 0); /* not in so short a time */
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_flash_is_found),
                                       cmocka_unit_test(built_in_films_do_not_flash)};
    if (argc > 1) {
        check_experiment(argv[1], (const char *const *)argv + 2, (size_t)argc - 2);
        return faults > 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
