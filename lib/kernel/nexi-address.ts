import { trimEndOf } from './trim.ts'

/** The only address where Nexi moves money. Live mode accepts no other, with any configuration. */
export const NEXI_LIVE_URL = 'https://xpay.nexigroup.com/api/phoenix-0.0/psp/api/v1'

/** Whether an address of the payment provider moves money. */
export const movesMoney = (url: string): boolean => trimEndOf(url, '/') === NEXI_LIVE_URL
