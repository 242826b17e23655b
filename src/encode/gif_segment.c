/* Frames of a segment as the pictures of a GIF: indices of one palette, packed by LZW with a
 * choice.
 */
#include "encode/gif_segment.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "encode/indexed.h"

struct maker {
    const struct palette *palette;   /* borrowed */
    const struct lzw_choice *choice; /* borrowed */
    struct lzw lzw;
    struct orl_text record; /* of one picture */
    struct seg_writer seg;
};

static void put_word(struct orl_text *text, int value)
{
    orl_text_putc(text, (char)value);
    orl_text_putc(text, (char)(value >> 8));
}

static unsigned code_size(uint8_t most)
{
    unsigned least = 2;
    while (1u << least <= most)
        least++;
    return least;
}

static int begin_pictures(void *context, const struct palette *palette,
                          const struct lzw_choice *choice, struct orl_error *err)
{
    struct maker *m = context;
    uint8_t table[3 * PALETTE_MOST] = {0};
    size_t size = 4; /* least code size 2 needs no more, but readers like it */
    m->palette = palette;
    m->choice = choice;
    while (size < palette->count)
        size *= 2;
    memcpy(table, palette->rgb, 3 * palette->count);
    return orl_seg_record(&m->seg, GIF_HEAD, (int64_t)size, table, 3 * size, err);
}

static int take_picture(void *context, const struct indexed_picture *picture, struct orl_error *err)
{
    struct maker *m = context;
    struct lzw_pixels pixels = {(size_t)picture->width * (size_t)picture->height, picture->wanted,
                                picture->changed, picture->shown};
    orl_text_clear(&m->record);
    put_word(&m->record, picture->x);
    put_word(&m->record, picture->y);
    put_word(&m->record, picture->width);
    put_word(&m->record, picture->height);
    orl_lzw_write(&m->lzw, m->choice, picture->exact, code_size(picture->most), &pixels,
                  &m->record);
    if (m->record.failed)
        return orl_fail_memory(err);
    return orl_seg_record(&m->seg, GIF_PICTURE, (int64_t)picture->start, m->record.data,
                          m->record.length, err);
}

int orl_gif_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                    size_t first, size_t count, struct orl_sink out, struct orl_error *err)
{
    struct maker *m = orl_calloc(1, sizeof *m);
    if (!m)
        return orl_fail_memory(err);
    const struct indexed_sink sink = {m, 1, begin_pictures, take_picture};
    int ret = orl_seg_begin(&m->seg, out, spec, first, count, err);
    if (ret == ORL_OK)
        ret = orl_indexed_make(spec, source, first, count, (size_t)spec->values[GIF_COLORS].number,
                               spec->values[GIF_TOLERANCE].number, &sink, err);
    if (ret == ORL_OK)
        ret = orl_seg_end(&m->seg, err);
    orl_text_uninit(&m->record);
    free(m);
    return ret;
}
