/* Formulas and names as people write them. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/formula.h"

struct greek {
    const char *name;
    uint32_t letter;
};

static const struct greek greek[] = {
    {"alpha", 0x3b1},  {"beta", 0x3b2},  {"gamma", 0x3b3},  {"delta", 0x3b4}, {"epsilon", 0x3b5},
    {"zeta", 0x3b6},   {"eta", 0x3b7},   {"theta", 0x3b8},  {"iota", 0x3b9},  {"kappa", 0x3ba},
    {"lambda", 0x3bb}, {"mu", 0x3bc},    {"nu", 0x3bd},     {"xi", 0x3be},    {"omicron", 0x3bf},
    {"pi", 0x3c0},     {"rho", 0x3c1},   {"sigma", 0x3c3},  {"tau", 0x3c4},   {"upsilon", 0x3c5},
    {"phi", 0x3c6},    {"chi", 0x3c7},   {"psi", 0x3c8},    {"omega", 0x3c9}, {"Gamma", 0x393},
    {"Delta", 0x394},  {"Theta", 0x398}, {"Lambda", 0x39b}, {"Xi", 0x39e},    {"Pi", 0x3a0},
    {"Sigma", 0x3a3},  {"Phi", 0x3a6},   {"Psi", 0x3a8},    {"Omega", 0x3a9},
};

static const char *const superscripts[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
static const char *const subscripts[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};

const char *orl_greek_name(uint32_t code_point)
{
    for (size_t i = 0; i < ORL_COUNT(greek); i++)
        if (greek[i].letter == code_point)
            return greek[i].name;
    return NULL;
}

/* The letter of an English name; 0 where it is none. */
static uint32_t greek_letter(const char *name, size_t length)
{
    for (size_t i = 0; i < ORL_COUNT(greek); i++)
        if (strlen(greek[i].name) == length && memcmp(greek[i].name, name, length) == 0)
            return greek[i].letter;
    return 0;
}

/* The greek letter of a name such as alpha, alpha2 or alpha_2, and where its digits begin; 0 where
 * it is none. */
static uint32_t split_greek(const char *name, size_t length, size_t *digits)
{
    size_t end = length;
    while (end > 0 && name[end - 1] >= '0' && name[end - 1] <= '9')
        end--;
    *digits = end;
    if (end > 0 && end < length && name[end - 1] == '_')
        end--;
    return greek_letter(name, end);
}

static void put_name(struct orl_text *out, const char *name, size_t length)
{
    size_t digits;
    uint32_t letter = split_greek(name, length, &digits);
    if (!letter) {
        orl_text_append(out, name, length);
        return;
    }
    orl_text_printf(out, "%c%c", (int)(0xc0 | letter >> 6), (int)(0x80 | (letter & 0x3f)));
    for (size_t i = digits; i < length; i++)
        orl_text_puts(out, subscripts[name[i] - '0']);
}

char *orl_name_pretty(const char *name)
{
    struct orl_text text = {0};
    put_name(&text, name, strlen(name));
    return orl_text_take(&text);
}

static void put_superscript(struct orl_text *out, const char *digits, size_t length, bool negative)
{
    if (negative)
        orl_text_puts(out, "⁻");
    for (size_t i = 0; i < length; i++)
        orl_text_puts(out, superscripts[digits[i] - '0']);
}

/* ---- Numbers --------------------------------------------------------------------------------- */

/* The parts of a literal: [mantissa]e[-][exponent digits]. */
struct literal {
    const char *mantissa, *exponent;
    size_t mantissa_length, exponent_length;
    bool negative;
};

static struct literal split_literal(const struct orl_formula *f, const struct orl_node *node)
{
    const char *text = f->text + node->offset;
    struct literal l = {.mantissa = text};
    while (l.mantissa_length < node->length && text[l.mantissa_length] != 'e' &&
           text[l.mantissa_length] != 'E')
        l.mantissa_length++;
    size_t i = l.mantissa_length + 1;
    if (i >= node->length)
        return l;
    l.negative = text[i] == '-';
    if (text[i] == '-' || text[i] == '+')
        i++;
    while (i + 1 < node->length && text[i] == '0')
        i++;
    l.exponent = text + i;
    l.exponent_length = node->length - i;
    return l;
}

static bool is_one(const struct literal *l)
{
    return (l->mantissa_length == 1 && l->mantissa[0] == '1') ||
           (l->mantissa_length >= 2 && memcmp(l->mantissa, "1.", 2) == 0 &&
            strspn(l->mantissa + 2, "0") >= l->mantissa_length - 2);
}

static void put_number(struct orl_text *out, const struct orl_formula *f,
                       const struct orl_node *node)
{
    struct literal l = split_literal(f, node);
    if (!l.exponent) {
        orl_text_append(out, l.mantissa, l.mantissa_length);
        return;
    }
    if (!is_one(&l)) {
        orl_text_append(out, l.mantissa, l.mantissa_length);
        orl_text_puts(out, "·");
    }
    orl_text_puts(out, "10");
    put_superscript(out, l.exponent, l.exponent_length, l.negative);
}

/* ---- Trees ----------------------------------------------------------------------------------- */

enum { LEVEL_SUM = 1, LEVEL_PRODUCT, LEVEL_UNARY, LEVEL_POWER, LEVEL_ATOM };

/* Whether `node` is a whole number without sign, as an exponent on high. */
static bool is_whole_literal(const struct orl_formula *f, const struct orl_node *node)
{
    return node->op == ORL_OP_NUMBER &&
           strspn(f->text + node->offset, "0123456789") >= node->length;
}

static bool is_superscript(const struct orl_formula *f, const struct orl_node *exponent)
{
    return is_whole_literal(f, exponent) ||
           (exponent->op == ORL_OP_NEG && is_whole_literal(f, &f->nodes[exponent->a]));
}

/* 2.5·10³ is a product, 10³ a power. */
static int number_level(const struct orl_formula *f, const struct orl_node *node)
{
    struct literal l = split_literal(f, node);
    return !l.exponent ? LEVEL_ATOM : is_one(&l) ? LEVEL_POWER : LEVEL_PRODUCT;
}

static int level_of(const struct orl_formula *f, const struct orl_node *node)
{
    switch (node->op) {
    case ORL_OP_ADD:
    case ORL_OP_SUB:
        return LEVEL_SUM;
    case ORL_OP_MUL:
    case ORL_OP_DIV:
        return LEVEL_PRODUCT;
    case ORL_OP_NEG:
        return LEVEL_UNARY;
    case ORL_OP_POW:
        return LEVEL_POWER;
    case ORL_OP_NUMBER:
        return number_level(f, node);
    default:
        return LEVEL_ATOM;
    }
}

/* How one end of a factor looks, which decides whether two factors may stand side by side. */
enum edge { EDGE_NUMBER, EDGE_LETTER, EDGE_WORD, EDGE_PAREN, EDGE_OTHER };

static enum edge name_edge(const struct orl_formula *f, const struct orl_node *node)
{
    size_t digits;
    return node->length == 1 || split_greek(f->text + node->offset, node->length, &digits)
               ? EDGE_LETTER
               : EDGE_WORD;
}

/* The last character of the left factor, the first of the right one. `node` is not within
 * parentheses of its own. */
static enum edge edge_of(const struct orl_formula *f, const struct orl_node *node, bool right_end)
{
    for (;;) {
        switch (node->op) {
        case ORL_OP_NUMBER:
            return EDGE_NUMBER;
        case ORL_OP_NAME:
            return name_edge(f, node);
        case ORL_OP_ADD:
        case ORL_OP_SUB:
        case ORL_OP_DIV:
            return EDGE_PAREN;
        case ORL_OP_NEG:
            if (!right_end)
                return EDGE_PAREN;
            node = &f->nodes[node->a];
            break;
        case ORL_OP_MUL:
            node = &f->nodes[right_end ? node->b : node->a];
            break;
        case ORL_OP_POW:
            if (right_end && !is_superscript(f, &f->nodes[node->b]))
                return EDGE_OTHER;
            if (level_of(f, &f->nodes[node->a]) < LEVEL_ATOM)
                return EDGE_PAREN;
            node = &f->nodes[node->a];
            break;
        default:
            return EDGE_OTHER;
        }
    }
}

static bool may_touch(enum edge left, enum edge right)
{
    if (right == EDGE_LETTER)
        return left == EDGE_NUMBER || left == EDGE_LETTER || left == EDGE_PAREN;
    return right == EDGE_PAREN && (left == EDGE_NUMBER || left == EDGE_PAREN);
}

/* What is still to be written: a text, or a node. Trees can be thousands of nodes deep to the left,
 * so no recursion. */
struct task {
    const char *text;
    const struct orl_node *node;
};

struct printer {
    const struct orl_formula *f;
    struct orl_text out;
    struct task *tasks; /* owned: the topmost is next */
    size_t count, capacity;
};

static void push_text(struct printer *p, const char *text)
{
    if (!orl_reserve((void **)&p->tasks, &p->capacity, p->count + 1, sizeof *p->tasks)) {
        p->out.failed = true;
        return;
    }
    p->tasks[p->count++] = (struct task){.text = text};
}

static void push_node(struct printer *p, uint32_t index, bool parentheses)
{
    if (parentheses)
        push_text(p, ")");
    push_text(p, NULL);
    if (!p->out.failed)
        p->tasks[p->count - 1].node = &p->f->nodes[index];
    if (parentheses)
        push_text(p, "(");
}

static void print_product(struct printer *p, const struct orl_node *node)
{
    const struct orl_node *a = &p->f->nodes[node->a], *b = &p->f->nodes[node->b];
    bool divide = node->op == ORL_OP_DIV;
    bool a_paren = level_of(p->f, a) < LEVEL_PRODUCT || (!divide && a->op == ORL_OP_DIV);
    bool b_paren =
        divide ? level_of(p->f, b) < LEVEL_POWER
               : level_of(p->f, b) == LEVEL_SUM || b->op == ORL_OP_NEG || b->op == ORL_OP_DIV;
    push_node(p, node->b, b_paren);
    if (divide)
        push_text(p, "/");
    else if (!may_touch(a_paren ? EDGE_PAREN : edge_of(p->f, a, true),
                        b_paren ? EDGE_PAREN : edge_of(p->f, b, false)))
        push_text(p, "·");
    push_node(p, node->a, a_paren);
}

static void print_power(struct printer *p, const struct orl_node *node)
{
    const struct orl_node *base = &p->f->nodes[node->a], *exponent = &p->f->nodes[node->b];
    if (is_superscript(p->f, exponent)) {
        /* Written now, after the base: a text task of its own would need memory for the digits. */
        push_text(p, NULL);
        if (!p->out.failed)
            p->tasks[p->count - 1] = (struct task){.text = "^", .node = exponent};
    } else {
        push_node(p, node->b, level_of(p->f, exponent) < LEVEL_ATOM);
        push_text(p, "^");
    }
    push_node(p, node->a, level_of(p->f, base) < LEVEL_ATOM);
}

static void print_call(struct printer *p, const struct orl_node *node)
{
    bool bars = node->op == ORL_OP_ABS;
    push_text(p, bars ? "|" : ")");
    if (orl_op_arguments(node->op) == 2) {
        push_node(p, node->b, false);
        push_text(p, ", ");
    }
    push_node(p, node->a, false);
    push_text(p, bars ? "|" : "(");
    if (!bars)
        push_text(p, node->op == ORL_OP_SQRT ? "√" : orl_op_name(node->op));
}

static void print_node(struct printer *p, const struct orl_node *node)
{
    switch (node->op) {
    case ORL_OP_NUMBER:
        put_number(&p->out, p->f, node);
        break;
    case ORL_OP_NAME:
        put_name(&p->out, p->f->text + node->offset, node->length);
        break;
    case ORL_OP_ADD:
    case ORL_OP_SUB: {
        const struct orl_node *b = &p->f->nodes[node->b];
        push_node(p, node->b,
                  b->op == ORL_OP_NEG ||
                      (node->op == ORL_OP_SUB && level_of(p->f, b) == LEVEL_SUM));
        push_text(p, node->op == ORL_OP_ADD ? " + " : " − ");
        push_node(p, node->a, false);
        break;
    }
    case ORL_OP_MUL:
    case ORL_OP_DIV:
        print_product(p, node);
        break;
    case ORL_OP_NEG:
        push_node(p, node->a,
                  level_of(p->f, &p->f->nodes[node->a]) <= LEVEL_UNARY &&
                      p->f->nodes[node->a].op != ORL_OP_NUMBER);
        push_text(p, "−");
        break;
    case ORL_OP_POW:
        print_power(p, node);
        break;
    default:
        print_call(p, node);
    }
}

static void print_exponent(struct printer *p, const struct orl_node *node)
{
    bool negative = node->op == ORL_OP_NEG;
    const struct orl_node *digits = negative ? &p->f->nodes[node->a] : node;
    put_superscript(&p->out, p->f->text + digits->offset, digits->length, negative);
}

char *orl_formula_pretty(const struct orl_formula *formula)
{
    struct printer p = {.f = formula};
    push_node(&p, (uint32_t)(formula->count - 1), false);
    while (p.count && !p.out.failed) {
        struct task task = p.tasks[--p.count];
        if (task.text && task.node)
            print_exponent(&p, task.node);
        else if (task.text)
            orl_text_puts(&p.out, task.text);
        else
            print_node(&p, task.node);
    }
    free(p.tasks);
    return orl_text_take(&p.out);
}
