/* snippets/: a film as lines to paste into a document, a file for each film and kind of document.
 * Each shows its film where it lies (`pandoc snippets/race.md`), so its paths begin with "../". */
#ifndef ORL_REPORT_SNIPPETS_H
#define ORL_REPORT_SNIPPETS_H

#include "report/parts.h"

/* What a snippet is made of. All borrowed. */
struct orl_snippet {
    const struct orl_report_media *media;
    const char *alt; /* what the film shows, plain text without line breaks */
};

struct orl_snippet_desc {
    const char *extension; /* "md"; NULL ends the table */
    const char *where;     /* "Markdown: a README, a wiki, pandoc" */
    void (*append)(struct orl_text *out, const struct orl_snippet *snippet);
};
extern const struct orl_snippet_desc orl_snippets[];

/* Append a film's snippet of one kind. Nothing where the film has no output that documents show. */
void orl_snippet_append(struct orl_text *out, const struct orl_snippet_desc *kind,
                        const struct orl_layout_of_report *layout, size_t group);

/* Lines that set \orlfolder to where the file that is being read lies, with `up` behind it: "" or
 * "../". By \CurrentFilePath (LaTeX of 2020-10), so that \input works from any folder. */
void orl_latex_folder_append(struct orl_text *out, const char *up);

#endif
