import { demoPeople } from '#db/demo/people.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'

/** An invented person whom the simulator can vouch for. */
export type SimulatedPerson = {
  /** Stable key, also the root of the pairwise subject. */
  key: string
  givenName: string
  familyName: string
  birthDay: string
  fiscalCode: string
  email: string
  /** One Italian line that says why to choose this person. */
  who: string
}

const unusual = (
  person: Omit<SimulatedPerson, 'fiscalCode'> & { sex: 'F' | 'M'; omocodia?: number },
): SimulatedPerson => {
  const { sex, omocodia = 0, ...rest } = person
  return { ...rest, fiscalCode: makeFiscalCode({ ...rest, sex, omocodia }) }
}

/** The people that the demonstration's municipality knows, and the one it does not. */
const ofTheMunicipality: SimulatedPerson[] = Object.entries(demoPeople).map(([key, person]) => ({
  key,
  givenName: person.givenName,
  familyName: person.familyName,
  birthDay: person.birthDay,
  fiscalCode: person.fiscalCode,
  email: person.email,
  who: person.who,
}))

/** People whose data put the portal to the test. */
const ofTheEdges: SimulatedPerson[] = [
  unusual({
    key: 'omocodia',
    givenName: 'Maria',
    familyName: 'Rossi',
    birthDay: '1980-05-14',
    sex: 'F',
    omocodia: 2,
    email: 'maria.rossi@example.it',
    who: 'codice fiscale con omocodia; il Comune non la conosce',
  }),
  unusual({
    key: 'accents',
    givenName: 'Zoë Ñandú D’Àngela',
    familyName: 'De’ Müller–Łukasiewicz',
    birthDay: '1988-02-29',
    sex: 'F',
    email: 'zoe@example.it',
    who: 'nome con accenti, apostrofi e trattini; il Comune non la conosce',
  }),
  unusual({
    key: 'minor',
    givenName: 'Tommaso',
    familyName: 'Conti',
    birthDay: '2012-03-03',
    sex: 'M',
    email: 'tommaso.conti@example.it',
    who: 'minorenne con SPID: deve essere rifiutato',
  }),
]

/** All people, in the order of the page. */
export const simulatedPeople: readonly SimulatedPerson[] = [...ofTheMunicipality, ...ofTheEdges]

export const personByKey = (key: string): SimulatedPerson | undefined =>
  simulatedPeople.find((person) => person.key === key)
