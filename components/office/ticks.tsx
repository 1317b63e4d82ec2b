import type { ReactNode } from 'react'

/** A group of boxes of which any number may be ticked, each sent under the same name. */
export function Ticks({
  legend,
  name,
  ticked,
  choices,
}: {
  legend: string
  name: string
  ticked: readonly string[]
  choices: readonly { code: string; words: ReactNode }[]
}) {
  return (
    <fieldset>
      <legend className="mb-2 font-semibold text-ink">{legend}</legend>
      <div className="grid gap-x-6 sm:grid-cols-2">
        {choices.map(({ code, words }) => (
          <label key={code} className="flex min-h-11 items-center gap-3">
            <input
              type="checkbox"
              name={name}
              value={code}
              defaultChecked={ticked.includes(code)}
              className="size-6 shrink-0 accent-primary"
            />
            {words}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
