'use client'

/**
 * A failure of ours, inside header, navigation and telephone numbers. Every public page loads this file, so it is plain
 * elements and imports nothing. *Riprova* is a link to the same page: it works even when nothing else does.
 */
export default function Failure({ error }: { error: { digest?: string } }) {
  return (
    <div className="failure">
      <h1>Qualcosa non ha funzionato</h1>
      <p>
        È un problema nostro: le assenze confermate e i pagamenti fatti non cambiano. Riprova fra qualche
        secondo; se il termine per disdire è vicino, chiama il gestore della mensa.
      </p>
      <a href="?">Riprova</a>
      {error.digest && <p>Codice da indicare se ci scrivi: {error.digest}</p>}
    </div>
  )
}
