package pgdev

// gardien does not exist on Windows: a killed program leaves its throw-away server to be stopped by hand.
type gardien struct{}

func lancerGardien(int, string) (*gardien, error) { return nil, nil }
func (g *gardien) congedier()                     {}
