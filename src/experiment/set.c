/* --set: a value put into the tree of the experiment file. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/rows.h"

static int usage(struct loader *l, const char *option, const char *hint, const char *text)
{
    struct orl_place place = {.file = "--set"};
    (void)orl_messages_add(l->source.messages, ORL_SEVERITY_ERROR, &place, hint, "'%s': %s", option,
                           text);
    l->source.usage = true;
    return ORL_EUSAGE;
}

/* The length of the next part of a path. A key of the map that holds dots counts as one part; the
 * longest one wins. */
static size_t part_length(const struct yaml_node *node, const char *path)
{
    size_t best = strcspn(path, ".");
    for (size_t i = 0; node->kind == YAML_MAP && i < node->count; i++) {
        size_t length = strlen(node->keys[i]->text);
        if (length > best && strncmp(path, node->keys[i]->text, length) == 0 &&
            (path[length] == '.' || !path[length]))
            best = length;
    }
    return best;
}

/* The slot that a part names: of a map (made when it is missing) or of a list. NULL after a
 * message. */
static struct yaml_node **slot(struct loader *l, struct yaml_node *node, const char *part,
                               size_t length, bool last, const char *option, int *ret)
{
    char *name = orl_strndup(part, length);
    int64_t index;
    struct yaml_node **found = NULL;
    *ret = ORL_EUSAGE;
    if (!name) {
        *ret = ORL_ENOMEM;
    } else if (node->kind == YAML_LIST) {
        if (!orl_int64_parse(name, length, &index) || index < 0 || (uint64_t)index >= node->count)
            *ret = usage(l, option, "entries of a list are counted from 0",
                         "the list has no such entry");
        else
            found = &node->items[index];
    } else if (node->kind != YAML_MAP) {
        *ret = usage(l, option, NULL, "the path goes on behind a single value");
    } else {
        if (!orl_yaml_get(node, name)) {
            struct yaml_node *key = orl_yaml_make(YAML_SCALAR, name, option),
                             *value = orl_yaml_make(last ? YAML_SCALAR : YAML_MAP, last ? "" : NULL,
                                                    option);
            *ret = orl_yaml_append(node, key, value);
        }
        for (size_t i = 0; i < node->count; i++)
            if (strcmp(node->keys[i]->text, name) == 0)
                found = &node->items[i];
    }
    free(name);
    return found;
}

/* The first part of a path is a key of the experiment. */
static int top_check(struct loader *l, const char *option, const char *path, size_t length)
{
    char *name = orl_strndup(path, length);
    int ret = name ? ORL_OK : ORL_ENOMEM;
    if (name && !orl_key_find(&orl_experiment_map, name)) {
        char *hint = orl_key_hint(l, &orl_experiment_map, name);
        ret = usage(l, option, hint, "an experiment has no such key");
        free(hint);
    }
    free(name);
    return ret;
}

static int set(struct loader *l, const char *option)
{
    const char *equals = strchr(option, '=');
    struct yaml_node **at = &l->root, *value = NULL;
    if (!equals || equals == option)
        return usage(l, option, "such as --set optimizers.sgd.learning_rate=0.1",
                     "it must be KEY=VALUE");
    char *path = orl_strndup(option, (size_t)(equals - option));
    if (!path)
        return ORL_ENOMEM;
    int ret = top_check(l, option, path, strcspn(path, "."));
    for (const char *p = path; ret == ORL_OK && at;) {
        size_t length = part_length(*at, p);
        bool last = p[length] == '\0';
        at = slot(l, *at, p, length, last, option, &ret);
        ret = at ? ORL_OK : ret;
        if (at && !last && (*at)->kind == YAML_SCALAR &&
            !*(*at)->text) /* "sgd:" without a value is an empty map */
            (*at)->kind = YAML_MAP;
        p += length + !last;
        if (last)
            break;
    }
    free(path);
    if (ret == ORL_OK)
        ret = orl_yaml_parse_option(&l->source, equals + 1, option, &value);
    if (ret == ORL_OK) {
        orl_yaml_free(at);
        *at = value;
    }
    return ret;
}

int orl_load_set_options(struct loader *l)
{
    for (size_t i = 0; i < l->options->set_count; i++) {
        int ret = set(l, l->options->set[i]);
        if (ret != ORL_OK)
            return ret;
    }
    return ORL_OK;
}
