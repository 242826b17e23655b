/* APNG files read by the specification, strictly: to check what was joined. */
#ifndef ORL_ENCODE_APNG_READ_H
#define ORL_ENCODE_APNG_READ_H

#include "optreel/encode.h"

/* Follow the whole file: chunks and their check sums, sequence numbers, rectangles, data that
 * inflate to as many rows as there should be, times that add up to the film's. Fills `facts`.
 * ORL_FAIL with the reason where something is off. */
int orl_apng_read(const struct orl_output_spec *spec, uint32_t plays, const struct orl_stream *file,
                  struct orl_output_facts *facts, struct orl_error *err);

#endif
