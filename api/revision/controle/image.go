package controle

import (
	"bufio"
	"errors"
	"image"
	"image/color"

	// The formats that image.Decode knows.
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"
)

// maxPixels bounds the memory of a decoded image: four bytes each at most.
const maxPixels = 80_000_000

// inspecterImage decodes the whole image: a cut one is refused.
func inspecterImage(s *source) (Verdict, error) {
	c, _, err := image.DecodeConfig(bufio.NewReader(s.section()))
	if err != nil {
		return refusImage(s, err)
	}
	v := Verdict{Largeur: c.Width, Hauteur: c.Height}
	if c.Width <= 0 || c.Height <= 0 {
		v.Code = ImageIllisible
		return v, nil
	}
	pixels := int64(c.Width) * int64(c.Height)
	if c.ColorModel == color.NRGBA64Model || c.ColorModel == color.RGBA64Model {
		pixels *= 2
	}
	if pixels > maxPixels {
		v.Code = ImageImmense
		return v, nil
	}
	if _, _, err := image.Decode(bufio.NewReader(s.section())); err != nil {
		return refusImage(s, err)
	}
	return v, nil
}

func refusImage(s *source, err error) (Verdict, error) {
	if s.ctx.Err() != nil {
		return Verdict{}, errors.Join(s.ctx.Err(), err)
	}
	return Verdict{Code: ImageIllisible}, nil
}

func imageIllisible(*source) (Verdict, error) { return Verdict{Code: ImageIllisible}, nil }
