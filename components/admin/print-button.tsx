'use client'

import { Button } from '#components/ui/button.tsx'

export function PrintButton() {
  return (
    <Button type="button" look="secondary" icon="printer" onClick={() => window.print()}>
      Stampa
    </Button>
  )
}
