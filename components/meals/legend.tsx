import { STATES, type StateKind } from '#lib/meals/meal-state.ts'
import { useWords } from '#words'
import './meals.css'

const SHOWN = [
  'present',
  'absent',
  'presentLate',
  'absentLate',
  'consumed',
  'absentPast',
  'closed',
  'unplanned',
] as const satisfies StateKind[]

/**
 * What each look of a day means. Always in sight, never behind a click.
 * @param withElsewhere some of the days are another family's: only few children have such
 */
export function Legend({ withElsewhere }: { withElsewhere: boolean }) {
  const t = useWords()
  const shown: readonly StateKind[] = withElsewhere ? [...SHOWN, 'elsewhere'] : SHOWN
  return (
    <section aria-labelledby="legenda" className="mt-6">
      <h2 id="legenda" className="text-lg">
        {t('Legenda')}
      </h2>
      <ul className="legend mt-2 grid gap-x-6 gap-y-2 text-sm sm:grid-cols-2 lg:grid-cols-4">
        {shown.map((kind) => (
          <li key={kind}>
            <i className={STATES[kind].code} aria-hidden="true" />
            {t(STATES[kind].legend)}
          </li>
        ))}
      </ul>
    </section>
  )
}
