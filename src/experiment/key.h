/* Rows that describe the keys of an experiment file: one table for each of its maps, in rows.c.
 *
 * From a row come the parsing of its key, its default, the hint where its name is misspelt or
 * stands in the wrong map, its part of the content key, its part of the JSON Schema, its line of
 * the help, and the release of what was read. A new key is a row and the code that uses it. */
#ifndef ORL_EXPERIMENT_KEY_H
#define ORL_EXPERIMENT_KEY_H

#include "base/hash.h"
#include "base/json.h"
#include "experiment/read.h"
#include "experiment/schema.h"

struct key;
struct key_map;

/* What a value may be, and how it is kept. `object` is the structure that the map is read into. */
struct key_type {
    const char *name; /* "a number", for the help */
    /* Read a value into the object; false after a fault. What the object held before is released.
     */
    bool (*read)(struct loader *l, const struct yaml_node *node, const struct key *key,
                 void *object);
    /* The default; NULL: zero bytes, as calloc leaves them. False when memory is short. */
    bool (*initial)(const struct key *key, void *object);
    /* Feed what was read to a content key. */
    void (*hash)(struct orl_sha256 *hash, const struct key *key, const void *object);
    /* Free what the object owns for this key; NULL: nothing. */
    void (*release)(const struct key *key, void *object);
    /* Write the members of the JSON Schema of a value: the object is open already. */
    void (*schema)(struct orl_json *json, const struct key *key);
};

enum {
    /* Films look different with another value. KEY_RUN: because runs do, and the row enters their
     * content key. KEY_FILM: the row enters the film's. KEY_THROUGH: what is made of it enters one
     * of them, in content.c. Without any, neither depends on the key. tests/experiment/rows.c
     * holds all of this. */
    KEY_RUN = 1,
    KEY_FILM = 2,
    KEY_THROUGH = 4,
    KEY_REQUIRED = 8,
    KEY_OWN_RULE = 64, /* of optimizers: a rule of one's own alone has it */
    KEY_PRESET = 32,   /* --preset takes its place, unless --set gives it */
    /* The code that uses the key reads its node (orl_yaml_get), because it means something only
     * together with other keys. The row gives all but the parsing; `offset` has no meaning. */
    KEY_ELSEWHERE = 16,
};

struct key {
    const char *name; /* NULL ends a table */
    const struct key_type *type;
    unsigned flags;
    size_t offset;                   /* in the object */
    size_t count_offset;             /* of lists and maps by name: where their count is kept */
    double initial;                  /* of numbers, booleans and choices (an index) */
    double minimum, maximum;         /* of numbers, both allowed; of names: how many */
    size_t limit;                    /* KEY_LIMIT(steps): the maximum is that --max-... instead */
    const char *const *choices;      /* of a choice: NULL-ended; or ... */
    const char *(*choice)(size_t i); /* ... the i-th name of a table, NULL past its end */
    const struct key_map *map;       /* of a map, a list of maps, a map by names */
    const char *unit;                /* "s", "px"; NULL: none */
    const char *description;         /* one line */
    const char *example;             /* another value than the default, in YAML */
};
#define KEY_LIMIT(name) (offsetof(struct orl_limits, name) + 1)

/* A map of the file: its rows and the structure that they are read into. */
struct key_map {
    const char *what;             /* in messages: "a film" */
    const struct key_map *or_map; /* where one of several kinds may stand: the next; NULL */
    const char *topic;            /* of the help: "films" */
    const struct key *rows;
    size_t size; /* bytes of the structure, for lists of such maps */
    /* Keys that are no rows, such as hyperparameters: read one. NULL: there are none. */
    bool (*other)(struct loader *l, const struct yaml_node *key, const struct yaml_node *node,
                  void *object);
    /* Write schemas of those keys into the open `properties`; NULL: none. */
    void (*schema)(struct orl_json *json);
    /* The schema of any other key, for names of the user's own; NULL: they are refused. */
    const struct key *named;
    /* Rules about several keys, after all were read; NULL: none. */
    bool (*check)(struct loader *l, const struct yaml_node *map, void *object);
};

/* Read a map by its rows into `object`, which holds the defaults. Unknown, missing and faulty keys
 * are told in l->source.messages; false after any of them. */
bool orl_keys_read(struct loader *l, const struct yaml_node *map, const struct key_map *kind,
                   void *object);
/* The same for keys alone: refuse what no row names. */
bool orl_keys_known(struct loader *l, const struct yaml_node *map, const struct key_map *kind);
/* What may have been meant by a name that a map does not have; owned by the caller, may be NULL. */
char *orl_key_hint(const struct loader *l, const struct key_map *kind, const char *word);
/* The row of a name; NULL where there is none. */
const struct key *orl_key_find(const struct key_map *kind, const char *name);
/* Put the defaults into an object of zero bytes. False when memory is short. */
bool orl_keys_default(const struct key_map *kind, void *object);
/* Feed all rows with a flag (KEY_RUN, KEY_FILM) to a content key. */
void orl_keys_hash(struct orl_sha256 *hash, const struct key_map *kind, const void *object,
                   unsigned flag);
/* Free what the rows own; the object itself is the caller's. */
void orl_keys_free(const struct key_map *kind, void *object);
/* The most that a number may be. */
double orl_key_maximum(const struct key *key, const struct orl_limits *limits);
/* The i-th choice; NULL past the last one. */
const char *orl_key_choice_name(const struct key *key, size_t i);

/* ---- Types, and beside each what the field is -------------------------------------------------
 */
extern const struct key_type orl_key_real;    /* double */
extern const struct key_type orl_key_integer; /* int64_t */
extern const struct key_type orl_key_count;   /* size_t */
extern const struct key_type orl_key_seed;    /* uint64_t */
extern const struct key_type orl_key_boolean; /* bool */
extern const struct key_type orl_key_choice;  /* int */
extern const struct key_type orl_key_text;    /* char *, one line; NULL: not given */
extern const struct key_type orl_key_title;   /* the same, no longer than --max-title-chars */
extern const struct key_type orl_key_names;   /* char **, and a size_t at count_offset */
extern const struct key_type orl_key_map;     /* a structure that begins at the offset */
extern const struct key_type
    orl_key_brief;                         /* the same; a value that is no map is its first key's */
extern const struct key_type orl_key_list; /* pointer to structures; size_t at count_offset */
extern const struct key_type orl_key_formula; /* char *, the text of a formula */
/* With KEY_ELSEWHERE only. */
extern const struct key_type orl_key_either;  /* a map of one of two kinds */
extern const struct key_type orl_key_by_name; /* a map from the user's names to maps */
extern const struct key_type orl_key_numbers; /* a map from the user's names to numbers */

#endif
