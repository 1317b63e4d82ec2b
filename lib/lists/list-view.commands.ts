import 'server-only'
import { asStaff } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { listQuery, readListQuery } from './list.address.ts'
import { listFor, type OfficeList } from './list.ts'
import { LONGEST_QUERY, MOST_VIEWS } from './list-view.ts'

/**
 * Keeps what an address asks of a list under a name, in place of the view that had it. What is kept is what the list knows, and not
 * the text of the address. The caller has decided that the list is theirs to open.
 */
export async function keepView(
  viewer: Viewer,
  list: OfficeList,
  { name, query }: { name: string; query: string },
): Promise<Result<{ query: string }, 'lists:too-many-views'>> {
  const theirs = listFor(list, viewer)
  const kept = listQuery(theirs, readListQuery(theirs, query)).slice(0, LONGEST_QUERY)
  const { municipalityId, personId } = viewer
  return asStaff(viewer, async (trx) => {
    const names = await trx
      .selectFrom('list_view')
      .select('name')
      .where('municipality_id', '=', municipalityId)
      .where('person_id', '=', personId)
      .where('list', '=', list.key)
      .execute()
    if (names.length >= MOST_VIEWS && !names.some((view) => view.name === name))
      return refused('lists:too-many-views')
    await trx
      .insertInto('list_view')
      .values({ municipality_id: municipalityId, person_id: personId, list: list.key, name, query: kept })
      .onConflict((taken) =>
        taken
          .columns(['municipality_id', 'person_id', 'list', 'name'])
          .doUpdateSet((row) => ({ query: row.ref('excluded.query'), kept_at: row.ref('excluded.kept_at') })),
      )
      .execute()
    return ok({ query: kept })
  })
}

/** Takes a view away; one that is not the viewer's own stays, and a second press finds nothing more to do. */
export async function dropView(viewer: Viewer, id: string): Promise<Result<null>> {
  await asStaff(viewer, (trx) =>
    trx
      .deleteFrom('list_view')
      .where('municipality_id', '=', viewer.municipalityId)
      .where('person_id', '=', viewer.personId)
      .where('id', '=', id)
      .execute(),
  )
  return ok(null)
}
