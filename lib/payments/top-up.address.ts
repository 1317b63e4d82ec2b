import { isUuid } from '#lib/kernel/uuid.ts'
import { readFirst, type SearchParams } from '#lib/web/query-params.ts'
import type { TopUpMethod } from './gateway.ts'

/** What the address of the top-up page asks for, as typed; nothing is judged yet. */
export type AskedTopUp = {
  accountId: string | null
  meals: string
  amount: string
  method: TopUpMethod | null
  /** Something was asked: the recap or the reason why not is shown. */
  isAsked: boolean
}

const LONGEST = 40
const METHODS: Record<string, TopUpMethod> = { carta: 'card', mybank: 'mybank' }

/**
 * Reads `?conto=&pasti=&importo=&metodo=&rapida=` of the top-up page.
 * `rapida` is a button with a ready number of meals: it wins over what stands in the fields beside it.
 */
export function readTopUpAddress(query: SearchParams): AskedTopUp {
  const value = (name: string): string => (readFirst(query[name]) ?? '').slice(0, LONGEST)
  const quick = value('rapida')
  const account = value('conto').toLowerCase()
  const method = value('metodo')
  const asked = {
    accountId: isUuid(account) ? account : null,
    meals: quick || value('pasti').trim(),
    amount: quick ? '' : value('importo').trim(),
    method: Object.hasOwn(METHODS, method) ? (METHODS[method] ?? null) : null,
  }
  return { ...asked, isAsked: ['pasti', 'importo', 'rapida'].some((name) => query[name] !== undefined) }
}

const WORDS: Record<TopUpMethod, string> = { card: 'carta', mybank: 'mybank' }

/** The address that leads to the recap of this purchase. */
export const topUpAddress = (
  municipalitySlug: string,
  purchase: { accountId?: string; meals?: number; method?: TopUpMethod },
): string => {
  const query = new URLSearchParams()
  if (purchase.accountId) query.set('conto', purchase.accountId)
  if (purchase.meals) query.set('pasti', String(purchase.meals))
  if (purchase.method) query.set('metodo', WORDS[purchase.method])
  const text = query.toString()
  return `/${municipalitySlug}/pagamenti/ricarica${text ? `?${text}` : ''}`
}
