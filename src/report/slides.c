/* slides.pptx. A film fills its slide: its text has the size that a projector asks for only then,
 * and it carries its own title. The slide's title, which outlines and screen readers want, stands
 * above the slide, where PowerPoint puts a hidden title, too. The film starts by itself when the
 * slide comes and repeats; the poster is what printers and other programs show. */
#include "report/slides.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "report/zip.h"

#define WIDTH_EMU  12192000 /* 13.33 inches, PowerPoint's own for 16:9 */
#define HEIGHT_EMU 6858000
#define SIDE_LEAST 914400 /* of a slide: ECMA-376, ST_SlideSizeCoordinate */
#define SIDE_MOST  51206400
#define TITLE_EMU  914400
#define FIRST_ID   256 /* of a slide: ST_SlideId */

#define XML_HEAD    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define NS_A        "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\""
#define NS_P        "xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\""
#define NS_P14      "xmlns:p14=\"http://schemas.microsoft.com/office/powerpoint/2010/main\""
#define OFFICE_RELS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define NS_R        "xmlns:r=\"" OFFICE_RELS "\""
#define NS_RELS     "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\""
#define TYPE        "application/vnd.openxmlformats-officedocument.presentationml."

extern const struct orl_embedded orl_deck_files[]; /* src/report/deck/ */

/* Parts that are the same in every presentation. */
static const struct deck_part {
    const char *file, *entry, *type; /* NULL: told by its extension */
} deck_parts[] = {
    {"rels", "_rels/.rels", NULL},
    {"app", "docProps/app.xml",
     "application/vnd.openxmlformats-officedocument.extended-properties+xml"},
    {"theme", "ppt/theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml"},
    {"master", "ppt/slideMasters/slideMaster1.xml", TYPE "slideMaster+xml"},
    {"masterrels", "ppt/slideMasters/_rels/slideMaster1.xml.rels", NULL},
    {"layout", "ppt/slideLayouts/slideLayout1.xml", TYPE "slideLayout+xml"},
    {"layoutrels", "ppt/slideLayouts/_rels/slideLayout1.xml.rels", NULL},
    {0},
};

/* A slide to be. All borrowed but the alternative text. */
struct slide {
    const struct orl_report_film *film;   /* MP4 or GIF */
    const struct orl_report_film *poster; /* of an MP4; NULL: it has none */
    struct orl_text alt;                  /* owned */
    bool plays;                           /* a video; else a picture that moves by itself */
};

struct deck {
    const struct orl_layout_of_report *layout;
    struct slide *slides; /* owned */
    size_t count;
    long width, height; /* of a slide, in EMU */
};

/* ---- Which films ----------------------------------------------------------------------------- */

static const struct orl_report_film *film_at_path(const struct orl_report *report, const char *path)
{
    for (size_t i = 0; path && i < report->film_count; i++)
        if (report->films[i].path && !report->films[i].failure &&
            strcmp(report->films[i].path, path) == 0)
            return &report->films[i];
    return NULL;
}

static bool slide_find(const struct orl_layout_of_report *layout, size_t group, struct slide *slide)
{
    struct orl_report_media media;
    orl_report_media_find(layout, group, &media);
    *slide = (struct slide){.film = media.mp4 ? media.mp4 : media.gif, .plays = media.mp4 != NULL};
    if (!slide->film)
        return false;
    if (slide->plays)
        slide->poster = film_at_path(layout->report, media.poster);
    return true;
}

size_t orl_slides_count(const struct orl_layout_of_report *layout)
{
    struct slide slide;
    size_t count = 0;
    for (size_t g = 0; g < layout->films.count; g++)
        count += slide_find(layout, g, &slide);
    return count;
}

static long side_within(double emu)
{
    return lround(fmin(fmax(emu, SIDE_LEAST), SIDE_MOST));
}

/* The slides have the shape of the first film. */
static void deck_shape(struct deck *deck)
{
    const struct orl_report_film *film = deck->count ? deck->slides[0].film : NULL;
    deck->width = WIDTH_EMU;
    deck->height = HEIGHT_EMU;
    if (film && film->width > 0 && film->height > 0)
        deck->height = side_within((double)WIDTH_EMU * film->height / film->width);
}

static void deck_uninit(struct deck *deck)
{
    for (size_t i = 0; i < deck->count; i++)
        orl_text_uninit(&deck->slides[i].alt);
    free(deck->slides);
}

static int deck_init(struct deck *deck, const struct orl_layout_of_report *layout,
                     struct orl_error *err)
{
    *deck = (struct deck){.layout = layout};
    deck->slides = calloc(layout->films.count + 1, sizeof *deck->slides);
    if (!deck->slides)
        return orl_fail_memory(err);
    bool failed = false;
    for (size_t g = 0; g < layout->films.count; g++) {
        struct slide *slide = &deck->slides[deck->count];
        if (!slide_find(layout, g, slide))
            continue;
        deck->count++;
        orl_report_alt_append(&slide->alt, layout, slide->film);
        failed |= slide->alt.failed;
    }
    deck_shape(deck);
    return failed ? orl_fail_memory(err) : ORL_OK;
}

/* ---- One slide ------------------------------------------------------------------------------- */

/* The largest rectangle of the film's shape in the middle of the slide. */
static void transform_append(struct orl_text *xml, const struct deck *deck,
                             const struct orl_report_film *film)
{
    long width = deck->width, height = deck->height;
    if (film->width > 0 && film->height > 0) {
        double scale = fmin((double)width / film->width, (double)height / film->height);
        width = lround(film->width * scale);
        height = lround(film->height * scale);
    }
    orl_text_printf(xml,
                    "<a:xfrm><a:off x=\"%ld\" y=\"%ld\"/><a:ext cx=\"%ld\" cy=\"%ld\"/></a:xfrm>",
                    (deck->width - width) / 2, (deck->height - height) / 2, width, height);
}

static void title_append(struct orl_text *xml, const struct deck *deck, const struct slide *slide)
{
    orl_text_printf(
        xml,
        "<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Title\"/><p:cNvSpPr><a:spLocks "
        "noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"title\"/></p:nvPr></p:nvSpPr>"
        "<p:spPr><a:xfrm><a:off x=\"0\" y=\"%d\"/><a:ext cx=\"%ld\" cy=\"%d\"/></a:xfrm>"
        "</p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr lang=\"en-US\"/>"
        "<a:t>",
        -TITLE_EMU - TITLE_EMU / 10, deck->width, TITLE_EMU);
    orl_html_text(xml, orl_report_film_title(slide->film));
    orl_text_puts(xml, "</a:t></a:r></a:p></p:txBody></p:sp>\n");
}

/* The picture: of a video its poster, with the video linked twice, once for programs before 2010.
 */
static void picture_append(struct orl_text *xml, const struct deck *deck, const struct slide *slide)
{
    orl_text_puts(xml, "<p:pic><p:nvPicPr><p:cNvPr id=\"3\" name=\"");
    orl_html_text(xml, slide->film->name);
    orl_text_puts(xml, "\" descr=\"");
    orl_html_text(xml, slide->alt.data);
    orl_text_puts(xml, slide->plays ? "\"><a:hlinkClick r:id=\"\" action=\"ppaction://media\"/>"
                                      "</p:cNvPr>"
                                    : "\"/>");
    orl_text_puts(xml, "<p:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></p:cNvPicPr><p:nvPr>");
    if (slide->plays)
        orl_text_puts(xml, "<a:videoFile r:link=\"rId2\"/><p:extLst><p:ext "
                           "uri=\"{DAA4B4D4-6D71-4841-9C94-3DE7FCFB9230}\"><p14:media " NS_P14
                           " r:embed=\"rId3\"/></p:ext></p:extLst>");
    orl_text_puts(xml, "</p:nvPr></p:nvPicPr><p:blipFill>");
    orl_text_puts(xml, slide->plays && !slide->poster ? "<a:blip/>" : "<a:blip r:embed=\"rId4\"/>");
    orl_text_puts(xml, "<a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr>");
    transform_append(xml, deck, slide->film);
    orl_text_puts(xml, "<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:pic>\n");
}

/* "after previous", of the slide's coming; and the film's own clock, which never ends. The tree is
 * that which PowerPoint itself writes for "start automatically, loop until stopped". */
static void timing_append(struct orl_text *xml, const struct slide *slide)
{
    static const char target[] = "<p:tgtEl><p:spTgt spid=\"3\"/></p:tgtEl>";
    orl_text_printf(
        xml,
        "<p:timing><p:tnLst><p:par><p:cTn id=\"1\" dur=\"indefinite\" restart=\"never\" "
        "nodeType=\"tmRoot\"><p:childTnLst>\n"
        "<p:seq concurrent=\"1\" nextAc=\"seek\"><p:cTn id=\"2\" dur=\"indefinite\" "
        "nodeType=\"mainSeq\"><p:childTnLst><p:par><p:cTn id=\"3\" fill=\"hold\"><p:stCondLst>"
        "<p:cond delay=\"indefinite\"/><p:cond evt=\"onBegin\" delay=\"0\"><p:tn val=\"2\"/>"
        "</p:cond></p:stCondLst><p:childTnLst><p:par><p:cTn id=\"4\" fill=\"hold\"><p:stCondLst>"
        "<p:cond delay=\"0\"/></p:stCondLst><p:childTnLst><p:par><p:cTn id=\"5\" presetID=\"1\" "
        "presetClass=\"mediacall\" presetSubtype=\"0\" fill=\"hold\" nodeType=\"afterEffect\">"
        "<p:stCondLst><p:cond delay=\"0\"/></p:stCondLst><p:childTnLst><p:cmd type=\"call\" "
        "cmd=\"playFrom(0.0)\"><p:cBhvr><p:cTn id=\"6\" dur=\"%ld\" fill=\"hold\"/>%s</p:cBhvr>"
        "</p:cmd></p:childTnLst></p:cTn></p:par></p:childTnLst></p:cTn></p:par></p:childTnLst>"
        "</p:cTn></p:par></p:childTnLst></p:cTn><p:prevCondLst><p:cond evt=\"onPrev\" delay=\"0\">"
        "<p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:prevCondLst><p:nextCondLst><p:cond "
        "evt=\"onNext\" delay=\"0\"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:nextCondLst>"
        "</p:seq>\n"
        "<p:video><p:cMediaNode vol=\"80000\"><p:cTn id=\"7\" repeatCount=\"indefinite\" "
        "fill=\"hold\" display=\"0\"><p:stCondLst><p:cond delay=\"indefinite\"/></p:stCondLst>"
        "</p:cTn>%s</p:cMediaNode></p:video>\n"
        "</p:childTnLst></p:cTn></p:par></p:tnLst></p:timing>",
        lround(slide->film->seconds * 1000), target, target);
}

static void slide_append(struct orl_text *xml, const struct deck *deck, const struct slide *slide)
{
    orl_text_puts(xml, XML_HEAD "<p:sld " NS_A " " NS_R " " NS_P "><p:cSld><p:spTree><p:nvGrpSpPr>"
                                "<p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/>"
                                "</p:nvGrpSpPr><p:grpSpPr/>\n");
    title_append(xml, deck, slide);
    picture_append(xml, deck, slide);
    orl_text_puts(xml, "</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>");
    if (slide->plays)
        timing_append(xml, slide);
    orl_text_puts(xml, "</p:sld>\n");
}

static void relation_append(struct orl_text *xml, int id, const char *type, const char *target,
                            size_t number, const char *extension)
{
    orl_text_printf(xml, "<Relationship Id=\"rId%d\" Type=\"%s\" Target=\"../%s%zu.%s\"/>", id,
                    type, target, number, extension);
}

static void slide_rels_append(struct orl_text *xml, const struct slide *slide, size_t number)
{
    orl_text_puts(xml, XML_HEAD "<Relationships " NS_RELS ">");
    relation_append(xml, 1, OFFICE_RELS "/slideLayout", "slideLayouts/slideLayout", 1, "xml");
    if (slide->plays) {
        relation_append(xml, 2, OFFICE_RELS "/video", "media/media", number, "mp4");
        relation_append(xml, 3, "http://schemas.microsoft.com/office/2007/relationships/media",
                        "media/media", number, "mp4");
    }
    if (!slide->plays || slide->poster)
        relation_append(xml, 4, OFFICE_RELS "/image", "media/image", number,
                        slide->plays ? "png" : "gif");
    orl_text_puts(xml, "</Relationships>\n");
}

/* ---- What holds the slides together ---------------------------------------------------------- */

static void types_append(struct orl_text *xml, const struct deck *deck)
{
    orl_text_puts(xml, XML_HEAD
                  "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                  "<Default Extension=\"rels\" "
                  "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                  "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                  "<Default Extension=\"mp4\" ContentType=\"video/mp4\"/>"
                  "<Default Extension=\"png\" ContentType=\"image/png\"/>"
                  "<Default Extension=\"gif\" ContentType=\"image/gif\"/>"
                  "<Override PartName=\"/ppt/presentation.xml\" ContentType=\"" TYPE
                  "presentation.main+xml\"/>"
                  "<Override PartName=\"/docProps/core.xml\" "
                  "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>");
    for (const struct deck_part *part = deck_parts; part->file; part++)
        if (part->type)
            orl_text_printf(xml, "<Override PartName=\"/%s\" ContentType=\"%s\"/>", part->entry,
                            part->type);
    for (size_t i = 0; i < deck->count; i++)
        orl_text_printf(xml,
                        "<Override PartName=\"/ppt/slides/slide%zu.xml\" ContentType=\"" TYPE
                        "slide+xml\"/>",
                        i + 1);
    orl_text_puts(xml, "</Types>\n");
}

static void core_append(struct orl_text *xml, const struct deck *deck)
{
    const struct orl_report *report = deck->layout->report;
    orl_text_puts(xml, XML_HEAD
                  "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/"
                  "metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
                  "<dc:title>");
    orl_html_text(xml, report->title && report->title[0] ? report->title : report->experiment);
    orl_text_puts(xml, "</dc:title></cp:coreProperties>\n");
}

/* The master is rId1, the theme rId2, slide i rId<i+3>. */
static void presentation_append(struct orl_text *xml, const struct deck *deck)
{
    orl_text_puts(xml, XML_HEAD "<p:presentation " NS_A " " NS_R " " NS_P
                                " saveSubsetFonts=\"1\"><p:sldMasterIdLst><p:sldMasterId "
                                "id=\"2147483648\" r:id=\"rId1\"/></p:sldMasterIdLst><p:sldIdLst>");
    for (size_t i = 0; i < deck->count; i++)
        orl_text_printf(xml, "<p:sldId id=\"%zu\" r:id=\"rId%zu\"/>", FIRST_ID + i, i + 3);
    orl_text_printf(xml,
                    "</p:sldIdLst><p:sldSz cx=\"%ld\" cy=\"%ld\"/><p:notesSz cx=\"6858000\" "
                    "cy=\"9144000\"/></p:presentation>\n",
                    deck->width, deck->height);
}

static void presentation_rels_append(struct orl_text *xml, const struct deck *deck)
{
    orl_text_puts(xml, XML_HEAD
                  "<Relationships " NS_RELS "><Relationship Id=\"rId1\" Type=\"" OFFICE_RELS
                  "/slideMaster\" Target=\"slideMasters/slideMaster1.xml\"/><Relationship "
                  "Id=\"rId2\" Type=\"" OFFICE_RELS "/theme\" Target=\"theme/theme1.xml\"/>");
    for (size_t i = 0; i < deck->count; i++)
        orl_text_printf(xml,
                        "<Relationship Id=\"rId%zu\" Type=\"" OFFICE_RELS
                        "/slide\" Target=\"slides/slide%zu.xml\"/>",
                        i + 3, i + 1);
    orl_text_puts(xml, "</Relationships>\n");
}

/* ---- The file -------------------------------------------------------------------------------- */

/* Write a text as an entry, and empty it. */
static int part_write(struct orl_zip *zip, const char *name, struct orl_text *xml,
                      struct orl_error *err)
{
    int ret =
        xml->failed ? orl_fail_memory(err) : orl_zip_add(zip, name, xml->data, xml->length, err);
    orl_text_clear(xml);
    return ret;
}

static int frame_write(struct orl_zip *zip, const struct deck *deck, struct orl_text *xml,
                       struct orl_error *err)
{
    static const struct {
        const char *entry;
        void (*append)(struct orl_text *xml, const struct deck *deck);
    } made[] = {
        {"[Content_Types].xml", types_append}, /* the first entry, as readers of streams want it */
        {"docProps/core.xml", core_append},
        {"ppt/presentation.xml", presentation_append},
        {"ppt/_rels/presentation.xml.rels", presentation_rels_append},
    };
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < sizeof made / sizeof *made; i++) {
        made[i].append(xml, deck);
        ret = part_write(zip, made[i].entry, xml, err);
    }
    for (const struct deck_part *part = deck_parts; ret == ORL_OK && part->file; part++)
        for (const struct orl_embedded *file = orl_deck_files; ret == ORL_OK && file->name; file++)
            if (strcmp(file->name, part->file) == 0)
                ret = orl_zip_add(zip, part->entry, file->text, file->length, err);
    return ret;
}

static int media_write(struct orl_zip *zip, const struct orl_folder *folder, const char *stem,
                       size_t number, const struct orl_report_film *film, struct orl_error *err)
{
    char *name = orl_asprintf("ppt/media/%s%zu.%s", stem, number, film->format);
    int ret = name ? orl_zip_add_file(zip, name, folder, film->path, film->sha256, err)
                   : orl_fail_memory(err);
    free(name);
    return ret;
}

static int slide_write(struct orl_zip *zip, const struct deck *deck,
                       const struct orl_folder *folder, size_t index, struct orl_text *xml,
                       struct orl_error *err)
{
    const struct slide *slide = &deck->slides[index];
    size_t number = index + 1;
    char name[64];
    snprintf(name, sizeof name, "ppt/slides/slide%zu.xml", number);
    slide_append(xml, deck, slide);
    int ret = part_write(zip, name, xml, err);
    snprintf(name, sizeof name, "ppt/slides/_rels/slide%zu.xml.rels", number);
    slide_rels_append(xml, slide, number);
    if (ret == ORL_OK)
        ret = part_write(zip, name, xml, err);
    if (ret == ORL_OK && slide->poster)
        ret = media_write(zip, folder, "image", number, slide->poster, err);
    if (ret == ORL_OK)
        ret = media_write(zip, folder, slide->plays ? "media" : "image", number, slide->film, err);
    return ret;
}

int orl_slides_write(const struct orl_layout_of_report *layout, const struct orl_folder *folder,
                     struct orl_outfile *file, struct orl_error *err)
{
    struct deck deck;
    struct orl_text xml = {0};
    struct orl_zip *zip = NULL;
    int ret = deck_init(&deck, layout, err);
    if (ret == ORL_OK)
        ret = orl_zip_create(file, &zip, err);
    if (ret == ORL_OK)
        ret = frame_write(zip, &deck, &xml, err);
    for (size_t i = 0; ret == ORL_OK && i < deck.count; i++)
        ret = slide_write(zip, &deck, folder, i, &xml, err);
    if (ret == ORL_OK)
        ret = orl_zip_finish(&zip, err);
    orl_zip_abort(&zip);
    orl_text_uninit(&xml);
    deck_uninit(&deck);
    return ret;
}

int orl_slides_key(const struct orl_layout_of_report *layout, char key[ORL_SHA256_HEX],
                   struct orl_error *err)
{
    struct deck deck;
    struct orl_text xml = {0};
    struct orl_sha256 hash;
    int ret = deck_init(&deck, layout, err);
    if (ret == ORL_OK)
        core_append(&xml, &deck);
    for (size_t i = 0; ret == ORL_OK && i < deck.count; i++) {
        slide_append(&xml, &deck, &deck.slides[i]);
        orl_text_puts(&xml, deck.slides[i].film->sha256);
        orl_text_puts(&xml, deck.slides[i].poster ? deck.slides[i].poster->sha256 : "");
    }
    for (const struct orl_embedded *file = orl_deck_files; file->name; file++)
        orl_text_append(&xml, file->text, file->length);
    if (ret == ORL_OK && xml.failed)
        ret = orl_fail_memory(err);
    orl_sha256_init(&hash);
    orl_sha256_string(&hash, xml.data);
    orl_sha256_final_hex(&hash, key);
    orl_text_uninit(&xml);
    deck_uninit(&deck);
    return ret;
}
