# Letter templates in, one C table out: letters/session-down.letter becomes the entry "session-down".
BEGIN {
	print "#include \"core/judge/letter.h\"\n"
	print "const struct letter_builtin letter_builtins[] = {"
}
FNR == 1 {
	name = FILENAME
	gsub(/.*\/|\.letter$/, "", name)
	if (NR > 1)
		print "\t},"
	printf "\t{ \"%s\",\n", name
}
{
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	printf "\t\t\"%s\\n\"\n", $0
}
END {
	print "\t},\n\t{ 0 },\n};"
}
