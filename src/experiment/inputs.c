/* The files and folders that an experiment's file names: where they are, whether it may read them,
 * and what they are called in the copy that stays with what was made of it. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/read.h"

/* What is installed may be named by anyone. */
static const char *const open_folders[] = {"/usr/share/fonts", "/usr/local/share/fonts"};

static bool is_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    while (length > 0 && folder[length - 1] == '/')
        length--;
    return strncmp(path, folder, length) == 0 && path[length] == '/';
}

static bool is_builtin(const char *path)
{
    return strncmp(path, ORL_BUILTIN_FOLDER, strlen(ORL_BUILTIN_FOLDER)) == 0;
}

/* Who runs the program may name what he likes; a file that somebody sent may not. */
static bool is_trusted(const struct loader *l, const struct yaml_node *node)
{
    return node->origin || l->options->allow_outside || is_builtin(l->file->folder) ||
           strcmp(l->file->path, ORL_RECORDED_PATH) == 0;
}

static bool name_is_taken(const struct orl_experiment *e, const char *name)
{
    for (size_t i = 0; i < e->input_count; i++)
        if (strcmp(e->inputs[i].name, name) == 0)
            return true;
    return false;
}

/* "inputs/decay.csv": as it lies in the file's folder, else its last part alone. Owned. */
static char *name_make(const struct orl_experiment *e, const char *path, const char *real,
                       const char *folder)
{
    const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path;
    if (real && folder && is_below(real, folder))
        last = real + strlen(folder) + (strcmp(folder, "/") != 0);
    if (strncmp(last, "inputs/", 7) == 0) /* the copy of a copy is the same */
        last += 7;
    char *name = orl_asprintf("inputs/%s", last);
    for (size_t n = 2; name && name_is_taken(e, name); n++) {
        free(name);
        name = orl_asprintf("inputs/%zu/%s", n, last);
    }
    return name;
}

static bool input_add(struct loader *l, const struct yaml_node *node, const char *path,
                      const char *real, const char *folder)
{
    struct orl_experiment *e = l->experiment;
    size_t count = e->input_count;
    struct orl_input *grown = orl_realloc_array(e->inputs, count + 1, sizeof *grown);
    const struct yaml_node **nodes =
        orl_realloc_array((void *)l->input_nodes, count + 1, sizeof *nodes);
    if (grown)
        e->inputs = grown;
    if (nodes)
        l->input_nodes = nodes;
    char *name = NULL, *copy = orl_strdup(path);
    for (size_t i = 0; !name && i < count; i++) /* what is named twice is kept once */
        if (strcmp(e->inputs[i].path, path) == 0)
            name = orl_strdup(e->inputs[i].name);
    if (!name)
        name = name_make(e, path, real, folder);
    if (!grown || !nodes || !name || !copy) {
        free(name);
        free(copy);
        return orl_read_no_memory(l);
    }
    e->inputs[count] = (struct orl_input){copy, name};
    l->input_nodes[count] = node;
    e->input_count = count + 1;
    return true;
}

bool orl_input_path(struct loader *l, const struct yaml_node *node, const char *text, char **path)
{
    *path = *text == '/' ? orl_strdup(text) : orl_asprintf("%s/%s", l->file->folder, text);
    if (!*path)
        return orl_read_no_memory(l);
    char *real = is_builtin(*path) ? NULL : realpath(*path, NULL);
    char *folder = is_builtin(*path) ? NULL : realpath(l->file->folder, NULL);
    bool inside = !real || !folder || is_below(real, folder) || is_trusted(l, node);
    for (size_t i = 0; !inside && i < ORL_COUNT(open_folders); i++)
        inside = is_below(real, open_folders[i]);
    bool good =
        inside ? input_add(l, node, *path, real, folder)
               : orl_read_fault(l, node, "put it there; or trust the file and use --allow-outside",
                                "'%s' leads out of the experiment's folder", text);
    free(real);
    free(folder);
    return good;
}

bool orl_input_paths(struct loader *l, const struct yaml_node *node)
{
    const struct yaml_node *const one = node;
    bool list = node && node->kind == YAML_LIST, good = true;
    for (size_t i = 0; node && i < (list ? node->count : 1); i++) {
        const struct yaml_node *item = list ? node->items[i] : one;
        char *path = NULL;
        if (item->kind == YAML_SCALAR && *item->text)
            good = orl_input_path(l, item, item->text, &path) && good;
        free(path);
    }
    return good;
}

void orl_inputs_free(struct orl_experiment *experiment)
{
    for (size_t i = 0; i < experiment->input_count; i++) {
        free(experiment->inputs[i].path);
        free(experiment->inputs[i].name);
    }
    free(experiment->inputs);
    free(experiment->copy);
}
