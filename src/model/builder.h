/* Making a tape: nodes are added one by one, equal ones once, constants are computed at once. */
#ifndef ORL_MODEL_BUILDER_H
#define ORL_MODEL_BUILDER_H

#include "model/tape.h"

enum { ORL_TAPE_NODES_MAX = 1 << 16 }; /* of a derivative: more is refused */

struct tape_builder {
    struct orl_tape *tape;
    const struct tape_names *names;
    uint32_t *slots; /* owned: hash table of node numbers + 1; 0: free */
    size_t slot_mask;
    bool failed; /* memory is short, or there are too many nodes; node numbers are then 0 */
};

/* The number of a node like `n`: that of an equal node where there is one, else a new one. */
uint32_t orl_tape_add(struct tape_builder *b, struct tape_node n);
/* The node of a constant. */
uint32_t orl_tape_number(struct tape_builder *b, double number);
/* An operation; constant operands are computed now. `second` equals `first` for one operand. */
uint32_t orl_tape_op(struct tape_builder *b, enum orl_op op, uint32_t first, uint32_t second);
/* The partial derivative of node `root` by a parameter, as nodes: the rules of differentiation,
 * applied to what is there. */
uint32_t orl_tape_derive(struct tape_builder *b, uint32_t root, size_t parameter);

#endif
