import {
  A4,
  type Box,
  drawDocument,
  type Element,
  group,
  newPage,
  type Sheet,
  type Type,
  write,
} from '#lib/web/tagged-document.pdf.ts'
import { PDF_COLOURS, typefaces } from '#lib/web/typeface.pdf.ts'
import { longDayWithYear, numericDay } from '#lib/words/format-day.ts'
import type { DietLabel } from './hatch.ts'

const { ink, muted } = PDF_COLOURS

/** Sheets of 24 labels of 70 × 37 mm, three beside each other, as they are sold. */
const [COLUMNS, ROWS] = [3, 8]
const MM = 72 / 25.4
const HEIGHT = 37 * MM
const TOP = (A4.height - ROWS * HEIGHT) / 2
const WIDTH = A4.width / COLUMNS
const INSIDE = 12

const CODE: Type = { size: 24, leading: 1.1, look: 'bold', colour: ink, align: 'start' }
const NAME: Type = { ...CODE, size: 13, leading: 1.2, look: 'strong' }
const PLACE: Type = { ...CODE, size: 9.5, leading: 1.2, look: 'plain', colour: muted }

/** What does not fit in a label would be printed on the next one. */
const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text

function draw(
  sheet: Sheet,
  root: Element,
  { code, className, schoolName, day, givenName }: DietLabel,
  at: number,
): void {
  const [column, row] = [at % COLUMNS, Math.floor(at / COLUMNS)]
  const box: Box = { start: column * WIDTH + INSIDE, width: WIDTH - 2 * INSIDE }
  sheet.pen.y = TOP + row * HEIGHT + 12
  const label = group(sheet, root, 'Sect')
  write(sheet, label, 'P', code, CODE, box)
  write(
    sheet,
    label,
    'P',
    shortened(givenName === null ? className : `${givenName}, ${className}`, 24),
    NAME,
    box,
  )
  write(sheet, label, 'P', shortened(schoolName, 34), PLACE, box)
  write(sheet, label, 'P', numericDay(day), PLACE, box)
  label.end()
}

/** Labels for the trays of special diets of a school: the code, the class, and the first name where it was asked for. */
export async function dietLabelsPdf(
  labels: readonly DietLabel[],
  about: { schoolName: string; municipality: string; day: string; madeAt: Date },
): Promise<Buffer> {
  const { schoolName, municipality, day, madeAt } = about
  const faces = await typefaces()
  const title = `Etichette delle diete, ${schoolName}, ${longDayWithYear(day)}`
  return drawDocument(
    { title, author: municipality, subject: schoolName, language: 'it', madeAt },
    faces,
    (pdf, root) => {
      const sheet: Sheet = {
        pdf,
        typefaces: faces,
        direction: 'ltr',
        top: TOP,
        bottom: A4.height,
        pen: { y: TOP },
      }
      if (labels.length === 0) {
        newPage(sheet)
        write(sheet, root, 'P', 'Nessuna dieta speciale in questo giorno.', NAME, {
          start: 42,
          width: A4.width - 84,
        })
      }
      for (const [index, label] of labels.entries()) {
        const at = index % (COLUMNS * ROWS)
        if (at === 0) newPage(sheet)
        draw(sheet, root, label, at)
      }
    },
  )
}
