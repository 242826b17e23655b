/* Principal components of points. */
#include "scene/marks/pca.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "scene/marks/metrics.h"

#define VANISHED     1e-12 /* of a direction's length: what is left is rounding */
#define TURN         0.3   /* the second start is neither the first nor at right angles to it */
#define SETTLED_TURN 1e-14

enum { ROUNDS = 400 };

int orl_pca_init(struct pca *pca, size_t n, struct orl_error *err)
{
    size_t square;
    *pca = (struct pca){.n = n};
    if (!orl_size_mul(n, n, &square))
        return orl_fail_memory(err);
    pca->mean = orl_calloc(n, sizeof *pca->mean);
    pca->axes[0] = orl_calloc(n, sizeof *pca->axes[0]);
    pca->axes[1] = orl_calloc(n, sizeof *pca->axes[1]);
    pca->products = orl_calloc(square, sizeof *pca->products);
    pca->shifted = orl_calloc(n, sizeof *pca->shifted);
    pca->reference = orl_calloc(n, sizeof *pca->reference);
    pca->scratch = orl_calloc(n, 2 * sizeof *pca->scratch);
    bool good = pca->mean && pca->axes[0] && pca->axes[1] && pca->products && pca->shifted &&
                pca->reference && pca->scratch;
    return good ? ORL_OK : orl_fail_memory(err);
}

void orl_pca_uninit(struct pca *pca)
{
    free(pca->mean);
    free(pca->axes[0]);
    free(pca->axes[1]);
    free(pca->products);
    free(pca->shifted);
    free(pca->reference);
    free(pca->scratch);
    *pca = (struct pca){0};
}

void orl_pca_add(struct pca *pca, const double *point, double weight)
{
    size_t n = pca->n;
    if (!pca->begun)
        memcpy(pca->reference, point, n * sizeof *point);
    pca->begun = true;
    pca->weight += weight;
    for (size_t i = 0; i < n; i++) {
        pca->shifted[i] = point[i] - pca->reference[i];
        pca->mean[i] += weight * pca->shifted[i];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k <= i; k++)
            pca->products[i * n + k] += weight * pca->shifted[i] * pca->shifted[k];
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Make `axis` stand at right angles to `other` (may be NULL), with length 1. False where nothing of
 * it is left. */
static bool straighten(double *axis, const double *other, size_t n)
{
    double before = sqrt(dot(axis, axis, n));
    for (int twice = 0; other && twice < 2;
         twice++) { /* once leaves rounding errors of the size of what was taken away */
        double along = dot(axis, other, n);
        for (size_t i = 0; i < n; i++)
            axis[i] -= along * other[i];
    }
    double length = sqrt(dot(axis, axis, n));
    if (!(length > VANISHED * before) || !isfinite(length))
        return false;
    for (size_t i = 0; i < n; i++)
        axis[i] /= length;
    return true;
}

/* Any direction at right angles to the first axis: along the coordinate that it holds least of. */
static void any_second(struct pca *pca)
{
    size_t least = 0;
    for (size_t i = 1; i < pca->n; i++)
        if (fabs(pca->axes[0][i]) < fabs(pca->axes[0][least]))
            least = i;
    memset(pca->axes[1], 0, pca->n * sizeof *pca->axes[1]);
    pca->axes[1][least] = 1.0;
    (void)straighten(pca->axes[1], pca->axes[0], pca->n);
}

static void apply(const struct pca *pca, const double *axis, double *out)
{
    for (size_t i = 0; i < pca->n; i++)
        out[i] = dot(pca->products + i * pca->n, axis, pca->n);
}

/* The axes turn towards the two largest components. Their beginnings have a part of every
 * coordinate. */
static void iterate(struct pca *pca)
{
    size_t n = pca->n;
    double *moved[] = {pca->scratch, pca->scratch + n};
    for (size_t i = 0; i < n; i++) {
        pca->axes[0][i] = 1.0 + 0.5 * sin(1.0 + (double)i);
        pca->axes[1][i] = cos(2.0 * (double)i + TURN);
    }
    (void)straighten(pca->axes[0], NULL, n);
    if (!straighten(pca->axes[1], pca->axes[0], n))
        any_second(pca);
    for (int round = 0; round < ROUNDS; round++) {
        double turned = 0.0;
        for (int a = 0; a < 2; a++)
            apply(pca, pca->axes[a], moved[a]);
        for (int a = 0; a < 2; a++) {
            if (!straighten(moved[a], a ? pca->axes[0] : NULL, n)) {
                if (a == 0)
                    return; /* nothing moves */
                any_second(pca);
                break;
            }
            for (size_t i = 0; i < n; i++)
                turned = fmax(turned, fabs(moved[a][i] - pca->axes[a][i]));
            memcpy(pca->axes[a], moved[a], n * sizeof *moved[a]);
        }
        if (turned < SETTLED_TURN)
            break;
    }
}

static void finish_axis(struct pca *pca, int a, double trace)
{
    size_t largest = 0;
    apply(pca, pca->axes[a], pca->scratch);
    pca->share[a] = trace > 0.0
                        ? fmin(fmax(dot(pca->axes[a], pca->scratch, pca->n) / trace, 0.0), 1.0)
                    : a == 0 ? 1.0
                             : 0.0;
    for (size_t i = 1; i < pca->n; i++)
        if (fabs(pca->axes[a][i]) > fabs(pca->axes[a][largest]) + NEARLY)
            largest = i;
    for (size_t i = 0; pca->axes[a][largest] < 0.0 && i < pca->n; i++)
        if (i != largest)
            pca->axes[a][i] = -pca->axes[a][i];
    pca->axes[a][largest] = fabs(pca->axes[a][largest]);
}

void orl_pca_finish(struct pca *pca)
{
    size_t n = pca->n;
    double trace = 0.0, weight = pca->weight > 0.0 ? pca->weight : 1.0;
    for (size_t i = 0; i < n; i++)
        pca->shifted[i] = pca->mean[i] / weight;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k <= i; k++) {
            double covariance =
                pca->products[i * n + k] / weight - pca->shifted[i] * pca->shifted[k];
            if (i == k)
                covariance = fmax(covariance, 0.0);
            pca->products[i * n + k] = pca->products[k * n + i] = covariance;
            trace += i == k ? covariance : 0.0;
        }
    for (size_t i = 0; i < n; i++)
        pca->mean[i] = pca->reference[i] + pca->shifted[i];
    iterate(pca);
    finish_axis(pca, 0, trace);
    finish_axis(pca, 1, trace);
}
