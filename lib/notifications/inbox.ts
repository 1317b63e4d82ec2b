import type { EventName } from './notification.ts'

export type InboxItem = {
  id: string
  /** In the language asked for; what a person wrote is marked in it (lib/words/written.ts). */
  title: string
  text: string
  at: Date
  isRead: boolean
  /** Null when its event is one that this version does not know. */
  event: EventName | null
}

/** One page of a person's inbox; `unread` counts all of it. */
export type Inbox = { items: InboxItem[]; unread: number; page: number; pages: number }
