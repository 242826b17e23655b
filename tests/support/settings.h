/* What holds of every list of settings in a table: optimizers, formats, panels, losses; and values
 * from words. */
#ifndef ORL_TEST_SETTINGS_H
#define ORL_TEST_SETTINGS_H

#include "optreel/base.h"
#include "orl_test.h"

/* Defaults lie within limits; booleans and choices have none, a choice's default is one of its
 * choices; names are found where they stand. */
static inline void check_settings(const struct orl_setting *settings)
{
    for (const struct orl_setting *s = settings; s && s->name; s++) {
        bool limited = s->type != ORL_SETTING_CHOICE && s->type != ORL_SETTING_BOOLEAN;
        size_t choices = 0;
        assert_true(s->description && s->unit);
        while (s->choices && s->choices[choices])
            choices++;
        assert_int_equal(s->type == ORL_SETTING_CHOICE, choices > 0);
        if (!limited)
            assert_true(s->minimum == 0 && s->maximum == 0);
        else
            assert_true(s->minimum <= s->maximum);
        if (s->type == ORL_SETTING_REAL || s->type == ORL_SETTING_INTEGER)
            assert_true(isnan(s->initial) ||
                        (s->initial >= s->minimum && s->initial <= s->maximum));
        if (s->type == ORL_SETTING_CHOICE)
            assert_true(isnan(s->initial) || s->initial < (double)choices);
        assert_int_equal(orl_setting_find(settings, s->name), s - settings);
    }
}

/* "learning_rate=0.1 form=1" into values, the rest at their defaults; texts are schedules, which
 * settings_free releases. */
static inline void settings_apply(const char *text, const struct orl_setting *settings,
                                  struct orl_value *values)
{
    char copy[256], *rest = NULL;
    for (size_t i = 0; i < orl_setting_count(settings); i++)
        values[i].number = settings[i].initial;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *equals = strchr(word, '='), *end;
        *equals = '\0';
        int index = orl_setting_find(settings, word);
        assert_true(index >= 0);
        values[index].number = strtod(equals + 1, &end);
        if (*end)
            values[index].text = strdup(equals + 1);
    }
}

static inline void settings_free(struct orl_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(values[i].text);
}

#endif
