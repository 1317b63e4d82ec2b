'use client'

import { withoutHydration } from '#components/ui/without-hydration.tsx'
import Drawn from '#drawn/shell/shell-part.tsx'

/**
 * What stands around every page of a municipality (the menu is a popover, leaving is a form, the rest are links), and what
 * stands in place of a page that is not there.
 */
export const Shell = withoutHydration(Drawn, () => import('./shell-part.tsx'))
