/* Formulas: from tokens to the tree, by operator precedence (Dijkstra 1961), with stacks of our
 * own: no input makes it recurse. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "model/formula.h"

enum { PENDING_PAREN, PENDING_CALL, PENDING_UNARY, PENDING_BINARY };

/* Something begun and not yet complete: an open parenthesis, a call, an operator that waits for its
 * right operand. */
struct pending {
    int kind;
    enum orl_op op;     /* ORL_OP_COUNT for unary plus */
    int precedence;     /* of operators */
    size_t function;    /* of calls: index in orl_functions */
    unsigned arguments; /* of calls: seen so far */
    size_t offset, length;
};

struct parser {
    const char *text;
    size_t length, at;
    const struct orl_limits *limits;
    struct orl_formula *formula;
    struct orl_formula_error *error;
    struct orl_token token, last; /* the token at hand and the one before it */
    struct pending *pending;      /* owned */
    size_t pending_count, pending_capacity;
    uint32_t *operands; /* owned: finished operands, as node indices */
    size_t operand_count, operand_capacity;
    uint64_t depth;
};

static int precedence_of(char sign)
{
    return sign == '+' || sign == '-' ? 1 : sign == '^' ? 4 : 2; /* unary operators have 3 */
}

static enum orl_op binary_op(char sign)
{
    return sign == '+'   ? ORL_OP_ADD
           : sign == '-' ? ORL_OP_SUB
           : sign == '*' ? ORL_OP_MUL
           : sign == '/' ? ORL_OP_DIV
                         : ORL_OP_POW;
}

static bool counts_for_depth(const struct pending *p)
{
    return p->kind != PENDING_BINARY || p->op == ORL_OP_POW;
}

static int push_pending(struct parser *p, const struct pending *item)
{
    if (counts_for_depth(item) && ++p->depth > p->limits->formula_depth)
        return orl_formula_refuse(p->error, item->offset, item->length,
                                  "the limit is --max-formula-depth",
                                  "the formula is nested more than %llu levels deep",
                                  (unsigned long long)p->limits->formula_depth);
    if (!orl_reserve((void **)&p->pending, &p->pending_capacity, p->pending_count + 1,
                     sizeof *p->pending))
        return ORL_ENOMEM;
    p->pending[p->pending_count++] = *item;
    return ORL_OK;
}

static struct pending *top(struct parser *p)
{
    return p->pending_count ? &p->pending[p->pending_count - 1] : NULL;
}

static void pop_pending(struct parser *p)
{
    if (counts_for_depth(top(p)))
        p->depth--;
    p->pending_count--;
}

/* Append a node and make it the newest operand. */
static int push_node(struct parser *p, const struct orl_node *node)
{
    struct orl_formula *f = p->formula;
    if (f->count >= p->limits->formula_nodes || f->count >= UINT32_MAX)
        return orl_formula_refuse(p->error, node->offset, node->length,
                                  "the limit is --max-formula-nodes",
                                  "the formula has more than %llu numbers, names and operations",
                                  (unsigned long long)p->limits->formula_nodes);
    if (p->operand_count >= ORL_OPERANDS_MAX)
        return orl_formula_refuse(p->error, node->offset, node->length, NULL,
                                  "the formula is nested too deeply");
    if (!orl_reserve((void **)&f->nodes, &f->capacity, f->count + 1, sizeof *f->nodes) ||
        !orl_reserve((void **)&p->operands, &p->operand_capacity, p->operand_count + 1,
                     sizeof *p->operands))
        return ORL_ENOMEM;
    p->operands[p->operand_count++] = (uint32_t)f->count;
    f->nodes[f->count++] = *node;
    return ORL_OK;
}

/* Complete the topmost operator or call: take its operands, give its node. */
static int complete(struct parser *p)
{
    struct pending item = *top(p);
    pop_pending(p);
    if (item.kind == PENDING_PAREN ||
        item.op == ORL_OP_COUNT) /* parentheses and unary plus leave no trace */
        return ORL_OK;
    struct orl_node node = {
        .op = (uint8_t)item.op, .offset = (uint32_t)item.offset, .length = (uint32_t)item.length};
    if (orl_op_arguments(item.op) == 2)
        node.b = p->operands[--p->operand_count];
    node.a = p->operands[--p->operand_count];
    return push_node(p, &node);
}

/* Complete what binds tighter than an operator of this precedence (or as tight, for
 * left-associative ones). */
static int complete_above(struct parser *p, int precedence, bool right_associative)
{
    int ret = ORL_OK;
    while (ret == ORL_OK && top(p) && top(p)->kind >= PENDING_UNARY &&
           (top(p)->precedence > precedence ||
            (top(p)->precedence == precedence && !right_associative)))
        ret = complete(p);
    return ret;
}

static int advance(struct parser *p)
{
    p->last = p->token;
    return orl_token_next(p->text, p->length, &p->at, &p->token, p->error);
}

static int name_index(struct parser *p, uint32_t *index)
{
    struct orl_formula *f = p->formula;
    const char *name = p->text + p->token.offset;
    size_t length = p->token.length;
    for (*index = 0; *index < f->name_count; ++*index)
        if (f->names[*index].length == length && memcmp(f->names[*index].text, name, length) == 0)
            return ORL_OK;
    if (!orl_reserve((void **)&f->names, &f->name_capacity, f->name_count + 1, sizeof *f->names))
        return ORL_ENOMEM;
    char *copy = orl_strndup(name, length);
    if (!copy)
        return ORL_ENOMEM;
    f->names[f->name_count++] = (struct orl_formula_name){copy, length, p->token.offset};
    return ORL_OK;
}

static bool is_not_finite_word(const char *name, size_t length)
{
    return (length == 3 &&
            (strncasecmp(name, "nan", 3) == 0 || strncasecmp(name, "inf", 3) == 0)) ||
           (length == 8 && strncasecmp(name, "infinity", 8) == 0);
}

/* What functions of other programs are called here. */
static const char *foreign_hint(const char *word)
{
    static const char *const names[][2] = {
        {"ln", "log is the natural logarithm"},
        {"lg", "log10 is the logarithm to base 10"},
        {"log_10", "log10 is the logarithm to base 10"},
        {"sech", "sech(x) is 1/cosh(x)"},
        {"csch", "csch(x) is 1/sinh(x)"},
        {"coth", "coth(x) is 1/tanh(x)"},
        {"sec", "sec(x) is 1/cos(x)"},
        {"csc", "csc(x) is 1/sin(x)"},
        {"cot", "cot(x) is 1/tan(x)"},
        {"arcsin", "it is called asin"},
        {"arccos", "it is called acos"},
        {"arctan", "it is called atan"},
        {"arctan2", "it is called atan2"},
        {"power", "a power is written x^n"},
        {"square", "a square is written x^2"},
        {"fabs", "it is called abs"},
        {"expit", "it is called sigmoid"},
        {"logistic", "it is called sigmoid"},
        {"step", "the step function is heaviside"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(names[i][0], word) == 0)
            return names[i][1];
    return NULL;
}

static int begin_call(struct parser *p)
{
    const char *name = p->text + p->token.offset;
    struct pending call = {
        .kind = PENDING_CALL, .arguments = 1, .offset = p->token.offset, .length = p->token.length};
    call.op = orl_op_find(name, p->token.length, &call.function);
    if (call.op == ORL_OP_COUNT) {
        char word[ORL_QUOTE_SIZE], hint[320];
        orl_utf8_quote(word, name, p->token.length);
        const char *foreign = foreign_hint(word), *near = orl_suggest(word, orl_function_names);
        if (foreign)
            snprintf(hint, sizeof hint, "%s", foreign);
        else if (near)
            snprintf(hint, sizeof hint, "did you mean '%s'?", near);
        else
            orl_text_bounded(
                hint, sizeof hint,
                "for a product write %s*(...); 'optreel list functions' shows the functions", word);
        return orl_formula_refuse(p->error, p->token.offset, p->token.length, hint,
                                  "there is no function '%s'", word);
    }
    int ret = push_pending(p, &call);
    if (ret == ORL_OK)
        ret = advance(p); /* now at the parenthesis */
    return ret == ORL_OK ? advance(p) : ret;
}

/* A name: a call where a parenthesis follows. *operand tells whether an operand is complete now. */
static int take_name(struct parser *p, bool *operand)
{
    char word[ORL_QUOTE_SIZE];
    size_t next = p->at;
    const char *name = p->text + p->token.offset;
    while (next < p->length && strchr(" \t\r\n", p->text[next]) && p->text[next])
        next++;
    if (next < p->length && p->text[next] == '(')
        return begin_call(p);
    if (p->token.length > p->limits->name_bytes)
        return orl_formula_refuse(p->error, p->token.offset, p->token.length, NULL,
                                  "a name of %zu bytes; at most %llu are allowed", p->token.length,
                                  (unsigned long long)p->limits->name_bytes);
    if (is_not_finite_word(name, p->token.length))
        return orl_formula_refuse(p->error, p->token.offset, p->token.length, NULL,
                                  "'%s' is neither a finite number nor a name",
                                  orl_utf8_quote(word, name, p->token.length));
    struct orl_node node = {.op = ORL_OP_NAME,
                            .offset = (uint32_t)p->token.offset,
                            .length = (uint32_t)p->token.length};
    int ret = name_index(p, &node.a);
    if (ret == ORL_OK)
        ret = push_node(p, &node);
    *operand = true;
    return ret == ORL_OK ? advance(p) : ret;
}

static int refuse_arguments(struct parser *p, const struct pending *call, unsigned count)
{
    const struct orl_function_desc *f = &orl_functions[call->function];
    bool base = count > 1 && strcmp(f->name, "log") == 0;
    return orl_formula_refuse(
        p->error, call->offset, call->length,
        base ? "log10(x) is to base 10, log2(x) to base 2, log(x)/log(b) to any other" : NULL,
        "%s takes %u argument%s, not %s%u", f->name, f->arguments, f->arguments == 1 ? "" : "s",
        count > f->arguments ? "at least " : "", count);
}

/* Where an operand is wanted and something else stands. */
static int refuse_operand(struct parser *p)
{
    const struct orl_token *t = &p->token, *last = &p->last;
    bool after_open = last->kind == ORL_TOKEN_SIGN && last->sign == '(';
    if (t->kind == ORL_TOKEN_END && p->formula->count == 0 && p->pending_count == 0)
        return orl_formula_refuse(p->error, 0, 0, NULL, "the formula is empty");
    if (t->kind == ORL_TOKEN_END)
        return orl_formula_refuse(
            p->error, last->offset, last->length, NULL,
            "the formula ends after '%c', where a number, a name or a '(' is wanted", last->sign);
    if (t->sign == ')' && after_open && top(p)->kind == PENDING_CALL)
        return refuse_arguments(p, top(p), 0);
    if (t->sign == ')' && after_open)
        return orl_formula_refuse(p->error, last->offset, t->offset + 1 - last->offset, NULL,
                                  "empty parentheses");
    if (last->kind == ORL_TOKEN_SIGN)
        return orl_formula_refuse(
            p->error, t->offset, 1,
            t->sign == '/' && last->sign == '/' ? "use floor(a/b) for a whole quotient" : NULL,
            "'%c' follows '%c', where a number, a name or a '(' is wanted", t->sign, last->sign);
    return orl_formula_refuse(p->error, t->offset, 1, NULL, "the formula begins with '%c'",
                              t->sign);
}

static int take_operand(struct parser *p, bool *operand)
{
    const struct orl_token *t = &p->token;
    int ret;
    if (t->kind == ORL_TOKEN_NAME)
        return take_name(p, operand);
    if (t->kind == ORL_TOKEN_NUMBER) {
        struct orl_node node = {.op = ORL_OP_NUMBER,
                                .offset = (uint32_t)t->offset,
                                .length = (uint32_t)t->length,
                                .number = t->number};
        ret = push_node(p, &node);
        *operand = true;
        return ret == ORL_OK ? advance(p) : ret;
    }
    struct pending item = {.offset = t->offset, .length = t->length};
    if (t->kind == ORL_TOKEN_SIGN && t->sign == '(') {
        item.kind = PENDING_PAREN;
    } else if (t->kind == ORL_TOKEN_SIGN && (t->sign == '-' || t->sign == '+')) {
        item.kind = PENDING_UNARY;
        item.op = t->sign == '-' ? ORL_OP_NEG : ORL_OP_COUNT;
        item.precedence = 3;
    } else {
        return refuse_operand(p);
    }
    ret = push_pending(p, &item);
    return ret == ORL_OK ? advance(p) : ret;
}

static int take_close(struct parser *p)
{
    int ret = complete_above(p, 0, false);
    if (ret != ORL_OK)
        return ret;
    if (!top(p))
        return orl_formula_refuse(p->error, p->token.offset, 1, NULL, "')' without '(' before it");
    if (top(p)->kind == PENDING_CALL &&
        top(p)->arguments != orl_functions[top(p)->function].arguments)
        return refuse_arguments(p, top(p), top(p)->arguments);
    ret = complete(p);
    return ret == ORL_OK ? advance(p) : ret;
}

static int take_comma(struct parser *p, bool *operand)
{
    int ret = complete_above(p, 0, false);
    if (ret != ORL_OK)
        return ret;
    if (!top(p) || top(p)->kind != PENDING_CALL)
        return orl_formula_refuse(p->error, p->token.offset, 1, "the decimal mark is '.'",
                                  "',' stands outside of a function's arguments");
    if (++top(p)->arguments > orl_functions[top(p)->function].arguments)
        return refuse_arguments(p, top(p), top(p)->arguments);
    *operand = false;
    return advance(p);
}

static int refuse_juxtaposition(struct parser *p)
{
    const struct orl_token *t = &p->token, *last = &p->last;
    const char *previous = p->text + last->offset;
    size_t index;
    char hint[320] = "a product is written with '*'", before[ORL_QUOTE_SIZE], here[ORL_QUOTE_SIZE];
    orl_utf8_quote(before, previous, last->length);
    orl_utf8_quote(here, p->text + t->offset, t->length);
    if (last->kind == ORL_TOKEN_NAME && orl_op_find(previous, last->length, &index) != ORL_OP_COUNT)
        snprintf(hint, sizeof hint, "a function's argument stands in parentheses: %s(...)",
                 orl_functions[index].name);
    else if (last->kind != ORL_TOKEN_SIGN)
        orl_text_bounded(hint, sizeof hint, "a product is written with '*': %s*%s", before, here);
    return orl_formula_refuse(p->error, t->offset, t->length, hint,
                              "an operator is missing before '%s'", here);
}

static int take_operator(struct parser *p, bool *operand)
{
    const struct orl_token *t = &p->token;
    if (t->kind != ORL_TOKEN_SIGN || t->sign == '(')
        return refuse_juxtaposition(p);
    if (t->sign == ')')
        return take_close(p);
    if (t->sign == ',')
        return take_comma(p, operand);
    struct pending item = {.kind = PENDING_BINARY,
                           .op = binary_op(t->sign),
                           .precedence = precedence_of(t->sign),
                           .offset = t->offset,
                           .length = t->length};
    int ret = complete_above(p, item.precedence, t->sign == '^');
    if (ret == ORL_OK)
        ret = push_pending(p, &item);
    *operand = false;
    return ret == ORL_OK ? advance(p) : ret;
}

static int parse(struct parser *p)
{
    char word[ORL_QUOTE_SIZE];
    bool operand = false; /* an operand is complete: an operator may follow */
    int ret = advance(p);
    while (ret == ORL_OK && !(operand && p->token.kind == ORL_TOKEN_END))
        ret = operand ? take_operator(p, &operand) : take_operand(p, &operand);
    if (ret == ORL_OK)
        ret = complete_above(p, 0, false);
    if (ret == ORL_OK && top(p))
        return orl_formula_refuse(
            p->error, top(p)->offset, top(p)->length, NULL, "'%s' is not closed by ')'",
            orl_utf8_quote(word, p->text + top(p)->offset,
                           top(p)->kind == PENDING_CALL ? top(p)->length : 1));
    return ret;
}

int orl_formula_parse(const char *text, size_t length, const struct orl_limits *limits,
                      struct orl_formula **out, struct orl_formula_error *error)
{
    *out = NULL;
    if (error)
        *error = (struct orl_formula_error){0};
    if (length > limits->formula_bytes || length > INT32_MAX)
        return orl_formula_refuse(error, 0, 0, "the limit is --max-formula-bytes",
                                  "a formula of %zu bytes; at most %llu are allowed", length,
                                  (unsigned long long)limits->formula_bytes);
    struct orl_formula *formula = orl_calloc(1, sizeof *formula);
    if (!formula)
        return ORL_ENOMEM;
    struct parser p = {.length = length, .limits = limits, .formula = formula, .error = error};
    formula->length = length;
    p.text = formula->text = orl_strndup(text, length);
    int ret = formula->text ? parse(&p) : ORL_ENOMEM;
    free(p.pending);
    free(p.operands);
    if (ret != ORL_OK)
        orl_formula_destroy(&formula);
    *out = formula;
    return ret;
}
