import { type Phrase, phrase } from '#lib/words/language.ts'
import { CHANNELS, type Channel, type EventName, isEventName, ruleOf } from './notification.ts'

/** What a person chose: event → channel → yes or no. What is not named follows the event's defaults. */
export type StoredChoices = {
  choices: Record<string, Partial<Record<Channel, boolean>>>
  isQuiet: boolean
  /** `HH:MM`, the wall clock in Italy. */
  quietFrom: string
  quietTo: string
  /** The number of meals left below which a holder wants a notification. */
  lowBalanceMeals: number
}

export type DeviceLine = {
  id: string
  name: string
  since: Date
  lastSentAt: Date | null
  fingerprint: string
}

export type ChoicesView = {
  stored: StoredChoices
  isHolder: boolean
  /** The events that this person can hear of and choose about. */
  events: EventName[]
  email: string | null
  isEmailRefused: boolean
  devices: DeviceLine[]
  /** The key that a browser subscribes with; null where push is not offered. */
  pushKey: string | null
}

/** Whether these choices send this event on this channel. */
export function isWanted(
  stored: Pick<StoredChoices, 'choices'>,
  event: EventName,
  channel: Channel,
): boolean {
  const rule = ruleOf(event)
  if (channel === 'email' && rule.mail !== 'choice') return rule.mail === 'always'
  return stored.choices[event]?.[channel] ?? rule.defaults[channel]
}

/** The name of a checkbox in the form of choices. */
export const boxOf = (event: EventName, channel: Channel): string => `${event}.${channel}`

/**
 * The choices that a form's ticked boxes make, for the events that it showed.
 * @param ticked names of boxes; what is not one of ours is left out
 */
export function choicesFrom(
  events: readonly EventName[],
  ticked: readonly string[],
): StoredChoices['choices'] {
  const chosen: StoredChoices['choices'] = {}
  for (const event of events) {
    if (!isEventName(event)) continue
    chosen[event] = Object.fromEntries(
      CHANNELS.map((channel) => [channel, ticked.includes(boxOf(event, channel))]),
    )
  }
  return chosen
}

/** The choices of a page, in the order in which a family thinks of them. */
export const GROUPS: readonly { title: Phrase; events: readonly EventName[] }[] = [
  { title: phrase('Pasti e giorni di mensa'), events: ['meals:changed', 'calendar:closure', 'menu:changed'] },
  {
    title: phrase('Comunicazioni e moduli'),
    events: [
      'communication:published',
      'communication:to-acknowledge',
      'questionnaire:open',
      'form:status',
      'enrolment:decided',
    ],
  },
  {
    title: phrase('Pagamenti'),
    events: [
      'balance:low',
      'price:changed',
      'communication:about-money',
      'top-up:credited',
      'top-up:failed',
      'top-up:to-settle',
      'invoice:ready',
    ],
  },
  {
    title: phrase('Deleghe e sicurezza'),
    events: ['delegation:answered', 'delegation:ended', 'device:remembered', 'registry:corrected'],
  },
]
