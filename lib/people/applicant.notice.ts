import type { MailText, Said } from '#lib/notifications/notification.ts'
import type { Words } from '#lib/words/language.ts'

/** To a person who asked to be linked: no name of a child, and the office's words only in the portal. */
export const linkAnswerMail = (
  {
    givenName,
    municipality,
    url,
    isLinked,
  }: { givenName: string; municipality: string; url: string; isLinked: boolean },
  t: Words,
): MailText => ({
  subject: t('La tua richiesta alla mensa di {municipality}', { municipality }),
  text: isLinked
    ? t(
        `Ciao {name},

l’ufficio della mensa ha accolto la tua richiesta: ora puoi entrare, vedere il calendario e disdire i pasti.
{url}

Questo messaggio è automatico: non serve rispondere.
`,
        { name: givenName, url },
      )
    : t(
        `Ciao {name},

l’ufficio della mensa ha risposto alla tua richiesta. Entra con la tua SPID o la tua CIE per leggere che cosa dice:
{url}

Questo messaggio è automatico: non serve rispondere.
`,
        { name: givenName, url },
      ),
})

/** To the holder: the office has linked a person to a child. */
export const linkedNotice = (name: string, t: Words): Said => ({
  title: t('{name} è ora delegato per un tuo figlio', { name }),
  text: t(
    'L’ufficio della mensa ha accolto la sua richiesta: vede il calendario e può disdire i pasti, e non vede i pagamenti. Se non ti torna, revoca la delega e avvisa l’ufficio.',
  ),
})
