// Package sim holds the simulators of the SIAP, of CERBERE and of the services around the deposit of addresses: real HTTP servers, with scenarios, used
// by development, demonstrations and end-to-end tests. They never run in production (05 B.10, C.2).
//
// One address serves, for a scenario:
//   - the twelve calls of the SIAP (05 B.3), with the token checks of 05 A.2;
//   - a CAS server under /cas/ (protocols saml11, cas2 and cas3, single logout);
//   - the services around the deposit of addresses (07 §13): ProConnect, directory of the administrations,
//     BAN, partner directory, chat of the team, and a receiver of webhooks;
//   - the pages of the SIAP that the platform links to, reduced to what a demonstration needs;
//   - control routes under /__sim/, open to this machine only: scenario, faults, journal of requests,
//     alertes received, calls towards our own inbound API, and a page for demonstrations.
//
// In a test:
//
//	server, err := sim.Start(ctx, sim.Options{Scenario: "minimal"})
//	client, err := siap.New(siap.Config{Host: server.URL(), Key: server.Key()})
//
// Two scenarios are embedded, demo and minimal; scenarios/README.md lists their people, habilitations
// and operations, and a test keeps that list true. Another one is read from a file, JSON or YAML; its
// shape is scenario.schema.json, also served at /__sim/schema.
//
// What it does not do: it holds no rule of the platform. What it answers comes from the scenario, so
// that the platform is the only one to decide.
package sim
