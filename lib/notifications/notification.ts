import { type Phrase, phrase, type Words } from '#lib/words/language.ts'
import { ORIGINAL } from '#lib/words/locales.ts'
import { withoutIsolates } from '#lib/words/written.ts'

/** Ways a notification leaves the portal. The inbox in the portal is not among them: it gets every notification. */
export const CHANNELS = ['email', 'push'] as const
export type Channel = (typeof CHANNELS)[number]
export type EventRule = {
  /** The name of an event: beside the family's choices, above the office's batches and, for single persons, on a lock screen. */
  label: Phrase
  /** One line more, beside the choices. */
  explains: Phrase
  /** Money is told to those whose it is (`Told.money`): the database leaves every other person out. */
  about: 'money' | 'service'
  /** One text for many: it may stand on a lock screen and in the office's list. What is told to one person stays out of both. */
  toMany: boolean
  /** The default for a person without a choice. */
  defaults: Readonly<Record<Channel, boolean>>
  /** `always`: it reports a sign-in, an unlock or another person as who may sign in; `never`: it says that e-mail does not work, or has a mail of its own. */
  mail: 'choice' | 'always' | 'never'
  /** Does not wait for the end of the quiet hours. */
  urgent: boolean
  /** No person can choose about it. */
  isChosen?: false
}

const BOTH = { email: true, push: true } as const
const service = { about: 'service', toMany: false, urgent: false, mail: 'choice', defaults: BOTH } as const
const money = { ...service, about: 'money' } as const

/** Every event that the portal tells people about. A new event is added here, and its command calls `notify`. */
export const EVENTS = {
  'meals:changed': {
    ...service,
    label: phrase('Pasti disdetti o ripristinati'),
    explains: phrase('Quando li cambia l’altro genitore o l’ufficio.'),
  },
  'calendar:closure': {
    ...service,
    toMany: true,
    label: phrase('Giorni senza mensa'),
    explains: phrase('Scioperi, chiusure e uscite che riguardano i tuoi figli.'),
  },
  'communication:published': {
    ...service,
    toMany: true,
    label: phrase('Nuova comunicazione'),
    explains: phrase('Gli avvisi del gestore della mensa.'),
  },
  'communication:to-acknowledge': {
    ...service,
    toMany: true,
    label: phrase('Comunicazione da confermare'),
    explains: phrase('Quando ti chiediamo di confermare che hai letto.'),
  },
  'communication:about-money': {
    ...money,
    // Its title and text say only that a communication has arrived.
    toMany: true,
    label: phrase('Comunicazione sui pagamenti'),
    explains: phrase('Solleciti e informazioni sul saldo: li riceve solo chi paga.'),
  },
  'questionnaire:open': {
    ...service,
    toMany: true,
    label: phrase('Nuovo questionario'),
    explains: phrase('Quando puoi dire la tua.'),
    defaults: { email: true, push: false },
  },
  'menu:changed': {
    ...service,
    toMany: true,
    label: phrase('Menù cambiato'),
    explains: phrase('Quando un piatto annunciato cambia.'),
    defaults: { email: false, push: true },
  },
  'form:status': {
    ...service,
    label: phrase('Moduli online'),
    explains: phrase('Come procede quello che hai mandato.'),
  },
  'top-up:credited': {
    ...money,
    label: phrase('Ricarica accreditata'),
    explains: phrase('Con la fattura, quando è pronta.'),
  },
  'top-up:failed': {
    ...money,
    label: phrase('Ricarica non riuscita'),
    explains: phrase('Quando un pagamento non va a buon fine.'),
  },
  'top-up:to-settle': {
    ...money,
    label: phrase('Pagamento da sistemare'),
    explains: phrase('Quando un pagamento è preso due volte o restituito, e quando l’ufficio lo sistema.'),
  },
  'balance:low': {
    ...money,
    label: phrase('Saldo in esaurimento'),
    explains: phrase('Quando restano pochi pasti, e quando il saldo finisce.'),
  },
  'price:changed': {
    ...money,
    label: phrase('Prezzo del pasto'),
    explains: phrase('Quando cambia quello che paghi per un figlio.'),
  },
  'invoice:ready': {
    ...money,
    label: phrase('Fattura pronta'),
    explains: phrase('Quando una fattura che aspettava i tuoi dati è completa.'),
    defaults: { email: true, push: false },
  },
  'delegation:answered': {
    ...service,
    label: phrase('Risposta a una delega'),
    explains: phrase('Quando la persona invitata accetta o rifiuta.'),
  },
  'delegation:ended': {
    ...service,
    label: phrase('Delega finita'),
    explains: phrase('Quando una delega è revocata o lasciata.'),
  },
  'delegation:invited': {
    ...service,
    label: phrase('Invito a una delega'),
    explains: phrase('Quando un genitore ti sceglie come delegato.'),
    // The mail goes to the address that the holder wrote.
    mail: 'never',
    isChosen: false,
  },
  'household:holder-changed': {
    ...service,
    label: phrase('Cambio dell’intestatario'),
    explains: phrase('Quando l’ufficio cambia chi paga.'),
    mail: 'always',
    isChosen: false,
  },
  'device:remembered': {
    ...service,
    label: phrase('Dispositivi e accessi'),
    explains: phrase(
      'Quando un dispositivo è ricordato o scollegato da noi. L’e-mail parte sempre, per la tua sicurezza.',
    ),
    mail: 'always',
    urgent: true,
  },
  'registry:corrected': {
    ...service,
    label: phrase('Dati corretti dall’ufficio'),
    explains: phrase(
      'Quando l’ufficio corregge un nome, una data di nascita o un codice fiscale. L’e-mail parte sempre, per la tua sicurezza.',
    ),
    mail: 'always',
  },
  'enrolment:decided': {
    ...service,
    label: phrase('Iscrizioni decise dall’ufficio'),
    explains: phrase('Quando l’ufficio iscrive un alunno, lo sposta di classe o ne chiude l’iscrizione.'),
  },
  'contact:refused': {
    ...service,
    label: phrase('E-mail che non riceve'),
    explains: phrase('Quando il tuo indirizzo rifiuta i nostri messaggi.'),
    mail: 'never',
    isChosen: false,
  },
  'notification:tried': {
    ...service,
    label: phrase('Prova delle notifiche'),
    explains: phrase('Una prova che hai chiesto tu.'),
    mail: 'always',
    urgent: true,
    isChosen: false,
  },
} as const satisfies Record<string, EventRule>

export type EventName = keyof typeof EVENTS

/** Whether a text, from a form or from the database, names one of our events. */
export const isEventName = (text: string): text is EventName => Object.hasOwn(EVENTS, text)

/** The rule of an event, in its general form. */
export const ruleOf = (event: EventName): EventRule => EVENTS[event]

/** A message as it will be sent: plain text in its reader's language, no names of children. */
export type MailText = { subject: string; text: string }

/**
 * The text in one language. `title` (200 characters at most) and `text` (4,000) go by e-mail too: no names of children,
 * diets or amounts in them.
 */
export type Said = {
  title: string
  text: string
  /** A mail of its own, greeting included, in place of title and text. */
  mail?: MailText
}

/** One thing that is told to some people. */
export type Told = {
  event: EventName
  /** What happened, not when it is told: the same key reaches the same person once. */
  key: string
  /** Ids of `person` in this municipality. */
  to: readonly string[]
  /**
   * The text, rendered once for each language and any number of people. What a person wrote goes in by `written`
   * (lib/words/written.ts).
   */
  say: (t: Words) => Said
  /** Where it leads in the portal, below the municipality's address: "/pagamenti", never "/mozzecane/pagamenti". */
  path: string
  /** This notification does not wait for the end of the quiet hours, even if its event does. */
  urgent?: boolean
  /**
   * Of an event about money: the households whose holders of this moment may know it, or a payment of the person's own, which stays
   * theirs when they are no longer the holder. Without it no person is told.
   */
  money?: { households: readonly string[] } | 'own-payment'
  /** The version of a communication that goes out with it: the office counts its mails. */
  communication?: { id: string; version: number }
}

/** The addresses in the mails of a municipality. */
export type Sender = { name: string; slug: string; origin: string }

/** The address of the page where a person chooses what arrives. */
export const choicesUrl = ({ origin, slug }: Sender): string => `${origin}/${slug}/profilo/notifiche`

/** The plain mail of a notification; the greeting goes before it. */
export function mailOf(said: Said, path: string, sender: Sender, t: Words): MailText {
  const { subject, text } = said.mail ?? {
    subject: said.title,
    text: t(
      `{text}

Tutto il resto è nel portale:
{url}

Questo messaggio è automatico: non serve rispondere.
`,
      { text: said.text, url: `${sender.origin}/${sender.slug}${path}` },
    ),
  }
  const close = t('Mensa scolastica di {name}\nPer scegliere quali messaggi ricevere: {url}\n', {
    name: sender.name,
    url: choicesUrl(sender),
  })
  return withCourtesy(
    { subject: withoutIsolates(subject), text: withoutIsolates(`${text.trimEnd()}\n\n${close}`) },
    t,
  )
}

/** A mail that is not Italian says in its last line that it is a translation. */
export const withCourtesy = (mail: MailText, t: Words): MailText =>
  t.language === ORIGINAL
    ? mail
    : {
        ...mail,
        text: `${mail.text.trimEnd()}\n${t('Traduzione di cortesia: vale il testo italiano.')}\n`,
      }

const LOCK_SCREEN = 140

/** What a lock screen may show: the text of what is told to many; of what is told to one person only its kind. */
export function pushOf(event: EventName, said: Said, t: Words): { title: string; text: string } {
  const { toMany, label } = ruleOf(event)
  if (!toMany) return { title: t(label), text: t('Apri il portale della mensa per leggere.') }
  const text = withoutIsolates(said.text).replace(/\s+/g, ' ').trim()
  return {
    title: withoutIsolates(said.title),
    text: text.length <= LOCK_SCREEN ? text : `${text.slice(0, LOCK_SCREEN - 1).trimEnd()}…`,
  }
}
