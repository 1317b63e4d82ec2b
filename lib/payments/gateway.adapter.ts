import { env } from '#lib/kernel/env.ts'
import type { PaymentGateway } from './gateway.ts'
import { nexiGateway } from './nexi.adapter.ts'

/** The payment provider of this installation, as the environment says. */
export const paymentGateway = (): PaymentGateway =>
  nexiGateway({
    baseUrl: env().PAYMENTS_BASE_URL,
    apiKey: env().PAYMENTS_API_KEY,
    mode: env().PAYMENTS_MODE,
    timeoutMs: env().PAYMENTS_TIMEOUT_MS,
  })
