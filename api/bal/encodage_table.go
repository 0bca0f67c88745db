package bal

import (
	"encoding/binary"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// hautWindows1252 are the characters of 0x80 to 0x9F; the other bytes are those of Latin-1. Five bytes mean nothing:
// they become U+FFFD, which the rules on names report.
var hautWindows1252 = [32]rune{
	'€', utf8.RuneError, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', utf8.RuneError, 'Ž', utf8.RuneError,
	utf8.RuneError, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', utf8.RuneError, 'ž', 'Ÿ',
}

// windows1252 decodes into UTF-8.
type windows1252 struct{ transform.NopResetter }

// Transform implements transform.Transformer.
func (windows1252) Transform(dst, src []byte, _ bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		c := src[nSrc]
		if nDst+utf8.UTFMax > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		switch {
		case c < utf8.RuneSelf:
			dst[nDst] = c
			nDst++
		case c < 0xA0:
			nDst += utf8.EncodeRune(dst[nDst:], hautWindows1252[c-0x80])
		default:
			nDst += utf8.EncodeRune(dst[nDst:], rune(c))
		}
		nSrc++
	}
	return nDst, nSrc, nil
}

// utf8Repare replaces invalid bytes by U+FFFD.
type utf8Repare struct{ transform.NopResetter }

// Transform implements transform.Transformer.
func (utf8Repare) Transform(dst, src []byte, finFichier bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		if nDst+utf8.UTFMax > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		if !finFichier && !utf8.FullRune(src[nSrc:]) {
			return nDst, nSrc, transform.ErrShortSrc
		}
		r, n := utf8.DecodeRune(src[nSrc:])
		if r == utf8.RuneError && n == 1 {
			n = sequenceInvalide(src[nSrc:])
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc += n
	}
	return nDst, nSrc, nil
}

// sequenceInvalide is the length of the longest beginning of a valid sequence, replaced as a whole; at least one byte.
func sequenceInvalide(v []byte) int {
	for n := min(len(v), utf8.UTFMax-1); n > 1; n-- {
		if !utf8.FullRune(v[:n]) {
			return n
		}
	}
	return 1
}

// longueurASCII is the length of the ASCII beginning of v, looked at eight bytes at a time.
func longueurASCII(v []byte) int {
	i := 0
	for ; i+8 <= len(v); i += 8 {
		if binary.LittleEndian.Uint64(v[i:])&0x8080808080808080 != 0 {
			break
		}
	}
	for i < len(v) && v[i] < utf8.RuneSelf {
		i++
	}
	return i
}
