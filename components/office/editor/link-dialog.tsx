'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Field } from '#components/ui/field.tsx'

const ALLOWED = /^(https?:\/\/\S+|mailto:[^\s@]+@[^\s@]+|tel:[+\d ()-]+|\/\S*)$/i

/** "www.comune.it" → "https://www.comune.it", "a@b.it" → "mailto:a@b.it"; null for what leads nowhere. */
export function addressTyped(typed: string): string | null {
  const text = typed.trim()
  const address = /^www\./i.test(text)
    ? `https://${text}`
    : /^[^\s@/:]+@[^\s@/:.]+(?:\.[^\s@/:.]+)+$/.test(text)
      ? `mailto:${text}`
      : text
  return ALLOWED.test(address) && !address.startsWith('//') ? address : null
}

/** Where a link leads. An empty address takes the link away. */
export function LinkDialog({
  open,
  current,
  onClose,
  onApply,
}: {
  open: boolean
  current: string
  onClose: () => void
  onApply: (address: string | null) => void
}) {
  const [problem, setProblem] = useState('')
  const apply = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    event.stopPropagation()
    const typed = String(new FormData(event.currentTarget).get('link-address') ?? '')
    const address = addressTyped(typed)
    if (typed.trim() && !address) {
      setProblem('Scrivi un indirizzo completo, per esempio https://www.comune.it oppure un’e-mail.')
      return
    }
    setProblem('')
    onApply(address)
  }
  return (
    <Dialog open={open} onClose={onClose} title="Collegamento">
      <form onSubmit={apply} noValidate className="grid gap-4">
        <Field
          name="link-address"
          label="Indirizzo"
          hint="Una pagina, un’e-mail o una pagina di questo portale (comincia con /). Lascia vuoto per togliere il collegamento."
          defaultValue={current}
          error={problem}
          autoComplete="off"
        />
        <p className="text-sm text-muted">
          Il testo del collegamento deve dire dove porta: “Modulo per la dieta”, non “clicca qui”.
        </p>
        <Button icon="link">Applica</Button>
      </form>
    </Dialog>
  )
}
