import { readRecipientFilter } from '#lib/communications/communication.address.ts'
import { recipientsToDownload } from '#lib/communications/office/recipient.queries.ts'
import { csvText, italianCsv } from '#lib/kernel/csv.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'
import { missingFile, overListBudget } from '#lib/web/refused-file.http.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { italian } from '#lib/words/language.ts'

type Context = { params: Promise<{ comune: string; id: string }> }

const moment = (instant: Date | null): string => (instant ? instantInWords(instant) : '')

/** Who got a communication and what they did, as a spreadsheet; a viewer who may not read it gets "not found". */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug, id } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  const refusal = overListBudget(viewer, italian)
  if (refusal) return refusal
  const { filter } = readRecipientFilter(Object.fromEntries(new URL(request.url).searchParams))
  const lines = await recipientsToDownload(viewer, id, filter)
  if (!lines) return missingFile()
  const rows = lines.map((line) => [
    csvText(line.household),
    csvText(line.person),
    line.role === 'holder' ? 'intestatario' : 'delegato',
    line.hadEmail ? 'sì' : 'no',
    moment(line.readAt),
    moment(line.acknowledgedAt),
    csvText(line.acknowledgedBy ?? ''),
    line.wasLate ? 'sì' : '',
  ])
  const head = [
    'famiglia',
    'persona',
    'ruolo',
    'email',
    'letta',
    'confermata',
    'confermata_da',
    'dopo_il_termine',
  ]
  return new Response(italianCsv([head, ...rows]), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="destinatari.csv"',
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
