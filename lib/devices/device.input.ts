import * as z from 'zod'

/** A device, a passkey or a session, by its id. */
export const ownAccessInput = z.object({ id: z.uuid() })

export const rememberDeviceInput = z.object({
  sequenza: z.string().max(100),
  ripetuta: z.string().max(100),
})

export const beginPasskeyInput = z.object({ passo: z.literal('crea') })

/** The browser's new passkey as JSON; its verification judges it. */
export const finishPasskeyInput = z.object({ risposta: z.string().max(20_000) })
