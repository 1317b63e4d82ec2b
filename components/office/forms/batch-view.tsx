import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { batchQuery } from '#lib/forms/office/batch.address.ts'
import type { BatchKind, ItemOutcome } from '#lib/forms/office/batch.ts'
import { OUTCOMES_IN_WORDS } from '#lib/forms/office/batch.words.ts'
import { protocolInWords } from '#lib/forms/protocol.ts'

export type BatchRow = {
  id: string
  formId: string
  year: number
  number: number
  about: string
  personName: string
  outcome: ItemOutcome
  /** Why it was set aside, in words. */
  reason: string | null
  words: string
}

type Effects = {
  enters: number
  admits: number
  classes: readonly { where: string; n: number; places: number | null; taken: number }[]
  diets: readonly { what: string; n: number }[]
  severe: number
  bands: readonly { what: string; n: number }[]
}

const pupils = (n: number): string => (n === 1 ? '1 alunno' : `${n} alunni`)
const listed = (some: readonly { what: string; n: number }[]): string =>
  some.map(({ what, n }) => `${what}: ${n}`).join(', ')

/** All effects of a batch in one look: who enters, where, what they eat, what they pay. */
export function BatchEffects({ effects, isDone }: { effects: Effects; isDone: boolean }) {
  const { enters, admits, classes, diets, severe, bands } = effects
  return (
    <Card title={isDone ? 'Che cosa è cambiato' : 'Che cosa cambia'} titleId="effetti">
      <DataList
        items={[
          { term: 'Entrano tra gli alunni', value: enters === 0 ? 'Nessuno' : pupils(enters) },
          ...(admits > 0 ? [{ term: 'Genitori che entrano nel portale', value: String(admits) }] : []),
          ...(diets.length > 0 ? [{ term: 'Diete', value: listed(diets) }] : []),
          ...(severe > 0 ? [{ term: 'Rischiano una reazione grave', value: pupils(severe) }] : []),
          ...(bands.length > 0 ? [{ term: 'Tariffe ridotte', value: listed(bands) }] : []),
        ]}
      />
      {classes.length > 0 && (
        <div className="mt-4">
          <Table caption="Classi">
            <thead>
              <tr>
                <th scope="col">Classe</th>
                <th scope="col">{isDone ? 'Accolti' : 'Da accogliere'}</th>
                <th scope="col">Già iscritti</th>
                <th scope="col">Posti</th>
              </tr>
            </thead>
            <tbody>
              {classes.map(({ where, n, taken, places }) => (
                <tr key={where}>
                  <th scope="row">{where}</th>
                  <td>{n}</td>
                  <td>{taken}</td>
                  <td>{places ?? 'Senza limite'}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      )}
    </Card>
  )
}

/** The requests of a batch, those that were set aside first, each with its reason or with what it does. */
export function BatchLines({
  base,
  path,
  kind,
  lines,
  outcome,
  page,
  pages,
  counts,
  total,
}: {
  base: string
  path: string
  kind: BatchKind
  lines: readonly BatchRow[]
  outcome: ItemOutcome | ''
  page: number
  pages: number
  counts: Partial<Record<ItemOutcome, number>>
  total: number
}) {
  const hrefOf = (asked: ItemOutcome | '', at = 1) => `${path}${batchQuery({ outcome: asked, page: at })}`
  return (
    <Card title="Una per una" titleId="righe" flush>
      <nav aria-label="Quali domande" className="flex flex-wrap gap-x-6 px-4 sm:px-6 print:hidden">
        <Shown href={hrefOf('')} isNow={outcome === ''}>{`Tutte (${total})`}</Shown>
        {(Object.keys(OUTCOMES_IN_WORDS) as ItemOutcome[]).map(
          (one) =>
            counts[one] && (
              <Shown
                key={one}
                href={hrefOf(one)}
                isNow={outcome === one}
              >{`${OUTCOMES_IN_WORDS[one]} (${counts[one]})`}</Shown>
            ),
        )}
      </nav>
      <Table caption="Domande del gruppo" captionHidden>
        <thead>
          <tr>
            <th scope="col">Domanda</th>
            <th scope="col">Esito</th>
            <th scope="col">Per chi</th>
            <th scope="col">{kind === 'accept' ? 'Che cosa succede' : 'Messaggio'}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <LineRow key={line.id} base={base} line={line} />
          ))}
        </tbody>
      </Table>
      <div className="p-4 sm:px-6">
        <Pagination
          label="Pagine delle domande del gruppo"
          page={page}
          pages={pages}
          hrefOf={(at) => hrefOf(outcome, at)}
        />
      </div>
    </Card>
  )
}

const LineRow = ({ base, line }: { base: string; line: BatchRow }) => (
  <tr>
    <th scope="row">
      <a href={`${base}/${line.formId}/domande/${line.id}`} className="inline-flex min-h-11 items-center">
        {protocolInWords(line)}
      </a>
    </th>
    <td>{OUTCOMES_IN_WORDS[line.outcome]}</td>
    <td>
      {line.about}
      <span className="block text-sm text-muted">{line.personName}</span>
    </td>
    <td className="whitespace-pre-line">{line.reason ?? line.words}</td>
  </tr>
)

const Shown = ({ href, isNow, children }: { href: string; isNow: boolean; children: string }) => (
  <a
    href={href}
    aria-current={isNow ? 'page' : undefined}
    className={`inline-flex min-h-11 items-center ${isNow ? 'font-bold no-underline' : ''}`}
  >
    {children}
  </a>
)
