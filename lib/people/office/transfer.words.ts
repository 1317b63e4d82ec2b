import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { listInWords } from '#lib/words/list.ts'
import { type ArrivalState, sentName, type TransferDiet } from './arrival.ts'
import type { LeavingPupil, TransferFacts, TransferPlan, TransferState } from './transfer.ts'

export const TRANSFER_STATE_NAMES: Readonly<Record<TransferState, string>> = {
  sent: 'Aspetta l’altro Comune',
  accepted: 'Accolto',
  refused: 'Non accolto',
  withdrawn: 'Chiuso da qui',
}

export const ARRIVAL_STATE_NAMES: Readonly<Record<ArrivalState, string>> = {
  waiting: 'Da decidere',
  accepted: 'Accolto',
  refused: 'Non accolto',
  withdrawn: 'Ripreso dall’altro Comune',
}

/** "Senza glutine, fino al 5 giugno 2027, con rischio di reazione grave" */
export const sentDietInWords = ({ name, severe, to }: TransferDiet): string =>
  dated`${name}, fino al ${longDate(to)}${severe ? ', con rischio di reazione grave' : ''}`

const meals = (n: number): string => (n === 1 ? 'un pasto previsto' : `${n} pasti previsti`)

function leavingLines(pupil: LeavingPupil, last: Day, { ends }: TransferPlan): string[] {
  return pupil.services.flatMap(({ serviceId, name }) => {
    const end = ends.find((one) => one.pupilId === pupil.id && one.serviceId === serviceId)
    if (!end) return []
    const fewer = end.meals > 0 ? `: ${meals(end.meals)} in meno` : ''
    return [dated`${sentName(pupil)}: l’ultimo giorno di ${name} è il ${longDate(last)}${fewer}.`]
  })
}

function dietLine(withDiets: boolean, { content }: TransferPlan, pupils: readonly LeavingPupil[]): string[] {
  const sent = content.pupils.flatMap((pupil) =>
    pupil.diet ? [`${sentName(pupil)} (${sentDietInWords(pupil.diet)})`] : [],
  )
  if (sent.length > 0)
    return [
      `Va anche la dieta, perché la famiglia l’ha chiesto: ${listInWords(sent, 'it')}. Il certificato resta qui: la famiglia lo dà al Comune nuovo, che decide da sé.`,
    ]
  return pupils.some(({ diet }) => diet !== null) && !withDiets
    ? ['Della dieta non va niente: ricorda alla famiglia di chiederla subito al Comune nuovo.']
    : []
}

const moneyLine = ({ name, balanceCents }: { name: string; balanceCents: Cents }): string =>
  balanceCents > 0
    ? `Sul conto di ${name} restano ${formatEuro(balanceCents, 'it')}: si apre un rimborso da decidere, e i soldi non vanno al Comune nuovo.`
    : `Per ${name} restano da pagare qui ${formatEuro(-balanceCents, 'it')}: il debito non va al Comune nuovo.`

function dividedLines({ divided }: TransferPlan, last: Day): string[] {
  return divided.flatMap(({ pupilName, households }) =>
    households.flatMap(({ name, credit }) => [
      dated`I giorni di ${pupilName} della famiglia ${name} finiscono il ${longDate(last)}: di chi sono i pasti lo decide di nuovo il Comune nuovo, e di quella famiglia non sa niente.`,
      ...(credit > 0
        ? [
            `Sul conto della famiglia ${name} restano ${formatEuro(credit, 'it')}: sono suoi, e se non ha altri giorni si apre un rimborso da decidere.`,
          ]
        : []),
    ]),
  )
}

/** What handing pupils over does, a sentence a line. */
export function transferInWords(
  { last, withDiets }: { last: Day; withDiets: boolean },
  plan: TransferPlan,
  { pupils, waiting }: Pick<TransferFacts, 'pupils' | 'waiting'>,
): string[] {
  const { townName, content, left, staying } = plan
  const adults = [content.holder, ...(content.delegate ? [content.delegate] : [])].map(sentName)
  return [
    ...pupils.flatMap((pupil) => leavingLines(pupil, last, plan)),
    `Al Comune di ${townName} vanno nome, codice fiscale, data di nascita, classe e servizi di ${listInWords(content.pupils.map(sentName), 'it')}.`,
    `Vanno anche nome, codice fiscale, data di nascita, e-mail e telefono di ${listInWords(adults, 'it')}.`,
    ...dietLine(withDiets, plan, pupils),
    ...dividedLines(plan, last),
    ...(staying.length > 0 ? [`Non si dice chi altro è delegato: ${listInWords(staying, 'it')}.`] : []),
    'Restano qui tariffe, domande, ricevute, messaggi, movimenti e fatture.',
    ...(waiting > 0
      ? [
          waiting === 1
            ? 'Una domanda su questi alunni aspetta ancora: si decide qui.'
            : `${waiting} domande su questi alunni aspettano ancora: si decidono qui.`,
        ]
      : []),
    ...left.map(moneyLine),
    'Gli adulti che possono vedere questi alunni ricevono un messaggio. Finché l’altro Comune non li accoglie puoi riprenderli.',
  ]
}

/** What closing a transfer that is not accepted does. */
export function withdrawalInWords({
  townName,
  pupils,
  restore,
  isWaiting,
}: {
  townName: string
  pupils: readonly string[]
  restore: boolean
  isWaiting: boolean
}): string[] {
  const names = listInWords(pupils, 'it')
  return [
    ...(isWaiting ? [`Il Comune di ${townName} non vede più niente di ${names}.`] : []),
    restore
      ? `Iscrizioni, disdette e giorni tra due famiglie di ${names} tornano com’erano; un rimborso aperto si chiude da solo.`
      : `Le iscrizioni di ${names} restano finite.`,
    'Chi può vedere questi alunni riceve un messaggio.',
  ]
}

/** What refusing a transfer does. */
export const arrivalRefusalInWords = (townName: string, pupils: readonly string[]): string[] => [
  `Il Comune di ${townName} legge che ${listInWords(pupils, 'it')} non ${pupils.length === 1 ? 'è accolto' : 'sono accolti'}, e il motivo.`,
  'Quello che ha mandato si cancella da qui. Chi risponde degli alunni riceve subito un messaggio dal Comune da cui vengono.',
]
