import Link from 'next/link'
import { Card } from '#components/ui/card.tsx'
import { DataList, type Datum } from '#components/ui/data-list.tsx'
import { Table } from '#components/ui/table.tsx'
import { type Arrival, sentName, type TransferAdult, type TransferPupil } from '#lib/people/office/arrival.ts'
import type { Departure } from '#lib/people/office/transfer.ts'
import {
  ARRIVAL_STATE_NAMES,
  sentDietInWords,
  TRANSFER_STATE_NAMES,
} from '#lib/people/office/transfer.words.ts'
import type { OfficeField } from '#lib/web/office-field.ts'
import { instantInWords, longDate, numericDay } from '#lib/words/format-day.ts'
import { listInWords } from '#lib/words/list.ts'
import { REASON_FIELD } from './enrolment-fields.ts'
import { type PreviewAction, PreviewForm } from './preview-form.tsx'

/** What is written to hand pupils over. */
export const sendingFields = ({
  towns,
  pupils,
}: {
  towns: readonly { id: string; name: string }[]
  pupils: readonly { id: string; name: string }[]
}): OfficeField[] => [
  {
    kind: 'choice',
    name: 'toId',
    label: 'Comune in cui vanno',
    options: [{ value: '', label: 'Scegli…' }, ...towns.map(({ id, name }) => ({ value: id, label: name }))],
  },
  {
    kind: 'choice',
    name: 'pupilId',
    label: 'Chi',
    options: [
      { value: '', label: pupils.length === 1 ? (pupils[0]?.name ?? '') : 'Tutti gli alunni della famiglia' },
      ...(pupils.length > 1 ? pupils.map(({ id, name }) => ({ value: id, label: `Solo ${name}` })) : []),
    ],
  },
  {
    kind: 'day',
    name: 'last',
    label: 'Ultimo giorno qui',
    hint: 'Dopo quel giorno non si conta e non si addebita niente.',
  },
  {
    kind: 'choice',
    name: 'withDiets',
    label: 'La dieta',
    hint: 'È un dato sulla salute o sulla fede: va solo se la famiglia l’ha chiesto.',
    value: 'no',
    options: [
      { value: 'no', label: 'Non va: la famiglia la chiede al Comune nuovo' },
      { value: 'si', label: 'Va: la famiglia l’ha chiesto' },
    ],
  },
  REASON_FIELD,
]

/** What comes from other municipalities. */
export function ArrivalsTable({ arrivals, here }: { arrivals: readonly Arrival[]; here: string }) {
  return (
    <Card title="In arrivo" titleId="arrivi" flush={arrivals.length > 0}>
      {arrivals.length === 0 ? (
        <p>Nessun trasferimento da altri Comuni.</p>
      ) : (
        <Table caption="Trasferimenti da altri Comuni" stacks>
          <thead>
            <tr>
              <th scope="col">Alunni</th>
              <th scope="col">Da</th>
              <th scope="col">Ultimo giorno là</th>
              <th scope="col">Stato</th>
            </tr>
          </thead>
          <tbody>
            {arrivals.map(({ id, content, townName, last, state }) => (
              <tr key={id}>
                <th scope="row">
                  <Link href={`${here}/${id}`} prefetch={false} className="inline-flex min-h-11 items-center">
                    {content ? listInWords(content.pupils.map(sentName), 'it') : 'Apri'}
                  </Link>
                </th>
                <td data-label="da">{townName}</td>
                <td data-label="Ultimo giorno">{numericDay(last)}</td>
                <td>{ARRIVAL_STATE_NAMES[state]}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  )
}

/** What goes to other municipalities. */
export function DeparturesTable({
  departures,
  here,
}: {
  departures: readonly Pick<Departure, 'id' | 'pupils' | 'townName' | 'last' | 'state'>[]
  here: string
}) {
  return (
    <Card title="In partenza" titleId="partenze" flush={departures.length > 0}>
      {departures.length === 0 ? (
        <p>Nessun trasferimento verso altri Comuni.</p>
      ) : (
        <Table caption="Trasferimenti verso altri Comuni" stacks>
          <thead>
            <tr>
              <th scope="col">Alunni</th>
              <th scope="col">A</th>
              <th scope="col">Ultimo giorno qui</th>
              <th scope="col">Stato</th>
            </tr>
          </thead>
          <tbody>
            {departures.map(({ id, pupils, townName, last, state }) => (
              <tr key={id}>
                <th scope="row">
                  <Link href={`${here}/${id}`} prefetch={false} className="inline-flex min-h-11 items-center">
                    {listInWords(pupils, 'it')}
                  </Link>
                </th>
                <td data-label="a">{townName}</td>
                <td data-label="Ultimo giorno">{numericDay(last)}</td>
                <td>{TRANSFER_STATE_NAMES[state]}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  )
}

/** A transfer as the municipality that is left sees it. */
export function DepartureFacts({ departure, families }: { departure: Departure; families: string }) {
  const { answeredAt, answer } = departure
  const items: Datum[] = [
    { term: 'Stato', value: TRANSFER_STATE_NAMES[departure.state] },
    {
      term: 'Famiglia',
      value: (
        <Link href={`${families}/${departure.householdId}`} prefetch={false}>
          {departure.householdName}
        </Link>
      ),
    },
    { term: 'Alunni', value: listInWords(departure.pupils, 'it') },
    { term: 'Ultimo giorno qui', value: longDate(departure.last) },
    {
      term: 'Dieta',
      value: departure.withDiets ? 'Mandata, se c’era: la famiglia l’ha chiesto' : 'Non mandata',
    },
    { term: 'Mandato', value: `${instantInWords(departure.sentAt)}, ${departure.sentBy}` },
    { term: 'Motivo', value: departure.reason },
    ...(answeredAt ? [{ term: 'Risposta', value: instantInWords(answeredAt) }] : []),
    ...(answer ? [{ term: 'Perché no', value: answer }] : []),
  ]
  return (
    <Card title="Che cosa è stato mandato" titleId="mandato">
      <DataList items={items} />
    </Card>
  )
}

const person = ({ fiscalCode, birthDay, ...names }: TransferPupil | TransferAdult): string =>
  [sentName(names), fiscalCode ?? 'senza codice fiscale', birthDay && numericDay(birthDay)]
    .filter(Boolean)
    .join(', ')

const adult = (one: TransferAdult): string => [person(one), one.email, one.phone].filter(Boolean).join(', ')

const pupil = (one: TransferPupil): string =>
  [person(one), one.where, one.services.length > 0 && listInWords(one.services, 'it')]
    .filter(Boolean)
    .join(', ')

/** A transfer as the municipality that receives it sees it. */
export function ArrivalFacts({ arrival, families }: { arrival: Arrival; families: string }) {
  const { content, householdId, decidedAt, reason } = arrival
  const items: Datum[] = [
    { term: 'Stato', value: ARRIVAL_STATE_NAMES[arrival.state] },
    { term: 'Arrivato', value: instantInWords(arrival.arrivedAt) },
    { term: 'Ultimo giorno là', value: longDate(arrival.last) },
    ...(content
      ? [
          { term: 'Chi paga', value: adult(content.holder) },
          ...(content.delegate ? [{ term: 'Delegato', value: adult(content.delegate) }] : []),
          ...content.pupils.map((one) => ({ term: 'Alunno', value: pupil(one) })),
          ...content.pupils.map((one) => ({
            term: `Dieta di ${one.givenName}`,
            value: one.diet
              ? `${sentDietInWords(one.diet)}. Qui resta da definire: chiedi il certificato.`
              : 'Non mandata: chiedi alla famiglia se c’è.',
          })),
        ]
      : []),
    ...(decidedAt ? [{ term: 'Deciso', value: `${instantInWords(decidedAt)}, ${arrival.decidedBy}` }] : []),
    ...(reason ? [{ term: 'Perché no', value: reason }] : []),
    ...(householdId
      ? [
          {
            term: 'Famiglia',
            value: (
              <Link href={`${families}/${householdId}`} prefetch={false}>
                Apri la famiglia
              </Link>
            ),
          },
        ]
      : []),
  ]
  return (
    <Card title="Che cosa è stato mandato" titleId="mandato">
      <DataList items={items} />
    </Card>
  )
}

type FamilyHere = { id: string; name: string; why: string }

/** The families of here in which one of these people is already, and the way to register there. */
export function FamiliesHere({
  here,
  families,
  address,
  chosen,
}: {
  here: readonly FamilyHere[]
  families: string
  /** Of this transfer. */
  address: string
  chosen: FamilyHere | undefined
}) {
  if (here.length === 0) return <p>Nessuno di loro è già qui con lo stesso codice fiscale.</p>
  return (
    <Card title="Chi c’è già qui" titleId="gia-qui">
      <ul className="list-disc ps-5">
        {here.map(({ id, name, why }) => (
          <li key={`${id} ${why}`}>
            {why}:{' '}
            <Link href={`${families}/${id}`} prefetch={false}>
              famiglia {name}
            </Link>
            {chosen?.id === id ? (
              ', scelta qui sotto'
            ) : (
              <>
                {', '}
                <a href={`${address}?famiglia=${id}`}>registra in questa famiglia</a>
              </>
            )}
            .
          </li>
        ))}
      </ul>
      {chosen && (
        <p className="mt-3">
          <a href={address}>Registra una famiglia nuova</a>
        </p>
      )}
    </Card>
  )
}

type FormProps<T> = { hidden: Readonly<Record<string, string>>; action: PreviewAction<T> }

/** Says no to a transfer. */
export const RefuseForm = <T,>({ hidden, action }: FormProps<T>) => (
  <PreviewForm
    action={action}
    hidden={hidden}
    fields={[{ ...REASON_FIELD, hint: 'Lo legge l’altro Comune, e resta scritto nel registro.' }]}
    label="Vedi che cosa succederà"
    confirm="Conferma"
  />
)

/** Takes pupils back, or lets go of those whom the other municipality did not take. */
export function WithdrawForm<T>({ departure, hidden, action }: FormProps<T> & { departure: Departure }) {
  if (departure.state !== 'sent' && departure.state !== 'refused') return null
  return (
    <Card title={departure.state === 'sent' ? 'Riprendi' : 'Chiudi'} titleId="chiusura">
      <PreviewForm
        action={action}
        hidden={{ ...hidden, id: departure.id }}
        fields={[
          {
            kind: 'choice',
            name: 'restore',
            label: 'Gli alunni',
            value: departure.mayRestore ? 'si' : 'no',
            ...(departure.mayRestore
              ? {}
              : {
                  hint: 'Un giorno dopo l’ultimo è già contato, o qualcosa è cambiato: per farli tornare registrali di nuovo.',
                }),
            options: [
              ...(departure.mayRestore ? [{ value: 'si', label: 'Tornano iscritti com’erano' }] : []),
              { value: 'no', label: 'Restano usciti' },
            ],
          },
          REASON_FIELD,
        ]}
        label="Vedi che cosa succederà"
        confirm="Conferma"
      />
    </Card>
  )
}
