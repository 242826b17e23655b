/* A film's settings as the scene takes them. */
#ifndef ORL_BATCH_SETTINGS_H
#define ORL_BATCH_SETTINGS_H

#include "optreel/experiment.h"
#include "optreel/scene.h"

/* Fill what a film's settings say of its story into *spec, whose run_count is set: headline,
 * events, level, highlight, notes. spec borrows the settings, *highlight and *notes; these two are
 * owned by the caller, also after a failure (out of memory). */
int orl_stage_story(const struct orl_film_settings *settings, const struct orl_film_run *runs,
                    struct orl_film_spec *spec, bool **highlight, struct orl_note **notes,
                    struct orl_error *err);

#endif
