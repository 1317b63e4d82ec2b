import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { asStaff } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import type { Result } from '#lib/kernel/result.ts'
import { createKitchen, moveSchool, previewServing } from '#lib/kitchen/office/kitchen.commands.ts'
import { kitchenSheet } from '#lib/kitchen/office/kitchen.queries.ts'
import {
  type ColleagueAnswer,
  endColleagueRole,
  giveColleagueRoles,
  inviteColleague,
} from '#lib/people/office/colleague.commands.ts'
import { colleagueInput, type InvitedColleague, roleEndInput } from '#lib/people/office/colleague.input.ts'
import {
  colleagueForOffice,
  colleagueList,
  colleaguesToDownload,
  rolePlaces,
} from '#lib/people/office/colleague.queries.ts'
import { roleInWords } from '#lib/people/office/colleague.words.ts'
import { tellDaysOfRoles } from '#lib/people/office/role-notice.commands.ts'
import { sessionOf } from '#lib/session/session.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { done } from '#tests/support/forms.ts'
import { aCitizen, type Citizen, viewerNow } from '#tests/support/people.ts'

const KITCHEN = { name: 'Centro cottura', emails: ['cucina@example.it'], phone: '' }

let municipality: TestMunicipality
let manager: Viewer
let newcomer: Citizen

beforeEach(async () => {
  await setClock('2026-11-24T09:00:00+01:00')
  municipality = await aMunicipality()
  manager = await aStaffViewer(municipality, 'manager')
  newcomer = await aCitizen({ givenName: 'Marco' })
})

const asked = (given: Partial<Record<keyof InvitedColleague, unknown>> = {}): InvitedColleague =>
  colleagueInput.parse({
    fiscalCode: newcomer.fiscalCode,
    givenName: 'Marco',
    familyName: 'Albertini',
    birthDay: '',
    email: 'marco@example.it',
    roles: ['operator'],
    from: '2026-11-24',
    to: '',
    ...given,
  })

type Step<R> = (request: R) => Promise<Result<ColleagueAnswer>>

/** Both presses of a form. @returns what the first one showed, and what the second one answered */
async function bothPresses<R extends { intent: string; seen: string }>(step: Step<R>, request: R) {
  const shown = await step({ ...request, intent: 'preview', seen: '' })
  if (!shown.ok || !('preview' in shown.value)) return { lines: [], answer: shown }
  const { lines, seen } = shown.value.preview
  return { lines, answer: await step({ ...request, intent: 'confirm', seen }) }
}

const invite = (given: Parameters<typeof asked>[0] = {}, by = manager) =>
  bothPresses((request) => inviteColleague(by, request, municipality.slug), asked(given))

const end = (roleId: string, given: { end: string; lastDay?: string }, by = manager) =>
  bothPresses((request) => endColleagueRole(by, request), roleEndInput.parse({ roleId, ...given }))

const roleIdOf = async ({ personId }: Pick<Viewer, 'personId'>, role = 'manager'): Promise<string> => {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ id: string }>`select id from staff_member
    where municipality_id = ${municipality.municipalityId} and person_id = ${personId}::uuid and role = ${role}
    order by id desc limit 1`.execute(owner)
  return rows[0]?.id ?? ''
}

const managersNow = async (): Promise<number> => {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from active_staff_member
    where municipality_id = ${municipality.municipalityId} and role = 'manager'`.execute(owner)
  return rows[0]?.n ?? 0
}

const codeOf = (answer: Result<unknown>) => (answer.ok ? 'done' : answer.code)

describe('a manager who invites a colleague', () => {
  test('reads what happens, then the person of that fiscal code enters with the role', async () => {
    const { lines, answer } = await invite({ roles: ['operator', 'accountant'], to: '2027-06-30' })
    expect(lines).toEqual([
      'Marco Albertini, data di nascita 17/05/1985, non è ancora nell’anagrafe: entra con SPID o CIE di quel codice fiscale.',
      'Marco Albertini ha un ruolo: Operatrice o operatore, dal 24/11/2026 fino al 30/06/2027.',
      'Marco Albertini ha un ruolo: Contabile, dal 24/11/2026 fino al 30/06/2027.',
      'Parte un’e-mail a marco@example.it, con l’indirizzo da cui entrare.',
    ])
    expect(codeOf(answer)).toBe('done')
    const viewer = await viewerNow(municipality, newcomer)
    expect(viewer.staffRoles.toSorted()).toEqual(['accountant', 'operator'])
    expect(viewer.name).toBe('Marco Albertini')
  })

  test('sends the address by e-mail only where one was written', async () => {
    await invite()
    await invite({
      fiscalCode: (await aCitizen({ givenName: 'Anna', familyName: 'Neri' })).fiscalCode,
      givenName: 'Anna',
      familyName: 'Neri',
      email: '',
    })
    const { owner } = await testDatabase()
    const mails = await owner
      .selectFrom('outbox')
      .select(['recipient', 'subject', 'body_text'])
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(mails).toHaveLength(1)
    expect(mails[0]).toMatchObject({
      recipient: 'marco@example.it',
      subject: 'Un ruolo per te nel portale della mensa di Mozzecane',
    })
    expect(mails[0]?.body_text).toContain(`/admin/${municipality.slug}`)
    expect(mails[0]?.body_text).not.toContain(newcomer.fiscalCode)
  })

  test('is refused where the name is not that of the code, or of the person who is registered', async () => {
    expect(codeOf((await invite({ familyName: 'Bianchi' })).answer)).toBe('households:code-disagrees')
    await invite()
    const { answer } = await invite({ familyName: 'Bianchi', roles: ['accountant'] })
    expect(answer).toMatchObject({
      code: 'households:code-of-known',
      fields: { familyName: 'households:code-of-known' },
    })
  })

  test('is refused for a child, a minor, a past day and a role that the person has already', async () => {
    const household = await aHousehold(municipality)
    const pupilId = await aPupil(municipality, household.householdId)
    const { owner } = await testDatabase()
    const born = { givenName: 'Greta', familyName: 'Albertini', sex: 'F' as const }
    const childCode = makeFiscalCode({ ...born, birthDay: '2018-03-02' })
    await owner.updateTable('pupil').set({ fiscal_code: childCode }).where('id', '=', pupilId).execute()
    const minor = makeFiscalCode({ ...born, birthDay: '2010-03-02' })
    const name = { givenName: 'Greta', familyName: 'Albertini' }
    expect(codeOf((await invite({ ...name, fiscalCode: childCode })).answer)).toBe('households:is-pupil')
    expect(codeOf((await invite({ ...name, fiscalCode: minor })).answer)).toBe('colleagues:minor')
    expect(codeOf((await invite({ from: '2026-11-23' })).answer)).toBe('colleagues:begins-before-today')
    expect(codeOf((await invite({ to: '2026-11-23' })).answer)).toBe('colleagues:ends-before-it-begins')
    await invite()
    expect(codeOf((await invite({ from: '2026-12-01' })).answer)).toBe('colleagues:has-role')
    expect((await colleagueList(manager, {}))?.page.total).toBe(2)
  })

  test('is asked to read again where what was shown is no longer so', async () => {
    const shown = await inviteColleague(manager, asked(), municipality.slug)
    if (!shown.ok || !('preview' in shown.value)) throw new Error('no preview')
    const { seen } = shown.value.preview
    await invite({ roles: ['editor'] })
    const late = await inviteColleague(manager, { ...asked(), intent: 'confirm', seen }, municipality.slug)
    expect(codeOf(late)).toBe('colleagues:preview-changed')
  })

  test('gives a role for one class or one school of this municipality, and of no other', async () => {
    const elsewhere = await aMunicipality()
    const { id: schoolId, classId } = municipality.school
    const roles = [`teacher:${classId}`, `kitchen:${schoolId}`, `school_office:${schoolId}`]
    expect(codeOf((await invite({ roles })).answer)).toBe('done')
    const { personId } = await viewerNow(municipality, newcomer)
    const found = await colleagueForOffice(manager, personId)
    expect(found?.colleague.roles.map(({ role }) => role).toSorted()).toEqual([
      'kitchen',
      'school_office',
      'teacher',
    ])
    expect(found?.colleague.roles.map(roleInWords).some((words) => words.startsWith('Insegnante, '))).toBe(
      true,
    )
    for (const place of [`teacher:${elsewhere.school.classId}`, `teacher:${schoolId}`, `kitchen:${classId}`])
      expect(codeOf((await invite({ roles: [place], from: '2027-01-01' })).answer)).toBe(
        'colleagues:place-unknown',
      )
    expect(
      (await rolePlaces(manager))?.schools.map(({ id, classes }) => [id, classes.map((one) => one.id)]),
    ).toEqual([[schoolId, [classId]]])
  })
})

describe('the role of a kitchen', () => {
  test('is given for one kitchen of this municipality, with the schools that it serves, and for no kitchen of another', async () => {
    const { kitchenId } = done(await createKitchen(manager, KITCHEN))
    const asked = { kitchenId, schoolId: municipality.school.id, from: '2026-11-24', to: '' }
    const { seen } = done(await previewServing(manager, asked))
    done(await moveSchool(manager, asked, seen.fingerprint))
    expect((await rolePlaces(manager))?.kitchens).toEqual([
      { id: kitchenId, name: 'Centro cottura', serves: [expect.any(String)] },
    ])
    const { lines, answer } = await invite({ roles: [`kitchen:${kitchenId}`] })
    expect(lines[1]).toBe(
      'Marco Albertini ha un ruolo: Cucina, Centro cottura, dal 24/11/2026, senza una fine.',
    )
    expect(codeOf(answer)).toBe('done')
    const again = await invite({ roles: [`kitchen:${kitchenId}`], from: '2026-12-01' })
    expect(codeOf(again.answer)).toBe('colleagues:has-role')
    const { personId } = await viewerNow(municipality, newcomer)
    expect((await colleagueForOffice(manager, personId))?.colleague.roles).toMatchObject([
      { role: 'kitchen', kitchenId, kitchenName: 'Centro cottura', schoolId: null },
    ])
    expect((await kitchenSheet(manager, kitchenId))?.people).toEqual([{ personId, name: 'Marco Albertini' }])
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    const strange = done(await createKitchen(elsewhere, KITCHEN)).kitchenId
    for (const role of [`kitchen:${strange}`, `school_office:${kitchenId}`, `teacher:${kitchenId}`])
      expect(codeOf((await invite({ roles: [role], from: '2027-01-01' })).answer)).toBe(
        'colleagues:place-unknown',
      )
    await expect(
      asStaff(manager, (trx) =>
        sql`select give_staff_role(${manager.personId}::uuid, 'kitchen', null, null, ${strange}::uuid, '2026-11-24', null)`.execute(
          trx,
        ),
      ),
    ).rejects.toThrow(/foreign key/)
  })

  test('ends like any other, and the kitchen’s page names its people no more', async () => {
    const { kitchenId } = done(await createKitchen(manager, KITCHEN))
    await invite({ roles: [`kitchen:${kitchenId}`] })
    const id = await roleIdOf(await viewerNow(municipality, newcomer), 'kitchen')
    const { lines } = await end(id, { end: 'now' })
    expect(lines[0]).toBe(
      'Marco Albertini non è più: Cucina, Centro cottura. Vale da subito, anche per le pagine già aperte.',
    )
    expect((await kitchenSheet(manager, kitchenId))?.people).toEqual([])
  })
})

describe('a teacher’s role', () => {
  test('ends with the school year of its class, and goes no further', async () => {
    const roles = [`teacher:${municipality.school.classId}`]
    const { lines, answer } = await invite({ roles })
    expect(lines[1]).toMatch(/^Marco Albertini ha un ruolo: Insegnante, 3A, .* fino al 31\/08\/2027\.$/)
    expect(codeOf(answer)).toBe('done')
    const viewer = await viewerNow(municipality, newcomer)
    const id = await roleIdOf(viewer, 'teacher')
    for (const given of [{ end: 'never' }, { end: 'day', lastDay: '2027-09-01' }])
      expect(codeOf((await end(id, given)).answer)).toBe('colleagues:year-ends')
    expect(codeOf((await end(id, { end: 'day', lastDay: '2027-06-30' })).answer)).toBe('done')
    const late = await giveColleagueRoles(manager, {
      ...{ personId: viewer.personId, intent: 'preview' as const, seen: '', from: '2027-09-01', to: null },
      roles: [{ role: 'teacher', place: municipality.school.classId }],
    })
    expect(codeOf(late)).toBe('colleagues:year-ends')
  })

  test('is kept to its year by the database alone', async () => {
    await expect(
      asStaff(manager, (trx) =>
        sql`select give_staff_role(${manager.personId}::uuid, 'teacher', ${municipality.school.id}::uuid,
          ${municipality.school.classId}::uuid, null, '2026-11-24', '2027-09-01')`.execute(trx),
      ),
    ).rejects.toThrow(/ends with the year of its class/)
    await invite({ roles: [`teacher:${municipality.school.classId}`] })
    const id = await roleIdOf(await viewerNow(municipality, newcomer), 'teacher')
    await expect(
      asStaff(manager, (trx) => sql`select end_staff_role(${id}::uuid, null, false)`.execute(trx)),
    ).rejects.toThrow(/ends with the year of its class/)
  })
})

describe('a colleague is told', () => {
  const subjects = async () => {
    const { owner } = await testDatabase()
    const mails = await owner
      .selectFrom('outbox')
      .select(['subject', 'body_text'])
      .where('municipality_id', '=', municipality.municipalityId)
      .orderBy('id')
      .execute()
    return mails.map(({ subject }) => subject).slice(1)
  }
  const NAME = 'nel portale della mensa di Mozzecane'

  beforeEach(async () => {
    const { owner } = await testDatabase()
    await owner
      .updateTable('municipality')
      .set({ active: false })
      .where('id', '<>', municipality.municipalityId)
      .execute()
  })

  test('when a role begins, thirty days before it ends and when it has ended, once each', async () => {
    await invite({ from: '2026-11-26', to: '2027-06-30' })
    const told: string[][] = []
    for (const day of ['2026-11-25', '2026-11-26', '2027-05-30', '2027-05-31', '2027-06-30', '2027-07-01']) {
      await setClock(`${day}T09:00:00+02:00`)
      await tellDaysOfRoles()
      await tellDaysOfRoles()
      told.push(await subjects())
    }
    const begins = `Da oggi lavori ${NAME}`
    const soon = `Il tuo ruolo ${NAME} sta per finire`
    expect(told).toEqual([
      ...[[], [begins], [begins], [begins, soon], [begins, soon]],
      [begins, soon, `Il tuo ruolo ${NAME} è finito`],
    ])
  })

  test('of an end that was moved again, and of one that did not wait', async () => {
    await invite({ to: '2027-06-30' })
    await setClock('2027-06-10T09:00:00+02:00')
    await tellDaysOfRoles()
    const id = await roleIdOf(await viewerNow(municipality, newcomer), 'operator')
    await end(id, { end: 'day', lastDay: '2027-07-05' })
    await tellDaysOfRoles()
    await end(id, { end: 'now' })
    await tellDaysOfRoles()
    const soon = `Il tuo ruolo ${NAME} sta per finire`
    expect(await subjects()).toEqual([soon, soon, `Il tuo ruolo ${NAME} è finito`])
  })
})

describe('a role that ends', () => {
  test('immediately leaves the colleague outside at the next click of the same session', async () => {
    await invite()
    const viewer = await viewerNow(municipality, newcomer)
    const { lines, answer } = await end(await roleIdOf(viewer, 'operator'), { end: 'now' })
    expect(lines[0]).toBe(
      'Marco Albertini non è più: Operatrice o operatore. Vale da subito, anche per le pagine già aperte.',
    )
    expect(codeOf(answer)).toBe('done')
    expect((await sessionOf(newcomer.token, municipality.slug))?.viewer?.staffRoles).toEqual([])
    // Also where a page still holds the viewer of before: the database asks again whose roles count.
    const seen = await asStaff(viewer, (trx) => sql`select from household_member`.execute(trx))
    const audience = await asStaff(viewer, (trx) =>
      sql<{ a: string }>`select app_audience() as a`.execute(trx),
    )
    expect([seen.rows.length, audience.rows[0]?.a]).toEqual([0, 'public'])
  })

  test('after a day goes on to its end, and can go on longer', async () => {
    await invite()
    const viewer = await viewerNow(municipality, newcomer)
    const id = await roleIdOf(viewer, 'operator')
    expect(codeOf((await end(id, { end: 'day', lastDay: '2026-11-23' })).answer)).toBe(
      'colleagues:ends-before-today',
    )
    expect(codeOf((await end(id, { end: 'day', lastDay: '2026-11-30' })).answer)).toBe('done')
    expect(codeOf((await end(id, { end: 'day', lastDay: '2026-11-30' })).answer)).toBe('colleagues:same-end')
    expect(codeOf((await end(id, { end: 'day', lastDay: '2026-12-01' })).answer)).toBe('done')
    await setClock('2026-12-01T23:59:00+01:00')
    expect((await viewerNow(municipality, newcomer)).staffRoles).toEqual(['operator'])
    await setClock('2026-12-02T00:00:00+01:00')
    expect((await viewerNow(municipality, newcomer)).staffRoles).toEqual([])
    expect(codeOf((await end(id, { end: 'never' })).answer)).toBe('colleagues:role-over')
    expect((await colleagueList(manager, {}))?.page.total).toBe(1)
    expect((await colleagueList(manager, { stato: 'prima' }))?.page.total).toBe(1)
  })

  test('is written in the register, with who gave and who ended it', async () => {
    await invite()
    const { personId } = await viewerNow(municipality, newcomer)
    await end(await roleIdOf({ personId }, 'operator'), { end: 'now' })
    const { owner } = await testDatabase()
    const events = await owner
      .selectFrom('audit_event')
      .select(['action', 'person_id', 'object_id'])
      .where('municipality_id', '=', municipality.municipalityId)
      .where('object_type', '=', 'staff')
      .orderBy('id')
      .execute()
    expect(events).toEqual(
      ['staff:role-given', 'staff:role-ended'].map((action) => ({
        action,
        person_id: manager.personId,
        object_id: personId,
      })),
    )
  })
})

describe('the last manager', () => {
  test('cannot leave, now or on a day, while no other stays without an end', async () => {
    const own = await roleIdOf(manager)
    expect(codeOf((await end(own, { end: 'now' })).answer)).toBe('colleagues:last-manager')
    expect(codeOf((await end(own, { end: 'day', lastDay: '2027-06-30' })).answer)).toBe(
      'colleagues:last-manager',
    )
    await invite({ roles: ['manager'], from: '2026-12-01' })
    expect(codeOf((await end(own, { end: 'now' })).answer)).toBe('colleagues:last-manager')
    expect(codeOf((await end(own, { end: 'day', lastDay: '2026-11-29' })).answer)).toBe(
      'colleagues:last-manager',
    )
    expect(codeOf((await end(own, { end: 'day', lastDay: '2026-11-30' })).answer)).toBe('done')
  })

  test('stays where the other one has an end', async () => {
    await invite({ roles: ['manager'], to: '2027-06-30' })
    expect(codeOf((await end(await roleIdOf(manager), { end: 'now' })).answer)).toBe(
      'colleagues:last-manager',
    )
  })

  test('is kept by the database alone, whoever asks it', async () => {
    const own = await roleIdOf(manager)
    const endNow = (viewer: Viewer) =>
      asStaff(viewer, async (trx) => {
        const { rows } = await sql<{ outcome: string }>`
          select end_staff_role(${own}::uuid, null, true) as outcome`.execute(trx)
        return rows[0]?.outcome
      })
    expect(await endNow(manager)).toBe('last-manager')
    for (const role of ['operator', 'accountant', 'editor', 'teacher'] as const)
      await expect(endNow(await aStaffViewer(municipality, role))).rejects.toThrow('only a manager')
    expect(await endNow(await aStaffViewer(await aMunicipality(), 'manager'))).toBe('gone')
    await expect(
      asStaff(manager, (trx) => sql`update staff_member set ended_at = app_now()`.execute(trx)),
    ).rejects.toThrow('permission denied')
    expect(await managersNow()).toBe(1)
  })

  test('is one of two managers who end each other in the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      municipality = await aMunicipality()
      const [one, other] = [
        await aStaffViewer(municipality, 'manager'),
        await aStaffViewer(municipality, 'manager'),
      ]
      const [ofOne, ofOther] = [await roleIdOf(one), await roleIdOf(other)]
      const press = async (by: Viewer, roleId: string) => {
        const request = roleEndInput.parse({ roleId, end: 'now' })
        const shown = await endColleagueRole(by, request)
        if (!shown.ok || !('preview' in shown.value)) throw new Error('no preview')
        return { ...request, intent: 'confirm' as const, seen: shown.value.preview.seen }
      }
      const requests = [await press(one, ofOther), await press(other, ofOne)] as const
      const answers = await Promise.all([
        endColleagueRole(one, requests[0]),
        endColleagueRole(other, requests[1]),
      ])
      expect(answers.map(codeOf).toSorted()).toEqual(['done', 'request:not-found'])
      expect(await managersNow()).toBe(1)
    }
  })
})

describe('colleagues', () => {
  test('are for the managers of the municipality alone', async () => {
    const role = await roleIdOf(manager)
    const others = [
      ...(await Promise.all(
        (['operator', 'accountant', 'editor', 'reader', 'kitchen', 'school_office', 'teacher'] as const).map(
          (one) => aStaffViewer(municipality, one),
        ),
      )),
      await aStaffViewer(await aMunicipality(), 'manager'),
    ]
    for (const viewer of others) {
      expect(codeOf((await end(role, { end: 'now' }, viewer)).answer)).toBe('request:not-found')
      expect(await colleagueForOffice(viewer, manager.personId)).toBeNull()
      if (viewer.municipalityId !== municipality.municipalityId) continue
      expect(await colleagueList(viewer, {})).toBeNull()
      expect(await colleaguesToDownload(viewer, {})).toBeNull()
      expect(await rolePlaces(viewer)).toBeNull()
      expect(codeOf((await invite({}, viewer)).answer)).toBe('request:not-found')
      const more = { personId: manager.personId, roles: asked().roles, from: '2026-11-24', to: null }
      expect(codeOf(await giveColleagueRoles(viewer, { ...more, intent: 'preview', seen: '' }))).toBe(
        'request:not-found',
      )
    }
  })

  test('get one more role from their own page', async () => {
    await invite()
    const { personId } = await viewerNow(municipality, newcomer)
    const { lines, answer } = await bothPresses((request) => giveColleagueRoles(manager, request), {
      ...{ personId, roles: asked({ roles: ['manager'] }).roles, from: '2026-11-24', to: null },
      ...{ intent: 'preview' as 'preview' | 'confirm', seen: '' },
    })
    expect(lines).toEqual(['Marco Albertini ha un ruolo: Responsabile, dal 24/11/2026, senza una fine.'])
    expect(codeOf(answer)).toBe('done')
    expect((await viewerNow(municipality, newcomer)).staffRoles.toSorted()).toEqual(['manager', 'operator'])
  })
})
