-- Feature switches with their defaults (02 12). A null portee means everyone.

-- +goose Up
INSERT INTO interrupteur (nom, actif, note) VALUES
  ('siap_alerte_on', true, 'Créer et supprimer les alertes du SIAP lors des changements de statut'),
  ('transactional_emails_off', false, 'Suspendre l''envoi des e-mails de la plateforme'),
  ('convention_mixte_on', true, 'Grouper et dégrouper les conventions d''une même opération'),
  ('seconde_vie_on', true, 'Créer des conventions de seconde vie'),
  ('visibilite_avenant_bailleur', true, 'Rattacher une convention et ses avenants au bailleur du dernier avenant signé'),
  ('ajout_convention', true, 'Ajouter une convention déjà signée (activable par personne)'),
  ('override_cerfa', true, 'Remplacer le CERFA lors de la finalisation (activable par personne)');

-- +goose Down
DELETE FROM interrupteur WHERE nom IN ('siap_alerte_on', 'transactional_emails_off', 'convention_mixte_on', 'seconde_vie_on',
  'visibilite_avenant_bailleur', 'ajout_convention', 'override_cerfa');
