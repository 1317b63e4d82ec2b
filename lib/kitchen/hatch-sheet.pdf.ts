import {
  A4,
  type Box,
  drawDocument,
  type Element,
  fillBox,
  group,
  heightOf,
  mark,
  newPage,
  onEachPage,
  type Sheet,
  type Type,
  write,
} from '#lib/web/tagged-document.pdf.ts'
import { PDF_COLOURS, typefaces } from '#lib/web/typeface.pdf.ts'
import { exactTimeInRome, longDayWithYear, numericDay } from '#lib/words/format-day.ts'
import { mealsInWords } from './count-sheet.words.ts'
import type { HatchClass, HatchSheet } from './hatch.ts'
import { plateInWords } from './hatch.words.ts'

const { ink, muted, line } = PDF_COLOURS

/** Read standing, at arm's length. */
const TEXT: Type = { size: 15, leading: 1.35, look: 'plain', colour: ink, align: 'start' }
const STRONG: Type = { ...TEXT, look: 'strong' }
const CODE: Type = { ...TEXT, size: 18, look: 'bold' }
const TITLE: Type = { ...TEXT, size: 26, leading: 1.2, look: 'bold' }
const HEADING: Type = { ...TEXT, size: 20, look: 'bold' }
const FOOT: Type = { ...TEXT, size: 9, leading: 1.2, colour: muted }

const EDGE = 42
const WIDTH = A4.width - 2 * EDGE
const WHOLE: Box = { start: EDGE, width: WIDTH }
const CODE_BOX: Box = { start: EDGE, width: 130 }
const NAME_BOX: Box = { start: EDGE + 142, width: WIDTH - 142 }
const BOTTOM = 786
const FOOT_Y = 806
/** The head of a class stays with its first name. */
const WITH_HEAD = 80

const gap = (sheet: Sheet, points: number): void => {
  sheet.pen.y += points
}

type Row = { code: string; name: string; words: string }

function row(sheet: Sheet, table: Element, { code, name, words }: Row): void {
  const names = heightOf(sheet, name, STRONG, NAME_BOX) + (words ? heightOf(sheet, words, TEXT, NAME_BOX) : 0)
  const height = Math.max(heightOf(sheet, code, CODE, CODE_BOX), names) + 10
  if (sheet.pen.y + height > sheet.bottom) newPage(sheet)
  const { y } = sheet.pen
  const element = group(sheet, table, 'TR')
  const put = (tag: 'TH' | 'TD', texts: readonly (readonly [string, Type])[], box: Box) => {
    sheet.pen.y = y + 5
    const cell = group(sheet, element, tag, tag === 'TH' ? { scope: 'Row' } : {})
    for (const [text, type] of texts) write(sheet, cell, 'P', text, type, box)
    cell.end()
  }
  put('TH', [[code, CODE]], CODE_BOX)
  put(
    'TD',
    words
      ? [
          [name, STRONG],
          [words, TEXT],
        ]
      : [[name, STRONG]],
    NAME_BOX,
  )
  element.end()
  sheet.pen.y = y + height
  fillBox(sheet, { ...WHOLE, y: sheet.pen.y - 0.5, height: 0.5 }, line)
}

function oneClass(
  sheet: Sheet,
  root: Element,
  { className, serviceName, meals, common, pupils }: HatchClass,
): void {
  if (sheet.pen.y + WITH_HEAD > sheet.bottom) newPage(sheet)
  const section = group(sheet, root, 'Sect')
  write(sheet, section, 'H2', `${className}: ${mealsInWords(meals)}`, HEADING, WHOLE)
  write(sheet, section, 'P', `${serviceName}. Dieta comune: ${common}`, TEXT, WHOLE)
  if (pupils.length > 0) {
    const table = group(sheet, section, 'Table')
    for (const pupil of pupils)
      row(sheet, table, {
        ...{ code: pupil.dietCode, name: `${pupil.familyName} ${pupil.givenName}` },
        words: plateInWords(pupil),
      })
    table.end()
  }
  section.end()
  gap(sheet, 16)
}

function legend(sheet: Sheet, root: Element, { diets }: HatchSheet): void {
  if (diets.length === 0) return
  if (sheet.pen.y + WITH_HEAD > sheet.bottom) newPage(sheet)
  const section = group(sheet, root, 'Sect')
  write(sheet, section, 'H2', 'Che cosa vogliono dire i codici', HEADING, WHOLE)
  const table = group(sheet, section, 'Table')
  for (const { code, name, legend: words } of diets) row(sheet, table, { code, name, words })
  table.end()
  section.end()
}

/** Who has which diet in a school, in large letters on A4, for those who serve. */
export async function hatchSheetPdf(content: HatchSheet): Promise<Buffer> {
  const { schoolName, municipality, day, isProvisional, readAt, classes } = content
  const faces = await typefaces()
  const title = `Diete al banco, ${schoolName}, ${longDayWithYear(day)}`
  const facts = { title, author: municipality, subject: schoolName, language: 'it', madeAt: readAt }
  return drawDocument(facts, faces, (pdf, root) => {
    const pen = { y: EDGE }
    const sheet: Sheet = { pdf, typefaces: faces, direction: 'ltr', top: EDGE, bottom: BOTTOM, pen }
    newPage(sheet)
    write(sheet, root, 'H1', schoolName, TITLE, WHOLE)
    write(sheet, root, 'P', `${longDayWithYear(day)}, alle ${exactTimeInRome(readAt)}`, STRONG, WHOLE)
    if (isProvisional)
      write(sheet, root, 'P', 'Provvisorio: le famiglie possono ancora cambiare.', STRONG, WHOLE)
    gap(sheet, 14)
    for (const one of classes) oneClass(sheet, root, one)
    legend(sheet, root, content)
    onEachPage(sheet, (page, pages) =>
      mark(
        sheet,
        `${schoolName}, ${numericDay(day)} · dati sulla salute: solo per chi serve, poi si distrugge · pagina ${page} di ${pages}`,
        FOOT,
        WHOLE,
        FOOT_Y,
      ),
    )
  })
}
