/* Principal components: the plane in which points move most. */
#ifndef ORL_SCENE_PCA_H
#define ORL_SCENE_PCA_H

#include "optreel/base.h"

struct pca {
    size_t n;        /* numbers in a point */
    double *mean;    /* owned, as all below */
    double *axes[2]; /* two directions of length 1, at right angles: the first holds the most */
    double share[2]; /* of the variance that each holds, 0-1; points that do not move: 1 and 0 */
    double weight;   /* of all points so far */
    double *products, *shifted;  /* sums of products about the first point; scratch */
    double *reference, *scratch; /* the first point */
    bool begun;
};

/* n >= 2. Release with orl_pca_uninit, whatever happened. */
int orl_pca_init(struct pca *pca, size_t n, struct orl_error *err);
void orl_pca_uninit(struct pca *pca);
/* Add a point of n finite numbers. */
void orl_pca_add(struct pca *pca, const double *point, double weight);
/* After the last point: mean, axes and shares. The sign of an axis is such that its largest part is
 * positive. Orthogonal iteration: Golub & Van Loan 2013, Matrix Computations, section 8.2.4. */
void orl_pca_finish(struct pca *pca);

#endif
