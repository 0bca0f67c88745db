-- Deposit contract (mandataires, clients, habilitations), revisions of every nature, and the files that
-- their publication attaches. At most one current revision per nature and scope (I24).

-- +goose Up
CREATE TABLE depot_mandataire (
  id            char(24) PRIMARY KEY CHECK (id ~ '^[0-9a-f]{24}$'),
  nom           varchar(255) NOT NULL,
  email         varchar(254) NOT NULL,
  cree_le       timestamptz NOT NULL DEFAULT now(),
  mis_a_jour_le timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE depot_chef_de_file (
  id            char(24) PRIMARY KEY CHECK (id ~ '^[0-9a-f]{24}$'),
  nom           varchar(200) NOT NULL,
  email         varchar(254) NOT NULL,
  email_public  boolean NOT NULL DEFAULT false,        -- isEmailPublic
  signataire_charte boolean NOT NULL DEFAULT false,    -- isSignataireCharte
  cree_le       timestamptz NOT NULL DEFAULT now(),
  mis_a_jour_le timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE depot_perimetre (
  id              char(24) PRIMARY KEY CHECK (id ~ '^[0-9a-f]{24}$'),
  chef_de_file_id char(24) NOT NULL REFERENCES depot_chef_de_file(id) ON DELETE CASCADE,
  type            varchar(12) NOT NULL CHECK (type IN ('commune','departement','epci')),
  code            varchar(20) NOT NULL,
  UNIQUE (chef_de_file_id, type, code)
);
CREATE INDEX ix_depot_perimetre_code ON depot_perimetre (type, code);
CREATE TABLE depot_client (
  id              char(24) PRIMARY KEY CHECK (id ~ '^[0-9a-f]{24}$'),
  mandataire_id   char(24) NOT NULL REFERENCES depot_mandataire(id) ON DELETE RESTRICT,
  chef_de_file_id char(24) REFERENCES depot_chef_de_file(id) ON DELETE RESTRICT,
  legacy_id       varchar(255),
  nom             varchar(255) NOT NULL CHECK (btrim(nom) <> ''),
  email           varchar(254),
  actif           boolean NOT NULL DEFAULT true,       -- isActive
  jeton_empreinte char(64) NOT NULL UNIQUE,            -- sha256 of the token, never the token
  jeton_prefixe   varchar(8) NOT NULL,                 -- tokenPrefix
  jeton_cree_le   timestamptz NOT NULL DEFAULT now(),  -- tokenCreatedAt
  strategie       varchar(15) NOT NULL CHECK (strategie IN ('internal','chef-de-file','habilitation')),
  cree_le         timestamptz NOT NULL DEFAULT now(),
  mis_a_jour_le   timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX ux_depot_client_legacy ON depot_client (legacy_id) WHERE legacy_id IS NOT NULL;
CREATE INDEX ix_depot_client_mandataire    ON depot_client (mandataire_id);
CREATE INDEX ix_depot_client_chef_de_file  ON depot_client (chef_de_file_id);
CREATE TABLE depot_habilitation (
  id            char(24) PRIMARY KEY CHECK (id ~ '^[0-9a-f]{24}$'),
  client_id     char(24) NOT NULL REFERENCES depot_client(id) ON DELETE RESTRICT,
  code_commune  varchar(5) NOT NULL,
  email_commune varchar(254),
  statut        varchar(10) NOT NULL DEFAULT 'pending' CHECK (statut IN ('pending','accepted','rejected')),
  strategie     jsonb,                                 -- public part, never the PIN
  pin_empreinte char(64),                              -- keyed digest
  pin_expire_le timestamptz,
  pin_envoye_le timestamptz,
  essais_restants smallint CHECK (essais_restants >= 0),
  accepte_le    timestamptz,
  rejete_le     timestamptz,
  expire_le     timestamptz,
  cree_le       timestamptz NOT NULL DEFAULT now(),
  mis_a_jour_le timestamptz NOT NULL DEFAULT now(),
  CHECK (statut <> 'accepted' OR accepte_le IS NOT NULL),
  CHECK (statut <> 'rejected' OR rejete_le IS NOT NULL)
);
CREATE INDEX ix_depot_habilitation_client  ON depot_habilitation (client_id);
CREATE INDEX ix_depot_habilitation_commune ON depot_habilitation (code_commune, statut);

CREATE TABLE revision (
  id            char(24) PRIMARY KEY CHECK (id ~ '^[0-9a-f]{24}$'),
  nature        varchar(30) NOT NULL CHECK (nature IN ('bal','convention_signee','publication_fonciere','annexe','plan',
                'tableur','cerfa_surcharge','instruction','evenement','modele_document','liste')),
  portee_type   varchar(20) NOT NULL,                  -- commune, convention, evenement, administration...
  portee_cle    varchar(120) NOT NULL,                 -- codeCommune when nature = bal
  client_id     char(24) REFERENCES depot_client(id) ON DELETE RESTRICT,
  auteur_id     bigint REFERENCES utilisateur(id) ON DELETE SET NULL,
  statut        varchar(10) NOT NULL DEFAULT 'pending' CHECK (statut IN ('pending','published')),
  prete         boolean DEFAULT false,                 -- isReady; null once published
  courante      boolean NOT NULL DEFAULT false,        -- isCurrent
  contexte      jsonb NOT NULL DEFAULT '{}',
  validation    jsonb NOT NULL DEFAULT '{}',
  habilitation  jsonb,                                 -- snapshot taken at publication
  calculee_contre_id char(24) REFERENCES revision(id) ON DELETE RESTRICT,   -- current revision seen by compute
  publie_le     timestamptz,
  cree_le       timestamptz NOT NULL DEFAULT now(),
  mis_a_jour_le timestamptz NOT NULL DEFAULT now(),
  CHECK (NOT courante OR statut = 'published'),
  CHECK ((statut = 'published') = (publie_le IS NOT NULL)),
  CHECK (statut <> 'published' OR prete IS NULL),
  CHECK (nature <> 'bal' OR client_id IS NOT NULL)
);
CREATE UNIQUE INDEX ux_revision_courante ON revision (nature, portee_cle) WHERE courante;
CREATE INDEX ix_revision_portee   ON revision (nature, portee_cle, cree_le DESC);
CREATE INDEX ix_revision_client   ON revision (client_id, portee_cle, cree_le DESC);
CREATE INDEX ix_revision_publiee  ON revision (nature, publie_le) WHERE statut = 'published';
CREATE INDEX ix_revision_attente  ON revision (cree_le) WHERE statut = 'pending';
CREATE INDEX ix_revision_auteur   ON revision (auteur_id);
CREATE TABLE revision_fichier (
  id            char(24) PRIMARY KEY CHECK (id ~ '^[0-9a-f]{24}$'),
  revision_id   char(24) NOT NULL REFERENCES revision(id) ON DELETE CASCADE,
  type          varchar(30) NOT NULL,                  -- bal, document, preuve, piece:1, plan, xlsx
  nom           varchar(255) NOT NULL DEFAULT '',
  type_mime     varchar(255) NOT NULL DEFAULT 'application/octet-stream',
  taille        bigint NOT NULL CHECK (taille >= 0),
  sha256        char(64) NOT NULL,
  compartiment  varchar(63) NOT NULL,
  cle_objet     varchar(1024) NOT NULL,
  antivirus     varchar(12) NOT NULL DEFAULT 'EN_ATTENTE'
                CHECK (antivirus IN ('EN_ATTENTE','SAIN','INFECTE','ECHEC','NON_ANALYSE')),
  fichier_id    bigint REFERENCES fichier(id) ON DELETE RESTRICT,   -- written by publish
  cree_le       timestamptz NOT NULL DEFAULT now(),
  UNIQUE (revision_id, type)
);
CREATE INDEX ix_revision_fichier_sha256  ON revision_fichier (sha256);
CREATE INDEX ix_revision_fichier_fichier ON revision_fichier (fichier_id);

CREATE TABLE fichier_rattache (
  id             bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  uuid           uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  fichier_id     bigint NOT NULL REFERENCES fichier(id) ON DELETE RESTRICT,
  operation_id   bigint REFERENCES operation(id)  ON DELETE CASCADE,
  convention_id  bigint REFERENCES convention(id) ON DELETE CASCADE,
  evenement_id   bigint REFERENCES evenement(id)  ON DELETE CASCADE,
  rubrique       varchar(30) NOT NULL,
  type_piece     varchar(24) CHECK (type_piece IN ('CONVENTION','RECTIFICATION',
                 'ATTESTATION_PREFECTORALE','AVENANT','PHOTO','AUTRE')),
  description    varchar(1000) NOT NULL DEFAULT '',
  ordre          integer NOT NULL DEFAULT 0,
  revision_id    char(24) REFERENCES revision(id) ON DELETE RESTRICT,  -- revision that published it
  cree_par_id    bigint REFERENCES utilisateur(id) ON DELETE SET NULL,
  remplace_le    timestamptz,                         -- superseded or cancelled document, kept for history
  remplace_par_id bigint REFERENCES utilisateur(id) ON DELETE SET NULL,
  cree_le        timestamptz NOT NULL DEFAULT now(),
  CHECK (num_nonnulls(operation_id, convention_id, evenement_id) = 1),
  CHECK ((operation_id IS NOT NULL AND rubrique IN ('VENDEUR','ACQUEREUR','REFERENCE_NOTAIRE',
            'REFERENCE_PUBLICATION_ACTE','ACTE_DE_PROPRIETE','EFFET_RELATIF','CERTIFICAT_ADRESSAGE',
            'REFERENCE_CADASTRALE','EDD_VOLUMETRIQUE','EDD_CLASSIQUE','EDD_STATIONNEMENTS','PLAN'))
      OR (convention_id IS NOT NULL AND rubrique IN ('COMMENTAIRES','ATTACHED','CERFA_PERSONNALISE',
            'INSTRUCTION_DENONCIATION','INSTRUCTION_RESILIATION','PIECE_JOINTE',
            'DOCUMENT_GENERE','DOCUMENT_SIGNE','PREUVE_SIGNATURE','DOCUMENT_PUBLIE','IMPORT_XLSX'))
      OR (evenement_id IS NOT NULL AND rubrique = 'EVENEMENT')),
  CHECK ((type_piece IS NOT NULL) = (rubrique = 'PIECE_JOINTE'))
);
CREATE UNIQUE INDEX ux_fichier_rattache_courant ON fichier_rattache (convention_id, rubrique)
  WHERE rubrique IN ('DOCUMENT_SIGNE','PREUVE_SIGNATURE','DOCUMENT_PUBLIE','DOCUMENT_GENERE','CERFA_PERSONNALISE')
    AND remplace_le IS NULL;
CREATE INDEX ix_fichier_rattache_fichier   ON fichier_rattache (fichier_id);
CREATE INDEX ix_fichier_rattache_operation ON fichier_rattache (operation_id, rubrique);
CREATE INDEX ix_fichier_rattache_conv      ON fichier_rattache (convention_id, rubrique);
CREATE INDEX ix_fichier_rattache_evt       ON fichier_rattache (evenement_id);
CREATE INDEX ix_fichier_rattache_revision  ON fichier_rattache (revision_id);

-- +goose Down
DROP TABLE fichier_rattache;
DROP TABLE revision_fichier;
DROP TABLE revision;
DROP TABLE depot_habilitation;
DROP TABLE depot_client;
DROP TABLE depot_perimetre;
DROP TABLE depot_chef_de_file;
DROP TABLE depot_mandataire;
