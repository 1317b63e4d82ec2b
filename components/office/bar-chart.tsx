type Bar = { label: string; value: number; words: string }

const FULL = 100

/** Horizontal bars drawn on the server, each with its number in words beside it: readable on a phone and on paper. */
export function BarChart({ title, bars }: { title: string; bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map((bar) => bar.value))
  return (
    <ul aria-label={title} className="grid max-w-3xl gap-2">
      {bars.map((bar) => (
        <li
          key={bar.label}
          className="grid grid-cols-[7.5rem_1fr_4.5rem] items-center gap-3 sm:grid-cols-[9rem_1fr_5rem]"
        >
          <span className="text-end">{bar.label}</span>
          <svg
            viewBox={`0 0 ${FULL} 10`}
            preserveAspectRatio="none"
            aria-hidden="true"
            className="h-5 w-full"
          >
            <rect width={(bar.value / most) * FULL} height={10} className="fill-primary" />
          </svg>
          <strong className="text-ink">{bar.words}</strong>
        </li>
      ))}
    </ul>
  )
}
