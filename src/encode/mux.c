/* Segments of packets joined into a file: packets are copied, never coded again. */
#include <string.h>

#include <libavutil/opt.h>

#include "base/array.h"
#include "encode/av.h"
#include "encode/video.h"

struct muxer {
    const struct orl_output_spec *spec;
    const struct video_container *container;
    const struct orl_codec_desc *codec;
    struct av_file file, reader; /* reader: a muxer reads back what it has written when it moves the
                                    index to the front */
    AVFormatContext *format;
    AVPacket *packet;
    bool begun;
    int64_t next; /* frame that must come next */
};

int64_t orl_mux_tick(const struct orl_output_spec *spec, int64_t frame, int scale)
{
    return av_rescale(frame * spec->fps_den, scale, spec->fps_num);
}

static int open_reader(AVFormatContext *format, AVIOContext **io, const char *url, int flags,
                       AVDictionary **options)
{
    struct muxer *m = format->opaque;
    (void)url, (void)options;
    if (flags & AVIO_FLAG_WRITE)
        return AVERROR(EINVAL);
    int ret = orl_av_file_open(&m->reader, m->file.stream, false, NULL);
    *io = m->reader.io;
    return ret == ORL_OK ? 0 : AVERROR(ENOMEM);
}

static int close_reader(AVFormatContext *format, AVIOContext *io)
{
    struct muxer *m = format->opaque;
    (void)io;
    orl_av_file_close(&m->reader);
    return 0;
}

static void describe(const struct muxer *m, AVCodecParameters *par)
{
    const struct orl_codec_ops *ops = m->codec->ops;
    bool rgb = ops->pixels == AV_PIX_FMT_BGR0;
    par->codec_type = AVMEDIA_TYPE_VIDEO;
    par->codec_id = ops->id;
    par->codec_tag = ops->tag;
    par->format = ops->pixels;
    par->width = m->spec->width;
    par->height = m->spec->height;
    par->profile = ops->profile;
    par->sample_aspect_ratio = (AVRational){1, 1};
    par->color_range = rgb ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    par->color_space = rgb ? AVCOL_SPC_RGB : AVCOL_SPC_BT709;
    par->color_primaries = AVCOL_PRI_BT709;
    par->color_trc = rgb ? AVCOL_TRC_IEC61966_2_1 : AVCOL_TRC_BT709;
    par->chroma_location = rgb ? AVCHROMA_LOC_UNSPECIFIED : AVCHROMA_LOC_LEFT;
}

static int add_stream(struct muxer *m, const struct seg_record *extradata, struct orl_error *err)
{
    AVStream *stream = avformat_new_stream(m->format, NULL);
    if (!stream)
        return orl_fail_memory(err);
    describe(m, stream->codecpar);
    if (extradata->size) {
        stream->codecpar->extradata = av_mallocz(extradata->size + AV_INPUT_BUFFER_PADDING_SIZE);
        if (!stream->codecpar->extradata)
            return orl_fail_memory(err);
        memcpy(stream->codecpar->extradata, extradata->bytes, extradata->size);
        stream->codecpar->extradata_size = (int)extradata->size;
    }
    stream->time_base = (AVRational){1, m->container->time_scale};
    stream->avg_frame_rate = stream->r_frame_rate =
        (AVRational){m->spec->fps_num, m->spec->fps_den};
    return ORL_OK;
}

static int write_header(struct muxer *m, const struct seg_record *extradata, struct orl_error *err)
{
    AVDictionary *options = NULL;
    int ret = add_stream(m, extradata, err);
    if (ret != ORL_OK)
        return ret;
    int written = av_dict_parse_string(&options, m->container->options, "=", ":", 0);
    if (written >= 0)
        written = avformat_write_header(m->format, &options);
    av_dict_free(&options);
    m->begun = written >= 0;
    return written < 0 ? orl_av_file_fail(&m->file, err, ORL_EIO,
                                          "the file's header cannot be written", written)
                       : ORL_OK;
}

static int write_frame(struct muxer *m, const struct seg_record *record, struct orl_error *err)
{
    AVPacket *p = m->packet;
    const int scale = m->container->time_scale;
    if (record->number != m->next)
        return orl_fail(err, ORL_FAIL, "frame %lld is missing in the segments", (long long)m->next);
    if (av_new_packet(p, (int)record->size) < 0)
        return orl_fail_memory(err);
    memcpy(p->data, record->bytes, record->size);
    p->pts = p->dts = orl_mux_tick(m->spec, m->next, scale);
    p->duration = orl_mux_tick(m->spec, m->next + 1, scale) - p->pts;
    p->flags = record->type == VIDEO_KEY ? AV_PKT_FLAG_KEY : 0;
    m->next++;
    int ret = av_write_frame(m->format, p);
    av_packet_unref(p);
    if (ret >= 0 && m->format->pb->error < 0)
        ret = m->format->pb->error;
    return ret < 0 ? orl_av_file_fail(&m->file, err, ORL_EIO, "the film cannot be written", ret)
                   : ORL_OK;
}

/* All segments were made by the same encoder with the same settings: one set of parameters serves
 * the whole file. */
static int take_extradata(struct muxer *m, const struct seg_record *record, struct orl_error *err)
{
    if (!m->begun)
        return write_header(m, record, err);
    const AVCodecParameters *par = m->format->streams[0]->codecpar;
    if ((size_t)par->extradata_size != record->size ||
        (record->size && memcmp(par->extradata, record->bytes, record->size) != 0))
        return orl_fail(err, ORL_FAIL, "segments were made with different encoder settings");
    return ORL_OK;
}

/* A chapter lasts until the next one, the last until the film's end. */
static int take_chapter(struct muxer *m, const struct seg_record *record, struct orl_error *err)
{
    AVFormatContext *f = m->format;
    AVChapter *chapter = av_mallocz(sizeof *chapter);
    if (!chapter || av_dynarray_add_nofree(&f->chapters, (int *)&f->nb_chapters, chapter) < 0) {
        av_free(chapter);
        return orl_fail_memory(err);
    }
    chapter->id = f->nb_chapters;
    chapter->time_base = (AVRational){m->spec->fps_den, m->spec->fps_num};
    chapter->start = record->number;
    chapter->end = (int64_t)m->spec->frames;
    if (f->nb_chapters > 1)
        f->chapters[f->nb_chapters - 2]->end = chapter->start;
    return av_dict_set(&chapter->metadata, "title", (const char *)record->bytes, 0) < 0
               ? orl_fail_memory(err)
               : ORL_OK;
}

static int take_record(void *context, size_t segment, const struct seg_record *record,
                       struct orl_error *err)
{
    struct muxer *m = context;
    (void)segment;
    if (record->type == VIDEO_CHAPTER && !m->begun)
        return take_chapter(m, record, err);
    if (record->type == VIDEO_EXTRADATA)
        return take_extradata(m, record, err);
    if (!m->begun || (record->type != VIDEO_KEY && record->type != VIDEO_DELTA))
        return orl_fail(err, ORL_FAIL, "a segment has no parameters");
    return write_frame(m, record, err);
}

static int open_muxer(struct muxer *m, const struct orl_stream *out, struct orl_error *err)
{
    int ret = orl_av_file_open(&m->file, out, true, err);
    if (ret != ORL_OK)
        return ret;
    av_log_set_level(AV_LOG_QUIET); /* what fails is told in our own words */
    m->packet = av_packet_alloc();
    if (!m->packet ||
        avformat_alloc_output_context2(&m->format, NULL, m->container->muxer, NULL) < 0)
        return orl_fail(err, ORL_EENV, "this libavformat cannot write %s", m->container->muxer);
    m->format->pb = m->file.io;
    m->format->opaque = m;
    m->format->io_open = open_reader;
    m->format->io_close2 = close_reader;
    m->format->url = av_strdup(m->container->url); /* open_reader answers for it */
    m->format->flags |= AVFMT_FLAG_BITEXACT | AVFMT_FLAG_CUSTOM_IO;
    return m->format->url ? ORL_OK : orl_fail_memory(err);
}

int orl_mux_join(const struct orl_output_spec *spec, const struct video_container *container,
                 const struct orl_segment_source *segments, size_t segment_count,
                 const struct orl_stream *out, struct orl_error *err)
{
    struct muxer m = {.spec = spec, .container = container, .codec = orl_video_codec(spec)};
    int ret = open_muxer(&m, out, err);
    if (ret == ORL_OK)
        ret = orl_seg_each(spec, segments, segment_count, take_record, &m, err);
    if (ret == ORL_OK && m.next != (int64_t)spec->frames)
        ret = orl_fail(err, ORL_FAIL, "the segments hold %lld frames of %zu", (long long)m.next,
                       spec->frames);
    if (ret == ORL_OK) {
        int written = av_write_trailer(m.format);
        avio_flush(m.file.io);
        if (written >= 0 && m.file.io->error < 0)
            written = m.file.io->error;
        if (written < 0 || m.file.code != ORL_OK)
            ret = orl_av_file_fail(&m.file, err, ORL_EIO, "the film's index cannot be written",
                                   written);
    }
    av_packet_free(&m.packet);
    avformat_free_context(m.format);
    orl_av_file_close(&m.reader);
    orl_av_file_close(&m.file);
    return ret;
}
