package bal

import "bytes"

// signature is what a kind of binary file has at a given place.
type signature struct {
	place    int
	octets   string
	controle bool // too short to be sure: the beginning must also hold control characters
}

var signatures = [...]signature{
	{0, "\x89PNG\r\n\x1A\n", false},
	{0, "\xFF\xD8\xFF", false},                     // JPEG
	{0, "GIF8", false},                             // GIF
	{0, "BM", true},                                // BMP
	{0, "II*\x00", false},                          // TIFF
	{0, "MM\x00*", false},                          // TIFF
	{0, "8BPS", false},                             // Photoshop
	{0, "%PDF", false},                             // PDF
	{0, "%!PS", false},                             // PostScript
	{0, "PK\x03\x04", false},                       // ZIP, office formats
	{0, "PK\x05\x06", false},                       // ZIP, empty
	{0, "PK\x07\x08", false},                       // ZIP, split
	{0, "\x1F\x8B", false},                         // GZIP
	{0, "\x1F\x9D", false},                         // compress
	{0, "BZh", true},                               // BZ2
	{0, "\xFD7zXZ\x00", false},                     // XZ
	{0, "\x28\xB5\x2F\xFD", false},                 // Zstandard
	{0, "7z\xBC\xAF\x27\x1C", false},               // 7z
	{0, "Rar!\x1A\x07", false},                     // RAR
	{257, "ustar", false},                          // TAR
	{0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", false}, // OLE2: old office formats
	{0, `{\rtf`, false},                            // RTF
	{0, "<?xml ", false},                           // XML
	{0, "MZ", true},                                // Windows executable
	{0, "\x7FELF", false},                          // Linux executable
	{0, "\xCF\xFA\xED\xFE", false},                 // macOS executable
	{0, "\xCE\xFA\xED\xFE", false},                 // macOS executable
	{0, "\xCA\xFE\xBA\xBE", false},                 // Java, macOS
	{0, "\x00asm", false},                          // WebAssembly
	{0, "SQLite format 3\x00", false},              // SQLite
	{0, "OggS", false},                             // Ogg
	{0, "fLaC", false},                             // FLAC
	{0, "ID3", true},                               // MP3
	{0, "RIFF", true},                              // WAV, AVI, WebP
	{0, "FORM", true},                              // AIFF
	{0, "MThd", true},                              // MIDI
	{4, "ftyp", false},                             // MP4, MOV, HEIC
	{0, "\x1A\x45\xDF\xA3", false},                 // Matroska, WebM
	{0, "FLV\x01", false},                          // Flash video
	{0, "\x00\x00\x01\xBA", false},                 // MPEG
	{0, "\x00\x00\x01\xB3", false},                 // MPEG
	{0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11", false}, // WMV, WMA
	{0, "\x00\x00\x01\x00", false},                 // ICO
	{0, "wOFF", true},                              // fonts
	{0, "wOF2", true},
	{0, "OTTO", true},
	{0, "\x00\x01\x00\x00\x00", false},
}

// estBinaire recognises the files that are not text by their first bytes.
func estBinaire(debut []byte) bool {
	for _, s := range signatures {
		if len(debut) >= s.place && bytes.HasPrefix(debut[s.place:], []byte(s.octets)) &&
			(!s.controle || aDesControles(debut)) {
			return true
		}
	}
	return false
}

// aDesControles looks for a character that no text has.
func aDesControles(debut []byte) bool {
	for _, c := range debut[:min(len(debut), 512)] {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v' {
			return true
		}
	}
	return false
}
