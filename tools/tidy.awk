# tidy.awk: what a reviewer would nag about in a C file, said with file:line and what to do.
# Warnings (long functions) are counted apart: they do not fail.

function fault(text) { printf "%s:%d: %s\n", FILENAME, FNR, text; faults++ }

# A line's code without comments and strings, as far as a line tells.
function code_of(line) {
	gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
	gsub(/\/\*([^*]|\*[^\/])*\*\//, "", line)
	sub(/\/\/.*/, "", line)
	if (in_comment) {
		if (line !~ /\*\//)
			return ""
		sub(/^.*\*\//, "", line)
		in_comment = 0
	}
	if (line ~ /\/\*/) {
		in_comment = 1
		sub(/\/\*.*/, "", line)
	}
	return line
}

# What a layer may include, by the first folders of the path.
function may_include(layer, header) {
	if (header ~ /^gen\/text_keys/)
		return 1
	if (layer == "base")
		return header ~ /^base\//
	if (layer == "db")
		return header ~ /^(base|db|gen)\//
	if (layer == "http")
		return header ~ /^(base|http|gen)\//
	if (layer == "app")
		return header ~ /^(base|db|http|app|gen)\// || header == "modules.def"
	return 1
}

FNR == 1 {
	in_comment = 0
	layer = FILENAME
	sub(/^src\//, "", layer)
	sub(/\/.*/, "", layer)
	test = FILENAME ~ /_test\.c$|^test\//
	beside = FILENAME
	sub(/\.c$/, ".h", beside)
	if ($0 !~ /^\/\*/ && (beside == FILENAME || (getline first < beside) <= 0))
		fault("start the file with a comment: what it is, in a sentence")
}

/TODO|FIXME/ { fault("finish it or make it an issue: no notes to ourselves in the code") }
/[ \t]+$/ { fault("blanks at the end of the line: make format") }
/^    / && FILENAME ~ /\.[ch]$/ { fault("indent with tabs: make format") }
/https?:\/\// && !/(w3\.org|openxmlformats\.org|purl\.org|oasis-open\.org|example\.(com|org)|127\.0\.0\.1|localhost|%s|ietf\.org|iso\.org|ocel-standard\.org|gs1\.org|openxmlformats\.org|purl\.oclc\.org)/ && !test {
	fault("no host names in the code: make it a setting")
}

{
	line = code_of($0)
	if ($0 ~ /^#include "/) {
		split($0, part, "\"")
		if (FILENAME ~ /^src\// && !test && !may_include(layer, part[2]))
			fault("layer " layer " may not include " part[2] ": see STYLE.md, Layers")
	}
	if (line ~ /(^|[^a-z_.>])(time|gettimeofday|clock_gettime)\(/ && FILENAME !~ /base\/clock\.c/ && !test && line !~ /CLOCK_MONOTONIC/)
		fault("the time comes from c->now, or clock_now() where there is no request")
	if (line ~ /(^|[^a-z_])(rand|random|srand|getrandom|randombytes_buf)\(/ && FILENAME !~ /base\/rand\.c/)
		fault("randomness comes from c->rng")
	if (line ~ /(^|[^a-z_])pthread_create\(/ && layer !~ /^(base|db|http|app|main\.c)$/ && !test)
		fault("threads belong to the lane and the pools")
	if (line ~ /(^|[^a-z_])(sqlite3_exec|sqlite3_prepare[a-z0-9_]*|PQexec[A-Za-z]*|PQprepare|PQsendQuery[A-Za-z]*)\(/ && layer != "db" && FILENAME !~ /^test\/bench/)
		fault("SQL stands in a .sql file: see STYLE.md, SQL")
	if (line ~ /(^|[^a-z_])(strcpy|strcat|sprintf|vsprintf|gets|strtok|alloca|atoi|atol|atof|system|popen)\(/ && FILENAME ~ /^src\// && !test)
		fault("an unsafe function: use arena_printf, buf_* or the parsers in base/")
	if (line ~ /(^|[^a-z_])(malloc|calloc|realloc|strdup|strndup|free)\(/ && layer == "mod")
		fault("features use the arena: see STYLE.md, Memory")
	if (line ~ /(^|[^a-z_])(double|float)[ \t*)]/ && layer == "mod")
		fault("money and quantities are integers: see base/money.h")
	if (line ~ /^static [a-z_ ]+\*?[a-z_]+( = [^;{]*)?;/ && line !~ /const/ && layer == "mod")
		fault("no globals in features: pass it, or put it in the database")
}

# The length of a function: from the { in the first column to its }.
/^\{/ { start = FNR }
/^}/ && start {
	if (FNR - start - 1 > 60 && !test)
		fault("a function of " FNR - start - 1 " lines: split it where its comment would say 'then'")
	else if (FNR - start - 1 > 30 && !test)
		long_ones++
	start = 0
}

END {
	if (long_ones)
		printf "tidy: %d functions are longer than 30 lines\n", long_ones
	exit faults > 0
}
