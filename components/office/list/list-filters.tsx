import { Button } from '#components/ui/button.tsx'
import { Field, SelectField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import {
  type ListFilter,
  type ListOption,
  type ListState,
  type OfficeList,
  PAGE_SIZES,
} from '#lib/lists/list.ts'

type Props = {
  /** The address of the list without its query. */
  base: string
  list: OfficeList
  state: ListState
  options: Readonly<Record<string, readonly ListOption[]>>
}

/** Low beside a mouse, as high as a thumb on a telephone. */
const COMPACT = 'min-h-11! sm:min-h-10! px-3! py-1! text-sm!'

/** The filters of a list, its order, its columns and how many rows a page has: one form that asks for another address. */
export function ListFilters({ base, list, state, options }: Props) {
  const [first, ...others] = list.filters
  return (
    <form
      action={base}
      className="group mb-2 flex flex-wrap items-end gap-x-3 gap-y-2 [&_label]:text-sm [&_label]:leading-tight print:hidden"
    >
      {first && (
        <div className="min-w-44 flex-[2_1_12rem] max-sm:basis-full">
          <FilterField filter={first} {...{ state, options }} id="filtro-cerca" />
        </div>
      )}
      {others.length > 0 && (
        <label className="inline-flex min-h-11 items-center gap-2 font-semibold text-primary sm:hidden">
          <input type="checkbox" className="size-5 accent-primary" data-opens-filters />
          Mostra i filtri
        </label>
      )}
      {others.map((filter) => (
        <div
          key={filter.key}
          className="min-w-28 flex-[1_1_8rem] sm:max-w-64 max-sm:hidden max-sm:basis-full max-sm:group-has-[[data-opens-filters]:checked]:block"
        >
          <FilterField {...{ filter, state, options }} id={`filtro-${filter.key}`} />
        </div>
      ))}
      <Button icon="search" className={COMPACT}>
        Cerca
      </Button>
      <a href={base} className="inline-flex min-h-11 items-center text-sm font-semibold sm:min-h-10">
        Togli i filtri
      </a>
      <details className="open:w-full">
        <summary className="w-fit cursor-pointer py-2 text-sm font-semibold text-primary">
          Ordine e colonne
        </summary>
        <Arrangement list={list} state={state} />
      </details>
    </form>
  )
}

type FilterProps = { filter: ListFilter; id: string } & Pick<Props, 'state' | 'options'>

function FilterField({ filter, id, state, options }: FilterProps) {
  const { key, label } = filter
  const value = state.filters[key] ?? ''
  if (filter.kind === 'words')
    return (
      <Field
        name={key}
        id={id}
        type="search"
        label={label}
        placeholder={filter.hint}
        defaultValue={value}
        autoComplete="off"
        maxLength={80}
        className={COMPACT}
      />
    )
  return (
    <SelectField name={key} id={id} label={label} defaultValue={value} className={COMPACT}>
      <option value="">qualsiasi</option>
      {(filter.options ?? options[key] ?? []).map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </SelectField>
  )
}

/** One for each of the columns that rows may be sorted by. */
const SORT_LABELS = ['Ordina per', 'poi per', 'e poi per']

/** The order by up to three columns, the columns, and the rows of a page. */
function Arrangement({ list, state }: Pick<Props, 'list' | 'state'>) {
  const sortable = list.columns.filter(({ isSorted }) => isSorted)
  const [lead] = list.columns
  return (
    <div className="mt-2 grid gap-4 rounded-lg border border-line bg-white p-4">
      <div className="grid gap-3 sm:grid-cols-4">
        {SORT_LABELS.map((label, at) => {
          const sort = state.sort[at]
          return (
            <SelectField
              key={label}
              id={`ordine-${at + 1}`}
              name="ordina"
              label={label}
              defaultValue={sort ? `${sort.isDown ? '-' : ''}${sort.key}` : ''}
              className={COMPACT}
            >
              <option value="">–</option>
              {sortable.flatMap(({ key, label }) => [
                <option key={key} value={key}>
                  {label}
                </option>,
                <option key={`-${key}`} value={`-${key}`}>
                  {label}, al contrario
                </option>,
              ])}
            </SelectField>
          )
        })}
        <SelectField
          name="righe"
          label="Righe per pagina"
          defaultValue={String(state.size)}
          className={COMPACT}
        >
          {PAGE_SIZES.map((size) => (
            <option key={size} value={size}>
              {size.toLocaleString('it-IT')}
            </option>
          ))}
        </SelectField>
      </div>
      <fieldset>
        <legend className="font-semibold text-ink">Colonne</legend>
        {lead && <HiddenFields values={{ colonna: lead.key }} />}
        <div className="mt-1 flex flex-wrap gap-x-5 gap-y-1">
          {list.columns.slice(1).map(({ key, label }) => (
            <label key={key} className="flex min-h-11 items-center gap-2 sm:min-h-9">
              <input
                type="checkbox"
                name="colonna"
                value={key}
                defaultChecked={state.columns.includes(key)}
                className="size-5 accent-primary"
              />
              {label}
            </label>
          ))}
        </div>
      </fieldset>
      <Button look="secondary" className={`w-fit ${COMPACT}`}>
        Applica
      </Button>
    </div>
  )
}
