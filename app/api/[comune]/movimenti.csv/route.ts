import { allowedToFamily } from '#lib/access/capabilities.ts'
import { dayInRome } from '#lib/kernel/day.ts'
import { readStatementFilters } from '#lib/ledger/statement.address.ts'
import { statementCsv } from '#lib/ledger/statement.csv.ts'
import { statementToDownload } from '#lib/ledger/statement.queries.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'
import { overListBudget } from '#lib/web/refused-file.http.ts'
import { readWords } from '#lib/words/words.request.ts'

const missing = () => new Response(null, { status: 404, headers: { 'cache-control': 'private, no-store' } })

type Context = { params: Promise<{ comune: string }> }

/** The statement with the filters of its page, as a file. Not found for a viewer who may not have it. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const viewer = await viewerOfFile((await params).comune)
  if (viewer instanceof Response) return viewer
  if (!allowedToFamily(viewer, 'money:read')) return missing()
  const asked = readStatementFilters(Object.fromEntries(new URL(request.url).searchParams))
  if (!asked.found) return missing()
  const t = await readWords()
  const refusal = overListBudget(viewer, t)
  if (refusal) return refusal
  const statement = await statementToDownload(viewer, asked.filters)
  if (!statement) return missing()
  return new Response(statementCsv(statement.movements, t), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="movimenti-${dayInRome(statement.asOf)}.csv"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
