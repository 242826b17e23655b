/* The layout of a film: its kind, a grid of one's own, how long a report video takes, and whether
 * panels are large enough. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "experiment/types.h"
#include "scene/tables.h"

#define WEIGHT_LEAST 0.01
#define WEIGHT_MOST  100.0
/* Less than this share of its usual length is no report video. */
#define SEQUENCE_LEAST 0.1

/* ---- Relative widths or heights: "columns: [2, 1]" --------------------------------------------
 */

static bool weights_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                         void *object)
{
    double *weights = (double *)((char *)object + key->offset);
    size_t *count = (size_t *)((char *)object + key->count_offset);
    bool good = true;
    *count = 0;
    if (!orl_read_kind(l, node, YAML_LIST, key->name))
        return false;
    if (node->count == 0 || node->count > ORL_GRID_LINES)
        return orl_read_fault(l, node, NULL, "%s: from 1 to %d numbers", key->name, ORL_GRID_LINES);
    for (size_t i = 0; i < node->count; i++)
        good = orl_read_number_between(l, node->items[i], key->name, WEIGHT_LEAST, WEIGHT_MOST,
                                       &weights[i]) &&
               good;
    *count = node->count;
    return good;
}

static void weights_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    const double *weights = (const double *)((const char *)object + key->offset);
    size_t count = *(const size_t *)((const char *)object + key->count_offset);
    orl_sha256_number(hash, (double)count);
    for (size_t i = 0; i < count; i++)
        orl_sha256_number(hash, weights[i]);
}

static void weights_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_text(json, "type", "array");
    orl_json_key(json, "minItems");
    orl_json_integer(json, 1);
    orl_json_key(json, "maxItems");
    orl_json_integer(json, ORL_GRID_LINES);
    orl_json_key(json, "items");
    orl_json_open(json, '{');
    orl_schema_number(json, false, WEIGHT_LEAST, WEIGHT_MOST);
    orl_json_close(json, '}');
}

const struct key_type orl_key_weights = {"numbers",    weights_read, NULL,
                                         weights_hash, NULL,         weights_schema};

bool orl_layout_check(struct loader *l, const struct yaml_node *map, void *object)
{
    (void)object;
    const struct yaml_node *rows = orl_yaml_get(map, "rows");
    return !rows || orl_yaml_get(map, "columns") ||
           orl_read_fault(l, rows, "columns: [1], for one above the other", "rows need columns");
}

/* ---- Films ------------------------------------------------------------------------------------
 */

/* Panels that tell of all runs together cannot be shown for each run. */
static bool none_multiplied(const struct orl_film_plan *film)
{
    bool none = film->layout == ORL_LAYOUT_GRID && film->run_count > 1;
    for (size_t i = 0; i < film->panel_count; i++)
        none &= film->panels[i].desc->whole;
    return none;
}

/* Of films of one entry that follow each other the first is enough. */
static void warn_of_none(struct loader *l, const struct yaml_node *layout,
                         const struct orl_film_plan *film)
{
    if (none_multiplied(film) && (film == l->experiment->films || !none_multiplied(film - 1) ||
                                  film[-1].panels[0].desc != film->panels[0].desc))
        orl_yaml_warning(&l->source, layout,
                         "layout: grid shows a panel once for each run, but a %s tells of all runs "
                         "together; it stays as it is",
                         film->panels[0].desc->name);
}

bool orl_check_grid(struct loader *l, const struct yaml_node *film_node,
                    const struct orl_film_plan *film)
{
    const struct orl_grid_plan *grid = &film->grid;
    const struct yaml_node *layout = orl_yaml_get(film_node, "layout"),
                           *rows = orl_yaml_get(layout, "rows");
    warn_of_none(l, layout, film);
    if (film->layout == ORL_LAYOUT_GRID || grid->row_count == 0 ||
        grid->column_count * grid->row_count >= film->panel_count)
        return true;
    return orl_read_fault(l, rows, NULL, "%zu panels do not fit into %zu columns and %zu rows",
                          film->panel_count, grid->column_count, grid->row_count);
}

static size_t problems_of(const struct orl_experiment *e, const struct orl_film_plan *film)
{
    size_t problems = 0;
    for (size_t r = 0; r < film->run_count; r++) {
        bool seen = false;
        for (size_t k = 0; k < r; k++)
            seen |= e->runs[film->runs[k]].problem == e->runs[film->runs[r]].problem;
        problems += !seen;
    }
    return problems;
}

bool orl_set_sequence_length(struct loader *l, const struct yaml_node *length,
                             struct orl_film_plan *film)
{
    if (film->layout != ORL_LAYOUT_SEQUENCE)
        return true;
    double usual = orl_sequence_length(film->run_count, problems_of(l->experiment, film));
    if (!length)
        film->length_s = usual;
    if (film->length_s < SEQUENCE_LEAST * usual)
        return orl_read_fault(
            l, length, NULL,
            "%g s are too short for %zu runs one after the other; about %.0f s are usual",
            film->length_s, film->run_count, usual);
    return true;
}

/* Films of one entry mostly ask for the same room; what was said of one need not be found again for
 * thousands. */
static bool same_room(const struct orl_film_plan *a, const struct orl_film_plan *b)
{
    bool same = a->layout == b->layout && a->panel_count == b->panel_count &&
                a->output_count == b->output_count &&
                (a->layout != ORL_LAYOUT_GRID || a->run_count == b->run_count) &&
                a->grid.column_count == b->grid.column_count &&
                a->grid.row_count == b->grid.row_count &&
                memcmp(a->grid.columns, b->grid.columns, sizeof a->grid.columns) == 0 &&
                memcmp(a->grid.rows, b->grid.rows, sizeof a->grid.rows) == 0;
    for (size_t i = 0; same && i < a->output_count; i++)
        same = a->outputs[i].width == b->outputs[i].width &&
               a->outputs[i].height == b->outputs[i].height;
    return same;
}

void orl_check_room(struct loader *l, const struct yaml_node *where,
                    const struct orl_film_plan *film)
{
    char text[200];
    if (film > l->experiment->films && same_room(film - 1, film))
        return;
    for (size_t i = 0; i < film->output_count; i++) {
        const struct orl_output_plan *output = &film->outputs[i];
        struct orl_room room = {.kind = (enum orl_layout)film->layout,
                                .width = output->width,
                                .height = output->height,
                                .text_px = output->text_px,
                                .panels = film->panel_count,
                                .runs = film->run_count,
                                .columns = film->grid.columns,
                                .rows = film->grid.rows,
                                .column_count = film->grid.column_count,
                                .row_count = film->grid.row_count};
        if (orl_room_remark(&room, text, sizeof text)) {
            orl_yaml_warning(&l->source, where, "%s: %s", output->path, text);
            return; /* once is enough */
        }
    }
}
