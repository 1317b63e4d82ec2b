/** What the operator is told. Each kind is told at most once an hour while it lasts, and once when it is over. */
export type AlertKind =
  | 'database'
  | 'web-process'
  | 'web'
  | 'worker'
  | 'days'
  | 'charges'
  | 'messages'
  | 'payments'
  | 'archive'

/** What is known of the installation: ages in seconds (null: never seen), and how many are late. */
export type InstallationFacts = {
  workerSeconds: number | null
  webSeconds: number | null
  daysOpen: number
  chargesLate: number
  messagesLate: number
  paymentsLate: number
  isArchiveFailing: boolean
}

/** Which process looks: of itself none can say that it is dead. */
export type Watcher = 'web' | 'worker'

/** Whether something is wrong, and how much of it. */
export type Judged = { kind: AlertKind; isWrong: boolean; count?: number }

/** A heartbeat is the minute in which it was written, three times a minute. */
const LATE_SECONDS = 180

const isLate = (seconds: number | null): boolean => seconds === null || seconds > LATE_SECONDS
const counted = (kind: AlertKind, count: number): Judged => ({ kind, isWrong: count > 0, count })

/** Everything that a watcher can judge from the facts, right or wrong. */
export function judgeInstallation(facts: InstallationFacts, watcher: Watcher): Judged[] {
  return [
    watcher === 'web'
      ? { kind: 'worker', isWrong: isLate(facts.workerSeconds) }
      : { kind: 'web', isWrong: isLate(facts.webSeconds) },
    counted('days', facts.daysOpen),
    counted('charges', facts.chargesLate),
    counted('messages', facts.messagesLate),
    counted('payments', facts.paymentsLate),
    { kind: 'archive', isWrong: facts.isArchiveFailing },
  ]
}
