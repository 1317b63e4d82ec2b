import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { Table } from '#components/ui/table.tsx'
import type { DietCode } from '#lib/diets/diet-code.ts'
import { dietCodes } from '#lib/diets/office/diet-code.queries.ts'
import { dietDesk } from '#lib/diets/office/diet-desk.queries.ts'
import { ENDS_SOON_DAYS, type WaitingDiet } from '#lib/diets/office/diet-desk.ts'
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
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const [desk, codes] = await Promise.all([dietDesk(viewer), dietCodes(viewer)])
  if (!desk || !codes) notFound()
  const path = `/admin/${municipalitySlug}/diete/alunni`
  return (
    <>
      <Done sentences={DONE} code={fatto} />
      <PageHeading
        title="Diete"
        lead="Chi aspetta una decisione. Finché la dieta è da definire, la cucina la legge nel conteggio come “DA-DEFINIRE”."
        actions={<PrintButton />}
      />
      <div className="grid grid-cols-1 gap-8">
        <Waiting
          title="Da definire"
          id="da-definire"
          lines={desk.undecided}
          path={path}
          empty="Nessuna dieta da definire."
        />
        <Waiting
          title={`Finiscono entro ${ENDS_SOON_DAYS} giorni`}
          id="in-scadenza"
          lines={desk.ending}
          path={path}
          empty={`Nessuna dieta finisce nei prossimi ${ENDS_SOON_DAYS} giorni.`}
        />
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
      <Table caption="Codici delle diete" captionHidden>
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
                  <a href={`${path}/codici/${diet.code}`}>
                    {diet.code} · {diet.name}
                  </a>
                ) : (
                  `${diet.code} · ${diet.name}`
                )}
                {diet.parts.length > 0 && (
                  <span className="block text-sm font-normal">unisce {diet.parts.join(', ')}</span>
                )}
              </th>
              <td>{allergenNames(diet.allergens).join(', ')}</td>
              <td>{diet.legend}</td>
              <td>{validityOf(diet)}</td>
              <td>{diet.pupils}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}

function Waiting({
  title,
  id,
  lines,
  path,
  empty,
}: {
  title: string
  id: string
  lines: readonly WaitingDiet[]
  path: string
  empty: string
}) {
  if (lines.length === 0)
    return (
      <Card title={title} titleId={id}>
        <p>{empty}</p>
      </Card>
    )
  return (
    <Card flush title={title} titleId={id}>
      <Table caption={title} captionHidden>
        <thead>
          <tr>
            <th scope="col">Alunno</th>
            <th scope="col">Scuola e classe</th>
            <th scope="col">Dieta</th>
            <th scope="col">Dal</th>
            <th scope="col">Al</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={`${line.pupilId} ${line.from}`}>
              <th scope="row">
                <a href={`${path}/${line.pupilId}`}>{line.name}</a>
                {line.severe && (
                  <span className="block text-sm font-semibold text-danger">Rischia una reazione grave</span>
                )}
              </th>
              <td>{line.where}</td>
              <td>{line.dietName}</td>
              <td>{numericDay(line.from)}</td>
              <td>{numericDay(line.to)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}
