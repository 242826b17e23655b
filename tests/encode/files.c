/* Segments made, joined and read back, in memory; and every way in which a file can be wrong is
 * noticed. */
#include <unistd.h>

#include "orl_test.h"

#include "base/text.h"
#include "encode/tables.h"
#include "optreel/encode.h"
#include "scene/marks/picture.h"

enum { WIDTH = 64, HEIGHT = 48, FRAMES = 130, SEGMENTS_MAX = 8 };

struct file {
    struct orl_text text;
    int64_t at;
};

static int file_write(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    struct file *f = context;
    (void)err;
    while ((int64_t)f->text.length < f->at + (int64_t)length)
        orl_text_putc(&f->text, '\0');
    memcpy(f->text.data + f->at, bytes, length);
    f->at += (int64_t)length;
    return ORL_OK;
}

static int file_seek(void *context, int64_t position, struct orl_error *err)
{
    (void)err;
    ((struct file *)context)->at = position;
    return ORL_OK;
}

static int64_t file_read(void *context, int64_t position, void *bytes, size_t length,
                         struct orl_error *err)
{
    const struct file *f = context;
    (void)err;
    if (position >= (int64_t)f->text.length)
        return 0;
    size_t left = f->text.length - (size_t)position, n = left < length ? left : length;
    memcpy(bytes, f->text.data + position, n);
    return (int64_t)n;
}

static int64_t file_size(void *context)
{
    return (int64_t)((struct file *)context)->text.length;
}

static struct orl_stream stream_of(struct file *f)
{
    return (struct orl_stream){f, file_write, file_seek, file_read, file_size};
}

/* A square that moves for the first hundred frames, on stripes. */
static int frame(void *context, size_t number, struct orl_image *image, struct orl_error *err)
{
    static uint8_t pixels[WIDTH * HEIGHT * 4];
    size_t place = number < 100 ? number / 3 : 33;
    (void)context, (void)err;
    for (size_t y = 0; y < HEIGHT; y++)
        for (size_t x = 0; x < WIDTH; x++) {
            uint8_t *p = pixels + (y * WIDTH + x) * 4;
            bool square = x >= place && x < place + 10 && y >= 10 && y < 20;
            p[0] = square ? 200 : (uint8_t)(x * 3);
            p[1] = square ? 20 : (uint8_t)(255 - y);
            p[2] = square ? 30 : 240;
        }
    *image =
        (struct orl_image){.pixels = pixels, .width = WIDTH, .height = HEIGHT, .stride = WIDTH * 4};
    return ORL_OK;
}

/* The same as pictures, for vector formats. */
static struct orl_picture picture;

static int still(void *context, size_t number, const struct orl_picture **out,
                 struct orl_error *err)
{
    (void)number;
    (void)context, (void)err;
    orl_picture_clear(&picture);
    orl_picture_rect(&picture, (struct orl_rect){0, 0, WIDTH, HEIGHT},
                     (struct orl_color){1, 1, 1, 1});
    orl_picture_text(&picture, 5, 40, 0.0, 12, false, (struct orl_color){0, 0, 0, 1}, "still");
    *out = &picture;
    return ORL_OK;
}

static int moving(void *context, size_t number, const struct orl_picture **out,
                  struct orl_error *err)
{
    (void)context, (void)err;
    orl_picture_clear(&picture);
    orl_picture_rect(&picture, (struct orl_rect){(double)number / 3, 10, 10, 10},
                     (struct orl_color){0.8, 0.1, 0.1, 1});
    *out = &picture;
    return ORL_OK;
}

static void words(void *context, size_t number, struct orl_words *out)
{
    (void)context;
    snprintf(out->line[0], sizeof out->line[0], "step %zu & <%zu>", number, number);
    snprintf(out->line[1], sizeof out->line[1], "%s", number > 60 ? "αβ" : "");
}

/* By name, sidecars among them. */
static const struct orl_format_desc *find(const char *name)
{
    for (size_t i = 0; orl_sidecars[i]; i++)
        if (strcmp(orl_sidecars[i]->name, name) == 0)
            return orl_sidecars[i];
    return orl_format_find(name);
}

struct made {
    struct orl_output_spec spec;
    struct orl_value values[8];
    struct file segments[SEGMENTS_MAX], out;
    size_t count;
};

static int open_segment(void *context, size_t index, struct orl_stream *stream,
                        struct orl_error *err)
{
    struct made *m = context;
    (void)err;
    *stream = stream_of(&m->segments[index]);
    return ORL_OK;
}

static void close_segment(void *context, struct orl_stream *stream)
{
    (void)context, (void)stream;
}

/* Settings by name: "codec=hevc"; a choice by its name. */
static void set(struct made *m, const char *assignment)
{
    const char *equals = strchr(assignment, '=');
    char name[32];
    snprintf(name, sizeof name, "%.*s", (int)(equals - assignment), assignment);
    int index = orl_setting_find(m->spec.format->settings, name);
    assert_true(index >= 0);
    const struct orl_setting *setting = &m->spec.format->settings[index];
    for (size_t c = 0; setting->choices && setting->choices[c]; c++)
        if (strcmp(setting->choices[c], equals + 1) == 0) {
            m->values[index].number = (double)c;
            return;
        }
    assert_null(setting->choices);
    m->values[index].number = strtod(equals + 1, NULL);
}

/* What the next films have. */
static const struct orl_chapter *chapters;
static size_t chapter_count;

static void make_segments_as(struct made *m, const char *format, const char *assignment, int fps)
{
    static const struct orl_color background = {1, 1, 1, 1};
    struct orl_frame_source source = {
        .frame = frame, .still = still, .moving = moving, .words = words};
    struct orl_error err = {0};
    assert_int_equal(orl_font_create(NULL, &source.font, &err), ORL_OK);
    *m = (struct made){.spec = {.format = find(format),
                                .name = "a_film",
                                .width = WIDTH,
                                .height = HEIGHT,
                                .fps_num = fps,
                                .fps_den = 1,
                                .frames = FRAMES,
                                .colors = &background,
                                .color_count = 1}};
    for (size_t i = 0; i < orl_setting_count(m->spec.format->settings); i++)
        m->values[i].number = m->spec.format->settings[i].initial;
    m->spec.values = m->values;
    m->spec.chapters = chapters;
    m->spec.chapter_count = chapter_count;
    if (assignment)
        set(m, assignment);
    if (m->spec.format->still)
        m->spec.frames = 1;
    if (orl_encode_check(&m->spec, &err) != ORL_OK)
        fail_msg("%s", err.text);
    size_t length = orl_encode_segment_frames(&m->spec);
    m->count = (m->spec.frames + length - 1) / length;
    assert_true(m->count <= SEGMENTS_MAX);
    for (size_t i = m->count; i-- > 0;) { /* in any order */
        size_t first = i * length,
               count = m->spec.frames - first < length ? m->spec.frames - first : length;
        if (orl_encode_segment(&m->spec, &source, first, count,
                               (struct orl_sink){&m->segments[i], file_write}, &err) != ORL_OK)
            fail_msg("%s: %s", format, err.text);
    }
    orl_font_destroy(&source.font);
}

static void make_segments(struct made *m, const char *format, int fps)
{
    make_segments_as(m, format, NULL, fps);
}

static int join(struct made *m)
{
    struct orl_segment_source source = {m, open_segment, close_segment};
    struct orl_stream out = stream_of(&m->out);
    orl_text_clear(&m->out.text);
    m->out.at = 0;
    return orl_encode_join(&m->spec, &source, m->count, &out, NULL);
}

static int verify(struct made *m, struct orl_output_facts *facts, struct orl_error *err)
{
    struct orl_stream in = stream_of(&m->out);
    *err = (struct orl_error){0};
    return orl_encode_verify(&m->spec, &in, facts, err);
}

static void drop(struct made *m)
{
    for (size_t i = 0; i < m->count; i++)
        orl_text_uninit(&m->segments[i].text);
    orl_text_uninit(&m->out.text);
}

static void round_trip_as(const char *format, const char *assignment, int fps)
{
    struct made m, again;
    struct orl_output_facts facts;
    struct orl_error err;
    make_segments_as(&m, format, assignment, fps);
    assert_int_equal(join(&m), ORL_OK);
    if (verify(&m, &facts, &err) != ORL_OK)
        fail_msg("%s: %s", format, err.text);
    assert_int_equal(facts.frames + facts.merged, m.spec.frames);
    if (!m.spec.format->still)
        CHECK_NEAR(facts.seconds, (double)FRAMES / fps,
                   1e-3); /* Matroska and WebP count milliseconds */
    assert_int_equal(facts.bytes, m.out.text.length);
    make_segments_as(&again, format, assignment, fps);
    assert_int_equal(join(&again), ORL_OK);
    if (!m.spec.format->fresh_process) { /* tests/end-to-end/vector.py compares the others, process
                                            against process */
        assert_int_equal(m.out.text.length, again.out.text.length);
        assert_memory_equal(m.out.text.data, again.out.text.data, m.out.text.length);
    }
    drop(&again);
    /* Other bytes, or cut short, it never passes. */
    char *right = m.out.text.data, *zeros = calloc(m.out.text.length, 1);
    m.out.text.data = zeros;
    assert_int_not_equal(verify(&m, &facts, &err), ORL_OK);
    m.out.text.data = right;
    free(zeros);
    size_t whole = m.out.text.length;
    for (size_t cut = 1; cut < whole; cut += 1 + cut / 2) {
        m.out.text.length = whole - cut;
        assert_int_not_equal(verify(&m, &facts, &err), ORL_OK);
    }
    m.out.text.length = whole;
    m.spec.width += 2; /* nor for a film of another size or length */
    if (!m.spec.format->beside)
        assert_int_not_equal(verify(&m, &facts, &err), ORL_OK);
    m.spec.width -= 2;
    if (!m.spec.format->still) {
        m.spec.frames++;
        assert_int_not_equal(verify(&m, &facts, &err), ORL_OK);
        m.spec.frames--;
    }
    /* A segment with a wrong byte is never joined. */
    for (size_t at = 3; at < m.segments[0].text.length; at += 97) {
        m.segments[0].text.data[at] ^= 0x10;
        if (join(&m) == ORL_OK)
            fail_msg("%s: byte %zu of %zu", format, at, m.segments[0].text.length);
        m.segments[0].text.data[at] ^= 0x10;
    }
    drop(&m);
}

static void round_trip(const char *format, int fps)
{
    round_trip_as(format, NULL, fps);
}

/* Each format of the table: a new one is tested by its line there. Were its verify to accept
 * anything, files that are cut, empty, of another size or length would pass. */
static void every_format(void **state)
{
    (void)state;
    for (size_t i = 0; orl_formats[i]; i++)
        round_trip(orl_formats[i]->name, 20);
}

static void mp4(void **state)
{
    (void)state;
    round_trip("mp4", 24);
    round_trip_as("mp4", "codec=hevc", 30);
    round_trip_as("mp4", "codec=av1", 30);
}

static void webm(void **state)
{
    (void)state;
    round_trip("webm", 60);
    round_trip_as("webm", "codec=av1", 24);
}

static void raw(void **state)
{
    (void)state;
    round_trip("y4m", 30);
    round_trip("framemd5", 60);
}

static void mkv(void **state)
{
    (void)state;
    round_trip("mkv", 60);
    round_trip_as("mkv", "codec=ffv1", 30);
}

static void gif(void **state)
{
    (void)state;
    round_trip("gif", 50);
}

static void avif(void **state)
{
    (void)state;
    round_trip_as("avif", "chroma=420", 24);
}

static void apng(void **state)
{
    (void)state;
    round_trip("apng", 30);
    round_trip("apng", 24);
}

static void webp(void **state)
{
    (void)state;
    round_trip("webp", 30);
    round_trip("webp", 12);
}

static void png(void **state)
{
    (void)state;
    round_trip("png", 30);
}

static void pdf(void **state)
{
    (void)state;
    round_trip("pdf", 12);
}

/* The lines of the film's captions stand in the file; times follow each other. */
static void vtt(void **state)
{
    static const char head[] = "WEBVTT\n\n00:00:00.000 --> 00:00:00.500\nstep 0 &amp; "
                               "&lt;0&gt;\n\n00:00:00.500 --> 00:00:01.000\nstep 12 ";
    static const char tail[] = "00:00:10.500 --> 00:00:10.833\nstep 126 &amp; &lt;126&gt;\nαβ\n\n";
    struct made m;
    struct orl_output_facts facts;
    struct orl_error err;
    (void)state;
    make_segments(&m, "vtt", 24);
    assert_int_equal(join(&m), ORL_OK);
    drop(&m);
    round_trip("vtt", 12);
    make_segments(&m, "vtt", 12);
    assert_int_equal(join(&m), ORL_OK);
    m.out.text.data[10] = '1'; /* a first cue that begins late */
    assert_int_equal(verify(&m, &facts, &err), ORL_FAIL);
    drop(&m);
    make_segments(&m, "vtt", 24);
    assert_int_equal(join(&m), ORL_OK);
    assert_memory_equal(m.out.text.data, head, sizeof head - 1);
    drop(&m);
    make_segments(&m, "vtt", 12);
    assert_int_equal(join(&m), ORL_OK);
    assert_string_equal(m.out.text.data + m.out.text.length - (sizeof tail - 1), tail);
    drop(&m);
}

/* Replace the first `from` by `to`, which is as long, and check the file. */
static int verify_with(struct made *m, const char *from, const char *to)
{
    struct orl_output_facts facts;
    struct orl_error err;
    char *at = strstr(m->out.text.data, from);
    assert_non_null(at);
    memcpy(at, to, strlen(to));
    int ret = verify(m, &facts, &err);
    memcpy(at, from, strlen(from));
    return ret;
}

/* The square moves by a third of a px in each frame: every one changes something. */
static void svg_animated(void **state)
{
    struct made m;
    struct orl_output_facts facts;
    struct orl_error err;
    (void)state;
    make_segments(&m, "svg-animated", 20);
    assert_int_equal(join(&m), ORL_OK);
    assert_int_equal(verify(&m, &facts, &err), ORL_OK);
    assert_int_equal(facts.frames, FRAMES);
    CHECK_NEAR(facts.seconds, 6.5, 1e-12);
    assert_int_equal(verify_with(&m, "dur=\"6.5s\"", "dur=\"6.5s\""), ORL_OK);
    assert_int_equal(verify_with(&m, "dur=\"6.5s\"", "dur=\"6.4s\""), ORL_FAIL);
    assert_int_equal(verify_with(&m, "values=\"0 100;", "values=\"0 100 "), ORL_FAIL);
    assert_int_equal(verify_with(&m, "keyTimes=\"0;.0", "keyTimes=\"0;.9"), ORL_FAIL);
    assert_int_equal(verify_with(&m, "</path>", "<path/>"), ORL_FAIL);
    m.spec.format = orl_format_find("svg"); /* which stands still */
    assert_int_equal(verify(&m, &facts, &err), ORL_FAIL);
    drop(&m);
}

static void svg(void **state)
{
    (void)state;
    round_trip("svg", 30);
}

/* Any digit of a PDF's own book-keeping that is wrong shows when it is read back. */
static void pdf_table(void **state)
{
    struct made m;
    struct orl_output_facts facts;
    struct orl_error err;
    size_t changed = 0;
    (void)state;
    make_segments(&m, "pdf", 12);
    assert_int_equal(join(&m), ORL_OK);
    char *bytes = m.out.text.data, *table = memmem(bytes, m.out.text.length, "\nxref\n", 6);
    char *count = memmem(bytes, m.out.text.length, "/Count ", 7),
         *box = memmem(bytes, m.out.text.length, "/MediaBox [ 0 0 ", 16);
    char *length = memmem(bytes, m.out.text.length, "/Length ", 8),
         *end = memmem(bytes, m.out.text.length, "endstream", 9);
    assert_true(table && count && box && length && end);
    char *const places[] = {bytes + 3, table + 1,  table + 60, count + 7,
                            box + 16,  length + 8, end,        bytes + m.out.text.length - 3};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++, changed++) {
        *places[i] ^= 1;
        assert_int_equal(verify(&m, &facts, &err), ORL_FAIL);
        assert_true(strlen(err.text) > 0);
        *places[i] ^= 1;
    }
    assert_int_equal(verify(&m, &facts, &err), ORL_OK);
    drop(&m);
}

/* What ffprobe says of a file's chapters: "start,end,title" a line. */
static void probe_chapters(const struct made *m, const char *extension, char *out, size_t size)
{
    char path[64], command[256];
    snprintf(path, sizeof path, "/tmp/orl-chapters-%ld%s", (long)getpid(), extension);
    FILE *file = fopen(path, "wbe");
    assert_non_null(file);
    assert_int_equal(fwrite(m->out.text.data, 1, m->out.text.length, file), m->out.text.length);
    assert_int_equal(fclose(file), 0);
    snprintf(command, sizeof command,
             "ffprobe -v error -show_entries chapter=start_time,end_time:chapter_tags=title -of "
             "csv=p=0 %s",
             path);
    FILE *told = popen(command, "re");
    assert_non_null(told);
    size_t got = fread(out, 1, size - 1, told);
    out[got] = '\0';
    assert_int_equal(pclose(told), 0);
    unlink(path);
}

/* Chapters are read back by another's reader, with their titles and times; the film is as it was.
 */
static void chapters_read_back(void **state)
{
    static const struct orl_chapter three[] = {
        {"Start", 0}, {"SGD, η = 0.01", 45}, {"Adam & co", 100}};
    static const char *const formats[] = {"mp4", "webm", "mkv"};
    char told[512];
    (void)state;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct made m;
        struct orl_output_facts facts;
        struct orl_error err;
        chapters = three;
        chapter_count = 3;
        make_segments(&m, formats[i], 25);
        chapter_count = 0;
        assert_int_equal(join(&m), ORL_OK);
        if (verify(&m, &facts, &err) != ORL_OK)
            fail_msg("%s: %s", formats[i], err.text);
        assert_int_equal(facts.frames, FRAMES);
        probe_chapters(&m, m.spec.format->extension, told, sizeof told);
        assert_string_equal(told, "0.000000,1.800000,Start\n1.800000,4.000000,\"SGD, η = "
                                  "0.01\"\n4.000000,5.200000,Adam & co\n");
        drop(&m);
        make_segments(&m, formats[i], 25);
        assert_int_equal(join(&m), ORL_OK);
        probe_chapters(&m, m.spec.format->extension, told, sizeof told);
        assert_string_equal(told, "");
        drop(&m);
    }
}

/* An encoder that is missing is named, with what is there; the next of a list takes its place. */
static void missing_encoders(void **state)
{
    struct made m;
    struct orl_error err = {0};
    (void)state;
    make_segments_as(&m, "mp4", "codec=hevc", 30);
    drop(&m);
    orl_encoder_hide("libx265");
    assert_int_equal(orl_encode_check(&m.spec, &err), ORL_EENV);
    assert_non_null(strstr(err.text, "mp4 (HEVC, 64x48) needs the encoder libx265"));
    assert_non_null(strstr(err.text, "codec h264 with libx264, codec av1 with libaom-av1"));
    orl_encoder_hide("libaom-av1");
    set(&m, "codec=av1");
    err = (struct orl_error){0};
    assert_int_equal(orl_encode_check(&m.spec, &err),
                     ORL_EENV); /* SVT-AV1 takes nothing under 64 pixels */
    assert_non_null(strstr(err.text, "needs the encoder libsvtav1 or libaom-av1"));
    orl_encoder_hide("libx264rgb");
    round_trip("mkv", 30); /* FFV1 is there */
    orl_encoder_hide("ffv1");
    m.spec.format = orl_format_find("mkv");
    m.values[0].number = NAN;
    err = (struct orl_error){0};
    assert_int_equal(orl_encode_check(&m.spec, &err), ORL_EENV);
    assert_non_null(strstr(err.text, "mkv (H.264 RGB, 64x48) needs the encoder libx264rgb"));
    assert_non_null(strstr(err.text, "format mp4, format webm"));
    orl_encoder_hide(NULL);
    assert_int_equal(orl_encode_check(&m.spec, &err), ORL_OK);
}

/* Speeds and CRFs are those of the codec that is chosen. */
static void settings_of_codecs(void **state)
{
    struct made m;
    struct orl_error err = {0};
    (void)state;
    make_segments_as(&m, "mp4", "codec=av1", 30);
    drop(&m);
    set(&m, "speed=veryfast");
    assert_int_equal(orl_encode_check(&m.spec, &err), ORL_EINPUT);
    assert_non_null(strstr(err.text, "'veryfast' is not a speed of libaom-av1"));
    set(&m, "speed=8");
    err = (struct orl_error){0};
    assert_int_equal(orl_encode_check(&m.spec, &err), ORL_OK);
    set(&m, "codec=h264");
    assert_int_equal(orl_encode_check(&m.spec, &err), ORL_EINPUT);
    set(&m, "speed=medium");
    set(&m, "crf=60");
    err = (struct orl_error){0};
    assert_int_equal(orl_encode_check(&m.spec, &err), ORL_EINPUT);
    assert_non_null(strstr(err.text, "the crf of h264 must be from 1 to 51, not 60"));
}

/* Equal neighbours are one picture, across segments too. */
static void merges(void **state)
{
    static const char *const formats[] = {"gif", "apng", "webp"};
    (void)state;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct made m;
        struct orl_output_facts facts;
        struct orl_error err;
        make_segments(&m, formats[i], 20);
        assert_true(m.count > 1);
        assert_int_equal(join(&m), ORL_OK);
        assert_int_equal(verify(&m, &facts, &err), ORL_OK);
        assert_int_equal(facts.frames, 34);
        drop(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_format),
                                       cmocka_unit_test(mp4),
                                       cmocka_unit_test(webm),
                                       cmocka_unit_test(mkv),
                                       cmocka_unit_test(raw),
                                       cmocka_unit_test(gif),
                                       cmocka_unit_test(png),
                                       cmocka_unit_test(pdf),
                                       cmocka_unit_test(svg),
                                       cmocka_unit_test(svg_animated),
                                       cmocka_unit_test(vtt),

                                       cmocka_unit_test(pdf_table),
                                       cmocka_unit_test(apng),
                                       cmocka_unit_test(avif),
                                       cmocka_unit_test(webp),
                                       cmocka_unit_test(merges),
                                       cmocka_unit_test(chapters_read_back),
                                       cmocka_unit_test(missing_encoders),
                                       cmocka_unit_test(settings_of_codecs)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    orl_picture_uninit(&picture);
    return failed;
}
