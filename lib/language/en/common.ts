import type { Catalogue } from '../language.ts'

export const common: Catalogue = {
  Lingua: 'Language',
  'Vai al contenuto principale': 'Skip to main content',
  'Vai al piè di pagina': 'Skip to footer',
}
