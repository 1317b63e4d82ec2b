import type { ReactNode } from 'react'
import { AreaWords } from '#components/language/area-words.tsx'

export default function Layout({ children }: { children: ReactNode }) {
  return <AreaWords area="app/[comune]/(famiglia)/accesso/non-abilitato">{children}</AreaWords>
}
