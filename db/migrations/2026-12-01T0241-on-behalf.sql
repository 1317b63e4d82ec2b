-- How a family asked the office for a change of meals, and what the colleague noted of it: the family reads both on its receipt.

alter table absence_receipt
  add column contact text check (contact in ('phone', 'desk', 'mail')),
  add column note text check (length(note) between 1 and 300),
  add constraint absence_receipt_asked_of_office check (contact is null or channel = 'office'),
  add constraint absence_receipt_note_with_contact check (note is null or contact is not null);
comment on column absence_receipt.contact is 'How the family asked the office; null for a change of its own, and for one before this was asked';
