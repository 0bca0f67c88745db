package siap_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/siap"
)

// habilitation builds a usable habilitation of each profile.
func habilitation(profil siap.Profil, codeRole string) siap.HabilitationDTO {
	h := siap.HabilitationDTO{
		ID: 7, Statut: "VALIDEE",
		Groupe:       &siap.GroupeDTO{Profil: siap.ProfilDTO{Code: profil}, CodeRole: codeRole},
		Gestionnaire: &siap.GestionnaireHabilitationDTO{},
		Utilisateur:  &siap.PersonneDTO{Nom: "Exemple", Prenom: "Une", Email: "Une@Example.org"},
	}
	switch profil {
	case siap.MOPersMorale:
		h.EntiteMorale = &siap.EntiteMoraleDTO{Nom: "OPH Exemple", Siren: "900000001"}
	case siap.SerGest:
		h.Gestionnaire = &siap.GestionnaireHabilitationDTO{Code: "35047", Libelle: "35047 - Rennes Est"}
	case siap.SerDep:
		h.PorteeTerritComp = portee("DEP", "", "35")
	case siap.DirReg, siap.AssHlm:
		h.PorteeTerritComp = portee("REG", "53", "")
	}
	return h
}

func portee(code string, region, departement siap.Code) *siap.PorteeDTO {
	p := &siap.PorteeDTO{CodePortee: code}
	if region != "" {
		p.RegComp = &siap.Territoire{Code: region}
	}
	if departement != "" {
		p.DepComp = &siap.Territoire{Code: departement}
	}
	return p
}

func now() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// TestProfils is the table of 05 B.5.1 and 02 §2.2.
func TestProfils(t *testing.T) {
	administration := siap.EntiteSIAP{Type: siap.EntiteAdministration, Pivot: "35047", Nom: "35047 - Rennes Est"}
	for _, c := range []struct {
		profil    siap.Profil
		role      string
		typologie auth.Typologie
		groupe    string
		kpi       siap.ClasseKPI
		entite    siap.EntiteSIAP
		national  bool
	}{
		{siap.MOPersMorale, "MO_MORAL_REG_ADMIN", auth.Bailleur, "bailleur", siap.KPIBailleur, siap.EntiteSIAP{Type: siap.EntiteBailleur, Pivot: "900000001", Nom: "OPH Exemple"}, false},
		{siap.MOPersPhys, "MO_PHYS", auth.Bailleur, "bailleur", siap.KPIBailleur, siap.EntiteSIAP{Type: siap.EntiteBailleurPrive, Pivot: "une@example.org", Nom: "Une Exemple"}, false},
		{siap.SerGest, "SERV_INSTR_ADMIN", auth.Instructeur, "instructeur", siap.KPIInstructeur, administration, false},
		{siap.SerDep, "SERV_DEP_ADMIN", auth.Administrateur, "administrateur", siap.KPIInstructeur, siap.EntiteSIAP{}, false},
		{siap.DirReg, "DIR_REG_ADMIN", auth.Administrateur, "administrateur", siap.KPIAdministration, siap.EntiteSIAP{}, false},
		{siap.AdmCentrale, "ADM_CENTRALE_ADMIN", auth.Administrateur, "administrateur", siap.KPIAdministration, siap.EntiteSIAP{}, true},
		{siap.AssHlm, "ASS_HLM_REG_LECTEUR", auth.Administrateur, "readonly_administrateur", siap.KPIInstructeur, siap.EntiteSIAP{}, false},
		{siap.Partenaires, "PARTENAIRES", auth.Administrateur, "readonly_administrateur", siap.KPIAucun, siap.EntiteSIAP{}, true},
	} {
		t.Run(string(c.profil), func(t *testing.T) {
			d := siap.Evaluer(habilitation(c.profil, c.role), now())
			require.Equal(t, siap.RefusAucun, d.Refus)
			require.True(t, d.Utilisable())
			require.Equal(t, c.typologie, d.Typologie)
			require.Equal(t, c.groupe, d.Groupe())
			require.Equal(t, c.kpi, d.ClasseKPI)
			require.Equal(t, c.entite, d.Entite)
			require.Equal(t, c.national, d.National)
			require.Equal(t, c.profil == siap.SerDep, d.InstructeurDepartemental())
		})
	}
	require.Len(t, siap.Profils(), 8)
	for _, inconnu := range []siap.Profil{"", "STAFF", "mo_pers_morale", "AUTRE"} {
		d := siap.Evaluer(habilitation(inconnu, "ADM_CENTRALE_ADMIN"), now())
		require.Equal(t, siap.RefusProfil, d.Refus, "profil %q", inconnu)
		require.Empty(t, d.Typologie)
		require.Empty(t, d.Groupe())
	}
}

// TestRolesPE10 is the table of 05 B.5.3: every known code, and deny by default for the others.
func TestRolesPE10(t *testing.T) {
	lecture := []string{"ADM_CENTRALE_LECTEUR", "DIR_REG_LECTEUR", "DIR_REG_INSTRUCTEUR_CHORUS", "SERV_DEP_LECTEUR",
		"SERV_DEP_INSTRUCTEUR_CHORUS", "SERV_INSTR_LECTEUR", "SERV_INSTR_DELGEG2_LECTEUR", "SERV_INSTR_DELGEG3_LECTEUR",
		"ASS_HLM_NAT_LECTEUR", "ASS_HLM_REG_LECTEUR", "MO_MORAL_NAT_LECTEUR", "MO_MORAL_REG_LECTEUR", "PARTENAIRES"}
	ecriture := []string{"ADM_CENTRALE_ADMIN", "DIR_REG_ADMIN", "DIR_REG_INSTRUCTEUR", "DIR_REG_VALIDEUR", "DIR_REG_SIGNATAIRE",
		"SERV_DEP_ADMIN", "SERV_DEP_INSTRUCTEUR", "SERV_DEP_VALIDEUR", "SERV_DEP_SIGNATAIRE", "SERV_INSTR_ADMIN",
		"SERV_INSTR_INSTRUCTEUR", "SERV_INSTR_VALIDEUR", "SERV_INSTR_SIGNATAIRE", "SERV_INSTR_INSTRUCTEUR_CHORUS",
		"SERV_INSTR_DELGEG2_ADMIN", "SERV_INSTR_DELGEG2_INSTRUCTEUR", "SERV_INSTR_DELGEG2_VALIDEUR", "SERV_INSTR_DELGEG2_SIGNATAIRE",
		"SERV_INSTR_DELGEG3_ADMIN", "SERV_INSTR_DELGEG3_INSTRUCTEUR", "SERV_INSTR_DELGEG3_VALIDEUR", "SERV_INSTR_DELGEG3_SIGNATAIRE",
		"MO_MORAL_NAT_ADMIN", "MO_MORAL_REG_ADMIN", "MO_MORAL_REG_INSTRUCTEUR", "MO_MORAL_REG_VALIDEUR", "MO_MORAL_REG_SIGNATAIRE", "MO_PHYS"}
	inconnus := []string{"", "X_NEW", "serv_instr_admin", "SERV_INSTR_DELGEG2_INSTRUCTEUR_CHORUS", "ASS_HLM_NAT_ADMIN"}
	check := func(codes []string, lectureSeule, connu bool) {
		for _, code := range codes {
			d := siap.Evaluer(habilitation(siap.SerGest, code), now())
			require.Equal(t, lectureSeule, d.LectureSeule, code)
			require.Equal(t, connu, d.RoleConnu, code)
			require.True(t, d.Utilisable(), code)
		}
	}
	check(lecture, true, true)
	check(ecriture, false, true)
	check(inconnus, true, false)
}

func TestPartenairesAlwaysReadOnlyAndNational(t *testing.T) {
	h := habilitation(siap.Partenaires, "ADM_CENTRALE_ADMIN")
	h.PorteeTerritComp = portee("REG", "53", "")
	d := siap.Evaluer(h, now())
	require.True(t, d.LectureSeule)
	require.True(t, d.National)
	require.Empty(t, d.Region)
}

// TestPerimetrePE16 covers every profile against what the reach says, codes being numbers or texts.
func TestPerimetrePE16(t *testing.T) {
	type want struct {
		region, departement string
		national            bool
		refus               siap.Refus
	}
	for _, c := range []struct {
		name   string
		profil siap.Profil
		role   string
		portee *siap.PorteeDTO
		want   want
	}{
		{"SER_DEP with its département", siap.SerDep, "SERV_DEP_ADMIN", portee("DEP", "53", "1"), want{departement: "01"}},
		{"SER_DEP Corsica", siap.SerDep, "SERV_DEP_ADMIN", portee("DEP", "94", "2A"), want{departement: "2A"}},
		{"SER_DEP overseas", siap.SerDep, "SERV_DEP_ADMIN", portee("DEP", "4", "974"), want{departement: "974"}},
		{"SER_DEP without depComp", siap.SerDep, "SERV_DEP_ADMIN", portee("DEP", "53", ""), want{refus: siap.RefusPerimetre}},
		{"SER_DEP without reach", siap.SerDep, "SERV_DEP_ADMIN", nil, want{refus: siap.RefusPerimetre}},
		{"SER_DEP regional reach", siap.SerDep, "SERV_DEP_ADMIN", portee("REG", "53", "35"), want{region: "53", refus: siap.RefusPerimetre}},
		{"SER_DEP code 20", siap.SerDep, "SERV_DEP_ADMIN", portee("DEP", "94", "20"), want{refus: siap.RefusPerimetre}},
		{"DIR_REG with its région", siap.DirReg, "DIR_REG_ADMIN", portee("REG", "4", ""), want{region: "04"}},
		{"DIR_REG without région", siap.DirReg, "DIR_REG_ADMIN", portee("NAT", "", ""), want{refus: siap.RefusPerimetre}},
		{"DIR_REG département reach", siap.DirReg, "DIR_REG_ADMIN", portee("DEP", "53", "35"), want{departement: "35", refus: siap.RefusPerimetre}},
		{"ADM_CENTRALE national", siap.AdmCentrale, "ADM_CENTRALE_ADMIN", portee("NAT", "", ""), want{national: true}},
		{"ADM_CENTRALE limited", siap.AdmCentrale, "ADM_CENTRALE_ADMIN", portee("REG", "53", ""), want{region: "53"}},
		{"ASS_HLM_NAT national", siap.AssHlm, "ASS_HLM_NAT_LECTEUR", portee("NAT", "", ""), want{national: true}},
		{"ASS_HLM_REG with région", siap.AssHlm, "ASS_HLM_REG_LECTEUR", portee("REG", "53", ""), want{region: "53"}},
		{"ASS_HLM_REG without région", siap.AssHlm, "ASS_HLM_REG_LECTEUR", portee("NAT", "", ""), want{refus: siap.RefusPerimetre}},
		{"ASS_HLM unknown role", siap.AssHlm, "ASS_HLM_NEW", nil, want{refus: siap.RefusPerimetre}},
		{"SER_GEST EPCI gives none", siap.SerGest, "SERV_INSTR_ADMIN", portee("EPCI", "53", "35"), want{}},
		{"SER_GEST COM gives none", siap.SerGest, "SERV_INSTR_ADMIN", portee("COM", "53", "35"), want{}},
		{"SER_GEST LOC gives none", siap.SerGest, "SERV_INSTR_ADMIN", portee("LOC", "53", "35"), want{}},
		{"SER_GEST DEP", siap.SerGest, "SERV_INSTR_ADMIN", portee("DEP", "53", "35"), want{departement: "35"}},
		{"SER_GEST DEP without code", siap.SerGest, "SERV_INSTR_ADMIN", portee("DEP", "53", ""), want{refus: siap.RefusPerimetre}},
		{"MO REG", siap.MOPersMorale, "MO_MORAL_REG_ADMIN", portee("REG", "93", ""), want{region: "93"}},
		{"MO NAT", siap.MOPersMorale, "MO_MORAL_NAT_ADMIN", portee("NAT", "", ""), want{}},
		{"MO REG without code", siap.MOPersMorale, "MO_MORAL_REG_ADMIN", portee("REG", "", ""), want{refus: siap.RefusPerimetre}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := habilitation(c.profil, c.role)
			h.PorteeTerritComp = c.portee
			d := siap.Evaluer(h, now())
			require.Equal(t, c.want, want{d.Region, d.Departement, d.National, d.Refus})
		})
	}
}

// TestValiditePE11 covers statut and dateExpiration, whose last day counts in full in France.
func TestValiditePE11(t *testing.T) {
	paris := date.Paris()
	for _, c := range []struct {
		name, statut, expiration string
		at                       time.Time
		want                     bool
	}{
		{"no end", "VALIDEE", "", now(), true},
		{"far", "VALIDEE", "2030-03-01", now(), true},
		{"last minute in Paris", "VALIDEE", "2026-03-02", time.Date(2026, 3, 2, 23, 59, 0, 0, paris), true},
		{"first minute after in Paris", "VALIDEE", "2026-03-02", time.Date(2026, 3, 3, 0, 1, 0, 0, paris), false},
		{"yesterday", "VALIDEE", "2026-03-01", now(), false},
		{"instant", "VALIDEE", "2026-03-02T00:00:00Z", now(), true},
		{"instant whose day in Paris is the next", "VALIDEE", "2026-03-01T23:30:00Z", now(), true},
		{"local instant", "VALIDEE", "2026-03-01T23:30:00", now(), false},
		{"unreadable", "VALIDEE", "bientôt", now(), false},
		{"to validate", "A_VALIDER", "", now(), false},
		{"refused", "REFUSEE", "2030-03-01", now(), false},
		{"empty", "", "", now(), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := habilitation(siap.SerGest, "SERV_INSTR_ADMIN")
			h.Statut, h.DateExpiration = c.statut, c.expiration
			require.Equal(t, c.want, siap.Valide(h, c.at))
			d := siap.Evaluer(h, c.at)
			require.Equal(t, c.want, d.Utilisable())
			if !c.want {
				require.Equal(t, siap.RefusHabilitation, d.Refus)
				require.NotEmpty(t, d.Refus.Message())
			}
			require.Equal(t, c.want, len(siap.Valides([]siap.HabilitationDTO{h}, c.at)) == 1)
		})
	}
}

func TestEntityMissing(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*siap.HabilitationDTO)
		profil siap.Profil
		want   siap.Refus
	}{
		{"MO without entiteMorale", func(h *siap.HabilitationDTO) { h.EntiteMorale = nil }, siap.MOPersMorale, siap.RefusBailleurInconnu},
		{"MO without siren", func(h *siap.HabilitationDTO) { h.EntiteMorale.Siren = "" }, siap.MOPersMorale, siap.RefusBailleurInconnu},
		{"person without user", func(h *siap.HabilitationDTO) { h.Utilisateur = nil }, siap.MOPersPhys, siap.RefusBailleurInconnu},
		{"person without e-mail", func(h *siap.HabilitationDTO) { h.Utilisateur.Email = " " }, siap.MOPersPhys, siap.RefusBailleurInconnu},
		{"SER_GEST without gestionnaire", func(h *siap.HabilitationDTO) { h.Gestionnaire = nil }, siap.SerGest, siap.RefusPerimetre},
		{"SER_GEST with nulls", func(h *siap.HabilitationDTO) { h.Gestionnaire = &siap.GestionnaireHabilitationDTO{} }, siap.SerGest, siap.RefusPerimetre},
		{"SER_DEP without gestionnaire", func(h *siap.HabilitationDTO) { h.Gestionnaire = nil }, siap.SerDep, siap.RefusAucun},
		{"no groupe", func(h *siap.HabilitationDTO) { h.Groupe = nil }, siap.SerGest, siap.RefusProfil},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := habilitation(c.profil, "MO_PHYS")
			c.change(&h)
			require.Equal(t, c.want, siap.Evaluer(h, now()).Refus)
		})
	}
}

func TestPersonNamedByEntiteMorale(t *testing.T) {
	h := habilitation(siap.MOPersPhys, "MO_PHYS")
	h.EntiteMorale = &siap.EntiteMoraleDTO{Nom: "Indivision Exemple"}
	require.Equal(t, siap.EntiteSIAP{Type: siap.EntiteBailleurPrive, Pivot: "une@example.org", Nom: "Indivision Exemple"}, siap.Evaluer(h, now()).Entite)
}

func TestChooseHabilitation(t *testing.T) {
	list := []siap.HabilitationDTO{{ID: 1}, {ID: 2, Favori: true}, {ID: 3}}
	for _, c := range []struct {
		name           string
		list           []siap.HabilitationDTO
		asked, current int64
		want           int64
	}{
		{"asked", list, 3, 1, 3}, {"asked unknown, current kept", list, 9, 1, 1}, {"favourite", list, 0, 0, 2},
		{"favourite when both are unknown", list, 9, 8, 2}, {"first", list[:1], 0, 0, 1}, {"negative id", list, -1, 0, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, ok := siap.Choisir(c.list, c.asked, c.current)
			require.True(t, ok)
			require.Equal(t, c.want, h.ID)
		})
	}
	_, ok := siap.Choisir(nil, 1, 1)
	require.False(t, ok)
	_, ok = siap.Trouver([]siap.HabilitationDTO{{ID: 0}}, 0)
	require.False(t, ok, "0 designates no habilitation")
}

func TestBanniere(t *testing.T) {
	h := siap.HabilitationDTO{Groupe: &siap.GroupeDTO{LibelleRole: "Valideur"}, SousTitre1: "Rennes Est"}
	require.Equal(t, []string{"Valideur", "Rennes Est"}, h.Banniere())
	h.Entete, h.SousTitre2 = "Service gestionnaire", "Délégation"
	require.Equal(t, []string{"Service gestionnaire", "Rennes Est", "Délégation"}, h.Banniere())
	require.Empty(t, siap.HabilitationDTO{}.Banniere())
}
