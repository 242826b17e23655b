/* Several threads for one pass over many points. The points are cut into chunks of a fixed size,
 * each summed up on its own, and the sums are added in the order of the chunks: the digits do not
 * depend on how many threads there are. */
#ifndef ORL_MODEL_CREW_H
#define ORL_MODEL_CREW_H

#include "optreel/base.h"

enum {
    ORL_CREW_CHUNK = 1 << 14,
    ORL_CREW_LEAST = 1 << 17,
    ORL_CREW_MOST = 8
}; /* points of a chunk; from so many points on; threads */

struct orl_crew;
/* A crew of as many threads as this process has cores, the caller among them. NULL when memory is
 * short. */
struct orl_crew *orl_crew_create(void);
void orl_crew_destroy(struct orl_crew **crew);
size_t orl_crew_size(const struct orl_crew *crew);
/* Call work(context, member, chunk) for every chunk, members 0 … size-1 side by side; returns when
 * all is done. */
void orl_crew_run(struct orl_crew *crew, size_t chunks,
                  void (*work)(void *context, size_t member, size_t chunk), void *context);

#endif
