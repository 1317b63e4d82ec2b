import type { Said } from '#lib/notifications/notification.ts'
import type { Words } from '#lib/words/language.ts'
import type { LowBalance } from './low-balance.ts'

/** What the holder reads: no amount, because it goes by e-mail and on lock screens too. */
export const lowBalanceNotice = (low: LowBalance, t: Words): Said =>
  low === 'none'
    ? {
        title: t('Il saldo della mensa è finito'),
        text: t('Il saldo non basta più per un pasto. Ricarica appena puoi.'),
      }
    : {
        title: t('Il saldo della mensa sta per finire'),
        text: t('Restano pochi pasti. Puoi ricaricare dal portale quando vuoi.'),
      }
