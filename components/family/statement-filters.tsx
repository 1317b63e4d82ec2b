import { Button } from '#components/ui/button.tsx'
import { Field, SelectField } from '#components/ui/field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import {
  type FilterProblems,
  isStatementFiltered,
  KIND_CHOICES,
  type StatementFilters,
} from '#lib/ledger/statement.address.ts'
import { fill } from '#lib/words/fill.ts'
import { numericDay } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import { inARow } from '#lib/words/list.ts'
import { useWords } from '#words'

type Props = {
  filters: StatementFilters
  problems: FilterProblems
  pupils: { pupilId: string; name: string }[]
  /** The account, where there are more than one. */
  accountId: string | null
  clearHref: string
}

/** "Greta Albertini, pasti, dal 01/11/2026": the active filters, for a reader who does not open the form. */
function inWords(t: Words, { pupilId, kind, from, to }: StatementFilters, pupils: Props['pupils']): string {
  const child = pupils.find((pupil) => pupil.pupilId === pupilId)?.name
  const words = [
    child,
    kind && t(KIND_CHOICES[kind].label).toLowerCase(),
    from && t('dal {from}', { from: numericDay(from, t.language) }),
    to && t('al {to}', { to: numericDay(to, t.language) }),
  ]
  return inARow(
    words.filter((word): word is string => Boolean(word)),
    t,
  )
}

/** Which movements to show: an ordinary form that writes the address, so it works everywhere and can be bookmarked. */
export function StatementFiltersForm({ filters, problems, pupils, accountId, clearHref }: Props) {
  const t = useWords()
  const wrong = Object.keys(problems).length > 0
  return (
    <section
      aria-label={t('Filtri')}
      data-surface
      className="rounded-lg border border-line bg-white shadow-low"
    >
      <details open={wrong} className="group print:hidden">
        <summary className="flex min-h-14 items-center gap-3 px-4 py-3 font-semibold text-primary sm:px-6">
          <Icon name="search" />
          <span className="flex-1">{t('Filtra i movimenti')}</span>
          <Icon name="chevron-down" className="group-open:rotate-180" />
        </summary>
        <form method="get" noValidate className="border-t border-line p-4 sm:p-6">
          {accountId && <input type="hidden" name="conto" value={accountId} />}
          <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4 lg:items-end">
            <SelectField name="figlio" label={t('Figlio')} defaultValue={filters.pupilId ?? ''}>
              <option value="">{t('Tutti')}</option>
              {pupils.map(({ pupilId, name }) => (
                <option key={pupilId} value={pupilId}>
                  {name}
                </option>
              ))}
            </SelectField>
            <SelectField
              name="tipo"
              label={t('Tipo di movimento')}
              defaultValue={filters.kind ?? ''}
              error={problems.tipo && t(problems.tipo)}
            >
              <option value="">{t('Tutti')}</option>
              {Object.entries(KIND_CHOICES).map(([choice, { label }]) => (
                <option key={choice} value={choice}>
                  {t(label)}
                </option>
              ))}
            </SelectField>
            <Field
              name="dal"
              type="date"
              label={t('Dal giorno')}
              defaultValue={filters.from ?? ''}
              error={problems.dal && t(problems.dal)}
            />
            <Field
              name="al"
              type="date"
              label={t('Al giorno')}
              defaultValue={filters.to ?? ''}
              error={problems.al && t(problems.al)}
            />
          </div>
          <Button look="secondary" className="mt-5">
            {t('Applica i filtri')}
          </Button>
        </form>
      </details>
      {isStatementFiltered(filters) && (
        <p className="flex flex-wrap items-center gap-x-4 border-t border-line px-4 py-2 sm:px-6">
          <span className="py-1">
            {fill(t('Filtri attivi: {strong}'), {
              strong: <strong key="strong">{inWords(t, filters, pupils)}</strong>,
            })}
          </span>
          <a href={clearHref} className="py-1 print:hidden">
            {t('Togli i filtri')}
          </a>
        </p>
      )}
    </section>
  )
}
