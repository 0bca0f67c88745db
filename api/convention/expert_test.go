package convention_test

import (
	"context"
	"testing"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/stretchr/testify/require"
)

func enExpert(p auth.Principal) auth.Principal {
	p.Expert = true
	return p
}

// PE-34: expert mode opens what is in force, to those who validate, for the requests that ask for it only.
func TestPE34ModeExpert(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	ouverts := map[convention.Statut]bool{convention.Signee: true, convention.PublicationEnCours: true, convention.Publie: true}
	for _, statut := range convention.Statuts() {
		id := s.Monde.Convention(fixture.Conv{Statut: statut})
		for nom, a := range map[string]struct {
			p     auth.Principal
			admis bool
		}{
			"service":          {enExpert(service), true},
			"DREAL":            {enExpert(s.EnAdministrateur()), true},
			"bailleur":         {enExpert(s.EnBailleur()), false},
			"lecteur":          {enExpert(fixture.EnLecture(service)), false},
			"without the mode": {service, false},
		} {
			d, err := s.Service.Lire(context.Background(), a.p, id)
			require.NoError(t, err)
			if ouverts[statut] {
				require.Equal(t, a.admis, d.ModifiablePar(a.p).Tout, "%s, %s", nom, statut)
			}
		}
		d, err := s.Service.Lire(context.Background(), service, id)
		require.NoError(t, err)
		if !ouverts[statut] {
			require.Equal(t, d.ModifiablePar(service), d.ModifiablePar(enExpert(service)), "the mode changes nothing in %s", statut)
		}
	}
}

// PE-35: the correction leaves statut and signed file, is marked on the convention and told by the journal.
func TestPE35CorrectionEnModeExpert(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Publie})
	signe := s.DocumentSigne(id, "SAIN")
	_, err := s.enregistrer(t, service, id, `{"ville":"Panazol"}`)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), "%v", err)
	_, err = s.enregistrer(t, enExpert(service), id, `{"ville":"Panazol"}`)
	require.NoError(t, err)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND statut = 'PUBLIE' AND donnees_modifiees_apres_signature`, id))
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM fichier_rattache WHERE fichier_id = $1 AND remplace_le IS NULL`, signe))
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE mode = 'EXPERT' AND avant->>'ville' = 'Limoges' AND apres->>'ville' = 'Panazol'`))
	require.Zero(t, s.Compter(`SELECT count(*) FROM convention_historique WHERE convention_id = $1 AND transition <> 'creer'`, s.ID(id)))
}

// PE-34 and PE-33: on an avenant, the mode opens the fields of its types only.
func TestPE33ModeExpertSurUnAvenant(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	avenant := s.Monde.Avenant(s.Monde.Convention(fixture.Conv{Statut: convention.Signee}), convention.Signee, "bailleur")
	_, err := s.enregistrer(t, enExpert(service), avenant, `{"ville":"Panazol"}`)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), "%v", err)
}
