import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import {
  GatewayError,
  type Outcome,
  type PaymentGateway,
  type PaymentVerdict,
} from '#lib/payments/gateway.ts'
import { nexiGateway } from '#lib/payments/nexi.adapter.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { Explained } from './lib/explain.ts'

const USAGE = `Uso:
  npm run payments:try -- --url <indirizzo di prova di Nexi> --key-file <file con la chiave di prova> --origin https://mensa.comune.example.it
    --method card | mybank    come si paga (di solito card)
    --cents 540               quanto, in centesimi (di solito 540, un pasto)`

const TIMEOUT_MS = 15_000
const LOOK_MS = 3_000
/** A person types a card, and a bank answers when it likes. */
const PATIENCE_MS = 15 * 60_000

/** One payment that is tried: at the provider alone. */
type Trial = {
  amountCents: number
  method: 'card' | 'mybank'
  origin: string
  lookMs?: number
  patienceMs?: number
}

type Order = { orderId: string; amountCents: number }
type Say = (words: string) => void

/**
 * Pays one order at the provider's sandbox and gives it back: creates it, says where to pay, asks until it is paid, refunds it, and
 * asks until the refund is seen. It knows no database: no account, invoice or message of the portal is touched.
 * @returns whether all of it worked
 */
export async function tryTill(gateway: PaymentGateway, trial: Trial, say: Say): Promise<boolean> {
  if (gateway.mode !== 'test') throw new Error('a trial never moves money')
  const order = {
    orderId: `PROVA${randomBytes(6).toString('hex').toUpperCase()}`,
    amountCents: trial.amountCents,
  }
  const address = `${trial.origin}/`
  const { redirectUrl } = await gateway.create({
    ...order,
    method: trial.method,
    description: 'Prova della cassa',
    language: 'it',
    resultUrl: address,
    cancelUrl: address,
    notificationUrl: address,
  })
  say(`✓ Il gestore ha accettato l’ordine ${order.orderId} di ${formatEuro(order.amountCents)}`)
  say(`\n  Paga qui, con una carta di prova del gestore:\n  ${redirectUrl}\n`)
  const paid = await outcomeWith(gateway, order, trial, isOver)
  if (paid?.kind !== 'paid') {
    say(`✗ ${paid ? endInWords(paid) : 'Nessun pagamento: la prova ha aspettato abbastanza.'}`)
    return false
  }
  say(
    `✓ Il pagamento risulta riuscito (${paid.circuit || 'circuito non detto'}, operazione ${paid.operationId})`,
  )
  await gateway.refund({
    operationId: paid.operationId,
    amountCents: order.amountCents,
    description: 'Prova della cassa',
    idempotencyKey: randomUUID(),
  })
  const back = await outcomeWith(gateway, order, trial, ({ kind }) => kind === 'reversed')
  const isBack = back?.kind === 'reversed' && back.returnedCents === order.amountCents
  say(
    isBack
      ? '✓ La restituzione risulta riuscita'
      : '✗ La restituzione è stata chiesta e non risulta: guarda nel pannello del gestore',
  )
  return isBack
}

const isOver = ({ kind }: PaymentVerdict): boolean => !['open', 'pending', 'not_found'].includes(kind)

/** Asks until the verdict is one that is waited for; null when it did not come. */
async function outcomeWith(
  gateway: PaymentGateway,
  order: Order,
  { lookMs = LOOK_MS, patienceMs = PATIENCE_MS }: Trial,
  isWanted: (verdict: PaymentVerdict) => boolean,
): Promise<PaymentVerdict | null> {
  for (const from = performance.now(); performance.now() - from < patienceMs; await pause(lookMs)) {
    const outcome = await askPatiently(gateway, order)
    if (outcome && isWanted(outcome.verdict)) return outcome.verdict
  }
  return null
}

/** A question that meets a network that is away is asked again at the next look. */
async function askPatiently(gateway: PaymentGateway, order: Order): Promise<Outcome | null> {
  try {
    return await gateway.fetchOutcome(order)
  } catch (error) {
    if (error instanceof GatewayError && error.failure === 'retryable') return null
    throw error
  }
}

function endInWords(verdict: PaymentVerdict): string {
  switch (verdict.kind) {
    case 'failed':
      return `Il gestore ha rifiutato il pagamento: ${verdict.reason}`
    case 'mismatch':
      return `Il gestore parla di un altro ordine: ${verdict.what}`
    case 'unknown':
      return `Il gestore ha detto qualcosa che il portale non conosce: ${verdict.raw}`
    default:
      return `Il pagamento è finito così: ${verdict.kind}`
  }
}

function failureInWords({ failure, code }: GatewayError): string {
  if (failure === 'permanent')
    return `Il gestore rifiuta la richiesta (${code}): controlla la chiave, l’indirizzo e il metodo di pagamento del terminale.`
  return `Il gestore non risponde (${code}): controlla indirizzo e rete, e riprova.`
}

function readTrial(args: readonly string[]): Trial & { baseUrl: string; apiKey: string } {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: { url: text, 'key-file': text, origin: text, method: text, cents: text },
  })
  const { url, 'key-file': keyFile, origin, method = 'card', cents = '540' } = values
  const amountCents = Number(cents)
  const isUsable =
    url &&
    keyFile &&
    origin &&
    URL.canParse(url) &&
    URL.canParse(origin) &&
    Number.isInteger(amountCents) &&
    amountCents > 0
  if (!isUsable || (method !== 'card' && method !== 'mybank')) throw new Explained(USAGE)
  return {
    baseUrl: url,
    apiKey: readFileSync(keyFile, 'utf8').trim(),
    origin: new URL(origin).origin,
    method,
    amountCents,
  }
}

/** `npm run payments:try`: tries the provider's sandbox from end to end, before families pay. */
export async function main(args: readonly string[]): Promise<number> {
  const { baseUrl, apiKey, ...trial } = readTrial(args)
  try {
    const gateway = nexiGateway({ baseUrl, apiKey, mode: 'test', timeoutMs: TIMEOUT_MS })
    const isWell = await tryTill(gateway, trial, (words) => console.log(words))
    console.log(
      isWell
        ? '\nLa cassa funziona: nessun conto del portale è stato toccato.'
        : '\nLa prova non è riuscita.',
    )
    return isWell ? 0 : 1
  } catch (error) {
    if (error instanceof GatewayError) throw new Explained(failureInWords(error))
    if (error instanceof Error && /the live one/.test(error.message))
      throw new Explained(
        'Questo è l’indirizzo che muove denaro vero: la prova usa solo quello di prova del gestore.',
      )
    throw error
  }
}
