/* Who stands out in a frame. */
#include "scene/panels/emphasis.h"

enum orl_emphasis orl_view_emphasis(const struct view *view, size_t run, size_t frame)
{
    (void)view;
    (void)run;
    (void)frame;
    return ORL_EMPHASIS_NONE;
}
