import { isUuid } from '#lib/kernel/uuid.ts'
import type { OfficeList } from '#lib/lists/list.ts'
import { LACKS } from '../completeness.ts'
import { isSubmissionState } from '../submission.ts'
import { AGES, LACKS_IN_WORDS, UNDECIDED } from './submission.address.ts'

/** The requests that families sent, those that wait longest first. */
export const QUEUE_LIST: OfficeList = {
  key: 'moduli/domande',
  title: 'Domande',
  opens: 'forms:manage',
  columns: [
    { key: 'protocollo', label: 'Protocollo', onPhone: true },
    { key: 'stato', label: 'Stato', onPhone: true },
    { key: 'nome', label: 'Per chi', isSorted: true, onPhone: true },
    { key: 'da', label: 'Da' },
    { key: 'manca', label: 'Manca' },
    { key: 'entro', label: 'Entro', isSorted: true },
    { key: 'modulo', label: 'Modulo' },
    { key: 'scuola', label: 'Scuola' },
    { key: 'inviata', label: 'Inviata', isSorted: true },
    { key: 'assegnata', label: 'Assegnata a' },
  ],
  filters: [
    { key: 'cerca', label: 'Nome o protocollo', kind: 'words' },
    {
      key: 'stato',
      label: 'Stato',
      kind: 'choice',
      initial: UNDECIDED,
      isValue: (text) => text === UNDECIDED || isSubmissionState(text),
    },
    { key: 'modulo', label: 'Modulo', kind: 'choice', isValue: isUuid },
    { key: 'scuola', label: 'Scuola', kind: 'choice', isValue: isUuid },
    {
      key: 'manca',
      label: 'Che cosa manca',
      kind: 'choice',
      options: [
        { value: 'niente', label: 'Complete' },
        ...LACKS.map((lack) => ({ value: LACKS_IN_WORDS[lack].address, label: LACKS_IN_WORDS[lack].words })),
      ],
    },
    {
      key: 'attesa',
      label: 'Aspetta da',
      kind: 'choice',
      options: AGES.map((days) => ({ value: String(days), label: `almeno ${days} giorni` })),
    },
    { key: 'mie', label: 'Assegnate', kind: 'choice', options: [{ value: 'si', label: 'a me' }] },
  ],
  sort: [{ key: 'inviata', isDown: false }],
}

/** The same of one form, which its address names already. */
export const QUEUE_OF_FORM: OfficeList = {
  ...QUEUE_LIST,
  columns: QUEUE_LIST.columns.filter(({ key }) => key !== 'modulo'),
  filters: QUEUE_LIST.filters.filter(({ key }) => key !== 'modulo'),
}
