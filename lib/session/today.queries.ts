import 'server-only'
import { database } from '#db/client.ts'
import { readClock } from '#db/clock.ts'

/** The civil day in Italy, by the database's clock. */
export const todayInItaly = async (): Promise<string> => (await readClock(database())).today
