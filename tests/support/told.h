/* What a film tells, as facts about it that stand in a file of cases. */
#ifndef ORL_TESTS_TOLD_H
#define ORL_TESTS_TOLD_H

#include "base/text.h"
#include "optreel/scene.h"

/* The kinds of facts:
 *   finding WORDS     the sentence at the film's end; nothing: there is none
 *   forms A | B | C   the sentence where there is less and less room
 *   meaning WORDS     what "arrives" means in it
 *   event STEP KIND WORDS   the next event, in order of their steps
 *   events-end        the film has no more of them
 *   shown FROM..TO WORDS    the event that says it stands in the frames from FROM up to TO
 *   unshown WORDS     it has no room
 *   place NAME: rank 1, ends 0.5, level 4, to 2 4 - , off 3   where a run stands
 *   goal KIND X Y, least A, level B    what runs should come to
 *   under WORDS       what stands below the finding
 *   closing WORDS     what is said of the runs below the closing table of a report video */
bool film_told_knows(const char *kind);
/* `events`: how many events of the film were compared. `told` becomes what the film says. */
bool film_told_holds(const struct orl_film *film, const char *kind, const char *words,
                     size_t *events, struct orl_text *told);

#endif
