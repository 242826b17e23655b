/* Functions that optimizers are usually tried on, in two variables, by name. One entry each. */
#include <math.h>
#include <string.h>

#include "optreel/model.h"

#define NOWHERE                                                                                    \
    {                                                                                              \
        (double)NAN, (double)NAN                                                                   \
    }
#define SQUARE(half)                                                                               \
    {                                                                                              \
        -(half), (half), -(half), (half)                                                           \
    }
#define VLSE "Surjanovic & Bingham, Virtual Library of Simulation Experiments"
#define BOWL "Boyd & Vandenberghe 2004, Convex Optimization, section 9.3.2"

const struct orl_surface_desc orl_surfaces[] = {
    {"rosenbrock",
     "Rosenbrock",
     "a bent valley that is easy to find and slow to follow",
     "100*(y-x^2)^2 + (1-x)^2",
     {-1.2, 1},
     {1, 1},
     {-2, 2, -1, 3},
     "Rosenbrock 1960, Computer J. 3(3):175-184"},
    {"beale",
     "Beale",
     "flat far out, steep walls at the corners",
     "(1.5-x+x*y)^2 + (2.25-x+x*y^2)^2 + (2.625-x+x*y^3)^2",
     {1, 1},
     {3, 0.5},
     SQUARE(4.5),
     VLSE},
    {"himmelblau",
     "Himmelblau",
     "four minima of the same depth",
     "(x^2+y-11)^2 + (x+y^2-7)^2",
     {0, 0},
     {3, 2},
     SQUARE(5),
     "Himmelblau 1972, Applied Nonlinear Programming"},
    {"booth",
     "Booth",
     "a tilted parabola",
     "(x+2*y-7)^2 + (2*x+y-5)^2",
     {0, 0},
     {1, 3},
     SQUARE(10),
     VLSE},
    {"goldstein_price",
     "Goldstein-Price",
     "several minima, values over six decades",
     "(1+(x+y+1)^2*(19-14*x+3*x^2-14*y+6*x*y+3*y^2))*(30+(2*x-3*y)^2*(18-32*x+12*x^2+48*y-36*x*y+"
     "27*y^2))",
     {-0.5, 0.5},
     {0, -1},
     SQUARE(2),
     VLSE},
    {"six_hump_camel",
     "Six-hump camel",
     "six minima, two of them the deepest",
     "(4-2.1*x^2+x^4/3)*x^2 + x*y + (-4+4*y^2)*y^2",
     {-1.5, 1.5},
     {0.089842013100318062, -0.71265640302073963},
     {-3, 3, -2, 2},
     VLSE},
    {"matyas",
     "Matyas",
     "a long flat bowl",
     "0.26*(x^2+y^2) - 0.48*x*y",
     {8, -6},
     {0, 0},
     SQUARE(10),
     VLSE},
    {"three_hump_camel",
     "Three-hump camel",
     "three minima, one of them the deepest",
     "2*x^2 - 1.05*x^4 + x^6/6 + x*y + y^2",
     {2, -1},
     {0, 0},
     SQUARE(5),
     VLSE},
    {"rastrigin",
     "Rastrigin",
     "a bowl full of pits",
     "20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)",
     {3.2, -2.7},
     {0, 0},
     SQUARE(5.12),
     VLSE},
    {"ackley",
     "Ackley",
     "ripples around a funnel with a cusp",
     "-20*exp(-0.2*sqrt((x^2+y^2)/2)) - exp((cos(2*pi*x)+cos(2*pi*y))/2) + 20 + e",
     {2.5, -1.5},
     {0, 0},
     SQUARE(5),
     VLSE},
    {"styblinski_tang",
     "Styblinski-Tang",
     "four minima of different depth",
     "((x^4-16*x^2+5*x) + (y^4-16*y^2+5*y))/2",
     {0, 0},
     {-2.9035340277711771, -2.9035340277711771},
     SQUARE(5),
     VLSE},
    {"saddle",
     "Saddle",
     "no minimum: who starts on the ridge ends in the saddle",
     "x^2 - y^2",
     {-1.5, 1e-3},
     NOWHERE,
     SQUARE(2),
     "textbook"},
    {"monkey_saddle",
     "Monkey saddle",
     "a saddle with three valleys, flat in its middle",
     "x^3 - 3*x*y^2",
     {1, 0.05},
     NOWHERE,
     SQUARE(2),
     "Hilbert & Cohn-Vossen 1952, Geometry and the Imagination"},
    {"bowl_k1",
     "Round bowl",
     "condition number 1",
     "(x^2 + y^2)/2",
     {1, 1},
     {0, 0},
     SQUARE(2),
     BOWL},
    {"bowl_k10",
     "Bowl, condition number 10",
     "ten times as steep in y",
     "(x^2 + 10*y^2)/2",
     {10, 1},
     {0, 0},
     {-10, 10, -2, 2},
     BOWL},
    {"bowl_k100",
     "Bowl, condition number 100",
     "a hundred times as steep in y",
     "(x^2 + 100*y^2)/2",
     {100, 1},
     {0, 0},
     {-100, 100, -2, 2},
     BOWL},
    {"bowl_k1000",
     "Bowl, condition number 1000",
     "a thousand times as steep in y",
     "(x^2 + 1000*y^2)/2",
     {1000, 1},
     {0, 0},
     {-1000, 1000, -2, 2},
     BOWL},
    {0},
};

/* '-' is as good as '_'. */
static bool same_name(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if ((*a == '-' ? '_' : *a) != *b)
            return false;
    return !*a && !*b;
}

const struct orl_surface_desc *orl_surface_find(const char *name)
{
    for (const struct orl_surface_desc *s = orl_surfaces; s->name; s++)
        if (same_name(name, s->name))
            return s;
    return NULL;
}
