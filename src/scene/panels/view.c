/* What panels ask of their page: the row of a moment, names as they fit, colours. */
#include "scene/panels/view.h"

#include "scene/marks/swatch.h"

struct view orl_view_with_text(const struct view *view, double scale)
{
    struct view larger = *view;
    larger.size.text *= scale;
    larger.size.line *= scale;
    return larger;
}

int64_t orl_view_step(const struct view *view, size_t frame)
{
    return orl_pace_step(&view->pace, frame);
}

size_t orl_view_row(const struct view *view, size_t run, size_t frame)
{
    int64_t step = orl_view_step(view, frame), from = view->pace.from, steps = view->pace.to - from;
    if (run >= view->run_count && steps > 0)
        step = from +
               (int64_t)((double)(step - from) / (double)steps * (double)(view->axis_to - from));
    return orl_pace_row(view->runs[run].trace, step);
}

bool orl_view_run_ended(const struct view *view, size_t run, size_t frame)
{
    return orl_view_row(view, run, frame) + 1 == view->runs[run].trace->rows;
}

bool orl_view_is_last(const struct view *view, size_t frame)
{
    return orl_pace_is_last(&view->pace, frame);
}

const struct style *orl_view_style(const struct view *view, size_t run)
{
    return &view->styles[run];
}

void orl_view_swatch(const struct view *view, size_t run, double x, double y, double width,
                     struct orl_picture *picture)
{
    orl_swatch(&view->styles[run], view->size.line, view->theme->background, x, y, width, picture);
}

static struct names view_names(const struct view *view)
{
    return (struct names){view->measure, view->runs, view->run_count, view->size.text};
}

size_t orl_view_shared_words(const struct view *view, size_t first, size_t count)
{
    const struct names names = view_names(view);
    return orl_names_shared(&names, first, count);
}

char *orl_view_fit_name(const struct view *view, size_t run, double width)
{
    const struct names names = view_names(view);
    return orl_names_fit(&names, run, width);
}

char *orl_view_fit_title(const struct view *view, size_t run, double width)
{
    const struct names names = view_names(view);
    return orl_names_fit_title(&names, run, width);
}

double orl_view_widest_name(const struct view *view, double most)
{
    const struct names names = view_names(view);
    return orl_names_widest(&names, most);
}
