import { sql } from 'kysely'
import type { App } from './app.ts'

/** The address of the second municipality of an installation. */
export const SECOND_TOWN = 'vigasio'

/**
 * A second municipality beside the demonstration, with one class that takes pupils and the same manager.
 * Once for each application.
 */
export async function secondTown({ db }: App): Promise<void> {
  await sql`
    with first as (select * from municipality where slug = 'mozzecane'),
    second as (
      insert into municipality (slug, name, province, region, operator_id, invoice_series, street, postcode, email, pec, phone,
        fiscal_code, opens_on)
      select ${SECOND_TOWN}, 'Vigasio', province, region, operator_id, 'VIG', street, postcode, email, pec, phone, fiscal_code, opens_on
      from first returning id
    ), colleague as (
      insert into person (municipality_id, fiscal_code, fiscal_code_hash, given_name, family_name, birth_date)
      select second.id, p.fiscal_code, p.fiscal_code_hash, p.given_name, p.family_name, p.birth_date
      from second, staff_member r join person p on p.municipality_id = r.municipality_id and p.id = r.person_id
      where r.role = 'manager' limit 1 returning municipality_id, id
    )
    insert into staff_member (municipality_id, person_id, role, valid_from)
    select municipality_id, id, 'manager', date '2020-09-01' from colleague`.execute(db.owner)
  await sql`
    with second as (select id from municipality where slug = ${SECOND_TOWN}),
    week as (select w.* from service_schedule w join municipality m on m.id = w.municipality_id and m.slug = 'mozzecane'
      where w.ends_on >= app_today() order by w.starts_on, w.school_id limit 1),
    year as (
      insert into school_year (municipality_id, name, starts_on, ends_on)
      select second.id, y.name, y.starts_on, y.ends_on from second, week
      join school_year y on y.municipality_id = week.municipality_id and y.id = week.school_year_id returning municipality_id, id),
    served as (
      insert into service (municipality_id, code, name) select id, 'refezione', 'Refezione Scolastica' from second returning municipality_id, id),
    priced as (
      insert into meal_price (municipality_id, service_id, valid_from, price_cents)
      select municipality_id, id, date '2020-09-01', 500 from served),
    diets as (insert into diet (municipality_id, code, name) select id, 'STD', 'Dieta comune' from second),
    place as (
      insert into school (municipality_id, name, kind, street) select id, 'Scuola Collodi', 'primaria', 'Via Roma 1' from second
      returning municipality_id, id),
    class as (
      insert into school_class (municipality_id, school_id, school_year_id, name)
      select place.municipality_id, place.id, year.id, '2C' from place, year)
    insert into service_schedule (municipality_id, service_id, school_id, school_year_id, weekdays, cutoff_time, starts_on, ends_on)
    select place.municipality_id, served.id, place.id, year.id, array[1, 2, 3, 4, 5], week.cutoff_time, week.starts_on, week.ends_on
    from place, served, year, week`.execute(db.owner)
}
