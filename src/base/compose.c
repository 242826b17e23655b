/* Letters with their accents put together (a part of Unicode's NFC: Latin), so that names that look
 * alike are alike. */
#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* Per combining mark: base letters, each followed by the letter with the mark. */
static const struct {
    uint32_t mark;
    const char *pairs;
} marks[] = {
    {0x300, "AÀEÈIÌNǸOÒUÙaàeèiìnǹoòuùWẀwẁYỲyỳ"},
    {0x301, "AÁCĆEÉGǴIÍKḰLĹMḾNŃOÓPṔRŔSŚUÚWẂYÝZŹaácćeégǵiíkḱlĺmḿnńoópṕrŕsśuúwẃyýzź"},
    {0x302, "AÂCĈEÊGĜHĤIÎJĴOÔSŜUÛWŴYŶaâcĉeêgĝhĥiîjĵoôsŝuûwŵyŷ"},
    {0x303, "AÃEẼIĨNÑOÕUŨVṼYỸaãeẽiĩnñoõuũvṽyỹ"},
    {0x304, "AĀEĒGḠIĪOŌUŪYȲaāeēgḡiīoōuūyȳ"},
    {0x306, "AĂEĔGĞIĬOŎUŬaăeĕgğiĭoŏuŭ"},
    {0x307, "AȦBḂCĊDḊEĖFḞGĠHḢIİMṀNṄOȮPṖRṘSṠTṪWẆXẊYẎZŻaȧbḃcċdḋeėfḟgġhḣmṁnṅoȯpṗrṙsṡtṫwẇxẋyẏzż"},
    {0x308, "AÄEËHḦIÏOÖUÜWẄXẌYŸaäeëhḧiïoötẗuüwẅxẍyÿ"},
    {0x30a, "AÅUŮaåuůwẘyẙ"},
    {0x30b, "OŐUŰoőuű"},
    {0x30c, "AǍCČDĎEĚGǦHȞIǏKǨLĽNŇOǑRŘSŠTŤUǓZŽaǎcčdďeěgǧhȟiǐjǰkǩlľnňoǒrřsštťuǔzž"},
    {0x323, "AẠEẸIỊOỌUỤaạeẹiịoọuụ"},
    {0x327, "CÇEȨGĢHḨKĶLĻNŅRŖSŞTŢcçeȩgģhḩkķlļnņrŗsştţ"},
    {0x328, "AĄEĘIĮOǪUŲaąeęiįoǫuų"},
};

/* The letter with the mark; NULL where the table has none. */
static const char *composed(const char *letter, size_t size, uint32_t mark, size_t *made)
{
    for (size_t m = 0; m < ORL_COUNT(marks); m++) {
        const char *p = marks[m].mark == mark ? marks[m].pairs : "";
        while (*p) {
            uint32_t ignored;
            size_t base = orl_utf8_decode(p, strlen(p), &ignored);
            *made = orl_utf8_decode(p + base, strlen(p + base), &ignored);
            if (base == size && memcmp(p, letter, size) == 0)
                return p + base;
            p += base + *made;
        }
    }
    return NULL;
}

char *orl_utf8_compose(const char *text)
{
    struct orl_text out = {0};
    size_t length = strlen(text), last = 0; /* where the last letter begins in `out` */
    for (size_t i = 0; i < length;) {
        uint32_t c = 0;
        size_t size = orl_utf8_decode(text + i, length - i, &c), made = 0;
        size = size ? size : 1;
        const char *letter = out.data && out.length > last
                                 ? composed(out.data + last, out.length - last, c, &made)
                                 : NULL;
        if (letter) {
            out.length = last;
            orl_text_append(&out, letter, made);
        } else {
            last = out.length;
            orl_text_append(&out, text + i, size);
        }
        i += size;
    }
    return orl_text_take(&out);
}
