package config

import (
	"fmt"
	"reflect"
	"strings"
)

// groupTitles names the groups of Config in the documentation.
func groupTitles() map[string]string {
	return map[string]string{
		"": "Général", "Server": "Serveur", "Log": "Journaux", "Database": "Base de données", "Storage": "Fichiers",
		"Mail": "Courriels", "Antivirus": "Antivirus", "SIAPAPI": "Appels reçus de SIAP", "SIAPClient": "Appels vers SIAP",
		"Simulator": "Simulateurs", "Cerbere": "CERBERE", "Session": "Sessions", "Security": "Sécurité", "Journal": "Journal",
		"Jobs": "Tâches de fond", "Limits": "Limites", "Depot": "Dépôt des Bases Adresses Locales", "Search": "Recherche", "Documents": "Documents",
		"Sentry": "Suivi d'erreurs", "Backup": "Sauvegardes",
	}
}

// Reference writes the table of settings shown in README.md, in Markdown and in French. scripts/generate writes it
// there and a test fails when the two differ.
func Reference() string {
	required := map[string]bool{}
	for _, needed := range requirements() {
		required[needed.name] = true
	}
	titles := groupTitles()
	var text strings.Builder
	text.WriteString("| Variable | Rôle | Par défaut |\n|---|---|---|\n")
	last := "none"
	eachSetting(reflect.TypeFor[Config](), func(field reflect.StructField, group string) {
		if group != last {
			fmt.Fprintf(&text, "| **%s** | | |\n", titles[group])
			last = group
		}
		name := field.Tag.Get("env")
		marks := ""
		if required[name] {
			marks += " **(P)**"
		}
		if field.Tag.Get("reserve") != "" {
			marks += " *(à venir)*"
		}
		fmt.Fprintf(&text, "| `%s`%s | %s | %s |\n", name, marks, field.Tag.Get("doc"), defaultShown(field))
	})
	text.WriteString("\n**(P)** : obligatoire quand `ENVIRONMENT` vaut `production` ou `staging`. " +
		"*(à venir)* : lu et contrôlé, utilisé par un module à venir.\n\n")
	text.WriteString("| Ancien nom accepté | Remplacé par |\n|---|---|\n")
	for _, other := range append(simpleAliases(), composedAliases()...) {
		fmt.Fprintf(&text, "| `%s` | `%s` |\n", other.Name, other.Main)
	}
	text.WriteString("\nDans un fichier (`NOM_FILE` donne son chemin) : `" + strings.Join(secretNames(), "`, `") + "`.\n")
	return text.String()
}

func defaultShown(field reflect.StructField) string {
	if text := field.Tag.Get("defaut"); text != "" {
		return text
	}
	if value := field.Tag.Get("envDefault"); value != "" {
		return "`" + strings.ReplaceAll(value, "|", "\\|") + "`"
	}
	return "vide"
}
