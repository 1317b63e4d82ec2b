import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { lacksOfAnswers } from '../completeness.ts'
import type { FormAnswers } from '../conditions.ts'
import type { Definition, FormKind } from '../form.ts'

/** So many in one turn: the next reading of the queue goes on. */
const MOST_READ = 500

/** Reads from their answers what undecided requests of earlier versions lack, once: the filters of the queue find them too. */
export async function readOlderLacks(trx: Trx, municipalityId: string): Promise<void> {
  const { rows } = await sql<{
    id: string
    kind: FormKind
    definition: Definition
    answers: FormAnswers
  }>`
    select s.id, f.kind, v.definition, s.answers from form_submission s
    join online_form f on f.municipality_id = ${municipalityId} and f.id = s.form_id
    join online_form_version v on v.municipality_id = ${municipalityId} and v.form_id = s.form_id and v.number = s.version
    where s.municipality_id = ${municipalityId} and not s.lacks_known and s.decided_at is null
    order by s.id limit ${MOST_READ}`.execute(trx)
  if (rows.length === 0) return
  const found = rows.map(({ id, kind, definition, answers }) => ({
    id,
    lacks: lacksOfAnswers(kind, definition, answers),
  }))
  await sql`select keep_older_lacks(${JSON.stringify(found)}::jsonb)`.execute(trx)
}
