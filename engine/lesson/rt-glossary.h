/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words of the trade, one sentence each, and the symptoms that lessons explain. */
#pragma once

#include "rt-error.h"

G_BEGIN_DECLS

const char *rt_glossary_get (const char *term);
const char *const *rt_glossary_get_terms (guint *ret_n);

/**
 * RtSymptom:
 * @name: as the front matter has it
 * @title: what people say who have it
 * @first_check: what to look at first
 */
typedef struct
{
  const char *name, *title, *first_check;
} RtSymptom;

const RtSymptom *rt_symptoms (guint *ret_n);
const RtSymptom *rt_symptom_find (const char *name);

G_END_DECLS
