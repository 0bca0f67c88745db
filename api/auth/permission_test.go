package auth_test

import (
	"testing"

	"apilos/api/auth"
	"github.com/stretchr/testify/require"
)

// The table is the one of 02 §2.1.
func TestPE01PE02PE03PermissionMatrix(t *testing.T) {
	type groupe struct {
		nom string
		p   auth.Principal
	}
	groupes := []groupe{
		{"bailleur", auth.Principal{Typologie: auth.Bailleur}},
		{"instructeur", auth.Principal{Typologie: auth.Instructeur}},
		{"administrateur", auth.Principal{Typologie: auth.Administrateur}},
		{"readonly_bailleur", auth.Principal{Typologie: auth.Bailleur, LectureSeule: true}},
		{"readonly_instructeur", auth.Principal{Typologie: auth.Instructeur, LectureSeule: true}},
		{"readonly_administrateur", auth.Principal{Typologie: auth.Administrateur, LectureSeule: true}},
		{"sans rôle", auth.Principal{}},
		{"superuser", auth.Principal{Superuser: true}},
		{"détournement lecture", auth.Principal{Typologie: auth.Instructeur, DetourneParID: 4, Mode: auth.DetournementLecture}},
		{"détournement complet", auth.Principal{Typologie: auth.Bailleur, DetourneParID: 4, Mode: auth.DetournementComplet}},
	}
	table := map[auth.Permission]string{ // one letter per groupe, in order
		auth.ViewConvention:       "xxxxxx.xxx",
		auth.AddConvention:        "xxx....x.x",
		auth.ChangeConvention:     "xxx....x.x",
		auth.DeleteConvention:     "xxx....x.x",
		auth.ValidateConvention:   ".xx....x..",
		auth.ViewComment:          "xxxxxx.xxx",
		auth.AddComment:           "xxx....x.x",
		auth.ChangeComment:        "xxx....x.x",
		auth.ViewBailleur:         "xxxxxx.xxx",
		auth.ChangeBailleur:       "xxx....x.x",
		auth.ViewAdministration:   "xxxxxx.xxx",
		auth.ChangeAdministration: ".xx....x..",
	}
	require.Len(t, table, len(auth.Toutes()))
	for perm, ligne := range table {
		for i, g := range groupes {
			require.Equal(t, ligne[i] == 'x', g.p.Peut(perm), "%s / %s", g.nom, perm)
		}
	}
}
