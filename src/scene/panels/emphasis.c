/* Who stands out in a frame. */
#include "scene/panels/emphasis.h"

/* With a tie of all nobody stands out; nor does anybody where no loss ranks the runs, or where each
 * has a plot of its own. */
static bool has_winner(const struct view *view)
{
    size_t first = 0;
    for (size_t i = 0; i < view->standing.count; i++)
        first += view->standing.places[i].rank == 1;
    return view->loss && !view->grid && view->run_count > 1 && first < view->standing.count;
}

enum orl_emphasis orl_view_emphasis(const struct view *view, size_t run, size_t frame)
{
    if (view->highlight && run < view->run_count)
        return view->highlight[run] ? ORL_EMPHASIS_FRONT : ORL_EMPHASIS_BACK;
    if (!orl_view_is_last(view, frame) || run >= view->standing.count || !has_winner(view))
        return ORL_EMPHASIS_NONE;
    return view->standing.places[run].rank == 1 ? ORL_EMPHASIS_FRONT : ORL_EMPHASIS_BACK;
}
