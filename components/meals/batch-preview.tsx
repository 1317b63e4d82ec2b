import type { ReactNode } from 'react'
import { Said } from '#components/language/said.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { Day } from '#lib/kernel/day.ts'
import type { BatchLine, BatchPreview as Preview } from '#lib/meals/cutoff.ts'
import { ACTION_WORDS } from '#lib/meals/meal.address.ts'
import { previewInWords, reasonInWords } from '#lib/meals/meal-change.words.ts'
import { longDay } from '#lib/words/format-day.ts'
import { useWords } from '#words'

type Child = { id: string; givenName: string }

/** A list of meals under each child's name; the name is left out for an only child. */
export function MealLines<T extends { pupilId: string; day: Day }>({
  childrenOf,
  lines,
  note,
}: {
  childrenOf: readonly Child[]
  lines: readonly T[]
  note?: (line: T) => string
}) {
  const t = useWords()
  return childrenOf.map(({ id, givenName }) => {
    const own = lines.filter(({ pupilId }) => pupilId === id)
    if (own.length === 0) return null
    return (
      <div key={id} className="mt-3 first:mt-0">
        <h3 className="font-semibold text-ink">{givenName}</h3>
        <ul className="list-disc ps-5 sm:columns-2">
          {own.map((line) => (
            <li key={line.day} className="break-inside-avoid">
              {longDay(line.day, t.language)}
              {note && (
                <>
                  {': '}
                  <Said text={note(line)} />
                </>
              )}
            </li>
          ))}
        </ul>
      </div>
    )
  })
}

/** Sundays and holidays of a period are no news; what could have changed and does not is told day by day. */
const isTold = ({ verdict }: BatchLine): boolean => verdict !== 'unplanned' && verdict !== 'outside'

/** Everything a batch would do and would not do, on one screen, just before it is done. */
export function BatchPreview({
  preview,
  childrenOf,
  days,
  api,
  formKey,
  backPath,
  children: more,
}: {
  preview: Preview
  childrenOf: readonly Child[]
  days: readonly Day[]
  api: string
  formKey: string
  backPath: string
  /** Fields that are sent with the confirmation. */
  children?: ReactNode
}) {
  const t = useWords()
  const { action, changes, unchanged } = preview
  const told = unchanged.filter(isTold)
  return (
    <div className="grid gap-6">
      <Notice kind={changes.length > 0 ? 'info' : 'warning'} title={previewInWords(preview, t)} />
      {changes.length > 0 && (
        <Card title={t('Cosa cambia')} titleId="cambia">
          <p className="mb-3">
            {action === 'cancel'
              ? t('In questi giorni risulterà assente:')
              : t('In questi giorni mangerà a mensa:')}
          </p>
          <MealLines childrenOf={childrenOf} lines={changes} />
        </Card>
      )}
      {told.length > 0 && (
        <Card title={t('Cosa resta com’è')} titleId="resta">
          <MealLines childrenOf={childrenOf} lines={told} note={(line) => reasonInWords(action, line, t)} />
        </Card>
      )}
      <form action={api} method="post" className="flex flex-wrap gap-3">
        {childrenOf.map(({ id }) => (
          <input key={id} type="hidden" name="figlio" value={id} />
        ))}
        {days.map((day) => (
          <input key={day} type="hidden" name="giorno" value={day} />
        ))}
        <input type="hidden" name="azione" value={ACTION_WORDS[action]} />
        <input type="hidden" name="chiave" value={formKey} />
        {changes.length > 0 && more}
        {changes.length > 0 && (
          <Button size="lg" look={action === 'cancel' ? 'danger' : 'primary'} icon="check">
            {action === 'cancel' ? t('Conferma la disdetta') : t('Conferma il ripristino')}
          </Button>
        )}
        <ButtonLink size="lg" look="secondary" href={backPath}>
          {t('Torna al calendario')}
        </ButtonLink>
      </form>
    </div>
  )
}
