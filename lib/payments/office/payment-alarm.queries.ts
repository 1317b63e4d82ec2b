import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { PaymentAlarm } from './payment-alarm.ts'

export type PaymentDesk = { open: PaymentAlarm[]; settled: PaymentAlarm[] }

/** Settled ones stay in sight for so long. */
const SETTLED_DAYS = 90
const MOST = 500

/** What was found in payments: what is open, the oldest first, and what was settled lately. Null for who may not adjust money. */
export async function paymentDesk(viewer: Viewer): Promise<PaymentDesk | null> {
  if (!allowedToStaff(viewer, 'money:adjust')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<PaymentAlarm>`
      select a.id, a.finding, a.cents, a.raised_at as "raisedAt", a.settled_at as "settledAt", s.full_name as "settledBy", a.note,
        p.full_name as "payerName", t.household_id as "householdId", h.name as "householdName", t.id as "topUpId", t.order_id as "orderId",
        t.meals * t.unit_cents as "amountCents", t.method, t.state, t.created_at as "startedAt", i.number_text as "invoiceNumber"
      from payment_alarm a
      join top_up t on t.municipality_id = ${municipalityId} and t.id = a.top_up_id
      join person p on p.municipality_id = ${municipalityId} and p.id = t.payer_id
      join household h on h.municipality_id = ${municipalityId} and h.id = t.household_id
      left join person s on s.municipality_id = ${municipalityId} and s.id = a.settled_by
      left join invoice i on i.municipality_id = ${municipalityId} and i.top_up_id = t.id
      where a.municipality_id = ${municipalityId}
        and (a.settled_at is null or a.settled_at > app_now() - make_interval(days => ${SETTLED_DAYS}))
      order by a.settled_at is not null, a.settled_at desc, a.raised_at, a.id
      limit ${MOST}`.execute(trx)
    if (rows.length > 0)
      await recordAudit(trx, viewer, {
        action: 'top-up:alarms-read',
        objectType: 'municipality',
        objectId: municipalityId,
      })
    return {
      open: rows.filter(({ settledAt }) => settledAt === null),
      settled: rows.filter(({ settledAt }) => settledAt !== null),
    }
  })
}

/** How many payments wait for the office; zero for who may not adjust money. */
export async function openAlarms(viewer: Viewer): Promise<number> {
  if (!allowedToStaff(viewer, 'money:adjust')) return 0
  const { n } = await asStaff(viewer, (trx) =>
    trx
      .selectFrom('payment_alarm')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('municipality_id', '=', viewer.municipalityId)
      .where('settled_at', 'is', null)
      .executeTakeFirstOrThrow(),
  )
  return n
}
