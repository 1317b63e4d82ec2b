import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
import type { Allergen } from '#lib/menus/allergen.ts'
import { demoPeople } from './people.ts'

export type SchoolKey = 'infanzia' | 'primaria' | 'secondaria'

export type DemoChild = {
  givenName: string
  familyName: string
  birthDay: Day
  fiscalCode: string
  school: SchoolKey
  className: string
  dietCode: string
}

export type DemoAdult = {
  givenName: string
  familyName: string
  fiscalCode: string
  email: string
  /** A verified number, as the database stores it. */
  phone?: string
  street: string
}

export type DemoFamily = {
  name: string
  holder: DemoAdult
  delegate: DemoAdult | null
  children: DemoChild[]
  /** Meals that each child misses, one day in so many. */
  absentOneIn: number
  /** Top-ups: days after the start of the service, and meals. */
  topUps: { after: number; meals: number; method: 'card' | 'mybank' }[]
  /** Credit carried over from the year before; `target` says instead what the balance must be today. */
  openingCents: number
  targetCents?: number
}

export const DEMO_SCHOOLS: Readonly<
  Record<SchoolKey, { name: string; street: string; weekdays: number[]; classes: string[] }>
> = {
  infanzia: {
    name: 'Scuola dell’infanzia Girotondo',
    street: 'Via dei Tigli 4',
    weekdays: [1, 2, 3, 4, 5],
    classes: ['Sezione Gialla', 'Sezione Verde'],
  },
  primaria: {
    name: 'Scuola primaria del capoluogo',
    street: 'Via Caterina Bon Brenzoni 30',
    weekdays: [2, 3, 4, 5],
    classes: ['1A', '2A', '3A', '4A', '5A'],
  },
  secondaria: {
    name: 'Scuola secondaria di primo grado',
    street: 'Piazza Silvio Pellico 2',
    weekdays: [1, 3, 4],
    classes: ['1A', '2A', '3A'],
  },
}

export const DEMO_DIETS: readonly { code: string; name: string; allergens: Allergen[]; legend: string }[] = [
  { code: 'STD', name: 'Dieta comune', allergens: [], legend: '' },
  { code: 'D01', name: 'Senza glutine', allergens: ['gluten'], legend: 'Vassoio chiuso, posate proprie' },
  { code: 'D02', name: 'Senza lattosio', allergens: ['milk'], legend: '' },
  { code: 'D03', name: 'Senza uova', allergens: ['eggs'], legend: '' },
  { code: 'E01', name: 'Senza carne di maiale', allergens: [], legend: '' },
  { code: 'E02', name: 'Vegetariana', allergens: [], legend: '' },
]

const SURNAMES =
  'Bianchi Rossi Ferrari Romano Greco Bruno Gallo Costa Fontana Moretti Barbieri Lombardi Giordano Rinaldi Colombo Mancini Longo Leone Martini Vitale Serra Marchetti Villa Conte Ferraro Fabbri Benedetti Sala Pellegrini Rizzi Neri Popescu Hoxha El\u00a0Amrani Singh Bellini Grassi Testa'
    .split(' ')
    .map((name) => name.replace('\u00a0', ' '))
const MOTHERS =
  'Anna Giulia Sara Elisa Chiara Silvia Valentina Martina Ilaria Francesca Monica Daniela'.split(' ')
const FATHERS = 'Luca Andrea Paolo Stefano Matteo Alessio Roberto Simone Fabio Nicola'.split(' ')
const GIRLS = 'Emma Aurora Alice Ginevra Vittoria Beatrice Matilde Noemi Anita Bianca'.split(' ')
const BOYS = 'Leonardo Tommaso Edoardo Gabriele Riccardo Pietro Mattia Diego Elia Nathan'.split(' ')
const STREETS = ['Via Verdi', 'Via Mazzini', 'Via Trento', 'Via San Pio X', 'Via Dante', 'Via Primo Maggio']

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T

const adult = (sex: 'F' | 'M', i: number, familyName: string): DemoAdult => {
  const givenName = pick(sex === 'F' ? MOTHERS : FATHERS, i * 5 + 1)
  const birthDay = addDays('1979-01-15', i * 173)
  return {
    givenName,
    familyName,
    fiscalCode: makeFiscalCode({ givenName, familyName, birthDay, sex }),
    email: `${givenName}.${familyName}@example.it`.toLowerCase().replaceAll(' ', ''),
    street: `${pick(STREETS, i)} ${(i % 40) + 1}`,
  }
}

const child = (i: number, n: number, familyName: string, year: number): DemoChild => {
  const girl = (i + n) % 2 === 0
  const givenName = pick(girl ? GIRLS : BOYS, i * 3 + n * 7)
  const school = pick(['primaria', 'infanzia', 'primaria', 'secondaria'] as const, i + n * 2)
  const classNumber = (i + n) % DEMO_SCHOOLS[school].classes.length
  const age = { infanzia: 4, primaria: 6 + classNumber, secondaria: 11 + classNumber }[school]
  const birthDay = addDays(`${year - age}-01-10`, (i * 37 + n * 101) % 340)
  return {
    givenName,
    familyName,
    birthDay,
    fiscalCode: makeFiscalCode({ givenName, familyName, birthDay, sex: girl ? 'F' : 'M' }),
    school,
    className: DEMO_SCHOOLS[school].classes[classNumber] as string,
    dietCode: i % 6 === 5 ? pick(DEMO_DIETS, i + n + 1).code : 'STD',
  }
}

const person = (part: 'holder' | 'delegate' | 'otherHolder', street: string): DemoAdult => {
  const { givenName, familyName, fiscalCode, email } = demoPeople[part]
  const known = { givenName, familyName, fiscalCode, email, street }
  return part === 'holder' ? { ...known, phone: '+393335550101' } : known
}

const namedChild = (
  givenName: string,
  familyName: string,
  birthDay: Day,
  sex: 'F' | 'M',
  at: Pick<DemoChild, 'school' | 'className'> & Partial<Pick<DemoChild, 'dietCode'>>,
): DemoChild => ({
  givenName,
  familyName,
  birthDay,
  fiscalCode: makeFiscalCode({ givenName, familyName, birthDay, sex }),
  dietCode: 'STD',
  ...at,
})

/** The family of the parents' manual, with its balance, then the other families. All invented, the same at every seed of a year. */
export function demoFamilies(year: number): DemoFamily[] {
  const albertini: DemoFamily = {
    name: 'Albertini',
    holder: person('holder', 'Via Roma 12'),
    delegate: person('delegate', 'Via Roma 12'),
    children: [
      namedChild('Greta', 'Albertini', `${year - 8}-03-21`, 'F', { school: 'primaria', className: '3A' }),
      namedChild('Sofia', 'Albertini', `${year - 5}-10-02`, 'F', {
        school: 'infanzia',
        className: 'Sezione Gialla',
        dietCode: 'D01',
      }),
    ],
    absentOneIn: 9,
    topUps: [
      { after: 10, meals: 20, method: 'card' },
      { after: 38, meals: 30, method: 'mybank' },
      { after: 66, meals: 10, method: 'card' },
    ],
    openingCents: 0,
    targetCents: 88_470,
  }
  const diallo: DemoFamily = {
    name: 'Diallo',
    holder: person('otherHolder', 'Via Mazzini 7'),
    delegate: null,
    children: [
      namedChild('Moussa', 'Diallo', `${year - 7}-06-11`, 'M', { school: 'primaria', className: '2A' }),
    ],
    absentOneIn: 12,
    topUps: [{ after: 4, meals: 15, method: 'card' }],
    openingCents: 0,
    targetCents: 1_620,
  }
  const others = SURNAMES.map((familyName, i): DemoFamily => {
    const children = Array.from({ length: 1 + (i % 3 === 0 ? 1 : 0) }, (_, n) =>
      child(i, n, familyName, year),
    )
    return {
      name: familyName,
      holder: adult(i % 4 === 3 ? 'M' : 'F', i, familyName),
      delegate: i % 2 === 0 ? adult(i % 4 === 3 ? 'F' : 'M', i + 50, pick(SURNAMES, i + 11)) : null,
      children,
      absentOneIn: 6 + (i % 9),
      topUps: Array.from({ length: 4 }, (_, n) => ({
        after: 3 + (i % 7) + n * 24,
        meals: [20, 25, 15, 40][(i + n) % 4] as number,
        method: (i + n) % 3 === 0 ? ('mybank' as const) : ('card' as const),
      })).slice(0, i % 5 === 4 ? 1 : 4),
      openingCents: i % 4 === 0 ? 540 * (i % 7) : 0,
    }
  })
  return [albertini, diallo, ...others]
}
