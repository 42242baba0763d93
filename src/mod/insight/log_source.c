/* log_source: the bytes of a log. Text in UTF-8, UTF-16, GB18030 or a western code page comes out as UTF-8; the first
 * bytes that are not ASCII decide. */
#include "mod/insight/log_in.h"

#include <errno.h>
#include <string.h>

#define NO_ICONV ((iconv_t)-1)

bool source_open(struct ctx *c, struct source *s, const char *path, bool raw)
{
	s->file = gzopen(path, "rb");
	s->convert = NO_ICONV;
	s->raw = raw;
	s->decided = s->end = s->broken = false;
	s->line = 1;
	s->carried = 0;
	s->at = s->stop = s->in;
	if (s->file == NULL)
		return fail(c, E_NOT_FOUND, T_insight_cannot_open, path, strerror(errno));
	(void)gzbuffer(s->file, 4 * SOURCE_CHUNK);
	return true;
}

void source_close(struct source *s)
{
	if (s->file != NULL)
		(void)gzclose(s->file);
	if (s->convert != NO_ICONV)
		(void)iconv_close(s->convert);
	s->file = NULL;
	s->convert = NO_ICONV;
}

/* Length of the well-formed character at s; 0 if it is none, -1 if the chunk ends inside. */
static int character(const unsigned char *s, size_t len)
{
	int more = s[0] < 0x80 ? 0 : s[0] >= 0xf0 && s[0] < 0xf5 ? 3 : s[0] >= 0xe0 ? 2 : s[0] >= 0xc2 ? 1 : -1;

	if (more < 0 || s[0] >= 0xf5)
		return 0;
	for (int i = 1; i <= more; i++) {
		if ((size_t)i >= len)
			return -1;
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	return more + 1;
}

/* The part that is well-formed; *cut if only the end of the chunk stands in the way. */
static size_t well_formed(const unsigned char *s, size_t len, bool *cut)
{
	size_t at = 0;

	*cut = false;
	while (at < len) {
		int n = s[at] < 0x80 ? 1 : character(s + at, len - at);
		if (n <= 0) {
			*cut = n < 0;
			break;
		}
		at += (size_t)n;
	}
	return at;
}

static bool converts(const char *from, const unsigned char *s, size_t len, unsigned char *out, size_t room)
{
	iconv_t cd = iconv_open("UTF-8", from);
	char *in = (char *)s, *to = (char *)out;
	bool good;

	if (cd == NO_ICONV)
		return false;
	good = iconv(cd, &in, &len, &to, &room) != (size_t)-1 || errno == EINVAL;
	(void)iconv_close(cd);
	return good;
}

/* Takes the byte order mark away; the rest of the chunk stays. */
static size_t decide(struct source *s, size_t len)
{
	bool cut, plain = true;
	size_t mark = 0;

	if (len >= 3 && memcmp(s->in, "\xef\xbb\xbf", 3) == 0)
		mark = 3;
	else if (len >= 2 && (memcmp(s->in, "\xff\xfe", 2) == 0 || memcmp(s->in, "\xfe\xff", 2) == 0)) {
		s->convert = iconv_open("UTF-8", s->in[0] == 0xff ? "UTF-16LE" : "UTF-16BE");
		s->decided = true;
		mark = 2;
	}
	for (size_t i = mark; i < len && plain; i++)
		plain = s->in[i] < 0x80;
	if (!s->decided && !plain) {
		s->decided = true;
		if (well_formed(s->in + mark, len - mark, &cut) < len - mark && !cut)
			s->convert = iconv_open("UTF-8",
				converts("GB18030", s->in, len, s->out, sizeof(s->out)) ? "GB18030" : "WINDOWS-1252");
	}
	return mark;
}

/* UTF-8 stays where it is; a byte that fits nowhere becomes "?". */
static void mend(struct source *s, size_t from, size_t len)
{
	size_t at = from;
	bool cut = false;

	while (at < len) {
		at += well_formed(s->in + at, len - at, &cut);
		if (cut && !s->end)
			break;
		if (at < len)
			s->in[at++] = '?';
	}
	s->carried = len - at;
	s->at = s->in + from;
	s->stop = s->in + at;
}

static void convert(struct source *s, size_t from, size_t len)
{
	char *in = (char *)s->in + from, *to = (char *)s->out;
	size_t left = len - from, room = sizeof(s->out);

	while (left > 0 && iconv(s->convert, &in, &left, &to, &room) == (size_t)-1) {
		if (errno == E2BIG || (errno == EINVAL && !s->end))
			break;
		in++;
		left--;
		*to++ = '?';
		room--;
	}
	s->carried = left;
	memmove(s->in + len - left, in, left);
	s->at = s->out;
	s->stop = (unsigned char *)to;
}

bool source_fill(struct source *s)
{
	while (!s->end) {
		size_t len = s->carried, mark = 0;
		int got;

		memmove(s->in, s->stop != NULL && s->carried > 0 ? s->in + SOURCE_CHUNK - s->carried : s->in, len);
		got = gzread(s->file, s->in + len, (unsigned)(SOURCE_CHUNK - len));
		s->end = got < (int)(SOURCE_CHUNK - len);
		if (s->end) {
			int error;
			(void)gzerror(s->file, &error);
			s->broken = error != Z_OK && error != Z_STREAM_END;
		}
		len += got > 0 ? (size_t)got : 0;
		s->carried = 0;
		if (!s->raw && !s->decided)
			mark = decide(s, len);
		if (s->raw) {
			s->at = s->in;
			s->stop = s->in + len;
		} else if (s->convert == NO_ICONV) {
			mend(s, mark, len);
		} else {
			convert(s, mark, len);
		}
		/* What was cut waits at the end of the room. */
		memmove(s->in + SOURCE_CHUNK - s->carried, s->in + len - s->carried, s->carried);
		if (s->at < s->stop)
			return true;
	}
	return false;
}
