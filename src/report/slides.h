/* slides.pptx: a presentation with a slide for each film. */
#ifndef ORL_REPORT_SLIDES_H
#define ORL_REPORT_SLIDES_H

#include "base/hash.h"
#include "base/io.h"
#include "report/parts.h"

/* How many slides the report's films make: those with an MP4 or a GIF that is there. */
size_t orl_slides_count(const struct orl_layout_of_report *layout);

/* What the file depends on, as 64 hex digits: every text and every file in it. ORL_ENOMEM. */
int orl_slides_key(const struct orl_layout_of_report *layout, char key[ORL_SHA256_HEX],
                   struct orl_error *err);

/* Write the presentation into `file`, with films and posters out of `folder`. Office Open XML
 * (ECMA-376, part 1: PresentationML; the film itself by the extension p14:media of [MS-PPTX]). The
 * same films and texts give the same bytes. The caller commits the file. ORL_EIO, ORL_ENOMEM. */
int orl_slides_write(const struct orl_layout_of_report *layout, const struct orl_folder *folder,
                     struct orl_outfile *file, struct orl_error *err);

#endif
