import type { ReactNode } from 'react'
import { PortalFooter } from '#components/shell/site-footer.tsx'
import { PortalHeader } from '#components/shell/site-header.tsx'

/** Around the sign-in pages that belong to no Comune. */
export default function SignInLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <PortalHeader />
      {children}
      <PortalFooter />
    </>
  )
}
