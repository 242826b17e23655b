/* Which build this is. */
#ifndef ORL_BASE_BUILD_H
#define ORL_BASE_BUILD_H

/* A digest of the sources, the compiler and its flags, as text: code that is loaded later must have
 * been built together with the code that loads it. */
extern const char orl_build_id[];

#endif
