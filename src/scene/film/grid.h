/* Small multiples: the film's first panel once for each run, all with the same axes, each under its
 * run's name. */
#ifndef ORL_SCENE_GRID_H
#define ORL_SCENE_GRID_H

#include "scene/panels/panel.h"

struct grid;

/* Place view->panels[0 … run_count-1], which are made already, as cells inside `region`. `columns`
 * 0: chosen. */
int orl_grid_create(struct view *view, struct orl_rect region, size_t columns,
                    struct orl_error *err);
/* The plot of an inner cell, as far as it can be told beforehand. Only its size counts. */
struct orl_rect orl_grid_cell(struct orl_rect region, double text, size_t count, size_t columns);
void orl_grid_destroy(struct grid **grid);
/* Names of the runs, and what all cells share. */
void orl_grid_still(const struct view *view, const struct grid *grid, struct orl_picture *picture);
/* At what step a run has ended early. */
void orl_grid_moving(const struct view *view, const struct grid *grid, size_t frame,
                     struct orl_picture *picture);

#endif
