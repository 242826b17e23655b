/* slides.pptx as far as it is no question of its XML: which films make slides, what its key depends
 * on, and that a film which is no longer what the report says is refused. Its parts are read by
 * tests/end-to-end/slides.py. */
#include "orl_test.h"

#include <unistd.h>

#include "report/sample.h"
#include "report/slides.h"
#include "report/zip.h"

static void digest_of(const char *text, char hex[ORL_SHA256_HEX])
{
    struct orl_sha256 hash;
    orl_sha256_init(&hash);
    orl_sha256_update(&hash, text, strlen(text));
    orl_sha256_final_hex(&hash, hex);
}

struct one {
    struct orl_report report;
    struct orl_report_film films[3];
    struct orl_layout_of_report layout;
    char film[ORL_SHA256_HEX], poster[ORL_SHA256_HEX];
};

/* An MP4 of the film "race" with its poster, and the film "data" that is a CSV of frames' digests.
 */
static void one_fill(struct one *o)
{
    memset(o, 0, sizeof *o);
    digest_of("film", o->film);
    digest_of("poster", o->poster);
    o->films[0] = (struct orl_report_film){.name = "race",
                                           .title = "Race",
                                           .alt = "Words",
                                           .format = "mp4",
                                           .path = "race.mp4",
                                           .poster = "race.png",
                                           .sha256 = o->film,
                                           .width = 640,
                                           .height = 360,
                                           .seconds = 2};
    o->films[1] = (struct orl_report_film){.name = "race",
                                           .format = "png",
                                           .path = "race.png",
                                           .sha256 = o->poster,
                                           .width = 640,
                                           .height = 360};
    o->films[2] = (struct orl_report_film){
        .name = "data", .format = "framemd5", .path = "data.framemd5", .sha256 = o->film};
    o->report = (struct orl_report){
        .experiment = "e", .title = "Title", .films = o->films, .film_count = 3};
    assert_true(orl_report_arrange(&o->layout, &o->report));
}

static void films_that_slides_play_are_counted(void **state)
{
    struct one o;
    (void)state;
    one_fill(&o);
    assert_int_equal(orl_slides_count(&o.layout), 1);
    o.films[2].format = "gif";
    assert_int_equal(orl_slides_count(&o.layout), 2);
    o.films[0].failure = "disk full";
    assert_int_equal(orl_slides_count(&o.layout), 1);
    orl_report_arrange_uninit(&o.layout);
}

/* Whatever stands in the file changes its key, and what does not leaves it. */
static void the_key_is_of_what_is_in_it(void **state)
{
    struct one o;
    char first[ORL_SHA256_HEX], key[ORL_SHA256_HEX], other[ORL_SHA256_HEX];
    const char **texts[] = {&o.films[0].title, &o.films[0].alt, &o.films[0].sha256,
                            &o.films[1].sha256, &o.report.title};
    (void)state;
    digest_of("another", other);
    one_fill(&o);
    assert_int_equal(orl_slides_key(&o.layout, first, NULL), ORL_OK);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *kept = *texts[i];
        *texts[i] = other;
        assert_int_equal(orl_slides_key(&o.layout, key, NULL), ORL_OK);
        if (strcmp(key, first) == 0)
            fail_msg("text %zu does not count", i);
        *texts[i] = kept;
    }
    o.films[0].height = 640;
    assert_int_equal(orl_slides_key(&o.layout, key, NULL), ORL_OK);
    assert_string_not_equal(key, first);
    o.films[0].height = 360;
    o.films[0].seconds = 3;
    assert_int_equal(orl_slides_key(&o.layout, key, NULL), ORL_OK);
    assert_string_not_equal(key, first);
    o.films[0].seconds = 2;
    o.report.seconds = 99;
    assert_int_equal(orl_slides_key(&o.layout, key, NULL), ORL_OK);
    assert_string_equal(key, first);
    orl_report_arrange_uninit(&o.layout);
}

/* Write the presentation of `o` from a folder that holds `film` and a poster; the code, and the
 * message in err. */
static int written(const struct one *o, const char *film, int64_t *size, struct orl_error *err)
{
    char path[] = "/tmp/orl-slides-XXXXXX";
    struct orl_folder *folder = NULL;
    struct orl_outfile *file = NULL;
    assert_non_null(mkdtemp(path));
    assert_int_equal(orl_folder_open(path, true, true, &folder, NULL), ORL_OK);
    assert_int_equal(orl_folder_write(folder, "race.mp4", film, strlen(film), NULL), ORL_OK);
    assert_int_equal(orl_folder_write(folder, "race.png", "poster", 6, NULL), ORL_OK);
    assert_int_equal(orl_outfile_create(folder, "slides.pptx", &file, NULL), ORL_OK);
    int ret = orl_slides_write(&o->layout, folder, file, err);
    *size = orl_outfile_size(file);
    orl_outfile_abort(&file);
    unlinkat(folder->fd, "race.mp4", 0);
    unlinkat(folder->fd, "race.png", 0);
    orl_folder_close(&folder);
    char *command = orl_asprintf("rm -rf '%s'", path);
    assert_int_equal(system(command), 0);
    free(command);
    return ret;
}

static void a_film_that_changed_is_refused(void **state)
{
    struct one o;
    struct orl_error err = {0};
    int64_t size = 0;
    (void)state;
    one_fill(&o);
    assert_int_equal(written(&o, "film", &size, &err), ORL_OK);
    assert_true(size > 5000);
    assert_int_equal(written(&o, "fiim", &size, &err), ORL_EIO);
    assert_string_equal(err.text, "'race.mp4' was changed by another program");
    o.films[0].path = "gone.mp4";
    err = (struct orl_error){0};
    assert_int_equal(written(&o, "film", &size, &err), ORL_EIO);
    assert_non_null(strstr(err.text, "cannot read 'gone.mp4'"));
    orl_report_arrange_uninit(&o.layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(films_that_slides_play_are_counted),
        cmocka_unit_test(the_key_is_of_what_is_in_it),
        cmocka_unit_test(a_film_that_changed_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
