import type { Cents } from '#lib/kernel/money.ts'
import { formatBalance, formatSignedEuro } from '#lib/words/format-money.ts'
import { useWords } from '#words'

/**
 * An amount of money: on one line, and isolated, so that among words that run from right to left sign, figures and € keep
 * their order.
 * @param signed with its plus too, for a movement
 */
export function Amount({ cents, signed = false }: { cents: Cents; signed?: boolean }) {
  const t = useWords()
  return (
    <bdi dir="ltr" className="whitespace-nowrap">
      {(signed ? formatSignedEuro : formatBalance)(cents, t.language)}
    </bdi>
  )
}
