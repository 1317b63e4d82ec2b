import type { MailText } from '#lib/notifications/notification.ts'

import { plural, type Words } from '#lib/words/language.ts'

/** The text that carries a code. Short enough for one message of 160 characters with a municipality's name of 40. */
export const codeSms = (
  { code, minutes, municipality }: { code: string; minutes: number; municipality: string },
  t: Words,
): string =>
  t(
    plural(
      'Mensa di {municipality}: il codice per confermare questo numero è {code}. Vale {n} minuto. Non l’hai chiesto? Ignoralo.',
      'Mensa di {municipality}: il codice per confermare questo numero è {code}. Vale {n} minuti. Non l’hai chiesto? Ignoralo.',
    ),
    { municipality, code, n: minutes },
  )

/** To the person's proved e-mail: the only place where the owner notices a change that they did not make. */
export const phoneChangedMail = (givenName: string, t: Words): MailText => ({
  subject: t('Il telefono che la mensa ha per te è cambiato'),
  text: t(
    `Ciao {name},

chi è entrato con la tua SPID o la tua CIE ha cambiato o tolto il numero a cui la mensa scolastica ti chiama in caso di urgenza.
Se non l’hai fatto tu, chiama subito il gestore della mensa.

Questo messaggio è automatico: non serve rispondere.
`,
    { name: givenName },
  ),
})
