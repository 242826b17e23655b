/* Losses: rho(r), its slope and its curvature. Adding one is one entry here. */
#include <math.h>
#include <string.h>

#include "model/ops.h"
#include "model/tape.h"
#include "optreel/model.h"

/* From rho and slope of one residual those of a block. */
#define BLOCK(LOSS)                                                                                \
    ORL_CLONES static void LOSS##_block(const double *restrict residuals, double *restrict rho,    \
                                        double *restrict slope, size_t count,                      \
                                        const struct orl_value *settings)                          \
    {                                                                                              \
        for (size_t i = 0; i < count; i++) {                                                       \
            rho[i] = LOSS##_rho(residuals[i], settings);                                           \
            slope[i] = LOSS##_slope(residuals[i], settings);                                       \
        }                                                                                          \
    }

static double square_rho(double r, const struct orl_value *settings)
{
    (void)settings;
    return r * r;
}

static double square_slope(double r, const struct orl_value *settings)
{
    (void)settings;
    return r + r;
}

static double square_curvature(double r, const struct orl_value *settings)
{
    (void)r, (void)settings;
    return 2.0;
}

static double mae_rho(double r, const struct orl_value *settings)
{
    (void)settings;
    return fabs(r);
}

/* The subgradient 0 at 0; NaN stays NaN. */
static double mae_slope(double r, const struct orl_value *settings)
{
    (void)settings;
    return orl_value_SIGN(r, 0.0);
}

static double mae_curvature(double r, const struct orl_value *settings)
{
    (void)r, (void)settings;
    return 0.0;
}

static const struct orl_setting huber_settings[] = {
    {.name = "delta",
     .type = ORL_SETTING_REAL,
     .unit = "response units",
     .initial = 1.0,
     .minimum = 1e-300,
     .maximum = 1e300,
     .description = "residuals beyond it count linearly"},
    {0},
};

static double huber_delta(const struct orl_value *settings)
{
    return settings ? settings[0].number : huber_settings[0].initial;
}

static double huber_rho(double r, const struct orl_value *settings)
{
    double delta = huber_delta(settings), size = fabs(r);
    return size > delta ? delta * (size - 0.5 * delta) : 0.5 * r * r;
}

static double huber_slope(double r, const struct orl_value *settings)
{
    double delta = huber_delta(settings);
    return r > delta ? delta : r < -delta ? -delta : r;
}

static double huber_curvature(double r, const struct orl_value *settings)
{
    return fabs(r) > huber_delta(settings) ? 0.0 : 1.0;
}

/* log cosh r = log1p(2 sinh^2(r/2)), exact for small r; beyond 600, where sinh^2 would overflow, it
 * grows as r does. Without a condition, for vectors. */
static double log_cosh_rho(double r, const struct orl_value *settings)
{
    (void)settings;
    double size = fabs(r), near = size < 600.0 ? size : 600.0, half = orl_sinh(0.5 * near);
    return orl_log1p(2.0 * half * half) + (size - near);
}

static double log_cosh_slope(double r, const struct orl_value *settings)
{
    (void)settings;
    return orl_tanh(r);
}

static double log_cosh_curvature(double r, const struct orl_value *settings)
{
    (void)settings;
    return orl_tanh_slope(r);
}

BLOCK(square)
BLOCK(mae)
BLOCK(huber)
BLOCK(log_cosh)

static const struct orl_loss_desc mse = {
    .name = "mse",
    .title = "Mean squared error",
    .label = "MSE",
    .description = "mean of r^2",
    .source = "Legendre 1805, Nouvelles méthodes pour la détermination des orbites des comètes; "
              "Gauss 1809, Theoria motus",
    .mean = true,
    .squares = true,
    .block = square_block,
    .rho = square_rho,
    .slope = square_slope,
    .curvature = square_curvature,
};

static const struct orl_loss_desc sse = {
    .name = "sse",
    .title = "Sum of squared errors",
    .label = "SSE",
    .description = "sum of r^2",
    .source = "Legendre 1805, Nouvelles méthodes pour la détermination des orbites des comètes; "
              "Gauss 1809, Theoria motus",
    .squares = true,
    .block = square_block,
    .rho = square_rho,
    .slope = square_slope,
    .curvature = square_curvature,
};

static const struct orl_loss_desc mae = {
    .name = "mae",
    .title = "Mean absolute error",
    .label = "MAE",
    .description = "mean of |r|; slope 0 at 0",
    .source = "Boscovich 1757; Laplace 1793 (least absolute deviations)",
    .mean = true,
    .block = mae_block,
    .rho = mae_rho,
    .slope = mae_slope,
    .curvature = mae_curvature,
};

static const struct orl_loss_desc huber = {
    .name = "huber",
    .title = "Huber loss",
    .label = "Huber loss",
    .description = "mean of r^2/2 up to delta, of delta (|r| - delta/2) beyond",
    .source =
        "Huber 1964, Robust estimation of a location parameter, Ann. Math. Statist. 35(1):73-101",
    .settings = huber_settings,
    .mean = true,
    .block = huber_block,
    .rho = huber_rho,
    .slope = huber_slope,
    .curvature = huber_curvature,
};

static const struct orl_loss_desc log_cosh = {
    .name = "log-cosh",
    .title = "Log-cosh loss",
    .label = "log-cosh loss",
    .description = "mean of log(cosh(r)): r^2/2 for small residuals, |r| - log(2) for large ones",
    .source = "Green 1990, Bayesian reconstructions from emission tomography data, IEEE Trans. "
              "Med. Imaging 9(1):84-93",
    .mean = true,
    .block = log_cosh_block,
    .rho = log_cosh_rho,
    .slope = log_cosh_slope,
    .curvature = log_cosh_curvature,
};

const struct orl_loss_desc *const orl_losses[] = {&mse, &sse, &mae, &huber, &log_cosh, NULL};

const struct orl_loss_desc *orl_loss_find(const char *name)
{
    for (const struct orl_loss_desc *const *loss = orl_losses; *loss; loss++)
        if (strcmp((*loss)->name, name) == 0)
            return *loss;
    return NULL;
}
