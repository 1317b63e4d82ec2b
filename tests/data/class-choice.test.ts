import { beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { chosenClass } from '#lib/school/office/class-choice.queries.ts'
import { setClock } from '#tests/support/database.ts'
import { aMunicipality, aSchool, aStaffViewer, type School } from '#tests/support/factories.ts'

let manager: Viewer
let rosmini: School

beforeEach(async () => {
  await setClock('2026-11-24T11:00:00+01:00')
  const municipality = await aMunicipality()
  manager = await aStaffViewer(municipality, 'manager')
  rosmini = await aSchool(municipality, 'Primaria Rosmini')
  await aSchool(municipality, 'Primaria Manzoni')
})

describe('a class that is written', () => {
  test('is the one whose name, school and year have all the words, in any order', async () => {
    expect(await chosenClass(manager, 'rosmini 3a')).toEqual({ ok: true, value: rosmini.classId })
    expect(await chosenClass(manager, '3A · Primaria Rosmini · 2026/2027')).toMatchObject({ ok: true })
  })

  test('is the one whose number the form sent', async () => {
    expect(await chosenClass(manager, rosmini.classId)).toEqual({ ok: true, value: rosmini.classId })
  })

  test('is refused where none has the words, and where several do, which are named', async () => {
    expect(await chosenClass(manager, '3A Carducci')).toMatchObject({
      ...{ ok: false, code: 'structure:no-such-class', fields: { classId: 'structure:no-such-class' } },
      details: { typed: '3A Carducci' },
    })
    expect(await chosenClass(manager, '3a primaria')).toMatchObject({
      ...{ ok: false, code: 'structure:several-classes' },
      details: { names: '3A · Primaria Manzoni · 2026/2027; 3A · Primaria Rosmini · 2026/2027' },
    })
  })

  test('is none of another municipality', async () => {
    await aSchool(await aMunicipality(), 'Primaria Pascoli')
    expect(await chosenClass(manager, 'pascoli')).toMatchObject({
      ok: false,
      code: 'structure:no-such-class',
    })
  })
})
