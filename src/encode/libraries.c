/* The libraries that encode, and their versions. */
#include <stdio.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libimagequant.h>

#include "encode/format.h"
#include "encode/x264.h"

static const char *dotted(char buffer[24], unsigned version)
{
    snprintf(buffer, 24, "%u.%u.%u", version >> 16, version >> 8 & 0xff, version & 0xff);
    return buffer;
}

bool orl_encode_library(size_t index, const char **name, const char **version)
{
    static _Thread_local char text[4][24];
    const unsigned quantizer = (unsigned)liq_version();
    switch (index) {
    case 0:
        *name = "libavcodec";
        *version = dotted(text[0], avcodec_version());
        return true;
    case 1:
        *name = "libavformat";
        *version = dotted(text[1], avformat_version());
        return true;
    case 2:
        *name = "libavutil";
        *version = dotted(text[2], avutil_version());
        return true;
    case 3:
        *name = "libimagequant";
        snprintf(text[3], sizeof text[3], "%u.%u.%u", quantizer / 10000, quantizer / 100 % 100,
                 quantizer % 100);
        *version = text[3];
        return true;
    case 4:
        *name = "libx264";
        *version = orl_x264_version();
        return true;
    default:
        return false;
    }
}
