import { Button } from '#components/ui/button.tsx'
import { Choice, Field, SelectField } from '#components/ui/field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import {
  type CommunicationFilter,
  isCommunicationFiltered,
  kindSlug,
} from '#lib/communications/communication.address.ts'
import { COMMUNICATION_KINDS, type CommunicationKind } from '#lib/communications/communication.ts'
import { useWords } from '#words'

/** Looking for a communication: a plain form whose answer is the list at another address. */
export function CommunicationFilters({
  path,
  filter,
  years,
}: {
  path: string
  filter: CommunicationFilter
  years: readonly number[]
}) {
  const { text, kind, unread, year } = filter
  const t = useWords()
  return (
    <search
      data-surface
      className="mb-6 block rounded-lg border border-line bg-white shadow-low print:hidden"
    >
      <details open={isCommunicationFiltered(filter)} className="group">
        <summary className="flex min-h-14 items-center gap-3 px-4 py-3 font-semibold text-primary sm:px-6">
          <Icon name="search" />
          <span className="flex-1">{t('Cerca e filtra')}</span>
          <Icon name="chevron-down" className="group-open:rotate-180" />
        </summary>
        <form action={path} className="grid gap-4 border-t border-line p-4 sm:p-6">
          <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-[2fr_1fr_1fr]">
            <Field
              label={t('Parole')}
              name="cerca"
              type="search"
              defaultValue={text}
              maxLength={80}
              enterKeyHint="search"
            />
            <SelectField label={t('Tipo')} name="tipo" defaultValue={kind && kindSlug(kind)}>
              <option value="">{t('Tutti')}</option>
              {(Object.keys(COMMUNICATION_KINDS) as CommunicationKind[]).map((key) => (
                <option key={key} value={kindSlug(key)}>
                  {t(COMMUNICATION_KINDS[key].one)}
                </option>
              ))}
            </SelectField>
            <SelectField label={t('Anno scolastico')} name="anno" defaultValue={year ?? ''}>
              <option value="">{t('Tutti')}</option>
              {years.map((first) => (
                <option key={first} value={first}>
                  {first}/{first + 1}
                </option>
              ))}
            </SelectField>
          </div>
          <Choice
            type="checkbox"
            id="stato"
            name="stato"
            value="da-leggere"
            label={t('Solo quelle da leggere')}
            defaultChecked={unread}
          />
          <div className="flex flex-wrap items-center gap-4">
            <Button icon="search">{t('Mostra')}</Button>
            {isCommunicationFiltered(filter) && <a href={path}>{t('Togli i filtri')}</a>}
          </div>
        </form>
      </details>
    </search>
  )
}
