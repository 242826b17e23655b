/* Shampoo and SOAP: gradients in the basis in which they vary, side by side of a matrix. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "optimizer/matrix.h"
#include "optimizer/shaped.h"

/* What both keep of one shape, r x c: sums of G G^T and G^T G, and what is made of them. */
struct sides {
    size_t rows, columns;
    double *left, *right;           /* r x r, c x c: the sums */
    double *left_root, *right_root; /* Shampoo: their roots; SOAP: their eigenvectors */
    double *square;                 /* SOAP: r x c, the mean square in that basis */
};

struct preconditioner {
    bool *rest;                          /* owned */
    struct sides *sides;                 /* owned: one for each shape */
    double *memory;                      /* owned: of all sides, and of what follows */
    double *gradient, *turned, *product; /* scratch of the largest shape */
    double *matrix, *other, *values;     /* scratch of the longest side: n x n, n x n, n */
};

static void preconditioner_destroy(void *state)
{
    struct preconditioner *p = state;
    free(p->rest);
    free(p->sides);
    free(p->memory);
    free(p);
}

/* Lay out the memory: with `base` NULL only count. */
static size_t memory_lay(struct preconditioner *p, const struct orl_oracle *oracle, double *base)
{
    size_t used = 0, cells = 0, side = 0;
#define PLACE(pointer, count) ((pointer) = base ? base + used : NULL, used += (count))
    for (size_t k = 0; k < oracle->shape_count; k++) {
        struct sides *s = &p->sides[k];
        size_t r = s->rows = oracle->shapes[k].rows, c = s->columns = oracle->shapes[k].columns;
        PLACE(s->left, r * r);
        PLACE(s->right, c * c);
        PLACE(s->left_root, r * r);
        PLACE(s->right_root, c * c);
        PLACE(s->square, r * c);
        cells = r * c > cells ? r * c : cells;
        side = r > side ? r : side;
        side = c > side ? c : side;
    }
    PLACE(p->gradient, cells);
    PLACE(p->turned, cells);
    PLACE(p->product, cells);
    PLACE(p->matrix, side * side);
    PLACE(p->other, side * side);
    PLACE(p->values, side);
#undef PLACE
    return used;
}

static int preconditioner_create(const struct orl_optimizer_desc *desc, size_t dimension,
                                 const double *settings, const struct orl_oracle *oracle,
                                 void **state, struct orl_error *err)
{
    (void)dimension, (void)settings;
    struct preconditioner *p = orl_calloc(1, sizeof *p);
    if (!p)
        return orl_fail_memory(err);
    int ret = orl_shaped_rest(desc, oracle, &p->rest, err);
    if (ret == ORL_OK && !(p->sides = orl_calloc(oracle->shape_count, sizeof *p->sides)))
        ret = orl_fail_memory(err);
    if (ret == ORL_OK && !(p->memory = orl_calloc(memory_lay(p, oracle, NULL), sizeof *p->memory)))
        ret = orl_fail_memory(err);
    if (ret != ORL_OK) {
        preconditioner_destroy(p);
        return ret;
    }
    (void)memory_lay(p, oracle, p->memory);
    *state = p;
    return ORL_OK;
}

/* sum = keep sum + gain a a^T, a being n x m: G for the rows, its transpose for the columns. */
static void side_add(double *sum, size_t n, double keep, double gain, const double *product)
{
    for (size_t i = 0; i < n * n; i++)
        sum[i] = keep * sum[i] + gain * product[i];
}

static void sides_add(struct preconditioner *p, struct sides *s, double keep, double gain)
{
    orl_matrix_product_right(p->gradient, p->gradient, p->matrix, s->rows, s->columns, s->rows);
    side_add(s->left, s->rows, keep, gain, p->matrix);
    orl_matrix_product_left(p->gradient, p->gradient, p->matrix, s->columns, s->rows, s->columns);
    side_add(s->right, s->columns, keep, gain, p->matrix);
}

/* ---- Shampoo --------------------------------------------------------------------------------- */

enum { SHAMPOO_RATE, SHAMPOO_BETA2, SHAMPOO_EPSILON, SHAMPOO_INTERVAL, SHAMPOO_DECAY };
enum { REST_MEAN, REST_SQUARE, REST_SLOTS };

/* root = (sum + epsilon I)^(-1/4). */
static void side_root(struct preconditioner *p, const double *sum, size_t n, double epsilon,
                      double *root)
{
    memcpy(p->matrix, sum, n * n * sizeof *sum);
    orl_matrix_eigen(p->matrix, n, p->values, p->other);
    for (size_t j = 0; j < n; j++) {
        double factor = 1.0 / sqrt(sqrt(fmax(p->values[j], 0.0) + epsilon));
        for (size_t i = 0; i < n; i++)
            p->matrix[i * n + j] = p->other[i * n + j] * factor;
    }
    orl_matrix_product_right(p->matrix, p->other, root, n, n, n);
}

static void shampoo_shape_update(const struct orl_step *s, size_t k, double *x)
{
    struct preconditioner *p = s->state;
    struct sides *sides = &p->sides[k];
    const struct orl_shape *shape = &s->oracle->shapes[k];
    size_t r = sides->rows, c = sides->columns;
    double keep = s->settings[SHAMPOO_BETA2], epsilon = s->settings[SHAMPOO_EPSILON];
    orl_shape_gather(shape, s->gradient, p->gradient);
    sides_add(p, sides, keep, keep < 1.0 ? 1.0 - keep : 1.0);
    if ((s->number - 1) % (int64_t)s->settings[SHAMPOO_INTERVAL] == 0) {
        side_root(p, sides->left, r, epsilon, sides->left_root);
        side_root(p, sides->right, c, epsilon, sides->right_root);
    }
    orl_matrix_product(sides->left_root, p->gradient, p->product, r, r, c);
    orl_matrix_product(p->product, sides->right_root, p->turned, r, c, c);
    for (size_t i = 0; i < r * c; i++)
        x[shape->parameters[i]] -= s->settings[SHAMPOO_RATE] * p->turned[i];
}

static int shampoo_update(const struct orl_step *s, double *x)
{
    const struct preconditioner *p = s->state;
    for (size_t k = 0; k < s->oracle->shape_count; k++)
        shampoo_shape_update(s, k, x);
    orl_shaped_adam(s, p->rest, s->settings[SHAMPOO_RATE], REST_MEAN, REST_SQUARE, x);
    return ORL_OK;
}

static const char *const frequency_aliases[] = {"precondition_frequency", "update_freq", NULL};
static const struct orl_setting shampoo_settings[] = {
    [SHAMPOO_RATE] = LEARNING_RATE(0.1),
    [SHAMPOO_BETA2] = REAL("beta2", "1", 1, 0, 1, NULL,
                           "share of the old sums that is kept; 1: sums of all gradients"),
    [SHAMPOO_EPSILON] = EPSILON(1e-4),
    [SHAMPOO_INTERVAL] = INTEGER("interval", "steps", 1, 1, 1e9, frequency_aliases,
                                 "steps from one root of the sums to the next"),
    [SHAMPOO_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_shampoo = {
    .name = "shampoo",
    .title = "Shampoo",
    .description = "Adagrad for both sides of a matrix, for parameters with a shape; AdamW for the "
                   "others",
    .source = "Gupta, Koren & Singer 2018, arXiv 1802.09568, alg. 1",
    .rule = "L += G Gᵀ, R += Gᵀ G; P -= lr L^-¼ G R^-¼",
    .settings = shampoo_settings,
    .slots = REST_SLOTS,
    .decay = ORL_DECAY_SHRINK,
    .shapes = true,
    .create = preconditioner_create,
    .destroy = preconditioner_destroy,
    .update = shampoo_update,
};

/* ---- SOAP ------------------------------------------------------------------------------------ */

enum { SOAP_RATE, SOAP_BETA1, SOAP_BETA2, SOAP_EPSILON, SOAP_INTERVAL, SOAP_DECAY };
enum { SOAP_MEAN, SOAP_SQUARE, SOAP_SLOTS };

/* Into the basis: Q_L^T m Q_R; and back: Q_L m Q_R^T. */
static void basis_turn(struct preconditioner *p, const struct sides *s, const double *m,
                       double *out)
{
    orl_matrix_product_left(s->left_root, m, p->product, s->rows, s->rows, s->columns);
    orl_matrix_product(p->product, s->right_root, out, s->rows, s->columns, s->columns);
}

static void basis_turn_back(struct preconditioner *p, const struct sides *s, const double *m,
                            double *out)
{
    orl_matrix_product(s->left_root, m, p->product, s->rows, s->rows, s->columns);
    orl_matrix_product_right(p->product, s->right_root, out, s->rows, s->columns, s->columns);
}

/* How much of the sum lies along each vector of the basis, and which place it takes: the more, the
 * earlier. Columns of the basis are put there, and rows or columns of the mean square with them. */
static void basis_sort(struct preconditioner *p, struct sides *s, bool left)
{
    size_t n = left ? s->rows : s->columns;
    double *sum = left ? s->left : s->right, *basis = left ? s->left_root : s->right_root;
    orl_matrix_product(sum, basis, p->matrix, n, n, n);
    for (size_t j = 0; j < n; j++) {
        p->values[j] = 0.0;
        for (size_t i = 0; i < n; i++)
            p->values[j] += basis[i * n + j] * p->matrix[i * n + j];
    }
    for (size_t j = 1; j < n; j++) /* by insertion: equal ones keep their order */
        for (size_t k = j; k > 0 && p->values[k] > p->values[k - 1]; k--) {
            double swap = p->values[k];
            p->values[k] = p->values[k - 1];
            p->values[k - 1] = swap;
            for (size_t i = 0; i < n; i++) {
                swap = basis[i * n + k];
                basis[i * n + k] = basis[i * n + k - 1];
                basis[i * n + k - 1] = swap;
            }
            for (size_t i = 0; i < (left ? s->columns : s->rows); i++) {
                double *a = left ? &s->square[k * s->columns + i] : &s->square[i * s->columns + k];
                double *b = left ? a - s->columns : a - 1;
                swap = *a;
                *a = *b;
                *b = swap;
            }
        }
}

/* One step of the power iteration and a QR (alg. 4): the basis follows the sum. */
static void basis_follow(struct preconditioner *p, struct sides *s, bool left)
{
    size_t n = left ? s->rows : s->columns;
    double *sum = left ? s->left : s->right, *basis = left ? s->left_root : s->right_root;
    basis_sort(p, s, left);
    orl_matrix_product(sum, basis, p->matrix, n, n, n);
    orl_matrix_orthogonal(p->matrix, n, basis, p->values);
}

static void basis_begin(struct preconditioner *p, struct sides *s, bool left)
{
    size_t n = left ? s->rows : s->columns;
    memcpy(p->matrix, left ? s->left : s->right, n * n * sizeof *p->matrix);
    orl_matrix_eigen(p->matrix, n, p->values, left ? s->left_root : s->right_root);
}

/* Adam in the basis. The first gradient only begins it; t counts the steps that are made. */
static void soap_step(const struct orl_step *s, struct sides *sides, const struct orl_shape *shape,
                      double *x)
{
    struct preconditioner *p = s->state;
    double b1 = s->settings[SOAP_BETA1], b2 = s->settings[SOAP_BETA2], t = (double)(s->number - 1),
           rate = s->settings[SOAP_RATE];
    double correction = sqrt(1.0 - orl_pow(b2, t)) / (1.0 - orl_pow(b1, t));
    size_t cells = sides->rows * sides->columns;
    basis_turn(p, sides, p->gradient, p->turned);
    for (size_t i = 0; i < cells; i++) {
        double *mean = &s->slots[SOAP_MEAN][shape->parameters[i]];
        *mean = b1 * *mean + (1.0 - b1) * p->gradient[i];
        sides->square[i] = b2 * sides->square[i] + (1.0 - b2) * p->turned[i] * p->turned[i];
    }
    orl_shape_gather(shape, s->slots[SOAP_MEAN], p->gradient);
    basis_turn(p, sides, p->gradient, p->turned);
    for (size_t i = 0; i < cells; i++) {
        double scale = sqrt(sides->square[i]) + s->settings[SOAP_EPSILON];
        p->turned[i] = scale > 0.0 ? p->turned[i] / scale : 0.0;
    }
    basis_turn_back(p, sides, p->turned, p->gradient);
    for (size_t i = 0; i < cells; i++) {
        double *at = &x[shape->parameters[i]];
        *at -= rate * correction * p->gradient[i];
        *at -= rate * s->settings[SOAP_DECAY] * *at;
    }
}

static void soap_shape_update(const struct orl_step *s, size_t k, double *x)
{
    struct preconditioner *p = s->state;
    struct sides *sides = &p->sides[k];
    const struct orl_shape *shape = &s->oracle->shapes[k];
    double b2 = s->settings[SOAP_BETA2];
    orl_shape_gather(shape, s->gradient, p->gradient);
    if (s->number > 1) {
        soap_step(s, sides, shape, x);
        orl_shape_gather(shape, s->gradient, p->gradient); /* the step has used it up */
    }
    sides_add(p, sides, b2, 1.0 - b2);
    if (s->number == 1) {
        basis_begin(p, sides, true);
        basis_begin(p, sides, false);
    } else if ((s->number - 1) % (int64_t)s->settings[SOAP_INTERVAL] == 0) {
        basis_follow(p, sides, true);
        basis_follow(p, sides, false);
    }
}

static int soap_update(const struct orl_step *s, double *x)
{
    const struct preconditioner *p = s->state;
    double rate = s->settings[SOAP_RATE];
    for (size_t k = 0; k < s->oracle->shape_count; k++)
        soap_shape_update(s, k, x);
    for (size_t i = 0; i < s->dimension; i++)
        x[i] *= p->rest[i] ? 1.0 - rate * s->settings[SOAP_DECAY] : 1.0;
    orl_shaped_adam(s, p->rest, rate, SOAP_MEAN, SOAP_SQUARE, x);
    return ORL_OK;
}

static const struct orl_setting soap_settings[] = {
    [SOAP_RATE] = LEARNING_RATE(0.003),
    [SOAP_BETA1] = BETA1(0.95),
    [SOAP_BETA2] = SHARE("beta2", 0.95, orl_aliases_beta2,
                         "share of the old mean square, and of the old sums, that is kept"),
    [SOAP_EPSILON] = EPSILON(1e-8),
    [SOAP_INTERVAL] = INTEGER("interval", "steps", 10, 1, 1e9, frequency_aliases,
                              "steps from one basis to the next"),
    [SOAP_DECAY] = WEIGHT_DECAY(0.01),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_soap = {
    .name = "soap",
    .title = "SOAP",
    .description = "Adam in the basis in which a matrix of gradients varies, for parameters with a "
                   "shape; AdamW for the others",
    .source =
        "Vyas et al. 2024, arXiv 2409.11321, alg. 3 and 4 (soap.py: its first step only looks)",
    .rule = "Q of L = Σ G Gᵀ, R = Σ Gᵀ G; Adam on Q_Lᵀ G Q_R, turned back",
    .settings = soap_settings,
    .slots = SOAP_SLOTS,
    .decay = ORL_DECAY_OWN,
    .shapes = true,
    .create = preconditioner_create,
    .destroy = preconditioner_destroy,
    .update = soap_update,
};
