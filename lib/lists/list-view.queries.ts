import 'server-only'
import { asStaff } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { KeptView } from './list-view.ts'

/** The views of a list that the viewer keeps, by name. The caller has decided that the list is theirs to open. */
export const keptViews = (viewer: Viewer, list: string): Promise<KeptView[]> =>
  asStaff(viewer, (trx) =>
    trx
      .selectFrom('list_view')
      .select(['id', 'name', 'query'])
      .where('municipality_id', '=', viewer.municipalityId)
      .where('person_id', '=', viewer.personId)
      .where('list', '=', list)
      .orderBy('name')
      .execute(),
  )
