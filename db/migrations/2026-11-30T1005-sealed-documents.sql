-- Documents of families are kept encrypted: longer than what was uploaded, by the id of the key and the rest of the envelope.
alter table form_document drop constraint form_document_check;
alter table form_document add constraint form_document_content_check check (octet_length(content) >= size);
comment on column form_document.content is 'Encrypted (lib/kernel/sealed.ts), also in backups. Null once forgotten. Never in the object storage: one deletion forgets it.';
