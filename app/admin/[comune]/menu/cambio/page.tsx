import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ChangeConfirm } from '#components/office/menus/change-confirm.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { ChoiceGroup, Field, SelectField } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Table } from '#components/ui/table.tsx'
import { parseDay } from '#lib/kernel/day.ts'
import { COURSES, type Dish } from '#lib/menus/dish.ts'
import { officeDishes, officeMenuChoices } from '#lib/menus/office/menu.queries.ts'
import {
  type ChangeEffect,
  type ChangePreview,
  dishesOfDay,
  previewChange,
} from '#lib/menus/office/menu-change.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readEvery, readText, type SearchParams } from '#lib/web/query-params.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { announce } from '../actions.ts'

export const metadata: Metadata = { title: 'Cambia un piatto' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const NOT: Record<Exclude<ChangeEffect['not'], null>, string> = {
  'no-lunch': 'Quel giorno non c’è la mensa, o il menù non è pubblicato',
  'not-on-the-menu': 'Quel giorno il piatto non è nel menù di questa scuola',
  'changed-already': 'Quel giorno il piatto è già stato cambiato',
}

/** First of the two steps: the day and the schools, whose dishes the next step offers. */
function WhenAndWhere({
  path,
  typed,
  schools,
  problems,
}: {
  path: string
  typed: SearchParams
  schools: { id: string; name: string }[]
  problems: Record<string, string>
}) {
  // Every school, until one is chosen.
  const chosen = typed.giorno === undefined ? schools.map(({ id }) => id) : readEvery(typed.scuola)
  return (
    <form action={path} className="grid max-w-2xl gap-6" noValidate>
      <ErrorSummary fields={problems} />
      <Field
        name="giorno"
        type="date"
        label="Giorno"
        defaultValue={readText(typed.giorno)}
        error={problems.giorno}
        className="max-w-60"
      />
      <ChoiceGroup legend="Scuole" name="scuola" error={problems.scuola}>
        {schools.map(({ id, name }, index) => (
          <label key={id} className="flex min-h-11 items-center gap-3">
            <input
              id={index === 0 ? 'scuola' : undefined}
              type="checkbox"
              name="scuola"
              value={id}
              defaultChecked={chosen.includes(id)}
              className="size-6 shrink-0 accent-primary"
            />
            {name}
          </label>
        ))}
      </ChoiceGroup>
      <div>
        <Button icon="arrow-right">Scegli il piatto</Button>
      </div>
    </form>
  )
}

function Which({
  path,
  day,
  schoolIds,
  planned,
  dishes,
  typed,
  problems,
}: {
  path: string
  day: string
  schoolIds: string[]
  planned: Dish[]
  dishes: Dish[]
  typed: SearchParams
  problems: Record<string, string>
}) {
  return (
    <form action={path} className="grid max-w-2xl gap-6" noValidate>
      <ErrorSummary fields={problems} />
      <input type="hidden" name="giorno" value={day} />
      {schoolIds.map((id) => (
        <input key={id} type="hidden" name="scuola" value={id} />
      ))}
      <SelectField
        name="piatto"
        label="Piatto previsto"
        defaultValue={readText(typed.piatto)}
        error={problems.piatto}
      >
        {planned.map(({ id, name, course }) => (
          <option key={id} value={id}>
            {COURSES[course]}: {name}
          </option>
        ))}
      </SelectField>
      <SelectField
        name="nuovo"
        label="Piatto nuovo"
        defaultValue={readText(typed.nuovo)}
        error={problems.nuovo}
      >
        <option value="">Scegli</option>
        {dishes.map(({ id, name, course }) => (
          <option key={id} value={id}>
            {COURSES[course]}: {name}
          </option>
        ))}
      </SelectField>
      <Field
        name="motivo"
        label="Motivo"
        hint="Le famiglie lo leggono. Per esempio: “Il fornitore non ha potuto consegnare”."
        maxLength={200}
        defaultValue={readText(typed.motivo)}
        error={problems.motivo}
      />
      <div>
        <Button icon="eye">Mostra l’anteprima</Button>
      </div>
    </form>
  )
}

function Effects({ preview, day }: { preview: ChangePreview; day: string }) {
  return (
    <>
      <p className="text-lg">
        <span className="inline-block first-letter:uppercase">{longDayWithYear(day)}</span>:{' '}
        <strong>{preview.newDish.name}</strong> al posto di <s>{preview.oldDish.name}</s>.
      </p>
      <Card flush>
        <Table caption="Chi riguarda">
          <thead>
            <tr>
              <th scope="col">Scuola</th>
              <th scope="col">Bambini</th>
              <th scope="col">Famiglie avvisate</th>
            </tr>
          </thead>
          <tbody>
            {preview.effects.map((effect) => (
              <tr key={effect.schoolId}>
                <th scope="row">{effect.schoolName}</th>
                {effect.not ? (
                  <td colSpan={2}>{NOT[effect.not]}</td>
                ) : (
                  <>
                    <td>{effect.pupils}</td>
                    <td>{effect.families}</td>
                  </>
                )}
              </tr>
            ))}
          </tbody>
        </Table>
      </Card>
    </>
  )
}

const insteadInWords = (instead: ChangePreview['diets'][number]['instead']): string =>
  instead === null ? '' : instead.kind === 'without' ? 'niente in sostituzione' : instead.dish.name

export default async function OneDayChange({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, typed] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const choices = await officeMenuChoices(viewer)
  if (!choices) notFound()
  const path = `/admin/${municipalitySlug}/menu/cambio`
  const day = parseDay(typed.giorno)
  const schoolIds = choices.schools.map(({ id }) => id).filter((id) => readEvery(typed.scuola).includes(id))
  const shell = (children: React.ReactNode) => (
    <>
      <Breadcrumb
        items={[{ label: 'Menù', href: `/admin/${municipalitySlug}/menu` }, { label: 'Cambia un piatto' }]}
      />
      <PageHeading
        title="Cambia un piatto"
        lead="Per un giorno solo. Le famiglie vedono il piatto nuovo, quello che c’era e il motivo."
      />
      {children}
    </>
  )
  if (!day || schoolIds.length === 0 || day < choices.today) {
    const missing: Record<string, string> = {}
    if (!day || day < choices.today) missing.giorno = 'Scegli un giorno da oggi in poi'
    if (schoolIds.length === 0) missing.scuola = 'Scegli almeno una scuola'
    return shell(
      <WhenAndWhere
        path={path}
        typed={typed}
        schools={choices.schools}
        problems={typed.giorno === undefined ? {} : missing}
      />,
    )
  }
  const [planned, dishes] = await Promise.all([
    dishesOfDay(viewer, day, schoolIds),
    officeDishes(viewer, { text: '', course: '', undeclared: false }),
  ])
  if (!planned || !dishes) notFound()
  if (planned.length === 0)
    return shell(
      <div className="grid gap-6">
        <Notice kind="warning" title="Quel giorno non c’è un menù da cambiare">
          <p>{longDayWithYear(day)}: la mensa non è prevista, oppure il menù non è ancora pubblicato.</p>
        </Notice>
        <WhenAndWhere path={path} typed={typed} schools={choices.schools} problems={{}} />
      </div>,
    )
  const asked = {
    day,
    schoolIds,
    dishId: planned.find(({ id }) => id === typed.piatto)?.id ?? '',
    newDishId: dishes.find(({ id }) => id === typed.nuovo)?.id ?? '',
    reason: readText(typed.motivo),
  }
  const problems: Record<string, string> = {}
  if (typed.piatto !== undefined) {
    if (!asked.dishId) problems.piatto = 'Scegli il piatto previsto'
    if (!asked.newDishId || asked.newDishId === asked.dishId) problems.nuovo = 'Scegli un piatto diverso'
    if (asked.reason === '' || asked.reason.length > 200)
      problems.motivo = 'Scrivi il motivo, in poche parole'
  }
  const preview =
    typed.piatto !== undefined && Object.keys(problems).length === 0
      ? await previewChange(viewer, asked)
      : null
  if (!preview)
    return shell(
      <Which
        path={path}
        day={day}
        schoolIds={schoolIds}
        planned={planned}
        dishes={dishes}
        typed={typed}
        problems={problems}
      />,
    )
  const back = new URLSearchParams([['giorno', day], ...schoolIds.map((id) => ['scuola', id])] as string[][])
  return shell(
    <ChangeConfirm
      municipalitySlug={municipalitySlug}
      asked={asked}
      diets={preview.diets.map((diet) => ({
        code: diet.code,
        name: diet.name,
        pupils: diet.pupils,
        written: insteadInWords(diet.instead),
        choices: dishes
          .filter(({ unsuitedDiets, allergens }) => allergens !== null && !unsuitedDiets.includes(diet.code))
          .map(({ id, name }) => ({ id, name })),
      }))}
      backHref={`${path}?${back}`}
      action={announce}
    >
      <Effects preview={preview} day={day} />
      {preview.newDish.allergens === null && (
        <Notice kind="warning" title={`Allergeni da dichiarare: ${preview.newDish.name}`}>
          <p>
            <a href={`/admin/${municipalitySlug}/menu/piatti/${preview.newDish.id}`}>Dichiarali prima</a>, poi
            torna qui.
          </p>
        </Notice>
      )}
    </ChangeConfirm>,
  )
}
