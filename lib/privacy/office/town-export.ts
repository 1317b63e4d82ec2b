import { csvText } from '#lib/kernel/csv.ts'
import { decimalString } from '#lib/kernel/money.ts'

/**
 * What a column has. `cents` is written twice: with the comma of a spreadsheet, and as whole cents under the name with `_centesimi`.
 * `text` begins with an apostrophe where a spreadsheet would take it for a formula.
 */
export type ExportKind = 'id' | 'text' | 'day' | 'instant' | 'number' | 'yes' | 'cents'
export type ExportColumn = readonly [name: string, kind: ExportKind, what: string]
/** `from`: the tables of the database that the file holds. */
export type ExportTable = {
  file: string
  from: readonly string[]
  what: string
  columns: readonly ExportColumn[]
}

const id = (name: string, what: string): ExportColumn => [name, 'id', what]
const text = (name: string, what: string): ExportColumn => [name, 'text', what]
const day = (name: string, what: string): ExportColumn => [name, 'day', what]

const SCHOOL_TABLES = [
  {
    file: 'comune.csv',
    from: ['municipality'],
    what: 'Il Comune e l’istante dell’esportazione.',
    columns: [
      id('id', 'Chiave del Comune'),
      text('nome', 'Nome'),
      text('provincia', 'Sigla'),
      text('codice_fiscale', 'Codice fiscale dell’ente'),
      text('indirizzo', 'Via e numero'),
      text('cap', 'CAP'),
      text('email', 'E-mail'),
      text('pec', 'PEC'),
      text('telefono', 'Telefono'),
      ['esportato_il', 'instant', 'Movimenti, fatture e comunicazioni arrivano fin qui'],
    ],
  },
  {
    file: 'anni.csv',
    from: ['school_year'],
    what: 'Gli anni scolastici.',
    columns: [
      id('id', 'Chiave'),
      text('nome', 'Come 2026/2027'),
      day('dal', 'Primo giorno'),
      day('al', 'Ultimo giorno'),
    ],
  },
  {
    file: 'scuole.csv',
    from: ['school'],
    what: 'Le scuole.',
    columns: [
      id('id', 'Chiave'),
      text('nome', 'Nome'),
      text('ordine', 'infanzia, primaria o secondaria'),
      text('indirizzo', 'Via e numero'),
      text('codice_meccanografico', 'Dieci caratteri; vuoto se manca'),
      day('fino_al', 'Ultimo giorno; vuoto se è aperta'),
    ],
  },
  {
    file: 'classi.csv',
    from: ['school_class', 'class_places'],
    what: 'Le classi di ogni anno.',
    columns: [
      id('id', 'Chiave'),
      id('scuola_id', 'In scuole.csv'),
      id('anno_id', 'In anni.csv'),
      text('nome', 'Come 3A'),
      day('fino_al', 'Ultimo giorno; vuoto se c’è'),
      ['posti', 'number', 'Alunni che ci stanno; vuoto se non è deciso'],
    ],
  },
  {
    file: 'servizi.csv',
    from: ['service'],
    what: 'I servizi: mensa, merenda, trasporto.',
    columns: [
      id('id', 'Chiave'),
      text('codice', 'Codice'),
      text('nome', 'Nome'),
      ['attivo', 'yes', 'sì o no'],
      day('fino_al', 'Ultimo giorno; vuoto se non ha una fine'),
      ['cucinato', 'yes', 'sì: una cucina prepara, e i pasti sono nel conteggio'],
    ],
  },
  {
    file: 'chi_disdice.csv',
    from: ['service_rule'],
    what: 'Chi può disdire i pasti di un servizio, da un giorno. Prima, e senza una riga, disdicono tutti e due.',
    columns: [
      id('servizio_id', 'In servizi.csv'),
      day('dal', 'Primo giorno; vale fino al prossimo'),
      text('chi', 'pagante: solo lui; tutti: anche i delegati'),
    ],
  },
  {
    file: 'orari.csv',
    from: ['service_schedule'],
    what: 'I giorni e il termine di ogni servizio in ogni scuola.',
    columns: [
      id('servizio_id', 'In servizi.csv'),
      id('scuola_id', 'In scuole.csv'),
      id('anno_id', 'In anni.csv'),
      text('giorni', 'Da 1 lunedì a 7 domenica, con uno spazio fra l’uno e l’altro'),
      text('termine', 'Ora fino a cui si disdice'),
      ['giorni_prima', 'number', '0: il giorno stesso'],
      day('dal', 'Primo giorno'),
      day('al', 'Ultimo giorno'),
      day('nuovi_dal', 'Da questo giorno cambiano; vuoto se non è deciso'),
      text('nuovi_giorni', 'Come giorni'),
      text('nuovo_termine', 'Come termine'),
      ['nuovi_giorni_prima', 'number', 'Come giorni_prima'],
    ],
  },
  {
    file: 'cucine.csv',
    from: ['kitchen'],
    what: 'Le cucine, e dove va il conteggio.',
    columns: [
      id('id', 'Chiave'),
      text('nome', 'Nome'),
      text('email', 'Una o più, con uno spazio fra l’una e l’altra'),
      text('telefono', 'Telefono'),
    ],
  },
  {
    file: 'cucine_scuole.csv',
    from: ['kitchen_school'],
    what: 'Quale cucina serve ogni scuola, da un giorno.',
    columns: [
      id('scuola_id', 'In scuole.csv'),
      id('cucina_id', 'In cucine.csv'),
      day('dal', 'Primo giorno; vale fino al prossimo della scuola'),
    ],
  },
  {
    file: 'chiusure.csv',
    from: ['closure'],
    what: 'Feste e chiusure che valgono.',
    columns: [
      id('id', 'Chiave'),
      id('servizio_id', 'In servizi.csv'),
      id('scuola_id', 'In scuole.csv; vuoto per tutte'),
      day('giorno', 'Giorno'),
      text('tipo', 'holiday, closure, strike o trip'),
      text('motivo', 'Motivo'),
    ],
  },
  {
    file: 'prezzi.csv',
    from: ['meal_price', 'fare_band_price'],
    what: 'I prezzi di un pasto, interi e per fascia.',
    columns: [
      id('servizio_id', 'In servizi.csv'),
      text('fascia', 'Codice in fasce.csv; vuoto per il prezzo intero'),
      day('dal', 'Primo giorno; vale fino al prossimo'),
      ['prezzo', 'cents', 'Prezzo di un pasto'],
      text('nota', 'Atto o nota'),
    ],
  },
  {
    file: 'fasce.csv',
    from: ['fare_band'],
    what: 'Le fasce di prezzo.',
    columns: [
      id('servizio_id', 'In servizi.csv'),
      text('codice', 'Codice'),
      text('nome', 'Nome'),
      text('descrizione', 'A chi spetta'),
    ],
  },
  {
    file: 'diete.csv',
    from: ['diet'],
    what: 'I codici delle diete.',
    columns: [
      text('codice', 'Codice'),
      text('nome', 'Nome'),
      text('legenda', 'Che cosa vuol dire in cucina'),
      text('allergeni', 'Quelli che esclude, con uno spazio fra l’uno e l’altro'),
      text('unisce', 'Codici delle diete che unisce, con uno spazio fra l’uno e l’altro'),
      day('dal', 'Primo giorno; vuoto se c’è da sempre'),
      day('al', 'Ultimo giorno; vuoto se non ha una fine'),
    ],
  },
] as const satisfies readonly ExportTable[]

const PEOPLE_TABLES = [
  {
    file: 'famiglie.csv',
    from: ['household'],
    what: 'Le famiglie: a ognuna un conto per servizio.',
    columns: [id('id', 'Chiave'), text('nome', 'Nome'), ['dal', 'instant', 'Registrata il']],
  },
  {
    file: 'persone.csv',
    from: ['person'],
    what: 'Gli adulti.',
    columns: [
      id('id', 'Chiave'),
      text('cognome', 'Cognome'),
      text('nome', 'Nome'),
      text('codice_fiscale', 'Sedici caratteri, o undici se provvisorio'),
      day('nascita', 'Vuoto se lo dice il codice'),
      text('email', 'E-mail'),
      text('telefono', 'Telefono'),
      text('indirizzo', 'Via e numero'),
      text('cap', 'CAP'),
      text('citta', 'Città'),
      text('provincia', 'Sigla'),
      text('paese', 'Sigla ISO'),
    ],
  },
  {
    file: 'codici.csv',
    from: ['person_code'],
    what: 'I codici fiscali con cui ogni persona entra: quello di oggi, e quelli di prima che l’ufficio lascia aperti.',
    columns: [
      id('persona_id', 'In persone.csv'),
      text('codice_fiscale', 'Sedici caratteri, o undici se provvisorio'),
      ['dal', 'instant', 'Da quando apre'],
    ],
  },
  {
    file: 'ufficio.csv',
    from: ['staff_member'],
    what: 'I ruoli di chi lavora nell’ufficio, anche finiti.',
    columns: [
      id('id', 'Chiave'),
      id('persona_id', 'In persone.csv'),
      text('ruolo', 'operator, accountant, manager, editor, reader, kitchen, school_office o teacher'),
      id('scuola_id', 'In scuole.csv; vuoto se non è di una scuola'),
      id('classe_id', 'In classi.csv; vuoto se non è di una classe'),
      id('cucina_id', 'In cucine.csv; vuoto se non è di una cucina'),
      day('dal', 'Primo giorno'),
      day('al', 'Ultimo giorno; vuoto se non ha una fine'),
      ['finito_il', 'instant', 'Vuoto se non è stato tolto'],
    ],
  },
  {
    file: 'ruoli.csv',
    from: ['household_member', 'delegate_pupil'],
    what: 'Chi paga e chi è delegato in ogni famiglia, anche prima.',
    columns: [
      id('id', 'Chiave'),
      id('famiglia_id', 'In famiglie.csv'),
      id('persona_id', 'In persone.csv'),
      text('ruolo', 'pagante o delegato'),
      ['tutti_gli_alunni', 'yes', 'no: solo gli alunni in alunni'],
      text('alunni', 'Chiavi in alunni.csv, con uno spazio fra l’una e l’altra'),
      day('dal', 'Primo giorno'),
      day('al', 'Ultimo giorno; vuoto se non è deciso'),
      ['finito_il', 'instant', 'Vuoto se dura'],
    ],
  },
  {
    file: 'alunni.csv',
    from: ['pupil'],
    what: 'Gli alunni.',
    columns: [
      id('id', 'Chiave'),
      id('famiglia_id', 'In famiglie.csv'),
      text('cognome', 'Cognome'),
      text('nome', 'Nome'),
      text('codice_fiscale', 'Sedici caratteri, o undici se provvisorio; vuoto se non c’è ancora'),
      day('nascita', 'Data di nascita'),
    ],
  },
  {
    file: 'iscrizioni.csv',
    from: ['enrolment'],
    what: 'Dove e quando mangia ogni alunno, e con quale dieta. Dati sulla salute: chi riceve il file li protegge.',
    columns: [
      id('id', 'Chiave'),
      id('alunno_id', 'In alunni.csv'),
      id('servizio_id', 'In servizi.csv'),
      id('scuola_id', 'In scuole.csv'),
      id('classe_id', 'In classi.csv'),
      id('anno_id', 'In anni.csv'),
      day('dal', 'Primo giorno'),
      day('al', 'Ultimo giorno'),
      text('giorni', 'Solo questi, da 1 lunedì a 7 domenica; vuoto: tutti quelli della scuola'),
      text('dieta', 'Codice in diete.csv'),
      ['reazione_grave', 'yes', 'sì o no'],
    ],
  },
  {
    file: 'elenco.csv',
    from: [],
    what: 'Gli alunni iscritti con i loro adulti, una riga per alunno: le colonne sono quelle che «Importa alunni» di questo portale riconosce da sé.',
    columns: [
      text('cognome_alunno', 'Cognome'),
      text('nome_alunno', 'Nome'),
      text('codice_fiscale_alunno', 'Vuoto se non c’è ancora'),
      day('data_di_nascita_alunno', 'Data di nascita'),
      text('scuola', 'Nome; come sta in scuole.csv'),
      text('classe', 'Nome; come sta in classi.csv'),
      text('cognome_pagante', 'Chi paga oggi'),
      text('nome_pagante', 'Nome'),
      text('codice_fiscale_pagante', 'Codice fiscale'),
      text('telefono_pagante', 'Telefono'),
      text('email_pagante', 'E-mail'),
      text('cognome_altro_adulto', 'Il primo delegato di oggi; vuoto se non c’è'),
      text('nome_altro_adulto', 'Nome'),
      text('codice_fiscale_altro_adulto', 'Codice fiscale'),
      text('telefono_altro_adulto', 'Telefono'),
      text('email_altro_adulto', 'E-mail'),
      day('delega_fino_al', 'Ultimo giorno della delega; vuoto se non è deciso'),
    ],
  },
  {
    file: 'diete_chieste.csv',
    from: ['diet_hold'],
    what: 'Da quando a quando una dieta è chiesta e non ancora decisa: la cucina chiede prima di servire. Dati sulla salute.',
    columns: [
      id('alunno_id', 'In alunni.csv'),
      day('dal', 'Primo giorno'),
      day('al', 'Ultimo giorno; vuoto finché non è decisa'),
      ['reazione_grave', 'yes', 'sì o no'],
    ],
  },
  {
    file: 'unioni.csv',
    from: ['pupil_merge'],
    what: 'Gli alunni che erano lo stesso bambino.',
    columns: [
      id('id', 'Chiave'),
      id('resta_id', 'In alunni.csv'),
      id('unito_id', 'In alunni.csv: non mangia più'),
      text('motivo', 'Motivo'),
      ['fatta_il', 'instant', 'Quando'],
      ['annullata_il', 'instant', 'Vuoto se vale'],
    ],
  },
  {
    file: 'unioni_adulti.csv',
    from: ['person_merge'],
    what: 'Gli adulti che erano la stessa persona.',
    columns: [
      id('id', 'Chiave'),
      id('resta_id', 'In persone.csv'),
      id('unito_id', 'In persone.csv: non ha più ruoli'),
      text('motivo', 'Motivo'),
      ['fatta_il', 'instant', 'Quando'],
      ['annullata_il', 'instant', 'Vuoto se vale'],
    ],
  },
  {
    file: 'unioni_famiglie.csv',
    from: ['household_merge'],
    what: 'Le famiglie che erano la stessa.',
    columns: [
      id('id', 'Chiave'),
      id('resta_id', 'In famiglie.csv'),
      id('unita_id', 'In famiglie.csv: non ha più alunni'),
      text('motivo', 'Motivo'),
      ['fatta_il', 'instant', 'Quando'],
      ['annullata_il', 'instant', 'Vuoto se vale'],
    ],
  },
  {
    file: 'diversi.csv',
    from: ['told_apart'],
    what: 'Due che sembrano uno e sono due, come ha detto l’ufficio dopo aver guardato.',
    columns: [
      id('id', 'Chiave'),
      text('di_che', 'pupil, person o household: in alunni.csv, persone.csv o famiglie.csv'),
      id('uno_id', 'Il primo'),
      id('altro_id', 'Il secondo'),
      text('motivo', 'Come si sa; può mancare'),
      ['segnato_il', 'instant', 'Quando'],
      ['tolto_il', 'instant', 'Vuoto se vale'],
    ],
  },
  {
    file: 'tariffe_alunni.csv',
    from: ['fare_assignment'],
    what: 'La fascia di ogni alunno, con le date. Senza una fascia si paga il prezzo intero.',
    columns: [
      id('id', 'Chiave'),
      id('alunno_id', 'In alunni.csv'),
      id('servizio_id', 'In servizi.csv'),
      text('fascia', 'Codice in fasce.csv'),
      day('dal', 'Primo giorno'),
      day('al', 'Ultimo giorno'),
    ],
  },
  {
    file: 'pasti_tra_famiglie.csv',
    from: ['meal_household_rule'],
    what: 'I giorni di un alunno che sono di un’altra famiglia, che in quei giorni disdice e paga. Gli altri sono della sua.',
    columns: [
      id('id', 'Chiave'),
      id('alunno_id', 'In alunni.csv'),
      id('famiglia_id', 'In famiglie.csv: l’altra'),
      text('giorni', 'Di due settimane che si ripetono, da 1 (il primo lunedì) a 14'),
      day('primo_lunedi', 'Da dove si contano'),
      day('dal', 'Primo giorno'),
      day('al', 'Ultimo giorno; vuoto: finché non cambia'),
    ],
  },
  {
    file: 'disdette.csv',
    from: ['absence'],
    what: 'I pasti disdetti che valgono.',
    columns: [
      id('alunno_id', 'In alunni.csv'),
      id('servizio_id', 'In servizi.csv'),
      id('scuola_id', 'In scuole.csv'),
      day('giorno', 'Giorno del pasto'),
      text('ricevuta', 'Numero della ricevuta'),
    ],
  },
] as const satisfies readonly ExportTable[]

const MONEY_TABLES = [
  {
    file: 'conti.csv',
    from: ['account'],
    what: 'Il conto di ogni famiglia per ogni servizio. Il saldo è la somma dei suoi movimenti.',
    columns: [
      id('id', 'Chiave'),
      id('famiglia_id', 'In famiglie.csv'),
      id('servizio_id', 'In servizi.csv'),
      ['saldo', 'cents', 'A credito; col meno a debito'],
    ],
  },
  {
    file: 'movimenti.csv',
    from: ['entry', 'journal'],
    what: 'I movimenti dei conti delle famiglie, pasti compresi, dal primo.',
    columns: [
      id('id', 'Chiave'),
      id('registrazione_id', 'Le righe di una registrazione'),
      id('conto_id', 'In conti.csv'),
      text('tipo', 'opening, top_up, meals, meals_reversal, adjustment, refund o chargeback'),
      day('giorno', 'Del pasto, o del saldo iniziale; vuoto per gli altri'),
      ['registrato_il', 'instant', 'Quando'],
      ['importo', 'cents', 'A favore della famiglia; col meno a carico'],
      id('alunno_id', 'In alunni.csv; vuoto se non è un pasto'),
      id('ricarica_id', 'In ricariche.csv; vuoto se non è una ricarica'),
      text('descrizione', 'Che cosa dice la registrazione'),
    ],
  },
  {
    file: 'ricariche.csv',
    from: ['top_up'],
    what: 'Le ricariche, anche quelle non riuscite.',
    columns: [
      id('id', 'Chiave'),
      id('conto_id', 'In conti.csv'),
      id('pagatore_id', 'In persone.csv'),
      ['importo', 'cents', 'Importo'],
      text('stato', 'paid è pagata'),
      text('metodo', 'card o mybank'),
      text('ordine', 'Numero d’ordine dal gestore dei pagamenti'),
      ['creata_il', 'instant', 'Quando'],
      ['pagata_il', 'instant', 'Vuoto se non è pagata'],
    ],
  },
  {
    file: 'rimborsi.csv',
    from: ['refund_case'],
    what: 'I crediti di chi è uscito da un servizio, e che cosa se ne è deciso.',
    columns: [
      id('id', 'Chiave'),
      id('conto_id', 'In conti.csv'),
      text('causa', 'ended, rollover o late'),
      day('uscita', 'Ultimo giorno nel servizio'),
      ['aperto_il', 'instant', 'Quando'],
      ['credito', 'cents', 'Il credito di quel momento'],
      text('decisione', 'refund, keep o sibling; vuoto se non è decisa'),
      ['deciso_il', 'instant', 'Vuoto se non è deciso'],
      ['deciso', 'cents', 'Quanto; vuoto se non è deciso'],
      text('motivo', 'Motivo'),
      id('al_conto_id', 'In conti.csv, con sibling; vuoto per gli altri'),
      ['chiuso_il', 'instant', 'Vuoto se è aperto'],
      text('chiuso_perche', 'settled, returned o said'),
    ],
  },
  {
    file: 'fatture.csv',
    from: ['invoice'],
    what: 'Le fatture emesse. I file XML sono in conservazione, e si chiedono a parte.',
    columns: [
      id('id', 'Chiave'),
      text('numero', 'Come sta sulla fattura'),
      day('del', 'Data'),
      id('ricarica_id', 'In ricariche.csv'),
      id('famiglia_id', 'In famiglie.csv'),
      id('intestatario_id', 'In persone.csv'),
      ['imponibile', 'cents', 'Imponibile'],
      ['iva', 'cents', 'Imposta'],
      ['totale', 'cents', 'Totale'],
      text('impronta_xml', 'SHA-256 del file XML; vuoto se non c’è ancora'),
    ],
  },
  {
    file: 'comunicazioni.csv',
    from: ['communication', 'communication_version'],
    what: 'Le comunicazioni pubblicate.',
    columns: [
      id('id', 'Chiave'),
      text('titolo', 'Titolo'),
      text('testo', 'Testo'),
      ['pubblicata_il', 'instant', 'Quando'],
      ['ritirata_il', 'instant', 'Vuoto se vale'],
    ],
  },
  {
    file: 'destinatari.csv',
    from: ['communication_recipient'],
    what: 'A quali famiglie è andata ogni comunicazione.',
    columns: [id('comunicazione_id', 'In comunicazioni.csv'), id('famiglia_id', 'In famiglie.csv')],
  },
] as const satisfies readonly ExportTable[]

/** The files of the export of a municipality, in the order in which another portal can read them. */
export const EXPORT_TABLES = [...SCHOOL_TABLES, ...PEOPLE_TABLES, ...MONEY_TABLES]
export type ExportFile = (typeof EXPORT_TABLES)[number]['file']

type LeftOut = { what: string; why: string; tables: readonly string[] }

/** What a municipality has and does not take along, and why. A test finds each table of the database either here or in a file. */
export const LEFT_OUT: readonly LeftOut[] = [
  {
    what: 'Conteggi, giorni di servizio, addebiti da fare',
    why: 'seguono da orari, chiusure, iscrizioni e disdette; quello che è costato è nei movimenti',
    tables: [
      ...['service_day', 'kitchen_count', 'kitchen_count_line', 'count_mail', 'counted_meals'],
      ...['count_sheet', 'count_acknowledgement', 'kitchen_setting'],
      ...['meal_charge', 'leftover'],
    ],
  },
  {
    what: 'Come si è arrivati a una disdetta',
    why: 'vale la disdetta di adesso, con il numero della ricevuta; le altre restano alla famiglia, che le scarica da sé',
    tables: ['absence_event', 'absence_receipt', 'overtaken_change', 'meal_notice'],
  },
  {
    what: 'Domande, moduli e documenti',
    why: 'sono atti protocollati: si conservano con i loro allegati, e si chiedono a parte',
    tables: [
      ...[
        'online_form',
        'online_form_version',
        'form_draft',
        'form_submission',
        'form_event',
        'form_document',
      ],
      ...['form_batch', 'form_batch_item', 'protocol_series', 'link_request', 'household_applicant'],
    ],
  },
  {
    what: 'Passaggi di alunni da e verso altri Comuni',
    why: 'quello che ne resta è nelle iscrizioni e nell’anagrafe; quello che aspetta si chiude prima di andare',
    tables: ['departing_transfer', 'arriving_transfer'],
  },
  {
    what: 'Menù, giudizi e questionari',
    why: 'sono del gestore; le risposte anonime restano senza un nome',
    tables: [
      ...['dish', 'menu', 'menu_version', 'menu_change', 'menu_settings', 'meal_rating', 'meal_rating_dish'],
      ...['questionnaire', 'questionnaire_question', 'questionnaire_part', 'questionnaire_answer'],
    ],
  },
  {
    what: 'Sito, e chi ha letto che cosa',
    why: 'notizie e documenti sono pubblici e si leggono dal sito; letture, prese d’atto e solleciti valgono per il portale di adesso',
    tables: [
      ...['content_item', 'content_version', 'content_version_file', 'stored_file', 'municipality_settings'],
      ...['communication_publication', 'communication_recipient_person', 'communication_read'],
      ...['communication_acknowledgement', 'communication_reminder', 'communication_version_file'],
    ],
  },
  {
    what: 'Messaggi e notifiche',
    why: 'sono già partiti, e le scelte valgono per il portale di adesso',
    tables: [
      ...[
        'outbox',
        'delivery_batch',
        'notification',
        'notification_choice',
        'push_subscription',
        'role_notice',
      ],
      ...['diet_end_notice', 'work_alert', 'work_notice', 'work_take', 'list_view', 'calendar_feed'],
    ],
  },
  {
    what: 'Accessi, codici da confermare, inviti',
    why: 'aprono il portale di adesso e nessun altro',
    tables: ['remembered_device', 'email_change', 'phone_change', 'delegate_invitation'],
  },
  {
    what: 'Registro attività',
    why: 'è di chi tratta i dati adesso: si esporta da Registro, e dura quanto dice la legge',
    tables: ['audit_event', 'family_look'],
  },
  {
    what: 'Dialogo con chi incassa, copie delle fatture',
    why: 'l’esito è in ricariche.csv, i file XML sono in conservazione',
    tables: [
      ...['top_up_transition', 'notification_inbox', 'provider_operation', 'payment_alarm', 'top_up_note'],
      ...['invoice_copy', 'invoice_series', 'entry_year'],
    ],
  },
  {
    what: 'Come si è lavorato: file importati, passaggi d’anno',
    why: 'il risultato è in alunni, iscrizioni e movimenti; servono ad annullarli qui',
    tables: [
      ...['pupil_import', 'pupil_import_finding', 'pupil_import_image', 'pupil_import_progress'],
      ...['imported_balance', 'year_rollover', 'year_rollover_choice', 'year_rollover_class'],
      ...['year_rollover_pupil', 'year_rollover_work'],
    ],
  },
]

/** The names of a table's columns in the file. */
export const headersOf = ({ columns }: ExportTable): string[] =>
  columns.flatMap(([name, kind]) => (kind === 'cents' ? [name, `${name}_centesimi`] : [name]))

/** A value as the database gives it. */
export type ExportValue = string | number | boolean | Date | null

function cells(kind: ExportKind, value: ExportValue): (string | number)[] {
  if (kind === 'cents') {
    const amount = value === null ? '' : decimalString(Number(value)).replace('.', ',')
    return [amount, value === null ? '' : Number(value)]
  }
  if (value === null) return ['']
  if (kind === 'yes') return [value === true ? 'sì' : 'no']
  if (value instanceof Date) return [value.toISOString()]
  return [kind === 'text' ? csvText(String(value)) : String(value)]
}

/** A line of a table's file. */
export const lineOf = (
  { columns }: ExportTable,
  row: Readonly<Record<string, ExportValue>>,
): (string | number)[] => columns.flatMap(([name, kind]) => cells(kind, row[name] ?? null))

/** What the last file says of each other one, so that who reads them knows that they are whole. */
export type ExportSum = { file: string; rows: number; bytes: number; sha256: string; cents: number | null }

/** The columns of the check file. */
export const MANIFEST_FILE = 'verifica.csv'
export const MANIFEST_HEADERS = ['file', 'righe', 'byte', 'sha256', 'somma_centesimi']

/** The amount of a table that is summed in the check file: its first one; null where it has none. */
export const summedColumn = ({ columns }: ExportTable): string | null =>
  columns.find(([, kind]) => kind === 'cents')?.[0] ?? null

/** The page that explains each column, which goes with the files and is in the documentation. */
export function exportGuide(): string {
  const tables = EXPORT_TABLES.map((table: ExportTable) => {
    const lines = table.columns.map(([name, kind, what]) =>
      kind === 'cents'
        ? `| \`${name}\`, \`${name}_centesimi\` | ${what}: in euro con la virgola, e in centesimi |`
        : `| \`${name}\` | ${what} |`,
    )
    return [
      `### ${table.file}`,
      '',
      table.what,
      '',
      '| Colonna | Che cosa c’è |',
      '|---|---|',
      ...lines,
    ].join('\n')
  })
  const left = LEFT_OUT.map(({ what, why }) => `- **${what}**: ${why}.`)
  return `${tables.join('\n\n')}\n\n### Che cosa non c’è\n\n${left.join('\n')}\n`
}
