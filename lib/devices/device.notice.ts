import type { MailText, Said } from '#lib/notifications/notification.ts'

import { instantInWords } from '#lib/words/format-day.ts'
import { phrase, type Words } from '#lib/words/language.ts'
import { deviceInWords } from './device-name.ts'

type Facts = {
  deviceName: string
  at: Date
  /** Address of the page where devices are listed. */
  accessesUrl: string
  municipality: string
}

/** Remembered, or forgotten by us: after five wrong sequences, or because its cookie was used twice. */
export type DeviceEvent = 'added' | 'failures' | 'copied'

const LETTERS = {
  added: {
    subject: phrase('Un nuovo dispositivo è stato ricordato'),
    text: phrase(`Buongiorno,

il {when} abbiamo salvato le tue credenziali su questo dispositivo: {device}.
Da lì ora si entra con la sequenza, l’impronta o il volto.

Se non l’hai fatto tu, entra con SPID o CIE e scollegalo da qui:
{url}

Mensa scolastica di {municipality}`),
  },
  failures: {
    subject: phrase('Abbiamo scollegato un tuo dispositivo'),
    text: phrase(`Buongiorno,

il {when} abbiamo smesso di ricordare questo dispositivo: {device}.
Qualcuno ha sbagliato la sequenza cinque volte. Per prudenza abbiamo chiuso anche gli accessi aperti da lì. Niente altro è cambiato.

Per entrare serve di nuovo SPID o CIE; poi, se vuoi, puoi ricordarlo un’altra volta:
{url}

Mensa scolastica di {municipality}`),
  },
  copied: {
    subject: phrase('Abbiamo scollegato un tuo dispositivo'),
    text: phrase(`Buongiorno,

il {when} abbiamo smesso di ricordare questo dispositivo: {device}.
Le sue credenziali sono state usate da due browser diversi: potrebbero essere state copiate, oppure una risposta si è persa per strada. Per prudenza abbiamo chiuso anche gli accessi aperti da lì. Niente altro è cambiato.

Per entrare serve di nuovo SPID o CIE; poi, se vuoi, puoi ricordarlo un’altra volta:
{url}

Mensa scolastica di {municipality}`),
  },
} as const satisfies Record<DeviceEvent, MailText>

/** The mail to the owner: a person who did not ask for the change learns of it. */
export function deviceNotice(
  { deviceName, at, accessesUrl, municipality }: Facts,
  news: DeviceEvent,
  t: Words,
): Said {
  const device = deviceInWords(deviceName, t)
  const when = instantInWords(at, t)
  const { subject, text } = LETTERS[news]
  return {
    title: t(subject),
    text:
      news === 'added'
        ? t(
            '{device}: da lì ora si entra con la sequenza, l’impronta o il volto. Se non l’hai fatto tu, scollegalo.',
            { device },
          )
        : t('{device}: per entrare da lì serve di nuovo SPID o CIE.', { device }),
    mail: { subject: t(subject), text: t(text, { device, when, url: accessesUrl, municipality }) },
  }
}
