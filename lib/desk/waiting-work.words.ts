import { italian, type Plural, plural } from '#lib/words/language.ts'
import { listInWords } from '#lib/words/list.ts'
import type { WaitingKind, WaitingWork } from './waiting-work.ts'

const KINDS: Readonly<Record<WaitingKind, Plural>> = {
  'open-days': plural('{n} giornata di mensa non chiusa', '{n} giornate di mensa non chiuse'),
  'severe-diets': plural(
    '{n} dieta da decidere con rischio di reazione grave',
    '{n} diete da decidere con rischio di reazione grave',
  ),
  'unseen-counts': plural(
    '{n} cucina non ha detto di aver visto il conteggio',
    '{n} cucine non hanno detto di aver visto il conteggio',
  ),
  'failing-charges': plural('{n} giornata non addebitata', '{n} giornate non addebitate'),
  payments: plural('{n} pagamento da sistemare', '{n} pagamenti da sistemare'),
  requests: plural('{n} domanda da decidere', '{n} domande da decidere'),
  links: plural('{n} richiesta di collegamento da decidere', '{n} richieste di collegamento da decidere'),
  arrivals: plural('{n} trasferimento da un altro Comune', '{n} trasferimenti da altri Comuni'),
  'refused-transfers': plural(
    '{n} trasferimento non accolto dall’altro Comune',
    '{n} trasferimenti non accolti da altri Comuni',
  ),
  diets: plural('{n} dieta da definire', '{n} diete da definire'),
  'lapsed-diets': plural('{n} dieta scaduta da poco', '{n} diete scadute da poco'),
  'lapsing-diets': plural(
    '{n} dieta che finisce entro trenta giorni',
    '{n} diete che finiscono entro trenta giorni',
  ),
  'pupils-without-code': plural('{n} alunno senza codice fiscale', '{n} alunni senza codice fiscale'),
  approvals: plural('{n} comunicazione da approvare', '{n} comunicazioni da approvare'),
  'failed-mails': plural('{n} e-mail non arrivata', '{n} e-mail non arrivate'),
  refunds: plural('{n} rimborso da decidere', '{n} rimborsi da decidere'),
  invoices: plural('{n} fattura che aspetta un dato', '{n} fatture che aspettano un dato'),
  'news-reviews': plural('{n} notizia da rivedere', '{n} notizie da rivedere'),
  'document-reviews': plural('{n} documento da rivedere', '{n} documenti da rivedere'),
}

/** What a kind of work is called, without a number. */
export const WAITING_NAMES: Readonly<Record<WaitingKind, string>> = {
  'open-days': 'Giornate di mensa non chiuse',
  'severe-diets': 'Diete con rischio di reazione grave',
  'unseen-counts': 'Conteggi non visti dalla cucina',
  'failing-charges': 'Giornate non addebitate',
  payments: 'Pagamenti da sistemare',
  requests: 'Domande da decidere',
  links: 'Richieste di collegamento',
  arrivals: 'Trasferimenti da altri Comuni',
  'refused-transfers': 'Trasferimenti non accolti',
  diets: 'Diete da definire',
  'lapsed-diets': 'Diete scadute da poco',
  'lapsing-diets': 'Diete che finiscono',
  'pupils-without-code': 'Alunni senza codice fiscale',
  approvals: 'Comunicazioni da approvare',
  'failed-mails': 'Email non arrivate',
  refunds: 'Rimborsi da decidere',
  invoices: 'Fatture che aspettano un dato',
  'news-reviews': 'Notizie da rivedere',
  'document-reviews': 'Documenti da rivedere',
}

/** "3 domande da decidere" */
export const waitingWorkInWords = ({ kind, count }: Pick<WaitingWork, 'kind' | 'count'>): string =>
  italian(KINDS[kind], { n: count })

/** "3 domande da decidere e 1 dieta da definire", or that nothing waits. */
export const allWaitingInWords = (work: readonly WaitingWork[]): string =>
  work.length > 0 ? listInWords(work.map(waitingWorkInWords), 'it') : 'niente da sbrigare'
