/** The regimes that the invoice format knows, each with what the tax office calls it; RF03 no longer exists. */
export const TAX_REGIMES = {
  RF01: 'Ordinario',
  RF02: 'Contribuenti minimi',
  RF04: 'Agricoltura, attività connesse e pesca',
  RF05: 'Vendita di sali e tabacchi',
  RF06: 'Commercio di fiammiferi',
  RF07: 'Editoria',
  RF08: 'Gestione di servizi di telefonia pubblica',
  RF09: 'Rivendita di documenti di trasporto e di sosta',
  RF10: 'Intrattenimenti e giochi',
  RF11: 'Agenzie di viaggi e turismo',
  RF12: 'Agriturismo',
  RF13: 'Vendite a domicilio',
  RF14: 'Beni usati, oggetti d’arte e d’antiquariato',
  RF15: 'Agenzie di vendita all’asta',
  RF16: 'IVA per cassa verso la pubblica amministrazione',
  RF17: 'IVA per cassa',
  RF18: 'Altro',
  RF19: 'Forfettario',
  RF20: 'Transfrontaliero di franchigia',
} as const

export type TaxRegime = keyof typeof TAX_REGIMES

export const isTaxRegime = (text: string): text is TaxRegime => Object.hasOwn(TAX_REGIMES, text)
