/* Functions that come with the media module. */
#ifndef ORL_BASE_LATE_H
#define ORL_BASE_LATE_H

/* The program is linked without the media libraries (libav, Cairo, Pango, libx264, libwebp, ...):
 * what needs them is in a module that only workers load. Tables name such functions all the same.
 * Marked so, they are NULL in the program, which never calls them, and are there in the module and
 * in liboptreel. */
#define ORL_LATE __attribute__((weak))

#endif
