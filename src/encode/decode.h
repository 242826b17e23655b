/* Films decoded by libavcodec, frame by frame. */
#ifndef ORL_ENCODE_DECODE_H
#define ORL_ENCODE_DECODE_H

#include <libswscale/swscale.h>

#include "encode/av.h"

enum { FILM_PIXEL = 3 /* bytes: R G B */ };

/* A film that is read. */
struct film_reader {
    struct av_file file;
    AVFormatContext *format;
    AVCodecContext *decoder;
    AVPacket *packet;
    AVFrame *frame;
    struct SwsContext *scale;
    int index; /* of the film's stream */
    bool drained;
    int width, height;
    uint8_t *pixels; /* owned: the frame that was read last, without gaps between its rows */
    double time_s;   /* when it is shown */
    size_t frames;   /* so many were read */
};

/* Open any file that libav knows; `stream` must outlive it. ORL_FAIL where it is no film. Close it
 * in every case. */
int orl_film_open(struct film_reader *film, const struct orl_stream *stream, struct orl_error *err);
/* The next frame into `pixels`, as 8-bit RGB by libswscale, by its own matrix and range: 1, 0 at
 * the end, or a negative code (ORL_EINPUT). */
int orl_film_next(struct film_reader *film, struct orl_error *err);
/* Zeroed or opened. */
void orl_film_close(struct film_reader *film);

#endif
