/* The tracks of a film as one SVG that plays by itself. */
#ifndef ORL_ENCODE_SVG_MOTION_H
#define ORL_ENCODE_SVG_MOTION_H

#include "draw/tracks.h"
#include "encode/format.h"

/* Write the whole file. What does not move stands in it once; what moves has a twin that shows its
 * last looks where motion is reduced. No script, no font, nothing outside of the file. `font` is
 * borrowed, `loop` as the setting has it. */
int orl_svg_motion_write(const struct orl_output_spec *spec, const struct tracks *tracks,
                         struct orl_font *font, int loop, struct orl_sink out,
                         struct orl_error *err) ORL_LATE;

#endif
