/* Who stands out in a frame: at the finish the winner, while the others step back. */
#ifndef ORL_SCENE_EMPHASIS_H
#define ORL_SCENE_EMPHASIS_H

#include "scene/panels/panel.h"

enum orl_emphasis {
    ORL_EMPHASIS_NONE,  /* as any other */
    ORL_EMPHASIS_FRONT, /* whole, wide, on top */
    ORL_EMPHASIS_BACK,  /* paler and thinner; marks stay */
};

/* How a run of the film is drawn in a frame. Pure; safe in any thread. */
enum orl_emphasis orl_view_emphasis(const struct view *view, size_t run, size_t frame);

#endif
