import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'

/** A class of a school year that is not over. */
export type OfferedClass = {
  id: string
  name: string
  schoolName: string
  yearName: string
  /** Those enrolled in it now or later; 0 where they are not asked for. */
  pupils: number
}
export type RegistrationOffer = { classes: OfferedClass[]; services: { id: string; name: string }[] }

/**
 * The classes in which a pupil may be.
 * @param options.withPupils counts those of each class; of many classes only of those of a page
 */
export async function offeredClasses(
  trx: Trx,
  municipalityId: string,
  options: { withPupils: boolean; yearId?: string; most?: number; after?: number },
): Promise<OfferedClass[]> {
  const pupils = options.withPupils
    ? sql`(select count(distinct e.pupil_id)::int from enrolment e where e.municipality_id = ${municipalityId}
        and e.school_class_id = c.id and e.valid_to >= app_today())`
    : sql`0`
  const { rows } = await sql<OfferedClass>`
    select c.id, c.name, c."schoolName", c."yearName", ${pupils} as pupils from (
      select c.id, c.name, s.name as "schoolName", y.name as "yearName", y.starts_on from school_class c
      join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
      join school_year y on y.municipality_id = ${municipalityId} and y.id = c.school_year_id and y.ends_on >= app_today()
      where c.municipality_id = ${municipalityId} and (${options.yearId ?? null}::uuid is null or y.id = ${options.yearId ?? null}::uuid)
        and (c.valid_to is null or c.valid_to >= app_today()) and (s.valid_to is null or s.valid_to >= app_today())
      order by y.starts_on, s.name, c.name, c.id limit ${options.most ?? null}::int offset ${options.after ?? 0}::int) c
    order by c.starts_on, c."schoolName", c.name, c.id`.execute(trx)
  return rows
}

/** The services that are given. */
export const offeredServices = (trx: Trx, municipalityId: string): Promise<RegistrationOffer['services']> =>
  trx
    .selectFrom('service')
    .select(['id', 'name'])
    .where('municipality_id', '=', municipalityId)
    .where('active', '=', true)
    .where('valid_to', 'is', null)
    .orderBy('id')
    .execute()
