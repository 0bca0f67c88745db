package compte

import (
	"encoding/json"
	"time"

	"apilos/api/date"
	"github.com/google/uuid"
)

// Utilisateur is a row of table utilisateur.
type Utilisateur struct {
	ID                         int64      `gorm:"column:id;primaryKey;autoIncrement"`
	UUID                       uuid.UUID  `gorm:"column:uuid;type:uuid;default:(-)"`
	Username                   string     `gorm:"column:username"`
	CerbereLogin               *string    `gorm:"column:cerbere_login"`
	Email                      string     `gorm:"column:email"`
	EmailSecondaire            string     `gorm:"column:email_secondaire"`
	Prenom                     string     `gorm:"column:prenom"`
	Nom                        string     `gorm:"column:nom"`
	Telephone                  string     `gorm:"column:telephone"`
	MotDePasseHash             *string    `gorm:"column:mot_de_passe_hash"`
	PreferencesEmail           string     `gorm:"column:preferences_email;default:(-)"`
	EstStaff                   bool       `gorm:"column:est_staff"`
	EstSuperuser               bool       `gorm:"column:est_superuser"`
	EstActif                   bool       `gorm:"column:est_actif"`
	CreateurID                 *int64     `gorm:"column:createur_id"`
	DerniereConnexionLe        *time.Time `gorm:"column:derniere_connexion_le"`
	QuestionnaireBailleurLe    *time.Time `gorm:"column:questionnaire_bailleur_le"`
	QuestionnaireInstructeurLe *time.Time `gorm:"column:questionnaire_instructeur_le"`
	Theme                      string     `gorm:"column:theme;default:(-)"`
	RecherchesRecentes         bool       `gorm:"column:recherches_recentes"`
	PseudonymiseLe             *time.Time `gorm:"column:pseudonymise_le"`
	InscritLe                  time.Time  `gorm:"column:inscrit_le;default:(-)"`
	Version                    int        `gorm:"column:version;default:(-)"`
	MisAJourLe                 time.Time  `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Utilisateur) TableName() string { return "utilisateur" }

// FiltreDepartement is a row of table utilisateur_filtre_departement.
type FiltreDepartement struct {
	UtilisateurID int64 `gorm:"column:utilisateur_id;primaryKey"`
	DepartementID int64 `gorm:"column:departement_id;primaryKey"`
}

// TableName returns the name of the table.
func (FiltreDepartement) TableName() string { return "utilisateur_filtre_departement" }

// Role is a row of table role.
type Role struct {
	ID                   int64      `gorm:"column:id;primaryKey;autoIncrement"`
	UUID                 uuid.UUID  `gorm:"column:uuid;type:uuid;default:(-)"`
	UtilisateurID        int64      `gorm:"column:utilisateur_id"`
	Typologie            string     `gorm:"column:typologie"`
	LectureSeule         bool       `gorm:"column:lecture_seule"`
	BailleurID           *int64     `gorm:"column:bailleur_id"`
	AdministrationID     *int64     `gorm:"column:administration_id"`
	PerimetreRegion      *string    `gorm:"column:perimetre_region"`
	PerimetreDepartement *string    `gorm:"column:perimetre_departement"`
	ProfilSiap           *string    `gorm:"column:profil_siap"`
	CodeRoleSiap         *string    `gorm:"column:code_role_siap"`
	HabilitationID       *int       `gorm:"column:habilitation_id"`
	ExpireLe             *date.Date `gorm:"column:expire_le;type:date"`
	Version              int        `gorm:"column:version;default:(-)"`
	CreeLe               time.Time  `gorm:"column:cree_le;default:(-)"`
	MisAJourLe           time.Time  `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Role) TableName() string { return "role" }

// Session is a row of table session.
type Session struct {
	ID                       uuid.UUID       `gorm:"column:id;primaryKey;type:uuid;default:(-)"`
	UtilisateurID            int64           `gorm:"column:utilisateur_id"`
	CasTicketEmpreinte       *string         `gorm:"column:cas_ticket_empreinte"`
	Habilitations            json.RawMessage `gorm:"column:habilitations;type:jsonb;default:(-)"`
	HabilitationDefautID     *int            `gorm:"column:habilitation_defaut_id"`
	HabilitationsVerifieesLe *time.Time      `gorm:"column:habilitations_verifiees_le"`
	DetournementID           *int64          `gorm:"column:detournement_id"`
	DetourneParID            *int64          `gorm:"column:detourne_par_id"`
	ParenteID                *uuid.UUID      `gorm:"column:parente_id;type:uuid"` // session of the staff behind an impersonation
	IP                       string          `gorm:"column:ip"`
	Agent                    string          `gorm:"column:agent"`
	CreeLe                   time.Time       `gorm:"column:cree_le;default:(-)"`
	VueLe                    time.Time       `gorm:"column:vue_le;default:(-)"`
	ExpireInactiviteLe       time.Time       `gorm:"column:expire_inactivite_le"`
	ExpireAbsolueLe          time.Time       `gorm:"column:expire_absolue_le"`
	RevoqueeLe               *time.Time      `gorm:"column:revoquee_le"`
}

// TableName returns the name of the table.
func (Session) TableName() string { return "session" }

// JetonRafraichissement is a row of table jeton_rafraichissement.
type JetonRafraichissement struct {
	Empreinte  string     `gorm:"column:empreinte;primaryKey"`
	SessionID  uuid.UUID  `gorm:"column:session_id;type:uuid"`
	CreeLe     time.Time  `gorm:"column:cree_le;default:(-)"`
	RemplaceLe *time.Time `gorm:"column:remplace_le"`
}

// TableName returns the name of the table.
func (JetonRafraichissement) TableName() string { return "jeton_rafraichissement" }

// JetonUnique is a row of table jeton_unique.
type JetonUnique struct {
	Empreinte     string          `gorm:"column:empreinte;primaryKey"`
	Usage         string          `gorm:"column:usage"`
	UtilisateurID *int64          `gorm:"column:utilisateur_id"`
	SessionID     *uuid.UUID      `gorm:"column:session_id;type:uuid"`
	Objet         json.RawMessage `gorm:"column:objet;type:jsonb;default:(-)"`
	ExpireLe      time.Time       `gorm:"column:expire_le"`
	UtiliseLe     *time.Time      `gorm:"column:utilise_le"`
}

// TableName returns the name of the table.
func (JetonUnique) TableName() string { return "jeton_unique" }

// Detournement is a row of table detournement.
type Detournement struct {
	ID      int64      `gorm:"column:id;primaryKey;autoIncrement"`
	UUID    uuid.UUID  `gorm:"column:uuid;type:uuid;default:(-)"`
	StaffID int64      `gorm:"column:staff_id"`
	CibleID int64      `gorm:"column:cible_id"`
	Motif   string     `gorm:"column:motif"`
	Mode    string     `gorm:"column:mode;default:(-)"`
	IP      string     `gorm:"column:ip"`
	Agent   string     `gorm:"column:agent"`
	DebutLe time.Time  `gorm:"column:debut_le;default:(-)"`
	FinLe   *time.Time `gorm:"column:fin_le"`
}

// TableName returns the name of the table.
func (Detournement) TableName() string { return "detournement" }

// TentativeConnexion is a row of table tentative_connexion.
type TentativeConnexion struct {
	Compte         string     `gorm:"column:compte;primaryKey"`
	IP             string     `gorm:"column:ip;primaryKey"`
	Echecs         int        `gorm:"column:echecs"`
	DernierEchecLe time.Time  `gorm:"column:dernier_echec_le;default:(-)"`
	BloqueJusquA   *time.Time `gorm:"column:bloque_jusqu_a"`
}

// TableName returns the name of the table.
func (TentativeConnexion) TableName() string { return "tentative_connexion" }
