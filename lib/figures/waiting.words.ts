import { italian, plural } from '#lib/words/language.ts'
import { listInWords } from '#lib/words/list.ts'
import type { Waiting } from './waiting.ts'

/** "3 domande e 1 dieta da decidere", or that nothing waits. */
export function waitingInWords({ submissions, undecidedDiets, payments }: Waiting): string {
  const parts = [
    submissions > 0 &&
      italian(plural('{n} domanda da decidere', '{n} domande da decidere'), { n: submissions }),
    undecidedDiets > 0 &&
      italian(plural('{n} dieta da definire', '{n} diete da definire'), { n: undecidedDiets }),
    payments > 0 &&
      italian(plural('{n} pagamento da sistemare', '{n} pagamenti da sistemare'), { n: payments }),
  ].filter((part) => part !== false)
  return parts.length > 0 ? listInWords(parts, 'it') : 'niente da sbrigare'
}
