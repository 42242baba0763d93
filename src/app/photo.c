/* photo: walks the parts of a picture file and copies those that are the picture. */
#include "app/photo.h"

#include "base/buf.h"
#include "base/ctx.h"
#include "base/sha256.h"
#include "http/http.h"

#include <inttypes.h>
#include <string.h>

struct walk {
	const uint8_t *at, *end;
	struct buf out;
	int64_t width, height;
	int turned; /* EXIF orientation, 1: upright */
};

static size_t left(const struct walk *w)
{
	return (size_t)(w->end - w->at);
}

static uint32_t be16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t be32(const uint8_t *p)
{
	return be16(p) << 16 | be16(p + 2);
}

static uint32_t le16(const uint8_t *p)
{
	return (uint32_t)p[1] << 8 | p[0];
}

static uint32_t le24(const uint8_t *p)
{
	return (uint32_t)p[2] << 16 | le16(p);
}

static uint32_t le32(const uint8_t *p)
{
	return le16(p + 2) << 16 | le16(p);
}

/* ---- JPEG ---- */

/* Tag 0x0112 of the first directory of the TIFF inside the EXIF part; 1 where there is none. */
static int exif_turned(const uint8_t *p, size_t len)
{
	bool big = len > 1 && p[0] == 'M';
	uint32_t (*u16)(const uint8_t *) = big ? be16 : le16;
	uint32_t dir, n;

	if (len < 14)
		return 1;
	dir = big ? be32(p + 4) : le32(p + 4);
	if (dir > len - 2)
		return 1;
	n = u16(p + dir);
	for (size_t i = 0, at = dir + 2; i < n && at + 12 <= len; i++, at += 12)
		if (u16(p + at) == 0x0112) {
			uint32_t v = u16(p + at + 8);
			return v >= 1 && v <= 8 ? (int)v : 1;
		}
	return 1;
}

/* An EXIF part that says which way up and nothing else. */
static void put_turned(struct walk *w)
{
	uint8_t part[] = { 0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12,
		0, 3, 0, 0, 0, 1, 0, (uint8_t)w->turned, 0, 0, 0, 0, 0, 0 };

	if (w->turned != 1)
		buf_add(&w->out, part, sizeof(part));
}

static bool is_size(uint8_t m)
{
	return m >= 0xc0 && m <= 0xcf && m != 0xc4 && m != 0xc8 && m != 0xcc;
}

/* What an encoder or a camera adds: APP1..APP13, APP15 and comments. APP0 (JFIF) and APP14 (Adobe's colours) are needed. */
static bool is_extra(uint8_t m)
{
	return m == 0xfe || (m >= 0xe1 && m <= 0xef && m != 0xee);
}

/* The coded picture: until a marker that is neither stuffing nor a restart. */
static void copy_scan(struct walk *w)
{
	const uint8_t *from = w->at;

	while (left(w) >= 2 && !(w->at[0] == 0xff && w->at[1] != 0 && (w->at[1] < 0xd0 || w->at[1] > 0xd7)))
		w->at++;
	buf_add(&w->out, from, (size_t)(w->at - from));
}

static bool jpeg_part(struct walk *w, uint8_t m)
{
	size_t len = left(w) >= 2 ? be16(w->at) : 0;
	const uint8_t *p = w->at;

	if (len < 2 || len > left(w))
		return false;
	if (m == 0xe1 && len > 16 && memcmp(p + 2, "Exif\0", 6) == 0 && w->turned == 1) {
		w->turned = exif_turned(p + 8, len - 8);
		put_turned(w);
	}
	if (is_size(m) && len >= 9) {
		w->height = be16(p + 3);
		w->width = be16(p + 5);
	}
	if (!is_extra(m)) {
		uint8_t head[2] = { 0xff, m };
		buf_add(&w->out, head, 2);
		buf_add(&w->out, p, len);
	}
	w->at += len;
	if (m == 0xda)
		copy_scan(w);
	return true;
}

static bool jpeg(struct walk *w)
{
	static const uint8_t start[] = { 0xff, 0xd8 }, end[] = { 0xff, 0xd9 };

	buf_add(&w->out, start, 2);
	w->at += 2;
	while (left(w) >= 2) {
		uint8_t m = w->at[1];
		if (w->at[0] != 0xff)
			return false;
		w->at += m == 0xff ? 1 : 2;
		if (m == 0xff)
			continue;
		if (m == 0xd9) {
			buf_add(&w->out, end, 2);
			return true;
		}
		if (!jpeg_part(w, m))
			return false;
	}
	return false;
}

/* ---- PNG ---- */

static bool png_keeps(const uint8_t *kind)
{
	static const char *const kept[] = { "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB" };

	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		if (memcmp(kind, kept[i], 4) == 0)
			return true;
	return false;
}

static bool png(struct walk *w)
{
	buf_add(&w->out, w->at, 8);
	w->at += 8;
	while (left(w) >= 12) {
		size_t len = be32(w->at);
		const uint8_t *kind = w->at + 4;

		if (len > left(w) - 12)
			return false;
		if (memcmp(kind, "IHDR", 4) == 0 && len >= 8) {
			w->width = be32(kind + 4);
			w->height = be32(kind + 8);
		}
		if (png_keeps(kind))
			buf_add(&w->out, w->at, len + 12);
		w->at += len + 12;
		if (memcmp(kind, "IEND", 4) == 0)
			return true;
	}
	return false;
}

/* ---- WebP ---- */

static void webp_size(struct walk *w, const uint8_t *p, size_t len)
{
	if (memcmp(p, "VP8X", 4) == 0 && len >= 10) {
		w->width = 1 + (int64_t)le24(p + 12);
		w->height = 1 + (int64_t)le24(p + 15);
	} else if (memcmp(p, "VP8L", 4) == 0 && len >= 5 && w->width == 0) {
		uint32_t bits = le32(p + 9);
		w->width = 1 + (bits & 0x3fff);
		w->height = 1 + (bits >> 14 & 0x3fff);
	} else if (memcmp(p, "VP8 ", 4) == 0 && len >= 10 && w->width == 0) {
		w->width = le16(p + 14) & 0x3fff;
		w->height = le16(p + 16) & 0x3fff;
	}
}

static bool webp_keeps(const uint8_t *kind)
{
	return memcmp(kind, "VP8", 3) == 0 || memcmp(kind, "ALPH", 4) == 0 || memcmp(kind, "ANI", 3) == 0 ||
	       memcmp(kind, "ANMF", 4) == 0;
}

static bool webp(struct walk *w)
{
	uint32_t whole;

	buf_add(&w->out, w->at, 12);
	w->at += 12;
	while (left(w) >= 8) {
		size_t len = le32(w->at + 4), padded = len + (len & 1);

		if (padded < len || padded > left(w) - 8)
			return false;
		webp_size(w, w->at, len);
		if (webp_keeps(w->at)) {
			size_t flags = w->out.len + 8;
			buf_add(&w->out, w->at, padded + 8);
			if (memcmp(w->at, "VP8X", 4) == 0 && len >= 10 && !w->out.failed)
				w->out.data[flags] &=
					(char)~0x2c; /* says no more that EXIF, XMP and a profile follow */
		}
		w->at += padded + 8;
	}
	whole = (uint32_t)w->out.len - 8;
	for (int i = 0; i < 4 && !w->out.failed; i++)
		w->out.data[4 + i] = (char)(whole >> (8 * i) & 0xff);
	return true;
}

/* ---- which of them ---- */

static const char *walk_as(struct walk *w, bool *fine)
{
	if (left(w) > 4 && w->at[0] == 0xff && w->at[1] == 0xd8) {
		*fine = jpeg(w);
		return "image/jpeg";
	}
	if (left(w) > 20 && memcmp(w->at, "\x89PNG\r\n\x1a\n", 8) == 0) {
		*fine = png(w);
		return "image/png";
	}
	if (left(w) > 20 && memcmp(w->at, "RIFF", 4) == 0 && memcmp(w->at + 8, "WEBP", 4) == 0) {
		*fine = webp(w);
		return "image/webp";
	}
	return NULL;
}

bool photo_clean(struct ctx *c, const char *name, const void *data, size_t len, struct photo *out)
{
	struct walk w = { .at = data, .end = (const uint8_t *)data + len, .turned = 1 };
	bool fine = false;

	if (len > PHOTO_BYTES_MAX)
		return fail(c, E_TOO_LARGE, T_app_photo_large, name);
	if (len > 8 && memcmp(data, "%PDF-", 5) == 0) {
		*out = (struct photo){ "application/pdf", 0, 0, data, len };
		return true;
	}
	buf_init(&w.out, c->arena);
	out->type = walk_as(&w, &fine);
	if (!fine || w.width <= 0 || w.height <= 0 || w.out.failed)
		return fail(c, E_MEDIA_TYPE, T_app_photo_none, name);
	if (w.width * w.height > PHOTO_PIXELS_MAX)
		return fail(c, E_TOO_LARGE, T_app_photo_pixels, name);
	*out = (struct photo){ out->type, w.width, w.height, (const uint8_t *)w.out.data, w.out.len };
	return true;
}

/* ---- of a request ---- */

bool photo_ready(struct ctx *c, struct upload *u)
{
	uint8_t *hash;
	struct photo p;

	if (u->sha256 != NULL)
		return true;
	u->name = u->name != NULL && *u->name != '\0' ? u->name : "photo";
	if (!photo_clean(c, u->name, u->data, u->len, &p))
		return false;
	hash = arena_alloc(c->arena, 32);
	sha256(p.data, p.len, hash);
	u->type = p.type;
	u->data = (const char *)p.data;
	u->len = p.len;
	u->sha256 = hash;
	return true;
}

bool photos_few(struct ctx *c, size_t len)
{
	return len <= PHOTOS_PER_CALL || fail(c, E_TOO_LARGE, T_app_photo_many);
}

bool photos_ready(struct ctx *c, struct req *r)
{
	const struct upload *files;
	size_t len = req_files(r, &files);

	if (!photos_few(c, len))
		return false;
	for (size_t i = 0; i < len; i++) {
		struct upload u = files[i];
		if (u.len == 0)
			continue; /* a form's empty file field */
		if (!photo_ready(c, &u))
			return false;
		req_file_put(r, i, &u);
	}
	return true;
}
