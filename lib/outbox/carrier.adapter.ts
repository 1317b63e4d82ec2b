import { env, hasSms } from '#lib/kernel/env.ts'
import { choicesUrl, isEventName, ruleOf } from '#lib/notifications/notification.ts'
import { isPushService } from '#lib/notifications/push-service.ts'
import type { Attempt, Carrier, Delivery, MailFile } from './delivery.ts'
import { MailLane } from './mail.adapter.ts'
import { mailHtml } from './mail-html.ts'
import { NotSent } from './not-sent.ts'
import { type PushKeys, sendPush } from './push.adapter.ts'
import { pushPayload } from './push.ts'
import { afterMailFailure, afterPushFailure, afterSmsFailure, isStaleSms, type SendFailure } from './retry.ts'
import { type SmsGateway, sendSms, smsGateway } from './sms.adapter.ts'

/**
 * Carries mails over one connection to the mail server.
 * @param filesOf what leaves with a mail beside its text
 */
export function mailCarrier(filesOf: (delivery: Delivery) => Promise<MailFile[]>): Carrier {
  const lane = new MailLane(env().SMTP_URL)
  return {
    carry: async (delivery) => carryMail(lane, delivery, await filesOf(delivery)),
    close: () => lane.close(),
  }
}

/** Posts messages to the push services of browsers. */
export const pushCarrier = (keys: PushKeys): Carrier => ({
  carry: (delivery) => carryPush(keys, delivery),
  close: () => undefined,
})

/** Hands SMS to the gateway, if one is configured. */
export function smsCarrier(): Carrier {
  const open = hasSms() ? smsGateway() : null
  return { carry: (delivery) => carryText(open, delivery), close: () => undefined }
}

async function carryMail(lane: MailLane, delivery: Delivery, attachments: MailFile[]): Promise<Attempt> {
  const { id, recipient, subject, body_text: text, language } = delivery
  try {
    await lane.send({
      from: env().MAIL_FROM,
      to: recipient,
      subject,
      text,
      html: mailHtml({ subject, text, language }),
      attachments,
      messageId: `<${id}@${new URL(env().PUBLIC_ORIGIN).hostname}>`,
      headers: {
        'Auto-Submitted': 'auto-generated',
        'Content-Language': language,
        ...unsubscribeHeader(delivery),
      },
    })
    return { next: { kind: 'over', outcome: 'sent' } }
  } catch (error) {
    if (!(error instanceof NotSent)) throw error
    const { failure } = error
    return {
      failure,
      next: afterMailFailure(failure, { attempts: delivery.attempts, ageMs: delivery.age_ms }),
    }
  }
}

/** The address of the choices, in a mail that a person may choose not to get; a security notice has none. */
function unsubscribeHeader({ event, slug, municipality }: Delivery): Record<string, string> {
  if (!event || !isEventName(event) || ruleOf(event).mail !== 'choice') return {}
  return { 'List-Unsubscribe': `<${choicesUrl({ slug, name: municipality, origin: env().PUBLIC_ORIGIN })}>` }
}

async function carryPush(keys: PushKeys, delivery: Delivery): Promise<Attempt> {
  const { id, endpoint, p256dh, auth, slug, path, event } = delivery
  if (!endpoint || !p256dh || !auth || !delivery.is_open)
    return refusedPush({ message: 'the device was taken away', code: 'EREVOKED' })
  if (!isPushService(endpoint, env().PUSH_SERVICES))
    return refusedPush({ message: 'not a push service that we know', code: 'ESERVICE' })
  const url = `${env().PUBLIC_ORIGIN}/${slug}${path ?? '/notifiche'}`
  const { subject: title, body_text: text, language } = delivery
  const payload = pushPayload({ title, text, language, url, tag: id })
  const urgent = event !== null && isEventName(event) && ruleOf(event).urgent
  try {
    await sendPush({ endpoint, p256dh, auth }, payload, { keys, urgent })
    return { next: { kind: 'over', outcome: 'sent' } }
  } catch (error) {
    if (!(error instanceof NotSent)) return refusedPush({ message: String(error), code: 'EKEYS' })
    const { failure } = error
    return {
      failure,
      next: afterPushFailure(failure, { attempts: delivery.attempts, ageMs: delivery.age_ms }),
    }
  }
}

async function carryText(open: SmsGateway | null, delivery: Delivery): Promise<Attempt> {
  const { id, recipient, body_text: text, attempts, age_ms: ageMs } = delivery
  if (isStaleSms(ageMs))
    return { failure: { message: 'too late', code: 'ESTALE' }, next: { kind: 'over', outcome: 'given_up' } }
  try {
    if (!open) throw new NotSent({ message: 'no gateway is configured', code: 'ENOGATEWAY' })
    await sendSms(open, { id, to: recipient, text })
    return { next: { kind: 'over', outcome: 'sent' } }
  } catch (error) {
    if (!(error instanceof NotSent)) throw error
    const { failure } = error
    return { failure, next: afterSmsFailure(failure, { attempts, ageMs }) }
  }
}

const refusedPush = (failure: SendFailure): Attempt => ({
  failure,
  next: { kind: 'over', outcome: 'refused' },
})
