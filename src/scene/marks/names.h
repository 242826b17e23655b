/* The names of runs where there is little room: without what all of them begin with, and cut so
 * that they can still be told apart. */
#ifndef ORL_SCENE_NAMES_H
#define ORL_SCENE_NAMES_H

#include "optreel/scene.h"

/* The names that stand together, set in semibold. Borrows all. */
struct names {
    const struct orl_measure *measure;
    const struct orl_film_run *runs; /* whose titles they are */
    size_t count;
    double size; /* of the letters, px */
};

/* Bytes that the titles of the runs of one sweep begin with, and so need not say each: "Adam, lr
 * 0.1", "Adam, lr 1" -> 6. 0 for a run alone, and for runs that are not of one sweep. */
size_t orl_names_shared(const struct names *names, size_t first, size_t count);

/* A run's name, at most `width` px wide: in a race without what all names begin with where the
 * longest does not fit, and shortened in its middle where the ends tell it from others: "mom…
 * 0.95". Owned by the caller; NULL when memory is short. */
char *orl_names_fit(const struct names *names, size_t run, double width);
/* The same, but the whole title where that fits. */
char *orl_names_fit_title(const struct names *names, size_t run, double width);
/* The width of the widest; where that is more than `most`, without the words that all of them begin
 * with. */
double orl_names_widest(const struct names *names, double most);

#endif
