import type { HatchPupil } from './hatch.ts'

/** What must not be missed of a plate beside its code; empty where there is nothing. */
export const plateInWords = ({
  severe,
  asked,
  dietCode,
}: Pick<HatchPupil, 'severe' | 'asked' | 'dietCode'>): string =>
  [
    severe && 'rischio di reazione grave',
    asked && 'è chiesta un’altra dieta: chiedi prima di servire',
    dietCode === 'DA-DEFINIRE' && 'dieta da definire: chiedi prima di servire',
  ]
    .filter(Boolean)
    .join('; ')
