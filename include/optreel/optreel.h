/* liboptreel: all of it.
 *
 *     experiment  an experiment file, or its text, to a checked plan          optreel/experiment.h
 *     batch       the plan to films and a report, by worker processes         optreel/batch.h
 *     trace       a run of an optimizer on a problem                          optreel/trace.h
 *     logs        training logs of other programs, as traces                  optreel/logs.h
 *     scene       traces to frames in plain numbers                           optreel/scene.h
 *     draw        frames to pixels, PNG and vector pages                      optreel/draw.h
 *     encode      pixels to films                                             optreel/encode.h
 *     report      results to summary.json and index.html                      optreel/report.h
 *     tables      what there is: optimizers, panels, formats, presets, ...    optreel/tables.h
 *
 * Functions that can fail return ORL_OK or a negative enum orl_code and fill a struct orl_error.
 * What a function makes is released with the function named beside it; text that goes in is
 * borrowed for the call unless its header says otherwise. Nothing here prints or exits. A host
 * calls its own main program: workers are processes of the installed `optreel`. */
#ifndef OPTREEL_OPTREEL_H
#define OPTREEL_OPTREEL_H

#include "optreel/batch.h"
#include "optreel/encode.h"
#include "optreel/experiment.h"
#include "optreel/logs.h"
#include "optreel/report.h"
#include "optreel/tables.h"

#endif
