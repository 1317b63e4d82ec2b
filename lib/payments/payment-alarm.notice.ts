import type { Cents } from '#lib/kernel/money.ts'
import type { Said } from '#lib/notifications/notification.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import type { Words } from '#lib/words/language.ts'

/** Money that was taken twice, or that came back: what the payer is told when the portal learns it. */
export function paymentAlarmNotice(
  finding: 'surplus' | 'reversed',
  cents: Cents,
  isCredited: boolean,
  t: Words,
): Said {
  const amount = formatEuro(cents, t.language)
  if (finding === 'surplus')
    return {
      title: t('Un pagamento è stato preso due volte'),
      text: t(
        'Il gestore dei pagamenti ha preso {amount} in più: sul saldo la ricarica c’è una volta sola. L’ufficio lo vede e, quando lo sistema, te lo scrive. Non devi fare nulla.',
        { amount },
      ),
    }
  return {
    title: t('Un pagamento risulta restituito'),
    text: isCredited
      ? t(
          'Il gestore dei pagamenti dice che {amount} sono tornati sulla tua carta o sul tuo conto, ma la ricarica è ancora sul saldo. L’ufficio lo vede e, quando lo sistema, te lo scrive.',
          { amount },
        )
      : t(
          'Il gestore dei pagamenti dice che {amount} sono tornati sulla tua carta o sul tuo conto. Non abbiamo accreditato nulla.',
          { amount },
        ),
  }
}

/** The office has settled a payment. Its own words stand on the page of the payment. */
export const paymentSettledNotice = (t: Words): Said => ({
  title: t('L’ufficio ha sistemato un pagamento'),
  text: t('Nella pagina della ricarica leggi che cosa ha fatto.'),
})
