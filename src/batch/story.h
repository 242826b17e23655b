/* What films tell, kept beside their segments for the report: the finding and the events. */
#ifndef ORL_BATCH_STORY_H
#define ORL_BATCH_STORY_H

#include "base/io.h"
#include "optreel/scene.h"

/* A story that was read. */
struct film_story {
    char *finding;            /* owned; NULL: not known */
    struct orl_event *events; /* owned; texts are in `storage` */
    size_t count;
    const char *places; /* in `storage`: where the film stands, as orl_report_film has it; NULL */
    void *storage;      /* owned */
};

/* Write what the film tells into the state of the folder, whole or not at all. Workers do so with
 * the first segment of a film's first output. */
int orl_story_keep(struct orl_folder *folder, const char *film_name, const struct orl_film *film,
                   struct orl_error *err);
/* Read it; a story that is not there, or torn, is an empty one. Release with orl_story_release. */
void orl_story_fetch(struct orl_folder *folder, const char *film_name, struct film_story *out);
void orl_story_release(struct film_story *story);

#endif
