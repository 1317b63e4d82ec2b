import { createServer, type IncomingMessage } from 'node:http'
import { env } from '#lib/kernel/env.ts'
import { mealsBefore } from '#lib/meals/meal-change.http.ts'
import { type Listening, listen } from './http.ts'

/** How a test knows that a request went on to Next. */
export const BY_NEXT = 418

/**
 * The web server as far as the calendar's address goes; in Next's place stands an answer that nothing else gives.
 * @param arrived is called with each request, before the portal sees it
 */
export function startMeals(arrived: (asked: IncomingMessage) => void = () => undefined): Promise<Listening> {
  const server = createServer().on('request', arrived)
  return listen(
    server.on(
      'request',
      mealsBefore((_request, response) => response.writeHead(BY_NEXT).end(), env()),
    ),
  )
}
