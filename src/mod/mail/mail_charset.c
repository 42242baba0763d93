/* mail_charset: bytes to text, whatever their label says. Chinese mail programs write gb2312 and mean GB18030, write nothing
 * and mean GBK, write iso-8859-1 and mean Big5: the label is asked first and believed only as far as the bytes bear it. */
#include "mod/mail/mail_int.h"

#include "base/utf8.h"

#include <iconv.h>
#include <string.h>
#include <strings.h>

/* How the bytes above 0x7f go in pairs. */
struct pairs {
	size_t n;      /* pairs */
	size_t low;    /* whose second byte is below 0x80: usual in Big5, rare in GBK */
	size_t common; /* of GB2312's everyday characters */
	size_t four;   /* four-byte characters of GB18030 */
	size_t lonely; /* bytes that begin no pair */
	size_t big;    /* pairs Big5 could be */
};

static bool in(unsigned char b, int from, int to)
{
	return b >= from && b <= to;
}

static struct pairs count_pairs(const unsigned char *s, size_t len)
{
	struct pairs p = { 0 };

	for (size_t i = 0; i < len;) {
		if (s[i] < 0x80) {
			i++;
		} else if (i + 3 < len && in(s[i], 0x81, 0xfe) && in(s[i + 1], '0', '9') && in(s[i + 2], 0x81, 0xfe) &&
			   in(s[i + 3], '0', '9')) {
			p.four++;
			i += 4;
		} else if (i + 1 < len && in(s[i], 0x81, 0xfe) &&
			   (in(s[i + 1], 0x40, 0x7e) || in(s[i + 1], 0x80, 0xfe))) {
			p.n++;
			p.low += s[i + 1] < 0x80;
			p.common += in(s[i], 0xb0, 0xd7) && s[i + 1] >= 0xa1;
			p.big += in(s[i], 0xa1, 0xf9) && (s[i + 1] < 0x7f || s[i + 1] >= 0xa1);
			i += 2;
		} else {
			p.lonely++;
			i++;
		}
	}
	return p;
}

static bool looks_big5(const struct pairs *p)
{
	return p->n >= 3 && p->lonely == 0 && p->four == 0 && p->big == p->n && p->low * 5 > p->n;
}

/* Two neighbours above 0x7f make an everyday character too often to be chance. */
static bool looks_gb(const struct pairs *p)
{
	return p->n >= 2 && p->lonely * 8 <= p->n && (p->common + p->four) * 2 > p->n && p->low * 5 <= p->n + p->four;
}

static bool is(const char *label, const char *names)
{
	size_t len = strlen(label);

	for (const char *w = names; *w != '\0'; w += strcspn(w, " ") + (w[strcspn(w, " ")] == ' '))
		if (strcspn(w, " ") == len && strncasecmp(w, label, len) == 0)
			return true;
	return false;
}

static bool eight_bit(const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)data[i] >= 0x80)
			return true;
	return false;
}

static bool is_utf8(const char *data, size_t len)
{
	for (size_t i = 0; i < len;) {
		unsigned char b = (unsigned char)data[i];
		size_t more = b < 0x80 ? 0 : in(b, 0xc2, 0xdf) ? 1 : in(b, 0xe0, 0xef) ? 2 : in(b, 0xf0, 0xf4) ? 3 : 9;

		if (more == 9 || i + more >= len + (more == 0))
			return false;
		for (size_t k = 1; k <= more; k++)
			if (!in((unsigned char)data[i + k], 0x80, 0xbf))
				return false;
		i += more + 1;
	}
	return true;
}

/* The charset the bytes are in, as iconv calls it. */
static const char *charset_of(const char *label, const char *data, size_t len)
{
	struct pairs p = count_pairs((const unsigned char *)data, len);

	/* Seven-bit ways of writing Chinese and Japanese say by escapes what they are. */
	if (is(label, "iso-2022-jp iso-2022-kr iso-2022-cn hz-gb-2312 utf-7 utf-16 utf-16le utf-16be"))
		return is(label, "hz-gb-2312") ? "HZ" : label;
	if (!eight_bit(data, len))
		return "UTF-8";
	if (is_utf8(data, len))
		return "UTF-8";
	if (is(label, "big5 big5-hkscs cp950 big-5 x-x-big5"))
		return looks_gb(&p) ? "GB18030" : "BIG5-HKSCS";
	if (is(label, "gb2312 gbk gb18030 cp936 x-gbk gb_2312-80 windows-936 chinese"))
		return looks_big5(&p) ? "BIG5-HKSCS" : "GB18030";
	if (looks_gb(&p))
		return "GB18030";
	if (looks_big5(&p))
		return "BIG5-HKSCS";
	return is(label, "utf-8 us-ascii ascii unknown-8bit 8bit binary") || *label == '\0' ? "WINDOWS-1252" : label;
}

/* A byte that means nothing becomes U+FFFD; the rest of the text is kept. */
static bool convert(struct ctx *c, const char *charset, const char *data, size_t len, struct buf *out)
{
	iconv_t cd = iconv_open("UTF-8", charset);
	char *from = arena_alloc(c->arena, len + 1), *to, room[4096];

	if (cd == (iconv_t)-1)
		return false;
	memcpy(from, data, len);
	while (len > 0) {
		size_t left = sizeof(room);

		to = room;
		size_t done = iconv(cd, &from, &len, &to, &left);
		buf_add(out, room, (size_t)(to - room));
		if (done == (size_t)-1 && left > 8 && len > 0) {
			buf_str(out, "\xef\xbf\xbd");
			from++;
			len--;
		}
	}
	iconv_close(cd);
	return true;
}

/* As text may be: no NUL, no controls, line ends alike. */
const char *mail_clean(struct ctx *c, const char *s, size_t len, size_t max)
{
	struct buf b;
	const char *end = s + len;

	buf_init(&b, c->arena);
	while (s < end && b.len < max) {
		char bytes[4];
		uint32_t cp = 0;

		if (*s == '\0')
			s++;
		else
			cp = utf8_next(&s);

		if (cp == '\r' && s < end && *s == '\n')
			continue;
		cp = cp == '\r' ? '\n' : cp;
		if (cp == '\n' || cp == '\t' || (cp >= ' ' && cp != 0x7f && cp != 0xfeff && (cp < 0x80 || cp > 0x9f)))
			buf_add(&b, bytes, utf8_put(bytes, cp));
	}
	return buf_cstr(&b);
}

const char *mail_text(struct ctx *c, const char *label, const char *data, size_t len)
{
	struct buf b;

	buf_init(&b, c->arena);
	if (!convert(c, charset_of(label != NULL ? label : "", data, len), data, len, &b) &&
		!convert(c, "GB18030", data, len, &b))
		return "";
	return mail_clean(c, buf_cstr(&b), b.len, MAIL_TEXT_MAX);
}
