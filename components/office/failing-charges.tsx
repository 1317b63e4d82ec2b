import { Notice } from '#components/ui/notice.tsx'
import type { FailingCharge } from '#lib/kitchen/charge.ts'
import { longDay } from '#lib/words/format-day.ts'

/** A fault in everything fails every school: the first ones say enough. */
const MOST = 10

/** Charges of closed days that failed, of any day: the worker tries again, and a person must hear of it. */
export function FailingCharges({ path, failing }: { path: string; failing: readonly FailingCharge[] }) {
  if (failing.length === 0) return null
  return (
    <div className="mb-6">
      <Notice kind="error" title="Addebiti non riusciti">
        <p>
          I pasti sono contati, ma non sono ancora sui conti delle famiglie. Il portale riprova da solo; se
          dura più di qualche minuto, avvisa l’assistenza.
        </p>
        <ul className="mt-2 list-disc ps-5">
          {failing.slice(0, MOST).map(({ serviceDayId, day, schoolName, failures }) => (
            <li key={serviceDayId}>
              <a href={`${path}?giorno=${day}`}>
                {schoolName}, {longDay(day)}
              </a>{' '}
              ({failures === 1 ? 'un tentativo' : `${failures} tentativi`})
            </li>
          ))}
          {failing.length > MOST && <li>e altri {failing.length - MOST}</li>}
        </ul>
      </Notice>
    </div>
  )
}
