package app

import (
	"apilos/api/convention"
	"apilos/api/httpapi"
	"apilos/api/httpapi/web"
)

// ressourcesMixtes serve the variants of 02 §8: conventions mixtes, seconde vie, types I and II.
func (p *pieces) ressourcesMixtes() []httpapi.Resource {
	conventions := web.Conventions{Service: p.conv, Horloge: p.now}
	return []httpapi.Resource{
		web.Mixtes{Service: p.conv, Conventions: conventions},
		web.SecondesVies{Service: convention.NewSecondesVies(p.conv, p.operations)},
		web.TypesConvention{Service: p.conv, Conventions: conventions},
	}
}
