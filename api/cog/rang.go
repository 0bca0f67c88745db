package cog

// nbRangs is the number of codes that can be written: five digits, then 2A and 2B with three digits.
const nbRangs = 100_000 + 2*1_000

// rang numbers the codes that can be written, -1 for any other text.
func rang(code string) int {
	if len(code) != 5 {
		return -1
	}
	n, base := 0, 0
	for i := range 5 {
		switch c := code[i]; {
		case c >= '0' && c <= '9':
			n = n*10 + int(c-'0')
		case i == 1 && code[0] == '2' && (c == 'A' || c == 'B'):
			n, base = 0, 100_000+int(c-'A')*1_000
		default:
			return -1
		}
	}
	return base + n
}

// indice reads a table of ranks: the index of the commune, -1 when the code is not in it.
func indice(table []uint16, code string) int {
	r := rang(code)
	if r < 0 {
		return -1
	}
	return int(table[r]) - 1
}
