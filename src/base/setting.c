/* Settings of table entries, and lists of their values. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "optreel/base.h"

static bool has_alias(const struct orl_setting *setting, const char *name)
{
    for (const char *const *alias = setting->aliases; alias && *alias; alias++)
        if (strcmp(*alias, name) == 0)
            return true;
    return false;
}

size_t orl_setting_count(const struct orl_setting *settings)
{
    size_t count = 0;
    while (settings && settings[count].name)
        count++;
    return count;
}

bool orl_setting_is_group(const struct orl_setting *settings, const char *name)
{
    size_t length = strlen(name);
    for (const struct orl_setting *s = settings; s && s->name; s++)
        if (strncmp(s->name, name, length) == 0 && s->name[length] == '.')
            return true;
    return false;
}

int orl_setting_find(const struct orl_setting *settings, const char *name)
{
    size_t count = orl_setting_count(settings);
    for (size_t i = 0; i < count; i++)
        if (strcmp(settings[i].name, name) == 0)
            return (int)i;
    for (size_t i = 0; i < count; i++)
        if (has_alias(&settings[i], name))
            return (int)i;
    return -1;
}

int orl_setting_of(const struct orl_setting *settings, enum orl_setting_role role)
{
    for (const struct orl_setting *s = settings; s && s->name; s++)
        if (s->role == role)
            return (int)(s - settings);
    return -1;
}

struct orl_value *orl_values_default(const struct orl_setting *settings)
{
    size_t count = orl_setting_count(settings);
    struct orl_value *values = orl_calloc(count, sizeof *values);
    for (size_t i = 0; values && i < count; i++)
        values[i].number = settings[i].initial;
    return values;
}

void orl_value_uninit(struct orl_value *value)
{
    for (char **name = value->names; name && *name; name++)
        free(*name);
    free(value->names);
    free(value->text);
    *value = (struct orl_value){0};
}

static bool names_copy(char **names, char ***out)
{
    size_t count = 0;
    while (names && names[count])
        count++;
    *out = names ? orl_calloc(count + 1, sizeof **out) : NULL;
    for (size_t i = 0; *out && i < count; i++)
        if (!((*out)[i] = orl_strdup(names[i])))
            return false;
    return *out || !names;
}

struct orl_value *orl_values_copy(const struct orl_value *values,
                                  const struct orl_setting *settings)
{
    size_t count = orl_setting_count(settings);
    struct orl_value *copy = orl_calloc(count, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++) {
        copy[i].number = values[i].number;
        if ((values[i].text && !(copy[i].text = orl_strdup(values[i].text))) ||
            !names_copy(values[i].names, &copy[i].names)) {
            orl_values_free(copy, settings);
            return NULL;
        }
    }
    return copy;
}

void orl_values_free(struct orl_value *values, const struct orl_setting *settings)
{
    size_t count = orl_setting_count(settings);
    for (size_t i = 0; values && i < count; i++)
        orl_value_uninit(&values[i]);
    free(values);
}
