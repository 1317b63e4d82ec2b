import { describe, expect, test } from 'vitest'
import { dietLabelsPdf } from '#lib/kitchen/diet-labels.pdf.ts'
import { dietLabels, type HatchPupil, type HatchSheet, hatchClasses } from '#lib/kitchen/hatch.ts'
import { plateInWords } from '#lib/kitchen/hatch.words.ts'
import { hatchSheetPdf } from '#lib/kitchen/hatch-sheet.pdf.ts'

const pupil = (givenName: string, given: Partial<HatchPupil> = {}): HatchPupil => ({
  ...{ serviceName: 'Mensa', className: '2A', pupilId: givenName, givenName, familyName: 'Albertini' },
  ...{ dietCode: 'D01', severe: false, asked: false },
  ...given,
})
const line = (className: string, dietCode: string, meals: number) => ({
  serviceName: 'Mensa',
  className,
  dietCode,
  meals,
})
const LINES = [line('10A', 'STD', 20), line('2A', 'STD', 18), line('2A', 'D01', 2), line('3A', 'STD', 0)]
const PUPILS = [
  pupil('Ada'),
  pupil('Bea', { severe: true }),
  pupil('Ivo', { dietCode: 'STD', severe: true, className: '10A' }),
]

const sheet: HatchSheet = {
  ...{
    schoolName: 'Scuola primaria Collodi',
    municipality: 'Mozzecane',
    day: '2026-11-24',
    isProvisional: false,
  },
  ...{ readAt: new Date('2026-11-24T08:31:00Z'), classes: hatchClasses(LINES, PUPILS) },
  diets: [{ code: 'D01', name: 'Senza latte', legend: 'Niente burro né formaggio' }],
}

describe('at the hatch', () => {
  test('classes stand in natural order with all their plates, those without a meal are left out', () => {
    expect(
      sheet.classes.map(({ className, meals, common, pupils }) => [className, meals, common, pupils.length]),
    ).toEqual([
      ['2A', 20, 18, 2],
      ['10A', 20, 20, 1],
    ])
  })

  test('a plate says what must not be missed', () => {
    expect(plateInWords(pupil('Ada'))).toBe('')
    expect(plateInWords(pupil('Ada', { severe: true, asked: true }))).toBe(
      'rischio di reazione grave; è chiesta un’altra dieta: chiedi prima di servire',
    )
    expect(plateInWords(pupil('Ada', { dietCode: 'DA-DEFINIRE' }))).toContain('chiedi prima di servire')
  })

  test('each special plate has a label, with a first name only where it was asked for', () => {
    expect(dietLabels(sheet, false)).toMatchObject([
      { code: 'D01', className: '2A', givenName: null },
      { code: 'D01', className: '2A', givenName: null },
    ])
    expect(dietLabels(sheet, true).map(({ givenName }) => givenName)).toEqual(['Ada', 'Bea'])
    expect(JSON.stringify(dietLabels(sheet, true))).not.toContain('Albertini')
  })

  test('sheet and labels are drawn, also of a day without special diets', async () => {
    const about = { ...sheet, madeAt: sheet.readAt }
    for (const pdf of [
      await hatchSheetPdf(sheet),
      await dietLabelsPdf(dietLabels(sheet, true), about),
      await dietLabelsPdf([], about),
    ])
      expect(pdf.toString('latin1').slice(0, 5)).toBe('%PDF-')
  })
})
