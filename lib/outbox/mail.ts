import type { SendFailure } from './retry.ts'

const NO_SUCH_BOX = [550, 551, 553, 556]

/** Does the answer say that the address itself is wrong? A full box or a policy (5.2, 5.7) is not the address's fault. */
export function isBadAddress({ command, responseCode = 0, response = '' }: SendFailure): boolean {
  if (command !== 'RCPT TO' || !NO_SUCH_BOX.includes(responseCode)) return false
  const detail = /\b5\.(\d{1,3})\.\d{1,3}\b/.exec(response)?.[1]
  return detail === undefined || detail === '1'
}
