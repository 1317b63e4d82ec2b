-- The register says from what to what: of a diet the code, as on the enrolment, and never what it means.
comment on table audit_event is 'Who read and changed a child''s or money''s data, in the same transaction. 24 months. Of a diet its code alone, no tokens.';
