/* A canvas: the still part once, then frames that restore only what the last one touched. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "draw/inner.h"

struct orl_canvas {
    int width, height;
    struct orl_font *font; /* borrowed */
    cairo_surface_t *still, *frame;
    cairo_t *still_cr, *frame_cr;
    struct orl_damage touched; /* by the moving marks of the frame that stands on `frame` */
    struct orl_damage damage;  /* of that frame against the one before */
    struct orl_damage scratch;
    uint8_t digest[32]; /* of that frame's moving picture */
    bool fresh;         /* no frame was drawn over this still part */
};

static int make_surface(int width, int height, cairo_surface_t **surface, cairo_t **cr, struct orl_error *err)
{
    *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    *cr = cairo_create(*surface);
    cairo_status_t status = cairo_status(*cr);
    if (status != CAIRO_STATUS_SUCCESS)
        return orl_fail(err, ORL_EENV, "Cairo: %s", cairo_status_to_string(status));
    return ORL_OK;
}

int orl_canvas_create(int width, int height, struct orl_font *font, struct orl_canvas **out, struct orl_error *err)
{
    struct orl_canvas *canvas = orl_calloc(1, sizeof *canvas);
    *out = canvas;
    if (!canvas)
        return orl_fail_memory(err);
    canvas->width = width;
    canvas->height = height;
    canvas->font = font;
    canvas->fresh = true;
    int ret = make_surface(width, height, &canvas->still, &canvas->still_cr, err);
    if (ret == ORL_OK)
        ret = make_surface(width, height, &canvas->frame, &canvas->frame_cr, err);
    struct orl_damage *const maps[] = {&canvas->touched, &canvas->damage, &canvas->scratch};
    for (size_t i = 0; ret == ORL_OK && i < ORL_COUNT(maps); i++)
        ret = orl_damage_init(maps[i], width, height, err);
    if (ret != ORL_OK)
        orl_canvas_destroy(out);
    return ret;
}

void orl_canvas_destroy(struct orl_canvas **canvas)
{
    struct orl_canvas *c = *canvas;
    if (!c)
        return;
    cairo_t *const contexts[] = {c->still_cr, c->frame_cr};
    cairo_surface_t *const surfaces[] = {c->still, c->frame};
    for (size_t i = 0; i < 2; i++) {
        if (contexts[i])
            cairo_destroy(contexts[i]);
        if (surfaces[i])
            cairo_surface_destroy(surfaces[i]);
    }
    orl_damage_uninit(&c->touched);
    orl_damage_uninit(&c->damage);
    orl_damage_uninit(&c->scratch);
    free(c);
    *canvas = NULL;
}

int orl_canvas_still(struct orl_canvas *canvas, const struct orl_picture *still, struct orl_error *err)
{
    cairo_set_source_rgb(canvas->still_cr, 1.0, 1.0, 1.0);
    cairo_paint(canvas->still_cr);
    int ret = orl_marks_draw(canvas->still_cr, canvas->font, still, err);
    cairo_surface_flush(canvas->still);
    canvas->fresh = true;
    return ret;
}

/* Copy the marked blocks of the still part onto the frame. */
static void restore(struct orl_canvas *canvas, const struct orl_damage *where)
{
    size_t stride = (size_t)cairo_image_surface_get_stride(canvas->frame);
    const uint8_t *from = cairo_image_surface_get_data(canvas->still);
    uint8_t *to = cairo_image_surface_get_data(canvas->frame);
    cairo_surface_flush(canvas->frame);
    for (size_t row = 0; row < where->rows; row++) {
        const uint8_t *blocks = where->blocks + row * where->columns;
        size_t y0 = row * ORL_BLOCK_PX,
               y1 = y0 + ORL_BLOCK_PX < (size_t)canvas->height ? y0 + ORL_BLOCK_PX : (size_t)canvas->height;
        for (size_t column = 0; column < where->columns; column++) {
            if (!blocks[column])
                continue;
            size_t end = column + 1;
            while (end < where->columns && blocks[end])
                end++;
            size_t x0 = column * ORL_BLOCK_PX,
                   x1 = end * ORL_BLOCK_PX < (size_t)canvas->width ? end * ORL_BLOCK_PX : (size_t)canvas->width;
            for (size_t y = y0; y < y1; y++)
                memcpy(to + y * stride + 4 * x0, from + y * stride + 4 * x0, 4 * (x1 - x0));
            column = end;
        }
    }
    cairo_surface_mark_dirty(canvas->frame);
}

static void digest_of(const struct orl_picture *picture, uint8_t digest[32])
{
    struct orl_sha256 hash;
    orl_sha256_init(&hash);
    orl_sha256_update(&hash, picture->marks, picture->count * sizeof *picture->marks);
    orl_sha256_update(&hash, picture->points, picture->point_count * sizeof *picture->points);
    orl_sha256_update(&hash, picture->text, picture->text_length);
    orl_sha256_final(&hash, digest);
}

static void give_image(const struct orl_canvas *canvas, struct orl_image *image)
{
    *image = (struct orl_image){
        .pixels = cairo_image_surface_get_data(canvas->frame),
        .width = canvas->width,
        .height = canvas->height,
        .stride = (size_t)cairo_image_surface_get_stride(canvas->frame),
        .damage = &canvas->damage,
    };
}

int orl_canvas_frame(struct orl_canvas *canvas, const struct orl_picture *moving, struct orl_image *image, struct orl_error *err)
{
    uint8_t digest[32];
    digest_of(moving, digest);
    give_image(canvas, image);
    if (!canvas->fresh && memcmp(digest, canvas->digest, sizeof digest) == 0) {
        orl_damage_set_all(&canvas->damage, 0); /* a held frame: nothing to draw, nothing to convert */
        return ORL_OK;
    }
    if (canvas->fresh)
        orl_damage_set_all(&canvas->touched, 1);
    restore(canvas, &canvas->touched);
    orl_damage_set_all(&canvas->scratch, 0);
    for (size_t i = 0; i < moving->count; i++)
        if (moving->marks[i].count)
            orl_damage_add_mark(&canvas->scratch, canvas->font, moving, &moving->marks[i]);
    int ret = orl_marks_draw(canvas->frame_cr, canvas->font, moving, err);
    cairo_surface_flush(canvas->frame);
    for (size_t i = 0; i < canvas->damage.columns * canvas->damage.rows; i++)
        canvas->damage.blocks[i] = canvas->touched.blocks[i] | canvas->scratch.blocks[i];
    struct orl_damage swap = canvas->touched;
    canvas->touched = canvas->scratch;
    canvas->scratch = swap;
    memcpy(canvas->digest, digest, sizeof digest);
    canvas->fresh = ret != ORL_OK;
    return ret;
}
