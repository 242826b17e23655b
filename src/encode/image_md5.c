/* MD5 of a frame, by libavutil. */
#include "encode/image_md5.h"

#include <stdlib.h>

#include <libavutil/md5.h>
#include <libavutil/mem.h>

#include "base/array.h"

int orl_image_md5(const struct orl_image *image, uint8_t digest[MD5_SIZE], struct orl_error *err)
{
    struct AVMD5 *md5 = av_md5_alloc();
    uint8_t *row = orl_calloc((size_t)image->width, 3);
    int ret = md5 && row ? ORL_OK : orl_fail_memory(err);
    if (ret == ORL_OK)
        av_md5_init(md5);
    for (int y = 0; ret == ORL_OK && y < image->height; y++) {
        const uint8_t *from = image->pixels + (size_t)y * image->stride;
        for (int x = 0; x < image->width; x++) { /* B G R X */
            row[3 * x] = from[4 * x + 2];
            row[3 * x + 1] = from[4 * x + 1];
            row[3 * x + 2] = from[4 * x];
        }
        av_md5_update(md5, row, (size_t)image->width * 3);
    }
    if (ret == ORL_OK)
        av_md5_final(md5, digest);
    av_free(md5);
    free(row);
    return ret;
}
