-- The schema as it is now. Written by «npm run db:types» from the catalogue of a migrated database: do not edit.
-- What makes it: db/migrations/ (tables, constraints, indexes), db/functions/ (functions, triggers, views), db/policies/ (row security, grants).

-- extensions ------------------------------------------------------------------------------------------
CREATE EXTENSION btree_gist;

-- roles and what they may reach -----------------------------------------------------------------------
CREATE ROLE refettorio_web LOGIN INHERIT NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
ALTER ROLE refettorio_web SET idle_in_transaction_session_timeout=10s;
ALTER ROLE refettorio_web SET lock_timeout=6s;
ALTER ROLE refettorio_web SET plan_cache_mode=force_generic_plan;
ALTER ROLE refettorio_web SET statement_timeout=8s;
ALTER ROLE refettorio_web SET transaction_timeout=1min;
GRANT USAGE ON SCHEMA public TO refettorio_web;

-- absence ---------------------------------------------------------------------------------------------
CREATE TABLE absence (
  municipality_id uuid NOT NULL,
  service_day_id uuid NOT NULL,
  pupil_id uuid NOT NULL,
  receipt_id uuid NOT NULL,
  CONSTRAINT absence_pkey PRIMARY KEY (municipality_id, service_day_id, pupil_id),
  CONSTRAINT absence_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id),
  CONSTRAINT absence_municipality_id_receipt_id_fkey FOREIGN KEY (municipality_id, receipt_id) REFERENCES absence_receipt(municipality_id, id),
  CONSTRAINT absence_municipality_id_service_day_id_fkey FOREIGN KEY (municipality_id, service_day_id) REFERENCES service_day(municipality_id, id)
);
CREATE INDEX absence_by_pupil ON absence (municipality_id, pupil_id, service_day_id);
CREATE TRIGGER absence_open_day BEFORE INSERT OR DELETE OR UPDATE ON absence FOR EACH ROW EXECUTE FUNCTION absence_needs_open_day();
ALTER TABLE absence ENABLE ROW LEVEL SECURITY;
CREATE POLICY absence_scope ON absence TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (pupil_id = ANY (app_pupils()))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (pupil_id = ANY (app_pupils()))));
GRANT DELETE, INSERT, SELECT ON absence TO refettorio_web;

-- absence_event ---------------------------------------------------------------------------------------
CREATE TABLE absence_event (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  receipt_id uuid NOT NULL,
  service_day_id uuid NOT NULL,
  pupil_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('cancelled', 'restored')),
  occurred_at timestamptz NOT NULL DEFAULT app_now(),
  day date NOT NULL,
  CONSTRAINT absence_event_pkey PRIMARY KEY (municipality_id, id, day),
  CONSTRAINT absence_event_municipality_id_receipt_id_service_day_id_pup_key UNIQUE (municipality_id, receipt_id, service_day_id, pupil_id, day),
  CONSTRAINT absence_event_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id),
  CONSTRAINT absence_event_municipality_id_receipt_id_fkey FOREIGN KEY (municipality_id, receipt_id) REFERENCES absence_receipt(municipality_id, id),
  CONSTRAINT absence_event_municipality_id_service_day_id_day_fkey FOREIGN KEY (municipality_id, service_day_id, day) REFERENCES service_day(municipality_id, id, day)
) PARTITION BY RANGE (day);
-- Partitions: absence_event_2026 for 2026/27 and so on, one for each school year.
COMMENT ON COLUMN absence_event.day IS 'The day of its service day, as the foreign key holds it: so a unique key with it is one without it';
CREATE INDEX absence_event_by_pupil ON absence_event (municipality_id, pupil_id, day);
CREATE TRIGGER absence_event_append_only BEFORE DELETE OR UPDATE ON absence_event FOR EACH ROW EXECUTE FUNCTION refuse_change('absence_event');
CREATE TRIGGER absence_event_no_truncate BEFORE TRUNCATE ON absence_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('absence_event');
ALTER TABLE absence_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY absence_event_scope ON absence_event TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (pupil_id = ANY (app_pupils()))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (pupil_id = ANY (app_pupils()))));
GRANT INSERT, SELECT ON absence_event TO refettorio_web;

-- absence_receipt -------------------------------------------------------------------------------------
CREATE TABLE absence_receipt (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  number text NOT NULL CHECK (number ~ '^[A-Z0-9-]{6,24}$'),
  household_id uuid NOT NULL,
  person_id uuid NOT NULL,
  action text NOT NULL CHECK (action IN ('cancel', 'restore')),
  channel text NOT NULL CHECK (channel IN ('web', 'app', 'office')),
  arrived_at timestamptz NOT NULL DEFAULT app_now(),
  idempotency_key uuid NOT NULL,
  request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
  not_changed jsonb NOT NULL DEFAULT '[]'::jsonb,
  first_day date NOT NULL,
  last_day date NOT NULL,
  contact text CHECK (contact IN ('phone', 'desk', 'mail')),
  note text CHECK (length(note) >= 1 AND length(note) <= 300),
  CONSTRAINT absence_receipt_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT absence_receipt_municipality_id_number_key UNIQUE (municipality_id, number),
  CONSTRAINT absence_receipt_municipality_id_person_id_idempotency_key_key UNIQUE (municipality_id, person_id, idempotency_key),
  CONSTRAINT absence_receipt_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT absence_receipt_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id),
  CONSTRAINT absence_receipt_asked_of_office CHECK (contact IS NULL OR channel = 'office'),
  CONSTRAINT absence_receipt_check CHECK (first_day <= last_day),
  CONSTRAINT absence_receipt_note_with_contact CHECK (note IS NULL OR contact IS NOT NULL)
);
COMMENT ON COLUMN absence_receipt.not_changed IS 'What was asked and left as it was: [{pupilId, day, why}]';
COMMENT ON COLUMN absence_receipt.first_day IS 'Of the meals that it changed: its events stand in the school years from this day to last_day';
COMMENT ON COLUMN absence_receipt.contact IS 'How the family asked the office; null for a change of its own, and for one before this was asked';
CREATE INDEX absence_receipt_by_household ON absence_receipt (municipality_id, household_id, arrived_at DESC);
CREATE TRIGGER absence_receipt_append_only BEFORE DELETE OR UPDATE ON absence_receipt FOR EACH ROW EXECUTE FUNCTION refuse_change('absence_receipt');
CREATE TRIGGER absence_receipt_no_truncate BEFORE TRUNCATE ON absence_receipt FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('absence_receipt');
ALTER TABLE absence_receipt ENABLE ROW LEVEL SECURITY;
CREATE POLICY absence_receipt_scope ON absence_receipt TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (household_id = ANY (app_whole_households()))
    OR person_id = app_person() OR (id = ANY (app_receipts()))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (household_id = ANY (app_households()))
    AND person_id = app_person()));
GRANT INSERT, SELECT ON absence_receipt TO refettorio_web;

-- account ---------------------------------------------------------------------------------------------
CREATE TABLE account (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  kind text NOT NULL CHECK (kind IN ('household', 'clearing', 'meals', 'opening', 'adjustment')),
  service_id uuid NOT NULL,
  household_id uuid,
  school_id uuid,
  balance_cents bigint NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT account_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT account_municipality_id_service_id_kind_household_id_school_key UNIQUE NULLS NOT DISTINCT (municipality_id, service_id, kind, household_id, school_id),
  CONSTRAINT account_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT account_municipality_id_school_id_fkey FOREIGN KEY (municipality_id, school_id) REFERENCES school(municipality_id, id),
  CONSTRAINT account_municipality_id_service_id_fkey FOREIGN KEY (municipality_id, service_id) REFERENCES service(municipality_id, id),
  CONSTRAINT account_check CHECK ((kind = 'household') = (household_id IS NOT NULL)),
  CONSTRAINT account_check1 CHECK ((kind = 'meals') = (school_id IS NOT NULL))
);
ALTER TABLE account SET (fillfactor=60);
COMMENT ON COLUMN account.balance_cents IS 'Cached sum of the entries. A household in credit is positive.';
CREATE INDEX account_by_household ON account (municipality_id, household_id);
CREATE TRIGGER account_balance BEFORE UPDATE ON account FOR EACH ROW WHEN (new.balance_cents <> old.balance_cents AND pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_balance('a balance moves only by entries');
CREATE TRIGGER account_credited AFTER UPDATE ON account FOR EACH ROW WHEN (old.balance_cents <= 0 AND new.balance_cents > 0 AND new.kind = 'household') EXECUTE FUNCTION open_late_refund();
CREATE TRIGGER account_key BEFORE UPDATE ON account FOR EACH ROW WHEN (new.municipality_id <> old.municipality_id OR new.id <> old.id) EXECUTE FUNCTION refuse_balance('an account keeps its key');
CREATE TRIGGER account_no_delete BEFORE DELETE ON account FOR EACH ROW WHEN (COALESCE(current_setting('app.undoes_import', true), '') = '') EXECUTE FUNCTION refuse_change('account');
CREATE TRIGGER account_no_truncate BEFORE TRUNCATE ON account FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('account');
CREATE TRIGGER account_opens BEFORE INSERT ON account FOR EACH ROW WHEN (new.balance_cents <> 0) EXECUTE FUNCTION refuse_balance('an account opens at zero');
CREATE TRIGGER account_settled AFTER UPDATE ON account FOR EACH ROW WHEN (old.balance_cents > 0 AND new.balance_cents <= 0 AND new.kind = 'household') EXECUTE FUNCTION close_settled_refund();
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY account_scope ON account TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system'))
    OR (household_id = ANY (app_paying_households()))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system'))
    OR (household_id = ANY (app_paying_households()))));
GRANT INSERT, SELECT, UPDATE (updated_at) ON account TO refettorio_web;

-- alert -----------------------------------------------------------------------------------------------
CREATE TABLE alert (
  kind text NOT NULL,
  raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  told_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  is_open boolean NOT NULL DEFAULT true,
  CONSTRAINT alert_pkey PRIMARY KEY (kind)
);
COMMENT ON TABLE alert IS 'What was told to the operator: since when it lasts, and when it was said last';
GRANT INSERT, SELECT, UPDATE (raised_at, told_at, is_open) ON alert TO refettorio_web;

-- arriving_transfer -----------------------------------------------------------------------------------
CREATE TABLE arriving_transfer (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  from_municipality_id uuid NOT NULL,
  last_day date NOT NULL,
  content jsonb CHECK (octet_length(content::text) <= 20000),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'accepted', 'refused', 'withdrawn')),
  arrived_at timestamptz NOT NULL DEFAULT app_now(),
  decided_at timestamptz,
  decided_by uuid,
  household_id uuid,
  fingerprint text,
  reason text CHECK (length(reason) >= 3 AND length(reason) <= 200),
  CONSTRAINT arriving_transfer_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT arriving_transfer_municipality_id_decided_by_fkey FOREIGN KEY (municipality_id, decided_by) REFERENCES person(municipality_id, id),
  CONSTRAINT arriving_transfer_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT arriving_transfer_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT arriving_transfer_check CHECK (from_municipality_id <> municipality_id),
  CONSTRAINT arriving_transfer_check1 CHECK ((state = 'waiting') = (content IS NOT NULL)),
  CONSTRAINT arriving_transfer_check2 CHECK ((state IN ('accepted', 'refused')) = (decided_by IS NOT NULL)),
  CONSTRAINT arriving_transfer_check3 CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  CONSTRAINT arriving_transfer_check4 CHECK ((state = 'accepted') = (household_id IS NOT NULL)),
  CONSTRAINT arriving_transfer_check5 CHECK ((state = 'refused') = (reason IS NOT NULL))
);
COMMENT ON TABLE arriving_transfer IS 'The same, as the municipality that receives them sees it; both rows have one id';
COMMENT ON COLUMN arriving_transfer.content IS 'What goes along, as it was sent; gone when it is answered or withdrawn';
COMMENT ON COLUMN arriving_transfer.fingerprint IS 'Of the registration by which it was accepted: the same confirmation sent twice is done once';
CREATE INDEX arriving_transfer_by_decider ON arriving_transfer (municipality_id, decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX arriving_transfer_by_household ON arriving_transfer (municipality_id, household_id) WHERE household_id IS NOT NULL;
CREATE INDEX arriving_transfer_open ON arriving_transfer (municipality_id, arrived_at) WHERE state = 'waiting';
ALTER TABLE arriving_transfer ENABLE ROW LEVEL SECURITY;
CREATE POLICY arriving_transfer_read ON arriving_transfer FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT SELECT ON arriving_transfer TO refettorio_web;

-- attempt_count ---------------------------------------------------------------------------------------
CREATE UNLOGGED TABLE attempt_count (
  key bytea NOT NULL CHECK (octet_length(key) = 32),
  expires_at timestamptz NOT NULL,
  instants double precision[] NOT NULL DEFAULT '{}'::double precision[],
  counts integer[] NOT NULL DEFAULT '{}'::integer[],
  CONSTRAINT attempt_count_pkey PRIMARY KEY (key),
  CONSTRAINT attempt_count_check CHECK (cardinality(instants) = cardinality(counts))
);
COMMENT ON TABLE attempt_count IS 'Attempts per key within its window of time; losing it in a crash costs nothing but one window';
COMMENT ON COLUMN attempt_count.instants IS 'Seconds since 1970, the earliest first: when the last attempt of each entry was made';
COMMENT ON COLUMN attempt_count.counts IS 'How many attempts each entry holds';
CREATE INDEX attempt_count_by_end ON attempt_count (expires_at);
GRANT DELETE, SELECT (expires_at) ON attempt_count TO refettorio_web;

-- attempt_window --------------------------------------------------------------------------------------
CREATE UNLOGGED TABLE attempt_window (
  key bytea NOT NULL CHECK (octet_length(key) = 32),
  expires_at timestamptz NOT NULL,
  count integer NOT NULL,
  CONSTRAINT attempt_window_pkey PRIMARY KEY (key, expires_at)
);
COMMENT ON TABLE attempt_window IS 'Attempts per key in a window of time; losing it in a crash costs nothing but one window';
CREATE INDEX attempt_window_by_end ON attempt_window (expires_at);
GRANT DELETE, SELECT (expires_at) ON attempt_window TO refettorio_web;

-- audit_event -----------------------------------------------------------------------------------------
CREATE TABLE audit_event (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  occurred_at timestamptz NOT NULL DEFAULT app_now(),
  person_id uuid,
  session_id uuid,
  action text NOT NULL,
  object_type text NOT NULL,
  object_id text NOT NULL,
  outcome text NOT NULL DEFAULT 'done' CHECK (outcome IN ('done', 'refused')),
  details jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT audit_event_pkey PRIMARY KEY (municipality_id, id, occurred_at),
  CONSTRAINT audit_event_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id)
) PARTITION BY RANGE (occurred_at);
-- Partitions: audit_event_2026 for 2026/27 and so on, one for each school year.
COMMENT ON TABLE audit_event IS 'Who read and changed a child''s or money''s data, in the same transaction. 24 months. Of a diet its code alone, no tokens.';
CREATE INDEX audit_event_by_object ON audit_event (municipality_id, object_type, object_id, occurred_at);
CREATE INDEX audit_event_by_person ON audit_event (municipality_id, person_id, occurred_at);
CREATE INDEX audit_event_by_time ON audit_event (municipality_id, occurred_at);
CREATE INDEX audit_event_with_reason ON audit_event (municipality_id, occurred_at) WHERE details ? 'reason';
CREATE TRIGGER audit_event_append_only BEFORE DELETE OR UPDATE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_change_but_forget('audit_event');
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('audit_event');
ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_event_read ON audit_event FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR person_id = app_person()));
CREATE POLICY audit_event_write ON audit_event FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality());
GRANT INSERT, SELECT ON audit_event TO refettorio_web;

-- calendar_feed ---------------------------------------------------------------------------------------
CREATE TABLE calendar_feed (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  household_member_id uuid NOT NULL,
  person_id uuid NOT NULL,
  pupil_id uuid NOT NULL,
  token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
  alarm_minutes smallint CHECK (alarm_minutes >= 5 AND alarm_minutes <= 1440),
  created_at timestamptz NOT NULL DEFAULT app_now(),
  revoked_at timestamptz,
  CONSTRAINT calendar_feed_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT calendar_feed_municipality_id_household_member_id_fkey FOREIGN KEY (municipality_id, household_member_id) REFERENCES household_member(municipality_id, id),
  CONSTRAINT calendar_feed_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id),
  CONSTRAINT calendar_feed_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id)
);
COMMENT ON COLUMN calendar_feed.alarm_minutes IS 'Minutes before the cutoff; null for no alarm';
CREATE INDEX calendar_feed_names_household_member ON calendar_feed (municipality_id, household_member_id);
CREATE INDEX calendar_feed_names_person ON calendar_feed (municipality_id, person_id);
CREATE INDEX calendar_feed_names_pupil ON calendar_feed (municipality_id, pupil_id);
CREATE UNIQUE INDEX calendar_feed_once ON calendar_feed (municipality_id, household_member_id, pupil_id) WHERE revoked_at IS NULL;
CREATE UNIQUE INDEX calendar_feed_token ON calendar_feed (token_hash);
ALTER TABLE calendar_feed ENABLE ROW LEVEL SECURITY;
CREATE POLICY calendar_feed_end ON calendar_feed FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() = 'system' OR app_audience() = 'family' AND person_id = app_person()))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() = 'system' OR app_audience() = 'family' AND person_id = app_person()));
CREATE POLICY calendar_feed_looking ON calendar_feed AS RESTRICTIVE FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND NOT app_is_looking());
CREATE POLICY calendar_feed_open ON calendar_feed FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() = 'system' OR app_audience() = 'family' AND person_id = app_person()
    AND (pupil_id = ANY (app_pupils()))));
CREATE POLICY calendar_feed_read ON calendar_feed FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() = 'system' OR app_audience() = 'family' AND person_id = app_person()));
GRANT INSERT, SELECT, UPDATE (alarm_minutes, revoked_at) ON calendar_feed TO refettorio_web;

-- citizen ---------------------------------------------------------------------------------------------
CREATE TABLE citizen (
  id uuid NOT NULL DEFAULT uuidv7(),
  fiscal_code_hash bytea NOT NULL CHECK (octet_length(fiscal_code_hash) = 32),
  given_name text NOT NULL,
  family_name text NOT NULL,
  full_name text NOT NULL GENERATED ALWAYS AS ((given_name || ' ') || family_name) VIRTUAL,
  birth_date date NOT NULL,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  updated_at timestamptz NOT NULL DEFAULT app_now(),
  language text,
  language_chosen_at timestamptz,
  CONSTRAINT citizen_pkey PRIMARY KEY (id),
  CONSTRAINT citizen_fiscal_code_hash_key UNIQUE (fiscal_code_hash),
  CONSTRAINT citizen_language_fkey FOREIGN KEY (language) REFERENCES language(code)
);
COMMENT ON COLUMN citizen.fiscal_code_hash IS 'HMAC-SHA-256 of the upper-case fiscal code: links SPID and CIE of one person';
COMMENT ON COLUMN citizen.language IS 'Chosen with the switch of the pages; null until then';
COMMENT ON COLUMN citizen.language_chosen_at IS 'Calendars learn from it that an event reads otherwise';
GRANT INSERT, SELECT, UPDATE (given_name, family_name, birth_date, updated_at) ON citizen TO refettorio_web;

-- class_places ----------------------------------------------------------------------------------------
CREATE TABLE class_places (
  municipality_id uuid NOT NULL,
  school_class_id uuid NOT NULL,
  places integer NOT NULL CHECK (places >= 0 AND places <= 999),
  updated_by uuid NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT class_places_pkey PRIMARY KEY (municipality_id, school_class_id),
  CONSTRAINT class_places_municipality_id_school_class_id_fkey FOREIGN KEY (municipality_id, school_class_id) REFERENCES school_class(municipality_id, id),
  CONSTRAINT class_places_municipality_id_updated_by_fkey FOREIGN KEY (municipality_id, updated_by) REFERENCES person(municipality_id, id)
);
COMMENT ON TABLE class_places IS 'How many pupils of a class may eat; a class without a row has no limit';
ALTER TABLE class_places ENABLE ROW LEVEL SECURITY;
CREATE POLICY class_places_scope ON class_places TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT DELETE, INSERT, SELECT, UPDATE (places, updated_by, updated_at) ON class_places TO refettorio_web;

-- closure ---------------------------------------------------------------------------------------------
CREATE TABLE closure (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  service_id uuid NOT NULL,
  school_id uuid,
  day date NOT NULL,
  kind text NOT NULL CHECK (kind IN ('holiday', 'closure', 'strike', 'trip')),
  reason text NOT NULL CHECK (length(reason) >= 1 AND length(reason) <= 200),
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  undone_at timestamptz,
  undone_by uuid,
  CONSTRAINT closure_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT closure_municipality_id_school_id_fkey FOREIGN KEY (municipality_id, school_id) REFERENCES school(municipality_id, id),
  CONSTRAINT closure_municipality_id_service_id_fkey FOREIGN KEY (municipality_id, service_id) REFERENCES service(municipality_id, id),
  CONSTRAINT closure_municipality_id_undone_by_fkey FOREIGN KEY (municipality_id, undone_by) REFERENCES person(municipality_id, id),
  CONSTRAINT closure_check CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);
COMMENT ON COLUMN closure.school_id IS 'Null: every school of the municipality';
COMMENT ON COLUMN closure.undone_at IS 'Not null: the row is a trace, and the day has its canteen';
CREATE UNIQUE INDEX one_closure_in_force ON closure (municipality_id, service_id, school_id, day) NULLS NOT DISTINCT WHERE undone_at IS NULL;
ALTER TABLE closure ENABLE ROW LEVEL SECURITY;
CREATE POLICY closure_scope ON closure TO refettorio_web
  USING (municipality_id = app_municipality() AND true)
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (undone_at, undone_by) ON closure TO refettorio_web;

-- communication ---------------------------------------------------------------------------------------
CREATE TABLE communication (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  latest_version integer NOT NULL CHECK (latest_version >= 1),
  submitted_version integer,
  submitted_by uuid,
  wanted_at timestamptz,
  note text NOT NULL DEFAULT '',
  approved_version integer,
  approved_by uuid,
  due_at timestamptz,
  published_version integer,
  published_at timestamptz,
  expires_at timestamptz,
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  withdrawn_reason text,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT communication_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT communication_municipality_id_approved_by_fkey FOREIGN KEY (municipality_id, approved_by) REFERENCES person(municipality_id, id),
  CONSTRAINT communication_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT communication_municipality_id_submitted_by_fkey FOREIGN KEY (municipality_id, submitted_by) REFERENCES person(municipality_id, id),
  CONSTRAINT communication_municipality_id_withdrawn_by_fkey FOREIGN KEY (municipality_id, withdrawn_by) REFERENCES person(municipality_id, id),
  CONSTRAINT communication_check CHECK (submitted_version >= 1 AND submitted_version <= latest_version),
  CONSTRAINT communication_check1 CHECK (approved_version >= 1 AND approved_version <= latest_version),
  CONSTRAINT communication_check2 CHECK (published_version >= 1 AND published_version <= latest_version),
  CONSTRAINT communication_check3 CHECK ((published_version IS NULL) = (published_at IS NULL)),
  CONSTRAINT communication_check4 CHECK (due_at IS NULL OR published_version IS NULL AND approved_version IS NOT NULL),
  CONSTRAINT communication_check5 CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL)),
  CONSTRAINT communication_check6 CHECK (withdrawn_at IS NULL OR published_version IS NOT NULL)
);
COMMENT ON COLUMN communication.submitted_version IS 'The version that waits for approval; any newer version makes the request void';
COMMENT ON COLUMN communication.due_at IS 'The worker publishes the approved version from this instant on; null once it is published';
CREATE INDEX communication_due ON communication (municipality_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX communication_latest ON communication (municipality_id, published_at DESC);
ALTER TABLE communication ENABLE ROW LEVEL SECURITY;
CREATE POLICY communication_scope ON communication TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR published_version IS NOT NULL
    AND (id = ANY (app_communications()))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR false));
GRANT INSERT, SELECT, UPDATE ON communication TO refettorio_web;

-- communication_acknowledgement -----------------------------------------------------------------------
CREATE TABLE communication_acknowledgement (
  municipality_id uuid NOT NULL,
  communication_id uuid NOT NULL,
  version integer NOT NULL,
  household_id uuid NOT NULL,
  person_id uuid NOT NULL,
  once_per text NOT NULL CHECK (once_per IN ('household', 'person')),
  acknowledged_at timestamptz NOT NULL DEFAULT app_now(),
  was_late boolean NOT NULL,
  CONSTRAINT communication_acknowledgement_pkey PRIMARY KEY (municipality_id, communication_id, version, household_id, person_id),
  CONSTRAINT communication_acknowledgemen_municipality_id_communicatio_fkey1 FOREIGN KEY (municipality_id, communication_id, household_id, person_id) REFERENCES communication_recipient_person(municipality_id, communication_id, household_id, person_id),
  CONSTRAINT communication_acknowledgement_municipality_id_communicatio_fkey FOREIGN KEY (municipality_id, communication_id, version) REFERENCES communication_publication(municipality_id, communication_id, version)
);
CREATE UNIQUE INDEX acknowledged_once_per_household ON communication_acknowledgement (municipality_id, communication_id, version, household_id) WHERE once_per = 'household';
CREATE TRIGGER communication_acknowledgement_append_only BEFORE DELETE OR UPDATE ON communication_acknowledgement FOR EACH ROW EXECUTE FUNCTION refuse_change('communication_acknowledgement');
CREATE TRIGGER communication_acknowledgement_no_truncate BEFORE TRUNCATE ON communication_acknowledgement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('communication_acknowledgement');
ALTER TABLE communication_acknowledgement ENABLE ROW LEVEL SECURITY;
CREATE POLICY communication_acknowledgement_scope ON communication_acknowledgement TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (household_id = ANY (app_households()))
    AND (communication_id = ANY (app_communications()))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR person_id = app_person()
    AND (household_id = ANY (app_households()))
    AND (((communication_id::text || ':') || version) = ANY (app_communication_versions()))));
GRANT INSERT, SELECT ON communication_acknowledgement TO refettorio_web;

-- communication_publication ---------------------------------------------------------------------------
CREATE TABLE communication_publication (
  municipality_id uuid NOT NULL,
  communication_id uuid NOT NULL,
  version integer NOT NULL,
  title text NOT NULL,
  published_at timestamptz NOT NULL DEFAULT app_now(),
  approved_by uuid,
  CONSTRAINT communication_publication_pkey PRIMARY KEY (municipality_id, communication_id, version),
  CONSTRAINT communication_publication_municipality_id_approved_by_fkey FOREIGN KEY (municipality_id, approved_by) REFERENCES person(municipality_id, id),
  CONSTRAINT communication_publication_municipality_id_communication_id_fkey FOREIGN KEY (municipality_id, communication_id, version) REFERENCES communication_version(municipality_id, communication_id, number)
);
COMMENT ON TABLE communication_publication IS 'The versions that families could read: the first one, then its corrections';
CREATE TRIGGER communication_publication_append_only BEFORE DELETE OR UPDATE ON communication_publication FOR EACH ROW EXECUTE FUNCTION refuse_change('communication_publication');
CREATE TRIGGER communication_publication_no_truncate BEFORE TRUNCATE ON communication_publication FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('communication_publication');
ALTER TABLE communication_publication ENABLE ROW LEVEL SECURITY;
CREATE POLICY communication_publication_scope ON communication_publication TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system'))
    OR (communication_id = ANY (app_communications()))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR false));
GRANT INSERT, SELECT ON communication_publication TO refettorio_web;

-- communication_read ----------------------------------------------------------------------------------
CREATE TABLE communication_read (
  municipality_id uuid NOT NULL,
  communication_id uuid NOT NULL,
  version integer NOT NULL,
  person_id uuid NOT NULL,
  read_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT communication_read_pkey PRIMARY KEY (municipality_id, communication_id, version, person_id),
  CONSTRAINT communication_read_municipality_id_communication_id_versio_fkey FOREIGN KEY (municipality_id, communication_id, version) REFERENCES communication_publication(municipality_id, communication_id, version),
  CONSTRAINT communication_read_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id)
);
CREATE INDEX communication_read_by_person ON communication_read (municipality_id, person_id, communication_id);
CREATE TRIGGER communication_read_append_only BEFORE DELETE OR UPDATE ON communication_read FOR EACH ROW EXECUTE FUNCTION refuse_change('communication_read');
CREATE TRIGGER communication_read_no_truncate BEFORE TRUNCATE ON communication_read FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('communication_read');
ALTER TABLE communication_read ENABLE ROW LEVEL SECURITY;
CREATE POLICY communication_read_scope ON communication_read TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR person_id = app_person()
    AND app_audience() = 'family'))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR person_id = app_person()
    AND (((communication_id::text || ':') || version) = ANY (app_communication_versions()))));
GRANT INSERT, SELECT ON communication_read TO refettorio_web;

-- communication_recipient -----------------------------------------------------------------------------
CREATE TABLE communication_recipient (
  municipality_id uuid NOT NULL,
  communication_id uuid NOT NULL,
  household_id uuid NOT NULL,
  about text NOT NULL CHECK (about IN ('service', 'money')),
  balance_cents bigint,
  CONSTRAINT communication_recipient_pkey PRIMARY KEY (municipality_id, communication_id, household_id),
  CONSTRAINT communication_recipient_municipality_id_communication_id_fkey FOREIGN KEY (municipality_id, communication_id) REFERENCES communication(municipality_id, id),
  CONSTRAINT communication_recipient_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT communication_recipient_check CHECK (balance_cents IS NULL OR about = 'money')
);
COMMENT ON COLUMN communication_recipient.balance_cents IS 'The balance at the moment of publication, the one that the text speaks of; only about money';
CREATE INDEX communication_recipient_by_household ON communication_recipient (municipality_id, household_id);
CREATE TRIGGER communication_recipient_append_only BEFORE DELETE OR UPDATE ON communication_recipient FOR EACH ROW EXECUTE FUNCTION refuse_change('communication_recipient');
CREATE TRIGGER communication_recipient_no_truncate BEFORE TRUNCATE ON communication_recipient FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('communication_recipient');
ALTER TABLE communication_recipient ENABLE ROW LEVEL SECURITY;
CREATE POLICY communication_recipient_scope ON communication_recipient TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system'))
    OR (((communication_id::text || ':') || household_id) = ANY (app_communication_copies()))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR false));
GRANT INSERT, SELECT ON communication_recipient TO refettorio_web;

-- communication_recipient_person ----------------------------------------------------------------------
CREATE TABLE communication_recipient_person (
  municipality_id uuid NOT NULL,
  communication_id uuid NOT NULL,
  household_id uuid NOT NULL,
  person_id uuid NOT NULL,
  about text NOT NULL CHECK (about IN ('service', 'money')),
  role text NOT NULL CHECK (role IN ('holder', 'delegate')),
  had_email boolean NOT NULL,
  CONSTRAINT communication_recipient_person_pkey PRIMARY KEY (municipality_id, communication_id, household_id, person_id),
  CONSTRAINT communication_recipient_perso_municipality_id_communicatio_fkey FOREIGN KEY (municipality_id, communication_id) REFERENCES communication(municipality_id, id),
  CONSTRAINT communication_recipient_perso_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT communication_recipient_person_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id),
  CONSTRAINT communication_recipient_person_check CHECK (about = 'service' OR role = 'holder')
);
COMMENT ON TABLE communication_recipient_person IS 'Its household is in communication_recipient: both are written by one statement, where a
    foreign key between them would look up ten thousand new rows with a plan made for none';
CREATE INDEX communication_recipient_person_names_household ON communication_recipient_person (municipality_id, household_id);
CREATE INDEX communication_recipient_person_own ON communication_recipient_person (municipality_id, person_id, communication_id);
CREATE TRIGGER communication_recipient_person_append_only BEFORE DELETE OR UPDATE ON communication_recipient_person FOR EACH ROW EXECUTE FUNCTION refuse_change('communication_recipient_person');
CREATE TRIGGER communication_recipient_person_no_truncate BEFORE TRUNCATE ON communication_recipient_person FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('communication_recipient_person');
ALTER TABLE communication_recipient_person ENABLE ROW LEVEL SECURITY;
CREATE POLICY communication_recipient_person_scope ON communication_recipient_person TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR person_id = app_person()
    AND app_audience() = 'family' AND ((household_id = ANY (app_paying_households())) OR about = 'service'
    AND (household_id = ANY (app_households())))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR false));
GRANT INSERT, SELECT ON communication_recipient_person TO refettorio_web;

-- communication_reminder ------------------------------------------------------------------------------
CREATE TABLE communication_reminder (
  municipality_id uuid NOT NULL,
  communication_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  version integer NOT NULL,
  target text NOT NULL CHECK (target IN ('unread', 'unacknowledged')),
  persons integer NOT NULL CHECK (persons > 0),
  sent_by uuid NOT NULL,
  sent_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT communication_reminder_pkey PRIMARY KEY (municipality_id, communication_id, id),
  CONSTRAINT communication_reminder_municipality_id_communication_id_ve_fkey FOREIGN KEY (municipality_id, communication_id, version) REFERENCES communication_publication(municipality_id, communication_id, version),
  CONSTRAINT communication_reminder_municipality_id_sent_by_fkey FOREIGN KEY (municipality_id, sent_by) REFERENCES person(municipality_id, id)
);
CREATE TRIGGER communication_reminder_append_only BEFORE DELETE OR UPDATE ON communication_reminder FOR EACH ROW EXECUTE FUNCTION refuse_change('communication_reminder');
CREATE TRIGGER communication_reminder_no_truncate BEFORE TRUNCATE ON communication_reminder FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('communication_reminder');
ALTER TABLE communication_reminder ENABLE ROW LEVEL SECURITY;
CREATE POLICY communication_reminder_scope ON communication_reminder TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR false))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR false));
GRANT INSERT, SELECT ON communication_reminder TO refettorio_web;

-- communication_version -------------------------------------------------------------------------------
CREATE TABLE communication_version (
  municipality_id uuid NOT NULL,
  communication_id uuid NOT NULL,
  number integer NOT NULL CHECK (number >= 1),
  kind text NOT NULL CHECK (kind IN ('information', 'reminder', 'notice')),
  about text NOT NULL CHECK (about IN ('service', 'money')),
  title text NOT NULL CHECK (title <> '' AND length(title) <= 120),
  body text NOT NULL,
  audience jsonb NOT NULL,
  acknowledgement text NOT NULL CHECK (acknowledgement IN ('none', 'household', 'person')),
  acknowledge_by date,
  expires_at timestamptz,
  reason text NOT NULL DEFAULT '',
  author_id uuid,
  saved_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT communication_version_pkey PRIMARY KEY (municipality_id, communication_id, number),
  CONSTRAINT communication_version_municipality_id_author_id_fkey FOREIGN KEY (municipality_id, author_id) REFERENCES person(municipality_id, id),
  CONSTRAINT communication_version_municipality_id_communication_id_fkey FOREIGN KEY (municipality_id, communication_id) REFERENCES communication(municipality_id, id),
  CONSTRAINT communication_version_check CHECK (acknowledge_by IS NULL OR acknowledgement <> 'none')
);
COMMENT ON COLUMN communication_version.body IS 'HTML that went through the sanitiser; it does so again when it is shown. {saldo}, {debito} and {nome} are filled for each reader';
COMMENT ON COLUMN communication_version.reason IS 'Why something published was corrected: the families read it';
CREATE TRIGGER communication_version_append_only BEFORE DELETE OR UPDATE ON communication_version FOR EACH ROW EXECUTE FUNCTION refuse_change('communication_version');
CREATE TRIGGER communication_version_no_truncate BEFORE TRUNCATE ON communication_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('communication_version');
ALTER TABLE communication_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY communication_version_scope ON communication_version TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system'))
    OR (((communication_id::text || ':') || number) = ANY (app_communication_versions()))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR false));
GRANT INSERT, SELECT ON communication_version TO refettorio_web;

-- communication_version_file --------------------------------------------------------------------------
CREATE TABLE communication_version_file (
  municipality_id uuid NOT NULL,
  communication_id uuid NOT NULL,
  version integer NOT NULL,
  file_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('attachment', 'image')),
  "position" integer NOT NULL,
  title text NOT NULL,
  CONSTRAINT communication_version_file_pkey PRIMARY KEY (municipality_id, communication_id, version, file_id),
  CONSTRAINT communication_version_file_municipality_id_communication_i_fkey FOREIGN KEY (municipality_id, communication_id, version) REFERENCES communication_version(municipality_id, communication_id, number),
  CONSTRAINT communication_version_file_municipality_id_file_id_fkey FOREIGN KEY (municipality_id, file_id) REFERENCES stored_file(municipality_id, id)
);
CREATE INDEX communication_version_file_by_file ON communication_version_file (municipality_id, file_id);
CREATE TRIGGER communication_version_file_append_only BEFORE DELETE OR UPDATE ON communication_version_file FOR EACH ROW EXECUTE FUNCTION refuse_change('communication_version_file');
CREATE TRIGGER communication_version_file_no_truncate BEFORE TRUNCATE ON communication_version_file FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('communication_version_file');
ALTER TABLE communication_version_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY communication_version_file_scope ON communication_version_file TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system'))
    OR (((communication_id::text || ':') || version) = ANY (app_communication_versions()))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR false));
GRANT INSERT, SELECT ON communication_version_file TO refettorio_web;

-- content_item ----------------------------------------------------------------------------------------
CREATE TABLE content_item (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  kind text NOT NULL CHECK (kind IN ('news', 'document')),
  slug text NOT NULL CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
  latest_version integer NOT NULL CHECK (latest_version >= 1),
  published_version integer,
  publish_at timestamptz,
  expire_at timestamptz,
  published_at timestamptz,
  published_by uuid,
  review_version integer,
  review_requested_by uuid,
  review_note text NOT NULL DEFAULT '',
  withdrawn_at timestamptz,
  withdrawn_reason text,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT content_item_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT content_item_municipality_id_kind_slug_key UNIQUE (municipality_id, kind, slug),
  CONSTRAINT content_item_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT content_item_municipality_id_published_by_fkey FOREIGN KEY (municipality_id, published_by) REFERENCES person(municipality_id, id),
  CONSTRAINT content_item_municipality_id_review_requested_by_fkey FOREIGN KEY (municipality_id, review_requested_by) REFERENCES person(municipality_id, id),
  CONSTRAINT content_item_check CHECK (published_version >= 1 AND published_version <= latest_version),
  CONSTRAINT content_item_check1 CHECK (review_version >= 1 AND review_version <= latest_version),
  CONSTRAINT content_item_check2 CHECK ((published_version IS NULL) = (publish_at IS NULL)),
  CONSTRAINT content_item_check3 CHECK ((published_version IS NULL) = (published_at IS NULL)),
  CONSTRAINT content_item_check4 CHECK (expire_at > publish_at),
  CONSTRAINT content_item_check5 CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL)),
  CONSTRAINT content_item_check6 CHECK (withdrawn_at IS NULL OR published_version IS NOT NULL)
);
COMMENT ON COLUMN content_item.published_at IS 'The last press of Publish: the last update that the public sees';
COMMENT ON COLUMN content_item.review_version IS 'The version that waits for a review; any newer version makes the request void';
CREATE INDEX content_item_by_date ON content_item (municipality_id, kind, publish_at DESC);
ALTER TABLE content_item ENABLE ROW LEVEL SECURITY;
CREATE POLICY content_item_scope ON content_item TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR published_version IS NOT NULL
    AND withdrawn_at IS NULL AND publish_at <= app_now() AND (expire_at IS NULL OR expire_at > app_now())))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE ON content_item TO refettorio_web;

-- content_version -------------------------------------------------------------------------------------
CREATE TABLE content_version (
  municipality_id uuid NOT NULL,
  item_id uuid NOT NULL,
  number integer NOT NULL CHECK (number >= 1),
  title text NOT NULL CHECK (title <> '' AND length(title) <= 160),
  summary text NOT NULL CHECK (length(summary) <= 400),
  body text NOT NULL,
  category text NOT NULL CHECK (category ~ '^[a-z-]{3,40}$'),
  urgent boolean NOT NULL DEFAULT false,
  highlighted boolean NOT NULL DEFAULT false,
  author_id uuid NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT app_now(),
  restored_from integer,
  search tsvector GENERATED ALWAYS AS ((setweight(to_tsvector('italian'::regconfig, title), 'A'::"char") || setweight(to_tsvector('italian'::regconfig, summary), 'B'::"char")) || to_tsvector('italian'::regconfig, body)) STORED,
  CONSTRAINT content_version_pkey PRIMARY KEY (municipality_id, item_id, number),
  CONSTRAINT content_version_municipality_id_author_id_fkey FOREIGN KEY (municipality_id, author_id) REFERENCES person(municipality_id, id),
  CONSTRAINT content_version_municipality_id_item_id_fkey FOREIGN KEY (municipality_id, item_id) REFERENCES content_item(municipality_id, id)
);
COMMENT ON COLUMN content_version.body IS 'HTML that went through the sanitiser; it does so again when it is shown';
CREATE INDEX content_version_search ON content_version USING gin (search);
CREATE TRIGGER content_version_append_only BEFORE DELETE OR UPDATE ON content_version FOR EACH ROW EXECUTE FUNCTION refuse_change('content_version');
CREATE TRIGGER content_version_no_truncate BEFORE TRUNCATE ON content_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('content_version');
ALTER TABLE content_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY content_version_scope ON content_version TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system'))
    OR (EXISTS ( SELECT FROM content_item i WHERE i.municipality_id = content_version.municipality_id
    AND i.id = content_version.item_id AND i.published_version = content_version.number AND i.published_version IS NOT NULL
    AND i.withdrawn_at IS NULL AND i.publish_at <= app_now() AND (i.expire_at IS NULL OR i.expire_at > app_now())))))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT ON content_version TO refettorio_web;

-- content_version_file --------------------------------------------------------------------------------
CREATE TABLE content_version_file (
  municipality_id uuid NOT NULL,
  item_id uuid NOT NULL,
  version integer NOT NULL,
  file_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('attachment', 'image')),
  "position" integer NOT NULL,
  title text NOT NULL,
  CONSTRAINT content_version_file_pkey PRIMARY KEY (municipality_id, item_id, version, file_id),
  CONSTRAINT content_version_file_municipality_id_file_id_fkey FOREIGN KEY (municipality_id, file_id) REFERENCES stored_file(municipality_id, id),
  CONSTRAINT content_version_file_municipality_id_item_id_version_fkey FOREIGN KEY (municipality_id, item_id, version) REFERENCES content_version(municipality_id, item_id, number)
);
CREATE INDEX content_version_file_by_file ON content_version_file (municipality_id, file_id);
CREATE TRIGGER content_version_file_append_only BEFORE DELETE OR UPDATE ON content_version_file FOR EACH ROW EXECUTE FUNCTION refuse_change('content_version_file');
CREATE TRIGGER content_version_file_no_truncate BEFORE TRUNCATE ON content_version_file FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('content_version_file');
ALTER TABLE content_version_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY content_version_file_scope ON content_version_file TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system'))
    OR (EXISTS ( SELECT FROM content_item i WHERE i.municipality_id = content_version_file.municipality_id
    AND i.id = content_version_file.item_id AND i.published_version = content_version_file.version AND i.published_version IS NOT NULL
    AND i.withdrawn_at IS NULL AND i.publish_at <= app_now() AND (i.expire_at IS NULL OR i.expire_at > app_now())))))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT ON content_version_file TO refettorio_web;

-- count_acknowledgement -------------------------------------------------------------------------------
CREATE TABLE count_acknowledgement (
  municipality_id uuid NOT NULL,
  kitchen_count_id uuid NOT NULL,
  person_id uuid,
  acknowledged_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT count_acknowledgement_pkey PRIMARY KEY (municipality_id, kitchen_count_id),
  CONSTRAINT count_acknowledgement_municipality_id_kitchen_count_id_fkey FOREIGN KEY (municipality_id, kitchen_count_id) REFERENCES kitchen_count(municipality_id, id),
  CONSTRAINT count_acknowledgement_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id)
);
COMMENT ON TABLE count_acknowledgement IS 'Who of a kitchen said first to have seen this version of a count: it says nothing of a later version';
CREATE INDEX count_acknowledgement_by_person ON count_acknowledgement (municipality_id, person_id) WHERE person_id IS NOT NULL;
ALTER TABLE count_acknowledgement ENABLE ROW LEVEL SECURITY;
CREATE POLICY count_acknowledgement_read ON count_acknowledgement FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT SELECT ON count_acknowledgement TO refettorio_web;

-- count_mail ------------------------------------------------------------------------------------------
CREATE TABLE count_mail (
  municipality_id uuid NOT NULL,
  kitchen_count_id uuid NOT NULL,
  kitchen_id uuid NOT NULL,
  written_at timestamptz NOT NULL DEFAULT app_now(),
  count_sheet_id uuid,
  CONSTRAINT count_mail_pkey PRIMARY KEY (municipality_id, kitchen_count_id),
  CONSTRAINT count_mail_municipality_id_count_sheet_id_fkey FOREIGN KEY (municipality_id, count_sheet_id) REFERENCES count_sheet(municipality_id, id),
  CONSTRAINT count_mail_municipality_id_kitchen_count_id_fkey FOREIGN KEY (municipality_id, kitchen_count_id) REFERENCES kitchen_count(municipality_id, id),
  CONSTRAINT count_mail_municipality_id_kitchen_id_fkey FOREIGN KEY (municipality_id, kitchen_id) REFERENCES kitchen(municipality_id, id)
);
COMMENT ON TABLE count_mail IS 'Counts that were sent to the kitchen that serves the school on their day: each once';
COMMENT ON COLUMN count_mail.count_sheet_id IS 'The first sheet in which this version of a count stands; null for what went out before there were sheets';
CREATE INDEX count_mail_by_kitchen ON count_mail (municipality_id, kitchen_id, written_at DESC);
CREATE INDEX count_mail_by_sheet ON count_mail (municipality_id, count_sheet_id) WHERE count_sheet_id IS NOT NULL;
ALTER TABLE count_mail ENABLE ROW LEVEL SECURITY;
CREATE POLICY count_mail_read ON count_mail FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY count_mail_sheet ON count_mail FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND app_audience() = 'system')
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'system');
CREATE POLICY count_mail_write ON count_mail FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'system');
GRANT INSERT, SELECT, UPDATE (count_sheet_id) ON count_mail TO refettorio_web;

-- count_sheet -----------------------------------------------------------------------------------------
CREATE TABLE count_sheet (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  kitchen_id uuid NOT NULL,
  day date NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  written_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT count_sheet_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT count_sheet_municipality_id_kitchen_id_day_number_key UNIQUE (municipality_id, kitchen_id, day, number),
  CONSTRAINT count_sheet_municipality_id_kitchen_id_fkey FOREIGN KEY (municipality_id, kitchen_id) REFERENCES kitchen(municipality_id, id)
);
COMMENT ON TABLE count_sheet IS 'A version of what a kitchen got of a day: the newest count of each school that was sent up to then';
ALTER TABLE count_sheet ENABLE ROW LEVEL SECURITY;
CREATE POLICY count_sheet_read ON count_sheet FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY count_sheet_write ON count_sheet FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'system');
GRANT INSERT, SELECT ON count_sheet TO refettorio_web;

-- counted_meals ---------------------------------------------------------------------------------------
CREATE TABLE counted_meals (
  municipality_id uuid NOT NULL,
  service_day_id uuid NOT NULL,
  school_class_id uuid NOT NULL,
  diet_code text NOT NULL,
  pupil_ids uuid[] NOT NULL,
  prices_cents integer[] NOT NULL CHECK (array_position(prices_cents, NULL::integer) IS NULL AND (0 <= ALL (prices_cents))),
  household_ids uuid[],
  CONSTRAINT counted_meals_pkey PRIMARY KEY (municipality_id, service_day_id, school_class_id, diet_code),
  CONSTRAINT counted_meals_check CHECK (cardinality(pupil_ids) = cardinality(prices_cents)
    AND array_position(pupil_ids, NULL::uuid) IS NULL),
  CONSTRAINT counted_meals_household_of_each CHECK (household_ids IS NULL OR cardinality(household_ids) = cardinality(pupil_ids))
);
COMMENT ON TABLE counted_meals IS 'The pupils behind a line of a day''s first count, each with the price of the meal; the charge reads this and nothing else';
COMMENT ON COLUMN counted_meals.prices_cents IS 'In the order of pupil_ids; zero is a meal that costs nothing';
COMMENT ON COLUMN counted_meals.household_ids IS 'In the order of pupil_ids, where a meal is another household''s than the pupil''s own; null for the own one, and where all are';
CREATE TRIGGER counted_meals_append_only BEFORE DELETE OR UPDATE ON counted_meals FOR EACH ROW EXECUTE FUNCTION refuse_change('counted_meals');
CREATE TRIGGER counted_meals_no_truncate BEFORE TRUNCATE ON counted_meals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('counted_meals');
ALTER TABLE counted_meals ENABLE ROW LEVEL SECURITY;
CREATE POLICY counted_meals_scope ON counted_meals TO refettorio_web
  USING (municipality_id = app_municipality() AND app_audience() = 'system')
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'system');
GRANT INSERT, SELECT ON counted_meals TO refettorio_web;

-- delegate_invitation ---------------------------------------------------------------------------------
CREATE TABLE delegate_invitation (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  household_id uuid NOT NULL,
  invited_by uuid NOT NULL,
  fiscal_code_hash bytea NOT NULL CHECK (octet_length(fiscal_code_hash) = 32),
  fiscal_code_sealed bytea,
  email text NOT NULL,
  pupil_ids uuid[] NOT NULL CHECK (cardinality(pupil_ids) >= 1 AND cardinality(pupil_ids) <= 20),
  valid_to date,
  token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
  created_at timestamptz NOT NULL DEFAULT app_now(),
  expires_at timestamptz NOT NULL,
  closed_at timestamptz,
  outcome text CHECK (outcome IN ('accepted', 'declined', 'withdrawn')),
  accepted_by uuid,
  CONSTRAINT delegate_invitation_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT delegate_invitation_municipality_id_token_hash_key UNIQUE (municipality_id, token_hash),
  CONSTRAINT delegate_invitation_municipality_id_accepted_by_fkey FOREIGN KEY (municipality_id, accepted_by) REFERENCES person(municipality_id, id),
  CONSTRAINT delegate_invitation_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT delegate_invitation_municipality_id_invited_by_fkey FOREIGN KEY (municipality_id, invited_by) REFERENCES person(municipality_id, id),
  CONSTRAINT delegate_invitation_check CHECK ((closed_at IS NULL) = (outcome IS NULL)),
  CONSTRAINT delegate_invitation_check1 CHECK ((accepted_by IS NOT NULL) = (NOT outcome IS DISTINCT FROM 'accepted'))
);
COMMENT ON COLUMN delegate_invitation.fiscal_code_sealed IS 'Encrypted, for the register of persons at acceptance; emptied when the invitation closes';
COMMENT ON COLUMN delegate_invitation.token_hash IS 'SHA-256 of the secret in the e-mail: used once, together with the sign-in of the very person';
CREATE INDEX delegate_invitation_by_code ON delegate_invitation (fiscal_code_hash);
CREATE INDEX delegate_invitation_by_household ON delegate_invitation (municipality_id, household_id, created_at DESC);
CREATE INDEX delegate_invitation_by_person ON delegate_invitation (municipality_id, fiscal_code_hash) WHERE closed_at IS NULL;
CREATE INDEX delegate_invitation_names_accepted_by ON delegate_invitation (municipality_id, accepted_by) WHERE accepted_by IS NOT NULL;
CREATE INDEX delegate_invitation_names_invited_by ON delegate_invitation (municipality_id, invited_by);
ALTER TABLE delegate_invitation ENABLE ROW LEVEL SECURITY;
CREATE POLICY delegate_invitation_scope ON delegate_invitation TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system'))
    OR (household_id = ANY (app_paying_households()))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system'))
    OR (household_id = ANY (app_paying_households()))));
GRANT INSERT, SELECT, UPDATE (fiscal_code_sealed, closed_at, outcome, accepted_by) ON delegate_invitation TO refettorio_web;

-- delegate_pupil --------------------------------------------------------------------------------------
CREATE TABLE delegate_pupil (
  municipality_id uuid NOT NULL,
  household_member_id uuid NOT NULL,
  pupil_id uuid NOT NULL,
  CONSTRAINT delegate_pupil_pkey PRIMARY KEY (municipality_id, household_member_id, pupil_id),
  CONSTRAINT delegate_pupil_municipality_id_household_member_id_fkey FOREIGN KEY (municipality_id, household_member_id) REFERENCES household_member(municipality_id, id),
  CONSTRAINT delegate_pupil_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id)
);
COMMENT ON TABLE delegate_pupil IS 'The pupils of a delegate who has not all of the household';
CREATE INDEX delegate_pupil_names_pupil ON delegate_pupil (municipality_id, pupil_id);
CREATE TRIGGER delegate_pupil_lawful BEFORE INSERT OR UPDATE ON delegate_pupil FOR EACH ROW EXECUTE FUNCTION delegate_pupil_is_lawful();
ALTER TABLE delegate_pupil ENABLE ROW LEVEL SECURITY;
CREATE POLICY delegate_pupil_scope ON delegate_pupil TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (pupil_id = ANY (app_pupils()))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR false));
GRANT INSERT, SELECT ON delegate_pupil TO refettorio_web;

-- delivery_batch --------------------------------------------------------------------------------------
CREATE TABLE delivery_batch (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  key text NOT NULL,
  event text NOT NULL,
  title text,
  communication_id uuid,
  communication_version integer,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT delivery_batch_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT delivery_batch_municipality_id_key_key UNIQUE (municipality_id, key),
  CONSTRAINT delivery_batch_communication_fkey FOREIGN KEY (municipality_id, communication_id, communication_version) REFERENCES communication_version(municipality_id, communication_id, number),
  CONSTRAINT delivery_batch_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT delivery_batch_check CHECK ((communication_id IS NULL) = (communication_version IS NULL))
);
COMMENT ON TABLE delivery_batch IS 'What the office sees as one sending: a message to many, or a day of one kind of message to single persons';
COMMENT ON COLUMN delivery_batch.title IS 'The title of a message to many; null for messages to single persons, which are theirs alone';
COMMENT ON COLUMN delivery_batch.communication_id IS 'With its version: what was published by this sending. Null for all others, reminders among them';
CREATE INDEX delivery_batch_by_time ON delivery_batch (municipality_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX delivery_batch_of_communication ON delivery_batch (municipality_id, communication_id, communication_version) WHERE communication_id IS NOT NULL;
ALTER TABLE delivery_batch ENABLE ROW LEVEL SECURITY;
CREATE POLICY delivery_batch_scope ON delivery_batch TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR false))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR false));
GRANT SELECT ON delivery_batch TO refettorio_web;

-- departing_transfer ----------------------------------------------------------------------------------
CREATE TABLE departing_transfer (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  household_id uuid NOT NULL,
  pupil_ids uuid[] NOT NULL CHECK (cardinality(pupil_ids) >= 1 AND cardinality(pupil_ids) <= 4),
  to_municipality_id uuid NOT NULL,
  last_day date NOT NULL,
  with_diets boolean NOT NULL,
  reason text NOT NULL CHECK (length(reason) >= 3 AND length(reason) <= 200),
  fingerprint text NOT NULL,
  before jsonb,
  after_sum text NOT NULL,
  state text NOT NULL DEFAULT 'sent' CHECK (state IN ('sent', 'accepted', 'refused', 'withdrawn')),
  sent_at timestamptz NOT NULL DEFAULT app_now(),
  sent_by uuid NOT NULL,
  answered_at timestamptz,
  answer text CHECK (length(answer) >= 3 AND length(answer) <= 200),
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  CONSTRAINT departing_transfer_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT departing_transfer_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT departing_transfer_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT departing_transfer_municipality_id_sent_by_fkey FOREIGN KEY (municipality_id, sent_by) REFERENCES person(municipality_id, id),
  CONSTRAINT departing_transfer_municipality_id_withdrawn_by_fkey FOREIGN KEY (municipality_id, withdrawn_by) REFERENCES person(municipality_id, id),
  CONSTRAINT departing_transfer_check CHECK (to_municipality_id <> municipality_id),
  CONSTRAINT departing_transfer_check1 CHECK (num_nulls(withdrawn_at, withdrawn_by) IN (0, 2)),
  CONSTRAINT departing_transfer_check2 CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
  CONSTRAINT departing_transfer_check3 CHECK ((state <> ALL (ARRAY['accepted', 'refused'])) OR answered_at IS NOT NULL)
);
COMMENT ON TABLE departing_transfer IS 'Pupils who go to another municipality of the installation, as the one that they leave sees it';
COMMENT ON COLUMN departing_transfer.before IS 'Their enrolments and cancellations as they were; null when they cannot come back any more';
COMMENT ON COLUMN departing_transfer.after_sum IS 'A sum over the same rows afterwards: another one now, and they are not put back';
CREATE INDEX departing_transfer_by_household ON departing_transfer (municipality_id, household_id);
CREATE INDEX departing_transfer_by_sender ON departing_transfer (municipality_id, sent_by);
CREATE INDEX departing_transfer_by_withdrawer ON departing_transfer (municipality_id, withdrawn_by) WHERE withdrawn_by IS NOT NULL;
CREATE INDEX departing_transfer_open ON departing_transfer (municipality_id, sent_at) WHERE state IN ('sent', 'refused');
ALTER TABLE departing_transfer ENABLE ROW LEVEL SECURITY;
CREATE POLICY departing_transfer_read ON departing_transfer FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY departing_transfer_send ON departing_transfer FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'staff' AND sent_by = app_person() AND state = 'sent');
GRANT SELECT, INSERT (municipality_id, household_id, pupil_ids, to_municipality_id, last_day, with_diets, reason, fingerprint, before, after_sum, sent_by) ON departing_transfer TO refettorio_web;

-- diet ------------------------------------------------------------------------------------------------
CREATE TABLE diet (
  municipality_id uuid NOT NULL,
  code text NOT NULL CHECK (code ~ '^[A-Z0-9-]{1,12}$'),
  name text NOT NULL,
  legend text NOT NULL DEFAULT '' CHECK (length(legend) <= 300),
  allergens text[] NOT NULL DEFAULT '{}'::text[] CHECK (allergens <@ ARRAY['gluten', 'crustaceans', 'eggs', 'fish', 'peanuts', 'soy', 'milk', 'nuts', 'celery', 'mustard', 'sesame', 'sulphites', 'lupin', 'molluscs']),
  parts text[] NOT NULL DEFAULT '{}'::text[],
  valid_from date,
  valid_to date,
  revision integer NOT NULL DEFAULT 1,
  updated_by uuid,
  CONSTRAINT diet_pkey PRIMARY KEY (municipality_id, code),
  CONSTRAINT diet_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT diet_municipality_id_updated_by_fkey FOREIGN KEY (municipality_id, updated_by) REFERENCES person(municipality_id, id),
  CONSTRAINT diet_check CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)
);
COMMENT ON TABLE diet IS 'The kitchen sees the code only; the name is health or faith data and is read under audit.';
COMMENT ON COLUMN diet.allergens IS 'Of Annex II of Regulation (EU) 1169/2011: a dish that declares one of them is not for this diet';
COMMENT ON COLUMN diet.parts IS 'Codes of the diets that it joins: what is not for one of them is not for it';
COMMENT ON COLUMN diet.valid_to IS 'The last day on which it may be eaten; null while it has none';
ALTER TABLE diet ENABLE ROW LEVEL SECURITY;
CREATE POLICY diet_add ON diet FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY diet_change ON diet FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY diet_read ON diet FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality());
GRANT INSERT, SELECT, UPDATE (name, legend, allergens, parts, valid_from, valid_to, revision, updated_by) ON diet TO refettorio_web;

-- diet_end_notice -------------------------------------------------------------------------------------
CREATE TABLE diet_end_notice (
  municipality_id uuid NOT NULL,
  pupil_id uuid NOT NULL,
  last_day date NOT NULL,
  days_before smallint NOT NULL,
  told_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT diet_end_notice_pkey PRIMARY KEY (municipality_id, pupil_id, last_day, days_before),
  CONSTRAINT diet_end_notice_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id)
);
COMMENT ON TABLE diet_end_notice IS 'Which family was told, so many days before, that a diet ends on a day: a diet that is decided again ends on another';
ALTER TABLE diet_end_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY diet_end_notice_scope ON diet_end_notice TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT DELETE, INSERT, SELECT ON diet_end_notice TO refettorio_web;

-- diet_hold -------------------------------------------------------------------------------------------
CREATE TABLE diet_hold (
  municipality_id uuid NOT NULL,
  submission_id uuid NOT NULL,
  pupil_id uuid NOT NULL,
  severe boolean NOT NULL,
  since date NOT NULL,
  until date,
  CONSTRAINT diet_hold_pkey PRIMARY KEY (municipality_id, submission_id),
  CONSTRAINT diet_hold_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id),
  CONSTRAINT diet_hold_municipality_id_submission_id_fkey FOREIGN KEY (municipality_id, submission_id) REFERENCES form_submission(municipality_id, id)
);
COMMENT ON TABLE diet_hold IS 'A request for a diet that waits: from its day on the kitchen asks before it serves the pupil, and loses no diet that holds already';
COMMENT ON COLUMN diet_hold.severe IS 'The family wrote that the pupil risks a severe reaction';
COMMENT ON COLUMN diet_hold.until IS 'The last day before the diet that was decided; null while the request waits';
CREATE INDEX diet_hold_by_pupil ON diet_hold (municipality_id, pupil_id);
CREATE INDEX diet_hold_waiting ON diet_hold (municipality_id, pupil_id) WHERE until IS NULL;
ALTER TABLE diet_hold ENABLE ROW LEVEL SECURITY;
CREATE POLICY diet_hold_ask ON diet_hold FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (pupil_id = ANY (app_paying_pupils()))));
CREATE POLICY diet_hold_read ON diet_hold FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (pupil_id = ANY (app_pupils()))));
CREATE POLICY diet_hold_release ON diet_hold FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (until) ON diet_hold TO refettorio_web;

-- dish ------------------------------------------------------------------------------------------------
CREATE TABLE dish (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  name text NOT NULL CHECK (length(name) >= 1 AND length(name) <= 120),
  course text NOT NULL CHECK (course IN ('primo', 'secondo', 'unico', 'contorno', 'pane', 'frutta')),
  ingredients text NOT NULL DEFAULT '' CHECK (length(ingredients) <= 1000),
  allergens text[] CHECK (allergens <@ ARRAY['gluten', 'crustaceans', 'eggs', 'fish', 'peanuts', 'soy', 'milk', 'nuts', 'celery', 'mustard', 'sesame', 'sulphites', 'lupin', 'molluscs']),
  unsuited_diets text[] NOT NULL DEFAULT '{}'::text[],
  archived_at timestamptz,
  updated_at timestamptz NOT NULL DEFAULT app_now(),
  revision integer NOT NULL DEFAULT 1,
  updated_by uuid,
  CONSTRAINT dish_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT dish_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT dish_municipality_id_updated_by_fkey FOREIGN KEY (municipality_id, updated_by) REFERENCES person(municipality_id, id)
);
COMMENT ON COLUMN dish.allergens IS 'Of Annex II of Regulation (EU) 1169/2011; null while they are not declared, empty when there are none';
COMMENT ON COLUMN dish.unsuited_diets IS 'Codes of the diets that do not eat it; a diet that is not named here is no promise that it may';
CREATE UNIQUE INDEX dish_by_name ON dish (municipality_id, lower(name)) WHERE archived_at IS NULL;
ALTER TABLE dish ENABLE ROW LEVEL SECURITY;
CREATE POLICY dish_scope ON dish TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR true))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE ON dish TO refettorio_web;

-- email_change ----------------------------------------------------------------------------------------
CREATE TABLE email_change (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  person_id uuid NOT NULL,
  email text NOT NULL,
  code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
  attempts smallint NOT NULL DEFAULT 0 CHECK (attempts >= 0 AND attempts <= 5),
  created_at timestamptz NOT NULL DEFAULT app_now(),
  expires_at timestamptz NOT NULL,
  closed_at timestamptz,
  CONSTRAINT email_change_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT email_change_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id)
);
COMMENT ON TABLE email_change IS 'A new address that waits for the code sent to it';
CREATE INDEX email_change_by_person ON email_change (municipality_id, person_id, created_at DESC);
ALTER TABLE email_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY email_change_looking ON email_change AS RESTRICTIVE FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND NOT app_is_looking());
CREATE POLICY email_change_scope ON email_change TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR person_id = app_person()))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR person_id = app_person()));
GRANT INSERT, SELECT, UPDATE (attempts, closed_at) ON email_change TO refettorio_web;

-- enrolment -------------------------------------------------------------------------------------------
CREATE TABLE enrolment (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  pupil_id uuid NOT NULL,
  service_id uuid NOT NULL,
  school_id uuid NOT NULL,
  school_class_id uuid NOT NULL,
  school_year_id uuid NOT NULL,
  diet_code text NOT NULL,
  valid_from date NOT NULL,
  valid_to date NOT NULL,
  validity daterange GENERATED ALWAYS AS (daterange(valid_from, valid_to, '[]')) STORED,
  severe_reaction boolean NOT NULL DEFAULT false,
  weekdays smallint[] CHECK (weekdays <@ ARRAY[1::smallint, 2::smallint, 3::smallint, 4::smallint, 5::smallint, 6::smallint, 7::smallint] AND cardinality(weekdays) > 0),
  CONSTRAINT enrolment_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT enrolment_once_at_a_time UNIQUE (municipality_id, pupil_id, service_id, validity WITHOUT OVERLAPS),
  CONSTRAINT enrolment_municipality_id_diet_code_fkey FOREIGN KEY (municipality_id, diet_code) REFERENCES diet(municipality_id, code),
  CONSTRAINT enrolment_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id),
  CONSTRAINT enrolment_municipality_id_school_id_school_class_id_fkey FOREIGN KEY (municipality_id, school_id, school_class_id) REFERENCES school_class(municipality_id, school_id, id),
  CONSTRAINT enrolment_municipality_id_school_year_id_fkey FOREIGN KEY (municipality_id, school_year_id) REFERENCES school_year(municipality_id, id),
  CONSTRAINT enrolment_municipality_id_service_id_fkey FOREIGN KEY (municipality_id, service_id) REFERENCES service(municipality_id, id),
  CONSTRAINT enrolment_check CHECK (valid_from <= valid_to)
);
COMMENT ON COLUMN enrolment.severe_reaction IS 'The pupil risks a severe reaction: the kitchen reads it beside the diet''s code';
COMMENT ON COLUMN enrolment.weekdays IS 'ISO weekdays on which the pupil eats in this stretch; null: all those of the school';
CREATE INDEX enrolment_by_begin ON enrolment (municipality_id, valid_from);
CREATE INDEX enrolment_by_class ON enrolment (municipality_id, school_class_id, valid_to);
CREATE INDEX enrolment_by_end ON enrolment (municipality_id, valid_to);
CREATE INDEX enrolment_by_pupil ON enrolment (municipality_id, pupil_id, valid_to);
CREATE INDEX enrolment_by_school ON enrolment (municipality_id, service_id, school_id, valid_to);
CREATE INDEX enrolment_of_diet_by_end ON enrolment (municipality_id, valid_to) WHERE diet_code <> ALL (ARRAY['STD', 'DA-DEFINIRE']);
CREATE INDEX enrolment_undecided ON enrolment (municipality_id, valid_to) WHERE diet_code = 'DA-DEFINIRE';
CREATE TRIGGER enrolment_added AFTER INSERT ON enrolment REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION close_refunds_of_returned();
CREATE TRIGGER enrolment_changed AFTER UPDATE ON enrolment REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION close_refunds_of_returned();
ALTER TABLE enrolment ENABLE ROW LEVEL SECURITY;
CREATE POLICY enrolment_change ON enrolment FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY enrolment_drop ON enrolment FOR DELETE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY enrolment_give ON enrolment FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY enrolment_read ON enrolment FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (pupil_id = ANY (app_pupils()))));
GRANT DELETE, INSERT, SELECT, UPDATE (diet_code, valid_to, severe_reaction) ON enrolment TO refettorio_web;

-- entry -----------------------------------------------------------------------------------------------
CREATE TABLE entry (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  journal_id uuid NOT NULL,
  account_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('opening', 'top_up', 'meals', 'meals_reversal', 'adjustment', 'refund', 'chargeback')),
  amount_cents integer NOT NULL CHECK (amount_cents <> 0),
  posted_at timestamptz NOT NULL DEFAULT app_now(),
  pupil_id uuid,
  service_day_id uuid,
  day date,
  top_up_id uuid,
  school_year smallint NOT NULL DEFAULT school_year_of((app_now() AT TIME ZONE 'Europe/Rome')::date),
  CONSTRAINT entry_pkey PRIMARY KEY (municipality_id, id, school_year),
  CONSTRAINT entry_municipality_id_account_id_fkey FOREIGN KEY (municipality_id, account_id) REFERENCES account(municipality_id, id) NOT ENFORCED,
  CONSTRAINT entry_municipality_id_journal_id_fkey FOREIGN KEY (municipality_id, journal_id) REFERENCES journal(municipality_id, id) NOT ENFORCED,
  CONSTRAINT entry_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id) NOT ENFORCED,
  CONSTRAINT entry_municipality_id_top_up_id_fkey FOREIGN KEY (municipality_id, top_up_id) REFERENCES top_up(municipality_id, id),
  CONSTRAINT entry_check CHECK (pupil_id IS NULL OR service_day_id IS NOT NULL AND day IS NOT NULL),
  CONSTRAINT entry_check1 CHECK (school_year = school_year_of((posted_at AT TIME ZONE 'Europe/Rome')::date))
) PARTITION BY RANGE (school_year);
-- Partitions: entry_2026 for 2026/27 and so on, one for each school year.
COMMENT ON COLUMN entry.school_year IS 'Of the day on which it was posted, in Italy';
CREATE INDEX entry_by_account ON entry (municipality_id, account_id, school_year, posted_at, id);
CREATE INDEX entry_by_journal ON entry (municipality_id, journal_id);
CREATE UNIQUE INDEX one_charge_per_meal ON entry (municipality_id, service_day_id, pupil_id, kind, school_year) WHERE pupil_id IS NOT NULL;
CREATE UNIQUE INDEX one_credit_per_top_up ON entry (municipality_id, top_up_id, account_id, school_year) WHERE top_up_id IS NOT NULL AND kind = 'top_up';
CREATE TRIGGER entry_append_only BEFORE DELETE OR UPDATE ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change('entry');
CREATE TRIGGER entry_balance AFTER INSERT ON entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION entries_balance();
CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('entry');
ALTER TABLE entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY entry_add ON entry FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY entry_read ON entry FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (account_id = ANY (app_paying_accounts()))
    OR posted_at >= app_account_since(account_id)));
GRANT INSERT, SELECT ON entry TO refettorio_web;

-- entry_year ------------------------------------------------------------------------------------------
CREATE TABLE entry_year (
  municipality_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  kind text NOT NULL,
  school_year smallint NOT NULL,
  CONSTRAINT entry_year_pkey PRIMARY KEY (municipality_id, subject_id, kind)
);
COMMENT ON COLUMN entry_year.subject_id IS 'A service day or a top-up';
CREATE TRIGGER entry_year_append_only BEFORE DELETE OR UPDATE ON entry_year FOR EACH ROW EXECUTE FUNCTION refuse_change('entry_year');
CREATE TRIGGER entry_year_no_truncate BEFORE TRUNCATE ON entry_year FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('entry_year');
ALTER TABLE entry_year ENABLE ROW LEVEL SECURITY;
CREATE POLICY entry_year_read ON entry_year FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT SELECT ON entry_year TO refettorio_web;

-- family_look -----------------------------------------------------------------------------------------
CREATE TABLE family_look (
  id uuid NOT NULL DEFAULT uuidv7(),
  municipality_id uuid NOT NULL,
  household_id uuid NOT NULL,
  holder_id uuid NOT NULL,
  person_id uuid NOT NULL,
  session_id uuid,
  reason text NOT NULL CHECK (char_length(reason) >= 1 AND char_length(reason) <= 200),
  begun_at timestamptz NOT NULL DEFAULT app_now(),
  ends_at timestamptz NOT NULL DEFAULT app_now() + '00:30:00'::interval,
  ended_at timestamptz,
  CONSTRAINT family_look_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT family_look_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT family_look_municipality_id_holder_id_fkey FOREIGN KEY (municipality_id, holder_id) REFERENCES person(municipality_id, id),
  CONSTRAINT family_look_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT family_look_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id),
  CONSTRAINT family_look_half_an_hour CHECK (ends_at > begun_at AND ends_at <= (begun_at + '00:30:00'::interval))
);
COMMENT ON TABLE family_look IS 'What the office sees as a family: read only, dated, written in the register of that family';
COMMENT ON COLUMN family_look.person_id IS 'The colleague who looks';
CREATE INDEX family_look_by_holder ON family_look (municipality_id, holder_id);
CREATE INDEX family_look_by_household ON family_look (municipality_id, household_id);
CREATE INDEX family_look_by_person ON family_look (municipality_id, person_id);
CREATE UNIQUE INDEX family_look_of_session ON family_look (municipality_id, session_id) WHERE ended_at IS NULL;
ALTER TABLE family_look ENABLE ROW LEVEL SECURITY;
CREATE POLICY family_look_begin ON family_look FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'staff' AND person_id = app_person());
CREATE POLICY family_look_end ON family_look FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND app_audience() = 'staff' AND person_id = app_person())
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'staff' AND person_id = app_person());
CREATE POLICY family_look_read ON family_look FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system'))
    OR (household_id = ANY (app_paying_households()))));
GRANT SELECT, INSERT (municipality_id, household_id, holder_id, person_id, session_id, reason), UPDATE (ended_at) ON family_look TO refettorio_web;

-- fare_assignment -------------------------------------------------------------------------------------
CREATE TABLE fare_assignment (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  pupil_id uuid NOT NULL,
  service_id uuid NOT NULL,
  band_code text NOT NULL,
  valid_from date NOT NULL,
  valid_to date NOT NULL,
  validity daterange GENERATED ALWAYS AS (daterange(valid_from, valid_to, '[]')) STORED,
  submission_id uuid,
  given_by uuid NOT NULL,
  given_at timestamptz NOT NULL DEFAULT app_now(),
  reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 300),
  ended_by uuid,
  ended_at timestamptz,
  end_reason text NOT NULL DEFAULT '' CHECK (length(end_reason) <= 300),
  CONSTRAINT fare_assignment_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT fare_once_at_a_time UNIQUE (municipality_id, pupil_id, service_id, validity WITHOUT OVERLAPS),
  CONSTRAINT fare_assignment_municipality_id_ended_by_fkey FOREIGN KEY (municipality_id, ended_by) REFERENCES person(municipality_id, id),
  CONSTRAINT fare_assignment_municipality_id_given_by_fkey FOREIGN KEY (municipality_id, given_by) REFERENCES person(municipality_id, id),
  CONSTRAINT fare_assignment_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id),
  CONSTRAINT fare_assignment_municipality_id_service_id_band_code_fkey FOREIGN KEY (municipality_id, service_id, band_code) REFERENCES fare_band(municipality_id, service_id, code),
  CONSTRAINT fare_assignment_municipality_id_submission_id_fkey FOREIGN KEY (municipality_id, submission_id) REFERENCES form_submission(municipality_id, id),
  CONSTRAINT fare_assignment_check CHECK (valid_from <= valid_to)
);
CREATE INDEX fare_assignment_by_pupil ON fare_assignment (municipality_id, service_id, pupil_id, valid_to);
CREATE INDEX fare_assignment_names_ended_by ON fare_assignment (municipality_id, ended_by) WHERE ended_by IS NOT NULL;
CREATE INDEX fare_assignment_names_given_by ON fare_assignment (municipality_id, given_by);
CREATE TRIGGER fare_assignment_stays BEFORE INSERT OR DELETE OR UPDATE ON fare_assignment FOR EACH ROW EXECUTE FUNCTION charged_fare_stays();
ALTER TABLE fare_assignment ENABLE ROW LEVEL SECURITY;
CREATE POLICY fare_assignment_drop ON fare_assignment FOR DELETE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY fare_assignment_end ON fare_assignment FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY fare_assignment_give ON fare_assignment FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY fare_assignment_read ON fare_assignment FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (pupil_id = ANY (app_paying_pupils()))));
GRANT DELETE, INSERT, SELECT, UPDATE (valid_to, ended_by, ended_at, end_reason) ON fare_assignment TO refettorio_web;

-- fare_band -------------------------------------------------------------------------------------------
CREATE TABLE fare_band (
  municipality_id uuid NOT NULL,
  service_id uuid NOT NULL,
  code text NOT NULL CHECK (code ~ '^[A-Z0-9-]{1,12}$'),
  name text NOT NULL CHECK (name <> '' AND length(name) <= 80),
  description text NOT NULL DEFAULT '' CHECK (length(description) <= 300),
  closed_at timestamptz,
  CONSTRAINT fare_band_pkey PRIMARY KEY (municipality_id, service_id, code),
  CONSTRAINT fare_band_municipality_id_service_id_fkey FOREIGN KEY (municipality_id, service_id) REFERENCES service(municipality_id, id)
);
COMMENT ON COLUMN fare_band.closed_at IS 'From then on no other pupil gets the band; a pupil who has it keeps it to its end';
ALTER TABLE fare_band ENABLE ROW LEVEL SECURITY;
CREATE POLICY fare_band_change ON fare_band FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY fare_band_create ON fare_band FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY fare_band_read ON fare_band FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality());
GRANT INSERT, SELECT, UPDATE (name, description, closed_at) ON fare_band TO refettorio_web;

-- fare_band_price -------------------------------------------------------------------------------------
CREATE TABLE fare_band_price (
  municipality_id uuid NOT NULL,
  service_id uuid NOT NULL,
  code text NOT NULL,
  valid_from date NOT NULL,
  price_cents integer NOT NULL CHECK (price_cents >= 0 AND price_cents <= 10000),
  decided_by uuid,
  decided_at timestamptz NOT NULL DEFAULT app_now(),
  note text NOT NULL DEFAULT '' CHECK (length(note) <= 200),
  CONSTRAINT fare_band_price_pkey PRIMARY KEY (municipality_id, service_id, code, valid_from),
  CONSTRAINT fare_band_price_municipality_id_decided_by_fkey FOREIGN KEY (municipality_id, decided_by) REFERENCES person(municipality_id, id),
  CONSTRAINT fare_band_price_municipality_id_service_id_code_fkey FOREIGN KEY (municipality_id, service_id, code) REFERENCES fare_band(municipality_id, service_id, code)
);
COMMENT ON TABLE fare_band_price IS 'As meal_price: a price is valid until the next one starts';
CREATE TRIGGER fare_band_price_stays BEFORE INSERT OR DELETE OR UPDATE ON fare_band_price FOR EACH ROW EXECUTE FUNCTION charged_band_price_stays();
ALTER TABLE fare_band_price ENABLE ROW LEVEL SECURITY;
CREATE POLICY fare_band_price_cancel ON fare_band_price FOR DELETE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')) AND valid_from > app_today());
CREATE POLICY fare_band_price_decide ON fare_band_price FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')) AND valid_from >= app_today());
CREATE POLICY fare_band_price_read ON fare_band_price FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality());
GRANT DELETE, INSERT, SELECT ON fare_band_price TO refettorio_web;

-- form_batch ------------------------------------------------------------------------------------------
CREATE TABLE form_batch (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  kind text NOT NULL CHECK (kind IN ('accept', 'ask')),
  state text NOT NULL DEFAULT 'preparing' CHECK (state IN ('preparing', 'ready', 'running', 'done', 'cancelled')),
  school_class_id uuid,
  words text NOT NULL DEFAULT '' CHECK (length(words) <= 2000),
  due_on date,
  made_by uuid NOT NULL,
  made_at timestamptz NOT NULL DEFAULT app_now(),
  session_id uuid NOT NULL,
  confirmed_by uuid,
  confirmed_at timestamptz,
  ended_by uuid,
  ended_at timestamptz,
  due_at timestamptz DEFAULT app_now(),
  CONSTRAINT form_batch_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT form_batch_municipality_id_confirmed_by_fkey FOREIGN KEY (municipality_id, confirmed_by) REFERENCES person(municipality_id, id),
  CONSTRAINT form_batch_municipality_id_ended_by_fkey FOREIGN KEY (municipality_id, ended_by) REFERENCES person(municipality_id, id),
  CONSTRAINT form_batch_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT form_batch_municipality_id_made_by_fkey FOREIGN KEY (municipality_id, made_by) REFERENCES person(municipality_id, id),
  CONSTRAINT form_batch_municipality_id_school_class_id_fkey FOREIGN KEY (municipality_id, school_class_id) REFERENCES school_class(municipality_id, id),
  CONSTRAINT form_batch_check CHECK ((kind = 'ask') = (due_on IS NOT NULL)),
  CONSTRAINT form_batch_check1 CHECK ((due_at IS NOT NULL) = (state IN ('preparing', 'running'))),
  CONSTRAINT form_batch_check2 CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
  CONSTRAINT form_batch_check3 CHECK ((ended_at IS NOT NULL) = (state IN ('done', 'cancelled')))
);
COMMENT ON TABLE form_batch IS 'Requests that a person of the office decides together: prepared, read, confirmed, done one by one by the worker';
COMMENT ON COLUMN form_batch.school_class_id IS 'The class for requests that name none, where it is of the school that they ask for';
COMMENT ON COLUMN form_batch.session_id IS 'Of who prepared it, then of who confirmed it: it goes into the register with each decision';
CREATE INDEX form_batch_by_time ON form_batch (municipality_id, made_at DESC);
CREATE INDEX form_batch_due ON form_batch (due_at) WHERE due_at IS NOT NULL;
ALTER TABLE form_batch ENABLE ROW LEVEL SECURITY;
CREATE POLICY form_batch_scope ON form_batch TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (state, session_id, confirmed_by, confirmed_at, ended_by, ended_at, due_at) ON form_batch TO refettorio_web;

-- form_batch_item -------------------------------------------------------------------------------------
CREATE TABLE form_batch_item (
  municipality_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  submission_id uuid NOT NULL,
  place integer NOT NULL,
  outcome text NOT NULL DEFAULT 'waiting' CHECK (outcome IN ('waiting', 'ready', 'doubtful', 'done', 'refused', 'left')),
  reason jsonb,
  subject text,
  typed jsonb,
  effect jsonb,
  words text NOT NULL DEFAULT '',
  fingerprint text,
  handled_at timestamptz,
  CONSTRAINT form_batch_item_pkey PRIMARY KEY (municipality_id, batch_id, submission_id),
  CONSTRAINT form_batch_item_municipality_id_batch_id_fkey FOREIGN KEY (municipality_id, batch_id) REFERENCES form_batch(municipality_id, id),
  CONSTRAINT form_batch_item_municipality_id_submission_id_fkey FOREIGN KEY (municipality_id, submission_id) REFERENCES form_submission(municipality_id, id),
  CONSTRAINT form_batch_item_check CHECK ((reason IS NOT NULL) = (outcome IN ('doubtful', 'refused'))),
  CONSTRAINT form_batch_item_check1 CHECK (fingerprint IS NOT NULL OR (outcome <> ALL (ARRAY['ready', 'done'])))
);
COMMENT ON TABLE form_batch_item IS 'One request of a batch: what its preview said, and what became of it';
COMMENT ON COLUMN form_batch_item.subject IS 'The pupil whom the request is about: the second request for one pupil is set aside';
COMMENT ON COLUMN form_batch_item.effect IS 'What the preview counted: class, diet, fare band, whether a pupil enters';
COMMENT ON COLUMN form_batch_item.fingerprint IS 'Of the preview: when the facts are others at the moment of doing, nothing is done';
CREATE INDEX form_batch_item_by_outcome ON form_batch_item (municipality_id, batch_id, outcome, place);
CREATE INDEX form_batch_item_by_subject ON form_batch_item (municipality_id, batch_id, subject) WHERE subject IS NOT NULL;
CREATE INDEX form_batch_item_by_submission ON form_batch_item (municipality_id, submission_id);
ALTER TABLE form_batch_item ENABLE ROW LEVEL SECURITY;
CREATE POLICY form_batch_item_scope ON form_batch_item TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (outcome, reason, subject, typed, effect, words, fingerprint, handled_at) ON form_batch_item TO refettorio_web;

-- form_document ---------------------------------------------------------------------------------------
CREATE TABLE form_document (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  household_id uuid NOT NULL,
  person_id uuid NOT NULL,
  draft_id uuid,
  submission_id uuid,
  field text NOT NULL,
  name text NOT NULL CHECK (name <> '' AND length(name) <= 120),
  media_type text NOT NULL,
  size integer NOT NULL CHECK (size >= 1 AND size <= 10485760),
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  content bytea,
  uploaded_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT form_document_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT form_document_municipality_id_draft_id_fkey FOREIGN KEY (municipality_id, draft_id) REFERENCES form_draft(municipality_id, id),
  CONSTRAINT form_document_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT form_document_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id),
  CONSTRAINT form_document_municipality_id_submission_id_fkey FOREIGN KEY (municipality_id, submission_id) REFERENCES form_submission(municipality_id, id),
  CONSTRAINT form_document_check1 CHECK ((draft_id IS NULL) <> (submission_id IS NULL)),
  CONSTRAINT form_document_content_check CHECK (octet_length(content) >= size)
);
COMMENT ON COLUMN form_document.content IS 'Encrypted (lib/kernel/sealed.ts), also in backups. Null once forgotten. Never in the object storage: one deletion forgets it.';
CREATE INDEX form_document_by_draft ON form_document (municipality_id, draft_id) WHERE draft_id IS NOT NULL;
CREATE INDEX form_document_by_household ON form_document (municipality_id, household_id, uploaded_at);
CREATE INDEX form_document_by_submission ON form_document (municipality_id, submission_id) WHERE submission_id IS NOT NULL;
CREATE INDEX form_document_names_person ON form_document (municipality_id, person_id);
CREATE TRIGGER form_document_lawful BEFORE DELETE OR UPDATE ON form_document FOR EACH ROW EXECUTE FUNCTION document_is_lawful();
CREATE TRIGGER form_document_no_truncate BEFORE TRUNCATE ON form_document FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('form_document');
ALTER TABLE form_document ENABLE ROW LEVEL SECURITY;
CREATE POLICY form_document_looking ON form_document AS RESTRICTIVE FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND NOT app_is_looking());
CREATE POLICY form_document_scope ON form_document TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) AND submission_id IS NOT NULL
    OR app_audience() = 'family' AND person_id = app_person() AND (household_id = ANY (app_filling_households()))))
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'family' AND person_id = app_person()
    AND (household_id = ANY (app_filling_households())));
GRANT DELETE, INSERT, SELECT, UPDATE (draft_id, submission_id) ON form_document TO refettorio_web;

-- form_draft ------------------------------------------------------------------------------------------
CREATE TABLE form_draft (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  form_id uuid NOT NULL,
  version integer NOT NULL,
  household_id uuid NOT NULL,
  person_id uuid NOT NULL,
  revision integer NOT NULL DEFAULT 1 CHECK (revision >= 1),
  answers jsonb NOT NULL DEFAULT '{}'::jsonb,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  updated_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT form_draft_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT form_draft_municipality_id_form_id_person_id_household_id_key UNIQUE (municipality_id, form_id, person_id, household_id),
  CONSTRAINT form_draft_municipality_id_form_id_version_fkey FOREIGN KEY (municipality_id, form_id, version) REFERENCES online_form_version(municipality_id, form_id, number),
  CONSTRAINT form_draft_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT form_draft_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id)
);
CREATE INDEX form_draft_by_age ON form_draft (municipality_id, updated_at);
CREATE INDEX form_draft_by_person ON form_draft (municipality_id, person_id);
CREATE INDEX form_draft_names_household ON form_draft (municipality_id, household_id);
ALTER TABLE form_draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY form_draft_looking ON form_draft AS RESTRICTIVE FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND NOT app_is_looking());
CREATE POLICY form_draft_scope ON form_draft TO refettorio_web
  USING (municipality_id = app_municipality() AND app_audience() = 'family' AND person_id = app_person()
    AND (household_id = ANY (app_filling_households())))
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'family' AND person_id = app_person()
    AND (household_id = ANY (app_filling_households())));
GRANT DELETE, INSERT, SELECT, UPDATE (version, revision, answers, updated_at) ON form_draft TO refettorio_web;

-- form_event ------------------------------------------------------------------------------------------
CREATE TABLE form_event (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  submission_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('submitted', 'taken', 'asked', 'answered', 'accepted', 'corrected', 'rejected', 'withdrawn')),
  occurred_at timestamptz NOT NULL DEFAULT app_now(),
  person_id uuid,
  by_office boolean NOT NULL,
  words text NOT NULL DEFAULT '' CHECK (length(words) <= 2000),
  due_on date,
  plan_fingerprint text,
  CONSTRAINT form_event_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT form_event_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id),
  CONSTRAINT form_event_municipality_id_submission_id_fkey FOREIGN KEY (municipality_id, submission_id) REFERENCES form_submission(municipality_id, id)
);
COMMENT ON COLUMN form_event.plan_fingerprint IS 'Of what was previewed and done by this decision: the same confirmation sent twice is known by it';
CREATE INDEX form_event_by_submission ON form_event (municipality_id, submission_id, occurred_at);
CREATE INDEX form_event_names_person ON form_event (municipality_id, person_id) WHERE person_id IS NOT NULL;
CREATE TRIGGER form_event_append_only BEFORE DELETE OR UPDATE ON form_event FOR EACH ROW EXECUTE FUNCTION refuse_change('form_event');
CREATE TRIGGER form_event_no_truncate BEFORE TRUNCATE ON form_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('form_event');
ALTER TABLE form_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY form_event_scope ON form_event TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND (submission_id = ANY (app_submissions()))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND (submission_id = ANY (app_submissions())) AND NOT by_office AND person_id = app_person()));
GRANT INSERT, SELECT ON form_event TO refettorio_web;

-- form_submission -------------------------------------------------------------------------------------
CREATE TABLE form_submission (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  form_id uuid NOT NULL,
  version integer NOT NULL,
  draft_id uuid NOT NULL,
  household_id uuid NOT NULL,
  person_id uuid NOT NULL,
  pupil_id uuid,
  protocol_year integer NOT NULL,
  protocol_number integer NOT NULL CHECK (protocol_number >= 1),
  submitted_at timestamptz NOT NULL DEFAULT app_now(),
  answers jsonb NOT NULL,
  shown jsonb NOT NULL,
  about text NOT NULL,
  state text NOT NULL DEFAULT 'submitted' CHECK (state IN ('submitted', 'in_review', 'integration', 'accepted', 'rejected', 'withdrawn')),
  once_key text,
  assigned_to uuid,
  due_on date,
  decided_at timestamptz,
  school_id uuid,
  lacks text[] NOT NULL DEFAULT '{}'::text[] CHECK (lacks <@ ARRAY['documents', 'diet', 'code']),
  lacks_known boolean NOT NULL DEFAULT false,
  CONSTRAINT form_submission_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT form_submission_municipality_id_draft_id_key UNIQUE (municipality_id, draft_id),
  CONSTRAINT form_submission_municipality_id_protocol_year_protocol_numb_key UNIQUE (municipality_id, protocol_year, protocol_number),
  CONSTRAINT form_submission_municipality_id_assigned_to_fkey FOREIGN KEY (municipality_id, assigned_to) REFERENCES person(municipality_id, id),
  CONSTRAINT form_submission_municipality_id_form_id_version_fkey FOREIGN KEY (municipality_id, form_id, version) REFERENCES online_form_version(municipality_id, form_id, number),
  CONSTRAINT form_submission_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT form_submission_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id),
  CONSTRAINT form_submission_municipality_id_protocol_year_fkey FOREIGN KEY (municipality_id, protocol_year) REFERENCES protocol_series(municipality_id, year),
  CONSTRAINT form_submission_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id),
  CONSTRAINT form_submission_municipality_id_school_id_fkey FOREIGN KEY (municipality_id, school_id) REFERENCES school(municipality_id, id),
  CONSTRAINT form_submission_check CHECK ((state IN ('accepted', 'rejected', 'withdrawn')) = (decided_at IS NOT NULL)),
  CONSTRAINT form_submission_check1 CHECK ((state = 'integration') = (due_on IS NOT NULL))
);
COMMENT ON COLUMN form_submission.shown IS 'The answers in the words the family read when it sent them: the copy that never changes';
COMMENT ON COLUMN form_submission.once_key IS 'What may be asked once at a time; emptied when the same may be asked again';
COMMENT ON COLUMN form_submission.school_id IS 'The school that the request asks for, or the pupil''s when it was sent; null: none';
COMMENT ON COLUMN form_submission.lacks IS 'What the answers left open when they were sent: optional documents, a diet to decide, a fiscal code that does not agree';
COMMENT ON COLUMN form_submission.lacks_known IS 'False for a request of earlier versions whose lacks are not read yet';
CREATE INDEX form_submission_by_age ON form_submission (municipality_id, decided_at);
CREATE INDEX form_submission_by_form ON form_submission (municipality_id, form_id, submitted_at DESC);
CREATE INDEX form_submission_by_household ON form_submission (municipality_id, household_id);
CREATE INDEX form_submission_by_person ON form_submission (municipality_id, person_id, submitted_at DESC);
CREATE INDEX form_submission_lacks_unknown ON form_submission (municipality_id, id) WHERE NOT lacks_known AND decided_at IS NULL;
CREATE INDEX form_submission_names_assigned_to ON form_submission (municipality_id, assigned_to) WHERE assigned_to IS NOT NULL;
CREATE INDEX form_submission_names_household ON form_submission (municipality_id, household_id);
CREATE INDEX form_submission_names_pupil ON form_submission (municipality_id, pupil_id) WHERE pupil_id IS NOT NULL;
CREATE UNIQUE INDEX form_submission_once ON form_submission (municipality_id, form_id, once_key) WHERE once_key IS NOT NULL;
CREATE TRIGGER form_submission_lawful BEFORE INSERT OR DELETE OR UPDATE ON form_submission FOR EACH ROW EXECUTE FUNCTION submission_is_lawful();
CREATE TRIGGER form_submission_no_truncate BEFORE TRUNCATE ON form_submission FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('form_submission');
CREATE TRIGGER form_submission_releases_diet AFTER UPDATE OF state ON form_submission FOR EACH ROW WHEN (new.state IN ('rejected', 'withdrawn')) EXECUTE FUNCTION diet_hold_ends();
ALTER TABLE form_submission ENABLE ROW LEVEL SECURITY;
CREATE POLICY form_submission_scope ON form_submission TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND person_id = app_person() AND (household_id = ANY (app_filling_households()))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND person_id = app_person() AND (household_id = ANY (app_filling_households()))));
GRANT INSERT, SELECT, UPDATE (state, once_key, assigned_to, due_on, decided_at) ON form_submission TO refettorio_web;

-- health_write ----------------------------------------------------------------------------------------
CREATE TABLE health_write (
  singleton boolean NOT NULL DEFAULT true CHECK (singleton),
  written_at timestamptz NOT NULL,
  CONSTRAINT health_write_pkey PRIMARY KEY (singleton)
);
COMMENT ON TABLE health_write IS 'A write for which no person waits: where it fails, nothing can be confirmed';

-- heartbeat -------------------------------------------------------------------------------------------
CREATE TABLE heartbeat (
  source text NOT NULL CHECK (source IN ('web', 'worker')),
  minute timestamptz NOT NULL CHECK (minute = date_trunc('minute', minute)),
  CONSTRAINT heartbeat_pkey PRIMARY KEY (source, minute)
);
COMMENT ON TABLE heartbeat IS 'A minute in which a web process answered a request of its own, or the worker ran; a missing minute is an outage';
GRANT DELETE, INSERT, SELECT ON heartbeat TO refettorio_web;

-- household -------------------------------------------------------------------------------------------
CREATE TABLE household (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  list_key text NOT NULL GENERATED ALWAYS AS (search_key(name)) STORED,
  CONSTRAINT household_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT household_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id)
);
COMMENT ON COLUMN household.list_key IS 'The name as lists sort it: accents and capitals do not count';
CREATE INDEX household_by_grams ON household USING gin (search_grams(municipality_id, list_key)) WITH (gin_pending_list_limit='256');
CREATE INDEX household_by_name ON household (municipality_id, list_key, id);
ALTER TABLE household ENABLE ROW LEVEL SECURITY;
CREATE POLICY household_add ON household FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY household_change ON household FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY household_read ON household FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (id = ANY (app_households()))
    OR (id = ANY (app_filling_households()))));
GRANT INSERT, SELECT, UPDATE (name) ON household TO refettorio_web;

-- household_applicant ---------------------------------------------------------------------------------
CREATE TABLE household_applicant (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  household_id uuid NOT NULL,
  person_id uuid NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT app_now(),
  valid_to date NOT NULL,
  ended_at timestamptz,
  CONSTRAINT household_applicant_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT household_applicant_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT household_applicant_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id)
);
COMMENT ON TABLE household_applicant IS 'A person who may send requests for a household that has no member yet, and read their own; no role, and no other right';
COMMENT ON COLUMN household_applicant.ended_at IS 'Not null: a request was accepted and the person is the holder, or began again';
CREATE INDEX household_applicant_by_household ON household_applicant (municipality_id, household_id);
CREATE INDEX household_applicant_names_person ON household_applicant (municipality_id, person_id);
CREATE UNIQUE INDEX household_applicant_open ON household_applicant (municipality_id, person_id) WHERE ended_at IS NULL;
ALTER TABLE household_applicant ENABLE ROW LEVEL SECURITY;
CREATE POLICY household_applicant_scope ON household_applicant TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (valid_to, ended_at) ON household_applicant TO refettorio_web;

-- household_member ------------------------------------------------------------------------------------
CREATE TABLE household_member (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  household_id uuid NOT NULL,
  person_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('holder', 'delegate')),
  all_pupils boolean NOT NULL DEFAULT true,
  valid_from date NOT NULL,
  valid_to date,
  started_at timestamptz NOT NULL DEFAULT app_now(),
  ended_at timestamptz,
  given_by uuid,
  CONSTRAINT household_member_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT household_member_municipality_id_given_by_fkey FOREIGN KEY (municipality_id, given_by) REFERENCES person(municipality_id, id),
  CONSTRAINT household_member_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT household_member_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id),
  CONSTRAINT household_member_check CHECK (valid_to IS NULL OR valid_to >= valid_from),
  CONSTRAINT household_member_check1 CHECK (all_pupils OR role = 'delegate')
);
COMMENT ON COLUMN household_member.all_pupils IS 'False: the pupils of delegate_pupil, and no other';
COMMENT ON COLUMN household_member.valid_to IS 'Last day of the role; null while it lasts';
COMMENT ON COLUMN household_member.started_at IS 'From this instant a holder who took a household over sees its movements';
COMMENT ON COLUMN household_member.ended_at IS 'The role ended at this instant, before or after valid_to';
CREATE INDEX household_member_by_giver ON household_member (municipality_id, given_by);
CREATE INDEX household_member_by_household ON household_member (municipality_id, household_id);
CREATE INDEX household_member_by_person ON household_member (municipality_id, person_id);
CREATE UNIQUE INDEX one_holder_per_household ON household_member (municipality_id, household_id) WHERE role = 'holder' AND valid_to IS NULL AND ended_at IS NULL;
CREATE UNIQUE INDEX one_open_role_per_person ON household_member (municipality_id, household_id, person_id) WHERE valid_to IS NULL AND ended_at IS NULL;
ALTER TABLE household_member ENABLE ROW LEVEL SECURITY;
CREATE POLICY household_member_end ON household_member FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR role = 'delegate'
    AND ((household_id = ANY (app_paying_households())) OR person_id = app_person())))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR role = 'delegate' AND ended_at IS NOT NULL));
CREATE POLICY household_member_give ON household_member FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY household_member_read ON household_member FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (household_id = ANY (app_households()))
    OR person_id = app_person()));
GRANT INSERT, SELECT, UPDATE (valid_to, ended_at) ON household_member TO refettorio_web;

-- household_merge -------------------------------------------------------------------------------------
CREATE TABLE household_merge (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  kept_id uuid NOT NULL,
  gone_id uuid NOT NULL,
  fingerprint text NOT NULL,
  reason text NOT NULL CHECK (length(reason) >= 3 AND length(reason) <= 200),
  before jsonb NOT NULL,
  after_sums jsonb NOT NULL,
  done_at timestamptz NOT NULL DEFAULT app_now(),
  done_by uuid NOT NULL,
  undone_at timestamptz,
  undone_by uuid,
  CONSTRAINT household_merge_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT household_merge_municipality_id_done_by_fkey FOREIGN KEY (municipality_id, done_by) REFERENCES person(municipality_id, id),
  CONSTRAINT household_merge_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT household_merge_municipality_id_gone_id_fkey FOREIGN KEY (municipality_id, gone_id) REFERENCES household(municipality_id, id),
  CONSTRAINT household_merge_municipality_id_kept_id_fkey FOREIGN KEY (municipality_id, kept_id) REFERENCES household(municipality_id, id),
  CONSTRAINT household_merge_municipality_id_undone_by_fkey FOREIGN KEY (municipality_id, undone_by) REFERENCES person(municipality_id, id),
  CONSTRAINT household_merge_check CHECK (kept_id <> gone_id),
  CONSTRAINT household_merge_check1 CHECK (num_nulls(undone_at, undone_by) IN (0, 2))
);
COMMENT ON TABLE household_merge IS 'Two households of one family: the one that goes has no pupil any more, and keeps its account and its documents';
COMMENT ON COLUMN household_merge.before IS 'Pupils and roles of both as they were, and what the act added';
COMMENT ON COLUMN household_merge.after_sums IS 'A sum over the same rows after it: undoing is refused where one is another now';
CREATE INDEX household_merge_by_doer ON household_merge (municipality_id, done_by);
CREATE INDEX household_merge_by_gone ON household_merge (municipality_id, gone_id);
CREATE INDEX household_merge_by_kept ON household_merge (municipality_id, kept_id);
CREATE INDEX household_merge_by_undoer ON household_merge (municipality_id, undone_by) WHERE undone_by IS NOT NULL;
CREATE UNIQUE INDEX household_merge_gone ON household_merge (municipality_id, gone_id) WHERE undone_at IS NULL;
ALTER TABLE household_merge ENABLE ROW LEVEL SECURITY;
CREATE POLICY household_merge_scope ON household_merge TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (undone_at, undone_by) ON household_merge TO refettorio_web;

-- identity_link ---------------------------------------------------------------------------------------
CREATE TABLE identity_link (
  issuer text NOT NULL,
  subject text NOT NULL,
  citizen_id uuid NOT NULL,
  method text NOT NULL CHECK (method IN ('spid', 'cie')),
  last_level smallint NOT NULL CHECK (last_level >= 1 AND last_level <= 3),
  first_seen_at timestamptz NOT NULL DEFAULT app_now(),
  last_seen_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT identity_link_pkey PRIMARY KEY (issuer, subject),
  CONSTRAINT identity_link_citizen_id_fkey FOREIGN KEY (citizen_id) REFERENCES citizen(id)
);
CREATE INDEX identity_link_by_citizen ON identity_link (citizen_id);
GRANT INSERT, SELECT, UPDATE (citizen_id, method, last_level, last_seen_at) ON identity_link TO refettorio_web;

-- imported_balance ------------------------------------------------------------------------------------
CREATE TABLE imported_balance (
  municipality_id uuid NOT NULL,
  import_id uuid NOT NULL,
  account_id uuid NOT NULL,
  journal_id uuid NOT NULL,
  CONSTRAINT imported_balance_pkey PRIMARY KEY (municipality_id, import_id, account_id),
  CONSTRAINT imported_balance_municipality_id_account_id_fkey FOREIGN KEY (municipality_id, account_id) REFERENCES account(municipality_id, id),
  CONSTRAINT imported_balance_municipality_id_import_id_fkey FOREIGN KEY (municipality_id, import_id) REFERENCES pupil_import(municipality_id, id),
  CONSTRAINT imported_balance_municipality_id_journal_id_fkey FOREIGN KEY (municipality_id, journal_id) REFERENCES journal(municipality_id, id)
);
COMMENT ON TABLE imported_balance IS 'The journal of each opening balance that an import wrote: undoing it writes the opposite';
CREATE INDEX imported_balance_names_account ON imported_balance (municipality_id, account_id);
ALTER TABLE imported_balance ENABLE ROW LEVEL SECURITY;
CREATE POLICY imported_balance_scope ON imported_balance TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT ON imported_balance TO refettorio_web;

-- interrupted_form ------------------------------------------------------------------------------------
CREATE TABLE interrupted_form (
  id uuid NOT NULL DEFAULT uuidv7(),
  citizen_id uuid NOT NULL,
  path text NOT NULL,
  sealed bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT interrupted_form_pkey PRIMARY KEY (id),
  CONSTRAINT interrupted_form_citizen_id_fkey FOREIGN KEY (citizen_id) REFERENCES citizen(id)
);
COMMENT ON TABLE interrupted_form IS 'What a person typed in a form that asked for SPID or CIE again; encrypted, for minutes. Never secrets.';
CREATE INDEX interrupted_form_by_time ON interrupted_form (expires_at);
GRANT DELETE, INSERT, SELECT ON interrupted_form TO refettorio_web;

-- invoice ---------------------------------------------------------------------------------------------
CREATE TABLE invoice (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  series text NOT NULL,
  year integer NOT NULL,
  number integer NOT NULL CHECK (number >= 1),
  number_text text NOT NULL CHECK (length(number_text) <= 20),
  issued_on date NOT NULL,
  issued_at timestamptz NOT NULL DEFAULT app_now(),
  top_up_id uuid NOT NULL,
  household_id uuid NOT NULL,
  holder_id uuid NOT NULL,
  supplier jsonb NOT NULL,
  customer jsonb NOT NULL,
  meals integer NOT NULL CHECK (meals > 0),
  unit_cents integer NOT NULL CHECK (unit_cents > 0),
  net_cents integer NOT NULL,
  vat_cents integer NOT NULL,
  vat_basis_points integer NOT NULL,
  total_cents integer NOT NULL,
  method text NOT NULL CHECK (method IN ('card', 'mybank', 'pagopa')),
  xml text,
  xml_sha256 bytea CHECK (octet_length(xml_sha256) = 32),
  municipality_name text NOT NULL,
  service_name text NOT NULL,
  vat_nature text CHECK (vat_nature IN ('N2.2', 'N4')),
  vat_reference text,
  gaps text[] NOT NULL DEFAULT '{}'::text[] CHECK (gaps <@ ARRAY['customer_address', 'customer_name', 'customer_fiscal_code', 'supplier', 'structure']),
  completed_at timestamptz DEFAULT app_now(),
  CONSTRAINT invoice_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT invoice_municipality_id_series_year_number_key UNIQUE (municipality_id, series, year, number),
  CONSTRAINT invoice_municipality_id_top_up_id_key UNIQUE (municipality_id, top_up_id),
  CONSTRAINT invoice_municipality_id_holder_id_fkey FOREIGN KEY (municipality_id, holder_id) REFERENCES person(municipality_id, id),
  CONSTRAINT invoice_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT invoice_municipality_id_series_year_fkey FOREIGN KEY (municipality_id, series, year) REFERENCES invoice_series(municipality_id, code, year),
  CONSTRAINT invoice_municipality_id_top_up_id_fkey FOREIGN KEY (municipality_id, top_up_id) REFERENCES top_up(municipality_id, id),
  CONSTRAINT invoice_check CHECK (total_cents = (meals * unit_cents) AND total_cents = (net_cents + vat_cents)),
  CONSTRAINT invoice_check1 CHECK (EXTRACT(year FROM issued_on) = year::numeric),
  CONSTRAINT invoice_check2 CHECK ((xml IS NULL) = (xml_sha256 IS NULL)),
  CONSTRAINT invoice_check3 CHECK ((xml IS NULL) = (cardinality(gaps) > 0)),
  CONSTRAINT invoice_check4 CHECK ((xml IS NULL) = (completed_at IS NULL))
);
COMMENT ON COLUMN invoice.gaps IS 'What the XML still lacks (customer_address, …); empty once it is written';
CREATE INDEX invoice_by_household ON invoice (municipality_id, household_id, issued_at DESC);
CREATE INDEX invoice_names_holder ON invoice (municipality_id, holder_id);
CREATE INDEX invoice_waiting ON invoice (municipality_id, holder_id) WHERE xml IS NULL;
CREATE TRIGGER invoice_completed_once BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION invoice_is_completed_once();
CREATE TRIGGER invoice_no_delete BEFORE DELETE ON invoice FOR EACH ROW EXECUTE FUNCTION refuse_change('invoice');
CREATE TRIGGER invoice_no_truncate BEFORE TRUNCATE ON invoice FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('invoice');
ALTER TABLE invoice ENABLE ROW LEVEL SECURITY;
CREATE POLICY invoice_looking ON invoice AS RESTRICTIVE FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND NOT app_is_looking());
CREATE POLICY invoice_scope ON invoice TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR holder_id = app_person()
    AND app_audience() = 'family'))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR holder_id = app_person()
    AND app_audience() = 'family'));
GRANT INSERT, SELECT, UPDATE (supplier, customer, xml, xml_sha256, gaps, completed_at) ON invoice TO refettorio_web;

-- invoice_copy ----------------------------------------------------------------------------------------
CREATE TABLE invoice_copy (
  municipality_id uuid NOT NULL,
  invoice_id uuid NOT NULL,
  holder_id uuid NOT NULL,
  language text NOT NULL,
  fingerprint text NOT NULL CHECK (length(fingerprint) = 64),
  content bytea NOT NULL CHECK (octet_length(content) >= 1 AND octet_length(content) <= 1048576),
  drawn_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT invoice_copy_pkey PRIMARY KEY (municipality_id, invoice_id, holder_id, language),
  CONSTRAINT invoice_copy_language_fkey FOREIGN KEY (language) REFERENCES language(code),
  CONSTRAINT invoice_copy_municipality_id_holder_id_fkey FOREIGN KEY (municipality_id, holder_id) REFERENCES person(municipality_id, id),
  CONSTRAINT invoice_copy_municipality_id_invoice_id_fkey FOREIGN KEY (municipality_id, invoice_id) REFERENCES invoice(municipality_id, id)
);
COMMENT ON TABLE invoice_copy IS 'A PDF can be drawn again at any time: what is here saves its cost';
COMMENT ON COLUMN invoice_copy.holder_id IS 'As on the invoice: the only person who has it';
COMMENT ON COLUMN invoice_copy.fingerprint IS 'Hash of all that is drawn and of the version of the drawing: with another one the copy is not given';
CREATE INDEX invoice_copy_names_holder ON invoice_copy (municipality_id, holder_id);
ALTER TABLE invoice_copy ENABLE ROW LEVEL SECURITY;
CREATE POLICY invoice_copy_looking ON invoice_copy AS RESTRICTIVE FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND NOT app_is_looking());
CREATE POLICY invoice_copy_scope ON invoice_copy TO refettorio_web
  USING (municipality_id = app_municipality() AND holder_id = app_person() AND app_audience() = 'family')
  WITH CHECK (municipality_id = app_municipality() AND holder_id = app_person() AND app_audience() = 'family');
GRANT INSERT, SELECT, UPDATE (fingerprint, content, drawn_at) ON invoice_copy TO refettorio_web;

-- invoice_series --------------------------------------------------------------------------------------
CREATE TABLE invoice_series (
  municipality_id uuid NOT NULL,
  code text NOT NULL CHECK (code ~ '^[A-Z]{3}$'),
  year integer NOT NULL CHECK (year >= 2000 AND year <= 2199),
  last_number integer NOT NULL DEFAULT 0 CHECK (last_number >= 0),
  last_issued_on date NOT NULL,
  CONSTRAINT invoice_series_pkey PRIMARY KEY (municipality_id, code, year),
  CONSTRAINT invoice_series_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id)
);
ALTER TABLE invoice_series ENABLE ROW LEVEL SECURITY;
CREATE POLICY invoice_series_scope ON invoice_series TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE ON invoice_series TO refettorio_web;

-- journal ---------------------------------------------------------------------------------------------
CREATE TABLE journal (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  kind text NOT NULL CHECK (kind IN ('opening', 'top_up', 'meals', 'meals_reversal', 'adjustment', 'refund', 'chargeback')),
  idempotency_key text NOT NULL CHECK (length(idempotency_key) >= 1 AND length(idempotency_key) <= 120),
  description text NOT NULL DEFAULT '',
  person_id uuid,
  posted_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT journal_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT journal_municipality_id_idempotency_key_key UNIQUE (municipality_id, idempotency_key)
);
CREATE TRIGGER journal_append_only BEFORE DELETE OR UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_change('journal');
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('journal');
CREATE CONSTRAINT TRIGGER journal_with_entries AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_has_entries();
ALTER TABLE journal ENABLE ROW LEVEL SECURITY;
CREATE POLICY journal_scope ON journal TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT ON journal TO refettorio_web;

-- kitchen ---------------------------------------------------------------------------------------------
CREATE TABLE kitchen (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  name text NOT NULL CHECK (length(name) >= 1 AND length(name) <= 80),
  emails text[] NOT NULL DEFAULT '{}'::text[] CHECK (cardinality(emails) <= 5),
  phone text NOT NULL DEFAULT '' CHECK (length(phone) <= 40),
  revision integer NOT NULL DEFAULT 1,
  updated_by uuid,
  CONSTRAINT kitchen_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT kitchen_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT kitchen_municipality_id_updated_by_fkey FOREIGN KEY (municipality_id, updated_by) REFERENCES person(municipality_id, id)
);
COMMENT ON COLUMN kitchen.emails IS 'To these the count goes when a day is closed';
CREATE UNIQUE INDEX kitchen_by_name ON kitchen (municipality_id, lower(name));
ALTER TABLE kitchen ENABLE ROW LEVEL SECURITY;
CREATE POLICY kitchen_scope ON kitchen TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (name, emails, phone, revision, updated_by) ON kitchen TO refettorio_web;

-- kitchen_count ---------------------------------------------------------------------------------------
CREATE TABLE kitchen_count (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  service_day_id uuid NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  frozen_at timestamptz NOT NULL DEFAULT app_now(),
  reason text NOT NULL DEFAULT '',
  CONSTRAINT kitchen_count_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT kitchen_count_municipality_id_service_day_id_version_key UNIQUE (municipality_id, service_day_id, version),
  CONSTRAINT kitchen_count_municipality_id_service_day_id_fkey FOREIGN KEY (municipality_id, service_day_id) REFERENCES service_day(municipality_id, id)
);
CREATE TRIGGER kitchen_count_append_only BEFORE DELETE OR UPDATE ON kitchen_count FOR EACH ROW EXECUTE FUNCTION refuse_change('kitchen_count');
CREATE TRIGGER kitchen_count_no_truncate BEFORE TRUNCATE ON kitchen_count FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('kitchen_count');
ALTER TABLE kitchen_count ENABLE ROW LEVEL SECURITY;
CREATE POLICY kitchen_count_scope ON kitchen_count TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT ON kitchen_count TO refettorio_web;

-- kitchen_count_line ----------------------------------------------------------------------------------
CREATE TABLE kitchen_count_line (
  municipality_id uuid NOT NULL,
  kitchen_count_id uuid NOT NULL,
  school_class_id uuid NOT NULL,
  diet_code text NOT NULL,
  meals integer NOT NULL CHECK (meals >= 0),
  absent integer NOT NULL CHECK (absent >= 0),
  severe integer NOT NULL DEFAULT 0 CHECK (severe >= 0),
  asked integer NOT NULL DEFAULT 0 CHECK (asked >= 0),
  CONSTRAINT kitchen_count_line_pkey PRIMARY KEY (municipality_id, kitchen_count_id, school_class_id, diet_code),
  CONSTRAINT kitchen_count_line_municipality_id_diet_code_fkey FOREIGN KEY (municipality_id, diet_code) REFERENCES diet(municipality_id, code),
  CONSTRAINT kitchen_count_line_municipality_id_kitchen_count_id_fkey FOREIGN KEY (municipality_id, kitchen_count_id) REFERENCES kitchen_count(municipality_id, id),
  CONSTRAINT kitchen_count_line_municipality_id_school_class_id_fkey FOREIGN KEY (municipality_id, school_class_id) REFERENCES school_class(municipality_id, id)
);
COMMENT ON COLUMN kitchen_count_line.severe IS 'Of the meals, those of pupils who risk a severe reaction';
COMMENT ON COLUMN kitchen_count_line.asked IS 'Of the meals, those of pupils for whom another diet is asked and not decided yet';
CREATE TRIGGER kitchen_count_line_append_only BEFORE DELETE OR UPDATE ON kitchen_count_line FOR EACH ROW EXECUTE FUNCTION refuse_change('kitchen_count_line');
CREATE TRIGGER kitchen_count_line_no_truncate BEFORE TRUNCATE ON kitchen_count_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('kitchen_count_line');
ALTER TABLE kitchen_count_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY kitchen_count_line_scope ON kitchen_count_line TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT ON kitchen_count_line TO refettorio_web;

-- kitchen_school --------------------------------------------------------------------------------------
CREATE TABLE kitchen_school (
  municipality_id uuid NOT NULL,
  school_id uuid NOT NULL,
  valid_from date NOT NULL,
  kitchen_id uuid NOT NULL,
  decided_by uuid,
  decided_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT kitchen_school_pkey PRIMARY KEY (municipality_id, school_id, valid_from),
  CONSTRAINT kitchen_school_municipality_id_decided_by_fkey FOREIGN KEY (municipality_id, decided_by) REFERENCES person(municipality_id, id),
  CONSTRAINT kitchen_school_municipality_id_kitchen_id_fkey FOREIGN KEY (municipality_id, kitchen_id) REFERENCES kitchen(municipality_id, id),
  CONSTRAINT kitchen_school_municipality_id_school_id_fkey FOREIGN KEY (municipality_id, school_id) REFERENCES school(municipality_id, id)
);
COMMENT ON TABLE kitchen_school IS 'Which kitchen serves a school from a day on, until the next row of the school: no gap and no overlap';
CREATE INDEX kitchen_school_by_kitchen ON kitchen_school (municipality_id, kitchen_id, valid_from);
ALTER TABLE kitchen_school ENABLE ROW LEVEL SECURITY;
CREATE POLICY kitchen_school_add ON kitchen_school FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')) AND valid_from >= app_today());
CREATE POLICY kitchen_school_end ON kitchen_school FOR DELETE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')) AND valid_from >= app_today());
CREATE POLICY kitchen_school_read ON kitchen_school FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT DELETE, INSERT, SELECT ON kitchen_school TO refettorio_web;

-- kitchen_setting -------------------------------------------------------------------------------------
CREATE TABLE kitchen_setting (
  municipality_id uuid NOT NULL,
  seen_minutes integer CHECK (seen_minutes >= 5 AND seen_minutes <= 600),
  revision integer NOT NULL DEFAULT 1,
  names_on_labels boolean NOT NULL DEFAULT false,
  CONSTRAINT kitchen_setting_pkey PRIMARY KEY (municipality_id),
  CONSTRAINT kitchen_setting_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id)
);
COMMENT ON COLUMN kitchen_setting.seen_minutes IS 'After so long the office is told of a kitchen that did not say to have seen its count; null: never';
COMMENT ON COLUMN kitchen_setting.names_on_labels IS 'Labels of special diets carry the first name beside the code';
ALTER TABLE kitchen_setting ENABLE ROW LEVEL SECURITY;
CREATE POLICY kitchen_setting_scope ON kitchen_setting TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (seen_minutes, revision, names_on_labels) ON kitchen_setting TO refettorio_web;

-- language --------------------------------------------------------------------------------------------
CREATE TABLE language (
  code text NOT NULL CHECK (code ~ '^[a-z]{2,3}$'),
  CONSTRAINT language_pkey PRIMARY KEY (code)
);
COMMENT ON TABLE language IS 'Languages of the public and family areas: one row for each of lib/words/locales.ts';
INSERT INTO language VALUES ('ar');
INSERT INTO language VALUES ('en');
INSERT INTO language VALUES ('it');

-- leftover --------------------------------------------------------------------------------------------
CREATE TABLE leftover (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  service_day_id uuid NOT NULL,
  school_class_id uuid,
  course text NOT NULL CHECK (course IN ('primo', 'secondo', 'unico', 'contorno', 'pane', 'frutta')),
  grams integer CHECK (grams >= 0 AND grams <= 500000),
  share smallint CHECK (share >= 0 AND share <= 100),
  recorded_by uuid NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT leftover_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT leftover_municipality_id_service_day_id_school_class_id_cou_key UNIQUE NULLS NOT DISTINCT (municipality_id, service_day_id, school_class_id, course),
  CONSTRAINT leftover_municipality_id_recorded_by_fkey FOREIGN KEY (municipality_id, recorded_by) REFERENCES person(municipality_id, id),
  CONSTRAINT leftover_municipality_id_school_class_id_fkey FOREIGN KEY (municipality_id, school_class_id) REFERENCES school_class(municipality_id, id),
  CONSTRAINT leftover_municipality_id_service_day_id_fkey FOREIGN KEY (municipality_id, service_day_id) REFERENCES service_day(municipality_id, id),
  CONSTRAINT leftover_check CHECK (num_nonnulls(grams, share) = 1)
);
COMMENT ON COLUMN leftover.school_class_id IS 'Null: the whole school';
COMMENT ON COLUMN leftover.share IS 'Per cent of what was served';
CREATE INDEX leftover_names_recorded_by ON leftover (municipality_id, recorded_by);
ALTER TABLE leftover ENABLE ROW LEVEL SECURITY;
CREATE POLICY leftover_scope ON leftover TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT DELETE, INSERT, SELECT, UPDATE ON leftover TO refettorio_web;

-- link_request ----------------------------------------------------------------------------------------
CREATE TABLE link_request (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  citizen_id uuid NOT NULL,
  given_name text NOT NULL,
  family_name text NOT NULL,
  full_name text NOT NULL GENERATED ALWAYS AS ((given_name || ' ') || family_name) VIRTUAL,
  birth_date date NOT NULL,
  fiscal_code text NOT NULL CHECK (fiscal_code ~ '^([A-Z0-9]{16}|[0-9]{11})$'),
  email text,
  child_given_name text NOT NULL CHECK (child_given_name <> ''),
  child_family_name text NOT NULL CHECK (child_family_name <> ''),
  child_name text NOT NULL GENERATED ALWAYS AS ((child_given_name || ' ') || child_family_name) VIRTUAL,
  child_code text CHECK (child_code ~ '^([A-Z0-9]{16}|[0-9]{11})$'),
  child_class text NOT NULL DEFAULT '' CHECK (length(child_class) <= 80),
  words text NOT NULL DEFAULT '' CHECK (length(words) <= 1000),
  sent_at timestamptz NOT NULL DEFAULT app_now(),
  state text NOT NULL DEFAULT 'sent' CHECK (state IN ('sent', 'linked', 'refused')),
  pupil_id uuid,
  decided_by uuid,
  decided_at timestamptz,
  reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 1000),
  plan_fingerprint text,
  CONSTRAINT link_request_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT link_request_municipality_id_decided_by_fkey FOREIGN KEY (municipality_id, decided_by) REFERENCES person(municipality_id, id),
  CONSTRAINT link_request_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT link_request_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id),
  CONSTRAINT link_request_check CHECK ((state = 'sent') = (decided_at IS NULL)),
  CONSTRAINT link_request_check1 CHECK ((state = 'linked') = (pupil_id IS NOT NULL))
);
COMMENT ON TABLE link_request IS 'A person recognised by SPID or CIE asks to be linked to a child who is enrolled; whether there is such a child is not told';
CREATE INDEX link_request_by_citizen ON link_request (citizen_id, sent_at DESC);
CREATE INDEX link_request_names_decided_by ON link_request (municipality_id, decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX link_request_names_pupil ON link_request (municipality_id, pupil_id) WHERE pupil_id IS NOT NULL;
CREATE INDEX link_request_waiting ON link_request (municipality_id, sent_at) WHERE state = 'sent';
ALTER TABLE link_request ENABLE ROW LEVEL SECURITY;
CREATE POLICY link_request_scope ON link_request TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (state, pupil_id, decided_by, decided_at, reason, plan_fingerprint) ON link_request TO refettorio_web;

-- list_view -------------------------------------------------------------------------------------------
CREATE TABLE list_view (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  person_id uuid NOT NULL,
  list text NOT NULL CHECK (list ~ '^[a-z-]{1,40}$'),
  name text NOT NULL CHECK (length(name) >= 1 AND length(name) <= 60),
  query text NOT NULL CHECK (length(query) <= 2000),
  kept_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT list_view_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT list_view_municipality_id_person_id_list_name_key UNIQUE (municipality_id, person_id, list, name),
  CONSTRAINT list_view_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id)
);
COMMENT ON TABLE list_view IS 'Filters, order and columns of a list that a person of the office gave a name; they alone see it';
ALTER TABLE list_view ENABLE ROW LEVEL SECURITY;
CREATE POLICY list_view_own ON list_view TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'partner')) AND person_id = app_person())
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'partner')) AND person_id = app_person());
GRANT DELETE, INSERT, SELECT, UPDATE (query, kept_at) ON list_view TO refettorio_web;

-- meal_charge -----------------------------------------------------------------------------------------
CREATE TABLE meal_charge (
  municipality_id uuid NOT NULL,
  service_day_id uuid NOT NULL,
  due_at timestamptz DEFAULT app_now(),
  failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  charged_at timestamptz,
  CONSTRAINT meal_charge_pkey PRIMARY KEY (municipality_id, service_day_id),
  CONSTRAINT meal_charge_municipality_id_service_day_id_fkey FOREIGN KEY (municipality_id, service_day_id) REFERENCES service_day(municipality_id, id),
  CONSTRAINT meal_charge_check CHECK (due_at IS NULL OR charged_at IS NULL)
);
COMMENT ON TABLE meal_charge IS 'The charge of a closed day: due, or done (charged_at), or no longer due because the day was taken off the calendar';
COMMENT ON COLUMN meal_charge.failures IS 'How often it failed; each time due_at moves further away';
CREATE INDEX meal_charge_due ON meal_charge (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX meal_charge_failing ON meal_charge (municipality_id, service_day_id) WHERE due_at IS NOT NULL AND failures > 0;
CREATE TRIGGER meal_charge_ended BEFORE UPDATE ON meal_charge FOR EACH ROW WHEN (old.due_at IS NULL) EXECUTE FUNCTION meal_charge_ends_once();
CREATE TRIGGER meal_charge_no_delete BEFORE DELETE ON meal_charge FOR EACH ROW EXECUTE FUNCTION refuse_change('meal_charge');
CREATE TRIGGER meal_charge_no_truncate BEFORE TRUNCATE ON meal_charge FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('meal_charge');
ALTER TABLE meal_charge ENABLE ROW LEVEL SECURITY;
CREATE POLICY meal_charge_scope ON meal_charge TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (due_at, failures, charged_at) ON meal_charge TO refettorio_web;

-- meal_household_rule ---------------------------------------------------------------------------------
CREATE TABLE meal_household_rule (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  pupil_id uuid NOT NULL,
  household_id uuid NOT NULL,
  first_monday date NOT NULL CHECK (EXTRACT(isodow FROM first_monday) = 1::numeric),
  days smallint[] NOT NULL CHECK (cardinality(days) >= 1 AND cardinality(days) <= 14 AND array_position(days, NULL::smallint) IS NULL AND (1 <= ALL (days)) AND (14 >= ALL (days))),
  valid_from date NOT NULL,
  valid_to date,
  validity daterange GENERATED ALWAYS AS (daterange(valid_from, valid_to, '[]')) STORED,
  given_by uuid NOT NULL,
  given_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT meal_household_rule_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT meal_household_once_at_a_time UNIQUE (municipality_id, pupil_id, validity WITHOUT OVERLAPS),
  CONSTRAINT meal_household_rule_municipality_id_given_by_fkey FOREIGN KEY (municipality_id, given_by) REFERENCES person(municipality_id, id),
  CONSTRAINT meal_household_rule_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT meal_household_rule_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id),
  CONSTRAINT meal_household_rule_check CHECK (valid_from <= valid_to)
);
COMMENT ON TABLE meal_household_rule IS 'Days of a pupil that are those of another household than its own: it sees the pupil, changes these meals and pays them';
COMMENT ON COLUMN meal_household_rule.days IS 'Of two weeks, from 1 (the first Monday) to 14; they come again every two weeks, over the end of a year too';
CREATE INDEX meal_household_rule_by_giver ON meal_household_rule (municipality_id, given_by);
CREATE INDEX meal_household_rule_by_household ON meal_household_rule (municipality_id, household_id);
CREATE INDEX meal_household_rule_by_pupil ON meal_household_rule (municipality_id, pupil_id);
CREATE TRIGGER meal_household_rule_given AFTER INSERT OR UPDATE ON meal_household_rule FOR EACH ROW EXECUTE FUNCTION close_refunds_of_second();
CREATE TRIGGER meal_household_rule_stays BEFORE INSERT OR DELETE OR UPDATE ON meal_household_rule FOR EACH ROW EXECUTE FUNCTION counted_household_stays();
ALTER TABLE meal_household_rule ENABLE ROW LEVEL SECURITY;
CREATE POLICY meal_household_rule_drop ON meal_household_rule FOR DELETE TO refettorio_web
  USING (municipality_id = app_municipality() AND app_audience() = 'staff');
CREATE POLICY meal_household_rule_end ON meal_household_rule FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND app_audience() = 'staff')
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'staff');
CREATE POLICY meal_household_rule_give ON meal_household_rule FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'staff');
CREATE POLICY meal_household_rule_read ON meal_household_rule FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (pupil_id = ANY (app_pupils()))));
GRANT DELETE, INSERT, SELECT, UPDATE (valid_to) ON meal_household_rule TO refettorio_web;

-- meal_notice -----------------------------------------------------------------------------------------
CREATE TABLE meal_notice (
  municipality_id uuid NOT NULL,
  household_id uuid NOT NULL,
  person_id uuid NOT NULL,
  by_office boolean NOT NULL,
  since timestamptz NOT NULL DEFAULT app_now(),
  due_at timestamptz NOT NULL,
  CONSTRAINT meal_notice_pkey PRIMARY KEY (municipality_id, household_id, person_id, by_office),
  CONSTRAINT meal_notice_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT meal_notice_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id)
);
COMMENT ON TABLE meal_notice IS 'What a person changed since then for a household waits to be told to its other adults, once and as it ended';
CREATE INDEX meal_notice_due ON meal_notice (due_at);
CREATE INDEX meal_notice_names_person ON meal_notice (municipality_id, person_id);
ALTER TABLE meal_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY meal_notice_ask ON meal_notice FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (household_id = ANY (app_households()))
    AND person_id = app_person()));
CREATE POLICY meal_notice_hold ON meal_notice FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR person_id = app_person()))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR person_id = app_person()));
CREATE POLICY meal_notice_read ON meal_notice FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR person_id = app_person()));
CREATE POLICY meal_notice_tell ON meal_notice FOR DELETE TO refettorio_web
  USING (municipality_id = app_municipality() AND app_audience() = 'system');
GRANT DELETE, INSERT, SELECT, UPDATE (since) ON meal_notice TO refettorio_web;

-- meal_price ------------------------------------------------------------------------------------------
CREATE TABLE meal_price (
  municipality_id uuid NOT NULL,
  service_id uuid NOT NULL,
  valid_from date NOT NULL,
  price_cents integer NOT NULL CHECK (price_cents >= 1 AND price_cents <= 10000),
  vat_basis_points integer NOT NULL DEFAULT 400 CHECK (vat_basis_points >= 0 AND vat_basis_points <= 3000),
  vat_nature text CHECK (vat_nature IN ('N2.2', 'N4')),
  vat_reference text DEFAULT 'Tab. A, parte II, n. 37, DPR 633/1972' CHECK (length(vat_reference) >= 1 AND length(vat_reference) <= 100),
  decided_by uuid,
  decided_at timestamptz NOT NULL DEFAULT app_now(),
  note text NOT NULL DEFAULT '' CHECK (length(note) <= 200),
  CONSTRAINT meal_price_pkey PRIMARY KEY (municipality_id, service_id, valid_from),
  CONSTRAINT meal_price_municipality_id_decided_by_fkey FOREIGN KEY (municipality_id, decided_by) REFERENCES person(municipality_id, id),
  CONSTRAINT meal_price_municipality_id_service_id_fkey FOREIGN KEY (municipality_id, service_id) REFERENCES service(municipality_id, id),
  CONSTRAINT meal_price_check CHECK ((vat_basis_points = 0) = (vat_nature IS NOT NULL)),
  CONSTRAINT meal_price_check1 CHECK (vat_nature IS NULL OR vat_reference IS NOT NULL)
);
COMMENT ON TABLE meal_price IS 'A price is valid until the next one starts, so prices can neither overlap nor leave a hole.';
COMMENT ON COLUMN meal_price.vat_nature IS 'Why no VAT is due, as the electronic invoice names it; null with a rate';
COMMENT ON COLUMN meal_price.vat_reference IS 'The law of the rate or of the exemption, as printed on the invoice';
CREATE TRIGGER meal_price_stays BEFORE INSERT OR DELETE OR UPDATE ON meal_price FOR EACH ROW EXECUTE FUNCTION charged_meal_price_stays();
ALTER TABLE meal_price ENABLE ROW LEVEL SECURITY;
CREATE POLICY meal_price_cancel ON meal_price FOR DELETE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')) AND valid_from > app_today());
CREATE POLICY meal_price_decide ON meal_price FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')) AND valid_from >= app_today());
CREATE POLICY meal_price_read ON meal_price FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality());
GRANT DELETE, INSERT, SELECT ON meal_price TO refettorio_web;

-- meal_rating -----------------------------------------------------------------------------------------
CREATE TABLE meal_rating (
  municipality_id uuid NOT NULL,
  pupil_id uuid NOT NULL,
  service_day_id uuid NOT NULL,
  person_id uuid NOT NULL,
  comment text NOT NULL DEFAULT '' CHECK (length(comment) <= 300),
  rated_at timestamptz NOT NULL DEFAULT app_now(),
  changed_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT meal_rating_pkey PRIMARY KEY (municipality_id, pupil_id, service_day_id),
  CONSTRAINT meal_rating_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id),
  CONSTRAINT meal_rating_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id),
  CONSTRAINT meal_rating_municipality_id_service_day_id_fkey FOREIGN KEY (municipality_id, service_day_id) REFERENCES service_day(municipality_id, id)
);
CREATE INDEX meal_rating_by_day ON meal_rating (municipality_id, service_day_id);
CREATE INDEX meal_rating_names_person ON meal_rating (municipality_id, person_id);
ALTER TABLE meal_rating ENABLE ROW LEVEL SECURITY;
CREATE POLICY meal_rating_scope ON meal_rating TO refettorio_web
  USING (municipality_id = app_municipality() AND ((pupil_id = ANY (app_pupils())) OR app_audience() = 'system'))
  WITH CHECK (municipality_id = app_municipality() AND ((pupil_id = ANY (app_pupils())) OR app_audience() = 'system'));
GRANT INSERT, SELECT, UPDATE (person_id, comment, changed_at) ON meal_rating TO refettorio_web;

-- meal_rating_dish ------------------------------------------------------------------------------------
CREATE TABLE meal_rating_dish (
  municipality_id uuid NOT NULL,
  pupil_id uuid NOT NULL,
  service_day_id uuid NOT NULL,
  dish_id uuid NOT NULL,
  score smallint NOT NULL CHECK (score >= 1 AND score <= 3),
  CONSTRAINT meal_rating_dish_pkey PRIMARY KEY (municipality_id, pupil_id, service_day_id, dish_id),
  CONSTRAINT meal_rating_dish_municipality_id_dish_id_fkey FOREIGN KEY (municipality_id, dish_id) REFERENCES dish(municipality_id, id),
  CONSTRAINT meal_rating_dish_municipality_id_pupil_id_service_day_id_fkey FOREIGN KEY (municipality_id, pupil_id, service_day_id) REFERENCES meal_rating(municipality_id, pupil_id, service_day_id) ON DELETE CASCADE
);
COMMENT ON COLUMN meal_rating_dish.score IS '1 not eaten, 2 so so, 3 liked';
ALTER TABLE meal_rating_dish ENABLE ROW LEVEL SECURITY;
CREATE POLICY meal_rating_dish_scope ON meal_rating_dish TO refettorio_web
  USING (municipality_id = app_municipality() AND ((pupil_id = ANY (app_pupils())) OR app_audience() = 'system'))
  WITH CHECK (municipality_id = app_municipality() AND ((pupil_id = ANY (app_pupils())) OR app_audience() = 'system'));
GRANT DELETE, INSERT, SELECT, UPDATE ON meal_rating_dish TO refettorio_web;

-- menu ------------------------------------------------------------------------------------------------
CREATE TABLE menu (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  latest_version integer NOT NULL CHECK (latest_version >= 1),
  published_version integer,
  published_at timestamptz,
  published_by uuid,
  withdrawn_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT menu_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT menu_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT menu_municipality_id_published_by_fkey FOREIGN KEY (municipality_id, published_by) REFERENCES person(municipality_id, id),
  CONSTRAINT menu_check CHECK (published_version >= 1 AND published_version <= latest_version),
  CONSTRAINT menu_check1 CHECK ((published_version IS NULL) = (published_at IS NULL))
);
ALTER TABLE menu ENABLE ROW LEVEL SECURITY;
CREATE POLICY menu_scope ON menu TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR published_version IS NOT NULL
    AND withdrawn_at IS NULL))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE ON menu TO refettorio_web;

-- menu_change -----------------------------------------------------------------------------------------
CREATE TABLE menu_change (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  school_id uuid NOT NULL,
  day date NOT NULL,
  dish_id uuid NOT NULL,
  new_dish_id uuid NOT NULL,
  replacements jsonb NOT NULL DEFAULT '{}'::jsonb,
  reason text NOT NULL CHECK (length(reason) >= 1 AND length(reason) <= 200),
  announced_by uuid NOT NULL,
  announced_at timestamptz NOT NULL DEFAULT app_now(),
  withdrawn_at timestamptz,
  CONSTRAINT menu_change_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT menu_change_municipality_id_announced_by_fkey FOREIGN KEY (municipality_id, announced_by) REFERENCES person(municipality_id, id),
  CONSTRAINT menu_change_municipality_id_dish_id_fkey FOREIGN KEY (municipality_id, dish_id) REFERENCES dish(municipality_id, id),
  CONSTRAINT menu_change_municipality_id_new_dish_id_fkey FOREIGN KEY (municipality_id, new_dish_id) REFERENCES dish(municipality_id, id),
  CONSTRAINT menu_change_municipality_id_school_id_fkey FOREIGN KEY (municipality_id, school_id) REFERENCES school(municipality_id, id),
  CONSTRAINT menu_change_check CHECK (dish_id <> new_dish_id)
);
COMMENT ON COLUMN menu_change.replacements IS '{diet code: dish id, or null}: what the diets eat for which the new dish is not suited';
CREATE UNIQUE INDEX menu_change_once ON menu_change (municipality_id, school_id, day, dish_id) WHERE withdrawn_at IS NULL;
ALTER TABLE menu_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY menu_change_scope ON menu_change TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR true))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (withdrawn_at) ON menu_change TO refettorio_web;

-- menu_settings ---------------------------------------------------------------------------------------
CREATE TABLE menu_settings (
  municipality_id uuid NOT NULL,
  show_ratings boolean NOT NULL DEFAULT false,
  CONSTRAINT menu_settings_pkey PRIMARY KEY (municipality_id),
  CONSTRAINT menu_settings_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id)
);
COMMENT ON COLUMN menu_settings.show_ratings IS 'Families see the average of their school';
ALTER TABLE menu_settings ENABLE ROW LEVEL SECURITY;
CREATE POLICY menu_settings_scope ON menu_settings TO refettorio_web
  USING (municipality_id = app_municipality() AND true)
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE ON menu_settings TO refettorio_web;

-- menu_version ----------------------------------------------------------------------------------------
CREATE TABLE menu_version (
  municipality_id uuid NOT NULL,
  menu_id uuid NOT NULL,
  number integer NOT NULL CHECK (number >= 1),
  name text NOT NULL CHECK (length(name) >= 1 AND length(name) <= 80),
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  weeks smallint NOT NULL CHECK (weeks >= 1 AND weeks <= 12),
  first_week smallint NOT NULL,
  school_ids uuid[] NOT NULL CHECK (cardinality(school_ids) >= 1 AND cardinality(school_ids) <= 1000),
  rotation jsonb NOT NULL,
  replacements jsonb NOT NULL,
  author_id uuid NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT menu_version_pkey PRIMARY KEY (municipality_id, menu_id, number),
  CONSTRAINT menu_version_municipality_id_author_id_fkey FOREIGN KEY (municipality_id, author_id) REFERENCES person(municipality_id, id),
  CONSTRAINT menu_version_municipality_id_menu_id_fkey FOREIGN KEY (municipality_id, menu_id) REFERENCES menu(municipality_id, id),
  CONSTRAINT menu_version_check CHECK (first_week >= 1 AND first_week <= weeks),
  CONSTRAINT menu_version_check1 CHECK (starts_on <= ends_on)
);
COMMENT ON COLUMN menu_version.first_week IS 'The week of the rotation that is served in the calendar week of starts_on';
COMMENT ON COLUMN menu_version.rotation IS '{"week-weekday": [dish ids]}, weeks from 1, ISO weekdays';
COMMENT ON COLUMN menu_version.replacements IS '{dish id: {diet code: dish id, or null where the diet goes without}}';
CREATE TRIGGER menu_version_append_only BEFORE DELETE OR UPDATE ON menu_version FOR EACH ROW EXECUTE FUNCTION refuse_change('menu_version');
CREATE TRIGGER menu_version_no_truncate BEFORE TRUNCATE ON menu_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('menu_version');
ALTER TABLE menu_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY menu_version_scope ON menu_version TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system'))
    OR (((menu_id::text || ':') || number) = ANY (app_menu_versions()))))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT ON menu_version TO refettorio_web;

-- municipality ----------------------------------------------------------------------------------------
CREATE TABLE municipality (
  id uuid NOT NULL DEFAULT uuidv7(),
  slug text NOT NULL CHECK (slug ~ '^[a-z][a-z0-9-]{1,62}$'),
  name text NOT NULL,
  province text NOT NULL CHECK (province ~ '^[A-Z]{2}$'),
  region text NOT NULL,
  operator_id uuid NOT NULL,
  invoice_series text NOT NULL CHECK (invoice_series ~ '^[A-Z]{3}$'),
  street text NOT NULL,
  postcode text NOT NULL,
  email text NOT NULL,
  pec text NOT NULL,
  phone text NOT NULL,
  fiscal_code text NOT NULL,
  active boolean NOT NULL DEFAULT true,
  search_key text NOT NULL GENERATED ALWAYS AS (search_key(name)) STORED,
  opens_on date,
  patron_name text CHECK (length(patron_name) >= 1 AND length(patron_name) <= 80),
  patron_day text CHECK (patron_day ~ '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'),
  CONSTRAINT municipality_pkey PRIMARY KEY (id),
  CONSTRAINT municipality_invoice_series_key UNIQUE (invoice_series),
  CONSTRAINT municipality_slug_key UNIQUE (slug),
  CONSTRAINT municipality_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES operator(id),
  CONSTRAINT municipality_check CHECK ((patron_name IS NULL) = (patron_day IS NULL))
);
COMMENT ON COLUMN municipality.opens_on IS 'The first day on which its families may enter; null while it is being prepared';
COMMENT ON COLUMN municipality.patron_day IS 'Month and day of the patron saint, a holiday of every year';
CREATE TRIGGER municipality_undecided_diet AFTER INSERT ON municipality FOR EACH ROW EXECUTE FUNCTION municipality_has_undecided_diet();
ALTER TABLE municipality ENABLE ROW LEVEL SECURITY;
CREATE POLICY municipality_read ON municipality FOR SELECT TO refettorio_web
  USING (true);
CREATE POLICY municipality_write ON municipality FOR UPDATE TO refettorio_web
  USING (id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT SELECT, UPDATE (name, street, postcode, email, pec, phone, opens_on, patron_name, patron_day) ON municipality TO refettorio_web;

-- municipality_settings -------------------------------------------------------------------------------
CREATE TABLE municipality_settings (
  municipality_id uuid NOT NULL,
  coat_of_arms_id uuid,
  colour text CHECK (colour ~ '^#[0-9a-f]{6}$'),
  office_hours text NOT NULL DEFAULT '',
  dpo_name text NOT NULL DEFAULT '',
  dpo_email text NOT NULL DEFAULT '',
  security_contact text NOT NULL DEFAULT '',
  site_url text NOT NULL DEFAULT '',
  transparency_url text NOT NULL DEFAULT '',
  accessibility_declaration_url text NOT NULL DEFAULT '',
  accessibility_goals_url text NOT NULL DEFAULT '',
  appointment_url text NOT NULL DEFAULT '',
  report_url text NOT NULL DEFAULT '',
  updated_at timestamptz NOT NULL DEFAULT app_now(),
  updated_by uuid,
  revision integer NOT NULL DEFAULT 1,
  CONSTRAINT municipality_settings_pkey PRIMARY KEY (municipality_id),
  CONSTRAINT municipality_settings_municipality_id_coat_of_arms_id_fkey FOREIGN KEY (municipality_id, coat_of_arms_id) REFERENCES stored_file(municipality_id, id),
  CONSTRAINT municipality_settings_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT municipality_settings_municipality_id_updated_by_fkey FOREIGN KEY (municipality_id, updated_by) REFERENCES person(municipality_id, id)
);
ALTER TABLE municipality_settings ENABLE ROW LEVEL SECURITY;
CREATE POLICY municipality_settings_scope ON municipality_settings TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR true))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE ON municipality_settings TO refettorio_web;

-- notification ----------------------------------------------------------------------------------------
CREATE TABLE notification (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  person_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  event text NOT NULL,
  key text NOT NULL,
  title text NOT NULL CHECK (char_length(title) >= 1 AND char_length(title) <= 200),
  body text NOT NULL CHECK (char_length(body) <= 4000),
  path text NOT NULL CHECK (path ~ '^/([A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*)?([?][A-Za-z0-9=&._~-]*)?(#[A-Za-z0-9_-]+)?$'),
  created_at timestamptz NOT NULL DEFAULT app_now(),
  read_at timestamptz,
  translations jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT notification_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT notification_municipality_id_person_id_key_key UNIQUE (municipality_id, person_id, key),
  CONSTRAINT notification_municipality_id_batch_id_fkey FOREIGN KEY (municipality_id, batch_id) REFERENCES delivery_batch(municipality_id, id),
  CONSTRAINT notification_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT notification_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id)
);
COMMENT ON COLUMN notification.path IS 'Place in the portal, below the municipality''s address; never another site';
COMMENT ON COLUMN notification.translations IS 'language → {title, text}, as they were told; title and body are the Italian ones. Empty in rows from before';
CREATE INDEX notification_by_age ON notification (created_at);
CREATE INDEX notification_by_batch ON notification (municipality_id, batch_id);
CREATE INDEX notification_by_person ON notification (municipality_id, person_id, created_at DESC, id DESC);
CREATE INDEX notification_unread ON notification (municipality_id, person_id) WHERE read_at IS NULL;
ALTER TABLE notification ENABLE ROW LEVEL SECURITY;
CREATE POLICY notification_scope ON notification TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND person_id = app_person()))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND person_id = app_person()));
GRANT SELECT, UPDATE (read_at) ON notification TO refettorio_web;

-- notification_choice ---------------------------------------------------------------------------------
CREATE TABLE notification_choice (
  municipality_id uuid NOT NULL,
  person_id uuid NOT NULL,
  choices jsonb NOT NULL DEFAULT '{}'::jsonb,
  is_quiet boolean NOT NULL DEFAULT true,
  quiet_from time NOT NULL DEFAULT '21:00:00'::time,
  quiet_to time NOT NULL DEFAULT '07:00:00'::time,
  low_balance_meals smallint NOT NULL DEFAULT 3 CHECK (low_balance_meals >= 1 AND low_balance_meals <= 20),
  changed_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT notification_choice_pkey PRIMARY KEY (municipality_id, person_id),
  CONSTRAINT notification_choice_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id)
);
COMMENT ON COLUMN notification_choice.choices IS 'event → channel → boolean; what is not named follows the event''s own defaults';
ALTER TABLE notification_choice ENABLE ROW LEVEL SECURITY;
CREATE POLICY notification_choice_scope ON notification_choice TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND person_id = app_person()))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND person_id = app_person()));
GRANT INSERT, SELECT, UPDATE ON notification_choice TO refettorio_web;

-- notification_inbox ----------------------------------------------------------------------------------
CREATE TABLE notification_inbox (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  provider text NOT NULL,
  dedupe_key text NOT NULL,
  top_up_id uuid,
  received_at timestamptz NOT NULL DEFAULT app_now(),
  verdict text NOT NULL,
  body_sha256 bytea NOT NULL,
  CONSTRAINT notification_inbox_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT notification_inbox_municipality_id_provider_dedupe_key_key UNIQUE (municipality_id, provider, dedupe_key),
  CONSTRAINT notification_inbox_municipality_id_top_up_id_fkey FOREIGN KEY (municipality_id, top_up_id) REFERENCES top_up(municipality_id, id)
);
ALTER TABLE notification_inbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY notification_inbox_scope ON notification_inbox TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT ON notification_inbox TO refettorio_web;

-- online_form -----------------------------------------------------------------------------------------
CREATE TABLE online_form (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  kind text NOT NULL CHECK (kind IN ('enrolment', 'diet', 'fare', 'withdrawal', 'other')),
  latest_version integer NOT NULL CHECK (latest_version >= 1),
  published_version integer,
  closed_at timestamptz,
  closed_reason text NOT NULL DEFAULT '',
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT online_form_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT online_form_municipality_id_created_by_fkey FOREIGN KEY (municipality_id, created_by) REFERENCES person(municipality_id, id),
  CONSTRAINT online_form_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT online_form_check CHECK (published_version >= 1 AND published_version <= latest_version),
  CONSTRAINT online_form_check1 CHECK (closed_at IS NULL OR published_version IS NOT NULL AND closed_reason <> '')
);
COMMENT ON COLUMN online_form.closed_at IS 'Closed by the office before its window ended; from this instant nothing is taken';
ALTER TABLE online_form ENABLE ROW LEVEL SECURITY;
CREATE POLICY online_form_scope ON online_form TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND published_version IS NOT NULL))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family' AND false));
GRANT INSERT, SELECT, UPDATE (latest_version, published_version, closed_at, closed_reason) ON online_form TO refettorio_web;

-- online_form_version ---------------------------------------------------------------------------------
CREATE TABLE online_form_version (
  municipality_id uuid NOT NULL,
  form_id uuid NOT NULL,
  number integer NOT NULL CHECK (number >= 1),
  revision integer NOT NULL DEFAULT 1 CHECK (revision >= 1),
  definition jsonb NOT NULL,
  school_year_id uuid NOT NULL,
  opens_at timestamptz NOT NULL,
  closes_at timestamptz,
  author_id uuid NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT app_now(),
  published_at timestamptz,
  CONSTRAINT online_form_version_pkey PRIMARY KEY (municipality_id, form_id, number),
  CONSTRAINT online_form_version_municipality_id_author_id_fkey FOREIGN KEY (municipality_id, author_id) REFERENCES person(municipality_id, id),
  CONSTRAINT online_form_version_municipality_id_form_id_fkey FOREIGN KEY (municipality_id, form_id) REFERENCES online_form(municipality_id, id),
  CONSTRAINT online_form_version_municipality_id_school_year_id_fkey FOREIGN KEY (municipality_id, school_year_id) REFERENCES school_year(municipality_id, id),
  CONSTRAINT online_form_version_check CHECK (closes_at > opens_at)
);
COMMENT ON COLUMN online_form_version.revision IS 'Grows at each change of a version that is not published yet';
COMMENT ON COLUMN online_form_version.definition IS 'Title, rules and steps (lib/forms/form.ts): data, never code';
COMMENT ON COLUMN online_form_version.closes_at IS 'Requests are taken strictly before this instant; null: all the year';
CREATE TRIGGER online_form_version_frozen BEFORE DELETE OR UPDATE ON online_form_version FOR EACH ROW EXECUTE FUNCTION published_version_is_frozen();
ALTER TABLE online_form_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY online_form_version_scope ON online_form_version TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND published_at IS NOT NULL))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family' AND false));
GRANT INSERT, SELECT, UPDATE (revision, definition, school_year_id, opens_at, closes_at, author_id, saved_at, published_at) ON online_form_version TO refettorio_web;

-- operator --------------------------------------------------------------------------------------------
CREATE TABLE operator (
  id uuid NOT NULL DEFAULT uuidv7(),
  name text NOT NULL CHECK (name <> ''),
  vat_number text NOT NULL CHECK (vat_number ~ '^[0-9]{11}$'),
  fiscal_code text NOT NULL,
  tax_regime text NOT NULL DEFAULT 'RF01' CHECK (tax_regime ~ '^RF[0-9]{2}$' AND tax_regime <> 'RF03'),
  street text NOT NULL,
  postcode text NOT NULL CHECK (postcode ~ '^[0-9]{5}$'),
  city text NOT NULL,
  province text NOT NULL CHECK (province ~ '^[A-Z]{2}$'),
  email text NOT NULL,
  phone text NOT NULL,
  revision integer NOT NULL DEFAULT 0,
  CONSTRAINT operator_pkey PRIMARY KEY (id),
  CONSTRAINT operator_vat_number_key UNIQUE (vat_number)
);
COMMENT ON COLUMN operator.revision IS 'How often the data were changed; a form that was built from an earlier one is not saved';
GRANT SELECT ON operator TO refettorio_web;

-- outbox ----------------------------------------------------------------------------------------------
CREATE TABLE outbox (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  dedupe_key text NOT NULL,
  channel text NOT NULL CHECK (channel IN ('email', 'push', 'sms')),
  recipient text NOT NULL,
  subject text NOT NULL,
  body_text text NOT NULL,
  body_html text,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  due_at timestamptz DEFAULT app_now(),
  attempts integer NOT NULL DEFAULT 0,
  sent_at timestamptz,
  last_error text,
  sending_since timestamptz,
  secret boolean NOT NULL DEFAULT false,
  batch_id uuid,
  person_id uuid,
  notification_id uuid,
  push_subscription_id uuid,
  email_change_id uuid,
  phone_change_id uuid,
  outcome text CHECK (outcome IN ('sent', 'refused', 'in_doubt', 'given_up')),
  language text NOT NULL,
  count_sheet_id uuid,
  CONSTRAINT outbox_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT outbox_municipality_id_dedupe_key_key UNIQUE (municipality_id, dedupe_key),
  CONSTRAINT outbox_language_fkey FOREIGN KEY (language) REFERENCES language(code),
  CONSTRAINT outbox_municipality_id_batch_id_fkey FOREIGN KEY (municipality_id, batch_id) REFERENCES delivery_batch(municipality_id, id),
  CONSTRAINT outbox_municipality_id_count_sheet_id_fkey FOREIGN KEY (municipality_id, count_sheet_id) REFERENCES count_sheet(municipality_id, id),
  CONSTRAINT outbox_municipality_id_email_change_id_fkey FOREIGN KEY (municipality_id, email_change_id) REFERENCES email_change(municipality_id, id) ON DELETE SET NULL (email_change_id),
  CONSTRAINT outbox_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT outbox_municipality_id_notification_id_fkey FOREIGN KEY (municipality_id, notification_id) REFERENCES notification(municipality_id, id),
  CONSTRAINT outbox_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id),
  CONSTRAINT outbox_municipality_id_phone_change_id_fkey FOREIGN KEY (municipality_id, phone_change_id) REFERENCES phone_change(municipality_id, id) ON DELETE SET NULL (phone_change_id),
  CONSTRAINT outbox_municipality_id_push_subscription_id_fkey FOREIGN KEY (municipality_id, push_subscription_id) REFERENCES push_subscription(municipality_id, id),
  CONSTRAINT outbox_check CHECK (sent_at IS NULL OR due_at IS NULL),
  CONSTRAINT outbox_device_check CHECK ((channel = 'push') = (push_subscription_id IS NOT NULL)),
  CONSTRAINT outbox_recipient_check CHECK ((channel = 'push') = (recipient = ''))
);
COMMENT ON COLUMN outbox.due_at IS 'When to try next; null once sent or given up';
COMMENT ON COLUMN outbox.sending_since IS 'Set just before the message is handed over; left behind only by a crash in that moment';
COMMENT ON COLUMN outbox.secret IS 'The text holds a code or a link that opens something: emptied once the message is sent or given up';
COMMENT ON COLUMN outbox.email_change_id IS 'The change whose code this letter carries: once it is closed the letter is over';
COMMENT ON COLUMN outbox.phone_change_id IS 'The same for a text';
COMMENT ON COLUMN outbox.outcome IS 'How it ended; null while it still has to go. in_doubt: it may have gone, so it is never repeated';
COMMENT ON COLUMN outbox.language IS 'Of subject and text';
COMMENT ON COLUMN outbox.count_sheet_id IS 'The sheet that leaves with the mail, as PDF and CSV: drawn when it is sent, from counts that never change';
CREATE INDEX outbox_by_age ON outbox (municipality_id, created_at);
CREATE INDEX outbox_by_batch ON outbox (municipality_id, batch_id, channel, outcome);
CREATE INDEX outbox_by_count_sheet ON outbox (municipality_id, count_sheet_id) WHERE count_sheet_id IS NOT NULL;
CREATE INDEX outbox_by_email_change ON outbox (municipality_id, email_change_id) WHERE email_change_id IS NOT NULL;
CREATE INDEX outbox_by_notification ON outbox (municipality_id, notification_id);
CREATE INDEX outbox_by_phone_change ON outbox (municipality_id, phone_change_id) WHERE phone_change_id IS NOT NULL;
CREATE INDEX outbox_by_subscription ON outbox (municipality_id, push_subscription_id) WHERE push_subscription_id IS NOT NULL;
CREATE INDEX outbox_failed ON outbox (municipality_id, created_at) WHERE (outcome IN ('refused', 'given_up')) AND channel = 'email' AND NOT secret;
CREATE INDEX outbox_in_hand ON outbox (municipality_id, channel, due_at) WHERE due_at IS NOT NULL AND sending_since IS NOT NULL;
CREATE INDEX outbox_names_person ON outbox (municipality_id, person_id) WHERE person_id IS NOT NULL;
CREATE INDEX outbox_waiting ON outbox (municipality_id, channel, due_at) WHERE due_at IS NOT NULL AND sending_since IS NULL;
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY outbox_scope ON outbox TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE ON outbox TO refettorio_web;

-- overtaken_change ------------------------------------------------------------------------------------
CREATE TABLE overtaken_change (
  municipality_id uuid NOT NULL,
  person_id uuid NOT NULL,
  idempotency_key uuid NOT NULL,
  overtaken_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT overtaken_change_pkey PRIMARY KEY (municipality_id, person_id, idempotency_key),
  CONSTRAINT overtaken_change_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id)
);
COMMENT ON TABLE overtaken_change IS 'Keys of changes without an answer that their person replaced by a later wish: one that arrives now does nothing';
CREATE INDEX overtaken_change_by_age ON overtaken_change (overtaken_at);
ALTER TABLE overtaken_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY overtaken_change_scope ON overtaken_change TO refettorio_web
  USING (municipality_id = app_municipality() AND person_id = app_person())
  WITH CHECK (municipality_id = app_municipality() AND person_id = app_person());
GRANT INSERT, SELECT ON overtaken_change TO refettorio_web;

-- passkey ---------------------------------------------------------------------------------------------
CREATE TABLE passkey (
  id uuid NOT NULL DEFAULT uuidv7(),
  device_id uuid NOT NULL,
  credential_id text NOT NULL,
  public_key bytea NOT NULL,
  counter bigint NOT NULL CHECK (counter >= 0),
  transports text[] NOT NULL DEFAULT '{}'::text[],
  created_at timestamptz NOT NULL DEFAULT app_now(),
  last_used_at timestamptz,
  CONSTRAINT passkey_pkey PRIMARY KEY (id),
  CONSTRAINT passkey_credential_id_key UNIQUE (credential_id),
  CONSTRAINT passkey_device_id_key UNIQUE (device_id),
  CONSTRAINT passkey_device_id_fkey FOREIGN KEY (device_id) REFERENCES remembered_device(id)
);
GRANT DELETE, INSERT, SELECT, UPDATE (counter, last_used_at) ON passkey TO refettorio_web;

-- payment_alarm ---------------------------------------------------------------------------------------
CREATE TABLE payment_alarm (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  top_up_id uuid NOT NULL,
  finding text NOT NULL CHECK (finding IN ('late-success', 'surplus', 'mismatch', 'unknown-answer', 'reversed', 'credited-but-not-paid', 'mode-mixed', 'forged-notifications', 'still-open', 'creation-failed')),
  cents integer CHECK (cents > 0),
  raised_at timestamptz NOT NULL DEFAULT app_now(),
  settled_at timestamptz,
  settled_by uuid,
  note text CHECK (length(note) >= 1 AND length(note) <= 300),
  CONSTRAINT payment_alarm_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT payment_alarm_municipality_id_top_up_id_finding_key UNIQUE (municipality_id, top_up_id, finding),
  CONSTRAINT payment_alarm_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT payment_alarm_municipality_id_settled_by_fkey FOREIGN KEY (municipality_id, settled_by) REFERENCES person(municipality_id, id),
  CONSTRAINT payment_alarm_municipality_id_top_up_id_fkey FOREIGN KEY (municipality_id, top_up_id) REFERENCES top_up(municipality_id, id),
  CONSTRAINT payment_alarm_check CHECK (settled_at IS NOT NULL OR settled_by IS NULL),
  CONSTRAINT payment_alarm_check1 CHECK ((settled_by IS NULL) = (note IS NULL))
);
COMMENT ON TABLE payment_alarm IS 'What a person must look at in a payment, each finding once';
COMMENT ON COLUMN payment_alarm.cents IS 'What was taken beyond the order, or given back at the provider; null for a finding without a sum';
COMMENT ON COLUMN payment_alarm.settled_at IS 'When the office settled it, or when a later clear answer of the provider took it back (settled_by is null)';
COMMENT ON COLUMN payment_alarm.note IS 'What the office did, in words for the payer';
CREATE INDEX payment_alarm_open ON payment_alarm (municipality_id, raised_at) WHERE settled_at IS NULL;
ALTER TABLE payment_alarm ENABLE ROW LEVEL SECURITY;
CREATE POLICY payment_alarm_looking ON payment_alarm AS RESTRICTIVE FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND NOT app_is_looking());
CREATE POLICY payment_alarm_raise ON payment_alarm FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY payment_alarm_read ON payment_alarm FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (top_up_id = ANY (app_top_ups()))));
CREATE POLICY payment_alarm_settle ON payment_alarm FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (cents, raised_at, settled_at, settled_by, note) ON payment_alarm TO refettorio_web;

-- person ----------------------------------------------------------------------------------------------
CREATE TABLE person (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  fiscal_code text NOT NULL CHECK (fiscal_code ~ '^([A-Z0-9]{16}|[0-9]{11})$'),
  fiscal_code_hash bytea NOT NULL CHECK (octet_length(fiscal_code_hash) = 32),
  given_name text NOT NULL CHECK (given_name <> ''),
  family_name text NOT NULL CHECK (family_name <> ''),
  full_name text NOT NULL GENERATED ALWAYS AS ((given_name || ' ') || family_name) VIRTUAL,
  email text,
  phone text,
  street text,
  postcode text,
  city text,
  province text,
  country text NOT NULL DEFAULT 'IT',
  created_at timestamptz NOT NULL DEFAULT app_now(),
  email_verified_at timestamptz,
  refused_email text,
  phone_verified_at timestamptz,
  birth_date date,
  search_key text NOT NULL GENERATED ALWAYS AS (search_key(given_name || family_name)) STORED,
  CONSTRAINT person_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT person_municipality_id_fiscal_code_hash_key UNIQUE (municipality_id, fiscal_code_hash),
  CONSTRAINT person_municipality_id_fiscal_code_key UNIQUE (municipality_id, fiscal_code),
  CONSTRAINT person_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT person_check CHECK (phone_verified_at IS NULL OR phone IS NOT NULL)
);
COMMENT ON COLUMN person.email_verified_at IS 'When the person proved to read this address; it says nothing about who they are';
COMMENT ON COLUMN person.refused_email IS 'The address that a mail server refused for good; it counts only while it is the current one';
COMMENT ON COLUMN person.phone_verified_at IS 'When the person proved to read texts at this number; it says nothing about who they are';
COMMENT ON COLUMN person.birth_date IS 'Where the office has written it: a code of eleven digits does not tell it';
CREATE INDEX person_by_grams ON person USING gin (search_grams(municipality_id, search_key)) WITH (gin_pending_list_limit='256');
CREATE INDEX person_by_phone ON person (municipality_id, reverse(phone) text_pattern_ops) WHERE phone IS NOT NULL;
CREATE INDEX person_by_phone_grams ON person USING gin (search_grams(municipality_id, phone)) WITH (gin_pending_list_limit='256') WHERE phone IS NOT NULL;
CREATE TRIGGER person_code_follows AFTER INSERT OR UPDATE OF fiscal_code_hash ON person FOR EACH ROW EXECUTE FUNCTION person_code_follows();
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY person_add ON person FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY person_change ON person FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR id = app_person()))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR id = app_person()));
CREATE POLICY person_read ON person FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR id = app_person()));
GRANT INSERT, SELECT, UPDATE (email, phone, street, postcode, city, province, country, email_verified_at, refused_email, phone_verified_at) ON person TO refettorio_web;

-- person_code -----------------------------------------------------------------------------------------
CREATE TABLE person_code (
  municipality_id uuid NOT NULL,
  fiscal_code_hash bytea NOT NULL CHECK (octet_length(fiscal_code_hash) = 32),
  person_id uuid NOT NULL,
  fiscal_code text NOT NULL CHECK (fiscal_code ~ '^([A-Z0-9]{16}|[0-9]{11})$'),
  since timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT person_code_pkey PRIMARY KEY (municipality_id, fiscal_code_hash),
  CONSTRAINT person_code_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id)
);
COMMENT ON TABLE person_code IS 'Each code that SPID or CIE may send for a person: the one of today, and those of before that still open';
CREATE INDEX person_code_by_code ON person_code (municipality_id, fiscal_code);
CREATE INDEX person_code_by_hash ON person_code (fiscal_code_hash);
CREATE INDEX person_code_by_person ON person_code (municipality_id, person_id);
ALTER TABLE person_code ENABLE ROW LEVEL SECURITY;
CREATE POLICY person_code_read ON person_code FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR person_id = app_person()));
GRANT SELECT ON person_code TO refettorio_web;

-- person_merge ----------------------------------------------------------------------------------------
CREATE TABLE person_merge (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  kept_id uuid NOT NULL,
  gone_id uuid NOT NULL,
  fingerprint text NOT NULL,
  reason text NOT NULL CHECK (length(reason) >= 3 AND length(reason) <= 200),
  before jsonb NOT NULL,
  after_sums jsonb NOT NULL,
  done_at timestamptz NOT NULL DEFAULT app_now(),
  done_by uuid NOT NULL,
  undone_at timestamptz,
  undone_by uuid,
  CONSTRAINT person_merge_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT person_merge_municipality_id_done_by_fkey FOREIGN KEY (municipality_id, done_by) REFERENCES person(municipality_id, id),
  CONSTRAINT person_merge_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT person_merge_municipality_id_gone_id_fkey FOREIGN KEY (municipality_id, gone_id) REFERENCES person(municipality_id, id),
  CONSTRAINT person_merge_municipality_id_kept_id_fkey FOREIGN KEY (municipality_id, kept_id) REFERENCES person(municipality_id, id),
  CONSTRAINT person_merge_municipality_id_undone_by_fkey FOREIGN KEY (municipality_id, undone_by) REFERENCES person(municipality_id, id),
  CONSTRAINT person_merge_check CHECK (kept_id <> gone_id),
  CONSTRAINT person_merge_check1 CHECK (num_nulls(undone_at, undone_by) IN (0, 2))
);
COMMENT ON TABLE person_merge IS 'Two adults who are one person: the one that goes has no role any more, and keeps what it has done';
COMMENT ON COLUMN person_merge.before IS 'Names, codes and roles of both as they were, and what the act added';
COMMENT ON COLUMN person_merge.after_sums IS 'A sum over the same rows after it: undoing is refused where one is another now';
CREATE INDEX person_merge_by_kept ON person_merge (municipality_id, kept_id);
CREATE UNIQUE INDEX person_merge_gone ON person_merge (municipality_id, gone_id) WHERE undone_at IS NULL;
ALTER TABLE person_merge ENABLE ROW LEVEL SECURITY;
CREATE POLICY person_merge_scope ON person_merge TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (undone_at, undone_by) ON person_merge TO refettorio_web;

-- phone_change ----------------------------------------------------------------------------------------
CREATE TABLE phone_change (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  person_id uuid NOT NULL,
  phone text NOT NULL CHECK (phone ~ '^[+][1-9][0-9]{6,14}$'),
  code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
  attempts smallint NOT NULL DEFAULT 0 CHECK (attempts >= 0 AND attempts <= 5),
  created_at timestamptz NOT NULL DEFAULT app_now(),
  expires_at timestamptz NOT NULL,
  closed_at timestamptz,
  undelivered_at timestamptz,
  CONSTRAINT phone_change_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT phone_change_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id)
);
COMMENT ON TABLE phone_change IS 'A new number that waits for the code sent to it';
COMMENT ON COLUMN phone_change.undelivered_at IS 'When it became certain that the text did not leave: the number was refused, or it was not sent in time';
CREATE INDEX phone_change_by_age ON phone_change (municipality_id, created_at);
CREATE INDEX phone_change_by_person ON phone_change (municipality_id, person_id, created_at DESC);
ALTER TABLE phone_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY phone_change_looking ON phone_change AS RESTRICTIVE FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND NOT app_is_looking());
CREATE POLICY phone_change_scope ON phone_change TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND person_id = app_person()))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND person_id = app_person()));
GRANT INSERT, SELECT, UPDATE (attempts, closed_at, undelivered_at) ON phone_change TO refettorio_web;

-- protocol_series -------------------------------------------------------------------------------------
CREATE TABLE protocol_series (
  municipality_id uuid NOT NULL,
  year integer NOT NULL CHECK (year >= 2000 AND year <= 2199),
  last_number integer NOT NULL DEFAULT 0 CHECK (last_number >= 0),
  CONSTRAINT protocol_series_pkey PRIMARY KEY (municipality_id, year),
  CONSTRAINT protocol_series_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id)
);
COMMENT ON TABLE protocol_series IS 'Numbers without holes: the row stays locked until the request that took one is kept or undone';
ALTER TABLE protocol_series ENABLE ROW LEVEL SECURITY;
CREATE POLICY protocol_series_scope ON protocol_series TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT SELECT ON protocol_series TO refettorio_web;

-- provider_operation ----------------------------------------------------------------------------------
CREATE TABLE provider_operation (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  top_up_id uuid NOT NULL,
  provider text NOT NULL,
  operation_id text NOT NULL,
  type text NOT NULL,
  result text NOT NULL,
  amount_cents integer,
  currency text,
  operation_time text,
  seen_at timestamptz NOT NULL DEFAULT app_now(),
  amount_said text CHECK (length(amount_said) <= 40),
  CONSTRAINT provider_operation_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT provider_operation_municipality_id_provider_operation_id_re_key UNIQUE (municipality_id, provider, operation_id, result),
  CONSTRAINT provider_operation_municipality_id_top_up_id_fkey FOREIGN KEY (municipality_id, top_up_id) REFERENCES top_up(municipality_id, id)
);
COMMENT ON COLUMN provider_operation.amount_said IS 'An amount that amount_cents does not hold, as it was read; null where it does';
CREATE INDEX provider_operation_by_top_up ON provider_operation (municipality_id, top_up_id);
ALTER TABLE provider_operation ENABLE ROW LEVEL SECURITY;
CREATE POLICY provider_operation_scope ON provider_operation TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT ON provider_operation TO refettorio_web;

-- pupil -----------------------------------------------------------------------------------------------
CREATE TABLE pupil (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  household_id uuid NOT NULL,
  given_name text NOT NULL CHECK (given_name <> ''),
  family_name text NOT NULL CHECK (family_name <> ''),
  full_name text NOT NULL GENERATED ALWAYS AS ((given_name || ' ') || family_name) VIRTUAL,
  fiscal_code text CHECK (fiscal_code ~ '^([A-Z0-9]{16}|[0-9]{11})$'),
  birth_date date NOT NULL,
  search_key text NOT NULL GENERATED ALWAYS AS (search_key(given_name || family_name)) STORED,
  list_key text NOT NULL GENERATED ALWAYS AS ((search_key(family_name) || ' ') || search_key(given_name)) STORED,
  CONSTRAINT pupil_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT pupil_municipality_id_fiscal_code_key UNIQUE (municipality_id, fiscal_code),
  CONSTRAINT pupil_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id)
);
COMMENT ON COLUMN pupil.fiscal_code IS 'Sixteen characters, or eleven digits while it is provisional; null: none yet';
COMMENT ON COLUMN pupil.list_key IS 'Family name, then given name, as lists sort them: accents and capitals do not count';
CREATE INDEX pupil_by_grams ON pupil USING gin (search_grams(municipality_id, search_key)) WITH (gin_pending_list_limit='256');
CREATE INDEX pupil_by_household ON pupil (municipality_id, household_id);
CREATE INDEX pupil_by_name ON pupil (municipality_id, list_key, id);
CREATE INDEX pupil_without_code ON pupil (municipality_id) WHERE fiscal_code IS NULL;
CREATE TRIGGER pupil_key BEFORE UPDATE OF municipality_id, id, household_id ON pupil FOR EACH ROW WHEN (COALESCE(current_setting('app.merges_households', true), '') = '' OR new.municipality_id <> old.municipality_id OR new.id <> old.id) EXECUTE FUNCTION refuse_change('pupil');
CREATE TRIGGER pupil_no_delete BEFORE DELETE ON pupil FOR EACH ROW WHEN (COALESCE(current_setting('app.undoes_import', true), '') = '') EXECUTE FUNCTION refuse_change('pupil');
CREATE TRIGGER pupil_no_truncate BEFORE TRUNCATE ON pupil FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('pupil');
ALTER TABLE pupil ENABLE ROW LEVEL SECURITY;
CREATE POLICY pupil_add ON pupil FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY pupil_lock ON pupil FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (id = ANY (app_pupils()))))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (id = ANY (app_pupils()))));
CREATE POLICY pupil_read ON pupil FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (id = ANY (app_pupils()))));
GRANT INSERT, SELECT, UPDATE (full_name) ON pupil TO refettorio_web;

-- pupil_import ----------------------------------------------------------------------------------------
CREATE TABLE pupil_import (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  name text NOT NULL CHECK (length(name) >= 1 AND length(name) <= 120),
  form text NOT NULL CHECK (form IN ('csv', 'xlsx', 'html')),
  read_as text NOT NULL,
  size integer NOT NULL CHECK (size > 0),
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  content bytea,
  header_set text NOT NULL,
  mapping jsonb NOT NULL DEFAULT '{}'::jsonb,
  state text NOT NULL DEFAULT 'mapping' CHECK (state IN ('mapping', 'checking', 'checked', 'applying', 'applied', 'undoing', 'undone', 'discarded')),
  seen text,
  counts jsonb NOT NULL DEFAULT '{}'::jsonb,
  ignored jsonb NOT NULL DEFAULT '[]'::jsonb,
  unknown_classes jsonb NOT NULL DEFAULT '[]'::jsonb,
  stopped text,
  first_day date,
  uploaded_by uuid NOT NULL,
  uploaded_at timestamptz NOT NULL DEFAULT app_now(),
  acted_by uuid NOT NULL,
  applied_by uuid,
  applied_at timestamptz,
  undone_by uuid,
  undone_at timestamptz,
  CONSTRAINT pupil_import_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT pupil_import_municipality_id_acted_by_fkey FOREIGN KEY (municipality_id, acted_by) REFERENCES person(municipality_id, id),
  CONSTRAINT pupil_import_municipality_id_applied_by_fkey FOREIGN KEY (municipality_id, applied_by) REFERENCES person(municipality_id, id),
  CONSTRAINT pupil_import_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT pupil_import_municipality_id_undone_by_fkey FOREIGN KEY (municipality_id, undone_by) REFERENCES person(municipality_id, id),
  CONSTRAINT pupil_import_municipality_id_uploaded_by_fkey FOREIGN KEY (municipality_id, uploaded_by) REFERENCES person(municipality_id, id)
);
COMMENT ON COLUMN pupil_import.content IS 'The file; null from 30 days on, or when it was thrown away';
COMMENT ON COLUMN pupil_import.header_set IS 'The names of the columns in any order: by them the last mapping is proposed again';
COMMENT ON COLUMN pupil_import.mapping IS 'What each column is and what was answered for the whole file: no name of a person';
COMMENT ON COLUMN pupil_import.seen IS 'Fingerprint of the findings: applying is bound to what a person read';
COMMENT ON COLUMN pupil_import.stopped IS 'Why the last work on it ended without doing anything, in words';
COMMENT ON COLUMN pupil_import.first_day IS 'The first day from which an enrolment that it wrote holds';
COMMENT ON COLUMN pupil_import.acted_by IS 'For whom the worker works on it';
CREATE UNIQUE INDEX one_import_at_work ON pupil_import (municipality_id) WHERE state IN ('checking', 'applying', 'undoing');
CREATE INDEX pupil_import_by_age ON pupil_import (municipality_id, uploaded_at);
ALTER TABLE pupil_import ENABLE ROW LEVEL SECURITY;
CREATE POLICY pupil_import_scope ON pupil_import TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (content, mapping, state, seen, counts, ignored, unknown_classes, stopped, first_day, acted_by, applied_by, applied_at, undone_by, undone_at) ON pupil_import TO refettorio_web;

-- pupil_import_finding --------------------------------------------------------------------------------
CREATE TABLE pupil_import_finding (
  municipality_id uuid NOT NULL,
  import_id uuid NOT NULL,
  "position" integer NOT NULL CHECK ("position" >= 0),
  key text NOT NULL,
  lines integer[] NOT NULL,
  name text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('new', 'changed', 'doubtful', 'refused', 'gone', 'same')),
  words text[] NOT NULL,
  why text[] NOT NULL,
  household_id uuid,
  pupil_id uuid,
  decision text CHECK (decision IN ('take', 'skip')),
  CONSTRAINT pupil_import_finding_pkey PRIMARY KEY (municipality_id, import_id, "position"),
  CONSTRAINT pupil_import_finding_municipality_id_import_id_fkey FOREIGN KEY (municipality_id, import_id) REFERENCES pupil_import(municipality_id, id),
  CONSTRAINT pupil_import_finding_check CHECK (decision IS NULL OR verdict = 'doubtful')
);
CREATE INDEX pupil_import_finding_by_verdict ON pupil_import_finding (municipality_id, import_id, verdict, "position");
ALTER TABLE pupil_import_finding ENABLE ROW LEVEL SECURITY;
CREATE POLICY pupil_import_finding_scope ON pupil_import_finding TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT DELETE, INSERT, SELECT, UPDATE (decision) ON pupil_import_finding TO refettorio_web;

-- pupil_import_image ----------------------------------------------------------------------------------
CREATE TABLE pupil_import_image (
  municipality_id uuid NOT NULL,
  import_id uuid NOT NULL,
  table_name text NOT NULL CHECK (table_name IN ('household', 'person', 'household_member', 'pupil', 'account', 'enrolment', 'absence', 'fare_assignment')),
  row_id uuid NOT NULL,
  before jsonb,
  after_sum text NOT NULL,
  CONSTRAINT pupil_import_image_pkey PRIMARY KEY (municipality_id, import_id, table_name, row_id),
  CONSTRAINT pupil_import_image_municipality_id_import_id_fkey FOREIGN KEY (municipality_id, import_id) REFERENCES pupil_import(municipality_id, id)
);
COMMENT ON TABLE pupil_import_image IS 'What undoing an import compares and puts back: for enrolments and absences all rows of a pupil, under the pupil''s id';
COMMENT ON COLUMN pupil_import_image.before IS 'The rows before; null for a row that the import made';
ALTER TABLE pupil_import_image ENABLE ROW LEVEL SECURITY;
CREATE POLICY pupil_import_image_scope ON pupil_import_image TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT ON pupil_import_image TO refettorio_web;

-- pupil_import_progress -------------------------------------------------------------------------------
CREATE TABLE pupil_import_progress (
  municipality_id uuid NOT NULL,
  import_id uuid NOT NULL,
  done integer NOT NULL DEFAULT 0 CHECK (done >= 0),
  total integer NOT NULL DEFAULT 0 CHECK (total >= 0),
  stop_asked boolean NOT NULL DEFAULT false,
  CONSTRAINT pupil_import_progress_pkey PRIMARY KEY (municipality_id, import_id),
  CONSTRAINT pupil_import_progress_municipality_id_import_id_fkey FOREIGN KEY (municipality_id, import_id) REFERENCES pupil_import(municipality_id, id)
);
COMMENT ON TABLE pupil_import_progress IS 'How far the worker is: written beside its transaction, which shows nothing before its end';
ALTER TABLE pupil_import_progress ENABLE ROW LEVEL SECURITY;
CREATE POLICY pupil_import_progress_scope ON pupil_import_progress TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (done, total, stop_asked) ON pupil_import_progress TO refettorio_web;

-- pupil_merge -----------------------------------------------------------------------------------------
CREATE TABLE pupil_merge (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  kept_id uuid NOT NULL,
  gone_id uuid NOT NULL,
  fingerprint text NOT NULL,
  reason text NOT NULL CHECK (length(reason) >= 3 AND length(reason) <= 200),
  before jsonb NOT NULL,
  after_sums jsonb NOT NULL,
  done_at timestamptz NOT NULL DEFAULT app_now(),
  done_by uuid NOT NULL,
  undone_at timestamptz,
  undone_by uuid,
  CONSTRAINT pupil_merge_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT pupil_merge_municipality_id_done_by_fkey FOREIGN KEY (municipality_id, done_by) REFERENCES person(municipality_id, id),
  CONSTRAINT pupil_merge_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT pupil_merge_municipality_id_gone_id_fkey FOREIGN KEY (municipality_id, gone_id) REFERENCES pupil(municipality_id, id),
  CONSTRAINT pupil_merge_municipality_id_kept_id_fkey FOREIGN KEY (municipality_id, kept_id) REFERENCES pupil(municipality_id, id),
  CONSTRAINT pupil_merge_municipality_id_undone_by_fkey FOREIGN KEY (municipality_id, undone_by) REFERENCES person(municipality_id, id),
  CONSTRAINT pupil_merge_check CHECK (kept_id <> gone_id),
  CONSTRAINT pupil_merge_check1 CHECK (num_nulls(undone_at, undone_by) IN (0, 2))
);
COMMENT ON TABLE pupil_merge IS 'Two pupils who are one child: the one that goes eats no more, and keeps what it has eaten';
COMMENT ON COLUMN pupil_merge.before IS 'The rows that the act changed, as they were, what it added, and the first day of each service that no kitchen had counted';
COMMENT ON COLUMN pupil_merge.after_sums IS 'A sum over the same rows after it: undoing is refused where one is another now';
CREATE INDEX pupil_merge_by_kept ON pupil_merge (municipality_id, kept_id);
CREATE UNIQUE INDEX pupil_merge_gone ON pupil_merge (municipality_id, gone_id) WHERE undone_at IS NULL;
ALTER TABLE pupil_merge ENABLE ROW LEVEL SECURITY;
CREATE POLICY pupil_merge_scope ON pupil_merge TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (undone_at, undone_by) ON pupil_merge TO refettorio_web;

-- push_subscription -----------------------------------------------------------------------------------
CREATE TABLE push_subscription (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  person_id uuid NOT NULL,
  endpoint text NOT NULL CHECK (char_length(endpoint) <= 1000),
  p256dh text NOT NULL CHECK (char_length(p256dh) <= 100),
  auth text NOT NULL CHECK (char_length(auth) <= 40),
  device_name text NOT NULL CHECK (char_length(device_name) >= 1 AND char_length(device_name) <= 80),
  created_at timestamptz NOT NULL DEFAULT app_now(),
  last_sent_at timestamptz,
  ended_at timestamptz,
  end_reason text CHECK (end_reason IN ('revoked', 'gone', 'moved')),
  CONSTRAINT push_subscription_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT push_subscription_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id),
  CONSTRAINT push_subscription_check CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX push_subscription_by_endpoint ON push_subscription (endpoint) WHERE ended_at IS NULL;
CREATE INDEX push_subscription_by_person ON push_subscription (municipality_id, person_id) WHERE ended_at IS NULL;
CREATE INDEX push_subscription_names_person ON push_subscription (municipality_id, person_id);
CREATE UNIQUE INDEX push_subscription_open ON push_subscription (municipality_id, endpoint) WHERE ended_at IS NULL;
ALTER TABLE push_subscription ENABLE ROW LEVEL SECURITY;
CREATE POLICY push_subscription_looking ON push_subscription AS RESTRICTIVE FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND NOT app_is_looking());
CREATE POLICY push_subscription_scope ON push_subscription TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND person_id = app_person()))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND person_id = app_person()));
GRANT SELECT, UPDATE (last_sent_at, ended_at, end_reason) ON push_subscription TO refettorio_web;

-- questionnaire ---------------------------------------------------------------------------------------
CREATE TABLE questionnaire (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  title text NOT NULL CHECK (length(title) <= 160),
  intro text NOT NULL DEFAULT '' CHECK (length(intro) <= 2000),
  per text NOT NULL CHECK (per IN ('child', 'household')),
  anonymous boolean NOT NULL,
  shows_results boolean NOT NULL,
  school_ids uuid[] NOT NULL DEFAULT '{}'::uuid[],
  class_ids uuid[] NOT NULL DEFAULT '{}'::uuid[],
  opens_at timestamptz,
  closes_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  saved_by uuid NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT app_now(),
  published_at timestamptz,
  published_by uuid,
  announced_at timestamptz,
  reminded_at timestamptz,
  ended_early_at timestamptz,
  settled_at timestamptz,
  asked_total integer,
  answered_total integer,
  CONSTRAINT questionnaire_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT questionnaire_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT questionnaire_municipality_id_published_by_fkey FOREIGN KEY (municipality_id, published_by) REFERENCES person(municipality_id, id),
  CONSTRAINT questionnaire_municipality_id_saved_by_fkey FOREIGN KEY (municipality_id, saved_by) REFERENCES person(municipality_id, id),
  CONSTRAINT questionnaire_check CHECK ((published_at IS NULL) = (published_by IS NULL)),
  CONSTRAINT questionnaire_check1 CHECK (published_at IS NULL OR opens_at IS NOT NULL AND closes_at > opens_at AND title <> '')
);
COMMENT ON COLUMN questionnaire.school_ids IS 'With class_ids: for whom; both empty: for everybody';
COMMENT ON COLUMN questionnaire.settled_at IS 'Closed, mixed for the last time, and its totals counted';
CREATE TRIGGER questionnaire_kept BEFORE UPDATE ON questionnaire FOR EACH ROW EXECUTE FUNCTION keep_published_questionnaire();
ALTER TABLE questionnaire ENABLE ROW LEVEL SECURITY;
CREATE POLICY questionnaire_add ON questionnaire FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY questionnaire_change ON questionnaire FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY questionnaire_drop ON questionnaire FOR DELETE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')) AND published_at IS NULL);
CREATE POLICY questionnaire_read ON questionnaire FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND published_at IS NOT NULL AND opens_at <= app_now()));
GRANT DELETE, INSERT, SELECT, UPDATE ON questionnaire TO refettorio_web;

-- questionnaire_answer --------------------------------------------------------------------------------
CREATE TABLE questionnaire_answer (
  municipality_id uuid NOT NULL,
  slip uuid NOT NULL DEFAULT gen_random_uuid(),
  questionnaire_id uuid NOT NULL,
  question_id uuid NOT NULL,
  part uuid,
  chosen smallint[],
  words text CHECK (words <> '' AND length(words) <= 2000),
  mixed boolean NOT NULL DEFAULT false,
  CONSTRAINT questionnaire_answer_pkey PRIMARY KEY (municipality_id, slip),
  CONSTRAINT questionnaire_answer_municipality_id_part_question_id_key UNIQUE (municipality_id, part, question_id),
  CONSTRAINT questionnaire_answer_municipality_id_part_fkey FOREIGN KEY (municipality_id, part) REFERENCES questionnaire_part(municipality_id, part),
  CONSTRAINT questionnaire_answer_municipality_id_question_id_fkey FOREIGN KEY (municipality_id, question_id) REFERENCES questionnaire_question(municipality_id, id),
  CONSTRAINT questionnaire_answer_municipality_id_questionnaire_id_fkey FOREIGN KEY (municipality_id, questionnaire_id) REFERENCES questionnaire(municipality_id, id),
  CONSTRAINT questionnaire_answer_check CHECK ((chosen IS NULL) <> (words IS NULL))
);
COMMENT ON COLUMN questionnaire_answer.part IS 'Whose answer it is; always null in an anonymous questionnaire';
COMMENT ON COLUMN questionnaire_answer.chosen IS 'Places of the chosen options from 0, or the one step of a scale from 1';
CREATE INDEX questionnaire_answer_by_question ON questionnaire_answer (municipality_id, questionnaire_id, question_id);
CREATE TRIGGER questionnaire_answer_apart BEFORE INSERT OR UPDATE ON questionnaire_answer FOR EACH ROW WHEN (new.part IS NOT NULL) EXECUTE FUNCTION keep_answers_apart();
ALTER TABLE questionnaire_answer ENABLE ROW LEVEL SECURITY;
CREATE POLICY questionnaire_answer_add ON questionnaire_answer FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'family' AND (questionnaire_id = ANY (app_open_questionnaires()))
    AND (part IS NULL AND (questionnaire_id = ANY (app_anonymous_questionnaires())) OR (part = ANY (app_questionnaire_parts()))));
CREATE POLICY questionnaire_answer_read ON questionnaire_answer FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) AND (part IS NOT NULL
    OR (questionnaire_id = ANY (app_closed_questionnaires()))) OR (part = ANY (app_questionnaire_parts()))));
CREATE POLICY questionnaire_answer_replace ON questionnaire_answer FOR DELETE TO refettorio_web
  USING (municipality_id = app_municipality() AND (questionnaire_id = ANY (app_open_questionnaires()))
    AND (part = ANY (app_questionnaire_parts())));
GRANT DELETE, INSERT, SELECT ON questionnaire_answer TO refettorio_web;

-- questionnaire_part ----------------------------------------------------------------------------------
CREATE TABLE questionnaire_part (
  municipality_id uuid NOT NULL,
  part uuid NOT NULL DEFAULT gen_random_uuid(),
  questionnaire_id uuid NOT NULL,
  household_id uuid NOT NULL,
  pupil_id uuid,
  person_id uuid,
  answered_at timestamptz,
  mixed boolean NOT NULL DEFAULT false,
  CONSTRAINT questionnaire_part_pkey PRIMARY KEY (municipality_id, part),
  CONSTRAINT questionnaire_part_municipality_id_questionnaire_id_househo_key UNIQUE NULLS NOT DISTINCT (municipality_id, questionnaire_id, household_id, pupil_id),
  CONSTRAINT questionnaire_part_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT questionnaire_part_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id),
  CONSTRAINT questionnaire_part_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id),
  CONSTRAINT questionnaire_part_municipality_id_questionnaire_id_fkey FOREIGN KEY (municipality_id, questionnaire_id) REFERENCES questionnaire(municipality_id, id),
  CONSTRAINT questionnaire_part_check CHECK ((person_id IS NULL) = (answered_at IS NULL))
);
COMMENT ON TABLE questionnaire_part IS 'Who has answered; of an anonymous questionnaire neither which parent nor when';
COMMENT ON COLUMN questionnaire_part.part IS 'Random, never UUIDv7: an id must not tell the moment';
CREATE INDEX questionnaire_part_names_household ON questionnaire_part (municipality_id, household_id);
CREATE INDEX questionnaire_part_names_person ON questionnaire_part (municipality_id, person_id) WHERE person_id IS NOT NULL;
CREATE INDEX questionnaire_part_names_pupil ON questionnaire_part (municipality_id, pupil_id) WHERE pupil_id IS NOT NULL;
CREATE TRIGGER questionnaire_part_apart BEFORE INSERT OR UPDATE ON questionnaire_part FOR EACH ROW WHEN (new.person_id IS NOT NULL) EXECUTE FUNCTION keep_answers_apart();
ALTER TABLE questionnaire_part ENABLE ROW LEVEL SECURITY;
CREATE POLICY questionnaire_part_add ON questionnaire_part FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (household_id = ANY (app_households())) AND (pupil_id IS NULL
    OR (pupil_id = ANY (app_pupils()))) AND (questionnaire_id = ANY (app_open_questionnaires())));
CREATE POLICY questionnaire_part_change ON questionnaire_part FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (household_id = ANY (app_households())) AND (pupil_id IS NULL
    OR (pupil_id = ANY (app_pupils()))) AND person_id = app_person())
  WITH CHECK (municipality_id = app_municipality() AND (household_id = ANY (app_households())) AND (pupil_id IS NULL
    OR (pupil_id = ANY (app_pupils()))) AND person_id = app_person() AND (questionnaire_id = ANY (app_open_questionnaires())));
CREATE POLICY questionnaire_part_read ON questionnaire_part FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (household_id = ANY (app_households()))
    AND (pupil_id IS NULL OR (pupil_id = ANY (app_pupils())))));
GRANT INSERT, SELECT, UPDATE (answered_at) ON questionnaire_part TO refettorio_web;

-- questionnaire_question ------------------------------------------------------------------------------
CREATE TABLE questionnaire_question (
  municipality_id uuid NOT NULL,
  questionnaire_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  "position" integer NOT NULL CHECK ("position" >= 0),
  kind text NOT NULL CHECK (kind IN ('one', 'several', 'scale', 'text')),
  words text NOT NULL CHECK (length(words) <= 300),
  required boolean NOT NULL,
  options text[] NOT NULL DEFAULT '{}'::text[] CHECK (cardinality(options) <= 20),
  low_label text NOT NULL DEFAULT '' CHECK (length(low_label) <= 60),
  high_label text NOT NULL DEFAULT '' CHECK (length(high_label) <= 60),
  CONSTRAINT questionnaire_question_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT questionnaire_question_municipality_id_questionnaire_id_pos_key UNIQUE (municipality_id, questionnaire_id, "position"),
  CONSTRAINT questionnaire_question_municipality_id_questionnaire_id_fkey FOREIGN KEY (municipality_id, questionnaire_id) REFERENCES questionnaire(municipality_id, id) ON DELETE CASCADE
);
CREATE TRIGGER questionnaire_question_kept BEFORE INSERT OR DELETE OR UPDATE ON questionnaire_question FOR EACH ROW EXECUTE FUNCTION keep_published_question();
ALTER TABLE questionnaire_question ENABLE ROW LEVEL SECURITY;
CREATE POLICY questionnaire_question_add ON questionnaire_question FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY questionnaire_question_drop ON questionnaire_question FOR DELETE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY questionnaire_question_read ON questionnaire_question FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR app_audience() = 'family'
    AND (questionnaire_id = ANY (app_begun_questionnaires()))));
GRANT DELETE, INSERT, SELECT ON questionnaire_question TO refettorio_web;

-- refund_case -----------------------------------------------------------------------------------------
CREATE TABLE refund_case (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  account_id uuid NOT NULL,
  household_id uuid NOT NULL,
  service_id uuid NOT NULL,
  cause text NOT NULL CHECK (cause IN ('ended', 'rollover', 'late')),
  rollover_id uuid,
  left_on date NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT app_now(),
  opened_by uuid,
  opened_cents bigint NOT NULL CHECK (opened_cents > 0),
  taken_at timestamptz,
  taken_by uuid,
  decision text CHECK (decision IN ('refund', 'keep', 'sibling')),
  decided_at timestamptz,
  decided_by uuid,
  decided_cents bigint CHECK (decided_cents > 0),
  reason text CHECK (length(reason) >= 3 AND length(reason) <= 300),
  to_account_id uuid,
  closed_at timestamptz,
  closed_by uuid,
  closed_why text CHECK (closed_why IN ('settled', 'returned', 'said')),
  revision integer NOT NULL DEFAULT 1,
  CONSTRAINT refund_case_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT refund_case_municipality_id_account_id_fkey FOREIGN KEY (municipality_id, account_id) REFERENCES account(municipality_id, id),
  CONSTRAINT refund_case_municipality_id_closed_by_fkey FOREIGN KEY (municipality_id, closed_by) REFERENCES person(municipality_id, id),
  CONSTRAINT refund_case_municipality_id_decided_by_fkey FOREIGN KEY (municipality_id, decided_by) REFERENCES person(municipality_id, id),
  CONSTRAINT refund_case_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT refund_case_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT refund_case_municipality_id_opened_by_fkey FOREIGN KEY (municipality_id, opened_by) REFERENCES person(municipality_id, id),
  CONSTRAINT refund_case_municipality_id_rollover_id_fkey FOREIGN KEY (municipality_id, rollover_id) REFERENCES year_rollover(municipality_id, id),
  CONSTRAINT refund_case_municipality_id_service_id_fkey FOREIGN KEY (municipality_id, service_id) REFERENCES service(municipality_id, id),
  CONSTRAINT refund_case_municipality_id_taken_by_fkey FOREIGN KEY (municipality_id, taken_by) REFERENCES person(municipality_id, id),
  CONSTRAINT refund_case_municipality_id_to_account_id_fkey FOREIGN KEY (municipality_id, to_account_id) REFERENCES account(municipality_id, id),
  CONSTRAINT refund_case_check CHECK ((cause = 'rollover') = (rollover_id IS NOT NULL)),
  CONSTRAINT refund_case_check1 CHECK (num_nulls(taken_at, taken_by) IN (0, 2)),
  CONSTRAINT refund_case_check2 CHECK (num_nulls(decision, decided_at, decided_by, decided_cents, reason) IN (0, 5)),
  CONSTRAINT refund_case_check3 CHECK ((NOT decision IS DISTINCT FROM 'sibling') = (to_account_id IS NOT NULL)),
  CONSTRAINT refund_case_check4 CHECK (to_account_id <> account_id),
  CONSTRAINT refund_case_check5 CHECK ((closed_at IS NULL) = (closed_why IS NULL)),
  CONSTRAINT refund_case_check6 CHECK ((NOT closed_why IS DISTINCT FROM 'said') = (closed_by IS NOT NULL)),
  CONSTRAINT refund_case_opened_by_check CHECK (opened_by IS NOT NULL OR cause <> 'ended')
);
COMMENT ON TABLE refund_case IS 'A credit of a household that left a service: whether it is given back, kept or moved is decided once; no money moves by it';
COMMENT ON COLUMN refund_case.left_on IS 'The last day on which a pupil of the household is enrolled in the service: until then the balance moves';
COMMENT ON COLUMN refund_case.opened_by IS 'Null: the portal, when a credit arose after the family had left';
COMMENT ON COLUMN refund_case.to_account_id IS 'Where the credit is to go: an account of the same family or of a person of it';
COMMENT ON COLUMN refund_case.closed_why IS 'settled: nothing is left; returned: a pupil is enrolled again; said: the family said that it comes back';
CREATE INDEX refund_case_by_household ON refund_case (municipality_id, household_id, service_id);
CREATE INDEX refund_case_by_rollover ON refund_case (municipality_id, rollover_id) WHERE rollover_id IS NOT NULL;
CREATE INDEX refund_case_names_account ON refund_case (municipality_id, account_id);
CREATE INDEX refund_case_names_closed_by ON refund_case (municipality_id, closed_by) WHERE closed_by IS NOT NULL;
CREATE INDEX refund_case_names_decided_by ON refund_case (municipality_id, decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX refund_case_names_opened_by ON refund_case (municipality_id, opened_by);
CREATE INDEX refund_case_names_taken_by ON refund_case (municipality_id, taken_by) WHERE taken_by IS NOT NULL;
CREATE INDEX refund_case_names_to_account ON refund_case (municipality_id, to_account_id) WHERE to_account_id IS NOT NULL;
CREATE UNIQUE INDEX refund_case_one ON refund_case (municipality_id, account_id) WHERE closed_at IS NULL;
CREATE INDEX refund_case_waiting ON refund_case (municipality_id, opened_at) WHERE closed_at IS NULL AND decision IS NULL;
ALTER TABLE refund_case ENABLE ROW LEVEL SECURITY;
CREATE POLICY refund_case_decide ON refund_case FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY refund_case_open ON refund_case FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')) AND decision IS NULL AND closed_at IS NULL);
CREATE POLICY refund_case_read ON refund_case FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY refund_case_take_back ON refund_case FOR DELETE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')) AND rollover_id IS NOT NULL AND decision IS NULL);
GRANT DELETE, INSERT, SELECT, UPDATE (left_on, taken_at, taken_by, decision, decided_at, decided_by, decided_cents, reason, to_account_id, closed_at, closed_by, closed_why, revision) ON refund_case TO refettorio_web;

-- remembered_device -----------------------------------------------------------------------------------
CREATE TABLE remembered_device (
  id uuid NOT NULL DEFAULT uuidv7(),
  citizen_id uuid NOT NULL,
  municipality_id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  method text NOT NULL CHECK (method IN ('spid', 'cie')),
  level smallint NOT NULL CHECK (level >= 2 AND level <= 3),
  authenticated_at timestamptz NOT NULL,
  series_hash bytea NOT NULL CHECK (octet_length(series_hash) = 32),
  secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
  previous_secret_hash bytea CHECK (octet_length(previous_secret_hash) = 32),
  rotated_at timestamptz NOT NULL DEFAULT app_now(),
  sequence_salt bytea CHECK (octet_length(sequence_salt) = 16),
  sequence_hash bytea CHECK (octet_length(sequence_hash) = 32),
  failures smallint NOT NULL DEFAULT 0 CHECK (failures >= 0 AND failures <= 5),
  attempted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  last_used_at timestamptz NOT NULL DEFAULT app_now(),
  revoked_at timestamptz,
  revoke_reason text CHECK (revoke_reason IN ('owner', 'forgotten', 'everywhere', 'failures', 'copied', 'idle', 'replaced', 'code-closed')),
  CONSTRAINT remembered_device_pkey PRIMARY KEY (id),
  CONSTRAINT remembered_device_series_hash_key UNIQUE (series_hash),
  CONSTRAINT remembered_device_citizen_id_fkey FOREIGN KEY (citizen_id) REFERENCES citizen(id),
  CONSTRAINT remembered_device_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT remembered_device_check CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL)),
  CONSTRAINT remembered_device_check1 CHECK ((sequence_hash IS NULL) = (sequence_salt IS NULL))
);
COMMENT ON COLUMN remembered_device.authenticated_at IS 'The full SPID or CIE sign-in in which the citizen asked to be remembered';
COMMENT ON COLUMN remembered_device.series_hash IS 'SHA-256 of the part of the cookie that stays: it names the device';
COMMENT ON COLUMN remembered_device.secret_hash IS 'SHA-256 of the part of the cookie that changes at each unlock: an old one means that the cookie was copied';
COMMENT ON COLUMN remembered_device.sequence_hash IS 'argon2id of HMAC(pepper, sequence): never the sequence';
COMMENT ON COLUMN remembered_device.failures IS 'Attempts begun since the last good one: counted before they are judged';
CREATE INDEX remembered_device_by_citizen ON remembered_device (citizen_id) WHERE revoked_at IS NULL;
GRANT INSERT, SELECT, UPDATE (secret_hash, previous_secret_hash, rotated_at, sequence_salt, sequence_hash, failures, attempted_at, last_used_at, revoked_at, revoke_reason) ON remembered_device TO refettorio_web;

-- role_notice -----------------------------------------------------------------------------------------
CREATE TABLE role_notice (
  municipality_id uuid NOT NULL,
  role_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('begins', 'ends-soon', 'ended')),
  day date NOT NULL,
  told_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT role_notice_pkey PRIMARY KEY (municipality_id, role_id, kind, day),
  CONSTRAINT role_notice_municipality_id_role_id_fkey FOREIGN KEY (municipality_id, role_id) REFERENCES staff_member(municipality_id, id)
);
COMMENT ON TABLE role_notice IS 'Of which day of a role its colleague was told, once, also where there was no address to write to';
COMMENT ON COLUMN role_notice.day IS 'The first day of the role, or the last: an end that is moved is told again';
ALTER TABLE role_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY role_notice_scope ON role_notice TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT ON role_notice TO refettorio_web;

-- school ----------------------------------------------------------------------------------------------
CREATE TABLE school (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('infanzia', 'primaria', 'secondaria')),
  street text NOT NULL,
  mechanographic_code text CHECK (mechanographic_code ~ '^[A-Z]{4}[A-Z0-9]{6}$'),
  valid_to date,
  revision integer NOT NULL DEFAULT 1,
  updated_by uuid,
  CONSTRAINT school_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT school_municipality_id_name_key UNIQUE (municipality_id, name),
  CONSTRAINT school_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT school_municipality_id_updated_by_fkey FOREIGN KEY (municipality_id, updated_by) REFERENCES person(municipality_id, id)
);
COMMENT ON COLUMN school.mechanographic_code IS 'How the ministry calls it; null where it is not written';
COMMENT ON COLUMN school.valid_to IS 'The last day on which it has the canteen; null while it has none';
CREATE INDEX school_names_updated_by ON school (municipality_id, updated_by) WHERE updated_by IS NOT NULL;
ALTER TABLE school ENABLE ROW LEVEL SECURITY;
CREATE POLICY school_add ON school FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY school_change ON school FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY school_read ON school FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality());
GRANT INSERT, SELECT, UPDATE (name, kind, street, mechanographic_code, valid_to, revision, updated_by) ON school TO refettorio_web;

-- school_class ----------------------------------------------------------------------------------------
CREATE TABLE school_class (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  school_id uuid NOT NULL,
  school_year_id uuid NOT NULL,
  name text NOT NULL,
  valid_to date,
  revision integer NOT NULL DEFAULT 1,
  updated_by uuid,
  CONSTRAINT school_class_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT school_class_municipality_id_school_id_id_key UNIQUE (municipality_id, school_id, id),
  CONSTRAINT school_class_municipality_id_school_id_school_year_id_name_key UNIQUE (municipality_id, school_id, school_year_id, name),
  CONSTRAINT school_class_municipality_id_school_id_fkey FOREIGN KEY (municipality_id, school_id) REFERENCES school(municipality_id, id),
  CONSTRAINT school_class_municipality_id_school_year_id_fkey FOREIGN KEY (municipality_id, school_year_id) REFERENCES school_year(municipality_id, id),
  CONSTRAINT school_class_municipality_id_updated_by_fkey FOREIGN KEY (municipality_id, updated_by) REFERENCES person(municipality_id, id)
);
COMMENT ON COLUMN school_class.valid_to IS 'The last day on which a pupil may be enrolled in it; null: to the end of its school year';
CREATE INDEX school_class_names_updated_by ON school_class (municipality_id, updated_by) WHERE updated_by IS NOT NULL;
ALTER TABLE school_class ENABLE ROW LEVEL SECURITY;
CREATE POLICY school_class_add ON school_class FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY school_class_change ON school_class FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY school_class_read ON school_class FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality());
GRANT INSERT, SELECT, UPDATE (name, valid_to, revision, updated_by) ON school_class TO refettorio_web;

-- school_year -----------------------------------------------------------------------------------------
CREATE TABLE school_year (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  name text NOT NULL CHECK (name ~ '^[0-9]{4}/[0-9]{4}$'),
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  revision integer NOT NULL DEFAULT 1,
  updated_by uuid,
  CONSTRAINT school_year_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT school_year_municipality_id_name_key UNIQUE (municipality_id, name),
  CONSTRAINT school_year_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT school_year_municipality_id_updated_by_fkey FOREIGN KEY (municipality_id, updated_by) REFERENCES person(municipality_id, id),
  CONSTRAINT school_year_check CHECK (starts_on < ends_on)
);
ALTER TABLE school_year ENABLE ROW LEVEL SECURITY;
CREATE POLICY school_year_add ON school_year FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY school_year_change ON school_year FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY school_year_read ON school_year FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality());
GRANT INSERT, SELECT, UPDATE (starts_on, ends_on, revision, updated_by) ON school_year TO refettorio_web;

-- service ---------------------------------------------------------------------------------------------
CREATE TABLE service (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  code text NOT NULL CHECK (code ~ '^[a-z-]+$'),
  name text NOT NULL,
  active boolean NOT NULL DEFAULT true,
  tariff_revision integer NOT NULL DEFAULT 0,
  tariff_changed_by uuid,
  valid_to date,
  is_cooked boolean NOT NULL DEFAULT true,
  revision integer NOT NULL DEFAULT 1,
  updated_by uuid,
  CONSTRAINT service_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT service_municipality_id_code_key UNIQUE (municipality_id, code),
  CONSTRAINT service_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT service_municipality_id_tariff_changed_by_fkey FOREIGN KEY (municipality_id, tariff_changed_by) REFERENCES person(municipality_id, id),
  CONSTRAINT service_municipality_id_updated_by_fkey FOREIGN KEY (municipality_id, updated_by) REFERENCES person(municipality_id, id)
);
COMMENT ON COLUMN service.valid_to IS 'The last day on which it is given; null while it has no end';
COMMENT ON COLUMN service.is_cooked IS 'A kitchen prepares something for it: its meals are in the count';
ALTER TABLE service ENABLE ROW LEVEL SECURITY;
CREATE POLICY service_add ON service FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'staff');
CREATE POLICY service_read ON service FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality());
CREATE POLICY service_tariffs ON service FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (name, tariff_revision, tariff_changed_by, valid_to, revision, updated_by) ON service TO refettorio_web;

-- service_day -----------------------------------------------------------------------------------------
CREATE TABLE service_day (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  service_id uuid NOT NULL,
  school_id uuid NOT NULL,
  day date NOT NULL,
  cutoff_at timestamptz NOT NULL,
  close_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed', 'suspended')),
  closed_at timestamptz,
  closure_id uuid,
  CONSTRAINT service_day_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT service_day_municipality_id_id_day_key UNIQUE (municipality_id, id, day),
  CONSTRAINT service_day_municipality_id_service_id_school_id_day_key UNIQUE (municipality_id, service_id, school_id, day),
  CONSTRAINT service_day_municipality_id_closure_id_fkey FOREIGN KEY (municipality_id, closure_id) REFERENCES closure(municipality_id, id),
  CONSTRAINT service_day_municipality_id_school_id_fkey FOREIGN KEY (municipality_id, school_id) REFERENCES school(municipality_id, id),
  CONSTRAINT service_day_municipality_id_service_id_fkey FOREIGN KEY (municipality_id, service_id) REFERENCES service(municipality_id, id),
  CONSTRAINT service_day_check CHECK (close_at >= cutoff_at),
  CONSTRAINT service_day_check1 CHECK (status <> 'closed' OR closed_at IS NOT NULL),
  CONSTRAINT service_day_check2 CHECK ((status = 'suspended') = (closure_id IS NOT NULL))
);
COMMENT ON COLUMN service_day.cutoff_at IS 'Changes are accepted strictly before this instant';
COMMENT ON COLUMN service_day.close_at IS 'The worker closes the day from this instant on (cutoff plus a few seconds of grace)';
CREATE INDEX service_day_by_cutoff ON service_day (municipality_id, cutoff_at) WHERE status = 'open';
CREATE INDEX service_day_by_day ON service_day (municipality_id, day, service_id);
CREATE INDEX service_day_counted ON service_day (municipality_id, service_id, day) WHERE status = 'closed';
CREATE INDEX service_day_due ON service_day (close_at) WHERE status = 'open';
CREATE INDEX service_day_open ON service_day (municipality_id, close_at) WHERE status = 'open';
CREATE TRIGGER service_day_forward BEFORE UPDATE ON service_day FOR EACH ROW EXECUTE FUNCTION service_day_moves_forward();
ALTER TABLE service_day ENABLE ROW LEVEL SECURITY;
CREATE POLICY service_day_scope ON service_day TO refettorio_web
  USING (municipality_id = app_municipality() AND true)
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE ON service_day TO refettorio_web;

-- service_rule ----------------------------------------------------------------------------------------
CREATE TABLE service_rule (
  municipality_id uuid NOT NULL,
  service_id uuid NOT NULL,
  valid_from date NOT NULL,
  cancelled_by text NOT NULL CHECK (cancelled_by IN ('holder', 'all')),
  decided_by uuid,
  decided_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT service_rule_pkey PRIMARY KEY (municipality_id, service_id, valid_from),
  CONSTRAINT service_rule_municipality_id_decided_by_fkey FOREIGN KEY (municipality_id, decided_by) REFERENCES person(municipality_id, id),
  CONSTRAINT service_rule_municipality_id_service_id_fkey FOREIGN KEY (municipality_id, service_id) REFERENCES service(municipality_id, id)
);
COMMENT ON TABLE service_rule IS 'Who of a household may cancel a meal of a day, from a day on; without a row: holder and delegates';
ALTER TABLE service_rule ENABLE ROW LEVEL SECURITY;
CREATE POLICY service_rule_add ON service_rule FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'staff' AND valid_from >= app_today());
CREATE POLICY service_rule_end ON service_rule FOR DELETE TO refettorio_web
  USING (municipality_id = app_municipality() AND app_audience() = 'staff' AND valid_from >= app_today());
CREATE POLICY service_rule_read ON service_rule FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality());
GRANT DELETE, INSERT, SELECT ON service_rule TO refettorio_web;

-- service_schedule ------------------------------------------------------------------------------------
CREATE TABLE service_schedule (
  municipality_id uuid NOT NULL,
  service_id uuid NOT NULL,
  school_id uuid NOT NULL,
  school_year_id uuid NOT NULL,
  weekdays smallint[] NOT NULL CHECK (weekdays <@ ARRAY[1::smallint, 2::smallint, 3::smallint, 4::smallint, 5::smallint, 6::smallint, 7::smallint] AND cardinality(weekdays) > 0),
  cutoff_time time NOT NULL,
  cutoff_days_before smallint NOT NULL DEFAULT 0 CHECK (cutoff_days_before >= 0 AND cutoff_days_before <= 30),
  grace_seconds smallint NOT NULL DEFAULT 3 CHECK (grace_seconds >= 0 AND grace_seconds <= 60),
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  next_from date,
  next_weekdays smallint[] CHECK (next_weekdays <@ ARRAY[1::smallint, 2::smallint, 3::smallint, 4::smallint, 5::smallint, 6::smallint, 7::smallint] AND cardinality(next_weekdays) > 0),
  next_cutoff_time time,
  next_cutoff_days_before smallint CHECK (next_cutoff_days_before >= 0 AND next_cutoff_days_before <= 30),
  served_weekdays smallint[] NOT NULL DEFAULT '{}'::smallint[] CHECK (served_weekdays <@ ARRAY[1::smallint, 2::smallint, 3::smallint, 4::smallint, 5::smallint, 6::smallint, 7::smallint]),
  revision integer NOT NULL DEFAULT 1,
  updated_by uuid,
  CONSTRAINT service_schedule_pkey PRIMARY KEY (municipality_id, service_id, school_id, school_year_id),
  CONSTRAINT service_schedule_municipality_id_school_id_fkey FOREIGN KEY (municipality_id, school_id) REFERENCES school(municipality_id, id),
  CONSTRAINT service_schedule_municipality_id_school_year_id_fkey FOREIGN KEY (municipality_id, school_year_id) REFERENCES school_year(municipality_id, id),
  CONSTRAINT service_schedule_municipality_id_service_id_fkey FOREIGN KEY (municipality_id, service_id) REFERENCES service(municipality_id, id),
  CONSTRAINT service_schedule_municipality_id_updated_by_fkey FOREIGN KEY (municipality_id, updated_by) REFERENCES person(municipality_id, id),
  CONSTRAINT service_schedule_check CHECK (starts_on <= ends_on),
  CONSTRAINT service_schedule_check1 CHECK (num_nulls(next_from, next_weekdays, next_cutoff_time, next_cutoff_days_before) IN (0, 4)),
  CONSTRAINT service_schedule_check2 CHECK (next_from >= starts_on AND next_from <= ends_on)
);
COMMENT ON COLUMN service_schedule.weekdays IS 'ISO weekdays, 1 Monday to 7 Sunday, on which the service is given';
COMMENT ON COLUMN service_schedule.cutoff_time IS 'Wall clock in Europe/Rome';
COMMENT ON COLUMN service_schedule.next_from IS 'From this day on the week and the cutoff are those of the columns next_*; null while no change was decided';
COMMENT ON COLUMN service_schedule.served_weekdays IS 'Weekdays of earlier changes of this school year: the calendar shows them still';
CREATE INDEX service_schedule_names_updated_by ON service_schedule (municipality_id, updated_by) WHERE updated_by IS NOT NULL;
ALTER TABLE service_schedule ENABLE ROW LEVEL SECURITY;
CREATE POLICY service_schedule_add ON service_schedule FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY service_schedule_change ON service_schedule FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
CREATE POLICY service_schedule_read ON service_schedule FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality());
GRANT INSERT, SELECT, UPDATE (weekdays, cutoff_time, cutoff_days_before, starts_on, ends_on, next_from, next_weekdays, next_cutoff_time, next_cutoff_days_before, served_weekdays, revision, updated_by) ON service_schedule TO refettorio_web;

-- session ---------------------------------------------------------------------------------------------
CREATE TABLE session (
  id uuid NOT NULL DEFAULT uuidv7(),
  token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
  citizen_id uuid NOT NULL,
  method text NOT NULL CHECK (method IN ('spid', 'cie')),
  level smallint NOT NULL CHECK (level >= 2 AND level <= 3),
  authenticated_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  last_seen_at timestamptz NOT NULL DEFAULT app_now(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  end_reason text CHECK (end_reason IN ('signed_out', 'signed_out_everywhere', 'idle', 'expired', 'revoked')),
  device text NOT NULL DEFAULT '',
  opened_with text NOT NULL DEFAULT 'identity' CHECK (opened_with IN ('identity', 'sequence', 'passkey')),
  device_id uuid,
  CONSTRAINT session_pkey PRIMARY KEY (id),
  CONSTRAINT session_token_hash_key UNIQUE (token_hash),
  CONSTRAINT session_citizen_id_fkey FOREIGN KEY (citizen_id) REFERENCES citizen(id),
  CONSTRAINT session_device_id_fkey FOREIGN KEY (device_id) REFERENCES remembered_device(id),
  CONSTRAINT session_check CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
  CONSTRAINT session_check1 CHECK ((opened_with = 'identity') = (device_id IS NULL))
);
COMMENT ON COLUMN session.opened_with IS 'identity: SPID or CIE; otherwise what unlocked a remembered device, and method, level, authenticated_at are those of the sign-in behind it';
CREATE INDEX session_by_age ON session (created_at);
CREATE INDEX session_by_citizen ON session (citizen_id) WHERE ended_at IS NULL;
CREATE INDEX session_by_device ON session (device_id) WHERE ended_at IS NULL;
GRANT INSERT, SELECT, UPDATE (ended_at, end_reason) ON session TO refettorio_web;

-- sign_in_event ---------------------------------------------------------------------------------------
CREATE TABLE sign_in_event (
  id uuid NOT NULL DEFAULT uuidv7(),
  occurred_at timestamptz NOT NULL DEFAULT app_now(),
  municipality_slug text,
  citizen_id uuid,
  session_id uuid,
  method text,
  level smallint,
  outcome text NOT NULL,
  CONSTRAINT sign_in_event_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE sign_in_event IS 'Every sign-in, refusal and sign-out. Kept 24 months. No fiscal codes, names, tokens or addresses.';
CREATE INDEX sign_in_event_by_citizen ON sign_in_event (citizen_id, occurred_at DESC);
CREATE INDEX sign_in_event_by_time ON sign_in_event (occurred_at);
CREATE TRIGGER sign_in_event_append_only BEFORE DELETE OR UPDATE ON sign_in_event FOR EACH ROW EXECUTE FUNCTION refuse_change_but_forget('sign_in_event');
CREATE TRIGGER sign_in_event_no_truncate BEFORE TRUNCATE ON sign_in_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('sign_in_event');
GRANT INSERT, SELECT ON sign_in_event TO refettorio_web;

-- staff_member ----------------------------------------------------------------------------------------
CREATE TABLE staff_member (
  municipality_id uuid NOT NULL,
  person_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('operator', 'accountant', 'manager', 'editor', 'reader', 'kitchen', 'school_office', 'teacher')),
  valid_from date NOT NULL,
  valid_to date,
  id uuid NOT NULL DEFAULT uuidv7(),
  school_id uuid,
  school_class_id uuid,
  given_by uuid,
  given_at timestamptz NOT NULL DEFAULT app_now(),
  ended_at timestamptz,
  ended_by uuid,
  kitchen_id uuid,
  CONSTRAINT staff_member_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT staff_member_municipality_id_ended_by_fkey FOREIGN KEY (municipality_id, ended_by) REFERENCES person(municipality_id, id),
  CONSTRAINT staff_member_municipality_id_given_by_fkey FOREIGN KEY (municipality_id, given_by) REFERENCES person(municipality_id, id),
  CONSTRAINT staff_member_municipality_id_kitchen_id_fkey FOREIGN KEY (municipality_id, kitchen_id) REFERENCES kitchen(municipality_id, id),
  CONSTRAINT staff_member_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id),
  CONSTRAINT staff_member_municipality_id_school_id_fkey FOREIGN KEY (municipality_id, school_id) REFERENCES school(municipality_id, id),
  CONSTRAINT staff_member_municipality_id_school_id_school_class_id_fkey FOREIGN KEY (municipality_id, school_id, school_class_id) REFERENCES school_class(municipality_id, school_id, id),
  CONSTRAINT staff_member_check CHECK (valid_to IS NULL OR valid_to >= valid_from),
  CONSTRAINT staff_member_place_check CHECK ( CASE role WHEN 'teacher' THEN school_class_id IS NOT NULL
    AND kitchen_id IS NULL WHEN 'school_office' THEN school_id IS NOT NULL AND school_class_id IS NULL
    AND kitchen_id IS NULL WHEN 'kitchen' THEN school_class_id IS NULL AND (school_id IS NULL
    OR kitchen_id IS NULL) ELSE school_id IS NULL AND school_class_id IS NULL AND kitchen_id IS NULL END)
);
COMMENT ON COLUMN staff_member.school_id IS 'The one school of the role; null: all of them';
COMMENT ON COLUMN staff_member.ended_at IS 'Not null: ended at this instant, also where valid_to is later';
COMMENT ON COLUMN staff_member.kitchen_id IS 'The one kitchen of the role: its schools are those that it serves on the asked day; null with no school: all schools';
CREATE INDEX staff_member_by_kitchen ON staff_member (municipality_id, kitchen_id) WHERE kitchen_id IS NOT NULL;
CREATE INDEX staff_member_by_person ON staff_member (municipality_id, person_id);
ALTER TABLE staff_member ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff_member_scope ON staff_member TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT SELECT ON staff_member TO refettorio_web;

-- stored_file -----------------------------------------------------------------------------------------
CREATE TABLE stored_file (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  name text NOT NULL CHECK (name <> '' AND length(name) <= 120),
  media_type text NOT NULL,
  size integer NOT NULL CHECK (size >= 1 AND size <= 10485760),
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  content bytea,
  uploaded_by uuid NOT NULL,
  uploaded_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT stored_file_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT stored_file_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT stored_file_municipality_id_uploaded_by_fkey FOREIGN KEY (municipality_id, uploaded_by) REFERENCES person(municipality_id, id),
  CONSTRAINT stored_file_check CHECK (octet_length(content) = size)
);
COMMENT ON COLUMN stored_file.media_type IS 'What the first bytes say it is, never what the browser said';
COMMENT ON COLUMN stored_file.content IS 'Null: the bytes are in the object storage, under municipality_id/id';
CREATE INDEX stored_file_names_uploaded_by ON stored_file (municipality_id, uploaded_by);
ALTER TABLE stored_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY stored_file_of_communication ON stored_file FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality()
    AND (EXISTS ( SELECT FROM communication_version_file f WHERE f.municipality_id = stored_file.municipality_id
    AND f.file_id = stored_file.id)));
CREATE POLICY stored_file_scope ON stored_file TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system'))
    OR (EXISTS ( SELECT FROM content_version_file f WHERE f.municipality_id = stored_file.municipality_id
    AND f.file_id = stored_file.id))
    OR (EXISTS ( SELECT FROM municipality_settings s WHERE s.municipality_id = stored_file.municipality_id
    AND s.coat_of_arms_id = stored_file.id))))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT ON stored_file TO refettorio_web;

-- token_revocation ------------------------------------------------------------------------------------
CREATE TABLE token_revocation (
  id uuid NOT NULL DEFAULT uuidv7(),
  sealed bytea NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT app_now() + '00:01:00'::interval,
  expires_at timestamptz NOT NULL,
  CONSTRAINT token_revocation_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN token_revocation.sealed IS 'The token, encrypted; the row goes when the token is revoked or expired';
CREATE INDEX token_revocation_due ON token_revocation (due_at);
GRANT DELETE, INSERT, SELECT, UPDATE (attempts, due_at) ON token_revocation TO refettorio_web;

-- told_apart ------------------------------------------------------------------------------------------
CREATE TABLE told_apart (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  kind text NOT NULL CHECK (kind IN ('pupil', 'person', 'household')),
  one_id uuid NOT NULL,
  other_id uuid NOT NULL,
  basis text NOT NULL,
  reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 200),
  told_at timestamptz NOT NULL DEFAULT app_now(),
  told_by uuid NOT NULL,
  taken_back_at timestamptz,
  taken_back_by uuid,
  CONSTRAINT told_apart_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT told_apart_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT told_apart_municipality_id_taken_back_by_fkey FOREIGN KEY (municipality_id, taken_back_by) REFERENCES person(municipality_id, id),
  CONSTRAINT told_apart_municipality_id_told_by_fkey FOREIGN KEY (municipality_id, told_by) REFERENCES person(municipality_id, id),
  CONSTRAINT told_apart_check CHECK (one_id < other_id),
  CONSTRAINT told_apart_check1 CHECK (num_nulls(taken_back_at, taken_back_by) IN (0, 2))
);
COMMENT ON TABLE told_apart IS 'Two who look like one and are two, as a colleague said after looking';
COMMENT ON COLUMN told_apart.basis IS 'A sum over what the two were called then: with another one the pair is looked at again';
CREATE UNIQUE INDEX told_apart_open ON told_apart (municipality_id, kind, one_id, other_id) WHERE taken_back_at IS NULL;
ALTER TABLE told_apart ENABLE ROW LEVEL SECURITY;
CREATE POLICY told_apart_scope ON told_apart TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (taken_back_at, taken_back_by) ON told_apart TO refettorio_web;

-- top_up ----------------------------------------------------------------------------------------------
CREATE TABLE top_up (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  household_id uuid NOT NULL,
  account_id uuid NOT NULL,
  payer_id uuid NOT NULL,
  client_key uuid NOT NULL,
  meals integer NOT NULL CHECK (meals >= 1 AND meals <= 200),
  unit_cents integer NOT NULL CHECK (unit_cents > 0),
  amount_cents integer GENERATED ALWAYS AS (meals * unit_cents) STORED,
  method text NOT NULL CHECK (method IN ('card', 'mybank')),
  state text NOT NULL DEFAULT 'created' CHECK (state IN ('created', 'redirected', 'pending', 'paid', 'failed', 'canceled', 'expired')),
  provider text NOT NULL,
  order_id text NOT NULL CHECK (order_id ~ '^[A-Z0-9]{1,18}$'),
  notification_key text NOT NULL,
  security_token_hash bytea,
  redirect_url text,
  paid_operation_id text,
  circuit text,
  reason text,
  alarms text[] NOT NULL DEFAULT '{}'::text[] CHECK (alarms <@ ARRAY['late-success', 'surplus', 'mismatch', 'unknown-answer', 'reversed', 'credited-but-not-paid', 'mode-mixed']),
  created_at timestamptz NOT NULL DEFAULT app_now(),
  updated_at timestamptz NOT NULL DEFAULT app_now(),
  paid_at timestamptz,
  next_check_at timestamptz,
  checks integer NOT NULL DEFAULT 0,
  provider_mode text NOT NULL DEFAULT 'test' CHECK (provider_mode IN ('test', 'live')),
  creation_claimed_until timestamptz,
  hinted_at timestamptz,
  answered_at timestamptz,
  CONSTRAINT top_up_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT top_up_municipality_id_household_id_client_key_key UNIQUE (municipality_id, household_id, client_key),
  CONSTRAINT top_up_municipality_id_notification_key_key UNIQUE (municipality_id, notification_key),
  CONSTRAINT top_up_municipality_id_order_id_key UNIQUE (municipality_id, order_id),
  CONSTRAINT top_up_municipality_id_account_id_fkey FOREIGN KEY (municipality_id, account_id) REFERENCES account(municipality_id, id),
  CONSTRAINT top_up_municipality_id_household_id_fkey FOREIGN KEY (municipality_id, household_id) REFERENCES household(municipality_id, id),
  CONSTRAINT top_up_municipality_id_payer_id_fkey FOREIGN KEY (municipality_id, payer_id) REFERENCES person(municipality_id, id),
  CONSTRAINT top_up_check CHECK ((state = 'paid') = (paid_at IS NOT NULL)),
  CONSTRAINT top_up_check1 CHECK (state <> 'paid' OR paid_operation_id IS NOT NULL)
);
COMMENT ON COLUMN top_up.alarms IS 'Before payment_alarm; the version that runs during this migration still reads it, and nothing after it does';
COMMENT ON COLUMN top_up.hinted_at IS 'Last notification, or last return of the payer';
COMMENT ON COLUMN top_up.answered_at IS 'When the provider was asked the question it last answered';
CREATE INDEX top_up_by_amount ON top_up (municipality_id, amount_cents);
CREATE INDEX top_up_by_household ON top_up (municipality_id, household_id, created_at DESC);
CREATE INDEX top_up_by_time ON top_up (municipality_id, (EXTRACT(epoch FROM (COALESCE(paid_at, created_at) AT TIME ZONE 'UTC'))::text), id);
CREATE INDEX top_up_due ON top_up (next_check_at) WHERE next_check_at IS NOT NULL;
CREATE INDEX top_up_names_account ON top_up (municipality_id, account_id);
CREATE INDEX top_up_names_payer ON top_up (municipality_id, payer_id);
CREATE TRIGGER top_up_lawful BEFORE INSERT OR UPDATE ON top_up FOR EACH ROW EXECUTE FUNCTION top_up_is_lawful();
CREATE TRIGGER top_up_no_delete BEFORE DELETE ON top_up FOR EACH ROW EXECUTE FUNCTION refuse_change('top_up');
CREATE TRIGGER top_up_no_truncate BEFORE TRUNCATE ON top_up FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('top_up');
ALTER TABLE top_up ENABLE ROW LEVEL SECURITY;
CREATE POLICY top_up_follow ON top_up FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR payer_id = app_person()
    AND app_audience() = 'family'))
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR payer_id = app_person()
    AND app_audience() = 'family'));
CREATE POLICY top_up_looking ON top_up AS RESTRICTIVE FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND NOT app_is_looking());
CREATE POLICY top_up_read ON top_up FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR payer_id = app_person()
    AND app_audience() = 'family'));
CREATE POLICY top_up_start ON top_up FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system'))
    OR (household_id = ANY (app_paying_households())) AND payer_id = app_person()));
GRANT INSERT, SELECT, UPDATE (state, security_token_hash, redirect_url, paid_operation_id, circuit, reason, alarms, updated_at, paid_at, next_check_at, checks, creation_claimed_until, hinted_at, answered_at) ON top_up TO refettorio_web;

-- top_up_legal_transition -----------------------------------------------------------------------------
CREATE TABLE top_up_legal_transition (
  from_state text NOT NULL,
  to_state text NOT NULL,
  CONSTRAINT top_up_legal_transition_pkey PRIMARY KEY (from_state, to_state)
);
GRANT SELECT ON top_up_legal_transition TO refettorio_web;
INSERT INTO top_up_legal_transition VALUES ('canceled', 'paid');
INSERT INTO top_up_legal_transition VALUES ('canceled', 'pending');
INSERT INTO top_up_legal_transition VALUES ('created', 'canceled');
INSERT INTO top_up_legal_transition VALUES ('created', 'expired');
INSERT INTO top_up_legal_transition VALUES ('created', 'failed');
INSERT INTO top_up_legal_transition VALUES ('created', 'paid');
INSERT INTO top_up_legal_transition VALUES ('created', 'pending');
INSERT INTO top_up_legal_transition VALUES ('created', 'redirected');
INSERT INTO top_up_legal_transition VALUES ('expired', 'paid');
INSERT INTO top_up_legal_transition VALUES ('expired', 'pending');
INSERT INTO top_up_legal_transition VALUES ('failed', 'paid');
INSERT INTO top_up_legal_transition VALUES ('failed', 'pending');
INSERT INTO top_up_legal_transition VALUES ('pending', 'canceled');
INSERT INTO top_up_legal_transition VALUES ('pending', 'expired');
INSERT INTO top_up_legal_transition VALUES ('pending', 'failed');
INSERT INTO top_up_legal_transition VALUES ('pending', 'paid');
INSERT INTO top_up_legal_transition VALUES ('redirected', 'canceled');
INSERT INTO top_up_legal_transition VALUES ('redirected', 'expired');
INSERT INTO top_up_legal_transition VALUES ('redirected', 'failed');
INSERT INTO top_up_legal_transition VALUES ('redirected', 'paid');
INSERT INTO top_up_legal_transition VALUES ('redirected', 'pending');

-- top_up_note -----------------------------------------------------------------------------------------
CREATE TABLE top_up_note (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  top_up_id uuid NOT NULL,
  note text NOT NULL CHECK (length(note) >= 1 AND length(note) <= 500),
  written_by uuid NOT NULL,
  written_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT top_up_note_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT top_up_note_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT top_up_note_municipality_id_top_up_id_fkey FOREIGN KEY (municipality_id, top_up_id) REFERENCES top_up(municipality_id, id),
  CONSTRAINT top_up_note_municipality_id_written_by_fkey FOREIGN KEY (municipality_id, written_by) REFERENCES person(municipality_id, id)
);
COMMENT ON TABLE top_up_note IS 'What the office writes down about a payment, for itself; kept as it was written';
CREATE INDEX top_up_note_by_top_up ON top_up_note (municipality_id, top_up_id, written_at);
CREATE INDEX top_up_note_names_writer ON top_up_note (municipality_id, written_by);
CREATE TRIGGER top_up_note_append_only BEFORE DELETE OR UPDATE ON top_up_note FOR EACH ROW EXECUTE FUNCTION refuse_change('top_up_note');
CREATE TRIGGER top_up_note_no_truncate BEFORE TRUNCATE ON top_up_note FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('top_up_note');
ALTER TABLE top_up_note ENABLE ROW LEVEL SECURITY;
CREATE POLICY top_up_note_read ON top_up_note FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND app_audience() = 'staff');
CREATE POLICY top_up_note_write ON top_up_note FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'staff' AND written_by = app_person());
GRANT INSERT, SELECT ON top_up_note TO refettorio_web;

-- top_up_transition -----------------------------------------------------------------------------------
CREATE TABLE top_up_transition (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  top_up_id uuid NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  cause text NOT NULL,
  occurred_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT top_up_transition_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT top_up_transition_municipality_id_top_up_id_fkey FOREIGN KEY (municipality_id, top_up_id) REFERENCES top_up(municipality_id, id)
);
CREATE INDEX top_up_transition_by_top_up ON top_up_transition (municipality_id, top_up_id);
CREATE UNIQUE INDEX top_up_transition_first ON top_up_transition (municipality_id, top_up_id) WHERE from_state = 'created';
CREATE TRIGGER top_up_transition_append_only BEFORE DELETE OR UPDATE ON top_up_transition FOR EACH ROW EXECUTE FUNCTION refuse_change('top_up_transition');
ALTER TABLE top_up_transition ENABLE ROW LEVEL SECURITY;
CREATE POLICY top_up_transition_add ON top_up_transition FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR from_state = 'created' AND cause = 'created'
    AND (((top_up_id::text || ':') || to_state) = ANY (app_opened_top_ups()))));
CREATE POLICY top_up_transition_looking ON top_up_transition AS RESTRICTIVE FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND NOT app_is_looking());
CREATE POLICY top_up_transition_read ON top_up_transition FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND ((app_audience() IN ('staff', 'system')) OR (top_up_id = ANY (app_top_ups()))));
GRANT INSERT, SELECT ON top_up_transition TO refettorio_web;

-- used_sign_in ----------------------------------------------------------------------------------------
CREATE TABLE used_sign_in (
  state_hash bytea NOT NULL CHECK (octet_length(state_hash) = 32),
  used_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT used_sign_in_pkey PRIMARY KEY (state_hash)
);
COMMENT ON TABLE used_sign_in IS 'Answers of the identity provider already spent: each opens at most one session. Rows live an hour.';
CREATE INDEX used_sign_in_by_time ON used_sign_in (used_at);
GRANT DELETE, INSERT, SELECT ON used_sign_in TO refettorio_web;

-- webauthn_challenge ----------------------------------------------------------------------------------
CREATE TABLE webauthn_challenge (
  challenge_hash bytea NOT NULL CHECK (octet_length(challenge_hash) = 32),
  purpose text NOT NULL CHECK (purpose IN ('register', 'unlock')),
  subject_id uuid NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT webauthn_challenge_pkey PRIMARY KEY (challenge_hash)
);
COMMENT ON COLUMN webauthn_challenge.subject_id IS 'The session that registers, or the device that unlocks';
CREATE INDEX webauthn_challenge_by_time ON webauthn_challenge (expires_at);
GRANT DELETE, INSERT, SELECT ON webauthn_challenge TO refettorio_web;

-- work_alert ------------------------------------------------------------------------------------------
CREATE TABLE work_alert (
  municipality_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind ~ '^[a-z-]{3,40}$'),
  item text NOT NULL CHECK (length(item) <= 500),
  told_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT work_alert_pkey PRIMARY KEY (municipality_id, kind, item),
  CONSTRAINT work_alert_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id)
);
COMMENT ON TABLE work_alert IS 'Urgent work of which the office was told: each item once';
CREATE INDEX work_alert_by_time ON work_alert (municipality_id, told_at);
ALTER TABLE work_alert ENABLE ROW LEVEL SECURITY;
CREATE POLICY work_alert_scope ON work_alert TO refettorio_web
  USING (municipality_id = app_municipality() AND app_audience() = 'system')
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'system');
GRANT INSERT, SELECT ON work_alert TO refettorio_web;

-- work_notice -----------------------------------------------------------------------------------------
CREATE TABLE work_notice (
  municipality_id uuid NOT NULL,
  person_id uuid NOT NULL,
  email text CHECK (length(email) >= 3 AND length(email) <= 254),
  digest_hour smallint CHECK (digest_hour >= 0 AND digest_hour <= 23),
  is_urgent boolean NOT NULL DEFAULT true,
  digested_on date,
  changed_at timestamptz NOT NULL DEFAULT app_now(),
  CONSTRAINT work_notice_pkey PRIMARY KEY (municipality_id, person_id),
  CONSTRAINT work_notice_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT work_notice_municipality_id_person_id_fkey FOREIGN KEY (municipality_id, person_id) REFERENCES person(municipality_id, id)
);
COMMENT ON TABLE work_notice IS 'How a colleague hears of waiting work; without a row: no digest, and what is urgent';
COMMENT ON COLUMN work_notice.email IS 'An address for work; null: the one of the person';
COMMENT ON COLUMN work_notice.digest_hour IS 'From this hour of the day on, in Italy; null: never';
COMMENT ON COLUMN work_notice.digested_on IS 'The last day whose digest was written';
ALTER TABLE work_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY work_notice_add ON work_notice FOR INSERT TO refettorio_web
  WITH CHECK (municipality_id = app_municipality() AND app_audience() = 'staff' AND person_id = app_person());
CREATE POLICY work_notice_change ON work_notice FOR UPDATE TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() = 'system' OR app_audience() = 'staff' AND person_id = app_person()))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() = 'system' OR app_audience() = 'staff' AND person_id = app_person()));
CREATE POLICY work_notice_read ON work_notice FOR SELECT TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (email, digest_hour, is_urgent, digested_on, changed_at) ON work_notice TO refettorio_web;

-- work_take -------------------------------------------------------------------------------------------
CREATE TABLE work_take (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  kind text NOT NULL CHECK (kind ~ '^[a-z-]{3,40}$'),
  taken_by uuid NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT app_now(),
  ended_by uuid,
  ended_at timestamptz,
  is_done boolean NOT NULL DEFAULT false,
  CONSTRAINT work_take_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT work_take_municipality_id_ended_by_fkey FOREIGN KEY (municipality_id, ended_by) REFERENCES person(municipality_id, id),
  CONSTRAINT work_take_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT work_take_municipality_id_taken_by_fkey FOREIGN KEY (municipality_id, taken_by) REFERENCES person(municipality_id, id),
  CONSTRAINT work_take_check CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
  CONSTRAINT work_take_check1 CHECK (ended_at IS NOT NULL OR NOT is_done)
);
COMMENT ON TABLE work_take IS 'Who took waiting work of a kind in hand, and who said that it is done; ended and not done: another colleague took it over';
CREATE INDEX work_take_latest ON work_take (municipality_id, kind, taken_at DESC);
CREATE UNIQUE INDEX work_take_open ON work_take (municipality_id, kind) WHERE ended_at IS NULL;
ALTER TABLE work_take ENABLE ROW LEVEL SECURITY;
CREATE POLICY work_take_scope ON work_take TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (ended_by, ended_at, is_done) ON work_take TO refettorio_web;

-- year_rollover ---------------------------------------------------------------------------------------
CREATE TABLE year_rollover (
  municipality_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  from_year_id uuid NOT NULL,
  to_year_id uuid NOT NULL,
  renewal_form_id uuid,
  lapsing_diets text[] NOT NULL DEFAULT '{}'::text[],
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  updated_by uuid NOT NULL,
  done_at timestamptz,
  done_by uuid,
  fingerprint text,
  CONSTRAINT year_rollover_pkey PRIMARY KEY (municipality_id, id),
  CONSTRAINT year_rollover_municipality_id_from_year_id_key UNIQUE (municipality_id, from_year_id),
  CONSTRAINT year_rollover_municipality_id_to_year_id_key UNIQUE (municipality_id, to_year_id),
  CONSTRAINT year_rollover_municipality_id_done_by_fkey FOREIGN KEY (municipality_id, done_by) REFERENCES person(municipality_id, id),
  CONSTRAINT year_rollover_municipality_id_fkey FOREIGN KEY (municipality_id) REFERENCES municipality(id),
  CONSTRAINT year_rollover_municipality_id_from_year_id_fkey FOREIGN KEY (municipality_id, from_year_id) REFERENCES school_year(municipality_id, id),
  CONSTRAINT year_rollover_municipality_id_renewal_form_id_fkey FOREIGN KEY (municipality_id, renewal_form_id) REFERENCES online_form(municipality_id, id),
  CONSTRAINT year_rollover_municipality_id_to_year_id_fkey FOREIGN KEY (municipality_id, to_year_id) REFERENCES school_year(municipality_id, id),
  CONSTRAINT year_rollover_municipality_id_updated_by_fkey FOREIGN KEY (municipality_id, updated_by) REFERENCES person(municipality_id, id),
  CONSTRAINT year_rollover_check CHECK (from_year_id <> to_year_id),
  CONSTRAINT year_rollover_check1 CHECK (num_nulls(done_at, done_by, fingerprint) IN (0, 3))
);
COMMENT ON TABLE year_rollover IS 'How the pupils of a school year go on into the next one; once it is done it changes only by its undoing';
COMMENT ON COLUMN year_rollover.renewal_form_id IS 'The form by which families renew; null where none is asked for';
COMMENT ON COLUMN year_rollover.lapsing_diets IS 'Codes of diets that ask for a new certificate: who has one begins the new year with a diet to be decided';
COMMENT ON COLUMN year_rollover.fingerprint IS 'Of what was previewed and done: the same confirmation sent twice is known by it';
ALTER TABLE year_rollover ENABLE ROW LEVEL SECURITY;
CREATE POLICY year_rollover_scope ON year_rollover TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (renewal_form_id, lapsing_diets, revision, updated_by, done_at, done_by, fingerprint) ON year_rollover TO refettorio_web;

-- year_rollover_choice --------------------------------------------------------------------------------
CREATE TABLE year_rollover_choice (
  municipality_id uuid NOT NULL,
  rollover_id uuid NOT NULL,
  pupil_id uuid NOT NULL,
  decision text NOT NULL CHECK (decision IN ('rule', 'goes', 'class', 'leaves')),
  to_class_id uuid,
  revision integer NOT NULL,
  CONSTRAINT year_rollover_choice_pkey PRIMARY KEY (municipality_id, rollover_id, pupil_id),
  CONSTRAINT year_rollover_choice_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id),
  CONSTRAINT year_rollover_choice_municipality_id_rollover_id_fkey FOREIGN KEY (municipality_id, rollover_id) REFERENCES year_rollover(municipality_id, id),
  CONSTRAINT year_rollover_choice_municipality_id_to_class_id_fkey FOREIGN KEY (municipality_id, to_class_id) REFERENCES school_class(municipality_id, id),
  CONSTRAINT year_rollover_choice_check CHECK ((decision = 'class') = (to_class_id IS NOT NULL))
);
COMMENT ON TABLE year_rollover_choice IS 'What the office decided for a pupil against the rule; ''rule'' takes a decision back';
CREATE INDEX year_rollover_choice_names_pupil ON year_rollover_choice (municipality_id, pupil_id);
ALTER TABLE year_rollover_choice ENABLE ROW LEVEL SECURITY;
CREATE POLICY year_rollover_choice_scope ON year_rollover_choice TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (decision, to_class_id, revision) ON year_rollover_choice TO refettorio_web;

-- year_rollover_class ---------------------------------------------------------------------------------
CREATE TABLE year_rollover_class (
  municipality_id uuid NOT NULL,
  rollover_id uuid NOT NULL,
  class_id uuid NOT NULL,
  to_class_id uuid,
  leaves boolean NOT NULL DEFAULT false,
  revision integer NOT NULL DEFAULT 1,
  CONSTRAINT year_rollover_class_pkey PRIMARY KEY (municipality_id, rollover_id, class_id),
  CONSTRAINT year_rollover_class_municipality_id_class_id_fkey FOREIGN KEY (municipality_id, class_id) REFERENCES school_class(municipality_id, id),
  CONSTRAINT year_rollover_class_municipality_id_rollover_id_fkey FOREIGN KEY (municipality_id, rollover_id) REFERENCES year_rollover(municipality_id, id),
  CONSTRAINT year_rollover_class_municipality_id_to_class_id_fkey FOREIGN KEY (municipality_id, to_class_id) REFERENCES school_class(municipality_id, id),
  CONSTRAINT year_rollover_class_check CHECK (to_class_id IS NULL OR NOT leaves)
);
COMMENT ON TABLE year_rollover_class IS 'Where the pupils of a class go; neither a class nor out: it is not decided, and they are set apart';
COMMENT ON COLUMN year_rollover_class.revision IS 'The revision of the roll-over at which a person decided this';
ALTER TABLE year_rollover_class ENABLE ROW LEVEL SECURITY;
CREATE POLICY year_rollover_class_scope ON year_rollover_class TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (to_class_id, leaves, revision) ON year_rollover_class TO refettorio_web;

-- year_rollover_pupil ---------------------------------------------------------------------------------
CREATE TABLE year_rollover_pupil (
  municipality_id uuid NOT NULL,
  rollover_id uuid NOT NULL,
  pupil_id uuid NOT NULL,
  service_id uuid NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('moves', 'leaves', 'apart', 'already', 'left')),
  why text NOT NULL,
  from_class_id uuid NOT NULL,
  from_enrolment_id uuid NOT NULL,
  earlier_to date,
  shortened_to date,
  enrolment_id uuid,
  to_class_id uuid,
  diet_code text,
  diet_to date,
  rest_id uuid,
  valid_from date,
  valid_to date,
  fare_ends boolean NOT NULL,
  left_cents bigint,
  CONSTRAINT year_rollover_pupil_pkey PRIMARY KEY (municipality_id, rollover_id, pupil_id, service_id),
  CONSTRAINT year_rollover_pupil_municipality_id_from_class_id_fkey FOREIGN KEY (municipality_id, from_class_id) REFERENCES school_class(municipality_id, id),
  CONSTRAINT year_rollover_pupil_municipality_id_pupil_id_fkey FOREIGN KEY (municipality_id, pupil_id) REFERENCES pupil(municipality_id, id),
  CONSTRAINT year_rollover_pupil_municipality_id_rollover_id_fkey FOREIGN KEY (municipality_id, rollover_id) REFERENCES year_rollover(municipality_id, id),
  CONSTRAINT year_rollover_pupil_municipality_id_service_id_fkey FOREIGN KEY (municipality_id, service_id) REFERENCES service(municipality_id, id),
  CONSTRAINT year_rollover_pupil_municipality_id_to_class_id_fkey FOREIGN KEY (municipality_id, to_class_id) REFERENCES school_class(municipality_id, id),
  CONSTRAINT year_rollover_pupil_check CHECK (shortened_to < earlier_to),
  CONSTRAINT year_rollover_pupil_check1 CHECK (diet_to >= valid_from AND diet_to < valid_to),
  CONSTRAINT year_rollover_pupil_check2 CHECK ((outcome = 'moves') = (enrolment_id IS NOT NULL)),
  CONSTRAINT year_rollover_pupil_check3 CHECK (num_nulls(enrolment_id, diet_code, valid_from, valid_to) IN (0, 4)),
  CONSTRAINT year_rollover_pupil_check4 CHECK (num_nulls(diet_to, rest_id) IN (0, 2)),
  CONSTRAINT year_rollover_pupil_check5 CHECK (num_nulls(earlier_to, shortened_to) IN (0, 2))
);
COMMENT ON TABLE year_rollover_pupil IS 'What the roll-over did with each pupil and why: the rows that it wrote are undone by it';
COMMENT ON COLUMN year_rollover_pupil.earlier_to IS 'The last day that the old enrolment had before it was shortened';
COMMENT ON COLUMN year_rollover_pupil.diet_to IS 'The last day on which the code of the diet may be given, where the year is longer; the rest is to be decided';
COMMENT ON COLUMN year_rollover_pupil.left_cents IS 'What stays on the account of a household whose last pupil leaves: a refund to be decided, or a debt';
CREATE INDEX year_rollover_pupil_names_pupil ON year_rollover_pupil (municipality_id, pupil_id);
ALTER TABLE year_rollover_pupil ENABLE ROW LEVEL SECURITY;
CREATE POLICY year_rollover_pupil_scope ON year_rollover_pupil TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT DELETE, INSERT, SELECT ON year_rollover_pupil TO refettorio_web;

-- year_rollover_work ----------------------------------------------------------------------------------
CREATE TABLE year_rollover_work (
  municipality_id uuid NOT NULL,
  rollover_id uuid NOT NULL,
  act text NOT NULL CHECK (act IN ('do', 'undo')),
  fingerprint text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'stopped')),
  refusal jsonb,
  asked_by uuid NOT NULL,
  session_id uuid NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT app_now(),
  done integer NOT NULL DEFAULT 0 CHECK (done >= 0),
  total integer NOT NULL DEFAULT 0 CHECK (total >= 0),
  stop_asked boolean NOT NULL DEFAULT false,
  CONSTRAINT year_rollover_work_pkey PRIMARY KEY (municipality_id, rollover_id),
  CONSTRAINT year_rollover_work_municipality_id_asked_by_fkey FOREIGN KEY (municipality_id, asked_by) REFERENCES person(municipality_id, id),
  CONSTRAINT year_rollover_work_municipality_id_rollover_id_fkey FOREIGN KEY (municipality_id, rollover_id) REFERENCES year_rollover(municipality_id, id),
  CONSTRAINT year_rollover_work_check CHECK ((state = 'stopped') = (refusal IS NOT NULL))
);
COMMENT ON TABLE year_rollover_work IS 'The last act on a roll-over that the worker does for a person: done and total are written beside its transaction';
COMMENT ON COLUMN year_rollover_work.fingerprint IS 'Of the preview that the person confirmed';
COMMENT ON COLUMN year_rollover_work.refusal IS 'Why the act ended without doing anything';
COMMENT ON COLUMN year_rollover_work.session_id IS 'The session in which it was confirmed, for the register';
CREATE INDEX year_rollover_work_waiting ON year_rollover_work (municipality_id) WHERE state = 'waiting';
ALTER TABLE year_rollover_work ENABLE ROW LEVEL SECURITY;
CREATE POLICY year_rollover_work_scope ON year_rollover_work TO refettorio_web
  USING (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')))
  WITH CHECK (municipality_id = app_municipality() AND (app_audience() IN ('staff', 'system')));
GRANT INSERT, SELECT, UPDATE (act, fingerprint, state, refusal, asked_by, session_id, asked_at, done, total, stop_asked) ON year_rollover_work TO refettorio_web;

-- active_member (view) --------------------------------------------------------------------------------
CREATE VIEW active_member WITH (security_invoker=true) AS
 SELECT municipality_id,
    id,
    household_id,
    person_id,
    role,
    all_pupils,
    valid_from,
    valid_to,
    started_at,
    ended_at,
    given_by,
    role = 'holder'::text AND (EXISTS ( SELECT
           FROM household_member before
          WHERE before.municipality_id = m.municipality_id AND before.household_id = m.household_id AND before.role = 'holder'::text AND before.person_id <> m.person_id AND before.started_at <= m.started_at AND before.id <> m.id)) AS taken_over
   FROM household_member m
  WHERE ended_at IS NULL AND valid_from <= app_today() AND (valid_to IS NULL OR valid_to >= app_today());
GRANT SELECT ON active_member TO refettorio_web;

-- active_staff_member (view) --------------------------------------------------------------------------
CREATE VIEW active_staff_member WITH (security_invoker=true) AS
 SELECT municipality_id,
    person_id,
    role,
    valid_from,
    valid_to,
    id,
    school_id,
    school_class_id,
    given_by,
    given_at,
    ended_at,
    ended_by,
    kitchen_id
   FROM staff_member r
  WHERE valid_from <= app_today() AND (valid_to IS NULL OR valid_to >= app_today()) AND ended_at IS NULL;
GRANT SELECT ON active_staff_member TO refettorio_web;

-- adult_of_pupil (view) -------------------------------------------------------------------------------
CREATE VIEW adult_of_pupil WITH (security_invoker=true) AS
 SELECT p.municipality_id,
    p.id AS pupil_id,
    m.household_id,
    m.id AS household_member_id,
    m.person_id,
    m.role
   FROM active_member m
     JOIN pupil p ON p.municipality_id = m.municipality_id AND p.household_id = m.household_id
  WHERE m.all_pupils OR (EXISTS ( SELECT
           FROM delegate_pupil d
          WHERE d.municipality_id = m.municipality_id AND d.household_member_id = m.id AND d.pupil_id = p.id));
GRANT SELECT ON adult_of_pupil TO refettorio_web;

-- adult_of_shared_pupil (view) ------------------------------------------------------------------------
CREATE VIEW adult_of_shared_pupil WITH (security_invoker=true) AS
 SELECT r.municipality_id,
    r.pupil_id,
    m.household_id,
    m.id AS household_member_id,
    m.person_id,
    m.role
   FROM active_member m
     JOIN meal_household_rule r ON r.municipality_id = m.municipality_id AND r.household_id = m.household_id AND (r.valid_to IS NULL OR r.valid_to >= app_today())
  WHERE m.all_pupils OR (EXISTS ( SELECT
           FROM delegate_pupil d
          WHERE d.municipality_id = m.municipality_id AND d.household_member_id = m.id AND d.pupil_id = r.pupil_id));
GRANT SELECT ON adult_of_shared_pupil TO refettorio_web;

-- person_name (view) ----------------------------------------------------------------------------------
CREATE VIEW person_name WITH (security_barrier=true) AS
 SELECT municipality_id,
    id,
    given_name,
    full_name
   FROM person p
  WHERE municipality_id = app_municipality() AND ((app_audience() = ANY (ARRAY['staff'::text, 'system'::text])) OR id = app_person() OR (id = ANY (app_people())));
GRANT SELECT ON person_name TO refettorio_web;

-- absence_needs_open_day() ----------------------------------------------------------------------------
CREATE FUNCTION absence_needs_open_day()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  row_changed constant record := coalesce(new, old);
begin
  if not exists (
    select from service_day d
    where d.municipality_id = row_changed.municipality_id and d.id = row_changed.service_day_id and d.status = 'open'
      and (app_audience() <> 'family' or (app_arrival() < d.cutoff_at and app_now() < d.close_at))
  ) then
    raise exception 'the service day is not open' using errcode = 'restrict_violation';
  end if;
  if app_audience() = 'family' and exists (select from meal_household_rule r
      where r.municipality_id = row_changed.municipality_id and r.pupil_id = row_changed.pupil_id)
    and not is_meal_of(row_changed.municipality_id, app_person(), row_changed.pupil_id, row_changed.service_day_id)
  then
    raise exception 'the meal is another household''s' using errcode = 'restrict_violation';
  end if;
  return row_changed;
end $function$;

-- acknowledge_counts() --------------------------------------------------------------------------------
CREATE FUNCTION acknowledge_counts(on_day date, counts uuid[])
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  seen integer;
begin
  if on_day < app_today() or app_person() is null then return 0; end if;
  insert into count_acknowledgement (municipality_id, kitchen_count_id, person_id)
  select municipality, f.count_id, app_person() from frozen_counts(on_day) f
  where f.count_id = any (counts) and f.seen_at is null and f.is_own order by f.count_id
  on conflict do nothing;
  get diagnostics seen = row_count;
  return seen;
end $function$;
REVOKE EXECUTE ON FUNCTION acknowledge_counts(on_day date, counts uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION acknowledge_counts(on_day date, counts uuid[]) TO refettorio_web;

-- adults_of_pupils() ----------------------------------------------------------------------------------
CREATE FUNCTION adults_of_pupils(in_municipality uuid, pupils uuid[])
 RETURNS TABLE(pupil_id uuid, household_id uuid, person_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select a.pupil_id, a.household_id, a.person_id from (
    select o.municipality_id, o.pupil_id, o.household_id, o.person_id from adult_of_pupil o
    union
    select t.municipality_id, t.pupil_id, t.household_id, t.person_id from adult_of_shared_pupil t) a
  where a.municipality_id = in_municipality and in_municipality = app_municipality() and a.pupil_id = any (pupils)
    and (app_audience() in ('staff', 'system') or app_audience() = 'family' and a.pupil_id = any (app_pupils()))
$function$;
REVOKE EXECUTE ON FUNCTION adults_of_pupils(in_municipality uuid, pupils uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION adults_of_pupils(in_municipality uuid, pupils uuid[]) TO refettorio_web;

-- after_quiet_hours() ---------------------------------------------------------------------------------
CREATE FUNCTION after_quiet_hours(at timestamp with time zone, quiet_from time without time zone, quiet_to time without time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when quiet_from < quiet_to and wall::time >= quiet_from and wall::time < quiet_to then (wall::date + quiet_to) at time zone 'Europe/Rome'
    when quiet_from > quiet_to and wall::time >= quiet_from then (wall::date + 1 + quiet_to) at time zone 'Europe/Rome'
    when quiet_from > quiet_to and wall::time < quiet_to then (wall::date + quiet_to) at time zone 'Europe/Rome'
    else at end
  from (select at at time zone 'Europe/Rome' as wall) clock
$function$;

-- answer_transfer() -----------------------------------------------------------------------------------
CREATE FUNCTION answer_transfer(in_municipality uuid, which uuid, household uuid, mark text, why text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  town uuid;
  answered constant text := case when household is null then 'refused' else 'accepted' end;
  left_by uuid;
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality that receives answers' using errcode = 'insufficient_privilege';
  end if;
  update arriving_transfer a set state = answered, content = null, decided_at = app_now(), decided_by = app_person(),
      household_id = household, fingerprint = mark, reason = why
    where a.municipality_id = in_municipality and a.id = which and a.state = 'waiting' returning a.from_municipality_id into town;
  if not found then return false; end if;
  update departing_transfer t set state = answered, answered_at = app_now(), answer = why,
      before = case when household is null then t.before end
    where t.municipality_id = town and t.id = which and t.to_municipality_id = in_municipality returning t.household_id into strict left_by;
  insert into audit_event (municipality_id, action, object_type, object_id, details)
    values (town, 'transfers.answered', 'household', left_by::text, jsonb_strip_nulls(jsonb_build_object(
      'town', (select m.name from municipality m where m.id = in_municipality), 'answer', answered, 'reason', why)));
  return true;
end $function$;
COMMENT ON FUNCTION answer_transfer(in_municipality uuid, which uuid, household uuid, mark text, why text) IS 'False where it does not wait any more';
REVOKE EXECUTE ON FUNCTION answer_transfer(in_municipality uuid, which uuid, household uuid, mark text, why text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION answer_transfer(in_municipality uuid, which uuid, household uuid, mark text, why text) TO refettorio_web;

-- app_account_since() ---------------------------------------------------------------------------------
CREATE FUNCTION app_account_since(account uuid)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$ select (nullif(current_setting('app.taken_over_accounts', true), '')::jsonb ->> account::text)::timestamptz $function$;

-- app_anonymous_questionnaires() ----------------------------------------------------------------------
CREATE FUNCTION app_anonymous_questionnaires()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.anonymous_questionnaires', true), '')::uuid[] $function$;

-- app_arrival() ---------------------------------------------------------------------------------------
CREATE FUNCTION app_arrival()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$ select app_now() - app_waited() $function$;
COMMENT ON FUNCTION app_arrival() IS 'What a process says of waiting is believed until the close of a day is due, and no longer: see absence_needs_open_day';

-- app_audience() --------------------------------------------------------------------------------------
CREATE FUNCTION app_audience()
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$ select coalesce(current_setting('app.audience', true), '') $function$;

-- app_begun_questionnaires() --------------------------------------------------------------------------
CREATE FUNCTION app_begun_questionnaires()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.begun_questionnaires', true), '')::uuid[] $function$;

-- app_closed_questionnaires() -------------------------------------------------------------------------
CREATE FUNCTION app_closed_questionnaires()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.closed_questionnaires', true), '')::uuid[] $function$;

-- app_communication_copies() --------------------------------------------------------------------------
CREATE FUNCTION app_communication_copies()
 RETURNS text[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.communication_copies', true), '')::text[] $function$;

-- app_communication_versions() ------------------------------------------------------------------------
CREATE FUNCTION app_communication_versions()
 RETURNS text[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.communication_versions', true), '')::text[] $function$;

-- app_communications() --------------------------------------------------------------------------------
CREATE FUNCTION app_communications()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.communications', true), '')::uuid[] $function$;

-- app_filling_households() ----------------------------------------------------------------------------
CREATE FUNCTION app_filling_households()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.filling_households', true), '')::uuid[] $function$;

-- app_households() ------------------------------------------------------------------------------------
CREATE FUNCTION app_households()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.households', true), '')::uuid[] $function$;

-- app_is_looking() ------------------------------------------------------------------------------------
CREATE FUNCTION app_is_looking()
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$ select coalesce(current_setting('app.look', true), '') <> '' $function$;

-- app_menu_versions() ---------------------------------------------------------------------------------
CREATE FUNCTION app_menu_versions()
 RETURNS text[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.menu_versions', true), '')::text[] $function$;

-- app_municipality() ----------------------------------------------------------------------------------
CREATE FUNCTION app_municipality()
 RETURNS uuid
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.municipality_id', true), '')::uuid $function$;

-- app_now() -------------------------------------------------------------------------------------------
CREATE FUNCTION app_now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$select now()$function$;

-- app_open_questionnaires() ---------------------------------------------------------------------------
CREATE FUNCTION app_open_questionnaires()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.open_questionnaires', true), '')::uuid[] $function$;

-- app_opened_top_ups() --------------------------------------------------------------------------------
CREATE FUNCTION app_opened_top_ups()
 RETURNS text[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.opened_top_ups', true), '')::text[] $function$;

-- app_own_audit() -------------------------------------------------------------------------------------
CREATE FUNCTION app_own_audit(most integer)
 RETURNS TABLE(id uuid, occurred_at timestamp with time zone, action text, object_type text, outcome text, by_whom text, is_own boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  relatives constant uuid[] := app_people();
  paying constant uuid[] := app_paying_households();
  since constant timestamptz := app_now() - kept_for('operations');
  until constant timestamptz := app_now() + interval '1 day';
begin
  if app_audience() <> 'family' then return; end if;
  return query
    with mine (object_type, object_id) as (
      select 'person', person
      union all select 'household', h from unnest(paying) h
      -- Not those who only eat here on some days: what is decided of them is their own household's.
      union all select 'pupil', p.id from pupil p
        where p.municipality_id = municipality and p.id = any (app_pupils()) and p.household_id = any (app_households()) and paying is not null
      union all select 'account', a from unnest(app_paying_accounts()) a
      union all select 'top_up', t.id from top_up t where t.municipality_id = municipality and t.payer_id = person
      union all select 'invoice', i.id from invoice i where i.municipality_id = municipality and i.holder_id = person
      union all select 'absence_receipt', r.id from absence_receipt r
        where r.municipality_id = municipality and r.household_id = any (paying) and r.arrived_at > since
      union all select 'household_member', m.id from household_member m
        where m.municipality_id = municipality and m.household_id = any (paying)
      union all select 'delegate_invitation', i.id from delegate_invitation i
        where i.municipality_id = municipality and i.household_id = any (paying)
    ), found as (
      select e.id, e.occurred_at, e.action, e.object_type, e.outcome, e.person_id from audit_event e
      where e.municipality_id = municipality and e.person_id = person and e.occurred_at > since and e.occurred_at < until
      union
      select e.id, e.occurred_at, e.action, e.object_type, e.outcome, e.person_id from mine
      join audit_event e on e.municipality_id = municipality and e.object_type = mine.object_type
        and e.object_id = mine.object_id::text and e.occurred_at > since and e.occurred_at < until
    )
    select e.id, e.occurred_at, e.action, e.object_type, e.outcome,
      case
        when e.person_id is null then 'sistema'
        -- Who looked at the portal as this family is said by name.
        when e.person_id = person or e.person_id = any (relatives) or e.action in ('household.looked', 'household.look-ended') then (select p.full_name from person p
          where p.municipality_id = municipality and p.id = e.person_id)
        else 'ufficio'
      end,
      e.person_id is not distinct from person
    from found e
    order by e.occurred_at desc, e.id desc limit most;
end $function$;
REVOKE EXECUTE ON FUNCTION app_own_audit(most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_own_audit(most integer) TO refettorio_web;

-- app_paying_accounts() -------------------------------------------------------------------------------
CREATE FUNCTION app_paying_accounts()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.paying_accounts', true), '')::uuid[] $function$;

-- app_paying_households() -----------------------------------------------------------------------------
CREATE FUNCTION app_paying_households()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.paying_households', true), '')::uuid[] $function$;

-- app_paying_pupils() ---------------------------------------------------------------------------------
CREATE FUNCTION app_paying_pupils()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.paying_pupils', true), '')::uuid[] $function$;

-- app_people() ----------------------------------------------------------------------------------------
CREATE FUNCTION app_people()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.people', true), '')::uuid[] $function$;

-- app_person() ----------------------------------------------------------------------------------------
CREATE FUNCTION app_person()
 RETURNS uuid
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.person_id', true), '')::uuid $function$;

-- app_pupils() ----------------------------------------------------------------------------------------
CREATE FUNCTION app_pupils()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.pupils', true), '')::uuid[] $function$;

-- app_questionnaire_parts() ---------------------------------------------------------------------------
CREATE FUNCTION app_questionnaire_parts()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.questionnaire_parts', true), '')::uuid[] $function$;

-- app_receipts() --------------------------------------------------------------------------------------
CREATE FUNCTION app_receipts()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.receipts', true), '')::uuid[] $function$;

-- app_submissions() -----------------------------------------------------------------------------------
CREATE FUNCTION app_submissions()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.submissions', true), '')::uuid[] $function$;

-- app_today() -----------------------------------------------------------------------------------------
CREATE FUNCTION app_today()
 RETURNS date
 LANGUAGE sql
 STABLE
AS $function$ select (app_now() at time zone 'Europe/Rome')::date $function$;

-- app_top_ups() ---------------------------------------------------------------------------------------
CREATE FUNCTION app_top_ups()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.top_ups', true), '')::uuid[] $function$;

-- app_waited() ----------------------------------------------------------------------------------------
CREATE FUNCTION app_waited()
 RETURNS interval
 LANGUAGE sql
 STABLE
AS $function$ select coalesce(nullif(current_setting('app.waited', true), '')::interval, '0') $function$;

-- app_whole_households() ------------------------------------------------------------------------------
CREATE FUNCTION app_whole_households()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.whole_households', true), '')::uuid[] $function$;

-- are_told_apart() ------------------------------------------------------------------------------------
CREATE FUNCTION are_told_apart(in_municipality uuid, what text, one uuid, other uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select exists (select from told_apart t
    where t.municipality_id = in_municipality and t.kind = what and t.one_id = least(one, other) and t.other_id = greatest(one, other)
      and t.taken_back_at is null and t.basis = pair_basis(in_municipality, what, one, other))
$function$;
REVOKE EXECUTE ON FUNCTION are_told_apart(in_municipality uuid, what text, one uuid, other uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION are_told_apart(in_municipality uuid, what text, one uuid, other uuid) TO refettorio_web;

-- audience_of_staff() ---------------------------------------------------------------------------------
CREATE FUNCTION audience_of_staff(municipality uuid, person uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select case when bool_or(r.role in ('operator', 'accountant', 'manager', 'editor')) then 'staff'
    when count(*) > 0 then 'partner' else 'public' end
  from active_staff_member r where r.municipality_id = municipality and r.person_id = person
$function$;
REVOKE EXECUTE ON FUNCTION audience_of_staff(municipality uuid, person uuid) FROM PUBLIC;

-- calendar_feed_of() ----------------------------------------------------------------------------------
CREATE FUNCTION calendar_feed_of(hash bytea)
 RETURNS TABLE(municipality_id uuid, person_id uuid, pupil_id uuid, household_ids uuid[], alarm_minutes smallint, created_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select f.municipality_id, f.person_id, f.pupil_id,
    array(select a.household_id from adult_of_pupil a
        where a.municipality_id = f.municipality_id and a.person_id = f.person_id and a.pupil_id = f.pupil_id
      union select a.household_id from adult_of_shared_pupil a
        where a.municipality_id = f.municipality_id and a.person_id = f.person_id and a.pupil_id = f.pupil_id),
    f.alarm_minutes, f.created_at
  from calendar_feed f
  join municipality t on t.id = f.municipality_id and t.active
  where f.token_hash = calendar_feed_of.hash and f.revoked_at is null
    and (exists (select from adult_of_pupil a where a.municipality_id = f.municipality_id
        and a.household_member_id = f.household_member_id and a.person_id = f.person_id and a.pupil_id = f.pupil_id)
      or exists (select from adult_of_shared_pupil a where a.municipality_id = f.municipality_id
        and a.household_member_id = f.household_member_id and a.person_id = f.person_id and a.pupil_id = f.pupil_id))
$function$;
REVOKE EXECUTE ON FUNCTION calendar_feed_of(hash bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION calendar_feed_of(hash bytea) TO refettorio_web;

-- charged_band_price_stays() --------------------------------------------------------------------------
CREATE FUNCTION charged_band_price_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op <> 'INSERT' and fare_band_price_charged(old.municipality_id, old.service_id, old.code, old.valid_from)
    or tg_op <> 'DELETE' and fare_band_price_charged(new.municipality_id, new.service_id, new.code, new.valid_from) then
    raise exception 'a price that was charged does not change' using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $function$;

-- charged_fare_stays() --------------------------------------------------------------------------------
CREATE FUNCTION charged_fare_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' then
    if (old.pupil_id, old.service_id, old.band_code, old.valid_from) is distinct from (new.pupil_id, new.service_id, new.band_code, new.valid_from) then
      raise exception 'a band that was given keeps its pupil, its code and its first day' using errcode = 'restrict_violation';
    end if;
    if fare_charged(old.municipality_id, old.service_id, old.pupil_id,
        least(old.valid_to, new.valid_to) + 1, greatest(old.valid_to, new.valid_to)) then
      raise exception 'a band of a charged day does not change' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if tg_op = 'INSERT' then
    if fare_charged(new.municipality_id, new.service_id, new.pupil_id, new.valid_from, new.valid_to) then
      raise exception 'a band does not reach a charged day' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if fare_charged(old.municipality_id, old.service_id, old.pupil_id, old.valid_from, old.valid_to) then
    raise exception 'a band of a charged day does not change' using errcode = 'restrict_violation';
  end if;
  return old;
end $function$;

-- charged_meal_price_stays() --------------------------------------------------------------------------
CREATE FUNCTION charged_meal_price_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op <> 'INSERT' and meal_price_charged(old.municipality_id, old.service_id, old.valid_from)
    or tg_op <> 'DELETE' and meal_price_charged(new.municipality_id, new.service_id, new.valid_from) then
    raise exception 'a price that was charged does not change' using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $function$;

-- choose_language() -----------------------------------------------------------------------------------
CREATE FUNCTION choose_language(token_hash bytea, chosen text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  kept text;
begin
  update citizen c set language = choose_language.chosen, language_chosen_at = app_now()
  from session s
  where choose_language.chosen is not null and c.language is distinct from choose_language.chosen
    and s.token_hash = choose_language.token_hash and s.ended_at is null and s.expires_at > app_now()
    and c.id = s.citizen_id;
  select c.language into kept from citizen c join session s on s.citizen_id = c.id
  where s.token_hash = choose_language.token_hash and s.ended_at is null and s.expires_at > app_now();
  return kept;
end $function$;
REVOKE EXECUTE ON FUNCTION choose_language(token_hash bytea, chosen text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION choose_language(token_hash bytea, chosen text) TO refettorio_web;

-- citizen_takes_hash() --------------------------------------------------------------------------------
CREATE FUNCTION citizen_takes_hash(hashes bytea[], kept bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  main uuid;
  other uuid;
begin
  for other in select c.id from citizen c where c.fiscal_code_hash = any (hashes) and c.fiscal_code_hash <> kept loop
    select c.id into main from citizen c where c.fiscal_code_hash = kept;
    if found then
      update identity_link l set citizen_id = main where l.citizen_id = other;
      update interrupted_form f set citizen_id = main where f.citizen_id = other;
      update remembered_device d set citizen_id = main where d.citizen_id = other;
      update session s set citizen_id = main where s.citizen_id = other;
      update link_request r set citizen_id = main where r.citizen_id = other;
      delete from citizen c where c.id = other;
    else
      update citizen c set fiscal_code_hash = kept where c.id = other;
    end if;
  end loop;
end $function$;
REVOKE EXECUTE ON FUNCTION citizen_takes_hash(hashes bytea[], kept bytea) FROM PUBLIC;

-- close_refunds_of_returned() -------------------------------------------------------------------------
CREATE FUNCTION close_refunds_of_returned()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  town uuid;
  it record;
begin
  for town in select distinct a.municipality_id from added a loop
    continue when not exists (select from refund_case c where c.municipality_id = town and c.closed_at is null);
    for it in select a.pupil_id, a.service_id, max(a.valid_to) as valid_to from added a
      where a.municipality_id = town and a.valid_to >= app_today() group by 1, 2 loop
      with closed as (
        update refund_case c set closed_at = app_now(), closed_why = 'returned', revision = c.revision + 1
        where c.municipality_id = town and c.service_id = it.service_id and c.closed_at is null and it.valid_to > c.left_on
          and (c.household_id = (select p.household_id from pupil p where p.municipality_id = town and p.id = it.pupil_id)
            or exists (select from meal_household_rule u where u.municipality_id = town and u.pupil_id = it.pupil_id
              and u.household_id = c.household_id and (u.valid_to is null or u.valid_to > c.left_on)))
        returning c.household_id
      )
      insert into audit_event (municipality_id, action, object_type, object_id, details)
      select town, 'refunds.closed', 'household', c.household_id::text, jsonb_build_object('service', it.service_id, 'why', 'returned')
      from closed c;
    end loop;
  end loop;
  return null;
end $function$;

-- close_refunds_of_second() ---------------------------------------------------------------------------
CREATE FUNCTION close_refunds_of_second()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  with closed as (
    update refund_case c set closed_at = app_now(), closed_why = 'returned', revision = c.revision + 1
    where c.municipality_id = new.municipality_id and c.household_id = new.household_id and c.closed_at is null
      and (new.valid_to is null or new.valid_to > c.left_on)
    returning c.municipality_id, c.household_id, c.service_id
  )
  insert into audit_event (municipality_id, action, object_type, object_id, details)
  select c.municipality_id, 'refunds.closed', 'household', c.household_id::text, jsonb_build_object('service', c.service_id, 'why', 'returned')
  from closed c;
  return null;
end $function$;

-- close_settled_refund() ------------------------------------------------------------------------------
CREATE FUNCTION close_settled_refund()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  with closed as (
    update refund_case c set closed_at = app_now(), closed_why = 'settled', revision = c.revision + 1
    where c.municipality_id = new.municipality_id and c.account_id = new.id and c.closed_at is null
    returning c.municipality_id, c.household_id, c.service_id
  )
  insert into audit_event (municipality_id, action, object_type, object_id, details)
  select c.municipality_id, 'refunds.closed', 'household', c.household_id::text, jsonb_build_object('service', c.service_id, 'why', 'settled')
  from closed c;
  return null;
end $function$;

-- communication_figures() -----------------------------------------------------------------------------
CREATE FUNCTION communication_figures(ids uuid[])
 RETURNS TABLE(communication_id uuid, households integer, persons integer, read_by integer, confirming_households integer, confirming_persons integer, mails_sent integer, mails_waiting integer, mails_refused integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then return; end if;
  return query
    select c.id, r.households, r.persons, d.n, k.households, k.persons, m.sent, m.waiting, m.refused
    from communication c
    cross join lateral (select count(distinct p.household_id)::int as households, count(distinct p.person_id)::int as persons
      from communication_recipient_person p where p.municipality_id = municipality and p.communication_id = c.id) r
    cross join lateral (select count(*)::int as n from communication_read d
      where d.municipality_id = municipality and d.communication_id = c.id and d.version = c.published_version) d
    cross join lateral (select count(distinct a.household_id)::int as households, count(distinct a.person_id)::int as persons
      from communication_acknowledgement a
      where a.municipality_id = municipality and a.communication_id = c.id and a.version = c.published_version) k
    cross join lateral (select count(*) filter (where o.outcome = 'sent')::int as sent,
        count(*) filter (where o.outcome is null)::int as waiting,
        count(*) filter (where o.outcome in ('refused', 'given_up', 'in_doubt'))::int as refused
      from outbox o where o.municipality_id = municipality and o.channel = 'email' and o.batch_id = any (array(
        select b.id from delivery_batch b where b.municipality_id = municipality and b.communication_id = c.id
          and b.communication_version = c.published_version))) m
    where c.municipality_id = municipality and c.id = any (ids);
end $function$;
REVOKE EXECUTE ON FUNCTION communication_figures(ids uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION communication_figures(ids uuid[]) TO refettorio_web;

-- content_gone() --------------------------------------------------------------------------------------
CREATE FUNCTION content_gone(of_kind text, of_slug text)
 RETURNS TABLE(state text, gone_at timestamp with time zone, reason text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
  moment constant timestamptz := app_now();
begin
  return query
    select case when i.withdrawn_at is not null then 'withdrawn' else 'expired' end,
      coalesce(i.withdrawn_at, i.expire_at), coalesce(i.withdrawn_reason, '')
    from content_item i
    where i.municipality_id = municipality and i.kind = of_kind and i.slug = of_slug
      and i.publish_at <= moment and (i.withdrawn_at is null or i.withdrawn_at >= i.publish_at)
      and (i.withdrawn_at is not null or i.expire_at <= moment);
end $function$;
COMMENT ON FUNCTION content_gone(of_kind text, of_slug text) IS 'What anyone may know of something that was public and no longer is: that it was, since when not, and why.';
REVOKE EXECUTE ON FUNCTION content_gone(of_kind text, of_slug text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION content_gone(of_kind text, of_slug text) TO refettorio_web;

-- cooks_for() -----------------------------------------------------------------------------------------
CREATE FUNCTION cooks_for(school uuid, kitchen uuid, person uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
begin
  return exists (select from active_staff_member r
    where r.municipality_id = municipality and r.role = 'kitchen' and (person is null or r.person_id = person)
      and case when r.kitchen_id is not null then r.kitchen_id = kitchen else r.school_id is null or r.school_id = school end);
end $function$;
REVOKE EXECUTE ON FUNCTION cooks_for(school uuid, kitchen uuid, person uuid) FROM PUBLIC;

-- correct_person() ------------------------------------------------------------------------------------
CREATE FUNCTION correct_person(in_municipality uuid, who uuid, given text, family text, birth date, code text, code_hash bytea, opening text[])
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  earlier record;
  closed bytea[];
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality corrects a person' using errcode = 'insufficient_privilege';
  end if;
  select p.fiscal_code, p.fiscal_code_hash into strict earlier from person p
    where p.municipality_id = in_municipality and p.id = who for update;
  closed := array(select k.fiscal_code_hash from person_code k where k.municipality_id = in_municipality and k.person_id = who
    and k.fiscal_code_hash <> code_hash and k.fiscal_code <> all (opening));
  update person p set given_name = given, family_name = family, birth_date = birth, fiscal_code = code, fiscal_code_hash = code_hash
    where p.municipality_id = in_municipality and p.id = who;
  delete from person_code k where k.municipality_id = in_municipality and k.person_id = who
    and k.fiscal_code_hash <> code_hash and k.fiscal_code <> all (opening);
  if earlier.fiscal_code_hash <> code_hash and earlier.fiscal_code = any (opening) then
    insert into person_code (municipality_id, fiscal_code_hash, person_id, fiscal_code)
    values (in_municipality, earlier.fiscal_code_hash, who, earlier.fiscal_code);
  end if;
  return end_what_codes_opened(in_municipality, who, closed);
end $function$;
COMMENT ON FUNCTION correct_person(in_municipality uuid, who uuid, given text, family text, birth date, code text, code_hash bytea, opening text[]) IS 'Whether a code with which a person had entered was closed, and with it what was made under it';
REVOKE EXECUTE ON FUNCTION correct_person(in_municipality uuid, who uuid, given text, family text, birth date, code text, code_hash bytea, opening text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION correct_person(in_municipality uuid, who uuid, given text, family text, birth date, code text, code_hash bytea, opening text[]) TO refettorio_web;

-- correct_pupil() -------------------------------------------------------------------------------------
CREATE FUNCTION correct_pupil(in_municipality uuid, which uuid, given text, family text, birth date, code text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality corrects a pupil' using errcode = 'insufficient_privilege';
  end if;
  update pupil c set given_name = given, family_name = family, birth_date = birth, fiscal_code = code
    where c.municipality_id = in_municipality and c.id = which;
end $function$;
REVOKE EXECUTE ON FUNCTION correct_pupil(in_municipality uuid, which uuid, given text, family text, birth date, code text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION correct_pupil(in_municipality uuid, which uuid, given text, family text, birth date, code text) TO refettorio_web;

-- count_days() ----------------------------------------------------------------------------------------
CREATE FUNCTION count_days(on_day date)
 RETURNS TABLE(service_day_id uuid, school_id uuid, name text, status text, cutoff_at timestamp with time zone, closure_reason text, version integer, frozen_at timestamp with time zone, count_reason text, kitchen_id uuid, kitchen_name text, service_id uuid, service_name text, is_cooked boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  schools constant uuid[] := counted_schools(on_day);
begin
  return query
    select d.id, d.school_id, s.name, d.status, d.cutoff_at, x.reason, newest.version, newest.frozen_at, newest.reason,
      serves.id, serves.name, v.id, v.name, v.is_cooked
    from service_day d
    join school s on s.municipality_id = municipality and s.id = d.school_id
    join service v on v.municipality_id = municipality and v.id = d.service_id
    left join kitchen serves on serves.municipality_id = municipality and serves.id = serving_kitchen(d.school_id, d.day)
    left join closure x on x.municipality_id = municipality and x.id = d.closure_id
    left join lateral (
      select k.version, k.frozen_at, k.reason from kitchen_count k
      where k.municipality_id = municipality and k.service_day_id = d.id
      order by k.version desc limit 1
    ) newest on true
    where d.municipality_id = municipality and d.day = on_day and d.school_id = any (schools)
    order by s.name, v.name;
end $function$;
COMMENT ON FUNCTION count_days(on_day date) IS 'No names, no pupils';
REVOKE EXECUTE ON FUNCTION count_days(on_day date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_days(on_day date) TO refettorio_web;

-- count_figures() -------------------------------------------------------------------------------------
CREATE FUNCTION count_figures(on_day date)
 RETURNS TABLE(service_id uuid, diet_code text, meals integer, absent integer, severe integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  schools constant uuid[] := counted_schools(on_day);
begin
  return query
    with open_day as materialized (
      select d.id, d.service_id, d.school_id from service_day d
      where d.municipality_id = municipality and d.day = on_day and d.status = 'open' and d.school_id = any (schools)
    ), held as materialized (
      select h.pupil_id, bool_or(h.severe) as severe from diet_hold h
      where h.municipality_id = municipality and h.since <= on_day and (h.until is null or h.until >= on_day)
      group by h.pupil_id
    ), enrolled as (
      select e.service_id, e.school_id, e.diet_code, count(*) as pupils, count(*) filter (where e.severe_reaction) as severe
      from enrolment e
      where e.municipality_id = municipality and e.valid_from <= on_day and e.valid_to >= on_day and eats_on(e.weekdays, on_day)
      group by 1, 2, 3
    ), one_by_one as (
      select d.service_id, e.diet_code, served_diet(e.diet_code, held.pupil_id is not null) as served, a.pupil_id is null as eats,
        e.severe_reaction, e.severe_reaction or coalesce(held.severe, false) as is_severe
      from (
        select held.pupil_id from held
        union select a.pupil_id from open_day d
          join absence a on a.municipality_id = municipality and a.service_day_id = d.id
      ) other
      join enrolment e on e.municipality_id = municipality and e.pupil_id = other.pupil_id
        and e.valid_from <= on_day and e.valid_to >= on_day and eats_on(e.weekdays, on_day)
      join open_day d on d.service_id = e.service_id and d.school_id = e.school_id
      left join absence a on a.municipality_id = municipality and a.service_day_id = d.id and a.pupil_id = e.pupil_id
      left join held on held.pupil_id = e.pupil_id
    )
    select f.service_id, f.diet_code, sum(f.meals)::integer, sum(f.absent)::integer, sum(f.severe)::integer
    from (
      select e.service_id, e.diet_code, e.pupils as meals, 0 as absent, e.severe from enrolled e
      join open_day d on d.service_id = e.service_id and d.school_id = e.school_id
      union all
      select o.service_id, o.diet_code, -1, 0, -o.severe_reaction::integer from one_by_one o
      union all
      select o.service_id, o.served, o.eats::integer, (not o.eats)::integer, (o.eats and o.is_severe)::integer from one_by_one o
      union all
      select d.service_id, l.diet_code, l.meals, l.absent, l.severe
      from service_day d
      join lateral (
        select k.id from kitchen_count k where k.municipality_id = municipality and k.service_day_id = d.id
        order by k.version desc limit 1
      ) newest on true
      join kitchen_count_line l on l.municipality_id = municipality and l.kitchen_count_id = newest.id
      where d.municipality_id = municipality and d.day = on_day and d.status = 'closed' and d.school_id = any (schools)
    ) f
    group by 1, 2
    having sum(f.meals) > 0 or sum(f.absent) > 0;
end $function$;
COMMENT ON FUNCTION count_figures(on_day date) IS 'Diets by their code: no names, no pupils';
REVOKE EXECUTE ON FUNCTION count_figures(on_day date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_figures(on_day date) TO refettorio_web;

-- count_lines() ---------------------------------------------------------------------------------------
CREATE FUNCTION count_lines(on_day date, wanted uuid[] DEFAULT NULL::uuid[])
 RETURNS TABLE(school_id uuid, class_name text, diet_code text, meals integer, absent integer, severe integer, asked integer, service_id uuid)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  schools constant uuid[] := array(select s from unnest(counted_schools(on_day)) s where wanted is null or s = any (wanted));
begin
  return query
    select d.school_id, c.name, served_diet(e.diet_code, held.pupil_id is not null),
      (count(*) filter (where a.pupil_id is null))::integer, count(a.pupil_id)::integer,
      (count(*) filter (where a.pupil_id is null and (e.severe_reaction or coalesce(held.severe, false))))::integer,
      (count(*) filter (where a.pupil_id is null and is_asked_beside(e.diet_code, held.pupil_id is not null)))::integer, d.service_id
    from service_day d
    join enrolment e on e.municipality_id = municipality and e.service_id = d.service_id and e.school_id = d.school_id
      and e.valid_from <= d.day and e.valid_to >= d.day and eats_on(e.weekdays, d.day)
    join school_class c on c.municipality_id = municipality and c.id = e.school_class_id
    left join absence a on a.municipality_id = municipality and a.service_day_id = d.id and a.pupil_id = e.pupil_id
    left join (
      select h.pupil_id, bool_or(h.severe) as severe from diet_hold h
      where h.municipality_id = municipality and h.since <= on_day and (h.until is null or h.until >= on_day)
      group by h.pupil_id
    ) held on held.pupil_id = e.pupil_id
    where d.municipality_id = municipality and d.day = on_day and d.status = 'open' and d.school_id = any (schools)
    group by 1, 2, 3, d.service_id
    union all
    select d.school_id, c.name, l.diet_code, l.meals, l.absent, l.severe, l.asked, d.service_id
    from service_day d
    join lateral (
      select k.id from kitchen_count k where k.municipality_id = municipality and k.service_day_id = d.id
      order by k.version desc limit 1
    ) newest on true
    join kitchen_count_line l on l.municipality_id = municipality and l.kitchen_count_id = newest.id
    join school_class c on c.municipality_id = municipality and c.id = l.school_class_id
    where d.municipality_id = municipality and d.day = on_day and d.status = 'closed' and d.school_id = any (schools)
    order by 2, 3;
end $function$;
COMMENT ON FUNCTION count_lines(on_day date, wanted uuid[]) IS 'Diets by their code: no names, no pupils';
REVOKE EXECUTE ON FUNCTION count_lines(on_day date, wanted uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_lines(on_day date, wanted uuid[]) TO refettorio_web;

-- counted_household_stays() ---------------------------------------------------------------------------
CREATE FUNCTION counted_household_stays()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  if tg_op = 'UPDATE' then
    if to_jsonb(old) - 'valid_to' - 'validity' is distinct from to_jsonb(new) - 'valid_to' - 'validity' then
      raise exception 'a rule of a household keeps all but its last day' using errcode = 'restrict_violation';
    end if;
    if meals_counted(old.municipality_id, old.pupil_id, least(coalesce(old.valid_to, 'infinity'), coalesce(new.valid_to, 'infinity')) + 1,
        greatest(coalesce(old.valid_to, 'infinity'), coalesce(new.valid_to, 'infinity'))) then
      raise exception 'the household of a counted meal does not change' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if tg_op = 'INSERT' and exists (select from pupil p where p.municipality_id = new.municipality_id and p.id = new.pupil_id
      and p.household_id = new.household_id) then
    raise exception 'the second household of a pupil is another than its own' using errcode = 'restrict_violation';
  end if;
  if meals_counted(coalesce(new.municipality_id, old.municipality_id), coalesce(new.pupil_id, old.pupil_id),
      coalesce(new.valid_from, old.valid_from),
      coalesce(case tg_op when 'INSERT' then new.valid_to else old.valid_to end, 'infinity')) then
    raise exception 'the household of a counted meal does not change' using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $function$;

-- counted_schools() -----------------------------------------------------------------------------------
CREATE FUNCTION counted_schools(on_day date)
 RETURNS uuid[]
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() in ('staff', 'system') then
    return array(select s.id from school s where s.municipality_id = municipality);
  elsif app_audience() is distinct from 'partner' then
    return '{}';
  end if;
  return array(select s.id from school s
    where s.municipality_id = municipality and exists (select from active_staff_member r
      where r.municipality_id = municipality and r.person_id = app_person() and r.role = 'kitchen'
        and case
          when r.kitchen_id is not null then r.kitchen_id = serving_kitchen(s.id, on_day)
          else r.school_id is null or r.school_id = s.id
        end));
end $function$;
REVOKE EXECUTE ON FUNCTION counted_schools(on_day date) FROM PUBLIC;

-- days_without_manager() ------------------------------------------------------------------------------
CREATE FUNCTION days_without_manager(which uuid, last_day date)
 RETURNS datemultirange
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
  own record;
  others datemultirange;
  kept daterange := 'empty';
begin
  select r.role, daterange(r.valid_from, r.valid_to, '[]') as days into own from staff_member r
    where r.municipality_id = municipality and r.id = which and r.ended_at is null;
  if not found or own.role <> 'manager' or app_audience() is distinct from 'staff' then return '{}'; end if;
  select coalesce(range_agg(daterange(r.valid_from, r.valid_to, '[]')), '{}') into others from staff_member r
    where r.municipality_id = municipality and r.id <> which and r.role = 'manager' and r.ended_at is null;
  if last_day is null or last_day >= lower(own.days) then kept := daterange(lower(own.days), last_day, '[]'); end if;
  return (own.days::datemultirange - kept::datemultirange - others) * datemultirange(daterange(app_today(), null));
end $function$;
REVOKE EXECUTE ON FUNCTION days_without_manager(which uuid, last_day date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION days_without_manager(which uuid, last_day date) TO refettorio_web;

-- delegate_pupil_is_lawful() --------------------------------------------------------------------------
CREATE FUNCTION delegate_pupil_is_lawful()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  if exists (select from household_member m
    where m.municipality_id = new.municipality_id and m.id = new.household_member_id and m.all_pupils)
  then raise exception 'a role for all pupils has no list of them' using errcode = 'restrict_violation'; end if;
  return new;
end $function$;

-- delivery_batch_of() ---------------------------------------------------------------------------------
CREATE FUNCTION delivery_batch_of(in_municipality uuid, batch jsonb)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  found_id uuid;
begin
  select b.id into found_id from delivery_batch b where b.municipality_id = in_municipality and b.key = batch ->> 'key';
  if found_id is null then
    insert into delivery_batch (municipality_id, key, event, title, communication_id, communication_version)
    values (in_municipality, batch ->> 'key', batch ->> 'event', batch ->> 'title',
      (batch #>> '{communication,id}')::uuid, (batch #>> '{communication,version}')::integer)
    on conflict (municipality_id, key) do nothing;
    select b.id into found_id from delivery_batch b where b.municipality_id = in_municipality and b.key = batch ->> 'key';
  end if;
  return found_id;
end $function$;
REVOKE EXECUTE ON FUNCTION delivery_batch_of(in_municipality uuid, batch jsonb) FROM PUBLIC;

-- delivery_counts() -----------------------------------------------------------------------------------
CREATE FUNCTION delivery_counts(ids uuid[])
 RETURNS TABLE(batch_id uuid, channel text, outcome text, messages integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then return; end if;
  return query
    select b.id, o.channel, o.outcome, o.n from unnest(ids) b (id) cross join lateral (
      select o.channel, o.outcome, count(*)::int as n from outbox o
      where o.municipality_id = municipality and o.batch_id = b.id group by o.channel, o.outcome) o
    union all
    select b.id, 'portal', null, n.n from unnest(ids) b (id) cross join lateral (
      select count(*)::int as n from notification n where n.municipality_id = municipality and n.batch_id = b.id) n;
end $function$;
REVOKE EXECUTE ON FUNCTION delivery_counts(ids uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION delivery_counts(ids uuid[]) TO refettorio_web;

-- diet_hold_ends() ------------------------------------------------------------------------------------
CREATE FUNCTION diet_hold_ends()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  delete from diet_hold h where h.municipality_id = new.municipality_id and h.submission_id = new.id;
  return null;
end $function$;

-- document_is_lawful() --------------------------------------------------------------------------------
CREATE FUNCTION document_is_lawful()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' then
    if old.submission_id is null then return old; end if;
    raise exception 'a document that was sent stays with its request' using errcode = 'restrict_violation';
  end if;
  if (old.household_id, old.person_id, old.field, old.name, old.media_type, old.size, old.sha256)
      is distinct from (new.household_id, new.person_id, new.field, new.name, new.media_type, new.size, new.sha256)
    or old.submission_id is not null and old.submission_id is distinct from new.submission_id
    -- The web role may not write the content at all; the owner seals it again when a key is replaced (npm run db:reseal).
    or old.content is distinct from new.content
      and not (new.content is not null and old.content is not null and coalesce(current_setting('refettorio.reseal', true), '') = 'on')
      and not (new.content is null and exists (select from form_submission s
      where s.municipality_id = old.municipality_id and s.id = old.submission_id
        and (s.state = 'withdrawn' or s.decided_at < app_now() - interval '24 months'))) then
    raise exception 'a document does not change' using errcode = 'restrict_violation';
  end if;
  return new;
end $function$;

-- doubled_adults() ------------------------------------------------------------------------------------
CREATE FUNCTION doubled_adults(most integer)
 RETURNS TABLE(a uuid, b uuid)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET work_mem TO '32MB'
 SET enable_mergejoin TO 'off'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then return; end if;
  return query
    with known as materialized (
      -- Compared sign by sign: the order of a language costs ten times as much.
      select p.id, p.phone collate "C" as phone, lower(p.email) collate "C" as email, p.birth_date, p.search_key collate "C" as name,
        p.family_name collate "C" as family_name, p.given_name collate "C" as given_name,
        -- The letters of the day and the sex; a number of the office's own in the place of a code tells no other person.
        case when p.fiscal_code ~ '^[A-Z]' then substr(p.fiscal_code, 7, 5) collate "C" end as born
      from person p where p.municipality_id = municipality and not exists (select from person_merge m
        where m.municipality_id = municipality and m.gone_id = p.id and m.undone_at is null)
    ), pairs as (
      select one.id as one, other.id as other
        from (select k.phone from known k where k.phone <> '' group by 1 having count(*) between 2 and 4) s
        join known one on one.phone = s.phone join known other on other.phone = s.phone and other.id > one.id
      union all
      select one.id, other.id
        from (select k.email from known k where k.email <> '' group by 1 having count(*) between 2 and 4) s
        join known one on one.email = s.email join known other on other.email = s.email and other.id > one.id
      union all
      select one.id, other.id
        from (select k.name, k.born from known k where k.born is not null group by 1, 2 having count(*) > 1) s
        join known one on one.name = s.name and one.born = s.born join known other on other.name = s.name and other.born = s.born and other.id > one.id
      union all
      select one.id, other.id
        from (select k.name, k.birth_date from known k where k.birth_date is not null group by 1, 2 having count(*) > 1) s
        join known one on one.name = s.name and one.birth_date = s.birth_date
        join known other on other.name = s.name and other.birth_date = s.birth_date and other.id > one.id
      union all
      -- Turned round, as far as both are written alike.
      select least(one.id, other.id), greatest(one.id, other.id) from known one join known other on other.birth_date = one.birth_date
        and other.family_name = one.given_name and other.given_name = one.family_name and other.id <> one.id
        where one.birth_date is not null
      union all
      select least(one.id, other.id), greatest(one.id, other.id) from known one join known other on other.name = one.name and other.id <> one.id
        where one.born is null
    ), named as materialized (
      select distinct p.one, p.other from pairs p
      cross join lateral (select o.search_key, o.family_name, o.given_name from person o
        where o.municipality_id = municipality and o.id = p.one offset 0) x
      cross join lateral (select o.search_key, o.family_name, o.given_name from person o
        where o.municipality_id = municipality and o.id = p.other offset 0) y
      where x.search_key = y.search_key
        or search_key(x.given_name) = search_key(y.family_name) and search_key(x.family_name) = search_key(y.given_name)
    )
    select n.one, n.other from named n where not are_told_apart(municipality, 'person', n.one, n.other) limit most;
end $function$;
REVOKE EXECUTE ON FUNCTION doubled_adults(most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION doubled_adults(most integer) TO refettorio_web;

-- doubled_pupils() ------------------------------------------------------------------------------------
CREATE FUNCTION doubled_pupils(most integer)
 RETURNS TABLE(a uuid, b uuid)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET work_mem TO '32MB'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then return; end if;
  return query
    with known as materialized (
      select p.id, p.birth_date, p.household_id, p.list_key, left(p.fiscal_code, 6) as letters,
        -- The same words the other way round: neither of them has a space.
        split_part(p.list_key, ' ', 2) || ' ' || split_part(p.list_key, ' ', 1) as turned
      from pupil p where p.municipality_id = municipality and not exists (select from pupil_merge m
        where m.municipality_id = municipality and m.gone_id = p.id and m.undone_at is null)
    ), pairs as (
      select one.id as one, other.id as other from known one join known other
        on other.birth_date = one.birth_date and other.list_key = one.list_key and other.id > one.id
      union all
      select one.id, other.id from known one join known other
        on other.birth_date = one.birth_date and other.turned = one.list_key and other.id <> one.id
      union all
      select one.id, other.id from known one join known other
        on other.birth_date = one.birth_date and other.letters = one.letters and other.id > one.id and one.letters ~ '^[A-Z]{6}$'
      union all
      select one.id, other.id from known one join known other
        on other.household_id = one.household_id and other.list_key = one.list_key and other.id > one.id
    )
    -- A pair may be found in each of the four ways.
    select distinct least(f.one, f.other), greatest(f.one, f.other) from (
      select p.one, p.other from pairs p where not are_told_apart(municipality, 'pupil', p.one, p.other) limit 4 * most) f
    limit most;
end $function$;
REVOKE EXECUTE ON FUNCTION doubled_pupils(most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION doubled_pupils(most integer) TO refettorio_web;

-- due_meal_charges() ----------------------------------------------------------------------------------
CREATE FUNCTION due_meal_charges()
 RETURNS TABLE(municipality_id uuid, service_day_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select c.municipality_id, c.service_day_id from (
    select c.municipality_id, c.service_day_id, c.due_at,
      row_number() over (partition by c.municipality_id order by c.due_at, d.day, d.id) as turn
    from meal_charge c
    join municipality m on m.id = c.municipality_id and m.active
    join service_day d on d.municipality_id = c.municipality_id and d.id = c.service_day_id
    where c.due_at <= app_now()) c
  order by c.turn, c.due_at, c.service_day_id
$function$;
REVOKE EXECUTE ON FUNCTION due_meal_charges() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_meal_charges() TO refettorio_web;

-- due_role_notices() ----------------------------------------------------------------------------------
CREATE FUNCTION due_role_notices()
 RETURNS TABLE(municipality_id uuid, role_id uuid, kind text, day date)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  today constant date := app_today();
begin
  return query
    select d.municipality_id, d.id, d.kind, d.day from (
      select r.municipality_id, r.id, 'begins' as kind, r.valid_from as day from staff_member r
        where r.ended_at is null and r.valid_from between today - 7 and today and (r.valid_to is null or r.valid_to >= today)
      union all
      select r.municipality_id, r.id, 'ends-soon', r.valid_to from staff_member r
        where r.ended_at is null and r.valid_from <= today and r.valid_to between today and today + 30
          and r.valid_to - r.valid_from > 30
      union all
      select r.municipality_id, r.id, 'ended', r.valid_to from staff_member r
        where r.ended_at is null and r.valid_to between today - 7 and today - 1
      union all
      select r.municipality_id, r.id, 'ended', (r.ended_at at time zone 'Europe/Rome')::date from staff_member r
        where r.ended_at > app_now() - interval '7 days' and (r.valid_to is null or r.valid_to >= today - 7)
    ) d
    join municipality m on m.id = d.municipality_id and m.active
    where not exists (select from role_notice n
      where n.municipality_id = d.municipality_id and n.role_id = d.id and n.kind = d.kind and n.day = d.day);
end $function$;
REVOKE EXECUTE ON FUNCTION due_role_notices() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_role_notices() TO refettorio_web;

-- due_service_days() ----------------------------------------------------------------------------------
CREATE FUNCTION due_service_days()
 RETURNS TABLE(municipality_id uuid, service_day_ids uuid[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select d.municipality_id, array_agg(d.id order by d.id)
  from service_day d join municipality m on m.id = d.municipality_id and m.active
  where d.status = 'open' and d.close_at <= app_now()
  group by d.municipality_id order by count(*), min(d.close_at), d.municipality_id
$function$;
REVOKE EXECUTE ON FUNCTION due_service_days() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_service_days() TO refettorio_web;

-- eats_on() -------------------------------------------------------------------------------------------
CREATE FUNCTION eats_on(weekdays smallint[], on_day date)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$ select weekdays is null or extract(isodow from on_day)::smallint = any (weekdays) $function$;

-- empty_withdrawn_documents() -------------------------------------------------------------------------
CREATE FUNCTION empty_withdrawn_documents(which uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  here constant uuid := app_municipality();
begin
  update form_document d set content = null
  where d.municipality_id = here and d.submission_id = which and d.content is not null
    and exists (select from form_submission s where s.municipality_id = here and s.id = which and s.state = 'withdrawn');
end $function$;
REVOKE EXECUTE ON FUNCTION empty_withdrawn_documents(which uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION empty_withdrawn_documents(which uuid) TO refettorio_web;

-- end_staff_role() ------------------------------------------------------------------------------------
CREATE FUNCTION end_staff_role(which uuid, last_day date, immediately boolean)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
  first_day date;
  class_ends date;
begin
  perform require_manager();
  select r.valid_from, case when r.role = 'teacher' then last_day_of_class(r.school_class_id) end
    into first_day, class_ends from staff_member r
    where r.municipality_id = municipality and r.id = which and r.ended_at is null
      and (r.valid_to is null or r.valid_to >= app_today());
  if not found then return 'gone'; end if;
  if not immediately and last_day < greatest(app_today(), first_day) then
    raise exception 'a role ends today or later' using errcode = 'check_violation';
  end if;
  if not immediately and (last_day is null or last_day > class_ends) and class_ends is not null then
    raise exception 'a teacher''s role ends with the year of its class' using errcode = 'check_violation';
  end if;
  if not isempty(days_without_manager(which, case when immediately then first_day - 1 else last_day end)) then
    return 'last-manager';
  end if;
  update staff_member r
    set ended_at = case when immediately then app_now() end, ended_by = app_person(),
      valid_to = case when immediately then r.valid_to else last_day end
    where r.municipality_id = municipality and r.id = which;
  return 'done';
end $function$;
REVOKE EXECUTE ON FUNCTION end_staff_role(which uuid, last_day date, immediately boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION end_staff_role(which uuid, last_day date, immediately boolean) TO refettorio_web;

-- end_subscriptions_of_citizen() ----------------------------------------------------------------------
CREATE FUNCTION end_subscriptions_of_citizen(who uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  it record;
begin
  for it in
    select k.municipality_id, k.person_id as id from citizen c
    join person_code k on k.fiscal_code_hash = c.fiscal_code_hash where c.id = who
  loop
    update calendar_feed f set revoked_at = app_now()
    where f.municipality_id = it.municipality_id and f.person_id = it.id and f.revoked_at is null;
    update push_subscription s set ended_at = app_now(), end_reason = 'revoked'
    where s.municipality_id = it.municipality_id and s.person_id = it.id and s.ended_at is null;
  end loop;
end $function$;
REVOKE EXECUTE ON FUNCTION end_subscriptions_of_citizen(who uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION end_subscriptions_of_citizen(who uuid) TO refettorio_web;

-- end_what_codes_opened() -----------------------------------------------------------------------------
CREATE FUNCTION end_what_codes_opened(in_municipality uuid, who uuid, closed bytea[])
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  entered constant uuid[] := array(select c.id from citizen c where c.fiscal_code_hash = any (closed));
  unknown_elsewhere constant uuid[] := array(select c.id from citizen c where c.id = any (entered) and not exists (
    select from person_code k where k.municipality_id <> in_municipality and k.fiscal_code_hash = c.fiscal_code_hash));
  forgotten uuid[];
begin
  if entered = '{}' then return false; end if;
  update calendar_feed f set revoked_at = app_now()
    where f.municipality_id = in_municipality and f.person_id = who and f.revoked_at is null;
  update push_subscription s set ended_at = app_now(), end_reason = 'revoked'
    where s.municipality_id = in_municipality and s.person_id = who and s.ended_at is null;
  with gone as (
    update remembered_device d set revoked_at = app_now(), revoke_reason = 'code-closed'
    where d.municipality_id = in_municipality and d.citizen_id = any (entered) and d.revoked_at is null returning d.id)
  select array_agg(gone.id) into forgotten from gone;
  update session s set ended_at = app_now(), end_reason = 'revoked'
    where s.citizen_id = any (entered) and s.ended_at is null
      and (s.citizen_id = any (unknown_elsewhere) or s.device_id = any (forgotten));
  return true;
end $function$;
COMMENT ON FUNCTION end_what_codes_opened(in_municipality uuid, who uuid, closed bytea[]) IS 'Whether a person has ever entered with one of the codes';
REVOKE EXECUTE ON FUNCTION end_what_codes_opened(in_municipality uuid, who uuid, closed bytea[]) FROM PUBLIC;

-- enqueue_count_mail() --------------------------------------------------------------------------------
CREATE FUNCTION enqueue_count_mail(in_municipality uuid, dedupe_key text, recipient text, subject text, body_text text, sheet uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'system' then
    raise exception 'a count of another municipality' using errcode = 'insufficient_privilege';
  end if;
  insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, language, batch_id, count_sheet_id)
  values (in_municipality, enqueue_count_mail.dedupe_key, 'email', enqueue_count_mail.recipient, enqueue_count_mail.subject,
    enqueue_count_mail.body_text, 'it',
    delivery_batch_of(in_municipality, jsonb_build_object('key', 'letter:' || app_today(), 'event', 'letter')), sheet)
  on conflict (municipality_id, dedupe_key) do nothing;
end $function$;
REVOKE EXECUTE ON FUNCTION enqueue_count_mail(in_municipality uuid, dedupe_key text, recipient text, subject text, body_text text, sheet uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enqueue_count_mail(in_municipality uuid, dedupe_key text, recipient text, subject text, body_text text, sheet uuid) TO refettorio_web;

-- enqueue_mail() --------------------------------------------------------------------------------------
CREATE FUNCTION enqueue_mail(in_municipality uuid, dedupe_key text, recipient text, subject text, body_text text, secret boolean, language text, email_change uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  if in_municipality is distinct from app_municipality() then
    raise exception 'a letter of another municipality' using errcode = 'insufficient_privilege';
  end if;
  insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, secret, language, email_change_id, batch_id)
  values (in_municipality, enqueue_mail.dedupe_key, 'email', enqueue_mail.recipient, enqueue_mail.subject, enqueue_mail.body_text, enqueue_mail.secret,
    enqueue_mail.language, enqueue_mail.email_change,
    delivery_batch_of(in_municipality, jsonb_build_object('key', 'letter:' || app_today(), 'event', 'letter')))
  on conflict (municipality_id, dedupe_key) do nothing;
end $function$;
REVOKE EXECUTE ON FUNCTION enqueue_mail(in_municipality uuid, dedupe_key text, recipient text, subject text, body_text text, secret boolean, language text, email_change uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enqueue_mail(in_municipality uuid, dedupe_key text, recipient text, subject text, body_text text, secret boolean, language text, email_change uuid) TO refettorio_web;

-- enqueue_text() --------------------------------------------------------------------------------------
CREATE FUNCTION enqueue_text(in_municipality uuid, dedupe_key text, recipient text, body_text text, secret boolean, language text, phone_change uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  if in_municipality is distinct from app_municipality() then
    raise exception 'a text message of another municipality' using errcode = 'insufficient_privilege';
  end if;
  insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, secret, language, phone_change_id, batch_id)
  values (in_municipality, enqueue_text.dedupe_key, 'sms', enqueue_text.recipient, '', enqueue_text.body_text, enqueue_text.secret,
    enqueue_text.language, enqueue_text.phone_change,
    delivery_batch_of(in_municipality, jsonb_build_object('key', 'letter:' || app_today(), 'event', 'letter')))
  on conflict (municipality_id, dedupe_key) do nothing;
end $function$;
REVOKE EXECUTE ON FUNCTION enqueue_text(in_municipality uuid, dedupe_key text, recipient text, body_text text, secret boolean, language text, phone_change uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enqueue_text(in_municipality uuid, dedupe_key text, recipient text, body_text text, secret boolean, language text, phone_change uuid) TO refettorio_web;

-- enter_communications() ------------------------------------------------------------------------------
CREATE FUNCTION enter_communications()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  households constant uuid[] := app_households();
  paying constant uuid[] := app_paying_households();
  addressed uuid[];
  copies text[];
  versions text[];
begin
  if app_audience() <> 'family' then return; end if;
  select array_agg(distinct p.communication_id), array_agg(p.communication_id::text || ':' || p.household_id)
    into addressed, copies
    from communication_recipient_person p
    where p.municipality_id = municipality and p.person_id = person
      and (p.household_id = any (paying) or p.about = 'service' and p.household_id = any (households));
  versions := array(select x.communication_id::text || ':' || x.version from communication_publication x
    join communication c on c.municipality_id = municipality and c.id = x.communication_id
      and c.published_version is not null and c.withdrawn_at is null
    where x.municipality_id = municipality and x.communication_id = any (addressed));
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.communications', coalesce(addressed::text, ''), true),
    set_config('app.communication_copies', coalesce(copies::text, ''), true),
    set_config('app.communication_versions', versions::text, true);
end $function$;
REVOKE EXECUTE ON FUNCTION enter_communications() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter_communications() TO refettorio_web;

-- enter_menus() ---------------------------------------------------------------------------------------
CREATE FUNCTION enter_menus()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
  versions text[];
begin
  versions := array(select m.id::text || ':' || m.published_version from menu m
    where m.municipality_id = municipality and m.published_version is not null and m.withdrawn_at is null);
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.menu_versions', versions::text, true);
end $function$;
REVOKE EXECUTE ON FUNCTION enter_menus() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter_menus() TO refettorio_web;

-- enter_questionnaires() ------------------------------------------------------------------------------
CREATE FUNCTION enter_questionnaires()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  households constant uuid[] := app_households();
  pupils constant uuid[] := app_pupils();
  moment constant timestamptz := app_now();
  begun uuid[];
  opened uuid[];
  anonymous uuid[];
  closed uuid[];
  parts uuid[];
begin
  if app_audience() in ('staff', 'system') then
    closed := array(select q.id from questionnaire q where q.municipality_id = municipality and q.closes_at <= moment);
  elsif app_audience() = 'family' then
    select array_agg(q.id), array_agg(q.id) filter (where q.closes_at > moment),
        array_agg(q.id) filter (where q.closes_at > moment and q.anonymous)
      into begun, opened, anonymous
      from questionnaire q
      where q.municipality_id = municipality and q.published_at is not null and q.opens_at <= moment;
    parts := array(select p.part from questionnaire_part p
      where p.municipality_id = municipality and p.questionnaire_id = any (begun) and p.household_id = any (households)
        and p.person_id = person and (p.pupil_id is null or p.pupil_id = any (pupils)));
  end if;
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.begun_questionnaires', coalesce(begun::text, ''), true),
    set_config('app.open_questionnaires', coalesce(opened::text, ''), true),
    set_config('app.anonymous_questionnaires', coalesce(anonymous::text, ''), true),
    set_config('app.closed_questionnaires', coalesce(closed::text, ''), true),
    set_config('app.questionnaire_parts', coalesce(parts::text, ''), true);
end $function$;
REVOKE EXECUTE ON FUNCTION enter_questionnaires() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter_questionnaires() TO refettorio_web;

-- enter_receipts() ------------------------------------------------------------------------------------
CREATE FUNCTION enter_receipts()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
  pupils constant uuid[] := app_pupils();
  whole constant uuid[] := coalesce(app_whole_households(), '{}');
  households constant uuid[] := app_households();
  partly uuid[];
  receipts uuid[];
begin
  partly := array(select p.id from pupil p
    where p.municipality_id = municipality and p.id = any (pupils) and p.household_id <> all (whole));
  if partly = '{}' then return; end if;
  -- Of a pupil with two households each sees its own receipts, and those of the office.
  receipts := array(select distinct v.receipt_id from absence_event v
    join absence_receipt r on r.municipality_id = municipality and r.id = v.receipt_id
      and (r.household_id = any (households) or r.channel = 'office')
    where v.municipality_id = municipality and v.pupil_id = any (partly));
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.receipts', receipts::text, true);
end $function$;
REVOKE EXECUTE ON FUNCTION enter_receipts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter_receipts() TO refettorio_web;

-- enter_scope() ---------------------------------------------------------------------------------------
CREATE FUNCTION enter_scope(municipality uuid, audience text, person uuid, waited interval DEFAULT '00:00:00'::interval, look uuid DEFAULT NULL::uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  households uuid[];
  whole uuid[];
  paying uuid[];
  applied uuid[];
  people uuid[];
  pupils uuid[];
  paying_pupils uuid[];
  accounts uuid[];
  taken_over jsonb;
  entered text := enter_scope.audience;
  looked uuid;
begin
  if enter_scope.look is not null then
    looked := looked_at(enter_scope.municipality, enter_scope.look, enter_scope.person);
    if looked is null then entered := 'public'; end if;
    -- From here on: a transaction that has asked something cannot become one that writes.
    perform set_config('transaction_read_only', 'on', true);
  end if;
  if entered in ('staff', 'partner') then
    entered := audience_of_staff(enter_scope.municipality, enter_scope.person);
  end if;
  if entered = 'family' then
    select array_agg(m.household_id), array_agg(m.household_id) filter (where m.all_pupils),
        array_agg(m.household_id) filter (where m.role = 'holder'),
        array_agg(a.id) filter (where m.role = 'holder' and not m.taken_over),
        jsonb_object_agg(a.id, m.started_at) filter (where a.id is not null and m.role = 'holder' and m.taken_over)
      into households, whole, paying, accounts, taken_over
      from active_member m
      left join account a on a.municipality_id = enter_scope.municipality and a.household_id = m.household_id and m.role = 'holder'
      where m.municipality_id = enter_scope.municipality and m.person_id = enter_scope.person
        and (looked is null or m.household_id = looked);
    applied := array(select a.household_id from household_applicant a
      where a.municipality_id = enter_scope.municipality and a.person_id = enter_scope.person
        and looked is null and a.ended_at is null and a.valid_to >= app_today());
    select array_agg(distinct a.pupil_id), array_agg(distinct a.pupil_id) filter (where a.household_id = any (paying))
      into pupils, paying_pupils
      from adult_of_pupil a where a.municipality_id = enter_scope.municipality and a.person_id = enter_scope.person
        and (looked is null or a.household_id = looked);
    -- Pupils of another household who eat here on some days. They are seen, and paid on these days; what only the own household
    -- decides of them (requests, bands) is not `paying_pupils`.
    if exists (select from meal_household_rule r where r.municipality_id = enter_scope.municipality) then
      select array_agg(distinct s.id) into pupils from (
        select unnest(pupils) as id
        union all
        select a.pupil_id from adult_of_shared_pupil a
        where a.municipality_id = enter_scope.municipality and a.person_id = enter_scope.person
          and (looked is null or a.household_id = looked)) s;
    end if;
    people := array(select distinct m.person_id from household_member m
      where m.municipality_id = enter_scope.municipality and m.household_id = any (households));
  end if;
  perform
    set_config('app.municipality_id', coalesce(enter_scope.municipality::text, ''), true),
    set_config('app.audience', entered, true),
    set_config('app.person_id', coalesce(enter_scope.person::text, ''), true),
    set_config('app.households', coalesce(households::text, ''), true),
    set_config('app.whole_households', coalesce(whole::text, ''), true),
    set_config('app.paying_households', coalesce(paying::text, ''), true),
    set_config('app.filling_households', coalesce((paying || applied)::text, ''), true),
    set_config('app.people', coalesce(people::text, ''), true),
    set_config('app.pupils', coalesce(pupils::text, ''), true),
    set_config('app.paying_pupils', coalesce(paying_pupils::text, ''), true),
    set_config('app.paying_accounts', coalesce(accounts::text, ''), true),
    set_config('app.taken_over_accounts', coalesce(taken_over::text, ''), true),
    set_config('app.look', coalesce(enter_scope.look::text, ''), true),
    set_config('app.waited', greatest(enter_scope.waited, '0')::text, true);
  perform leave_subjects();
end $function$;
COMMENT ON FUNCTION enter_scope(municipality uuid, audience text, person uuid, waited interval, look uuid) IS 'Names who a transaction speaks for and what is theirs; holds until the transaction ends';
REVOKE EXECUTE ON FUNCTION enter_scope(municipality uuid, audience text, person uuid, waited interval, look uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter_scope(municipality uuid, audience text, person uuid, waited interval, look uuid) TO refettorio_web;

-- enter_session() -------------------------------------------------------------------------------------
CREATE FUNCTION enter_session(token_hash bytea, slug text, idle interval, is_use boolean DEFAULT true, looks boolean DEFAULT false)
 RETURNS TABLE(session_id uuid, citizen_id uuid, method text, level smallint, authenticated_at timestamp with time zone, seconds_since_identity integer, opened_with text, device_id uuid, given_name text, family_name text, municipality_id uuid, person_id uuid, person_name text, memberships jsonb, staff_roles text[], look jsonb, unread integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  v record;
begin
  select * into v from viewer_of_session(enter_session.token_hash, enter_session.slug, enter_session.idle, enter_session.is_use,
    enter_session.looks);
  if not found then return; end if;
  if v.person_id is not null then 
    perform enter_scope(v.municipality_id, 'family', v.person_id, look => (v.look ->> 'id')::uuid);
  end if;
  -- From here on the transaction only reads: what it wrote could be undone after the answer.
  perform set_config('transaction_read_only', 'on', true);
  return query select v.session_id, v.citizen_id, v.method, v.level, v.authenticated_at, v.seconds_since_identity,
    v.opened_with, v.device_id, v.given_name, v.family_name, v.municipality_id, v.person_id, v.person_name, v.memberships,
    v.staff_roles, v.look,
    (select count(*)::integer from notification n
      where n.municipality_id = v.municipality_id and n.person_id = v.person_id and n.read_at is null);
end $function$;
REVOKE EXECUTE ON FUNCTION enter_session(token_hash bytea, slug text, idle interval, is_use boolean, looks boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter_session(token_hash bytea, slug text, idle interval, is_use boolean, looks boolean) TO refettorio_web;

-- enter_submissions() ---------------------------------------------------------------------------------
CREATE FUNCTION enter_submissions()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  filling constant uuid[] := app_filling_households();
  submissions uuid[];
begin
  submissions := array(select s.id from form_submission s
    where s.municipality_id = municipality and s.person_id = person and s.household_id = any (filling));
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.submissions', submissions::text, true);
end $function$;
REVOKE EXECUTE ON FUNCTION enter_submissions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter_submissions() TO refettorio_web;

-- enter_top_ups() -------------------------------------------------------------------------------------
CREATE FUNCTION enter_top_ups()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  held uuid[];
  own uuid[];
  opened text[];
begin
  if app_audience() <> 'family' then return; end if;
  -- Only a holder pays: by household there is an index.
  held := array(select m.household_id from household_member m
    where m.municipality_id = municipality and m.person_id = person and m.role = 'holder');
  select array_agg(t.id), array_agg(t.id::text || ':' || t.state) filter (where t.state in ('redirected', 'failed'))
    into own, opened
    from top_up t where t.municipality_id = municipality and t.household_id = any (held) and t.payer_id = person;
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.top_ups', coalesce(own::text, ''), true),
    set_config('app.opened_top_ups', coalesce(opened::text, ''), true);
end $function$;
REVOKE EXECUTE ON FUNCTION enter_top_ups() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter_top_ups() TO refettorio_web;

-- entries_balance() -----------------------------------------------------------------------------------
CREATE FUNCTION entries_balance()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  batch record;
  written bigint;
  posted_in integer;
begin
  for batch in
    select municipality_id, journal_id, sum(amount_cents) as cents, count(*) as entries, min(school_year) as first_year,
      max(school_year) as last_year
    from added group by 1, 2
  loop
    if batch.cents <> 0 or batch.entries < 2 then
      raise exception 'a journal sums to zero and has two entries at least' using errcode = 'check_violation';
    end if;
    select school_year_of((j.posted_at at time zone 'Europe/Rome')::date) into posted_in from journal j
      where j.municipality_id = batch.municipality_id and j.id = batch.journal_id;
    if not found then
      raise exception 'an entry belongs to a journal that is there' using errcode = 'foreign_key_violation';
    end if;
    if batch.first_year <> posted_in or batch.last_year <> posted_in then
      raise exception 'an entry stands in the school year of its journal' using errcode = 'check_violation';
    end if;
    select count(*) into written from entry e
      where e.municipality_id = batch.municipality_id and e.journal_id = batch.journal_id and e.school_year = posted_in;
    if written <> batch.entries then
      raise exception 'the entries of a journal are written once, together' using errcode = 'restrict_violation';
    end if;
  end loop;

  for batch in
    select municipality_id, case kind when 'top_up' then top_up_id else service_day_id end as subject_id, kind, school_year
    from added where pupil_id is not null or kind = 'top_up' and top_up_id is not null
    group by 1, 2, 3, 4 order by 1, 2, 3
  loop
    insert into entry_year (municipality_id, subject_id, kind, school_year)
      values (batch.municipality_id, batch.subject_id, batch.kind, batch.school_year) on conflict do nothing;
    perform from entry_year y where y.municipality_id = batch.municipality_id and y.subject_id = batch.subject_id
      and y.kind = batch.kind and y.school_year = batch.school_year;
    if not found then
      raise exception 'what was posted in one school year is not posted in another' using errcode = 'unique_violation';
    end if;
  end loop;

  for batch in
    select municipality_id, array_agg(distinct pupil_id) as pupils from added where pupil_id is not null group by 1
  loop
    perform from pupil p where p.municipality_id = batch.municipality_id and p.id = any (batch.pupils);
    get diagnostics written = row_count;
    if written <> cardinality(batch.pupils) then
      raise exception 'an entry names a pupil that is there' using errcode = 'foreign_key_violation';
    end if;
  end loop;

  for batch in
    select municipality_id, array_agg(account_id) as accounts, array_agg(cents) as cents
    from (select municipality_id, account_id, sum(amount_cents) as cents from added group by 1, 2) moved group by 1 order by 1
  loop
    perform from account a where a.municipality_id = batch.municipality_id and a.id = any (batch.accounts)
      order by a.id for no key update;
    get diagnostics written = row_count;
    if written <> cardinality(batch.accounts) then
      raise exception 'an entry moves an account that is there' using errcode = 'foreign_key_violation';
    end if;
    update account a set balance_cents = a.balance_cents + moved.cents, updated_at = app_now()
    from unnest(batch.accounts, batch.cents) moved (id, cents)
    where a.municipality_id = batch.municipality_id and a.id = moved.id;
  end loop;
  return null;
end $function$;

-- erasable_people() -----------------------------------------------------------------------------------
CREATE FUNCTION erasable_people(in_municipality uuid, in_household uuid)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE
AS $function$
  select distinct m.person_id from household_member m
  where m.municipality_id = in_municipality and m.household_id = in_household
    and not exists (select from household_member o
      where o.municipality_id = in_municipality and o.person_id = m.person_id and o.household_id <> in_household)
    and not exists (select from staff_member r where r.municipality_id = in_municipality and r.person_id = m.person_id)
$function$;

-- erase_mistake() -------------------------------------------------------------------------------------
CREATE FUNCTION erase_mistake(in_municipality uuid, in_household uuid, in_pupil uuid)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  pupils uuid[];
  people uuid[];
  gone constant uuid[] := case when in_pupil is null then array[in_household] else '{}' end;
  referring text;
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality erases' using errcode = 'insufficient_privilege';
  end if;
  if not exists (select from active_staff_member r
      where r.municipality_id = in_municipality and r.person_id = app_person() and r.role = 'manager') then
    raise exception 'only a manager erases' using errcode = 'insufficient_privilege';
  end if;
  perform from household h where h.municipality_id = in_municipality and h.id = in_household for update;
  if not found then return 'household'; end if;
  select coalesce(array_agg(c.id), '{}') into pupils from (select p.id from pupil p
    where p.municipality_id = in_municipality and p.household_id = in_household and (in_pupil is null or p.id = in_pupil)
    order by p.id for update) c;
  if in_pupil is not null and cardinality(pupils) = 0 then return 'pupil'; end if;
  if in_pupil is null and exists (select from departing_transfer t where t.municipality_id = in_municipality and t.household_id = in_household)
      or exists (select from departing_transfer t where t.municipality_id = in_municipality and t.pupil_ids && pupils) then
    return 'departing_transfer';
  end if;
  select coalesce(array_agg(k.id), '{}') into people from erasable_people(in_municipality, in_household) k (id)
    where in_pupil is null;
  begin
    perform set_config('app.undoes_import', in_household::text, true);
    delete from fare_assignment f where f.municipality_id = in_municipality and f.pupil_id = any (pupils);
    delete from diet_end_notice n where n.municipality_id = in_municipality and n.pupil_id = any (pupils);
    delete from delegate_pupil d where d.municipality_id = in_municipality and d.pupil_id = any (pupils);
    delete from told_apart t where t.municipality_id = in_municipality and (t.one_id = any (pupils || people || gone) or t.other_id = any (pupils || people || gone));
    delete from pupil p where p.municipality_id = in_municipality and p.id = any (pupils);
    if in_pupil is null then
      delete from account a where a.municipality_id = in_municipality and a.household_id = in_household;
      delete from household_member m where m.municipality_id = in_municipality and m.household_id = in_household;
      delete from outbox o where o.municipality_id = in_municipality and o.person_id = any (people);
      delete from notification n where n.municipality_id = in_municipality and n.person_id = any (people);
      delete from notification_choice c where c.municipality_id = in_municipality and c.person_id = any (people);
      delete from person_code k where k.municipality_id = in_municipality and k.person_id = any (people);
      delete from person p where p.municipality_id = in_municipality and p.id = any (people);
      delete from household h where h.municipality_id = in_municipality and h.id = in_household;
    end if;
    perform set_config('app.undoes_import', '', true);
  exception
    when foreign_key_violation or restrict_violation then
      get stacked diagnostics referring = table_name;
      return coalesce(nullif(referring, ''), 'meal_charge');
  end;
  return null;
end $function$;
COMMENT ON FUNCTION erase_mistake(in_municipality uuid, in_household uuid, in_pupil uuid) IS 'Null when it is done; else the table of a row that refers to one of them';
REVOKE EXECUTE ON FUNCTION erase_mistake(in_municipality uuid, in_household uuid, in_pupil uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_mistake(in_municipality uuid, in_household uuid, in_pupil uuid) TO refettorio_web;

-- fare_band_price_charged() ---------------------------------------------------------------------------
CREATE FUNCTION fare_band_price_charged(m uuid, s uuid, c text, first_day date)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select from fare_assignment f
    join service_day d on d.municipality_id = m and d.service_id = f.service_id
      and d.day between greatest(f.valid_from, first_day) and f.valid_to
    where f.municipality_id = m and f.service_id = s and f.band_code = c and d.status = 'closed'
      and d.day < coalesce((select min(p.valid_from) from fare_band_price p
        where p.municipality_id = m and p.service_id = s and p.code = c and p.valid_from > first_day), 'infinity'))
$function$;

-- fare_charged() --------------------------------------------------------------------------------------
CREATE FUNCTION fare_charged(m uuid, s uuid, p uuid, first_day date, last_day date)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select from enrolment e
    join service_day d on d.municipality_id = m and d.service_id = e.service_id and d.school_id = e.school_id
      and d.day between greatest(e.valid_from, first_day) and least(e.valid_to, last_day)
    where e.municipality_id = m and e.service_id = s and e.pupil_id = p and d.status = 'closed')
$function$;

-- fares_on_some_days() --------------------------------------------------------------------------------
CREATE FUNCTION fares_on_some_days(in_municipality uuid, households uuid[])
 RETURNS TABLE(household_id uuid, pupil_id uuid, name text, service_id uuid, fares jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select who.household_id, p.id, p.given_name, e.service_id,
    coalesce((select jsonb_agg(jsonb_build_object('from', f.valid_from, 'to', f.valid_to, 'bandCode', f.band_code) order by f.valid_from)
      from fare_assignment f where f.municipality_id = in_municipality and f.service_id = e.service_id and f.pupil_id = p.id), '[]')
  from (select distinct r.household_id, r.pupil_id from meal_household_rule r
    where r.municipality_id = in_municipality and r.household_id = any (households) and (r.valid_to is null or r.valid_to >= app_today())) who
  join pupil p on p.municipality_id = in_municipality and p.id = who.pupil_id
  join lateral (select distinct n.service_id from enrolment n
    where n.municipality_id = in_municipality and n.pupil_id = p.id and n.valid_to >= app_today()) e on true
  where in_municipality = app_municipality()
    and (app_audience() in ('staff', 'system') or app_audience() = 'family' and who.household_id = any (app_paying_households()))
  order by p.given_name, p.id, e.service_id
$function$;
REVOKE EXECUTE ON FUNCTION fares_on_some_days(in_municipality uuid, households uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fares_on_some_days(in_municipality uuid, households uuid[]) TO refettorio_web;

-- find_adults() ---------------------------------------------------------------------------------------
CREATE FUNCTION find_adults(typed text, digits text, most integer)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, typed);
  patterns constant text[] := array(select search_patterns(typed));
  beginning constant text := lower(split_part(btrim(typed), ' ', 1));
  ranked constant integer := 5000;
begin
  if app_audience() is distinct from 'staff' then return; end if;
  if digits ~ '^[0-9]+$' then
    return query
      select p.id from person p
      where p.municipality_id = municipality and p.phone is not null
        -- The colon follows the nine: every number that begins so.
        and reverse(p.phone) ~>=~ reverse(digits) and reverse(p.phone) ~<~ (reverse(digits) || ':')
        and exists (select from active_member m where m.municipality_id = municipality and m.person_id = p.id)
      order by p.family_name, p.given_name, p.id
      limit most;
  end if;
  if cardinality(grams) = 0 then return; end if;
  return query
    select p.id from (
      select a.id, a.family_name, a.given_name from person a
      where search_grams(a.municipality_id, a.search_key) @> grams and a.municipality_id = municipality
        and a.search_key like all (patterns)
        and exists (select from active_member m where m.municipality_id = municipality and m.person_id = a.id)
      limit ranked) p
    order by starts_with(lower(p.family_name), beginning) desc, starts_with(lower(p.given_name), beginning) desc, p.family_name,
      p.given_name, p.id
    limit most;
end $function$;
REVOKE EXECUTE ON FUNCTION find_adults(typed text, digits text, most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_adults(typed text, digits text, most integer) TO refettorio_web;

-- find_pupils() ---------------------------------------------------------------------------------------
CREATE FUNCTION find_pupils(typed text, most integer)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, typed);
  patterns constant text[] := array(select search_patterns(typed));
  beginning constant text := lower(split_part(btrim(typed), ' ', 1));
  -- Two letters are in half of all names: so many of them are ranked, and who wants another writes more.
  ranked constant integer := 5000;
begin
  if app_audience() is distinct from 'staff' or cardinality(grams) = 0 then return; end if;
  return query
    select c.id from (
      select p.id, p.family_name, p.given_name from pupil p
      where search_grams(p.municipality_id, p.search_key) @> grams and p.municipality_id = municipality
        and p.search_key like all (patterns)
      limit ranked) c
    order by starts_with(lower(c.family_name), beginning) desc, starts_with(lower(c.given_name), beginning) desc, c.family_name,
      c.given_name, c.id
    limit most;
end $function$;
REVOKE EXECUTE ON FUNCTION find_pupils(typed text, most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_pupils(typed text, most integer) TO refettorio_web;

-- first_households_named() ----------------------------------------------------------------------------
CREATE FUNCTION first_households_named(typed text, most integer, many integer)
 RETURNS TABLE(id uuid, list_key text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, typed);
  patterns constant text[] := array(select search_patterns(typed));
  found uuid[];
begin
  if app_audience() is distinct from 'staff' or cardinality(grams) = 0 then return; end if;
  found := array(select c.household_id from pupil c
    where search_grams(c.municipality_id, c.search_key) @> grams and c.municipality_id = municipality
      and c.search_key like all (patterns) limit many + 1);
  if cardinality(found) <= many then
    found := found || array(select m.household_id from person p
      join active_member m on m.municipality_id = municipality and m.person_id = p.id
      where search_grams(p.municipality_id, p.search_key) @> grams and p.municipality_id = municipality
        and p.search_key like all (patterns) limit many + 1);
  end if;
  if cardinality(found) <= many then
    return query select h.id, h.list_key from household h where h.municipality_id = municipality and h.id = any (found)
      order by h.list_key, h.id limit most;
    return;
  end if;
  return query
    select h.id, h.list_key from household h
    where h.municipality_id = municipality and coalesce(
      (select true from pupil c
        where c.municipality_id = municipality and c.household_id = h.id and c.search_key like all (patterns) limit 1),
      (select true from active_member m join person p on p.municipality_id = municipality and p.id = m.person_id
        where m.municipality_id = municipality and m.household_id = h.id and p.search_key like all (patterns) limit 1))
    order by h.list_key, h.id limit most;
end $function$;
REVOKE EXECUTE ON FUNCTION first_households_named(typed text, most integer, many integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION first_households_named(typed text, most integer, many integer) TO refettorio_web;

-- forget_forms() --------------------------------------------------------------------------------------
CREATE FUNCTION forget_forms(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  ninety_days_ago constant timestamptz := app_now() - interval '90 days';
  two_years_ago constant timestamptz := app_now() - interval '24 months';
  five_years_ago constant timestamptz := app_now() - interval '5 years';
  each_municipality uuid;
  gone integer;
  total integer := 0;
begin
  for each_municipality in select m.id from municipality m
    where exists (select from form_draft d where d.municipality_id = m.id and d.updated_at < ninety_days_ago)
      or exists (select from form_submission s where s.municipality_id = m.id and s.decided_at < two_years_ago)
      or exists (select from diet_hold h where h.municipality_id = m.id and h.until < app_today())
      or exists (select from diet_end_notice n where n.municipality_id = m.id and n.last_day < app_today() - 365)
      or exists (select from form_batch b where b.municipality_id = m.id and b.made_at < ninety_days_ago)
      or exists (select from link_request r where r.municipality_id = m.id and coalesce(r.decided_at, r.sent_at) < two_years_ago)
  loop
    delete from form_document where municipality_id = each_municipality and draft_id in (select d.id from form_draft d
      where d.municipality_id = each_municipality and d.updated_at < ninety_days_ago);
    get diagnostics gone = row_count; total := total + gone;
    delete from form_draft where municipality_id = each_municipality and updated_at < ninety_days_ago;
    get diagnostics gone = row_count; total := total + gone;
    update form_document set content = null where municipality_id = each_municipality and id = any (array(
      select f.id from form_document f join form_submission s on s.municipality_id = each_municipality and s.id = f.submission_id
      where f.municipality_id = each_municipality and f.content is not null and s.decided_at < two_years_ago limit most));
    get diagnostics gone = row_count; total := total + gone;
    update form_submission set answers = '{}', shown = '[]' where municipality_id = each_municipality and id = any (array(
      select id from form_submission where municipality_id = each_municipality and shown <> '[]'
        and decided_at < five_years_ago limit most));
    get diagnostics gone = row_count; total := total + gone;
    delete from diet_hold where municipality_id = each_municipality and until < app_today();
    get diagnostics gone = row_count; total := total + gone;
    delete from diet_end_notice where municipality_id = each_municipality and last_day < app_today() - 365;
    get diagnostics gone = row_count; total := total + gone;
    delete from form_batch_item where municipality_id = each_municipality and batch_id in (select b.id from form_batch b
      where b.municipality_id = each_municipality and b.made_at < ninety_days_ago);
    get diagnostics gone = row_count; total := total + gone;
    delete from link_request where municipality_id = each_municipality and coalesce(decided_at, sent_at) < two_years_ago;
    get diagnostics gone = row_count; total := total + gone;
    delete from form_batch where municipality_id = each_municipality and made_at < ninety_days_ago;
    get diagnostics gone = row_count; total := total + gone;
  end loop;
  return total;
end $function$;
REVOKE EXECUTE ON FUNCTION forget_forms(most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_forms(most integer) TO refettorio_web;

-- frozen_counts() -------------------------------------------------------------------------------------
CREATE FUNCTION frozen_counts(on_day date)
 RETURNS TABLE(count_id uuid, school_id uuid, school_name text, service_name text, kitchen_id uuid, kitchen_name text, version integer, frozen_at timestamp with time zone, reason text, seen_at timestamp with time zone, seen_by text, is_own boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  schools constant uuid[] := counted_schools(on_day);
begin
  return query
    select newest.id, d.school_id, s.name, v.name, w.id, w.name, newest.version, newest.frozen_at, coalesce(newest.reason, ''),
      a.acknowledged_at, p.full_name, coalesce(app_person() is not null and cooks_for(d.school_id, w.id, app_person()), false)
    from service_day d
    join school s on s.municipality_id = municipality and s.id = d.school_id
    join service v on v.municipality_id = municipality and v.id = d.service_id and v.is_cooked
    join lateral (
      select k.id, k.version, k.frozen_at, k.reason from kitchen_count k
      where k.municipality_id = municipality and k.service_day_id = d.id order by k.version desc limit 1
    ) newest on true
    left join kitchen w on w.municipality_id = municipality and w.id = serving_kitchen(d.school_id, d.day)
    left join count_acknowledgement a on a.municipality_id = municipality and a.kitchen_count_id = newest.id
    left join person p on p.municipality_id = municipality and p.id = a.person_id
    where d.municipality_id = municipality and d.day = on_day and d.status <> 'open' and d.school_id = any (schools)
    order by w.name nulls last, s.name, v.name;
end $function$;
COMMENT ON FUNCTION frozen_counts(on_day date) IS 'No names of pupils; who has seen a count is a colleague';
REVOKE EXECUTE ON FUNCTION frozen_counts(on_day date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION frozen_counts(on_day date) TO refettorio_web;

-- give_back_attempt() ---------------------------------------------------------------------------------
CREATE FUNCTION give_back_attempt(whose bytea, seconds integer)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  update attempt_count c set
    instants = case when latest.n > 1 then c.instants else trim_array(c.instants, 1) end,
    counts = trim_array(c.counts, 1) || case when latest.n > 1 then array[latest.n - 1] else '{}' end
  from (
    select key, counts[cardinality(counts)] as n from attempt_count
    where key = whose and instants[cardinality(instants)] > extract(epoch from app_now()) - seconds
    for update
  ) latest
  where c.key = latest.key
$function$;
COMMENT ON FUNCTION give_back_attempt(whose bytea, seconds integer) IS 'Uncounts the latest attempt of the window';
REVOKE EXECUTE ON FUNCTION give_back_attempt(whose bytea, seconds integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION give_back_attempt(whose bytea, seconds integer) TO refettorio_web;

-- give_staff_role() -----------------------------------------------------------------------------------
CREATE FUNCTION give_staff_role(who uuid, which text, in_school uuid, in_class uuid, in_kitchen uuid, first_day date, last_day date)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  given uuid;
begin
  perform require_manager();
  if first_day < app_today() then
    raise exception 'a role begins today or later' using errcode = 'check_violation';
  end if;
  if which = 'teacher' and (last_day is null or last_day > last_day_of_class(in_class)) then
    raise exception 'a teacher''s role ends with the year of its class' using errcode = 'check_violation';
  end if;
  insert into staff_member (municipality_id, person_id, role, school_id, school_class_id, kitchen_id, valid_from, valid_to, given_by)
  values (app_municipality(), who, which, in_school, in_class, in_kitchen, first_day, last_day, app_person())
  returning id into given;
  return given;
end $function$;
REVOKE EXECUTE ON FUNCTION give_staff_role(who uuid, which text, in_school uuid, in_class uuid, in_kitchen uuid, first_day date, last_day date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION give_staff_role(who uuid, which text, in_school uuid, in_class uuid, in_kitchen uuid, first_day date, last_day date) TO refettorio_web;

-- hand_transfer_over() --------------------------------------------------------------------------------
CREATE FUNCTION hand_transfer_over(in_municipality uuid, which uuid, what jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  own record;
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality that is left hands pupils over' using errcode = 'insufficient_privilege';
  end if;
  select t.to_municipality_id, t.last_day, cardinality(t.pupil_ids) as pupils into strict own from departing_transfer t
    where t.municipality_id = in_municipality and t.id = which and t.state = 'sent' and t.sent_by = app_person() for no key update;
  perform from municipality m where m.id = own.to_municipality_id and m.active;
  if not found then raise exception 'this municipality receives no pupils' using errcode = 'foreign_key_violation'; end if;
  insert into arriving_transfer (municipality_id, id, from_municipality_id, last_day, content)
    values (own.to_municipality_id, which, in_municipality, own.last_day, what);
  insert into audit_event (municipality_id, action, object_type, object_id, details)
    values (own.to_municipality_id, 'transfers.arrived', 'municipality', own.to_municipality_id::text,
      jsonb_build_object('town', (select m.name from municipality m where m.id = in_municipality), 'pupils', own.pupils));
end $function$;
REVOKE EXECUTE ON FUNCTION hand_transfer_over(in_municipality uuid, which uuid, what jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hand_transfer_over(in_municipality uuid, which uuid, what jsonb) TO refettorio_web;

-- hash_of_code() --------------------------------------------------------------------------------------
CREATE FUNCTION hash_of_code(hashes bytea[])
 RETURNS bytea
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  kept bytea;
begin
  perform lock_code(hashes);
  select coalesce(
    (select k.fiscal_code_hash from person_code k where k.fiscal_code_hash = any (hashes) limit 1),
    (select i.fiscal_code_hash from delegate_invitation i
      where i.fiscal_code_hash = any (hashes) and i.fiscal_code_sealed is not null limit 1),
    hashes[1]) into kept;
  -- A citizen whom no municipality knows is in no row with a readable code: this is the only moment at which it can change.
  perform citizen_takes_hash(hashes, kept);
  return kept;
end $function$;
COMMENT ON FUNCTION hash_of_code(hashes bytea[]) IS 'The hash under which a code is written at this moment; it stays so until the transaction ends';
REVOKE EXECUTE ON FUNCTION hash_of_code(hashes bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hash_of_code(hashes bytea[]) TO refettorio_web;

-- hatch_lines() ---------------------------------------------------------------------------------------
CREATE FUNCTION hatch_lines(in_school uuid, on_day date)
 RETURNS TABLE(service_name text, class_name text, pupil_id uuid, given_name text, family_name text, diet_code text, severe boolean, asked boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if on_day < app_today() or app_audience() is distinct from 'staff' or not exists (select from active_staff_member r
    where r.municipality_id = municipality and r.person_id = app_person() and r.role in ('operator', 'manager')) then return; end if;
  return query
    with held as materialized (
      select h.pupil_id, bool_or(h.severe) as severe from diet_hold h
      where h.municipality_id = municipality and h.since <= on_day and (h.until is null or h.until >= on_day)
      group by h.pupil_id
    ), plates as (
      select d.service_id, e.school_class_id, e.pupil_id, served_diet(e.diet_code, held.pupil_id is not null) as diet_code,
        e.severe_reaction or coalesce(held.severe, false) as severe, is_asked_beside(e.diet_code, held.pupil_id is not null) as asked
      from service_day d
      join enrolment e on e.municipality_id = municipality and e.service_id = d.service_id and e.school_id = d.school_id
        and e.valid_from <= d.day and e.valid_to >= d.day and eats_on(e.weekdays, d.day)
      left join held on held.pupil_id = e.pupil_id
      where d.municipality_id = municipality and d.school_id = in_school and d.day = on_day and d.status = 'open'
        and not exists (select from absence a where a.municipality_id = municipality and a.service_day_id = d.id and a.pupil_id = e.pupil_id)
      union all
      select d.service_id, c.school_class_id, one.pupil_id, c.diet_code, coalesce(e.severe_reaction, false) or coalesce(held.severe, false),
        is_asked_beside(c.diet_code, held.pupil_id is not null)
      from service_day d
      join counted_meals c on c.municipality_id = municipality and c.service_day_id = d.id
      cross join lateral unnest(c.pupil_ids) as one (pupil_id)
      left join enrolment e on e.municipality_id = municipality and e.pupil_id = one.pupil_id and e.service_id = d.service_id
        and e.valid_from <= d.day and e.valid_to >= d.day
      left join held on held.pupil_id = one.pupil_id
      where d.municipality_id = municipality and d.school_id = in_school and d.day = on_day and d.status = 'closed'
    )
    select v.name, k.name, p.id, p.given_name, p.family_name, q.diet_code, q.severe, q.asked
    from plates q
    join service v on v.municipality_id = municipality and v.id = q.service_id and v.is_cooked
    join school_class k on k.municipality_id = municipality and k.id = q.school_class_id
    join pupil p on p.municipality_id = municipality and p.id = q.pupil_id
    where q.diet_code <> 'STD' or q.severe or q.asked
    order by v.name, k.name, p.family_name, p.given_name, p.id;
end $function$;
REVOKE EXECUTE ON FUNCTION hatch_lines(in_school uuid, on_day date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hatch_lines(in_school uuid, on_day date) TO refettorio_web;

-- health_of() -----------------------------------------------------------------------------------------
CREATE FUNCTION health_of(known text[])
 RETURNS TABLE(worker_seconds double precision, missing_migrations bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  insert into health_write (written_at) values (clock_timestamp())
    on conflict (singleton) do update set written_at = excluded.written_at;
  return query select
    (select extract(epoch from clock_timestamp() - max(h.minute))::double precision from heartbeat h where h.source = 'worker'),
    (select count(*) from unnest(known) as wanted (name) where wanted.name not in (select m.name from schema_source m));
end $function$;
COMMENT ON FUNCTION health_of(known text[]) IS 'Writes, and answers how old the last minute of the worker is (null: none yet) and how many migrations are missing';
REVOKE EXECUTE ON FUNCTION health_of(known text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION health_of(known text[]) TO refettorio_web;

-- hold_questionnaire() --------------------------------------------------------------------------------
CREATE FUNCTION hold_questionnaire(which uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
begin
  perform from questionnaire q where q.municipality_id = municipality and q.id = which for share;
end $function$;
REVOKE EXECUTE ON FUNCTION hold_questionnaire(which uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_questionnaire(which uuid) TO refettorio_web;

-- holders_of_several() --------------------------------------------------------------------------------
CREATE FUNCTION holders_of_several(most integer)
 RETURNS TABLE(person_id uuid, households uuid[])
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET work_mem TO '32MB'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then return; end if;
  return query
    select (array_agg(p.id order by p.id))[1], array_agg(m.household_id)
    from active_member m
    join person p on p.municipality_id = municipality and p.id = m.person_id
    where m.municipality_id = municipality and m.role = 'holder' and not exists (select from household_merge x
      where x.municipality_id = municipality and x.gone_id = m.household_id and x.undone_at is null)
    group by p.search_key collate "C", p.birth_date having count(*) > 1
      and not (count(*) = 2 and are_told_apart(municipality, 'household', min(m.household_id::text)::uuid, max(m.household_id::text)::uuid))
    order by p.search_key collate "C" limit most;
end $function$;
REVOKE EXECUTE ON FUNCTION holders_of_several(most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION holders_of_several(most integer) TO refettorio_web;

-- household_of_meal() ---------------------------------------------------------------------------------
CREATE FUNCTION household_of_meal(in_municipality uuid, which_pupil uuid, on_day date)
 RETURNS uuid
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce((select r.household_id from meal_household_rule r
    where r.municipality_id = in_municipality and r.pupil_id = which_pupil and r.valid_from <= on_day
      and (r.valid_to is null or r.valid_to >= on_day) and is_rule_day(r.first_monday, r.days, on_day)),
    (select p.household_id from pupil p where p.municipality_id = in_municipality and p.id = which_pupil))
$function$;

-- households_named() ----------------------------------------------------------------------------------
CREATE FUNCTION households_named(typed text)
 RETURNS TABLE(id uuid, list_key text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, typed);
  patterns constant text[] := array(select search_patterns(typed));
begin
  if app_audience() is distinct from 'staff' or cardinality(grams) = 0 then return; end if;
  return query
    select h.id, h.list_key from household h
    where h.municipality_id = municipality and h.id = any (array(
      select c.household_id from pupil c
      where search_grams(c.municipality_id, c.search_key) @> grams and c.municipality_id = municipality
        and c.search_key like all (patterns)
      union
      select m.household_id from person p
      join active_member m on m.municipality_id = municipality and m.person_id = p.id
      where search_grams(p.municipality_id, p.search_key) @> grams and p.municipality_id = municipality
        and p.search_key like all (patterns)));
end $function$;
REVOKE EXECUTE ON FUNCTION households_named(typed text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION households_named(typed text) TO refettorio_web;

-- households_with_phone() -----------------------------------------------------------------------------
CREATE FUNCTION households_with_phone(digits text)
 RETURNS TABLE(id uuid, list_key text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  return query
    select h.id, h.list_key from household h
    where h.municipality_id = municipality and h.id = any (array(
      select m.household_id from active_member m
      where m.municipality_id = municipality and m.person_id = any (array(select phones_with(digits)))));
end $function$;
REVOKE EXECUTE ON FUNCTION households_with_phone(digits text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION households_with_phone(digits text) TO refettorio_web;

-- households_without_place() --------------------------------------------------------------------------
CREATE FUNCTION households_without_place(most integer)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET work_mem TO '32MB'
AS $function$
declare
  municipality constant uuid := app_municipality();
  today constant date := app_today();
begin
  if app_audience() is distinct from 'staff' then return; end if;
  return query
    select h.id from household h
    where h.municipality_id = municipality and not exists (select from pupil c
      join enrolment e on e.municipality_id = municipality and e.pupil_id = c.id and e.valid_to >= today
      where c.municipality_id = municipality and c.household_id = h.id)
    limit most;
end $function$;
REVOKE EXECUTE ON FUNCTION households_without_place(most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION households_without_place(most integer) TO refettorio_web;

-- installation_facts() --------------------------------------------------------------------------------
CREATE FUNCTION installation_facts()
 RETURNS TABLE(worker_seconds double precision, web_seconds double precision, days_open bigint, charges_late bigint, messages_late bigint, payments_late bigint, is_archive_failing boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select
    (select extract(epoch from clock_timestamp() - max(h.minute))::double precision from heartbeat h where h.source = 'worker'),
    (select extract(epoch from clock_timestamp() - max(h.minute))::double precision from heartbeat h where h.source = 'web'),
    (select count(*) from service_day d join municipality m on m.id = d.municipality_id and m.active
      where d.status = 'open' and d.close_at < app_now() - interval '5 minutes'),
    (select count(*) from meal_charge c where c.due_at < app_now() - interval '5 minutes'),
    (select count(*) from outbox o where o.due_at < app_now() - interval '30 minutes'),
    (select count(*) from top_up t where t.next_check_at < app_now() - interval '30 minutes'),
    -- Of the whole server, where it archives its log for a backup: the last try failed.
    (select coalesce(current_setting('archive_mode') <> 'off'
        and a.last_failed_time > coalesce(a.last_archived_time, '-infinity'), false) from pg_stat_archiver a)
$function$;
REVOKE EXECUTE ON FUNCTION installation_facts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION installation_facts() TO refettorio_web;

-- invoice_is_completed_once() -------------------------------------------------------------------------
CREATE FUNCTION invoice_is_completed_once()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  kept jsonb := to_jsonb(old) - '{customer,supplier,gaps,xml,xml_sha256,completed_at}'::text[];
begin
  if old.xml is not null or new.xml is null then
    raise exception 'invoice is append-only: update refused' using errcode = 'restrict_violation';
  end if;
  if to_jsonb(new) - '{customer,supplier,gaps,xml,xml_sha256,completed_at}'::text[] is distinct from kept then
    raise exception 'completing an invoice changes nothing else of it' using errcode = 'restrict_violation';
  end if;
  return new;
end $function$;

-- is_asked_beside() -----------------------------------------------------------------------------------
CREATE FUNCTION is_asked_beside(diet_code text, is_held boolean)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$ select is_held and diet_code not in ('STD', 'DA-DEFINIRE') $function$;

-- is_meal_of() ----------------------------------------------------------------------------------------
CREATE FUNCTION is_meal_of(m uuid, person uuid, pupil uuid, service_day uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select from (
      select a.household_id, a.role from adult_of_pupil a where a.municipality_id = m and a.person_id = person and a.pupil_id = pupil
      union all
      select a.household_id, a.role from adult_of_shared_pupil a
        where a.municipality_id = m and a.person_id = person and a.pupil_id = pupil) own
    cross join (select d.day from service_day d where d.municipality_id = m and d.id = service_day) meal
    where own.household_id = household_of_meal(m, pupil, meal.day)
      and (own.role = 'holder' or not exists (select from meal_household_rule r
        join pupil home on home.municipality_id = m and home.id = r.pupil_id
        join active_member h on h.municipality_id = m and h.person_id = person and h.role = 'holder'
          and h.household_id in (r.household_id, home.household_id)
        where r.municipality_id = m and r.pupil_id = pupil and r.valid_from <= meal.day
          and (r.valid_to is null or r.valid_to >= meal.day) and h.household_id <> own.household_id)))
$function$;

-- is_merged_away() ------------------------------------------------------------------------------------
CREATE FUNCTION is_merged_away(in_municipality uuid, which uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select exists (select from household_merge m
    where m.municipality_id = in_municipality and in_municipality = app_municipality() and m.gone_id = which and m.undone_at is null)
    and (app_audience() in ('staff', 'system') or which = any (app_paying_households()))
$function$;
REVOKE EXECUTE ON FUNCTION is_merged_away(in_municipality uuid, which uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_merged_away(in_municipality uuid, which uuid) TO refettorio_web;

-- is_name_of_many() -----------------------------------------------------------------------------------
CREATE FUNCTION is_name_of_many(typed text, most integer, among_adults boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, typed);
  patterns constant text[] := array(select search_patterns(typed));
begin
  if app_audience() is distinct from 'staff' or cardinality(grams) = 0 then return false; end if;
  if among_adults then
    return (select count(*) > most from (select from person p
      where search_grams(p.municipality_id, p.search_key) @> grams and p.municipality_id = municipality
        and p.search_key like all (patterns) limit most + 1) found);
  end if;
  return (select count(*) > most from (select from pupil c
    where search_grams(c.municipality_id, c.search_key) @> grams and c.municipality_id = municipality
      and c.search_key like all (patterns) limit most + 1) found);
end $function$;
REVOKE EXECUTE ON FUNCTION is_name_of_many(typed text, most integer, among_adults boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_name_of_many(typed text, most integer, among_adults boolean) TO refettorio_web;

-- is_phone_of_many() ----------------------------------------------------------------------------------
CREATE FUNCTION is_phone_of_many(digits text, most integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select count(*) > most from (select from phones_with(digits) limit most + 1) found
$function$;
REVOKE EXECUTE ON FUNCTION is_phone_of_many(digits text, most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_phone_of_many(digits text, most integer) TO refettorio_web;

-- is_pupil_counted() ----------------------------------------------------------------------------------
CREATE FUNCTION is_pupil_counted(in_municipality uuid, in_household uuid, in_pupil uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select exists (select from pupil p
    join enrolment e on e.municipality_id = in_municipality and e.pupil_id = p.id
    join service_day d on d.municipality_id = in_municipality and d.service_id = e.service_id and d.school_id = e.school_id
      and d.day between e.valid_from and e.valid_to
    join counted_meals m on m.municipality_id = in_municipality and m.service_day_id = d.id and p.id = any (m.pupil_ids)
    where p.municipality_id = in_municipality and p.household_id = in_household and (in_pupil is null or p.id = in_pupil)
      and in_municipality = app_municipality() and app_audience() = 'staff')
$function$;
REVOKE EXECUTE ON FUNCTION is_pupil_counted(in_municipality uuid, in_household uuid, in_pupil uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_pupil_counted(in_municipality uuid, in_household uuid, in_pupil uuid) TO refettorio_web;

-- is_rule_day() ---------------------------------------------------------------------------------------
CREATE FUNCTION is_rule_day(first_monday date, days smallint[], on_day date)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$ select ((((on_day - first_monday) % 14 + 14) % 14) + 1)::smallint = any (days) $function$;

-- journal_has_entries() -------------------------------------------------------------------------------
CREATE FUNCTION journal_has_entries()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  if not exists (select from entry e where e.municipality_id = new.municipality_id and e.journal_id = new.id
    and e.school_year = school_year_of((new.posted_at at time zone 'Europe/Rome')::date)) then
    raise exception 'a journal has entries' using errcode = 'check_violation';
  end if;
  return null;
end $function$;

-- keep_answers_apart() --------------------------------------------------------------------------------
CREATE FUNCTION keep_answers_apart()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  if exists (select from questionnaire q where q.municipality_id = new.municipality_id and q.id = new.questionnaire_id and q.anonymous)
  then raise exception 'an anonymous questionnaire knows no person' using errcode = 'restrict_violation'; end if;
  return new;
end $function$;

-- keep_older_lacks() ----------------------------------------------------------------------------------
CREATE FUNCTION keep_older_lacks(read jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  here constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then return; end if;
  update form_submission s set lacks = f.lacks, lacks_known = true
    from jsonb_to_recordset(read) as f (id uuid, lacks text[])
    where s.municipality_id = here and s.id = f.id and not s.lacks_known;
end $function$;
REVOKE EXECUTE ON FUNCTION keep_older_lacks(read jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_older_lacks(read jsonb) TO refettorio_web;

-- keep_published_question() ---------------------------------------------------------------------------
CREATE FUNCTION keep_published_question()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  it constant record := case when tg_op = 'DELETE' then old else new end;
begin
  if exists (select from questionnaire q where q.municipality_id = it.municipality_id and q.id = it.questionnaire_id
    and q.published_at is not null)
  then raise exception 'the questions of a published questionnaire do not change' using errcode = 'restrict_violation'; end if;
  return it;
end $function$;

-- keep_published_questionnaire() ----------------------------------------------------------------------
CREATE FUNCTION keep_published_questionnaire()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.published_at is not null and old.opens_at <= app_now() and (
    (new.title, new.intro, new.per, new.anonymous, new.shows_results, new.school_ids, new.class_ids, new.opens_at, new.published_at)
      is distinct from
    (old.title, old.intro, old.per, old.anonymous, old.shows_results, old.school_ids, old.class_ids, old.opens_at, old.published_at)
    or new.closes_at > old.closes_at)
  then raise exception 'an open questionnaire does not change' using errcode = 'restrict_violation'; end if;
  return new;
end $function$;

-- keep_push_subscription() ----------------------------------------------------------------------------
CREATE FUNCTION keep_push_subscription(endpoint text, p256dh text, auth text, device_name text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  kept uuid;
begin
  if app_audience() is distinct from 'family' or person is null then
    raise exception 'only a family subscribes its own devices' using errcode = 'insufficient_privilege';
  end if;
  update push_subscription s set ended_at = app_now(), end_reason = 'moved'
  where s.municipality_id = municipality and s.endpoint = keep_push_subscription.endpoint and s.ended_at is null
    and (s.person_id <> person or s.p256dh <> keep_push_subscription.p256dh or s.auth <> keep_push_subscription.auth);
  insert into push_subscription (municipality_id, person_id, endpoint, p256dh, auth, device_name)
  values (municipality, person, keep_push_subscription.endpoint, keep_push_subscription.p256dh,
    keep_push_subscription.auth, keep_push_subscription.device_name)
  on conflict (municipality_id, endpoint) where ended_at is null do update set device_name = excluded.device_name
  returning id into kept;
  return kept;
end $function$;
REVOKE EXECUTE ON FUNCTION keep_push_subscription(endpoint text, p256dh text, auth text, device_name text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_push_subscription(endpoint text, p256dh text, auth text, device_name text) TO refettorio_web;

-- keep_school_years() ---------------------------------------------------------------------------------
CREATE FUNCTION keep_school_years()
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$ select make_school_years(app_today(), (app_today() + interval '1 year')::date) $function$;
COMMENT ON FUNCTION keep_school_years() IS 'Keeps the partitions of this school year and of the next; answers how many it made.';
REVOKE EXECUTE ON FUNCTION keep_school_years() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_school_years() TO refettorio_web;

-- kept_for() ------------------------------------------------------------------------------------------
CREATE FUNCTION kept_for(register text)
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case register
    when 'operations' then interval '24 months'
    when 'sign-ins' then interval '24 months'
    when 'invitations' then interval '24 months'
    when 'notifications' then interval '12 months'
    when 'messages' then interval '12 months'
    when 'contact-codes' then interval '30 days'
  end
$function$;

-- kept_person() ---------------------------------------------------------------------------------------
CREATE FUNCTION kept_person(in_municipality uuid, which uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  with recursive path (id, step) as (
    select which, 0
    union all
    select m.kept_id, p.step + 1 from path p
    join person_merge m on m.municipality_id = in_municipality and m.gone_id = p.id and m.undone_at is null
  )
  select p.id from path p order by p.step desc limit 1
$function$;
REVOKE EXECUTE ON FUNCTION kept_person(in_municipality uuid, which uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kept_person(in_municipality uuid, which uuid) TO refettorio_web;

-- kept_pupil() ----------------------------------------------------------------------------------------
CREATE FUNCTION kept_pupil(in_municipality uuid, which uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  with recursive path (id, step) as (
    select which, 0
    union all
    select m.kept_id, p.step + 1 from path p
    join pupil_merge m on m.municipality_id = in_municipality and m.gone_id = p.id and m.undone_at is null
  )
  select p.id from path p order by p.step desc limit 1
$function$;
REVOKE EXECUTE ON FUNCTION kept_pupil(in_municipality uuid, which uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kept_pupil(in_municipality uuid, which uuid) TO refettorio_web;

-- language_chosen_at() --------------------------------------------------------------------------------
CREATE FUNCTION language_chosen_at(in_municipality uuid, who uuid)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select max(c.language_chosen_at) from person_code k join citizen c on c.fiscal_code_hash = k.fiscal_code_hash
  where k.municipality_id = in_municipality and k.person_id = who
$function$;
REVOKE EXECUTE ON FUNCTION language_chosen_at(in_municipality uuid, who uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION language_chosen_at(in_municipality uuid, who uuid) TO refettorio_web;

-- language_of_person() --------------------------------------------------------------------------------
CREATE FUNCTION language_of_person(in_municipality uuid, who uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select c.language from person_code k join citizen c on c.fiscal_code_hash = k.fiscal_code_hash
  where k.municipality_id = in_municipality and k.person_id = who and c.language is not null
  order by c.language_chosen_at desc limit 1
$function$;
REVOKE EXECUTE ON FUNCTION language_of_person(in_municipality uuid, who uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION language_of_person(in_municipality uuid, who uuid) TO refettorio_web;

-- last_day_of_class() ---------------------------------------------------------------------------------
CREATE FUNCTION last_day_of_class(which uuid)
 RETURNS date
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
begin
  return (select y.ends_on from school_class c
    join school_year y on y.municipality_id = municipality and y.id = c.school_year_id
    where c.municipality_id = municipality and c.id = which);
end $function$;
REVOKE EXECUTE ON FUNCTION last_day_of_class(which uuid) FROM PUBLIC;

-- last_enrolments() -----------------------------------------------------------------------------------
CREATE FUNCTION last_enrolments(in_year uuid, first_household uuid, before_household uuid)
 RETURNS TABLE(id uuid, pupil_id uuid, household_id uuid, birth_date date, service_id uuid, school_id uuid, school_class_id uuid, diet_code text, severe_reaction boolean, weekdays smallint[], valid_from date, valid_to date)
 LANGUAGE plpgsql
 STABLE ROWS 100000
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  return query
    select distinct on (e.pupil_id, e.service_id) e.id, e.pupil_id, p.household_id, p.birth_date, e.service_id, e.school_id,
      e.school_class_id, e.diet_code, e.severe_reaction, e.weekdays, e.valid_from, e.valid_to
    from pupil p
    join enrolment e on e.municipality_id = municipality and e.pupil_id = p.id and e.school_year_id = in_year
    where p.municipality_id = municipality and p.household_id >= first_household and p.household_id < before_household
    order by e.pupil_id, e.service_id, e.valid_to desc;
end $function$;
REVOKE EXECUTE ON FUNCTION last_enrolments(in_year uuid, first_household uuid, before_household uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION last_enrolments(in_year uuid, first_household uuid, before_household uuid) TO refettorio_web;

-- leave_subjects() ------------------------------------------------------------------------------------
CREATE FUNCTION leave_subjects()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if coalesce(current_setting('app.subjects', true), '') = '' then return; end if;
  perform set_config('app.' || subject, '', true) from unnest(array['subjects', 'communications', 'communication_copies',
    'communication_versions', 'menu_versions', 'begun_questionnaires', 'open_questionnaires', 'anonymous_questionnaires',
    'closed_questionnaires', 'questionnaire_parts', 'receipts', 'submissions', 'top_ups', 'opened_top_ups']) subject;
end $function$;

-- lock_code() -----------------------------------------------------------------------------------------
CREATE FUNCTION lock_code(hashes bytea[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select pg_advisory_xact_lock(hashtextextended(encode(min(h), 'hex'), 0)) from unnest(hashes) as h
$function$;
REVOKE EXECUTE ON FUNCTION lock_code(hashes bytea[]) FROM PUBLIC;

-- lock_household() ------------------------------------------------------------------------------------
CREATE FUNCTION lock_household(in_municipality uuid, which uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  perform from household h
    where h.municipality_id = in_municipality and h.id = which and in_municipality = app_municipality()
      and (app_audience() in ('staff', 'system') or h.id = any (app_households()))
    for no key update;
end $function$;
COMMENT ON FUNCTION lock_household(in_municipality uuid, which uuid) IS 'Waits until no other transaction changes the roles of the household; of a foreign one nothing happens';
REVOKE EXECUTE ON FUNCTION lock_household(in_municipality uuid, which uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock_household(in_municipality uuid, which uuid) TO refettorio_web;

-- lock_staff() ----------------------------------------------------------------------------------------
CREATE FUNCTION lock_staff()
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then return false; end if;
  perform from municipality m where m.id = municipality for no key update;
  return exists (select from active_staff_member r
    where r.municipality_id = municipality and r.person_id = app_person() and r.role = 'manager');
end $function$;
COMMENT ON FUNCTION lock_staff() IS 'Holds until the transaction ends; false for a person who is not a manager';
REVOKE EXECUTE ON FUNCTION lock_staff() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock_staff() TO refettorio_web;

-- looked_at() -----------------------------------------------------------------------------------------
CREATE FUNCTION looked_at(municipality uuid, look uuid, holder uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select l.household_id from family_look l
  join session s on s.id = l.session_id and s.ended_at is null and s.opened_with = 'identity'
  where l.municipality_id = municipality and l.id = look and l.holder_id = holder
    and l.ended_at is null and l.ends_at > app_now()
    and exists (select from active_staff_member r where r.municipality_id = municipality and r.person_id = l.person_id
      and r.role in ('operator', 'manager'))
    and exists (select from active_member m where m.municipality_id = municipality and m.household_id = l.household_id
      and m.person_id = l.holder_id and m.role = 'holder')
$function$;
REVOKE EXECUTE ON FUNCTION looked_at(municipality uuid, look uuid, holder uuid) FROM PUBLIC;

-- make_school_years() ---------------------------------------------------------------------------------
CREATE FUNCTION make_school_years(first_day date, last_day date)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET lock_timeout TO '2s'
AS $function$
declare
  grown record;
  guard record;
  made integer := 0;
begin
  for grown in
    select c.relname as name, format('%s_%s', c.relname, y.year) as part,
      format(bound.form, y.year) as first, format(bound.form, y.year + 1) as after
    from pg_partitioned_table p
    join pg_class c on c.oid = p.partrelid and c.relnamespace = 'public'::regnamespace
    join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    cross join lateral (select case a.atttypid when 'timestamptz'::regtype then '%s-09-01 Europe/Rome'
      when 'date'::regtype then '%s-09-01' else '%s' end as form) bound
    cross join generate_series(school_year_of(first_day), school_year_of(last_day)) y (year)
    order by y.year, c.relname
  loop
    continue when to_regclass(grown.part) is not null;
    -- Two workers make it one after the other, and the second finds it.
    execute format('lock table %I in share update exclusive mode', grown.name);
    continue when to_regclass(grown.part) is not null;
    -- Made beside the table and attached: reads and writes of the other years do not wait.
    execute format('create table public.%I (like %I including defaults including constraints)', grown.part, grown.name);
    execute format('alter table %I enable row level security', grown.part);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)',
      grown.name, grown.part, grown.first, grown.after);
    made := made + 1;
  end loop;

  for guard in
    select replace(pg_get_triggerdef(t.oid), format(' ON public.%I ', c.relname), format(' ON public.%I ', p.relname)) as command
    from pg_trigger t
    join pg_class c on c.oid = t.tgrelid and c.relkind = 'p' and c.relnamespace = 'public'::regnamespace
    join pg_inherits i on i.inhparent = c.oid
    join pg_class p on p.oid = i.inhrelid
    -- For each statement, where the partition has none of that name yet.
    where not t.tgisinternal and t.tgtype & 1 = 0
      and not exists (select from pg_trigger own where own.tgrelid = p.oid and own.tgname = t.tgname)
  loop
    execute guard.command;
  end loop;
  return made;
end $function$;
COMMENT ON FUNCTION make_school_years(first_day date, last_day date) IS 'Makes the partitions of the school years from one day to another that are not there yet; answers how many.';
REVOKE EXECUTE ON FUNCTION make_school_years(first_day date, last_day date) FROM PUBLIC;

-- may_read_sheets_of() --------------------------------------------------------------------------------
CREATE FUNCTION may_read_sheets_of(kitchen uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() in ('staff', 'system') then return true; end if;
  return app_audience() = 'partner' and exists (select from active_staff_member r
    where r.municipality_id = municipality and r.person_id = app_person() and r.role = 'kitchen' and r.school_id is null
      and (r.kitchen_id is null or r.kitchen_id = kitchen));
end $function$;
REVOKE EXECUTE ON FUNCTION may_read_sheets_of(kitchen uuid) FROM PUBLIC;

-- meal_charge_ends_once() -----------------------------------------------------------------------------
CREATE FUNCTION meal_charge_ends_once()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.charged_at is null and new.charged_at is null and exists (select from service_day d
      where d.municipality_id = new.municipality_id and d.id = new.service_day_id and d.status = 'closed') then
    return new;
  end if;
  raise exception 'a charge that ended is not due again' using errcode = 'restrict_violation';
end $function$;

-- meal_figures() --------------------------------------------------------------------------------------
CREATE FUNCTION meal_figures()
 RETURNS TABLE(month text, school_id uuid, school_name text, service_days bigint, meals bigint, absent bigint)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  return query
    select to_char(d.day, 'YYYY-MM'), s.id, s.name, count(distinct d.id), coalesce(sum(l.meals), 0), coalesce(sum(l.absent), 0)
    from service_day d
    join school s on s.municipality_id = municipality and s.id = d.school_id
    join lateral (select k.id from kitchen_count k where k.municipality_id = municipality and k.service_day_id = d.id
      order by k.version desc limit 1) k on true
    join kitchen_count_line l on l.municipality_id = municipality and l.kitchen_count_id = k.id
    where d.municipality_id = municipality
    group by 1, 2, 3;
end $function$;
COMMENT ON FUNCTION meal_figures() IS 'Meals by month and school, from the last frozen count of each day: sums only, no single row.';
REVOKE EXECUTE ON FUNCTION meal_figures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION meal_figures() TO refettorio_web;

-- meal_price_charged() --------------------------------------------------------------------------------
CREATE FUNCTION meal_price_charged(m uuid, s uuid, first_day date)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select from service_day d where d.municipality_id = m and d.service_id = s and d.status = 'closed' and d.day >= first_day
    and d.day < coalesce((select min(p.valid_from) from meal_price p
      where p.municipality_id = m and p.service_id = s and p.valid_from > first_day), 'infinity'))
$function$;

-- meal_rating_comments() ------------------------------------------------------------------------------
CREATE FUNCTION meal_rating_comments(first_day date)
 RETURNS TABLE(school_name text, month text, comment text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() not in ('staff', 'system') then return; end if;
  return query
    select s.name, to_char(d.day, 'YYYY-MM'), r.comment
    from meal_rating r
    join service_day d on d.municipality_id = municipality and d.id = r.service_day_id
    join school s on s.municipality_id = municipality and s.id = d.school_id
    where r.municipality_id = municipality and d.day >= first_day and r.comment <> ''
    order by 2 desc, 1, r.comment limit 200;
end $function$;
COMMENT ON FUNCTION meal_rating_comments(first_day date) IS 'What families wrote, by school and month: no child, no parent, no day, in alphabetical order.';
REVOKE EXECUTE ON FUNCTION meal_rating_comments(first_day date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION meal_rating_comments(first_day date) TO refettorio_web;

-- meal_rating_figures() -------------------------------------------------------------------------------
CREATE FUNCTION meal_rating_figures(first_day date, smallest integer)
 RETURNS TABLE(school_id uuid, dish_id uuid, answers bigint, liked bigint, so_so bigint, not_eaten bigint)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() not in ('staff', 'system')
    and not exists (select from menu_settings s where s.municipality_id = municipality and s.show_ratings) then return; end if;
  return query
    select d.school_id, r.dish_id, count(*), count(*) filter (where r.score = 3), count(*) filter (where r.score = 2),
      count(*) filter (where r.score = 1)
    from meal_rating_dish r
    join service_day d on d.municipality_id = municipality and d.id = r.service_day_id
    where r.municipality_id = municipality and d.day >= first_day
    group by 1, 2 having count(*) >= greatest(smallest, 5);
end $function$;
COMMENT ON FUNCTION meal_rating_figures(first_day date, smallest integer) IS 'Opinions by school and dish: sums only, none under five answers; to families only where the office chose so.';
REVOKE EXECUTE ON FUNCTION meal_rating_figures(first_day date, smallest integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION meal_rating_figures(first_day date, smallest integer) TO refettorio_web;

-- meals_counted() -------------------------------------------------------------------------------------
CREATE FUNCTION meals_counted(m uuid, p uuid, first_day date, last_day date)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select from enrolment e
    join service_day d on d.municipality_id = m and d.service_id = e.service_id and d.school_id = e.school_id
      and d.day between greatest(e.valid_from, first_day) and least(e.valid_to, last_day)
    where e.municipality_id = m and e.pupil_id = p and d.status = 'closed')
$function$;

-- memberships_of() ------------------------------------------------------------------------------------
CREATE FUNCTION memberships_of(in_municipality uuid, who uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select coalesce(jsonb_agg(role order by role ->> 'householdId', role ->> 'role'), '[]') from (
    select jsonb_strip_nulls(jsonb_build_object('householdId', m.household_id, 'role', m.role,
      'pupilIds', case when not m.all_pupils then coalesce((select jsonb_agg(d.pupil_id order by d.pupil_id) from delegate_pupil d
        join pupil p on p.municipality_id = in_municipality and p.id = d.pupil_id and p.household_id = m.household_id
        where d.municipality_id = in_municipality and d.household_member_id = m.id), '[]') end,
      'sharedPupilIds', case when is_shared then (select jsonb_agg(distinct a.pupil_id order by a.pupil_id) from adult_of_shared_pupil a
        where a.municipality_id = in_municipality and a.person_id = who and a.household_member_id = m.id) end,
      'since', case when m.taken_over then m.started_at end)) as role
    from active_member m
    cross join (select exists (select from meal_household_rule r where r.municipality_id = in_municipality) as is_shared) town
    where m.municipality_id = in_municipality and m.person_id = who
    union all
    select jsonb_build_object('householdId', m.household_id, 'role', 'past_holder')
    from household_member m
    where m.municipality_id = in_municipality and m.person_id = who and m.role = 'holder'
      and (m.ended_at is not null or m.valid_to < app_today())
      and exists (select from top_up t where t.municipality_id = in_municipality and t.household_id = m.household_id
        and t.payer_id = who)
      and not exists (select from active_member now where now.municipality_id = in_municipality
        and now.household_id = m.household_id and now.person_id = who and now.role = 'holder')
    group by m.household_id
    union all
    -- No role of the municipality: see `viewerIn` in lib/session/session.queries.ts.
    select jsonb_build_object('householdId', a.household_id, 'role', 'applicant')
    from household_applicant a
    where a.municipality_id = in_municipality and a.person_id = who and a.ended_at is null and a.valid_to >= app_today()
  ) roles
  -- Until the manager opens the municipality its families may not enter.
  where exists (select from municipality here where here.id = in_municipality and here.opens_on <= app_today())
$function$;
REVOKE EXECUTE ON FUNCTION memberships_of(in_municipality uuid, who uuid) FROM PUBLIC;

-- merge_persons() -------------------------------------------------------------------------------------
CREATE FUNCTION merge_persons(in_municipality uuid, kept uuid, gone uuid, given text, family text, birth date, swaps boolean, opens boolean)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  before_kept person;
  before_gone person;
  closed bytea[];
  chosen boolean;
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality merges people' using errcode = 'insufficient_privilege';
  end if;
  if exists (select from top_up t where t.municipality_id = in_municipality and t.payer_id = gone)
    or exists (select from active_staff_member r where r.municipality_id = in_municipality and r.person_id in (kept, gone)) then
    raise exception 'a payer stays, and colleagues are not merged' using errcode = 'restrict_violation';
  end if;
  select * into strict before_kept from person p where p.municipality_id = in_municipality and p.id = kept;
  select * into strict before_gone from person p where p.municipality_id = in_municipality and p.id = gone;
  closed := array(select k.fiscal_code_hash from person_code k where k.municipality_id = in_municipality and (k.person_id = gone
    or swaps and not opens and k.person_id = kept and k.fiscal_code_hash = before_kept.fiscal_code_hash));
  perform end_what_codes_opened(in_municipality, gone, closed);
  update calendar_feed f set revoked_at = app_now()
    where f.municipality_id = in_municipality and f.person_id = gone and f.revoked_at is null;
  update push_subscription s set ended_at = app_now(), end_reason = 'revoked'
    where s.municipality_id = in_municipality and s.person_id = gone and s.ended_at is null;
  if swaps and not opens and exists (select from citizen c where c.fiscal_code_hash = before_kept.fiscal_code_hash) then
    update calendar_feed f set revoked_at = app_now()
      where f.municipality_id = in_municipality and f.person_id = kept and f.revoked_at is null;
    update push_subscription s set ended_at = app_now(), end_reason = 'revoked'
      where s.municipality_id = in_municipality and s.person_id = kept and s.ended_at is null;
  end if;
  if swaps then perform swap_person_codes(in_municipality, kept, gone); end if;
  if opens then
    update person_code k set person_id = kept where k.municipality_id = in_municipality and k.person_id = gone;
  end if;
  update person p set given_name = given, family_name = family, birth_date = birth,
      email = coalesce(p.email, before_gone.email),
      email_verified_at = case when p.email is null then before_gone.email_verified_at else p.email_verified_at end,
      phone = coalesce(p.phone, before_gone.phone),
      phone_verified_at = case when p.phone is null then before_gone.phone_verified_at else p.phone_verified_at end
    where p.municipality_id = in_municipality and p.id = kept;
  insert into notification_choice (municipality_id, person_id, choices, is_quiet, quiet_from, quiet_to, low_balance_meals, changed_at)
    select n.municipality_id, kept, n.choices, n.is_quiet, n.quiet_from, n.quiet_to, n.low_balance_meals, n.changed_at
    from notification_choice n where n.municipality_id = in_municipality and n.person_id = gone
    on conflict do nothing;
  chosen := found;
  return jsonb_build_object('choice', chosen, 'swapped', swaps,
    'email', before_kept.email is null and before_gone.email is not null,
    'phone', before_kept.phone is null and before_gone.phone is not null);
end $function$;
COMMENT ON FUNCTION merge_persons(in_municipality uuid, kept uuid, gone uuid, given text, family text, birth date, swaps boolean, opens boolean) IS 'What it added to the one that stays: a row of choices, contacts; and whether the codes changed places';
REVOKE EXECUTE ON FUNCTION merge_persons(in_municipality uuid, kept uuid, gone uuid, given text, family text, birth date, swaps boolean, opens boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION merge_persons(in_municipality uuid, kept uuid, gone uuid, given text, family text, birth date, swaps boolean, opens boolean) TO refettorio_web;

-- mix_questionnaire() ---------------------------------------------------------------------------------
CREATE FUNCTION mix_questionnaire(in_municipality uuid, which uuid, everything boolean)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  create temporary table mixing_part on commit drop as
    select * from questionnaire_part where municipality_id = in_municipality and questionnaire_id = which and (everything or not mixed);
  create temporary table mixing_answer on commit drop as
    select * from questionnaire_answer where municipality_id = in_municipality and questionnaire_id = which and (everything or not mixed);
  delete from questionnaire_part where municipality_id = in_municipality and questionnaire_id = which and (everything or not mixed);
  delete from questionnaire_answer where municipality_id = in_municipality and questionnaire_id = which and (everything or not mixed);
  insert into questionnaire_part (municipality_id, questionnaire_id, household_id, pupil_id, mixed)
    select municipality_id, questionnaire_id, household_id, pupil_id, true from mixing_part order by random();
  insert into questionnaire_answer (municipality_id, questionnaire_id, question_id, chosen, words, mixed)
    select municipality_id, questionnaire_id, question_id, chosen, words, true from mixing_answer order by random();
  drop table mixing_part, mixing_answer;
end $function$;
COMMENT ON FUNCTION mix_questionnaire(in_municipality uuid, which uuid, everything boolean) IS 'Writes who answered and what was answered again, in one transaction, each in an order of its own and with new ids';
REVOKE EXECUTE ON FUNCTION mix_questionnaire(in_municipality uuid, which uuid, everything boolean) FROM PUBLIC;

-- move_pupils() ---------------------------------------------------------------------------------------
CREATE FUNCTION move_pupils(in_municipality uuid, which uuid[], from_household uuid, to_household uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality merges households' using errcode = 'insufficient_privilege';
  end if;
  if not exists (select from active_member a join active_member b on b.municipality_id = in_municipality
      and b.household_id = to_household and b.role = 'holder' and b.person_id = a.person_id
    where a.municipality_id = in_municipality and a.household_id = from_household and a.role = 'holder') then
    raise exception 'pupils move between households of one holder' using errcode = 'restrict_violation';
  end if;
  if uncharged_days_of(in_municipality, which) > 0 then
    raise exception 'a counted meal is charged before its pupil moves' using errcode = 'restrict_violation';
  end if;
  if exists (select from meal_household_rule r where r.municipality_id = in_municipality and r.pupil_id = any (which)
      and (r.valid_to is null or r.valid_to >= app_today())) then
    raise exception 'a pupil with two households does not move' using errcode = 'restrict_violation';
  end if;
  perform set_config('app.merges_households', 'yes', true);
  update pupil p set household_id = to_household
    where p.municipality_id = in_municipality and p.id = any (which) and p.household_id = from_household;
  perform set_config('app.merges_households', '', true);
end $function$;
REVOKE EXECUTE ON FUNCTION move_pupils(in_municipality uuid, which uuid[], from_household uuid, to_household uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION move_pupils(in_municipality uuid, which uuid[], from_household uuid, to_household uuid) TO refettorio_web;

-- municipalities_of_citizen() -------------------------------------------------------------------------
CREATE FUNCTION municipalities_of_citizen(who uuid)
 RETURNS TABLE(slug text, name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select m.slug, m.name from citizen c
  join person_code k on k.fiscal_code_hash = c.fiscal_code_hash
  join municipality m on m.id = k.municipality_id and m.active
  where c.id = who and (
    jsonb_array_length(memberships_of(m.id, k.person_id)) > 0
    or exists (select from active_staff_member r where r.municipality_id = m.id and r.person_id = k.person_id))
  order by m.name, m.slug
$function$;
REVOKE EXECUTE ON FUNCTION municipalities_of_citizen(who uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION municipalities_of_citizen(who uuid) TO refettorio_web;

-- municipalities_with_due_batches() -------------------------------------------------------------------
CREATE FUNCTION municipalities_with_due_batches()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select m.id from municipality m where m.active and m.id in (
    select b.municipality_id from form_batch b where b.due_at <= app_now())
$function$;
REVOKE EXECUTE ON FUNCTION municipalities_with_due_batches() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION municipalities_with_due_batches() TO refettorio_web;

-- municipalities_with_due_communications() ------------------------------------------------------------
CREATE FUNCTION municipalities_with_due_communications()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select m.id from municipality m where m.active and exists (
    select from communication c where c.municipality_id = m.id and c.due_at <= app_now())
$function$;
REVOKE EXECUTE ON FUNCTION municipalities_with_due_communications() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION municipalities_with_due_communications() TO refettorio_web;

-- municipalities_with_due_digests() -------------------------------------------------------------------
CREATE FUNCTION municipalities_with_due_digests()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select m.id from municipality m where m.active and m.id in (
    select n.municipality_id from work_notice n
    where n.digest_hour <= extract(hour from app_now() at time zone 'Europe/Rome') and n.digested_on is distinct from app_today())
$function$;
REVOKE EXECUTE ON FUNCTION municipalities_with_due_digests() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION municipalities_with_due_digests() TO refettorio_web;

-- municipalities_with_due_imports() -------------------------------------------------------------------
CREATE FUNCTION municipalities_with_due_imports()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select m.id from municipality m where m.active and m.id in (
    select u.municipality_id from pupil_import u where u.state in ('checking', 'applying', 'undoing'))
$function$;
REVOKE EXECUTE ON FUNCTION municipalities_with_due_imports() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION municipalities_with_due_imports() TO refettorio_web;

-- municipalities_with_due_meal_notices() --------------------------------------------------------------
CREATE FUNCTION municipalities_with_due_meal_notices()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select m.id from municipality m where m.active and m.id in (
    select n.municipality_id from meal_notice n where n.due_at <= app_now())
$function$;
REVOKE EXECUTE ON FUNCTION municipalities_with_due_meal_notices() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION municipalities_with_due_meal_notices() TO refettorio_web;

-- municipalities_with_due_messages() ------------------------------------------------------------------
CREATE FUNCTION municipalities_with_due_messages(channel text)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select m.id from municipality m where m.active and exists (
    select from outbox o where o.municipality_id = m.id
      and o.channel = municipalities_with_due_messages.channel and o.due_at <= app_now())
$function$;
REVOKE EXECUTE ON FUNCTION municipalities_with_due_messages(channel text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION municipalities_with_due_messages(channel text) TO refettorio_web;

-- municipalities_with_due_rollovers() -----------------------------------------------------------------
CREATE FUNCTION municipalities_with_due_rollovers()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select m.id from municipality m where m.active and m.id in (
    select w.municipality_id from year_rollover_work w where w.state = 'waiting')
$function$;
REVOKE EXECUTE ON FUNCTION municipalities_with_due_rollovers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION municipalities_with_due_rollovers() TO refettorio_web;

-- municipalities_with_due_top_ups() -------------------------------------------------------------------
CREATE FUNCTION municipalities_with_due_top_ups()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select m.id from municipality m where m.active and m.id in (
    select t.municipality_id from top_up t where t.next_check_at <= app_now())
$function$;
REVOKE EXECUTE ON FUNCTION municipalities_with_due_top_ups() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION municipalities_with_due_top_ups() TO refettorio_web;

-- municipalities_with_ending_diets() ------------------------------------------------------------------
CREATE FUNCTION municipalities_with_ending_diets()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select m.id from municipality m
  where m.active and extract(hour from app_now() at time zone 'Europe/Rome') between 9 and 17 and exists (
    select from enrolment e where e.municipality_id = m.id and e.diet_code not in ('STD', 'DA-DEFINIRE')
      and e.valid_to between app_today() and app_today() + 30)
$function$;
REVOKE EXECUTE ON FUNCTION municipalities_with_ending_diets() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION municipalities_with_ending_diets() TO refettorio_web;

-- municipalities_with_held_invoices() -----------------------------------------------------------------
CREATE FUNCTION municipalities_with_held_invoices()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select m.id from municipality m where m.active and m.id in (
    select i.municipality_id from invoice i where i.xml is null and i.gaps && '{supplier,structure}')
$function$;
REVOKE EXECUTE ON FUNCTION municipalities_with_held_invoices() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION municipalities_with_held_invoices() TO refettorio_web;

-- municipalities_with_opened_questionnaires() ---------------------------------------------------------
CREATE FUNCTION municipalities_with_opened_questionnaires()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select m.id from municipality m where m.active and exists (
    select from questionnaire q where q.municipality_id = m.id and q.published_at is not null and q.announced_at is null
      and q.opens_at <= app_now() and q.closes_at > app_now())
$function$;
REVOKE EXECUTE ON FUNCTION municipalities_with_opened_questionnaires() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION municipalities_with_opened_questionnaires() TO refettorio_web;

-- municipalities_with_unsent_counts() -----------------------------------------------------------------
CREATE FUNCTION municipalities_with_unsent_counts()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select m.id from municipality m where m.active and exists (
    select from kitchen w where w.municipality_id = m.id and w.emails <> '{}')
  and exists (
    select from service_day d
    join service v on v.municipality_id = m.id and v.id = d.service_id and v.is_cooked
    join kitchen_count k on k.municipality_id = m.id and k.service_day_id = d.id
    where d.municipality_id = m.id and d.day >= app_today() and d.status <> 'open'
      and (select w.emails <> '{}' from kitchen_school s join kitchen w on w.municipality_id = m.id and w.id = s.kitchen_id
        where s.municipality_id = m.id and s.school_id = d.school_id and s.valid_from <= d.day order by s.valid_from desc limit 1)
      and not exists (select from count_mail c where c.municipality_id = m.id and c.kitchen_count_id = k.id))
$function$;
REVOKE EXECUTE ON FUNCTION municipalities_with_unsent_counts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION municipalities_with_unsent_counts() TO refettorio_web;

-- municipalities_with_urgent_work() -------------------------------------------------------------------
CREATE FUNCTION municipalities_with_urgent_work()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select m.id from municipality m where m.active and (
    exists (select from service_day d where d.municipality_id = m.id and d.status = 'open' and d.close_at <= app_now())
    or exists (select from diet_hold h where h.municipality_id = m.id and h.until is null and h.severe)
    or exists (select from enrolment e where e.municipality_id = m.id and e.diet_code = 'DA-DEFINIRE' and e.valid_to >= app_today()
      and e.severe_reaction)
    or exists (select from payment_alarm a where a.municipality_id = m.id and a.settled_at is null)
    -- A count of today that its kitchen has not said to have seen: how long that may take, the worker asks.
    or exists (select from service_day d join kitchen_count k on k.municipality_id = m.id and k.service_day_id = d.id
      where d.municipality_id = m.id and d.day = app_today() and d.status <> 'open' and k.frozen_at < app_now() - interval '5 minutes'
        and not exists (select from count_acknowledgement a where a.municipality_id = m.id and a.kitchen_count_id = k.id)
        and exists (select from active_staff_member r where r.municipality_id = m.id and r.role = 'kitchen')))
$function$;
REVOKE EXECUTE ON FUNCTION municipalities_with_urgent_work() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION municipalities_with_urgent_work() TO refettorio_web;

-- municipality_has_undecided_diet() -------------------------------------------------------------------
CREATE FUNCTION municipality_has_undecided_diet()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into diet (municipality_id, code, name) values (new.id, 'DA-DEFINIRE', 'Dieta da definire');
  return null;
end $function$;

-- name_merged_pupil() ---------------------------------------------------------------------------------
CREATE FUNCTION name_merged_pupil(in_municipality uuid, kept uuid, gone uuid, given text, family text, birth date, swaps boolean)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  kept_code text;
  gone_code text;
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality merges pupils' using errcode = 'insufficient_privilege';
  end if;
  select p.fiscal_code into strict kept_code from pupil p where p.municipality_id = in_municipality and p.id = kept for no key update;
  select p.fiscal_code into strict gone_code from pupil p where p.municipality_id = in_municipality and p.id = gone for no key update;
  if swaps then
    update pupil p set fiscal_code = '00000000000' where p.municipality_id = in_municipality and p.id = gone;
  end if;
  update pupil p set given_name = given, family_name = family, birth_date = birth,
      fiscal_code = case when swaps then gone_code else kept_code end
    where p.municipality_id = in_municipality and p.id = kept;
  if swaps then
    update pupil p set fiscal_code = kept_code where p.municipality_id = in_municipality and p.id = gone;
  end if;
end $function$;
REVOKE EXECUTE ON FUNCTION name_merged_pupil(in_municipality uuid, kept uuid, gone uuid, given text, family text, birth date, swaps boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION name_merged_pupil(in_municipality uuid, kept uuid, gone uuid, given text, family text, birth date, swaps boolean) TO refettorio_web;

-- newest_sheets() -------------------------------------------------------------------------------------
CREATE FUNCTION newest_sheets(on_day date)
 RETURNS TABLE(id uuid, kitchen_id uuid, kitchen_name text, number integer, written_at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  return query
    select distinct on (w.name, h.kitchen_id) h.id, h.kitchen_id, w.name, h.number, h.written_at
    from count_sheet h join kitchen w on w.municipality_id = municipality and w.id = h.kitchen_id
    where h.municipality_id = municipality and h.day = on_day and may_read_sheets_of(h.kitchen_id)
    order by w.name, h.kitchen_id, h.number desc;
end $function$;
REVOKE EXECUTE ON FUNCTION newest_sheets(on_day date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION newest_sheets(on_day date) TO refettorio_web;

-- next_protocol() -------------------------------------------------------------------------------------
CREATE FUNCTION next_protocol()
 RETURNS TABLE(year integer, number integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  this_year constant integer := extract(year from app_today());
begin
  return query
    insert into protocol_series as s (municipality_id, year, last_number) values (municipality, this_year, 1)
    on conflict (municipality_id, year) do update set last_number = s.last_number + 1
    returning s.year, s.last_number;
end $function$;
REVOKE EXECUTE ON FUNCTION next_protocol() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION next_protocol() TO refettorio_web;

-- notify_people() -------------------------------------------------------------------------------------
CREATE FUNCTION notify_people(in_municipality uuid, people uuid[], message jsonb)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  batch uuid;
  told_count integer;
  about_money constant boolean := jsonb_typeof(message -> 'money') <> 'null';
  is_own_payment constant boolean := message ->> 'money' = 'own-payment';
  paying constant uuid[] := array(select jsonb_array_elements_text(message #> '{money,households}')::uuid);
begin
  if in_municipality is distinct from app_municipality() or app_audience() not in ('family', 'staff', 'system') then
    raise exception 'a notification of another municipality' using errcode = 'insufficient_privilege';
  end if;
  batch := delivery_batch_of(in_municipality, message -> 'batch');
  with told as (
    insert into notification (municipality_id, person_id, batch_id, event, key, title, body, translations, path)
    select p.municipality_id, p.id, batch, message ->> 'event', message ->> 'key', message #>> array['said', message ->> 'original', 'title'],
      message #>> array['said', message ->> 'original', 'text'], message -> 'translations', message ->> 'path'
    from person p
    where p.municipality_id = in_municipality and p.id = any (people)
      and (not about_money
        or is_own_payment and exists (select from household_member m
          where m.municipality_id = in_municipality and m.person_id = p.id and m.role = 'holder')
        or exists (select from active_member m where m.municipality_id = in_municipality and m.person_id = p.id
          and m.role = 'holder' and m.household_id = any (paying)))
    order by p.id
    on conflict (municipality_id, person_id, key) do nothing
    returning id, person_id
  ), wishes as (
    select t.id, t.person_id, p.given_name, nullif(p.email, p.refused_email) as email,
      case when message -> 'said' ? z.language then z.language else message ->> 'original' end as language,
      case when (message ->> 'mailAlways')::boolean then true
        else coalesce((c.choices -> (message ->> 'event') ->> 'email')::boolean, (message ->> 'mail')::boolean) end as by_mail,
      coalesce((c.choices -> (message ->> 'event') ->> 'push')::boolean, (message ->> 'push')::boolean) as by_push,
      case when (message ->> 'urgent')::boolean or not coalesce(c.is_quiet, true) then app_now()
        else after_quiet_hours(app_now(), coalesce(c.quiet_from, '21:00'), coalesce(c.quiet_to, '07:00')) end as due_at
    from told t
    join person p on p.municipality_id = in_municipality and p.id = t.person_id
    left join lateral (select z.language from person_code k join citizen z on z.fiscal_code_hash = k.fiscal_code_hash
      where k.municipality_id = in_municipality and k.person_id = t.person_id and z.language is not null
      order by z.language_chosen_at desc limit 1) z on true
    left join notification_choice c on c.municipality_id = in_municipality and c.person_id = t.person_id
  ), mails as (
    insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, language, due_at, batch_id, person_id, notification_id)
    select in_municipality, (message ->> 'key') || ':email:' || w.person_id, 'email', w.email, message -> 'said' -> w.language ->> 'mailSubject',
      replace(message -> 'said' -> w.language ->> 'greeting', '{name}', w.given_name) || (message -> 'said' -> w.language ->> 'mailText'),
      w.language, w.due_at, batch, w.person_id, w.id
    from wishes w where w.by_mail and w.email is not null
    on conflict (municipality_id, dedupe_key) do nothing
  ), pushes as (
    insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, language, due_at, batch_id, person_id, notification_id, push_subscription_id)
    select in_municipality, (message ->> 'key') || ':push:' || s.id, 'push', '', message -> 'said' -> w.language ->> 'pushTitle',
      message -> 'said' -> w.language ->> 'pushText', w.language, w.due_at, batch, w.person_id, w.id, s.id
    from wishes w
    join push_subscription s on s.municipality_id = in_municipality and s.person_id = w.person_id and s.ended_at is null
    where w.by_push
    on conflict (municipality_id, dedupe_key) do nothing
  )
  select count(*)::int into told_count from told;
  return told_count;
end $function$;
REVOKE EXECUTE ON FUNCTION notify_people(in_municipality uuid, people uuid[], message jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notify_people(in_municipality uuid, people uuid[], message jsonb) TO refettorio_web;

-- office_figures() ------------------------------------------------------------------------------------
CREATE FUNCTION office_figures()
 RETURNS TABLE(enrolled jsonb, households integer, credit_cents bigint, debt_cents bigint, indebted integer, top_ups jsonb)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() not in ('staff', 'system') and not (app_audience() = 'partner' and exists (
    select from active_staff_member r
    where r.municipality_id = municipality and r.person_id = app_person() and r.role = 'reader'))
  then return; end if;
  return query
    select
      coalesce((select jsonb_agg(jsonb_build_object('schoolName', q.name, 'pupils', q.pupils) order by q.name) from (
        select s.name, count(distinct e.pupil_id) as pupils
        from enrolment e join school s on s.municipality_id = municipality and s.id = e.school_id
        where e.municipality_id = municipality and e.valid_from <= app_today() and e.valid_to >= app_today()
        group by s.id, s.name) q), '[]'),
      count(*)::integer, coalesce(sum(a.balance_cents) filter (where a.balance_cents > 0), 0)::bigint,
      coalesce(-sum(a.balance_cents) filter (where a.balance_cents < 0), 0)::bigint,
      (count(*) filter (where a.balance_cents < 0))::integer,
      coalesce((select jsonb_agg(jsonb_build_object('month', q.month, 'count', q.count, 'cents', q.cents) order by q.month desc) from (
        select to_char(t.paid_at at time zone 'Europe/Rome', 'YYYY-MM') as month, count(*) as count,
          sum(t.amount_cents) as cents
        from top_up t where t.municipality_id = municipality and t.state = 'paid' group by 1) q), '[]')
    from account a where a.municipality_id = municipality and a.kind = 'household';
end $function$;
COMMENT ON FUNCTION office_figures() IS 'Sums only, no single row';
REVOKE EXECUTE ON FUNCTION office_figures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_figures() TO refettorio_web;

-- offices_of_citizen() --------------------------------------------------------------------------------
CREATE FUNCTION offices_of_citizen(who uuid)
 RETURNS TABLE(slug text, name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select m.slug, m.name from citizen c
  join person_code k on k.fiscal_code_hash = c.fiscal_code_hash
  join municipality m on m.id = k.municipality_id and m.active
  where c.id = who and exists (
    select from active_staff_member r where r.municipality_id = m.id and r.person_id = k.person_id)
  order by m.name, m.slug
$function$;
REVOKE EXECUTE ON FUNCTION offices_of_citizen(who uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION offices_of_citizen(who uuid) TO refettorio_web;

-- open_late_refund() ----------------------------------------------------------------------------------
CREATE FUNCTION open_late_refund()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  town constant uuid := new.municipality_id;
  latest record;
  rollover uuid;
begin
  select x.id, x.pupil_id, x.valid_to, x.is_whole, coalesce(bool_or(x.is_whole and x.valid_to >= app_today()) over (), false) as goes_on
    into latest from (
      select e.id, e.pupil_id, e.valid_to, r.is_whole
      from pupil p join enrolment e on e.municipality_id = town and e.pupil_id = p.id and e.service_id = new.service_id
      cross join reaches_its_end(town, e.service_id, e.school_class_id, e.valid_to) r (is_whole)
      where p.municipality_id = town and p.household_id = new.household_id
      union all
      -- On some days of a pupil of another household: until the rule ends, or the enrolment.
      select e.id, e.pupil_id, least(e.valid_to, u.valid_to), r.is_whole and (u.valid_to is null or u.valid_to >= e.valid_to)
      from meal_household_rule u
      join enrolment e on e.municipality_id = town and e.pupil_id = u.pupil_id and e.service_id = new.service_id
        and e.valid_to >= u.valid_from and (u.valid_to is null or e.valid_from <= u.valid_to)
      cross join reaches_its_end(town, e.service_id, e.school_class_id, e.valid_to) r (is_whole)
      where u.municipality_id = town and u.household_id = new.household_id) x
    order by x.valid_to desc, x.is_whole desc nulls last limit 1;
  if not found or latest.goes_on then return null; end if;
  select r.id into rollover from year_rollover r
    join year_rollover_pupil w on w.municipality_id = town and w.rollover_id = r.id and w.pupil_id = latest.pupil_id
      and w.service_id = new.service_id and w.from_enrolment_id = latest.id and w.outcome = 'leaves'
    where r.municipality_id = town limit 1;
  if latest.is_whole and rollover is null then return null; end if;
  insert into refund_case (municipality_id, account_id, household_id, service_id, cause, rollover_id, left_on, opened_cents)
    values (town, new.id, new.household_id, new.service_id, case when rollover is null then 'late' else 'rollover' end, rollover,
      latest.valid_to, new.balance_cents)
    on conflict (municipality_id, account_id) where closed_at is null do nothing;
  if found then
    insert into audit_event (municipality_id, action, object_type, object_id, details)
    values (town, 'refunds.opened', 'household', new.household_id::text,
      jsonb_build_object('service', new.service_id, 'cents', new.balance_cents));
  end if;
  return null;
end $function$;

-- own_class_list() ------------------------------------------------------------------------------------
CREATE FUNCTION own_class_list()
 RETURNS TABLE(school_name text, class_id uuid, class_name text, service_name text, status text, pupil_id uuid, given_name text, family_name text, is_absent boolean, eats_today boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() not in ('staff', 'partner') then return; end if;
  return query
    select s.name, c.id, c.name, v.name, d.status, p.id, p.given_name, p.family_name, a.pupil_id is not null, eats_on(e.weekdays, app_today())
    from school_class c
    join school s on s.municipality_id = municipality and s.id = c.school_id
    join enrolment e on e.municipality_id = municipality and e.school_class_id = c.id
      and e.valid_from <= app_today() and e.valid_to >= app_today()
    join pupil p on p.municipality_id = municipality and p.id = e.pupil_id
    join service v on v.municipality_id = municipality and v.id = e.service_id
    left join service_day d on d.municipality_id = municipality and d.service_id = e.service_id and d.school_id = c.school_id
      and d.day = app_today()
    left join absence a on a.municipality_id = municipality and a.service_day_id = d.id and a.pupil_id = e.pupil_id
    where c.municipality_id = municipality and exists (select from active_staff_member r
      where r.municipality_id = municipality and r.person_id = app_person()
        and (r.role = 'teacher' and r.school_class_id = c.id or r.role = 'school_office' and r.school_id = c.school_id))
    order by s.name, c.name, v.name, p.family_name, p.given_name, p.id;
end $function$;
REVOKE EXECUTE ON FUNCTION own_class_list() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION own_class_list() TO refettorio_web;

-- own_school_enrolments() -----------------------------------------------------------------------------
CREATE FUNCTION own_school_enrolments()
 RETURNS TABLE(id uuid, list_key text, search_key text, pupil_name text, school_id uuid, school_name text, class_name text, service_id uuid, service_name text, school_year_id uuid, year_name text, valid_from date, valid_to date)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() not in ('staff', 'partner') then return; end if;
  return query
    select e.id, p.list_key, p.search_key, p.family_name || ' ' || p.given_name, s.id, s.name, c.name, v.id, v.name, y.id, y.name,
      e.valid_from, e.valid_to
    from enrolment e
    join pupil p on p.municipality_id = municipality and p.id = e.pupil_id
    join school s on s.municipality_id = municipality and s.id = e.school_id
    join school_class c on c.municipality_id = municipality and c.id = e.school_class_id
    join service v on v.municipality_id = municipality and v.id = e.service_id
    join school_year y on y.municipality_id = municipality and y.id = e.school_year_id and y.ends_on >= app_today()
    where e.municipality_id = municipality and e.school_id = any (array(select r.school_id from active_staff_member r
      where r.municipality_id = municipality and r.person_id = app_person() and r.role = 'school_office'));
end $function$;
COMMENT ON FUNCTION own_school_enrolments() IS 'No diets, no families';
REVOKE EXECUTE ON FUNCTION own_school_enrolments() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION own_school_enrolments() TO refettorio_web;

-- pair_basis() ----------------------------------------------------------------------------------------
CREATE FUNCTION pair_basis(in_municipality uuid, what text, one uuid, other uuid)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select case when count(*) = 2 then encode(sha256(convert_to(string_agg(said.words, chr(10) order by said.id), 'UTF8')), 'hex') end
  from (
    select p.id, concat_ws('|', p.given_name, p.family_name, coalesce(p.fiscal_code, ''), to_char(p.birth_date, 'YYYY-MM-DD')) as words
    from pupil p where what = 'pupil' and p.municipality_id = in_municipality and p.id in (one, other)
    union all
    select p.id, concat_ws('|', p.given_name, p.family_name, p.fiscal_code, coalesce(to_char(p.birth_date, 'YYYY-MM-DD'), ''))
    from person p where what = 'person' and p.municipality_id = in_municipality and p.id in (one, other)
    union all
    select h.id, concat_ws('|', h.name, (select string_agg(m.person_id::text, ',' order by m.person_id) from active_member m
      where m.municipality_id = in_municipality and m.household_id = h.id and m.role = 'holder'))
    from household h where what = 'household' and h.municipality_id = in_municipality and h.id in (one, other)
  ) said
$function$;
REVOKE EXECUTE ON FUNCTION pair_basis(in_municipality uuid, what text, one uuid, other uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pair_basis(in_municipality uuid, what text, one uuid, other uuid) TO refettorio_web;

-- person_code_follows() -------------------------------------------------------------------------------
CREATE FUNCTION person_code_follows()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  if tg_op = 'UPDATE' and new.fiscal_code_hash = old.fiscal_code_hash then return new; end if;
  if not exists (select from person_code k where k.municipality_id = new.municipality_id
    and k.fiscal_code_hash = new.fiscal_code_hash and k.person_id = new.id)
  then
    insert into person_code (municipality_id, fiscal_code_hash, person_id, fiscal_code)
    values (new.municipality_id, new.fiscal_code_hash, new.id, new.fiscal_code);
  end if;
  if tg_op = 'UPDATE' then
    delete from person_code k where k.municipality_id = new.municipality_id and k.fiscal_code_hash = old.fiscal_code_hash;
  end if;
  return new;
end $function$;

-- person_with_code() ----------------------------------------------------------------------------------
CREATE FUNCTION person_with_code(in_municipality uuid, code_hash bytea)
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select k.person_id from person_code k
  where k.municipality_id = in_municipality and in_municipality = app_municipality()
    and app_audience() in ('family', 'staff', 'system') and k.fiscal_code_hash = code_hash
$function$;
COMMENT ON FUNCTION person_with_code(in_municipality uuid, code_hash bytea) IS 'The id of a person one of whose fiscal codes the caller knows; it opens nothing';
REVOKE EXECUTE ON FUNCTION person_with_code(in_municipality uuid, code_hash bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION person_with_code(in_municipality uuid, code_hash bytea) TO refettorio_web;

-- phones_with() ---------------------------------------------------------------------------------------
CREATE FUNCTION phones_with(digits text)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, digits);
begin
  if app_audience() is distinct from 'staff' or digits !~ '^[0-9]{3,}$' then return; end if;
  return query
    select p.id from person p
    where p.phone is not null and search_grams(p.municipality_id, p.phone) @> grams and p.municipality_id = municipality
      and p.phone like '%' || digits || '%';
end $function$;
REVOKE EXECUTE ON FUNCTION phones_with(digits text) FROM PUBLIC;

-- published_version_is_frozen() -----------------------------------------------------------------------
CREATE FUNCTION published_version_is_frozen()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' or old.published_at is not null then
    raise exception 'a published version is frozen' using errcode = 'restrict_violation';
  end if;
  return new;
end $function$;

-- pupils_named() --------------------------------------------------------------------------------------
CREATE FUNCTION pupils_named(typed text)
 RETURNS TABLE(id uuid, list_key text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, typed);
  patterns constant text[] := array(select search_patterns(typed));
begin
  if app_audience() is distinct from 'staff' or cardinality(grams) = 0 then return; end if;
  return query
    select c.id, c.list_key from pupil c
    where search_grams(c.municipality_id, c.search_key) @> grams and c.municipality_id = municipality
      and c.search_key like all (patterns);
end $function$;
REVOKE EXECUTE ON FUNCTION pupils_named(typed text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pupils_named(typed text) TO refettorio_web;

-- pupils_of_named() -----------------------------------------------------------------------------------
CREATE FUNCTION pupils_of_named(typed text)
 RETURNS TABLE(id uuid, list_key text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  grams constant text[] := typed_grams(municipality, typed);
  patterns constant text[] := array(select search_patterns(typed));
begin
  if app_audience() is distinct from 'staff' or cardinality(grams) = 0 then return; end if;
  return query
    select n.id, n.list_key from pupils_named(typed) n
    union
    select c.id, c.list_key from pupil c
    where c.municipality_id = municipality and c.household_id = any (array(
      select m.household_id from person p
      join active_member m on m.municipality_id = municipality and m.person_id = p.id
      where search_grams(p.municipality_id, p.search_key) @> grams and p.municipality_id = municipality
        and p.search_key like all (patterns)));
end $function$;
REVOKE EXECUTE ON FUNCTION pupils_of_named(typed text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pupils_of_named(typed text) TO refettorio_web;

-- pupils_paid_on_some_days() --------------------------------------------------------------------------
CREATE FUNCTION pupils_paid_on_some_days()
 RETURNS TABLE(household_id uuid, pupil_id uuid, given_name text, full_name text, fiscal_code text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  households constant uuid[] := app_paying_households();
begin
  if app_audience() <> 'family' then return; end if;
  return query
    select distinct r.household_id, p.id, p.given_name, p.full_name, p.fiscal_code
    from meal_household_rule r
    join pupil p on p.municipality_id = municipality and p.id = r.pupil_id
    where r.municipality_id = municipality and r.household_id = any (households);
end $function$;
REVOKE EXECUTE ON FUNCTION pupils_paid_on_some_days() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pupils_paid_on_some_days() TO refettorio_web;

-- purge_calendar_feeds() ------------------------------------------------------------------------------
CREATE FUNCTION purge_calendar_feeds(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  gone integer;
begin
  delete from calendar_feed where id = any (array(
    select id from calendar_feed where revoked_at < app_now() - interval '30 days' limit most));
  get diagnostics gone = row_count;
  return gone;
end $function$;
REVOKE EXECUTE ON FUNCTION purge_calendar_feeds(most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_calendar_feeds(most integer) TO refettorio_web;

-- purge_devices() -------------------------------------------------------------------------------------
CREATE FUNCTION purge_devices(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  old uuid[];
begin
  old := array(
    select d.id from remembered_device d
    where coalesce(d.revoked_at, d.last_used_at) < app_now() - interval '12 months'
      and not exists (select from session s where s.device_id = d.id)
    limit most for update skip locked);
  delete from passkey where device_id = any (old);
  delete from remembered_device where id = any (old);
  return coalesce(array_length(old, 1), 0);
end $function$;
REVOKE EXECUTE ON FUNCTION purge_devices(most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_devices(most integer) TO refettorio_web;

-- purge_meal_ratings() --------------------------------------------------------------------------------
CREATE FUNCTION purge_meal_ratings(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  gone integer;
begin
  delete from meal_rating where (municipality_id, pupil_id, service_day_id) in (
    select municipality_id, pupil_id, service_day_id from meal_rating where rated_at < app_now() - interval '24 months' limit most);
  get diagnostics gone = row_count;
  return gone;
end $function$;
REVOKE EXECUTE ON FUNCTION purge_meal_ratings(most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_meal_ratings(most integer) TO refettorio_web;

-- purge_notifications() -------------------------------------------------------------------------------
CREATE FUNCTION purge_notifications(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  notifications_since constant timestamptz := app_now() - kept_for('notifications');
  messages_since constant timestamptz := app_now() - kept_for('messages');
  batches_since constant timestamptz := app_now() - kept_for('messages') - interval '1 month';
  a_month_ago constant timestamptz := app_now() - interval '30 days';
  old_ones uuid[];
  gone integer;
  total integer := 0;
  each_municipality uuid;
begin
  for each_municipality in select m.id from municipality m
    where exists (select from outbox o where o.municipality_id = m.id and o.created_at < messages_since and o.due_at is null)
      or exists (select from delivery_batch b where b.municipality_id = m.id and b.created_at < batches_since)
      or exists (select from push_subscription s where s.municipality_id = m.id and s.ended_at < a_month_ago)
      or m.id in (select n.municipality_id from notification n where n.created_at < notifications_since)
      or exists (select from work_alert a where a.municipality_id = m.id and a.told_at < messages_since)
      or exists (select from work_take t where t.municipality_id = m.id and t.ended_at < messages_since)
  loop
    delete from outbox where municipality_id = each_municipality and id = any (array(
      select id from outbox where municipality_id = each_municipality and due_at is null and created_at < messages_since
      order by created_at limit most));
    get diagnostics gone = row_count; total := total + gone;
    old_ones := array(select n.id from notification n where n.municipality_id = each_municipality and n.created_at < notifications_since
      and not exists (select from outbox o where o.municipality_id = each_municipality and o.notification_id = n.id)
      order by n.created_at limit most);
    delete from notification where municipality_id = each_municipality and id = any (old_ones);
    get diagnostics gone = row_count; total := total + gone;
    delete from push_subscription s where s.municipality_id = each_municipality and s.ended_at < a_month_ago
      and not exists (select from outbox o where o.municipality_id = each_municipality and o.push_subscription_id = s.id);
    get diagnostics gone = row_count; total := total + gone;
    delete from delivery_batch b where b.municipality_id = each_municipality and b.created_at < batches_since
      and not exists (select from outbox o where o.municipality_id = each_municipality and o.batch_id = b.id)
      and not exists (select from notification n where n.municipality_id = each_municipality and n.batch_id = b.id);
    get diagnostics gone = row_count; total := total + gone;
    delete from work_alert where municipality_id = each_municipality and told_at < messages_since;
    get diagnostics gone = row_count; total := total + gone;
    delete from work_take where municipality_id = each_municipality and ended_at < messages_since;
    get diagnostics gone = row_count; total := total + gone;
  end loop;
  return total;
end $function$;
REVOKE EXECUTE ON FUNCTION purge_notifications(most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_notifications(most integer) TO refettorio_web;

-- purge_overtaken_changes() ---------------------------------------------------------------------------
CREATE FUNCTION purge_overtaken_changes(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  gone integer;
begin
  delete from overtaken_change where (municipality_id, person_id, idempotency_key) in (
    select municipality_id, person_id, idempotency_key from overtaken_change
    where overtaken_at < app_now() - interval '7 days' limit most);
  get diagnostics gone = row_count;
  return gone;
end $function$;
REVOKE EXECUTE ON FUNCTION purge_overtaken_changes(most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_overtaken_changes(most integer) TO refettorio_web;

-- purge_phone_changes() -------------------------------------------------------------------------------
CREATE FUNCTION purge_phone_changes(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  each_municipality uuid;
  gone integer;
  total integer := 0;
begin
  for each_municipality in
    select distinct c.municipality_id from phone_change c where c.created_at < app_now() - kept_for('contact-codes')
  loop
    delete from phone_change where municipality_id = each_municipality and id = any (array(
      select id from phone_change where municipality_id = each_municipality and created_at < app_now() - kept_for('contact-codes')
      order by created_at limit most));
    get diagnostics gone = row_count; total := total + gone;
  end loop;
  return total;
end $function$;
REVOKE EXECUTE ON FUNCTION purge_phone_changes(most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_phone_changes(most integer) TO refettorio_web;

-- purge_preview() -------------------------------------------------------------------------------------
CREATE FUNCTION purge_preview(ahead interval)
 RETURNS TABLE(register text, months integer, days integer, due bigint, due_ahead bigint, oldest timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  own_slug constant text := (select m.slug from municipality m where m.id = municipality);
  moment constant timestamptz := app_now();
  later constant timestamptz := moment + ahead;
begin
  if app_audience() <> 'staff' then return; end if;
  return query
    with found (register, due, due_ahead, oldest) as (
      select 'operations', count(*) filter (where e.occurred_at < moment - kept_for('operations')), count(*),
        (select min(o.occurred_at) from audit_event o where o.municipality_id = municipality)
      from audit_event e where e.municipality_id = municipality and e.occurred_at < later - kept_for('operations')
      union all
      select 'sign-ins', count(*) filter (where s.occurred_at < moment - kept_for('sign-ins')), count(*),
        (select min(o.occurred_at) from sign_in_event o where o.municipality_slug = own_slug)
      from sign_in_event s where s.municipality_slug = own_slug and s.occurred_at < later - kept_for('sign-ins')
      union all
      select 'notifications', count(*) filter (where n.created_at < moment - kept_for('notifications')), count(*),
        (select min(o.created_at) from notification o where o.municipality_id = municipality)
      from notification n where n.municipality_id = municipality and n.created_at < later - kept_for('notifications')
      union all
      select 'messages', count(*) filter (where b.created_at < moment - kept_for('messages')), count(*),
        (select min(o.created_at) from outbox o where o.municipality_id = municipality)
      from outbox b where b.municipality_id = municipality and b.due_at is null and b.created_at < later - kept_for('messages')
      union all
      select 'invitations', count(*) filter (where i.expires_at < moment - kept_for('invitations')), count(*),
        (select min(o.expires_at) from delegate_invitation o where o.municipality_id = municipality)
      from delegate_invitation i where i.municipality_id = municipality and i.expires_at < later - kept_for('invitations')
      union all
      select 'contact-codes', count(*) filter (where c.created_at < moment - kept_for('contact-codes')), count(*), min(c.created_at)
      from (select x.created_at from email_change x where x.municipality_id = municipality
        union all select y.created_at from phone_change y where y.municipality_id = municipality) c
      where c.created_at < later - kept_for('contact-codes')
    )
    select f.register, (extract(year from kept_for(f.register)) * 12 + extract(month from kept_for(f.register)))::integer,
      extract(day from kept_for(f.register))::integer, f.due, f.due_ahead, f.oldest
    from found f;
end $function$;
REVOKE EXECUTE ON FUNCTION purge_preview(ahead interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_preview(ahead interval) TO refettorio_web;

-- purge_pupil_imports() -------------------------------------------------------------------------------
CREATE FUNCTION purge_pupil_imports(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  old record;
  total integer := 0;
begin
  for old in select u.municipality_id, u.id, u.uploaded_at < app_now() - interval '24 months' as is_forgotten from pupil_import u
    where (u.content is not null and greatest(u.uploaded_at, u.applied_at) < app_now() - interval '30 days'
        or u.uploaded_at < app_now() - interval '24 months')
      and u.state not in ('checking', 'applying', 'undoing')
    order by u.municipality_id, u.uploaded_at limit most
  loop
    delete from pupil_import_image i where i.municipality_id = old.municipality_id and i.import_id = old.id;
    delete from pupil_import_finding f where f.municipality_id = old.municipality_id and f.import_id = old.id;
    delete from pupil_import_progress p where p.municipality_id = old.municipality_id and p.import_id = old.id;
    if old.is_forgotten then
      delete from imported_balance b where b.municipality_id = old.municipality_id and b.import_id = old.id;
      delete from pupil_import u where u.municipality_id = old.municipality_id and u.id = old.id;
    else
      update pupil_import u set content = null, state = case when u.state in ('applied', 'undone') then u.state else 'discarded' end
        where u.municipality_id = old.municipality_id and u.id = old.id;
    end if;
    total := total + 1;
  end loop;
  return total;
end $function$;
REVOKE EXECUTE ON FUNCTION purge_pupil_imports(most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_pupil_imports(most integer) TO refettorio_web;

-- purge_registers() -----------------------------------------------------------------------------------
CREATE FUNCTION purge_registers(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  operations_since constant timestamptz := app_now() - kept_for('operations');
  sign_ins_since constant timestamptz := app_now() - kept_for('sign-ins');
  invitations_since constant timestamptz := app_now() - kept_for('invitations');
  codes_since constant timestamptz := app_now() - kept_for('contact-codes');
  moment constant timestamptz := app_now();
  each_municipality uuid;
  gone integer;
  total integer := 0;
begin
  delete from sign_in_event where id = any (array(
    select id from sign_in_event where occurred_at < sign_ins_since order by occurred_at limit most));
  get diagnostics gone = row_count; total := total + gone;
  for each_municipality in select m.id from municipality m
    where exists (select from audit_event e where e.municipality_id = m.id and e.occurred_at < operations_since)
      or m.id in (select c.municipality_id from email_change c where c.created_at < codes_since)
      or m.id in (select i.municipality_id from delegate_invitation i
        where i.expires_at < invitations_since or i.fiscal_code_sealed is not null and i.expires_at < moment)
  loop
    delete from audit_event where municipality_id = each_municipality and occurred_at < operations_since and id = any (array(
      select id from audit_event where municipality_id = each_municipality and occurred_at < operations_since
      order by occurred_at limit most));
    get diagnostics gone = row_count; total := total + gone;
    delete from email_change where municipality_id = each_municipality and created_at < codes_since;
    get diagnostics gone = row_count; total := total + gone;
    delete from family_look where municipality_id = each_municipality and begun_at < operations_since;
    get diagnostics gone = row_count; total := total + gone;
    delete from delegate_invitation where municipality_id = each_municipality and expires_at < invitations_since;
    get diagnostics gone = row_count; total := total + gone;
    update delegate_invitation set fiscal_code_sealed = null
      where municipality_id = each_municipality and fiscal_code_sealed is not null and expires_at < moment;
  end loop;
  delete from session where id = any (array(
    select id from session where created_at < app_now() - interval '30 days'
      and coalesce(ended_at, expires_at) < app_now() - interval '30 days' limit most));
  get diagnostics gone = row_count; total := total + gone;
  delete from interrupted_form where expires_at < app_now();
  delete from webauthn_challenge where expires_at < app_now();
  delete from used_sign_in where used_at < app_now() - interval '1 hour';
  return total;
end $function$;
REVOKE EXECUTE ON FUNCTION purge_registers(most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_registers(most integer) TO refettorio_web;

-- questionnaire_counts() ------------------------------------------------------------------------------
CREATE FUNCTION questionnaire_counts(which uuid)
 RETURNS TABLE(question_id uuid, value smallint, people integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  perform from questionnaire q where q.municipality_id = municipality and q.id = which and q.published_at is not null
    and (app_audience() in ('staff', 'system') and (not q.anonymous or q.closes_at <= app_now())
      or app_audience() = 'family' and q.shows_results and q.closes_at <= app_now());
  if not found then return; end if;
  return query
    select a.question_id, null::smallint, count(*)::integer from questionnaire_answer a
    where a.municipality_id = municipality and a.questionnaire_id = which group by 1
    union all
    select a.question_id, v.value, count(*)::integer from questionnaire_answer a
    cross join lateral unnest(a.chosen) as v (value)
    where a.municipality_id = municipality and a.questionnaire_id = which group by 1, 2;
end $function$;
REVOKE EXECUTE ON FUNCTION questionnaire_counts(which uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION questionnaire_counts(which uuid) TO refettorio_web;

-- questionnaire_pupils() ------------------------------------------------------------------------------
CREATE FUNCTION questionnaire_pupils(which uuid)
 RETURNS TABLE(household_id uuid, pupil_id uuid)
 LANGUAGE plpgsql
 STABLE
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  today constant date := app_today();
  schools uuid[];
  classes uuid[];
begin
  select q.school_ids, q.class_ids into schools, classes from questionnaire q where q.municipality_id = municipality and q.id = which;
  if not found then return; end if;
  return query
    select p.household_id, p.id from enrolment e
    join pupil p on p.municipality_id = municipality and p.id = e.pupil_id
    join school_year y on y.municipality_id = municipality and y.id = e.school_year_id and y.ends_on >= today
    where e.municipality_id = municipality and (e.valid_from <= today or e.school_class_id = any (classes))
      and (e.valid_to >= today or e.valid_to >= (select w.ends_on from service_schedule w where w.municipality_id = municipality
        and w.service_id = e.service_id and w.school_id = e.school_id and w.school_year_id = e.school_year_id))
      and (schools = '{}' and classes = '{}' or e.school_id = any (schools) or e.school_class_id = any (classes))
    group by p.household_id, p.id;
end $function$;
REVOKE EXECUTE ON FUNCTION questionnaire_pupils(which uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION questionnaire_pupils(which uuid) TO refettorio_web;

-- reaches_its_end() -----------------------------------------------------------------------------------
CREATE FUNCTION reaches_its_end(in_municipality uuid, in_service uuid, in_class uuid, last_day date)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select last_day >= least(t.ends_on, k.valid_to, s.valid_to) from school_class k
  join school s on s.municipality_id = in_municipality and s.id = k.school_id
  join service_schedule t on t.municipality_id = in_municipality and t.school_id = k.school_id
    and t.school_year_id = k.school_year_id and t.service_id = in_service
  where k.municipality_id = in_municipality and k.id = in_class
$function$;

-- recipients_named() ----------------------------------------------------------------------------------
CREATE FUNCTION recipients_named(communication uuid, typed text)
 RETURNS TABLE(household_id uuid, person_id uuid, had_email boolean, list_key text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  patterns constant text[] := array(select search_patterns(typed));
  rarest text := patterns[1];
  grams text[];
begin
  if cardinality(patterns) > 1 then
    rarest := (select w from unnest(patterns) w where cardinality(typed_grams(municipality, w)) > 0
      order by (select count(*) from (select from person p where search_grams(p.municipality_id, p.search_key) @> typed_grams(municipality, w)
        and p.municipality_id = municipality and p.search_key like w limit 5000) few) limit 1);
  end if;
  grams := typed_grams(municipality, rarest);
  if app_audience() is distinct from 'staff' or coalesce(cardinality(grams), 0) = 0 then return; end if;
  return query
    select r.household_id, r.person_id, r.had_email, h.list_key
    from (
      select r.household_id, r.person_id, r.had_email from communication_recipient_person r
      where r.municipality_id = municipality and r.communication_id = recipients_named.communication and r.household_id = any (array(
        select h.id from household h where search_grams(h.municipality_id, h.list_key) @> grams and h.municipality_id = municipality
          and h.list_key like rarest))
      union
      select r.household_id, r.person_id, r.had_email from communication_recipient_person r
      where r.municipality_id = municipality and r.communication_id = recipients_named.communication and r.person_id = any (array(
        select p.id from person p where search_grams(p.municipality_id, p.search_key) @> grams and p.municipality_id = municipality
          and p.search_key like rarest))
    ) r
    join household h on h.municipality_id = municipality and h.id = r.household_id
    join person p on p.municipality_id = municipality and p.id = r.person_id
    where h.list_key || p.search_key like all (patterns);
end $function$;
REVOKE EXECUTE ON FUNCTION recipients_named(communication uuid, typed text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION recipients_named(communication uuid, typed text) TO refettorio_web;

-- reenter_scope() -------------------------------------------------------------------------------------
CREATE FUNCTION reenter_scope()
 RETURNS void
 LANGUAGE sql
AS $function$ select enter_scope(app_municipality(), app_audience(), app_person(), app_waited(),
  nullif(current_setting('app.look', true), '')::uuid) $function$;
COMMENT ON FUNCTION reenter_scope() IS 'Asks again what is the person''s own: after a wait for a lock, in which a role may have ended';

-- refuse_balance() ------------------------------------------------------------------------------------
CREATE FUNCTION refuse_balance()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '%', tg_argv[0] using errcode = 'restrict_violation';
end $function$;

-- refuse_change() -------------------------------------------------------------------------------------
CREATE FUNCTION refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only: % refused', tg_argv[0], lower(tg_op) using errcode = 'restrict_violation';
end $function$;

-- refuse_change_but_forget() --------------------------------------------------------------------------
CREATE FUNCTION refuse_change_but_forget()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' and old.occurred_at < app_now() - kept_for('operations') then return old; end if;
  raise exception '% is append-only: % refused', tg_argv[0], lower(tg_op) using errcode = 'restrict_violation';
end $function$;

-- rekey_code() ----------------------------------------------------------------------------------------
CREATE FUNCTION rekey_code(hashes bytea[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  it record;
begin
  perform lock_code(hashes);
  update delegate_invitation i set fiscal_code_hash = hashes[1]
    where i.fiscal_code_hash = any (hashes) and i.fiscal_code_hash <> hashes[1];
  update person_code k set fiscal_code_hash = hashes[1]
    where k.fiscal_code_hash = any (hashes) and k.fiscal_code_hash <> hashes[1];
  for it in select k.municipality_id, k.person_id from person_code k where k.fiscal_code_hash = hashes[1] loop
    update person p set fiscal_code_hash = hashes[1]
      where p.municipality_id = it.municipality_id and p.id = it.person_id
        and p.fiscal_code_hash = any (hashes) and p.fiscal_code_hash <> hashes[1];
  end loop;
  perform citizen_takes_hash(hashes, hashes[1]);
end $function$;
REVOKE EXECUTE ON FUNCTION rekey_code(hashes bytea[]) FROM PUBLIC;

-- renew_push_subscription() ---------------------------------------------------------------------------
CREATE FUNCTION renew_push_subscription(old_endpoint text, old_auth text, endpoint text, p256dh text, auth text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  kept record;
  renewed integer := 0;
begin
  for kept in
    update push_subscription s set ended_at = app_now(), end_reason = 'moved'
    where s.endpoint = old_endpoint and s.auth = old_auth and s.ended_at is null
    returning s.municipality_id, s.person_id, s.device_name
  loop
    insert into push_subscription (municipality_id, person_id, endpoint, p256dh, auth, device_name)
    values (kept.municipality_id, kept.person_id, renew_push_subscription.endpoint, renew_push_subscription.p256dh,
      renew_push_subscription.auth, kept.device_name)
    on conflict (municipality_id, endpoint) where ended_at is null do nothing;
    renewed := renewed + 1;
  end loop;
  return renewed;
end $function$;
REVOKE EXECUTE ON FUNCTION renew_push_subscription(old_endpoint text, old_auth text, endpoint text, p256dh text, auth text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION renew_push_subscription(old_endpoint text, old_auth text, endpoint text, p256dh text, auth text) TO refettorio_web;

-- require_manager() -----------------------------------------------------------------------------------
CREATE FUNCTION require_manager()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  if not lock_staff() then
    raise exception 'only a manager of the municipality changes the roles of its office' using errcode = 'insufficient_privilege';
  end if;
end $function$;
REVOKE EXECUTE ON FUNCTION require_manager() FROM PUBLIC;

-- save_supplier() -------------------------------------------------------------------------------------
CREATE FUNCTION save_supplier(expected integer, written jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then
    raise exception 'only the office changes a supplier' using errcode = 'insufficient_privilege';
  end if;
  update operator o set
    name = written->>'name', vat_number = written->>'vatNumber', fiscal_code = written->>'fiscalCode',
    tax_regime = written->>'taxRegime', street = written->>'street', postcode = written->>'postalCode',
    city = written->>'city', province = written->>'province', email = written->>'email', phone = written->>'phone',
    revision = o.revision + 1
  from municipality m
  where m.id = municipality and o.id = m.operator_id and o.revision = expected;
  return found;
end $function$;
COMMENT ON FUNCTION save_supplier(expected integer, written jsonb) IS 'Writes the supplier of this municipality if it is still at the expected revision; answers whether it was';
REVOKE EXECUTE ON FUNCTION save_supplier(expected integer, written jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION save_supplier(expected integer, written jsonb) TO refettorio_web;

-- school_year_of() ------------------------------------------------------------------------------------
CREATE FUNCTION school_year_of(day date)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$ select extract(year from day - interval '8 months')::integer $function$;

-- search_grams() --------------------------------------------------------------------------------------
CREATE FUNCTION search_grams(municipality uuid, key text)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select coalesce(array_agg(distinct municipality::text || ' ' || substr(key, at, size)), '{}')
  from generate_series(1, length(key) - 1) at, (values (2), (3)) sizes (size)
  where at + size - 1 <= length(key)
$function$;
COMMENT ON FUNCTION search_grams(municipality uuid, key text) IS 'The pairs and triples of letters of a key, each with its municipality: what holds a word holds its triples';

-- search_key() ----------------------------------------------------------------------------------------
CREATE FUNCTION search_key(words text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select regexp_replace(
    translate(
      replace(replace(replace(lower(normalize(words, nfkd) collate pg_c_utf8), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
      'đðłøıħ', 'ddloih'),
    '[\u0300-\u036f[:space:][:punct:]’‘ʼ´`“”«»–—]', '', 'g')
$function$;
COMMENT ON FUNCTION search_key(words text) IS 'Letters and digits alone, without accents and capitals: D’Angelo and D''ANGELO are dangelo';

-- search_patterns() -----------------------------------------------------------------------------------
CREATE FUNCTION search_patterns(typed text)
 RETURNS SETOF text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select '%' || search_key(word) || '%' from regexp_split_to_table(typed, '\s+') word where search_key(word) <> ''
$function$;
COMMENT ON FUNCTION search_patterns(typed text) IS 'A pattern for each typed word: a key that is like all of them holds every word, wherever it stands';

-- served_diet() ---------------------------------------------------------------------------------------
CREATE FUNCTION served_diet(diet_code text, is_held boolean)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$ select case when is_held and diet_code = 'STD' then 'DA-DEFINIRE' else diet_code end $function$;

-- service_day_moves_forward() -------------------------------------------------------------------------
CREATE FUNCTION service_day_moves_forward()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (old.municipality_id, old.service_id, old.school_id, old.day) is distinct from (new.municipality_id, new.service_id, new.school_id, new.day) then
    raise exception 'a service day keeps its place' using errcode = 'restrict_violation';
  end if;
  if old.status = 'closed' and new.status = 'open' then
    raise exception 'a closed service day does not open again' using errcode = 'restrict_violation';
  end if;
  if old.status = 'suspended' and new.status = 'open' and exists (select from kitchen_count k
      where k.municipality_id = new.municipality_id and k.service_day_id = new.id) then
    raise exception 'a service day that was counted does not open again' using errcode = 'restrict_violation';
  end if;
  if new.status <> 'closed' and exists (select from meal_charge c
      where c.municipality_id = new.municipality_id and c.service_day_id = new.id and c.due_at is not null) then
    raise exception 'a day whose charge is due stays closed' using errcode = 'restrict_violation';
  end if;
  return new;
end $function$;

-- serving_kitchen() -----------------------------------------------------------------------------------
CREATE FUNCTION serving_kitchen(school uuid, on_day date)
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  municipality constant uuid := app_municipality();
begin
  return (select q.kitchen_id from kitchen_school q
    where q.municipality_id = municipality and q.school_id = school and q.valid_from <= on_day
    order by q.valid_from desc limit 1);
end $function$;
REVOKE EXECUTE ON FUNCTION serving_kitchen(school uuid, on_day date) FROM PUBLIC;

-- settle_questionnaires() -----------------------------------------------------------------------------
CREATE FUNCTION settle_questionnaires(enough integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  q questionnaire;
  done integer := 0;
begin
  for q in select * from questionnaire c where c.published_at is not null and c.settled_at is null and c.opens_at <= app_now()
    and (c.closes_at <= app_now() or c.anonymous and (select count(*) from questionnaire_part p
      where p.municipality_id = c.municipality_id and p.questionnaire_id = c.id and not p.mixed) >= enough)
    order by c.municipality_id, c.id limit 20 for update skip locked
  loop
    perform set_config('app.municipality_id', q.municipality_id::text, true);
    if q.anonymous then perform mix_questionnaire(q.municipality_id, q.id, q.closes_at <= app_now()); end if;
    if q.closes_at <= app_now() then
      update questionnaire c set settled_at = app_now(),
        asked_total = (select case c.per when 'child' then count(*) else count(distinct r.household_id) end from questionnaire_pupils(c.id) r),
        answered_total = (select count(*) from questionnaire_part p where p.municipality_id = q.municipality_id and p.questionnaire_id = c.id)
      where c.municipality_id = q.municipality_id and c.id = q.id;
    end if;
    done := done + 1;
  end loop;
  with old as (select c.municipality_id, c.id from questionnaire c where c.settled_at < app_now() - interval '12 months'
      and exists (select from questionnaire_part p where p.municipality_id = c.municipality_id and p.questionnaire_id = c.id)
      order by c.municipality_id, c.id limit 1),
    words as (delete from questionnaire_answer a using old o
      where a.municipality_id = o.municipality_id and a.questionnaire_id = o.id and a.words is not null)
  update questionnaire_answer a set part = null from old o
    where a.municipality_id = o.municipality_id and a.questionnaire_id = o.id and a.chosen is not null;
  with old as (select c.municipality_id, c.id from questionnaire c where c.settled_at < app_now() - interval '12 months'
      and exists (select from questionnaire_part p where p.municipality_id = c.municipality_id and p.questionnaire_id = c.id)
      order by c.municipality_id, c.id limit 1),
    gone as (delete from questionnaire_part p using old o
      where p.municipality_id = o.municipality_id and p.questionnaire_id = o.id returning p.questionnaire_id)
  select done + count(distinct questionnaire_id) into done from gone;
  return done;
end $function$;
REVOKE EXECUTE ON FUNCTION settle_questionnaires(enough integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION settle_questionnaires(enough integer) TO refettorio_web;

-- sheet_counts() --------------------------------------------------------------------------------------
CREATE FUNCTION sheet_counts(sheet uuid)
 RETURNS TABLE(count_id uuid, school_id uuid, school_name text, service_name text, version integer, frozen_at timestamp with time zone, reason text, before_id uuid, before_version integer, usual_id uuid, usual_day date)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  return query
    with asked as (
      select h.kitchen_id, h.day, h.number from count_sheet h
      where h.municipality_id = municipality and h.id = sheet and may_read_sheets_of(h.kitchen_id)
    ), sent as materialized (
      select k.id, k.service_day_id, k.version, k.frozen_at, k.reason, h.number < asked.number as is_earlier
      from asked
      join count_sheet h on h.municipality_id = municipality and h.kitchen_id = asked.kitchen_id and h.day = asked.day
        and h.number <= asked.number
      join count_mail c on c.municipality_id = municipality and c.count_sheet_id = h.id
      join kitchen_count k on k.municipality_id = municipality and k.id = c.kitchen_count_id
    ), newest as (
      select distinct on (s.service_day_id) s.* from sent s order by s.service_day_id, s.version desc
    )
    select n.id, d.school_id, s.name, v.name, n.version, n.frozen_at, coalesce(n.reason, ''), earlier.id, earlier.version, usual.id, usual.day
    from newest n
    join service_day d on d.municipality_id = municipality and d.id = n.service_day_id
    join school s on s.municipality_id = municipality and s.id = d.school_id
    join service v on v.municipality_id = municipality and v.id = d.service_id
    left join lateral (
      select e.id, e.version from sent e where e.service_day_id = n.service_day_id and e.is_earlier order by e.version desc limit 1
    ) earlier on true
    left join lateral (
      select k.id, u.day from service_day u
      join kitchen_count k on k.municipality_id = municipality and k.service_day_id = u.id
      where u.municipality_id = municipality and u.school_id = d.school_id and u.service_id = d.service_id and u.status = 'closed'
        and u.day in (d.day - 7, d.day - 14, d.day - 21, d.day - 28)
      order by u.day desc, k.version desc limit 1
    ) usual on true
    order by s.name, v.name;
end $function$;
REVOKE EXECUTE ON FUNCTION sheet_counts(sheet uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sheet_counts(sheet uuid) TO refettorio_web;

-- sheet_head() ----------------------------------------------------------------------------------------
CREATE FUNCTION sheet_head(sheet uuid)
 RETURNS TABLE(kitchen_name text, day date, number integer, written_at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  return query
    select w.name, h.day, h.number, h.written_at
    from count_sheet h join kitchen w on w.municipality_id = municipality and w.id = h.kitchen_id
    where h.municipality_id = municipality and h.id = sheet and may_read_sheets_of(h.kitchen_id);
end $function$;
REVOKE EXECUTE ON FUNCTION sheet_head(sheet uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sheet_head(sheet uuid) TO refettorio_web;

-- sheet_lines() ---------------------------------------------------------------------------------------
CREATE FUNCTION sheet_lines(sheet uuid)
 RETURNS TABLE(count_id uuid, class_name text, diet_code text, meals integer, absent integer, severe integer, asked integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  return query
    select l.kitchen_count_id, c.name, l.diet_code, l.meals, l.absent, l.severe, l.asked
    from kitchen_count_line l
    join school_class c on c.municipality_id = municipality and c.id = l.school_class_id
    where l.municipality_id = municipality and l.kitchen_count_id = any (array(
      select unnest(array[n.count_id, n.before_id, n.usual_id]) from sheet_counts(sheet) n))
    order by 2, 3;
end $function$;
REVOKE EXECUTE ON FUNCTION sheet_lines(sheet uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sheet_lines(sheet uuid) TO refettorio_web;

-- split_persons() -------------------------------------------------------------------------------------
CREATE FUNCTION split_persons(in_municipality uuid, which uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  it person_merge;
  own jsonb;
  lost bytea[];
  given uuid[];
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality undoes a merge' using errcode = 'insufficient_privilege';
  end if;
  select * into strict it from person_merge m
    where m.municipality_id = in_municipality and m.id = which and m.undone_at is null for update;
  given := array(select g::uuid from jsonb_array_elements_text(it.before -> 'given') g);
  delete from calendar_feed f where f.municipality_id = in_municipality and f.household_member_id = any (given);
  delete from delegate_pupil d where d.municipality_id = in_municipality and d.household_member_id = any (given);
  delete from household_member m where m.municipality_id = in_municipality and m.id = any (given);
  update household_member m set ended_at = null where m.municipality_id = in_municipality
    and m.id in (select e::uuid from jsonb_array_elements_text(it.before -> 'ends') e);
  lost := array(select k.fiscal_code_hash from person_code k where k.municipality_id = in_municipality and k.person_id = it.kept_id
    and not exists (select from jsonb_to_recordset(it.before -> 'codes') c (hash text, person uuid)
      where decode(c.hash, 'hex') = k.fiscal_code_hash and c.person = it.kept_id));
  perform end_what_codes_opened(in_municipality, it.kept_id, lost);
  if it.before -> 'added' -> 'swapped' = 'true' then perform swap_person_codes(in_municipality, it.kept_id, it.gone_id); end if;
  delete from person_code k where k.municipality_id = in_municipality and k.person_id in (it.kept_id, it.gone_id);
  insert into person_code (municipality_id, fiscal_code_hash, person_id, fiscal_code, since)
    select in_municipality, decode(c.hash, 'hex'), c.person, c.code, c.since
    from jsonb_to_recordset(it.before -> 'codes') c (hash text, person uuid, code text, since timestamptz);
  select p into strict own from jsonb_array_elements(it.before -> 'people') p where p ->> 'id' = it.kept_id::text;
  update person p set given_name = own ->> 'givenName', family_name = own ->> 'familyName', birth_date = (own ->> 'birthDay')::date
    where p.municipality_id = in_municipality and p.id = it.kept_id;
  update person p set email = null, email_verified_at = null from person g
    where it.before -> 'added' -> 'email' = 'true' and p.municipality_id = in_municipality and p.id = it.kept_id
      and g.municipality_id = in_municipality and g.id = it.gone_id and p.email = g.email;
  update person p set phone = null, phone_verified_at = null from person g
    where it.before -> 'added' -> 'phone' = 'true' and p.municipality_id = in_municipality and p.id = it.kept_id
      and g.municipality_id = in_municipality and g.id = it.gone_id and p.phone = g.phone;
  delete from notification_choice n where it.before -> 'added' -> 'choice' = 'true'
    and n.municipality_id = in_municipality and n.person_id = it.kept_id;
end $function$;
REVOKE EXECUTE ON FUNCTION split_persons(in_municipality uuid, which uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION split_persons(in_municipality uuid, which uuid) TO refettorio_web;

-- submission_is_lawful() ------------------------------------------------------------------------------
CREATE FUNCTION submission_is_lawful()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'submitted' then
      raise exception 'a request starts as submitted' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if tg_op = 'DELETE' then
    raise exception 'a request is never deleted' using errcode = 'restrict_violation';
  end if;
  if (old.form_id, old.version, old.draft_id, old.household_id, old.person_id, old.pupil_id, old.protocol_year, old.protocol_number, old.submitted_at)
      is distinct from (new.form_id, new.version, new.draft_id, new.household_id, new.person_id, new.pupil_id, new.protocol_year, new.protocol_number, new.submitted_at)
    or (old.answers, old.shown, old.about) is distinct from (new.answers, new.shown, new.about)
      and not (new.answers = '{}' and new.shown = '[]' and old.decided_at < app_now() - interval '5 years') then
    raise exception 'what was sent does not change' using errcode = 'restrict_violation';
  end if;
  if new.state <> old.state and old.state in ('accepted', 'rejected', 'withdrawn') then
    raise exception 'a decided request stays decided' using errcode = 'restrict_violation';
  end if;
  return new;
end $function$;

-- swap_person_codes() ---------------------------------------------------------------------------------
CREATE FUNCTION swap_person_codes(in_municipality uuid, one uuid, other uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  first person;
  second person;
begin
  select * into strict first from person p where p.municipality_id = in_municipality and p.id = one;
  select * into strict second from person p where p.municipality_id = in_municipality and p.id = other;
  delete from person_code k where k.municipality_id = in_municipality
    and k.fiscal_code_hash in (first.fiscal_code_hash, second.fiscal_code_hash);
  update person p set fiscal_code = '00000000000', fiscal_code_hash = sha256(convert_to(uuidv7()::text, 'UTF8'))
    where p.municipality_id = in_municipality and p.id = other;
  update person p set fiscal_code = second.fiscal_code, fiscal_code_hash = second.fiscal_code_hash
    where p.municipality_id = in_municipality and p.id = one;
  update person p set fiscal_code = first.fiscal_code, fiscal_code_hash = first.fiscal_code_hash
    where p.municipality_id = in_municipality and p.id = other;
end $function$;
REVOKE EXECUTE ON FUNCTION swap_person_codes(in_municipality uuid, one uuid, other uuid) FROM PUBLIC;

-- take_attempt() --------------------------------------------------------------------------------------
CREATE FUNCTION take_attempt(whose bytea, seconds integer, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  step constant double precision := seconds / 100.0;
  moment double precision := extract(epoch from app_now());
  held attempt_count;
  used integer;
  latest integer;
  leaving integer := 1;
begin
  loop
    insert into attempt_count (key, expires_at) values (whose, app_now()) on conflict do nothing;
    select * into held from attempt_count where key = whose for update;
    -- The row of a key whose uses had all ended may be deleted in between.
    exit when found;
  end loop;
  select coalesce(array_agg(at order by at), '{}'), coalesce(array_agg(n order by at), '{}'), coalesce(sum(n), 0)
    into held.instants, held.counts, used
    from unnest(held.instants, held.counts) as entry (at, n) where at > moment - seconds;
  latest := cardinality(held.instants);
  if used >= most then
    while leaving < latest and used - held.counts[leaving] >= most loop
      used := used - held.counts[leaving];
      leaving := leaving + 1;
    end loop;
    return greatest(1, ceil(held.instants[leaving] + seconds - moment))::integer;
  end if;
  -- A transaction that began earlier may come later: uses are in the order in which they are counted.
  moment := greatest(moment, held.instants[latest]);
  if latest > 0 and floor(held.instants[latest] / step) = floor(moment / step) then
    held.instants[latest] := moment;
    held.counts[latest] := held.counts[latest] + 1;
  else
    held.instants := held.instants || moment;
    held.counts := held.counts || 1;
  end if;
  update attempt_count set instants = held.instants, counts = held.counts, expires_at = to_timestamp(moment + seconds)
    where key = whose;
  return 0;
end $function$;
COMMENT ON FUNCTION take_attempt(whose bytea, seconds integer, most integer) IS 'Counts one attempt; answers 0, or after how many seconds to try again';
REVOKE EXECUTE ON FUNCTION take_attempt(whose bytea, seconds integer, most integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_attempt(whose bytea, seconds integer, most integer) TO refettorio_web;

-- take_household_merge_back() -------------------------------------------------------------------------
CREATE FUNCTION take_household_merge_back(in_municipality uuid, which uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  it household_merge;
  given uuid[];
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality undoes a merge' using errcode = 'insufficient_privilege';
  end if;
  select * into strict it from household_merge m
    where m.municipality_id = in_municipality and m.id = which and m.undone_at is null for update;
  given := array(select g::uuid from jsonb_array_elements_text(it.before -> 'given') g);
  delete from calendar_feed f where f.municipality_id = in_municipality and f.household_member_id = any (given);
  delete from delegate_pupil d where d.municipality_id = in_municipality and d.household_member_id = any (given);
  delete from household_member m where m.municipality_id = in_municipality and m.id = any (given);
  update household_member m set ended_at = null where m.municipality_id = in_municipality
    and m.id in (select e::uuid from jsonb_array_elements_text(it.before -> 'ends') e);
  perform set_config('app.undoes_import', which::text, true);
  delete from account a where a.municipality_id = in_municipality
    and a.id in (select o::uuid from jsonb_array_elements_text(it.before -> 'accounts') o);
  perform set_config('app.undoes_import', '', true);
end $function$;
REVOKE EXECUTE ON FUNCTION take_household_merge_back(in_municipality uuid, which uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_household_merge_back(in_municipality uuid, which uuid) TO refettorio_web;

-- take_merge_back() -----------------------------------------------------------------------------------
CREATE FUNCTION take_merge_back(in_municipality uuid, which uuid)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  opened uuid[];
  members uuid[];
  kept uuid;
  moved text;
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality undoes a merge' using errcode = 'insufficient_privilege';
  end if;
  select coalesce((select array_agg(a::uuid) from jsonb_array_elements_text(m.before -> 'accounts') a), '{}'),
      coalesce((select array_agg(d::uuid) from jsonb_array_elements_text(m.before -> 'added') d), '{}'), m.kept_id
    into strict opened, members, kept from pupil_merge m where m.municipality_id = in_municipality and m.id = which and m.undone_at is null for update;
  select h.name into moved from account a join household h on h.municipality_id = in_municipality and h.id = a.household_id
    where a.municipality_id = in_municipality and a.id = any (opened)
      and (exists (select from entry e where e.municipality_id = in_municipality and e.account_id = a.id)
        or exists (select from top_up t where t.municipality_id = in_municipality and t.account_id = a.id)) limit 1;
  if found then return moved; end if;
  delete from delegate_pupil d where d.municipality_id = in_municipality and d.pupil_id = kept and d.household_member_id = any (members);
  perform set_config('app.undoes_import', which::text, true);
  delete from account a where a.municipality_id = in_municipality and a.id = any (opened);
  perform set_config('app.undoes_import', '', true);
  return null;
end $function$;
COMMENT ON FUNCTION take_merge_back(in_municipality uuid, which uuid) IS 'Null when it is done; else the family of an account that has moved since';
REVOKE EXECUTE ON FUNCTION take_merge_back(in_municipality uuid, which uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_merge_back(in_municipality uuid, which uuid) TO refettorio_web;

-- take_transfer_back() --------------------------------------------------------------------------------
CREATE FUNCTION take_transfer_back(in_municipality uuid, which uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  town uuid;
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality that is left takes pupils back' using errcode = 'insufficient_privilege';
  end if;
  select t.to_municipality_id into town from departing_transfer t where t.municipality_id = in_municipality and t.id = which;
  if not found then return false; end if;
  perform from arriving_transfer a where a.municipality_id = town and a.id = which for update;
  update departing_transfer t set state = 'withdrawn', withdrawn_at = app_now(), withdrawn_by = app_person(), before = null
    where t.municipality_id = in_municipality and t.id = which and t.state in ('sent', 'refused');
  if not found then return false; end if;
  update arriving_transfer a set state = 'withdrawn', content = null
    where a.municipality_id = town and a.id = which and a.state = 'waiting';
  if found then
    insert into audit_event (municipality_id, action, object_type, object_id, details)
      values (town, 'transfers.taken-back', 'municipality', town::text,
        jsonb_build_object('town', (select m.name from municipality m where m.id = in_municipality)));
  end if;
  return true;
end $function$;
COMMENT ON FUNCTION take_transfer_back(in_municipality uuid, which uuid) IS 'False where it is over already';
REVOKE EXECUTE ON FUNCTION take_transfer_back(in_municipality uuid, which uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_transfer_back(in_municipality uuid, which uuid) TO refettorio_web;

-- top_up_is_lawful() ----------------------------------------------------------------------------------
CREATE FUNCTION top_up_is_lawful()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'created' then
      raise exception 'a top-up starts as created' using errcode = 'restrict_violation';
    end if;
    if not exists (select from active_member m where m.municipality_id = new.municipality_id
      and m.household_id = new.household_id and m.person_id = new.payer_id and m.role = 'holder') then
      raise exception 'only the holder pays' using errcode = 'restrict_violation';
    end if;
    if not exists (select from account a where a.municipality_id = new.municipality_id and a.id = new.account_id and a.household_id = new.household_id) then
      raise exception 'the account belongs to another household' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if (old.household_id, old.account_id, old.payer_id, old.client_key, old.meals, old.unit_cents, old.method, old.order_id)
      is distinct from (new.household_id, new.account_id, new.payer_id, new.client_key, new.meals, new.unit_cents, new.method, new.order_id) then
    raise exception 'what was asked of a top-up does not change' using errcode = 'restrict_violation';
  end if;
  if new.state <> old.state and not exists (select from top_up_legal_transition t where t.from_state = old.state and t.to_state = new.state) then
    raise exception 'a top-up does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
  end if;
  if new.state <> old.state and app_audience() = 'family' and (old.state <> 'created' or new.state not in ('redirected', 'failed')) then
    raise exception 'a family only opens its order: what came of it says the provider' using errcode = 'restrict_violation';
  end if;
  return new;
end $function$;

-- typed_grams() ---------------------------------------------------------------------------------------
CREATE FUNCTION typed_grams(municipality uuid, typed text)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select coalesce(array_agg(distinct municipality::text || ' ' || substr(word, at, size)), '{}')
  from (select search_key(typed_word) as word from regexp_split_to_table(typed, '\s+') typed_word) words
  cross join lateral (select least(length(word), 3) as size) sizes
  cross join lateral generate_series(1, length(word) - size + 1) at
  where size >= 2
$function$;

-- uncharged_days_of() ---------------------------------------------------------------------------------
CREATE FUNCTION uncharged_days_of(in_municipality uuid, which uuid[])
 RETURNS integer
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select count(*)::int from meal_charge c
  where c.municipality_id = in_municipality and in_municipality = app_municipality() and app_audience() in ('staff', 'system')
    and c.due_at is not null and exists (select from counted_meals m where m.municipality_id = in_municipality
      and m.service_day_id = c.service_day_id and m.pupil_ids && which)
$function$;
REVOKE EXECUTE ON FUNCTION uncharged_days_of(in_municipality uuid, which uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION uncharged_days_of(in_municipality uuid, which uuid[]) TO refettorio_web;

-- uncharged_meals() -----------------------------------------------------------------------------------
CREATE FUNCTION uncharged_meals()
 RETURNS TABLE(household_id uuid, service_id uuid, pupil_id uuid, day date, price_cents integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  own_municipality uuid := app_municipality();
  households uuid[] := app_paying_households();
  -- The own pupils of these households, and those who eat here on some days.
  eaters uuid[] := array(
    select p.id from pupil p where p.municipality_id = own_municipality and p.household_id = any (households)
    union all
    select r.pupil_id from meal_household_rule r where r.municipality_id = own_municipality and r.household_id = any (households));
begin
  return query
    with due as materialized (
      select d.id, d.service_id, d.day from meal_charge c
      join service_day d on d.municipality_id = own_municipality and d.id = c.service_day_id
      where c.municipality_id = own_municipality and c.due_at is not null and app_audience() = 'family' and exists (
        select from enrolment e
        where e.municipality_id = own_municipality and e.pupil_id = any (eaters) and e.service_id = d.service_id
          and e.school_id = d.school_id and d.day between e.valid_from and e.valid_to))
    select coalesce(meal.household_id, p.household_id), due.service_id, p.id, due.day, meal.price_cents
    from due
    join counted_meals m on m.municipality_id = own_municipality and m.service_day_id = due.id
    cross join lateral unnest(m.pupil_ids, m.prices_cents, m.household_ids) meal (pupil_id, price_cents, household_id)
    join pupil p on p.municipality_id = own_municipality and p.id = meal.pupil_id and p.id = any (eaters)
      and coalesce(meal.household_id, p.household_id) = any (households)
    where meal.price_cents > 0;
end $function$;
COMMENT ON FUNCTION uncharged_meals() IS 'Of the holder alone: the rows that it reads name the children of others.';
REVOKE EXECUTE ON FUNCTION uncharged_meals() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION uncharged_meals() TO refettorio_web;

-- undo_pupil_import() ---------------------------------------------------------------------------------
CREATE FUNCTION undo_pupil_import(in_municipality uuid, which uuid, of_table text, most integer, OUT undone integer, OUT referring text)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  ids uuid[];
  made uuid[];
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality undoes an import' using errcode = 'insufficient_privilege';
  end if;
  perform from pupil_import u where u.municipality_id = in_municipality and u.id = which and u.state = 'undoing' for update;
  if not found then raise exception 'this import is not being undone' using errcode = 'object_not_in_prerequisite_state'; end if;
  ids := array(select i.row_id from pupil_import_image i
    where i.municipality_id = in_municipality and i.import_id = which and i.table_name = of_table
    -- A role that the import gave goes before the one that it ended comes back: a person has one.
    order by i.before is not null, i.row_id limit most);

  if of_table in ('enrolment', 'absence', 'fare_assignment') then
    execute format($query$
      select from unnest($2) as n (pupil_id)
      join pupil_import_image i on i.municipality_id = $1 and i.import_id = $3 and i.table_name = %1$L and i.row_id = n.pupil_id
      where i.before is distinct from coalesce((select jsonb_agg(to_jsonb(r) order by r.%2$I) from %1$I r
        where r.municipality_id = $1 and r.pupil_id = n.pupil_id), '[]') limit 1$query$,
      of_table, case of_table when 'absence' then 'service_day_id' else 'id' end)
      using in_municipality, ids, which;
    get diagnostics undone = row_count;
    if undone > 0 then raise exception 'what is undone is as it was before: %', of_table using errcode = 'data_exception'; end if;
  elsif of_table in ('account', 'household_member', 'pupil', 'person', 'household') then
    execute format($query$
      with held as materialized (
        select r.id, md5(to_jsonb(r)::text) as sum from %1$I r where r.municipality_id = $1 and r.id = any ($2) order by r.id for update)
      select %1$L from unnest($2) as n (id)
      join pupil_import_image i on i.municipality_id = $1 and i.import_id = $3 and i.table_name = %1$L and i.row_id = n.id
      left join held h on h.id = n.id where h.sum is distinct from i.after_sum limit 1$query$, of_table)
      into referring using in_municipality, ids, which;
    if referring is not null then return; end if;
    begin
      perform set_config('app.undoes_import', which::text, true);
      if of_table = 'person' then
        delete from person_code k where k.municipality_id = in_municipality and k.person_id = any (ids);
      end if;
      made := array(select i.row_id from pupil_import_image i where i.municipality_id = in_municipality and i.import_id = which
        and i.table_name = of_table and i.row_id = any (ids) and i.before is null);
      execute format('delete from %I r where r.municipality_id = $1 and r.id = any ($2)', of_table) using in_municipality, made;
      if of_table = 'household_member' then
        update household_member m set ended_at = (i.before ->> 'ended_at')::timestamptz from pupil_import_image i
          where i.municipality_id = in_municipality and i.import_id = which and i.table_name = of_table and i.row_id = any (ids)
          and i.before is not null and m.municipality_id = in_municipality and m.id = i.row_id;
      end if;
      perform set_config('app.undoes_import', '', true);
    exception when foreign_key_violation or restrict_violation then
      get stacked diagnostics referring = table_name;
      referring := coalesce(nullif(referring, ''), 'absence');
      return;
    end;
  end if;
  delete from pupil_import_image i where i.municipality_id = in_municipality and i.import_id = which and i.table_name = of_table
    and i.row_id = any (ids);
  undone := cardinality(ids);
end $function$;
COMMENT ON FUNCTION undo_pupil_import(in_municipality uuid, which uuid, of_table text, most integer, OUT undone integer, OUT referring text) IS 'How many images went, or the table of a row that changed or refers to one of the import';
REVOKE EXECUTE ON FUNCTION undo_pupil_import(in_municipality uuid, which uuid, of_table text, most integer, OUT undone integer, OUT referring text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION undo_pupil_import(in_municipality uuid, which uuid, of_table text, most integer, OUT undone integer, OUT referring text) TO refettorio_web;

-- unseen_counts() -------------------------------------------------------------------------------------
CREATE FUNCTION unseen_counts()
 RETURNS TABLE(item text, since timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  minutes constant integer := (select case when q.municipality_id is null then 30 else q.seen_minutes end
    from (select 1) one left join kitchen_setting q on q.municipality_id = municipality);
begin
  if app_audience() not in ('staff', 'system') or minutes is null then return; end if;
  return query
    select coalesce(f.kitchen_id, f.school_id)::text || ' ' || max(f.version), min(f.frozen_at) + make_interval(mins => minutes)
    from frozen_counts(app_today()) f
    where f.seen_at is null and f.frozen_at <= app_now() - make_interval(mins => minutes)
      and cooks_for(f.school_id, f.kitchen_id, null)
    group by coalesce(f.kitchen_id, f.school_id);
end $function$;
REVOKE EXECUTE ON FUNCTION unseen_counts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION unseen_counts() TO refettorio_web;

-- viewer_of_session() ---------------------------------------------------------------------------------
CREATE FUNCTION viewer_of_session(token_hash bytea, slug text, idle interval, is_use boolean DEFAULT true, looks boolean DEFAULT false)
 RETURNS TABLE(session_id uuid, citizen_id uuid, method text, level smallint, authenticated_at timestamp with time zone, seconds_since_identity integer, opened_with text, device_id uuid, given_name text, family_name text, municipality_id uuid, person_id uuid, person_name text, memberships jsonb, staff_roles text[], look jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  live record;
  who record;
  office text[];
  looked record;
begin
  select s.id, s.citizen_id, s.method, s.level, s.authenticated_at, s.opened_with, s.device_id, s.last_seen_at into live
  from session s
  where s.token_hash = viewer_of_session.token_hash and s.ended_at is null
    and s.expires_at > app_now() and s.last_seen_at > app_now() - viewer_of_session.idle;
  if not found then return; end if;
  -- Once a minute is enough to know whether a session is idle, and spares a write per request.
  if viewer_of_session.is_use and live.last_seen_at < app_now() - interval '1 minute' then
    update session s set last_seen_at = app_now() where s.id = live.id and s.last_seen_at < app_now();
  end if;
  -- One statement: citizen and person may get another hash between two (decision 0085).
  select c.given_name, c.family_name, m.id as place, p.id as person_id, p.full_name into who from citizen c
  left join municipality m on m.slug = viewer_of_session.slug and m.active
  left join person_code k on k.municipality_id = m.id and k.fiscal_code_hash = c.fiscal_code_hash
  left join person p on p.municipality_id = m.id and p.id = k.person_id
  where c.id = live.citizen_id;
  -- The office sees every family: a drawn sequence is not enough for that.
  office := coalesce((select array_agg(distinct r.role) from active_staff_member r
    where r.municipality_id = who.place and r.person_id = who.person_id and live.opened_with = 'identity'), '{}');
  if viewer_of_session.looks and office && array['operator', 'manager'] then
    select l.id, l.ends_at, h.id as household_id, h.name, p.id as holder_id, p.given_name, p.full_name into looked
      from family_look l
      join household h on h.municipality_id = who.place and h.id = l.household_id
      join person p on p.municipality_id = who.place and p.id = l.holder_id
      where l.municipality_id = who.place and l.session_id = live.id and l.person_id = who.person_id
        and looked_at(who.place, l.id, l.holder_id) is not null;
    if found then
      return query
        select live.id, live.citizen_id, live.method, live.level, live.authenticated_at,
          extract(epoch from app_now() - live.authenticated_at)::integer, live.opened_with, live.device_id,
          looked.given_name, who.family_name, who.place, looked.holder_id, looked.full_name,
          coalesce((select jsonb_agg(m) from jsonb_array_elements(memberships_of(who.place, looked.holder_id)) m
            where m ->> 'householdId' = looked.household_id::text and m ->> 'role' = 'holder'), '[]'),
          '{}'::text[],
          jsonb_build_object('id', looked.id, 'until', looked.ends_at, 'householdId', looked.household_id,
            'householdName', looked.name, 'by', who.person_id);
      return;
    end if;
  end if;
  return query
    select live.id, live.citizen_id, live.method, live.level, live.authenticated_at,
      extract(epoch from app_now() - live.authenticated_at)::integer, live.opened_with, live.device_id,
      who.given_name, who.family_name, who.place, who.person_id, who.full_name,
      case when who.person_id is null then '[]' else memberships_of(who.place, who.person_id) end,
      office, null::jsonb;
end $function$;
REVOKE EXECUTE ON FUNCTION viewer_of_session(token_hash bytea, slug text, idle interval, is_use boolean, looks boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION viewer_of_session(token_hash bytea, slug text, idle interval, is_use boolean, looks boolean) TO refettorio_web;

-- what_keeps_an_import() ------------------------------------------------------------------------------
CREATE FUNCTION what_keeps_an_import(in_municipality uuid, which uuid, of_table text)
 RETURNS TABLE(what text, name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  with image as materialized (
    select i.table_name, i.row_id, i.after_sum from pupil_import_image i
    where i.municipality_id = in_municipality and i.import_id = which and i.table_name = of_table
      and in_municipality = app_municipality() and app_audience() = 'staff'
  )
  select i.table_name, coalesce(h.name, '') from image i
    left join household h on h.municipality_id = in_municipality and h.id = i.row_id
    where i.table_name = 'household' and (h.id is null or md5(to_jsonb(h)::text) is distinct from i.after_sum)
  union all
  select i.table_name, coalesce(p.full_name, '') from image i
    left join person p on p.municipality_id = in_municipality and p.id = i.row_id
    where i.table_name = 'person' and (p.id is null or md5(to_jsonb(p)::text) is distinct from i.after_sum)
  union all
  select i.table_name, coalesce(c.full_name, '') from image i
    left join pupil c on c.municipality_id = in_municipality and c.id = i.row_id
    where i.table_name = 'pupil' and (c.id is null or md5(to_jsonb(c)::text) is distinct from i.after_sum)
  union all
  select i.table_name, coalesce(h.name, '') from image i
    left join household_member m on m.municipality_id = in_municipality and m.id = i.row_id
    left join household h on h.municipality_id = in_municipality and h.id = m.household_id
    where i.table_name = 'household_member' and (m.id is null or md5(to_jsonb(m)::text) is distinct from i.after_sum)
  union all
  select i.table_name, coalesce(h.name, '') from image i
    left join account a on a.municipality_id = in_municipality and a.id = i.row_id
    left join household h on h.municipality_id = in_municipality and h.id = a.household_id
    where i.table_name = 'account' and (a.id is null or md5(to_jsonb(a)::text) is distinct from i.after_sum)
  union all
  select i.table_name, coalesce(c.full_name, '') from image i
    left join pupil c on c.municipality_id = in_municipality and c.id = i.row_id
    where i.table_name = 'enrolment' and (c.id is null or i.after_sum is distinct from md5(coalesce((
      select jsonb_agg(to_jsonb(e) order by e.id) from enrolment e
      where e.municipality_id = in_municipality and e.pupil_id = i.row_id), '[]')::text))
  union all
  select i.table_name, coalesce(c.full_name, '') from image i
    left join pupil c on c.municipality_id = in_municipality and c.id = i.row_id
    where i.table_name = 'absence' and (c.id is null or i.after_sum is distinct from md5(coalesce((
      select jsonb_agg(to_jsonb(a) order by a.service_day_id) from absence a
      where a.municipality_id = in_municipality and a.pupil_id = i.row_id), '[]')::text))
  union all
  select i.table_name, coalesce(c.full_name, '') from image i
    left join pupil c on c.municipality_id = in_municipality and c.id = i.row_id
    where i.table_name = 'fare_assignment' and (c.id is null or i.after_sum is distinct from md5(coalesce((
      select jsonb_agg(to_jsonb(f) order by f.id) from fare_assignment f
      where f.municipality_id = in_municipality and f.pupil_id = i.row_id), '[]')::text))
  union all
  -- Counted in a school where they eat: an enrolment elsewhere would be one that changed.
  select 'counted_meals', c.full_name from pupil_import u
    join service_day d on d.municipality_id = in_municipality and d.day >= u.first_day
      and (d.service_id, d.school_id) in (select e.service_id, e.school_id from image i
        join enrolment e on e.municipality_id = in_municipality and e.pupil_id = i.row_id where i.table_name = 'enrolment')
    join counted_meals m on m.municipality_id = in_municipality and m.service_day_id = d.id
    cross join lateral unnest(m.pupil_ids) as counted (pupil_id)
    join image i on i.table_name = 'enrolment' and i.row_id = counted.pupil_id
    join pupil c on c.municipality_id = in_municipality and c.id = i.row_id
    where u.municipality_id = in_municipality and u.id = which
  union all
  select 'entry', h.name from image i
    join account a on a.municipality_id = in_municipality and a.id = i.row_id
    join household h on h.municipality_id = in_municipality and h.id = a.household_id
    where i.table_name = 'account' and exists (select from entry e where e.municipality_id = in_municipality and e.account_id = a.id)
  union all
  -- A balance that it opened is reversed while nothing has moved the account since.
  select 'balance', h.name from imported_balance b
    join account a on a.municipality_id = in_municipality and a.id = b.account_id
    join household h on h.municipality_id = in_municipality and h.id = a.household_id
    join entry own on own.municipality_id = in_municipality and own.journal_id = b.journal_id and own.account_id = b.account_id
    where b.municipality_id = in_municipality and b.import_id = which and of_table = 'account'
      and in_municipality = app_municipality() and app_audience() = 'staff'
      and exists (select from entry e where e.municipality_id = in_municipality and e.account_id = b.account_id
        and e.journal_id not in (select mine.journal_id from imported_balance mine
          where mine.municipality_id = in_municipality and mine.import_id = which)
        and (e.posted_at, e.id) > (own.posted_at, own.id))
$function$;
REVOKE EXECUTE ON FUNCTION what_keeps_an_import(in_municipality uuid, which uuid, of_table text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION what_keeps_an_import(in_municipality uuid, which uuid, of_table text) TO refettorio_web;
