package app

import (
	"context"
	"fmt"
	"io"

	"apilos/api/config"
	"apilos/api/siap"
	"apilos/api/sim"
)

// SimOptions says where a simulator listens and what it plays.
type SimOptions struct {
	Listen   string // host:port
	Scenario string // path of a scenario file; empty for the bundled demo
	Output   io.Writer
}

// SiapSim runs the SIAP simulator alone until ctx ends.
func SiapSim(ctx context.Context, cfg config.Config, opts SimOptions) error {
	return simuler(ctx, cfg, opts, func(o *sim.Options) { o.WithoutCAS = true })
}

// CasSim runs the CERBERE simulator alone until ctx ends.
func CasSim(ctx context.Context, cfg config.Config, opts SimOptions) error {
	return simuler(ctx, cfg, opts, func(o *sim.Options) { o.WithoutSIAP, o.WithoutExterieur = true, true })
}

func simuler(ctx context.Context, cfg config.Config, opts SimOptions, regler func(*sim.Options)) error {
	o := optionsSimulateur(cfg)
	if opts.Listen != "" {
		o.Listen = opts.Listen
	}
	if opts.Scenario != "" {
		o.Scenario = opts.Scenario
	}
	regler(&o)
	s, err := sim.Start(ctx, o)
	if err != nil {
		return err
	}
	defer s.Close()
	if opts.Output != nil {
		if _, err := fmt.Fprintf(opts.Output, "Simulateur : %s%s/\n", s.URL(), sim.ControlPrefix); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return nil
}

func optionsSimulateur(cfg config.Config) sim.Options {
	o := sim.Options{
		Listen: cfg.Simulator.Addr, Environment: string(cfg.Environment), Scenario: cfg.Simulator.Scenario, Prefix: cfg.SIAPClient.Path,
		PlatformURL: cfg.Server.PublicBaseURL, AllowedServices: []string{cfg.Server.PublicBaseURL},
	}
	o.AllowedServices = append(o.AllowedServices, origines(cfg.Depot.PCCallback)...)
	o.Keys = []siap.Key{{Kid: cfg.SIAPClient.KeyID, Secret: []byte(cfg.SIAPClient.SignKey.Reveal()), Algorithm: cfg.SIAPClient.Algorithm}}
	if k, ok := cfg.SIAPAPI.Keys.Current(); ok {
		o.InboundKey = siap.Key{Kid: k.ID, Secret: []byte(k.Secret.Reveal())}
	}
	return o
}
