import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { csvText, italianCsv } from '#lib/kernel/csv.ts'
import { type Day, dayInRome } from '#lib/kernel/day.ts'
import { exactTimeInRome, numericDay } from '#lib/words/format-day.ts'
import { recordAudit } from './audit.commands.ts'
import { operationInWords, signInInWords } from './audit-event.words.ts'

type Line = {
  occurred_at: Date
  register: 'operazioni' | 'accessi'
  name: string | null
  fiscal_code: string | null
  action: string
  object: string
  outcome: string
  session_id: string | null
}

const MOST_LINES = 100_000

/**
 * Both registers of a period, for an authority that asks: each line attributed to a person. Only for managers, and the
 * export is itself an operation. Null for any other viewer, or for an invalid period.
 * @param from first day, @param to last day, both included
 */
export async function registersToExport(
  viewer: Viewer,
  { from, to, reason }: { from: Day; to: Day; reason: string },
): Promise<string | null> {
  if (!allowedToStaff(viewer, 'registers:export') || from > to || reason.trim() === '') return null
  const rows = await asStaff(viewer, async (trx) => {
    await recordAudit(trx, viewer, {
      action: 'registers:exported',
      objectType: 'register',
      objectId: `${from}/${to}`,
      details: { reason },
    })
    const { rows } = await sql<Line>`
      with period as (select ${from}::date::timestamp at time zone 'Europe/Rome' as first,
        (${to}::date + 1)::timestamp at time zone 'Europe/Rome' as after)
      select e.occurred_at, 'operazioni' as register, p.full_name as name, p.fiscal_code,
        e.action, e.object_type || ' ' || e.object_id as object, e.outcome, e.session_id::text
      from audit_event e left join person p on p.municipality_id = ${viewer.municipalityId} and p.id = e.person_id, period
      where e.municipality_id = ${viewer.municipalityId} and e.occurred_at >= period.first and e.occurred_at < period.after
      union all
      select s.occurred_at, 'accessi', c.full_name, p.fiscal_code,
        s.outcome, coalesce(s.method || ' livello ' || s.level, ''), '', s.session_id::text
      from sign_in_event s
      join municipality m on m.id = ${viewer.municipalityId} and m.slug = s.municipality_slug
      left join citizen c on c.id = s.citizen_id
      left join person p on p.municipality_id = ${viewer.municipalityId} and p.fiscal_code_hash = c.fiscal_code_hash, period
      where s.occurred_at >= period.first and s.occurred_at < period.after
      order by 1 limit ${MOST_LINES}`.execute(trx)
    return rows
  })
  const head = [
    'Giorno',
    'Ora',
    'Registro',
    'Persona',
    'Codice fiscale',
    'Operazione',
    'Su',
    'Esito',
    'Sessione',
  ]
  return italianCsv([
    head,
    ...rows.map((row) => [
      numericDay(dayInRome(row.occurred_at)),
      exactTimeInRome(row.occurred_at),
      row.register,
      csvText(row.name ?? ''),
      row.fiscal_code ?? '',
      csvText(row.register === 'operazioni' ? operationInWords(row.action) : signInInWords(row.action)),
      csvText(row.object),
      row.outcome,
      row.session_id ?? '',
    ]),
  ])
}
