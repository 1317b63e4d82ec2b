import { directionOf, type Phrase, phrase, type Words } from '#lib/words/language.ts'
import { LOCALES } from '#lib/words/locales.ts'
import { withoutIsolates } from '#lib/words/written.ts'

/** The personal data of each table: the columns that a download carries, and the reason for every other column. */
export type TableRule = {
  /** Title of the section. Every sentence here is Italian; the reader's language is applied where it is shown. */
  title: Phrase
  /** Column → its name in the download. */
  carried: Readonly<Record<string, Phrase>>
  /** Column → why it is not in the download. */
  left: Readonly<Record<string, Phrase>>
}

const KEY = phrase('riferimento interno')
/** What a person does at work is the operator's to tell. */
const WORK = phrase('riguarda il lavoro: lo tiene il gestore')
const SECRET = phrase('impronta di un segreto: non dice niente di te e non serve a nessuno')
const INNER = phrase('funzionamento interno')
const IN_ENROLMENTS = phrase('quello che ne viene è nelle iscrizioni, nelle fasce e nei movimenti')
const IN_REGISTER = phrase('è fra le operazioni sui tuoi dati')
/** Kept for a person who had no role when they asked, and who reads it where they asked. */
const ASKED = phrase('lo hai scritto tu, e la risposta sta nella pagina da cui l’hai chiesto')

const keys = <const K extends string>(...columns: K[]): Record<K, Phrase> =>
  Object.fromEntries(columns.map((column) => [column, KEY])) as Record<K, Phrase>

/**
 * The tables that speak of a person, a child or a household. A test compares them with the schema: a new column here
 * that is neither carried nor left with a reason fails it.
 */
export const PERSONAL_DATA = {
  person: {
    title: phrase('Anagrafica nel Comune'),
    carried: {
      fiscal_code: phrase('codice fiscale'),
      given_name: phrase('nome'),
      family_name: phrase('cognome'),
      birth_date: phrase('data di nascita'),
      email: phrase('e-mail'),
      email_verified_at: phrase('e-mail confermata il'),
      refused_email: phrase('e-mail che non riceve'),
      phone: phrase('telefono'),
      phone_verified_at: phrase('telefono verificato il'),
      street: phrase('via'),
      postcode: phrase('CAP'),
      city: phrase('Comune'),
      province: phrase('provincia'),
      country: phrase('Paese'),
      created_at: phrase('registrata il'),
    },
    left: { ...keys('municipality_id', 'id'), full_name: INNER, search_key: INNER, fiscal_code_hash: SECRET },
  },
  person_code: {
    title: phrase('Codici fiscali con cui entri'),
    carried: { fiscal_code: phrase('codice fiscale'), since: phrase('dal') },
    left: { ...keys('municipality_id', 'person_id'), fiscal_code_hash: SECRET },
  },
  citizen: {
    title: phrase('Identità con cui entri'),
    carried: {
      given_name: phrase('nome'),
      family_name: phrase('cognome'),
      birth_date: phrase('data di nascita'),
      language: phrase('lingua scelta'),
      language_chosen_at: phrase('lingua scelta il'),
      created_at: phrase('primo accesso'),
      updated_at: phrase('ultimo aggiornamento'),
    },
    left: { ...keys('id'), full_name: INNER, fiscal_code_hash: SECRET },
  },
  identity_link: {
    title: phrase('Modi di accesso collegati'),
    carried: {
      issuer: phrase('sistema di identità'),
      method: phrase('metodo'),
      last_level: phrase('ultimo livello'),
      first_seen_at: phrase('prima volta'),
      last_seen_at: phrase('ultima volta'),
    },
    left: { ...keys('citizen_id'), subject: phrase('codice con cui ti conosce il sistema di identità') },
  },
  session: {
    title: phrase('Accessi aperti e recenti (30 giorni)'),
    carried: {
      created_at: phrase('iniziato il'),
      last_seen_at: phrase('usato l’ultima volta'),
      ended_at: phrase('finito il'),
      end_reason: phrase('come è finito'),
      expires_at: phrase('scade il'),
      method: phrase('metodo'),
      level: phrase('livello'),
      authenticated_at: phrase('riconosciuto il'),
      opened_with: phrase('aperto con'),
      device: phrase('dispositivo'),
    },
    left: { ...keys('id', 'citizen_id', 'device_id'), token_hash: SECRET },
  },
  sign_in_event: {
    title: phrase('Registro degli accessi (24 mesi)'),
    carried: {
      occurred_at: phrase('quando'),
      municipality_slug: phrase('Comune'),
      method: phrase('metodo'),
      level: phrase('livello'),
      outcome: phrase('esito'),
    },
    left: keys('id', 'citizen_id', 'session_id'),
  },
  remembered_device: {
    title: phrase('Dispositivi ricordati'),
    carried: {
      name: phrase('nome'),
      created_at: phrase('aggiunto il'),
      last_used_at: phrase('usato l’ultima volta'),
      method: phrase('metodo'),
      level: phrase('livello'),
      authenticated_at: phrase('riconosciuto il'),
      revoked_at: phrase('scollegato il'),
      revoke_reason: phrase('perché'),
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
    title: phrase('Moduli interrotti'),
    carried: {},
    left: {
      ...keys('id', 'citizen_id'),
      path: phrase('vive pochi minuti'),
      sealed: phrase('vive pochi minuti, cifrato'),
      expires_at: phrase('vive pochi minuti'),
    },
  },
  household: {
    title: phrase('Nucleo familiare'),
    carried: { name: phrase('nome'), created_at: phrase('registrato il') },
    left: { ...keys('municipality_id', 'id'), list_key: INNER },
  },
  household_member: {
    title: phrase('I tuoi ruoli nelle famiglie'),
    carried: {
      role: phrase('ruolo'),
      valid_from: phrase('dal'),
      valid_to: phrase('ultimo giorno previsto'),
      started_at: phrase('iniziato il'),
      ended_at: phrase('finito il'),
    },
    left: { ...keys('municipality_id', 'id', 'household_id', 'person_id', 'given_by'), all_pupils: INNER },
  },
  pupil: {
    title: phrase('Alunni di cui sei intestatario'),
    carried: {
      given_name: phrase('nome'),
      family_name: phrase('cognome'),
      fiscal_code: phrase('codice fiscale'),
      birth_date: phrase('data di nascita'),
    },
    left: {
      ...keys('municipality_id', 'id', 'household_id'),
      full_name: INNER,
      search_key: INNER,
      list_key: INNER,
    },
  },
  enrolment: {
    title: phrase('Iscrizioni degli alunni'),
    carried: {
      diet_code: phrase('codice della dieta'),
      severe_reaction: phrase('rischio di reazione grave segnalato alla cucina'),
      weekdays: phrase('giorni della settimana in cui mangia (1 è lunedì), se non sono tutti'),
      valid_from: phrase('dal'),
      valid_to: phrase('al'),
    },
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
      validity: phrase('uguale alle due date'),
    },
  },
  diet_hold: {
    title: phrase('Diete chieste per gli alunni e non ancora valide'),
    carried: {
      severe: phrase('rischio di reazione grave segnalato alla cucina'),
      since: phrase('dal'),
      until: phrase('al'),
    },
    left: keys('municipality_id', 'submission_id', 'pupil_id'),
  },
  diet_end_notice: {
    title: phrase('Diete che finiscono'),
    carried: {},
    left: {
      ...keys('municipality_id', 'pupil_id'),
      last_day: phrase('nelle notifiche che hai ricevuto'),
      days_before: phrase('nelle notifiche che hai ricevuto'),
      told_at: phrase('nelle notifiche che hai ricevuto'),
    },
  },
  year_rollover_choice: {
    title: phrase('Scelte dell’ufficio per il nuovo anno'),
    carried: {},
    left: {
      ...keys('municipality_id', 'rollover_id', 'pupil_id', 'to_class_id'),
      decision: IN_ENROLMENTS,
      revision: INNER,
    },
  },
  year_rollover_pupil: {
    title: phrase('Passaggio degli alunni al nuovo anno'),
    carried: {},
    left: {
      ...keys(
        'municipality_id',
        'rollover_id',
        'pupil_id',
        'service_id',
        'from_class_id',
        'from_enrolment_id',
      ),
      ...keys('enrolment_id', 'rest_id', 'to_class_id'),
      outcome: IN_ENROLMENTS,
      why: IN_ENROLMENTS,
      earlier_to: IN_ENROLMENTS,
      shortened_to: IN_ENROLMENTS,
      diet_code: IN_ENROLMENTS,
      diet_to: IN_ENROLMENTS,
      valid_from: IN_ENROLMENTS,
      valid_to: IN_ENROLMENTS,
      fare_ends: IN_ENROLMENTS,
      left_cents: IN_ENROLMENTS,
    },
  },
  refund_case: {
    title: phrase('Crediti da restituire'),
    carried: {},
    left: {
      ...keys(
        'municipality_id',
        'id',
        'account_id',
        'household_id',
        'service_id',
        'rollover_id',
        'to_account_id',
      ),
      ...keys('opened_by', 'taken_by', 'decided_by', 'closed_by'),
      cause: IN_ENROLMENTS,
      left_on: IN_ENROLMENTS,
      opened_at: IN_ENROLMENTS,
      opened_cents: IN_ENROLMENTS,
      taken_at: INNER,
      decision: IN_ENROLMENTS,
      decided_at: IN_ENROLMENTS,
      decided_cents: IN_ENROLMENTS,
      reason: IN_ENROLMENTS,
      closed_at: IN_ENROLMENTS,
      closed_why: IN_ENROLMENTS,
      revision: INNER,
    },
  },
  departing_transfer: {
    title: phrase('Passaggi di un figlio a un altro Comune'),
    carried: {},
    left: {
      ...keys(
        'municipality_id',
        'id',
        'household_id',
        'pupil_ids',
        'to_municipality_id',
        'sent_by',
        'withdrawn_by',
      ),
      last_day: IN_ENROLMENTS,
      before: IN_ENROLMENTS,
      with_diets: IN_REGISTER,
      reason: IN_REGISTER,
      state: IN_REGISTER,
      sent_at: IN_REGISTER,
      answered_at: IN_REGISTER,
      answer: IN_REGISTER,
      withdrawn_at: IN_REGISTER,
      fingerprint: INNER,
      after_sum: INNER,
    },
  },
  arriving_transfer: {
    title: phrase('Passaggi di un figlio da un altro Comune'),
    carried: {},
    left: {
      ...keys('municipality_id', 'id', 'from_municipality_id', 'household_id', 'decided_by'),
      last_day: IN_ENROLMENTS,
      content: phrase(
        'si cancella quando il Comune risponde; quello che ne resta è nell’anagrafica e nelle iscrizioni',
      ),
      state: IN_REGISTER,
      arrived_at: IN_REGISTER,
      decided_at: IN_REGISTER,
      reason: IN_REGISTER,
      fingerprint: INNER,
    },
  },
  household_applicant: {
    title: phrase('Richieste di entrare con un figlio nuovo'),
    carried: {},
    left: {
      ...keys('municipality_id', 'id', 'household_id', 'person_id'),
      asked_at: phrase('nelle domande che hai mandato'),
      valid_to: INNER,
      ended_at: INNER,
    },
  },
  link_request: {
    title: phrase('Richieste di essere collegato a un bambino già iscritto'),
    carried: {},
    left: {
      ...keys('municipality_id', 'id', 'citizen_id', 'pupil_id', 'decided_by'),
      given_name: ASKED,
      family_name: ASKED,
      full_name: INNER,
      birth_date: ASKED,
      fiscal_code: ASKED,
      email: ASKED,
      child_given_name: ASKED,
      child_family_name: ASKED,
      child_name: INNER,
      child_code: ASKED,
      child_class: ASKED,
      words: ASKED,
      sent_at: ASKED,
      state: ASKED,
      decided_at: ASKED,
      reason: ASKED,
      plan_fingerprint: SECRET,
    },
  },
  form_draft: {
    title: phrase('Moduli online che hai cominciato'),
    carried: {
      answers: phrase('risposte'),
      created_at: phrase('cominciato il'),
      updated_at: phrase('salvato il'),
    },
    left: {
      ...keys('municipality_id', 'id', 'form_id', 'version', 'household_id', 'person_id'),
      revision: INNER,
    },
  },
  form_submission: {
    title: phrase('Domande che hai mandato con i moduli online'),
    carried: {
      protocol_number: phrase('numero di protocollo'),
      protocol_year: phrase('anno'),
      about: phrase('per'),
      submitted_at: phrase('inviata il'),
      shown: phrase('domande e risposte'),
      state: phrase('stato'),
      due_on: phrase('integrazione entro il'),
      decided_at: phrase('decisa il'),
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
        'school_id',
      ),
      lacks: phrase('si ricava da domande e risposte'),
      lacks_known: INNER,
      answers: phrase('uguali a domande e risposte'),
      once_key: SECRET,
    },
  },
  form_event: {
    title: phrase('Passi delle tue domande'),
    carried: {
      kind: phrase('che cosa'),
      occurred_at: phrase('quando'),
      by_office: phrase('dall’ufficio'),
      words: phrase('testo'),
      due_on: phrase('entro il'),
    },
    left: { ...keys('municipality_id', 'id', 'submission_id', 'person_id'), plan_fingerprint: SECRET },
  },
  form_document: {
    title: phrase('Documenti dei moduli online'),
    carried: {
      name: phrase('nome'),
      media_type: phrase('tipo'),
      size: phrase('byte'),
      uploaded_at: phrase('caricato il'),
    },
    left: {
      ...keys('municipality_id', 'id', 'household_id', 'person_id', 'draft_id', 'submission_id', 'field'),
      sha256: SECRET,
      content: phrase('si scarica dalla pagina della domanda, finché è conservato'),
    },
  },
  fare_assignment: {
    title: phrase('Fasce di prezzo degli alunni'),
    carried: {
      band_code: phrase('fascia'),
      valid_from: phrase('dal'),
      valid_to: phrase('al'),
      given_at: phrase('data il'),
      reason: phrase('motivo'),
      ended_at: phrase('finita prima, deciso il'),
      end_reason: phrase('motivo della fine'),
    },
    left: {
      ...keys('municipality_id', 'id', 'pupil_id', 'service_id', 'submission_id', 'given_by', 'ended_by'),
      validity: phrase('uguale alle due date'),
    },
  },
  meal_household_rule: {
    title: phrase('Giorni degli alunni divisi tra due famiglie'),
    carried: {
      days: phrase('giorni delle due settimane, da 1 a 14'),
      first_monday: phrase('dal lunedì'),
      valid_from: phrase('dal'),
      valid_to: phrase('al'),
      given_at: phrase('deciso il'),
    },
    left: {
      ...keys('municipality_id', 'id', 'pupil_id', 'household_id', 'given_by'),
      validity: phrase('uguale alle due date'),
    },
  },
  delegate_pupil: {
    title: phrase('Alunni delle deleghe'),
    carried: {},
    left: keys('municipality_id', 'household_member_id', 'pupil_id'),
  },
  delegate_invitation: {
    title: phrase('Inviti che hai mandato'),
    carried: {
      email: phrase('mandato a'),
      created_at: phrase('mandato il'),
      expires_at: phrase('valido fino al'),
      valid_to: phrase('ultimo giorno della delega'),
      closed_at: phrase('chiuso il'),
      outcome: phrase('esito'),
    },
    left: {
      ...keys('municipality_id', 'id', 'household_id', 'invited_by', 'accepted_by', 'pupil_ids'),
      fiscal_code_hash: SECRET,
      fiscal_code_sealed: phrase('codice fiscale di un’altra persona, cifrato fino alla risposta'),
      token_hash: SECRET,
    },
  },
  email_change: {
    title: phrase('Cambi di e-mail chiesti'),
    carried: {
      email: phrase('nuova e-mail'),
      created_at: phrase('chiesto il'),
      closed_at: phrase('chiuso il'),
    },
    left: {
      ...keys('municipality_id', 'id', 'person_id'),
      code_hash: SECRET,
      attempts: INNER,
      expires_at: INNER,
    },
  },
  phone_change: {
    title: phrase('Cambi di telefono chiesti (30 giorni)'),
    carried: {
      phone: phrase('nuovo numero'),
      created_at: phrase('chiesto il'),
      closed_at: phrase('chiuso il'),
    },
    left: {
      ...keys('municipality_id', 'id', 'person_id'),
      code_hash: SECRET,
      attempts: INNER,
      expires_at: INNER,
      undelivered_at: INNER,
    },
  },
  absence: {
    title: phrase('Disdette in vigore'),
    carried: {},
    left: keys('municipality_id', 'service_day_id', 'pupil_id', 'receipt_id'),
  },
  absence_event: {
    title: phrase('Disdette e ripristini degli alunni'),
    carried: { kind: phrase('che cosa'), occurred_at: phrase('quando') },
    left: keys('municipality_id', 'id', 'receipt_id', 'service_day_id', 'pupil_id', 'day'),
  },
  overtaken_change: {
    title: phrase('Modifiche superate da una più recente'),
    carried: {},
    left: {
      ...keys('municipality_id', 'person_id', 'idempotency_key'),
      overtaken_at: phrase('vive una settimana'),
    },
  },
  meal_notice: {
    title: phrase('Avvisi agli altri genitori che stanno per partire'),
    carried: {},
    left: {
      ...keys('municipality_id', 'household_id', 'person_id'),
      by_office: phrase('vive pochi minuti'),
      since: phrase('vive pochi minuti'),
      due_at: phrase('vive pochi minuti'),
    },
  },
  pupil_import_finding: {
    title: phrase('Elenchi di alunni caricati dall’ufficio'),
    carried: {},
    left: {
      ...keys('municipality_id', 'import_id', 'household_id', 'pupil_id', 'position', 'key'),
      lines: phrase('vive al massimo 30 giorni'),
      name: phrase('vive al massimo 30 giorni: quello che vale è nell’anagrafica'),
      verdict: phrase('vive al massimo 30 giorni'),
      words: phrase('vive al massimo 30 giorni: quello che vale è nell’anagrafica'),
      why: phrase('vive al massimo 30 giorni'),
      decision: phrase('vive al massimo 30 giorni'),
    },
  },
  absence_receipt: {
    title: phrase('Ricevute delle tue disdette'),
    carried: {
      number: phrase('numero'),
      action: phrase('che cosa'),
      channel: phrase('da dove'),
      arrived_at: phrase('arrivata il'),
    },
    left: {
      ...keys(
        'municipality_id',
        'id',
        'household_id',
        'person_id',
        'idempotency_key',
        'first_day',
        'last_day',
      ),
      request_hash: SECRET,
      not_changed: phrase('giorni che non sono cambiati: si leggono nella ricevuta'),
      contact: phrase('di chi lavora in ufficio: si legge nella ricevuta della famiglia'),
      note: phrase('di chi lavora in ufficio: si legge nella ricevuta della famiglia'),
    },
  },
  meal_rating: {
    title: phrase('Giudizi sui pasti dei figli (24 mesi)'),
    carried: { comment: phrase('commento'), rated_at: phrase('dato il'), changed_at: phrase('cambiato il') },
    left: keys('municipality_id', 'pupil_id', 'service_day_id', 'person_id'),
  },
  meal_rating_dish: {
    title: phrase('Voti ai piatti (24 mesi)'),
    carried: { score: phrase('voto da 1 a 3') },
    left: keys('municipality_id', 'pupil_id', 'service_day_id', 'dish_id'),
  },
  calendar_feed: {
    title: phrase('Indirizzi del calendario per il telefono'),
    carried: {
      alarm_minutes: phrase('minuti dell’avviso prima del termine'),
      created_at: phrase('creato il'),
      revoked_at: phrase('revocato il'),
    },
    left: {
      ...keys('municipality_id', 'id', 'household_member_id', 'person_id', 'pupil_id'),
      token_hash: SECRET,
    },
  },
  account: {
    title: phrase('Conti'),
    carried: { balance_cents: phrase('saldo in centesimi'), updated_at: phrase('aggiornato il') },
    left: {
      ...keys('municipality_id', 'id', 'service_id', 'household_id', 'school_id'),
      kind: phrase('sempre un conto di famiglia'),
    },
  },
  entry: {
    title: phrase('Movimenti'),
    carried: {
      kind: phrase('tipo'),
      amount_cents: phrase('importo in centesimi'),
      posted_at: phrase('registrato il'),
      day: phrase('giorno del pasto'),
    },
    left: keys(
      'municipality_id',
      'id',
      'journal_id',
      'account_id',
      'pupil_id',
      'service_day_id',
      'top_up_id',
      'school_year',
    ),
  },
  counted_meals: {
    title: phrase('Movimenti'),
    carried: {},
    left: {
      ...keys('municipality_id', 'service_day_id', 'school_class_id', 'diet_code'),
      pupil_ids: phrase('nei movimenti'),
      prices_cents: phrase('nei movimenti'),
      household_ids: phrase('nei movimenti'),
    },
  },
  journal: {
    title: phrase('Registrazioni contabili'),
    carried: {},
    left: {
      ...keys('municipality_id', 'id', 'idempotency_key', 'person_id'),
      kind: phrase('nei movimenti'),
      description: phrase('annotazione contabile del gestore'),
      posted_at: phrase('nei movimenti'),
    },
  },
  top_up: {
    title: phrase('Ricariche che hai fatto'),
    carried: {
      meals: phrase('pasti'),
      unit_cents: phrase('prezzo del pasto in centesimi'),
      amount_cents: phrase('importo in centesimi'),
      method: phrase('metodo'),
      circuit: phrase('circuito'),
      state: phrase('stato'),
      order_id: phrase('ordine'),
      provider: phrase('gestore del pagamento'),
      created_at: phrase('iniziata il'),
      paid_at: phrase('pagata il'),
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
      redirect_url: phrase('indirizzo della pagina di pagamento, che non vale più'),
      security_token_hash: SECRET,
      alarms: INNER,
      answered_at: INNER,
      checks: INNER,
      next_check_at: INNER,
      creation_claimed_until: INNER,
      hinted_at: INNER,
      updated_at: INNER,
    },
  },
  payment_alarm: {
    title: phrase('Pagamenti da sistemare'),
    carried: {
      cents: phrase('importo in centesimi'),
      raised_at: phrase('saputo il'),
      settled_at: phrase('sistemato il'),
      note: phrase('che cosa ha fatto l’ufficio'),
    },
    left: {
      ...keys('municipality_id', 'id', 'top_up_id', 'settled_by'),
      finding: INNER,
    },
  },
  invoice_copy: {
    title: phrase('Fatture a tuo nome'),
    carried: {},
    left: {
      ...keys('municipality_id', 'invoice_id', 'holder_id'),
      language: phrase('nella fattura'),
      fingerprint: INNER,
      content: phrase('nella fattura'),
      drawn_at: INNER,
    },
  },
  invoice: {
    title: phrase('Fatture a tuo nome'),
    carried: {
      number_text: phrase('numero'),
      issued_on: phrase('data'),
      service_name: phrase('servizio'),
      meals: phrase('pasti'),
      unit_cents: phrase('prezzo in centesimi'),
      net_cents: phrase('imponibile in centesimi'),
      vat_cents: phrase('IVA in centesimi'),
      total_cents: phrase('totale in centesimi'),
      method: phrase('pagata con'),
      customer: phrase('intestata a'),
    },
    left: {
      ...keys('municipality_id', 'id', 'top_up_id', 'household_id', 'holder_id'),
      series: phrase('nel numero'),
      year: phrase('nel numero'),
      number: phrase('nel numero'),
      issued_at: phrase('nella data'),
      supplier: phrase('dati del gestore'),
      municipality_name: phrase('dati del Comune'),
      vat_basis_points: phrase('nella fattura'),
      vat_nature: phrase('nella fattura'),
      vat_reference: phrase('nella fattura'),
      gaps: INNER,
      completed_at: INNER,
      xml: phrase('si scarica dalla pagina delle fatture'),
      xml_sha256: SECRET,
    },
  },
  communication_recipient: {
    title: phrase('Comunicazioni alla tua famiglia'),
    carried: { about: phrase('argomento'), balance_cents: phrase('saldo di cui parla, in centesimi') },
    left: keys('municipality_id', 'communication_id', 'household_id'),
  },
  communication_recipient_person: {
    title: phrase('Comunicazioni mandate a te'),
    carried: { about: phrase('argomento'), role: phrase('come'), had_email: phrase('anche per e-mail') },
    left: keys('municipality_id', 'communication_id', 'household_id', 'person_id'),
  },
  communication_read: {
    title: phrase('Comunicazioni che hai letto'),
    carried: { read_at: phrase('letta il'), version: phrase('versione') },
    left: keys('municipality_id', 'communication_id', 'person_id'),
  },
  communication_acknowledgement: {
    title: phrase('Comunicazioni di cui hai preso atto'),
    carried: {
      acknowledged_at: phrase('il'),
      was_late: phrase('dopo il termine'),
      once_per: phrase('per te o per la famiglia'),
      version: phrase('versione'),
    },
    left: keys('municipality_id', 'communication_id', 'household_id', 'person_id'),
  },
  questionnaire_part: {
    title: phrase('Questionari a cui hai risposto (12 mesi)'),
    carried: { answered_at: phrase('quando') },
    left: {
      ...keys('municipality_id', 'part', 'questionnaire_id', 'household_id', 'pupil_id', 'person_id'),
      mixed: INNER,
    },
  },
  questionnaire_answer: {
    title: phrase('Risposte date con il tuo nome (12 mesi)'),
    carried: { chosen: phrase('risposte scelte (numero d’ordine)'), words: phrase('testo') },
    left: {
      ...keys('municipality_id', 'slip', 'questionnaire_id', 'question_id', 'part'),
      mixed: INNER,
    },
  },
  audit_event: {
    title: phrase('Operazioni che hai fatto (24 mesi)'),
    carried: {
      occurred_at: phrase('quando'),
      action: phrase('operazione'),
      object_type: phrase('su che cosa'),
      outcome: phrase('esito'),
    },
    left: {
      ...keys('municipality_id', 'id', 'person_id', 'session_id', 'object_id'),
      details: phrase('dettagli tecnici, senza dati tuoi in più'),
    },
  },
  outbox: {
    title: phrase('Messaggi mandati'),
    carried: {},
    left: {
      ...keys('municipality_id', 'id', 'dedupe_key', 'count_sheet_id'),
      channel: phrase('ne hai ricevuto copia'),
      recipient: phrase('ne hai ricevuto copia'),
      subject: phrase('ne hai ricevuto copia'),
      body_text: phrase('ne hai ricevuto copia'),
      body_html: phrase('ne hai ricevuto copia'),
      secret: INNER,
      language: INNER,
      created_at: INNER,
      due_at: INNER,
      sending_since: INNER,
      attempts: INNER,
      sent_at: INNER,
      last_error: INNER,
      outcome: INNER,
      ...keys('batch_id', 'person_id', 'notification_id', 'push_subscription_id'),
      ...keys('email_change_id', 'phone_change_id'),
    },
  },
  notification: {
    title: phrase('Notifiche (12 mesi)'),
    carried: {
      created_at: phrase('quando'),
      title: phrase('titolo'),
      body: phrase('testo'),
      translations: phrase('nelle altre lingue'),
      read_at: phrase('letta il'),
    },
    left: {
      ...keys('municipality_id', 'id', 'person_id', 'batch_id', 'key'),
      event: INNER,
      path: phrase('la pagina del portale a cui porta'),
    },
  },
  notification_choice: {
    title: phrase('Come vuoi ricevere le notifiche'),
    carried: {
      choices: phrase('scelte'),
      is_quiet: phrase('ore tranquille'),
      quiet_from: phrase('dalle'),
      quiet_to: phrase('alle'),
      low_balance_meals: phrase('avviso sul saldo, pasti'),
      changed_at: phrase('scelto il'),
    },
    left: keys('municipality_id', 'person_id'),
  },
  push_subscription: {
    title: phrase('Dispositivi che ricevono le notifiche'),
    carried: {
      device_name: phrase('dispositivo'),
      created_at: phrase('aggiunto il'),
      last_sent_at: phrase('ultima notifica'),
      ended_at: phrase('tolto il'),
      end_reason: phrase('perché'),
    },
    left: {
      ...keys('municipality_id', 'id', 'person_id'),
      endpoint: phrase('indirizzo segreto con cui il tuo browser riceve le notifiche'),
      p256dh: SECRET,
      auth: SECRET,
    },
  },
  count_acknowledgement: {
    title: phrase('Conteggi che hai detto di aver visto, in cucina'),
    carried: {},
    left: {
      ...keys('municipality_id', 'kitchen_count_id', 'person_id'),
      acknowledged_at: WORK,
    },
  },
  staff_member: {
    title: phrase('Ruoli d’ufficio'),
    carried: {},
    left: {
      ...keys(
        'municipality_id',
        'id',
        'person_id',
        'school_id',
        'school_class_id',
        'kitchen_id',
        'given_by',
        'ended_by',
      ),
      role: WORK,
      valid_from: WORK,
      valid_to: WORK,
      given_at: WORK,
      ended_at: WORK,
    },
  },
  list_view: {
    title: phrase('Viste degli elenchi dell’ufficio'),
    carried: {},
    left: {
      ...keys('municipality_id', 'id', 'person_id'),
      list: WORK,
      name: WORK,
      query: WORK,
      kept_at: WORK,
    },
  },
  family_look: {
    title: phrase('Quando l’ufficio ha guardato il portale come lo vedi tu'),
    carried: {
      begun_at: phrase('dalle'),
      ends_at: phrase('al più tardi fino alle'),
      ended_at: phrase('terminato alle'),
      reason: phrase('motivo'),
    },
    left: keys('municipality_id', 'id', 'household_id', 'holder_id', 'person_id', 'session_id'),
  },
  work_notice: {
    title: phrase('Avvisi del lavoro'),
    carried: {},
    left: {
      ...keys('municipality_id', 'person_id'),
      email: WORK,
      digest_hour: WORK,
      is_urgent: WORK,
      digested_on: WORK,
      changed_at: WORK,
    },
  },
} as const satisfies Record<string, TableRule>

export type PersonalTable = keyof typeof PERSONAL_DATA

/** One section of a download: rows as Italian names and values. */
export type ExportSection = { title: Phrase; rows: Record<string, unknown>[] }
export type PersonalExport = {
  municipalityName: string
  name: string
  madeAt: Date
  sections: ExportSection[]
  /** What is not in it and why, one line per reason. */
  leftOut: { title: Phrase; columns: Readonly<Record<string, Phrase>> }[]
}

const plain = (text: string): string =>
  withoutIsolates(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

function inWords(value: unknown, t: Words): string {
  if (value === null || value === undefined) return '—'
  if (typeof value === 'boolean') return t(value ? 'sì' : 'no')
  if (value instanceof Date)
    return new Intl.DateTimeFormat(LOCALES[t.language].tag, {
      dateStyle: 'short',
      timeStyle: 'medium',
      timeZone: 'Europe/Rome',
    }).format(value)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function sectionInHtml({ title, rows }: ExportSection, t: Words): string {
  const heading = `<h2>${plain(t(title))}</h2>`
  const [first] = rows
  if (!first) return `${heading}<p>${t('Niente.')}</p>`
  const names = Object.keys(first) as Phrase[]
  const head = names.map((name) => `<th scope="col">${plain(t(name))}</th>`).join('')
  const body = rows
    .map((row) => `<tr>${names.map((name) => `<td>${plain(inWords(row[name], t))}</td>`).join('')}</tr>`)
    .join('\n')
  return `${heading}<div><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** The download as a page that opens anywhere, without the portal and without a network. What people wrote stays as it is. */
export function exportInHtml(data: PersonalExport, t: Words): string {
  const municipality = plain(data.municipalityName)
  return `<!doctype html>
<html lang="${t.language}" dir="${directionOf(t.language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${t('I miei dati · mensa di {municipality}', { municipality })}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}div{overflow-x:auto}table{border-collapse:collapse}th,td{border:1px solid #768594;padding:.4rem .6rem;text-align:start;vertical-align:top}</style>
</head><body><main><h1>${t('I dati di {name}', { name: plain(data.name) })}</h1>
<p>${t('Mensa scolastica di {municipality}. Scaricati il {when}.', { municipality, when: plain(inWords(data.madeAt, t)) })}</p>
${data.sections.map((section) => sectionInHtml(section, t)).join('\n')}
<h2>${t('Che cosa non c’è, e perché')}</h2>
<ul>${data.leftOut
    .flatMap(({ title, columns }) =>
      Object.entries(columns).map(
        ([column, why]) => `<li>${plain(t(title))}, <code>${plain(column)}</code>: ${plain(t(why))}</li>`,
      ),
    )
    .join('\n')}</ul>
</main></body></html>
`
}
