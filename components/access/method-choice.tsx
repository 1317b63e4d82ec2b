import { type AccessMethod, MethodCard } from './method-card.tsx'

/**
 * SPID and CIE, as on every screen from which one enters.
 * @param stacked one under the other, where they stand beside something else
 * @param isKnown for a person who has just signed in with one of them: only the two buttons
 */
export function MethodChoice({
  municipalitySlug,
  returnPath,
  logos,
  stacked = false,
  isKnown = false,
}: {
  municipalitySlug: string
  returnPath: string | null
  /** Addresses of the official graphics, where the operator has put them. */
  logos: Readonly<Record<AccessMethod, string | null>>
  stacked?: boolean
  isKnown?: boolean
}) {
  return (
    <div className={`grid gap-6 ${stacked ? '' : 'md:grid-cols-2'}`}>
      {(['spid', 'cie'] as const).map((method) => (
        <MethodCard
          key={method}
          method={method}
          municipalitySlug={municipalitySlug}
          returnPath={returnPath}
          logo={logos[method]}
          isKnown={isKnown}
        />
      ))}
    </div>
  )
}
