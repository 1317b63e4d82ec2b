/** The shape of what is coming, at its size, so that nothing jumps when it arrives. */
export function Skeleton({ className = 'h-6' }: { className?: string }) {
  return <div aria-hidden="true" className={`animate-pulse rounded bg-line ${className}`} />
}

/** A page on its way: a heading and a few sheets, and a sentence for who listens. */
export function PageSkeleton({ cards = 2 }: { cards?: number }) {
  return (
    <div aria-busy="true">
      <p role="status" className="sr-only">
        Caricamento in corso…
      </p>
      <Skeleton className="mb-3 h-10 w-64 max-w-full" />
      <Skeleton className="mb-8 h-6 w-96 max-w-full" />
      <div className="grid gap-4">
        {Array.from({ length: cards }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: identical and still.
          <Skeleton key={index} className="h-44" />
        ))}
      </div>
    </div>
  )
}
