'use client'

import { withoutHydration } from '#components/ui/without-hydration.tsx'
import Drawn from '#drawn/meals/today-part.tsx'

/** *Oggi* without the cards of the children, which count down and change. */
export const TodayPart = withoutHydration(Drawn, () => import('./today-part.tsx'))
