/* Frames that repeat the one before, in H.264: the decoder must show them as copies, and all that
 * follows them right, with every preset of x264. */
#include "orl_test.h"

#include <libavcodec/avcodec.h>

#include "base/random.h"
#include "base/text.h"
#include "encode/format.h"
#include "encode/video.h"

enum { WIDTH = 80, HEIGHT = 64, COLUMNS = WIDTH / 16, ROWS = HEIGHT / 16, FRAMES = 90 };

static const char *const speeds[] = {"ultrafast", "superfast", "veryfast", "faster",   "fast",
                                     "medium",    "slow",      "slower",   "veryslow", NULL};

/* A square that jumps, and stands still as often. */
struct scene {
    size_t place[FRAMES];
    uint8_t pixels[WIDTH * HEIGHT * 4], blocks[COLUMNS * ROWS];
    struct orl_damage damage;
    size_t last; /* FRAMES: nothing was drawn */
};

static int draw(void *context, size_t number, struct orl_image *image, struct orl_error *err)
{
    struct scene *s = context;
    (void)err;
    memset(s->blocks, 0, sizeof s->blocks);
    for (size_t y = 0; y < HEIGHT; y++)
        for (size_t x = 0; x < WIDTH; x++) {
            bool square =
                x / 8 == s->place[number] % (WIDTH / 8) && y / 8 == s->place[number] / (WIDTH / 8);
            uint8_t *p = s->pixels + (y * WIDTH + x) * 4, b = square ? 40 : (uint8_t)(255 - 2 * x);
            if (s->last == FRAMES || p[0] != b)
                s->blocks[y / 16 * COLUMNS + x / 16] = 1;
            p[0] = b;
            p[1] = square ? 200 : (uint8_t)(y * 3);
            p[2] = square ? 30 : (uint8_t)(240 - x);
        }
    s->last = number;
    *image = (struct orl_image){s->pixels, WIDTH, HEIGHT, WIDTH * 4, &s->damage};
    return ORL_OK;
}

static void prepare(struct scene *s, uint64_t seed, double standing)
{
    struct orl_random random;
    orl_random_init(&random, seed, 0);
    *s = (struct scene){.last = FRAMES, .damage = {.columns = COLUMNS, .rows = ROWS}};
    for (size_t i = 0; i < FRAMES; i++)
        s->place[i] = i && orl_random_uniform(&random) < standing ? s->place[i - 1]
                                                                  : orl_random_below(&random, 80);
}

static int collect(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    (void)err;
    orl_text_append(context, bytes, length);
    return ORL_OK;
}

static int64_t text_read(void *context, int64_t position, void *bytes, size_t length,
                         struct orl_error *err)
{
    const struct orl_text *text = context;
    (void)err;
    size_t left = text->length - (size_t)position, n = left < length ? left : length;
    memcpy(bytes, text->data + position, n);
    return (int64_t)n;
}

static int64_t text_size(void *context)
{
    return (int64_t)((struct orl_text *)context)->length;
}

/* Luma of all frames of the segment, as libavcodec decodes them. */
struct decoded {
    AVCodecContext *codec;
    AVFrame *frame;
    AVPacket *packet;
    uint8_t luma[FRAMES][WIDTH * HEIGHT];
    size_t count, small;       /* small: packets of repeats */
    uint8_t reference[FRAMES]; /* nal_ref_idc of each packet's slice */
    size_t packets;
};

static void receive(struct decoded *d)
{
    while (avcodec_receive_frame(d->codec, d->frame) >= 0) {
        assert_true(d->count < FRAMES && d->frame->width == WIDTH && d->frame->height == HEIGHT &&
                    !d->frame->decode_error_flags);
        for (size_t y = 0; y < HEIGHT; y++)
            memcpy(d->luma[d->count] + y * WIDTH,
                   d->frame->data[0] + (ptrdiff_t)y * d->frame->linesize[0], WIDTH);
        d->count++;
    }
}

static void take(struct decoded *d, const struct seg_record *record)
{
    if (record->type == VIDEO_EXTRADATA) {
        d->codec->extradata = av_mallocz(record->size + AV_INPUT_BUFFER_PADDING_SIZE);
        memcpy(d->codec->extradata, record->bytes, record->size);
        d->codec->extradata_size = (int)record->size;
        d->codec->thread_count = 1;
        d->codec->err_recognition = AV_EF_EXPLODE | AV_EF_CAREFUL;
        assert_int_equal(avcodec_open2(d->codec, NULL, NULL), 0);
        return;
    }
    d->small += record->size < 32;
    size_t start = record->bytes[2] ? 3 : 4;
    d->reference[d->packets++] = record->bytes[start] >> 5 & 3;
    assert_int_equal(av_new_packet(d->packet, (int)record->size), 0);
    memcpy(d->packet->data, record->bytes, record->size);
    assert_int_equal(avcodec_send_packet(d->codec, d->packet), 0);
    av_packet_unref(d->packet);
    receive(d);
}

static void decode(struct orl_text *segment, const struct orl_output_spec *spec, struct decoded *d)
{
    const struct orl_stream stream = {.context = segment, .read = text_read, .size = text_size};
    struct seg_reader reader;
    struct seg_record record;
    struct orl_error err = {0};
    *d = (struct decoded){.codec = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_H264)),
                          .frame = av_frame_alloc(),
                          .packet = av_packet_alloc()};
    assert_int_equal(orl_seg_open(&reader, &stream, spec, 0, &err), ORL_OK);
    while (orl_seg_next(&reader, &record, &err) == 1)
        take(d, &record);
    avcodec_send_packet(d->codec, NULL);
    receive(d);
    orl_seg_close(&reader);
    avcodec_free_context(&d->codec);
    av_frame_free(&d->frame);
    av_packet_free(&d->packet);
}

static double error_of(const struct decoded *d, struct scene *s, size_t number)
{
    struct orl_image image;
    struct orl_error err = {0};
    double sum = 0.0;
    draw(s, number, &image, &err);
    for (size_t i = 0; i < WIDTH * HEIGHT; i++) {
        const uint8_t *p = image.pixels + 4 * i;
        double y =
            16.0 + (219.0 * 0.2126 * p[2] + 219.0 * 0.7152 * p[1] + 219.0 * 0.0722 * p[0]) / 255.0;
        sum += fabs(y - d->luma[number][i]);
    }
    return sum / (WIDTH * HEIGHT);
}

static void check_scene(struct scene *scene, struct decoded *decoded, const char *speed)
{
    struct orl_text segment = {0};
    struct orl_error err = {0};
    struct orl_value values[8] = {{0}};
    struct orl_output_spec spec = {.format = orl_format_find("mp4"),
                                   .values = values,
                                   .width = WIDTH,
                                   .height = HEIGHT,
                                   .fps_num = FRAMES / 2,
                                   .fps_den = 1,
                                   .frames = FRAMES};
    for (size_t i = 0; i < orl_setting_count(spec.format->settings); i++)
        values[i].number = spec.format->settings[i].initial;
    int index = orl_setting_find(spec.format->settings, "speed");
    for (size_t c = 0; spec.format->settings[index].choices[c]; c++)
        if (strcmp(spec.format->settings[index].choices[c], speed) == 0)
            values[index].number = (double)c;
    scene->damage.blocks = scene->blocks;
    const struct orl_frame_source source = {.context = scene, .frame = draw};
    assert_int_equal(
        orl_encode_segment(&spec, &source, 0, FRAMES, (struct orl_sink){&segment, collect}, &err),
        ORL_OK);
    decode(&segment, &spec, decoded);
    assert_int_equal(decoded->count, FRAMES);
    size_t repeats = 0;
    for (size_t i = 0; i < FRAMES; i++) {
        bool repeat = i && scene->place[i] == scene->place[i - 1];
        repeats += repeat;
        if (repeat)
            assert_memory_equal(decoded->luma[i], decoded->luma[i - 1], sizeof decoded->luma[i]);
        assert_true(error_of(decoded, scene, i) < 4.0);
    }
    assert_true(decoded->small >= repeats);
    orl_text_uninit(&segment);
}

static void check_speed(const char *speed, double standing)
{
    static struct scene s;
    static struct decoded d;
    prepare(&s, 7, standing);
    check_scene(&s, &d, speed);
}

static void some_stand(void **state)
{
    (void)state;
    for (size_t i = 0; speeds[i]; i++)
        check_speed(speeds[i], 0.5);
}

static void all_stand(void **state)
{
    (void)state;
    for (size_t i = 0; speeds[i]; i++)
        check_speed(speeds[i], 1.0);
}

/* Repeats are no references: a long stand pushes none of the encoder's references out, and its
 * number in the order goes on. */
static void a_long_stand(void **state)
{
    static struct scene s;
    static struct decoded d;
    (void)state;
    s = (struct scene){.last = FRAMES, .damage = {.columns = COLUMNS, .rows = ROWS}};
    for (size_t i = 0; i < FRAMES; i++)
        s.place[i] = i < 5 ? i : i < 80 ? 7 : 90 - i;
    check_scene(&s, &d, "medium");
    for (size_t i = 6; i < 80; i++)
        assert_int_equal(d.reference[i], 0);
    assert_int_not_equal(d.reference[5], 0);
    assert_int_not_equal(d.reference[80], 0);
}

static void none_stands(void **state)
{
    (void)state;
    check_speed("superfast", 0.0);
    check_speed("slower", 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(some_stand), cmocka_unit_test(all_stand),
                                       cmocka_unit_test(a_long_stand),
                                       cmocka_unit_test(none_stands)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
