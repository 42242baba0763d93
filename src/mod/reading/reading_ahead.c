/* What kind of token it is, and what stands behind it in its clause. */
#include "mod/reading/reading_line.h"

bool tok_is_word(const struct tok *t, enum word w)
{
	return t->kind == TOK_WORD && t->word == w;
}

bool tok_is_name(const struct tok *t)
{
	return t->kind == TOK_GOODS || t->kind == TOK_UNKNOWN || t->kind == TOK_LETTERS || t->kind == TOK_EMOJI ||
	       t->kind == TOK_FOOD;
}

bool tok_is_count(const struct tok *t)
{
	return t->kind == TOK_AMOUNT || t->kind == TOK_NUMBER;
}

bool tok_is_sep(const struct tok *t, int strength)
{
	return t->kind == TOK_END || (t->kind == TOK_SEP && t->strength >= strength);
}

/* The end of the clause: the next comma or more. */
size_t parser_clause_end(const struct parser *p, size_t k)
{
	return p->bounds[k].clause_end;
}

size_t parser_over_fillers(const struct parser *p, size_t k)
{
	while (tok_is_word(&p->toks[k], W_FILL) || tok_is_word(&p->toks[k], W_MERCY))
		k++;
	return k;
}

size_t parser_over_blanks(const struct parser *p, size_t k)
{
	while (p->toks[k].kind == TOK_SEP && p->toks[k].strength == SEP_BLANK)
		k++;
	return k;
}

size_t parser_over_both(const struct parser *p, size_t k)
{
	size_t was;

	do {
		was = k;
		k = parser_over_fillers(p, parser_over_blanks(p, k));
	} while (k != was);
	return k;
}

bool parser_clause_has(const struct parser *p, size_t k, enum word w)
{
	for (size_t end = parser_clause_end(p, k); k < end; k++)
		if (tok_is_word(&p->toks[k], w))
			return true;
	return false;
}

bool parser_clause_has_kind(const struct parser *p, size_t k, enum tok_kind kind)
{
	for (size_t end = parser_clause_end(p, k); k < end; k++)
		if (p->toks[k].kind == kind)
			return true;
	return false;
}
