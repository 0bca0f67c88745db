package auth

// Permission is a permission code (02 §2.1).
type Permission string

// Permissions.
const (
	ViewConvention       Permission = "view_convention"
	AddConvention        Permission = "add_convention"
	ChangeConvention     Permission = "change_convention"
	DeleteConvention     Permission = "delete_convention"
	ValidateConvention   Permission = "validate_convention"
	ViewComment          Permission = "view_comment"
	AddComment           Permission = "add_comment"
	ChangeComment        Permission = "change_comment"
	ViewBailleur         Permission = "view_bailleur"
	ChangeBailleur       Permission = "change_bailleur"
	ViewAdministration   Permission = "view_administration"
	ChangeAdministration Permission = "change_administration"
)

// Toutes lists every permission, in the order of 02 §2.1.
func Toutes() []Permission {
	return []Permission{
		ViewConvention, AddConvention, ChangeConvention, DeleteConvention, ValidateConvention,
		ViewComment, AddComment, ChangeComment, ViewBailleur, ChangeBailleur,
		ViewAdministration, ChangeAdministration,
	}
}

// lecture is what every role may do, read-only ones included (PE-01).
func lecture(p Permission) bool {
	switch p {
	case ViewConvention, ViewComment, ViewBailleur, ViewAdministration:
		return true
	}
	return false
}

// Peut tells whether the group of p grants perm (02 §2.1), and so do the scopes when p is an API client. It says
// nothing of the perimeter.
func (p Principal) Peut(perm Permission) bool {
	if p.Client != nil && (p.Staff || p.Superuser || !p.Client.accorde(perm)) {
		return false
	}
	if p.EnLecture() {
		return lecture(perm) && (p.aRole() || p.Superuser || p.Staff)
	}
	if p.Superuser || p.Staff { // PE-02
		return true
	}
	switch p.Typologie {
	case Bailleur:
		return perm != ValidateConvention && perm != ChangeAdministration
	case Instructeur, Administrateur:
		return true
	}
	return false
}

func (p Principal) aRole() bool {
	return p.Typologie == Bailleur || p.Typologie == Instructeur || p.Typologie == Administrateur
}

// Permissions lists what p may do, for the session resource.
func (p Principal) Permissions() []Permission {
	var out []Permission
	for _, perm := range Toutes() {
		if p.Peut(perm) {
			out = append(out, perm)
		}
	}
	return out
}
