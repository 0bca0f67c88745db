package sim

// exterieurView is what the demonstration page shows of the services around the deposit.
type exterieurView struct {
	Agents       []Agent
	Messages     []MessageEquipe
	Compositions []Composition
	Partenaires  []ClientPartenaire
}

// vueExterieur is nil when these services are left out.
func (s *Simulator) vueExterieur() *exterieurView {
	if s.options.WithoutExterieur {
		return nil
	}
	return &exterieurView{s.exterieur().ProConnect.Personnes, s.MessagesEquipe(), s.Compositions(), s.Partenaires()}
}
