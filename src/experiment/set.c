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
            *ret = usage(l, option, "its entries are counted from 0, such as films.0.pace",
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

/* ---- What may have been meant ---------------------------------------------------------------- */

enum { PLACES_MOST = 3, DEPTH_MOST = 16 };

/* Places of the file whose path ends with `tail`. */
struct places {
    const char *tail;
    struct orl_text path;     /* the way so far */
    char *found[PLACES_MOST]; /* owned */
    size_t count;
};

static bool path_ends(const struct orl_text *path, const char *tail)
{
    size_t end = strlen(tail), rest = path->length - end;
    return path->length >= end && strcmp(path->data + rest, tail) == 0 &&
           (rest == 0 || path->data[rest - 1] == '.');
}

static void places_find(struct places *p, const struct yaml_node *node, unsigned depth)
{
    size_t before = p->path.length;
    for (size_t i = 0; i < node->count && p->count < PLACES_MOST; i++) {
        if (node->kind == YAML_MAP)
            orl_text_printf(&p->path, "%s%s", before ? "." : "", node->keys[i]->text);
        else
            orl_text_printf(&p->path, "%s%zu", before ? "." : "", i);
        if (p->path.failed)
            return;
        if (path_ends(&p->path, p->tail))
            p->found[p->count++] = orl_strdup(p->path.data);
        else if (depth < DEPTH_MOST && node->items[i]->kind != YAML_SCALAR)
            places_find(p, node->items[i], depth + 1);
        p->path.length = before;
        p->path.data[before] = '\0';
    }
}

/* "did you mean `problems.p.start.a` or `problems.p.data.truth.a`?": where the file has a path that
 * ends so, or its first part, `rest` apart. Owned by the caller; NULL where it has none. */
static char *places_hint(const struct loader *l, const char *tail, const char *rest)
{
    struct places places = {.tail = tail};
    struct orl_text hint = {0};
    places_find(&places, l->root, 0);
    for (size_t i = 0; i < places.count; i++)
        orl_text_printf(&hint, "%s`%s%s`", i ? " or " : "did you mean ",
                        places.found[i] ? places.found[i] : "", rest);
    orl_text_puts(&hint, places.count ? "?" : "");
    for (size_t i = 0; i < places.count; i++)
        free(places.found[i]);
    orl_text_uninit(&places.path);
    char *text = orl_text_take(&hint);
    if (places.count)
        return text;
    free(text);
    return NULL;
}

static char *top_hint(const struct loader *l, const char *path, const char *name)
{
    char *hint = places_hint(l, path, "");
    if (!hint)
        hint = places_hint(l, name, path + strlen(name));
    if (!hint)
        hint = orl_key_hint(l, &orl_experiment_map, name);
    for (char *list = hint ? strstr(hint, "[]") : NULL; list; list = strstr(list, "[]"))
        memcpy(list, ".0", 2); /* as --set writes it */
    return hint;
}

/* The first part of a path is a key of the experiment. */
static int top_check(struct loader *l, const char *option, const char *path, size_t length)
{
    char *name = orl_strndup(path, length);
    int ret = name ? ORL_OK : ORL_ENOMEM;
    if (name && !orl_key_find(&orl_experiment_map, name)) {
        char *hint = top_hint(l, path, name);
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
