import { Button } from '#components/ui/button.tsx'
import { SelectField } from '#components/ui/field.tsx'
import type { Day } from '#lib/kernel/day.ts'
import { useWords } from '#words'

type Named = { name: string; slug: string }

/** Which school and which diet: a plain form whose answer is the menu at another address. */
export function MenuChoice({
  path,
  schools,
  diets,
  school,
  diet,
  week,
}: {
  path: string
  schools: readonly Named[]
  diets: readonly Named[]
  school: string
  diet: string
  week: Day | null
}) {
  const t = useWords()
  return (
    <form
      action={path}
      data-surface
      className="grid items-end gap-4 rounded-lg border border-line bg-white p-4 shadow-low sm:grid-cols-[2fr_1fr_auto] sm:p-5 print:hidden"
    >
      {week && <input type="hidden" name="settimana" value={week} />}
      <SelectField label={t('Scuola')} name="scuola" defaultValue={school}>
        {schools.map(({ slug, name }) => (
          <option key={slug} value={slug} lang="it">
            {name}
          </option>
        ))}
      </SelectField>
      <SelectField label={t('Dieta')} name="dieta" defaultValue={diet}>
        <option value="">{t('Menù comune')}</option>
        {diets.map(({ slug, name }) => (
          <option key={slug} value={slug} lang="it">
            {name}
          </option>
        ))}
      </SelectField>
      <Button icon="eye">{t('Mostra')}</Button>
    </form>
  )
}
