package app

import (
	"apilos/api/httpapi"
	"apilos/api/httpapi/web"
)

// ressourcesExpert correct what is in force (02 PE-34, CC-34).
func (p *pieces) ressourcesExpert() []httpapi.Resource {
	conventions := web.Conventions{Service: p.conv, Horloge: p.now}
	return []httpapi.Resource{
		web.Expert{Service: p.conv, Conventions: conventions},
		web.Forcages{Service: p.conv, Conventions: conventions},
	}
}
