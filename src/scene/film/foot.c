/* The foot of a page: a note and a credit in the smallest type, in one line at the margin. */
#include "scene/film/foot.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "scene/marks/metrics.h"

#define LINE_HEIGHT 1.4 /* of the foot: what the rest of the page leaves to it */
#define CREDIT_MOST 0.6 /* of the page's width; the note gets what the credit leaves */

struct foot {
    char *note, *credit; /* owned, as they fit; NULL: none */
    double baseline;     /* px */
};

static double foot_width(const struct view *view)
{
    return view->width - 2.0 * view->size.margin_x;
}

/* A text as it fits into `width`; NULL where it is empty. False when memory is short. */
static bool fit_text(const struct view *view, const char *text, double width, char **out)
{
    if (!text || !*text)
        return true;
    *out = orl_letters_fit(view->measure, text, view->size.text, false, width);
    return *out != NULL;
}

int orl_foot_create(struct view *view, const struct orl_film_spec *spec, struct foot **out,
                    struct orl_error *err)
{
    bool empty = !(spec->note && *spec->note) && !(spec->credit && *spec->credit);
    if (view->card || empty)
        return ORL_OK;
    double text = view->size.text, width = foot_width(view);
    struct foot *foot = *out = orl_calloc(1, sizeof *foot);
    if (!foot ||
        !fit_text(view, spec->credit, spec->note ? CREDIT_MOST * width : width, &foot->credit))
        return orl_fail_memory(err);
    if (foot->credit)
        width -= orl_letters_width(view->measure, foot->credit, text, false) + EM_PANELS * text;
    if (!fit_text(view, spec->note, width, &foot->note))
        return orl_fail_memory(err);
    foot->baseline = view->height - view->size.below;
    view->size.below += LINE_HEIGHT * text;
    return ORL_OK;
}

void orl_foot_destroy(struct foot **foot)
{
    if (*foot) {
        free((*foot)->note);
        free((*foot)->credit);
    }
    free(*foot);
    *foot = NULL;
}

void orl_foot_still(const struct view *view, const struct foot *foot, struct orl_picture *picture)
{
    double left = view->size.margin_x;
    if (foot && foot->note)
        orl_picture_text(picture, left, foot->baseline, 0.0, view->size.text, false,
                         view->theme->muted, foot->note);
    if (foot && foot->credit)
        orl_picture_text(picture, left + foot_width(view), foot->baseline, 1.0, view->size.text,
                         false, view->theme->muted, foot->credit);
}
