import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { ActionForm } from '#components/office/menus/action-form.tsx'
import { MENU_DONE } from '#components/office/menus/done-words.ts'
import { MenuStateChip } from '#components/office/menus/menu-state.tsx'
import { LinkList } from '#components/shell/link-list.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { type OfficeMenuLine, officeMenus } from '#lib/menus/office/menu.queries.ts'
import { announcedChanges } from '#lib/menus/office/menu-change.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { longDay, numericDay } from '#lib/words/format-day.ts'
import { takeChangeBack } from './actions.ts'

export const metadata: Metadata = { title: 'Menù' }

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

const MenuRow = ({ municipalitySlug, menu }: { municipalitySlug: string; menu: OfficeMenuLine }) => (
  <li className="relative grid gap-1 p-4 hover:bg-canvas sm:grid-cols-[1fr_auto] sm:items-center sm:px-6">
    <div>
      <a
        href={`/admin/${municipalitySlug}/menu/${menu.id}`}
        className="stretched text-lg font-semibold text-ink no-underline hover:underline"
      >
        {menu.name}
      </a>
      <p>
        {dated`Dal ${numericDay(menu.startsOn)}`} {dated`al ${numericDay(menu.endsOn)}`} ·{' '}
        {menu.weeks === 1 ? 'una settimana' : `${menu.weeks} settimane`}
      </p>
      <p className="text-sm text-muted">{menu.schools.join(', ')}</p>
    </div>
    <div>
      <MenuStateChip state={menu.state} pending={menu.pending} />
    </div>
  </li>
)

export default async function OfficeMenusPage({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const [menus, changes] = await Promise.all([officeMenus(viewer), announcedChanges(viewer)])
  if (!menus || !changes) notFound()
  const path = `/admin/${municipalitySlug}/menu`
  return (
    <>
      <Done sentences={MENU_DONE} code={fatto} />
      <PageHeading
        title="Menù"
        lead="Che cosa si mangia, scuola per scuola, e che cosa trova chi ha una dieta."
        actions={
          <ButtonLink href={`${path}/nuovo`} icon="plus">
            Nuovo menù
          </ButtonLink>
        }
      />
      <div className="grid items-start gap-8 lg:grid-cols-[1fr_20rem] *:min-w-0">
        <div className="grid gap-8">
          {menus.length === 0 ? (
            <EmptyState icon="utensils" title="Ancora nessun menù">
              <p>
                Comincia dai piatti, oppure crea un menù e importa un foglio: i piatti si aggiungono da soli.
              </p>
            </EmptyState>
          ) : (
            <ul
              data-surface
              className="divide-y divide-line rounded-lg border border-line bg-white shadow-low"
            >
              {menus.map((menu) => (
                <MenuRow key={menu.id} municipalitySlug={municipalitySlug} menu={menu} />
              ))}
            </ul>
          )}
          <section aria-labelledby="cambi">
            <h2 id="cambi" className="mb-3 text-2xl">
              Cambi annunciati
            </h2>
            {changes.length === 0 ? (
              <p>Nessun cambio per i prossimi giorni.</p>
            ) : (
              <ul
                data-surface
                className="divide-y divide-line rounded-lg border border-line bg-white shadow-low"
              >
                {changes.map((change) => (
                  <li
                    key={change.id}
                    className="grid gap-3 p-4 sm:grid-cols-[1fr_auto] sm:items-center sm:px-6"
                  >
                    <div>
                      <p className="font-semibold text-ink">
                        <span className="inline-block first-letter:uppercase">{longDay(change.day)}</span>,{' '}
                        {change.schoolName}
                      </p>
                      <p>
                        {change.newDish} al posto di <s>{change.oldDish}</s>
                      </p>
                      <p className="text-sm text-muted">{change.reason}</p>
                    </div>
                    <ActionForm
                      action={takeChangeBack}
                      hidden={{ municipalitySlug, id: change.id }}
                      label="Annulla il cambio"
                      look="secondary"
                    />
                  </li>
                ))}
              </ul>
            )}
          </section>
        </div>
        <LinkList
          label="Lavori sul menù"
          links={[
            { href: `${path}/cambio`, label: 'Cambia un piatto di un giorno', icon: 'refresh-cw' },
            { href: `${path}/piatti`, label: 'Piatti e allergeni', icon: 'utensils' },
            { href: `${path}/giudizi`, label: 'Giudizi delle famiglie', icon: 'chart-column' },
            { href: `${path}/avanzi`, label: 'Avanzi', icon: 'trash-2' },
            { href: `/${municipalitySlug}/menu`, label: 'Il menù come lo vedono tutti', icon: 'eye' },
          ]}
        />
      </div>
    </>
  )
}
