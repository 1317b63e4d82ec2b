import { describe, expect, test } from 'vitest'
import { readTown } from '#db/town/town-file.ts'
import { exampleTown } from '#scripts/lib/town-example.ts'
import { askForTown } from '#scripts/lib/town-questions.ts'
import { problemsInWords } from '#scripts/lib/town-report.ts'

type Part = Record<string, unknown>
type File = Record<'comune' | 'gestore' | 'responsabile' | 'anno_scolastico', Part> &
  Record<'servizi' | 'scuole' | 'chiusure', Part[]> &
  Part

const example = (): File => structuredClone(exampleTown('2026-11-24')) as File

function problemsWith(change: (file: File) => void): string[] {
  const file = example()
  change(file)
  const read = readTown(file)
  return 'problems' in read ? read.problems.map(({ place, words }) => `${place}: ${words}`) : []
}

const inSection = (section: 'comune' | 'gestore' | 'responsabile' | 'anno_scolastico', part: Part) =>
  problemsWith((file) => Object.assign(file[section], part))

describe('the file of a municipality', () => {
  test('as the example has it is right, also written in another July', () => {
    for (const today of ['2026-11-24', '2027-07-15', '2027-02-28']) {
      const read = readTown(exampleTown(today))
      expect(read, today).toHaveProperty('plan')
    }
    expect(readTown(example())).toMatchObject({
      plan: {
        municipality: { slug: 'borgolieve', patron: { name: 'San Zeno', day: '05-21' }, opensOn: null },
        year: { name: '2026/2027', startsOn: '2026-09-01', serviceFrom: '2026-09-14' },
        services: [{ priceCents: 540, weekdays: [1, 2, 3, 4, 5], cutoffTime: '09:30', cutoffDaysBefore: 0 }],
        schools: [{ classes: ['1A', '2A', '3A', '4A', '5A'], weekdays: [2, 3, 4, 5] }],
      },
      manager: { givenName: 'Maria', fiscalCode: 'RSSMRA80A41L781O' },
    })
  })

  test.each([
    ['comune', { cap: '3706' }, 'comune.cap: Il CAP ha cinque cifre'],
    [
      'comune',
      { codice_fiscale: '12345678901' },
      'comune.codice_fiscale: Scrivi il codice fiscale del Comune',
    ],
    ['comune', { provincia: 'Verona' }, 'comune.provincia: La sigla della provincia ha due lettere'],
    ['comune', { serie_fatture: 'B1' }, 'comune.serie_fatture: La serie delle fatture ha tre lettere'],
    ['comune', { pec: 'non è una pec' }, 'comune.pec: Scrivi la PEC del Comune'],
    [
      'comune',
      { patrono: { nome: 'San Zeno', giorno: '31/02' } },
      'comune.patrono.giorno: Quel giorno non esiste',
    ],
    [
      'comune',
      { indirizzo_nel_portale: 'Borgo Lieve' },
      'comune.indirizzo_nel_portale: Solo lettere minuscole',
    ],
    ['comune', { capp: '37060' }, 'comune: Non conosco capp'],
    ['gestore', { partita_iva: '' }, 'gestore.partita_iva: Scrivi la partita IVA del gestore'],
    [
      'responsabile',
      { codice_fiscale: 'RSSMRA80A41L781X' },
      'responsabile.codice_fiscale: Il codice fiscale non è giusto',
    ],
    [
      'responsabile',
      { cognome: 'Bianchi' },
      'responsabile.codice_fiscale: Il codice fiscale è di un’altra persona',
    ],
    ['anno_scolastico', { dal: '31/02/2026' }, 'anno_scolastico.dal: Scrivi il primo giorno'],
    ['anno_scolastico', { al: '01/08/2026' }, 'anno_scolastico.al: L’anno finisce prima di cominciare'],
    [
      'anno_scolastico',
      { mensa_al: '30/09/2027' },
      'anno_scolastico.mensa_al: Il servizio comincia e finisce dentro',
    ],
  ] as const)('with a wrong %s says where and what: %j', (section, part, words) => {
    expect(inSection(section, part).join('\n')).toContain(words)
  })

  test.each([
    [{ prezzo: '540' }, 'servizi.1.prezzo: Il prezzo va da 0,01 a 100 euro'],
    [{ prezzo: '-3' }, 'servizi.1.prezzo: Il prezzo va'],
    [{ giorni: 'lun xyz' }, 'servizi.1.giorni: I giorni si scrivono così'],
    [{ giorni: '' }, 'servizi.1.giorni: Scrivi almeno un giorno'],
    [{ disdetta_entro_le: '25:00' }, 'servizi.1.disdetta_entro_le: L’ora si scrive così'],
    [{ giorni_prima: 31 }, 'servizi.1.giorni_prima: Al massimo 30'],
  ])('with a wrong service says where and what: %j', (part, words) => {
    expect(problemsWith(({ servizi }) => Object.assign(servizi[0] as Part, part)).join('\n')).toContain(words)
  })

  test('with two schools of one name, a class twice or a closure outside the year is told so', () => {
    expect(problemsWith(({ scuole }) => scuole.push({ ...scuole[0] }))).toEqual([
      'scuole: Due scuole hanno lo stesso nome',
    ])
    expect(problemsWith(({ scuole }) => Object.assign(scuole[0] as Part, { classi: '1A, 1a' }))).toEqual([
      'scuole.1.classi: La stessa classe è scritta due volte',
    ])
    const outside = { dal: '01/07/2025', al: '02/07/2025', motivo: 'Prova' }
    expect(problemsWith(({ chiusure }) => chiusure.push(outside))[0]).toContain('fuori dall’anno scolastico')
  })

  test('with a person of a kitchen twice, or with the code of another person, is told so', () => {
    const anna = {
      nome: 'Anna',
      cognome: 'Neri',
      codice_fiscale: 'NRENNA85A52L781U',
      email: 'anna@example.it',
    }
    const withPeople = (persone: Part[]) =>
      problemsWith((file) => Object.assign((file.cucine as Part[])[0] as Part, { persone }))
    expect(withPeople([anna])).toEqual([])
    expect(withPeople([anna, { ...anna }])).toEqual(['cucine.1.persone: La stessa persona c’è due volte'])
    expect(withPeople([{ ...anna, cognome: 'Bianchi' }])[0]).toBe(
      'cucine.1.persone.1.codice_fiscale: Il codice fiscale è di un’altra persona: non va con nome e cognome',
    )
  })

  test('that is no municipality at all is told what is missing, in Italian', () => {
    for (const nothing of [null, [], 'testo', {}, { comune: {} }]) {
      const read = readTown(nothing)
      if (!('problems' in read)) throw new Error('it was read')
      const words = problemsInWords(read.problems)
      expect(words).toContain('Non ho scritto niente.')
      expect(words).not.toMatch(/expected|Invalid|received|required/i)
    }
  })
})

describe('a person who answers in the terminal', () => {
  test('is asked again where an answer is wrong, and ends with the same file', async () => {
    const answers = [
      ...['Castelverde', '', 'Verona', 'VR', '', '12345678903', 'Piazza 1', '37060', 'scuola@example.it'],
      ...['pec@example.it', '045 555', 'CSV', '31/02', 'San Zeno', '21/05', 'San Zeno'],
      ...[
        'Cooperativa',
        '12345678903',
        '12345678903',
        'Via 2',
        '37100',
        'Verona',
        'VR',
        'a@example.it',
        '045',
      ],
      ...['Maria', 'Rossi', 'RSSMRA80A41L781O', 'maria@example.it'],
      ...['', '', '', ''],
      ...['', '', '540', '5,40', '', '', '', 'sì'],
      ...['merenda', 'Merenda', '1,20', 'lun', '10:00', '1', 'no'],
      ...['Rodari', 'liceo', 'primaria', 'Via 3', '', '1A, 2A', 'no'],
    ]
    const said: string[] = []
    let asked = 0
    const file = await askForTown(
      async () => {
        const answer = answers[asked]
        if (answer === undefined) throw new Error('more was asked')
        asked += 1
        return answer
      },
      (words) => said.push(words),
      '2026-11-24',
    )
    expect(asked).toBe(answers.length)
    expect(said.join('\n')).toContain('La sigla della provincia ha due lettere')
    expect(said.join('\n')).toContain('Il prezzo va da 0,01 a 100 euro')
    expect(readTown(file)).toMatchObject({
      plan: {
        municipality: { slug: 'castelverde', region: 'Veneto', patron: { day: '05-21' } },
        services: [{ code: 'refezione' }, { code: 'merenda', priceCents: 120, cutoffDaysBefore: 1 }],
        schools: [{ name: 'Rodari', classes: ['1A', '2A'] }],
      },
    })
  })
})
