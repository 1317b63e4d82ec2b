import { beforeEach, describe, expect, test } from 'vitest'
import { asFamily } from '#db/client.ts'
import { enterSubject } from '#db/subjects.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { formsFor } from '#lib/forms/form.queries.ts'
import { formToFill } from '#lib/forms/form-draft.queries.ts'
import { advanceBatches, confirmBatch, prepareBatch } from '#lib/forms/office/batch.commands.ts'
import { batchOf } from '#lib/forms/office/batch.queries.ts'
import { ownSubmission } from '#lib/forms/submission.queries.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { apply, askForLink } from '#lib/people/applicant.commands.ts'
import { ownLinkRequests } from '#lib/people/applicant.queries.ts'
import { acceptLink, previewLink, refuseLink } from '#lib/people/office/link-request.commands.ts'
import { linkRequestOf, linkRequests, waitingLinks } from '#lib/people/office/link-request.queries.ts'
import { sessionOf, viewerOf } from '#lib/session/session.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, code, DECLARED, done, send } from '#tests/support/forms.ts'
import { aCitizen, type Citizen } from '#tests/support/people.ts'

let municipality: TestMunicipality
let clerk: Viewer
let stranger: Citizen

beforeEach(async () => {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  clerk = await aStaffViewer(municipality, 'operator')
  stranger = await aCitizen({ givenName: 'Nadia', familyName: 'Ferri' })
})

const applied = () =>
  apply(stranger.session, municipality.slug, { fiscalCode: stranger.fiscalCode, email: 'nadia@example.it' })

/** What a request of this citizen knows, read as each request reads it. */
async function factsNow() {
  const facts = await sessionOf(stranger.token, municipality.slug)
  if (!facts) throw new Error('no session')
  return facts
}

async function applicantNow(): Promise<Viewer> {
  const { applicant } = await factsNow()
  if (!applicant) throw new Error('no applicant')
  return applicant
}

const asHousehold = (viewer: Viewer): Household => ({
  householdId: viewer.memberships[0]?.householdId ?? '',
  accountId: '',
  holder: { personId: viewer.personId, citizenId: viewer.citizenId, fiscalCode: '' },
  holderViewer: viewer,
})

const newChild = () => ({
  figlio: {
    alunno: 'nuovo',
    nome: 'Anna',
    cognome: 'Ferri',
    nascita: '2020-02-03',
    'codice-fiscale': makeFiscalCode({
      givenName: 'Anna',
      familyName: 'Ferri',
      birthDay: '2020-02-03',
      sex: 'F',
    }),
  },
  scuola: { scuola: municipality.school.id, dieta: 'no' },
  contatti: { email: 'nadia@example.it' },
  ...DECLARED,
})

describe('a person whom the municipality does not know', () => {
  test('may ask only with the own code, after SPID or CIE itself, and where the municipality is open', async () => {
    expect(
      code(
        await apply(stranger.session, municipality.slug, {
          fiscalCode: (await aCitizen()).fiscalCode,
          email: 'a@example.it',
        }),
      ),
    ).toBe('applicant:other-code')
    const bySequence = await apply({ ...stranger.session, openedWith: 'sequence' }, municipality.slug, {
      fiscalCode: stranger.fiscalCode,
      email: 'a@example.it',
    })
    expect(code(bySequence)).toBe('applicant:identity-first')
    const { owner } = await testDatabase()
    await owner
      .updateTable('municipality')
      .set({ opens_on: null })
      .where('id', '=', municipality.municipalityId)
      .execute()
    expect(code(await applied())).toBe('request:not-found')
  })

  test('gets the room of the forms and no role: no page finds a viewer, no row of another family is seen', async () => {
    const family = await aHousehold(municipality)
    await aPupil(municipality, family.householdId)
    done(await applied())
    done(await applied())
    const facts = await factsNow()
    expect(viewerOf(facts)).toBeNull()
    expect(facts.viewer?.memberships).toEqual([])
    expect(facts.applicant?.memberships).toMatchObject([{ role: 'applicant' }])
    const seen = await asFamily(facts.applicant as Viewer, async (trx) => {
      await enterSubject(trx, 'submissions')
      const count = async (
        table:
          | 'pupil'
          | 'enrolment'
          | 'account'
          | 'household'
          | 'person'
          | 'household_member'
          | 'form_submission',
      ) =>
        Number(
          (
            await trx
              .selectFrom(table)
              .select((eb) => eb.fn.countAll().as('n'))
              .executeTakeFirstOrThrow()
          ).n,
        )
      return {
        pupils: await count('pupil'),
        enrolments: await count('enrolment'),
        accounts: await count('account'),
        members: await count('household_member'),
        households: await count('household'),
        people: await count('person'),
      }
    })
    expect(seen).toEqual({ pupils: 0, enrolments: 0, accounts: 0, members: 0, households: 1, people: 1 })
  })

  test('finds the forms that enrol a new child, and no other', async () => {
    const [enrolment, diet] = [await aForm(clerk, 'enrolment'), await aForm(clerk, 'diet')]
    done(await applied())
    const applicant = await applicantNow()
    expect((await formsFor(applicant))?.open.map(({ id }) => id)).toEqual([enrolment])
    expect(await formToFill(applicant, diet, null)).toBeNull()
  })

  test('sends a request that the office accepts with others: then the person is the holder, and inside', async () => {
    const formId = await aForm(clerk, 'enrolment')
    done(await applied())
    const applicant = await applicantNow()
    const id = await send(asHousehold(applicant), formId, newChild())
    expect((await ownSubmission(applicant, id))?.state).toBe('submitted')
    const batch = done(
      await prepareBatch(clerk, { kind: 'accept', which: [id], classId: null, words: '', dueOn: null }),
    )
    while ((await advanceBatches()) > 0);
    const preview = await batchOf(clerk, batch.id, { outcome: '', page: 1 })
    expect(preview?.effects).toMatchObject({ enters: 1, admits: 1 })
    expect(preview?.lines[0]?.words).toContain('Nadia Ferri entra nel portale come intestatario')
    done(await confirmBatch(clerk, batch.id))
    while ((await advanceBatches()) > 0);
    const facts = await factsNow()
    expect(viewerOf(facts)?.memberships).toMatchObject([{ role: 'holder' }])
    expect(facts.applicant).toBeUndefined()
    expect(code(await applied())).toBe('applicant:known')
  })

  test('is over after half a year, and may begin again', async () => {
    done(await applied())
    await setClock('2027-05-30T07:00:00Z')
    expect((await factsNow()).applicant).toBeUndefined()
    done(await applied())
    expect((await factsNow()).applicant).toBeDefined()
  })
})

describe('a request to be linked to a child', () => {
  let family: Household
  let greta: string

  beforeEach(async () => {
    family = await aHousehold(municipality)
    greta = await aPupil(municipality, family.householdId, { name: 'Greta' })
  })

  const asked = (given: { childCode?: string | null; childClass?: string; childGivenName?: string } = {}) =>
    askForLink(stranger.session, municipality.slug, {
      fiscalCode: stranger.fiscalCode,
      email: 'nadia@example.it',
      childGivenName: 'Greta',
      childFamilyName: 'Albertini',
      childCode: null,
      childClass: '1A',
      words: 'Sono la mamma',
      ...given,
    })
  const waiting = async () => (await linkRequests(clerk))?.[0]?.id ?? ''

  test('is answered the same whether there is such a child or not', async () => {
    expect(await asked()).toEqual(await asked({ childGivenName: 'Nessuno', childCode: '12345678903' }))
    expect(code(await asked({ childClass: '', childCode: null }))).toBe('applicant:code-or-class')
    expect(code(await asked({ childCode: stranger.fiscalCode }))).toBe('applicant:own-code')
  })

  test('makes the person a delegate of that one child as previewed, and tells the holder and the person', async () => {
    const sofia = await aPupil(municipality, family.householdId, { name: 'Sofia' })
    done(await asked())
    expect(await waitingLinks(clerk)).toBe(1)
    const id = await waiting()
    expect((await linkRequestOf(clerk, id))?.candidates.map(({ pupilId }) => pupilId)).toEqual([greta])
    const { seen, lines } = done(await previewLink(clerk, { id, pupilId: greta }))
    expect(lines[0]).toContain('diventa delegato per Greta Albertini')
    expect(code(await acceptLink(clerk, { id, pupilId: greta, seen: 'altro' }))).toBe('link:preview-changed')
    done(await acceptLink(clerk, { id, pupilId: greta, seen }))
    done(await acceptLink(clerk, { id, pupilId: greta, seen }))
    const viewer = viewerOf(await factsNow())
    expect(viewer?.memberships).toMatchObject([{ role: 'delegate', pupilIds: [greta] }])
    expect(viewer?.memberships[0]?.pupilIds).not.toContain(sofia)
    const { owner } = await testDatabase()
    const told = await owner
      .selectFrom('notification')
      .select('title')
      .where('person_id', '=', family.holder.personId)
      .execute()
    expect(told.map(({ title }) => title)).toEqual(['Nadia Ferri è ora delegato per un tuo figlio'])
    const mails = await owner
      .selectFrom('outbox')
      .select('subject')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('recipient', '=', 'nadia@example.it')
      .execute()
    expect(mails).toHaveLength(1)
  })

  test('of two colleagues is decided once, and the second is told by whom', async () => {
    done(await asked())
    const id = await waiting()
    const manager = await aStaffViewer(municipality, 'manager')
    const { seen } = done(await previewLink(manager, { id, pupilId: greta }))
    done(await refuseLink(clerk, { id, reason: 'Chiedi all’altro genitore di invitarti.' }))
    expect(await acceptLink(manager, { id, pupilId: greta, seen })).toMatchObject({
      code: 'link:decided',
      details: { who: 'Ufficio Conti' },
    })
    expect(viewerOf(await factsNow())).toBeNull()
    expect(await ownLinkRequests(municipality.municipalityId, stranger.citizenId)).toMatchObject([
      { state: 'refused', reason: 'Chiedi all’altro genitore di invitarti.' },
    ])
  })

  test('is no matter of other roles, of families or of another municipality', async () => {
    done(await asked())
    const id = await waiting()
    const viewers = [
      await aStaffViewer(municipality, 'accountant'),
      await aStaffViewer(municipality, 'editor'),
      family.holderViewer,
      await aStaffViewer(await aMunicipality(), 'manager'),
    ]
    for (const viewer of viewers) {
      expect(await linkRequestOf(viewer, id)).toBeNull()
      expect(code(await previewLink(viewer, { id, pupilId: greta }))).toBe('request:not-found')
      expect(code(await refuseLink(viewer, { id, reason: 'No' }))).toBe('request:not-found')
    }
    const rows = await asFamily(family.holderViewer, (trx) =>
      trx.selectFrom('link_request').selectAll().execute(),
    )
    expect(rows).toEqual([])
  })
})
