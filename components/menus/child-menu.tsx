import { Said } from '#components/language/said.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { Day } from '#lib/kernel/day.ts'
import type { DayMenu } from '#lib/menus/day-menu.ts'
import { type RatingFigure, shareOf } from '#lib/menus/rating.ts'
import { UNDECIDED_DIET } from '#lib/school/diet.ts'
import { longDay } from '#lib/words/format-day.ts'
import { plural } from '#lib/words/language.ts'
import { written } from '#lib/words/written.ts'
import { useWords } from '#words'
import { DietSummary } from './diet-summary.tsx'
import { MenuWeek, weekOf } from './menu-week.tsx'

export type ShownChild = {
  pupilId: string
  givenName: string
  schoolName: string
  diet: { code: string; name: string | null } | null
  asked: boolean
  days: { day: Day; menu: DayMenu }[]
  toRate: { serviceDayId: string; day: Day; changedAt: Date | null }[]
  opinions: ReadonlyMap<string, RatingFigure>
}

/** The name of a diet inside a sentence: "senza glutine"; for a delegate its code. */
const dietInWords = ({ code, name }: { code: string; name: string | null }): string =>
  name === null ? code : name.charAt(0).toLowerCase() + name.slice(1)

/** A child's week: today in a sentence, the days, and then the meals that wait for an opinion. */
export function ChildMenu({
  municipalitySlug,
  child,
  today,
}: {
  municipalitySlug: string
  child: ShownChild
  today: Day
}) {
  const t = useWords()
  const isUndecided = child.diet?.code === UNDECIDED_DIET
  const diet = !isUndecided && child.diet ? dietInWords(child.diet) : null
  const todays = child.days.find(({ day }) => day === today)?.menu
  const liked = Object.fromEntries(
    [...child.opinions].map(([dishId, figure]) => [
      dishId,
      t(
        plural('Piace a {n} bambino su 100 di questa scuola', 'Piace a {n} bambini su 100 di questa scuola'),
        { n: shareOf(figure.liked, figure.answers) },
      ),
    ]),
  )
  const days = weekOf(child.days, today, t.language).map((day) => ({ ...day, liked }))
  return (
    <Card
      title={t('Il menù di {name}', { name: child.givenName })}
      titleId={`menu-${child.pupilId}`}
      className="menu-sheet"
    >
      <div className="grid gap-4 print:gap-2">
        <p lang="it" className="-mt-3 text-muted">
          {child.schoolName}
        </p>
        {isUndecided && (
          <Notice kind="warning" title={t('Dieta da definire')}>
            <p>
              {t(
                'La dieta di {name} non è ancora decisa. La cucina lo sa e chiede prima di servire; fino ad allora i piatti qui sotto non sono da ritenere adatti. Se manca un documento, mandalo con il modulo “Richiesta di dieta speciale”.',
                { name: child.givenName },
              )}
            </p>
          </Notice>
        )}
        {child.asked && (
          <Notice kind="warning" title={t('Un’altra dieta è da decidere')}>
            <p>
              {t(
                'Per {name} è chiesta un’altra dieta e l’ufficio non ha ancora deciso. La cucina prepara quella di adesso e chiede prima di servire; fino ad allora i piatti qui sotto non sono da ritenere adatti anche a quella nuova.',
                { name: child.givenName },
              )}
            </p>
          </Notice>
        )}
        {diet && (
          <div data-surface className="grid gap-1 rounded border border-line bg-canvas p-4">
            {todays?.kind === 'served' && (
              <div className="print:hidden">
                <DietSummary name={child.givenName} diet={diet} menu={todays} />
              </div>
            )}
            <p className="text-sm text-muted">
              <Said
                text={t(
                  'Nei giorni qui sotto le sostituzioni per la dieta {diet} sono scritte accanto al piatto. Un piatto senza sostituzione non vuol dire che sia adatto: vale la dieta concordata con il gestore.',
                  { diet: written(diet) },
                )}
              />
            </p>
          </div>
        )}
        {days.length === 0 ? (
          <p>{t('In questa settimana la mensa non c’è.')}</p>
        ) : (
          <MenuWeek days={days} headingLevel="h3" />
        )}
        {child.toRate.length > 0 && (
          <section aria-label={t('Com’è andata a tavola')} className="print:hidden">
            <h3 className="mb-2 text-lg">{t('Com’è andata a tavola?')}</h3>
            <ul className="flex flex-wrap gap-3">
              {child.toRate.map(({ serviceDayId, day, changedAt }) => (
                <li key={serviceDayId}>
                  <ButtonLink
                    href={`/${municipalitySlug}/menu-figli/giudizio?figlio=${child.pupilId}&pasto=${serviceDayId}`}
                    look={changedAt ? 'quiet' : 'secondary'}
                    icon={changedAt ? 'check' : 'smile'}
                  >
                    {changedAt
                      ? t('Cambia il giudizio di {day}', { day: longDay(day, t.language) })
                      : t('Racconta {day}', { day: longDay(day, t.language) })}
                  </ButtonLink>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Card>
  )
}
