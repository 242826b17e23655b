/* The composer of the YAML tree. */
#include "experiment/yaml.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/array.h"
#include "base/text.h"

enum { NODES_MAX = 200000 };

struct composer {
    struct yaml_source *source;
    yaml_parser_t parser;
    const char *origin;
    size_t nodes;
    uint64_t depth;
};

struct yaml_node *orl_yaml_make(enum yaml_kind kind, const char *text, const char *origin)
{
    struct yaml_node *node = orl_calloc(1, sizeof *node);
    if (!node)
        return NULL;
    node->kind = kind;
    node->origin = origin;
    if (text && !(node->text = orl_strdup(text))) {
        free(node);
        return NULL;
    }
    return node;
}

void orl_yaml_free(struct yaml_node **node)
{
    struct yaml_node *n = *node;
    if (!n)
        return;
    for (size_t i = 0; i < n->count; i++) {
        if (n->keys)
            orl_yaml_free(&n->keys[i]);
        orl_yaml_free(&n->items[i]);
    }
    free(n->keys);
    free(n->items);
    free(n->text);
    free(n);
    *node = NULL;
}

/* Arrays grow when their count is a power of two, so that no capacity need be kept. */
static bool grow(struct yaml_node ***array, size_t count)
{
    if (count & (count - 1))
        return true;
    struct yaml_node **grown = orl_realloc_array(*array, count ? 2 * count : 1, sizeof *grown);
    if (grown)
        *array = grown;
    return grown != NULL;
}

int orl_yaml_append(struct yaml_node *parent, struct yaml_node *key, struct yaml_node *item)
{
    bool map = parent->kind == YAML_MAP;
    if (!item || (map && !key) || !grow(&parent->items, parent->count) ||
        (map && !grow(&parent->keys, parent->count))) {
        orl_yaml_free(&key);
        orl_yaml_free(&item);
        return ORL_ENOMEM;
    }
    if (map)
        parent->keys[parent->count] = key;
    parent->items[parent->count++] = item;
    return ORL_OK;
}

static size_t find(const struct yaml_node *map, const char *key)
{
    for (size_t i = 0; map && map->kind == YAML_MAP && i < map->count; i++)
        if (strcmp(map->keys[i]->text, key) == 0)
            return i;
    return SIZE_MAX;
}

struct yaml_node *orl_yaml_get(const struct yaml_node *map, const char *key)
{
    size_t i = find(map, key);
    return i == SIZE_MAX ? NULL : map->items[i];
}

struct yaml_node *orl_yaml_key(const struct yaml_node *map, const char *key)
{
    size_t i = find(map, key);
    return i == SIZE_MAX ? NULL : map->keys[i];
}

bool orl_yaml_is_null(const struct yaml_node *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    if (node->kind != YAML_SCALAR || node->quoted)
        return false;
    for (size_t i = 0; i < ORL_COUNT(words); i++)
        if (strcmp(node->text, words[i]) == 0)
            return true;
    return false;
}

static ORL_PRINTF(6, 0) int message_add(struct yaml_source *source, enum orl_severity severity,
                                        const struct yaml_node *node, unsigned offset,
                                        const char *hint, const char *format, va_list arguments)
{
    const char *origin = node ? node->origin : NULL;
    struct orl_place place = {.file = origin ? origin : source->file};
    if (!origin && node && node->line) {
        place.line = node->line;
        place.column = node->column + offset;
        place.source =
            orl_text_line(source->text, source->length, place.line, &place.source_length);
    }
    if (origin && severity == ORL_SEVERITY_ERROR)
        source->usage = true;
    int ret = orl_messages_vadd(source->messages, severity, &place, hint, format, arguments);
    return ret == ORL_ENOMEM ? ret : origin ? ORL_EUSAGE : ORL_EINPUT;
}

int orl_yaml_verror(struct yaml_source *source, const struct yaml_node *node, unsigned offset,
                    const char *hint, const char *format, va_list arguments)
{
    return message_add(source, ORL_SEVERITY_ERROR, node, offset, hint, format, arguments);
}

int orl_yaml_error(struct yaml_source *source, const struct yaml_node *node, unsigned offset,
                   const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int ret = message_add(source, ORL_SEVERITY_ERROR, node, offset, hint, format, arguments);
    va_end(arguments);
    return ret;
}

void orl_yaml_warning(struct yaml_source *source, const struct yaml_node *node, const char *format,
                      ...)
{
    va_list arguments;
    va_start(arguments, format);
    message_add(source, ORL_SEVERITY_WARNING, node, 0, NULL, format, arguments);
    va_end(arguments);
}

static int fault(struct composer *c, yaml_mark_t mark, const char *hint, const char *text)
{
    const struct yaml_node here = {
        .line = (unsigned)mark.line + 1, .column = (unsigned)mark.column + 1, .origin = c->origin};
    return orl_yaml_error(c->source, &here, 0, hint, "%s", text);
}

/* A # between two places that begins a comment, where a text was hardly meant to end. */
static bool has_comment(const struct composer *c, yaml_mark_t from, yaml_mark_t to)
{
    for (size_t n = from.line + 1; n <= to.line + 1; n++) {
        size_t length;
        const char *line = orl_text_line(c->source->text, c->source->length, (unsigned)n, &length);
        if (line && memmem(line, length, " #", 2))
            return true;
    }
    return false;
}

/* What most often lies behind libyaml's words. */
static const char *syntax_hint(const struct composer *c, yaml_mark_t mark, char text[160])
{
    const char *problem = c->parser.problem ? c->parser.problem : "";
    size_t length = 0, blanks = 0;
    const char *line = c->origin ? NULL
                                 : orl_text_line(c->source->text, c->source->length,
                                                 (unsigned)mark.line + 1, &length);
    while (line && blanks < length && (line[blanks] == ' ' || line[blanks] == '\t'))
        blanks++;
    if (line && memchr(line, '\t', blanks))
        return "YAML is indented with blanks, not with tabs";
    if (strstr(problem, "mapping values are not allowed"))
        return "a text with ': ' in it stands in quotes";
    if (strstr(problem, "expected comment or line break") ||
        (strstr(problem, "cannot start any token") && line && mark.column < length &&
         strchr("%@`>|", line[mark.column])))
        return "a text that begins with %, @, `, > or | stands in quotes";
    bool flow = strstr(problem, "expected ','") || strstr(problem, "expected node content");
    if (flow && line && has_comment(c, c->parser.context_mark, mark))
        return "# begins a comment: a text with # in it stands in quotes";
    if (!strstr(problem, "expected ','"))
        return NULL;
    snprintf(text, 160, "a comma is missing, or what is opened in line %zu is not closed",
             c->parser.context_mark.line + 1);
    return text;
}

/* What libyaml says of text that is no YAML. */
static int parser_fault(struct composer *c)
{
    const yaml_parser_t *p = &c->parser;
    char text[300], hint[160];
    if (p->error == YAML_MEMORY_ERROR)
        return ORL_ENOMEM;
    yaml_mark_t mark = p->problem_mark;
    if (p->error == YAML_READER_ERROR) { /* its place is an offset in bytes */
        mark = (yaml_mark_t){0};
        for (size_t i = 0; i < p->problem_offset && i < c->source->length; i++) {
            mark.column = c->source->text[i] == '\n'
                              ? 0
                              : mark.column + (((unsigned char)c->source->text[i] & 0xc0) != 0x80);
            mark.line += c->source->text[i] == '\n';
        }
        return fault(c, mark, NULL,
                     strstr(p->problem, "control") ? "a control character"
                                                   : "this is not UTF-8 text");
    }
    snprintf(text, sizeof text, "this is not YAML: %s%s%s", p->problem ? p->problem : "?",
             p->context ? ", " : "", p->context ? p->context : "");
    return fault(c, mark, syntax_hint(c, mark, hint), text);
}

static int next_event(struct composer *c, yaml_event_t *event)
{
    if (!yaml_parser_parse(&c->parser, event))
        return parser_fault(c);
    return ORL_OK;
}

static bool has_control(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)text[i] < 0x20 && text[i] != '\n' && text[i] != '\t') ||
            text[i] == 0x7f)
            return true;
    return false;
}

static int compose(struct composer *c, yaml_event_t *event, struct yaml_node **out);

static int check_event(struct composer *c, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return fault(c, event->start_mark, "write the value out",
                     "an alias: experiment files have none");
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    default:
        break;
    }
    if (anchor)
        return fault(c, event->start_mark, NULL, "an anchor: experiment files have none");
    if (tag)
        return fault(c, event->start_mark, "what a value means is decided by its key",
                     "a tag: experiment files have none");
    return ORL_OK;
}

static int compose_scalar(struct composer *c, const yaml_event_t *event, struct yaml_node *node)
{
    const char *value = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    node->quoted = event->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
                   event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    if (has_control(value, length))
        return fault(c, event->start_mark, NULL, "a control character in a value");
    node->text = orl_strndup(value, length);
    return node->text ? ORL_OK : ORL_ENOMEM;
}

/* The keys of a map while it is composed, found by a hash: a map of many keys takes no longer for
 * each of them. */
struct key_set {
    struct yaml_node **slots; /* owned list of borrowed keys */
    size_t capacity;          /* a power of two, or 0 */
};

static size_t key_hash(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return (size_t)hash;
}

/* The slot of a text: of the key that is called so, or an empty one. */
static struct yaml_node **key_slot(const struct key_set *set, const char *text)
{
    size_t i = key_hash(text) & (set->capacity - 1);
    while (set->slots[i] && strcmp(set->slots[i]->text, text) != 0)
        i = (i + 1) & (set->capacity - 1);
    return &set->slots[i];
}

/* Room for one key more than `count`, at most half full. */
static bool key_set_grow(struct key_set *set, size_t count)
{
    struct key_set grown = {.capacity = set->capacity ? 2 * set->capacity : 16};
    if (2 * (count + 1) <= set->capacity)
        return true;
    grown.slots = orl_calloc(grown.capacity, sizeof(struct yaml_node *));
    for (size_t i = 0; grown.slots && i < set->capacity; i++)
        if (set->slots[i])
            *key_slot(&grown, set->slots[i]->text) = set->slots[i];
    if (!grown.slots)
        return false;
    free(set->slots);
    *set = grown;
    return true;
}

static int compose_key(struct composer *c, struct yaml_node *map, struct key_set *set,
                       yaml_event_t *event, struct yaml_node **key)
{
    int ret = compose(c, event, key);
    if (ret != ORL_OK)
        return ret;
    if ((*key)->kind != YAML_SCALAR)
        return orl_yaml_error(c->source, *key, 0, NULL, "a key must be a name");
    if (map->count >= c->source->limits->keys)
        return orl_yaml_error(c->source, *key, 0, NULL,
                              "more than %llu keys in one map (--max-keys)",
                              (unsigned long long)c->source->limits->keys);
    if (!key_set_grow(set, map->count))
        return ORL_ENOMEM;
    struct yaml_node **slot = key_slot(set, (*key)->text);
    if (*slot)
        return orl_yaml_error(c->source, *key, 0, NULL, "'%s' is there already, in line %u",
                              (*key)->text, (*slot)->line);
    *slot = *key;
    return ORL_OK;
}

/* "{a: 0,5}" has a key 5 without a value: the decimals of the number before it. */
static int decimal_check(struct composer *c, const struct yaml_node *map)
{
    const struct yaml_node *key = map->keys[map->count - 1],
                           *before = map->count > 1 ? map->items[map->count - 2] : NULL;
    double number;
    if (!before || before->kind != YAML_SCALAR || before->quoted || key->quoted ||
        !orl_yaml_is_null(map->items[map->count - 1]) || !*key->text ||
        strspn(key->text, "0123456789e-") != strlen(key->text) ||
        !orl_double_parse(before->text, strlen(before->text), &number))
        return ORL_OK;
    char *hint = orl_asprintf("decimals are written with a point: %s.%s", before->text, key->text);
    int ret = hint ? orl_yaml_error(c->source, key, 0, hint, "'%s,%s' has a decimal comma",
                                    before->text, key->text)
                   : ORL_ENOMEM;
    free(hint);
    return ret;
}

static int compose_children(struct composer *c, struct yaml_node *node, struct key_set *set)
{
    bool map = node->kind == YAML_MAP;
    for (;;) {
        yaml_event_t event;
        struct yaml_node *key = NULL, *item = NULL;
        int ret = next_event(c, &event);
        if (ret != ORL_OK)
            return ret;
        if (event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT) {
            yaml_event_delete(&event);
            return ORL_OK;
        }
        ret = map ? compose_key(c, node, set, &event, &key) : compose(c, &event, &item);
        yaml_event_delete(&event);
        if (map && ret == ORL_OK && (ret = next_event(c, &event)) == ORL_OK) {
            ret = compose(c, &event, &item);
            yaml_event_delete(&event);
        }
        if (ret != ORL_OK) {
            orl_yaml_free(&key);
            orl_yaml_free(&item);
            return ret;
        }
        ret = orl_yaml_append(node, key, item);
        if (ret == ORL_OK && map)
            ret = decimal_check(c, node);
        if (ret != ORL_OK)
            return ret;
    }
}

/* The node that begins with `event`. On failure *out is NULL. */
static int compose(struct composer *c, yaml_event_t *event, struct yaml_node **out)
{
    *out = NULL;
    int ret = check_event(c, event);
    if (ret != ORL_OK)
        return ret;
    if (++c->nodes > NODES_MAX)
        return fault(c, event->start_mark, NULL, "too many values in one file");
    if (c->depth >= c->source->limits->nesting)
        return fault(c, event->start_mark, NULL, "nested too deeply (--max-nesting)");
    struct yaml_node *node = orl_yaml_make(event->type == YAML_MAPPING_START_EVENT    ? YAML_MAP
                                           : event->type == YAML_SEQUENCE_START_EVENT ? YAML_LIST
                                                                                      : YAML_SCALAR,
                                           NULL, c->origin);
    if (!node)
        return ORL_ENOMEM;
    node->line = (unsigned)event->start_mark.line + 1;
    node->column = (unsigned)event->start_mark.column + 1;
    if (node->kind == YAML_SCALAR) {
        ret = compose_scalar(c, event, node);
    } else {
        struct key_set set = {0};
        c->depth++;
        ret = compose_children(c, node, &set);
        c->depth--;
        free(set.slots);
    }
    if (ret != ORL_OK)
        orl_yaml_free(&node);
    *out = node;
    return ret;
}

static int expect_end(struct composer *c)
{
    yaml_event_t event;
    int ret = next_event(c, &event); /* the document's end */
    if (ret != ORL_OK)
        return ret;
    yaml_event_delete(&event);
    ret = next_event(c, &event);
    if (ret != ORL_OK)
        return ret;
    if (event.type == YAML_DOCUMENT_START_EVENT)
        ret = fault(c, event.start_mark, "one experiment, one file", "a second document");
    yaml_event_delete(&event);
    return ret;
}

static int compose_document(struct composer *c, struct yaml_node **root)
{
    for (;;) {
        yaml_event_t event;
        int ret = next_event(c, &event);
        if (ret != ORL_OK)
            return ret;
        yaml_event_type_t type = event.type;
        if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT) {
            yaml_event_delete(&event);
            continue;
        }
        if (type == YAML_STREAM_END_EVENT) {
            yaml_event_delete(&event);
            return orl_yaml_error(c->source, NULL, 0, "optreel new writes a file to start from",
                                  "the file is empty");
        }
        ret = compose(c, &event, root);
        yaml_event_delete(&event);
        return ret == ORL_OK ? expect_end(c) : ret;
    }
}

static int parse(struct yaml_source *source, const char *text, size_t length, const char *origin,
                 struct yaml_node **root)
{
    struct composer c = {.source = source, .origin = origin};
    *root = NULL;
    if (!yaml_parser_initialize(&c.parser))
        return ORL_ENOMEM;
    yaml_parser_set_encoding(&c.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&c.parser, (const unsigned char *)text, length);
    int ret = compose_document(&c, root);
    yaml_parser_delete(&c.parser);
    if (ret != ORL_OK)
        orl_yaml_free(root);
    return ret;
}

int orl_yaml_parse(struct yaml_source *source, struct yaml_node **root)
{
    static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8, as Windows editors write it */
    if (source->length >= 3 && memcmp(source->text, mark, 3) == 0) {
        source->text += 3;
        source->length -= 3;
    }
    return parse(source, source->text, source->length, NULL, root);
}

int orl_yaml_parse_option(struct yaml_source *source, const char *text, const char *origin,
                          struct yaml_node **root)
{
    /* On a command line # begins no comment: title=#1, background=#fff. */
    bool plain = !*text || (strchr(text, '#') && !strchr("{[\"'", *text));
    if (plain) {
        *root = orl_yaml_make(YAML_SCALAR, text, origin);
        return *root ? ORL_OK : ORL_ENOMEM;
    }
    return parse(source, text, strlen(text), origin, root);
}
