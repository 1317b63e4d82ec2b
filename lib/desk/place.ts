import { allowedToStaff, type Capability } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'

/** What people come to the office for, in the order of the navigation. */
export const PLACE_GROUPS = {
  today: 'Oggi',
  people: 'Persone',
  calendar: 'Calendario',
  kitchen: 'Cucina',
  money: 'Denaro',
  families: 'Parlare con le famiglie',
  site: 'Sito',
  settings: 'Impostazioni',
} as const
export type PlaceGroup = keyof typeof PLACE_GROUPS

/**
 * A page of the office that the navigation names. `key`: its address after `/admin/<municipality>/`. `opens`: any of these leads in.
 * `alsoCalled`: other words that people type to find it. `below`: pages under it that have a name of their own.
 */
type PlaceRule = {
  key: string
  label: string
  short?: string
  group: PlaceGroup
  opens: readonly Capability[]
  /** Without this capability the place is only read, and comes after those where something is done. */
  writes?: Capability
  /** Who has this one finds the place inside another. */
  unless?: Capability
  alsoCalled?: string
  below?: readonly PageRule[]
}
type PageRule = { path: string; label: string; opens: Capability }

/** A place or a page that a viewer may open. */
export type OfficePlace = {
  key: string
  label: string
  short?: string
  group: PlaceGroup
}

/** Every place, in the order of the morning. */
const PLACES: readonly PlaceRule[] = [
  {
    key: 'oggi',
    label: 'Oggi',
    group: 'today',
    opens: ['work:read'],
    alsoCalled: 'che cosa aspetta',
    below: [{ path: 'avvisi', label: 'Avvisi del lavoro', opens: 'work:read' }],
  },
  {
    key: 'conteggi',
    label: 'Conteggi di oggi',
    short: 'Conteggi',
    group: 'today',
    opens: ['kitchen:read', 'kitchen:read-own'],
    alsoCalled: 'pasti presenze cucina',
    below: [{ path: 'conteggi/banco', label: 'Diete al banco', opens: 'hatch:read' }],
  },
  {
    key: 'classi',
    label: 'Le mie classi',
    group: 'today',
    opens: ['classes:read-own'],
    alsoCalled: 'presenze assenti',
  },
  {
    key: 'calendario',
    label: 'Giorno senza mensa',
    short: 'Senza mensa',
    group: 'calendar',
    opens: ['calendar:manage'],
    alsoCalled: 'chiusure scioperi gite sospensioni',
  },
  {
    key: 'famiglie',
    label: 'Famiglie',
    group: 'people',
    opens: ['household:manage'],
    alsoCalled: 'alunni genitori anagrafe',
    below: [
      { path: 'famiglie/nuova', label: 'Nuova famiglia', opens: 'registry:correct' },
      { path: 'famiglie/classi', label: 'Classi', opens: 'registry:correct' },
      { path: 'famiglie/passaggio', label: 'Nuovo anno', opens: 'registry:correct' },
      { path: 'famiglie/trasferimenti', label: 'Trasferimenti', opens: 'transfers:receive' },
      { path: 'famiglie/doppi', label: 'Alunni doppi', opens: 'registry:correct' },
    ],
  },
  {
    key: 'menu',
    label: 'Menù',
    group: 'kitchen',
    opens: ['menus:write'],
    below: [
      { path: 'menu/piatti', label: 'Piatti', opens: 'menus:write' },
      { path: 'menu/cambio', label: 'Cambio di un giorno', opens: 'menus:write' },
      { path: 'menu/avanzi', label: 'Avanzi', opens: 'menus:write' },
      { path: 'menu/giudizi', label: 'Giudizi', opens: 'menus:write' },
    ],
  },
  {
    key: 'alunni',
    label: 'Alunni',
    group: 'people',
    opens: ['pupils:list'],
    alsoCalled: 'elenco bambini iscritti',
  },
  {
    key: 'diete',
    label: 'Diete',
    group: 'people',
    opens: ['diets:manage'],
    alsoCalled: 'allergie intolleranze certificati',
    below: [{ path: 'diete/nuova', label: 'Nuova dieta', opens: 'diets:manage' }],
  },
  {
    key: 'moduli',
    label: 'Moduli e domande',
    short: 'Moduli',
    group: 'people',
    opens: ['forms:manage'],
    alsoCalled: 'iscrizioni richieste rinunce',
    below: [
      { path: 'moduli/domande', label: 'Tutte le domande', opens: 'forms:manage' },
      { path: 'moduli/posti', label: 'Classi e posti', opens: 'forms:manage' },
      { path: 'moduli/collegamenti', label: 'Richieste di collegamento', opens: 'registry:correct' },
    ],
  },
  {
    key: 'comunicazioni',
    label: 'Comunicazioni',
    short: 'Messaggi',
    group: 'families',
    opens: ['communications:read'],
    writes: 'communications:write',
    alsoCalled: 'avvisi',
    below: [{ path: 'comunicazioni/nuova', label: 'Nuova comunicazione', opens: 'communications:write' }],
  },
  {
    key: 'questionari',
    label: 'Questionari',
    group: 'families',
    opens: ['questionnaires:read'],
    writes: 'questionnaires:write',
    alsoCalled: 'sondaggi',
  },
  {
    key: 'importa',
    label: 'Importa alunni',
    short: 'Importa',
    group: 'people',
    opens: ['registry:correct'],
    alsoCalled: 'caricare elenco excel csv scuola',
  },
  { key: 'notizie', label: 'Notizie', group: 'site', opens: ['content:write'] },
  { key: 'documenti', label: 'Documenti', group: 'site', opens: ['content:write'] },
  {
    key: 'invii',
    label: 'Invii',
    group: 'families',
    opens: ['deliveries:manage'],
    alsoCalled: 'messaggi partiti email sms',
  },
  {
    key: 'tariffe',
    label: 'Tariffe',
    group: 'money',
    opens: ['tariffs:manage'],
    alsoCalled: 'prezzi fasce isee',
  },
  {
    key: 'denaro',
    label: 'Ricariche e pagamenti',
    short: 'Ricariche',
    group: 'money',
    opens: ['money:read'],
    writes: 'money:adjust',
    alsoCalled: 'denaro incassi ordini ricevute cassa contabilità',
  },
  {
    key: 'pagamenti',
    label: 'Pagamenti da sistemare',
    short: 'Da sistemare',
    group: 'money',
    opens: ['money:adjust'],
    alsoCalled: 'fatture ricariche',
  },
  {
    key: 'rimborsi',
    label: 'Rimborsi',
    group: 'money',
    opens: ['money:adjust'],
    alsoCalled: 'crediti famiglie uscite saldo da restituire',
  },
  {
    key: 'numeri',
    label: 'Numeri',
    group: 'money',
    opens: ['figures:read'],
    alsoCalled: 'statistiche totali debiti',
  },
  {
    key: 'impostazioni',
    label: 'Impostazioni',
    group: 'settings',
    opens: ['settings:manage'],
    below: [
      { path: 'impostazioni/avvio', label: 'Primo avvio', opens: 'structure:manage' },
      { path: 'impostazioni/scuole', label: 'Scuole e classi', opens: 'structure:manage' },
      { path: 'impostazioni/servizi', label: 'Servizi', opens: 'structure:manage' },
      { path: 'impostazioni/cucine', label: 'Cucine', opens: 'structure:manage' },
      { path: 'impostazioni/anni', label: 'Anni scolastici', opens: 'structure:manage' },
      { path: 'impostazioni/gestore', label: 'Dati del gestore', opens: 'supplier:manage' },
      { path: 'impostazioni/esportazione', label: 'Esporta tutto', opens: 'town:export' },
    ],
  },
  {
    key: 'impostazioni/gestore',
    label: 'Dati del gestore',
    short: 'Gestore',
    group: 'settings',
    opens: ['supplier:manage'],
    unless: 'settings:manage',
  },
  {
    key: 'colleghi',
    label: 'Colleghi',
    group: 'settings',
    opens: ['staff:manage'],
    alsoCalled: 'utenti ruoli personale',
    below: [{ path: 'colleghi/nuovo', label: 'Nuovo collega', opens: 'staff:manage' }],
  },
  {
    key: 'registro',
    label: 'Registro',
    group: 'settings',
    opens: ['registers:read'],
    alsoCalled: 'chi ha fatto che cosa',
    below: [
      { path: 'registro/conservazione', label: 'Quanto si conserva', opens: 'registers:export' },
      { path: 'registro/consegna', label: 'Registro per un’autorità', opens: 'registers:export' },
    ],
  },
]

const rulesFor = (viewer: Viewer): PlaceRule[] => {
  const isOnlyRead = ({ writes }: PlaceRule) => writes !== undefined && !allowedToStaff(viewer, writes)
  return PLACES.filter(
    ({ opens, unless }) =>
      opens.some((capability) => allowedToStaff(viewer, capability)) &&
      !(unless && allowedToStaff(viewer, unless)),
  ).toSorted((a, b) => Number(isOnlyRead(a)) - Number(isOnlyRead(b)))
}

/** The places that a viewer's roles open, in the order of the morning; what one may only read comes last. */
export const placesFor = (viewer: Viewer): OfficePlace[] =>
  rulesFor(viewer).map(({ key, label, short, group }) => ({ key, label, group, ...(short ? { short } : {}) }))

/** The same by what people come for. A group without a place is not there. */
export function placeGroupsFor(
  viewer: Viewer,
): { group: PlaceGroup; label: string; places: OfficePlace[] }[] {
  const places = placesFor(viewer)
  return (Object.keys(PLACE_GROUPS) as PlaceGroup[])
    .map((group) => ({
      group,
      label: PLACE_GROUPS[group],
      places: places.filter((place) => place.group === group),
    }))
    .filter((one) => one.places.length > 0)
}

/**
 * The place of a viewer in which a page stands; null for the first page of the office and what has no place.
 * @param page its address after `/admin/<municipality>/`
 */
export const placeOf = (viewer: Viewer, page: string): OfficePlace | null =>
  placesFor(viewer).find(({ key }) => page === key || page.startsWith(`${key}/`)) ?? null

/** A page that can be found by its name. */
export type NamedPage = { path: string; label: string; group: string; words: string }

/** Every page with a name that a viewer may open. */
export const namedPagesFor = (viewer: Viewer): NamedPage[] =>
  rulesFor(viewer).flatMap((place) => {
    const group = PLACE_GROUPS[place.group]
    return [
      { path: place.key, label: place.label, group, words: `${place.label} ${place.alsoCalled ?? ''}` },
      ...(place.below ?? [])
        .filter(({ opens }) => allowedToStaff(viewer, opens))
        .map(({ path, label }) => ({ path, label, group, words: `${label} ${place.label}` })),
    ]
  })
