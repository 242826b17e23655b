/* Reading values by their key: what a value means is decided here, not by YAML. And the loader that
 * all of the room shares. */
#ifndef ORL_EXPERIMENT_READ_H
#define ORL_EXPERIMENT_READ_H

#include "encode/tables.h"
#include "experiment/yaml.h"
#include "optreel/experiment.h"

struct key_map; /* key.h */

/* Loading at work. Faults are collected in source.messages. */
struct loader {
    struct yaml_source source;
    const struct orl_experiment_source *file;
    const struct orl_experiment_options *options;
    struct yaml_node *root;
    const struct key_map *keys; /* the rows of the whole file, for hints */
    struct orl_experiment *experiment;
    struct optimizer_entry *optimizers; /* owned; optimizers.c */
    size_t optimizer_count;
    const struct orl_preset_desc *preset;
    struct chosen_format *formats; /* owned; output.c */
    size_t format_count;
    const char *variant; /* whose formats are chosen now; NULL: those of the films themselves */
    const struct yaml_node **film_nodes; /* owned: per film, where its length is decided; films.c */
    int64_t schedule_checks;             /* at how many steps schedules were tried so far */
    const struct yaml_node **input_nodes; /* owned: which value named which of the inputs */
    bool no_memory;
};

/* Where the data files of the built-in experiments lie: in the program itself. */
#define ORL_BUILTIN_FOLDER "builtin:"

/* Where a file or folder is that a value of the experiment's file names: relative paths start in
 * the file's folder. It is noted as an input. A fault where it leads out of that folder, links
 * resolved, unless --allow-outside, --set or an installed font let it. *path is the caller's to
 * free in every case. */
bool orl_input_path(struct loader *l, const struct yaml_node *node, const char *text, char **path);
/* The same of a value that is a path or a list of paths (NULL: nothing), which are only noted. */
bool orl_input_paths(struct loader *l, const struct yaml_node *node);
void orl_inputs_free(struct orl_experiment *experiment);
/* Fill experiment->copy (copy.c). */
bool orl_copy_make(struct loader *l);
/* missing.c: an error on an experiment that cannot be opened, for the reason given, with a hint to
 * the file or the built-in experiment that may have been meant. ORL_EINPUT or ORL_ENOMEM. */
int orl_experiment_missing(const char *what, struct orl_messages *messages, const char *reason);

/* A format that every film gets, with all that decides its pictures. */
struct chosen_format {
    const struct orl_format_desc *format;
    const char *variant; /* its name, borrowed from the file; NULL: none */
    struct orl_value *values;
    int width, height, fps_num, fps_den;
    double text_px, line_px;
    const struct orl_preset_desc *look;
    bool poster;        /* the still of the last frame */
    bool sidecar;       /* stands beside the films; nobody asked for it by name */
    int columns, rows;  /* of a contact sheet; 0: none */
    size_t frames_most; /* the rate is lowered for films that would have more; 0: it is as somebody
                           asked for */
    int64_t max_bytes;  /* 0: any */
    bool chapters;
};

/* A fault at a node; `hint` may be NULL. Always returns false, so that readers can end with it. */
bool orl_read_fault(struct loader *l, const struct yaml_node *node, const char *hint,
                    const char *format, ...) ORL_PRINTF(4, 5);
bool orl_read_no_memory(struct loader *l);

/* Each returns false after a fault; *out is then untouched. `what` names the value in messages. */
bool orl_read_number(struct loader *l, const struct yaml_node *node, const char *what, double *out);
bool orl_read_number_between(struct loader *l, const struct yaml_node *node, const char *what,
                             double low, double high, double *out);
bool orl_read_integer(struct loader *l, const struct yaml_node *node, const char *what, int64_t low,
                      int64_t high, int64_t *out);
/* A whole number from 0 to 2^64-1. */
bool orl_read_seed(struct loader *l, const struct yaml_node *node, const char *what, uint64_t *out);
/* true, false, or one of the words below. */
bool orl_read_bool(struct loader *l, const struct yaml_node *node, const char *what, bool *out);
/* NULL-ended: false and true in turn. */
extern const char *const orl_boolean_words[];
/* Any one-line text; a copy. */
bool orl_read_text(struct loader *l, const struct yaml_node *node, const char *what, char **out);
/* A title: at most limits.title_chars characters. */
bool orl_read_title(struct loader *l, const struct yaml_node *node, char **out);
/* Index of a choice in a NULL-ended list. */
bool orl_read_choice(struct loader *l, const struct yaml_node *node, const char *what,
                     const char *const *choices, int *out);
/* One name, or a list of `least` to `most` different ones, NULL-ended; owned by the caller, also
 * after a fault. */
bool orl_read_names(struct loader *l, const struct yaml_node *node, const char *what, double least,
                    double most, char ***out, size_t *count);
/* A name of a problem, optimizer or film: 1-100 of A-Za-z0-9._-, not starting with . or -. */
bool orl_check_name(struct loader *l, const struct yaml_node *node, const char *what,
                    const char *name);
bool orl_read_kind(struct loader *l, const struct yaml_node *node, enum yaml_kind kind,
                   const char *what);

/* A letter or _, then letters, digits and _: what formulas take for a name. */
bool orl_is_identifier(const char *name);

/* Parse a formula that a scalar holds; faults point into it. NULL after a fault. */
struct orl_formula *orl_read_formula(struct loader *l, const struct yaml_node *node,
                                     const char *what);
/* A fault `offset` bytes into a formula's text. */
bool orl_formula_fault(struct loader *l, const struct yaml_node *node, size_t offset,
                       const char *hint, const char *format, ...) ORL_PRINTF(5, 6);

/* The value of a setting: a number in its limits, a choice, ... ; a schedule's formula is checked
 * and kept as text. */
bool orl_read_setting(struct loader *l, const struct yaml_node *node,
                      const struct orl_setting *setting, struct orl_value *out);

/* The steps of loading, in their order; each false after faults that later steps cannot do without.
 */
bool orl_load_problems(struct loader *l);                            /* problems.c */
bool orl_load_optimizers(struct loader *l);                          /* optimizers.c */
bool orl_load_runs(struct loader *l);                                /* runs.c */
bool orl_load_traces(struct loader *l, const struct yaml_node *add); /* traces.c: runs.add */
bool orl_load_formats(struct loader *l); /* output.c: the preset and the formats */
bool orl_load_films(struct loader *l);   /* films.c */
/* panels.c: the panels of a film whose runs are known (`panels` NULL: those that suit them), the
 * settings that its `axes` give them (NULL: none), and whether a text panel has its words. */
bool orl_read_panels(struct loader *l, struct orl_film_plan *film, const struct yaml_node *panels);
bool orl_read_axes(struct loader *l, struct orl_film_plan *film, const struct yaml_node *axes);
bool orl_check_words(struct loader *l, const struct yaml_node *panels,
                     const struct orl_film_plan *film);
/* layout.c: a film's layout; a grid that has a cell for each panel; the length of a report video
 * (`length` NULL: its usual one); a warning where panels are too small to be read, once for films
 * that are alike. */
bool orl_check_grid(struct loader *l, const struct yaml_node *film_node,
                    const struct orl_film_plan *film);
bool orl_set_sequence_length(struct loader *l, const struct yaml_node *length,
                             struct orl_film_plan *film);
void orl_check_room(struct loader *l, const struct yaml_node *where,
                    const struct orl_film_plan *film);
bool orl_load_expect(struct loader *l);  /* expect.c: what must hold, of all runs of the file */
bool orl_load_outputs(struct loader *l); /* output.c: the outputs of each film */
bool orl_load_beside(struct loader *l,
                     const struct yaml_node *output); /* beside.c: sidecars and contact sheets */
int orl_load_set_options(struct loader *l);           /* set.c: --set */
void orl_optimizers_free(struct loader *l);
void orl_formats_free(struct loader *l);
void orl_problems_free(struct orl_experiment *experiment);
void orl_runs_free(struct orl_experiment *experiment);
void orl_recorded_free(struct orl_experiment *experiment); /* traces.c */
void orl_films_free(struct orl_experiment *experiment);
void orl_expect_free(struct orl_experiment *experiment);
/* Keep those marked; renumbered[i] is the new index of run i. */
void orl_runs_keep(struct orl_experiment *experiment, const bool *keep, size_t *renumbered);
void orl_films_keep(struct orl_experiment *experiment, const bool *keep, const size_t *renumbered);

/* beside.c: the file that a film gets in a format (owned by the caller); that no film is called as
 * another's contact sheet. */
/* variants.c: the formats of output.variants, after all others. False, with messages. */
bool orl_load_variants(struct loader *l);
/* No film may be called as a variant of another one is. */
bool orl_check_variants(struct loader *l);
/* output.c: choose the formats of a variant, whose node says size and rate; `formats` as in the
 * file, NULL: those of the preset where `named`, else the films' own. */
bool orl_variant_choose(struct loader *l, const struct yaml_node *variant, bool named);
char *orl_output_path(const char *film, const struct chosen_format *chosen);
bool orl_check_contacts(struct loader *l);

/* Whether two runs differ in their seeds alone: films show them as one. */
bool orl_runs_repeat(const struct orl_run_plan *a, const struct orl_run_plan *b);
/* How many runs a film shows. */
size_t orl_film_count_shown(const struct loader *l, const struct orl_film_plan *film);
/* True where each of them has an optimizer of its own: then they are counted as optimizers, else as
 * runs. What made a recorded run is not known: of several it may be the same. */
bool orl_film_tells_optimizers(const struct loader *l, const struct orl_film_plan *film);

/* An entry of `optimizers`, read. */
struct optimizer_entry {
    char *name, *title; /* title NULL: not given */
    const struct orl_optimizer_desc *desc;
    const struct yaml_node *node, *key; /* borrowed from the root */
    struct orl_value *values, *common;  /* of everything that is no sweep */
    bool *given, *common_given;         /* the file sets it */
    struct orl_tune tune;               /* of the learning rate */
    size_t repeat;                      /* runs with seeds of their own; 1: the experiment's */
    uint8_t state_digest[32];           /* of a rule of one's own: as in struct orl_run_plan */
    size_t sweep_count;
    struct sweep *sweeps; /* in the file's order */
    uint64_t combinations;
};

struct sweep {
    bool common;
    int setting;
    size_t count;
    struct orl_value *values;
};

#endif
