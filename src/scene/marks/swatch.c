/* Swatches: the line and marker of a run, small, beside its name. */
#include "scene/marks/swatch.h"

#include <math.h>

#include "scene/marks/metrics.h"

/* In widths of a line. */
#define SHORTEST    2.7  /* a line that is shorter than this is not drawn */
#define LAST_DOT    1.8  /* a dotted line ends so much earlier, with a whole dot */
#define DOTTED_ROOM 3.05 /* beside the marker, for a dotted line ... */
#define ROOM        2.3  /* ... and for any other */

/* One side of a swatch, from the marker outwards: a short line shows whole dashes, the same on both
 * sides. */
static void swatch_side(const struct style *style, double line, double from, double to, double y,
                        struct orl_picture *picture)
{
    const double dot[] = {to, y};
    bool dotted = style->dash == ORL_DASH_DASHDOT &&
                  fabs(to - from) > SHORTEST * line; /* one dash, one dot: the pattern is longer */
    struct orl_mark *mark = orl_picture_segment(
        picture, from, y, dotted ? to - copysign(LAST_DOT * line, to - from) : to, y, line,
        style->color);
    if (mark)
        mark->dash = style->dash == ORL_DASH_DASHDOT ? ORL_DASH_SOLID : style->dash;
    if (dotted)
        orl_picture_dots(picture, dot, 1, 0.5 * line, ORL_MARKER_CIRCLE, style->color);
}

void orl_swatch(const struct style *style, double line, struct orl_color background, double x,
                double y, double width, struct orl_picture *picture)
{
    const double middle[] = {x + 0.5 * width, y};
    if (style->dash == ORL_DASH_SOLID) {
        orl_picture_segment(picture, x, y, x + width, y, line, style->color);
    } else {
        double room = (style->dash == ORL_DASH_DOTTED ? DOTTED_ROOM : ROOM) *
                      line; /* of the marker; a dot is there whole or not at all */
        swatch_side(style, line, middle[0] - room, x, y, picture);
        swatch_side(style, line, middle[0] + room, x + width, y, picture);
    }
    struct orl_mark *mark =
        orl_picture_dots(picture, middle, 1, LINE_MARK * line, style->marker, style->color);
    if (mark) {
        mark->halo = background;
        mark->halo_px = LINE_MARK_HALO * line;
    }
}
