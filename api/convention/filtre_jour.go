package convention

import "apilos/api/date"

// Au returns f as of a day, for what reads the list later or elsewhere than Service.Lister.
func (f Filtre) Au(jour date.Date) Filtre {
	f.jour = jour
	return f
}
