/* SVG files read back. */
#ifndef ORL_ENCODE_SVG_READ_H
#define ORL_ENCODE_SVG_READ_H

#include "encode/format.h"

/* Whether the file is an SVG of the output's size whose tags open and close in pairs, and whole to
 * its end. Of its animations: each must last `seconds` (0: there must be none) and have as many
 * values as key times, rising from 0; *pictures is the number of frames at which one of them
 * changes something, the first included. ORL_FAIL with the reason. */
int orl_svg_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                   double seconds, size_t *pictures, struct orl_error *err);

#endif
