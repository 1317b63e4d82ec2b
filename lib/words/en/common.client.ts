import type { Catalogue } from '../language.ts'

export const commonClient: Catalogue = {
  Stampa: 'Print',
}
