#include "encode/h264.h"

#include <string.h>

#include <libavcodec/bsf.h>
#include <libavutil/opt.h>

#include "encode/av.h"
#include "encode/format.h"
#include "encode/yuv.h"

enum { GOP_SECONDS = 2, REFS_MOST = 4 };

struct encoder {
    AVCodecContext *codec;
    AVBSFContext *filter; /* drops the SEI that names x264's version */
    AVFrame *frame;
    AVPacket *packet;
    struct seg_writer segment;
};

size_t orl_h264_segment_frames(const struct orl_output_spec *spec)
{
    int64_t frames = (int64_t)GOP_SECONDS * spec->fps_num / spec->fps_den;
    return frames > 0 ? (size_t)frames : 1;
}

static void set_picture(AVCodecContext *c, const struct orl_output_spec *spec)
{
    c->width = spec->width;
    c->height = spec->height;
    c->pix_fmt = AV_PIX_FMT_YUV420P;
    c->time_base = (AVRational){spec->fps_den, spec->fps_num};
    c->framerate = (AVRational){spec->fps_num, spec->fps_den};
    c->sample_aspect_ratio = (AVRational){1, 1};
    c->color_range = AVCOL_RANGE_MPEG;
    c->colorspace = AVCOL_SPC_BT709;
    c->color_primaries = AVCOL_PRI_BT709;
    c->color_trc = AVCOL_TRC_BT709;
    c->chroma_sample_location = AVCHROMA_LOC_LEFT;
}

/* High profile without B-frames: decoding order is display order, so that a file has no edit list and starts at 0 in every player.
 * With pictures this still B-frames save next to nothing. x264 finds the lowest level that size, rate and references allow. */
static void set_codec(AVCodecContext *c, const struct orl_output_spec *spec, const struct h264_settings *settings)
{
    c->gop_size = (int)orl_h264_segment_frames(spec);
    c->max_b_frames = 0;
    c->thread_count = 1;
    c->profile = FF_PROFILE_H264_HIGH;
    c->flags = (int)((unsigned)c->flags | AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP | AV_CODEC_FLAG_BITEXACT);
    av_opt_set(c->priv_data, "preset", settings->speed, 0);
    av_opt_set_double(c->priv_data, "crf", settings->crf, 0);
    av_opt_set(c->priv_data, "profile", "high", 0);
    av_opt_set_int(c->priv_data, "forced-idr", 1, 0);
    /* The keys of a group are placed by us: x264 adds none at what it takes for a cut. The 8x8 transform makes even ultrafast High.
     */
    av_opt_set(c->priv_data, "x264-params", "scenecut=0:open-gop=0:force-cfr=1:bframes=0:8x8dct=1", 0);
}

/* x264's slow presets use more reference pictures than delivery allows. */
static void limit_references(AVCodecContext *c, const char *speed)
{
    static const char *const many[] = {"slow", "slower", "veryslow", "placebo"};
    for (size_t i = 0; i < sizeof many / sizeof *many; i++)
        if (strcmp(many[i], speed) == 0)
            c->refs = REFS_MOST;
}

static int open_codec(struct encoder *e, const struct orl_output_spec *spec, const struct h264_settings *settings,
                      struct orl_error *err)
{
    const AVCodec *x264 = avcodec_find_encoder_by_name("libx264");
    if (!x264)
        return orl_fail(err, ORL_EENV,
                        "this libavcodec has no libx264, which MP4 needs (on Debian: libavcodec-extra or libavcodec59)");
    av_log_set_level(AV_LOG_QUIET); /* what fails is told in our own words */
    e->codec = avcodec_alloc_context3(x264);
    if (!e->codec)
        return orl_fail_memory(err);
    set_picture(e->codec, spec);
    set_codec(e->codec, spec, settings);
    limit_references(e->codec, settings->speed);
    int ret = avcodec_open2(e->codec, x264, NULL);
    return ret < 0 ? orl_av_fail(err, ORL_EENV, "libx264 does not take these settings", ret) : ORL_OK;
}

static int open_filter(struct encoder *e, struct orl_error *err)
{
    const AVBitStreamFilter *units = av_bsf_get_by_name("filter_units");
    if (!units)
        return orl_fail(err, ORL_EENV, "this libavcodec has no bitstream filter 'filter_units'");
    int ret = av_bsf_alloc(units, &e->filter);
    if (ret >= 0)
        ret = avcodec_parameters_from_context(e->filter->par_in, e->codec);
    if (ret >= 0)
        ret = av_opt_set(e->filter->priv_data, "remove_types", "6", 0);
    if (ret >= 0) {
        e->filter->time_base_in = e->codec->time_base;
        ret = av_bsf_init(e->filter);
    }
    return ret < 0 ? orl_av_fail(err, ORL_EENV, "filter_units", ret) : ORL_OK;
}

static int open_encoder(struct encoder *e, const struct orl_output_spec *spec, const struct h264_settings *settings,
                        struct orl_error *err)
{
    int ret = open_codec(e, spec, settings, err);
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
    return av_frame_get_buffer(e->frame, 0) < 0 ? orl_fail_memory(err) : ORL_OK;
}

static void close_encoder(struct encoder *e)
{
    avcodec_free_context(&e->codec);
    av_bsf_free(&e->filter);
    av_frame_free(&e->frame);
    av_packet_free(&e->packet);
}

int orl_h264_check(const struct orl_output_spec *spec, const struct h264_settings *settings, struct orl_error *err)
{
    struct encoder e = {0};
    int ret = open_encoder(&e, spec, settings, err);
    close_encoder(&e);
    return ret;
}

static int write_packet(struct encoder *e, struct orl_error *err)
{
    uint32_t type = e->packet->flags & AV_PKT_FLAG_KEY ? H264_KEY : H264_DELTA;
    return orl_seg_record(&e->segment, type, e->packet->pts, e->packet->data, (size_t)e->packet->size, err);
}

/* Move what the encoder has ready through the filter into the segment. */
static int drain(struct encoder *e, struct orl_error *err)
{
    for (;;) {
        int ret = avcodec_receive_packet(e->codec, e->packet);
        if (ret == AVERROR(EAGAIN) || ret == AVERROR_EOF)
            return ORL_OK;
        if (ret >= 0)
            ret = av_bsf_send_packet(e->filter, e->packet);
        if (ret < 0)
            return orl_av_fail(err, ORL_EENV, "libx264", ret);
        while ((ret = av_bsf_receive_packet(e->filter, e->packet)) >= 0) {
            int written = write_packet(e, err);
            av_packet_unref(e->packet);
            if (written != ORL_OK)
                return written;
        }
        if (ret != AVERROR(EAGAIN) && ret != AVERROR_EOF)
            return orl_av_fail(err, ORL_EENV, "filter_units", ret);
    }
}

static int encode_frame(struct encoder *e, const struct orl_frame_source *source, size_t number, bool first, struct orl_error *err)
{
    struct orl_image image;
    int ret = source->frame(source->context, number, &image, err);
    if (ret != ORL_OK)
        return ret;
    /* x264 copies what it is given, so the planes keep the last frame and only the damage is converted. */
    if (av_frame_make_writable(e->frame) < 0)
        return orl_fail_memory(err);
    orl_yuv_convert(&image, first, e->frame->data, e->frame->linesize);
    e->frame->pts = (int64_t)number;
    e->frame->pict_type = first ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    int sent = avcodec_send_frame(e->codec, e->frame);
    return sent < 0 ? orl_av_fail(err, ORL_EENV, "libx264", sent) : drain(e, err);
}

static int encode_frames(struct encoder *e, const struct orl_frame_source *source, size_t first, size_t count,
                         struct orl_error *err)
{
    for (size_t i = 0; i < count; i++) {
        int ret = encode_frame(e, source, first + i, i == 0, err);
        if (ret != ORL_OK)
            return ret;
    }
    int ret = avcodec_send_frame(e->codec, NULL);
    return ret < 0 ? orl_av_fail(err, ORL_EENV, "libx264", ret) : drain(e, err);
}

int orl_h264_segment(const struct orl_output_spec *spec, const struct h264_settings *settings,
                     const struct orl_frame_source *source, size_t first, size_t count, struct orl_sink out, struct orl_error *err)
{
    struct encoder e = {0};
    int ret = open_encoder(&e, spec, settings, err);
    if (ret == ORL_OK)
        ret = orl_seg_begin(&e.segment, out, spec, first, count, err);
    if (ret == ORL_OK) {
        const AVCodecParameters *par = e.filter->par_out;
        ret = orl_seg_record(&e.segment, H264_EXTRADATA, 0, par->extradata, (size_t)par->extradata_size, err);
    }
    if (ret == ORL_OK)
        ret = encode_frames(&e, source, first, count, err);
    if (ret == ORL_OK)
        ret = orl_seg_end(&e.segment, err);
    close_encoder(&e);
    return ret;
}
