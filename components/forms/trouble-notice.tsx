'use client'

import { Notice } from '#components/ui/notice.tsx'
import { useWords } from '#words'
import type { Trouble } from './use-sending.ts'

/** Says why what was typed did not arrive, and that it is still there. */
export function TroubleNotice({ trouble }: { trouble: Trouble | null }) {
  const t = useWords()
  if (trouble === null) return null
  const [title, text] = {
    offline: [
      t('Non siamo riusciti a salvare'),
      t(
        'Sembra che manchi la rete. Quello che hai scritto è ancora qui: quando torna la rete, premi di nuovo.',
      ),
    ],
    'signed-out': [
      t('La sessione è finita'),
      t(
        'Quello che hai scritto è ancora qui. Accedi di nuovo in un’altra scheda, poi torna in questa e premi di nuovo.',
      ),
    ],
    'too-big': [
      t('I documenti sono troppo grandi'),
      t(
        'Tutti insieme possono arrivare a 9 MB. Carica i documenti uno per volta, oppure fotografali di nuovo più piccoli.',
      ),
    ],
  }[trouble] as [string, string]
  return (
    <Notice kind="error" title={title} live>
      <p>{text}</p>
    </Notice>
  )
}
