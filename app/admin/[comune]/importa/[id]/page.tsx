import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { AutoRefresh } from '#components/office/auto-refresh.tsx'
import { Done } from '#components/office/done.tsx'
import { BalanceTable } from '#components/office/imports/balance-table.tsx'
import { ClassesForm } from '#components/office/imports/classes-form.tsx'
import { FindingsList } from '#components/office/imports/findings-list.tsx'
import { ImportButton } from '#components/office/imports/import-button.tsx'
import { MappingForm } from '#components/office/imports/mapping-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import type { Viewer } from '#lib/access/viewer.ts'
import { BALANCE_OWNERS, type BalanceTotals } from '#lib/imports/balance.ts'
import { type ImportVerdict, VERDICTS } from '#lib/imports/finding.ts'
import { isForbidden, rowAt } from '#lib/imports/header.ts'
import { PAYERS } from '#lib/imports/mapping.ts'
import {
  findingsForOffice,
  type ImportRow,
  importForOffice,
  importOffer,
  readVerdict,
} from '#lib/imports/office/import.queries.ts'
import {
  balanceLines,
  countsInWords,
  importStateInWords,
  OWNER_WORDS,
  PAYER_WORDS,
  TARGET_GROUPS,
  VERDICT_AFTER,
  VERDICT_WORDS,
} from '#lib/imports/office/import.words.ts'
import { readTable } from '#lib/imports/table-file.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readPage } from '#lib/web/pagination.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { formatNumber } from '#lib/words/format-number.ts'
import { again, apply, decide, discard, map, sayClasses, stop, undo } from '../actions.ts'

export const metadata: Metadata = { title: 'Importazione' }

type Props = { params: Promise<{ comune: string; id: string }>; searchParams: Promise<SearchParams> }
type Part = { municipalitySlug: string; viewer: Viewer; row: ImportRow }

const DONE = { deciso: 'Fatto: le decisioni sono segnate.' }

/** One import, at the step at which it is: columns, comparison, differences, progress, receipt. */
export default async function Import({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const found = await importForOffice(viewer, id)
  if (!found) notFound()
  const { row, content } = found
  const part = { municipalitySlug, viewer, row }
  const isMapping = row.state === 'mapping' || (row.state === 'checked' && query.passo === 'colonne')
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Importa', href: `/admin/${municipalitySlug}/importa` }, { label: row.name }]}
      />
      <PageHeading eyebrow={importStateInWords(row.state)} title={row.name} lead={`${row.readAs}.`} />
      <Done sentences={DONE} code={readText(query.fatto)} />
      {row.stopped && (
        <div className="mb-6">
          <Notice kind="warning" live title={row.stopped} />
        </div>
      )}
      {isMapping && content && <Mapping {...part} content={content} />}
      {isAtWork(row) && <Progress {...part} />}
      {!isMapping && (row.state === 'checked' || row.state === 'applied') && (
        <Differences {...part} query={query} />
      )}
      {(row.state === 'undone' || row.state === 'discarded') && <p>{endInWords(row)}</p>}
    </>
  )
}

const isAtWork = ({ state }: ImportRow): boolean => ['checking', 'applying', 'undoing'].includes(state)

const endInWords = (row: ImportRow): string =>
  row.state === 'undone' && row.undoneAt
    ? `Annullata: ${instantInWords(row.undoneAt)}. Ogni riga è tornata come era prima.${(row.counts.balances?.write.households ?? 0) > 0 ? ' I saldi iniziali sono stornati, e nei movimenti si legge.' : ''}`
    : 'Non è stata importata, e il file non c’è più.'

const SAMPLES = 3

async function Mapping({ municipalitySlug, viewer, row, content }: Part & { content: Buffer }) {
  const offer = await importOffer(viewer)
  const read = readTable(content)
  if (!offer || !read.ok) notFound()
  const { mapping } = row
  const sheet = read.value.sheets[mapping.sheet ?? 0]
  const header = mapping.header ?? 1
  const headers = (sheet && rowAt(sheet, header)?.cells) ?? []
  const after = sheet?.rows.filter(({ line }) => line > header).slice(0, 40) ?? []
  const columns = headers.map((name, at) => ({
    header: name,
    target: mapping.columns?.[at] ?? '',
    isForbidden: isForbidden(name),
    samples: [...new Set(after.map(({ cells }) => cells[at] ?? '').filter(Boolean))].slice(0, SAMPLES),
  }))
  return (
    <div className="grid gap-8 *:min-w-0">
      <MappingForm
        // A step of the server starts the form again.
        key={`${mapping.sheet} ${header}`}
        {...{
          municipalitySlug,
          id: row.id,
          columns,
          years: offer.years,
          services: offer.services,
          action: map,
        }}
        groups={TARGET_GROUPS}
        payers={PAYERS.map((value) => ({ value, label: PAYER_WORDS[value] }))}
        balanceOwners={BALANCE_OWNERS.map((value) => ({ value, label: OWNER_WORDS[value] }))}
        sheets={read.value.sheets.map(({ name }) => name)}
        chosen={{
          sheet: mapping.sheet ?? 0,
          header,
          payer: mapping.payer ?? '',
          other: mapping.other ?? '',
          yearId: mapping.yearId ?? offer.years[0]?.id ?? '',
          serviceIds: mapping.serviceIds ?? offer.services.slice(0, 1).map(({ id }) => id),
          from: mapping.from ?? '',
          balanceOwner: mapping.balance?.owner ?? '',
          balanceDay: mapping.balance?.day ?? '',
        }}
      />
      <Discard {...{ municipalitySlug, row }} />
    </div>
  )
}

const Discard = ({ municipalitySlug, row }: Omit<Part, 'viewer'>) => (
  <ImportButton values={{ municipalitySlug, id: row.id }} action={discard} look="quiet" icon="trash-2">
    Butta via questo file
  </ImportButton>
)

const AT_WORK: Readonly<Record<string, string>> = {
  checking: 'Confronto il file con l’anagrafe. Non cambia niente.',
  applying: 'Registro gli alunni e le famiglie. Tutto o niente: se si ferma, non resta niente a metà.',
  undoing: 'Rimetto tutto come era prima.',
}

function Progress({ municipalitySlug, row }: Part) {
  const here = `/admin/${municipalitySlug}/importa/${row.id}`
  return (
    <div className="grid max-w-2xl gap-5">
      <Notice title={AT_WORK[row.state] ?? ''}>
        <label htmlFor="avanzamento">
          {row.total > 0 ? `${formatNumber(row.done)} di ${formatNumber(row.total)}` : 'Sta per cominciare.'}
        </label>
        <progress
          id="avanzamento"
          className="mt-2 block h-4 w-full accent-primary"
          value={row.done}
          max={Math.max(row.total, 1)}
        />
      </Notice>
      <AutoRefresh
        watched={{ href: `${here}/avanzamento`, fingerprint: `${row.state} ${row.done} ${row.total}` }}
        sees="a che punto è"
      />
      <ImportButton values={{ municipalitySlug, id: row.id }} action={stop} look="secondary" icon="circle-x">
        {row.state === 'undoing' ? 'Ferma l’annullamento' : 'Ferma'}
      </ImportButton>
    </div>
  )
}

async function Differences({ municipalitySlug, viewer, row, query }: Part & { query: SearchParams }) {
  const here = `/admin/${municipalitySlug}/importa/${row.id}`
  const verdict = readVerdict(query.vedi, row.counts)
  const page = readPage(query.pagina)
  const [shown, offer] = await Promise.all([
    findingsForOffice(viewer, row.id, { verdict, page }),
    importOffer(viewer),
  ])
  if (!shown || !offer) notFound()
  const hidden = { municipalitySlug, id: row.id }
  const isOpen = row.state === 'checked'
  return (
    <div className="grid gap-8 *:min-w-0">
      {isOpen ? (
        <Confirm {...hidden} row={row} undecided={shown.undecided} />
      ) : (
        <Receipt {...hidden} row={row} />
      )}
      {isOpen && row.unknownClasses.length > 0 && (
        <ClassesForm
          hidden={hidden}
          unknown={row.unknownClasses}
          classes={offer.classes.filter(({ yearId }) => yearId === row.mapping.yearId)}
          action={sayClasses}
        />
      )}
      <Tabs here={here} row={row} verdict={verdict} />
      <section className="grid gap-4" aria-labelledby="elenco">
        <h2 id="elenco" className="text-xl">
          {VERDICT_WORDS[verdict].many}
        </h2>
        <p>{isOpen ? VERDICT_WORDS[verdict].lead : VERDICT_AFTER[verdict]}</p>
        {shown.findings.length === 0 && <p>Nessuno.</p>}
        <FindingsList
          key={`${verdict} ${page} ${row.seen}`}
          {...{ hidden, isOpen, findings: shown.findings, action: decide }}
        />
        <Pagination
          label="Pagine dell’elenco"
          {...{ page, pages: shown.pages }}
          hrefOf={(n) => `${here}?vedi=${verdict}&pagina=${n}`}
        />
      </section>
      {isOpen && <Discard {...{ municipalitySlug, row }} />}
    </div>
  )
}

const Tabs = ({ here, row, verdict }: { here: string; row: ImportRow; verdict: ImportVerdict }) => (
  <nav aria-label="Che cosa dice il file">
    <ul className="flex flex-wrap gap-2">
      {VERDICTS.map((one) => (
        <li key={one}>
          <Link
            href={`${here}?vedi=${one}`}
            prefetch={false}
            aria-current={one === verdict ? 'page' : undefined}
            className="inline-flex min-h-12 items-center gap-2 rounded border-2 border-line-strong bg-white px-4 font-semibold aria-[current=page]:border-primary aria-[current=page]:bg-canvas"
          >
            {VERDICT_WORDS[one].many} <span className="text-muted">{formatNumber(row.counts[one] ?? 0)}</span>
          </Link>
        </li>
      ))}
    </ul>
  </nav>
)

/** Every row of the file is somewhere in these numbers. */
const rowsInWords = ({ counts, ignored }: ImportRow): string => {
  const kinds = [...new Set(ignored.map(({ why }) => why))]
  const skipped = counts.ignored ?? 0
  return `Righe lette: ${formatNumber(counts.rows ?? 0)}${skipped > 0 ? `, di cui saltate ${formatNumber(skipped)} (${kinds.join(', ')})` : ''}. Alunni: ${countsInWords(counts)}.`
}

function Confirm({
  municipalitySlug,
  id,
  row,
  undecided,
}: {
  municipalitySlug: string
  id: string
  row: ImportRow
  undecided: number
}) {
  const here = `/admin/${municipalitySlug}/importa/${id}`
  const toCorrect = (row.counts.refused ?? 0) + (row.counts.doubtful ?? 0)
  return (
    <Notice title="Leggi, poi conferma">
      <p>{rowsInWords(row)}</p>
      {row.counts.balances && <Balances totals={row.counts.balances} />}
      <ul className="mt-2 list-disc ps-5">
        <li>Si registrano i nuovi, si cambiano i cambiati, e dei dubbi quelli che accetti.</li>
        {undecided > 0 && <li>Dubbi senza decisione: {formatNumber(undecided)}. Restano fuori.</li>}
        <li>Le famiglie non ricevono messaggi da questa importazione: avvisale tu quando vuoi.</li>
        <li>
          Finché niente dipende da quello che si registra, si può annullare per intero, entro 30 giorni.
        </li>
      </ul>
      <Actions>
        <ImportButton
          values={{ municipalitySlug, id, seen: row.seen ?? '' }}
          action={apply}
          icon="circle-check"
        >
          Conferma e importa
        </ImportButton>
        <ButtonLink href={`${here}?passo=colonne`} look="secondary" icon="pencil">
          Cambia le colonne
        </ButtonLink>
        {toCorrect > 0 && <DownloadLink here={here} />}
      </Actions>
    </Notice>
  )
}

const Balances = ({ totals }: { totals: BalanceTotals }) => (
  <BalanceTable
    lines={balanceLines(totals)}
    {...{ fileCents: totals.fileCents, totalLineCents: totals.totalLineCents }}
    {...{ creditCents: totals.creditCents, debtCents: totals.debtCents }}
  />
)

const DownloadLink = ({ here }: { here: string }) => (
  <ButtonLink href={`${here}/errori`} look="secondary" icon="download">
    Scarica le righe da correggere
  </ButtonLink>
)

const Actions = ({ children }: { children: ReactNode }) => (
  <div className="mt-4 flex flex-wrap gap-3">{children}</div>
)

function Receipt({ municipalitySlug, id, row }: { municipalitySlug: string; id: string; row: ImportRow }) {
  const here = `/admin/${municipalitySlug}/importa/${id}`
  const later = row.counts.balances?.later.households ?? 0
  return (
    <Notice kind="success" title="Importata">
      <p>
        {row.appliedAt && instantInWords(row.appliedAt)}, {row.appliedBy}. {rowsInWords(row)}
      </p>
      {row.counts.balances && <Balances totals={row.counts.balances} />}
      {later > 0 && (
        <p className="mt-3">
          Nel file ci sono anche i saldi di queste famiglie: {formatNumber(later)}. Si registrano adesso che
          hanno un conto, con un secondo confronto, così si può annullare ognuno da solo.
        </p>
      )}
      <Actions>
        {later > 0 && row.isKept && (
          <ImportButton values={{ municipalitySlug, id }} action={again} icon="wallet">
            Registra i saldi
          </ImportButton>
        )}
        <ButtonLink href={`/admin/${municipalitySlug}/famiglie`} look="secondary" icon="users">
          Vai alle famiglie
        </ButtonLink>
        {row.isKept && (row.counts.refused ?? 0) > 0 && <DownloadLink here={here} />}
      </Actions>
      {row.isKept && (
        <details className="mt-4">
          <summary className="font-semibold">Annullare l’importazione</summary>
          <p className="my-2">
            L’annullamento toglie quello che l’importazione ha registrato e rimette ogni riga come era; i
            saldi iniziali si stornano, e restano nei movimenti con lo storno. Se qualcosa ormai ne dipende,
            non cambia niente e leggi che cosa.
          </p>
          <ImportButton values={{ municipalitySlug, id }} action={undo} look="danger" icon="undo-2">
            Annulla tutta l’importazione
          </ImportButton>
        </details>
      )}
    </Notice>
  )
}
