/* index.html: one page that plays every film and tells every result, without a server or a network.
 */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/embedded.h"
#include "base/hash.h"
#include "report/parts.h"

/* Where a film stands on the page: with the races, with the runs of a problem (its group), or at
 * the end. */
#define AMONG_RACES  SIZE_MAX
#define AMONG_OTHERS (SIZE_MAX - 1)

struct page {
    struct orl_text text;
    struct orl_layout_of_report layout;
    size_t *problem_of_run; /* owned: group of each run of the report */
    size_t *place_of_film;  /* owned: for each group of outputs */
    size_t races, others;
    bool races_mix; /* a film of several runs goes over several problems */
};

/* ---- Where things stand ---------------------------------------------------------------------- */

static const struct orl_report_film *first_output(const struct page *page, size_t group)
{
    return &page->layout.report->films[page->layout.films.items[page->layout.films.start[group]]];
}

static bool mixes_problems(const struct page *page, const struct orl_report_film *film)
{
    const struct orl_report *report = page->layout.report;
    const struct orl_report_run *first = NULL;
    for (size_t i = 0; i < film->run_count; i++) {
        const struct orl_report_run *run = orl_report_run_find(&page->layout, film->runs[i]);
        if (first && run &&
            page->problem_of_run[run - report->runs] != page->problem_of_run[first - report->runs])
            return true;
        first = first ? first : run;
    }
    return false;
}

static bool place_everything(struct page *page)
{
    const struct orl_layout_of_report *layout = &page->layout;
    page->problem_of_run = orl_calloc(layout->report->run_count, sizeof *page->problem_of_run);
    page->place_of_film = orl_calloc(layout->films.count, sizeof *page->place_of_film);
    if (!page->problem_of_run || !page->place_of_film)
        return false;
    for (size_t g = 0; g < layout->problems.count; g++)
        for (size_t i = layout->problems.start[g]; i < layout->problems.start[g + 1]; i++)
            page->problem_of_run[layout->problems.items[i]] = g;
    for (size_t g = 0; g < layout->films.count; g++) {
        const struct orl_report_film *film = first_output(page, g);
        const struct orl_report_run *run =
            film->run_count == 1 ? orl_report_run_find(layout, film->runs[0]) : NULL;
        page->place_of_film[g] = film->run_count > 1 ? AMONG_RACES
                                 : run ? page->problem_of_run[run - layout->report->runs]
                                       : AMONG_OTHERS;
        page->races += page->place_of_film[g] == AMONG_RACES;
        page->others += page->place_of_film[g] == AMONG_OTHERS;
        page->races_mix = page->races_mix || mixes_problems(page, film);
    }
    return true;
}

/* ---- Head ------------------------------------------------------------------------------------ */

extern const struct orl_embedded orl_report_files[]; /* made by the build from page/ */

/* "style" or "script". */
static const struct orl_embedded *page_file(const char *name)
{
    const struct orl_embedded *file = orl_report_files;
    while (strcmp(file->name, name) != 0)
        file++;
    return file;
}

/* 'sha256-…' of the Content Security Policy, level 2: the one script and the one style that the
 * page may hold. */
static void put_source_hash(struct orl_text *text, const char *file)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t digest[33] = {0}; /* a byte more, so that the last group of three is whole */
    struct orl_sha256 hash;
    orl_sha256_init(&hash);
    const struct orl_embedded *source = page_file(file);
    orl_sha256_update(&hash, source->text, source->length);
    orl_sha256_final(&hash, digest);
    orl_text_puts(text, "'sha256-");
    for (size_t i = 0; i < 33; i += 3) {
        unsigned bits = (unsigned)digest[i] << 16 | (unsigned)digest[i + 1] << 8 | digest[i + 2];
        for (unsigned k = 0; k < 4 && (i < 30 || k < 3); k++)
            orl_text_putc(text, digits[bits >> (18 - 6 * k) & 63]);
    }
    orl_text_puts(text, "='");
}

static const char *page_title(const struct orl_report *report)
{
    if (report->title && report->title[0])
        return report->title;
    return report->experiment && report->experiment[0] ? report->experiment : "Report";
}

static void put_head(struct orl_text *text, const struct orl_report *report)
{
    orl_text_puts(
        text,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ");
    put_source_hash(text, "style");
    orl_text_puts(text, "; script-src ");
    put_source_hash(text, "script");
    /* A page opened from a disk has no origin that all browsers call 'self'; file: cannot be
     * reached from a page on a server. */
    orl_text_puts(text,
                  "; media-src 'self' file: data:; img-src 'self' file: data:; base-uri 'none'; "
                  "form-action 'none'\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"color-scheme\" content=\"light dark\">\n<meta "
                  "name=\"generator\" content=\"optreel\">\n"
                  "<link rel=\"icon\" href=\"data:image/svg+xml,%3Csvg "
                  "xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
                  "%3Cpath d='M1 2c2 9 5 11 14 11' fill='none' stroke='%230072b2' "
                  "stroke-width='2.5' stroke-linecap='round'/%3E"
                  "%3C/svg%3E\">\n<title>");
    orl_html_text(text, page_title(report));
    orl_text_puts(text, "</title>\n<style>");
    orl_text_puts(text, page_file("style")->text);
    orl_text_puts(text, "</style>\n</head>\n<body>\n");
}

static void put_count(struct orl_text *text, size_t count, const char *what)
{
    orl_text_puts(text, "<li>");
    orl_html_integer(text, (int64_t)count);
    orl_text_printf(text, " %s%s</li>", what, count == 1 ? "" : "s");
}

static void put_masthead(struct page *page)
{
    struct orl_text *text = &page->text;
    const struct orl_report *report = page->layout.report;
    orl_text_puts(text, "<a class=\"skip\" href=\"#results\">Skip to the results</a>\n<header>\n<p "
                        "class=\"kicker\">optreel report");
    if (report->experiment && report->experiment[0]) {
        orl_text_puts(text, " \xc2\xb7 ");
        orl_html_bdi(text, report->experiment);
    }
    orl_text_puts(text, "</p>\n<h1>");
    orl_html_bdi(text, page_title(report));
    orl_text_puts(text, "</h1>\n");
    if (report->description && report->description[0]) {
        orl_text_puts(text, "<p class=\"lede\">");
        orl_html_bdi(text, report->description);
        orl_text_puts(text, "</p>\n");
    }
    orl_text_puts(text, "<ul class=\"facts\">");
    put_count(text, page->layout.problems.count, "problem");
    put_count(text, report->run_count, "run");
    put_count(text, page->layout.films.count, "film");
    if (report->times) {
        orl_text_puts(text, "<li>made in ");
        orl_html_number(text, report->seconds, 3);
        orl_text_puts(text, " s</li>");
    }
    orl_text_puts(text, "</ul>\n</header>\n");
}

static const char *races_title(const struct page *page)
{
    return page->races_mix ? "Side by side" : "Races";
}

static void put_bar(struct page *page)
{
    struct orl_text *text = &page->text;
    const struct orl_report *report = page->layout.report;
    size_t singles = page->layout.films.count - page->races;
    orl_text_puts(text, "<nav aria-label=\"Page\">\n<ul>");
    if (page->races > 0)
        orl_text_printf(text, "<li><a href=\"#races\">%s</a></li>", races_title(page));
    orl_text_puts(text, "<li><a href=\"#results\">Results</a></li>");
    if (singles > 0)
        orl_text_puts(text, "<li><a href=\"#films\">Films</a></li>");
    if (report->check_count > 0)
        orl_text_puts(text, "<li><a href=\"#expectations\">Expectations</a></li>");
    orl_text_puts(text, "<li><a href=\"#repeat\">Repeat it</a></li></ul>\n");
    if (page->layout.films.count > 0)
        orl_text_puts(
            text, "<div id=\"players\" hidden><button type=\"button\" id=\"play\">Play all</button>"
                  "<button type=\"button\" id=\"pause\">Pause all</button>"
                  "<button type=\"button\" id=\"restart\">Restart</button></div>\n");
    orl_text_puts(text, "</nav>\n<main>\n");
}

/* ---- Body ------------------------------------------------------------------------------------ */

static void put_failure(struct orl_text *text, const char *name, const char *format,
                        const char *failure)
{
    orl_text_puts(text, "<li><strong>");
    orl_html_bdi(text, name);
    if (format) {
        orl_text_putc(text, ' ');
        orl_html_bdi(text, format);
    }
    orl_text_puts(text, "</strong>: ");
    orl_html_bdi(text, failure ? failure : "failed");
    orl_text_puts(text, "</li>\n");
}

static void put_failures(struct orl_text *text, const struct orl_report *report)
{
    size_t failed = 0;
    for (size_t i = 0; i < report->run_count; i++)
        failed += report->runs[i].status == ORL_STATUS_FAILED || report->runs[i].failure != NULL;
    for (size_t i = 0; i < report->film_count; i++)
        failed += report->films[i].failure != NULL;
    if (failed == 0)
        return;
    orl_text_printf(text,
                    "<section class=\"notice failures\" aria-labelledby=\"failures-title\">\n<h2 "
                    "id=\"failures-title\">"
                    "%zu failure%s</h2>\n<ul>\n",
                    failed, failed == 1 ? "" : "s");
    for (size_t i = 0; i < report->run_count; i++)
        if (report->runs[i].status == ORL_STATUS_FAILED || report->runs[i].failure)
            put_failure(text, report->runs[i].name, NULL, report->runs[i].failure);
    for (size_t i = 0; i < report->film_count; i++)
        if (report->films[i].failure)
            put_failure(text, report->films[i].name, report->films[i].format,
                        report->films[i].failure);
    orl_text_puts(text, "</ul>\n</section>\n");
}

static void put_films_at(struct page *page, size_t place, int level)
{
    for (size_t g = 0; g < page->layout.films.count; g++)
        if (page->place_of_film[g] == place)
            orl_html_film(&page->text, &page->layout, g, level);
}

static void put_races(struct page *page)
{
    if (page->races == 0)
        return;
    orl_text_printf(&page->text,
                    "<section id=\"races\" aria-labelledby=\"races-title\">\n<h2 "
                    "id=\"races-title\">%s</h2>\n<div class=\"large\">\n",
                    races_title(page));
    put_films_at(page, AMONG_RACES, 3);
    orl_text_puts(&page->text, "</div>\n</section>\n");
}

static void put_results(struct page *page)
{
    orl_text_puts(&page->text, "<section id=\"results\" aria-labelledby=\"results-title\">\n<h2 "
                               "id=\"results-title\">Results</h2>\n");
    if (page->layout.problems.count > 0)
        orl_text_puts(&page->text, "<p class=\"note\">Best final loss first. Every parameter is "
                                   "given as start \xe2\x86\x92 end; the bar "
                                   "below it shows how far it came on its way to the truth, which "
                                   "is at the tick, and in orange how far past "
                                   "it. Point at a number for all its digits.</p>\n");
    for (size_t g = 0; g < page->layout.problems.count; g++)
        orl_html_results(&page->text, &page->layout, g);
    if (page->layout.problems.count == 0)
        orl_text_puts(&page->text, "<p>There are no runs.</p>\n");
    orl_text_puts(&page->text, "</section>\n");
}

static size_t count_at(const struct page *page, size_t place)
{
    size_t count = 0;
    for (size_t g = 0; g < page->layout.films.count; g++)
        count += page->place_of_film[g] == place;
    return count;
}

static void put_grids(struct page *page)
{
    struct orl_text *text = &page->text;
    const struct orl_layout_of_report *layout = &page->layout;
    if (layout->films.count == page->races)
        return;
    orl_text_puts(text, "<section id=\"films\" aria-labelledby=\"films-title\">\n<h2 "
                        "id=\"films-title\">One run at a time</h2>\n");
    for (size_t g = 0; g < layout->problems.count; g++) {
        if (count_at(page, g) == 0)
            continue;
        orl_text_puts(text, "<h3>");
        orl_html_bdi(text,
                     orl_report_problem_title(
                         &layout->report->runs[layout->problems.items[layout->problems.start[g]]]));
        orl_text_puts(text, "</h3>\n<div class=\"grid\">\n");
        put_films_at(page, g, 4);
        orl_text_puts(text, "</div>\n");
    }
    if (page->others > 0) {
        orl_text_puts(text, "<h3>Other films</h3>\n<div class=\"grid\">\n");
        put_films_at(page, AMONG_OTHERS, 4);
        orl_text_puts(text, "</div>\n");
    }
    orl_text_puts(text, "</section>\n");
}

static void put_warnings(struct orl_text *text, const struct orl_report *report)
{
    if (report->warning_count == 0)
        return;
    orl_text_printf(text,
                    "<section class=\"notice warnings\" aria-labelledby=\"warnings-title\">\n<h2 "
                    "id=\"warnings-title\">"
                    "%zu warning%s</h2>\n<ul>\n",
                    report->warning_count, report->warning_count == 1 ? "" : "s");
    for (size_t i = 0; i < report->warning_count; i++) {
        orl_text_puts(text, "<li>");
        orl_html_bdi(text, report->warnings[i]);
        orl_text_puts(text, "</li>\n");
    }
    orl_text_puts(text, "</ul>\n</section>\n");
}

/* What stands in the folder to embed the films elsewhere. */
static void put_embedding(struct orl_text *text, const struct orl_report *report)
{
    bool plays = false, any = false;
    for (size_t i = 0; i < report->film_count; i++) {
        const struct orl_report_film *film = &report->films[i];
        bool there = film->format && film->path && !film->failure;
        any |= there;
        plays |= there && (strcmp(film->format, "mp4") == 0 || strcmp(film->format, "gif") == 0);
    }
    if (report->slides && plays)
        orl_text_puts(text, "<p><a href=\"slides.pptx\">slides.pptx</a> is a presentation with a "
                            "slide for each film.</p>\n");
    if (report->snippets && any)
        orl_text_puts(text, "<p>The folder <code>snippets</code> holds lines that embed each film "
                            "in Markdown, HTML, LaTeX, Quarto, reStructuredText and notebooks.</p>"
                            "\n");
}

static void put_repeat(struct orl_text *text, const struct orl_report *report)
{
    orl_text_puts(text, "<section id=\"repeat\" aria-labelledby=\"repeat-title\">\n<h2 "
                        "id=\"repeat-title\">How to repeat it</h2>\n");
    if (report->command && report->command[0]) {
        orl_text_puts(text, "<pre tabindex=\"0\"><code>");
        orl_html_bdi(text, report->command);
        orl_text_puts(text, "</code></pre>\n");
    }
    orl_text_puts(
        text,
        "<p>The same experiment with the same program and the same libraries makes the same bytes. "
        "<a href=\"summary.json\">summary.json</a> holds all of this page for machines, with the "
        "SHA-256 of every file; the "
        "table of runs is there as <a href=\"results.csv\">CSV</a>, <a "
        "href=\"results.md\">Markdown</a> and <a "
        "href=\"results.tex\">LaTeX</a>.</p>\n");
    put_embedding(text, report);
    if (report->version_count > 0) {
        orl_text_puts(text, "<dl class=\"versions\">\n");
        for (size_t i = 0; i < report->version_count; i++) {
            orl_text_puts(text, "<div><dt>");
            orl_html_bdi(text, report->versions[i].name);
            orl_text_puts(text, "</dt><dd>");
            orl_html_bdi(text, report->versions[i].version);
            orl_text_puts(text, "</dd></div>\n");
        }
        orl_text_puts(text, "</dl>\n");
    }
    orl_text_puts(text, "</section>\n");
}

static void put_page(struct page *page)
{
    struct orl_text *text = &page->text;
    const struct orl_report *report = page->layout.report;
    put_head(text, report);
    put_masthead(page);
    put_bar(page);
    put_failures(text, report);
    if (orl_report_checks_count(report, ORL_HELD_NO))
        orl_html_checks(text, report);
    put_races(page);
    put_results(page);
    put_grids(page);
    if (!orl_report_checks_count(report, ORL_HELD_NO))
        orl_html_checks(text, report);
    put_warnings(text, report);
    put_repeat(text, report);
    orl_text_puts(text, "</main>\n<script>");
    orl_text_puts(text, page_file("script")->text);
    orl_text_puts(text, "</script>\n</body>\n</html>\n");
}

char *orl_report_html(const struct orl_report *report)
{
    struct page page = {0};
    if (orl_report_arrange(&page.layout, report) && place_everything(&page))
        put_page(&page);
    else
        page.text.failed = true;
    orl_report_arrange_uninit(&page.layout);
    free(page.problem_of_run);
    free(page.place_of_film);
    return orl_text_take(&page.text);
}
