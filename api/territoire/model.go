package territoire

// Region is a row of table region.
type Region struct {
	CodeInsee string `gorm:"column:code_insee;primaryKey"`
	Nom       string `gorm:"column:nom"`
}

// TableName returns the name of the table.
func (Region) TableName() string { return "region" }

// Departement is a row of table departement.
type Departement struct {
	ID              int64   `gorm:"column:id;primaryKey;autoIncrement"`
	CodeInsee       string  `gorm:"column:code_insee"`
	Nom             string  `gorm:"column:nom"`
	CodeInseeRegion *string `gorm:"column:code_insee_region"`
	PrefixePostal   string  `gorm:"column:prefixe_postal"`
}

// TableName returns the name of the table.
func (Departement) TableName() string { return "departement" }

// Commune is a row of table commune.
type Commune struct {
	Code        string  `gorm:"column:code;primaryKey"`
	CodeInsee   *string `gorm:"column:code_insee"`
	Nom         string  `gorm:"column:nom"`
	NomNorm     string  `gorm:"column:nom_norm"`
	Departement *string `gorm:"column:departement"`
	Region      *string `gorm:"column:region"`
	Millesime   *int    `gorm:"column:millesime"`
}

// TableName returns the name of the table.
func (Commune) TableName() string { return "commune" }

// CommuneCodePostal is a row of table commune_code_postal.
type CommuneCodePostal struct {
	CommuneCode string `gorm:"column:commune_code;primaryKey"`
	CodePostal  string `gorm:"column:code_postal;primaryKey"`
}

// TableName returns the name of the table.
func (CommuneCodePostal) TableName() string { return "commune_code_postal" }
