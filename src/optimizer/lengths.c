/* Steps against the gradient whose length follows from what is known: Polyak's from the loss,
 * Barzilai and Borwein's from the last two gradients. */
#include "base/vector.h"
#include "optimizer/family.h"

/* ---- Polyak ---------------------------------------------------------------------------------- */

enum { POLYAK_RATE, POLYAK_TARGET };

static int polyak_update(const struct orl_step *s, double *x)
{
    double loss, square = orl_dot(s->gradient, s->gradient, s->dimension),
                 target = s->settings[POLYAK_TARGET];
    s->oracle->evaluate(s->oracle->context, s->here, &loss, NULL);
    double gap = loss - (isnan(target) ? s->oracle->least : target);
    if (!(gap > 0.0) || !(square > 0.0))
        return ORL_OK;
    for (size_t i = 0; i < s->dimension; i++)
        x[i] -= s->settings[POLYAK_RATE] * (gap / square) * s->gradient[i];
    return ORL_OK;
}

static const struct orl_setting polyak_settings[] = {
    [POLYAK_RATE] = LEARNING_RATE(1),
    [POLYAK_TARGET] =
        REAL("target", "loss", (double)NAN, -1e300, 1e300, NULL,
             "the loss that is aimed at (that of the known minimum; 0 where none is)"),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_polyak = {
    .name = "polyak",
    .title = "Polyak",
    .description = "SGD with the length that a straight slope would need down to the least loss",
    .source = "Polyak 1987, Introduction to optimization, section 5.3; on mini-batches: Loizou et "
              "al. 2021",
    .rule = "p -= lr (loss - target)/|g|² g",
    .settings = polyak_settings,
    .refuses = ORL_REFUSES_CLIP | ORL_REFUSES_SAM, /* loss and gradient belong together */
    .update = polyak_update,
};

/* ---- Barzilai-Borwein ------------------------------------------------------------------------ */

enum { BORWEIN_RATE, BORWEIN_FORM };
enum { FORM_LONG, FORM_SHORT };

/* <s,s>/<s,y> or <s,y>/<y,y>, s and y the last changes of parameters and gradient; the first
 * length again where the slope did not grow along the way (<s,y> is not positive), since then no
 * parabola fits. */
static double length_of(const struct orl_step *s, const double *x)
{
    double ss = 0.0, sy = 0.0, yy = 0.0;
    for (size_t i = 0; i < s->dimension; i++) {
        double ds = x[i] - s->slots[0][i], dy = s->gradient[i] - s->slots[1][i];
        ss += ds * ds;
        sy += ds * dy;
        yy += dy * dy;
    }
    if (s->number == 1 || !(sy > 0.0))
        return s->settings[BORWEIN_RATE];
    return (int)s->settings[BORWEIN_FORM] == FORM_LONG ? ss / sy : sy / yy;
}

static int borwein_update(const struct orl_step *s, double *x)
{
    double length = length_of(s, x);
    for (size_t i = 0; i < s->dimension; i++) {
        s->slots[0][i] = x[i];
        s->slots[1][i] = s->gradient[i];
        x[i] -= length * s->gradient[i];
    }
    return ORL_OK;
}

static const char *const borwein_forms[] = {"long", "short", NULL};
static const char *const borwein_aliases[] = {"bb", NULL};
static const struct orl_setting borwein_settings[] = {
    [BORWEIN_RATE] = FIRST_RATE(
        0.01, "length of the first step, and of steps along which the slope does not grow"),
    [BORWEIN_FORM] =
        CHOICE("form", borwein_forms, FORM_LONG, "long: <s,s>/<s,y>; short: <s,y>/<y,y>"),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_barzilai_borwein = {
    .name = "barzilai-borwein",
    .title = "Barzilai-Borwein",
    .description = "SGD with the length that fits the last change of the gradient",
    .source = "Barzilai & Borwein 1988, eq. 5 and 6",
    .rule = "p -= <s,s>/<s,y> g, s and y the last changes of p and g",
    .aliases = borwein_aliases,
    .settings = borwein_settings,
    .slots = 2,
    .refuses = ORL_REFUSES_BATCH | ORL_REFUSES_CLIP | ORL_REFUSES_SAM, /* y is of one function */
    .update = borwein_update,
};
