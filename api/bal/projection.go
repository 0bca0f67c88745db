package bal

import "math"

// projeter converts a position in degrees to metres in the legal system of the territory, rounded to the
// centimetre (07 §10.14). The first zone that contains the point wins, bounds included; ok is false outside
// all of them.
func projeter(long, lat float64) (x, y float64, ok bool) {
	z, ok := zoneDe(long, lat)
	if !ok {
		return 0, 0, false
	}
	x, y = z.projeter(long, lat)
	return centimetre(x), centimetre(y), true
}

func zoneDe(long, lat float64) (*zone, bool) {
	for i := range zonesLegales {
		z := &zonesLegales[i]
		if long >= z.longMin && long <= z.longMax && lat >= z.latMin && lat <= z.latMax {
			return z, true
		}
	}
	return nil, false
}

func centimetre(v float64) float64 { return math.Floor(v*100+0.5) / 100 }

// zone is a legal system of coordinates and where it applies.
type zone struct {
	epsg                             int
	longMin, latMin, longMax, latMax float64
	projeter                         func(long, lat float64) (x, y float64)
}

var (
	grs80         = ellipsoide(6378137, 298.257222101)
	international = ellipsoide(6378388, 297)
)

var zonesLegales = [...]zone{
	{2154, -9.86, 41.15, 10.38, 51.56, lambert(grs80, 49, 44, 46.5, 3, 700_000, 6_600_000)}, // métropole
	{5490, -63.66, 14.08, -57.52, 18.54, utmNord(grs80, 20)},                                // Antilles
	{2972, -54.6, 2.11, -49.46, 8.88, utmNord(grs80, 22)},                                   // Guyane
	{2975, 51.83, -24.72, 58.24, -18.28, utmSud(grs80, 40)},                                 // La Réunion
	{4471, 43.68, -14.49, 46.7, -11.33, utmSud(grs80, 38)},                                  // Mayotte
	{4467, -57.1, 43.41, -55.9, 47.37, utmNord(grs80, 21)},                                  // Saint-Pierre-et-Miquelon
	{3163, 163.55, -22.75, 168.2, -19.54, // Nouvelle-Calédonie
		lambert(grs80, -(20 + 40.0/60), -(22 + 20.0/60), -21.5, 166, 400_000, 300_000)},
	{3296, -155, -24, -150, -9, utmSud(grs80, 5)},          // Polynésie
	{3297, -150, -29, -144, -13, utmSud(grs80, 6)},         //
	{3298, -144, -29, -138, -7, utmSud(grs80, 7)},          //
	{3299, -138, -25, -132, -18, utmSud(grs80, 8)},         //
	{2988, -177, -14, -176, -13, utmSud(international, 1)}, // Wallis
}

// spheroide is an ellipsoid of revolution.
type spheroide struct {
	a float64 // semi-major axis, metres
	f float64 // flattening
	e float64 // eccentricity
}

func ellipsoide(a, inverse float64) spheroide {
	f := 1 / inverse
	return spheroide{a: a, f: f, e: math.Sqrt(f * (2 - f))}
}

// lambert is the conformal conic projection with two standard parallels (degrees), its origin and the
// coordinates given to the origin (metres).
func lambert(s spheroide, parallele1, parallele2, lat0, long0, x0, y0 float64) func(long, lat float64) (x, y float64) {
	m := func(phi float64) float64 {
		return math.Cos(phi) / math.Sqrt(1-s.e*s.e*math.Sin(phi)*math.Sin(phi))
	}
	// isometrique is the isometric latitude.
	isometrique := func(phi float64) float64 {
		sin := math.Sin(phi)
		return math.Atanh(sin) - s.e*math.Atanh(s.e*sin)
	}
	phi1, phi2 := radians(parallele1), radians(parallele2)
	n := math.Log(m(phi1)/m(phi2)) / (isometrique(phi2) - isometrique(phi1))
	c := s.a * m(phi1) / n * math.Exp(n*isometrique(phi1))
	rho0 := c * math.Exp(-n*isometrique(radians(lat0)))
	return func(long, lat float64) (x, y float64) {
		sinPhi := math.Sin(radians(lat))
		// The isometric latitude written with logarithms, faster than the inverse hyperbolic tangents.
		rho := c * math.Exp(n/2*(math.Log((1-sinPhi)/(1+sinPhi))+s.e*math.Log((1+s.e*sinPhi)/(1-s.e*sinPhi))))
		sin, cos := math.Sincos(n * radians(long-long0))
		return x0 + rho*sin, y0 + rho0 - rho*cos
	}
}

func utmNord(s spheroide, fuseau int) func(long, lat float64) (x, y float64) {
	return mercatorTransverse(s, fuseau, 0)
}

func utmSud(s spheroide, fuseau int) func(long, lat float64) (x, y float64) {
	return mercatorTransverse(s, fuseau, 10_000_000)
}

// mercatorTransverse is the UTM projection of a zone, by the series of Krüger to the sixth power of the third
// flattening: exact to far less than a millimetre within a zone.
func mercatorTransverse(s spheroide, fuseau int, y0 float64) func(long, lat float64) (x, y float64) {
	const (
		k0 = 0.9996
		x0 = 500_000
	)
	long0 := float64(6*fuseau - 183)
	n := s.f / (2 - s.f)
	rayon := s.a / (1 + n) * polynome(n*n, 1, 1./4, 1./64, 1./256)
	alpha := [...]float64{
		polynome(n, 0, 1./2, -2./3, 5./16, 41./180, -127./288, 7891./37800),
		polynome(n, 0, 0, 13./48, -3./5, 557./1440, 281./630, -1983433./1935360),
		polynome(n, 0, 0, 0, 61./240, -103./140, 15061./26880, 167603./181440),
		polynome(n, 0, 0, 0, 0, 49561./161280, -179./168, 6601661./7257600),
		polynome(n, 0, 0, 0, 0, 0, 34729./80640, -3418889./1995840),
		polynome(n, 0, 0, 0, 0, 0, 0, 212378941./319334400),
	}
	return func(long, lat float64) (x, y float64) {
		sinPhi := math.Sin(radians(lat))
		sin, cos := math.Sincos(radians(long - long0))
		t := math.Sinh(math.Atanh(sinPhi) - s.e*math.Atanh(s.e*sinPhi))
		xi, eta := math.Atan2(t, cos), math.Atanh(sin/math.Hypot(1, t))
		a, b := xi, eta
		for i, coef := range alpha {
			double := float64(2 * (i + 1))
			sin, cos := math.Sincos(double * xi)
			a += coef * sin * math.Cosh(double*eta)
			b += coef * cos * math.Sinh(double*eta)
		}
		return x0 + k0*rayon*b, y0 + k0*rayon*a
	}
}

// polynome evaluates c[0] + c[1]·x + c[2]·x²…
func polynome(x float64, c ...float64) float64 {
	v := 0.0
	for i := len(c) - 1; i >= 0; i-- {
		v = v*x + c[i]
	}
	return v
}

func radians(degres float64) float64 { return degres * math.Pi / 180 }
