import type { Fields } from '#lib/kernel/form-merge.ts'
import type { KitchenWords } from '../kitchen.ts'

/** A kitchen as its form holds it. */
export const kitchenFields = ({ name, emails, phone }: KitchenWords): Fields => ({
  name,
  emails: emails.join(', '),
  phone,
})
