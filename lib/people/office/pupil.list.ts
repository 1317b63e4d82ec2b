import { isUuid } from '#lib/kernel/uuid.ts'
import type { NamedView, OfficeList } from '#lib/lists/list.ts'

const isYearName = (text: string): boolean => /^\d{4}\/\d{4}$/.test(text)
const isCode = (text: string): boolean => /^[A-Z0-9-]{1,12}$/.test(text)

/** The fare filter's word for pupils who pay the full price. */
export const FULL_PRICE = 'intero'

/** The pupils, a line for each enrolment: a pupil who changes class has one before and one after that day. */
export const PUPIL_LIST: OfficeList = {
  key: 'alunni',
  title: 'Alunni',
  opens: 'pupils:list',
  columns: [
    { key: 'nome', label: 'Alunno', isSorted: true, onPhone: true },
    { key: 'classe', label: 'Classe', isSorted: true, onPhone: true },
    { key: 'scuola', label: 'Scuola', isSorted: true },
    { key: 'servizio', label: 'Servizio', isSorted: true },
    { key: 'dieta', label: 'Dieta', isSorted: true, onPhone: true, needs: 'diets:manage' },
    { key: 'fascia', label: 'Fascia', isSorted: true, needs: 'money:read' },
    { key: 'dal', label: 'Dal', kind: 'day', isSorted: true },
    { key: 'al', label: 'Al', kind: 'day', isSorted: true },
    { key: 'stato', label: 'Stato' },
    { key: 'famiglia', label: 'Famiglia', isSorted: true, isExtra: true, needs: 'household:manage' },
    { key: 'intestatario', label: 'Intestatario', isExtra: true, needs: 'household:manage' },
    { key: 'telefono', label: 'Telefono', isExtra: true, needs: 'household:manage' },
    {
      key: 'nascita',
      label: 'Data di nascita',
      kind: 'day',
      isSorted: true,
      isExtra: true,
      needs: 'household:manage',
    },
    { key: 'giorni', label: 'Giorni in cui mangia', isExtra: true, needs: 'household:manage' },
    { key: 'anno', label: 'Anno scolastico', isExtra: true },
  ],
  filters: [
    { key: 'cerca', label: 'Nome o cognome', kind: 'words' },
    { key: 'scuola', label: 'Scuola', kind: 'choice', isValue: isUuid },
    { key: 'classe', label: 'Classe', kind: 'words', hint: 'per esempio 3A' },
    { key: 'servizio', label: 'Servizio', kind: 'choice', isValue: isUuid },
    { key: 'dieta', label: 'Dieta', kind: 'choice', isValue: isCode, needs: 'diets:manage' },
    {
      key: 'fascia',
      label: 'Fascia',
      kind: 'choice',
      isValue: (text) => text === FULL_PRICE || isCode(text),
      needs: 'money:read',
    },
    { key: 'anno', label: 'Anno scolastico', kind: 'choice', isValue: isYearName },
    {
      key: 'codice',
      label: 'Codice fiscale',
      kind: 'choice',
      needs: 'household:manage',
      options: [
        { value: 'senza', label: 'Senza codice' },
        { value: 'con', label: 'Con un codice' },
      ],
    },
    {
      key: 'stato',
      label: 'Stato',
      kind: 'choice',
      initial: 'in-corso',
      options: [
        { value: 'in-corso', label: 'Iscritti oggi' },
        { value: 'futuro', label: 'Cominciano più avanti' },
        { value: 'finito', label: 'Finiti' },
      ],
    },
  ],
  sort: [{ key: 'nome', isDown: false }],
}

/** Ways to see the list that are there for all who open it. */
export const PUPIL_VIEWS: readonly NamedView[] = [
  { label: 'Iscritti oggi', query: '' },
  { label: 'Per classe', query: 'ordina=scuola&ordina=classe&ordina=nome' },
  { label: 'Cominciano più avanti', query: 'stato=futuro&ordina=dal&ordina=nome' },
  { label: 'Senza codice fiscale', query: 'codice=senza&stato=' },
]
