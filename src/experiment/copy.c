/* The experiment once more as a file: after --set, with its paths in inputs/. Whoever has the
 * output folder can render it again. */
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/text.h"
#include "experiment/read.h"

struct writer {
    const struct loader *l;
    yaml_emitter_t emitter;
    struct orl_text text;
    bool good;
};

static int bytes_take(void *context, unsigned char *bytes, size_t length)
{
    struct writer *w = context;
    orl_text_append(&w->text, (const char *)bytes, length);
    return !w->text.failed;
}

/* The emitter takes the event over, whether it can write it or not. */
static void event_write(struct writer *w, yaml_event_t *event, int made)
{
    w->good = made && w->good && yaml_emitter_emit(&w->emitter, event);
}

/* Whether it reads back as itself without quotes, whoever writes it: so that the copy of a copy is
 * the same. */
static bool is_plain(const char *text)
{
    static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_.+-~/(";
    size_t length = strlen(text);
    return length > 0 && ((unsigned char)*text >= 0x80 || strchr(first, *text)) &&
           strncmp(text, "- ", 2) != 0 && strncmp(text, "--", 2) != 0 && !strstr(text, ": ") &&
           !strstr(text, " #") && text[length - 1] != ':' && text[length - 1] != ' ' &&
           strcmp(text, "-") != 0 && strcmp(text, "...") != 0;
}

static void text_write(struct writer *w, const char *text, bool quoted)
{
    yaml_event_t event;
    yaml_scalar_style_t style = strchr(text, '\n')          ? YAML_LITERAL_SCALAR_STYLE
                                : quoted || !is_plain(text) ? YAML_DOUBLE_QUOTED_SCALAR_STYLE
                                                            : YAML_PLAIN_SCALAR_STYLE;
    int made = yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text,
                                            (int)strlen(text), 1, 1, style);
    event_write(w, &event, made);
}

/* What a value is called in the copy: a path that is copied, too, goes there. */
static const char *text_of(const struct writer *w, const struct yaml_node *node)
{
    for (size_t i = 0; i < w->l->experiment->input_count; i++)
        if (w->l->input_nodes[i] == node)
            return w->l->experiment->inputs[i].name;
    return !node->quoted && !*node->text ? "null" : node->text;
}

static void node_write(struct writer *w, const struct yaml_node *node, const char *name);

static void map_write(struct writer *w, const struct yaml_node *node, const char *name)
{
    yaml_event_t event;
    int made = yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE);
    event_write(w, &event, made);
    if (name && !orl_yaml_get(node, "name")) {
        text_write(w, "name", false);
        text_write(w, name, true);
    }
    for (size_t i = 0; w->good && i < node->count; i++) {
        text_write(w, node->keys[i]->text, node->keys[i]->quoted);
        node_write(w, node->items[i], NULL);
    }
    made = w->good && yaml_mapping_end_event_initialize(&event);
    event_write(w, &event, made);
}

static void list_write(struct writer *w, const struct yaml_node *node)
{
    yaml_event_t event;
    int made =
        yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE);
    event_write(w, &event, made);
    for (size_t i = 0; w->good && i < node->count; i++)
        node_write(w, node->items[i], NULL);
    made = w->good && yaml_sequence_end_event_initialize(&event);
    event_write(w, &event, made);
}

static void node_write(struct writer *w, const struct yaml_node *node, const char *name)
{
    if (!w->good)
        return;
    if (node->kind == YAML_MAP)
        map_write(w, node, name);
    else if (node->kind == YAML_LIST)
        list_write(w, node);
    else
        text_write(w, text_of(w, node), node->quoted);
}

bool orl_copy_make(struct loader *l)
{
    struct writer w = {.l = l, .good = true};
    yaml_event_t event;
    if (!yaml_emitter_initialize(&w.emitter))
        return orl_read_no_memory(l);
    yaml_emitter_set_output(&w.emitter, bytes_take, &w);
    yaml_emitter_set_width(&w.emitter, -1); /* lines are not folded */
    yaml_emitter_set_unicode(&w.emitter, 1);
    orl_text_puts(&w.text, "# What was rendered: the experiment's file after --set, with the files "
                           "that it reads in inputs/\n");
    event_write(&w, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    event_write(&w, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
    node_write(&w, l->root, l->experiment->name);
    event_write(&w, &event, w.good && yaml_document_end_event_initialize(&event, 1));
    event_write(&w, &event, w.good && yaml_stream_end_event_initialize(&event));
    yaml_emitter_delete(&w.emitter);
    l->experiment->copy = orl_text_take(&w.text);
    if (!w.good) {
        free(l->experiment->copy);
        l->experiment->copy = NULL;
    }
    return l->experiment->copy ? true : orl_read_no_memory(l);
}
