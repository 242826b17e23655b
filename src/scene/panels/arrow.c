/* Arrows of the panels that show vectors. */
#include "scene/panels/arrow.h"

#include <math.h>

#include "scene/marks/metrics.h"

/* In lines: what an arrow's head adds to its width. */
#define HEAD_BY_WIDTH 2.2
#define HEAD_BY_LINE  1.6
#define HALF_BY_LINE  0.55

void orl_arrow_draw(const struct view *view, const struct arrow *arrow, const double from[2],
                    const double to[2], struct orl_picture *picture)
{
    double width = arrow->width, dx = to[0] - from[0], dy = to[1] - from[1], length = hypot(dx, dy),
           rim = fmax(1.0, LINE_LEADER * view->size.line);
    double head = HEAD_BY_WIDTH * width + HEAD_BY_LINE * view->size.line,
           half = 1.0 * width + HALF_BY_LINE * view->size.line;
    if (!(length > 0.5))
        return;
    dx /= length;
    dy /= length;
    if (head > length) {
        half *= length / head;
        head = length;
    }
    const double neck[] = {to[0] - head * dx, to[1] - head * dy};
    struct orl_mark *mark =
        length - head > 1.0
            ? orl_picture_segment(picture, from[0], from[1], neck[0], neck[1], width, arrow->color)
            : NULL;
    if (mark) {
        mark->dash = arrow->dash;
        mark->halo = arrow->rim;
        mark->halo_px = rim;
    }
    const double xy[] = {to[0],
                         to[1],
                         neck[0] - half * dy,
                         neck[1] + half * dx,
                         neck[0] + half * dy,
                         neck[1] - half * dx,
                         to[0],
                         to[1]};
    orl_mark_faint(orl_picture_line(picture, xy, 4, 2.0 * rim, arrow->rim));
    mark = orl_picture_area(picture, xy, 3, arrow->color);
    if (mark)
        mark->halo = arrow->rim; /* the line before */
}
