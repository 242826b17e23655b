/* Words in lines: how wide they are, cut to a width, and broken over several lines. */
#ifndef ORL_SCENE_LETTERS_H
#define ORL_SCENE_LETTERS_H

#include "optreel/scene.h"

/* The width of one line of UTF-8, px. `size` in px. */
double orl_letters_width(const struct orl_measure *measure, const char *text, double size,
                         bool bold);

/* The text, shortened with an ellipsis so that it is at most `width` px wide. Owned by the caller;
 * NULL when memory is short. */
char *orl_letters_fit(const struct orl_measure *measure, const char *text, double size, bool bold,
                      double width);

/* Break `text` at spaces (and newlines; words that are too long, anywhere) into lines at most
 * `width` px wide. At most `most` lines are made; the last one ends with an ellipsis where
 * something was left out. Returns their number, 0 where the text is empty or memory is short;
 * `lines` gets owned strings. */
size_t orl_letters_wrap(const struct orl_measure *measure, const char *text, double size, bool bold,
                        double width, size_t most, char **lines);

/* The widest of many numbers. Digits are as wide as each other, so that numbers of one shape are
 * measured once: thousands of runs have some dozens. Zero-initialize; `widest` is the result, px.
 */
enum { SHAPES_MAX = 32, SHAPE_SIZE = 64 };
struct number_shapes {
    char seen[SHAPES_MAX][SHAPE_SIZE];
    size_t count;
    double widest;
};
/* Take a number, as text of at most SHAPE_SIZE bytes, into account. */
void orl_shapes_add(struct number_shapes *shapes, const struct orl_measure *measure,
                    const char *number, double size);

#endif
