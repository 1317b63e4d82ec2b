import { type AccessMethod, MethodCard } from './method-card.tsx'

/** SPID and CIE side by side, as on every screen from which one enters. */
export function MethodChoice({
  comune,
  ritorno,
  marks,
}: {
  comune: string
  ritorno: string | null
  /** Addresses of the official graphics, where the operator has put them. */
  marks: Readonly<Record<AccessMethod, string | null>>
}) {
  return (
    <div className="grid gap-6 md:grid-cols-2">
      {(['spid', 'cie'] as const).map((method) => (
        <MethodCard key={method} method={method} comune={comune} ritorno={ritorno} mark={marks[method]} />
      ))}
    </div>
  )
}
