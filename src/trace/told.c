/* Hyperparameters as people are told of them. */
#include <string.h>

#include "base/text.h"
#include "optreel/trace.h"

char *orl_told_text(const struct orl_told *told, size_t count)
{
    struct orl_text text = {0};
    for (size_t i = 0; i < count; i++)
        orl_text_printf(&text, "%s%s%s%s", i ? ", " : "", told[i].name, *told[i].text ? " " : "",
                        told[i].text);
    return orl_text_take(&text);
}

bool orl_told_same(const struct orl_told *a, const struct orl_told *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->text, b->text) == 0;
}
