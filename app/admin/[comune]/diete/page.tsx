import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Done } from '#components/office/done.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Field, SelectField } from '#components/ui/field.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { Table } from '#components/ui/table.tsx'
import type { DietCode } from '#lib/diets/diet-code.ts'
import { dietCodes } from '#lib/diets/office/diet-code.queries.ts'
import { DESK_DAYS, type DeskFilter, readDeskFilter } from '#lib/diets/office/diet-desk.address.ts'
import { dietDesk } from '#lib/diets/office/diet-desk.queries.ts'
import type { DietDesk, RequestedDiet } from '#lib/diets/office/diet-desk.ts'
import { dayInRome } from '#lib/kernel/day.ts'
import { allergenNames } from '#lib/menus/allergen.ts'
import { isDecidedDiet } from '#lib/school/diet.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'

export const metadata: Metadata = { title: 'Diete' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE: Readonly<Record<string, string>> = {
  decisa: 'Dieta decisa: la cucina la legge nel conteggio, la famiglia è avvisata',
  creata: 'Dieta creata: si può dare agli alunni',
  salvata: 'Dieta salvata: i menù la seguono già',
  chiusa: 'Dieta chiusa: chi l’aveva passa all’altra dal giorno dopo',
}

/** The diets that wait for the office: none decided, or about to end. */
export default async function Diets({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const filter = readDeskFilter(query)
  const [desk, codes] = await Promise.all([dietDesk(viewer, filter), dietCodes(viewer)])
  if (!desk || !codes) notFound()
  const base = `/admin/${municipalitySlug}`
  const path = `${base}/diete/alunni`
  return (
    <>
      <Done sentences={DONE} code={query.fatto} />
      <PageHeading
        title="Diete"
        lead="Chi aspetta una decisione. Fino ad allora la cucina lo legge nel conteggio e chiede prima di servire."
        actions={<PrintButton />}
      />
      <div className="grid grid-cols-1 gap-8">
        <Listed
          title="Chieste con un modulo"
          id="chieste"
          heads={['Domanda', 'Dieta di adesso', 'La cucina chiede dal', 'Scuola e classe']}
          empty="Nessuna domanda di dieta da decidere."
          rows={desk.requested.map((line) => ({
            key: line.submissionId,
            head: (
              <a href={`${base}/moduli/${line.formId}/domande/${line.submissionId}`}>
                {line.name}, domanda {line.protocol}
              </a>
            ),
            severe: line.severe,
            cells: [whatHolds(line), numericDay(line.from), line.where],
          }))}
        />
        <Listed
          title="Da definire"
          id="da-definire"
          heads={['Alunno', 'Dal', 'Al', 'Scuola e classe']}
          empty="Nessuna dieta da definire."
          rows={desk.undecided.map((line) => ({
            key: `${line.pupilId} ${line.from}`,
            head: <a href={`${path}/${line.pupilId}`}>{line.name}</a>,
            severe: line.severe,
            cells: [numericDay(line.from), numericDay(line.to), line.where],
          }))}
        />
        <Ending desk={desk} filter={filter} base={base} />
        <Codes codes={codes} path={`/admin/${municipalitySlug}/diete`} />
      </div>
    </>
  )
}

/** "dal 1/9/2026 al 30/6/2027" */
const validityOf = ({ from, to }: DietCode): string =>
  [from && dated`dal ${numericDay(from)}`, to && dated`al ${numericDay(to)}`].filter(Boolean).join(' ') ||
  'sempre'

/** What each code of the kitchen stands for: printed, it is the legend. */
function Codes({ codes, path }: { codes: readonly DietCode[]; path: string }) {
  return (
    <Card
      flush
      title="Codici"
      titleId="codici"
      aside={
        <ButtonLink href={`${path}/nuova`} icon="plus" className="print:hidden">
          Nuova dieta
        </ButtonLink>
      }
    >
      <Table caption="Codici delle diete" captionHidden stacks>
        <thead>
          <tr>
            <th scope="col">Codice</th>
            <th scope="col">Evita</th>
            <th scope="col">In cucina</th>
            <th scope="col">Si dà</th>
            <th scope="col">Alunni</th>
          </tr>
        </thead>
        <tbody>
          {codes.map((diet) => (
            <tr key={diet.code}>
              <th scope="row">
                {isDecidedDiet(diet.code) ? (
                  <a href={`${path}/codici/${diet.code}`} className="tap">
                    {diet.code} · {diet.name}
                  </a>
                ) : (
                  `${diet.code} · ${diet.name}`
                )}
                {diet.parts.length > 0 && (
                  <span className="block text-sm font-normal">unisce {diet.parts.join(', ')}</span>
                )}
              </th>
              <td data-label={diet.allergens.length > 0 ? 'Evita' : undefined}>
                {allergenNames(diet.allergens).join(', ')}
              </td>
              <td data-label={diet.legend ? 'In cucina' : undefined}>{diet.legend}</td>
              <td data-label="Si dà">{validityOf(diet)}</td>
              <td data-label="Alunni">{diet.pupils}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}

/** "Senza lattosio, e resta" */
const whatHolds = ({ dietCode, dietName }: RequestedDiet): string =>
  isDecidedDiet(dietCode) ? `${dietName}, e resta` : 'Nessuna: in cucina è “DA-DEFINIRE”'

/** The diets that end, with what follows and whether the family knows. */
function Ending({ desk, filter, base }: { desk: DietDesk; filter: DeskFilter; base: string }) {
  return (
    <section aria-label="Diete che finiscono" className="grid gap-4">
      <search className="block print:hidden">
        <form action={`${base}/diete`} className="flex flex-wrap items-end gap-4">
          <div className="basis-56">
            <SelectField label="Finiscono entro" name="entro" defaultValue={String(filter.days)}>
              {DESK_DAYS.map((days) => (
                <option key={days} value={days}>
                  {days} giorni
                </option>
              ))}
            </SelectField>
          </div>
          <div className="basis-72">
            {desk.schools ? (
              <SelectField label="Scuola" name="scuola" defaultValue={filter.schoolId ?? ''}>
                <option value="">Tutte</option>
                {desk.schools.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </SelectField>
            ) : (
              <Field
                label="Scuola"
                name="scuola"
                type="search"
                defaultValue={filter.schoolName}
                maxLength={80}
                autoComplete="off"
              />
            )}
          </div>
          <Button look="secondary" icon="search">
            Mostra
          </Button>
        </form>
      </search>
      <Listed
        title={`Finiscono entro ${filter.days} giorni`}
        id="in-scadenza"
        heads={['Alunno', 'Ultimo giorno', 'Dopo', 'Famiglia', 'Dieta', 'Scuola e classe']}
        empty={`Nessuna dieta finisce nei prossimi ${filter.days} giorni.`}
        rows={desk.ending.map((line) => ({
          key: `${line.pupilId} ${line.from}`,
          head: <a href={`${base}/diete/alunni/${line.pupilId}`}>{line.name}</a>,
          severe: line.severe,
          cells: [
            numericDay(line.to),
            line.nextDietName,
            line.toldAt ? dated`Avvisata il ${numericDay(dayInRome(line.toldAt))}` : 'Non ancora avvisata',
            line.dietName,
            line.where,
          ],
        }))}
      />
    </section>
  )
}

type Row = { key: string; head: ReactNode; severe: boolean; cells: readonly string[] }

function Listed({
  title,
  id,
  heads,
  rows,
  empty,
}: {
  title: string
  id: string
  heads: readonly string[]
  rows: readonly Row[]
  empty: string
}) {
  if (rows.length === 0)
    return (
      <Card title={title} titleId={id}>
        <p>{empty}</p>
      </Card>
    )
  return (
    <Card flush title={title} titleId={id}>
      <Table caption={title} captionHidden stacks>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, head, severe, cells }) => (
            <tr key={key}>
              <th scope="row">
                {head}
                {severe && (
                  <span className="block text-sm font-semibold text-danger">Rischia una reazione grave</span>
                )}
              </th>
              {cells.map((cell, at) => (
                <td key={heads[at + 1]} data-label={heads[at + 1]}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}
