/* xlsx: the first visible sheet of an Excel file, for sheet.c.
 * The package says by its relations where the workbook, and the workbook where sheet, strings and styles are.
 * Every part is parsed while it is inflated, so what is counted against the limits is never held in memory
 * whole. */
#include "app/grid.h"
#include "app/xlsx_value.h"
#include "base/buf.h"

#include <expat.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#define ENTRIES_MAX  1000
#define RATIO_MAX    100
#define RATIO_FREE   (256 * 1024) /* small parts may be as compressible as they like */
#define DEPTH_MAX    64
#define STYLES_MAX   65536
#define MERGES_MAX   10000
#define CHUNK        16384
#define NS_SEPARATOR '\n'

struct relation {
	const char *id, *type, *target;
	struct relation *next;
};

struct format {
	long id;
	const char *code;
	struct format *next;
};

struct merge {
	size_t col, from, to;
	struct merge *next;
};

struct xlsx {
	struct grid *g;
	struct ctx *c;
	zip_t *zip;
	XML_Parser parser; /* of the part being read */
	size_t inflated;   /* of all parts so far */
	int depth;
	/* package and workbook */
	const char *dir; /* targets are relative to it */
	struct relation *relations;
	const char *sheet_id;
	bool date_1904;
	/* styles */
	struct format *formats;
	long *style_formats;
	size_t styles_len;
	bool in_styles;
	/* strings */
	const char **strings;
	size_t strings_len;
	/* the sheet */
	size_t row, col; /* row from 1, col from 0, of the current cell */
	size_t next_col;
	enum cell_type type;
	long style;
	struct merge *merges;
	size_t merges_len;
	/* text being collected */
	struct buf text;
	bool collect;
	int phonetic; /* inside rPh: how it is read, not what stands there */
};

typedef void start_fn(struct xlsx *x, const char *name, const char **atts);
typedef void end_fn(struct xlsx *x, const char *name);

struct part {
	const char *spaces[2]; /* namespaces: transitional and strict */
	start_fn *start;
	end_fn *end;
};

/* ---- reading one part ---- */

struct reading {
	struct xlsx *x;
	const struct part *part;
};

static bool broken(struct xlsx *x, const char *what)
{
	if (x->parser)
		XML_StopParser(x->parser, XML_FALSE);
	return fail(x->c, E_INVALID, T_sheet_broken, x->g->filename, what);
}

static void stop_unless(struct xlsx *x, bool good)
{
	if (!good)
		XML_StopParser(x->parser, XML_FALSE);
}

/* The local name if it is in one of the part's namespaces, else NULL: elements of others are not ours to
 * read. */
static const char *local_name(const struct part *part, const char *full)
{
	const char *local = strchr(full, NS_SEPARATOR);

	for (size_t i = 0; local && i < ARRAY_LEN(part->spaces); i++) {
		size_t len = strlen(part->spaces[i]);

		if (len == (size_t)(local - full) && memcmp(part->spaces[i], full, len) == 0)
			return local + 1;
	}
	return NULL;
}

static void on_start(void *data, const XML_Char *full, const XML_Char **atts)
{
	struct reading *r = data;
	const char *name = local_name(r->part, full);

	if (++r->x->depth > DEPTH_MAX)
		broken(r->x, "XML");
	else if (name)
		r->part->start(r->x, name, atts);
}

static void on_end(void *data, const XML_Char *full)
{
	struct reading *r = data;
	const char *name = local_name(r->part, full);

	r->x->depth--;
	if (name && r->part->end)
		r->part->end(r->x, name);
}

static void on_text(void *data, const XML_Char *s, int len)
{
	struct xlsx *x = ((struct reading *)data)->x;

	if (x->collect && x->phonetic == 0)
		buf_add(&x->text, s, (size_t)len);
}

static void on_doctype(void *data, const XML_Char *name, const XML_Char *sys, const XML_Char *pub, int internal)
{
	struct xlsx *x = ((struct reading *)data)->x;

	(void)name, (void)sys, (void)pub, (void)internal;
	stop_unless(x, fail(x->c, E_INVALID, T_sheet_doctype, x->g->filename));
}

static bool within_limits(struct xlsx *x, size_t part_inflated, zip_uint64_t packed)
{
	if (x->inflated > SHEET_BYTES_MAX || (part_inflated > RATIO_FREE && part_inflated / RATIO_MAX > packed))
		return fail(x->c, E_TOO_LARGE, T_sheet_too_large, x->g->filename);
	return true;
}

/* One chunk; *more tells if it was not the last. */
static bool parse_chunk(
	struct xlsx *x, zip_file_t *file, zip_uint64_t packed, const char *path, size_t *total, bool *more)
{
	char chunk[CHUNK];
	zip_int64_t got = zip_fread(file, chunk, sizeof(chunk));

	if (got < 0)
		return broken(x, path);
	*more = got > 0;
	*total += (size_t)got;
	x->inflated += (size_t)got;
	if (!within_limits(x, *total, packed))
		return false;
	if (XML_Parse(x->parser, chunk, (int)got, !*more) != XML_STATUS_OK)
		return broken(x, path);
	return true;
}

static bool parse_entry(struct xlsx *x, zip_file_t *file, zip_uint64_t packed, const char *path)
{
	size_t total = 0;
	bool more = true;

	while (more)
		if (!parse_chunk(x, file, packed, path, &total, &more))
			return false;
	if (x->text.failed)
		return fail(x->c, E_TOO_LARGE, T_sheet_too_large, x->g->filename);
	return ok(x->c);
}

static bool parse_file(struct xlsx *x, zip_file_t *file, zip_uint64_t packed, const char *path, const struct part *part)
{
	struct reading r = { x, part };
	bool good;

	x->parser = XML_ParserCreateNS(NULL, NS_SEPARATOR);
	if (x->parser == NULL)
		return fail(x->c, E_BUSY, T_err_busy);
	x->depth = 0;
	x->collect = false;
	x->phonetic = 0;
	XML_SetUserData(x->parser, &r);
	XML_SetElementHandler(x->parser, on_start, on_end);
	XML_SetCharacterDataHandler(x->parser, on_text);
	XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
	good = parse_entry(x, file, packed, path);
	XML_ParserFree(x->parser);
	x->parser = NULL;
	return good;
}

/* Some writers on Windows put backslashes into the names. */
static zip_int64_t locate(struct xlsx *x, const char *path)
{
	zip_int64_t at = zip_name_locate(x->zip, path, ZIP_FL_NOCASE);
	char *back;

	if (at >= 0)
		return at;
	back = arena_strdup(x->c->arena, path);
	for (char *s = back; (s = strchr(s, '/')) != NULL; s++)
		*s = '\\';
	return zip_name_locate(x->zip, back, ZIP_FL_NOCASE);
}

static bool part_read(struct xlsx *x, const char *path, const struct part *part)
{
	zip_int64_t at = locate(x, path);
	zip_stat_t st;
	zip_file_t *file;
	bool good;

	if (at < 0 || zip_stat_index(x->zip, (zip_uint64_t)at, 0, &st) < 0)
		return broken(x, path);
	file = zip_fopen_index(x->zip, (zip_uint64_t)at, 0);
	if (file == NULL)
		return broken(x, path);
	good = parse_file(x, file, st.comp_size, path, part);
	zip_fclose(file);
	return good;
}

static bool part_there(struct xlsx *x, const char *path)
{
	return locate(x, path) >= 0;
}

static const char *att(const char **atts, const char *name)
{
	for (; *atts; atts += 2)
		if (strcmp(atts[0], name) == 0)
			return atts[1];
	return NULL;
}

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool truth(const char *s)
{
	return s && (is(s, "1") || is(s, "true"));
}

#define MAIN_SPACES                                                                                                    \
	{                                                                                                              \
		"http://schemas.openxmlformats.org/spreadsheetml/2006/main",                                           \
			"http://purl.oclc.org/ooxml/spreadsheetml/main"                                                \
	}
#define RELATION_SPACE "http://schemas.openxmlformats.org/package/2006/relationships"

/* ---- relations: which part is which ---- */

static void relation_start(struct xlsx *x, const char *name, const char **atts)
{
	const char *id = att(atts, "Id"), *type = att(atts, "Type"), *target = att(atts, "Target");
	struct relation *r;

	if (!is(name, "Relationship") || !id || !type || !target)
		return;
	r = ARENA_NEW(x->c->arena, struct relation);
	type = strrchr(type, '/') ? strrchr(type, '/') + 1 : type;
	*r = (struct relation){ arena_strdup(x->c->arena, id), arena_strdup(x->c->arena, type),
		arena_strdup(x->c->arena, target), x->relations };
	x->relations = r;
}

static const struct part relations_part = { { RELATION_SPACE, RELATION_SPACE }, relation_start, NULL };

/* "../a/b.xml" seen from "xl/": "a/b.xml" */
static const char *resolve(struct xlsx *x, const char *target)
{
	size_t dir_len = strlen(x->dir);

	if (*target == '/')
		return target + 1;
	while (strncmp(target, "../", 3) == 0) {
		target += 3;
		if (dir_len > 0)
			dir_len--;
		while (dir_len > 0 && x->dir[dir_len - 1] != '/')
			dir_len--;
	}
	if (strncmp(target, "./", 2) == 0)
		target += 2;
	return arena_printf(x->c->arena, "%.*s%s", (int)dir_len, x->dir, target);
}

/* By type, or by id when one is given; NULL if there is none. */
static const char *related(struct xlsx *x, const char *type, const char *id)
{
	for (const struct relation *r = x->relations; r; r = r->next)
		if (is(r->type, type) && (id == NULL || is(r->id, id)))
			return resolve(x, r->target);
	return NULL;
}

static bool relations_of(struct xlsx *x, const char *path)
{
	const char *base = strrchr(path, '/');

	base = base ? base + 1 : path;
	x->dir = arena_strndup(x->c->arena, path, (size_t)(base - path));
	path = arena_printf(x->c->arena, "%s_rels/%s.rels", x->dir, base);
	x->relations = NULL;
	return !part_there(x, path) || part_read(x, path, &relations_part);
}

/* ---- workbook ---- */

/* A name in the namespace of relations, whose prefix the file may choose. */
static const char *att_relation(const char **atts)
{
	for (; *atts; atts += 2) {
		const char *local = strchr(atts[0], NS_SEPARATOR);

		if (local && is(local + 1, "id"))
			return atts[1];
	}
	return NULL;
}

static void workbook_start(struct xlsx *x, const char *name, const char **atts)
{
	const char *state = att(atts, "state"), *id = att_relation(atts);

	if (is(name, "workbookPr"))
		x->date_1904 = truth(att(atts, "date1904"));
	if (!is(name, "sheet") || x->sheet_id || !id || (state && !is(state, "visible")))
		return;
	if (related(x, "worksheet", id))
		x->sheet_id = arena_strdup(x->c->arena, id);
}

static const struct part workbook_part = { MAIN_SPACES, workbook_start, NULL };

/* ---- styles: which cells are dates ---- */

static void style_add(struct xlsx *x, const char **atts)
{
	const char *id = att(atts, "numFmtId");

	if (x->styles_len == STYLES_MAX) {
		broken(x, "styles");
		return;
	}
	if (x->style_formats == NULL)
		x->style_formats = ARENA_ARRAY(x->c->arena, STYLES_MAX, long);
	x->style_formats[x->styles_len++] = id ? strtol(id, NULL, 10) : 0;
}

static void format_add(struct xlsx *x, const char **atts)
{
	const char *id = att(atts, "numFmtId"), *code = att(atts, "formatCode");
	struct format *f;

	if (!id || !code)
		return;
	f = ARENA_NEW(x->c->arena, struct format);
	*f = (struct format){ strtol(id, NULL, 10), arena_strdup(x->c->arena, code), x->formats };
	x->formats = f;
}

static void styles_start(struct xlsx *x, const char *name, const char **atts)
{
	if (is(name, "cellXfs"))
		x->in_styles = true;
	else if (is(name, "xf") && x->in_styles)
		style_add(x, atts);
	else if (is(name, "numFmt"))
		format_add(x, atts);
}

static void styles_end(struct xlsx *x, const char *name)
{
	if (is(name, "cellXfs"))
		x->in_styles = false;
}

static const struct part styles_part = { MAIN_SPACES, styles_start, styles_end };

static enum shown shown_by(const struct xlsx *x, long style)
{
	long id;

	if (style < 0 || (size_t)style >= x->styles_len)
		return SHOWN_NUMBER;
	id = x->style_formats[style];
	for (const struct format *f = x->formats; f; f = f->next)
		if (f->id == id)
			return shown_by_code(f->code);
	return shown_by_id(id);
}

/* ---- strings ---- */

static void collect(struct xlsx *x, bool yes)
{
	x->collect = yes;
}

/* Text stands in <t>, perhaps in several runs; rPh tells only how it is read aloud. */
static void rich_start(struct xlsx *x, const char *name)
{
	if (is(name, "rPh"))
		x->phonetic++;
	else if (is(name, "t"))
		collect(x, true);
}

static void rich_end(struct xlsx *x, const char *name)
{
	if (is(name, "rPh"))
		x->phonetic--;
	else if (is(name, "t"))
		collect(x, false);
}

static void strings_start(struct xlsx *x, const char *name, const char **atts)
{
	(void)atts;
	if (is(name, "si"))
		x->text.len = 0;
	else
		rich_start(x, name);
}

static void string_add(struct xlsx *x, const char *s, size_t len)
{
	if (x->strings_len == SHEET_CELLS_MAX) {
		stop_unless(x, fail(x->c, E_TOO_LARGE, T_sheet_cells, x->g->filename));
		return;
	}
	if ((x->strings_len & (x->strings_len - 1)) == 0) {
		const char **more = ARENA_ARRAY(x->c->arena, x->strings_len ? 2 * x->strings_len : 1, const char *);

		if (x->strings_len)
			memcpy(more, x->strings, x->strings_len * sizeof(*more));
		x->strings = more;
	}
	x->strings[x->strings_len++] = unescape_x(x->c->arena, s, len);
}

static void strings_end(struct xlsx *x, const char *name)
{
	if (is(name, "si"))
		string_add(x, buf_cstr(&x->text), x->text.len);
	else
		rich_end(x, name);
}

static const struct part strings_part = { MAIN_SPACES, strings_start, strings_end };

/* ---- the sheet ---- */

static void row_start(struct xlsx *x, const char **atts)
{
	const char *r = att(atts, "r");
	char *end;
	unsigned long number = r ? strtoul(r, &end, 10) : x->row + 1;

	if (number == 0 || number > 1048576 || (r && *end)) {
		broken(x, "row");
		return;
	}
	x->row = number;
	x->next_col = 0;
	stop_unless(x, grid_row(x->g, number));
}

static void cell_start(struct xlsx *x, const char **atts)
{
	const char *r = att(atts, "r"), *s = att(atts, "s");
	size_t row;

	x->col = x->next_col;
	if (x->row == 0 || (r && (!cell_place(r, &x->col, &row) || row != x->row))) {
		broken(x, "cell");
		return;
	}
	x->next_col = x->col + 1;
	x->type = cell_type_of(att(atts, "t"));
	x->style = s ? strtol(s, NULL, 10) : 0;
	x->text.len = 0;
}

/* Only merges down one column repeat their value; a title across the page stays one cell. */
static void merge_add(struct xlsx *x, const char *ref)
{
	const char *colon = ref ? strchr(ref, ':') : NULL;
	struct merge *m;
	size_t col, last_col, from, to;

	if (!colon || !cell_place(ref, &col, &from) || !cell_place(colon + 1, &last_col, &to))
		return;
	if (col != last_col || to <= from || x->merges_len++ >= MERGES_MAX)
		return;
	m = ARENA_NEW(x->c->arena, struct merge);
	*m = (struct merge){ col, from, to, x->merges };
	x->merges = m;
}

static void sheet_start(struct xlsx *x, const char *name, const char **atts)
{
	if (is(name, "row"))
		row_start(x, atts);
	else if (is(name, "c"))
		cell_start(x, atts);
	else if (is(name, "v"))
		x->text.len = 0, collect(x, true);
	else if (is(name, "mergeCell"))
		merge_add(x, att(atts, "ref"));
	else
		rich_start(x, name);
}

static const char *string_at(struct xlsx *x, const char *index)
{
	char *end;
	unsigned long i = strtoul(index, &end, 10);

	if (*index == '\0')
		return "";
	if (*end != '\0' || i >= x->strings_len) {
		broken(x, "string");
		return "";
	}
	return x->strings[i];
}

static const char *cell_value(struct xlsx *x)
{
	const char *v = buf_cstr(&x->text);

	switch (x->type) {
	case CELL_SHARED: return string_at(x, v);
	case CELL_TEXT: return unescape_x(x->c->arena, v, x->text.len);
	case CELL_BOOL: return *v == '\0' ? "" : truth(v) ? "TRUE" : "FALSE";
	case CELL_DATE: return iso_shown(x->c->arena, v);
	case CELL_NUMBER: break;
	}
	return number_shown(x->c->arena, v, shown_by(x, x->style), x->date_1904);
}

static void sheet_end(struct xlsx *x, const char *name)
{
	if (is(name, "c")) {
		const char *s = x->text.len ? cell_value(x) : "";

		if (ok(x->c))
			stop_unless(x, grid_cell(x->g, x->col, s, strlen(s)));
	} else if (is(name, "v")) {
		collect(x, false);
	} else {
		rich_end(x, name);
	}
}

static const struct part sheet_part = { MAIN_SPACES, sheet_start, sheet_end };

/* ---- the whole file ---- */

static bool optional_part(struct xlsx *x, const char *type, const struct part *part)
{
	const char *path = related(x, type, NULL);

	return path == NULL || !part_there(x, path) || part_read(x, path, part);
}

static bool package_read(struct xlsx *x)
{
	const char *workbook;

	if (!relations_of(x, ""))
		return false;
	workbook = related(x, "officeDocument", NULL);
	if (workbook == NULL)
		workbook = "xl/workbook.xml";
	if (!relations_of(x, workbook) || !part_read(x, workbook, &workbook_part))
		return false;
	if (x->sheet_id == NULL)
		return fail(x->c, E_INVALID, T_sheet_empty, x->g->filename);
	if (!optional_part(x, "styles", &styles_part) || !optional_part(x, "sharedStrings", &strings_part))
		return false;
	if (!part_read(x, related(x, "worksheet", x->sheet_id), &sheet_part) || !grid_end(x->g))
		return false;
	for (const struct merge *m = x->merges; m; m = m->next)
		grid_fill_down(x->g, m->col, m->from, m->to);
	return true;
}

bool xlsx_read(struct grid *g, const void *data, size_t len)
{
	struct xlsx x = { .g = g, .c = g->c };
	zip_source_t *source = zip_source_buffer_create(data, len, 0, NULL);
	bool good;

	buf_init(&x.text, g->c->arena);
	x.zip = source ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;
	if (x.zip == NULL) {
		zip_source_free(source);
		return broken(&x, "ZIP");
	}
	if (zip_get_num_entries(x.zip, 0) > ENTRIES_MAX)
		good = fail(g->c, E_TOO_LARGE, T_sheet_too_large, g->filename);
	else
		good = package_read(&x);
	zip_discard(x.zip);
	return good;
}
