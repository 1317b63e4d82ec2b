import type pg from 'pg'
import { WEB_ROLE } from '#db/role-settings.ts'
import { withConnection } from '#scripts/lib/connection.ts'
import { OWNER_ROLE } from '#scripts/postgres/server.ts'
import type { Bench } from './bench.ts'
import type { Database } from './databases.ts'

const NAME = 'bench_towns'
export const TOWN_SLUGS = 'paese-%'

/** One statement for each kind of row: thousands of municipalities in seconds. Each has one school, one child and one day to come. */
const STATEMENTS = [
  `insert into municipality (slug, name, province, region, operator_id, invoice_series, street, postcode, email, pec, phone, fiscal_code, opens_on)
   select 'paese-' || lpad(n::text, 5, '0'), 'Paese ' || n, 'VR', 'Veneto', (select id from operator limit 1), code,
     'Via Prova 1', '37100', 'paese@example.it', 'paese@pec.example.it', '1', '99999999990', app_today() - 60
   from (select row_number() over (order by i) as n, code from generate_series(0, 26 * 26 * 26 - 1) i
     cross join lateral (select chr(65 + i / 676) || chr(65 + i / 26 % 26) || chr(65 + i % 26) as code) letters
     where code not in (select invoice_series from municipality)) numbered
   where n <= $1::int`,
  `create temp table town on commit drop as select id as m, uuidv7() as service, uuidv7() as school, uuidv7() as class, uuidv7() as year,
     uuidv7() as household, uuidv7() as person, uuidv7() as pupil from municipality where slug like '${TOWN_SLUGS}'`,
  `insert into school_year (municipality_id, id, name, starts_on, ends_on)
   select t.m, t.year, y.name, y.starts_on, y.ends_on from town t,
     (select name, starts_on, ends_on from school_year where ends_on >= app_today() order by starts_on limit 1) y`,
  `insert into service (municipality_id, id, code, name) select m, service, 'refezione', 'Refezione Scolastica' from town`,
  `insert into meal_price (municipality_id, service_id, valid_from, price_cents) select m, service, app_today() - 60, 540 from town`,
  `insert into diet (municipality_id, code, name) select m, 'STD', 'Dieta comune' from town`,
  `insert into school (municipality_id, id, name, kind, street) select m, school, 'Plesso', 'primaria', 'Via Prova 1' from town`,
  `insert into school_class (municipality_id, id, school_id, school_year_id, name) select m, class, school, year, '1A' from town`,
  `insert into household (municipality_id, id, name) select m, household, 'Prova' from town`,
  `insert into account (municipality_id, kind, service_id, school_id, household_id)
   select m, 'meals', service, school, null from town
   union all select m, 'household', service, null, household from town`,
  `insert into person (municipality_id, id, fiscal_code, fiscal_code_hash, given_name, family_name)
   select m, person, upper(left(md5(person::text), 16)), sha256(person::text::bytea), 'Prova', 'Prova' from town`,
  `insert into household_member (municipality_id, household_id, person_id, role, valid_from)
   select m, household, person, 'holder', app_today() - 60 from town`,
  `insert into pupil (municipality_id, id, household_id, given_name, family_name, fiscal_code, birth_date)
   select m, pupil, household, 'Alunno', 'Prova', upper(left(md5(pupil::text), 16)), app_today() - 3000 from town`,
  `insert into enrolment (municipality_id, pupil_id, service_id, school_id, school_class_id, school_year_id, diet_code, valid_from, valid_to)
   select m, pupil, service, school, class, year, 'STD', app_today() - 60, app_today() + 60 from town`,
  `insert into service_day (municipality_id, service_id, school_id, day, cutoff_at, close_at)
   select t.m, t.service, t.school, d.day, now() + interval '30 days', now() + interval '30 days' from town t,
     (select max(day) as day from service_day where status = 'open' and day <= app_today() + 60) d`,
]

/** Adds so many small municipalities to a database that has a large one. */
export async function seedTowns(client: pg.Client, towns: number): Promise<void> {
  await client.query('begin')
  for (const statement of STATEMENTS) await client.query(statement, statement.includes('$1') ? [towns] : [])
  await client.query('commit')
  await client.query('vacuum (analyze)')
}

/** A copy of the bench's database with so many municipalities more; of an earlier run nothing is left. */
export async function townsDatabase({ postgres, here }: Bench, towns: number): Promise<Database> {
  const source = new URL(here.ownerUrl).pathname.slice(1)
  await withConnection(postgres.superuserUrl, async (client) => {
    await client.query(`drop database if exists ${NAME} with (force)`)
    await client.query(`create database ${NAME} template ${source} owner ${OWNER_ROLE}`)
  })
  await withConnection(postgres.url(OWNER_ROLE, NAME), (client) => seedTowns(client, towns))
  return { ownerUrl: postgres.url(OWNER_ROLE, NAME), webUrl: postgres.url(WEB_ROLE, NAME) }
}

export const dropTowns = ({ postgres }: Bench): Promise<unknown> =>
  withConnection(postgres.superuserUrl, (client) => client.query(`drop database ${NAME} with (force)`))
