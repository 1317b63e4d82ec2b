import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Choice, ChoiceGroup, Field } from '#components/ui/field.tsx'
import type { Day } from '#lib/kernel/day.ts'
import { ACTION_WORDS } from '#lib/meals/meal.address.ts'
import { useWords } from '#words'

/**
 * A period "da … a …" for one child or several. It only asks: the next page says what would change and what would not.
 */
export function PeriodForm({
  previewPath,
  siblings,
  chosen,
  open,
}: {
  previewPath: string
  siblings: { id: string; givenName: string }[]
  /** The children ticked from the start. */
  chosen: readonly string[]
  open: { from: Day; to: Day } | null
}) {
  const t = useWords()
  return (
    <Card title={t('Più giorni: da … a …')} titleId="periodo" className="needs-network mt-8 print:hidden">
      <form action={previewPath} className="grid gap-5">
        {siblings.length > 1 ? (
          <ChoiceGroup legend={t('Per chi')} name="figlio">
            <div className="grid gap-2 sm:grid-cols-2">
              {siblings.map(({ id, givenName }) => (
                <Choice
                  key={id}
                  id={`figlio-${id}`}
                  name="figlio"
                  value={id}
                  type="checkbox"
                  label={givenName}
                  defaultChecked={chosen.includes(id)}
                />
              ))}
            </div>
          </ChoiceGroup>
        ) : (
          <input type="hidden" name="figlio" value={chosen[0]} />
        )}
        <div className="grid gap-5 sm:grid-cols-2">
          <Field
            name="dal"
            label={t('Dal giorno')}
            type="date"
            required
            defaultValue={open?.from}
            min={open?.from}
            max={open?.to}
          />
          <Field
            name="al"
            label={t('Al giorno')}
            type="date"
            required
            defaultValue={open?.from}
            min={open?.from}
            max={open?.to}
          />
        </div>
        <div className="flex flex-wrap gap-3">
          <Button name="azione" value={ACTION_WORDS.cancel} icon="user-x">
            {t('Segna assenti: vedi cosa cambia')}
          </Button>
          <Button name="azione" value={ACTION_WORDS.restore} look="secondary" icon="undo-2">
            {t('Ripristina: vedi cosa cambia')}
          </Button>
        </div>
      </form>
    </Card>
  )
}
