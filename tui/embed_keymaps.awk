# Keymap files in, C strings out: keymaps/vi.keys becomes keymap_text_vi.
FNR == 1 {
	name = FILENAME
	gsub(/.*\/|\.keys$/, "", name)
	if (NR > 1)
		print ";"
	printf "extern const char keymap_text_%s[];\nconst char keymap_text_%s[] =\n", name, name
}
{
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	printf "\t\"%s\\n\"\n", $0
}
END {
	print ";"
}
