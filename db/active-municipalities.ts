import { database } from './client.ts'

/** The municipalities that are served: the worker speaks for each of them in turn. */
export async function activeMunicipalities(): Promise<string[]> {
  const rows = await database().selectFrom('municipality').select('id').where('active', '=', true).execute()
  return rows.map(({ id }) => id)
}
