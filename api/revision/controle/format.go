package controle

import (
	"bytes"
	"slices"
)

// Format is a family of files recognised by its first bytes.
type format struct {
	mime        string
	extensions  []string
	reconnaitre func(debut []byte) bool
	inspecter   func(s *source) (Verdict, error) // nil: the first bytes are enough
}

func prefixe(p string) func([]byte) bool {
	return func(b []byte) bool { return bytes.HasPrefix(b, []byte(p)) }
}

// ftyp recognises the brands of an ISO media file.
func ftyp(marques ...string) func([]byte) bool {
	return func(b []byte) bool {
		return len(b) >= 12 && string(b[4:8]) == "ftyp" && slices.Contains(marques, string(b[8:12]))
	}
}

const tailleDebut = 512

// formats are those of 03 §7. HEIC images are recognised and refused: nothing here can read them, so
// neither could the documents that print them.
func formats() []format {
	return []format{
		{"application/pdf", []string{".pdf"}, prefixe("%PDF-"), inspecterPDF},
		{"image/png", []string{".png"}, prefixe("\x89PNG\r\n\x1a\n"), inspecterImage},
		{"image/jpeg", []string{".jpg", ".jpeg"}, prefixe("\xff\xd8\xff"), inspecterImage},
		{"image/gif", []string{".gif"}, prefixe("GIF8"), inspecterImage},
		{"image/bmp", []string{".bmp"}, prefixe("BM"), inspecterImage},
		{"image/tiff", []string{".tif", ".tiff"}, func(b []byte) bool { return prefixe("II*\x00")(b) || prefixe("MM\x00*")(b) }, inspecterImage},
		{"image/webp", []string{".webp"}, func(b []byte) bool { return prefixe("RIFF")(b) && len(b) >= 12 && string(b[8:12]) == "WEBP" }, inspecterImage},
		{"image/heif", []string{".heic", ".heif"}, ftyp("heic", "heix", "hevc", "heif", "mif1", "msf1"), imageIllisible},
		{"image/vnd.dwg", []string{".dwg"}, prefixe("AC10"), nil},
		{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{".docx"}, prefixe("PK\x03\x04"), inspecterOffice("word/document.xml")},
		{"application/vnd.openxmlformats-officedocument.presentationml.presentation", []string{".pptx"}, prefixe("PK\x03\x04"), inspecterOffice("ppt/presentation.xml")},
		{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{".xlsx"}, prefixe("PK\x03\x04"), inspecterOffice("xl/workbook.xml")},
		{"application/vnd.oasis.opendocument.text", []string{".odt"}, prefixe("PK\x03\x04"), inspecterOffice("content.xml")},
		{"application/vnd.oasis.opendocument.spreadsheet", []string{".ods"}, prefixe("PK\x03\x04"), inspecterOffice("content.xml")},
		{"application/vnd.oasis.opendocument.presentation", []string{".odp"}, prefixe("PK\x03\x04"), inspecterOffice("content.xml")},
		{"application/msword", []string{".doc"}, prefixe(ole), inspecterOLE},
		{"application/vnd.ms-powerpoint", []string{".ppt"}, prefixe(ole), inspecterOLE},
		{"application/vnd.ms-excel", []string{".xls"}, prefixe(ole), inspecterOLE},
	}
}

const ole = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// Extensions groups of 03 §7, for the types of files of the natures.
func Images() []string {
	return []string{".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".heic", ".heif"}
}

// Documents are the office formats of 03 §7, PDF included.
func Documents() []string {
	return []string{".pdf", ".doc", ".docx", ".ppt", ".pptx", ".xls", ".xlsx", ".odt", ".ods", ".odp"}
}

// TypeMime is the media type of an extension, "application/octet-stream" for the others.
func TypeMime(extension string) string {
	for _, f := range formats() {
		if slices.Contains(f.extensions, extension) {
			return f.mime
		}
	}
	return "application/octet-stream"
}
