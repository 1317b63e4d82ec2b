import { askedData, OPEN } from '#app/[comune]/_menu/open-data.ts'
import { csvText, italianCsv } from '#lib/kernel/csv.ts'
import { MENU_COLUMNS, menuRows } from '#lib/menus/open-data.ts'
import { overPublicBudget } from '#lib/web/refused-file.http.ts'
import { readWords } from '#lib/words/words.request.ts'

type Context = { params: Promise<{ comune: string }> }

/** The menus as a spreadsheet, a line per dish. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug } = await params
  const t = await readWords()
  const refusal = overPublicBudget(request, t)
  if (refusal) return refusal
  const asked = await askedData(request, municipalitySlug)
  if (!asked) return new Response(t('Non trovato'), { status: 404 })
  const rows = menuRows(asked.book, asked).map((row) => row.map(csvText))
  return new Response(italianCsv([MENU_COLUMNS, ...rows]), {
    headers: {
      ...OPEN,
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="menu-${municipalitySlug}.csv"`,
    },
  })
}
