import type { Catalogue } from '../language.ts'

export const communicationsClient: Catalogue = {
  'Ho letto e preso atto': 'I have read this and take note',
  'Un momento…': 'One moment…',
}
