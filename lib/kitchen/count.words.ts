import { italian, plural } from '#lib/words/language.ts'
import type { Warning } from './count.ts'

/** "3A, DA-DEFINIRE: 1 dieta da definire" */
export function warningInWords({ className, dietCode, undecided, severe, asked }: Warning): string {
  const said = [
    undecided > 0 &&
      italian(
        plural(
          '{n} dieta da definire: chiedi prima di servire',
          '{n} diete da definire: chiedi prima di servire',
        ),
        {
          n: undecided,
        },
      ),
    asked > 0 &&
      italian(
        plural(
          'per {n} alunno è chiesta un’altra dieta: prepara questa e chiedi prima di servire',
          'per {n} alunni è chiesta un’altra dieta: prepara questa e chiedi prima di servire',
        ),
        { n: asked },
      ),
    severe > 0 &&
      italian(plural('{n} alunno rischia una reazione grave', '{n} alunni rischiano una reazione grave'), {
        n: severe,
      }),
  ].filter(Boolean)
  return `${className}, ${dietCode}: ${said.join('; ')}`
}
