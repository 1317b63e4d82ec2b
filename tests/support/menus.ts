import { testDatabase } from './database.ts'
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
