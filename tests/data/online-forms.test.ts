import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Scope } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { formsFor } from '#lib/forms/form.queries.ts'
import { documentFacts, documentFor } from '#lib/forms/form-document.queries.ts'
import { discardDraft, type StepRequest, saveStep } from '#lib/forms/form-draft.commands.ts'
import { formToFill } from '#lib/forms/form-draft.queries.ts'
import { forgetForms } from '#lib/forms/form-retention.commands.ts'
import { answerIntegration } from '#lib/forms/integration.commands.ts'
import { createForm, editForm, publishForm } from '#lib/forms/office/form.commands.ts'
import { builtForm, officeForms } from '#lib/forms/office/form.queries.ts'
import {
  askIntegration,
  assignSubmission,
  rejectSubmission,
  takeSubmission,
} from '#lib/forms/office/submission.commands.ts'
import {
  queueOf,
  queueToDownload,
  reviewOf,
  submissionsToExport,
} from '#lib/forms/office/submission.queries.ts'
import { sendDraft, withdrawSubmission } from '#lib/forms/submission.commands.ts'
import { ownSubmission } from '#lib/forms/submission.queries.ts'
import { dataAccesses, personalExport } from '#lib/privacy/personal-data.queries.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import {
  aForm,
  aPdf,
  aPicture,
  change,
  close,
  code,
  done,
  ethicalDiet,
  fill,
  healthDiet,
  leaving,
  onScreen,
  reducedFare,
  send,
} from '#tests/support/forms.ts'
import { inEverySubject } from '#tests/support/subjects.ts'

const NOON = '2026-11-24T11:00:00.000Z'

let municipality: TestMunicipality
let family: Household
let greta: string
let clerk: Viewer

beforeEach(async () => {
  await setClock(NOON)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  greta = await aPupil(municipality, family.householdId, { name: 'Greta' })
  clerk = await aStaffViewer(municipality, 'operator')
})

const step = (formId: string, given: Partial<StepRequest> = {}): StepRequest => ({
  formId,
  householdId: family.householdId,
  stepId: 'figlio',
  revision: 0,
  typed: { alunno: greta, motivo: 'etica' },
  files: [],
  removed: [],
  ...given,
})

describe('what families find', () => {
  test('nothing is there to fill in, and nothing to come, while no form is active', async () => {
    expect(await formsFor(family.holderViewer)).toEqual({ open: [], upcoming: [], submissions: [] })
    await createForm(clerk, 'diet')
    expect((await formsFor(family.holderViewer))?.open).toEqual([])
  })

  test('a published form is there in its window, announced before it, gone after it', async () => {
    const formId = await aForm(clerk, 'diet', {
      opensAt: '2026-11-25T09:00:00+01:00',
      closesAt: '2026-11-30T12:00:00+01:00',
    })
    const seen = async () => {
      const found = await formsFor(family.holderViewer)
      return [found?.upcoming.length, found?.open.length]
    }
    expect(await seen()).toEqual([1, 0])
    expect(await formToFill(family.holderViewer, formId, null)).toBeNull()
    await setClock('2026-11-25T09:00:00+01:00')
    expect(await seen()).toEqual([0, 1])
    await setClock('2026-11-30T12:00:00+01:00')
    expect(await seen()).toEqual([0, 0])
  })

  test('only families with a child in the chosen schools find the form', async () => {
    const formId = await aForm(clerk, 'diet')
    const { title, intro, once, classIds } = (await builtForm(clerk, formId))?.latest.definition ?? {
      title: '',
      intro: '',
      once: 'pupil' as const,
      classIds: [],
    }
    const schoolIds = ['00000000-0000-7000-8000-000000000000']
    await change(clerk, formId, { do: 'settings', settings: { title, intro, once, classIds, schoolIds } })
    done(await publishForm(clerk, await onScreen(clerk, formId)))
    expect((await formsFor(family.holderViewer))?.open).toEqual([])
    expect(code(await saveStep(family.holderViewer, step(formId)))).toBe('request:not-found')
  })

  test('the delegate finds nothing, nor does the office', async () => {
    const formId = await aForm(clerk, 'diet')
    const id = await send(family, formId, ethicalDiet(greta))
    for (const viewer of [
      await aDelegate(municipality, family.householdId),
      clerk,
      (await aHousehold(await aMunicipality())).holderViewer,
    ]) {
      expect(await formToFill(viewer, formId, null)).toBeNull()
      expect(await ownSubmission(viewer, id)).toBeNull()
      expect(code(await saveStep(viewer, step(formId)))).toBe('request:not-found')
      expect(code(await withdrawSubmission(viewer, id))).toBe('request:not-found')
    }
    expect(await formsFor(await aDelegate(municipality, family.householdId))).toBeNull()
  })
})

describe('a draft', () => {
  test('keeps what was typed, right or wrong, and starts from what the portal knows', async () => {
    const formId = await aForm(clerk, 'enrolment')
    const outcome = done(
      await saveStep(
        family.holderViewer,
        step(formId, { typed: { alunno: 'nuovo', nome: ' Anna ', nascita: '2020-02-31' } }),
      ),
    )
    expect(outcome.problems).toMatchObject({
      cognome: { code: 'no-answer' },
      nascita: { code: 'no-such-day' },
    })
    const again = await formToFill(family.holderViewer, formId, null)
    expect(again?.draft?.answers).toMatchObject({
      nome: 'Anna',
      nascita: '2020-02-31',
      email: 'laura@example.it',
    })
    expect(again?.known.address).toBe('Via Verdi 3, 37060 Mozzecane (VR)')
    expect(again?.facts.pupils).toMatchObject([
      { name: 'Greta Albertini', where: expect.stringContaining(', 3A') },
    ])
  })

  test('two tabs never overwrite each other', async () => {
    const formId = await aForm(clerk, 'diet')
    const first = done(await saveStep(family.holderViewer, step(formId)))
    expect(first.revision).toBe(1)
    expect(code(await saveStep(family.holderViewer, step(formId, { typed: { motivo: 'salute' } })))).toBe(
      'forms:changed-elsewhere',
    )
    done(await saveStep(family.holderViewer, step(formId, { revision: 1 })))
    const old = step(formId, { revision: 1, typed: { motivo: 'salute' } })
    expect(code(await saveStep(family.holderViewer, old))).toBe('forms:changed-elsewhere')
    expect((await formToFill(family.holderViewer, formId, null))?.draft?.answers.motivo).toBe('etica')
  })

  test('takes documents by what they are, not by what they are called', async () => {
    const formId = await aForm(clerk, 'diet')
    const upload = (file: File, revision = 0) =>
      saveStep(
        family.holderViewer,
        step(formId, { stepId: 'salute', revision, typed: {}, files: [{ field: 'certificato', file }] }),
      )
    expect(code(await upload(new File(['<script>'], 'certificato.pdf')))).toBe('files:unknown-type')
    expect(code(await upload(new File([new Uint8Array(9 * 1024 * 1024)], 'grande.pdf')))).toBe(
      'files:too-big',
    )
    const kept = done(await upload(aPicture()))
    expect(kept.documents).toMatchObject([{ field: 'certificato', name: 'foto.png', mediaType: 'image/png' }])
    const [document] = kept.documents
    const gone = done(
      await saveStep(
        family.holderViewer,
        step(formId, { stepId: 'salute', revision: 1, typed: {}, removed: [document?.id ?? ''] }),
      ),
    )
    expect(gone.documents).toEqual([])
    expect(
      code(
        await upload(
          new File([new Uint8Array([0x52, 0x49, 0x46, 0x46, 0, 0, 0, 0, 0x57, 0x45, 0x42, 0x50])], 'a.webp'),
          2,
        ),
      ),
    ).toBe('forms:wrong-document')
  })

  test('is thrown away whole', async () => {
    const formId = await aForm(clerk, 'diet')
    await fill(family, formId, healthDiet(greta))
    done(await discardDraft(family.holderViewer, step(formId)))
    expect((await formToFill(family.holderViewer, formId, null))?.draft).toBeNull()
  })

  test('another person’s child cannot be sent', async () => {
    const other = await aHousehold(municipality)
    const formId = await aForm(clerk, 'diet')
    const theirs = await aPupil(municipality, other.householdId)
    const outcome = done(
      await saveStep(family.holderViewer, step(formId, { typed: { alunno: theirs, motivo: 'etica' } })),
    )
    expect(outcome.problems).toEqual({ alunno: { code: 'no-option' } })
    const found = await formToFill(family.holderViewer, formId, null)
    const request = { ...step(formId), draftId: found?.draft?.id ?? '', revision: 1, version: 1 }
    expect(code(await sendDraft(family.holderViewer, request))).toBe('forms:incomplete')
  })
})

describe('sending', () => {
  test('the receipt leaves immediately, at night too: the person who sent it is awake', async () => {
    const formId = await aForm(clerk, 'diet')
    await setClock('2026-11-24T23:30:00+01:00')
    await send(family, formId, healthDiet(greta))
    const { owner } = await testDatabase()
    const receipt = await owner
      .selectFrom('outbox')
      .select('due_at')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('subject', '=', 'Domanda 1/2026 ricevuta')
      .executeTakeFirstOrThrow()
    expect(receipt.due_at?.toISOString()).toBe('2026-11-24T22:30:00.000Z')
  })

  test('gives a protocol number, a receipt, and a copy that never changes', async () => {
    const formId = await aForm(clerk, 'diet')
    const id = await send(family, formId, healthDiet(greta))
    const sent = await ownSubmission(family.holderViewer, id)
    expect(sent).toMatchObject({
      year: 2026,
      number: 1,
      state: 'submitted',
      about: 'Greta Albertini',
      submittedAt: new Date(NOON),
    })
    expect(sent?.milestones.map(({ kind }) => kind)).toEqual(['submitted'])
    expect(sent?.documents).toMatchObject([{ field: 'certificato', isKept: true }])
    const { owner } = await testDatabase()
    const mails = await owner
      .selectFrom('outbox')
      .selectAll()
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(mails.map(({ subject }) => subject)).toContain('Domanda 1/2026 ricevuta')
    expect(JSON.stringify(mails.map(({ subject, body_text }) => [subject, body_text]))).not.toMatch(
      /Greta|dieta|Glutine/i,
    )
    for (const change_ of [{ answers: '{}' }, { about: 'Altro' }, { protocol_number: 2 }, { shown: '[]' }]) {
      await expect(
        owner.updateTable('form_submission').set(change_).where('id', '=', id).execute(),
      ).rejects.toThrow(/does not change/)
    }
    await expect(owner.deleteFrom('form_submission').where('id', '=', id).execute()).rejects.toThrow(
      /never deleted/,
    )
    await expect(owner.deleteFrom('form_document').where('submission_id', '=', id).execute()).rejects.toThrow(
      /stays/,
    )
  })

  test('numbers have no holes: what was refused took none', async () => {
    const formId = await aForm(clerk, 'withdrawal')
    const other = await aHousehold(municipality)
    const theirs = await aPupil(municipality, other.householdId)
    await send(family, formId, leaving(greta, '2026-12-18'))
    const twice = await fill(family, formId, leaving(greta, '2026-12-19'))
    expect(code(await sendDraft(family.holderViewer, twice))).toBe('forms:already-sent')
    const id = await send(other, formId, leaving(theirs, '2026-12-18'))
    expect((await ownSubmission(other.holderViewer, id))?.number).toBe(2)
    await setClock('2026-12-31T23:00:00Z')
    const third = await aHousehold(municipality)
    const last = await send(
      third,
      formId,
      leaving(await aPupil(municipality, third.householdId), '2027-01-18'),
    )
    expect(await ownSubmission(third.holderViewer, last)).toMatchObject({ year: 2027, number: 1 })
  })

  test('the same draft sent twice is one request', async () => {
    const request = await fill(family, await aForm(clerk, 'diet'), ethicalDiet(greta))
    const first = done(await sendDraft(family.holderViewer, request))
    expect(await sendDraft(family.holderViewer, request)).toEqual({
      ok: true,
      value: { submissionId: first.submissionId, isNew: false },
    })
    expect((await formsFor(family.holderViewer))?.submissions).toHaveLength(1)
  })

  test('the window ends to the millisecond, by the database’s clock, and the draft stays', async () => {
    const closesAt = '2026-11-24T12:00:00.000Z'
    const formId = await aForm(clerk, 'diet', { closesAt })
    const request = await fill(family, formId, ethicalDiet(greta))
    await setClock(closesAt)
    const late = await sendDraft(family.holderViewer, request)
    expect(late).toMatchObject({ ok: false, code: 'forms:not-open', details: { why: 'expired' } })
    expect((await formToFill(family.holderViewer, formId, null))?.draft?.answers.motivo).toBe('etica')
    // What was begun can still be written on, so that nothing typed is lost; nothing new begins.
    done(await saveStep(family.holderViewer, step(formId, { revision: request.revision })))
    const other = await aHousehold(municipality)
    expect(
      code(await saveStep(other.holderViewer, { ...step(formId), householdId: other.householdId })),
    ).toBe('forms:not-open')
    await setClock('2026-11-24T11:59:59.999Z')
    const again = await fill(family, formId, ethicalDiet(greta))
    expect(code(await sendDraft(family.holderViewer, again))).toBe('accepted')
  })

  test('a form that was closed early takes nothing more, and says why', async () => {
    const formId = await aForm(clerk, 'diet')
    const request = await fill(family, formId, ethicalDiet(greta))
    await close(clerk, formId)
    expect(await sendDraft(family.holderViewer, request)).toMatchObject({
      details: { why: 'withdrawn' },
    })
    expect((await formToFill(family.holderViewer, formId, null))?.form.closedReason).toBe('Posti esauriti')
  })

  test('a form that changed meanwhile is read again; what was sent keeps its version', async () => {
    const formId = await aForm(clerk, 'diet')
    const sentId = await send(family, formId, ethicalDiet(greta))
    const other = await aHousehold(municipality)
    const request = await fill(other, formId, ethicalDiet(await aPupil(municipality, other.householdId)))
    await change(clerk, formId, { do: 'save-step', id: 'figlio', title: 'Il bambino', intro: '', when: null })
    expect((await formToFill(other.holderViewer, formId, null))?.form.version).toBe(1)
    done(await publishForm(clerk, await onScreen(clerk, formId)))
    expect(code(await sendDraft(other.holderViewer, request))).toBe('forms:form-changed')
    done(await sendDraft(other.holderViewer, { ...request, version: 2 }))
    expect((await ownSubmission(family.holderViewer, sentId))?.shown[0]?.title).toBe('Per chi è la dieta')
  })
})

describe('building', () => {
  test('a published version is frozen, for everybody', async () => {
    const formId = await aForm(clerk, 'diet')
    const { owner } = await testDatabase()
    await expect(
      owner
        .updateTable('online_form_version')
        .set({ definition: '{}' })
        .where('form_id', '=', formId)
        .execute(),
    ).rejects.toThrow(/frozen/)
    await change(clerk, formId, { do: 'add-step' })
    const form = await builtForm(clerk, formId)
    expect([form?.latest.number, form?.publishedVersion, form?.latest.definition.steps.length]).toEqual([
      2, 1, 5,
    ])
    expect((await officeForms(clerk))?.[0]).toMatchObject({ hasChanges: true, state: 'published' })
  })

  test('two clerks never overwrite each other', async () => {
    const { id } = done(await createForm(clerk, 'fare'))
    const at = await onScreen(clerk, id)
    done(await editForm(clerk, at, { do: 'add-step' }))
    expect(await editForm(clerk, at, { do: 'add-step' })).toMatchObject({ code: 'forms:edited-elsewhere' })
  })

  test('what is not ready, over before it begins, or already published is not published', async () => {
    const { id } = done(await createForm(clerk, 'other'))
    expect(code(await publishForm(clerk, await onScreen(clerk, id)))).toBe('forms:not-ready')
    const formId = await aForm(clerk, 'diet')
    expect(code(await publishForm(clerk, await onScreen(clerk, formId)))).toBe('forms:nothing-new')
    const form = await builtForm(clerk, formId)
    const window = { yearId: form?.latest.yearId ?? '', opensAt: new Date(NOON), closesAt: new Date(NOON) }
    expect(code(await editForm(clerk, await onScreen(clerk, formId), { do: 'add-step' }, window))).toBe(
      'forms:bad-window',
    )
  })

  test('is the operators’ and the manager’s; no other person finds it', async () => {
    const formId = await aForm(clerk, 'diet')
    const id = await send(family, formId, ethicalDiet(greta))
    expect(await builtForm(await aStaffViewer(municipality, 'manager'), formId)).not.toBeNull()
    const strangers = [
      await aStaffViewer(municipality, 'accountant'),
      await aStaffViewer(municipality, 'editor'),
      family.holderViewer,
      await aStaffViewer(await aMunicipality(), 'manager'),
    ]
    for (const viewer of strangers) {
      expect(await builtForm(viewer, formId)).toBeNull()
      expect(await queueOf(viewer, {}, formId)).toBeNull()
      expect((await queueToDownload(viewer, {})) === null).toBe(
        viewer.municipalityId === municipality.municipalityId,
      )
      expect(await reviewOf(viewer, formId, id)).toBeNull()
      expect(await submissionsToExport(viewer, formId)).toBeNull()
      expect(code(await takeSubmission(viewer, id))).toBe('request:not-found')
      expect(code(await createForm(viewer, 'diet'))).toBe(
        viewer.municipalityId === municipality.municipalityId ? 'request:not-found' : 'accepted',
      )
    }
  })
})

describe('the way of a request', () => {
  const asked = (id: string, dueOn = '2026-12-04') =>
    askIntegration(clerk, { id, words: 'Manca la seconda pagina.', dueOn })

  test('a request is taken, asked for more and answered in place, each a milestone with date and words', async () => {
    const formId = await aForm(clerk, 'diet')
    const id = await send(family, formId, healthDiet(greta))
    done(await takeSubmission(clerk, id))
    done(await asked(id))
    expect(await ownSubmission(family.holderViewer, id)).toMatchObject({
      state: 'integration',
      dueOn: '2026-12-04',
    })
    expect(
      code(await answerIntegration(family.holderViewer, { submissionId: id, words: '', files: [] })),
    ).toBe('forms:no-document')
    await setClock('2026-12-20T08:00:00Z')
    done(
      await answerIntegration(family.holderViewer, {
        submissionId: id,
        words: 'Eccola',
        files: [aPdf('seconda.pdf')],
      }),
    )
    const now = await ownSubmission(family.holderViewer, id)
    expect(now).toMatchObject({ state: 'in_review', dueOn: null })
    expect(now?.milestones.map(({ kind, words }) => [kind, words])).toEqual([
      ['submitted', ''],
      ['taken', ''],
      ['asked', 'Manca la seconda pagina.'],
      ['answered', 'Eccola'],
    ])
    expect(now?.documents).toHaveLength(2)
    expect(
      code(await answerIntegration(family.holderViewer, { submissionId: id, words: 'Ancora', files: [] })),
    ).toBe('forms:no-integration')
  })

  test('the day to answer by lies between tomorrow and sixty days', async () => {
    const id = await send(family, await aForm(clerk, 'diet'), ethicalDiet(greta))
    for (const [day, outcome] of [
      ['2026-11-24', 'forms:bad-due-day'],
      ['2026-11-25', 'accepted'],
      ['2027-01-23', 'accepted'],
      ['2027-01-24', 'forms:bad-due-day'],
    ] as const)
      expect(code(await asked(id, day)), day).toBe(outcome)
  })

  test('the family takes it back until it is decided; then the same may be asked again', async () => {
    const formId = await aForm(clerk, 'enrolment')
    const other = await aHousehold(municipality)
    const child = await aPupil(municipality, other.householdId, { to: '2026-11-01' })
    const typed = {
      figlio: { alunno: child },
      scuola: { scuola: municipality.school.id, dieta: 'no' },
      contatti: { email: 'a@example.it' },
      dichiarazioni: { vero: 'si', privacy: 'si' },
    }
    const id = await send(other, formId, typed)
    expect(code(await sendDraft(other.holderViewer, await fill(other, formId, typed)))).toBe(
      'forms:already-sent',
    )
    done(await withdrawSubmission(other.holderViewer, id))
    expect(await withdrawSubmission(other.holderViewer, id)).toMatchObject({
      code: 'forms:decided',
      details: { state: 'withdrawn' },
    })
    expect(code(await rejectSubmission(clerk, { id, reason: 'No' }))).toBe('forms:decided')
    await send(other, formId, typed)
  })

  test('a request is rejected with a reason that the family reads; the mail does not carry it', async () => {
    const id = await send(family, await aForm(clerk, 'fare'), reducedFare(greta))
    done(await rejectSubmission(clerk, { id, reason: 'L’ISEE è scaduto.' }))
    const now = await ownSubmission(family.holderViewer, id)
    expect([now?.state, now?.milestones.at(-1)?.words]).toEqual(['rejected', 'L’ISEE è scaduto.'])
    const { owner } = await testDatabase()
    const mails = await owner
      .selectFrom('outbox')
      .select('body_text')
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(JSON.stringify(mails)).toContain('non è stata accolta')
    expect(JSON.stringify(mails)).not.toContain('ISEE')
  })

  test('is given to a person of the office, never to any other person', async () => {
    const id = await send(family, await aForm(clerk, 'diet'), ethicalDiet(greta))
    const manager = await aStaffViewer(municipality, 'manager')
    expect(code(await assignSubmission(clerk, id, manager.personId))).toBe('accepted')
    expect(code(await assignSubmission(clerk, id, family.holder.personId))).toBe('request:not-found')
    expect(
      code(await assignSubmission(clerk, id, (await aStaffViewer(municipality, 'accountant')).personId)),
    ).toBe('request:not-found')
  })

  test('the queue finds by state, by name, by number and by whose it is', async () => {
    const formId = await aForm(clerk, 'diet')
    const id = await send(family, formId, ethicalDiet(greta))
    const find = async (params: SearchParams) =>
      (await queueOf(clerk, { stato: '', ...params }, formId))?.page.rows.map((line) => line.id)
    expect(await find({})).toEqual([id])
    expect(await find({ stato: 'da-decidere', cerca: 'greta alb' })).toEqual([id])
    expect(await find({ cerca: '1/2026' })).toEqual([id])
    expect(await find({ cerca: 'Moussa' })).toEqual([])
    expect(await find({ stato: 'accepted' })).toEqual([])
    expect(await find({ mie: 'si' })).toEqual([])
    await takeSubmission(clerk, id)
    expect(await find({ mie: 'si' })).toEqual([id])
  })
})

describe('health and income stay where they belong', () => {
  test('a document is its author’s, and the office’s once it was sent; the family reads who opened it', async () => {
    const formId = await aForm(clerk, 'diet')
    const request = await fill(family, formId, healthDiet(greta))
    const { owner } = await testDatabase()
    const { id } = await owner
      .selectFrom('form_document')
      .select('id')
      .where('draft_id', '=', request.draftId)
      .executeTakeFirstOrThrow()
    expect((await documentFor(family.holderViewer, id))?.name).toBe('certificato.pdf')
    expect(await documentFor(clerk, id)).toBeNull()
    const sent = done(await sendDraft(family.holderViewer, request))
    expect((await documentFor(clerk, id))?.mediaType).toBe('application/pdf')
    // A question without bytes reads none: it is not in what the family reads below.
    const facts = { name: 'certificato.pdf', mediaType: 'application/pdf' }
    expect(await documentFacts(clerk, id)).toEqual(facts)
    expect(await documentFacts(family.holderViewer, id)).toEqual(facts)
    const others = [
      await aDelegate(municipality, family.householdId),
      (await aHousehold(municipality)).holderViewer,
      await aStaffViewer(municipality, 'editor'),
      await aStaffViewer(municipality, 'accountant'),
      await aStaffViewer(await aMunicipality(), 'manager'),
    ]
    for (const viewer of others) {
      expect(await documentFor(viewer, id)).toBeNull()
      expect(await documentFacts(viewer, id)).toBeNull()
    }
    await reviewOf(clerk, formId, sent.submissionId)
    await submissionsToExport(clerk, formId)
    const read = (await dataAccesses(family.holderViewer))?.accesses
      .filter(({ by }) => by === 'ufficio')
      .map(({ action }) => action)
    expect(read?.sort()).toEqual(['forms.document-read', 'forms.exported', 'forms.request-read'])
  })

  test('with the application asleep the database shows no row of it to a delegate, a stranger or a public page, and no draft to the office', async () => {
    const formId = await aForm(clerk, 'diet')
    await send(family, formId, healthDiet(greta))
    await saveStep(family.holderViewer, step(formId))
    const delegate = await aDelegate(municipality, family.householdId)
    const stranger = (await aHousehold(municipality)).holderViewer
    const count = (scope: Scope, table: string) =>
      inEverySubject(
        scope,
        async (trx) => (await sql`select 1 from ${sql.table(table)}`.execute(trx)).rows.length,
      )
    const { municipalityId } = municipality
    for (const table of ['form_submission', 'form_event', 'form_document', 'form_draft']) {
      for (const { personId } of [delegate, stranger, clerk])
        expect(await count({ municipalityId, personId, audience: 'family' }, table), table).toBe(0)
      expect(await count({ municipalityId, audience: 'public' }, table)).toBe(0)
      expect(
        await count({ municipalityId, personId: family.holder.personId, audience: 'family' }, table),
      ).toBe(1)
    }
    expect(await count({ municipalityId, personId: clerk.personId, audience: 'staff' }, 'form_draft')).toBe(0)
    const forge = inEverySubject(
      { municipalityId, personId: family.holder.personId, audience: 'family' },
      async (trx) => {
        const changed = await sql`update enrolment set diet_code = 'D03'`.execute(trx)
        expect(Number(changed.numAffectedRows)).toBe(0)
        await sql`insert into enrolment (municipality_id, pupil_id, service_id, school_id, school_class_id, school_year_id, diet_code, valid_from, valid_to)
        select municipality_id, pupil_id, service_id, school_id, school_class_id, school_year_id, 'D03', valid_to + 1, valid_to + 2 from enrolment`.execute(
          trx,
        )
      },
    )
    await expect(forge).rejects.toThrow(/row-level security/)
  })

  test('the download of one’s own data has what was sent', async () => {
    await send(family, await aForm(clerk, 'diet'), healthDiet(greta))
    const text = JSON.stringify((await personalExport(family.holderViewer))?.sections)
    expect(text).toContain('Che cosa non può mangiare?')
    expect(text).toContain('certificato.pdf')
  })

  test('drafts, documents and answers are forgotten in time, and not before', async () => {
    const formId = await aForm(clerk, 'diet')
    const id = await send(family, formId, healthDiet(greta))
    await rejectSubmission(clerk, { id, reason: 'No' })
    await saveStep(family.holderViewer, step(formId))
    const left = async () => {
      const sent = await ownSubmission(family.holderViewer, id)
      return [
        (await formToFill(family.holderViewer, formId, null))?.draft !== null,
        sent?.documents[0]?.isKept,
        (sent?.shown.length ?? 0) > 0,
      ]
    }
    const days = (n: number, ms = 0) => new Date(Date.parse(NOON) + n * 86_400_000 + ms)
    await setClock(days(90))
    await forgetForms()
    expect(await left()).toEqual([true, true, true])
    await setClock(days(90, 1))
    await forgetForms()
    expect(await left()).toEqual([false, true, true])
    await setClock('2028-11-24T11:00:00.001Z')
    await forgetForms()
    expect(await left()).toEqual([false, false, true])
    await setClock('2031-11-24T11:00:00.001Z')
    await forgetForms()
    expect(await left()).toEqual([false, false, false])
    expect((await ownSubmission(family.holderViewer, id))?.number).toBe(1)
  })
})
