/* YAML as a tree whose every node knows where it stands. Made from libyaml's events; no anchors,
 * aliases, tags or second documents.
 */
#ifndef ORL_EXPERIMENT_YAML_H
#define ORL_EXPERIMENT_YAML_H

#include "optreel/base.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    unsigned line, column; /* 1-based; of the value's first character, its quote included */
    bool quoted;           /* a scalar in quotes */
    char *text;            /* owned: a scalar's value, 0-terminated (it never holds NUL) */
    size_t count;
    struct yaml_node **keys;  /* owned: of a map, all scalars */
    struct yaml_node **items; /* owned: of a map or list */
    const char *origin;       /* borrowed: the --set option that it came from; NULL: the file */
};

/* Text with its name, to show lines of it in messages. */
struct yaml_source {
    const char *file; /* as shown */
    const char *text;
    size_t length;
    const struct orl_limits *limits;
    struct orl_messages *messages;
    bool usage; /* something that came from an option was at fault */
};

/* Parse; ORL_EINPUT with one message where it cannot be. */
int orl_yaml_parse(struct yaml_source *source, struct yaml_node **root);
/* Parse one value of an option; `origin` marks its nodes. Faults are usage errors. */
int orl_yaml_parse_option(struct yaml_source *source, const char *text, const char *origin,
                          struct yaml_node **root);
void orl_yaml_free(struct yaml_node **node);

/* A node that stands nowhere yet: `text` is copied (NULL: none), `origin` ("--set"; NULL: the file)
 * is borrowed. NULL when memory is short. Release with orl_yaml_free, or append it. */
struct yaml_node *orl_yaml_make(enum yaml_kind kind, const char *text, const char *origin);
/* Append to a map (key != NULL) or list. Takes both nodes over in every case; ORL_ENOMEM. */
int orl_yaml_append(struct yaml_node *parent, struct yaml_node *key, struct yaml_node *item);
/* The value of a key; NULL where there is none. */
struct yaml_node *orl_yaml_get(const struct yaml_node *map, const char *key);
/* No value: nothing, or null or ~ without quotes. What that means is the key's business. */
bool orl_yaml_is_null(const struct yaml_node *node);
/* The key's own node, for messages. */
struct yaml_node *orl_yaml_key(const struct yaml_node *map, const char *key);

/* Add a message about a node (NULL: about the whole file), `offset` code points into it. Returns
 * ORL_EINPUT or ORL_EUSAGE. */
int orl_yaml_error(struct yaml_source *source, const struct yaml_node *node, unsigned offset,
                   const char *hint, const char *format, ...) ORL_PRINTF(5, 6);
/* The same with the arguments of who has a format of his own. */
int orl_yaml_verror(struct yaml_source *source, const struct yaml_node *node, unsigned offset,
                    const char *hint, const char *format, va_list arguments) ORL_PRINTF(5, 0);
/* A warning about a node, NULL: about the whole file. */
void orl_yaml_warning(struct yaml_source *source, const struct yaml_node *node, const char *format,
                      ...) ORL_PRINTF(3, 4);

#endif
