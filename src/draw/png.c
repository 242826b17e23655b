/* An image as a PNG, by Cairo: for what is no output of a film (golden pictures, examples). */
#include "draw/inner.h"

struct png_context {
    struct orl_sink sink;
    struct orl_error *err;
    int result;
};

static cairo_status_t write_bytes(void *closure, const unsigned char *bytes, unsigned length)
{
    struct png_context *context = closure;
    context->result = context->sink.write(context->sink.context, bytes, length, context->err);
    return context->result == ORL_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

int orl_image_write_png(const struct orl_image *image, struct orl_sink sink, struct orl_error *err)
{
    struct png_context context = {sink, err, ORL_OK};
    /* Cairo only reads these pixels; its interface does not say so. */
    cairo_surface_t *surface = cairo_image_surface_create_for_data(
        (unsigned char *)(uintptr_t)image->pixels, CAIRO_FORMAT_RGB24, image->width, image->height,
        (int)image->stride);
    cairo_status_t status = cairo_surface_write_to_png_stream(surface, write_bytes, &context);
    cairo_surface_destroy(surface);
    if (context.result != ORL_OK)
        return context.result;
    if (status != CAIRO_STATUS_SUCCESS)
        return orl_fail(err, ORL_EENV, "Cairo: %s", cairo_status_to_string(status));
    return ORL_OK;
}
