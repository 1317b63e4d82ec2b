import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Said } from '#components/language/said.tsx'
import { DayHistory } from '#components/meals/day-history.tsx'
import { StateChip } from '#components/meals/state-chip.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { monthOf } from '#lib/kernel/day.ts'
import { deadlineInWords } from '#lib/meals/cutoff.words.ts'
import { ACTION_WORDS, calendarPath, isEater, mealsApi, receiptPath } from '#lib/meals/meal.address.ts'
import { dayHistory } from '#lib/meals/meal.queries.ts'
import { actionFor, isChangeable, stateInWords } from '#lib/meals/meal-state.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readFirst, type SearchParams } from '#lib/web/query-params.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Storia del giorno') }
}

type Props = {
  params: Promise<{ comune: string; day: string }>
  searchParams: Promise<SearchParams>
}

export default async function DayPage({ params, searchParams }: Props) {
  const t = await readWords()
  const [{ comune: municipalitySlug, day: rawDay }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const child = readFirst(query.figlio)
  if (!allowedToFamily(viewer, 'meals:read') || !isEater(child)) notFound()
  const page = await dayHistory(viewer, child, rawDay)
  if (page === null) notFound()
  const { day, kind, cutoffAt, why } = page.state
  const until = cutoffAt ? deadlineInWords(day, cutoffAt, t) : undefined
  const action = actionFor(kind)
  return (
    <>
      <PageHeading
        title={
          <span className="inline-block first-letter:uppercase">{longDayWithYear(day, t.language)}</span>
        }
        eyebrow={
          <>
            {page.child.givenName} ·{' '}
            <span lang="it">{`${page.child.className}, ${page.child.schoolName}`}</span>
          </>
        }
      />
      <Card>
        <p className="flex flex-wrap items-center gap-3">
          <StateChip kind={kind} />
          <span>
            <Said text={stateInWords(kind, { ...(until ? { until } : {}), ...(why ? { why } : {}) }, t)} />
          </span>
        </p>
        <form
          action={mealsApi(municipalitySlug)}
          method="post"
          className="mt-4 flex flex-wrap gap-3 print:hidden"
        >
          <input type="hidden" name="figlio" value={child} />
          <input type="hidden" name="giorno" value={day} />
          <input type="hidden" name="azione" value={ACTION_WORDS[action]} />
          <input type="hidden" name="chiave" value={randomUUID()} />
          {isChangeable(kind) && (
            <Button
              look={action === 'cancel' ? 'danger' : 'primary'}
              icon={action === 'cancel' ? 'user-x' : 'undo-2'}
            >
              {action === 'cancel' ? t('Segna assente') : t('Ripristina il pasto')}
            </Button>
          )}
          <ButtonLink href={calendarPath(municipalitySlug, { child, month: monthOf(day) })} look="secondary">
            {t('Torna al calendario')}
          </ButtonLink>
        </form>
      </Card>
      <h2 className="mt-8 mb-3 text-xl">{t('Chi ha cambiato e quando')}</h2>
      <DayHistory
        lines={page.history.map((line) => ({
          ...line,
          receiptPath: receiptPath(municipalitySlug, line.receiptId),
        }))}
      />
    </>
  )
}
