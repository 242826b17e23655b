/* What a process that reads or draws what others wrote may do: no network, no other program, little
 * memory, few files. Everything here can only be narrowed, never taken back, and is inherited. */
#ifndef ORL_BASE_CONFINE_H
#define ORL_BASE_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ends with its parent, gets no new privileges, leaves no core. */
void orl_confine_life(void);

/* At most so many bytes of address space (0: as it is; nothing in sanitized builds, which take it
 * all), and so many seconds of processor time from now on (0: as it is), after which SIGXCPU ends
 * the process. The latter can be said again, unlike all else here. */
void orl_confine_memory(uint64_t bytes);
void orl_confine_time(double seconds);

/* Refuse (EPERM) sockets, other programs, and calls that reach into other processes or the kernel;
 * threads and copies of this process are left. False where the kernel or the processor has no such
 * filter. */
bool orl_confine_calls(void);

/* Nothing is made, changed or removed outside of `writable` (a folder; NULL: nowhere), and nothing
 * is read but what lies there, in the system's folders, or below one of `readable` (NULL:
 * everything may be read). Open descriptors keep what they can. False where the kernel cannot do
 * it; then nothing changes. */
bool orl_confine_files(const char *writable, const char *const *readable, size_t count);

/* What the kernel offers: for those who tell of it. The version of Landlock, 0 where there is none
 * that would do. */
bool orl_confine_has_calls(void);
int orl_confine_landlock(void);

/* OPTREEL_SANDBOX=off: the last two confine nothing. */
bool orl_confine_wanted(void);

#endif
