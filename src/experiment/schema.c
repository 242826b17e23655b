/* The JSON Schema (draft 2020-12) of experiment files, from the rows that the parser reads. */
#include "experiment/rows.h"

char *orl_experiment_schema(void)
{
    struct orl_text out = {0};
    struct orl_json j = {.out = &out};
    orl_json_open(&j, '{');
    orl_schema_text(&j, "$schema", "https://json-schema.org/draft/2020-12/schema");
    orl_schema_text(&j, "$id", "urn:optreel:experiment:1");
    orl_schema_text(&j, "title", "optreel experiment");
    orl_schema_map(&j, &orl_experiment_map);
    orl_json_close(&j, '}');
    orl_text_putc(&out, '\n');
    return orl_text_take(&out);
}
