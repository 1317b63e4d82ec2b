import { type ParsedMail, simpleParser } from 'mailparser'

/** A message as the pages and the tests see it. */
export type Message = {
  id: number
  receivedAt: string
  from: string
  to: string
  subject: string
  text: string
  html: string | null
}

const MOST_KEPT = 500

const addressesOf = (field: ParsedMail['to']): string =>
  (Array.isArray(field) ? field : field ? [field] : []).map((group) => group.text).join(', ')

/** What the demonstration's mail server received, newest first; drops the oldest, and everything when it stops. */
export function openInbox() {
  let messages: Message[] = []
  let count = 0
  return {
    async receive(raw: Buffer): Promise<void> {
      const mail = await simpleParser(raw, { skipImageLinks: true })
      count += 1
      const message: Message = {
        id: count,
        receivedAt: new Date().toISOString(),
        from: mail.from?.text ?? '',
        to: addressesOf(mail.to),
        subject: mail.subject ?? '(senza oggetto)',
        text: mail.text ?? '',
        html: mail.html || null,
      }
      messages = [message, ...messages].slice(0, MOST_KEPT)
    },
    all: (): readonly Message[] => messages,
    find: (id: number): Message | undefined => messages.find((message) => message.id === id),
    clear: (): void => {
      messages = []
    },
  }
}

export type Inbox = ReturnType<typeof openInbox>
