import { regionalClosures } from '#db/town/regional-closures.ts'
import { addDays, type Day, weekdayOf } from '#lib/kernel/day.ts'

/** The municipality of the example does not exist: a file that still names it was not filled in. */
export const EXAMPLE_NAME = 'Borgolieve'

/** `2026-09-01` as a person writes it in the file: `01/09/2026`. */
const writtenDay = (day: Day): string => day.split('-').reverse().join('/')

/** The year in whose September the school year of `today` began; from July on, the one that comes. */
export const schoolYearFor = (today: Day): number =>
  Number(today.slice(0, 4)) - (today.slice(5) < '07-01' ? 1 : 0)

const MONDAY = 1

const mondayAfter = (day: Day): Day => addDays(day, (MONDAY - weekdayOf(day) + 7) % 7)

/** What is proposed for a school year; the region's resolution decides. */
export const proposedYear = (year: number) => ({
  dal: writtenDay(`${year}-09-01`),
  al: writtenDay(`${year + 1}-08-31`),
  mensa_dal: writtenDay(mondayAfter(`${year}-09-09`)),
  mensa_al: writtenDay(addDays(mondayAfter(`${year + 1}-06-03`), -3)),
})

/** The closures of a region that are known, as the file has them; empty where none are. */
export const proposedClosures = (region: string, year: number) =>
  (regionalClosures(region, year) ?? []).map(({ from, to, reason }) => ({
    dal: writtenDay(from),
    al: writtenDay(to),
    motivo: reason,
  }))

const EXAMPLE_SCHOOL = {
  '//': 'tipo: infanzia, primaria o secondaria. giorni: solo se non sono quelli del servizio. codice_meccanografico: facoltativo.',
  nome: 'Scuola primaria Rodari',
  tipo: 'primaria',
  via: 'Via delle Scuole 3',
  codice_meccanografico: '',
  giorni: 'mar mer gio ven',
  classi: '1A, 2A, 3A, 4A, 5A',
}

const EXAMPLE_KITCHEN = {
  nome: 'Centro cottura',
  email: ['cucina@cooperativa.example.it'],
  telefono: '045 555 0202',
  scuole: [EXAMPLE_SCHOOL.nome],
  persone: [
    {
      nome: 'Anna',
      cognome: 'Neri',
      codice_fiscale: 'NRENNA85A52L781U',
      email: 'anna.neri@cooperativa.example.it',
    },
  ],
}

/** A file to fill in, with a note at each part. */
export function exampleTown(today: Day): object {
  const year = schoolYearFor(today)
  return {
    '//': 'Esempio per «npm run town:create». Sostituisci tutto ciò che è inventato; le righe “//” sono note e si possono togliere. I giorni si scrivono gg/mm/aaaa.',
    comune: {
      '//': 'indirizzo_nel_portale è la parte dell’indirizzo dopo il nome del sito, e non si cambia più. serie_fatture: tre lettere che nessun altro Comune del portale ha. patrono: null se non ferma la scuola.',
      nome: EXAMPLE_NAME,
      indirizzo_nel_portale: 'borgolieve',
      provincia: 'VR',
      regione: 'Veneto',
      codice_fiscale: '12345678903',
      via: 'Piazza del Municipio 1',
      cap: '37060',
      email: 'scuola@comune.borgolieve.example.it',
      pec: 'comune.borgolieve@pec.example.it',
      telefono: '045 555 0200',
      serie_fatture: 'BRG',
      patrono: { nome: 'San Zeno', giorno: '21/05' },
    },
    gestore: {
      '//': 'Chi gestisce la mensa ed emette le fatture. Se è già nel portale per un altro Comune, lo riconosce dalla partita IVA.',
      nome: 'Cooperativa di esempio',
      partita_iva: '12345678903',
      codice_fiscale: '12345678903',
      via: 'Via del Lavoro 2',
      cap: '37100',
      citta: 'Verona',
      provincia: 'VR',
      email: 'mensa@cooperativa.example.it',
      telefono: '045 555 0201',
    },
    responsabile: {
      '//': 'La prima persona dell’ufficio: entra con SPID o CIE, e da lì chiama i colleghi.',
      nome: 'Maria',
      cognome: 'Rossi',
      codice_fiscale: 'RSSMRA80A41L781O',
      email: 'maria.rossi@cooperativa.example.it',
    },
    anno_scolastico: {
      '//': 'L’anno va di solito dal 1° settembre al 31 agosto; il servizio comincia e finisce con la mensa.',
      ...proposedYear(year),
    },
    '// chiusure':
      'Oltre alle feste nazionali e al patrono, che si calcolano da sole. Queste sono quelle che la Regione ripete di solito: confrontale con la delibera di quest’anno.',
    chiusure: proposedClosures('Veneto', year),
    servizi: [
      {
        '//': 'Uno o più. prezzo: intero, in euro. giorni_prima: 0 se si disdice il giorno stesso, 1 se il giorno prima.',
        codice: 'refezione',
        nome: 'Refezione Scolastica',
        prezzo: '5,40',
        giorni: 'lun mar mer gio ven',
        disdetta_entro_le: '09:30',
        giorni_prima: 0,
      },
    ],
    scuole: [EXAMPLE_SCHOOL],
    '// cucine':
      'A queste e-mail va il conteggio, appena è definitivo. scuole: con lo stesso nome scritto sopra. persone: chi entra con SPID o CIE e vede i pasti delle scuole che la cucina serve, senza nomi; anche nessuno. Si possono anche aggiungere dopo, in «Impostazioni, Cucine».',
    cucine: [EXAMPLE_KITCHEN],
    '// famiglie_dal':
      'Da quando le famiglie entrano. null: lo decide il responsabile dal portale, in «Primo avvio», quando tutto è pronto.',
    famiglie_dal: null,
  }
}
