/* The inside of problems and workspaces, for the files of this room. */
#ifndef ORL_MODEL_PROBLEM_H
#define ORL_MODEL_PROBLEM_H

#include "model/crew.h"
#include "model/tape.h"

struct orl_problem {
    char *model; /* owned, as are all below */
    char **parameters;
    double *start, *truth; /* truth NULL where it is not known; else truth_count points */
    size_t truth_count;
    struct orl_shape *shapes; /* owned */
    size_t shape_count;
    double *domain; /* from, to of each parameter; NULL where none is given */
    size_t parameter_count;
    struct orl_dataset *data; /* NULL for an objective */
    const struct orl_loss_desc *loss;
    struct orl_value *loss_settings;
    bool squares; /* the loss is made of squares */
    struct orl_formula *formula;
    struct orl_tape *tape;   /* parameters as scalars */
    struct orl_tape *spread; /* parameters as vectors, for the Jacobian; NULL for an objective */
};

/* What one thread needs for a pass over the points: the tapes at work, and a block of what comes
 * out of them. */
struct orl_pass {
    struct tape_memory memory, spread; /* of problem->tape and problem->spread */
    double
        *gathered; /* owned: of a mini-batch: a block per column, one of responses, one of sigmas */
    const double **columns; /* owned array: where the block's columns lie */
    double residual[ORL_TAPE_BLOCK], rho[ORL_TAPE_BLOCK], seed[ORL_TAPE_BLOCK];
};

struct orl_workspace {
    struct orl_pass pass;
    struct orl_parallel *parallel; /* owned: made for a first pass over many points; NULL */
};

/* Fill `pass`; ORL_ENOMEM leaves nothing behind. Release with orl_pass_destroy, which takes one of
 * zeros, too. */
int orl_pass_create(const struct orl_problem *problem, struct orl_pass *pass,
                    struct orl_error *err);
void orl_pass_destroy(struct orl_pass *pass);

/* A block of points: where their responses and sigmas lie (sigma NULL: all alike). */
struct orl_block {
    const double *response, *sigma;
    size_t count;
};

/* Point pass->columns to points first … first+count-1 (of `rows`, or of all where it is NULL); at
 * most ORL_TAPE_BLOCK of them. */
struct orl_block orl_block_take(const struct orl_problem *problem, struct orl_pass *pass,
                                const uint32_t *rows, size_t first, size_t count);
/* out[i] = (predicted[i] - response[i]) / sigma[i]. */
void orl_block_residuals(const struct orl_block *block, const double *predicted, double *out);
/* The loss and, where `slopes`, its slopes in the predictions (pass->seed) of a block whose
 * predictions stand in the tape's root; returns the sum of the losses. */
double orl_block_loss(const struct orl_problem *problem, struct orl_pass *pass,
                      const struct orl_block *block, bool slopes);
/* Rows of the Jacobian from the adjoints of the spread tape: jacobian[i * parameter_count + j]. */
void orl_block_jacobian(const struct orl_problem *problem, const struct orl_pass *pass,
                        const struct orl_block *block, double *jacobian);

/* The same column by column: columns[j * ORL_TAPE_BLOCK + i]. */
void orl_block_columns(const struct orl_problem *problem, const struct orl_pass *pass,
                       const struct orl_block *block, double *columns);

/* The sum of all losses over many points, by several threads; the scalar adjoints of `workspace`
 * are left as after a whole pass. False where memory is short: then nothing has happened. */
bool orl_parallel_evaluate(const struct orl_problem *problem, struct orl_workspace *workspace,
                           const double *parameters, double *sum, bool gradient);
void orl_parallel_destroy(struct orl_parallel **parallel);

#endif
