import 'server-only'
import { sql } from 'kysely'
import { asStaff, asSystem, database, type Trx, takeLonger } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { municipalitiesWith } from '#db/due-municipalities.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { StaffRole } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { log } from '#lib/kernel/log.ts'
import { postOpenings } from '#lib/ledger/opening.commands.ts'
import { waitForRegistrations } from '#lib/people/office/registration.commands.ts'
import { lockDiners, putEnrolmentsBack } from '#lib/school/office/enrolment.commands.ts'
import { firstOpenDays } from '#lib/school/office/first-open-day.queries.ts'
import { putFaresBack } from '#lib/tariffs/fare-assignment.commands.ts'
import { listInWords } from '#lib/words/list.ts'
import { type ImportPlan, type KnownPupil, planImport, VERDICTS } from '../finding.ts'
import type { Mapping } from '../mapping.ts'
import { readPeople } from '../people.ts'
import { readTable } from '../table-file.ts'
import {
  contentIn,
  findingsIn,
  IMPORTED,
  importFacts,
  importIn,
  openedBalances,
  placesOfImport,
  pupilsBefore,
  whatKeeps,
} from './import.queries.ts'
import { CHANGED_MEANWHILE, inChunks, Stopped, writeActs } from './import-acts.commands.ts'

type Due = { id: string; state: 'checking' | 'applying' | 'undoing'; actedBy: string; roles: StaffRole[] }

/**
 * Compares, applies or takes back the imports that wait, one of each municipality. The row is held while it works: a worker that
 * dies lets it go, with everything that it had written.
 * @returns how many were worked on
 */
export async function runDueImports(): Promise<number> {
  let done = 0
  for (const municipalityId of await municipalitiesWith(sql`municipalities_with_due_imports()`)) {
    const due = await dueImport(municipalityId)
    if (due) done += await work(municipalityId, due)
  }
  return done
}

const dueImport = (municipalityId: string): Promise<Due | undefined> =>
  asSystem(municipalityId, async (trx) => {
    const { rows } = await sql<Due>`
      select u.id, u.state, u.acted_by as "actedBy", array(select r.role from active_staff_member r
        where r.municipality_id = ${municipalityId} and r.person_id = u.acted_by) as roles
      from pupil_import u where u.municipality_id = ${municipalityId} and u.state in ('checking', 'applying', 'undoing')
      order by u.uploaded_at limit 1`.execute(trx)
    return rows[0]
  })

/** Where an import is when its work was stopped. */
const BEFORE = { checking: 'mapping', applying: 'checked', undoing: 'applied' } as const

async function work(municipalityId: string, due: Due): Promise<number> {
  const actor = { municipalityId, personId: due.actedBy }
  try {
    if (!allowedToStaff({ staffRoles: due.roles }, 'registry:correct'))
      throw new Stopped('Chi l’ha chiesto non ha più questo ruolo in ufficio.')
    return await asStaff(actor, async (trx) => {
      const { rows } =
        await sql`select from pupil_import where municipality_id = ${municipalityId} and id = ${due.id}::uuid
        and state = ${due.state} for no key update skip locked`.execute(trx)
      if (rows.length === 0) return 0
      if (due.state === 'undoing') await undo(trx, actor, due.id, progressOf(municipalityId, due.id))
      else await compareOrApply(trx, actor, due)
      return 1
    })
  } catch (error) {
    if (!(error instanceof Stopped))
      log().error({ err: error, import: due.id }, 'imports: work on an import failed')
    const words =
      error instanceof Stopped
        ? error.message
        : 'Qualcosa non ha funzionato e non si è salvato niente. Riprova; se succede di nuovo, avvisa chi gestisce il portale.'
    await leave(municipalityId, due, words)
    return 1
  }
}

/** Leaves an import as it was, with why. */
const leave = (municipalityId: string, { id, state }: Due, words: string): Promise<void> =>
  asSystem(municipalityId, async (trx) => {
    await trx
      .updateTable('pupil_import')
      .set({ state: BEFORE[state], stopped: words })
      .where('municipality_id', '=', municipalityId)
      .where('id', '=', id)
      .where('state', '=', state)
      .execute()
  })

/** Says how far the work is, beside its transaction. @throws Stopped when a person asked to stop */
const progressOf =
  (municipalityId: string, id: string) =>
  async (done: number, total: number): Promise<void> => {
    const isStopped = await asSystem(municipalityId, async (trx) => {
      const { rows } = await sql<{ stop: boolean }>`
        update pupil_import_progress g set done = ${done}, total = ${total}
        where g.municipality_id = ${municipalityId} and g.import_id = ${id}::uuid returning g.stop_asked as stop`.execute(
        trx,
      )
      return rows[0]?.stop ?? false
    })
    if (isStopped) throw new Stopped('L’hai fermata: non si è salvato niente.')
  }

type Actor = { municipalityId: string; personId: string }
type Progress = (done: number, total: number) => Promise<void>

/** A list of a whole town on a busy machine: longer than any request may take, and not without an end. */
const LONGEST = '10min'

async function compareOrApply(trx: Trx, actor: Actor, { id, state }: Due): Promise<void> {
  const { municipalityId } = actor
  const progress = progressOf(municipalityId, id)
  const isApplied = state === 'applying'
  await takeLonger(trx, LONGEST)
  if (isApplied) await waitForRegistrations(trx, municipalityId)
  const row = await importIn(trx, municipalityId, id)
  const content = await contentIn(trx, municipalityId, id)
  const read = content ? readTable(content) : null
  if (!row || !read?.ok) throw new Stopped('Il file non c’è più: caricalo di nuovo.')
  const mapping = row.mapping as Mapping
  const sheet = read.value.sheets[mapping.sheet]
  if (!sheet) throw new Stopped('Il foglio non c’è più: caricalo di nuovo.')
  await progress(0, sheet.rows.length)
  const { today } = await readClock(trx)
  const people = readPeople(sheet, mapping, today)
  const facts = await importFacts(trx, municipalityId, people, mapping, { lock: isApplied })
  const plan = planImport(people, mapping, facts)
  if (!isApplied) return keepFindings(trx, municipalityId, id, plan)
  if (plan.seen !== row.seen) throw new Stopped(CHANGED_MEANWHILE)
  await apply(trx, actor, id, { plan, pupils: facts.pupils, progress })
}

/** Keeps what was found for a person to read, in place of what was found before. */
async function keepFindings(trx: Trx, municipalityId: string, id: string, plan: ImportPlan): Promise<void> {
  await sql`delete from pupil_import_finding f where f.municipality_id = ${municipalityId} and f.import_id = ${id}::uuid`.execute(
    trx,
  )
  const rows = plan.findings.map((finding, position) => ({ ...finding, position }))
  await inChunks(rows, async (chunk) => {
    await sql`
      insert into pupil_import_finding (municipality_id, import_id, position, key, lines, name, verdict, words, why, household_id,
        pupil_id)
      select ${municipalityId}::uuid, ${id}::uuid, n.position, n.key, n.lines, n.name, n.verdict, n.words, n.why,
        n."householdId", n."pupilId"
      from jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb) as n(position integer, key text,
        lines integer[], name text, verdict text, words text[], why text[], "householdId" uuid, "pupilId" uuid)`.execute(
      trx,
    )
  })
  const counts = Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, plan.findings.filter((one) => one.verdict === verdict).length]),
  )
  await trx
    .updateTable('pupil_import')
    .set({
      state: 'checked',
      seen: plan.seen,
      counts: JSON.stringify({
        ...{ ...counts, rows: plan.rows, ignored: plan.ignored.length },
        balances: plan.balances,
      }),
      ignored: JSON.stringify(plan.ignored.slice(0, 200)),
      unknown_classes: JSON.stringify(plan.unknownClasses.slice(0, 200)),
    })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .execute()
}

async function apply(
  trx: Trx,
  actor: Actor,
  id: string,
  { plan, pupils, progress }: { plan: ImportPlan; pupils: readonly KnownPupil[]; progress: Progress },
): Promise<void> {
  const { municipalityId, personId } = actor
  const stored = await findingsIn(trx, municipalityId, id, { verdict: 'doubtful', from: 0, most: 1_000_000 })
  const taken = new Set(stored.filter(({ decision }) => decision === 'take').map(({ key }) => key))
  const chosen = plan.findings.filter(
    ({ key, verdict }) =>
      verdict === 'new' || verdict === 'changed' || (verdict === 'doubtful' && taken.has(key)),
  )
  const acts = chosen.flatMap(({ key }) => plan.acts.get(key) ?? [])
  const firstDay = await writeActs(trx, actor, id, { acts, pupils, progress })
  await trx
    .updateTable('pupil_import')
    .set({ state: 'applied', first_day: firstDay, applied_by: personId, applied_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .execute()
  await recordAudit(trx, actor, {
    action: 'imports.applied',
    objectType: 'pupil_import',
    objectId: id,
    details: { pupils: chosen.length, seen: plan.seen },
  })
}

const DEPENDS: Readonly<Record<string, string>> = {
  household: 'famiglie cambiate',
  person: 'adulti cambiati (recapiti, nome o codice)',
  household_member: 'ruoli cambiati nelle famiglie',
  pupil: 'alunni corretti',
  account: 'saldi che si sono mossi',
  entry: 'saldi che si sono mossi',
  balance: 'saldi che si sono mossi',
  enrolment: 'iscrizioni cambiate',
  absence: 'disdette fatte',
  counted_meals: 'pasti già contati dalla cucina',
  top_up: 'ricariche iniziate',
  notification: 'messaggi già mandati alle famiglie',
  outbox: 'messaggi già mandati alle famiglie',
  absence_receipt: 'disdette fatte',
  absence_event: 'disdette fatte',
  communication_recipient: 'comunicazioni già mandate',
  communication_recipient_person: 'comunicazioni già mandate',
  form_submission: 'domande inviate',
  fare_assignment: 'fasce di prezzo date',
  delegate_invitation: 'inviti a delegati',
  pupil_merge: 'alunni uniti con altri',
  person_merge: 'adulti uniti con altri',
  household_merge: 'famiglie unite con altre',
  meal_household_rule: 'giorni dati a una seconda famiglia',
  departing_transfer: 'trasferimenti a un altro Comune',
}
const dependsInWords = (what: string): string => DEPENDS[what] ?? 'altro che nel frattempo si è aggiunto'

/**
 * Takes an import back, all or nothing: what it changed is as it was, what it made is gone. The pupils are held first, and the next
 * days of their schools, so that no cancellation and no count comes between the comparison and the end.
 */
async function undo(trx: Trx, actor: Actor, id: string, progress: Progress): Promise<void> {
  const { municipalityId, personId } = actor
  await takeLonger(trx, LONGEST)
  await waitForRegistrations(trx, municipalityId)
  const pupils = await pupilsBefore(trx, municipalityId, id)
  await lockDiners(
    trx,
    municipalityId,
    pupils.map(({ id: pupilId }) => pupilId),
  )
  await firstOpenDays(trx, municipalityId, await placesOfImport(trx, municipalityId, id), { lock: true })
  const keeping = await whatKeeps(trx, municipalityId, id)
  if (keeping.length > 0) throw new Stopped(keptInWords(keeping))
  await inChunks(pupils, (chunk) => putEnrolmentsBack(trx, municipalityId, chunk))
  await inChunks(
    pupils.filter(({ fares }) => fares !== null),
    (chunk) => putFaresBack(trx, municipalityId, chunk),
  )
  await reverseBalances(trx, actor, id)
  await takeBack(trx, municipalityId, id, progress)
  await trx
    .updateTable('pupil_import')
    .set({ state: 'undone', undone_by: personId, undone_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .execute()
  await recordAudit(trx, actor, { action: 'imports.undone', objectType: 'pupil_import', objectId: id })
}

/** Rows of one statement: each of a person is asked of every table that may name one. */
const PIECE = 250

/** Takes back what the import made, a piece of a table in a statement. */
async function takeBack(trx: Trx, municipalityId: string, id: string, progress: Progress): Promise<void> {
  const { rows: all } = await sql<{ n: number }>`select count(*)::int as n from pupil_import_image i
    where i.municipality_id = ${municipalityId} and i.import_id = ${id}::uuid`.execute(trx)
  const total = all[0]?.n ?? 0
  let done = 0
  for (const table of IMPORTED) {
    for (let piece = PIECE; piece === PIECE; done += piece) {
      await progress(done, total)
      const { rows } = await sql<{ undone: number | null; referring: string | null }>`
        select u.undone, u.referring from undo_pupil_import(${municipalityId}::uuid, ${id}::uuid, ${table}, ${PIECE}::integer) u`.execute(
        trx,
      )
      const { undone, referring } = rows[0] as (typeof rows)[number]
      if (referring !== null) throw new Stopped(keptInWords([{ what: referring, names: [], n: 1 }]))
      piece = undone ?? 0
    }
  }
  await progress(total, total)
}

/** Writes the opposite of each opening balance: a movement is never deleted. */
async function reverseBalances(trx: Trx, actor: Actor, id: string): Promise<void> {
  const opened = await openedBalances(trx, actor.municipalityId, id)
  const reversal = {
    key: `opening-undone:${id}`,
    description: 'Storno del saldo iniziale di un’importazione annullata',
  }
  await inChunks(opened, async (chunk) => {
    const opposite = chunk.map((one) => ({ ...one, amountCents: 0 - one.amountCents }))
    await postOpenings(trx, actor, reversal, opposite)
  })
}

function keptInWords(keeping: Awaited<ReturnType<typeof whatKeeps>>): string {
  const named = keeping.map(({ what, names, n }) => {
    const people =
      names.length > 0 ? ` (${listInWords(names, 'it')}${n > names.length ? ' e altri' : ''})` : ''
    return `${dependsInWords(what)}${people}`
  })
  const words = [...new Set(named)].join('; ')
  return `Non si può annullare, perché dopo l’importazione ci sono: ${words}. Non è cambiato niente.`
}

const PURGED = 100

/** Lets go of files, findings and images after 30 days, and of receipts after 24 months: the database alone decides. */
export async function purgeImports(): Promise<number> {
  const { rows } = await sql<{ gone: number }>`select purge_pupil_imports(${PURGED}) as gone`.execute(
    database(),
  )
  return rows[0]?.gone ?? 0
}
