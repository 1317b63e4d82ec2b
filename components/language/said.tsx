import { ORIGINAL } from '#lib/words/locales.ts'
import { piecesOf } from '#lib/words/written.ts'
import { useWords } from '#words'

/** A sentence with what a person wrote in it: on a page in another language those words say that they are Italian. */
export function Said({ text }: { text: string }) {
  const t = useWords()
  return piecesOf(text).map((piece) =>
    piece.isWritten && t.language !== ORIGINAL ? (
      <bdi key={piece.text} lang="it">
        {piece.text}
      </bdi>
    ) : (
      piece.text
    ),
  )
}
