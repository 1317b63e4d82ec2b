import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { ActionForm } from '#components/office/menus/action-form.tsx'
import { CheckList } from '#components/office/menus/check-list.tsx'
import { MENU_DONE } from '#components/office/menus/done-words.ts'
import { MenuStateChip } from '#components/office/menus/menu-state.tsx'
import { WeekForm } from '#components/office/menus/week-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { SelectField } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { isUuid } from '#lib/kernel/uuid.ts'
import { weekFields } from '#lib/menus/office/menu.fields.ts'
import { type OfficeMenu, officeMenu } from '#lib/menus/office/menu.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords, numericDay } from '#lib/words/format-day.ts'
import { copyWeekTo, keepWeek, putBeforeFamilies, takeAway } from '../actions.ts'

export const metadata: Metadata = { title: 'Menù' }

type Props = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

const weeksOf = (menu: OfficeMenu): number[] =>
  Array.from({ length: menu.plan.weeks }, (_, index) => index + 1)

function PublishCard({ municipalitySlug, menu }: { municipalitySlug: string; menu: OfficeMenu }) {
  const path = `/admin/${municipalitySlug}/menu`
  const isNew = menu.state !== 'published' || menu.publishedVersion !== menu.number
  return (
    <Card
      title="Pubblicazione"
      titleId="pubblicazione"
      aside={<MenuStateChip state={menu.state} pending={isNew} />}
    >
      <div className="grid gap-4">
        <CheckList
          findings={menu.findings}
          diets={menu.diets}
          links={{
            week: (week) => `${path}/${menu.id}?settimana=${week}`,
            dish: (id) => `${path}/piatti/${id}`,
            replacements: `${path}/${menu.id}/sostituzioni`,
          }}
        />
        {isNew && menu.findings.length === 0 && (
          <ActionForm
            action={putBeforeFamilies}
            hidden={{ municipalitySlug, id: menu.id, version: menu.number }}
            label="Pubblica"
            icon="eye"
            pendingLabel="Pubblicazione…"
          />
        )}
        {menu.state === 'published' && (
          <details>
            <summary className="min-h-11 font-semibold text-primary underline">Ritira il menù</summary>
            <p className="my-3">Le famiglie non lo vedono più. Lo puoi pubblicare di nuovo.</p>
            <ActionForm
              action={takeAway}
              hidden={{ municipalitySlug, id: menu.id }}
              label="Ritira"
              look="danger"
            />
          </details>
        )}
        {menu.publishedAt && (
          <p className="text-sm text-muted">
            Pubblicato l’ultima volta {dated`il ${instantInWords(menu.publishedAt)}`}.
          </p>
        )}
      </div>
    </Card>
  )
}

function CopyCard({
  municipalitySlug,
  menu,
  week,
}: {
  municipalitySlug: string
  menu: OfficeMenu
  week: number
}) {
  const others = weeksOf(menu).filter((other) => other !== week)
  if (others.length === 0) return null
  return (
    <Card title="Copia un’altra settimana qui" titleId="copia">
      <ActionForm
        action={copyWeekTo}
        hidden={{ municipalitySlug, id: menu.id, version: menu.number, to: week }}
        label={`Copia nella settimana ${week}`}
        look="secondary"
      >
        <SelectField
          name="from"
          label="Prendi i piatti della"
          hint={`Quelli della settimana ${week} vengono sostituiti.`}
        >
          {others.map((other) => (
            <option key={other} value={other}>
              settimana {other}
            </option>
          ))}
        </SelectField>
      </ActionForm>
    </Card>
  )
}

export default async function MenuEditor({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id }, { fatto, settimana }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const menu = isUuid(id) ? await officeMenu(viewer, id) : null
  if (!menu) notFound()
  const path = `/admin/${municipalitySlug}/menu/${id}`
  const week = weeksOf(menu).find((one) => String(one) === settimana) ?? 1
  const { plan } = menu
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Menù', href: `/admin/${municipalitySlug}/menu` }, { label: plan.name }]}
      />
      <Done sentences={MENU_DONE} code={fatto} />
      <PageHeading
        title={plan.name}
        lead={dated`Dal ${numericDay(plan.startsOn)} al ${numericDay(plan.endsOn)}. ${menu.schools
          .filter((school) => plan.schoolIds.includes(school.id))
          .map(({ name }) => name)
          .join(', ')}.`}
        actions={
          <>
            <ButtonLink href={`${path}/sostituzioni`} look="secondary" icon="refresh-cw">
              Sostituzioni
            </ButtonLink>
            <ButtonLink href={`${path}/importa`} look="secondary" icon="upload">
              Importa
            </ButtonLink>
            <ButtonLink href={`${path}/stampa`} look="secondary" icon="printer">
              Stampa
            </ButtonLink>
            <ButtonLink href={`${path}/dati`} look="secondary" icon="pencil">
              Date e scuole
            </ButtonLink>
          </>
        }
      />
      <div className="grid gap-8 *:min-w-0">
        {menu.weekdays.length === 0 ? (
          <Notice kind="warning" title="Nelle date di questo menù nessuna delle sue scuole ha la mensa" />
        ) : (
          <section aria-labelledby="settimane">
            <h2 id="settimane" className="sr-only">
              Settimane
            </h2>
            <nav aria-label="Settimane della rotazione" className="mb-4">
              <ul className="flex flex-wrap gap-2">
                {weeksOf(menu).map((one) => (
                  <li key={one}>
                    <a
                      href={`${path}?settimana=${one}`}
                      aria-current={one === week ? 'page' : undefined}
                      className="inline-flex min-h-12 items-center rounded-full border-2 border-primary bg-white px-5 font-semibold no-underline hover:bg-primary-light aria-[current=page]:bg-primary aria-[current=page]:text-white"
                    >
                      Settimana {one}
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
            <WeekForm
              key={`${week}-${menu.number}`}
              hidden={{ municipalitySlug, id }}
              version={menu.number}
              week={week}
              weekdays={menu.weekdays}
              dishes={menu.dishes.map(({ id: dishId, name, course }) => ({ id: dishId, name, course }))}
              saved={weekFields(plan, week)}
              here={`${path}?settimana=${week}`}
              action={keepWeek}
            />
          </section>
        )}
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <PublishCard municipalitySlug={municipalitySlug} menu={menu} />
          <div className="grid gap-6">
            <CopyCard municipalitySlug={municipalitySlug} menu={menu} week={week} />
            <Card title="Versioni" titleId="versioni">
              <ol className="grid gap-1">
                {menu.versions.map(({ number, author, savedAt }) => (
                  <li key={number}>
                    Versione {number}: {author}, {instantInWords(savedAt)}
                    {number === menu.publishedVersion && menu.state === 'published' && (
                      <strong> · è quella pubblicata</strong>
                    )}
                  </li>
                ))}
              </ol>
            </Card>
          </div>
        </div>
      </div>
    </>
  )
}
