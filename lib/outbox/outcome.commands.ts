import 'server-only'
import { sql } from 'kysely'
import { asSystem, type Trx } from '#db/client.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import type { Attempt, Carried, Delivery } from './delivery.ts'
import { isBadAddress } from './mail.ts'
import { isGone } from './push.ts'
import type { SendFailure } from './retry.ts'

/** Stores how the attempts of a batch ended, and what that says of addresses, devices and codes. */
export async function settle(
  municipalityId: string,
  channel: Carried,
  done: readonly [Delivery, Attempt][],
): Promise<void> {
  const ends = done.map(([{ id }, { next, failure }]) => ({
    id,
    outcome: next.kind === 'over' ? next.outcome : null,
    pauseMs: next.kind === 'over' ? null : next.pauseMs,
    uncounted: next.kind === 'over' || (next.kind === 'later' && next.counts) ? 0 : 1,
    error: failure ? wordsOf(failure) : null,
  }))
  const column = <K extends keyof (typeof ends)[number]>(name: K) => ends.map((end) => end[name])
  await asSystem(municipalityId, async (trx) => {
    await sql`
      update outbox o set
        outcome = e.outcome, sending_since = null, attempts = o.attempts - e.uncounted,
        sent_at = case when e.outcome = 'sent' then app_now() end,
        due_at = app_now() + e.pause_ms * interval '1 millisecond',
        last_error = coalesce(e.error, case when e.outcome = 'sent' then null else o.last_error end),
        body_text = case when o.secret and e.outcome is not null then '' else o.body_text end
      from unnest(${column('id')}::uuid[], ${column('outcome')}::text[], ${column('pauseMs')}::int[],
        ${column('uncounted')}::int[], ${column('error')}::text[]) as e (id, outcome, pause_ms, uncounted, error)
      where o.municipality_id = ${municipalityId} and o.id = e.id`.execute(trx)
    for (const [delivery, { failure }] of done) {
      if (failure && isBadAddress(failure)) await markAddress(trx, municipalityId, delivery)
      if (failure && delivery.push_subscription_id && isGone(failure))
        await endSubscription(trx, municipalityId, delivery.push_subscription_id)
    }
    if (channel === 'sms') await markUndelivered(trx, municipalityId, done)
    const pushed = done.filter(([, { next }]) => next.kind === 'over' && next.outcome === 'sent')
    await markUsed(trx, municipalityId, pushed)
  })
}

const wordsOf = ({ code, command, responseCode, response }: SendFailure): string =>
  [code, command, responseCode, response && /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(response)?.[0]]
    .filter(Boolean)
    .join(' ') || 'no answer'

/** The address of this person refuses for good: the portal says so, and writes there no more. */
async function markAddress(
  trx: Trx,
  municipalityId: string,
  { person_id: personId, recipient }: Delivery,
): Promise<void> {
  if (!personId) return
  const marked = await trx
    .updateTable('person')
    .set({ refused_email: recipient })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', personId)
    .where('email', '=', recipient)
    .where(sql<boolean>`refused_email is distinct from ${recipient}`)
    .returning('id')
    .executeTakeFirst()
  if (!marked) return
  await notify(trx, municipalityId, {
    event: 'contact:refused',
    key: `contact-refused:${personId}:${recipient}`,
    to: [personId],
    say: (t) => ({
      title: t('La tua e-mail non riceve i nostri messaggi'),
      text: t(
        'Il suo server li rifiuta: forse l’indirizzo è scritto male o non esiste più. Finché non lo cambi, i messaggi li trovi solo qui.',
      ),
    }),
    path: '/profilo',
  })
}

const endSubscription = (trx: Trx, municipalityId: string, id: string) =>
  trx
    .updateTable('push_subscription')
    .set({ ended_at: sql<Date>`app_now()`, end_reason: 'gone' })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()

/** Marks codes that certainly did not leave: the person reads it beside the number. */
async function markUndelivered(
  trx: Trx,
  municipalityId: string,
  done: readonly [Delivery, Attempt][],
): Promise<void> {
  const ids = done.flatMap(([{ id }, { next }]) =>
    next.kind === 'over' && (next.outcome === 'refused' || next.outcome === 'given_up') ? [id] : [],
  )
  if (ids.length === 0) return
  await sql`
    update phone_change c set undelivered_at = app_now()
    from outbox o
    where o.municipality_id = ${municipalityId} and o.id = any(${ids}::uuid[])
      and c.municipality_id = ${municipalityId} and c.id = o.phone_change_id`.execute(trx)
}

async function markUsed(trx: Trx, municipalityId: string, sent: [Delivery, Attempt][]): Promise<void> {
  const ids = sent.flatMap(([{ push_subscription_id: id }]) => (id ? [id] : []))
  if (ids.length === 0) return
  await trx
    .updateTable('push_subscription')
    .set({ last_sent_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', municipalityId)
    .where('id', 'in', ids)
    .execute()
}
