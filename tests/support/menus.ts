import { sql } from 'kysely'
import { type Day, instantInRome } from '#lib/kernel/day.ts'
import { setClock, testDatabase } from './database.ts'
import { aStaffViewer, type TestMunicipality } from './factories.ts'

/** A menu of one week with one dish a day, published for the municipality's school for many years. */
export async function aPublishedMenu(
  municipality: TestMunicipality,
): Promise<{ menuId: string; dishId: string }> {
  const { owner } = await testDatabase()
  const municipality_id = municipality.municipalityId
  const { personId } = await aStaffViewer(municipality, 'operator')
  const { id: dishId } = await owner
    .insertInto('dish')
    .values({ municipality_id, name: 'Pasta al pomodoro', course: 'primo', allergens: ['gluten'] })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { id: menuId } = await owner
    .insertInto('menu')
    .values({ municipality_id, latest_version: 1, published_version: 1, published_at: new Date() })
    .returning('id')
    .executeTakeFirstOrThrow()
  await owner
    .insertInto('menu_version')
    .values({
      municipality_id,
      menu_id: menuId,
      number: 1,
      name: 'Tutto l’anno',
      starts_on: '2020-01-01',
      ends_on: '2099-12-31',
      weeks: 1,
      first_week: 1,
      school_ids: [municipality.school.id],
      rotation: JSON.stringify(Object.fromEntries([1, 2, 3, 4, 5].map((day) => [`1-${day}`, [dishId]]))),
      replacements: '{}',
      author_id: personId,
    })
    .execute()
  return { menuId, dishId }
}

/**
 * Stops the clock in the evening of the last day on which a child of the demonstration ate at school: in the holidays the
 * last days had no lunch. A person who signs in then does so on that evening; `setClock(null)` lets the clock run again.
 */
export async function stopClockAfterLunchOf(givenName: string): Promise<void> {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ day: Day }>`
    select d.day from pupil p
    join household h on h.municipality_id = p.municipality_id and h.id = p.household_id and h.name = 'Albertini'
    join enrolment e on e.municipality_id = p.municipality_id and e.pupil_id = p.id
    join service_day d on d.municipality_id = e.municipality_id and d.service_id = e.service_id and d.school_id = e.school_id
      and d.status = 'closed' and d.day between e.valid_from and e.valid_to and d.day < app_today()
    where p.given_name = ${givenName} and not exists (select from absence a
      where a.municipality_id = d.municipality_id and a.service_day_id = d.id and a.pupil_id = p.id)
    order by d.day desc limit 1`.execute(owner)
  const [row] = rows
  if (!row) throw new Error(`${givenName} has not eaten at school yet`)
  await setClock(instantInRome(row.day, '18:00'))
}
