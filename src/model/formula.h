/* The inside of a formula, for the files of this room. */
#ifndef ORL_MODEL_FORMULA_H
#define ORL_MODEL_FORMULA_H

#include "model/ops.h"
#include "optreel/model.h"

enum {
    ORL_NUMBER_BYTES =
        1100, /* of one literal: the longest exact decimal form of a double has 1,077 characters */
    ORL_OPERANDS_MAX = 1024, /* values that an evaluation holds at once, whatever the limits say */
};

/* A node of the tree. Operands stand before their node, the root is the last: walking the array is
 * walking the tree bottom-up. */
struct orl_node {
    uint8_t op;
    uint32_t a, b;           /* operands; for ORL_OP_NAME `a` is the index of the name */
    uint32_t offset, length; /* the token it came from, in bytes of the text */
    double number;           /* of ORL_OP_NUMBER */
};

struct orl_formula_name {
    char *text; /* owned */
    size_t length, offset;
};

struct orl_formula {
    char *text; /* owned */
    size_t length;
    struct orl_node *nodes; /* owned: the arena */
    size_t count, capacity;
    struct orl_formula_name *names; /* owned */
    size_t name_count, name_capacity;
};

/* Tokens. */
enum orl_token_kind { ORL_TOKEN_END, ORL_TOKEN_NUMBER, ORL_TOKEN_NAME, ORL_TOKEN_SIGN };

struct orl_token {
    enum orl_token_kind kind;
    char sign; /* of ORL_TOKEN_SIGN: one of + - * / ^ ( ) , */
    size_t offset, length;
    double number;
};

/* Read the token at or after `*at` and move past it. ORL_EINPUT with *error filled for what is
 * none. */
int orl_token_next(const char *text, size_t length, size_t *at, struct orl_token *token,
                   struct orl_formula_error *error);

/* Fill *error and return ORL_EINPUT. `hint` may be NULL. Long texts are cut between characters. */
int orl_formula_refuse(struct orl_formula_error *error, size_t offset, size_t length,
                       const char *hint, const char *format, ...) ORL_PRINTF(5, 6);

/* The English name of a greek letter ("alpha" for U+03B1), or NULL. Static. */
const char *orl_greek_name(uint32_t code_point);

#endif
