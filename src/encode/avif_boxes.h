/* AVIF: settings, and the file around the encoder's packets. */
#ifndef ORL_ENCODE_AVIF_BOXES_H
#define ORL_ENCODE_AVIF_BOXES_H

#include "encode/format.h"

enum { AVIF_CODEC, AVIF_CRF, AVIF_CHROMA, AVIF_LOOP }; /* settings */

/* ops->join of AVIF: the segments are those of orl_video_segment. They are read twice, once for
 * sizes: the index stands before the pictures, and memory holds four bytes for each. */
int orl_avif_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                  size_t segment_count, const struct orl_stream *out, struct orl_error *err);

#endif
