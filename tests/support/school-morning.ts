import { sql } from 'kysely'
import type { App } from './app.ts'
import { setClock } from './database.ts'

/** The morning of the next day on which Greta Albertini has lunch: forty minutes before the cutoff, and the cutoff. */
export async function schoolMorning({ db }: App): Promise<{ morning: Date; cutoff: Date; day: string }> {
  const { rows } = await sql<{ cutoff_at: Date; day: string }>`
    select d.cutoff_at, d.day from pupil p
    join enrolment e on e.pupil_id = p.id
    join service_day d on d.service_id = e.service_id and d.school_id = e.school_id and d.status = 'open'
    where p.given_name = 'Greta' and p.family_name = 'Albertini' and d.day > app_today()
    order by d.day limit 1`.execute(db.owner)
  const [row] = rows
  if (!row) throw new Error('the demonstration has no day ahead')
  const { cutoff_at: cutoff, day } = row
  return { morning: new Date(cutoff.getTime() - 40 * 60_000), cutoff, day }
}

/** It is then; whoever has signed in has done so a moment ago. */
export async function beginAt({ db }: App, instant: Date): Promise<void> {
  await setClock(instant)
  await sql`update session set authenticated_at = app_now(), created_at = app_now(), last_seen_at = app_now(),
    expires_at = app_now() + interval '8 hours' where ended_at is null`.execute(db.owner)
}
