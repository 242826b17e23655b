/* The decoder of films. */
#include "encode/decode.h"

#include <stdlib.h>

#include "base/array.h"

static int decoder_open(struct film_reader *r, struct orl_error *err)
{
    const AVCodec *codec = NULL;
    r->index = av_find_best_stream(r->format, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
    r->decoder = r->index >= 0 && codec ? avcodec_alloc_context3(codec) : NULL;
    r->packet = av_packet_alloc();
    r->frame = av_frame_alloc();
    if (!r->packet || !r->frame)
        return orl_fail_memory(err);
    if (!r->decoder)
        return ORL_FAIL;
    r->decoder->thread_count = 1;
    if (avcodec_parameters_to_context(r->decoder, r->format->streams[r->index]->codecpar) < 0 ||
        avcodec_open2(r->decoder, codec, NULL) < 0 || r->decoder->width <= 0)
        return ORL_FAIL;
    r->width = r->decoder->width;
    r->height = r->decoder->height;
    r->pixels = orl_calloc((size_t)r->height, (size_t)r->width * FILM_PIXEL);
    return r->pixels ? ORL_OK : orl_fail_memory(err);
}

int orl_film_open(struct film_reader *r, const struct orl_stream *stream, struct orl_error *err)
{
    *r = (struct film_reader){.index = -1};
    av_log_set_level(AV_LOG_QUIET);
    int ret = orl_av_file_open(&r->file, stream, false, err);
    if (ret != ORL_OK)
        return ret;
    r->format = avformat_alloc_context();
    if (!r->format)
        return orl_fail_memory(err);
    r->format->pb = r->file.io;
    if (avformat_open_input(&r->format, NULL, NULL, NULL) < 0 ||
        avformat_find_stream_info(r->format, NULL) < 0)
        return ORL_FAIL;
    return decoder_open(r, err);
}

void orl_film_close(struct film_reader *r)
{
    sws_freeContext(r->scale);
    av_frame_free(&r->frame);
    av_packet_free(&r->packet);
    avcodec_free_context(&r->decoder);
    avformat_close_input(&r->format);
    orl_av_file_close(&r->file);
    free(r->pixels);
    r->pixels = NULL;
}

/* The frame's pixels as RGB, by its own matrix and range. */
static int pixels_convert(struct film_reader *r, struct orl_error *err)
{
    const AVFrame *f = r->frame;
    uint8_t *rows[] = {r->pixels, NULL, NULL, NULL};
    int strides[] = {r->width * FILM_PIXEL, 0, 0, 0};
    if (f->width != r->width || f->height != r->height)
        return orl_fail(err, ORL_EINPUT, "the size of a film changes within it");
    r->scale = sws_getCachedContext(r->scale, f->width, f->height, (enum AVPixelFormat)f->format,
                                    r->width, r->height, AV_PIX_FMT_RGB24,
                                    SWS_BITEXACT | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT |
                                        SWS_FULL_CHR_H_INP | SWS_BILINEAR,
                                    NULL, NULL, NULL);
    if (!r->scale)
        return orl_fail(err, ORL_EENV, "libswscale does not convert these frames");
    int matrix = f->colorspace == AVCOL_SPC_UNSPECIFIED ? SWS_CS_DEFAULT : (int)f->colorspace;
    sws_setColorspaceDetails(r->scale, sws_getCoefficients(matrix),
                             f->color_range == AVCOL_RANGE_JPEG,
                             sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
    sws_scale(r->scale, (const uint8_t *const *)f->data, f->linesize, 0, f->height, rows, strides);
    return ORL_OK;
}

int orl_film_next(struct film_reader *r, struct orl_error *err)
{
    for (;;) {
        int got = avcodec_receive_frame(r->decoder, r->frame);
        if (got >= 0) {
            AVRational base = r->format->streams[r->index]->time_base;
            r->time_s = (double)r->frame->best_effort_timestamp * av_q2d(base);
            r->frames++;
            int ret = pixels_convert(r, err);
            av_frame_unref(r->frame);
            return ret == ORL_OK ? 1 : ret;
        }
        if (got != AVERROR(EAGAIN) || r->drained)
            return got == AVERROR_EOF ? 0 : orl_fail(err, ORL_EINPUT, "a frame does not decode");
        int more = av_read_frame(r->format, r->packet);
        bool ours = more >= 0 && r->packet->stream_index == r->index;
        r->drained = more < 0;
        int sent =
            ours || r->drained ? avcodec_send_packet(r->decoder, r->drained ? NULL : r->packet) : 0;
        av_packet_unref(r->packet);
        if (sent < 0)
            return orl_fail(err, ORL_EINPUT, "a frame does not decode");
    }
}
