/* What stands in the first panel's plot (or, where it has none, in its box), as a line of text for
 * each mark. */
#ifndef ORL_TESTS_DRAWN_H
#define ORL_TESTS_DRAWN_H

#include "base/text.h"
#include "optreel/scene.h"

/* A line for each mark with a point in the plot, or a line's width beside it, in drawing order:
 *
 *     line run0 1.00 dashed 0.0,100.0 50.0,20.0 100.0,0.0
 *     area run1/0.26 42 0.0,90.0 .. 0.0,80.0 mean 50.2,40.1
 *     dots back 2.33 circle 100.0,0.0
 *     text ink 60.0,30.0 step 12
 *
 * Colours are called as in the theme, "back0" is run 0's as it steps back, with an opacity below 1
 * after a slash. Widths and radii are in lines. Places are in percent of the plot, to the right and
 * up; a mark of more than eight points has their number, its ends and their mean. In facts places
 * may be a quarter of a percent off. */
void drawn_print(const struct orl_film *film, size_t frame, struct orl_text *out);

/* The kinds of facts: "drawn LINE" is one of the lines, "undrawn WORDS" begins none of them,
 * "count N WORDS" begins so many, "print-drawn" prints them all. */
bool drawn_knows(const char *kind);
/* `told` becomes all lines. */
bool drawn_holds(const struct orl_film *film, size_t frame, const char *kind, const char *what,
                 struct orl_text *told);

#endif
