/* Rules that work on matrices: Muon, Shampoo and SOAP against second implementations, and what they
 * are made of against what linear algebra says. */
#include "orl_test.h"

#include "optimizer/matrix.h"
#include "optreel/model.h"
#include "optreel/optimizer.h"

enum { CELLS = 15, REST = 2, PARAMETERS = CELLS + REST, STEPS = 1000 };

/* The parameters of the shape stand in reversed order, two others behind them. */
struct fixture {
    size_t rows, columns, dimension;
    size_t places[CELLS];
    struct orl_shape shape;
    struct orl_oracle oracle;
    double x[PARAMETERS];
};

static const size_t sizes[][2] = {{2, 2}, {2, 3}, {5, 3}};
enum { SIZES = 3 };

static void fixture_make(struct fixture *f, size_t which)
{
    static char name[] = "W";
    size_t cells = sizes[which][0] * sizes[which][1];
    *f = (struct fixture){
        .rows = sizes[which][0], .columns = sizes[which][1], .dimension = cells + REST};
    for (size_t i = 0; i < cells; i++)
        f->places[i] = cells - 1 - i;
    for (size_t i = 0; i < f->dimension; i++)
        f->x[i] = 1.5 * cos(1.0 + 2.3 * (double)i);
    f->shape = (struct orl_shape){name, f->rows, f->columns, f->places};
    f->oracle =
        (struct orl_oracle){.dimension = f->dimension, .shape_count = 1, .shapes = &f->shape};
}

/* Of a sum of quartics that pull at each other: gradients of full rank along the way. */
static void slope(const struct fixture *f, const double *x, double *g)
{
    size_t n = f->dimension;
    for (size_t i = 0; i < n; i++) {
        double w = 1 + 0.5 * (double)(i % 4);
        g[i] = w * x[i] * x[i] * x[i] - cos(0.7 * (double)i) + 0.3 * x[(i + 1) % n] -
               0.2 * x[(i + n - 1) % n];
    }
}

static struct orl_optimizer *rule_make(struct fixture *f, const char *rule, double rate,
                                       const char *setting, double value)
{
    const struct orl_optimizer_desc *desc = orl_optimizer_find(rule);
    struct orl_value values[24] = {0};
    struct orl_optimizer *made = NULL;
    struct orl_error err = {0};
    for (size_t i = 0; i < orl_setting_count(desc->settings); i++)
        values[i].number = desc->settings[i].initial;
    values[orl_setting_find(desc->settings, "learning_rate")].number = rate;
    values[orl_setting_find(desc->settings, setting)].number = value;
    if (orl_optimizer_create(desc, values, NULL, f->dimension, STEPS, &f->oracle, &made, &err) !=
        ORL_OK)
        fail_msg("%s: %s", rule, err.text);
    return made;
}

/* ---- The second implementations: matrices as [5][5], whatever their size --------------------- */

enum { MOST = 5 };
struct small {
    size_t rows, columns;
    double at[MOST][MOST];
};

static struct small times(struct small a, struct small b)
{
    struct small out = {.rows = a.rows, .columns = b.columns};
    assert_int_equal(a.columns, b.rows);
    for (size_t i = 0; i < a.rows; i++)
        for (size_t j = 0; j < b.columns; j++)
            for (size_t k = 0; k < a.columns; k++)
                out.at[i][j] += a.at[i][k] * b.at[k][j];
    return out;
}

static struct small turned(struct small a)
{
    struct small out = {.rows = a.columns, .columns = a.rows};
    for (size_t i = 0; i < a.rows; i++)
        for (size_t j = 0; j < a.columns; j++)
            out.at[j][i] = a.at[i][j];
    return out;
}

/* p a + q b */
static struct small mixed(double p, struct small a, double q, struct small b)
{
    for (size_t i = 0; i < a.rows; i++)
        for (size_t j = 0; j < a.columns; j++)
            a.at[i][j] = p * a.at[i][j] + q * b.at[i][j];
    return a;
}

static struct small unit(size_t n, double value)
{
    struct small out = {.rows = n, .columns = n};
    for (size_t i = 0; i < n; i++)
        out.at[i][i] = value;
    return out;
}

/* By Gauss and Jordan, with pivots. */
static struct small inverse(struct small a)
{
    struct small out = unit(a.rows, 1);
    for (size_t k = 0; k < a.rows; k++) {
        size_t best = k;
        for (size_t i = k; i < a.rows; i++)
            best = fabs(a.at[i][k]) > fabs(a.at[best][k]) ? i : best;
        for (size_t j = 0; j < a.rows; j++) {
            double swap = a.at[k][j], other = out.at[k][j];
            a.at[k][j] = a.at[best][j], a.at[best][j] = swap;
            out.at[k][j] = out.at[best][j], out.at[best][j] = other;
        }
        double pivot = a.at[k][k];
        for (size_t j = 0; j < a.rows; j++)
            a.at[k][j] /= pivot, out.at[k][j] /= pivot;
        for (size_t i = 0; i < a.rows; i++) {
            double factor = i == k ? 0 : a.at[i][k];
            for (size_t j = 0; j < a.rows; j++) {
                a.at[i][j] -= factor * a.at[k][j];
                out.at[i][j] -= factor * out.at[k][j];
            }
        }
    }
    return out;
}

/* Denman and Beavers: Y goes to the root. */
static struct small root(struct small a)
{
    struct small y = a, z = unit(a.rows, 1);
    for (int i = 0; i < 40; i++) {
        struct small next = mixed(0.5, y, 0.5, inverse(z));
        z = mixed(0.5, z, 0.5, inverse(y));
        y = next;
    }
    return y;
}

struct second {
    const struct fixture *f;
    double rate, t, x[PARAMETERS], m[PARAMETERS], v[PARAMETERS];
    struct small mean, left, right, left_basis, right_basis, square;
};

static struct small gathered(const struct fixture *f, const double *v)
{
    struct small out = {.rows = f->rows, .columns = f->columns};
    for (size_t i = 0; i < f->rows * f->columns; i++)
        out.at[i / f->columns][i % f->columns] = v[f->places[i]];
    return out;
}

static void moved(struct second *s, struct small step, double rate)
{
    const struct fixture *f = s->f;
    for (size_t i = 0; i < f->rows * f->columns; i++)
        s->x[f->places[i]] -= rate * step.at[i / f->columns][i % f->columns];
}

static void rest_adam(struct second *s, const double *g)
{
    for (size_t i = s->f->rows * s->f->columns; i < s->f->dimension; i++) {
        s->m[i] = 0.9 * s->m[i] + (1 - 0.9) * g[i];
        s->v[i] = 0.999 * s->v[i] + (1 - 0.999) * g[i] * g[i];
        s->x[i] -= s->rate * (s->m[i] / (1 - pow(0.9, s->t))) /
                   (sqrt(s->v[i] / (1 - pow(0.999, s->t))) + 1e-8);
    }
}

static void muon(struct second *s, const double *g)
{
    struct small gradient = gathered(s->f, g);
    s->mean.rows = gradient.rows, s->mean.columns = gradient.columns;
    s->mean = mixed(0.95, s->mean, 1 - 0.95, gradient);
    struct small u = mixed(1 - 0.95, gradient, 0.95, s->mean);
    double size = 0;
    for (size_t i = 0; i < u.rows; i++)
        for (size_t j = 0; j < u.columns; j++)
            size += u.at[i][j] * u.at[i][j];
    struct small x = mixed(1 / (sqrt(size) + 1e-7), u, 0, u);
    x = u.rows > u.columns ? turned(x) : x;
    for (int k = 0; k < 5; k++) {
        struct small a = times(x, turned(x));
        x = mixed(3.4445, x, 1, times(mixed(-4.7750, a, 2.0315, times(a, a)), x));
    }
    x = u.rows > u.columns ? turned(x) : x;
    for (size_t i = 0; i < s->f->dimension; i++)
        s->x[i] *= 1 - s->rate * 0.1;
    moved(s, x, s->rate * sqrt(fmax(1, (double)u.rows / (double)u.columns)));
    rest_adam(s, g);
}

static void shampoo(struct second *s, const double *g)
{
    struct small gradient = gathered(s->f, g);
    if (s->t == 1) {
        s->left = unit(gradient.rows, 1e-4);
        s->right = unit(gradient.columns, 1e-4);
    }
    s->left = mixed(1, s->left, 1, times(gradient, turned(gradient)));
    s->right = mixed(1, s->right, 1, times(turned(gradient), gradient));
    struct small step = times(inverse(root(root(s->left))), gradient);
    moved(s, times(step, inverse(root(root(s->right)))), s->rate);
    rest_adam(s, g);
}

/* Gram and Schmidt, twice over; a column's sign does not matter. */
static struct small orthogonal(struct small a)
{
    for (size_t j = 0; j < a.columns; j++) {
        for (int pass = 0; pass < 2; pass++)
            for (size_t k = 0; k < j; k++) {
                double inner = 0;
                for (size_t i = 0; i < a.rows; i++)
                    inner += a.at[i][j] * a.at[i][k];
                for (size_t i = 0; i < a.rows; i++)
                    a.at[i][j] -= inner * a.at[i][k];
            }
        double size = 0;
        for (size_t i = 0; i < a.rows; i++)
            size += a.at[i][j] * a.at[i][j];
        for (size_t i = 0; i < a.rows; i++)
            a.at[i][j] /= sqrt(size);
    }
    return a;
}

/* Eigenvectors as the room has them: their own test is below. */
static struct small eigenvectors(struct small a)
{
    double matrix[MOST * MOST], values[MOST], vectors[MOST * MOST];
    struct small out = a;
    for (size_t i = 0; i < a.rows * a.rows; i++)
        matrix[i] = a.at[i / a.rows][i % a.rows];
    orl_matrix_eigen(matrix, a.rows, values, vectors);
    for (size_t i = 0; i < a.rows * a.rows; i++)
        out.at[i / a.rows][i % a.rows] = vectors[i];
    return out;
}

/* The columns of the basis by how much of the sum lies along them; `square` follows: its rows, or,
 * turned, its columns. */
static void basis_refresh(struct small sum, struct small *basis, struct small *square)
{
    struct small along = times(turned(*basis), times(sum, *basis)), old = *basis, was = *square;
    bool used[MOST] = {false};
    for (size_t j = 0; j < sum.rows; j++) {
        size_t best = MOST;
        for (size_t k = 0; k < sum.rows; k++)
            if (!used[k] && (best == MOST || along.at[k][k] > along.at[best][best]))
                best = k;
        used[best] = true;
        for (size_t i = 0; i < sum.rows; i++)
            basis->at[i][j] = old.at[i][best];
        for (size_t i = 0; i < square->columns; i++)
            square->at[j][i] = was.at[best][i];
    }
    *basis = orthogonal(times(sum, *basis));
}

static void soap(struct second *s, const double *g)
{
    struct small gradient = gathered(s->f, g), across;
    double t = s->t - 1;
    if (s->t == 1) {
        s->mean = s->square = mixed(0, gradient, 0, gradient);
        s->left = unit(gradient.rows, 0);
        s->right = unit(gradient.columns, 0);
    } else {
        struct small ql = s->left_basis, qr = s->right_basis;
        struct small along = times(turned(ql), times(gradient, qr));
        s->mean = mixed(0.95, s->mean, 1 - 0.95, gradient);
        struct small mean = times(turned(ql), times(s->mean, qr));
        for (size_t i = 0; i < along.rows; i++)
            for (size_t j = 0; j < along.columns; j++) {
                double *v = &s->square.at[i][j];
                *v = 0.95 * *v + (1 - 0.95) * along.at[i][j] * along.at[i][j];
                mean.at[i][j] /= sqrt(*v) + 1e-4;
            }
        moved(s, times(ql, times(mean, turned(qr))),
              s->rate * sqrt(1 - pow(0.95, t)) / (1 - pow(0.95, t)));
        for (size_t i = 0; i < s->f->rows * s->f->columns; i++)
            s->x[i] -= s->rate * 0.01 * s->x[i];
    }
    s->left = mixed(0.95, s->left, 1 - 0.95, times(gradient, turned(gradient)));
    s->right = mixed(0.95, s->right, 1 - 0.95, times(turned(gradient), gradient));
    if (s->t == 1) {
        s->left_basis = eigenvectors(s->left);
        s->right_basis = eigenvectors(s->right);
    } else if ((int)t % 10 == 0) {
        basis_refresh(s->left, &s->left_basis, &s->square);
        across = turned(s->square);
        basis_refresh(s->right, &s->right_basis, &across);
        s->square = turned(across);
    }
    for (size_t i = s->f->rows * s->f->columns; i < s->f->dimension; i++)
        s->x[i] *= 1 - s->rate * 0.01;
    rest_adam(s, g);
}

static void follow(const char *rule, double rate, const char *setting, double value, size_t which,
                   void (*step)(struct second *s, const double *g))
{
    struct fixture f;
    fixture_make(&f, which);
    struct second s = {.f = &f, .rate = rate};
    struct orl_optimizer *optimizer = rule_make(&f, rule, rate, setting, value);
    double g[PARAMETERS], begin[PARAMETERS], farthest = 0;
    memcpy(begin, f.x, sizeof begin);
    memcpy(s.x, f.x, sizeof s.x);
    for (int t = 1; t <= STEPS; t++) {
        slope(&f, f.x, g);
        assert_int_equal(orl_optimizer_step(optimizer, f.x, g, NULL), ORL_OK);
        s.t = t;
        slope(&f, s.x, g);
        step(&s, g);
        for (size_t i = 0; i < f.dimension; i++)
            if (!(fabs(f.x[i] - s.x[i]) <= 1e-10))
                fail_msg("%s, %zu x %zu, step %d, parameter %zu: %.17g, the paper says %.17g", rule,
                         f.rows, f.columns, t, i, f.x[i], s.x[i]);
    }
    for (size_t i = 0; i < f.rows * f.columns; i++)
        farthest = fmax(farthest, fabs(f.x[i] - begin[i]));
    if (!(farthest > 0.05))
        fail_msg("%s, %zu x %zu: moved by %g", rule, f.rows, f.columns, farthest);
    orl_optimizer_destroy(&optimizer);
}

static void second_implementations(void **state)
{
    (void)state;
    for (size_t which = 0; which < SIZES; which++) {
        follow("muon", 0.001, "weight_decay", 0.1, which, muon);
        follow("shampoo", 0.001, "epsilon", 1e-4, which, shampoo);
        /* A tall gradient has no part in two of five directions: there last bits would be divided
         * by 1e-8. */
        follow("soap", 0.0003, "epsilon", 1e-4, which, soap);
    }
}

/* ---- What they are made of ------------------------------------------------------------------- */

static double entry(size_t i, size_t j)
{
    return cos(1.7 * (double)i + 0.9 * (double)j) + 0.1 * (double)(i == j);
}

/* Singular values that were anything from 1e-3 up end near 1: the gram matrix is near the unit. */
static void schulz_makes_orthogonal(void **state)
{
    (void)state;
    for (size_t which = 0; which < SIZES; which++) {
        size_t rows = sizes[which][0], columns = sizes[which][1],
               least = rows < columns ? rows : columns;
        double m[CELLS], gram[MOST * MOST], values[MOST], vectors[MOST * MOST], scratch[200];
        assert_true(orl_matrix_schulz_room(rows, columns) <= 200);
        for (size_t i = 0; i < rows * columns; i++)
            m[i] = 40 * entry(i / columns, i % columns);
        orl_matrix_schulz(m, rows, columns, 5, scratch);
        if (rows > columns)
            orl_matrix_product_left(m, m, gram, columns, rows, columns);
        else
            orl_matrix_product_right(m, m, gram, rows, columns, rows);
        orl_matrix_eigen(gram, least, values, vectors);
        for (size_t i = 0; i < least; i++)
            if (!(values[i] > 0.4 && values[i] < 1.5))
                fail_msg("%zu x %zu: a singular value of %g", rows, columns, sqrt(values[i]));
    }
}

/* A v = value v, largest first, and the vectors are orthonormal; also of rank 1. */
static void eigenvectors_are_that(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++)
        for (size_t n = 1; n <= MOST; n++) {
            double a[MOST * MOST], copy[MOST * MOST], values[MOST], v[MOST * MOST];
            for (size_t i = 0; i < n * n; i++) {
                size_t row = i / n, column = i % n;
                a[i] = kind ? entry(row, 0) * entry(column, 0)
                            : entry(row, column) + entry(column, row);
            }
            memcpy(copy, a, sizeof a);
            orl_matrix_eigen(copy, n, values, v);
            for (size_t j = 0; j < n; j++) {
                assert_true(j == 0 || values[j] <= values[j - 1]);
                for (size_t i = 0; i < n; i++) {
                    double av = 0, inner = 0;
                    for (size_t k = 0; k < n; k++) {
                        av += a[i * n + k] * v[k * n + j];
                        inner += v[k * n + i] * v[k * n + j];
                    }
                    CHECK_NEAR(av, values[j] * v[i * n + j], 1e-14);
                    CHECK_NEAR(inner, i == j ? 1 : 0, 1e-14);
                }
            }
        }
}

/* Q is orthogonal and Q^T A is a triangle, also where a column is 0 or another's twin. */
static void householder_is_orthogonal(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++)
        for (size_t n = 1; n <= MOST; n++) {
            double a[MOST * MOST], copy[MOST * MOST], q[MOST * MOST], r[MOST * MOST], scratch[MOST];
            for (size_t i = 0; i < n * n; i++)
                a[i] = kind == 1 && i % n == 0   ? 0
                       : kind == 2 && i % n == 1 ? entry(i / n, 0)
                                                 : entry(i / n, i % n);
            memcpy(copy, a, sizeof a);
            orl_matrix_orthogonal(copy, n, q, scratch);
            orl_matrix_product_left(q, q, r, n, n, n);
            for (size_t i = 0; i < n * n; i++)
                CHECK_NEAR(r[i], i % (n + 1) == 0 ? 1 : 0, 1e-14);
            orl_matrix_product_left(q, a, r, n, n, n);
            for (size_t i = 0; i < n * n; i++)
                if (i / n > i % n)
                    CHECK_NEAR(r[i], 0, 1e-14);
        }
}

/* Without a shape there is nothing to work on. */
static void shapes_are_needed(void **state)
{
    static const char *const rules[] = {"muon", "shampoo", "soap"};
    struct orl_oracle none = {.dimension = 2};
    struct orl_value values[24] = {{0}};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct orl_optimizer *made = NULL;
        struct orl_error err = {0};
        const struct orl_optimizer_desc *desc = orl_optimizer_find(rules[i]);
        assert_true(desc->shapes);
        assert_int_equal(orl_optimizer_create(desc, values, NULL, 2, 1, &none, &made, &err),
                         ORL_EINPUT);
        assert_non_null(strstr(err.text, "shapes"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(second_implementations), cmocka_unit_test(schulz_makes_orthogonal),
        cmocka_unit_test(eigenvectors_are_that),  cmocka_unit_test(householder_is_orthogonal),
        cmocka_unit_test(shapes_are_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
