package sim

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// reply is an answer made before anything is sent, so that the journal is complete when it leaves.
type reply struct {
	status      int
	contentType string
	header      http.Header
	body        []byte
}

func jsonReply(status int, v any) reply {
	b, err := json.Marshal(v)
	if err != nil {
		return problem(http.StatusInternalServerError, "Réponse non codable.")
	}
	return reply{status: status, contentType: "application/json", body: b}
}

// problem is an error as the SIAP writes them.
func problem(status int, detail string) reply {
	b, _ := json.Marshal(map[string]string{"detail": detail})
	return reply{status: status, contentType: "application/json", body: b}
}

func redirect(location string) reply {
	return reply{status: http.StatusFound, header: http.Header{"Location": {location}}}
}

func (a reply) with(key, value string) reply {
	if a.header == nil {
		a.header = http.Header{}
	}
	a.header.Add(key, value)
	return a
}

func (a reply) write(w http.ResponseWriter) {
	h := w.Header()
	for k, v := range a.header {
		h[k] = v
	}
	if a.contentType != "" {
		h.Set("Content-Type", a.contentType)
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	if len(a.body) > 0 {
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the caller may have left
}
