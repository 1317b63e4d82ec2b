'use client'

import { useWords } from '#words'
import { Button } from './button.tsx'
import { useHydrated } from './use-hydrated.ts'

/** Opens the browser's print dialog. Without JavaScript it could do nothing, so it is not drawn; the browser's menu is there. */
export function PrintButton({ label }: { label?: string }) {
  const t = useWords()
  if (!useHydrated()) return null
  return (
    <Button type="button" look="secondary" icon="printer" onClick={() => window.print()}>
      {label ?? t('Stampa')}
    </Button>
  )
}
