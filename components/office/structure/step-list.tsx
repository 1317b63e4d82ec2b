import { Icon } from '#components/ui/icon.tsx'
import type { TownStep } from '#lib/school/office/readiness.ts'

const stateOf = ({ isDone, isNeeded }: TownStep) => {
  if (isDone) return { icon: 'circle-check', words: 'Fatto', colour: 'text-success' } as const
  return isNeeded
    ? ({ icon: 'circle-alert', words: 'Manca', colour: 'text-danger' } as const)
    : ({ icon: 'info', words: 'Da completare', colour: 'text-info' } as const)
}

/** What a municipality has and lacks, each with the page that mends it. */
export function StepList({ steps, office }: { steps: readonly TownStep[]; office: string }) {
  return (
    <ol className="grid gap-4">
      {steps.map((step) => {
        const { icon, words, colour } = stateOf(step)
        return (
          <li key={step.key} className="flex items-start gap-3">
            <Icon name={icon} className={`mt-0.5 shrink-0 ${colour}`} />
            <div>
              <h3 className="text-base">
                <a href={`${office}/${step.room}`}>{step.title}</a>
                <span className={`ms-2 text-sm font-semibold ${colour}`}>{words}</span>
              </h3>
              <p>{step.words}</p>
            </div>
          </li>
        )
      })}
    </ol>
  )
}
