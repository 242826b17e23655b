/* Themes of one's own in a line: "light background=#f7f3e9 colors=#8c1d40,#00573f". */
#ifndef ORL_SUPPORT_THEME_H
#define ORL_SUPPORT_THEME_H

#include "orl_test.h"
#include "scene/tables.h"

/* Fails the test where the text names no role. Owned by nobody: the base is the table's. */
static inline struct orl_theme_spec theme_of(const char *text)
{
    struct orl_theme_spec spec = {0};
    for (const struct orl_theme_desc *d = orl_themes; d->name; d++)
        if (strncmp(text, d->name, strlen(d->name)) == 0)
            spec.base = d->name;
    for (const char *at = strchr(text, ' '); at; at = strchr(at, ' ')) {
        size_t length = strcspn(++at, "="), role = 0;
        const char *value = at + length + 2;
        while (role < ORL_THEME_ROLES && (strlen(orl_theme_roles[role].name) != length ||
                                          strncmp(orl_theme_roles[role].name, at, length) != 0))
            role++;
        if (role < ORL_THEME_ROLES)
            spec.roles[role] = (struct orl_own_color){true, (uint32_t)strtoul(value, NULL, 16)};
        for (bool more = role == ORL_THEME_ROLES; more; more = value[6] == ',', value += 8)
            spec.colors[spec.color_count++] = (uint32_t)strtoul(value, NULL, 16);
    }
    assert_non_null(spec.base);
    return spec;
}

#define THEME(text) (&(struct orl_theme_spec[]){theme_of(text)}[0])

#endif
