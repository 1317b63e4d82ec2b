import 'server-only'
import { sql } from 'kysely'
import { database } from '#db/client.ts'

export type OwnMunicipality = { slug: string; name: string }

/** The municipalities in which a citizen has a role now, by name. */
export async function municipalitiesOf(citizenId: string): Promise<OwnMunicipality[]> {
  const { rows } =
    await sql<OwnMunicipality>`select slug, name from municipalities_of_citizen(${citizenId}::uuid)`.execute(
      database(),
    )
  return rows
}

/** The municipalities in whose office a citizen has a role now, by name. */
export async function officesOf(citizenId: string): Promise<OwnMunicipality[]> {
  const { rows } =
    await sql<OwnMunicipality>`select slug, name from offices_of_citizen(${citizenId}::uuid)`.execute(
      database(),
    )
  return rows
}
