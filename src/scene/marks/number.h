/* Numbers as people write them: a real minus, powers of ten with superscripts, no more digits than
 * can be read. */
#ifndef ORL_SCENE_NUMBER_H
#define ORL_SCENE_NUMBER_H

#include "optreel/base.h"

#define PEOPLE_SIZE 64 /* bytes that any of these needs */

/* With `decimals` digits after the point: "−1.250". Numbers too large for that go to powers of ten.
 */
void orl_people_fixed(char out[PEOPLE_SIZE], double value, int decimals);
/* The same for numbers of up to 12 digits before the point: "1000000001.5". */
void orl_people_plain(char out[PEOPLE_SIZE], double value, int decimals);
/* As a mantissa with `digits` significant digits and a power of ten: "3.35×10⁻³"; 0 is "0". */
void orl_people_power(char out[PEOPLE_SIZE], double value, int digits);
/* With `digits` significant digits, as a plain number from 0.001 to 99,999, else as a power of ten:
 * "24.3", "0.0210", "3.35×10⁻⁷".
 */
void orl_people_figures(char out[PEOPLE_SIZE], double value, int digits);
/* Whichever reads better for a value that stands alone: "0.01", "8×10⁶", "−2.5". */
void orl_people_short(char out[PEOPLE_SIZE], double value);
/* 10 to a whole power: "10⁻³"; 10^0 is "1", 10^1 "10". */
void orl_people_decade(char out[PEOPLE_SIZE], int exponent);
/* A count with thin spaces between thousands from 10,000 on: "5000", "12 500". */
void orl_people_count(char out[PEOPLE_SIZE], int64_t count);

#endif
