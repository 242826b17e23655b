/* Vector pages: PDF and SVG. In a PDF the still part is a recording that every page shows; Cairo
 * writes it once. */
#include <stdlib.h>
#include <string.h>

#include <cairo-pdf.h>
#include <cairo-svg.h>

#include "base/array.h"
#include "base/text.h"
#include "draw/inner.h"

struct orl_document {
    enum orl_document_kind kind;
    int width, height;
    double scale;          /* of a px on the page */
    struct orl_font *font; /* borrowed */
    struct orl_sink sink;
    struct orl_error failure; /* the sink's first */
    int code;
    char *title; /* owned: SVG, as the element that goes into the file; NULL: none, or written */
    int tags;    /* SVG: '>' that went by; the second one ends the <svg> tag */
    size_t pages;
    cairo_surface_t *surface, *still;
    cairo_t *cr;
};

static int emit(struct orl_document *d, const void *bytes, size_t length)
{
    if (d->code == ORL_OK && length)
        d->code = d->sink.write(d->sink.context, bytes, length, &d->failure);
    return d->code;
}

/* Cairo has no title for an SVG: it goes where the <svg> tag ends. */
static void emit_with_title(struct orl_document *d, const char *bytes, size_t length)
{
    while (d->title && length) {
        const char *end = memchr(bytes, '>', length);
        size_t size = end ? (size_t)(end - bytes) + 1 : length;
        emit(d, bytes, size);
        bytes += size;
        length -= size;
        if (!end || ++d->tags < 2)
            continue;
        emit(d, d->title, strlen(d->title));
        free(d->title);
        d->title = NULL;
    }
    emit(d, bytes, length);
}

static cairo_status_t write_bytes(void *closure, const unsigned char *bytes, unsigned length)
{
    struct orl_document *d = closure;
    emit_with_title(d, (const char *)bytes, length);
    return d->code == ORL_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* The sink's own failure where there is one, else Cairo's. */
static int check(const struct orl_document *d, cairo_status_t status, struct orl_error *err)
{
    if (d->code != ORL_OK)
        return orl_fail(err, d->code, "%s",
                        d->failure.text[0] ? d->failure.text : "a page could not be written");
    if (status == CAIRO_STATUS_NO_MEMORY)
        return orl_fail_memory(err);
    return status == CAIRO_STATUS_SUCCESS
               ? ORL_OK
               : orl_fail(err, ORL_EENV, "Cairo: %s", cairo_status_to_string(status));
}

static char *title_element(const char *title)
{
    struct orl_text text = {0};
    orl_text_puts(&text, "\n<title>");
    orl_text_escape_html(&text, title, strlen(title));
    orl_text_puts(&text, "</title>");
    return orl_text_take(&text);
}

static void open_pdf(struct orl_document *d, const struct orl_document_spec *spec)
{
    d->scale = spec->px_pt;
    d->surface = cairo_pdf_surface_create_for_stream(write_bytes, d, spec->width * spec->px_pt,
                                                     spec->height * spec->px_pt);
    cairo_pdf_surface_restrict_to_version(
        d->surface, CAIRO_PDF_VERSION_1_4); /* a table of objects that anybody can read */
    cairo_pdf_surface_set_metadata(d->surface, CAIRO_PDF_METADATA_CREATE_DATE, spec->date);
    if (spec->title &&
        orl_utf8_valid(spec->title, strlen(spec->title))) /* Cairo takes nothing else */
        cairo_pdf_surface_set_metadata(d->surface, CAIRO_PDF_METADATA_TITLE, spec->title);
}

static int open_svg(struct orl_document *d, const struct orl_document_spec *spec,
                    struct orl_error *err)
{
    d->scale = 1.0;
    d->surface = cairo_svg_surface_create_for_stream(write_bytes, d, spec->width, spec->height);
    cairo_svg_surface_set_document_unit(d->surface, CAIRO_SVG_UNIT_PX);
    if (spec->title && !(d->title = title_element(spec->title)))
        return orl_fail_memory(err);
    return ORL_OK;
}

int orl_document_create(const struct orl_document_spec *spec, struct orl_font *font,
                        struct orl_sink sink, struct orl_document **out, struct orl_error *err)
{
    struct orl_document *d = orl_calloc(1, sizeof *d);
    *out = d;
    if (!d)
        return orl_fail_memory(err);
    d->kind = spec->kind;
    d->width = spec->width;
    d->height = spec->height;
    d->font = font;
    d->sink = sink;
    int ret = ORL_OK;
    if (spec->kind == ORL_DOCUMENT_PDF)
        open_pdf(d, spec);
    else
        ret = open_svg(d, spec, err);
    d->cr = cairo_create(d->surface);
    if (ret == ORL_OK)
        ret = check(d, cairo_status(d->cr), err);
    if (ret != ORL_OK)
        orl_document_abort(out);
    return ret;
}

int orl_document_still(struct orl_document *document, const struct orl_picture *still,
                       struct orl_error *err)
{
    cairo_rectangle_t all = {0.0, 0.0, document->width, document->height};
    if (document->kind == ORL_DOCUMENT_SVG) /* its only page: nothing to share */
        return orl_marks_draw(document->cr, document->font, still, err);
    cairo_surface_t *recording = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &all);
    cairo_t *cr = cairo_create(recording);
    int ret = orl_marks_draw(cr, document->font, still, err);
    cairo_destroy(cr);
    if (document->still)
        cairo_surface_destroy(document->still);
    document->still = recording;
    return ret;
}

int orl_document_page(struct orl_document *document, const struct orl_picture *moving,
                      struct orl_error *err)
{
    if (document->kind == ORL_DOCUMENT_SVG && document->pages > 0)
        return orl_fail(err, ORL_EBUG, "an SVG has one page");
    cairo_save(document->cr);
    cairo_scale(document->cr, document->scale, document->scale);
    if (document->still) {
        cairo_set_source_surface(document->cr, document->still, 0.0, 0.0);
        cairo_paint(document->cr);
    }
    int ret = orl_marks_draw(document->cr, document->font, moving, err);
    cairo_restore(document->cr);
    cairo_show_page(document->cr);
    document->pages++;
    return ret == ORL_OK ? check(document, cairo_status(document->cr), err) : ret;
}

static void close_all(struct orl_document *d)
{
    if (d->cr)
        cairo_destroy(d->cr);
    if (d->surface)
        cairo_surface_destroy(d->surface);
    if (d->still)
        cairo_surface_destroy(d->still);
    free(d->title);
    free(d);
}

int orl_document_finish(struct orl_document **document, struct orl_error *err)
{
    struct orl_document *d = *document;
    cairo_surface_finish(d->surface);
    int ret = check(d, cairo_surface_status(d->surface), err);
    close_all(d);
    *document = NULL;
    return ret;
}

void orl_document_abort(struct orl_document **document)
{
    struct orl_document *d = *document;
    if (!d)
        return;
    d->code =
        d->code == ORL_OK
            ? ORL_ECANCELED
            : d->code; /* Cairo writes its trailer whenever it is destroyed: not to the sink */
    close_all(d);
    *document = NULL;
}
