/* Pictures as vector pages: the background once, failures told, nothing left half-written in
 * silence. */
#include "orl_test.h"

#include "base/text.h"
#include "optreel/draw.h"
#include "scene/marks/picture.h"

enum { WIDTH = 640, HEIGHT = 360 };

static const struct orl_color white = {1, 1, 1, 1}, blue = {0, 0, 1, 1}, red = {1, 0, 0, 0.5};

struct stage {
    struct orl_font *font;
    struct orl_picture still, moving;
    struct orl_text out;
    size_t room; /* bytes that the sink takes before it fails; 0: any */
};

static int take(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    struct stage *s = context;
    if (s->room && s->out.length + length > s->room)
        return orl_fail(err, ORL_EIO, "the sink is full");
    orl_text_append(&s->out, bytes, length);
    return ORL_OK;
}

/* A background of 1,000 dots, which would show in the size of every page if it were not shared. */
static void open_stage(struct stage *s)
{
    struct orl_error err = {0};
    double dots[2000];
    *s = (struct stage){0};
    if (orl_font_create(NULL, &s->font, &err) != ORL_OK)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < 1000; i++) {
        dots[2 * i] = (double)(i * 37 % WIDTH);
        dots[2 * i + 1] = (double)(i * 71 % HEIGHT);
    }
    orl_picture_rect(&s->still, (struct orl_rect){0, 0, WIDTH, HEIGHT}, white);
    orl_picture_dots(&s->still, dots, 1000, 3, ORL_MARKER_CIRCLE, blue);
    orl_picture_text(&s->still, 20, 40, 0.0, 24, true, blue, "background");
}

static void close_stage(struct stage *s)
{
    orl_picture_uninit(&s->still);
    orl_picture_uninit(&s->moving);
    orl_text_uninit(&s->out);
    orl_font_destroy(&s->font);
}

static const struct orl_document_spec pdf = {.kind = ORL_DOCUMENT_PDF,
                                             .width = WIDTH,
                                             .height = HEIGHT,
                                             .px_pt = 0.5,
                                             .title = "\xce\xb1 + \xce\xb2x"};
static const struct orl_document_spec svg = {
    .kind = ORL_DOCUMENT_SVG, .width = WIDTH, .height = HEIGHT, .title = "a < b & \"c\"\x01"};

static void open_document(struct stage *s, const struct orl_document_spec *spec,
                          struct orl_document **document)
{
    struct orl_error err = {0};
    orl_text_clear(&s->out);
    if (orl_document_create(spec, s->font, (struct orl_sink){s, take}, document, &err) != ORL_OK ||
        orl_document_still(*document, &s->still, &err) != ORL_OK)
        fail_msg("%s", err.text);
}

static int add_page(struct stage *s, struct orl_document *document, double x, struct orl_error *err)
{
    char word[32];
    snprintf(word, sizeof word, "step %.0f", x);
    orl_picture_clear(&s->moving);
    orl_picture_segment(&s->moving, x, 20, 400, 300, 3, red);
    orl_picture_text(&s->moving, 600, 340, 1.0, 20, false, blue, word);
    return orl_document_page(document, &s->moving, err);
}

static size_t pages_of(struct stage *s, size_t count)
{
    struct orl_document *document;
    struct orl_error err = {0};
    open_document(s, &pdf, &document);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(add_page(s, document, (double)i, &err), ORL_OK);
    assert_int_equal(orl_document_finish(&document, &err), ORL_OK);
    assert_null(document);
    return s->out.length;
}

static bool holds(const struct stage *s, const char *what)
{
    return memmem(s->out.data, s->out.length, what, strlen(what)) != NULL;
}

static void background_once(void **state)
{
    struct stage s;
    (void)state;
    open_stage(&s);
    size_t one = pages_of(&s, 1), sixty = pages_of(&s, 60);
    assert_true(one > 10000);             /* the dots are in it */
    assert_true(sixty - one < 59 * 1500); /* a page has its line, its word, and what any page has */
    assert_true(holds(&s, "/Count 60"));
    assert_true(holds(&s, "/Title <FEFF03B10020002B002003B20078>"));
    assert_true(holds(&s, "/MediaBox [ 0 0 320 180 ]"));
    assert_true(holds(&s, "/FontFile"));
    assert_false(holds(&s, "/CreationDate"));   /* no clock */
    assert_false(holds(&s, "/Subtype /Image")); /* lines, not pixels */
    close_stage(&s);
}

static void date_told(void **state)
{
    struct stage s;
    struct orl_document_spec spec = pdf;
    struct orl_document *document;
    struct orl_error err = {0};
    (void)state;
    open_stage(&s);
    spec.date = "2020-02-29T12:34:56Z";
    open_document(&s, &spec, &document);
    assert_int_equal(add_page(&s, document, 1, &err), ORL_OK);
    assert_int_equal(orl_document_finish(&document, &err), ORL_OK);
    assert_true(holds(&s, "20200229123456Z"));
    close_stage(&s);
}

static void svg_page(void **state)
{
    struct stage s;
    struct orl_document *document;
    struct orl_error err = {0};
    (void)state;
    open_stage(&s);
    open_document(&s, &svg, &document);
    assert_int_equal(add_page(&s, document, 1, &err), ORL_OK);
    assert_int_equal(add_page(&s, document, 2, &err), ORL_EBUG); /* there is one page in an SVG */
    err = (struct orl_error){0};
    assert_int_equal(orl_document_finish(&document, &err), ORL_OK);
    assert_true(holds(&s, " width=\"640px\" height=\"360px\" viewBox=\"0 0 640 360\""));
    assert_true(holds(&s, "version=\"1.1\">\n<title>a &lt; b &amp; &quot;c&quot;</title>\n"));
    assert_false(holds(&s, "<image"));
    assert_memory_equal(s.out.data + s.out.length - 7, "</svg>\n", 7);
    close_stage(&s);
}

/* Whenever the sink fails, its own sentence comes back, at the latest when the document is
 * finished. */
static void full_sink(void **state)
{
    struct stage s;
    (void)state;
    open_stage(&s);
    size_t whole = pages_of(&s, 3);
    for (size_t room = 1; room < whole; room += 1 + whole / 12) {
        struct orl_document *document;
        struct orl_error err = {0};
        int ret = ORL_OK;
        s.room = room;
        open_document(&s, &pdf, &document);
        for (int i = 0; ret == ORL_OK && i < 3; i++)
            ret = add_page(&s, document, i, &err);
        if (ret == ORL_OK)
            ret = orl_document_finish(&document, &err);
        orl_document_abort(&document);
        assert_int_equal(ret, ORL_EIO);
        assert_string_equal(err.text, "the sink is full");
        assert_true(s.out.length <= room);
    }
    close_stage(&s);
}

static void nothing_after_abort(void **state)
{
    struct stage s;
    struct orl_document *document;
    struct orl_error err = {0};
    (void)state;
    open_stage(&s);
    open_document(&s, &pdf, &document);
    assert_int_equal(add_page(&s, document, NAN, &err), ORL_OK); /* a NaN lifts the pen */
    assert_int_equal(add_page(&s, document, INFINITY, &err), ORL_EBUG);
    size_t before = s.out.length;
    orl_document_abort(&document);
    assert_null(document);
    assert_int_equal(s.out.length, before);
    orl_document_abort(&document);
    close_stage(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(background_once), cmocka_unit_test(date_told), cmocka_unit_test(svg_page),
        cmocka_unit_test(full_sink), cmocka_unit_test(nothing_after_abort)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
