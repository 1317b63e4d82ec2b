import { COMMON_DIET } from '#lib/school/diet.ts'
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
import type { StyledRun } from '#lib/web/text-lines.pdf.ts'
import { PDF_COLOURS, typefaces } from '#lib/web/typeface.pdf.ts'
import { exactTimeInRome, longDayWithYear, numericDay } from '#lib/words/format-day.ts'
import { mealsByDiet, mealsInLines, warningsOf } from './count.ts'
import { warningInWords } from './count.words.ts'
import { versionInWords } from './count-mail.words.ts'
import { type CountSheet, isSuspended, mealsInSheet, type SheetCount, type SheetLine } from './count-sheet.ts'
import { differencesInWords, differencesTitle, mealsInWords, noDifferences } from './count-sheet.words.ts'

const { ink, muted, line } = PDF_COLOURS
const [PALE, PALE_ORANGE] = ['#eef3f8', '#fff4e0']

const TEXT: Type = { size: 11, leading: 1.35, look: 'plain', colour: ink, align: 'start' }
const STRONG: Type = { ...TEXT, look: 'strong' }
const MUTED: Type = { ...TEXT, size: 9.5, colour: muted }
const TITLE: Type = { ...TEXT, size: 20, leading: 1.2, look: 'bold' }
const HEADING: Type = { ...TEXT, size: 14, look: 'bold' }
const NUMBER: Type = { ...STRONG, align: 'end' }
const FOOT: Type = { ...TEXT, size: 9, leading: 1.2, colour: muted }

const EDGE = 42
const WIDTH = A4.width - 2 * EDGE
const WHOLE: Box = { start: EDGE, width: WIDTH }
const BOTTOM = 790
const FOOT_Y = 806
const COLUMNS: readonly Box[] = [
  { start: EDGE + 6, width: 92 },
  { start: EDGE + 104, width: 46 },
  { start: EDGE + 172, width: WIDTH - 240 },
  { start: EDGE + WIDTH - 56, width: 50 },
]
/** The head of a school stays with its first classes. */
const WITH_HEAD = 110

const gap = (sheet: Sheet, points: number): void => {
  sheet.pen.y += points
}

/** "STD 18, D01 2": what is not the common diet stands out. */
function dietRuns(lines: readonly SheetLine[]): StyledRun[] {
  return mealsByDiet(lines)
    .filter(({ meals }) => meals > 0)
    .flatMap(({ dietCode, meals }, index): StyledRun[] => [
      ...(index > 0 ? [{ text: ',   ', look: 'plain' } as const] : []),
      { text: `${dietCode} ${meals}`, look: dietCode === COMMON_DIET ? 'plain' : 'strong' },
    ])
}

type Cell = { text: string | readonly StyledRun[]; type: Type }

/** A row of a table whose cells begin at the same height; on the next page where this one has no room for the highest. */
function row(sheet: Sheet, table: Element, cells: readonly Cell[], isHead = false): void {
  const heights = cells.map(({ text, type }, column) => heightOf(sheet, text, type, COLUMNS[column] as Box))
  const height = Math.max(...heights) + 6
  if (sheet.pen.y + height > sheet.bottom) newPage(sheet)
  const { y } = sheet.pen
  const element = group(sheet, table, 'TR')
  for (const [column, { text, type }] of cells.entries()) {
    sheet.pen.y = y + 3
    const isHeader = isHead || column === 0
    const cell = group(
      sheet,
      element,
      isHeader ? 'TH' : 'TD',
      isHeader ? { scope: isHead ? 'Column' : 'Row' } : {},
    )
    write(sheet, cell, 'P', text, type, COLUMNS[column] as Box)
    cell.end()
  }
  element.end()
  sheet.pen.y = y + height
  fillBox(sheet, { ...WHOLE, y: sheet.pen.y - 0.5, height: 0.5 }, line)
}

function classes(sheet: Sheet, section: Element, lines: readonly SheetLine[]): void {
  const table = group(sheet, section, 'Table')
  const head = { ...MUTED, look: 'strong' } as const
  row(
    sheet,
    table,
    ['Classe', 'Pasti', 'Diete', 'Assenti'].map((text, column) => ({
      text,
      type: column % 2 === 1 ? { ...head, align: 'end' } : head,
    })),
    true,
  )
  for (const [name, own] of Map.groupBy(lines, ({ className }) => className))
    row(sheet, table, [
      { text: name, type: STRONG },
      { text: String(mealsInLines(own)), type: NUMBER },
      { text: dietRuns(own), type: TEXT },
      { text: String(own.reduce((sum, { absent }) => sum + absent, 0)), type: { ...TEXT, align: 'end' } },
    ])
  table.end()
}

function boxed(
  sheet: Sheet,
  section: Element,
  texts: readonly (readonly [string, Type])[],
  ground: string,
): void {
  const inside = { start: EDGE + 10, width: WIDTH - 20 }
  for (const [text, type] of texts) {
    const height = heightOf(sheet, text, type, inside) + 3
    if (sheet.pen.y + height > sheet.bottom) newPage(sheet)
    fillBox(sheet, { ...WHOLE, y: sheet.pen.y, height }, ground)
    write(sheet, section, 'P', text, type, inside)
    gap(sheet, 3)
  }
}

function changes(sheet: Sheet, root: Element, content: CountSheet): void {
  const section = group(sheet, root, 'Sect')
  write(sheet, section, 'H2', differencesTitle(content), HEADING, WHOLE)
  gap(sheet, 4)
  const found = differencesInWords(content)
  if (found.length === 0) write(sheet, section, 'P', noDifferences(content), TEXT, WHOLE)
  else
    boxed(
      sheet,
      section,
      found.flatMap(({ head, lines }) => [
        [head, STRONG] as const,
        ...lines.map((text) => [`–  ${text}`, TEXT] as const),
      ]),
      content.number === 1 ? PALE : PALE_ORANGE,
    )
  section.end()
  gap(sheet, 16)
}

function school(sheet: Sheet, root: Element, count: SheetCount): void {
  const { schoolName, serviceName, reason, lines } = count
  if (sheet.pen.y + WITH_HEAD > sheet.bottom) newPage(sheet)
  const section = group(sheet, root, 'Sect')
  const total = isSuspended(count) ? 'niente pasti' : mealsInWords(mealsInLines(lines))
  write(sheet, section, 'H2', `${schoolName}: ${total}`, HEADING, WHOLE)
  write(
    sheet,
    section,
    'P',
    `${serviceName}, ${versionInWords(count)}${reason ? `. Motivo: ${reason}` : ''}`,
    MUTED,
    WHOLE,
  )
  if (isSuspended(count)) {
    if (reason) write(sheet, section, 'P', 'MENSA SOSPESA', STRONG, WHOLE)
  } else {
    write(sheet, section, 'P', [{ text: 'In tutto: ', look: 'plain' }, ...dietRuns(lines)], TEXT, WHOLE)
    gap(sheet, 4)
    boxed(
      sheet,
      section,
      warningsOf(lines).map((warning) => [`Attenzione. ${warningInWords(warning)}`, STRONG] as const),
      PALE_ORANGE,
    )
    classes(sheet, section, lines)
  }
  section.end()
  gap(sheet, 20)
}

/**
 * The sheet of a kitchen on paper, A4: what is other first, then each school with its classes and diets. Codes alone, no names.
 */
export async function countSheetPdf(content: CountSheet): Promise<Buffer> {
  const { kitchenName, municipality, day, number, writtenAt, counts } = content
  const faces = await typefaces()
  const title = `Conteggio di ${longDayWithYear(day)}, foglio ${number}`
  const facts = { title, author: municipality, subject: kitchenName, language: 'it', madeAt: writtenAt }
  return drawDocument(facts, faces, (pdf, root) => {
    const pen = { y: EDGE }
    const sheet: Sheet = { pdf, typefaces: faces, direction: 'ltr', top: EDGE, bottom: BOTTOM, pen }
    newPage(sheet)
    write(sheet, root, 'H1', `${kitchenName}: ${mealsInWords(mealsInSheet(content))}`, TITLE, WHOLE)
    write(sheet, root, 'P', `${title}, delle ${exactTimeInRome(writtenAt)}`, STRONG, WHOLE)
    write(
      sheet,
      root,
      'P',
      [{ text: 'Diete: ', look: 'plain' }, ...dietRuns(counts.flatMap(({ lines }) => lines))],
      TEXT,
      WHOLE,
    )
    gap(sheet, 14)
    changes(sheet, root, content)
    for (const count of counts) school(sheet, root, count)
    onEachPage(sheet, (page, pages) =>
      mark(
        sheet,
        `${kitchenName}, ${numericDay(day)}, foglio ${number} · mensa scolastica di ${municipality} · pagina ${page} di ${pages}`,
        FOOT,
        WHOLE,
        FOOT_Y,
      ),
    )
  })
}
