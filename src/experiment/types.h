/* Types of keys that have a shape of their own. Each is kept where its comment says, or read by the
 * code that uses it (KEY_ELSEWHERE). */
#ifndef ORL_EXPERIMENT_TYPES_H
#define ORL_EXPERIMENT_TYPES_H

#include "experiment/key.h"

/* layout.c: double[ORL_GRID_LINES], and a size_t at count_offset. */
extern const struct key_type orl_key_weights;
/* Of a layout as a whole: rows need columns. False after a message. */
bool orl_layout_check(struct loader *l, const struct yaml_node *map, void *object);
/* theme.c: the field is a struct orl_theme_spec. */
extern const struct key_type orl_key_theme;
/* output_types.c */
extern const struct key_type orl_key_file;  /* char *: a path, from the file's folder on */
extern const struct key_type orl_key_size;  /* KEY_ELSEWHERE: "1280x720" */
extern const struct key_type orl_key_rate;  /* KEY_ELSEWHERE: 30, "30000/1001" */
extern const struct key_type orl_key_cells; /* KEY_ELSEWHERE: "4x3" */
extern const struct key_type orl_key_bytes; /* int64_t: bytes, "5 MB"; -1: not said */
/* table_types.c: what the tables of optimizers, losses, panels and formats give. KEY_ELSEWHERE. */
extern const struct key_type orl_key_optimizers, orl_key_state, orl_key_hyper;
extern const struct key_type orl_key_panels, orl_key_axes, orl_key_formats, orl_key_loss;
/* data_types.c */
extern const struct key_type orl_key_list_of_numbers;
/* KEY_ELSEWHERE */
extern const struct key_type orl_key_column, orl_key_columns, orl_key_domain, orl_key_points;
extern const struct key_type orl_key_range;  /* KEY_ELSEWHERE: [from, to] */
extern const struct key_type orl_key_shapes; /* KEY_ELSEWHERE */
/* Read `shapes` of a problem whose parameters are known. */
bool orl_read_shapes(struct loader *l, const struct yaml_node *map, struct orl_problem_plan *plan);
extern const struct key_map orl_column_map; /* struct orl_column_spec: from, to, count */
extern const char *const orl_distribution_names[];

/* expect_rows.c: "< 1e-3"; a map of such by names or numbers; a status. KEY_ELSEWHERE. */
extern const struct key_type orl_key_comparison, orl_key_comparisons, orl_key_count_comparison,
    orl_key_count_comparisons, orl_key_status;
extern const char *const orl_expect_statuses[]; /* as enum orl_status begins */

/* data_types.c: char *, a word; "" for null. Where it is not given, NULL. */
extern const struct key_type orl_key_word;

/* WIDTHxHEIGHT in px, each in its limits; frames a second as a fraction in lowest terms. False
 * after a message. */
bool orl_read_size(struct loader *l, const struct yaml_node *node, int *width, int *height);
bool orl_read_rate(struct loader *l, const struct yaml_node *node, int *num, int *den);
/* COLUMNSxROWS of a contact sheet. */
bool orl_read_cells(struct loader *l, const struct yaml_node *node, int *columns, int *rows);
/* The greatest one of two positive numbers (Euclid). */
int64_t orl_common_divisor(int64_t a, int64_t b);

#endif
