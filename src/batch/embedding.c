/* What a preset makes of all films together, to embed them elsewhere: slides.pptx and snippets/. */
#include <stdlib.h>
#include <string.h>

#include "batch/supervisor.h"
#include "encode/tables.h"
#include "report/slides.h"
#include "report/snippets.h"

#define SLIDES "slides.pptx"

char *orl_embedding_path(const struct batch *batch, size_t index)
{
    const struct orl_preset_desc *preset = batch->experiment->preset;
    size_t kinds = 0, films = batch->experiment->film_count;
    if (!preset)
        return NULL;
    while (orl_snippets[kinds].extension)
        kinds++;
    if (preset->slides && index-- == 0)
        return orl_strdup(SLIDES);
    if (!preset->snippets || index >= kinds * films)
        return NULL;
    return orl_asprintf("snippets/%s.%s", batch->experiment->films[index / kinds].name,
                        orl_snippets[index % kinds].extension);
}

/* The digest is of what was read back. */
static int slides_make(struct batch *batch, const struct orl_layout_of_report *layout,
                       struct orl_file_facts *facts, struct orl_error *err)
{
    struct orl_outfile *file = NULL;
    struct orl_sha256 hash;
    char buffer[1 << 16];
    ssize_t count = 0;
    int ret = orl_outfile_create(batch->store.folder, SLIDES, &file, err);
    if (ret == ORL_OK)
        ret = orl_slides_write(layout, batch->store.folder, file, err);
    orl_sha256_init(&hash);
    facts->bytes = 0;
    while (ret == ORL_OK &&
           (count = orl_outfile_read(file, facts->bytes, buffer, sizeof buffer, err)) != 0) {
        if (count < 0)
            ret = (int)count;
        else {
            orl_sha256_update(&hash, buffer, (size_t)count);
            facts->bytes += count;
        }
    }
    orl_sha256_final_hex(&hash, facts->sha256);
    if (ret == ORL_OK)
        ret = orl_outfile_commit(&file, err);
    orl_outfile_abort(&file);
    return ret;
}

static int slides_write(struct batch *batch, const struct orl_layout_of_report *layout,
                        struct orl_error *err)
{
    struct orl_file_facts facts = {0}, found;
    char key[ORL_SHA256_HEX];
    if (orl_slides_count(layout) == 0)
        return ORL_OK;
    int ret = orl_slides_key(layout, key, err);
    if (ret != ORL_OK || orl_manifest_has_file(batch->store.manifest, SLIDES, key, &found))
        return ret;
    ret = slides_make(batch, layout, &facts, err);
    return ret == ORL_OK ? orl_manifest_add_file(batch->store.manifest, SLIDES, key, &facts, err)
                         : ret;
}

static int snippets_write(struct batch *batch, const struct orl_layout_of_report *layout,
                          size_t group, struct orl_error *err)
{
    struct orl_text text = {0};
    int ret = ORL_OK;
    for (const struct orl_snippet_desc *kind = orl_snippets; ret == ORL_OK && kind->extension;
         kind++) {
        const struct orl_report_film *film = orl_report_output(layout, layout->films.start[group]);
        orl_text_clear(&text);
        orl_snippet_append(&text, kind, layout, group);
        if (text.failed)
            ret = orl_fail_memory(err);
        else if (text.length > 0)
            ret = orl_beside_text(
                batch, orl_asprintf("snippets/%s.%s", film->name, kind->extension), &text, err);
    }
    orl_text_uninit(&text);
    return ret;
}

int orl_embedding_write(struct batch *batch, const struct orl_report *report, struct orl_error *err)
{
    const struct orl_preset_desc *preset = batch->experiment->preset;
    struct orl_layout_of_report layout = {0};
    if (!preset)
        return ORL_OK;
    int ret = orl_report_arrange(&layout, report) ? ORL_OK : orl_fail_memory(err);
    for (size_t g = 0; preset->snippets && ret == ORL_OK && g < layout.films.count; g++)
        ret = snippets_write(batch, &layout, g, err);
    if (preset->slides && ret == ORL_OK)
        ret = slides_write(batch, &layout, err);
    orl_report_arrange_uninit(&layout);
    return ret;
}
