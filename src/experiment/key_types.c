/* Plain types of keys: numbers, choices, text, lists of text. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/key.h"

static void *field_of(const struct key *key, void *object)
{
    return (char *)object + key->offset;
}

static const void *field_read(const struct key *key, const void *object)
{
    return (const char *)object + key->offset;
}

/* ---- Numbers ----------------------------------------------------------------------------------
 */

static bool real_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                      void *object)
{
    return orl_read_number_between(l, node, key->name, key->minimum,
                                   orl_key_maximum(key, l->source.limits), field_of(key, object));
}

static bool real_initial(const struct key *key, void *object)
{
    *(double *)field_of(key, object) = key->initial;
    return true;
}

static void real_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    orl_sha256_number(hash, *(const double *)field_read(key, object));
}

static void real_schema(struct orl_json *json, const struct key *key)
{
    orl_schema_number(json, false, key->minimum, orl_key_maximum(key, &orl_limits_default));
}

const struct key_type orl_key_real = {"a number", real_read, real_initial,
                                      real_hash,  NULL,      real_schema};

static bool integer_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                         void *object)
{
    return orl_read_integer(l, node, key->name, (int64_t)key->minimum,
                            (int64_t)orl_key_maximum(key, l->source.limits), field_of(key, object));
}

static bool integer_initial(const struct key *key, void *object)
{
    *(int64_t *)field_of(key, object) = (int64_t)key->initial;
    return true;
}

static void integer_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    orl_sha256_update(hash, field_read(key, object), sizeof(int64_t));
}

static void integer_schema(struct orl_json *json, const struct key *key)
{
    orl_schema_number(json, true, key->minimum, orl_key_maximum(key, &orl_limits_default));
}

const struct key_type orl_key_integer = {"a whole number", integer_read, integer_initial,
                                         integer_hash,     NULL,         integer_schema};

static bool count_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                       void *object)
{
    int64_t number;
    if (!orl_read_integer(l, node, key->name, (int64_t)key->minimum,
                          (int64_t)orl_key_maximum(key, l->source.limits), &number))
        return false;
    *(size_t *)field_of(key, object) = (size_t)number;
    return true;
}

static bool count_initial(const struct key *key, void *object)
{
    *(size_t *)field_of(key, object) = (size_t)key->initial;
    return true;
}

static void count_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    orl_sha256_number(hash, (double)*(const size_t *)field_read(key, object));
}

const struct key_type orl_key_count = {"a whole number", count_read, count_initial,
                                       count_hash,       NULL,       integer_schema};

static bool seed_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                      void *object)
{
    return orl_read_seed(l, node, key->name, field_of(key, object));
}

static bool seed_initial(const struct key *key, void *object)
{
    *(uint64_t *)field_of(key, object) = (uint64_t)key->initial;
    return true;
}

static void seed_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    orl_sha256_update(hash, field_read(key, object), sizeof(uint64_t));
}

static void seed_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_number(json, true, 0.0, 18446744073709551615.0);
}

const struct key_type orl_key_seed = {"a whole number", seed_read, seed_initial,
                                      seed_hash,        NULL,      seed_schema};

static bool boolean_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                         void *object)
{
    return orl_read_bool(l, node, key->name, field_of(key, object));
}

static bool boolean_initial(const struct key *key, void *object)
{
    *(bool *)field_of(key, object) = key->initial != 0.0;
    return true;
}

static void boolean_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    orl_sha256_number(hash, *(const bool *)field_read(key, object));
}

static void boolean_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_boolean(json);
}

const struct key_type orl_key_boolean = {"true or false", boolean_read, boolean_initial,
                                         boolean_hash,    NULL,         boolean_schema};

enum { CHOICES_MAX = 64 };

/* ---- Choices ----------------------------------------------------------------------------------
 */

static bool choice_of(struct loader *l, const struct yaml_node *node, const struct key *key,
                      int *out)
{
    const char *names[CHOICES_MAX] = {0};
    for (size_t i = 0; i + 1 < CHOICES_MAX && (names[i] = orl_key_choice_name(key, i)); i++)
        ;
    return orl_read_choice(l, node, key->name, names, out);
}

static bool choice_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                        void *object)
{
    return choice_of(l, node, key, field_of(key, object));
}

static bool choice_initial(const struct key *key, void *object)
{
    *(int *)field_of(key, object) = (int)key->initial;
    return true;
}

static void choice_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    orl_sha256_number(hash, *(const int *)field_read(key, object));
}

const struct key_type orl_key_choice = {"a name",    choice_read, choice_initial,
                                        choice_hash, NULL,        orl_schema_choices};

/* ---- Text -------------------------------------------------------------------------------------
 */

static bool text_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                      void *object)
{
    return orl_read_text(l, node, key->name, field_of(key, object));
}

static void text_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    orl_sha256_string(hash, *(char *const *)field_read(key, object));
}

static void text_release(const struct key *key, void *object)
{
    char **text = field_of(key, object);
    free(*text);
    *text = NULL;
}

static void text_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_any_text(json);
}

const struct key_type orl_key_text = {"text",    text_read,    NULL,
                                      text_hash, text_release, text_schema};

static bool formula_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                         void *object)
{
    struct orl_formula *formula = orl_read_formula(l, node, key->name);
    bool good = formula != NULL;
    orl_formula_destroy(&formula);
    return good && text_read(l, node, key, object);
}

const struct key_type orl_key_formula = {"a formula", formula_read, NULL,
                                         text_hash,   text_release, text_schema};

static bool title_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                       void *object)
{
    return orl_read_title(l, node, field_of(key, object));
}

static void title_schema(struct orl_json *json, const struct key *key)
{
    text_schema(json, key);
    orl_json_key(json, "maxLength");
    orl_json_integer(json, (int64_t)orl_limits_default.title_chars);
}

const struct key_type orl_key_title = {"text",    title_read,   NULL,
                                       text_hash, text_release, title_schema};

/* ---- Lists of text ----------------------------------------------------------------------------
 */

static void names_release(const struct key *key, void *object)
{
    char ***names = field_of(key, object);
    size_t *count = (size_t *)((char *)object + key->count_offset);
    for (size_t i = 0; *names && i < *count; i++)
        free((*names)[i]);
    free(*names);
    *names = NULL;
    *count = 0;
}

/* A single name counts as a list of one. */
static bool names_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                       void *object)
{
    names_release(key, object);
    char ***names = field_of(key, object);
    return orl_read_names(l, node, key->name, key->minimum, key->maximum, names,
                          (size_t *)((char *)object + key->count_offset));
}

static void names_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    char *const *names = *(char **const *)field_read(key, object);
    size_t count = *(const size_t *)((const char *)object + key->count_offset);
    orl_sha256_number(hash, (double)count);
    for (size_t i = 0; i < count; i++)
        orl_sha256_string(hash, names[i]);
}

static void names_schema(struct orl_json *json, const struct key *key)
{
    orl_schema_type(json, "string number array");
    orl_json_key(json, "items");
    orl_json_open(json, '{');
    orl_schema_type(json, "string number boolean");
    orl_json_close(json, '}');
    orl_json_key(json, "minItems");
    orl_json_number(json, key->minimum);
    orl_json_key(json, "maxItems");
    orl_json_number(json, key->maximum);
}

const struct key_type orl_key_names = {"names",    names_read,    NULL,
                                       names_hash, names_release, names_schema};

static void numbers_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_text(json, "type", "object");
    orl_json_key(json, "additionalProperties");
    orl_json_open(json, '{');
    orl_schema_number(json, false, NAN, NAN);
    orl_json_close(json, '}');
}

const struct key_type orl_key_numbers = {.name = "numbers by names", .schema = numbers_schema};
