/* The line below the title: the model, and how the runs differ. */
#ifndef ORL_SCENE_SUBTITLE_H
#define ORL_SCENE_SUBTITLE_H

#include "scene/panels/view.h"

/* What stands below `title` (NULL: none) where the film does not say it itself, within `width` px.
 * Owned by the caller; NULL when memory is short. Any thread. */
char *orl_subtitle_make(const struct view *view, const char *title, double width);
/* A line of it that ends with the dot between two entries loses the dot. */
void orl_subtitle_drop_dots(char **lines, size_t count);

#endif
