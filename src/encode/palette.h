/* One palette for a whole film, and pixels as its indices. */
#ifndef ORL_ENCODE_PALETTE_H
#define ORL_ENCODE_PALETTE_H

#include "optreel/encode.h"

enum { PALETTE_MOST = 255 }; /* one of 256 is left for "unchanged" */

struct palette {
    size_t count;
    uint8_t rgb[3 * PALETTE_MOST];
    struct palette_cache *cache; /* owned: colour -> index, for the colours met so far */
};

/* Choose at most `most` colours from frames spread over the film, and from the colours that the film says it uses. The same for
 * every segment of a film. ORL_EENV where libimagequant fails. Release with orl_palette_uninit. */
int orl_palette_make(struct palette *palette, const struct orl_output_spec *spec, const struct orl_frame_source *source,
                     size_t most, struct orl_error *err);
void orl_palette_uninit(struct palette *palette);

/* Write the nearest colour's index for each damaged pixel (all where `all`) into `indices`, width bytes a row. */
void orl_palette_apply(struct palette *palette, const struct orl_image *image, bool all, uint8_t *indices);

#endif
