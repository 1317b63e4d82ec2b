-- A pupil may have no fiscal code yet: a newborn, or a child who came from abroad.
alter table pupil alter column fiscal_code drop not null;
create index pupil_without_code on pupil (municipality_id) where fiscal_code is null;
comment on column pupil.fiscal_code is 'Sixteen characters, or eleven digits while it is provisional; null: none yet';
