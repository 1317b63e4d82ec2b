import type { AlertKind, Judged } from './alert.ts'

type Said = { what: string; over: string; todo: string }

/** For the operator alone, who runs the installation: in Italian, as what a start refuses. */
const SAID: Readonly<Record<AlertKind, Said>> = {
  database: {
    what: 'il database non risponde o non accetta modifiche',
    over: 'il database risponde di nuovo',
    todo: 'Le famiglie leggono che il portale non può rispondere. Guarda PostgreSQL e il suo disco.',
  },
  'web-process': {
    what: 'un processo del sito muore o si blocca',
    over: 'tutti i processi del sito servono di nuovo',
    todo: 'Gli altri rispondono. Il registro del sito dice che cosa faceva (componente web).',
  },
  web: {
    what: 'il sito non risponde da più di tre minuti',
    over: 'il sito risponde di nuovo',
    todo: 'Le famiglie non possono disdire. Guarda il servizio del sito e chi gli sta davanti.',
  },
  worker: {
    what: 'chi fa i lavori (npm run worker) è fermo da più di tre minuti',
    over: 'chi fa i lavori è di nuovo al lavoro',
    todo: 'I giorni non si chiudono, la posta non parte e i pagamenti non si controllano. Riavvia il servizio.',
  },
  days: {
    what: 'giorni di mensa che dovevano essere chiusi e non lo sono',
    over: 'tutti i giorni che dovevano essere chiusi lo sono',
    todo: 'La cucina aspetta il conteggio. Il registro di chi fa i lavori dice perché (componente kitchen).',
  },
  charges: {
    what: 'giorni chiusi i cui pasti non sono ancora addebitati',
    over: 'i pasti dei giorni chiusi sono addebitati',
    todo: 'Il conteggio è giusto, i saldi no. Il registro di chi fa i lavori dice perché (componente kitchen).',
  },
  messages: {
    what: 'messaggi che dovevano partire da più di mezz’ora',
    over: 'i messaggi partono di nuovo',
    todo: 'Guarda il server di posta e il gateway degli SMS: la pagina Invii dell’ufficio dice quali.',
  },
  payments: {
    what: 'pagamenti che il portale non riesce a controllare da più di mezz’ora',
    over: 'i pagamenti si controllano di nuovo',
    todo: 'Chi ha pagato legge «stiamo verificando». Non accreditare niente a mano: succede da sé quando il gestore risponde.',
  },
  archive: {
    what: 'PostgreSQL non riesce ad archiviare il suo registro: la copia di sicurezza si ferma',
    over: 'PostgreSQL archivia di nuovo il suo registro',
    todo: 'Guarda pg_stat_archiver e il programma delle copie (pgBackRest, barman).',
  },
}

type Letter = { subject: string; text: string }

/** The mail about something that is wrong, or over. @param origin the address of the installation, which an operator may have several of */
export function alertLetter({ kind, isWrong, count }: Judged, origin: string): Letter {
  const { what, over, todo } = SAID[kind]
  const { host } = new URL(origin)
  const number = count ? `: ${count}` : ''
  return {
    subject: isWrong ? `[${host}] Da guardare: ${what}${number}` : `[${host}] Passato: ${over}`,
    text: isWrong
      ? `${todo}\n\nFinché dura, questa e-mail torna una volta all’ora; quando passa ne arriva un’altra. Che cosa fare: docs/operations.md.`
      : 'Non c’è niente da fare.',
  }
}
