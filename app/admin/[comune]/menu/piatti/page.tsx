import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { MENU_DONE } from '#components/office/menus/done-words.ts'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Field, SelectField } from '#components/ui/field.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { Table } from '#components/ui/table.tsx'
import { allergenNames } from '#lib/menus/allergen.ts'
import { COURSES } from '#lib/menus/dish.ts'
import { dishQuery, isDishFiltered, readDishFilter } from '#lib/menus/office/dish.address.ts'
import { officeDishes, officeMenuChoices } from '#lib/menus/office/menu.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readPage } from '#lib/web/pagination.ts'
import type { SearchParams } from '#lib/web/query-params.ts'

export const metadata: Metadata = { title: 'Piatti e allergeni' }

/** Dishes of a page: a minute's reading, and a telephone's patience. */
const PER_PAGE = 30

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

export default async function Dishes({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, typed] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const filter = readDishFilter(typed)
  const [dishes, choices] = await Promise.all([officeDishes(viewer, filter), officeMenuChoices(viewer)])
  if (!dishes || !choices) notFound()
  const path = `/admin/${municipalitySlug}/menu/piatti`
  const pages = Math.max(1, Math.ceil(dishes.length / PER_PAGE))
  const page = Math.min(readPage(typed.pagina), pages)
  return (
    <>
      <Breadcrumb items={[{ label: 'Menù', href: `/admin/${municipalitySlug}/menu` }, { label: 'Piatti' }]} />
      <Done sentences={MENU_DONE} code={typed.fatto} />
      <PageHeading
        title="Piatti e allergeni"
        lead="Una correzione degli allergeni arriva subito alle famiglie, in tutti i menù."
        actions={
          <ButtonLink href={`${path}/nuovo`} icon="plus">
            Nuovo piatto
          </ButtonLink>
        }
      />
      <form
        action={path}
        className="mb-6 grid grid-cols-2 items-end gap-4 max-sm:[&>:first-child]:col-span-2 max-sm:[&>:last-child]:col-span-2 sm:grid-cols-[2fr_1fr_1fr_auto] print:hidden"
      >
        <Field
          name="cerca"
          type="search"
          label="Nome o ingrediente"
          defaultValue={filter.text}
          maxLength={80}
        />
        <SelectField name="portata" label="Portata" defaultValue={filter.course}>
          <option value="">Tutte</option>
          {Object.entries(COURSES).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
        <SelectField name="allergeni" label="Allergeni" defaultValue={filter.undeclared ? 'mancano' : ''}>
          <option value="">Tutti</option>
          <option value="mancano">Da dichiarare</option>
        </SelectField>
        <Button icon="search">Cerca</Button>
      </form>
      {dishes.length === 0 ? (
        <EmptyState
          icon="utensils"
          title={isDishFiltered(filter) ? 'Nessun piatto trovato' : 'Ancora nessun piatto'}
        />
      ) : (
        <Card flush>
          <Table caption={`Piatti: ${dishes.length}`} stacks>
            <thead>
              <tr>
                <th scope="col">Piatto</th>
                <th scope="col">Portata</th>
                <th scope="col">Allergeni</th>
                <th scope="col">Non adatto a</th>
              </tr>
            </thead>
            <tbody>
              {dishes.slice((page - 1) * PER_PAGE, page * PER_PAGE).map((dish) => (
                <tr key={dish.id}>
                  <th scope="row" className="min-w-44">
                    <a href={`${path}/${dish.id}`} className="tap">
                      {dish.name}
                    </a>
                  </th>
                  <td>{COURSES[dish.course]}</td>
                  <td className="min-w-60" data-label={dish.allergens === null ? undefined : 'Allergeni:'}>
                    {dish.allergens === null ? (
                      <StatusChip tone="warning" icon="triangle-alert">
                        Da dichiarare
                      </StatusChip>
                    ) : (
                      allergenNames(dish.allergens).join(', ') || 'nessuno'
                    )}
                  </td>
                  <td data-label={dish.unsuitedDiets.length > 0 ? 'Non adatto a' : undefined}>
                    {dish.unsuitedDiets.join(', ')}
                  </td>
                </tr>
              ))}
            </tbody>
          </Table>
          <p className="border-t border-line px-4 py-3 text-sm text-muted">
            Diete: {choices.diets.map(({ code, name }) => `${code} ${name}`).join(' · ')}
          </p>
        </Card>
      )}
      <div className="mt-4">
        <Pagination
          label="Pagine dei piatti"
          page={page}
          pages={pages}
          hrefOf={(number) => `${path}?${dishQuery(filter, number)}`}
        />
      </div>
    </>
  )
}
