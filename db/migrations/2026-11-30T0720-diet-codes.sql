-- What a diet's code stands for: what it avoids, of which codes it is made, what the kitchen reads, from when to when it may be given.

alter table diet
  add column legend text not null default '' check (length(legend) <= 300),
  add column allergens text[] not null default '{}' check (allergens <@ array['gluten', 'crustaceans', 'eggs', 'fish', 'peanuts', 'soy', 'milk', 'nuts', 'celery', 'mustard', 'sesame', 'sulphites', 'lupin', 'molluscs']),
  add column parts text[] not null default '{}',
  add column valid_from date,
  add column valid_to date,
  add column revision integer not null default 1,
  add column updated_by uuid,
  add foreign key (municipality_id, updated_by) references person,
  add check (valid_from is null or valid_to is null or valid_from <= valid_to);
comment on column diet.allergens is 'Of Annex II of Regulation (EU) 1169/2011: a dish that declares one of them is not for this diet';
comment on column diet.parts is 'Codes of the diets that it joins: what is not for one of them is not for it';
comment on column diet.valid_to is 'The last day on which it may be eaten; null while it has none';
