import { directionOf, type Language, type Words } from '#lib/words/language.ts'

/** What the service worker says by itself: without a network, and of a message that it cannot read. */
export type OfflineWords = {
  language: Language
  /** The page where no copy is kept: it brings its own words and needs nothing else. */
  page: string
  /** The notification for a message without words. */
  notification: { title: string; body: string }
}

const pageOf = (t: Words): string =>
  [
    `<!doctype html><html lang="${t.language}" dir="${directionOf(t.language)}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width"><title>${t('Sei offline')}</title></head><body><main>`,
    `<h1>${t('Sei offline')}</h1>`,
    `<p>${t('Il portale della mensa non risponde: controlla la connessione e riprova.')}</p>`,
    `<p>${t('Le assenze già salvate restano salvate. Se il termine di oggi sta per scadere, telefona al gestore della mensa.')}</p>`,
    `<p><a href="">${t('Riprova')}</a></p></main></body></html>`,
  ].join('')

export const offlineWords = (t: Words): OfflineWords => ({
  language: t.language,
  page: pageOf(t),
  notification: { title: t('Mensa scolastica'), body: t('Apri il portale per leggere.') },
})
