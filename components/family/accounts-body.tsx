'use client'

import { withoutHydration } from '#components/ui/without-hydration.tsx'
import Drawn from '#drawn/family/accounts-part.tsx'

/** *Stato contabile*: it gets the facts of the accounts. */
export const AccountsBody = withoutHydration(Drawn, () => import('./accounts-part.tsx'))
