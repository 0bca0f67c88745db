-- The 14 blocks an avenant may change, in the order of the steps (02 3.4). The list is closed: code
-- depends on it, so it is not editable in the back office.

-- +goose Up
INSERT INTO type_avenant (code, libelle, description, ordre, fin_de_convention) VALUES
  ('bailleur', 'Mettre à jour les informations du bailleur',
   'Suite à une vente, un changement de gestionnaire, ou un changement de dénomination du propriétaire', 1, false),
  ('programme', 'Mettre à jour les informations de l''opération',
   'Suite à la modification du nom ou de l''adresse de l''opération', 2, false),
  ('cadastre', 'Mettre à jour les références cadastrales et effet relatif',
   'En cas de modification des références cadastrales, des actes ou de l''effet relatif', 3, false),
  ('edd', 'Mettre à jour l''état descriptif de division',
   'En cas de modification de l''état descriptif de division', 4, false),
  ('duree', 'Mettre à jour la durée de la convention',
   'En cas de nouveaux travaux financés', 5, false),
  ('logements', 'Mettre à jour les logements et annexes',
   'En cas de modification du programme, de travaux, de réhabilitation totale, ou d''une évolution des loyers', 6, false),
  ('foyer_attribution', 'Modification des attributions',
   'En cas de modification des conditions d''attribution des logements du foyer', 7, false),
  ('residence_attribution', 'Modification des attributions',
   'En cas de modification des conditions d''attribution des logements de la résidence', 8, false),
  ('variantes', 'Mettre à jour les variantes',
   'En cas de modification des variantes retenues pour le foyer ou la résidence', 9, false),
  ('stationnement', 'Mettre à jour les stationnements',
   'En cas de modification des garages, places ou aires de stationnement', 10, false),
  ('champ_libre', 'Informations complémentaires',
   'Pour ajouter, dans l''avenant, des renseignements supplémentaires de type désignation des immeubles, origines des propriétés ou autre.', 11, false),
  ('commentaires', 'Commentaires à l''attention du service instructeur',
   'Ajouter des commentaires à l''attention de l''instructeur', 12, false),
  ('denonciation', 'Dénonciation',
   'Dénoncer une convention et ses avenants.', 13, true),
  ('resiliation', 'Résiliation',
   'Résilier une convention et ses avenants.', 14, true);

-- +goose Down
DELETE FROM type_avenant WHERE code IN ('bailleur', 'programme', 'cadastre', 'edd', 'duree', 'logements', 'foyer_attribution',
  'residence_attribution', 'variantes', 'stationnement', 'champ_libre', 'commentaires', 'denonciation', 'resiliation');
