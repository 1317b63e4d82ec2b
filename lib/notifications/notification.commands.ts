import 'server-only'
import { sql } from 'kysely'
import { asFamily, database, type Trx } from '#db/client.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { BUDGETS } from '#lib/kernel/budgets.ts'
import { env } from '#lib/kernel/env.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { LANGUAGES, type Language } from '#lib/words/language.ts'
import { ORIGINAL, TRANSLATED } from '#lib/words/locales.ts'
import { withoutIsolates } from '#lib/words/written.ts'
import { choicesFrom } from './choices.ts'
import { choicesOf } from './notification.queries.ts'
import { mailOf, pushOf, ruleOf, type Sender, type Told } from './notification.ts'
import { isPushService } from './push-service.ts'

/** People told in one statement: a whole municipality stays within the time-out of a statement. */
const AT_ONCE = 5_000

/**
 * Tells people something, in the transaction of the change: a row in each person's inbox and, by their choices and
 * quiet hours, the e-mail and push deliveries in the language of each. The same key reaches the same person once, however often it is used.
 * @returns how many people were told now
 */
export async function notify(trx: Trx, municipalityId: string, told: Told): Promise<number> {
  const people = [...new Set(told.to)].sort()
  if (people.length === 0) return 0
  const message = JSON.stringify(await payloadOf(trx, municipalityId, told))
  let count = 0
  for (let from = 0; from < people.length; from += AT_ONCE) {
    const { rows } = await sql<{ told: number }>`
      select notify_people(${municipalityId}::uuid, ${people.slice(from, from + AT_ONCE)}::uuid[], ${message}::jsonb) as told`.execute(
      trx,
    )
    count += rows[0]?.told ?? 0
  }
  return count
}

/** The values of a notification for the database, without its recipients. */
async function payloadOf(trx: Trx, municipalityId: string, told: Told) {
  const { rows } = await sql<{ name: string; slug: string; today: string }>`
    select name, slug, app_today() as today from municipality where id = ${municipalityId}`.execute(trx)
  const municipality = rows[0] as { name: string; slug: string; today: string }
  const rule = ruleOf(told.event)
  const said = saidInEach(told, { ...municipality, origin: env().PUBLIC_ORIGIN })
  return {
    event: told.event,
    key: told.key,
    said,
    original: ORIGINAL,
    // The inbox marks what a person wrote, because the rest may be in another language.
    translations: Object.fromEntries(
      TRANSLATED.map((language) => [language, { title: said[language].title, text: said[language].text }]),
    ),
    path: told.path,
    money: rule.about === 'money' ? (told.money ?? { households: [] }) : null,
    urgent: told.urgent ?? rule.urgent,
    mail: rule.mail !== 'never' && rule.defaults.email,
    mailAlways: rule.mail === 'always',
    push: rule.defaults.push,
    batch: rule.toMany
      ? { key: told.key, event: told.event, title: said[ORIGINAL].title, communication: told.communication }
      : { key: `${told.event}:${municipality.today}`, event: told.event },
  }
}

/** The text in each language, rendered once for any number of people: the database picks each person's. */
function saidInEach(told: Told, sender: Sender) {
  const inLanguage = (language: Language) => {
    const t = wordsIn(language)
    const said = told.say(t)
    const mail = mailOf(said, told.path, sender, t)
    const push = pushOf(told.event, said, t)
    const keep = language === ORIGINAL ? withoutIsolates : (text: string) => text
    return {
      title: keep(said.title),
      text: keep(said.text),
      // The database puts each person's name in place of {name}.
      greeting: said.mail ? '' : `${t('Ciao {name},')}\n\n`,
      mailSubject: mail.subject,
      mailText: mail.text,
      pushTitle: push.title,
      pushText: push.text,
    }
  }
  return Object.fromEntries(LANGUAGES.map((language) => [language, inLanguage(language)])) as Record<
    Language,
    ReturnType<typeof inLanguage>
  >
}

/**
 * The adults who may hear of these pupils now: holders and delegates. A family asks about its own pupils only.
 * @param householdId only those of this household: a pupil may eat on some days at the expense of a second one
 * @returns ids of `person`
 */
export async function adultsOfPupils(
  trx: Trx,
  municipalityId: string,
  pupilIds: readonly string[],
  householdId: string | null = null,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct person_id as id from adults_of_pupils(${municipalityId}::uuid, ${[...pupilIds]}::uuid[])
    where ${householdId}::uuid is null or household_id = ${householdId}::uuid`.execute(trx)
  return rows.map(({ id }) => id)
}

/** Marks one of the viewer's notifications as read, but for a look of the office. @returns where it leads, below the municipality's address; null when it is not theirs */
export async function openNotification(viewer: Viewer, id: string): Promise<string | null> {
  if (!allowedToFamily(viewer, 'notifications:read')) return null
  const opened = await asFamily(viewer, (trx) =>
    viewer.look ? pathOf(trx, viewer, id) : markAsRead(trx, viewer, id),
  )
  return opened?.path ?? null
}

const pathOf = (trx: Trx, viewer: Viewer, id: string) =>
  trx
    .selectFrom('notification')
    .select('path')
    .where('municipality_id', '=', viewer.municipalityId)
    .where('person_id', '=', viewer.personId)
    .where('id', '=', id)
    .executeTakeFirst()

const markAsRead = (trx: Trx, viewer: Viewer, id: string) =>
  trx
    .updateTable('notification')
    .set({ read_at: sql<Date>`coalesce(read_at, app_now())` })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('person_id', '=', viewer.personId)
    .where('id', '=', id)
    .returning('path')
    .executeTakeFirst()

/** Marks everything in the viewer's inbox as read. */
export async function readEverything(viewer: Viewer): Promise<Result<null>> {
  if (!allowedToFamily(viewer, 'notifications:read')) return refused('request:not-found')
  await asFamily(viewer, (trx) =>
    trx
      .updateTable('notification')
      .set({ read_at: sql<Date>`app_now()` })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('person_id', '=', viewer.personId)
      .where('read_at', 'is', null)
      .execute(),
  )
  return ok(null)
}

export type Choices = {
  /** Names of the ticked boxes. */
  ticked: string[]
  isQuiet: boolean
  quietFrom: string
  quietTo: string
  /** Of a holder; undefined leaves what was. */
  lowBalanceMeals: number | undefined
}

/** Keeps what the viewer wants to hear of, and how. What the form did not show stays as it was. */
export async function saveChoices(viewer: Viewer, wish: Choices): Promise<Result<null>> {
  const shown = await choicesOf(viewer)
  if (!shown) return refused('request:not-found')
  const choices = { ...shown.stored.choices, ...choicesFrom(shown.events, wish.ticked) }
  const lowBalanceMeals = shown.isHolder
    ? (wish.lowBalanceMeals ?? shown.stored.lowBalanceMeals)
    : shown.stored.lowBalanceMeals
  await asFamily(viewer, async (trx) => {
    await sql`
      insert into notification_choice (municipality_id, person_id, choices, is_quiet, quiet_from, quiet_to, low_balance_meals)
      values (${viewer.municipalityId}, ${viewer.personId}, ${JSON.stringify(choices)}::jsonb, ${wish.isQuiet},
        ${wish.quietFrom}::time, ${wish.quietTo}::time, ${lowBalanceMeals})
      on conflict (municipality_id, person_id) do update set choices = excluded.choices, is_quiet = excluded.is_quiet,
        quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, low_balance_meals = excluded.low_balance_meals,
        changed_at = app_now()`.execute(trx)
    await recordAudit(trx, viewer, {
      action: 'notifications:chosen',
      objectType: 'person',
      objectId: viewer.personId,
    })
  })
  return ok(null)
}

export const MOST_PUSH_DEVICES = 10

/** Lets a browser of the viewer receive push messages. Its address comes from the browser: only known services are accepted. */
export async function subscribeDevice(
  viewer: Viewer,
  { endpoint, p256dh, auth, name }: { endpoint: string; p256dh: string; auth: string; name: string },
): Promise<Result<null>> {
  const shown = await choicesOf(viewer)
  if (!shown?.pushKey) return refused('request:not-found')
  if (!isPushService(endpoint, env().PUSH_SERVICES)) return refused('notifications:unknown-service')
  if (shown.devices.length >= MOST_PUSH_DEVICES)
    return refused('notifications:too-many-devices', { n: MOST_PUSH_DEVICES })
  return asFamily(viewer, async (trx) => {
    const { rows } = await sql<{ id: string }>`
      select keep_push_subscription(${endpoint}, ${p256dh}, ${auth}, ${name.slice(0, 80)}) as id`.execute(trx)
    await recordAudit(trx, viewer, {
      action: 'notifications:device-added',
      objectType: 'push_subscription',
      objectId: rows[0]?.id ?? '',
    })
    return ok(null)
  })
}

type Address = { endpoint: string; keys: { auth: string } }

/**
 * A browser that receives at another address from now on, as it says itself. Its old address and the secret of that one
 * prove that it is the same browser; the new one must be of a known service too.
 * @returns whether a device was found
 */
export async function renewDevice({
  old,
  made,
}: {
  old: Address
  made: Address & { keys: { p256dh: string } }
}): Promise<boolean> {
  if (!isPushService(made.endpoint, env().PUSH_SERVICES)) return false
  const { rows } = await sql<{ renewed: number }>`
    select renew_push_subscription(${old.endpoint}, ${old.keys.auth}, ${made.endpoint}, ${made.keys.p256dh},
      ${made.keys.auth}) as renewed`.execute(database())
  return (rows[0]?.renewed ?? 0) > 0
}

/** Removes a device: nothing is sent there any more, waiting messages included. */
export async function removePushDevice(viewer: Viewer, id: string): Promise<Result<null>> {
  if (!allowedToFamily(viewer, 'notifications:read')) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    const removed = await trx
      .updateTable('push_subscription')
      .set({ ended_at: sql<Date>`app_now()`, end_reason: 'revoked' })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('person_id', '=', viewer.personId)
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!removed) return refused('request:not-found')
    await recordAudit(trx, viewer, {
      action: 'notifications:device-removed',
      objectType: 'push_subscription',
      objectId: id,
    })
    return ok(null)
  })
}

/** Sends the viewer a test message on every channel that they have: it ignores choices and quiet hours, because they asked for it now. */
export async function tryNotifications(viewer: Viewer): Promise<Result<null>> {
  if (!allowedToFamily(viewer, 'notifications:read')) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    const { rows } = await sql<{ lately: number; ever: number }>`
      select count(*)::int as ever, (count(*) filter (where created_at > app_now() - interval '1 hour'))::int as lately
      from notification where municipality_id = ${viewer.municipalityId} and person_id = ${viewer.personId}
        and event = 'notification:tried'`.execute(trx)
    const { lately, ever } = rows[0] ?? { lately: 0, ever: 0 }
    if (lately >= BUDGETS['notifications:try'].most) return refused('notifications:too-many-tries')
    await notify(trx, viewer.municipalityId, {
      event: 'notification:tried',
      key: `tried:${viewer.personId}:${ever + 1}`,
      to: [viewer.personId],
      say: (t) => ({
        title: t('Prova: le notifiche funzionano'),
        text: t('È la prova che hai chiesto tu. Se la leggi, da qui ti arriveranno anche le altre.'),
      }),
      path: '/profilo/notifiche',
    })
    return ok(null)
  })
}
