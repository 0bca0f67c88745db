package revision

import "context"

// tailleLourde is the size beyond which a validation is long, in bytes.
const tailleLourde = 1_000_000

// bassin bounds the validations that run at the same time. Long ones may take all places but one, so
// that a small file never waits behind large ones.
type bassin struct{ places, lourdes chan struct{} }

func nouveauBassin(n int) *bassin {
	return &bassin{places: make(chan struct{}, max(n, 2)), lourdes: make(chan struct{}, max(n-1, 1))}
}

// entrer waits for a place; the function it returns gives it back.
func (b *bassin) entrer(ctx context.Context, octets int64) (sortir func(), err error) {
	if octets > tailleLourde {
		select {
		case b.lourdes <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		quitter, err := b.prendre(ctx)
		if err != nil {
			<-b.lourdes
			return nil, err
		}
		return func() { quitter(); <-b.lourdes }, nil
	}
	return b.prendre(ctx)
}

func (b *bassin) prendre(ctx context.Context) (func(), error) {
	select {
	case b.places <- struct{}{}:
		return func() { <-b.places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
