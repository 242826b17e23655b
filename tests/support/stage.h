/* What the tests of films share: problems, traces, films of them, and what stands on their frames.
 * A test says what is special about its own; everything else comes from here, once. */
#ifndef ORL_TESTS_STAGE_H
#define ORL_TESTS_STAGE_H

#include "orl_test.h"

#include "optreel/scene.h"

/* A measure without a font: a character is half as wide as its size, 0.55 of it in bold. */
extern const struct orl_measure stage_measure;
/* The same a little wider (0.54 and 0.57), about as wide as Inter. */
extern const struct orl_measure stage_measure_wide;

/* What a problem of a test is made of. */
struct stage_model {
    const char *formula;
    const char *const *names;    /* of the parameters */
    const double *start, *truth; /* truth may be NULL where there are no data */
    size_t count;                /* of the parameters */
    const char *column;          /* of the data; NULL: "x" */
    size_t points;               /* data from 0 to 1, made from the truth; 0: a plain function */
    double noise;                /* its standard deviation */
    size_t truth_count;          /* of a function with several minima; 0 is 1 */
    const char *loss;            /* NULL: "mse" */
};
struct orl_problem *stage_problem_make(const struct stage_model *model);

/* A model of x from 0 to 1 in three parameters alpha, beta, gamma that start at 3, -1, 6; or, with
 * no points, a function of alpha and beta alone. */
struct orl_problem *stage_problem(const char *formula, const double *truth, size_t points);

/* A run of an optimizer with its usual settings but for the learning rate. */
struct orl_trace *stage_run(const struct orl_problem *p, const char *optimizer, double rate,
                            size_t batch, int64_t steps);

/* A trace in numbers: steps 0 to rows-1, losses and values all 0. `names` are copied; release with
 * orl_trace_destroy. */
struct orl_trace *stage_trace(size_t rows, const char *const *names, size_t count);

/* A film of 2 seconds at 30 frames a second, 0.2 s still at its start and 0.4 s at its end, with a
 * logarithmic pace, in the light theme; text and lines as large as the size asks for. */
struct orl_film_spec stage_spec(const struct orl_film_run *runs, size_t count,
                                const struct orl_panel_spec *panels, size_t panel_count, int width,
                                int height);
/* The film, or a failed test that says why there is none. */
struct orl_film *stage_film(const struct orl_film_spec *spec);

/* Tell a run as one of a sweep: `told` is its swept setting, `name` its name in the title. */
void stage_sweep(struct orl_film_run *run, struct orl_told *told, const char *base,
                 const char *name, const char *text);

bool stage_has_text(const struct orl_picture *picture, const char *text);
/* Whether the part's still or the frame itself says it. */
bool stage_frame_says(const struct orl_film *film, size_t frame, const char *text);

#endif
