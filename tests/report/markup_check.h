/* A checker of the page's markup, stricter than a browser: every tag known and closed in order,
 * every attribute quoted, known, and given once, every & an entity, nothing that runs or loads from
 * elsewhere. */
#ifndef ORL_TESTS_REPORT_MARKUP_CHECK_H
#define ORL_TESTS_REPORT_MARKUP_CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *const markup_tags[] = {
    "html",    "head",   "title",   "style",   "body",    "a",      "header",     "p",
    "h1",      "h2",     "h3",      "h4",      "ul",      "li",     "nav",        "div",
    "main",    "button", "details", "summary", "section", "figure", "figcaption", "video",
    "picture", "table",  "caption", "thead",   "tbody",   "tr",     "th",         "td",
    "small",   "span",   "strong",  "em",      "var",     "bdi",    "sup",        "svg",
    "circle",  "rect",   "path",    "dl",      "dt",      "dd",     "pre",        "code",
    "script",  NULL};
static const char *const markup_void[] = {"meta", "link", "source", "img", "track", NULL};
static const char *const markup_attributes[] = {"lang",
                                                "charset",
                                                "http-equiv",
                                                "content",
                                                "name",
                                                "rel",
                                                "href",
                                                "class",
                                                "id",
                                                "aria-label",
                                                "aria-labelledby",
                                                "aria-describedby",
                                                "aria-hidden",
                                                "hidden",
                                                "type",
                                                "controls",
                                                "muted",
                                                "loop",
                                                "playsinline",
                                                "preload",
                                                "width",
                                                "height",
                                                "poster",
                                                "src",
                                                "srcset",
                                                "media",
                                                "decoding",
                                                "alt",
                                                "title",
                                                "scope",
                                                "rowspan",
                                                "colspan",
                                                "role",
                                                "tabindex",
                                                "viewBox",
                                                "cx",
                                                "cy",
                                                "r",
                                                "fill",
                                                "rx",
                                                "y",
                                                "d",
                                                "data-moving",
                                                "data-seconds",
                                                "kind",
                                                "srclang",
                                                "label",
                                                "data-still",
                                                NULL};
static const char *const markup_urls[] = {"href",        "src",        "srcset", "poster",
                                          "data-moving", "data-still", NULL};

struct markup {
    char stack[64][16];
    size_t depth;
    char fault[160];
    size_t elements, urls, images_without_alt;
};

static inline bool listed(const char *const *list, const char *word)
{
    for (; *list; list++)
        if (strcmp(*list, word) == 0)
            return true;
    return false;
}

static inline bool fault(struct markup *m, const char *what, const char *where)
{
    snprintf(m->fault, sizeof m->fault, "%s: %.100s", what, where);
    return false;
}

/* An & begins one of the five entities that the writer uses; no < or > stands in text. */
static inline bool text_is_clean(struct markup *m, const char *text, size_t length)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (size_t i = 0; i < length; i++) {
        bool known = text[i] != '&';
        for (size_t k = 0; !known && k < 5; k++)
            known = strncmp(text + i, entities[k], strlen(entities[k])) == 0;
        if (!known || text[i] == '<' || text[i] == '>')
            return fault(m, "bare character", text + i);
        if ((unsigned char)text[i] < 0x20 && text[i] != '\n' && text[i] != '\t')
            return fault(m, "control byte", text + i);
    }
    return true;
}

/* Relative, with no scheme and no host; the page's icon is the one data: URL. */
static inline bool url_is_local(const char *url, size_t length)
{
    if (length > 19 && strncmp(url, "data:image/svg+xml,", 19) == 0)
        return true;
    if (length > 0 && url[0] == '/')
        return false;
    for (size_t i = 0; i < length; i++)
        if (url[i] == ':' || url[i] == '\\' || url[i] == ' ')
            return false;
    return true;
}

/* Attributes up to '>': returns where it stands, or NULL. */
static inline const char *check_attributes(struct markup *m, const char *at, bool *has_alt)
{
    while (*at == ' ') {
        char name[24];
        size_t length = strcspn(++at, "= >/");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        if (!listed(markup_attributes, name))
            return fault(m, "attribute", at), NULL;
        *has_alt = *has_alt || strcmp(name, "alt") == 0;
        at += length;
        if (*at != '=')
            continue;
        if (at[1] != '"' || !strchr(at + 2, '"'))
            return fault(m, "quotes", at), NULL;
        length = strcspn(at + 2, "\"");
        if (!text_is_clean(m, at + 2, length))
            return NULL;
        if (listed(markup_urls, name)) {
            m->urls++;
            if (!url_is_local(at + 2, length))
                return fault(m, "URL", at), NULL;
        }
        at += length + 3;
    }
    if (*at == '/')
        at++;
    return *at == '>' ? at : (fault(m, "end of tag", at), NULL);
}

static inline const char *check_tag(struct markup *m, const char *at)
{
    char name[16];
    bool closing = at[1] == '/', has_alt = false;
    const char *begin = at + 1 + closing;
    size_t length = strcspn(begin, " />");
    snprintf(name, sizeof name, "%.*s", (int)length, begin);
    if (!listed(markup_tags, name) && !listed(markup_void, name))
        return fault(m, "tag", at), NULL;
    if (closing) {
        if (m->depth == 0 || strcmp(m->stack[m->depth - 1], name) != 0)
            return fault(m, "closing", at), NULL;
        m->depth--;
        return begin[length] == '>' ? begin + length + 1 : (fault(m, "closing", at), NULL);
    }
    m->elements++;
    at = check_attributes(m, begin + length, &has_alt);
    if (!at)
        return NULL;
    m->images_without_alt += strcmp(name, "img") == 0 && !has_alt;
    if (at[-1] != '/' && !listed(markup_void, name)) {
        if (m->depth == 64)
            return fault(m, "depth", at), NULL;
        strcpy(m->stack[m->depth++], name);
    }
    at++;
    if (strcmp(name, "style") == 0 || strcmp(name, "script") == 0) {
        char end[24];
        snprintf(end, sizeof end, "</%s>", name);
        at = strstr(at, end);
    }
    return at;
}

/* Whether the whole page is well formed; else the fault is told. */
static inline bool markup_is_good(struct markup *m, const char *page)
{
    memset(m, 0, sizeof *m);
    if (strncmp(page, "<!DOCTYPE html>\n", 16) != 0)
        return fault(m, "doctype", page);
    for (const char *at = page + 15; at && *at;) {
        size_t length = strcspn(at, "<");
        if (!text_is_clean(m, at, length))
            return false;
        at += length;
        if (*at == '<' && !(at = check_tag(m, at)))
            return m->fault[0] ? false : fault(m, "raw text", "");
    }
    return m->depth == 0 || fault(m, "unclosed", m->stack[m->depth - 1]);
}

#endif
