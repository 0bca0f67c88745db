package depot

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"time"

	"apilos/api/bal"
	"apilos/api/revision"
)

// Ouvreur opens a file, several times if needed.
type Ouvreur func(ctx context.Context) (io.ReadCloser, error)

// jugement is what the format of a file tells, before the rules of the deposit.
type jugement struct {
	v            revision.Validation
	lu           bool // the file could be read
	autreCommune bool // some row is of another commune, or of none
}

// juger validates a file with the automatic choice of the profile.
func (s *Service) juger(ctx context.Context, ouvrir Ouvreur, code string, le time.Time) (jugement, error) {
	r, err := bal.Valider(ctx, bal.Source(ouvrir), s.optionsBAL(le))
	if err != nil {
		return jugement{}, fmt.Errorf("validate address file: %w", err)
	}
	j := jugement{lu: r.LectureReussie, v: revision.Validation{ValidatorVersion: bal.VersionValidateur, Errors: []string{}}}
	if !j.lu {
		j.v.ParseErrors = erreursLecture(r)
		j.v.ParseErrorsCount = &r.NombreErreursLecture
		return j, nil
	}
	j.v.Valid, j.v.Format, j.v.RowsCount = r.Valide, r.Profil, &r.Lignes
	for _, c := range r.CodesProfil {
		switch c.Niveau {
		case bal.Erreur:
			j.v.Errors = append(j.v.Errors, c.Code)
		case bal.Avertissement:
			j.v.Warnings = append(j.v.Warnings, c.Code)
		default:
			j.v.Infos = append(j.v.Infos, c.Code)
		}
	}
	j.autreCommune = r.LignesAutresCommunes > 0
	for _, c := range r.Communes {
		j.autreCommune = j.autreCommune || c.Code != code
	}
	return j, nil
}

// optionsBAL leaves a processor to the other requests: the service answers while a large file is judged.
func (s *Service) optionsBAL(le time.Time) bal.Options {
	o := bal.Options{Horloge: le, Cog: s.c.Cog, Travailleurs: max(1, runtime.GOMAXPROCS(0)-1)}
	if s.c.BAN != nil {
		o.Districts = s.c.BAN
	}
	return o
}

func erreursLecture(r *bal.Rapport) []revision.ParseError {
	out := make([]revision.ParseError, 0, len(r.ErreursLecture))
	for _, e := range r.ErreursLecture {
		p := revision.ParseError{Type: e.Type, Code: e.Code, Message: e.Message}
		if e.Ligne >= 0 {
			p.Row = &e.Ligne
		}
		out = append(out, p)
	}
	return out
}

// LibelleCode is the sentence of a code, for people.
func LibelleCode(code string) string {
	if l, ok := libelles[code]; ok {
		return l
	}
	return bal.Libelle(code)
}

// LibelleCode gives the sentences of codes to the engine.
func (Genre) LibelleCode(code string) string { return LibelleCode(code) }
