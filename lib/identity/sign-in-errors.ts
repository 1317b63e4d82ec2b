import { phrase } from '#lib/words/language.ts'
/** What the person can do next, as buttons of the page. */
export type SignInRemedy = 'riprova' | 'altro-metodo' | 'contatta'

export type SignInErrorWords = {
  title: string
  /** One or two sentences: what happened, without blame. */
  body: string
  /** What to do now. */
  next: string
  remedy: SignInRemedy
}

/**
 * Every way in which a sign-in can end without a session. The keys are what the address of the error page carries.
 * The first group is the anomaly table that SPID obliges services to explain (spid-regole-tecniche,
 * messaggi-errore: nr19–nr25, nr30); the second our own policy; the third the protocol.
 */
export const signInErrors = {
  'credenziali-errate': {
    title: phrase('Accesso non riuscito'),
    body: phrase('Il gestore della tua identità ha ricevuto più volte credenziali sbagliate.'),
    next: phrase('Controlla nome utente e password sul sito del tuo gestore, poi riprova.'),
    remedy: 'riprova',
  },
  'livello-insufficiente': {
    title: phrase('Serve un livello di sicurezza più alto'),
    body: phrase(
      'Qui si entra con SPID o CIE di livello 2: oltre alla password serve un secondo passaggio, come un codice o l’app del gestore.',
    ),
    next: phrase(
      'Riprova scegliendo l’accesso di livello 2. Se il tuo gestore non te lo propone, chiedigli di attivarlo.',
    ),
    remedy: 'riprova',
  },
  'tempo-scaduto': {
    title: phrase('È passato troppo tempo'),
    body: phrase('L’accesso non è stato completato nel tempo previsto dal tuo gestore.'),
    next: phrase('Ricomincia da capo: bastano un paio di minuti.'),
    remedy: 'riprova',
  },
  'consenso-negato': {
    title: phrase('Non hai dato il consenso'),
    body: phrase(
      'Per farti entrare ci servono nome, cognome, data di nascita e codice fiscale, e il tuo gestore ha bisogno del tuo consenso per inviarceli.',
    ),
    next: phrase('Riprova e, quando il gestore te lo chiede, acconsenti all’invio dei dati.'),
    remedy: 'riprova',
  },
  'identita-sospesa': {
    title: phrase('La tua identità digitale è sospesa'),
    body: phrase(
      'Il tuo gestore ci dice che l’identità è sospesa o revocata, oppure che le credenziali sono bloccate.',
    ),
    next: phrase('Solo il tuo gestore può riattivarla. Intanto puoi entrare con l’altro metodo, se lo hai.'),
    remedy: 'altro-metodo',
  },
  annullato: {
    title: phrase('Hai annullato l’accesso'),
    body: phrase('Non è successo nulla: nessun dato ci è arrivato.'),
    next: phrase('Quando vuoi, puoi ricominciare.'),
    remedy: 'riprova',
  },
  'identita-professionale': {
    title: phrase('Serve la tua identità personale'),
    body: phrase(
      'Hai usato un’identità professionale o di un’azienda. La mensa riguarda la tua famiglia: si entra con l’identità di cittadino.',
    ),
    next: phrase('Riprova con la tua identità SPID personale o con la tua CIE.'),
    remedy: 'riprova',
  },
  'metodo-non-ammesso': {
    title: phrase('Si entra solo con SPID o CIE'),
    body: phrase('L’accesso è avvenuto con un metodo diverso da questi due.'),
    next: phrase('Riprova e scegli SPID oppure la Carta d’identità elettronica.'),
    remedy: 'riprova',
  },
  'codice-fiscale-mancante': {
    title: phrase('Manca il codice fiscale'),
    body: phrase(
      'Il tuo gestore non ci ha inviato il codice fiscale, che ci serve per riconoscere la tua famiglia.',
    ),
    next: phrase('Riprova e acconsenti all’invio di tutti i dati, oppure usa l’altro metodo.'),
    remedy: 'altro-metodo',
  },
  'codice-fiscale-non-valido': {
    title: phrase('Codice fiscale non valido'),
    body: phrase(
      'Il codice fiscale ricevuto non è un codice fiscale italiano valido, oppure non corrisponde alla data di nascita.',
    ),
    next: phrase(
      'Controlla i dati della tua identità presso il gestore. Se sono giusti, scrivi all’ufficio mensa.',
    ),
    remedy: 'contatta',
  },
  minorenne: {
    title: phrase('Serve una persona adulta'),
    body: phrase('I servizi della mensa sono per i genitori e i tutori: bisogna avere compiuto 18 anni.'),
    next: phrase('Chiedi a un genitore di entrare con la sua identità.'),
    remedy: 'contatta',
  },
  'dati-incompleti': {
    title: phrase('Mancano alcuni dati'),
    body: phrase('Il tuo gestore non ci ha inviato nome, cognome o data di nascita.'),
    next: phrase('Riprova e acconsenti all’invio di tutti i dati.'),
    remedy: 'riprova',
  },
  'accesso-non-recente': {
    title: phrase('Devi farti riconoscere di nuovo'),
    body: phrase(
      'Il gestore ha usato un riconoscimento fatto tempo fa. Per proteggere i dati della tua famiglia ce ne serve uno di adesso.',
    ),
    next: phrase('Riprova inserendo di nuovo le credenziali.'),
    remedy: 'riprova',
  },
  'accesso-scaduto': {
    title: phrase('Questo accesso non è più valido'),
    body: phrase(
      'È passato troppo tempo, la pagina era già stata usata, oppure l’accesso è cominciato in un altro browser o i cookie sono bloccati.',
    ),
    next: phrase('Ricomincia da questa pagina, nello stesso browser.'),
    remedy: 'riprova',
  },
  'risposta-non-valida': {
    title: phrase('Non abbiamo potuto verificare la risposta'),
    body: phrase(
      'La risposta del sistema di identità non ha superato i nostri controlli, perciò non ti abbiamo fatto entrare.',
    ),
    next: phrase('Riprova. Se succede ancora, scrivi all’ufficio mensa indicando l’ora.'),
    remedy: 'contatta',
  },
  'servizio-non-raggiungibile': {
    title: phrase('SPID e CIE non rispondono'),
    body: phrase('Il sistema di identità in questo momento non è raggiungibile. Non dipende da te.'),
    next: phrase('Riprova fra qualche minuto.'),
    remedy: 'riprova',
  },
  'richiesta-non-riconosciuta': {
    title: phrase('Richiesta non riconosciuta'),
    body: phrase('La richiesta non è partita da questo sito.'),
    next: phrase('Ricomincia dalla pagina di accesso.'),
    remedy: 'riprova',
  },
  'errore-interno': {
    title: phrase('Qualcosa si è rotto da noi'),
    body: phrase(
      'L’accesso non è riuscito per un nostro errore, che abbiamo registrato. Nessun dato è cambiato.',
    ),
    next: phrase('Riprova fra qualche minuto. Se succede ancora, scrivi all’ufficio mensa indicando l’ora.'),
    remedy: 'contatta',
  },
  'errore-del-gestore': {
    title: phrase('Accesso non riuscito'),
    body: phrase('Il tuo gestore ha interrotto l’accesso senza dirci perché.'),
    next: phrase('Riprova fra poco. Se succede ancora, chiedi al tuo gestore.'),
    remedy: 'riprova',
  },
} as const satisfies Record<string, SignInErrorWords>

export type SignInErrorCode = keyof typeof signInErrors

/** The code that an address carries; unknown text reads as the provider's unexplained error. */
export const signInErrorCode = (value: unknown): SignInErrorCode =>
  typeof value === 'string' && Object.hasOwn(signInErrors, value)
    ? (value as SignInErrorCode)
    : 'errore-del-gestore'

/** The reference of a defect, as the log has it; null for anything else in the address. */
export const defectReference = (value: unknown): string | null =>
  typeof value === 'string' && /^[0-9a-f]{8}$/.test(value) ? value : null

const ANOMALIES: ReadonlyMap<string, SignInErrorCode> = new Map([
  ['19', 'credenziali-errate'],
  ['20', 'livello-insufficiente'],
  ['21', 'tempo-scaduto'],
  ['22', 'consenso-negato'],
  ['23', 'identita-sospesa'],
  ['25', 'annullato'],
  ['30', 'identita-professionale'],
])

const OAUTH_ERRORS: ReadonlyMap<string, SignInErrorCode> = new Map([
  ['access_denied', 'annullato'],
  ['consent_required', 'consenso-negato'],
  ['login_required', 'accesso-non-recente'],
  ['temporarily_unavailable', 'servizio-non-raggiungibile'],
  ['server_error', 'servizio-non-raggiungibile'],
])

/**
 * Our code for an error answered by the identity provider. Bridges put SPID's anomaly number in the description
 * ("ErrorCode nr25"); the description itself is for developers and is never shown.
 */
export function codeOfProviderError(error: string, description: string | null): SignInErrorCode {
  const anomaly = /\bnr\s?(\d{2})\b/i.exec(description ?? '')?.[1] ?? ''
  return ANOMALIES.get(anomaly) ?? OAUTH_ERRORS.get(error) ?? 'errore-del-gestore'
}
