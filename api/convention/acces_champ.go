package convention

import "apilos/api/date"

// deConvention binds a field to a column of the convention: T is the kind of value of the field.
func deConvention[T any](c Champ, colonne string, acces func(*Convention) *T) Champ {
	c.Lire = func(d *Dossier) any { return *acces(&d.Convention) }
	c.Ecrire = func(d *Dossier, v any) Ecriture {
		*acces(&d.Convention) = v.(T)
		return Ecriture{TableConvention, colonne, v}
	}
	return c
}

// deFoyerResidence binds a field of the part of foyers and résidences, whose row is made at the first write.
func deFoyerResidence[T any](c Champ, colonne string, acces func(*FoyerResidence) *T) Champ {
	c.Lire = func(d *Dossier) any {
		if d.FoyerResidence == nil {
			return *acces(&FoyerResidence{})
		}
		return *acces(d.FoyerResidence)
	}
	c.Ecrire = func(d *Dossier, v any) Ecriture {
		if d.FoyerResidence == nil {
			d.FoyerResidence = &FoyerResidence{ConventionID: d.Convention.ID}
		}
		*acces(d.FoyerResidence) = v.(T)
		return Ecriture{TableFoyerResidence, colonne, v}
	}
	return c
}

// enDefaut shows another value while the field is empty, without ever storing it.
func enDefaut(c Champ, defaut func(*Dossier) any) Champ {
	lire := c.Lire
	c.Lire = func(d *Dossier) any {
		v := lire(d)
		if enTexte(v) == "" {
			return defaut(d)
		}
		return v
	}
	return c
}

// montre is a field that the step only shows.
func montre(c Champ, lire func(*Dossier) any) Champ {
	c.Lire, c.Fige = lire, func(*Dossier) bool { return true }
	return c
}

func texteDe(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// jourDe copies a day that another record holds.
func jourDe(j *date.Date) *date.Date {
	if j == nil {
		return nil
	}
	copie := *j
	return &copie
}
