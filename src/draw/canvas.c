/* A canvas: the still part once, then frames that restore only what the last one touched. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "draw/inner.h"

struct orl_canvas {
    int width, height;
    bool clear;            /* nothing stands below the still part */
    struct orl_font *font; /* borrowed */
    cairo_surface_t *still, *frame;
    cairo_t *still_cr, *frame_cr;
    struct shown shown;       /* the moving picture that stands on `frame` */
    struct orl_damage damage; /* of that frame against the one before */
    struct orl_damage scratch;
    uint8_t *before; /* owned: pixels of the blocks that are about to be drawn again, a block after
                        the other */
    size_t before_capacity;
    bool fresh; /* no frame was drawn over this still part */
};

static int make_surface(const struct orl_canvas *canvas, cairo_surface_t **surface, cairo_t **cr,
                        struct orl_error *err)
{
    *surface = cairo_image_surface_create(canvas->clear ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24,
                                          canvas->width, canvas->height);
    *cr = cairo_create(*surface);
    cairo_status_t status = cairo_status(*cr);
    if (status != CAIRO_STATUS_SUCCESS)
        return orl_fail(err, ORL_EENV, "Cairo: %s", cairo_status_to_string(status));
    return ORL_OK;
}

int orl_canvas_create(int width, int height, bool clear, struct orl_font *font,
                      struct orl_canvas **out, struct orl_error *err)
{
    struct orl_canvas *canvas = orl_calloc(1, sizeof *canvas);
    *out = canvas;
    if (!canvas)
        return orl_fail_memory(err);
    canvas->width = width;
    canvas->height = height;
    canvas->clear = clear;
    canvas->font = font;
    canvas->fresh = true;
    int ret = make_surface(canvas, &canvas->still, &canvas->still_cr, err);
    if (ret == ORL_OK)
        ret = make_surface(canvas, &canvas->frame, &canvas->frame_cr, err);
    struct orl_damage *const maps[] = {&canvas->damage, &canvas->scratch};
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
    orl_shown_uninit(&c->shown);
    free(c->before);
    orl_damage_uninit(&c->damage);
    orl_damage_uninit(&c->scratch);
    free(c);
    *canvas = NULL;
}

int orl_canvas_still(struct orl_canvas *canvas, const struct orl_picture *still,
                     struct orl_error *err)
{
    cairo_set_operator(canvas->still_cr, CAIRO_OPERATOR_SOURCE);
    cairo_set_source_rgba(canvas->still_cr, 1.0, 1.0, 1.0, canvas->clear ? 0.0 : 1.0);
    cairo_paint(canvas->still_cr);
    cairo_set_operator(canvas->still_cr, CAIRO_OPERATOR_OVER);
    int ret = orl_marks_draw(canvas->still_cr, canvas->font, still, err);
    cairo_surface_flush(canvas->still);
    canvas->fresh = true;
    return ret;
}

/* One block of pixels, cut at the picture's edges. */
struct block {
    size_t offset; /* of its first byte in a surface */
    size_t bytes;  /* of a row */
    size_t rows;
};

static struct block block_at(const struct orl_canvas *canvas, size_t stride, size_t index)
{
    size_t x = index % canvas->damage.columns * ORL_BLOCK_PX,
           y = index / canvas->damage.columns * ORL_BLOCK_PX;
    size_t width = (size_t)canvas->width - x, height = (size_t)canvas->height - y;
    return (struct block){.offset = y * stride + 4 * x,
                          .bytes = 4 * (width < ORL_BLOCK_PX ? width : ORL_BLOCK_PX),
                          .rows = height < ORL_BLOCK_PX ? height : ORL_BLOCK_PX};
}

enum { BLOCK_BYTES = 4 * ORL_BLOCK_PX * ORL_BLOCK_PX };

/* Copy the marked blocks of the still part onto the frame; what stood there is kept where `before`
 * is wanted. */
static int restore(struct orl_canvas *canvas, bool keep, struct orl_error *err)
{
    const size_t stride = (size_t)cairo_image_surface_get_stride(canvas->frame),
                 count = canvas->damage.columns * canvas->damage.rows;
    const uint8_t *still = cairo_image_surface_get_data(canvas->still);
    uint8_t *frame = cairo_image_surface_get_data(canvas->frame);
    size_t marked = 0;
    for (size_t i = 0; keep && i < count; i++)
        marked += canvas->damage.blocks[i];
    if (!orl_reserve((void **)&canvas->before, &canvas->before_capacity, marked * BLOCK_BYTES, 1))
        return orl_fail_memory(err);
    uint8_t *before = canvas->before;
    cairo_surface_flush(canvas->frame);
    for (size_t i = 0; i < count; i++) {
        if (!canvas->damage.blocks[i])
            continue;
        struct block b = block_at(canvas, stride, i);
        for (size_t y = 0, at = b.offset; y < b.rows; y++, at += stride) {
            if (keep)
                memcpy(before + y * b.bytes, frame + at, b.bytes);
            memcpy(frame + at, still + at, b.bytes);
        }
        before += keep ? BLOCK_BYTES : 0;
    }
    cairo_surface_mark_dirty(canvas->frame);
    return ORL_OK;
}

/* Blocks that were drawn again and look as before are no damage. */
static void drop_unchanged(struct orl_canvas *canvas)
{
    const size_t stride = (size_t)cairo_image_surface_get_stride(canvas->frame),
                 count = canvas->damage.columns * canvas->damage.rows;
    const uint8_t *frame = cairo_image_surface_get_data(canvas->frame), *before = canvas->before;
    for (size_t i = 0; i < count; i++) {
        if (!canvas->damage.blocks[i])
            continue;
        struct block b = block_at(canvas, stride, i);
        bool same = true;
        for (size_t y = 0; same && y < b.rows; y++)
            same = memcmp(frame + b.offset + y * stride, before + y * b.bytes, b.bytes) == 0;
        canvas->damage.blocks[i] = !same;
        before += BLOCK_BYTES;
    }
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

int orl_canvas_frame(struct orl_canvas *canvas, const struct orl_picture *moving,
                     struct orl_image *image, struct orl_error *err)
{
    const bool fresh = canvas->fresh;
    bool changed = true;
    give_image(canvas, image);
    int ret = ORL_OK;
    if (fresh)
        orl_damage_set_all(&canvas->damage, 1);
    else
        ret = orl_shown_compare(&canvas->shown, canvas->font, moving, &canvas->damage,
                                &canvas->scratch, &changed, err);
    if (ret != ORL_OK || !changed) /* a held frame: nothing to draw, nothing to convert */
        return ret;
    canvas->fresh = true; /* until all went well */
    ret = restore(canvas, !fresh, err);
    if (ret == ORL_OK)
        ret = orl_marks_draw_some(canvas->frame_cr, canvas->font, moving,
                                  fresh ? NULL : canvas->shown.redraw, err);
    cairo_surface_flush(canvas->frame);
    if (ret == ORL_OK)
        ret = orl_shown_keep(&canvas->shown, moving, err);
    if (ret == ORL_OK && !fresh)
        drop_unchanged(canvas);
    canvas->fresh = ret != ORL_OK;
    return ret;
}
