import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { ActForm } from '#components/office/forms/act-form.tsx'
import { ApartList } from '#components/office/told-apart.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Table } from '#components/ui/table.tsx'
import type { AdultPair, ListedAdult } from '#lib/people/office/person-merge.ts'
import { doublesForOffice } from '#lib/people/office/pupil-merge.queries.ts'
import type { DoubleAdults, DoublePair, DoublePupil, MergedPair } from '#lib/people/office/pupil-merge.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { instantInWords, numericDay } from '#lib/words/format-day.ts'
import { apart, together } from './actions.ts'

export const metadata: Metadata = { title: 'Alunni doppi' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE = {
  annullata: 'L’unione è annullata: i due alunni sono com’erano prima.',
  'adulti-divisi': 'L’unione è annullata: i due adulti sono com’erano prima.',
  'famiglie-divise': 'L’unione è annullata: le due famiglie sono com’erano prima.',
  diversi:
    'Segnato: sono due diversi. Se cambia un nome, un codice o una data di nascita, si guarda di nuovo.',
  'di-nuovo': 'Il segno è tolto: i due sono di nuovo nell’elenco.',
}

/** Pupils who may be in the registry twice, and adults who pay for several families. */
export default async function Doubles({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
  const doubles = await doublesForOffice(await requireViewer(municipalitySlug))
  if (!doubles) notFound()
  const families = `/admin/${municipalitySlug}/famiglie`
  return (
    <>
      <Breadcrumb items={[{ label: 'Famiglie', href: families }, { label: 'Alunni doppi' }]} />
      <PageHeading
        title="Alunni doppi"
        lead="Alunni che forse sono nell’anagrafe due volte: stesso nome e stessa nascita, stesse lettere del codice, o stesso nome nella stessa famiglia. Gemelli e omonimi si segnano come diversi dal confronto, e non tornano più qui."
      />
      <Done sentences={DONE} code={fatto} />
      <Pairs families={families} pairs={doubles.pupils} />
      {doubles.more && (
        <p className="mt-3 text-sm">Ce ne sono altri: compaiono quando questi sono uniti o corretti.</p>
      )}
      {doubles.adults.length > 0 && <Adults families={families} pairs={doubles.adults} />}
      {doubles.merged.length > 0 && (
        <Merged id="uniti" title="Alunni uniti da poco" base={`${families}/doppi`} merged={doubles.merged} />
      )}
      {doubles.mergedAdults.length > 0 && (
        <Merged
          id="adulti-uniti"
          title="Adulti uniti da poco"
          base={`${families}/doppi/adulti`}
          merged={doubles.mergedAdults}
        />
      )}
      {doubles.mergedHouseholds.length > 0 && (
        <Merged
          id="famiglie-unite"
          title="Famiglie unite da poco"
          base={`${families}/doppi/famiglie`}
          merged={doubles.mergedHouseholds}
        />
      )}
      {doubles.apart.length > 0 && (
        <ApartList municipalitySlug={municipalitySlug} apart={doubles.apart} action={together} />
      )}
      {doubles.holders.length > 0 && (
        <Holders municipalitySlug={municipalitySlug} families={families} holders={doubles.holders} />
      )}
    </>
  )
}

function Pairs({ families, pairs }: { families: string; pairs: readonly DoublePair[] }) {
  if (pairs.length === 0) return <EmptyState icon="circle-check" title="Nessun alunno doppio" />
  return (
    <Card flush>
      <Table caption="Alunni che forse sono lo stesso" stacks>
        <thead>
          <tr>
            <th scope="col">Uno</th>
            <th scope="col">L’altro</th>
            <th scope="col">Confronta</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map(({ one, other }) => (
            <tr key={`${one.id} ${other.id}`}>
              <th scope="row" className="font-normal">
                <Pupil pupil={one} />
              </th>
              <td className="max-sm:block!">
                <Pupil pupil={other} />
              </td>
              <td>
                <a
                  href={`${families}/doppi/${one.id}/${other.id}`}
                  aria-label={`Confronta ${one.name} e ${other.name}`}
                  className="inline-flex min-h-11 items-center"
                >
                  Confronta
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}

const Adults = ({ families, pairs }: { families: string; pairs: readonly AdultPair[] }) => (
  <section aria-labelledby="adulti" className="mt-6 grid grid-cols-1 gap-3">
    <h2 id="adulti" className="text-2xl">
      Adulti doppi
    </h2>
    <p>
      Stesso nome, e stesso telefono, stessa e-mail o stessa nascita, o un codice provvisorio. Li unisce chi è
      responsabile.
    </p>
    <Card flush>
      <Table caption="Adulti che forse sono la stessa persona" stacks>
        <thead>
          <tr>
            <th scope="col">Uno</th>
            <th scope="col">L’altro</th>
            <th scope="col">Confronta</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map(({ one, other }) => (
            <tr key={`${one.id} ${other.id}`}>
              <th scope="row" className="font-normal">
                <Adult adult={one} />
              </th>
              <td className="max-sm:block!">
                <Adult adult={other} />
              </td>
              <td>
                <a
                  href={`${families}/doppi/adulti/${one.id}/${other.id}`}
                  aria-label={`Confronta gli adulti ${one.name} e ${other.name}`}
                  className="inline-flex min-h-11 items-center"
                >
                  Confronta
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  </section>
)

const Adult = ({ adult: { name, birthDay, families } }: { adult: ListedAdult }) => (
  <>
    <span className="font-semibold text-ink">{name}</span>
    {birthDay && <span className="block text-sm">{numericDay(birthDay)}</span>}
    <span className="block text-sm text-muted">
      {families.length > 0 ? `famiglia ${families.join(', ')}` : 'nessuna famiglia'}
    </span>
  </>
)

type MergedProps = { id: string; title: string; base: string; merged: readonly MergedPair[] }

const Merged = ({ id, title, base, merged }: MergedProps) => (
  <section aria-labelledby={id} className="mt-6 grid grid-cols-1 gap-3">
    <h2 id={id} className="text-2xl">
      {title}
    </h2>
    <ul className="list-disc ps-5">
      {merged.map(({ keptId, goneId, name, doneAt, doneBy }) => (
        <li key={goneId}>
          <a href={`${base}/${keptId}/${goneId}`}>{name}</a>: {doneBy}, {instantInWords(doneAt)}
        </li>
      ))}
    </ul>
  </section>
)

type HoldersProps = { municipalitySlug: string; families: string; holders: readonly DoubleAdults[] }

const Holders = ({ municipalitySlug, families, holders }: HoldersProps) => (
  <section aria-labelledby="intestatari" className="mt-6 grid grid-cols-1 gap-3">
    <h2 id="intestatari" className="text-2xl">
      Lo stesso nome paga per più famiglie
    </h2>
    <p>Può essere giusto (due conti separati) o un doppione: apri le famiglie e guarda.</p>
    <ul className="list-disc ps-5">
      {holders.map(({ name, families: held }) => (
        <li key={held.map(({ id }) => id).join()}>
          {name}:{' '}
          {held.map(({ id, name: family }, at) => (
            <span key={id}>
              {at > 0 && ', '}
              <a href={`${families}/${id}`}>famiglia {family}</a>
            </span>
          ))}
          {held.length === 2 && (
            <>
              <a
                href={`${families}/doppi/famiglie/${held[0]?.id}/${held[1]?.id}`}
                aria-label={`Confronta le famiglie ${held.map((one) => one.name).join(' e ')}`}
                className="ms-3 inline-flex min-h-11 items-center"
              >
                Confronta
              </a>
              <ActForm
                hidden={{
                  ...{ municipalitySlug, kind: 'household' },
                  ...{ oneId: held[0]?.id ?? '', otherId: held[1]?.id ?? '' },
                }}
                action={apart}
                icon="users"
                label="Sono due famiglie diverse"
                title={`Sono due famiglie diverse: ${held.map((one) => one.name).join(' e ')}`}
              />
            </>
          )}
        </li>
      ))}
    </ul>
  </section>
)

const Pupil = ({ pupil: { name, birthDay, familyName, where } }: { pupil: DoublePupil }) => (
  <>
    <span className="font-semibold text-ink">{name}</span>
    <span className="block text-sm">
      {numericDay(birthDay)}, famiglia {familyName}
    </span>
    {where && <span className="block text-sm text-muted">{where}</span>}
  </>
)
