-- Yearly evolution of rents and redevances, in percent, known at the time of writing (01 3.14). The back
-- office adds the following years. Redevances follow the same values; RESIDENCEDACCUEIL has no row of its
-- own and uses those of RESISDENCESOCIALE (03 6). Corsica was capped at 2 % in 2023.

-- +goose Up
WITH valeur (annee, date_debut, date_fin, evolution) AS (VALUES
  (2007, DATE '2006-07-01', DATE '2007-06-30', 3.23),
  (2008, DATE '2007-07-01', DATE '2008-06-30', 1.36),
  (2009, DATE '2008-07-01', DATE '2009-06-30', 2.83),
  (2010, DATE '2009-07-01', DATE '2009-12-31', 0.04),
  (2011, DATE '2010-01-01', DATE '2010-12-31', 0.57),
  (2012, DATE '2011-01-01', DATE '2011-12-31', 1.73),
  (2013, DATE '2012-01-01', DATE '2012-12-31', 2.2),
  (2014, DATE '2013-01-01', DATE '2013-12-31', 1.2),
  (2015, DATE '2014-01-01', DATE '2014-12-31', 0.57),
  (2016, DATE '2015-01-01', DATE '2015-12-31', 0.08),
  (2017, DATE '2016-01-01', DATE '2016-12-31', 0),
  (2018, DATE '2017-01-01', DATE '2017-12-31', 0),
  (2019, DATE '2018-01-01', DATE '2018-12-31', 1.25),
  (2020, DATE '2019-01-01', DATE '2019-12-31', 1.53),
  (2021, DATE '2020-01-01', DATE '2020-12-31', 0.66),
  (2022, DATE '2021-01-01', DATE '2021-12-31', 0.42),
  (2023, DATE '2022-01-01', DATE '2022-12-31', 3.6)
), nature (is_loyer, nature_logement) AS (VALUES
  (true, NULL), (false, 'RESISDENCESOCIALE'), (false, 'AUTRE')
)
INSERT INTO indice_evolution_loyer (is_loyer, nature_logement, annee, date_debut, date_fin, evolution)
SELECT is_loyer, nature_logement, annee, date_debut, date_fin, evolution
  FROM valeur CROSS JOIN nature
 ORDER BY annee, is_loyer DESC, nature_logement;

WITH corse AS (
  INSERT INTO indice_evolution_loyer (is_loyer, nature_logement, annee, date_debut, date_fin, evolution, portee)
  VALUES (true, NULL, 2023, '2022-01-01', '2022-12-31', 2.0, 'DEPARTEMENT'),
         (false, 'RESISDENCESOCIALE', 2023, '2022-01-01', '2022-12-31', 2.0, 'DEPARTEMENT'),
         (false, 'AUTRE', 2023, '2022-01-01', '2022-12-31', 2.0, 'DEPARTEMENT')
  RETURNING id
)
INSERT INTO indice_evolution_loyer_departement (indice_id, departement_id)
SELECT corse.id, departement.id FROM corse CROSS JOIN departement WHERE departement.code_insee IN ('2A', '2B');

-- +goose Down
DELETE FROM indice_evolution_loyer
 WHERE annee BETWEEN 2007 AND 2023 AND coalesce(nature_logement, '') IN ('', 'RESISDENCESOCIALE', 'AUTRE')
   AND (portee = 'NATIONALE' OR annee = 2023);
