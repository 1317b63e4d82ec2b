'use client'

import { usePathname } from 'next/navigation'
import { ButtonLink } from '#components/ui/button.tsx'

/** Back to the first page of the Comune whose address this is: a "not found" page is not told which one. */
export function HomeOfThisComune() {
  const path = usePathname()
  const [first, second] = path.split('/').filter(Boolean)
  const comune = first === 'admin' ? second : first
  return <ButtonLink href={comune ? `/${comune}` : '/'}>Torna alla pagina iniziale</ButtonLink>
}
