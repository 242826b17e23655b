/* PNG: the last frame of a film as a still, or each frame as a file. */
#include <string.h>

#include "base/text.h"
#include "encode/format.h"
#include "encode/pictures.h"
#include "encode/png_pack.h"
#include "encode/png_read.h"
#include "encode/whole.h"

enum { PNG_BYTES = 1, SEGMENT_SECONDS = 2, SETTING_FRAMES = 0 };

static const char *const frames_choices[] = {"poster", "all", NULL};
static const struct orl_setting settings[] = {
    [SETTING_FRAMES] =
        {.name = "frames",
         .type = ORL_SETTING_CHOICE,
         .role = ORL_ROLE_FRAMES,
         .unit = "1",
         .choices = frames_choices,
         .description =
             "poster: the last frame alone; all: each frame as <film>.frames/000001.png and so on"},
    {0},
};

static int collect(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    struct orl_text *text = context;
    orl_text_append(text, bytes, length);
    return text->failed ? orl_fail_memory(err) : ORL_OK;
}

static void fill_rows_alpha(const struct orl_image *image, uint8_t *out)
{
    for (int y = 0; y < image->height; y++) {
        const uint8_t *bgra = image->pixels + (size_t)y * image->stride;
        for (int x = 0; x < image->width; x++, bgra += 4, out += 4)
            orl_picture_straight(bgra, out);
    }
}

static void fill_rows(const struct orl_image *image, uint8_t *out)
{
    for (int y = 0; y < image->height; y++) {
        const uint8_t *bgrx = image->pixels + (size_t)y * image->stride;
        for (int x = 0; x < image->width; x++, bgrx += 4, out += 3) {
            out[0] = bgrx[2];
            out[1] = bgrx[1];
            out[2] = bgrx[0];
        }
    }
}

static int write_file(struct png_packer *packer, bool alpha, const struct orl_image *image,
                      struct orl_text *file, struct orl_error *err)
{
    struct orl_sink sink = {file, collect};
    uint8_t header[PNG_HEADER_BYTES];
    const uint8_t *data;
    size_t size;
    uint8_t *rows = orl_png_packer_room(packer, image->width, image->height, alpha ? 4 : 3);
    if (!rows)
        return orl_fail_memory(err);
    (alpha ? fill_rows_alpha : fill_rows)(image, rows);
    orl_png_header(header, image->width, image->height, alpha ? PNG_RGBA : PNG_RGB);
    orl_text_clear(file);
    int ret = orl_png_packer_pack(packer, true, &data, &size, err);
    if (ret == ORL_OK)
        ret = collect(file, orl_png_signature, sizeof orl_png_signature, err);
    if (ret == ORL_OK)
        ret = orl_png_chunk(sink, "IHDR", header, sizeof header, NULL, 0, err);
    if (ret == ORL_OK)
        ret = orl_png_chunk(sink, "IDAT", NULL, 0, data, size, err);
    return ret == ORL_OK ? orl_png_chunk(sink, "IEND", NULL, 0, NULL, 0, err) : ret;
}

static int png_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                       size_t first, size_t count, struct orl_sink out, struct orl_error *err)
{
    struct orl_text file = {0};
    struct png_packer *packer;
    struct seg_writer w;
    int ret = orl_png_packer_create(PNG_LEVEL, &packer, err);
    if (ret == ORL_OK)
        ret = orl_seg_begin(&w, out, spec, first, count, err);
    for (size_t number = first; ret == ORL_OK && number < first + count; number++) {
        struct orl_image image;
        ret = source->frame(source->context, number, &image, err);
        if (ret == ORL_OK)
            ret = write_file(packer, spec->alpha, &image, &file, err);
        if (ret == ORL_OK)
            ret = orl_seg_record(&w, PNG_BYTES, (int64_t)number, file.data, file.length, err);
    }
    if (ret == ORL_OK)
        ret = orl_seg_end(&w, err);
    orl_png_packer_destroy(&packer);
    orl_text_uninit(&file);
    return ret;
}

static int png_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                      struct orl_output_facts *facts, struct orl_error *err)
{
    struct png_reader r = {.spec = spec, .file = file};
    uint8_t expected[PNG_HEADER_BYTES];
    orl_png_header(expected, spec->width, spec->height, spec->alpha ? PNG_RGBA : PNG_RGB);
    int ret = orl_png_read_start(&r, err);
    if (ret == ORL_OK)
        ret = orl_png_expect_chunk(&r, "IHDR", PNG_HEADER_BYTES, err);
    if (ret == ORL_OK && memcmp(r.data, expected, PNG_HEADER_BYTES) != 0)
        ret = orl_whole_wrong(spec, "its size or the kind of its pixels", err);
    while (ret == ORL_OK && strcmp(r.type, "IEND") != 0)
        ret = orl_png_read_chunk(&r, err);
    if (ret == ORL_OK && r.at != file->size(file->context))
        ret = orl_whole_wrong(spec, "its length", err);
    orl_png_reader_uninit(&r);
    facts->frames = 1;
    return ret;
}

/* Two canvases, rows twice, and packed: 14 bytes a pixel were seen at 3840x2160. */
static uint64_t png_memory(const struct orl_output_spec *spec)
{
    return (uint64_t)spec->width * (uint64_t)spec->height * 18 + (4 << 20);
}

static const struct orl_format_ops ops = {.segment_seconds = SEGMENT_SECONDS,
                                          .segment = png_segment,
                                          .join = orl_whole_join,
                                          .verify = png_verify,
                                          .cost = {44e3, 44e3, 0.62, 12.0, 0.8},
                                          .estimate_memory = png_memory};

const struct orl_format_desc orl_format_png = {
    .name = "png",
    .extension = ".png",
    .title = "PNG",
    .description = "the last frame as a still: posters, papers; or each frame as a file",
    .home = "web",
    .settings = settings,
    .still = true,
    .picture = true,
    .alpha = true,
    .ops = &ops,
};
