import type { ReactNode } from 'react'
import { requestAddress } from '#app/request-path.ts'
import { PortalFooter } from '#components/shell/site-footer.tsx'
import { PortalHeader } from '#components/shell/site-header.tsx'

/** Around the sign-in pages that belong to no municipality. */
export default async function SignInLayout({ children }: { children: ReactNode }) {
  const address = await requestAddress()
  return (
    <>
      <PortalHeader address={address} />
      {children}
      <PortalFooter address={address} />
    </>
  )
}
