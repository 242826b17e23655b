/* Pictures as text: what stands on a frame, mark by mark, for golden files and for people. */
#ifndef ORL_TESTS_MARKS_H
#define ORL_TESTS_MARKS_H

#include "base/text.h"
#include "optreel/scene.h"

/* A line for each mark, in drawing order, coordinates and sizes in px to a tenth:
 *
 *     text 640.0,36.5 centre 24.0 bold #1b1b1b "step 12"
 *     line 300 120.0,80.5 .. 620.0,410.2 sum 3f2a91c0 3.0 dashed #0072b2
 *     dots 2 120.0,80.5 130.0,90.0 6.0 ring #0072b2
 *     rect 0.0,0.0 1280.0x720.0 #ffffff
 *
 * Long lines give their ends and a checksum of all points, each rounded to a tenth of a px. */
void marks_print(const struct orl_picture *picture, struct orl_text *out);

/* All of a frame: the still of its part, then what moves. False where a picture failed. */
bool marks_print_frame(const struct orl_film *film, size_t frame, struct orl_text *out);

#endif
