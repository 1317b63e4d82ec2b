import { type FiscalCodeParts, makeFiscalCode } from '#lib/identity/fiscal-code.ts'

/** What a person of the demonstration is to the municipality of Mozzecane. */
export type DemoPart =
  | 'holder'
  | 'delegate'
  | 'otherHolder'
  | 'operator'
  | 'accountant'
  | 'manager'
  | 'editor'
  | 'reader'
  | 'cook'
  | 'schoolOffice'
  | 'teacher'
  | 'unknown'

export type DemoPerson = {
  part: DemoPart
  givenName: string
  familyName: string
  birthDay: string
  sex: 'F' | 'M'
  fiscalCode: string
  /** As SPID would give it; CIE gives none. */
  email: string
  /** One Italian line for visitors of the demonstration. */
  who: string
}

type Sketch = Omit<DemoPerson, 'fiscalCode'> & Pick<FiscalCodeParts, 'place'>

const invent = ({ place, ...person }: Sketch): DemoPerson => ({
  ...person,
  fiscalCode: makeFiscalCode({ ...person, ...(place ? { place } : {}) }),
})

/** Every adult of the demonstration that can sign in. All invented; the seed and the identity simulator share them. */
export const demoPeople: Readonly<Record<DemoPart, DemoPerson>> = {
  holder: invent({
    part: 'holder',
    givenName: 'Laura',
    familyName: 'Conti',
    birthDay: '1986-04-12',
    sex: 'F',
    email: 'laura.conti@example.it',
    who: 'genitore intestatario di Greta e Sofia Albertini',
  }),
  delegate: invent({
    part: 'delegate',
    givenName: 'Marco',
    familyName: 'Albertini',
    birthDay: '1984-09-30',
    sex: 'M',
    email: 'marco.albertini@example.it',
    who: 'genitore delegato: può solo disdire i pasti',
  }),
  otherHolder: invent({
    part: 'otherHolder',
    givenName: 'Amina',
    familyName: 'Diallo',
    birthDay: '1990-01-23',
    sex: 'F',
    place: 'Z343',
    email: 'amina.diallo@example.it',
    who: 'genitore intestatario di un’altra famiglia',
  }),
  operator: invent({
    part: 'operator',
    givenName: 'Paola',
    familyName: 'Ferrari',
    birthDay: '1978-11-05',
    sex: 'F',
    email: 'paola.ferrari@example.it',
    who: 'operatrice della cooperativa Tangram: conteggi, calendario, famiglie',
  }),
  accountant: invent({
    part: 'accountant',
    givenName: 'Davide',
    familyName: 'Rossetti',
    birthDay: '1981-02-18',
    sex: 'M',
    email: 'davide.rossetti@example.it',
    who: 'contabile della cooperativa Tangram',
  }),
  manager: invent({
    part: 'manager',
    givenName: 'Elena',
    familyName: 'Marchi',
    birthDay: '1974-07-27',
    sex: 'F',
    email: 'elena.marchi@example.it',
    who: 'responsabile della cooperativa Tangram: può tutto',
  }),
  editor: invent({
    part: 'editor',
    givenName: 'Giorgio',
    familyName: 'Zanetti',
    birthDay: '1969-12-14',
    sex: 'M',
    email: 'giorgio.zanetti@example.it',
    who: 'redattore del Comune di Mozzecane: notizie e documenti',
  }),
  reader: invent({
    part: 'reader',
    givenName: 'Silvia',
    familyName: 'Bonetti',
    birthDay: '1971-03-09',
    sex: 'F',
    email: 'silvia.bonetti@example.it',
    who: 'lettura per il Comune di Mozzecane: numeri e totali, senza nomi',
  }),
  cook: invent({
    part: 'cook',
    givenName: 'Renzo',
    familyName: 'Tomasi',
    birthDay: '1966-10-21',
    sex: 'M',
    email: 'renzo.tomasi@example.it',
    who: 'cuoco: i pasti da preparare, per classe e dieta, senza nomi',
  }),
  schoolOffice: invent({
    part: 'schoolOffice',
    givenName: 'Marta',
    familyName: 'Gelmini',
    birthDay: '1979-01-30',
    sex: 'F',
    email: 'marta.gelmini@example.it',
    who: 'segreteria della scuola dell’infanzia: chi mangia oggi nelle sue sezioni',
  }),
  teacher: invent({
    part: 'teacher',
    givenName: 'Irene',
    familyName: 'Pasini',
    birthDay: '1983-06-17',
    sex: 'F',
    email: 'irene.pasini@example.it',
    who: 'insegnante della scuola dell’infanzia: chi mangia oggi nella sua sezione',
  }),
  unknown: invent({
    part: 'unknown',
    givenName: 'Chiara',
    familyName: 'Bassani',
    birthDay: '1992-06-08',
    sex: 'F',
    email: 'chiara.bassani@example.it',
    who: 'persona che il Comune non conosce ancora',
  }),
}
