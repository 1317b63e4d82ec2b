import { Card } from '#components/ui/card.tsx'
import { useWords } from '#words'

/**
 * What the schools of one's children eat today: the common menu, the same for every family. Diets are not in it: this page
 * is kept to be read offline.
 */
export function TodayMenu({
  municipalitySlug,
  schools,
}: {
  municipalitySlug: string
  schools: { id: string; name: string; dishes: string[] }[]
}) {
  const t = useWords()
  if (schools.length === 0) return null
  return (
    <Card title={t('Oggi a mensa')} titleId="menu-di-oggi">
      <dl className="grid gap-3">
        {schools.map(({ id, name, dishes }) => (
          <div key={id}>
            <dt className="text-sm text-muted">
              {t('Menù comune')} · <span lang="it">{name}</span>
            </dt>
            <dd lang="it">{dishes.join(', ')}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-3">
        <a href={`/${municipalitySlug}/menu-figli`}>{t('Il menù dei tuoi figli, con le sostituzioni')}</a>
      </p>
    </Card>
  )
}
