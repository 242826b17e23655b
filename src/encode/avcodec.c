/* The frames of a segment as packets, by an encoder of libavcodec's or one that is driven without
 * it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavcodec/bsf.h>
#include <libavutil/opt.h>

#include "encode/av.h"
#include "encode/video.h"
#include "encode/yuv.h"

struct encoder {
    const struct orl_codec_desc *desc;
    const struct orl_encoder_desc *by;
    struct video_settings settings;
    const AVCodec *av; /* NULL where `by` is driven without libavcodec */
    AVCodecContext *codec;
    AVBSFContext *filter; /* NULL where the encoder needs none */
    AVFrame *frame;
    AVPacket *packet;
    struct seg_writer segment;
    bool headed;            /* extra data are written */
    bool open, sent, ended; /* ended: it was told that no frame follows */
};

/* ---- Settings ------------------------------------------------------------------------------- */

/* Choices of `speed` are the names of all encoders of a format: one of another encoder is refused.
 */
static int read_settings(const struct encoder *e, const struct orl_output_spec *spec,
                         struct video_settings *out, struct orl_error *err)
{
    const char *chosen = orl_video_speed(spec);
    *out = (struct video_settings){.crf = orl_video_crf(spec, e->desc),
                                   .speed = e->by->speed,
                                   .smaller = orl_video_smaller(spec),
                                   .group = orl_video_segment_frames(spec)};
    if (e->desc->crf_most && (out->crf < e->desc->crf_least || out->crf > e->desc->crf_most))
        return orl_fail(err, ORL_EINPUT, "%s: the crf of %s must be from %d to %d, not %d",
                        spec->format->name, e->desc->name, e->desc->crf_least, e->desc->crf_most,
                        out->crf);
    if (out->smaller)
        out->speed = e->by->smaller;
    if (out->smaller || !chosen)
        return ORL_OK;
    for (size_t i = 0; e->by->speeds && e->by->speeds[i]; i++)
        if (strcmp(e->by->speeds[i], chosen) == 0) {
            out->speed = chosen;
            return ORL_OK;
        }
    return orl_fail(err, ORL_EINPUT, "%s: '%s' is not a speed of %s; its speeds begin with '%s'",
                    spec->format->name, chosen, e->by->name,
                    e->by->speeds ? e->by->speeds[0] : VIDEO_SMALLER);
}

/* ---- The encoder ----------------------------------------------------------------------------- */

static void set_picture(AVCodecContext *c, const struct orl_output_spec *spec,
                        const struct orl_codec_ops *ops)
{
    bool rgb = ops->pixels == AV_PIX_FMT_BGR0, whole = rgb || ops->srgb;
    c->width = spec->width;
    c->height = spec->height;
    c->pix_fmt = ops->pixels;
    if (ops->srgb)
        c->profile = ops->profile;
    c->time_base = (AVRational){spec->fps_den, spec->fps_num};
    c->framerate = (AVRational){spec->fps_num, spec->fps_den};
    c->sample_aspect_ratio = (AVRational){1, 1};
    c->color_range = whole ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    c->colorspace = rgb ? AVCOL_SPC_RGB : AVCOL_SPC_BT709;
    c->color_primaries = AVCOL_PRI_BT709;
    c->color_trc = whole ? AVCOL_TRC_IEC61966_2_1 : AVCOL_TRC_BT709;
    c->chroma_sample_location = whole ? AVCHROMA_LOC_UNSPECIFIED : AVCHROMA_LOC_LEFT;
}

/* A libav error where the encoder does not know an option. */
static int set_options(struct encoder *e)
{
    int ret = 0;
    for (const struct video_option *o = e->by->ops->options; ret >= 0 && o->name; o++) {
        char number[16];
        const char *value = o->from == VIDEO_TEXT    ? o->text
                            : o->from == VIDEO_SPEED ? e->settings.speed
                                                     : number;
        snprintf(number, sizeof number, "%d",
                 o->from == VIDEO_CRF ? e->settings.crf : (int)e->settings.group);
        ret = av_opt_set(e->codec, o->name, value, AV_OPT_SEARCH_CHILDREN);
    }
    return ret;
}

static int choose(struct encoder *e, const struct orl_output_spec *spec, struct orl_error *err)
{
    *e = (struct encoder){.desc = orl_video_codec(spec)};
    int ret = orl_encoder_choose(spec, e->desc, &e->by, &e->av, err);
    return ret == ORL_OK ? read_settings(e, spec, &e->settings, err) : ret;
}

static int open_codec(struct encoder *e, const struct orl_output_spec *spec, struct orl_error *err)
{
    av_log_set_level(AV_LOG_QUIET); /* what fails is told in our own words */
    e->codec = avcodec_alloc_context3(e->av);
    if (!e->codec)
        return orl_fail_memory(err);
    set_picture(e->codec, spec, e->desc->ops);
    e->codec->gop_size = (int)e->settings.group;
    e->codec->max_b_frames = 0;
    e->codec->thread_count = 1;
    e->codec->flags = (int)((unsigned)e->codec->flags | AV_CODEC_FLAG_GLOBAL_HEADER |
                            AV_CODEC_FLAG_CLOSED_GOP | AV_CODEC_FLAG_BITEXACT);
    if (e->by->ops->quiet)
        setenv(e->by->ops->quiet, "0", 0);
    int opened = set_options(e);
    if (opened >= 0)
        opened = avcodec_open2(e->codec, e->av, NULL);
    char what[80];
    snprintf(what, sizeof what, "%s does not take these settings", e->by->name);
    e->open = opened >= 0;
    return opened < 0 ? orl_av_fail(err, ORL_EENV, what, opened) : ORL_OK;
}

static int open_filter(struct encoder *e, struct orl_error *err)
{
    const struct orl_encoder_ops *ops = e->by->ops;
    const AVBitStreamFilter *filter = ops->filter ? av_bsf_get_by_name(ops->filter) : NULL;
    if (!ops->filter)
        return ORL_OK;
    if (!filter)
        return orl_fail(err, ORL_EENV, "this libavcodec has no bitstream filter '%s'", ops->filter);
    int ret = av_bsf_alloc(filter, &e->filter);
    if (ret >= 0)
        ret = avcodec_parameters_from_context(e->filter->par_in, e->codec);
    if (ret >= 0)
        ret = av_opt_set(e->filter->priv_data, ops->option, ops->value, 0);
    if (ret >= 0) {
        e->filter->time_base_in = e->codec->time_base;
        ret = av_bsf_init(e->filter);
    }
    return ret < 0 ? orl_av_fail(err, ORL_EENV, ops->filter, ret) : ORL_OK;
}

static int open_encoder(struct encoder *e, const struct orl_output_spec *spec,
                        struct orl_error *err)
{
    int ret = choose(e, spec, err);
    if (ret == ORL_OK && e->by->ops->check)
        return e->by->ops->check(spec, &e->settings, err);
    if (ret == ORL_OK)
        ret = open_codec(e, spec, err);
    if (ret == ORL_OK)
        ret = open_filter(e, err);
    if (ret != ORL_OK)
        return ret;
    e->packet = av_packet_alloc();
    e->frame = av_frame_alloc();
    if (!e->packet || !e->frame)
        return orl_fail_memory(err);
    e->frame->format = e->codec->pix_fmt;
    e->frame->width = spec->width;
    e->frame->height = spec->height;
    e->frame->color_range = e->codec->color_range;
    e->frame->colorspace = e->codec->colorspace;
    return av_frame_get_buffer(e->frame, 0) < 0 ? orl_fail_memory(err) : ORL_OK;
}

/* Where closing waits for the last frame, there has to be one. */
static void end_encoder(struct encoder *e)
{
    if (e->frame && !e->sent && av_frame_make_writable(e->frame) >= 0) {
        e->frame->pts = 0;
        avcodec_send_frame(e->codec, e->frame);
    }
    avcodec_send_frame(e->codec, NULL);
}

static void close_encoder(struct encoder *e)
{
    if (e->open && !e->ended && e->by->ops->waits)
        end_encoder(e);
    avcodec_free_context(&e->codec);
    av_bsf_free(&e->filter);
    av_frame_free(&e->frame);
    av_packet_free(&e->packet);
}

int orl_video_check(const struct orl_output_spec *spec, struct orl_error *err)
{
    struct encoder e;
    int ret = open_encoder(&e, spec, err);
    close_encoder(&e);
    return ret;
}

/* ---- Packets --------------------------------------------------------------------------------- */

/* libaom tells its extra data with the first packet. */
static int write_extradata(struct encoder *e, struct orl_error *err)
{
    size_t told = 0;
    const uint8_t *new = av_packet_get_side_data(e->packet, AV_PKT_DATA_NEW_EXTRADATA, &told);
    const uint8_t *own = e->filter ? e->filter->par_out->extradata : e->codec->extradata;
    int size = e->filter ? e->filter->par_out->extradata_size : e->codec->extradata_size;
    e->headed = true;
    return size > 0 ? orl_seg_record(&e->segment, VIDEO_EXTRADATA, 0, own, (size_t)size, err)
                    : orl_seg_record(&e->segment, VIDEO_EXTRADATA, 0, new, new ? told : 0, err);
}

static int write_packet(struct encoder *e, struct orl_error *err)
{
    int ret = e->headed ? ORL_OK : write_extradata(e, err);
    if (ret != ORL_OK)
        return ret;
    uint32_t type = e->packet->flags & AV_PKT_FLAG_KEY ? VIDEO_KEY : VIDEO_DELTA;
    return orl_seg_record(&e->segment, type, e->packet->pts, e->packet->data,
                          (size_t)e->packet->size, err);
}

static int write_filtered(struct encoder *e, struct orl_error *err)
{
    int ret = av_bsf_send_packet(e->filter, e->packet);
    while (ret >= 0 && (ret = av_bsf_receive_packet(e->filter, e->packet)) >= 0) {
        int written = write_packet(e, err);
        av_packet_unref(e->packet);
        if (written != ORL_OK)
            return written;
    }
    return ret == AVERROR(EAGAIN) || ret == AVERROR_EOF
               ? ORL_OK
               : orl_av_fail(err, ORL_EENV, e->by->ops->filter, ret);
}

/* Move what the encoder has ready into the segment. */
static int drain(struct encoder *e, struct orl_error *err)
{
    for (;;) {
        int ret = avcodec_receive_packet(e->codec, e->packet);
        if (ret == AVERROR(EAGAIN) || ret == AVERROR_EOF)
            return ORL_OK;
        if (ret < 0)
            return orl_av_fail(err, ORL_EENV, e->by->name, ret);
        int written = e->filter ? write_filtered(e, err) : write_packet(e, err);
        av_packet_unref(e->packet);
        if (written != ORL_OK)
            return written;
    }
}

static void copy_rows(const struct orl_image *image, AVFrame *frame)
{
    for (int y = 0; y < image->height; y++)
        memcpy(frame->data[0] + (ptrdiff_t)y * frame->linesize[0],
               image->pixels + (size_t)y * image->stride, (size_t)image->width * 4);
}

/* Where the encoder has let go of the last frame its pixels are kept, and only the damage is
 * converted; where it still holds it (looking ahead), av_frame_make_writable copies it first. */
static int fill_frame(struct encoder *e, const struct orl_image *image, bool first,
                      struct orl_error *err)
{
    if (av_frame_make_writable(e->frame) < 0)
        return orl_fail_memory(err);
    if (e->desc->ops->pixels == AV_PIX_FMT_BGR0)
        copy_rows(image, e->frame);
    else if (e->desc->ops->srgb)
        orl_yuv_convert_full(image, first, e->frame->data, e->frame->linesize);
    else
        orl_yuv_convert(image, first, e->frame->data, e->frame->linesize);
    return ORL_OK;
}

static int encode_frame(struct encoder *e, const struct orl_frame_source *source, size_t number,
                        bool first, struct orl_error *err)
{
    struct orl_image image;
    int ret = source->frame(source->context, number, &image, err);
    if (ret == ORL_OK)
        ret = fill_frame(e, &image, first, err);
    if (ret != ORL_OK)
        return ret;
    e->frame->pts = (int64_t)
        number; /* a fresh encoder starts with a key frame; asked for one, libaom makes two */
    int sent = avcodec_send_frame(e->codec, e->frame);
    e->sent = true;
    return sent < 0 ? orl_av_fail(err, ORL_EENV, e->by->name, sent) : drain(e, err);
}

static int encode_frames(struct encoder *e, const struct orl_frame_source *source, size_t first,
                         size_t count, struct orl_error *err)
{
    for (size_t i = 0; i < count; i++) {
        int ret = encode_frame(e, source, first + i, i == 0, err);
        if (ret != ORL_OK)
            return ret;
    }
    int ret = avcodec_send_frame(e->codec, NULL);
    e->ended = true;
    return ret < 0 ? orl_av_fail(err, ORL_EENV, e->by->name, ret) : drain(e, err);
}

static int write_chapters(struct encoder *e, const struct orl_output_spec *spec, size_t first,
                          struct orl_error *err)
{
    int ret = ORL_OK;
    for (size_t i = 0; first == 0 && ret == ORL_OK && i < spec->chapter_count; i++)
        ret = orl_seg_record(&e->segment, VIDEO_CHAPTER, (int64_t)spec->chapters[i].first_frame,
                             spec->chapters[i].title, strlen(spec->chapters[i].title), err);
    return ret;
}

int orl_video_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                      size_t first, size_t count, struct orl_sink out, struct orl_error *err)
{
    struct encoder e;
    int ret = open_encoder(&e, spec, err);
    if (ret == ORL_OK)
        ret = orl_seg_begin(&e.segment, out, spec, first, count, err);
    if (ret == ORL_OK)
        ret = write_chapters(&e, spec, first, err);
    if (ret == ORL_OK)
        ret = e.by->ops->encode
                  ? e.by->ops->encode(spec, &e.settings, source, &e.segment, first, count, err)
                  : encode_frames(&e, source, first, count, err);
    if (ret == ORL_OK)
        ret = orl_seg_end(&e.segment, err);
    close_encoder(&e);
    return ret;
}
