import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { hashOfCode } from '#lib/identity/fiscal-code-hash.commands.ts'
import { completeInvoices } from '#lib/invoices/invoice.commands.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { correctionNotice } from './correction.notice.ts'
import {
  type CorrectedNow,
  lastCorrector,
  ownerOfCode,
  pupilsLike,
  readSubject,
} from './correction.queries.ts'
import {
  type AskedCorrection,
  type Corrected,
  type CorrectionPlan,
  correctionInWords,
  planRegistryCorrection,
} from './correction.ts'

type Decided = {
  plan: CorrectionPlan
  found: CorrectedNow
  codeHash: Buffer | null
  namesakes: readonly string[]
}

/** What a preview showed: what was registered then, and what was asked. */
type Shown = { basis: string; seen: string }
export type CorrectionPreview = { lines: string[]; isDoubtful: boolean } & Shown

const basisOf = ({ now, earlierCodes }: CorrectedNow) => fingerprintOf([now, earlierCodes])
const seenOf = ({ checked: _, ...asked }: AskedCorrection) => fingerprintOf(asked)

async function decide(
  trx: Trx,
  viewer: Viewer,
  { subject, asked, lock }: { subject: Corrected; asked: AskedCorrection; lock: boolean },
): Promise<Result<Decided>> {
  const { municipalityId } = viewer
  const found = await readSubject(trx, municipalityId, subject, { lock })
  if (!found) return refused('request:not-found')
  if (found.isStaff && !viewer.staffRoles.includes('manager')) return refused('corrections:colleague')
  const text = asked.fiscalCode
  const codeHash = text === null ? null : await hashOfCode(trx, text)
  const ownerName =
    text && codeHash ? await ownerOfCode(trx, municipalityId, { text, hash: codeHash }, subject.id) : null
  const namesakes = subject.kind === 'pupil' ? await pupilsLike(trx, municipalityId, asked, subject.id) : []
  const plan = planRegistryCorrection(asked, { ...found, kind: subject.kind, ownerName, namesakes })
  return plan.ok ? ok({ plan: plan.value, found, codeHash, namesakes }) : plan
}

/** What a correction would do, in words, before anything is done. */
export async function previewCorrection(
  viewer: Viewer,
  subject: Corrected,
  asked: AskedCorrection,
): Promise<Result<CorrectionPreview>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const decided = await decide(trx, viewer, { subject, asked, lock: false })
    if (!decided.ok) return decided
    const { plan, found, namesakes } = decided.value
    return ok({
      lines: correctionInWords(plan, asked, { kind: subject.kind, now: found.now, namesakes }),
      isDoubtful: plan.isDoubtful,
      basis: basisOf(found),
      seen: seenOf(asked),
    })
  })
}

const UNIQUE_VIOLATION = '23505'

/**
 * Corrects the name, the birth day and the fiscal code of an adult or of a pupil. What belongs to the person stays theirs, because
 * the person stays the same row; issued invoices keep the data they were issued with.
 * @param shown what the preview showed; when it is not so any more, nothing is done
 */
export async function correctRegistry(
  viewer: Viewer,
  subject: Corrected,
  { asked, reason, shown }: { asked: AskedCorrection; reason: string; shown: Shown },
): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const found = await readSubject(trx, viewer.municipalityId, subject, { lock: true })
    if (!found) return refused('request:not-found')
    if (basisOf(found) !== shown.basis) {
      const who = await lastCorrector(trx, viewer.municipalityId, subject)
      return refused('corrections:changed-meanwhile', { who })
    }
    if (seenOf(asked) !== shown.seen) return refused('corrections:preview-again')
    const decided = await decide(trx, viewer, { subject, asked, lock: true })
    if (!decided.ok) return decided
    const { plan, codeHash } = decided.value
    if (plan.isDoubtful && !asked.checked) return refusedField('checked', 'corrections:check-document')
    const hasEnded = await write(trx, viewer.municipalityId, { subject, asked, plan, codeHash })
    if (subject.kind === 'adult') await completeInvoices(trx, viewer.municipalityId, subject.id)
    await recordAudit(trx, viewer, {
      action: 'registry:corrected',
      objectType: subject.kind === 'pupil' ? 'pupil' : 'person',
      objectId: subject.id,
      details: { household: subject.householdId, fields: plan.changed.join(' '), reason },
    })
    await tell(trx, viewer.municipalityId, subject, { ...plan, hasEnded })
    return ok(null)
  }).catch((error) => {
    // Another colleague gave the same code to another person in these very milliseconds.
    if (error?.code === UNIQUE_VIOLATION) return refused('corrections:preview-again')
    throw error
  })
}

type Writing = { subject: Corrected; asked: AskedCorrection; plan: CorrectionPlan; codeHash: Buffer | null }

/** @returns whether what had been made under a code that is closed now has ended */
async function write(
  trx: Trx,
  municipalityId: string,
  { subject, asked, plan, codeHash }: Writing,
): Promise<boolean> {
  const { givenName, familyName, fiscalCode, birthDay } = asked
  if (subject.kind === 'adult') {
    const { rows } = await sql<{ ended: boolean }>`
      select correct_person(${municipalityId}::uuid, ${subject.id}::uuid, ${givenName}, ${familyName},
        ${birthDay}::date, ${fiscalCode}, ${codeHash}, ${plan.opening}::text[]) as ended`.execute(trx)
    return rows[0]?.ended ?? false
  }
  await sql`select correct_pupil(${municipalityId}::uuid, ${subject.id}::uuid, ${givenName}, ${familyName},
    ${birthDay}::date, ${fiscalCode})`.execute(trx)
  return false
}

async function tell(
  trx: Trx,
  municipalityId: string,
  { kind, id }: Corrected,
  { changed, hasEnded }: Pick<CorrectionPlan, 'changed'> & { hasEnded: boolean },
) {
  const { now } = await readClock(trx)
  await notify(trx, municipalityId, {
    event: 'registry:corrected',
    key: `registry-corrected:${id}:${now.toISOString()}`,
    to: kind === 'pupil' ? await adultsOfPupils(trx, municipalityId, [id]) : [id],
    say: (t) => correctionNotice({ kind, changed, hasEnded }, t),
    path: '/servizi',
  })
}
