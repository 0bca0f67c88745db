package sim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// Handler serves everything: SIAP, CAS, pages and control routes. It may be mounted on another server,
// at its root.
func (s *Simulator) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		switch {
		case path == stylePath:
			styleSheet().write(w)
		case path == ControlPrefix || strings.HasPrefix(path, ControlPrefix+"/"):
			s.serveControl(w, r)
		case path == "/":
			redirect(ControlPrefix + "/").write(w)
		case !s.options.WithoutCAS && s.serveCAS(w, r):
		case !s.options.WithoutExterieur && s.serveExterieur(w, r):
		case !s.options.WithoutSIAP && (s.serveSIAP(w, r) || s.servePages(w, r)):
		default:
			s.exchange(w, r, exchange{}, func() reply { return problem(http.StatusNotFound, "Adresse inconnue du simulateur.") })
		}
	})
}

// Server is a running simulator.
type Server struct {
	*Simulator
	listener net.Listener
	http     *http.Server
	done     chan struct{}
	failure  error
}

// Start serves a simulator until ctx ends or Close is called.
func Start(ctx context.Context, o Options) (*Server, error) {
	s, err := New(o)
	if err != nil {
		return nil, err
	}
	listen := o.Listen
	if listen == "" {
		listen = "127.0.0.1:0"
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("simulateur : écoute sur %s : %w", listen, err)
	}
	server := &Server{Simulator: s, listener: listener, done: make(chan struct{})}
	server.http = &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 60 * time.Second, IdleTimeout: 120 * time.Second,
	}
	go func() {
		defer close(server.done)
		if err := server.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			server.failure = err
		}
	}()
	context.AfterFunc(ctx, server.Close)
	return server, nil
}

// URL is the root of the simulator, http://127.0.0.1:port: the host to give to the SIAP client.
func (s *Server) URL() string {
	if s.options.PublicURL != "" {
		return strings.TrimRight(s.options.PublicURL, "/")
	}
	host, port, err := net.SplitHostPort(s.listener.Addr().String())
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// CASURL is the base of the CAS server, with its final slash: the value of CERBERE_AUTH.
func (s *Server) CASURL() string { return s.URL() + "/cas/" }

// Close stops the server at once, connections included, and waits for it. It may be called twice.
func (s *Server) Close() {
	_ = s.http.Close()
	<-s.done
}

// RunSIAP is the command siap-sim: it serves the simulated SIAP, and CERBERE under /cas/, until ctx ends.
func RunSIAP(ctx context.Context, o Options, out io.Writer) error {
	return run(ctx, o, out, "SIAP et CERBERE simulés")
}

// RunCAS is the command cas-sim: CERBERE alone, with the control routes, until ctx ends.
func RunCAS(ctx context.Context, o Options, out io.Writer) error {
	o.WithoutSIAP, o.WithoutExterieur = true, true
	return run(ctx, o, out, "CERBERE simulé")
}

func run(ctx context.Context, o Options, out io.Writer, what string) error {
	s, err := Start(ctx, o)
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Fprintf(out, "%s : %s\n", what, s.URL())
	if !o.WithoutSIAP {
		fmt.Fprintf(out, "  SIAP_CLIENT_HOST=%s\n", s.URL())
	}
	if !o.WithoutCAS {
		fmt.Fprintf(out, "  CERBERE_AUTH=%s\n", s.CASURL())
	}
	fmt.Fprintf(out, "  page de commande : %s/\n", s.URL()+ControlPrefix)
	<-s.done
	if s.failure != nil {
		return fmt.Errorf("simulateur : %w", s.failure)
	}
	return nil
}
