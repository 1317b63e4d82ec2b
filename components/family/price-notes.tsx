import type { Cents } from '#lib/kernel/money.ts'
import type { ChildPrice, PriceVersion } from '#lib/tariffs/price.ts'
import { capitalised, fromDay, priceInWords } from '#lib/tariffs/price.words.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { useWords } from '#words'

/**
 * What the numbers of an account do not say by themselves: a price that changes, and a child that pays less than the step of
 * the top-ups. Nothing where everybody pays the full price and no other is decided.
 */
export function PriceNotes({
  mealPriceCents,
  nextPrice,
  prices,
}: {
  mealPriceCents: Cents
  nextPrice: PriceVersion | null
  prices: readonly ChildPrice[]
}) {
  const t = useWords()
  const reduced = prices.filter(({ now }) => now.bandCode !== null)
  const changing = prices.filter(({ next }) => next !== null && next.bandCode !== null)
  const coming = prices.filter(
    ({ now, next }) => now.bandCode !== null && next !== null && next.bandCode === null,
  )
  if (!nextPrice && reduced.length === 0 && changing.length === 0) return null
  const step = formatEuro(mealPriceCents, t.language)
  return (
    <div className="mt-4 mb-6 grid gap-2 border-s-4 border-info ps-4">
      {reduced.map(({ pupilId, name, now }) => (
        <p key={pupilId}>
          {now.cents === 0
            ? t('Il pasto di {name} è gratuito (fascia {band}).', { name, band: now.bandCode ?? '' })
            : t('Il pasto di {name} costa {price} (fascia {band}).', {
                name,
                price: priceInWords(now.cents, t),
                band: now.bandCode ?? '',
              })}
        </p>
      ))}
      {[...changing, ...coming].map(({ pupilId, name, next }) => (
        <p key={`${pupilId}-poi`}>
          {next &&
            t(
              next.cents === 0
                ? '{when} il pasto di {name} è gratuito.'
                : '{when} il pasto di {name} costa {price}.',
              {
                when: capitalised(fromDay(next.from, t)),
                name,
                price: formatEuro(next.cents, t.language),
              },
            )}
        </p>
      ))}
      {(reduced.length > 0 || changing.length > 0) && (
        <p>
          {t(
            'La ricarica resta un multiplo del prezzo intero ({step}); ogni giorno togliamo dal saldo il prezzo di ciascun figlio.',
            { step },
          )}
        </p>
      )}
      {nextPrice && (
        <p>
          {t('{when} il prezzo intero del pasto è {price}.', {
            when: capitalised(fromDay(nextPrice.validFrom, t)),
            price: formatEuro(nextPrice.priceCents, t.language),
          })}{' '}
          {t('Una ricarica ordinata prima e pagata dopo non cambia importo.')}
        </p>
      )}
    </div>
  )
}
