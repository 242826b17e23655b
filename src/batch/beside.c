/* Texts beside each film: what it shows in a sentence or two, for those who do not see it; and how
 * LaTeX shows its PDF. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "batch/supervisor.h"
#include "report/snippets.h"

int orl_beside_text(struct batch *batch, char *name, const struct orl_text *text,
                    struct orl_error *err)
{
    struct orl_file_facts facts = {.bytes = (int64_t)text->length}, found;
    struct orl_sha256 hash;
    if (!name || text->failed) {
        free(name);
        return orl_fail_memory(err);
    }
    orl_sha256_init(&hash);
    orl_sha256_update(&hash, text->data, text->length);
    orl_sha256_final_hex(&hash, facts.sha256);
    int ret = ORL_OK;
    if (!orl_manifest_has_file(batch->store.manifest, name, facts.sha256, &found)) {
        ret = orl_folder_write(batch->store.folder, name, text->data, text->length, err);
        if (ret == ORL_OK)
            ret = orl_manifest_add_file(batch->store.manifest, name, facts.sha256, &facts, err);
    }
    free(name);
    return ret;
}

/* ---- <film>.tex ------------------------------------------------------------------------------ */

bool orl_beside_has_tex(const struct batch *batch, const struct output_job *job)
{
    bool there = job->state == JOB_DONE || job->state == JOB_CACHED;
    return there && orl_job_output(batch, job)->format->tex;
}

/* For the package animate. A piece to \input and no document of its own: pdflatex would write that
 * one's pages over the PDF of the same name. */
static int write_tex(struct batch *batch, const struct output_job *job, struct orl_text *text,
                     struct orl_error *err)
{
    const char *film = orl_job_film(batch, job)->name;
    char rate[ORL_NUMBER_SIZE], share[ORL_NUMBER_SIZE];
    orl_double_short(rate, (double)job->fps_num / job->fps_den);
    /* Below the title of a slide stand about three quarters of its height, the buttons included. */
    orl_double_digits(share, 0.72 * job->width / job->height, 4);
    /* A # (the number of a schedule) is the mark of a parameter to TeX, unless it is told not so.
     */
    bool mark = strchr(film, '#') != NULL;
    orl_text_clear(text);
    orl_text_printf(
        text,
        "%% %s.pdf: %zu pages, %s per second; played by Acrobat, Okular and PDF-XChange.\n"
        "%% In the preamble: \\usepackage{animate}. In the text: \\input{.../%s.tex}, from any "
        "folder;\n"
        "%% as wide as the line, and low enough for a 16:9 frame with a title.\n"
        "\\par\\noindent\\begingroup%s"
        "\\dimen0=%s\\textheight\\ifdim\\dimen0>\\linewidth\\dimen0="
        "\\linewidth\\fi\n"
        "\\edef\\filmwidth{\\the\\dimen0}%%\n",
        film, job->frames, rate, film, mark ? "\\catcode`\\#=12" : "", share);
    orl_latex_folder_append(text, "");
    orl_text_printf(text,
                    "\\makebox[\\linewidth]{\\animategraphics[autoplay,loop,controls,poster=last,"
                    "width=\\filmwidth]{%s}{\\orlfolder %s}{}{}}%%\n\\endgroup\n",
                    rate, film);
    return orl_beside_text(batch, orl_asprintf("%s.tex", film), text, err);
}

/* ---- <film>.alt.txt -------------------------------------------------------------------------- */

/* An output of the film that is there; NULL where none is. */
static const struct orl_report_film *made(const struct orl_layout_of_report *layout, size_t group)
{
    for (size_t i = layout->films.start[group]; i < layout->films.start[group + 1]; i++) {
        const struct orl_report_film *film = &layout->report->films[layout->films.items[i]];
        if (!film->failure)
            return film;
    }
    return NULL;
}

int orl_beside_write(struct batch *batch, const struct orl_report *report, struct orl_error *err)
{
    struct orl_layout_of_report layout = {0};
    struct orl_text text = {0};
    int ret = orl_report_arrange(&layout, report) ? ORL_OK : orl_fail_memory(err);
    for (size_t g = 0; ret == ORL_OK && g < layout.films.count; g++) {
        const struct orl_report_film *film = made(&layout, g);
        if (!film)
            continue;
        orl_text_clear(&text);
        orl_report_alt_append(&text, &layout, film);
        orl_text_putc(&text, '\n');
        ret = orl_beside_text(batch, orl_asprintf("%s.alt.txt", film->name), &text, err);
    }
    for (size_t i = 0; ret == ORL_OK && i < batch->output_count; i++)
        if (orl_beside_has_tex(batch, &batch->outputs[i]))
            ret = write_tex(batch, &batch->outputs[i], &text, err);
    orl_text_uninit(&text);
    orl_report_arrange_uninit(&layout);
    return ret;
}
