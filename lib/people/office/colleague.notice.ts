import type { MailText } from '#lib/notifications/notification.ts'
import type { Words } from '#lib/words/language.ts'
import { listInWords } from '#lib/words/list.ts'

/** The mail to a new colleague. It opens nothing: who enters is said by SPID or CIE. Roles have their Italian names. */
export const colleagueMail = (
  facts: {
    name: string
    by: string
    municipalityName: string
    roles: readonly string[]
    url: string
  },
  t: Words,
): MailText => ({
  subject: t('Un ruolo per te nel portale della mensa di {municipality}', {
    municipality: facts.municipalityName,
  }),
  text: t(
    `Buongiorno {name},

{by} ti ha dato un ruolo nel portale della mensa scolastica di {municipality}: {roles}.

Per entrare apri questo indirizzo e usa la tua SPID o la tua CIE:
{url}

Se non conosci {by}, ignora questo messaggio.

Questo messaggio è automatico: non serve rispondere.
`,
    {
      name: facts.name,
      by: facts.by,
      municipality: facts.municipalityName,
      roles: listInWords([...facts.roles], t.language),
      url: facts.url,
    },
  ),
})
