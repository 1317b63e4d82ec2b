import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Refused } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { BatchFilter } from './batch.address.ts'
import type { BatchKind, BatchState, ItemOutcome } from './batch.ts'

export type BatchedRequest = {
  id: string
  formId: string
  year: number
  number: number
  about: string
  personName: string
  outcome: ItemOutcome
  /** Why it was set aside, or not done. */
  reason: Refused | null
  words: string
}

/** `places`: of the class, null where it has no limit; `taken`: the pupils in it now. */
export type ClassEffect = { where: string; n: number; places: number | null; taken: number }
export type CountedEffect = { what: string; n: number }

/** What a batch will do, or did: of the requests that are ready and those that are done. */
export type BatchEffects = {
  enters: number
  admits: number
  classes: ClassEffect[]
  diets: CountedEffect[]
  severe: number
  bands: CountedEffect[]
}

export type Batch = {
  id: string
  kind: BatchKind
  state: BatchState
  words: string
  dueOn: Day | null
  className: string | null
  madeBy: string
  madeAt: Date
  confirmedBy: string | null
  endedBy: string | null
  total: number
  counts: Partial<Record<ItemOutcome, number>>
  effects: BatchEffects
  lines: BatchedRequest[]
  page: number
  pages: number
}

const PAGE = 50

/** A batch with its preview and what became of each request. The reading is registered. Null for a viewer who may not. */
export async function batchOf(viewer: Viewer, id: string, filter: BatchFilter): Promise<Batch | null> {
  if (!allowedToStaff(viewer, 'forms:manage') || !isUuid(id)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const [{ rows: heads }, { rows: counted }] = await Promise.all([
      sql<
        Pick<
          Batch,
          | 'id'
          | 'kind'
          | 'state'
          | 'words'
          | 'dueOn'
          | 'className'
          | 'madeBy'
          | 'madeAt'
          | 'confirmedBy'
          | 'endedBy'
        >
      >`
        select b.id, b.kind, b.state, b.words, b.due_on as "dueOn", s.name || ', ' || c.name as "className", m.full_name as "madeBy",
          b.made_at as "madeAt", k.full_name as "confirmedBy", e.full_name as "endedBy"
        from form_batch b
        join person m on m.municipality_id = ${municipalityId} and m.id = b.made_by
        left join person k on k.municipality_id = ${municipalityId} and k.id = b.confirmed_by
        left join person e on e.municipality_id = ${municipalityId} and e.id = b.ended_by
        left join school_class c on c.municipality_id = ${municipalityId} and c.id = b.school_class_id
        left join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
        where b.municipality_id = ${municipalityId} and b.id = ${id}::uuid`.execute(trx),
      sql<{ outcome: ItemOutcome; n: number }>`select outcome, count(*)::int as n from form_batch_item
        where municipality_id = ${municipalityId} and batch_id = ${id}::uuid group by outcome`.execute(trx),
    ])
    const head = heads[0]
    if (!head) return null
    const counts = Object.fromEntries(counted.map(({ outcome, n }) => [outcome, n])) as Batch['counts']
    const total = counted.reduce((sum, { n }) => sum + n, 0)
    const listed = filter.outcome ? (counts[filter.outcome] ?? 0) : total
    const [effects, lines] = await Promise.all([
      effectsOf(trx, municipalityId, id),
      linesOf(trx, municipalityId, id, filter),
      recordAudit(trx, viewer, { action: 'forms.batch-read', objectType: 'form_batch', objectId: id }),
    ])
    return {
      ...head,
      total,
      counts,
      effects,
      lines,
      page: filter.page,
      pages: Math.max(1, Math.ceil(listed / PAGE)),
    }
  })
}

async function linesOf(
  trx: Trx,
  municipalityId: string,
  id: string,
  { outcome, page }: BatchFilter,
): Promise<BatchedRequest[]> {
  const { rows } = await sql<Omit<BatchedRequest, 'reason'> & { reason: unknown }>`
    select s.id, s.form_id as "formId", s.protocol_year as year, s.protocol_number as number, s.about,
      p.full_name as "personName", i.outcome, i.reason, i.words
    from form_batch_item i
    join form_submission s on s.municipality_id = ${municipalityId} and s.id = i.submission_id
    join person p on p.municipality_id = ${municipalityId} and p.id = s.person_id
    where i.municipality_id = ${municipalityId} and i.batch_id = ${id}::uuid
      ${outcome ? sql`and i.outcome = ${outcome}` : sql``}
    order by i.outcome not in ('doubtful', 'refused'), i.place limit ${PAGE} offset ${(page - 1) * PAGE}`.execute(
    trx,
  )
  return rows.map(({ reason, ...line }) => ({ ...line, reason: reason as Refused | null }))
}

async function effectsOf(trx: Trx, municipalityId: string, id: string): Promise<BatchEffects> {
  const counted = sql`select i.effect from form_batch_item i where i.municipality_id = ${municipalityId} and i.batch_id = ${id}::uuid
    and i.outcome in ('ready', 'done') and i.effect is not null`
  const { rows } = await sql<BatchEffects>`
    with counted as (${counted})
    select (select count(*) from counted where (effect ->> 'enters')::boolean)::int as enters,
      (select count(*) from counted where (effect ->> 'admits')::boolean)::int as admits,
      (select count(*) from counted where (effect ->> 'severe')::boolean)::int as severe,
      coalesce((select jsonb_agg(jsonb_build_object('where', c.name, 'n', c.n, 'places', c.places, 'taken', c.taken) order by c.name)
        from (select g.name, g.n, l.places, (select count(distinct e.pupil_id) from enrolment e
            where e.municipality_id = ${municipalityId} and e.school_class_id = g.class_id and e.valid_to >= app_today()) as taken
          from (select effect ->> 'where' as name, (effect ->> 'classId')::uuid as class_id, count(*) as n from counted
            where effect ->> 'classId' is not null group by 1, 2) g
          left join class_places l on l.municipality_id = ${municipalityId} and l.school_class_id = g.class_id) c), '[]') as classes,
      coalesce((select jsonb_agg(jsonb_build_object('what', d.what, 'n', d.n) order by d.n desc, d.what)
        from (select effect ->> 'diet' as what, count(*) as n from counted where effect ->> 'diet' is not null group by 1) d), '[]') as diets,
      coalesce((select jsonb_agg(jsonb_build_object('what', b.what, 'n', b.n) order by b.what)
        from (select effect ->> 'band' as what, count(*) as n from counted where effect ->> 'band' is not null group by 1) b), '[]') as bands`.execute(
    trx,
  )
  return rows[0] as BatchEffects
}

export type BatchInHand = {
  id: string
  kind: BatchKind
  state: BatchState
  madeBy: string
  madeAt: Date
  total: number
}

/** The batches that are not over, and the latest that are, newest first. Null for a viewer who may not. */
export async function batchesInHand(viewer: Viewer): Promise<BatchInHand[] | null> {
  if (!allowedToStaff(viewer, 'forms:manage')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<BatchInHand>`
      select b.id, b.kind, b.state, p.full_name as "madeBy", b.made_at as "madeAt",
        (select count(*) from form_batch_item i where i.municipality_id = ${municipalityId} and i.batch_id = b.id)::int as total
      from form_batch b join person p on p.municipality_id = ${municipalityId} and p.id = b.made_by
      where b.municipality_id = ${municipalityId} and b.made_at > app_now() - interval '30 days'
      order by b.ended_at is not null, b.made_at desc limit 10`.execute(trx)
    return rows
  })
}
