-- Labels for the trays of special diets say a name only where the municipality wants it.

alter table kitchen_setting add column names_on_labels boolean not null default false;
comment on column kitchen_setting.names_on_labels is 'Labels of special diets carry the first name beside the code';
