import {
  type DeliveryBatch,
  type DeliveryCounts,
  STATE_WORDS,
  sumOfCounts,
} from '#lib/outbox/office/delivery-batch.ts'

const NUMBER = new Intl.NumberFormat('it-IT')
const CHANNELS = [
  ['email', 'E-mail'],
  ['push', 'Dispositivi'],
  ['sms', 'SMS'],
] as const
const STATES = Object.keys(STATE_WORDS) as (keyof DeliveryCounts)[]

/** How many deliveries of a batch stand where, channel by channel; the rows add up. */
export function DeliveryCountsTable({ batch }: { batch: DeliveryBatch }) {
  return (
    <dl className="grid content-center gap-1">
      <div>
        <dt className="inline font-semibold text-ink">Nel portale: </dt>
        <dd className="inline">{NUMBER.format(batch.told)}</dd>
      </div>
      {CHANNELS.map(([channel, name]) => {
        const counts = batch[channel]
        const all = sumOfCounts(counts)
        if (all === 0) return null
        return (
          <div key={channel} className="flex flex-wrap gap-x-4">
            <dt className="font-semibold text-ink">
              {name}: {NUMBER.format(all)}
            </dt>
            <dd>
              <ul className="flex flex-wrap gap-x-4">
                {STATES.filter((state) => counts[state] > 0).map((state) => (
                  <li
                    key={state}
                    className={state === 'sent' || state === 'waiting' ? '' : 'font-semibold text-danger'}
                  >
                    {STATE_WORDS[state]}: {NUMBER.format(counts[state])}
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
