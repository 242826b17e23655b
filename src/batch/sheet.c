/* Contact sheets: frames of a film, side by side. */
#include "batch/sheet.h"

static int show_still(void *context, size_t number, const struct orl_picture **picture,
                      struct orl_error *err)
{
    struct sheet *s = context;
    (void)number;
    *picture = &s->picture;
    return orl_film_sheet(s->film, s->columns, s->rows, &s->picture, err);
}

static int show_moving(void *context, size_t number, const struct orl_picture **picture,
                       struct orl_error *err)
{
    struct sheet *s = context;
    (void)number, (void)err;
    orl_picture_clear(&s->picture);
    *picture = &s->picture;
    return ORL_OK;
}

static int make_image(void *context, size_t number, struct orl_image *image, struct orl_error *err)
{
    struct sheet *s = context;
    const struct orl_picture *picture;
    orl_canvas_destroy(&s->canvas);
    int ret = orl_canvas_create(s->width, s->height, false, s->font, &s->canvas, err);
    if (ret == ORL_OK)
        ret = show_still(s, number, &picture, err);
    if (ret == ORL_OK)
        ret = orl_canvas_still(s->canvas, picture, err);
    if (ret == ORL_OK)
        ret = show_moving(s, number, &picture, err);
    return ret == ORL_OK ? orl_canvas_frame(s->canvas, picture, image, err) : ret;
}

struct orl_frame_source orl_sheet_source(struct sheet *sheet)
{
    return (struct orl_frame_source){sheet,       make_image,  NULL, show_still,
                                     show_moving, sheet->font, NULL};
}

void orl_sheet_uninit(struct sheet *sheet)
{
    orl_canvas_destroy(&sheet->canvas);
    orl_picture_uninit(&sheet->picture);
}
