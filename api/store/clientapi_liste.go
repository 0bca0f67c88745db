package store

import (
	"context"
	"fmt"

	"apilos/api/auth"
	"apilos/api/clientapi"

	"github.com/google/uuid"
	"github.com/lib/pq"
	"gorm.io/gorm"
)

// Lister implements clientapi.Store.
func (s *ClientsAPI) Lister(ctx context.Context, f clientapi.Filtre) ([]clientapi.Fiche, int, error) {
	q := s.db.db(ctx).Model(&clientapi.Client{})
	if f.Q != "" {
		q = q.Where("(sans_accent(nom) LIKE ? OR prefixe LIKE ?)", "%"+echapper(sansAccent(f.Q))+"%", echapper(f.Q)+"%")
	}
	switch f.Etat {
	case clientapi.Actif:
		q = q.Where("revoque_le IS NULL AND (expire_le IS NULL OR expire_le > ?)", f.Le)
	case clientapi.Expire:
		q = q.Where("revoque_le IS NULL AND expire_le <= ?", f.Le)
	case clientapi.Revoque:
		q = q.Where("revoque_le IS NOT NULL")
	}
	var total int64
	if err := q.Session(&gorm.Session{}).Count(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count API clients: %w", err)
	}
	var rows []clientapi.Client
	if err := q.Session(&gorm.Session{}).Order("id DESC").Offset(f.Decalage).Limit(f.Limite).Find(&rows).Error; err != nil {
		return nil, 0, fmt.Errorf("list API clients: %w", err)
	}
	fiches, err := s.fiches(ctx, rows)
	return fiches, int(total), err
}

// Fiche implements clientapi.Store.
func (s *ClientsAPI) Fiche(ctx context.Context, id uuid.UUID) (*clientapi.Fiche, error) {
	c, err := premiere[clientapi.Client](s.db.db(ctx).Where("uuid = ?", id), "read API client")
	if err != nil || c == nil {
		return nil, err
	}
	fiches, err := s.fiches(ctx, []clientapi.Client{*c})
	if err != nil {
		return nil, err
	}
	return &fiches[0], nil
}

// Chercher implements clientapi.Store.
func (s *ClientsAPI) Chercher(ctx context.Context, g clientapi.Genre, q string, limite int) ([]clientapi.Entite, error) {
	pays := auth.Principal{Superuser: true}
	lister := NewAdministrations(s.db).Lister
	if g == clientapi.DeBailleurs {
		lister = NewBailleurs(s.db).Lister
	}
	lignes, _, err := lister(ctx, pays, q, limite, 0)
	if err != nil {
		return nil, err
	}
	out := make([]clientapi.Entite, 0, len(lignes))
	for _, l := range lignes {
		out = append(out, clientapi.Entite{UUID: l.UUID, Nom: l.Nom, Code: l.Code})
	}
	return out, nil
}

// fiches names what the perimeters of clients hold, in two statements whatever their number.
func (s *ClientsAPI) fiches(ctx context.Context, clients []clientapi.Client) ([]clientapi.Fiche, error) {
	ids := make(pq.Int64Array, 0, len(clients))
	for _, c := range clients {
		ids = append(ids, c.ID)
	}
	var noms []struct {
		ID                           int64
		Region, Departement, CreePar string
		AdministrationID             *int64
		AdministrationUUID           *uuid.UUID
		AdministrationNom            string
	}
	err := s.db.db(ctx).Raw(`SELECT j.id, coalesce(r.nom, '') AS region, coalesce(d.nom, '') AS departement,
		   a.id AS administration_id, a.uuid AS administration_uuid, coalesce(a.nom, '') AS administration_nom, btrim(concat_ws(' ', u.prenom, u.nom)) AS cree_par
		FROM jeton_api j LEFT JOIN region r ON r.code_insee = j.region LEFT JOIN departement d ON d.code_insee = j.departement
		LEFT JOIN administration a ON a.id = j.administration_id LEFT JOIN utilisateur u ON u.id = j.cree_par_id
		WHERE j.id = ANY(?)`, ids).Scan(&noms).Error
	if err != nil {
		return nil, fmt.Errorf("names of API clients: %w", err)
	}
	var bailleurs []struct {
		JetonApiID int64
		clientapi.Entite
	}
	err = s.db.db(ctx).Raw(`SELECT j.jeton_api_id, b.id, b.uuid, b.nom FROM jeton_api_bailleur j JOIN bailleur b ON b.id = j.bailleur_id
		WHERE j.jeton_api_id = ANY(?) ORDER BY b.nom, b.id`, ids).Scan(&bailleurs).Error
	if err != nil {
		return nil, fmt.Errorf("bailleurs of API clients: %w", err)
	}
	rang := make(map[int64]int, len(clients))
	out := make([]clientapi.Fiche, len(clients))
	for i, c := range clients {
		rang[c.ID], out[i] = i, clientapi.Fiche{Client: c}
	}
	for _, n := range noms {
		f := &out[rang[n.ID]]
		f.RegionNom, f.DepartementNom, f.CreeParNom = n.Region, n.Departement, n.CreePar
		if n.AdministrationID != nil {
			f.Administration = &clientapi.Entite{ID: *n.AdministrationID, UUID: *n.AdministrationUUID, Nom: n.AdministrationNom}
		}
	}
	for _, b := range bailleurs {
		f := &out[rang[b.JetonApiID]]
		f.Bailleurs = append(f.Bailleurs, b.Entite)
	}
	return out, nil
}
