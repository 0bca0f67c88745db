package config

// Journal sets the seals of the audit journal (02 CC-32).
type Journal struct {
	SealKeys      KeyRing `env:"JOURNAL_SEAL_KEYS" defaut:"clé de développement" doc:"Clés des sceaux du journal, id:secret,… ; la première scelle, toutes vérifient. À garder hors de la base et de ses sauvegardes. 32 octets au moins."`
	SealRetention int     `env:"JOURNAL_SEAL_RETENTION_DAYS" envDefault:"0" doc:"Jours pendant lesquels le stockage objet refuse la suppression d'un sceau (compartiment avec verrouillage d'objets) ; 0 : rien n'est demandé."`
}

// maxSealRetention is a century: a longer one is a mistake.
const maxSealRetention = 36_525

func (c Config) checkJournal(k *checker) {
	k.require(c.Journal.SealRetention >= 0 && c.Journal.SealRetention <= maxSealRetention, "JOURNAL_SEAL_RETENTION_DAYS", "doit être entre 0 et %d", maxSealRetention)
	seen := map[string]bool{}
	for _, key := range c.Journal.SealKeys {
		k.require(key.ID != "" && !seen[key.ID], "JOURNAL_SEAL_KEYS", "chaque clé porte un identifiant différent, id:secret")
		k.require(key.Secret != c.Security.SecretKey, "JOURNAL_SEAL_KEYS", "doit différer de SECRET_KEY")
		seen[key.ID] = true
	}
}
