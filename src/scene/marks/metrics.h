/* The measures of a page: how large, how far apart, how thick and how pale things are.
 *
 * A frame is laid out from two lengths, which its size or preset gives: the size of the text, in
 * which EM_ is counted, and the width of a line, in which LINE_ is counted. Both are in px, so a
 * film of twice the size has everything twice as large. What only one file uses is defined at its
 * top in the same way; scripts/check finds a decimal without a name, and a name that two files
 * define. Sources: the type is Inter, whose capitals are 0.727 em high; contrasts are those of the
 * Web Content Accessibility Guidelines 2.2, 1.4.3 (text) and 1.4.11 (marks). */
#ifndef ORL_SCENE_METRICS_H
#define ORL_SCENE_METRICS_H

/* ---- Type, in sizes of the text -------------------------------------------------------------- */

#define EM_ASCENT   0.80 /* from a baseline up to the top of the letters' box */
#define EM_DESCENT  0.25 /* and down to its end */
#define EM_FIRST    0.95 /* from the top of a block of text down to its first baseline */
#define EM_MIDDLE   0.34 /* from a baseline up to the middle of small letters and digits */
#define EM_CENTERED 0.35 /* from the middle of a thing down to the baseline of its name */
#define EM_TICK     0.36 /* from a tick down to the baseline of its number */

/* ---- Rows, in sizes of the text -------------------------------------------------------------- */

#define EM_ROW         1.42 /* from one row of a table or card to the next */
#define EM_LABEL       1.15 /* between names that are moved apart, at the ends of lines */
#define EM_LABEL_CALM  1.2  /* the same where they stand beside curves that move */
#define EM_HEAD        1.6  /* of a heading above plots */
#define EM_RULE_BELOW  0.42 /* from the baseline of a head to the rule below it */
#define EM_SWATCH      1.7  /* the width of a run's line beside its name */
#define EM_SWATCH_NEAR 0.4  /* from a rank to the swatch that follows it */

/* ---- Gaps, in sizes of the text -------------------------------------------------------------- */

#define EM_GAP        0.4 /* between a word and what it belongs to */
#define EM_WORDS      0.6 /* between two words of one line that belong together */
#define EM_APART      0.7 /* between columns of words and numbers */
#define EM_SEPARATE   0.8 /* between a name and what is told of it */
#define EM_PANELS     1.1 /* between panels */
#define EM_NAME_AFTER 0.9 /* from the end of a plot to the names at its right */

#define EM_ENTRIES    1.2 /* between the entries of a key */
#define EM_CELL_GAP   0.3 /* that a number keeps clear of the column before it */
#define EM_NAMES_MOST 9.0 /* of the names in a table beside plots */
#define EM_KEY_ROOM   3.8 /* what the dashes of "truth" and the gaps around them take */

/* ---- Around a plot, in sizes of the text ----------------------------------------------------- */

#define EM_ABOVE_PLOT   0.6  /* from a plot up to the baseline of the words above it */
#define EM_BELOW_TICKS  1.3  /* from a plot down to the baseline of its numbers ... */
#define EM_BELOW_NAME   2.5  /* ... and to that of the line below them */
#define EM_NUMBERS_ROOM 1.6  /* what numbers take above or below a plot */
#define EM_AXIS_ROOM    2.75 /* what numbers and a name below take */

/* ---- Lines and marks, in widths of a line ---------------------------------------------------- */

#define LINE_THIN_PART  3.0  /* grids and rules: a line by this, and at least 1 px */
#define LINE_RULE       0.5  /* below the head of a table */
#define LINE_LEADER     0.4  /* from a name to its mark */
#define LINE_DATA_DOT   1.5  /* the radius of a data dot in a key */
#define LINE_MARK       1.7  /* the radius of a marker in a swatch or on a line */
#define LINE_MARK_HALO  0.4  /* the ring that keeps it apart from its line */
#define LINE_HEAD       2.33 /* the radius of a marker at the head of a line */
#define LINE_BACK       0.73 /* a line that steps back */
#define LINE_FRONT      1.33 /* a winner's line */
#define BACK_MARK_SHARE 0.15 /* how far a marker that steps back goes towards its ground */

/* ---- Contrast -------------------------------------------------------------------------------- */

#define CONTRAST_TEXT  4.5  /* of words on their ground, at least */
#define CONTRAST_MARK  3.0  /* of marks */
#define CONTRAST_DOTS  3.05 /* of data dots: 3:1 with room for rounding to bytes */
#define CONTRAST_STYLE 3.1  /* of runs, on the page and on every band of a surface */

/* ---- Pages ----------------------------------------------------------------------------------- */

#define PAGE_MARGIN   0.05      /* of the width at the sides, of the height above and below */
#define PAGE_TALL     1.2       /* height by width from which a page is tall: more room for type */
#define SETTLED       0.42      /* of the room that is left: above what stands alone on a page */
#define TITLE_TO_TEXT 1.45      /* the size of a title by that of the text */
#define EM_SUBTITLE   1.45      /* the room of a subtitle of one line */
#define EM_FOOTER_GAP 0.45      /* between a heading and the panels */
#define EM_FOOTER_UP  (1.0 / 3) /* between the panels and the footer */
#define TITLE_LINE    1.15      /* from one line of a title to the next, of its size */

/* ---- Numbers that are no measures ------------------------------------------------------------ */

#define FULL_TURN    6.28318530717958647692 /* 2 pi */
#define BYTE         255.0
#define PERCENT      100.0
#define NEARLY       1e-9   /* of a number: what rounding may have left */
#define LEAST_NORMAL 1e-300 /* in the place of a divisor that is 0 */
#define MOST_VALUE   1e305  /* what an axis may reach, so that its length is finite */
#define NEARLY_PX    0.01   /* of a length: what rounding may have left */
#define ALIKE        30.0   /* lines whose ranges differ by less than this share an axis */
#define SYMLOG_PART  1e-6   /* of the largest value: what such an axis spreads evenly, at least */
#define NAMES_PART   0.36   /* of a plot's width: names beside heads leave most of it to lines */
#define NARROWEST_PX 8.0    /* a plot has at least this, however little room there is */
#define AXIS_PAD     0.04   /* of an axis' length, on both sides of what it shows */

#endif
