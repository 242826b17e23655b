/* H.264 by libx264 itself: settings, hints about what does not change, and the frames of a segment.
 */
#include "encode/x264.h"

#include <stdlib.h>
#include <string.h>

#include <x264.h>

#include "base/array.h"
#include "encode/h264_held.h"
#include "encode/yuv.h"

struct encoder {
    x264_t *x264;
    x264_picture_t
        picture; /* its planes keep the last frame: only the damage is converted; owned */
    int width, height;
    struct h264_held held;
    struct seg_writer *segment; /* borrowed */
    uint8_t *repeats; /* owned: one for each frame of the segment: 1 where it is the one before */
    size_t first, count;
    size_t written; /* frames of the segment that are written */
    uint8_t *slice; /* owned: room for a renumbered slice */
    size_t slice_capacity;
};

/* ---- Settings -------------------------------------------------------------------------------- */

static void set_picture(x264_param_t *p, const struct orl_output_spec *spec)
{
    p->i_width = spec->width;
    p->i_height = spec->height;
    p->i_csp = X264_CSP_I420;
    p->i_fps_num = (uint32_t)spec->fps_num;
    p->i_fps_den = (uint32_t)spec->fps_den;
    p->b_vfr_input = 0;
    p->vui.i_sar_width = p->vui.i_sar_height = 1;
    p->vui.b_fullrange = 0;
    p->vui.i_colorprim = p->vui.i_transfer = p->vui.i_colmatrix = 1; /* BT.709 */
    p->vui.i_chroma_loc = 0;                                         /* left */
}

/* What stands still is most of such a picture, and is coded once, in the key frame: bits are worth
 * most there. Chroma of thin coloured lines suffers first. By the front of size, SSIM and PSNR of
 * what moves that `scripts/bench --front` prints: at the CRF that is asked for a fifth smaller than
 * x264's own balance, at equal SSIM. */
static void set_quality(x264_param_t *p, int crf)
{
    enum { LESS_WHERE_IT_MOVES = 4, CRF_MOST = 51 };
    p->rc.i_rc_method = X264_RC_CRF;
    p->rc.f_rf_constant =
        (float)(crf + LESS_WHERE_IT_MOVES < CRF_MOST ? crf + LESS_WHERE_IT_MOVES : CRF_MOST);
    p->rc.f_ip_factor = 3.0f;
    p->rc.i_aq_mode = X264_AQ_VARIANCE;
    p->rc.f_aq_strength = 1.3f;
    p->analyse.i_chroma_qp_offset = -4;
}

/* High profile without B-frames: decoding order is display order, so that a file has no edit list
 * and starts at 0 in every player. With pictures this still B-frames save next to nothing, and
 * weights nothing at all. The key of a group is placed by us: x264 adds none at what it takes for a
 * cut. The 8x8 transform makes even ultrafast High. x264 finds the lowest level that size, rate and
 * references allow. */
static int set_parameters(x264_param_t *p, const struct orl_output_spec *spec,
                          const struct video_settings *settings, struct orl_error *err)
{
    if (x264_param_default_preset(p, settings->speed, NULL) < 0)
        return orl_fail(err, ORL_EINPUT, "libx264 has no preset '%s'", settings->speed);
    set_picture(p, spec);
    p->i_threads = p->i_lookahead_threads = 1;
    p->i_sync_lookahead = 0;
    p->i_log_level = X264_LOG_NONE;
    p->b_annexb = 1;
    p->b_repeat_headers = 0;
    set_quality(p, settings->crf);
    p->i_keyint_max = (int)settings->group;
    p->i_scenecut_threshold = 0;
    p->b_open_gop = 0;
    p->i_bframe = 0;
    p->analyse.i_weighted_pred = X264_WEIGHTP_NONE;
    p->analyse.b_transform_8x8 = 1;
    p->analyse.b_mb_info = 1;
    p->i_frame_reference =
        1; /* held frames take its place (h264_held.h), and more would save 2 % */
    /* Looking ahead costs every frame time and a 4K worker 700 MB, and trades away more quality
     * than it saves bytes here. */
    p->rc.i_lookahead = p->rc.b_mb_tree = 0;
    return x264_param_apply_profile(p, "high") < 0
               ? orl_fail(err, ORL_EENV, "libx264 has no profile 'high'")
               : ORL_OK;
}

/* ---- The encoder ----------------------------------------------------------------------------- */

static void close_encoder(struct encoder *e)
{
    if (e->x264)
        x264_encoder_close(e->x264);
    free(e->picture.img.plane[0]);
    free(e->repeats);
    free(e->slice);
    *e = (struct encoder){0};
}

static int make_planes(struct encoder *e, struct orl_error *err)
{
    size_t stride = ((size_t)e->width + 31) / 32 * 32, luma, all;
    if (!orl_size_mul(stride, (size_t)e->height, &luma) || !orl_size_mul(luma, 3, &all))
        return orl_fail_memory(err);
    uint8_t *planes = orl_calloc(all / 2, 1);
    if (!planes)
        return orl_fail_memory(err);
    x264_picture_init(&e->picture);
    e->picture.img = (x264_image_t){.i_csp = X264_CSP_I420,
                                    .i_plane = 3,
                                    .i_stride = {(int)stride, (int)stride / 2, (int)stride / 2},
                                    .plane = {planes, planes + luma, planes + luma + luma / 4}};
    return ORL_OK;
}

static int open_encoder(struct encoder *e, const struct orl_output_spec *spec,
                        const struct video_settings *settings, struct orl_error *err)
{
    x264_param_t parameters;
    *e = (struct encoder){.width = spec->width, .height = spec->height};
    int ret = set_parameters(&parameters, spec, settings, err);
    if (ret == ORL_OK)
        ret = make_planes(e, err);
    if (ret != ORL_OK)
        return ret;
    e->x264 = x264_encoder_open(&parameters);
    return e->x264 ? ORL_OK
                   : orl_fail(err, ORL_EENV,
                              "libx264 does not take these settings, or memory is short");
}

int orl_x264_check(const struct orl_output_spec *spec, const struct video_settings *settings,
                   struct orl_error *err)
{
    struct encoder e;
    int ret = open_encoder(&e, spec, settings, err);
    close_encoder(&e);
    return ret;
}

/* The parameter sets; the SEI beside them, which names x264's version and settings, is left out. */
static int write_parameters(struct encoder *e, struct orl_error *err)
{
    uint8_t sets[1024], own[H264_HELD_BYTES];
    size_t length = 0;
    x264_nal_t *units;
    int count;
    if (x264_encoder_headers(e->x264, &units, &count) < 0)
        return orl_fail(err, ORL_EENV, "libx264 wrote no parameters");
    for (int i = 0; i < count; i++) {
        if (units[i].i_type != NAL_SPS && units[i].i_type != NAL_PPS)
            continue;
        size_t size = (size_t)units[i].i_payload;
        if (size > sizeof sets - sizeof own - length)
            return orl_fail(err, ORL_EBUG, "libx264 wrote parameters of %zu bytes", size);
        memcpy(sets + length, units[i].p_payload, size);
        length += size;
        int ret = units[i].i_type == NAL_SPS ? orl_h264_held_init(&e->held, units[i].p_payload,
                                                                  size, e->width, e->height, err)
                                             : ORL_OK;
        if (ret != ORL_OK)
            return ret;
    }
    length += orl_h264_held_parameters(sets + length);
    return orl_seg_record(e->segment, VIDEO_EXTRADATA, 0, sets, length, err);
}

/* ---- Frames ---------------------------------------------------------------------------------- */

/* Write the repeats that are known to follow the frame written last. Where x264 holds frames back
 * they wait for those. */
static int write_repeats(struct encoder *e, struct orl_error *err)
{
    uint8_t repeat[H264_HELD_BYTES];
    int ret = ORL_OK;
    while (ret == ORL_OK && e->written < e->count && e->repeats[e->written]) {
        size_t length = orl_h264_held_repeat(&e->held, repeat);
        ret = orl_seg_record(e->segment, VIDEO_DELTA, (int64_t)(e->first + e->written++), repeat,
                             length, err);
    }
    return ret;
}

static int write_slice(struct encoder *e, const x264_nal_t *slice, struct orl_error *err)
{
    size_t size = (size_t)slice->i_payload, length;
    uint32_t type = slice->i_type == NAL_SLICE_IDR ? VIDEO_KEY : VIDEO_DELTA;
    if (!orl_reserve((void **)&e->slice, &e->slice_capacity, size + size / 2 + 16, 1))
        return orl_fail_memory(err);
    int ret = orl_h264_held_renumber(&e->held, slice->p_payload, size, e->slice, &length, err);
    if (ret == ORL_OK)
        ret = orl_seg_record(e->segment, type, (int64_t)(e->first + e->written++), e->slice, length,
                             err);
    return ret == ORL_OK ? write_repeats(e, err) : ret;
}

/* Give x264 a picture, or with NULL ask for what it holds back; write what it has ready. */
static int encode(struct encoder *e, x264_picture_t *picture, struct orl_error *err)
{
    x264_picture_t out;
    x264_nal_t *units;
    int count, size = x264_encoder_encode(e->x264, &units, &count, picture, &out);
    if (size < 0)
        return orl_fail(err, ORL_EENV, "libx264 cannot encode a frame");
    for (int i = 0; size > 0 && i < count; i++) {
        int ret = units[i].i_type == NAL_SLICE || units[i].i_type == NAL_SLICE_IDR
                      ? write_slice(e, &units[i], err)
                      : ORL_OK;
        if (ret != ORL_OK)
            return ret;
    }
    return ORL_OK;
}

/* Which macroblocks are what they were in the frame that x264 had last: blocks without damage,
 * unless the block to the left has some, which reaches into their chroma (see yuv.h). NULL when
 * memory is short. x264 keeps the list until it has no more use for it. */
static uint8_t *constant_blocks(const struct orl_damage *damage)
{
    size_t count = damage->rows * damage->columns;
    uint8_t *list = orl_calloc(count, 1);
    for (size_t i = 0; list && i < count; i++)
        list[i] = damage->blocks[i] || (i % damage->columns && damage->blocks[i - 1])
                      ? 0
                      : (uint8_t)X264_MBINFO_CONSTANT;
    return list;
}

static bool is_repeat(const struct orl_damage *damage)
{
    return damage && !memchr(damage->blocks, 1, damage->columns * damage->rows);
}

static int take_frame(struct encoder *e, const struct orl_frame_source *source, size_t index,
                      struct orl_error *err)
{
    struct orl_image image;
    int ret = source->frame(source->context, e->first + index, &image, err);
    if (ret != ORL_OK)
        return ret;
    if (index > 0 && is_repeat(image.damage)) {
        e->repeats[index] = 1;
        return write_repeats(e, err);
    }
    orl_yuv_convert(&image, index == 0, e->picture.img.plane, e->picture.img.i_stride);
    e->picture.i_type = index == 0 ? X264_TYPE_IDR : X264_TYPE_AUTO;
    e->picture.i_pts = (int64_t)index;
    const struct orl_damage *known = index > 0 ? image.damage : NULL;
    e->picture.prop.mb_info = known ? constant_blocks(known) : NULL;
    e->picture.prop.mb_info_free = known ? free : NULL;
    if (known && !e->picture.prop.mb_info)
        return orl_fail_memory(err);
    return encode(e, &e->picture, err);
}

static int encode_frames(struct encoder *e, const struct orl_frame_source *source,
                         struct orl_error *err)
{
    int ret = ORL_OK;
    e->repeats = orl_calloc(e->count, 1);
    if (!e->repeats)
        return orl_fail_memory(err);
    for (size_t i = 0; ret == ORL_OK && i < e->count; i++)
        ret = take_frame(e, source, i, err);
    while (ret == ORL_OK && x264_encoder_delayed_frames(e->x264) > 0)
        ret = encode(e, NULL, err);
    if (ret == ORL_OK && e->written != e->count)
        ret = orl_fail(err, ORL_EBUG, "libx264 gave %zu frames of %zu", e->written, e->count);
    return ret;
}

int orl_x264_segment(const struct orl_output_spec *spec, const struct video_settings *settings,
                     const struct orl_frame_source *source, struct seg_writer *segment,
                     size_t first, size_t count, struct orl_error *err)
{
    struct encoder e;
    int ret = open_encoder(&e, spec, settings, err);
    e.segment = segment;
    e.first = first;
    e.count = count;
    if (ret == ORL_OK)
        ret = write_parameters(&e, err);
    if (ret == ORL_OK)
        ret = encode_frames(&e, source, err);
    close_encoder(&e);
    return ret;
}

const char *orl_x264_version(void)
{
    return X264_POINTVER;
}
