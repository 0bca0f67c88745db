package alert_test

import (
	"testing"

	"apilos/api/alert"

	"github.com/stretchr/testify/require"
)

func TestLibelleErreur_saysItInFrench(t *testing.T) {
	for erreur, libelle := range map[string]string{
		"": "",
		"siap alerte_create: Le SIAP est injoignable. Réessayez plus tard ; vos données locales restent disponibles. [HTTP 500] [{}]: dial": "Le SIAP est injoignable. Réessayez plus tard ; vos données locales restent disponibles.",
		"send: mail: temporary failure: 451 greylisted":       "Le serveur de courriels n’a pas accepté le message pour le moment.",
		"mail: permanent failure: 550":                        "Le serveur de courriels refuse ce message ou cette adresse.",
		"donnée obligatoire absente ou refusée : codeCommune": "Donnée obligatoire absente ou refusée : codeCommune",
		"interrupteur fermé":                                  "Interrupteur fermé",
	} {
		require.Equal(t, libelle, alert.LibelleErreur(erreur))
	}
}
