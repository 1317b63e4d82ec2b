import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { documentFor } from '#lib/forms/form-document.queries.ts'
import { saveStep } from '#lib/forms/form-draft.commands.ts'
import { formToFill } from '#lib/forms/form-draft.queries.ts'
import { sendDraft, withdrawSubmission } from '#lib/forms/submission.commands.ts'
import { BUDGETS } from '#lib/kernel/budgets.ts'
import { hurryCheck, startTopUp } from '#lib/payments/top-up.commands.ts'
import { contactsOf } from '#lib/people/contact.queries.ts'
import { changePhone } from '#lib/people/phone.commands.ts'
import { readPhone } from '#lib/people/phone.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, aPdf, code, done, fill, leaving, reducedFare, send } from '#tests/support/forms.ts'
import { aTopUp } from '#tests/support/money.ts'
import { aTopUpRequest, topUpRow } from '#tests/support/payments.ts'
import { openSmsGateway } from '#tests/support/sms-gateway.ts'

const NOON = '2026-11-24T12:00:00+01:00'
let municipality: TestMunicipality
let family: Household
let greta: string

beforeEach(async () => {
  await setClock(NOON)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  greta = await aPupil(municipality, family.householdId, { name: 'Greta' })
})
afterEach(() => setClock(null))

describe('S4 top-ups', () => {
  test('that were started and not finished are five for an account, whose holder reads when there may be another', async () => {
    for (let n = 0; n < BUDGETS['top-up:open'].most; n += 1) {
      await setClock(new Date(Date.parse(NOON) + n * 60_000))
      await aTopUp(municipality, family)
    }
    const start = () => startTopUp(family.holderViewer, aTopUpRequest(family))
    expect(await start()).toEqual({
      ok: false,
      code: 'request:too-often',
      details: { what: 'top-up:open', again: new Date('2026-11-25T11:00:00Z') },
    })
    const { owner } = await testDatabase()
    const rows = await owner
      .selectFrom('top_up')
      .select('id')
      .where('account_id', '=', family.accountId)
      .execute()
    expect(rows).toHaveLength(5)
    const other = await aHousehold(municipality)
    expect(code(await startTopUp(other.holderViewer, aTopUpRequest(other)))).not.toBe('request:too-often')
    await setClock('2026-11-25T12:00:01+01:00')
    expect(code(await start())).not.toBe('request:too-often')
  })

  test('are asked about immediately ten times an hour for returns from the provider, then like any look', async () => {
    const topUpId = await aTopUp(municipality, family)
    const { owner } = await testDatabase()
    const later = new Date('2026-11-24T15:00:00Z')
    const hurried: boolean[] = []
    for (let reload = 0; reload < 13; reload += 1) {
      await owner.updateTable('top_up').set({ next_check_at: later }).where('id', '=', topUpId).execute()
      await hurryCheck(family.holderViewer, topUpId, true)
      hurried.push((await topUpRow(topUpId)).next_check_at?.getTime() !== later.getTime())
    }
    expect(hurried).toEqual([...Array.from({ length: 10 }, () => true), false, false, false])
  })
})

describe('S4 requests of a family', () => {
  const clerk = () => aStaffViewer(municipality, 'operator')

  test('are twenty in a year, and what was typed stays in the draft', async () => {
    const formId = await aForm(await clerk(), 'withdrawal')
    for (let n = 0; n < BUDGETS['forms:send'].most; n += 1)
      done(
        await withdrawSubmission(
          family.holderViewer,
          await send(family, formId, leaving(greta, '2026-12-23')),
        ),
      )
    const draft = await fill(family, formId, leaving(greta, '2026-12-23'))
    expect(await sendDraft(family.holderViewer, draft)).toMatchObject({
      code: 'request:too-often',
      details: { what: 'forms:send', again: new Date('2027-11-24T11:00:00Z') },
    })
    expect((await formToFill(family.holderViewer, formId, family.householdId))?.draft?.answers).toMatchObject(
      {
        motivo: 'casa',
      },
    )
    const { owner } = await testDatabase()
    const sent = await owner
      .selectFrom('form_submission')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(sent).toHaveLength(20)
  })

  test('bring a hundred megabytes of documents in a year', async () => {
    const formId = await aForm(await clerk(), 'fare')
    const request = await fill(family, formId, reducedFare(greta))
    const { owner } = await testDatabase()
    await sql`insert into form_document
        (municipality_id, household_id, person_id, draft_id, field, name, media_type, size, sha256)
      select ${municipality.municipalityId}, ${family.householdId}, ${family.holder.personId}, ${request.draftId},
        'altro', 'a.pdf', 'application/pdf', 10 * 1024 * 1024, sha256('')
      from generate_series(1, 10)`.execute(owner)
    const one = await saveStep(family.holderViewer, {
      formId,
      householdId: family.householdId,
      stepId: 'isee',
      revision: request.revision,
      typed: { alunno: greta, valore: '7450,20', scadenza: '2026-12-31' },
      files: [{ field: 'attestazione', file: aPdf() }],
      removed: [],
    })
    expect(one).toMatchObject({ code: 'request:too-often', details: { what: 'forms:documents' } })
  })

  test('that are withdrawn leave no document behind', async () => {
    const manager = await clerk()
    const id = await send(family, await aForm(manager, 'fare'), reducedFare(greta))
    const { owner } = await testDatabase()
    const documents = () =>
      owner
        .selectFrom('form_document')
        .select(['id', 'content', 'size'])
        .where('submission_id', '=', id)
        .execute()
    const [before] = await documents()
    expect(before?.content?.length).toBeGreaterThanOrEqual(before?.size ?? 1)
    done(await withdrawSubmission(family.holderViewer, id))
    expect((await documents()).map(({ content }) => content)).toEqual([null])
    expect(await documentFor(family.holderViewer, before?.id ?? '')).toBeNull()
  })

  test('cannot empty a document of a request that is not withdrawn', async () => {
    const id = await send(family, await aForm(await clerk(), 'fare'), reducedFare(greta))
    const { owner } = await testDatabase()
    const emptied = owner.updateTable('form_document').set({ content: null }).where('submission_id', '=', id)
    await expect(emptied.execute()).rejects.toThrow('a document does not change')
  })
})

describe('S23 texts', () => {
  let texts: Awaited<ReturnType<typeof openSmsGateway>>
  beforeAll(async () => {
    texts = await openSmsGateway()
    return () => texts.simulator.close()
  })

  const configure = async (change: Record<string, string> = {}) => {
    const { ownerUrl, webUrl, owner } = await testDatabase()
    await sql`truncate attempt_count`.execute(owner)
    setEnvironment({
      DATABASE_URL: ownerUrl,
      DATABASE_WEB_URL: webUrl,
      ...texts.environment,
      SMS_DAILY_LIMIT: '300',
      ...change,
    })
  }
  const ask = (typed: string, viewer = family.holderViewer) => changePhone(viewer, readPhone(typed))

  test('go to no country outside the Union: such a number is kept, and the person reads that no code comes', async () => {
    await configure()
    expect(await ask('+41 79 123 45 67')).toEqual({ ok: true, value: { saved: true } })
    expect(await contactsOf(family.holderViewer)).toMatchObject({
      phone: { number: '+41791234567', verifiedAt: null },
      isPhoneTexted: false,
      waitingPhone: null,
    })
    expect(await ask('+49 1512 3456789')).toEqual({ ok: true, value: { saved: false } })
  })

  test('are ten a day for one person, over all numbers', async () => {
    await configure()
    const answers: string[] = []
    for (let n = 0; n < 12; n += 1) {
      await setClock(new Date(Date.parse(NOON) + n * 15 * 60_000))
      answers.push(code(await ask(`340 76543${String(n).padStart(2, '0')}`)))
    }
    expect(answers).toEqual([
      ...Array.from({ length: 10 }, () => 'accepted'),
      ...Array(2).fill('request:too-often'),
    ])
  })

  test('are as many a day for a municipality as the installation pays for', async () => {
    await configure({ SMS_DAILY_LIMIT: '3' })
    const answers: string[] = []
    for (let n = 0; n < 4; n += 1) {
      const { holderViewer } = await aHousehold(municipality)
      answers.push(code(await ask(`340 765432${n}`, holderViewer)))
    }
    expect(answers).toEqual(['accepted', 'accepted', 'accepted', 'request:too-often'])
    const elsewhere = await aHousehold(await aMunicipality())
    expect(code(await ask('340 7654329', elsewhere.holderViewer))).toBe('accepted')
  })
})

test('S4 an act is counted once in a transaction that is committed, and not in one that fails', async () => {
  const { takeFromBudget } = await import('#lib/session/budget.commands.ts')
  const { database } = await import('#db/client.ts')
  const whose = randomUUID()
  const failing = database()
    .transaction()
    .execute(async (trx) => {
      await takeFromBudget('delegates:invite-address', whose, { trx })
      throw new Error('rolled back')
    })
  await expect(failing).rejects.toThrow('rolled back')
  const answers: boolean[] = []
  for (let n = 0; n < 4; n += 1)
    answers.push((await takeFromBudget('delegates:invite-address', whose)) === null)
  expect(answers).toEqual([true, true, true, false])
})
