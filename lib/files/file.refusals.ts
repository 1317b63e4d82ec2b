import { plural } from '#lib/words/language.ts'
import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const FILE_REFUSALS = {
  'files:empty': says('Il file “{name}” è vuoto.', { name: 'text' }),
  'files:too-big': says('Il file “{name}” è troppo grande: al massimo {max}.', { name: 'text', max: 'size' }),
  'files:unknown-type': says(
    'Il file “{name}” non è di un tipo accettato (PDF, Word, Excel, OpenDocument, P7M, immagini PNG, JPEG o WebP), oppure contiene macro.',
    { name: 'text' },
  ),
  'files:not-a-picture': says('Il file “{name}” non è un’immagine PNG, JPEG o WebP.', { name: 'text' }),
  'files:too-many': says(plural('Puoi allegare al massimo {n} file.', 'Puoi allegare al massimo {n} file.'), {
    n: 'count',
  }),
  'files:unavailable': says(
    'L’archivio dei file non risponde. Non è stato salvato niente: riprova tra qualche minuto.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof FILE_REFUSALS> {}
}
