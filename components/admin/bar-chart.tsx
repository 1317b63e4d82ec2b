type Bar = { label: string; value: number; words: string }

const [WIDTH, ROW, LABEL] = [640, 34, 150]

/** Horizontal bars drawn on the server, each with its number in words; the table beside holds the same. */
export function BarChart({ title, bars }: { title: string; bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map((bar) => bar.value))
  const room = WIDTH - LABEL - 80
  return (
    <figure>
      <svg
        viewBox={`0 0 ${WIDTH} ${bars.length * ROW}`}
        role="img"
        aria-label={`${title}: ${bars.map((bar) => `${bar.label} ${bar.words}`).join(', ')}`}
        className="h-auto w-full max-w-3xl text-[15px]"
      >
        {bars.map((bar, index) => {
          const top = index * ROW
          const width = (bar.value / most) * room
          return (
            <g key={bar.label}>
              <text x={LABEL - 10} y={top + 22} textAnchor="end" className="fill-ink">
                {bar.label}
              </text>
              <rect x={LABEL} y={top + 6} width={width} height={ROW - 12} rx={3} className="fill-primary" />
              <text x={LABEL + width + 8} y={top + 22} className="fill-ink font-semibold">
                {bar.words}
              </text>
            </g>
          )
        })}
      </svg>
    </figure>
  )
}
