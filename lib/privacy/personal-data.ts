/** What the portal keeps about people, table by table: what a download carries, and why the rest is left out. */
export type TableRule = {
  /** Title of the section, in Italian. */
  title: string
  /** Column → its name in the download. */
  carried: Readonly<Record<string, string>>
  /** Column → why it is not in the download. */
  left: Readonly<Record<string, string>>
}

const KEY = 'riferimento interno'
const SECRET = 'impronta di un segreto: non dice niente di te e non serve a nessuno'
const INNER = 'funzionamento interno'

const keys = <const K extends string>(...columns: K[]): Record<K, string> =>
  Object.fromEntries(columns.map((column) => [column, KEY])) as Record<K, string>

/**
 * The tables that speak of a person, a child or a household. A test compares them with the schema: a new column here
 * that is neither carried nor left with a reason fails it.
 */
export const PERSONAL_DATA = {
  person: {
    title: 'Anagrafica nel Comune',
    carried: {
      fiscal_code: 'codice fiscale',
      given_name: 'nome',
      family_name: 'cognome',
      email: 'e-mail',
      email_verified_at: 'e-mail confermata il',
      refused_email: 'e-mail che non riceve',
      phone: 'telefono',
      street: 'via',
      postcode: 'CAP',
      city: 'Comune',
      province: 'provincia',
      country: 'Paese',
      created_at: 'registrata il',
    },
    left: { ...keys('municipality_id', 'id'), fiscal_code_hash: SECRET },
  },
  citizen: {
    title: 'Identità con cui entri',
    carried: {
      given_name: 'nome',
      family_name: 'cognome',
      birth_date: 'data di nascita',
      language: 'lingua scelta',
      created_at: 'primo accesso',
      updated_at: 'ultimo aggiornamento',
    },
    left: { ...keys('id'), fiscal_code_hash: SECRET },
  },
  identity_link: {
    title: 'Modi di accesso collegati',
    carried: {
      issuer: 'sistema di identità',
      method: 'metodo',
      last_level: 'ultimo livello',
      first_seen_at: 'prima volta',
      last_seen_at: 'ultima volta',
    },
    left: { ...keys('citizen_id'), subject: 'codice con cui ti conosce il sistema di identità' },
  },
  session: {
    title: 'Accessi aperti e recenti (30 giorni)',
    carried: {
      created_at: 'iniziato il',
      last_seen_at: 'usato l’ultima volta',
      ended_at: 'finito il',
      end_reason: 'come è finito',
      expires_at: 'scade il',
      method: 'metodo',
      level: 'livello',
      authenticated_at: 'riconosciuto il',
      opened_with: 'aperto con',
      device: 'dispositivo',
    },
    left: { ...keys('id', 'citizen_id', 'device_id'), token_hash: SECRET },
  },
  sign_in_event: {
    title: 'Registro degli accessi (24 mesi)',
    carried: {
      occurred_at: 'quando',
      municipality_slug: 'Comune',
      method: 'metodo',
      level: 'livello',
      outcome: 'esito',
    },
    left: keys('id', 'citizen_id', 'session_id'),
  },
  remembered_device: {
    title: 'Dispositivi ricordati',
    carried: {
      name: 'nome',
      created_at: 'aggiunto il',
      last_used_at: 'usato l’ultima volta',
      method: 'metodo',
      level: 'livello',
      authenticated_at: 'riconosciuto il',
      revoked_at: 'scollegato il',
      revoke_reason: 'perché',
    },
    left: {
      ...keys('id', 'citizen_id', 'municipality_id'),
      series_hash: SECRET,
      secret_hash: SECRET,
      previous_secret_hash: SECRET,
      sequence_salt: SECRET,
      sequence_hash: SECRET,
      rotated_at: INNER,
      failures: INNER,
      attempted_at: INNER,
    },
  },
  interrupted_form: {
    title: 'Moduli interrotti',
    carried: {},
    left: {
      ...keys('id', 'citizen_id'),
      path: 'vive pochi minuti',
      sealed: 'vive pochi minuti, cifrato',
      expires_at: 'vive pochi minuti',
    },
  },
  household: {
    title: 'Nucleo familiare',
    carried: { name: 'nome', created_at: 'registrato il' },
    left: keys('municipality_id', 'id'),
  },
  household_member: {
    title: 'I tuoi ruoli nelle famiglie',
    carried: {
      role: 'ruolo',
      valid_from: 'dal',
      valid_to: 'ultimo giorno previsto',
      started_at: 'iniziato il',
      ended_at: 'finito il',
    },
    left: keys('municipality_id', 'id', 'household_id', 'person_id', 'given_by'),
  },
  pupil: {
    title: 'Alunni di cui sei intestatario',
    carried: {
      given_name: 'nome',
      family_name: 'cognome',
      fiscal_code: 'codice fiscale',
      birth_date: 'data di nascita',
    },
    left: keys('municipality_id', 'id', 'household_id'),
  },
  enrolment: {
    title: 'Iscrizioni degli alunni',
    carried: { diet_code: 'codice della dieta', valid_from: 'dal', valid_to: 'al' },
    left: {
      ...keys(
        'municipality_id',
        'id',
        'pupil_id',
        'service_id',
        'school_id',
        'school_class_id',
        'school_year_id',
      ),
      validity: 'uguale alle due date',
    },
  },
  form_draft: {
    title: 'Moduli online che hai cominciato',
    carried: { answers: 'risposte', created_at: 'cominciato il', updated_at: 'salvato il' },
    left: {
      ...keys('municipality_id', 'id', 'form_id', 'version', 'household_id', 'person_id'),
      revision: INNER,
    },
  },
  form_submission: {
    title: 'Domande che hai mandato con i moduli online',
    carried: {
      protocol_number: 'numero di protocollo',
      protocol_year: 'anno',
      about: 'per',
      submitted_at: 'inviata il',
      shown: 'domande e risposte',
      state: 'stato',
      due_on: 'integrazione entro il',
      decided_at: 'decisa il',
    },
    left: {
      ...keys(
        'municipality_id',
        'id',
        'form_id',
        'version',
        'draft_id',
        'household_id',
        'person_id',
        'pupil_id',
        'assigned_to',
      ),
      answers: 'uguali a domande e risposte',
      once_key: SECRET,
    },
  },
  form_event: {
    title: 'Passi delle tue domande',
    carried: {
      kind: 'che cosa',
      occurred_at: 'quando',
      by_office: 'dall’ufficio',
      words: 'testo',
      due_on: 'entro il',
    },
    left: keys('municipality_id', 'id', 'submission_id', 'person_id'),
  },
  form_document: {
    title: 'Documenti dei moduli online',
    carried: { name: 'nome', media_type: 'tipo', size: 'byte', uploaded_at: 'caricato il' },
    left: {
      ...keys('municipality_id', 'id', 'household_id', 'person_id', 'draft_id', 'submission_id', 'field'),
      sha256: SECRET,
      content: 'si scarica dalla pagina della domanda, finché è conservato',
    },
  },
  fare_assignment: {
    title: 'Fasce di prezzo degli alunni',
    carried: { band_code: 'fascia', valid_from: 'dal', valid_to: 'al', given_at: 'data il' },
    left: {
      ...keys('municipality_id', 'id', 'pupil_id', 'service_id', 'submission_id', 'given_by'),
      validity: 'uguale alle due date',
    },
  },
  delegate_pupil: {
    title: 'Alunni delle deleghe',
    carried: {},
    left: keys('municipality_id', 'household_member_id', 'pupil_id'),
  },
  delegate_invitation: {
    title: 'Inviti che hai mandato',
    carried: {
      email: 'mandato a',
      created_at: 'mandato il',
      expires_at: 'valido fino al',
      valid_to: 'ultimo giorno della delega',
      closed_at: 'chiuso il',
      outcome: 'esito',
    },
    left: {
      ...keys('municipality_id', 'id', 'household_id', 'invited_by', 'accepted_by', 'pupil_ids'),
      fiscal_code_hash: SECRET,
      fiscal_code_sealed: 'codice fiscale di un’altra persona, cifrato fino alla risposta',
      token_hash: SECRET,
    },
  },
  email_change: {
    title: 'Cambi di e-mail chiesti',
    carried: { email: 'nuova e-mail', created_at: 'chiesto il', closed_at: 'chiuso il' },
    left: {
      ...keys('municipality_id', 'id', 'person_id'),
      code_hash: SECRET,
      attempts: INNER,
      expires_at: INNER,
    },
  },
  absence: {
    title: 'Disdette in vigore',
    carried: {},
    left: keys('municipality_id', 'service_day_id', 'pupil_id', 'receipt_id'),
  },
  absence_event: {
    title: 'Disdette e ripristini degli alunni',
    carried: { kind: 'che cosa', occurred_at: 'quando' },
    left: keys('municipality_id', 'id', 'receipt_id', 'service_day_id', 'pupil_id'),
  },
  absence_receipt: {
    title: 'Ricevute delle tue disdette',
    carried: { number: 'numero', action: 'che cosa', channel: 'da dove', arrived_at: 'arrivata il' },
    left: {
      ...keys('municipality_id', 'id', 'household_id', 'person_id', 'idempotency_key'),
      request_hash: SECRET,
      not_changed: 'giorni che non sono cambiati: si leggono nella ricevuta',
    },
  },
  meal_rating: {
    title: 'Giudizi sui pasti dei figli (24 mesi)',
    carried: { comment: 'commento', rated_at: 'dato il', changed_at: 'cambiato il' },
    left: keys('municipality_id', 'pupil_id', 'service_day_id', 'person_id'),
  },
  meal_rating_dish: {
    title: 'Voti ai piatti (24 mesi)',
    carried: { score: 'voto da 1 a 3' },
    left: keys('municipality_id', 'pupil_id', 'service_day_id', 'dish_id'),
  },
  calendar_feed: {
    title: 'Indirizzi del calendario per il telefono',
    carried: {
      alarm_minutes: 'minuti dell’avviso prima del termine',
      created_at: 'creato il',
      revoked_at: 'revocato il',
    },
    left: {
      ...keys('municipality_id', 'id', 'household_member_id', 'person_id', 'pupil_id'),
      token_hash: SECRET,
    },
  },
  account: {
    title: 'Conti',
    carried: { balance_cents: 'saldo in centesimi', updated_at: 'aggiornato il' },
    left: {
      ...keys('municipality_id', 'id', 'service_id', 'household_id', 'school_id'),
      kind: 'sempre un conto di famiglia',
    },
  },
  entry: {
    title: 'Movimenti',
    carried: {
      kind: 'tipo',
      amount_cents: 'importo in centesimi',
      posted_at: 'registrato il',
      day: 'giorno del pasto',
    },
    left: keys(
      'municipality_id',
      'id',
      'journal_id',
      'account_id',
      'pupil_id',
      'service_day_id',
      'top_up_id',
    ),
  },
  journal: {
    title: 'Registrazioni contabili',
    carried: {},
    left: {
      ...keys('municipality_id', 'id', 'idempotency_key', 'person_id'),
      kind: 'nei movimenti',
      description: 'annotazione contabile del gestore',
      posted_at: 'nei movimenti',
    },
  },
  top_up: {
    title: 'Ricariche che hai fatto',
    carried: {
      meals: 'pasti',
      unit_cents: 'prezzo del pasto in centesimi',
      amount_cents: 'importo in centesimi',
      method: 'metodo',
      circuit: 'circuito',
      state: 'stato',
      order_id: 'ordine',
      provider: 'gestore del pagamento',
      created_at: 'iniziata il',
      paid_at: 'pagata il',
    },
    left: {
      ...keys(
        'municipality_id',
        'id',
        'household_id',
        'account_id',
        'payer_id',
        'client_key',
        'notification_key',
        'paid_operation_id',
      ),
      provider_mode: INNER,
      reason: INNER,
      redirect_url: 'indirizzo della pagina di pagamento, che non vale più',
      security_token_hash: SECRET,
      alarm: INNER,
      answered_at: INNER,
      checks: INNER,
      next_check_at: INNER,
      creation_claimed_until: INNER,
      hinted_at: INNER,
      updated_at: INNER,
    },
  },
  invoice: {
    title: 'Fatture a tuo nome',
    carried: {
      number_text: 'numero',
      issued_on: 'data',
      service_name: 'servizio',
      meals: 'pasti',
      unit_cents: 'prezzo in centesimi',
      net_cents: 'imponibile in centesimi',
      vat_cents: 'IVA in centesimi',
      total_cents: 'totale in centesimi',
      method: 'pagata con',
      customer: 'intestata a',
    },
    left: {
      ...keys('municipality_id', 'id', 'top_up_id', 'household_id', 'holder_id'),
      series: 'nel numero',
      year: 'nel numero',
      number: 'nel numero',
      issued_at: 'nella data',
      supplier: 'dati del gestore',
      municipality_name: 'dati del Comune',
      vat_basis_points: 'nella fattura',
      vat_nature: 'nella fattura',
      vat_reference: 'nella fattura',
      gaps: INNER,
      completed_at: INNER,
      xml: 'si scarica dalla pagina delle fatture',
      xml_sha256: SECRET,
    },
  },
  communication_recipient: {
    title: 'Comunicazioni alla tua famiglia',
    carried: { about: 'argomento', balance_cents: 'saldo di cui parla, in centesimi' },
    left: keys('municipality_id', 'communication_id', 'household_id'),
  },
  communication_recipient_person: {
    title: 'Comunicazioni mandate a te (il testo si scarica dalla pagina Comunicazioni)',
    carried: { about: 'argomento', role: 'come', had_email: 'anche per e-mail' },
    left: keys('municipality_id', 'communication_id', 'household_id', 'person_id'),
  },
  communication_read: {
    title: 'Comunicazioni che hai letto',
    carried: { read_at: 'letta il', version: 'versione' },
    left: keys('municipality_id', 'communication_id', 'person_id'),
  },
  communication_acknowledgement: {
    title: 'Comunicazioni di cui hai preso atto',
    carried: {
      acknowledged_at: 'il',
      was_late: 'dopo il termine',
      once_per: 'per te o per la famiglia',
      version: 'versione',
    },
    left: keys('municipality_id', 'communication_id', 'household_id', 'person_id'),
  },
  questionnaire_part: {
    title: 'Questionari a cui hai risposto (12 mesi)',
    carried: { answered_at: 'quando' },
    left: {
      ...keys('municipality_id', 'part', 'questionnaire_id', 'household_id', 'pupil_id', 'person_id'),
      mixed: INNER,
    },
  },
  questionnaire_answer: {
    title: 'Risposte date con il tuo nome (12 mesi)',
    carried: { chosen: 'risposte scelte (numero d’ordine)', words: 'testo' },
    left: {
      ...keys('municipality_id', 'slip', 'questionnaire_id', 'question_id', 'part'),
      mixed: INNER,
    },
  },
  audit_event: {
    title: 'Operazioni che hai fatto (24 mesi)',
    carried: { occurred_at: 'quando', action: 'operazione', object_type: 'su che cosa', outcome: 'esito' },
    left: {
      ...keys('municipality_id', 'id', 'person_id', 'session_id', 'object_id'),
      details: 'dettagli tecnici, senza dati tuoi in più',
    },
  },
  outbox: {
    title: 'Messaggi mandati',
    carried: {},
    left: {
      ...keys('municipality_id', 'id', 'dedupe_key'),
      channel: 'ne hai ricevuto copia',
      recipient: 'ne hai ricevuto copia',
      subject: 'ne hai ricevuto copia',
      body_text: 'ne hai ricevuto copia',
      body_html: 'ne hai ricevuto copia',
      secret: INNER,
      created_at: INNER,
      due_at: INNER,
      sending_since: INNER,
      attempts: INNER,
      sent_at: INNER,
      last_error: INNER,
      outcome: INNER,
      ...keys('batch_id', 'person_id', 'notification_id', 'push_subscription_id'),
    },
  },
  notification: {
    title: 'Notifiche (12 mesi)',
    carried: { created_at: 'quando', title: 'titolo', body: 'testo', read_at: 'letta il' },
    left: {
      ...keys('municipality_id', 'id', 'person_id', 'batch_id', 'key'),
      event: INNER,
      path: 'la pagina del portale a cui porta',
    },
  },
  notification_choice: {
    title: 'Come vuoi ricevere le notifiche',
    carried: {
      choices: 'scelte',
      is_quiet: 'ore tranquille',
      quiet_from: 'dalle',
      quiet_to: 'alle',
      low_balance_meals: 'avviso sul saldo, pasti',
      changed_at: 'scelto il',
    },
    left: keys('municipality_id', 'person_id'),
  },
  push_subscription: {
    title: 'Dispositivi che ricevono le notifiche',
    carried: {
      device_name: 'dispositivo',
      created_at: 'aggiunto il',
      last_sent_at: 'ultima notifica',
      ended_at: 'tolto il',
      end_reason: 'perché',
    },
    left: {
      ...keys('municipality_id', 'id', 'person_id'),
      endpoint: 'indirizzo segreto con cui il tuo browser riceve le notifiche',
      p256dh: SECRET,
      auth: SECRET,
    },
  },
  staff_member: {
    title: 'Ruoli d’ufficio',
    carried: {},
    left: {
      ...keys('municipality_id', 'person_id'),
      role: 'riguarda il lavoro: lo tiene il gestore',
      valid_from: 'riguarda il lavoro: lo tiene il gestore',
      valid_to: 'riguarda il lavoro: lo tiene il gestore',
    },
  },
} as const satisfies Record<string, TableRule>

export type PersonalTable = keyof typeof PERSONAL_DATA

/** One section of a download: rows as Italian names and values. */
export type ExportSection = { title: string; rows: Record<string, unknown>[] }
export type PersonalExport = {
  municipalityName: string
  name: string
  madeAt: Date
  sections: ExportSection[]
  /** What is not in it and why, one line per reason. */
  leftOut: { title: string; columns: Record<string, string> }[]
}

const plain = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

function inWords(value: unknown): string {
  if (value === null || value === undefined) return '—'
  if (value instanceof Date)
    return new Intl.DateTimeFormat('it-IT', {
      dateStyle: 'short',
      timeStyle: 'medium',
      timeZone: 'Europe/Rome',
    }).format(value)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function sectionInHtml({ title, rows }: ExportSection): string {
  const heading = `<h2>${plain(title)}</h2>`
  const [first] = rows
  if (!first) return `${heading}<p>Niente.</p>`
  const names = Object.keys(first)
  const head = names.map((name) => `<th scope="col">${plain(name)}</th>`).join('')
  const body = rows
    .map((row) => `<tr>${names.map((name) => `<td>${plain(inWords(row[name]))}</td>`).join('')}</tr>`)
    .join('\n')
  return `${heading}<div><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** The download as a page that opens anywhere, without the portal and without a network. */
export function exportInHtml(data: PersonalExport): string {
  return `<!doctype html>
<html lang="it"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>I miei dati · mensa di ${plain(data.municipalityName)}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}div{overflow-x:auto}table{border-collapse:collapse}th,td{border:1px solid #768594;padding:.4rem .6rem;text-align:start;vertical-align:top}</style>
</head><body><main><h1>I dati di ${plain(data.name)}</h1>
<p>Mensa scolastica di ${plain(data.municipalityName)}. Scaricati il ${plain(inWords(data.madeAt))}.</p>
${data.sections.map(sectionInHtml).join('\n')}
<h2>Che cosa non c’è, e perché</h2>
<ul>${data.leftOut
    .flatMap(({ title, columns }) =>
      Object.entries(columns).map(
        ([column, why]) => `<li>${plain(title)}, ${plain(column)}: ${plain(why)}</li>`,
      ),
    )
    .join('\n')}</ul>
</main></body></html>
`
}
