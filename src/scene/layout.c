#include "scene/layout.h"

#include <math.h>

#include "scene/readout.h"

/* One box for each panel, and one for the readout: the first panel large, the others beside it (or below, on tall pictures). */
void orl_layout_place(struct orl_film *film, struct orl_rect body, struct orl_rect *readout)
{
    size_t others = film->panel_count - 1;
    double gap = film->size.gap, height = orl_readout_height(film);
    bool wide = film->width >= 1.2 * film->height;
    struct orl_rect side;
    if (wide) {
        double share = film->run_count > 1 ? 0.56 : 0.60;
        film->panels[0].box = (struct orl_rect){body.x, body.y, round(share * body.width), body.height};
        side = (struct orl_rect){body.x + film->panels[0].box.width + gap, body.y, body.width - film->panels[0].box.width - gap,
                                 body.height};
    } else {
        double top = round((others ? 0.46 : 0.62) * body.height);
        film->panels[0].box = (struct orl_rect){body.x, body.y, body.width, top};
        side = (struct orl_rect){body.x, body.y + top + gap, body.width, body.height - top - gap};
    }
    if (others && height > 0.62 * side.height)
        height = 0.62 * side.height; /* the panels keep some room; the readout says what it left out */
    else if (!others && height > side.height)
        height = side.height;
    double each = others ? (side.height - height - gap * (double)others) / (double)others : 0.0;
    for (size_t i = 0; i < others; i++)
        film->panels[i + 1].box = (struct orl_rect){side.x, side.y + (each + gap) * (double)i, side.width, each};
    double top = others ? side.y + side.height - height : side.y;
    *readout = (struct orl_rect){side.x, top, side.width, height};
}
