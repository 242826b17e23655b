/* One picture, straight into the file that was named: for optreel frame. */
#ifndef ORL_BATCH_SINGLE_H
#define ORL_BATCH_SINGLE_H

#include "base/text.h"
#include "encode/tables.h"
#include "optreel/encode.h"

/* The format's settings at their defaults, owned by the caller; NULL when memory is short. */
struct orl_value *orl_single_values(const struct orl_format_desc *format);

/* What was encoded, in memory. Zero-initialize; release with orl_single_uninit. */
struct single {
    struct orl_text *segments; /* owned, as are they: count of them */
    size_t count;
};
void orl_single_uninit(struct single *single);

/* Draw and encode all segments. ORL_ENOMEM, or what the source or the encoder says. */
int orl_single_encode(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                      struct single *out, struct orl_error *err);

/* Join, read back, and put the file in its place: complete or absent. "-" is standard output; onto
 * a device or a pipe the finished bytes are written, nothing is renamed. Nothing else is left, also
 * when a signal ends the program. `facts` tells what was counted. */
int orl_single_write(const struct orl_output_spec *spec, const struct single *single,
                     const char *output, struct orl_output_facts *facts, struct orl_error *err);

#endif
