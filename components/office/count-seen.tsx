import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import type { Day } from '#lib/kernel/day.ts'
import { type FrozenCount, type KitchenSeen, seenByKitchen, seenMark } from '#lib/kitchen/count-seen.ts'
import { frozenInWords, kitchenSeenInWords } from '#lib/kitchen/count-seen.words.ts'
import type { NewestSheet } from '#lib/kitchen/count-sheet.ts'
import { exactTimeInRome } from '#lib/words/format-day.ts'
import { AutoRefresh, type Watched } from './auto-refresh.tsx'
import { type SeenAction, SeenForm } from './seen-form.tsx'

/** How many schools a cook reads by name above the button. */
const MOST = 12

function SheetLinks({ sheets, path }: { sheets: readonly NewestSheet[]; path: string }) {
  if (sheets.length === 0) return null
  return (
    <ul className="mt-3 grid gap-1 print:hidden">
      {sheets.map(({ id, kitchenName, number, writtenAt }) => (
        <li key={id}>
          {kitchenName}, foglio {number} delle {exactTimeInRome(writtenAt)}:{' '}
          <a href={`${path}/foglio/${id}/pdf`} download>
            PDF <span className="sr-only">per {kitchenName}</span>
          </a>
          ,{' '}
          <a href={`${path}/foglio/${id}/csv`} download>
            CSV <span className="sr-only">per {kitchenName}</span>
          </a>
        </li>
      ))}
    </ul>
  )
}

function Kitchen({ kitchen }: { kitchen: KitchenSeen }) {
  const isSeen = kitchen.unseen.length === 0
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 border-t border-line py-2">
      <span>
        <strong className="text-ink">{kitchen.name}</strong>. {kitchenSeenInWords(kitchen)}
      </span>
      <StatusChip tone={isSeen ? 'success' : 'warning'} icon={isSeen ? 'circle-check' : 'clock'}>
        {isSeen ? 'Visto' : 'Non visto'}
      </StatusChip>
    </li>
  )
}

/** For the office: which kitchens said to have seen the counts of a day, and the sheets that they got. */
export function KitchensSeen({
  counts,
  sheets,
  path,
}: {
  counts: readonly FrozenCount[]
  sheets: readonly NewestSheet[]
  path: string
}) {
  if (counts.length === 0) return null
  return (
    <div className="mb-6">
      <Card title="Che cosa hanno visto le cucine" titleId="visti">
        <ul>
          {seenByKitchen(counts).map((kitchen) => (
            <Kitchen key={kitchen.key} kitchen={kitchen} />
          ))}
        </ul>
        <SheetLinks sheets={sheets} path={path} />
      </Card>
    </div>
  )
}

/** For a cook: what is to be seen, with the one button that says so; a version that comes afterwards asks again. */
export function OwnCountsSeen({
  counts,
  sheets,
  path,
  day,
  municipalitySlug,
  acknowledge,
  watched,
}: {
  counts: readonly FrozenCount[]
  sheets: readonly NewestSheet[]
  path: string
  day: Day
  municipalitySlug: string
  acknowledge: SeenAction
  /** Null where the board on the page watches already. */
  watched: Watched | null
}) {
  if (counts.length === 0) return null
  const unseen = counts.filter(({ seenAt }) => seenAt === null)
  const last = seenByKitchen(counts).at(-1)
  return (
    <div className="mb-6 print:hidden">
      <Notice
        kind={unseen.length === 0 ? 'success' : 'warning'}
        title={unseen.length === 0 ? 'Conteggio visto' : 'Leggi il conteggio e di’ che l’hai visto'}
      >
        {unseen.length === 0 ? (
          <p>{last && kitchenSeenInWords(last)}. Se cambia, qui lo chiediamo di nuovo.</p>
        ) : (
          <>
            <ul className="list-disc ps-5">
              {unseen.slice(0, MOST).map((count) => (
                <li key={count.countId}>{frozenInWords(count)}</li>
              ))}
              {unseen.length > MOST && <li>e altri {unseen.length - MOST}</li>}
            </ul>
            <SeenForm
              acknowledge={acknowledge}
              hidden={{ municipalitySlug, day, seen: seenMark(counts) }}
              label={unseen.some(({ version }) => version > 1) ? 'Ho visto la versione nuova' : 'Ho visto'}
            />
          </>
        )}
        <SheetLinks sheets={sheets} path={path} />
        {watched && <AutoRefresh watched={watched} sees="una versione nuova si vede entro un secondo" />}
      </Notice>
    </div>
  )
}
