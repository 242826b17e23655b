/* One palette for a whole film, and pixels as its indices. */
#ifndef ORL_ENCODE_PALETTE_H
#define ORL_ENCODE_PALETTE_H

#include "optreel/encode.h"

enum { PALETTE_MOST = 256 };

/* Index 0 stands for "unchanged" (with alpha, for clear pixels) and has no colour of its own. */
struct palette {
    size_t count; /* with index 0 */
    uint8_t rgb[3 * PALETTE_MOST];
    bool fixed[PALETTE_MOST];    /* a colour that the film names: shown exactly */
    bool alpha;                  /* frames have alpha */
    struct palette_cache *cache; /* owned: colour -> index, for the colours met so far */
};

/* Choose at most `most` indices from frames spread over the film, and from the colours that the
 * film says it uses; those that move most come first. The same for every segment of a film.
 * ORL_EENV where libimagequant fails. Release with orl_palette_uninit. */
int orl_palette_make(struct palette *palette, const struct orl_output_spec *spec,
                     const struct orl_frame_source *source, size_t most, struct orl_error *err);
void orl_palette_uninit(struct palette *palette);

/* Write the nearest colour's index for each damaged pixel (all where `all`) into `indices`, width
 * bytes a row. Marks in `changed` the blocks whose indices are others than before (it clears none),
 * and returns whether there are any. */
bool orl_palette_apply(struct palette *palette, const struct orl_image *image, bool all,
                       uint8_t *indices, struct orl_damage *changed);

#endif
