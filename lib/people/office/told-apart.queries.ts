import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { ToldApart } from './told-apart.ts'

const LISTED = 100

/** The pairs that were told apart and are called as they were then, the last first. */
export async function pairsToldApart(trx: Trx, municipalityId: string): Promise<ToldApart[]> {
  const nameOf = (id: 'one_id' | 'other_id') => sql`coalesce(
    (select c.full_name from pupil c where t.kind = 'pupil' and c.municipality_id = ${municipalityId} and c.id = t.${sql.ref(id)}),
    (select p.full_name from person p where t.kind = 'person' and p.municipality_id = ${municipalityId} and p.id = t.${sql.ref(id)}),
    (select h.name from household h where t.kind = 'household' and h.municipality_id = ${municipalityId} and h.id = t.${sql.ref(id)}))`
  const { rows } = await sql<ToldApart>`
    select t.id, t.kind, jsonb_build_array(${nameOf('one_id')}, ${nameOf('other_id')}) as names, t.told_at as "toldAt",
      b.full_name as "toldBy", t.reason
    from told_apart t
    join person b on b.municipality_id = ${municipalityId} and b.id = t.told_by
    where t.municipality_id = ${municipalityId} and t.taken_back_at is null
      and t.basis = pair_basis(${municipalityId}::uuid, t.kind, t.one_id, t.other_id)
    order by t.told_at desc, t.id desc limit ${LISTED}`.execute(trx)
  return rows
}
