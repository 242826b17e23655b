/* The stage of a worker: problems, traces and the film that it works on, kept from one unit to the
 * next. */
#ifndef ORL_BATCH_STAGE_H
#define ORL_BATCH_STAGE_H

#include "base/io.h"
#include "batch/unit.h"
#include "optreel/draw.h"

struct stage;

/* All borrowed: they must outlive the stage. `folder` holds the runs' traces; NULL: runs are made
 * when a film needs them. The experiment's plans note the digests of the data files they open. */
int orl_stage_create(struct orl_experiment *experiment, const struct orl_limits *limits,
                     struct orl_folder *folder, struct orl_font *font, struct stage **out,
                     struct orl_error *err);
void orl_stage_destroy(struct stage **stage);

/* A problem made ready, kept until the stage goes. Borrowed. */
int orl_stage_problem(struct stage *stage, size_t problem, const struct orl_problem **out,
                      struct orl_error *err);

/* A trace that a run has just made, whose file has this digest: films need not read that again. The
 * stage's from now on. */
void orl_stage_keep(struct stage *stage, size_t run, struct orl_trace **trace,
                    const uint8_t digest[32]);

/* A step that a frame of the films to come shows whatever their pace; 0: none. */
void orl_stage_still(struct stage *stage, int64_t step);
/* Lay a film out as `look` says (size, rate, text; nothing else of it is used), unless it stands
 * there already. `facts` of its runs, in its order, as in struct unit_order; NULL where there is no
 * folder. */
int orl_stage_set(struct stage *stage, size_t film, const struct orl_run_facts *const *facts,
                  const struct orl_output_plan *look, struct orl_error *err);
/* The film on stage, borrowed until another takes its place; NULL where there is none. */
const struct orl_film *orl_stage_scene(const struct stage *stage);
/* Its frames; for a poster the only frame is the film's last. */
struct orl_frame_source orl_stage_source(struct stage *stage, bool poster);

/* Set the stage for an output: traces are read, the film is laid out, the canvas has its still
 * part. What the last unit left is used again where it fits. `spec` gets the film's colours; the
 * source makes its frames (a poster's only frame is the film's last). Both are valid until the next
 * call. */
int orl_stage_film(struct stage *stage, const struct unit_order *order,
                   struct orl_output_spec *spec, struct orl_frame_source *source,
                   struct orl_error *err);

/* Called for each frame given. */
void orl_stage_on_frame(struct stage *stage, void (*drawn)(void *context), void *context);
#endif
