import * as z from 'zod'
import { ALARMS } from './feed.ts'

const NO_ALARM = '0'

export const newFeedInput = z.object({
  pupilId: z.uuid(),
  alarm: z.enum([NO_ALARM, ...ALARMS.map(String)]).transform((text) => Number(text) || null),
})

export const dropFeedInput = z.object({ pupilId: z.uuid() })
