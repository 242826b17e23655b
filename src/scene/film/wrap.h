/* Text over several lines. */
#ifndef ORL_SCENE_WRAP_H
#define ORL_SCENE_WRAP_H

#include "scene/panels/panel.h"

/* Break `text` at spaces (and newlines; words that are too long, anywhere) into lines at most
 * `width` px wide. At most `most` lines are made; the last one ends with an ellipsis where
 * something was left out. Returns their number, 0 where the text is empty or memory is short;
 * `lines` gets owned strings. */
size_t orl_wrap(const struct orl_film *film, const char *text, double size, bool bold, double width,
                size_t most, char **lines);

#endif
