import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { type Day, dayInRome } from '#lib/kernel/day.ts'
import type { BatchLine, DayState } from '#lib/meals/cutoff.ts'
import { ACTION_WORDS } from '#lib/meals/meal.address.ts'
import { reasonInWords } from '#lib/meals/meal-change.words.ts'
import { type Asked, contactInWords } from '#lib/meals/meal-contact.ts'
import { eats, inverseOf, isChangeable, type MealAction, STATES, stateAfter } from '#lib/meals/meal-state.ts'
import { exactTimeInRome, numericDay } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import { listInWords } from '#lib/words/list.ts'
import { useWords } from '#words'
import { MealLines } from './batch-preview.tsx'
import { SchoolReminder } from './school-reminder.tsx'

export type ReceiptView = Asked & {
  number: string
  action: MealAction
  arrivedAt: Date
  author: string | null
  children: { id: string; givenName: string; familyName: string }[]
  meals: { pupilId: string; day: Day; state: DayState }[]
  notChanged: BatchLine[]
}

/** Whether a meal is still as this receipt left it. */
const stands = (action: MealAction, { kind }: DayState): boolean => eats(kind) === eats(stateAfter(action))

/** Children with the same days together: a form says "these children on these days", and must not reach further. */
function undoGroups(meals: ReceiptView['meals']): { pupilIds: string[]; days: Day[] }[] {
  const groups = new Map<string, { pupilIds: string[]; days: Day[] }>()
  for (const pupilId of new Set(meals.map((meal) => meal.pupilId))) {
    const days = meals.filter((meal) => meal.pupilId === pupilId).map(({ day }) => day)
    const group = groups.get(days.join()) ?? { pupilIds: [], days }
    group.pupilIds.push(pupilId)
    groups.set(days.join(), group)
  }
  return [...groups.values()]
}

const namesOf = (t: Words, childrenOf: ReceiptView['children'], ids: readonly string[]): string =>
  listInWords(
    childrenOf.filter(({ id }) => ids.includes(id)).map(({ givenName }) => givenName),
    t.language,
  )

/** "Laura Conti"; "Ufficio mensa, su richiesta al telefono" */
const authorOf = (t: Words, { author, contact }: ReceiptView): string =>
  [author ?? t('Ufficio mensa'), contactInWords(contact, t)].filter(Boolean).join(', ')

/**
 * What was done, when by the server's clock, and by whom; and, meal by meal, if something else has happened since.
 * The way back is here as long as a day can change.
 */
export function MealReceipt({
  receipt,
  api,
  formKey,
  calendarPath,
  more = {},
  isOffice = false,
}: {
  receipt: ReceiptView
  /** Where the way back is sent; null for a reader who only reads. */
  api: string | null
  formKey: string
  calendarPath: string
  /** Fields that are sent with the way back. */
  more?: Readonly<Record<string, string>>
  /** A colleague of the office reads: whom the family must tell is not said. */
  isOffice?: boolean
}) {
  const t = useWords()
  const { action, meals, notChanged, children: childrenOf } = receipt
  const undoable = meals.filter(
    ({ state }) => api !== null && isChangeable(state.kind) && stands(action, state),
  )
  const changedSince = meals.filter(({ state }) => !stands(action, state))
  return (
    <div className="grid gap-6">
      <Card>
        <DataList
          items={[
            { term: t('Ricevuta numero'), value: receipt.number },
            {
              term: t('Ricevuta il'),
              value: t('{numericDay} alle {arrivedAt} (ora del server)', {
                numericDay: numericDay(dayInRome(receipt.arrivedAt), t.language),
                arrivedAt: exactTimeInRome(receipt.arrivedAt, t.language),
              }),
            },
            { term: t('Richiesta da'), value: authorOf(t, receipt) },
            {
              term: t('Operazione'),
              value: action === 'cancel' ? t('Disdetta del pasto') : t('Ripristino del pasto'),
            },
            ...(receipt.note ? [{ term: t('Nota dell’ufficio'), value: receipt.note }] : []),
          ]}
        />
      </Card>
      <Card title={action === 'cancel' ? t('Pasti disdetti') : t('Pasti ripristinati')} titleId="pasti">
        <MealLines childrenOf={childrenOf} lines={meals} />
      </Card>
      {notChanged.length > 0 && (
        <Card title={t('Non sono cambiati')} titleId="non-cambiati">
          <MealLines
            childrenOf={childrenOf}
            lines={notChanged}
            note={(line) => reasonInWords(action, line, t)}
          />
        </Card>
      )}
      {changedSince.length > 0 && (
        <Notice kind="warning" title={t('Dopo questa ricevuta qualcosa è cambiato')}>
          <MealLines
            childrenOf={childrenOf}
            lines={changedSince}
            note={({ state }) =>
              t('ora risulta {value}', { value: t(STATES[state.kind].label).toLowerCase() })
            }
          />
        </Notice>
      )}
      {action === 'cancel' && !isOffice && <SchoolReminder />}
      <div className="flex flex-wrap gap-3 print:hidden">
        <ButtonLink href={calendarPath} icon="calendar-days">
          {t('Torna al calendario')}
        </ButtonLink>
        <PrintButton />
        {undoGroups(undoable).map(({ pupilIds, days }, _index, groups) => (
          <form key={pupilIds.join()} action={api ?? undefined} method="post">
            {pupilIds.map((id) => (
              <input key={id} type="hidden" name="figlio" value={id} />
            ))}
            {days.map((day) => (
              <input key={day} type="hidden" name="giorno" value={day} />
            ))}
            <input type="hidden" name="azione" value={ACTION_WORDS[inverseOf(action)]} />
            <input type="hidden" name="chiave" value={formKey} />
            <HiddenFields values={more} />
            <Button look="quiet" icon="undo-2">
              {groups.length > 1
                ? t(
                    action === 'cancel'
                      ? 'Annulla questa disdetta per {names}'
                      : 'Annulla questo ripristino per {names}',
                    { names: namesOf(t, childrenOf, pupilIds) },
                  )
                : t(action === 'cancel' ? 'Annulla questa disdetta' : 'Annulla questo ripristino')}
            </Button>
          </form>
        ))}
      </div>
    </div>
  )
}
