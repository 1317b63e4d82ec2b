import type { Words } from '#lib/words/language.ts'

/** What the form of a child's card sends beside the button. `formKey` makes the form without JavaScript happen once. */
export function TodayFields({ pupilId, formKey }: { pupilId: string; formKey: string }) {
  return (
    <>
      <input type="hidden" name="figlio" value={pupilId} />
      <input type="hidden" name="chiave" value={formKey} />
      <input type="hidden" name="pagina" value="oggi" />
    </>
  )
}

/** Below the days of a child's card: that there are none, and the way to the calendar. */
export function BelowTheDays({
  t,
  href,
  givenName,
  isEmpty,
}: {
  t: Words
  href: string
  givenName: string
  isEmpty: boolean
}) {
  return (
    <>
      {isEmpty && <p className="mt-4 text-muted">{t('Non ci sono altri giorni di mensa in calendario.')}</p>}
      <p className="mt-4">
        <a href={href}>{t('Tutto il calendario di {givenName}', { givenName })}</a>
      </p>
    </>
  )
}

/** Class and school below the child's name, as the school writes them. */
export const Place = ({ name }: { name: string }) => (
  <p lang="it" className="-mt-3 mb-3 text-muted">
    {name}
  </p>
)
