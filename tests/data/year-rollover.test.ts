import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import {
  endEnrolment,
  movePupils,
  previewEnd,
  previewMove,
} from '#lib/people/office/enrolment-change.commands.ts'
import type { RolloverFilter } from '#lib/school/office/rollover.address.ts'
import {
  previewRollover,
  previewRolloverUndoing,
  rollOver,
  undoRollover,
} from '#lib/school/office/rollover.commands.ts'
import { rolloverPage, rolloverPupils } from '#lib/school/office/rollover.queries.ts'
import { pupilsWith } from '#lib/school/office/rollover.ts'
import {
  decideClasses,
  decidePupils,
  makeMissingClasses,
  saveRules,
} from '#lib/school/office/rollover-draft.commands.ts'
import { confirmRollover, runDueRollovers, stopRollover } from '#lib/school/office/rollover-work.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  anAbsence,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  ledgerFaults,
  type School,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, code, done } from '#tests/support/forms.ts'
import { aPaidTopUp } from '#tests/support/money.ts'
import fc, { atLength } from '#tests/support/random.ts'
import {
  aClass,
  aNextYear,
  begun,
  classNamed,
  enrolledIn,
  everyRowOf,
  rolledOver,
  undone,
} from '#tests/support/rollover.ts'

const JULY = '2027-07-05T08:00:00Z'
const OLD_DAY = '2027-05-24'
const NEW_DAY = '2027-09-14'

let municipality: TestMunicipality
let family: Household
let clerk: Viewer
let manager: Viewer
let fifth: School
let yearId: string

beforeEach(async () => {
  await setClock(JULY)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  clerk = await aStaffViewer(municipality, 'operator')
  manager = await aStaffViewer(municipality, 'manager')
  fifth = await aClass(municipality, '5A')
  await aClass(municipality, '4A')
  yearId = await aNextYear(manager)
})

afterEach(async () => {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', '=', municipality.municipalityId)
    .execute()
})

const aChild = (
  name: string,
  given: { school?: School; diet?: string; to?: string; household?: string } = {},
) => aPupil(municipality, given.household ?? family.householdId, { name, ...given })

const every: RolloverFilter = { outcome: null, classId: null, page: 1 }

const listed = async (filter: RolloverFilter = every) => {
  const found = await rolloverPupils(clerk, filter)
  if (!found || found === 'not-begun') throw new Error('no roll-over')
  return found
}

const outcomes = async () =>
  Object.fromEntries(
    (await listed()).pupils.map(({ pupilId, outcome, why }) => [pupilId, `${outcome} ${why}`]),
  )

const revisionNow = async () => (await rolloverPage(clerk))?.run?.revision ?? 0

const decide = async (
  rolloverId: string,
  decision: 'rule' | 'goes' | 'class' | 'leaves',
  pupils: string[],
  toClassId = '',
) => decidePupils(clerk, { rolloverId, revision: await revisionNow(), decision, toClassId, pupils })

describe('the pupils of a school year', () => {
  test('go up by the names of their classes, the last grade leaves, and the old year stays as it was', async () => {
    const [greta, leaver] = [await aChild('Greta'), await aChild('Elia', { school: fifth })]
    const gone = await aChild('Nino', { to: '2027-03-01' })
    const before = await enrolledIn(municipality, municipality.schoolYearId)
    const rolloverId = await begun(clerk, yearId)
    expect(await outcomes()).toEqual({
      [greta]: 'moves class',
      [leaver]: 'leaves last-grade',
      [gone]: 'left ended',
    })
    const { lines } = done(await previewRollover(clerk, rolloverId))
    expect(lines[0]).toBe('Dal 2026/2027 al 2027/2028: 1 iscrizione passa all’anno nuovo.')
    expect(await rolledOver(clerk, rolloverId)).toBe(1)
    expect(await enrolledIn(municipality, yearId)).toEqual({ [greta]: '4A STD 2027-09-13 2028-06-03' })
    expect(await enrolledIn(municipality, municipality.schoolYearId)).toEqual(before)
    const page = await rolloverPage(clerk)
    expect(page?.run?.doneBy).toBe('Ufficio Conti')
    expect(page?.preview && pupilsWith(page.preview, 'moves')).toBe(1)
    expect((await outcomes())[leaver]).toBe('leaves last-grade')
  })

  test('keep an accepted enrolment of the new year as it is', async () => {
    const greta = await aChild('Greta')
    const { owner } = await testDatabase()
    await sql`insert into enrolment (municipality_id, pupil_id, service_id, school_id, school_class_id, school_year_id, diet_code, valid_from, valid_to)
      values (${municipality.municipalityId}, ${greta}, ${municipality.serviceId}, ${municipality.school.id},
        ${await classNamed(municipality, yearId, '5A')}, ${yearId}, 'D03', '2027-10-01', '2028-05-01')`.execute(
      owner,
    )
    const other = await aChild('Nino')
    const rolloverId = await begun(clerk, yearId)
    await rolledOver(clerk, rolloverId)
    expect(await enrolledIn(municipality, yearId)).toEqual({
      [greta]: '5A D03 2027-10-01 2028-05-01',
      [other]: '4A STD 2027-09-13 2028-06-03',
    })
  })

  test('are set apart where nothing says where they go, and go when the office decides', async () => {
    const sunflowers = await aClass(municipality, 'Girasoli')
    const [nino, lia, ada] = [
      await aChild('Nino', { school: sunflowers }),
      await aChild('Lia', { school: sunflowers }),
      await aChild('Ada'),
    ]
    const rolloverId = await begun(clerk, yearId)
    expect((await outcomes())[nino]).toBe('apart no-class')
    const fourth = await classNamed(municipality, yearId, '4A')
    const third = await classNamed(municipality, yearId, '3A')
    done(
      await decideClasses(clerk, {
        ...{ rolloverId, revision: await revisionNow() },
        to: [{ classId: sunflowers.classId, toClassId: fourth, leaves: false }],
      }),
    )
    done(await decide(rolloverId, 'class', [lia], third))
    done(await decide(rolloverId, 'leaves', [ada]))
    expect(await outcomes()).toEqual({
      [nino]: 'moves class',
      [lia]: 'moves chosen',
      [ada]: 'leaves chosen',
    })
    done(await decide(rolloverId, 'rule', [ada]))
    expect((await outcomes())[ada]).toBe('moves class')
    expect(code(await decide(rolloverId, 'class', [lia], municipality.school.classId))).toBe(
      'rollover:choose-class',
    )
    expect(code(await decide(rolloverId, 'goes', [family.householdId]))).toBe('request:not-found')
  })

  test('who did not renew wait for a decision, where the municipality asks for it', async () => {
    const [greta, nino] = [await aChild('Greta'), await aChild('Nino')]
    const formId = await aForm(manager, 'enrolment', { yearId })
    const rolloverId = await begun(clerk, yearId, { renewalFormId: formId })
    expect((await rolloverPage(clerk))?.forms.map(({ id }) => id)).toEqual([formId])
    expect(await outcomes()).toEqual({ [greta]: 'apart not-renewed', [nino]: 'apart not-renewed' })
    expect(code(await previewRollover(clerk, rolloverId))).toBe('rollover:nothing')
    done(await decide(rolloverId, 'goes', [greta]))
    expect(await rolledOver(clerk, rolloverId)).toBe(1)
    expect(Object.keys(await enrolledIn(municipality, yearId))).toEqual([greta])
  })

  test('who have a diet that lapses begin with one to be decided, and keep every other', async () => {
    const [greta, nino] = [await aChild('Greta', { diet: 'D03' }), await aChild('Nino')]
    const rolloverId = await begun(clerk, yearId, { diets: ['D03'] })
    const { lines } = done(await previewRollover(clerk, rolloverId))
    expect(lines.join('\n')).toContain('1 dieta scade con l’anno')
    await rolledOver(clerk, rolloverId)
    expect(await enrolledIn(municipality, yearId)).toEqual({
      [greta]: '4A DA-DEFINIRE 2027-09-13 2028-06-03',
      [nino]: '4A STD 2027-09-13 2028-06-03',
    })
    await undone(clerk, rolloverId)
    done(
      await saveRules(clerk, {
        ...{ yearId, revision: await revisionNow(), renewalFormId: '', diets: [] },
      }),
    )
    await rolledOver(clerk, rolloverId)
    expect((await enrolledIn(municipality, yearId))[greta]).toContain('D03')
  })

  test('whose diet code ends in the new year have it to its last day, then one to be decided', async () => {
    const greta = await aChild('Greta', { diet: 'D03' })
    const { owner } = await testDatabase()
    await owner
      .updateTable('diet')
      .set({ valid_to: '2027-12-31' })
      .where('municipality_id', '=', municipality.municipalityId)
      .where('code', '=', 'D03')
      .execute()
    const before = await everyRowOf(municipality)
    const rolloverId = await begun(clerk, yearId)
    await rolledOver(clerk, rolloverId)
    const pieces = await owner
      .selectFrom('enrolment')
      .select(['diet_code', 'valid_from', 'valid_to'])
      .where('pupil_id', '=', greta)
      .where('school_year_id', '=', yearId)
      .orderBy('valid_from')
      .execute()
    expect(pieces).toEqual([
      { diet_code: 'D03', valid_from: '2027-09-13', valid_to: '2027-12-31' },
      { diet_code: 'DA-DEFINIRE', valid_from: '2028-01-01', valid_to: '2028-06-03' },
    ])
    await undone(clerk, rolloverId)
    expect(await everyRowOf(municipality)).toEqual(before)
  })

  test('who leave with money on the account are named, once for each household whose last pupil leaves', async () => {
    await aPaidTopUp(municipality, family, 10)
    const stays = await aHousehold(municipality, { name: 'Bassani' })
    await aPaidTopUp(municipality, stays, 10)
    const ids = [
      await aChild('Elia', { school: fifth }),
      await aChild('Ada', { school: fifth }),
      await aChild('Ugo', { school: fifth, household: stays.householdId }),
      await aChild('Pia', { household: stays.householdId }),
    ]
    const rolloverId = await begun(clerk, yearId)
    const words = done(await previewRollover(clerk, rolloverId))
      .lines.join('\n')
      .replaceAll('\u00a0', ' ')
    expect(words).toContain('1 famiglia esce con un saldo: 54,00 €, rimborso da decidere.')
    await rolledOver(clerk, rolloverId)
    const list = await listed({ ...every, outcome: 'leaves' })
    expect(list.pupils.map(({ leftCents }) => leftCents).filter(Boolean)).toEqual([5400])
    expect(list.total).toBe(ids.length - 1)
    expect(await ledgerFaults()).toBe(0)
  })

  test('of a nursery school stay in their section until they are of school age', async () => {
    const { owner } = await testDatabase()
    await owner
      .updateTable('school')
      .set({ kind: 'infanzia' })
      .where('id', '=', municipality.school.id)
      .execute()
    const [old, young] = [await aChild('Greta'), await aChild('Nino')]
    await owner.updateTable('pupil').set({ birth_date: '2021-12-31' }).where('id', '=', old).execute()
    await owner.updateTable('pupil').set({ birth_date: '2022-01-01' }).where('id', '=', young).execute()
    await begun(clerk, yearId)
    expect(await outcomes()).toEqual({ [old]: 'leaves age', [young]: 'moves class' })
  })

  test('whose old enrolment reaches beyond its year are cut there, and get their day back', async () => {
    const greta = await aChild('Greta', { to: '2027-09-20' })
    await aServiceDay(municipality, '2027-09-08')
    await anAbsence(municipality, family, greta, await aServiceDay(municipality, '2027-09-07'))
    const before = await everyRowOf(municipality)
    const rolloverId = await begun(clerk, yearId)
    await rolledOver(clerk, rolloverId)
    expect((await enrolledIn(municipality, municipality.schoolYearId))[greta]).toContain('2027-08-31')
    await undone(clerk, rolloverId)
    expect(await everyRowOf(municipality)).toEqual(before)
  })
})

describe('classes that the new year lacks', () => {
  test('are made by the manager, and placed', async () => {
    const second = await aClass(municipality, '1 C')
    const nino = await aChild('Nino', { school: second })
    const rolloverId = await begun(clerk, yearId)
    expect((await outcomes())[nino]).toBe('apart no-class')
    const asked = { rolloverId, revision: await revisionNow() }
    expect(code(await makeMissingClasses(clerk, asked))).toBe('request:not-found')
    expect(done(await makeMissingClasses(manager, asked)).made).toBe(1)
    expect((await outcomes())[nino]).toBe('moves class')
    expect((await rolloverPage(clerk))?.targets.map(({ name }) => name)).toContain('2 C')
  })
})

describe('a confirmed roll-over', () => {
  test('is done once, when the confirmation is sent twice', async () => {
    await aChild('Greta')
    const rolloverId = await begun(clerk, yearId)
    const { seen } = done(await previewRollover(clerk, rolloverId))
    const twice = await Promise.all([1, 2].map(() => rollOver(clerk, rolloverId, seen.fingerprint)))
    expect(twice.map(({ ok }) => ok)).toEqual([true, true])
    expect(Object.keys(await enrolledIn(municipality, yearId))).toHaveLength(1)
    expect(code(await rollOver(manager, rolloverId, seen.fingerprint))).toBe('rollover:done')
    expect(code(await previewRollover(clerk, rolloverId))).toBe('rollover:done')
  })

  test('is refused when what was previewed is no longer true', async () => {
    const greta = await aChild('Greta')
    const rolloverId = await begun(clerk, yearId)
    const { owner } = await testDatabase()
    const leaving = await aHousehold(municipality)
    await aChild('Elia', { school: fifth, household: leaving.householdId })
    const changes = [
      () => owner.updateTable('enrolment').set({ diet_code: 'D03' }).where('pupil_id', '=', greta).execute(),
      () => aChild('Nino'),
      () =>
        owner
          .updateTable('service_schedule')
          .set({ ends_on: '2028-05-31' })
          .where('school_year_id', '=', yearId)
          .execute(),
      () => decide(rolloverId, 'leaves', [greta]),
      () => aPaidTopUp(municipality, leaving, 1),
    ]
    for (const change of changes) {
      const { seen } = done(await previewRollover(clerk, rolloverId))
      await change()
      expect(code(await rollOver(clerk, rolloverId, seen.fingerprint))).toBe('rollover:preview-changed')
    }
    expect(await enrolledIn(municipality, yearId)).toEqual({})
  })

  test('leaves all or nothing when it is stopped at any of its statements', async () => {
    const greta = await aChild('Greta', { to: '2027-09-20' })
    const rolloverId = await begun(clerk, yearId)
    const before = await everyRowOf(municipality)
    const { owner } = await testDatabase()
    await sql`create function stop_here() returns trigger language plpgsql as $$ begin raise exception 'stopped'; end $$`.execute(
      owner,
    )
    const stops = [
      'insert on year_rollover_pupil',
      'update on enrolment',
      'insert on enrolment',
      'update on year_rollover',
      'insert on audit_event',
    ]
    for (const stop of stops) {
      const { seen } = done(await previewRollover(clerk, rolloverId))
      await sql
        .raw(`create trigger stopped before ${stop} for each row execute function stop_here()`)
        .execute(owner)
      await expect(rollOver(clerk, rolloverId, seen.fingerprint)).rejects.toThrow('stopped')
      await sql.raw(`drop trigger stopped on ${stop.split(' on ')[1]}`).execute(owner)
      expect(await everyRowOf(municipality)).toEqual(before)
      expect((await rolloverPage(clerk))?.run?.doneAt).toBeNull()
    }
    await sql`drop function stop_here()`.execute(owner)
    await rolledOver(clerk, rolloverId)
    expect(Object.keys(await enrolledIn(municipality, yearId))).toEqual([greta])
  })

  test('tells the second of two people what the first one changed', async () => {
    const [greta, nino] = [await aChild('Greta'), await aChild('Nino')]
    const rolloverId = await begun(clerk, yearId)
    const again = { yearId, revision: 0, renewalFormId: '', diets: [] }
    expect(code(await saveRules(manager, again))).toBe('rollover:changed-meanwhile')
    const revision = await revisionNow()
    const asked = { rolloverId, revision, decision: 'leaves' as const, toClassId: '' }
    done(await decidePupils(clerk, { ...asked, pupils: [greta] }))
    expect(await decidePupils(manager, { ...asked, pupils: [greta, nino] })).toMatchObject({
      ...{ code: 'rollover:changed-meanwhile', details: { who: 'Ufficio Conti' } },
    })
    done(await decidePupils(manager, { ...asked, pupils: [nino] }))
    const to = [{ classId: fifth.classId, toClassId: null, leaves: false }]
    done(await decideClasses(clerk, { rolloverId, revision, to }))
    const back = [{ classId: fifth.classId, toClassId: null, leaves: true }]
    expect(code(await decideClasses(manager, { rolloverId, revision, to: back }))).toBe(
      'rollover:changed-meanwhile',
    )
    expect(code(await saveRules(manager, { ...again, revision }))).toBe('rollover:changed-meanwhile')
  })
})

describe('the undoing', () => {
  const refusalAfter = async (act: (greta: string) => Promise<unknown>) => {
    const greta = await aChild('Greta')
    const rolloverId = await begun(clerk, yearId)
    await rolledOver(clerk, rolloverId)
    const { seen } = done(await previewRolloverUndoing(clerk, rolloverId))
    await act(greta)
    const before = await everyRowOf(municipality)
    const preview = await previewRolloverUndoing(clerk, rolloverId)
    const undoing = await undoRollover(clerk, rolloverId, seen.fingerprint)
    expect(undoing).toEqual(preview)
    expect(await everyRowOf(municipality)).toEqual(before)
    return preview
  }

  test('is refused after a move, and names the pupil', async () => {
    const refusal = await refusalAfter(async (greta) => {
      const asked = {
        ...{ serviceId: municipality.serviceId, from: '2027-09-13', pupilIds: [greta] },
        classId: await classNamed(municipality, yearId, '5A'),
      }
      const { seen } = done(await previewMove(clerk, asked))
      done(await movePupils(clerk, asked, { seen, reason: 'Cambia sezione' }))
    })
    expect(refusal).toMatchObject({
      ...{
        code: 'rollover:depends',
        details: { what: ['Greta Albertini ha cambiato classe, dieta o ultimo giorno'] },
      },
    })
  })

  test('is refused after another last day', async () => {
    const refusal = await refusalAfter(async (greta) => {
      const asked = { pupilId: greta, serviceId: municipality.serviceId, last: '2027-10-01' }
      const { seen } = done(await previewEnd(clerk, asked))
      done(await endEnrolment(clerk, asked, { seen, reason: 'Si trasferisce' }))
    })
    expect(code(refusal)).toBe('rollover:depends')
  })

  test('is refused after a cancellation in the new year', async () => {
    const { owner } = await testDatabase()
    const refusal = await refusalAfter(async (greta) => {
      const day = await owner
        .selectFrom('service_day')
        .select('id')
        .where('municipality_id', '=', municipality.municipalityId)
        .where('day', '=', NEW_DAY)
        .executeTakeFirstOrThrow()
      await anAbsence(municipality, family, greta, day.id)
    })
    expect(refusal).toMatchObject({
      ...{ code: 'rollover:depends', details: { what: ['Greta Albertini ha una disdetta nell’anno nuovo'] } },
    })
  })

  test('is refused after a day of the new year is counted', async () => {
    const refusal = await refusalAfter(async () => {
      await setClock(`${NEW_DAY}T10:00:00Z`)
      await closeDueDays()
    })
    expect(refusal).toMatchObject({ code: 'rollover:day-closed', details: { day: '2027-09-13' } })
  })

  test('is not for a roll-over that is not done, and once for one that is', async () => {
    await aChild('Greta')
    const rolloverId = await begun(clerk, yearId)
    expect(code(await previewRolloverUndoing(clerk, rolloverId))).toBe('rollover:not-done')
    await rolledOver(clerk, rolloverId)
    const { seen } = done(await previewRolloverUndoing(clerk, rolloverId))
    done(await undoRollover(clerk, rolloverId, seen.fingerprint))
    expect(code(await undoRollover(clerk, rolloverId, seen.fingerprint))).toBe('rollover:not-done')
  })
})

describe('the roll-over of a large town', () => {
  /** Confirms what a preview shows of a town that counts as large, and leaves it to the worker. */
  const left = async (rolloverId: string, act: 'do' | 'undo' = 'do') => {
    const preview = act === 'do' ? previewRollover : previewRolloverUndoing
    const { fingerprint } = done(await preview(clerk, rolloverId)).seen
    expect(done(await confirmRollover(clerk, { act, rolloverId, fingerprint }, 0))).toEqual({ waits: true })
    return fingerprint
  }
  const workNow = async () => (await rolloverPage(clerk))?.work

  beforeEach(async () => {
    for (const name of ['Ada', 'Bea', 'Ciro', 'Dina'])
      await aChild(name, { household: (await aHousehold(municipality)).householdId })
  })

  test('is done by the worker in pieces, exactly as the preview of the whole said, and undone so', async () => {
    const before = await everyRowOf(municipality)
    const rolloverId = await begun(clerk, yearId)
    await left(rolloverId)
    expect(await workNow()).toMatchObject({ state: 'waiting', act: 'do', askedBy: 'Ufficio Conti' })
    expect(await runDueRollovers(2)).toBe(1)
    expect(await runDueRollovers(2)).toBe(0)
    expect(await workNow()).toMatchObject({ state: 'done', done: 9, total: 9 })
    expect(Object.values(await enrolledIn(municipality, yearId))).toEqual(
      Array.from({ length: 4 }, () => '4A STD 2027-09-13 2028-06-03'),
    )
    await left(rolloverId, 'undo')
    expect(await runDueRollovers(2)).toBe(1)
    expect(await everyRowOf(municipality)).toEqual(before)
  })

  test('is answered to its request where the town is small', async () => {
    const rolloverId = await begun(clerk, yearId)
    const { fingerprint } = done(await previewRollover(clerk, rolloverId)).seen
    expect(done(await confirmRollover(clerk, { act: 'do', rolloverId, fingerprint }))).toEqual({
      waits: false,
    })
    expect((await rolloverPage(clerk))?.run?.doneBy).toBe('Ufficio Conti')
  })

  test('waits for one person, and refuses every other act meanwhile', async () => {
    const rolloverId = await begun(clerk, yearId)
    const fingerprint = await left(rolloverId)
    const confirmed = { act: 'do', rolloverId, fingerprint } as const
    expect(done(await confirmRollover(clerk, confirmed, 0))).toEqual({ waits: true })
    const other = await aStaffViewer(municipality, 'operator')
    for (const act of [
      confirmRollover(other, confirmed, 0),
      rollOver(clerk, rolloverId, fingerprint),
      decideClasses(clerk, { rolloverId, revision: 1, to: [] }),
    ])
      expect(await act).toMatchObject({ code: 'rollover:at-work', details: { who: 'Ufficio Conti' } })
  })

  test('leaves nothing when a person stops it', async () => {
    const before = await everyRowOf(municipality)
    const rolloverId = await begun(clerk, yearId)
    await left(rolloverId)
    done(await stopRollover(clerk, rolloverId))
    expect(await runDueRollovers(2)).toBe(1)
    expect(await workNow()).toMatchObject({ state: 'stopped', refusal: { code: 'rollover:stopped' } })
    expect(await everyRowOf(municipality)).toEqual(before)
    expect(await rolledOver(clerk, rolloverId)).toBe(4)
  })

  test('does nothing where the preview is no longer true, and says so', async () => {
    const rolloverId = await begun(clerk, yearId)
    await left(rolloverId)
    await aChild('Elio')
    await runDueRollovers(2)
    expect(await workNow()).toMatchObject({ state: 'stopped', refusal: { code: 'rollover:preview-changed' } })
    expect(await enrolledIn(municipality, yearId)).toEqual({})
  })

  test('does nothing in the name of a person whose role has ended', async () => {
    const rolloverId = await begun(clerk, yearId)
    await left(rolloverId)
    const { owner } = await testDatabase()
    await owner
      .updateTable('staff_member')
      .set({ ended_at: sql<Date>`app_now()` })
      .where('person_id', '=', clerk.personId)
      .execute()
    await runDueRollovers(2)
    const page = await rolloverPage(manager)
    expect(page?.work).toMatchObject({ state: 'stopped', refusal: { code: 'rollover:role-ended' } })
  })

  test('leaves nothing when it is stopped half way', async () => {
    const before = await everyRowOf(municipality)
    const rolloverId = await begun(clerk, yearId)
    await left(rolloverId)
    const { owner } = await testDatabase()
    await sql`create function stop_half_way() returns trigger language plpgsql as
      'begin if new.done > 5 then new.stop_asked = true; end if; return new; end'`.execute(owner)
    await sql`create trigger half_way before update on year_rollover_work for each row execute function stop_half_way()`.execute(
      owner,
    )
    await runDueRollovers(2).finally(() => sql`drop function stop_half_way cascade`.execute(owner))
    expect(await workNow()).toMatchObject({ state: 'stopped', done: 6, total: 9 })
    expect(await everyRowOf(municipality)).toEqual(before)
  })
})

test('only the registry’s office of the town makes a roll-over, and reads it', async () => {
  const greta = await aChild('Greta')
  const rolloverId = await begun(clerk, yearId)
  const { seen } = done(await previewRollover(clerk, rolloverId))
  const strangers = [
    await aStaffViewer(municipality, 'accountant'),
    await aStaffViewer(municipality, 'editor'),
    await aStaffViewer(municipality, 'reader'),
    family.holderViewer,
    await aStaffViewer(await aMunicipality(), 'manager'),
  ]
  for (const viewer of strangers) {
    const asked = { rolloverId, revision: 1 }
    const refusals = [
      await saveRules(viewer, { yearId, revision: 1, renewalFormId: '', diets: [] }),
      await decideClasses(viewer, { ...asked, to: [] }),
      await decidePupils(viewer, { ...asked, decision: 'leaves', toClassId: '', pupils: [greta] }),
      await makeMissingClasses(viewer, asked),
      await previewRollover(viewer, rolloverId),
      await rollOver(viewer, rolloverId, seen.fingerprint),
      await previewRolloverUndoing(viewer, rolloverId),
      await undoRollover(viewer, rolloverId, seen.fingerprint),
    ]
    expect(refusals.map(({ ok }) => ok)).toEqual(refusals.map(() => false))
    expect((await rolloverPage(viewer))?.run ?? null).toBeNull()
    expect([null, 'not-begun']).toContainEqual(await rolloverPupils(viewer, every))
  }
  expect(await enrolledIn(municipality, yearId)).toEqual({})
})

/** A town by chance: who eats where to which day, with which diet, and what the office decides. */
const NAMES = ['1A', '2B', '3A', '4A', '5A', 'Girasoli'] as const
const aRandomTown = fc.record({
  isLate: fc.boolean(),
  lapse: fc.boolean(),
  pupils: fc.array(
    fc.record({
      class: fc.nat({ max: NAMES.length - 1 }),
      household: fc.nat({ max: 2 }),
      diet: fc.constantFrom('STD', 'D03', 'DA-DEFINIRE'),
      to: fc.constantFrom('2027-06-05', '2027-06-05', '2027-06-05', '2027-02-01', '2027-09-08'),
      hasFare: fc.boolean(),
      decision: fc.constantFrom('rule', 'rule', 'goes', 'leaves', 'class'),
      isEnrolled: fc.nat({ max: 5 }).map((n) => n === 0),
    }),
    { minLength: 1, maxLength: 8 },
  ),
})
type RandomTown = typeof aRandomTown extends fc.Arbitrary<infer T> ? T : never

/** Builds the town in the municipality of this test: with a day that was counted and charged, balances and bands. */
async function build({ pupils, isLate, lapse }: RandomTown): Promise<string> {
  const { owner } = await testDatabase()
  const classes: School[] = []
  for (const name of NAMES)
    classes.push(
      name === '3A'
        ? municipality.school
        : name === '5A'
          ? fifth
          : name === '4A'
            ? {
                id: municipality.school.id,
                classId: await classNamed(municipality, municipality.schoolYearId, '4A'),
              }
            : await aClass(municipality, name),
    )
  const households = [family, await aHousehold(municipality), await aHousehold(municipality)]
  await aPaidTopUp(municipality, family, 7)
  await owner
    .insertInto('fare_band')
    .values({
      municipality_id: municipality.municipalityId,
      service_id: municipality.serviceId,
      code: 'F1',
      name: 'Ridotta',
    })
    .execute()
  await owner
    .insertInto('fare_band_price')
    .values({
      ...{ municipality_id: municipality.municipalityId, service_id: municipality.serviceId, code: 'F1' },
      ...{ valid_from: '2026-09-01', price_cents: 300 },
    })
    .execute()
  const fourth = await classNamed(municipality, yearId, '4A')
  const ids: string[] = []
  for (const [n, one] of pupils.entries()) {
    const household = households[one.household] as Household
    const id = await aPupil(municipality, household.householdId, {
      ...{ name: `Alunno${'ABCDEFGHIJ'.charAt(n)}`, diet: one.diet, to: one.to },
      school: classes[one.class] as School,
    })
    ids.push(id)
    if (one.hasFare)
      await owner
        .insertInto('fare_assignment')
        .values({
          ...{
            municipality_id: municipality.municipalityId,
            service_id: municipality.serviceId,
            pupil_id: id,
          },
          ...{ band_code: 'F1', valid_from: '2026-09-01', valid_to: '2027-08-31', given_by: clerk.personId },
        })
        .execute()
    if (one.isEnrolled)
      await sql`insert into enrolment (municipality_id, pupil_id, service_id, school_id, school_class_id, school_year_id, diet_code, valid_from, valid_to)
        values (${municipality.municipalityId}, ${id}, ${municipality.serviceId}, ${municipality.school.id}, ${fourth}, ${yearId}, 'STD',
          '2027-09-13', '2028-06-03')`.execute(owner)
  }
  await setClock(`${OLD_DAY}T06:00:00Z`)
  await aServiceDay(municipality, OLD_DAY)
  await setClock(`${OLD_DAY}T10:00:00Z`)
  await closeDueDays()
  await setClock(isLate ? `${NEW_DAY}T10:00:00Z` : JULY)
  await closeDueDays()
  const rolloverId = await begun(clerk, yearId, { diets: lapse ? ['D03'] : [] })
  for (const [n, { decision }] of pupils.entries())
    if (decision !== 'rule')
      done(
        await decide(rolloverId, decision as 'goes', [ids[n] as string], decision === 'class' ? fourth : ''),
      )
  return rolloverId
}

test('a roll-over and its undoing leave every row of any town as it was, and never touch what was counted', async () => {
  await fc.assert(
    fc.asyncProperty(aRandomTown, async (given) => {
      await setClock(JULY)
      municipality = await aMunicipality()
      family = await aHousehold(municipality)
      clerk = await aStaffViewer(municipality, 'operator')
      fifth = await aClass(municipality, '5A')
      await aClass(municipality, '4A')
      yearId = await aNextYear(await aStaffViewer(municipality, 'manager'))
      const rolloverId = await build(given)
      const before = await everyRowOf(municipality)
      const preview = await previewRollover(clerk, rolloverId)
      if (preview.ok) {
        const page = await rolloverPage(clerk)
        const planned = await outcomes()
        const { moved } = done(await rollOver(clerk, rolloverId, preview.value.seen.fingerprint))
        const between = await everyRowOf(municipality)
        expect(Object.keys(before).filter((table) => before[table] !== between[table])).toEqual([
          'enrolment',
          ...(page?.preview && page.preview.refunds.households > 0 ? ['refund_case'] : []),
        ])
        expect(moved).toBe(page?.preview && pupilsWith(page.preview, 'moves'))
        expect(await outcomes()).toEqual(planned)
        await undone(clerk, rolloverId)
      } else expect(preview.code).toBe('rollover:nothing')
      expect(await everyRowOf(municipality)).toEqual(before)
      expect(await ledgerFaults()).toBe(0)
      const { owner } = await testDatabase()
      await owner.updateTable('municipality').set({ active: false }).execute()
    }),
    { numRuns: atLength(6) },
  )
}, 600_000)
