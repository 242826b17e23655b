/* A formula made ready for many points: nodes in order of evaluation, equal ones once, values and
 * adjoints in blocks.
 *
 * What depends on parameters alone is one number for all points (a scalar node); the rest are
 * vector nodes that hold a block of points at a time, so that every operation is a loop the
 * compiler vectorizes. The reverse sweep follows each block while it is in the cache. */
#ifndef ORL_MODEL_TAPE_H
#define ORL_MODEL_TAPE_H

#include "base/vector.h"
#include "model/formula.h"

enum { ORL_TAPE_BLOCK = 256 }; /* points per block */

struct tape_node {
    uint8_t op;
    bool vector, active; /* active: depends on a parameter */
    uint32_t a, b;       /* operands; for ORL_OP_PARAM and ORL_OP_COLUMN `a` is the index */
    double number;       /* of ORL_OP_NUMBER */
};

struct orl_tape {
    struct tape_node *nodes; /* owned: operands before their node */
    size_t count, capacity;
    uint32_t root;
};

/* How names are bound: parameters hide columns, both hide constants. With `spread` parameters are
 * vectors, too: the reverse sweep then gives each point its own derivatives. With `points` the root
 * is a vector in any case. */
struct tape_names {
    const char *const *parameters;
    size_t parameter_count;
    const char *const *columns;
    size_t column_count;
    bool spread, points;
    size_t derivative; /* 0: the formula itself; n: its partial derivative by parameter n - 1 */
};

/* ORL_EINPUT for a name that is bound to nothing. Release with orl_tape_destroy. */
int orl_tape_compile(const struct orl_formula *formula, const struct tape_names *names,
                     struct orl_tape **out, struct orl_error *err);
void orl_tape_destroy(struct orl_tape **tape);

/* Working memory of one tape. */
struct tape_memory {
    double *storage; /* owned */
    double **value; /* owned: per node; one number or a block. Columns point to the data instead. */
    double **adjoint;     /* owned: per node; NULL where nothing flows back */
    const double **flow;  /* owned: per vector node where its adjoint of the present block stands;
                             NULL: nothing has come yet */
    double *contribution; /* a block, in storage */
};
/* ORL_ENOMEM. Release with orl_tape_memory_destroy. */
int orl_tape_memory_create(const struct orl_tape *tape, struct tape_memory *memory,
                           struct orl_error *err);
void orl_tape_memory_destroy(struct tape_memory *memory);

/* Set the parameters, compute all scalar nodes, clear their adjoints. */
void orl_tape_begin(const struct orl_tape *tape, struct tape_memory *memory,
                    const double *parameters);
/* Compute the vector nodes for `count` points; columns[c] points to their values. The result is
 * memory->value[tape->root]. */
void orl_tape_forward(const struct orl_tape *tape, struct tape_memory *memory,
                      const double *const *columns, size_t count);
/* Send `seed` (d result / d root, per point) back through the vector nodes; scalar nodes sum up
 * what they get. */
void orl_tape_backward(const struct orl_tape *tape, struct tape_memory *memory, const double *seed,
                       size_t count);
/* Send a number back to a scalar root. */
void orl_tape_seed(const struct orl_tape *tape, struct tape_memory *memory, double seed);
/* After the last block: through the scalar nodes to the parameters. Writes all `count` derivatives.
 */
void orl_tape_finish(const struct orl_tape *tape, struct tape_memory *memory, double *gradient,
                     size_t count);

/* The sum over eight lanes in a fixed order, whatever the machine's vectors are. */
double orl_sum_lanes(const double *values, size_t count);

/* The sum of products, in the same lanes. */
double orl_dot_lanes(const double *a, const double *b, size_t count);

/* The sum of adjoints times slopes by orl_chain, in the same lanes. */
double orl_chain_lanes(const double *adjoint, const double *slope, size_t count);

/* to += from; to -= factor from; out = a + b; predicted - response; 2 a. */
void orl_kernel_add(double *restrict to, const double *from, size_t count);
void orl_kernel_subtract(double *restrict to, const double *from, double factor, size_t count);
void orl_kernel_sum(double *restrict out, const double *a, const double *b, size_t count);
void orl_kernel_residuals(double *restrict out, const double *predicted, const double *response,
                          size_t count);
void orl_kernel_twice(double *restrict out, const double *a, size_t count);

/* One operation over a block. A shape tells which operand is one number for all points. */
enum tape_shape { TAPE_VECTORS, TAPE_SCALAR_A, TAPE_SCALAR_B, TAPE_SCALARS };
struct tape_kernel {
    void (*value)(double *restrict out, const double *a, const double *b, size_t count,
                  enum tape_shape shape);
    /* out = g * slope in a (or b) */
    void (*slope_a)(double *restrict out, const double *g, const double *a, const double *b,
                    const double *v, size_t count, enum tape_shape shape);
    void (*slope_b)(double *restrict out, const double *g, const double *a, const double *b,
                    const double *v, size_t count, enum tape_shape shape);
};
/* The kernel of an operation. Static. */
const struct tape_kernel *orl_tape_kernel(enum orl_op op);

#endif
