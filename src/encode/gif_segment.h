/* GIF: what its segments hold, between the maker and the joiner. */
#ifndef ORL_ENCODE_GIF_SEGMENT_H
#define ORL_ENCODE_GIF_SEGMENT_H

#include "encode/format.h"

enum { GIF_COLORS, GIF_LOOP, GIF_TOLERANCE }; /* settings */

/* Record types. GIF_HEAD: the colour table, its size as number. GIF_PICTURE: four words x, y,
 * width, height, then image data from the least code size to the empty sub-block; its first frame
 * as number. Index 0 is transparent in all of them. */
enum { GIF_HEAD = 1, GIF_PICTURE };
enum { GIF_PLACE_BYTES = 8 };

/* ops->segment of GIF. */
int orl_gif_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                    size_t first, size_t count, struct orl_sink out,
                    struct orl_error *err) ORL_LATE;

#endif
