import type { MailText } from '#lib/notifications/notification.ts'

import { plural, type Words } from '#lib/words/language.ts'

/** The code goes to the new address: the person who reads it there proves that it is theirs. */
export const codeMail = (code: string, minutes: number, t: Words): MailText => ({
  subject: t('Il codice per confermare la tua e-mail'),
  text: t(
    plural(
      `Buongiorno,

qualcuno, speriamo tu, ha chiesto di usare questo indirizzo per i messaggi della mensa scolastica.
Il codice per confermarlo è:

{code}

Vale {n} minuto. Se non l’hai fatto tu, ignora questo messaggio: senza il codice non cambia niente.

Questo messaggio è automatico: non serve rispondere.
`,
      `Buongiorno,

qualcuno, speriamo tu, ha chiesto di usare questo indirizzo per i messaggi della mensa scolastica.
Il codice per confermarlo è:

{code}

Vale {n} minuti. Se non l’hai fatto tu, ignora questo messaggio: senza il codice non cambia niente.

Questo messaggio è automatico: non serve rispondere.
`,
    ),
    { code, n: minutes },
  ),
})

/** To the address of before: the only place where the owner notices a change that they did not make. */
export const changedMail = (givenName: string, t: Words): MailText => ({
  subject: t('La tua e-mail per la mensa scolastica è cambiata'),
  text: t(
    `Ciao {name},

da ora i messaggi della mensa scolastica vanno a un altro indirizzo, confermato da chi è entrato con la tua SPID o la tua CIE.
Se non l’hai fatto tu, chiama subito il gestore della mensa.

Questo messaggio è automatico: non serve rispondere.
`,
    { name: givenName },
  ),
})
