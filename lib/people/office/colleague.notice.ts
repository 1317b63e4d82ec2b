import type { MailText } from '#lib/notifications/notification.ts'
import { type Phrase, phrase, type Words } from '#lib/words/language.ts'
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

/** What a colleague is told of the days of a role. */
export type RoleNoticeKind = 'begins' | 'ends-soon' | 'ended'

const ROLE_SUBJECTS: Readonly<Record<RoleNoticeKind, Phrase>> = {
  begins: phrase('Da oggi lavori nel portale della mensa di {municipality}'),
  'ends-soon': phrase('Il tuo ruolo nel portale della mensa di {municipality} sta per finire'),
  ended: phrase('Il tuo ruolo nel portale della mensa di {municipality} è finito'),
}

const ROLE_TEXTS: Readonly<Record<RoleNoticeKind, Phrase>> = {
  begins: phrase('Vale da adesso: {roles}. Per entrare usa la tua SPID o la tua CIE.'),
  'ends-soon': phrase(
    'Sta per finire: {roles}. Se devi continuare, dillo a chi è responsabile dell’ufficio.',
  ),
  ended: phrase('È finito: {roles}. Quello che hai fatto resta scritto nel registro con il tuo nome.'),
}

/** The mail about the days of a colleague's roles. Roles have their Italian names. */
export const roleMail = (
  kind: RoleNoticeKind,
  facts: { name: string; municipalityName: string; roles: readonly string[]; url: string },
  t: Words,
): MailText => ({
  subject: t(ROLE_SUBJECTS[kind], { municipality: facts.municipalityName }),
  text: t(
    `Buongiorno {name},

{what}

Il portale: {url}

Questo messaggio è automatico: non serve rispondere.
`,
    {
      name: facts.name,
      what: t(ROLE_TEXTS[kind], { roles: listInWords([...facts.roles], t.language) }),
      url: facts.url,
    },
  ),
})
