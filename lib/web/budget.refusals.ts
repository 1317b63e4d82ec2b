import type { BudgetedAct } from '#lib/kernel/budgets.ts'
import { type Phrase, phrase } from '#lib/words/language.ts'
import { type DetailsOf, says } from '#lib/words/sentences.ts'

const OFTEN = phrase('Hai fatto molte modifiche in poco tempo.')
/** Their rooms say a sentence of their own, without a time. */
const SAID_ELSEWHERE = OFTEN

/** What a person reads who has used up the budget of an act. */
const SPENT = {
  'delegates:invite': phrase('Per oggi hai mandato tutti gli inviti che puoi mandare.'),
  'delegates:invite-address': phrase('A questo indirizzo sono già arrivati molti inviti, forse da altri.'),
  'contacts:email-code': SAID_ELSEWHERE,
  'contacts:phone-code': SAID_ELSEWHERE,
  'contacts:phone-code-day': phrase('Hai chiesto molti codici per SMS.'),
  'contacts:number-hour': SAID_ELSEWHERE,
  'contacts:number-day': SAID_ELSEWHERE,
  'contacts:municipality-day': phrase('Per oggi il Comune ha mandato tutti gli SMS che può mandare.'),
  'notifications:try': SAID_ELSEWHERE,
  'feeds:make': SAID_ELSEWHERE,
  'top-up:start': phrase('Oggi hai cominciato molte ricariche. Non hai pagato nulla di nuovo.'),
  'top-up:open': phrase(
    'Hai già cinque ricariche cominciate e non concluse: le trovi in Pagamenti e puoi riprenderne una. Non hai pagato nulla di nuovo.',
  ),
  'top-up:return': SAID_ELSEWHERE,
  'access:ask': phrase('Per oggi hai mandato tutte le richieste che puoi mandare.'),
  'forms:step': phrase('Hai salvato la bozza molte volte in poco tempo.'),
  'forms:send': phrase(
    'In un anno la tua famiglia ha già mandato venti domande. Per un’altra scrivi all’ufficio: ti aiutiamo noi.',
  ),
  'forms:documents': phrase('In un anno la tua famiglia può caricare al massimo 100 MB di documenti.'),
  'questionnaires:answer': OFTEN,
  'meals:change': SAID_ELSEWHERE,
  'files:take': SAID_ELSEWHERE,
  'lists:take': SAID_ELSEWHERE,
  'search:take': SAID_ELSEWHERE,
  'public:take': SAID_ELSEWHERE,
  'own:change': OFTEN,
} as const satisfies Record<BudgetedAct, Phrase>

export const BUDGET_REFUSALS = {
  'request:too-often': says('{what} Puoi riprovare dal {again}. Quello che hai scritto resta qui.', {
    what: SPENT,
    again: 'instant',
  }),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof BUDGET_REFUSALS> {}
}
