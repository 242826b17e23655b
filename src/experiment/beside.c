/* What stands beside the films: sidecars of their formats, contact sheets. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/types.h"
#include "scene/tables.h"

#define CONTACT_SUFFIX "-contact"

/* Add a file that looks as `like` does. */
static struct chosen_format *add(struct loader *l, const struct orl_format_desc *format,
                                 const struct chosen_format *like)
{
    struct chosen_format *chosen = &l->formats[l->format_count];
    *chosen = *like;
    chosen->format = format;
    chosen->values = orl_values_default(format->settings);
    chosen->sidecar = true;
    chosen->max_bytes = 0; /* a cap is for films */
    if (!chosen->values) {
        orl_read_no_memory(l);
        return NULL;
    }
    chosen->poster = orl_format_makes_still(format, chosen->values);
    l->format_count++;
    return chosen;
}

static bool stands_beside(const struct orl_format_desc *sidecar,
                          const struct orl_format_desc *format)
{
    for (const char *const *name = sidecar->beside; *name; name++)
        if (strcmp(*name, format->name) == 0)
            return true;
    return false;
}

/* One of each kind: a film's first format that it belongs to has the say. */
static bool add_sidecars(struct loader *l)
{
    size_t count = l->format_count;
    for (const struct orl_format_desc *const *sidecar = orl_sidecars; *sidecar; sidecar++) {
        size_t i = 0;
        while (i < count && !stands_beside(*sidecar, l->formats[i].format))
            i++;
        if (i < count && !add(l, *sidecar, &l->formats[i]))
            return false;
    }
    return true;
}

/* output.contact: "4x3". The sheet shows the film as its first format does. */
static bool add_contact(struct loader *l, const struct yaml_node *node)
{
    const struct chosen_format *first = &l->formats[0];
    int columns, rows, width, height;
    if (!orl_read_cells(l, node, &columns, &rows))
        return false;
    orl_sheet_size(first->width, first->height, first->text_px, columns, rows, &width, &height);
    if ((uint64_t)width > l->source.limits->side_px || (uint64_t)height > l->source.limits->side_px)
        return orl_read_fault(
            l, node, NULL,
            "a sheet of %s frames has %dx%d pixels; at most %llu to a side (--max-side-px)",
            node->text, width, height, (unsigned long long)l->source.limits->side_px);
    struct chosen_format *chosen = add(l, orl_format_find("png"), first);
    if (!chosen)
        return false;
    chosen->columns = columns;
    chosen->rows = rows;
    return true;
}

bool orl_load_beside(struct loader *l, const struct yaml_node *output)
{
    const struct yaml_node *contact = output ? orl_yaml_get(output, "contact") : NULL;
    if (l->options->bare)
        return true;
    if (l->format_count == 0 || !add_sidecars(l))
        return l->format_count == 0;
    return !contact || add_contact(l, contact);
}

char *orl_output_path(const char *film, const struct chosen_format *chosen)
{
    const char *end = orl_format_makes_files(chosen->format, chosen->values)
                          ? ".frames"
                          : chosen->format->extension;
    const char *variant = chosen->variant;
    return orl_asprintf("%s%s%s%s%s", film, chosen->columns ? CONTACT_SUFFIX : "",
                        variant ? "." : "", variant ? variant : "", end);
}

static bool is_contact_of(const char *name, const char *film)
{
    size_t length = strlen(film);
    return strncasecmp(name, film, length) == 0 && strcasecmp(name + length, CONTACT_SUFFIX) == 0;
}

bool orl_check_contacts(struct loader *l)
{
    const struct orl_experiment *e = l->experiment;
    bool contacts = false;
    for (size_t i = 0; i < l->format_count; i++)
        contacts |= l->formats[i].columns > 0;
    for (size_t i = 0; contacts && i < e->film_count; i++)
        for (size_t k = 0; k < e->film_count; k++)
            if (is_contact_of(e->films[k].name, e->films[i].name))
                return orl_read_fault(l, orl_yaml_get(l->root, "films"),
                                      "give the film another name",
                                      "the film '%s' is called as the contact sheet of '%s' is",
                                      e->films[k].name, e->films[i].name);
    return true;
}
